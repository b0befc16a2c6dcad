"""How the compressed form of a Digital Link writes each element, and which sequences of elements have a short name."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

from jialiang.formats.codes.application_identifiers import identifiers
from jialiang.formats.codes.bits import BASE64

HEX = "0123456789ABCDEF"
DIGITS, LOWER_HEX = 0, 1  # kinds of letters; DIGITS are written as one number
ALPHABETS = {1: (HEX.lower(), 4), 2: (HEX, 4), 3: (BASE64, 6), 4: ("".join(map(chr, range(128))), 7)}
_FIELD = re.compile(r"([nx])(?:([0-9]+)-)?([0-9]+)")


class Field(NamedTuple):
    """A field: ``n`` digits or ``x`` letters; ``fixed`` ones are written without their length."""

    characters: str
    most: int
    fixed: bool


@cache
def fields() -> Mapping[str, tuple[Field, ...]]:
    """Return the fields of each identifier that can be compressed.

    An identifier of one component has one field. Of those with several, the ones in the data file are known; the
    others are missing here: they stay in the query.
    """
    found = {ai: _one(each.components[0]) for ai, each in identifiers().items() if len(each.components) == 1}
    for digits, text in _tables()["formats"].items():
        first, _, last = digits.partition("-")
        shape = tuple(_field(word) for word in text.split())
        found |= {str(ai): shape for ai in range(int(first), int(last or first) + 1)}
    return found


@cache
def sequences() -> Mapping[str, tuple[str, ...]]:
    """Return the sequences of identifiers by the two hexadecimal digits that stand for them."""
    return {code: tuple(sequence) for code, sequence in _tables()["sequences"].items()}


@cache
def written_in_two_orders() -> frozenset[str]:
    """Return the sequences whose elements known writers put in different orders; they are read, never written."""
    return frozenset(_tables()["orders_differ"])


def _one(component: Any) -> tuple[Field, ...]:
    characters = "n" if component.characters == "n" else "x"
    return (Field(characters, component.most, component.least == component.most),)


def _field(word: str) -> Field:
    found = _FIELD.fullmatch(word)
    if found is None:
        raise ValueError(f"no field: {word}")
    return Field(found[1], int(found[3]), found[2] is None)


@cache
def _tables() -> dict[str, Any]:
    file = resources.files("jialiang.formats.codes") / "compression_tables.json"
    tables: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return tables
