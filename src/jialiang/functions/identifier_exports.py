"""Exporting identifiers as a table that the import takes back, row by row as it stands.

A table of cells needs its columns before its first row: the records are read once, into a file of lines that nobody
else sees, and written from there. So the table is of one moment, and a million records take no more memory than ten.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import IO
from uuid import UUID

from django.db import transaction

from jialiang.base.identifiers.records import StoredRecord
from jialiang.base.identifiers.selectors import every_record_wanted
from jialiang.formats.identifier_tables import (
    TableCode,
    TableRow,
    headings_for,
    read_table,
    write_csv,
    write_ndjson,
    write_workbook,
)
from jialiang.formats.identifier_tables.reading import Kind
from jialiang.functions.deed import permit, put_on_record
from jialiang.functions.identifiers import as_read_by
from jialiang.security.actor import Actor
from jialiang.security.policy import limit
from jialiang.security.tenancy.selectors import tenant

ACTION = "identifier.export"
NOBODY = UUID(int=0)
PART = 1024 * 1024
MEDIA_TYPES: dict[Kind, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ndjson": "application/x-ndjson",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which records: those of a prefix, in a state, of a name or code, or whose names begin so; empty: all."""

    prefix: str = ""
    state: str = ""
    name: str = ""
    code: str = ""
    beginning: str = ""

    def to_json(self) -> dict[str, str]:
        """Return what was asked for, without what was not."""
        members = ("prefix", "state", "name", "code", "beginning")
        return {member: getattr(self, member) for member in members if getattr(self, member)}


@dataclass(frozen=True, slots=True)
class Exported:
    """How many records a table has, and the SHA-256 of its bytes."""

    rows: int
    sha256: str


@transaction.atomic
def export_identifiers(*, actor: Actor, wanted: Wanted, kind: Kind, out: IO[bytes], now: datetime) -> Exported:
    """Write the records that an actor may read, oldest first, into an empty file and leave it at its beginning.

    Each has the values that the actor may read. The audit record names the filter, the number and the digest. Raises
    what ``permit`` raises, and TableUnfit for a record that no table of this kind holds.
    """
    permit(actor, ACTION)
    own = limit(actor, ACTION)
    organization_id = None if own is None else own.organization_id or NOBODY
    found = every_record_wanted(**wanted.to_json(), organization_id=organization_id)
    with tempfile.TemporaryFile() as lines:
        rows = 0
        for line in write_ndjson(_row(as_read_by(actor, record)) for record in found):
            lines.write(line)
            rows += 1
        _write(lines, kind, out)
    out.seek(0)
    exported = Exported(rows, _digest(out))
    out.seek(0)
    subject, asked = tenant(actor.tenant_id), wanted.to_json()
    put_on_record(actor, ACTION, subject, now, kind=kind, wanted=asked, rows=rows, sha256=exported.sha256)
    return exported


def _digest(out: IO[bytes]) -> str:
    digest = sha256()
    while part := out.read(PART):
        digest.update(part)
    return digest.hexdigest()


def exported_file(*, actor: Actor, wanted: Wanted, kind: Kind, now: datetime) -> IO[bytes]:
    """Return the table of :func:`export_identifiers` as a file that its taker closes.

    Raises as that does.
    """
    out = tempfile.TemporaryFile()  # noqa: SIM115 - closed by whoever takes it
    try:
        export_identifiers(actor=actor, wanted=wanted, kind=kind, out=out, now=now)
    except BaseException:
        out.close()
        raise
    return out


def _row(record: StoredRecord) -> TableRow:
    codes = tuple(TableCode(code.system, code.code, code.primary) for code in record.codes)
    return TableRow(0, record.name, record.record.values, codes, record.state.value, record.template)


def _write(lines: IO[bytes], kind: Kind, out: IO[bytes]) -> None:
    if kind == "xlsx":
        write_workbook(_again(lines), headings_for(_again(lines)), out)
        return
    parts = write_csv(_again(lines), headings_for(_again(lines))) if kind == "csv" else _as_written(lines)
    for part in parts:
        out.write(part)


def _again(lines: IO[bytes]) -> Iterator[TableRow]:
    lines.seek(0)
    yield from read_table(lines, "ndjson")


def _as_written(lines: IO[bytes]) -> Iterable[bytes]:
    lines.seek(0)
    return lines
