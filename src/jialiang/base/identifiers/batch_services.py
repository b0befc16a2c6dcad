"""Writing many records at once, in a number of queries that does not grow with them but for parts of a thousand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from jialiang.base.identifiers.code_claims import Claim, claims_of
from jialiang.base.identifiers.counting import count_up
from jialiang.base.identifiers.models import (
    Identifier,
    IdentifierBatch,
    IdentifierCode,
    IdentifierVersion,
)
from jialiang.base.identifiers.records import RecordCode, read_codes
from jialiang.base.identifiers.services import OF_A_VERSION, actor_name_of, finished, past_of, sign
from jialiang.formats.handle.names import folded, name_digest
from jialiang.kernel.ids import new_id
from jialiang.security.actor import Actor
from jialiang.security.tenancy.scope import current_tenant_id, everywhere
from jialiang.vocabulary.statuses import IdentifierState

AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A record whose next version is to be written, and what it was."""

    row: Identifier
    past: IdentifierVersion
    codes_follow: bool


@dataclass(frozen=True, slots=True)
class CodeHolder:
    """The record that has a code, and its name; ``—`` where it is of another institute."""

    identifier_id: UUID
    shown: str


def rows_named(names: Iterable[str]) -> dict[str, Identifier]:
    """Return the rows of names, of whichever institute, by digest, locked until commit: one query a thousand names."""
    digests = sorted({name_digest(name) for name in names})
    found: dict[str, Identifier] = {}
    with everywhere("an identifier is unique on the whole installation"):
        for start in range(0, len(digests), AT_ONCE):
            part = digests[start : start + AT_ONCE]
            rows = Identifier.objects.select_for_update().filter(digest__in=part).order_by("digest")
            found |= {row.digest: row for row in rows}
    return found


def rows_that_speak_of(
    subject_kinds: Iterable[str], types: Iterable[str], after: UUID | None, size: int
) -> list[Identifier]:
    """Return rows of the institute in scope, in the order of their ids, locked until commit: one query.

    Those that name a thing of one of the kinds, or have a value of one of the types; retired ones are left out. It
    reads through the rows of the institute and is for work that comes once in years.
    """
    wanted = Q(subject_kind__in=list(subject_kinds))
    for kind in types:
        wanted |= Q(values_text__icontains=f'"{kind}"')
    rows = Identifier.objects.select_for_update(of=("self",)).exclude(state=IdentifierState.RETIRED)
    later = rows.filter(pk__gt=after) if after else rows
    return list(later.filter(wanted).order_by("id")[:size])


def holders_of_codes(codes: Iterable[RecordCode]) -> dict[Claim, CodeHolder]:
    """Return which record has each of the claims of the codes that are taken, in whichever institute.

    One query a thousand claims.
    """
    wanted = sorted({claimed for _, claimed in claims_of(codes)})
    found: dict[Claim, CodeHolder] = {}
    own = current_tenant_id()
    with everywhere("a code names one thing on the whole installation"):
        for start in range(0, len(wanted), AT_ONCE):
            rows = IdentifierCode.objects.filter(code__in=wanted[start : start + AT_ONCE])
            told = rows.values_list("system", "code", "identifier_id", "identifier__name", "tenant_id")
            found |= {
                (system, code): CodeHolder(identifier_id, name if tenant_id == own else "—")
                for system, code, identifier_id, name, tenant_id in told
            }
    return found


def insert(rows: Sequence[Identifier], now: datetime) -> None:
    """Store new records with their codes. Raises IntegrityError where somebody was quicker."""
    Identifier.objects.bulk_create(rows, batch_size=AT_ONCE)
    for prefix, adding in sorted(Counter(row.prefix for row in rows).items()):
        count_up(prefix, adding, now)
    IdentifierCode.objects.bulk_create(_code_rows(rows, now), batch_size=AT_ONCE)


def rewrite(changed: Sequence[Rewritten], now: datetime) -> None:
    """Store the next versions of records and what they were. Raises IntegrityError where a code was taken meanwhile."""
    rows = [one.row for one in changed]
    IdentifierVersion.objects.bulk_create([one.past for one in changed], batch_size=AT_ONCE)
    Identifier.objects.bulk_create(
        rows, batch_size=AT_ONCE, update_conflicts=True, unique_fields=["id"], update_fields=list(OF_A_VERSION)
    )
    following = [one.row for one in changed if one.codes_follow]
    IdentifierCode.objects.filter(identifier_id__in=[row.id for row in following]).delete()
    kept = [row for row in following if row.state != IdentifierState.RETIRED]
    IdentifierCode.objects.bulk_create(_code_rows(kept, now), batch_size=AT_ONCE)


def give(
    prefix: str, *, old: UUID, new: UUID, action: str, reason: str, actor: Actor, batch_id: UUID, now: datetime
) -> int:
    """Give the records of a prefix that one organization owns to another, each by a version; return how many.

    In parts of a thousand, by (tenant, prefix, id): one query and two statements a part. Retired ones go too: who holds
    a prefix answers for its history.
    """
    given, last = 0, UUID(int=0)
    rows = Identifier.objects.select_for_update().filter(prefix=folded(prefix), organization_id=old).order_by("id")
    while part := list(rows.filter(id__gt=last)[:AT_ONCE]):
        pasts = []
        for row in part:
            past, moment = past_of(row), max(now, row.changed_at)
            finished(row, past, moment)
            row.organization_id = new
            sign(row, action, reason, actor, batch_id)
            pasts.append(past)
        IdentifierVersion.objects.bulk_create(pasts, batch_size=AT_ONCE)
        columns = [*OF_A_VERSION, "organization_id"]
        Identifier.objects.bulk_create(
            part, batch_size=AT_ONCE, update_conflicts=True, unique_fields=["id"], update_fields=columns
        )
        given, last = given + len(part), part[-1].id
    return given


def begin_batch(
    batch_id: UUID, mode: str, items_digest: str, *, actor: Actor, now: datetime
) -> IdentifierBatch:
    """Store the row of a call that writes many records."""
    return IdentifierBatch.objects.create(
        id=batch_id,
        mode=mode,
        at=now,
        actor_id=actor.person_id,
        actor_name=actor_name_of(actor),
        items_digest=items_digest,
    )


def end_batch(batch: IdentifierBatch, counts: dict[str, int]) -> None:
    """Note what became of the items of a call, in numbers."""
    batch.counts = counts
    batch.save(update_fields=["counts"])


def _code_rows(rows: Iterable[Identifier], now: datetime) -> list[IdentifierCode]:
    return [
        IdentifierCode(
            id=new_id(now), tenant_id=row.tenant_id, identifier_id=row.id,
            system=system, code=claimed, primary=code.primary,
        )
        for row in rows
        for (system, claimed), code in claims_of(read_codes(row.codes_text)).items()
    ]  # fmt: skip
