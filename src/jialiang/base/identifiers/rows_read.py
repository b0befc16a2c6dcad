"""Rows of the tables as records."""

from __future__ import annotations

from jialiang.base.identifiers.models import Identifier, IdentifierVersion
from jialiang.base.identifiers.records import StoredRecord, read_codes
from jialiang.base.identifiers.stored_values import read_values
from jialiang.formats.handle.values import HandleRecord
from jialiang.vocabulary.statuses import IdentifierState


def stored(row: Identifier) -> StoredRecord:
    """Return a row as a record."""
    return StoredRecord(
        id=row.id,
        tenant_id=row.tenant_id,
        record=HandleRecord(row.name, read_values(row.values_text)),
        state=IdentifierState(row.state),
        version=row.version,
        template=row.template,
        codes=read_codes(row.codes_text),
        organization_id=row.organization_id,
        subject_kind=row.subject_kind,
        subject_id=row.subject_id,
        created_at=row.created_at,
        changed_at=row.changed_at,
    )


def past_record(row: IdentifierVersion, current: StoredRecord) -> StoredRecord:
    """Return a version that a later one replaced as the record that it was."""
    return StoredRecord(
        id=current.id,
        tenant_id=current.tenant_id,
        record=HandleRecord(current.name, read_values(row.values_text)),
        state=IdentifierState(row.state),
        version=row.version,
        template=row.template,
        codes=read_codes(row.codes_text),
        organization_id=row.organization_id,
        subject_kind=current.subject_kind,
        subject_id=current.subject_id,
        created_at=current.created_at,
        changed_at=row.changed_at,
    )
