"""Rows of any table as lines of JSON and back, without loss and alike on every database.

One line a row, one member a column under the column's own name. Moments are UTC with microseconds, dates ISO 8601,
ids and decimals text, bytes base64; JSON columns stand as they are, members sorted. Which Python type a column has
is read from its field, so that a line with anything else is refused.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn
from uuid import UUID

from django.db.models import Field, Model, QuerySet

from jialiang.assembly.archive_errors import ArchiveDamaged
from jialiang.kernel.text import Text

LONGEST_LINE = 64 * 1024 * 1024
BATCH = 500


@dataclass(frozen=True, slots=True)
class _Kind:
    """How values of a kind of column are written and read."""

    write: Callable[[Any], Any]
    read: Callable[[Any], Any]


def _as_is(value: Any) -> Any:
    return value


def _exactly(*types: type) -> Callable[[Any], Any]:
    def checked(value: Any) -> Any:
        if type(value) not in types:
            raise TypeError(f"{value!r:.80} is not {types[0].__name__}")
        return value

    return checked


def _text(read: Callable[[str], Any]) -> Callable[[Any], Any]:
    return lambda value: read(_exactly(str)(value))


def _moment(value: str) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError(f"{value} has no offset")
    return moment


_TEXT = _Kind(_as_is, _exactly(str))
_WHOLE_NUMBER = _Kind(_as_is, _exactly(int))
_KINDS = {
    **dict.fromkeys(("CharField", "TextField", "SlugField", "GenericIPAddressField"), _TEXT),
    **dict.fromkeys(
        (
            "AutoField",
            "BigAutoField",
            "SmallAutoField",
            "IntegerField",
            "BigIntegerField",
            "SmallIntegerField",
            "PositiveIntegerField",
            "PositiveBigIntegerField",
            "PositiveSmallIntegerField",
        ),
        _WHOLE_NUMBER,
    ),
    "BooleanField": _Kind(_as_is, _exactly(bool)),
    "UUIDField": _Kind(str, _text(UUID)),
    "DateTimeField": _Kind(lambda v: v.astimezone(UTC).isoformat(timespec="microseconds"), _text(_moment)),
    "DateField": _Kind(lambda v: v.isoformat(), _text(date.fromisoformat)),
    "DecimalField": _Kind(str, _text(Decimal)),
    "JSONField": _Kind(_as_is, _as_is),
    "BinaryField": _Kind(
        lambda v: base64.b64encode(bytes(v)).decode(), _text(lambda v: base64.b64decode(v, validate=True))
    ),
}


def columns(model: type[Model]) -> list[str]:
    """Return the names of a table's columns as they stand in a line."""
    return [field.attname for field in model._meta.concrete_fields]


def lines(rows: QuerySet[Any]) -> Iterator[bytes]:
    """Yield the rows of a query by primary key, one line each. Raises TypeError for a column of unknown kind."""
    fields = rows.model._meta.concrete_fields
    names, writers = [f.attname for f in fields], [_kind(f).write for f in fields]
    for row in rows.order_by("pk").values_list(*names).iterator(chunk_size=2000):
        values = {
            name: None if value is None else write(value)
            for name, write, value in zip(names, writers, row, strict=True)
        }
        text = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
        yield text.encode() + b"\n"


def write_rows(rows: QuerySet[Any], path: Path) -> int:
    """Write the rows of a query into a file and return how many there are."""
    count = 0
    with path.open("xb") as file:
        for line in lines(rows):
            file.write(line)
            count += 1
    return count


def read_rows(model: type[Model], path: Path) -> Iterator[list[Model]]:
    """Yield the rows of a file in batches of unsaved objects. Raises ArchiveDamaged with the line."""
    fields = model._meta.concrete_fields
    batch: list[Model] = []
    for number, line in enumerate(_bounded_lines(path), start=1):
        batch.append(_row(model, fields, line, f"{path.name}:{number}"))
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _bounded_lines(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while line := file.readline(LONGEST_LINE):
            yield line


def _row(model: type[Model], fields: Iterable[Field[Any, Any]], line: bytes, place: str) -> Model:
    try:
        given = json.loads(line, parse_constant=_no_number)
        known = {field.attname: field for field in fields}
        if not isinstance(given, dict) or set(given) != set(known):
            raise TypeError("other columns than the table's")
        return model(**{name: _value(field, given[name]) for name, field in known.items()})
    except (ValueError, TypeError, ArithmeticError, RecursionError) as problem:
        reason = Text(f"该行无法读取（{problem}）", f"the line cannot be read ({problem})")
        raise ArchiveDamaged(member=place, reason=reason) from problem


def _value(field: Field[Any, Any], given: Any) -> Any:
    if given is None:
        if not field.null:
            raise TypeError(f"{field.attname} is empty")
        return None
    return _kind(field).read(given)


def _kind(field: Field[Any, Any]) -> _Kind:
    target: Any = field
    while target.is_relation:
        target = target.target_field
    name = target.get_internal_type()
    if name not in _KINDS:
        raise TypeError(f"{field}: columns of kind {name} cannot be moved yet")
    return _KINDS[name]


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")
