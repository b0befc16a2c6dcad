"""Reads of identifiers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from jialiang.base.identifiers.errors import BadIdentifier, IdentifierUnknown
from jialiang.base.identifiers.models import Identifier as Identifier
from jialiang.base.identifiers.models import IdentifierCode, IdentifierVersion
from jialiang.base.identifiers.records import PastVersion, StoredRecord
from jialiang.base.identifiers.rows_read import past_record, stored
from jialiang.formats.handle.names import folded, name_digest
from jialiang.kernel.text import is_one_line
from jialiang.security.tenancy.paging import DEFAULT_SIZE, Page, page
from jialiang.security.tenancy.scope import everywhere

_SHAPE = re.compile(r"([0-9]+(?:\.[0-9]+)*)/([a-z0-9][a-z0-9._-]{0,119})", re.ASCII)
LONGEST_PREFIX = 60
AT_ONCE = 1000


def parsed(text: str) -> tuple[str, str]:
    """Return prefix and suffix of a code that the platform mints, forgiving blanks and capitals.

    Raises BadIdentifier.
    """
    match = _SHAPE.fullmatch(text.strip().lower())
    if match is None or len(match[1]) > LONGEST_PREFIX:
        raise BadIdentifier(given=text.strip()[:80])
    return match[1], match[2]


def identifier(text: str) -> Identifier:
    """Return an identifier of the institute in scope that the platform minted: one query by the unique digest.

    Raises BadIdentifier, IdentifierUnknown.
    """
    prefix, suffix = parsed(text)
    found = Identifier.objects.filter(digest=name_digest(f"{prefix}/{suffix}")).first()
    if found is None:
        raise IdentifierUnknown(identifier=f"{prefix}/{suffix}")
    return found


def identifier_of(subject_kind: str, subject_id: UUID) -> Identifier | None:
    """Return the first identifier of a thing: one query, index (subject_kind, subject_id)."""
    return Identifier.objects.filter(subject_kind=subject_kind, subject_id=subject_id).order_by("id").first()


def identifier_texts(subject_kind: str, subject_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the first identifier of each thing as text: one query, index (subject_kind, subject_id)."""
    rows = Identifier.objects.filter(subject_kind=subject_kind, subject_id__in=list(subject_ids)).order_by("-id")
    return {row.subject_id: row.text for row in rows if row.subject_id is not None}


def is_taken(name: str) -> bool:
    """Tell whether a name was given, in whichever institute: one query by the unique digest."""
    with everywhere("an identifier is unique on the whole installation"):
        return Identifier.objects.filter(digest=name_digest(name)).exists()


def record(name: str) -> StoredRecord:
    """Return a record of the institute in scope: one query by the unique digest. Raises IdentifierUnknown."""
    return stored(_found(Identifier.objects.filter(digest=name_digest(name)).first(), name))


def record_by_id(identifier_id: UUID) -> StoredRecord:
    """Return a record of the institute in scope: one query by primary key. Raises IdentifierUnknown."""
    return stored(_found(Identifier.objects.filter(pk=identifier_id).first(), str(identifier_id)))


def history(name: str) -> list[PastVersion]:
    """Return all versions of a record of the institute in scope, newest first: two queries.

    Raises IdentifierUnknown.
    """
    row = _found(Identifier.objects.filter(digest=name_digest(name)).first(), name)
    current = stored(row)
    older = IdentifierVersion.objects.filter(identifier_id=row.id).order_by("-version")
    return [_entry(row, current), *(_entry(past, past_record(past, current)) for past in older)]


def records(
    *,
    prefix: str = "",
    state: str = "",
    name: str = "",
    code: str = "",
    beginning: str = "",
    organization_id: UUID | None = None,
    after: str = "",
    size: int = DEFAULT_SIZE,
) -> Page[StoredRecord]:
    """Return a page of records, newest first: one query, by (tenant, prefix, id), the digest or the code.

    ``beginning`` is that of the name with its prefix, in any case: it reads the records of that prefix.
    """
    rows = _beginning(_matching(prefix, state, name, code, organization_id), beginning)
    return page(rows, after=after, size=size).map(stored)


def count_records(
    *,
    prefix: str = "",
    state: str = "",
    name: str = "",
    code: str = "",
    beginning: str = "",
    organization_id: UUID | None = None,
) -> int:
    """Count what :func:`records` lists: one query."""
    return _beginning(_matching(prefix, state, name, code, organization_id), beginning).count()


def every_record() -> Iterator[StoredRecord]:
    """Yield all records of the institute in scope, oldest first: one query, read in parts."""
    for row in Identifier.objects.order_by("id").iterator(chunk_size=AT_ONCE):
        yield stored(row)


def every_record_wanted(
    *,
    prefix: str = "",
    state: str = "",
    name: str = "",
    code: str = "",
    beginning: str = "",
    organization_id: UUID | None = None,
) -> Iterator[StoredRecord]:
    """Yield all that :func:`records` lists, oldest first: one query, read in parts."""
    rows = _beginning(_matching(prefix, state, name, code, organization_id), beginning)
    for row in rows.order_by("id").iterator(chunk_size=AT_ONCE):
        yield stored(row)


def records_named(names: Iterable[str]) -> list[StoredRecord]:
    """Return the records of the institute in scope that have one of the names, in the order of the names.

    One query a thousand names, by the unique digest; names that no record has are left out.
    """
    digests = list(dict.fromkeys(name_digest(name) for name in names))
    found: dict[str, StoredRecord] = {}
    for start in range(0, len(digests), AT_ONCE):
        rows = Identifier.objects.filter(digest__in=digests[start : start + AT_ONCE])
        found |= {row.digest: stored(row) for row in rows}
    return [found[digest] for digest in digests if digest in found]


def record_by_code(system: str, code: str) -> StoredRecord | None:
    """Return the record of the institute in scope that has a code: one query by the unique (system, code)."""
    row = IdentifierCode.objects.filter(system=system, code=code).select_related("identifier").first()
    return None if row is None else stored(row.identifier)


def number_registered(since: datetime, until: datetime) -> int:
    """Return how many were registered from ``since`` up to, not with, ``until``, in all institutes: one query."""
    with everywhere("the node tells of all its institutes together"):
        return Identifier.objects.filter(created_at__gte=since, created_at__lt=until).count()


def _matching(
    prefix: str, state: str, name: str, code: str, organization_id: UUID | None
) -> QuerySet[Identifier]:
    rows = Identifier.objects.all()
    if not is_one_line(prefix + state + code):  # no database holds it
        return rows.none()
    if prefix:
        rows = rows.filter(prefix=folded(prefix))
    if state:
        rows = rows.filter(state=state)
    if name:
        rows = rows.filter(digest=name_digest(name))
    if code:
        rows = rows.filter(pk__in=IdentifierCode.objects.filter(code=code).values("identifier_id"))
    if organization_id is not None:
        rows = rows.filter(organization_id=organization_id)
    return rows


def _beginning(rows: QuerySet[Identifier], beginning: str) -> QuerySet[Identifier]:
    if not beginning:
        return rows
    if not is_one_line(beginning):
        return rows.none()
    return rows.filter(prefix=folded(beginning.partition("/")[0]), name__istartswith=beginning)


def _entry(row: Identifier | IdentifierVersion, record: StoredRecord) -> PastVersion:
    return PastVersion(record, row.action, row.reason, row.actor_id, row.actor_name, row.batch_id)


def _found(row: Identifier | None, name: str) -> Identifier:
    if row is None:
        raise IdentifierUnknown(identifier=name[:80])
    return row
