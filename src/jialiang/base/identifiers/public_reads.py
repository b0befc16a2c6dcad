"""Reads that look across institutes: of names that whoever knows them may ask for."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from jialiang.base.identifiers.models import Identifier, IdentifierVersion
from jialiang.base.identifiers.records import StoredRecord
from jialiang.base.identifiers.rows_read import past_record, stored
from jialiang.formats.handle.names import name_digest
from jialiang.security.tenancy.scope import everywhere


def record_anywhere(name: str) -> StoredRecord | None:
    """Return a record of whichever institute, None where there is none: one query by the unique digest.

    For reads that are public; what else of it may be shown is for the asker to decide.
    """
    with everywhere("a public value is read by whoever knows its name"):
        row = Identifier.objects.filter(digest=name_digest(name)).first()
    return None if row is None else stored(row)


def institute_of(name: str) -> UUID | None:
    """Return the institute of a record, None where there is none: one query by the unique digest.

    For what a stranger says of a thing that carries the name; the institute is not told to him.
    """
    with everywhere("what a stranger reports goes to the institute that keeps the name"):
        row = Identifier.objects.filter(digest=name_digest(name)).only("tenant_id").first()
    return None if row is None else row.tenant_id


def record_at(current: StoredRecord, at: datetime) -> StoredRecord | None:
    """Return a record as it stood at a moment, None before it was registered: at most one query, by its history."""
    if at >= current.changed_at:
        return current
    rows = IdentifierVersion.objects.filter(identifier_id=current.id, changed_at__lte=at)
    row = rows.order_by("-version").first()
    return None if row is None else past_record(row, current)
