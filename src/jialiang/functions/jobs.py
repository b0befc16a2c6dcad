"""Verbs on background work: let a job that was given up be tried anew."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from jialiang.functions.deed import permit, put_on_record
from jialiang.governance.jobs import services
from jialiang.governance.jobs.errors import JobNotDead
from jialiang.governance.jobs.selectors import job
from jialiang.security.actor import Actor


@transaction.atomic
def revive(*, actor: Actor, job_id: UUID, now: datetime) -> None:
    """Let a dead job be tried anew, from its first attempt. Raises JobNotDead, also where there is no such job."""
    permit(actor, "job.revive")
    found = job(job_id)
    if found is None:
        raise JobNotDead(job=str(job_id))
    services.revive(job_id, now)
    put_on_record(actor, "job.revive", found, now, kind=found.kind, last_error=found.last_error[:200])
