"""Models of JSON documents, written as data: which members an object has, of which type, and which it needs.

``id:uri! name:text assessment:Assessment[] languages:language[+]!``: a member and its type; ``!`` it must be there,
``[]`` an array, ``[+]`` one that is not empty. ``~`` before the members: others may stand beside them. A type is
``text``, ``number``, ``boolean``, another object of the same data, or one of ``values``: a text of certain ``words``,
of a ``pattern``, an array of texts that ``has`` certain ones, one that ``begins`` with certain ones, a ``map`` from
names of a pattern to texts.
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

PLAIN = ("text", "number", "boolean")
_MEMBER = re.compile(r"(?P<name>[^:\s]+):(?P<type>\w+)(?P<array>\[\+?\])?(?P<needed>!?)")


@dataclass(frozen=True, slots=True)
class MemberModel:
    """A member of an object."""

    name: str
    type: str
    is_array: bool
    least: int
    is_needed: bool


@dataclass(frozen=True, slots=True)
class ObjectModel:
    """An object: its members by name, and whether others may stand beside them."""

    name: str
    members: Mapping[str, MemberModel]
    is_open: bool


@dataclass(frozen=True, slots=True)
class ValueModel:
    """A type of values; exactly one of the restrictions is given."""

    name: str
    text: Text
    words: tuple[str, ...] = ()
    pattern: re.Pattern[str] | None = None
    has: tuple[str, ...] = ()
    begins: tuple[str, ...] = ()
    names: re.Pattern[str] | None = None


@dataclass(frozen=True, slots=True)
class JsonModels:
    """All types of a kind of document."""

    objects: Mapping[str, ObjectModel]
    values: Mapping[str, ValueModel]


@cache
def json_models(package: str, file: str) -> JsonModels:
    """Read the models that a package carries as data. Raises ValueError where the data is not written so."""
    return models_of(json.loads((resources.files(package) / file).read_text("utf-8")))


def models_of(data: Mapping[str, Any]) -> JsonModels:
    """Return the models that data describe. Raises ValueError where they are not written so."""
    objects = {name: _object(name, text) for name, text in data["objects"].items()}
    values = {name: _value(name, each) for name, each in data["values"].items()}
    known = {*PLAIN, *objects, *values}
    unknown = {m.type for each in objects.values() for m in each.members.values()} - known
    if unknown:
        raise ValueError(f"unknown types {', '.join(sorted(unknown))}")
    return JsonModels(objects, values)


def _object(name: str, text: str) -> ObjectModel:
    members = {}
    for token in text.lstrip("~").split():
        match = _MEMBER.fullmatch(token)
        if match is None:
            raise ValueError(f"{name}: “{token}” is no member")
        members[match["name"]] = MemberModel(
            match["name"],
            match["type"],
            bool(match["array"]),
            int(match["array"] == "[+]"),
            bool(match["needed"]),
        )
    return ObjectModel(name, members, text.startswith("~"))


def _value(name: str, data: Mapping[str, Any]) -> ValueModel:
    return ValueModel(
        name=name,
        text=Text.from_json(data),
        words=tuple(data.get("words", "").split()),
        pattern=_compiled(data.get("pattern")),
        has=tuple(data.get("has", "").split()),
        begins=tuple(data.get("begins", "").split()),
        names=_compiled(data.get("map")),
    )


def _compiled(pattern: str | None) -> re.Pattern[str] | None:
    return None if pattern is None else re.compile(pattern)
