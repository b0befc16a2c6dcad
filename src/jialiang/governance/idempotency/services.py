"""Claiming a key, keeping the answer, forgetting both after a day.

Two ways of use. *Together*: claim, verb and keep run in one transaction, so that either all of it stands or nothing,
and whoever comes with the same key meanwhile waits at the unique index. *Apart*, for verbs that may not run inside
another transaction: claim and keep are transactions of their own, and a claim whose worker died is given to the next
one after ``RUNS_AT_MOST``; such verbs are guarded by the state of the thing itself. A
worker that comes back late neither replaces the answer of the one who took over nor frees its key.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from jialiang.governance.idempotency.errors import KeyInUse, KeyReused
from jialiang.governance.idempotency.models import KeyedRequest
from jialiang.kernel.ids import new_id
from jialiang.security.tenancy.scope import everywhere

KEPT_FOR = timedelta(hours=24)
RUNS_AT_MOST = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """The answer to the first request with a key."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@transaction.atomic
def claim(*, owner_id: UUID, key: str, request_digest: str, now: datetime) -> UUID | KeptAnswer:
    """Return the claim (then do the work and :func:`keep` its answer), or the answer that was kept.

    Raises :class:`KeyReused` where the key belongs to another request, :class:`KeyInUse` while the first one runs.
    """
    KeyedRequest.objects.filter(owner_id=owner_id, key=key, forget_at__lte=now).delete()
    row = KeyedRequest(
        id=new_id(now),
        owner_id=owner_id,
        key=key,
        request_digest=request_digest,
        began_at=now,
        runs_until=now + RUNS_AT_MOST,
        forget_at=now + KEPT_FOR,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return _claimed_before(owner_id, key, request_digest, now)
    return row.id


def keep(claimed: UUID, answer: KeptAnswer) -> None:
    """Keep the answer under its claim."""
    KeyedRequest.objects.filter(pk=claimed).update(
        status=answer.status, headers=dict(answer.headers), body=answer.body
    )


def release(claimed: UUID) -> None:
    """Give a claim back whose request changed nothing, so that the key may be used again."""
    KeyedRequest.objects.filter(pk=claimed).delete()


def forget(now: datetime) -> int:
    """Delete what has been kept for its day, of all institutes; return how many there were."""
    with everywhere("kept answers end for all institutes alike"):
        return KeyedRequest.objects.filter(forget_at__lte=now).delete()[0]


def _claimed_before(owner_id: UUID, key: str, request_digest: str, now: datetime) -> UUID | KeptAnswer:
    row = KeyedRequest.objects.select_for_update().get(owner_id=owner_id, key=key)
    if row.request_digest != request_digest:
        raise KeyReused(key=key)
    if row.status is not None:
        return KeptAnswer(row.status, row.headers, bytes(row.body))
    if row.runs_until > now:
        raise KeyInUse(key=key, seconds=max(1, int((row.runs_until - now).total_seconds())))
    # A new id is the fence: whatever the first worker still writes under the old one meets no row.
    taken_over = new_id(now)
    KeyedRequest.objects.filter(pk=row.id).update(id=taken_over, runs_until=now + RUNS_AT_MOST)
    return taken_over
