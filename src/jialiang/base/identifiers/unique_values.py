"""The rows that hold the values of unique items: the database lets one record have each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from jialiang.base.identifiers.models import Identifier, IdentifierValueClaim
from jialiang.base.identifiers.records import StoredRecord
from jialiang.base.identifiers.rows_read import stored
from jialiang.base.identifiers.stored_values import read_values
from jialiang.base.identifiers.value_claims import ValueClaim, by_scope, claims_of, scope_of
from jialiang.formats.handle.names import folded
from jialiang.formats.identifier_templates.items import RecordTemplate
from jialiang.kernel.ids import new_id
from jialiang.security.tenancy.scope import current_tenant_id
from jialiang.vocabulary.statuses import IdentifierState

AT_ONCE = 1000
Part = TypeVar("Part")


@dataclass(frozen=True, slots=True)
class Moved:
    """What one record lets go and takes when it is written."""

    identifier_id: UUID
    gone: frozenset[ValueClaim]
    taken: tuple[ValueClaim, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """A value that stands in two records, and the names of these."""

    index: int
    first: StoredRecord
    second: StoredRecord


def holders_of_values(claims: Iterable[ValueClaim]) -> dict[ValueClaim, StoredRecord]:
    """Return the record that has each of the claims that are taken: one query a thousand claims.

    By the unique (tenant, scope, digest).
    """
    found: dict[ValueClaim, StoredRecord] = {}
    for scope, digests in by_scope(claims).items():
        for part in _parts(digests):
            rows = IdentifierValueClaim.objects.filter(scope=scope, digest__in=part).select_related("identifier")
            found |= {ValueClaim(row.scope, row.digest, row.item_index): stored(row.identifier) for row in rows}
    return found


def move(moves: Sequence[Moved], now: datetime) -> None:
    """Let go what records no longer have and take what they have now: three queries a thousand records.

    Raises IntegrityError where another record has one of the values.
    """
    gone = {(one.identifier_id, claim.digest) for one in moves for claim in one.gone}
    for ids in _parts(sorted({identifier_id for identifier_id, _ in gone})):
        rows = IdentifierValueClaim.objects.filter(identifier_id__in=ids)
        there = rows.values_list("pk", "identifier_id", "digest")
        leaving = [key for key, identifier_id, digest in there if (identifier_id, digest) in gone]
        for part in _parts(leaving):
            IdentifierValueClaim.objects.filter(pk__in=part).delete()
    _take([(one.identifier_id, claim) for one in moves for claim in one.taken], now)


def follow_items(
    template: RecordTemplate, *, gone: frozenset[int], added: frozenset[int], now: datetime
) -> Iterator[Repeat]:
    """Let go the values of items that are no longer unique, take those of items that are so now, and yield repeats.

    Reads the records of the prefix that name the template and are not retired, in parts of a thousand: two queries and
    one statement a part, by (tenant, prefix, id). What repeats is not taken; the caller undoes all.
    """
    scope = scope_of(template.prefix, template.code)
    if gone:
        IdentifierValueClaim.objects.filter(scope=scope, item_index__in=gone).delete()
    if not added:
        return
    rows = Identifier.objects.filter(prefix=folded(template.prefix), template__contains=template.code)
    living = rows.exclude(state=IdentifierState.RETIRED).order_by("id")
    part: list[Identifier] = []
    for row in living.iterator(chunk_size=AT_ONCE):
        if row.template.strip() == template.code:
            part.append(row)
        if len(part) == AT_ONCE:
            yield from _claimed(template, part, added, now)
            part = []
    yield from _claimed(template, part, added, now)


def _claimed(
    template: RecordTemplate, rows: Sequence[Identifier], added: frozenset[int], now: datetime
) -> Iterator[Repeat]:
    wanted = [
        (row, claim)
        for row in rows
        for claim in claims_of(template, read_values(row.values_text))
        if claim.index in added
    ]
    holders = holders_of_values(claim for _, claim in wanted)
    taken = []
    for row, claim in wanted:
        holder = holders.get(claim)
        if holder is None:
            holders[claim] = stored(row)
            taken.append((row.id, claim))
        elif holder.id != row.id:
            yield Repeat(claim.index, holder, stored(row))
    _take(taken, now)


def _take(taken: Iterable[tuple[UUID, ValueClaim]], now: datetime) -> None:
    rows = [
        IdentifierValueClaim(
            id=new_id(now), tenant_id=current_tenant_id(), identifier_id=identifier_id,
            scope=claim.scope, item_index=claim.index, digest=claim.digest,
        )
        for identifier_id, claim in sorted(taken, key=lambda pair: pair[1])  # one order: two writers wait, not lock
    ]  # fmt: skip
    IdentifierValueClaim.objects.bulk_create(rows, batch_size=AT_ONCE)


def _parts(things: Sequence[Part]) -> Iterator[Sequence[Part]]:
    for start in range(0, len(things), AT_ONCE):
        yield things[start : start + AT_ONCE]
