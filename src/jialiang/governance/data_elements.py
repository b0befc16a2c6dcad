"""Data elements: what a noun's members are called, and the checks that hold for every table.

The input of a service is a frozen dataclass of *facts* whose members are named as the columns of the table, with
one exception: a bilingual member ``name: Text`` stands for the two columns ``name_zh`` and ``name_en``. Because
that rule is the same everywhere, reading facts from a row, writing them to columns, comparing and checking them
are done once, here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models

from jialiang.kernel.text import Text, is_one_line, storable

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Facts = TypeVar("Facts", bound="DataclassInstance")
LARGEST_SMALL_INTEGER = 32767
_LINES = {ord(letter): " " for letter in "\t\n\r"}


@dataclass(frozen=True, slots=True)
class Difference:
    """What a change alters: the columns that differ, with the old and the new value as JSON."""

    old: dict[str, Any] = field(default_factory=dict)
    new: dict[str, Any] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.new)


@dataclass(frozen=True, slots=True)
class Problem:
    """A member whose value cannot be stored: the member's name for people, the value, and why."""

    member: Text
    given: str
    reason: Text


@cache
def _words() -> dict[str, Any]:
    file = resources.files("jialiang.governance") / "data" / "data_elements.json"
    words: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return words


def element_name(noun: str, member: str) -> Text:
    """Return the name of a member of a noun (``instrument``, ``serial_number``) in zh and en."""
    common, own = _words()["common"], _words()["nouns"].get(noun, {})
    bare = member.removesuffix("_zh").removesuffix("_en")
    found = own.get(member) or own.get(bare) or common.get(member) or common.get(bare)
    return Text.from_json(found) if found else Text(member, member)


def element_names(noun: str, members: Iterable[str]) -> Text:
    """Return the names of several members as one enumeration in zh and en."""
    names = [element_name(noun, member) for member in members]
    return Text("、".join(n.zh for n in names), ", ".join(n.en for n in names))


def reason(name: str, **facts: object) -> Text:
    """Return the words of a reason for refusing a value, filled with ``facts``."""
    return Text.from_json(_words()["reasons"][name]).format(**facts)


def columns(facts: object) -> dict[str, Any]:
    """Write facts as columns: strings stripped, bilingual members split into ``_zh`` and ``_en``."""
    if not is_dataclass(facts) or isinstance(facts, type):
        raise TypeError(f"{facts!r} is not a dataclass of facts")
    written: dict[str, Any] = {}
    for member in fields(facts):
        given = getattr(facts, member.name)
        if isinstance(given, Text):
            written |= {f"{member.name}_{language}": text.strip() for language, text in given.items()}
        else:
            written[member.name] = given.strip() if isinstance(given, str) else given
    return written


def facts_of(kind: type[Facts], row: object) -> Facts:
    """Read the facts back from a row of the table."""
    read = {}
    for member in fields(kind):
        bilingual = hasattr(row, f"{member.name}_zh")
        read[member.name] = (
            Text(getattr(row, f"{member.name}_zh"), getattr(row, f"{member.name}_en"))
            if bilingual
            else getattr(row, member.name)
        )
    return kind(**read)


def unknown_members(kind: type[Any], changes: Mapping[str, object]) -> list[str]:
    """Return the names in ``changes`` that the facts do not have, in alphabetical order."""
    return sorted(set(changes) - {member.name for member in fields(kind)})


def missing_members(facts: object, mandatory: Iterable[str]) -> list[str]:
    """Return the mandatory members that are empty (a bilingual one needs its Chinese)."""
    written = columns(facts)
    return [m for m in mandatory if written.get(f"{m}_zh", written.get(m)) in (None, "", [], {})]


def difference(row: object, wanted: Mapping[str, Any]) -> Difference:
    """Return what writing the columns ``wanted`` would alter in ``row``."""
    altered = {name: value for name, value in wanted.items() if getattr(row, name) != value}
    return Difference(
        old={name: _plain(getattr(row, name)) for name in altered},
        new={name: _plain(value) for name, value in altered.items()},
    )


def problems(noun: str, table: type[models.Model], written: Mapping[str, Any]) -> list[Problem]:
    """Return the values that the table cannot hold: too long, not of the list, not a number or an address.

    SQLite stores what PostgreSQL refuses; this check makes both answer alike, before anything is written.
    """
    found = []
    for name, given in written.items():
        why = _refusal(table._meta.get_field(name), given)
        if why:
            found.append(Problem(element_name(noun, name), str(given), why))
    return found


def refusal(table: type[models.Model], column: str, given: object) -> Text | None:
    """Return why a column cannot hold what is given, None where it can; a text may have several lines."""
    one_line = given.translate(_LINES) if isinstance(given, str) else given
    return _refusal(table._meta.get_field(column), one_line)


def beginning(given: str) -> str:
    """Return the first forty letters of a refused text for its error, with U+FFFD for what no screen can show."""
    return storable(given, 40) + ("…" if len(given) > 40 else "")


def _refusal(column: Any, given: Any) -> Text | None:
    if given in (None, ""):
        return None
    if column.choices and not _is_listed(column, given):
        return reason("not_listed", known=", ".join(str(c) for c, _ in column.flatchoices))
    if isinstance(column, models.CharField):
        return _text_refusal(column, given)
    if isinstance(column, models.PositiveSmallIntegerField) and (
        not isinstance(given, int) or isinstance(given, bool) or not 0 <= given <= LARGEST_SMALL_INTEGER
    ):
        return reason("not_a_whole_number")
    return None


def _is_listed(column: Any, given: Any) -> bool:
    """Compare by equality: what came as a list or an object is not listed, and no fault of the program either."""
    return any(given == choice for choice, _ in column.flatchoices)


def _text_refusal(column: models.CharField[Any, Any], given: Any) -> Text | None:
    if not isinstance(given, str):
        return reason("not_text")
    if not is_one_line(given):
        return reason("control_character")
    if column.max_length is not None and len(given) > column.max_length:
        return reason("too_long", length=len(given), limit=column.max_length)
    if isinstance(column, models.EmailField):
        try:
            validate_email(given)
        except ValidationError:
            return reason("not_an_address")
    return None


def _plain(given: Any) -> Any:
    return str(given) if isinstance(given, UUID) or hasattr(given, "isoformat") else given
