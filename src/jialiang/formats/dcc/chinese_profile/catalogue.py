"""Kinds, fields and rules of the Chinese profile, as data."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from jialiang.formats.findings import Severity
from jialiang.formats.rule_catalogue import DocumentRule, catalogue
from jialiang.kernel.text import Text

_PACKAGE = "jialiang.formats.dcc.chinese_profile"
_LEVELS: tuple[Severity, ...] = ("error", "warning", "hint")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of certificate: its Chinese titles (the first is ours) and the kind of work that goes with them."""

    id: str
    letter: str
    name: Text
    convention: str
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """A field: the places in the DCC where it may stand, and by kind how grave its absence is.

    ``levels`` has a severity by kind id; kinds that are not in it may go without. ``never`` are those that must not
    have the field.
    """

    id: str
    name: Text
    places: tuple[str, ...]
    levels: Mapping[str, Severity]
    never: frozenset[str]


def profile_id() -> str:
    """Return the name by which a certificate claims the profile."""
    return str(_json("profile.json")["id"])


@cache
def kinds() -> Mapping[str, Kind]:
    """Return the kinds of certificate by id."""
    return {
        id_: Kind(
            id_, said["letter"], Text(said["zh"], said["en"]), said["convention"], tuple(said["titles"])
        )
        for id_, said in _json("profile.json")["kinds"].items()
    }


@cache
def fields() -> Mapping[str, Field]:
    """Return the fields by id, in the order of a certificate."""
    return {id_: _field(id_, said) for id_, said in _json("profile.json")["fields"].items()}


def profile_rules() -> Mapping[str, DocumentRule]:
    """Return the rules by id, in the order of the documentation."""
    return catalogue(_PACKAGE)


def _field(id_: str, said: dict[str, Any]) -> Field:
    by_letter = {kind.letter: kind.id for kind in kinds().values()}
    levels = {by_letter[letter]: level for level in _LEVELS for letter in said.get(level, "")}
    never = frozenset(by_letter[letter] for letter in said.get("never", ""))
    return Field(id_, Text(said["zh"], said["en"]), tuple(said["at"]), levels, never)


@cache
def _json(name: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((resources.files(_PACKAGE) / name).read_text(encoding="utf-8"))
    return data
