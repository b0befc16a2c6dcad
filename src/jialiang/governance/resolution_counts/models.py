"""Tables of resolution statistics; they speak of the whole installation, as the count logs do."""

from __future__ import annotations

from django.db import models


class ResolutionCount(models.Model):
    """How many questions of one kind came in one hour (UTC)."""

    hour = models.DateTimeField()
    kind = models.CharField(max_length=20)
    outcome = models.CharField(max_length=12)
    carrier = models.CharField(max_length=12)
    region = models.CharField(max_length=12)
    prefix = models.CharField(max_length=255)
    number = models.BigIntegerField()

    class Meta:
        """One row for what is counted together; its index serves reads by time."""

        constraints = [
            models.UniqueConstraint(
                fields=["hour", "kind", "outcome", "carrier", "region", "prefix"], name="resolution_count_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.hour:%Y-%m-%dT%H} {self.kind} {self.outcome} {self.number}"


class CollectedLog(models.Model):
    """How far the log of a process has been collected. ``gap_after`` is set where it died without closing it."""

    process = models.CharField(max_length=64, primary_key=True)
    begun_at = models.DateTimeField()
    offset = models.BigIntegerField(default=0)
    lines = models.IntegerField(default=0)
    last_line_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    gap_after = models.DateTimeField(null=True)

    class Meta:
        """The index serves the gaps of a time."""

        indexes = [models.Index(fields=["gap_after"], name="collected_log_gap")]

    def __str__(self) -> str:
        return self.process


class FrozenDay(models.Model):
    """The statistics of a day as they were told: canonical JSON, and its SHA-256."""

    day = models.DateField(primary_key=True)
    time_zone = models.CharField(max_length=60)
    content = models.TextField()
    digest = models.CharField(max_length=64)
    frozen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.day} {self.digest[:12]}"
