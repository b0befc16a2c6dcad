"""GS1 application identifiers: what an element holds, and which others it goes with.

The table is data: an element's components in order (``n`` digits, ``x`` the set of 82 characters, ``y`` of 39, ``z``
base64url; ``?`` may be absent; then the rules of its content), whether its length is predefined (then no separator
follows), whether it may stand in the query of a Digital Link, and, for a primary key, the sequences of its qualifiers.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from jialiang.kernel.text import Text

_COMPONENT = re.compile(r"(\??)([nxyz])(?:([0-9]+)-)?([0-9]+)")


@dataclass(frozen=True, slots=True)
class Component:
    """A component of an element: its characters, length, rules and name (empty for none)."""

    characters: str
    least: int
    most: int
    optional: bool
    rules: tuple[str, ...]
    name: str


@dataclass(frozen=True, slots=True)
class ApplicationIdentifier:
    """An application identifier. ``key`` is None unless it is a primary key; then it holds sequences of qualifiers.

    ``needs`` is a list of demands, each a list of choices, each a set of identifiers that must stand together;
    ``never_with`` are identifiers that must not stand beside it. In both, ``n`` stands for any digit.
    """

    ai: str
    components: tuple[Component, ...]
    predefined: bool
    attribute: bool
    key: tuple[tuple[str, ...], ...] | None
    needs: tuple[tuple[tuple[str, ...], ...], ...]
    never_with: tuple[str, ...]
    title: Text


@cache
def identifiers() -> Mapping[str, ApplicationIdentifier]:
    """Return every application identifier by its digits."""
    file = resources.files("jialiang.formats.codes") / "application_identifiers.json"
    table: dict[str, dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
    return {ai: _identifier(ai, row) for digits, row in table.items() for ai in _range(digits)}


@cache
def primary_keys() -> frozenset[str]:
    """Return the identifiers with which the path of a Digital Link may begin."""
    return frozenset(ai for ai, each in identifiers().items() if each.key is not None)


@cache
def qualifiers_of(key: str) -> tuple[tuple[str, ...], ...]:
    """Return the sequences of qualifiers that may follow a primary key; none for a key without."""
    return identifiers()[key].key or ()


@cache
def identifier_lengths() -> Mapping[str, int]:
    """Return how many digits an identifier has, by its first two."""
    return {ai[:2]: len(ai) for ai in identifiers()}


def leading_identifier(text: str) -> str:
    """Return the identifier with which an element string begins, or empty."""
    ai = text[: identifier_lengths().get(text[:2], 0)]
    return ai if ai in identifiers() else ""


def matches(pattern: str, ai: str) -> bool:
    """Tell whether ``ai`` is meant by a pattern such as ``31nn``."""
    return len(pattern) == len(ai) and all(p in ("n", d) for p, d in zip(pattern, ai, strict=True))


def _range(digits: str) -> tuple[str, ...]:
    first, _, last = digits.partition("-")
    if not last:
        return (first,)
    return tuple(str(number).zfill(len(first)) for number in range(int(first), int(last) + 1))


def _identifier(ai: str, row: dict[str, Any]) -> ApplicationIdentifier:
    names = row.get("names", [])
    components = [_component(text, names[i] if i < len(names) else "") for i, text in enumerate(row["parts"])]
    key = row.get("key")
    return ApplicationIdentifier(
        ai=ai,
        components=tuple(components),
        predefined=row.get("predefined", False),
        attribute=row.get("attribute", False),
        key=None if key is None else tuple(tuple(sequence) for sequence in key),
        needs=tuple(tuple(tuple(choice) for choice in demand) for demand in row.get("needs", ())),
        never_with=tuple(row.get("never_with", ())),
        title=Text.from_json(row.get("title", {})),
    )


def _component(text: str, name: str) -> Component:
    shape, *rules = text.split()
    found = _COMPONENT.fullmatch(shape)
    if found is None:
        raise ValueError(f"no component: {text}")
    optional, characters, least, most = found.groups()
    return Component(characters, int(least or most), int(most), bool(optional), tuple(rules), name)
