"""What a rule yields where it is broken, and small questions that several rules ask."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from jialiang.formats.dcoc.model import Texts
from jialiang.formats.dcoc.shapes import CERTIFICATE, Member, shape

_DATE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:Z|[+-][0-9]{2}:[0-9]{2})?", re.ASCII)
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule broken at a place (``/responsibles[2]/email``), with the facts for its words."""

    rule: str
    path: str
    facts: Mapping[str, object] = field(default_factory=dict)


def day_of(text: str) -> date | None:
    """Return the day of a date (xs:date); a time zone after it is left aside. None where it is none."""
    match = _DATE.fullmatch(text)
    try:
        return date.fromisoformat(match[1]) if match else None
    except ValueError:
        return None


def shown(text: str) -> str:
    """Return a text short enough for a message."""
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def leaves(value: object, kind: str = CERTIFICATE, path: str = "") -> Iterator[tuple[str, Member, Any]]:
    """Give every member that has no members of its own, with its path and its value, empty ones too."""
    for member in shape(kind).members:
        found = getattr(value, member.attribute)
        place = f"{path}/{member.name}"
        if not member.is_many:
            yield from _leaf(found, member, place)
            continue
        for number, each in enumerate(found, start=1):
            yield from _leaf(each, member, f"{place}[{number}]")


def spoken(value: object) -> Iterator[tuple[str, Texts]]:
    """Give every text in several languages that is not empty, with its path."""
    return ((path, found) for path, member, found in leaves(value) if member.kind == "texts" and found)


def _leaf(value: Any, member: Member, path: str) -> Iterator[tuple[str, Member, Any]]:
    if member.is_shape:
        yield from leaves(value, member.kind, path)
    else:
        yield path, member, value
