"""A document against the table of fields: every problem is noted, nothing is guessed."""

from __future__ import annotations

import difflib
from typing import Any

from jialiang.formats.making.fields import ROOT, Field, fields_of
from jialiang.formats.making.leaves import Leaf, checked_leaf, expected_words
from jialiang.formats.making.problems import Path, Problems
from jialiang.formats.making.relations import check_relations
from jialiang.kernel.text import Text

_MOST_ENTRIES = 2_000
_DEEPEST = 20


def checked_document(given: Any, problems: Problems) -> dict[str, Any]:
    """Return a document ready to be written. Raises DocumentNotUsable with all problems.

    Words come as pairs (language, text), flags as truth values, lists as tuples, everything else as text.
    """
    checked = _object(given, ROOT, (), problems)
    check_relations(checked, problems)
    problems.raise_if_any()
    return checked


def _object(given: Any, kind: str, path: Path, problems: Problems) -> dict[str, Any]:
    fields = fields_of(kind)
    if not isinstance(given, dict) or len(path) > _DEEPEST:
        name = Text("文档", "the document") if not path else Text(str(path[-1]), str(path[-1]))
        problems.add("KIND", path, name=name, expected=expected_words("object"))
        return {}
    for member in (member for member in given if member not in fields):
        similar = _similar(str(member), fields)
        problems.add("UNKNOWN", (*path, member), member=str(member), suggestion=similar)
    checked: dict[str, Any] = {}
    for member, field in fields.items():
        if _counts(field, given.get(member)):
            made = _member(field, given[member], (*path, member), problems)
            # What is wrong stays as something empty: it is there, and nothing more is said about it.
            checked[member] = () if made is None else made
        elif field.required:
            problems.add("MISSING", (*path, member), name=field.label, member=member)
    return checked


def is_given(inside: Any) -> bool:
    """Whether anything stands in a member: nothing, empty texts, and what holds no more than these do not count."""
    if isinstance(inside, dict):
        return any(map(is_given, inside.values()))
    if isinstance(inside, list | tuple):
        return any(map(is_given, inside))
    return inside is not None and inside != ""


def _counts(field: Field, inside: Any) -> bool:
    """Whether a member is given, or mandatory parts are laid out but empty: what is missing is told inside them."""
    return is_given(inside) or (field.required and field.holds_objects and bool(inside))


def _member(field: Field, given: Any, path: Path, problems: Problems) -> Any:
    if field.kind == "object":
        return _object(given, field.of, path, problems)
    if field.kind == "list":
        return _list(field, given, path, problems)
    return checked_leaf(Leaf(field, given, path, problems))


def _list(field: Field, given: Any, path: Path, problems: Problems) -> list[dict[str, Any]]:
    if not isinstance(given, list | tuple):
        problems.add("KIND", path, name=field.label, expected=expected_words("list"))
        return []
    if len(given) > _MOST_ENTRIES:
        problems.add("TOO-MANY", path, name=field.label, limit=_MOST_ENTRIES)
        return []
    return [_object(entry, field.of, (*path, number), problems) for number, entry in enumerate(given)]


def _similar(member: str, known: dict[str, Field]) -> Text:
    near = difflib.get_close_matches(member[:60], known, n=1, cutoff=0.6)
    return Text(f"；相近的有 {near[0]}", f"; similar: {near[0]}") if near else Text()
