"""Giving work to the worker: enqueue, claim, renew, complete, fail.

A killed worker's lease runs out and the job is claimed again with a higher fence; whoever comes back with the old
one meets :class:`LeaseLost`. Complete a job in the transaction of its effect, and the effect happens once.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from jialiang.governance.jobs.errors import JobNotDead, LeaseLost
from jialiang.governance.jobs.leases import (
    LONGEST_WAIT,
    LeasedJob,
    lease_end,
    lease_is_over,
    wait_is_over,
)
from jialiang.governance.jobs.models import Job
from jialiang.kernel.ids import new_id
from jialiang.kernel.plain import json_ready
from jialiang.kernel.text import storable
from jialiang.security.tenancy.scope import current_tenant_id, everywhere

MOST_ATTEMPTS = 8
LONGEST_ERROR = 2000


def enqueue(kind: str, subject_id: UUID, payload: dict[str, Any], now: datetime) -> UUID:
    """Write a job of the institute in scope in the running transaction and return its id."""
    job = Job.objects.create(
        id=new_id(now),
        tenant_id=current_tenant_id(),
        kind=kind,
        subject_id=subject_id,
        payload=json_ready(payload),
        not_before=now,
        created_at=now,
    )
    return job.id


def claim(worker: str, kinds: Collection[str], now: datetime, lease_seconds: float) -> LeasedJob | None:
    """Take the job that has waited longest, of any institute, or None if nothing is to be done.

    On PostgreSQL rows that another worker is just taking are skipped. A job that was claimed
    :data:`MOST_ATTEMPTS` times without an end (it kills its workers) is given up instead.
    """
    until = lease_end(now, lease_seconds)
    with everywhere("claim a job"):
        while _claimable(kinds, now).exists():
            with transaction.atomic():
                job = (
                    _claimable(kinds, now)
                    .select_for_update(skip_locked=True)
                    .order_by("not_before", "id")
                    .first()
                )
                if job is None:
                    return None
                if job.attempts < MOST_ATTEMPTS:
                    return _lease(job, worker, until)
                _give_up(job, job.last_error or f"no end after {job.attempts} attempts", now)
    return None


def renew(leased: LeasedJob, now: datetime, lease_seconds: float) -> LeasedJob:
    """Lengthen a lease while long work goes on. Raises :class:`LeaseLost`."""
    until = lease_end(now, lease_seconds)
    _update_held(leased, lease_until=until)
    return replace(leased, lease_until=until)


def complete(leased: LeasedJob, now: datetime) -> None:
    """Mark a job as done. Raises :class:`LeaseLost` if another worker took it over: roll the effect back then."""
    _update_held(leased, state="done", lease_until=None, finished_at=now, last_error="")


@transaction.atomic
def fail(leased: LeasedJob, error: str, now: datetime) -> None:
    """Give a job back after a failure: tried again later, dead after :data:`MOST_ATTEMPTS`. Raises ``LeaseLost``."""
    said = storable(error, LONGEST_ERROR)
    if leased.attempt >= MOST_ATTEMPTS:
        _update_held(leased, state="dead", lease_until=None, finished_at=now, last_error=said)
        return
    wait = min(timedelta(seconds=2**leased.attempt), LONGEST_WAIT)
    _update_held(leased, state="ready", lease_until=None, not_before=now + wait, last_error=said)


@transaction.atomic
def revive(job_id: UUID, now: datetime) -> None:
    """Let a dead job of the institute in scope be tried anew. Raises :class:`JobNotDead`."""
    dead = Job.objects.filter(pk=job_id, state="dead")
    if not dead.update(state="ready", attempts=0, not_before=now, finished_at=None):
        raise JobNotDead(job=str(job_id))


def _claimable(kinds: Collection[str], now: datetime) -> QuerySet[Job]:
    ready = Q(state="ready") & wait_is_over(now)
    abandoned = Q(state="leased") & lease_is_over(now)
    return Job.objects.filter(ready | abandoned, kind__in=kinds)


def _lease(job: Job, worker: str, until: datetime) -> LeasedJob:
    job.state, job.leased_by, job.lease_until = "leased", worker, until
    job.attempts += 1
    job.fence += 1
    job.save(force_update=True)
    return LeasedJob(
        job.id, job.tenant_id, job.kind, job.subject_id, job.payload, job.attempts, job.fence, until, worker
    )


def _give_up(job: Job, error: str, now: datetime) -> None:
    job.state, job.lease_until, job.finished_at, job.last_error = "dead", None, now, error
    job.fence += 1
    job.save(force_update=True)


def _update_held(leased: LeasedJob, **columns: object) -> None:
    with everywhere("write to a job that is held"):
        held = Job.objects.filter(pk=leased.id, state="leased", fence=leased.fence)
        if not held.update(**columns):
            raise LeaseLost(work=f"{leased.kind} {leased.id}", worker=leased.worker, fence=leased.fence)
