"""The table of reports to the node above; it speaks of the whole installation, as the statistics do."""

from __future__ import annotations

from django.db import models

from jialiang.formats.node_report.header import NodeReportHeader
from jialiang.kernel.text import Text
from jialiang.vocabulary.statuses import NodeReportState, choices


class SentReport(models.Model):
    """A report, whose gzip lies in the object store under ``sha256``; ``content_digest`` is that of its lines alone.

    ``receipt`` is what the node above answered, ``problem_…`` why the last attempt failed. A row that is being sent
    belongs to whoever wrote ``lease_until``, until that moment.
    """

    id = models.UUIDField(primary_key=True)
    node = models.CharField(max_length=255)
    kind = models.CharField(max_length=20)
    day = models.DateField()
    time_zone = models.CharField(max_length=60)
    revision = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    content_digest = models.CharField(max_length=64)
    size = models.BigIntegerField()
    lines = models.BigIntegerField()
    signature = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=choices(NodeReportState), default=NodeReportState.MADE)
    attempts = models.PositiveIntegerField(default=0)
    not_before = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    problem_zh = models.TextField(blank=True)
    problem_en = models.TextField(blank=True)
    receipt = models.JSONField(null=True)
    made_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        """One row a revision; the index holds what is still to be sent."""

        constraints = [
            models.UniqueConstraint(fields=["node", "kind", "day", "revision"], name="sent_report_once")
        ]
        indexes = [
            models.Index(
                fields=["day", "kind", "revision"],
                condition=models.Q(state__in=["made", "sending"]),
                name="sent_report_outstanding",
            )
        ]

    def __str__(self) -> str:
        return f"{self.node} {self.day} {self.kind} r{self.revision}"

    @property
    def header(self) -> NodeReportHeader:
        """The header as the file has it."""
        return NodeReportHeader(
            self.node, self.kind, self.day, self.time_zone, self.revision, self.made_at, self.lines
        )

    @property
    def file_name(self) -> str:
        """Name of the file."""
        return self.header.file_name

    @property
    def problem(self) -> Text:
        """Why the last attempt failed, empty where it did not."""
        return Text(self.problem_zh, self.problem_en)
