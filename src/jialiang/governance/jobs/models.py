"""Tables of jobs and of the timetable."""

from __future__ import annotations

from django.db import models

from jialiang.security.tenancy.rows import TenantRow


class Job(TenantRow):
    """A piece of work. ``fence`` grows with every lease: who holds an older one has lost the job."""

    STATES = [(state, state) for state in ("ready", "leased", "done", "dead")]

    kind = models.CharField(max_length=60)
    subject_id = models.UUIDField()
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=STATES, default="ready")
    attempts = models.IntegerField(default=0)
    fence = models.BigIntegerField(default=0)
    leased_by = models.CharField(max_length=100, blank=True)
    lease_until = models.DateTimeField(null=True)
    not_before = models.DateTimeField()
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        """The first index holds open jobs only; the second serves the jobs of a thing."""

        indexes = [
            models.Index(
                fields=["not_before", "id"],
                name="job_open",
                condition=models.Q(state__in=["ready", "leased"]),
            ),
            models.Index(fields=["tenant", "subject_id"], name="job_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id} {self.state}"


class Timetable(models.Model):
    """Work that comes again: when it last ran to its end, and who is at it."""

    name = models.CharField(max_length=60, primary_key=True)
    every_seconds = models.IntegerField()
    last_run_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    fence = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return self.name
