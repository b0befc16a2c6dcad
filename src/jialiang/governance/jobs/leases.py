"""What a worker holds while it works, and when a lease counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

LONGEST_LEASE = timedelta(hours=1)
LONGEST_WAIT = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class LeasedJob:
    """A job in the hands of one worker until ``lease_until``; ``fence`` proves that it is still his."""

    id: UUID
    tenant_id: UUID
    kind: str
    subject_id: UUID
    payload: dict[str, Any]
    attempt: int
    fence: int
    lease_until: datetime
    worker: str


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn of the timetable in the hands of one worker."""

    name: str
    fence: int
    lease_until: datetime


def lease_is_over(now: datetime) -> Q:
    """Match leases that no longer count: run out, or so long that a wrong clock must have written them."""
    return Q(lease_until__lte=now) | Q(lease_until__gt=now + LONGEST_LEASE)


def wait_is_over(now: datetime) -> Q:
    """Match waits that no longer count: over, or so long that a wrong clock must have written them."""
    return Q(not_before__lte=now) | Q(not_before__gt=now + LONGEST_WAIT)


def lease_end(now: datetime, lease_seconds: float) -> datetime:
    """Return the end of a lease that begins now. Raises ValueError for none at all and for more than an hour."""
    length = timedelta(seconds=lease_seconds)
    if not timedelta(0) < length <= LONGEST_LEASE:
        raise ValueError(f"a lease lasts more than 0 s and at most {LONGEST_LEASE}, not {length}")
    return now + length
