"""Tables of subordinate nodes; they speak of the whole installation, as the statistics of resolution do."""

from __future__ import annotations

from django.db import models

from jialiang.kernel.text import Text
from jialiang.vocabulary.statuses import ReportSignature, SiteProposalState, SubordinateNodeState, choices


class SubordinateNode(models.Model):
    """An installation that answers for a prefix of ours and reports here by the token of ``person_id``.

    ``root`` is empty or JSON ``{"identity", "publicKey"}``: by it the node's signatures are checked.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    prefix = models.CharField(max_length=60)
    folded = models.CharField(max_length=60, unique=True)
    name_zh = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100, blank=True)
    holder_zh = models.CharField(max_length=200)
    holder_en = models.CharField(max_length=200, blank=True)
    root = models.TextField(blank=True)
    state = models.CharField(
        max_length=10, choices=choices(SubordinateNodeState), default=SubordinateNodeState.ACTIVE
    )
    state_reason = models.CharField(max_length=200, blank=True)
    state_since = models.DateTimeField()
    person_id = models.UUIDField(unique=True)
    registered_by_name = models.CharField(max_length=100)
    registered_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.prefix

    @property
    def name(self) -> Text:
        """The name in both languages."""
        return Text(self.name_zh, self.name_en)

    @property
    def holder(self) -> Text:
        """Who held the prefix when the node was registered."""
        return Text(self.holder_zh, self.holder_en)


class ReceivedReport(models.Model):
    """A report that was accepted whole; ``sums`` is what its lines add up to, ``findings`` what is told besides."""

    id = models.UUIDField(primary_key=True, editable=False)
    node = models.ForeignKey(SubordinateNode, on_delete=models.PROTECT, related_name="reports")
    kind = models.CharField(max_length=20)
    day = models.DateField()
    time_zone = models.CharField(max_length=60)
    revision = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    lines = models.BigIntegerField()
    signature = models.CharField(max_length=10, choices=choices(ReportSignature))
    sums = models.JSONField(default=dict)
    findings = models.JSONField(default=list)
    door = models.CharField(max_length=10)
    received_by_name = models.CharField(max_length=100)
    received_at = models.DateTimeField()

    class Meta:
        """A revision of a day is received once; the indexes serve the lists of reports and the sums of days."""

        constraints = [
            models.UniqueConstraint(fields=["node", "kind", "day", "revision"], name="received_report_once")
        ]
        indexes = [
            models.Index(fields=["kind", "day"], name="received_report_day"),
            models.Index(fields=["node", "sha256"], name="received_report_bytes"),
        ]

    def __str__(self) -> str:
        return f"{self.node_id} {self.kind} {self.day} r{self.revision}"


class SiteProposal(models.Model):
    """A server that a node tells of itself and that is not the delegated one; a person decides."""

    id = models.UUIDField(primary_key=True, editable=False)
    node = models.ForeignKey(SubordinateNode, on_delete=models.PROTECT, related_name="proposals")
    report = models.ForeignKey(ReceivedReport, on_delete=models.PROTECT, related_name="+")
    site = models.JSONField()
    site_digest = models.CharField(max_length=64)
    state = models.CharField(
        max_length=10, choices=choices(SiteProposalState), default=SiteProposalState.OPEN
    )
    made_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by_name = models.CharField(max_length=100, blank=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        """The indexes serve what waits and what a node told before."""

        indexes = [
            models.Index(fields=["state", "made_at"], name="site_proposal_state"),
            models.Index(fields=["node", "made_at"], name="site_proposal_node"),
        ]

    def __str__(self) -> str:
        return f"{self.node_id} {self.state}"
