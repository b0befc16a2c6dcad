"""Work that comes again: whose turn it is is decided in the database, for any number of workers."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from jialiang.governance.jobs.errors import LeaseLost
from jialiang.governance.jobs.leases import Turn, lease_end
from jialiang.governance.jobs.models import Timetable

SHORTEST_LEASE = timedelta(minutes=1)
LONGEST_TURN = timedelta(minutes=10)


def due(name: str, every: timedelta, now: datetime) -> Turn | None:
    """Return the turn if the work is due and nobody is at it, else None. Run it, then call :func:`finish`.

    A turn that is never finished (the worker was killed) comes again after its lease: the interval, at least one
    and at most ten minutes. A last run in the future comes from a wrong clock and does not count.
    """
    until = lease_end(now, max(SHORTEST_LEASE, min(every, LONGEST_TURN)).total_seconds())
    row = Timetable.objects.filter(pk=name).first()
    if row is not None and not _is_due(row, every, now):
        return None
    with transaction.atomic():
        Timetable.objects.get_or_create(pk=name, defaults={"every_seconds": every.total_seconds()})
        row = Timetable.objects.select_for_update().get(pk=name)
        if not _is_due(row, every, now):
            return None
        row.every_seconds, row.lease_until, row.fence = int(every.total_seconds()), until, row.fence + 1
        row.save(force_update=True)
    return Turn(name, row.fence, until)


def finish(turn: Turn, now: datetime) -> None:
    """Say that the work of a turn has been done. Raises :class:`LeaseLost` if another worker took it over."""
    held = Timetable.objects.filter(pk=turn.name, fence=turn.fence)
    if not held.exclude(lease_until=None).update(last_run_at=now, lease_until=None):
        raise LeaseLost(work=turn.name, worker="timetable", fence=turn.fence)


def _is_due(row: Timetable, every: timedelta, now: datetime) -> bool:
    taken = row.lease_until is not None and now < row.lease_until <= now + LONGEST_TURN
    if taken:
        return False
    last = row.last_run_at
    return last is None or last + every <= now or last > now
