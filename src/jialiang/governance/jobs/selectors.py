"""Looking at the jobs of the institute in scope."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

from jialiang.governance.jobs.models import Job


def job(job_id: UUID) -> Job | None:
    """Return a job, None if there is none (one query, primary key)."""
    return Job.objects.filter(pk=job_id).first()


def jobs_of(subject_id: UUID) -> list[Job]:
    """Return the jobs about one thing, oldest first (one query, index ``job_subject``)."""
    return list(Job.objects.filter(subject_id=subject_id).order_by("created_at", "id"))


def dead_jobs() -> list[Job]:
    """Return the jobs that were given up, latest first (one query)."""
    return list(Job.objects.filter(state="dead").order_by("-finished_at", "-id"))


def counts() -> Counter[str]:
    """Return how many jobs there are in each state (one query)."""
    return Counter(Job.objects.values_list("state", flat=True))
