"""What a document of a certificate may hold: the table from which form, schema, checks and reference page follow."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from jialiang.kernel.text import Text

PACKAGE = "jialiang.formats.making"
FORMAT = "jialiang.dcc-document/1"
ROOT = "document"
_NAMED_CODES = ("languages", "countries")


@dataclass(frozen=True, slots=True)
class Field:
    """One member of an object: what it is, of which object or codes, whether it has to be there, what it is called."""

    name: str
    kind: str
    label: Text
    of: str = ""
    codes: tuple[str, ...] = ()
    required: bool = False

    @property
    def holds_objects(self) -> bool:
        """Whether the member is an object or a list of objects."""
        return self.kind in ("object", "list")


@cache
def fields_of(name: str) -> dict[str, Field]:
    """Return the members of an object by their names, in their order."""
    return {member: _field(member, raw) for member, raw in table(f"{PACKAGE}:fields.json")[name].items()}


def objects() -> tuple[str, ...]:
    """Return the names of all objects, the document first."""
    return tuple(table(f"{PACKAGE}:fields.json"))


def _field(name: str, raw: dict[str, Any]) -> Field:
    return Field(
        name=name,
        kind=raw["is"],
        label=Text(raw["zh"], raw["en"]),
        of=raw.get("of", ""),
        codes=_codes(raw.get("codes", raw.get("const", ""))),
        required=raw.get("required", False),
    )


def _codes(named: str) -> tuple[str, ...]:
    if named in _NAMED_CODES:
        return tuple(table("jialiang.formats.dcc.rules:codes.json")[named].split())
    return tuple(named.split())


@cache
def table(place: str) -> dict[str, Any]:
    """Return a table beside the code: ``package:file.json``."""
    package, _, name = place.partition(":")
    read: dict[str, Any] = json.loads((resources.files(package) / name).read_text(encoding="utf-8"))
    return read
