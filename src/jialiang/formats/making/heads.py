"""Heads of a form: paths such as ``identifications.1.name@zh``, from the table of fields and back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from jialiang.formats.making.fields import Field, fields_of
from jialiang.formats.making.problems import Path
from jialiang.kernel.text import Text

OBJECT_SHEETS = {"certificate": "certificate", "laboratory": "laboratory", "customer": "party"}
LIST_SHEETS = {"persons": "person", "items": "item", "methods": "method", "equipment": "equipment",
               "conditions": "condition", "software": "software", "statements": "statement"}  # fmt: skip
DOCUMENT_SHEET, RESULTS_SHEET = "document", "results"
REMARK = "#"
SEPARATOR = ";"
PARTS = ("value", "text", "expandedUncertainty", "standardUncertainty", "coverageFactor", "coverageProbability",
         "conformity")  # fmt: skip

_HEAD = re.compile(
    r"[A-Za-z][A-Za-z0-9]*(?:\.(?:[1-9][0-9]?|[A-Za-z][A-Za-z0-9]*)){0,8}(?:@[a-z]{2})?", re.ASCII
)
_LISTED = ("lines", "codes")
_NEVER = ("linked", "columns", "files", "format", "base64")


def heads_of(kind: str, languages: tuple[str, ...]) -> Iterator[tuple[str, Text]]:
    """Yield every head for an object with what it means; of lists the first entry, of chains the first link."""
    for field in fields_of(kind).values():
        if field.name in _NEVER:
            continue
        if field.kind == "words":
            yield from ((f"{field.name}@{language}", field.label) for language in languages)
        elif field.holds_objects:
            before = f"{field.name}.1" if field.kind == "list" else field.name
            for head, label in heads_of(field.of, languages):
                yield (
                    f"{before}.{head}",
                    Text(f"{field.label.zh}：{label.zh}", f"{field.label.en}: {label.en}"),
                )
        else:
            yield field.name, field.label


def flat(entry: dict[str, Any], kind: str) -> dict[str, Any]:
    """Return an object as cells by their heads."""
    cells: dict[str, Any] = {}
    for name, inside in entry.items():
        cells |= {name + rest: held for rest, held in _flat_member(fields_of(kind)[name], inside).items()}
    return cells


def _flat_member(field: Field, inside: Any) -> dict[str, Any]:
    """Return a member as cells, by what follows its name in a head."""
    if field.kind == "words" and isinstance(inside, dict):
        return {f"@{language}": text for language, text in inside.items()}
    if field.kind == "object":
        return {f".{head}": held for head, held in flat(inside, field.of).items()}
    if field.kind == "list":
        entries = [(number, flat(each, field.of)) for number, each in enumerate(inside, start=1)]
        return {f".{number}.{head}": held for number, entry in entries for head, held in entry.items()}
    return {"": _listed(field, inside)}


def _listed(field: Field, inside: Any) -> Any:
    if field.kind in _LISTED and isinstance(inside, list | tuple):
        return f"{SEPARATOR} ".join(inside)
    return inside


def is_head(text: str) -> bool:
    """Whether a text has the form of a head."""
    return _HEAD.fullmatch(text) is not None


def put(holder: dict[str, Any], head: str, held: Any, kind: str) -> Path:
    """Put what a cell holds where its head says, inside an object; return the path below the object."""
    plain, _, language = head.partition("@")
    steps = [int(step) - 1 if step.isdigit() else step for step in plain.split(".")]
    at: Any = holder
    path: list[str | int] = []
    field: Field | None = None
    for position, step in enumerate(steps):
        path.append(step)
        if isinstance(step, str):
            field = fields_of(kind).get(step)
            kind = field.of if field is not None and field.of else kind
        if position == len(steps) - 1:
            break
        following: Any = [] if isinstance(steps[position + 1], int) else {}
        at = _inside(at, step, following)
    _settle(at, steps[-1], _held(held, field), language)
    return tuple(path)


def _inside(at: Any, step: str | int, following: Any) -> Any:
    if isinstance(step, int):
        if not isinstance(at, list):
            return {}
        while len(at) <= step:
            at.append({})
        return at[step]
    return at.setdefault(step, following) if isinstance(at, dict) else {}


def _settle(at: Any, step: str | int, held: Any, language: str) -> None:
    if not isinstance(at, dict) or isinstance(step, int):
        return
    if language:
        words = at.setdefault(step, {})
        if isinstance(words, dict):
            words[language] = held
            return
    at[step] = held


def _held(held: Any, field: Field | None) -> Any:
    if field is not None and field.kind in _LISTED and isinstance(held, str) and held:
        return [part.strip() for part in held.split(SEPARATOR) if part.strip()]
    return held
