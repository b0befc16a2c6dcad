"""Tables of comparison rounds."""

from __future__ import annotations

from django.db import models

from jialiang.kernel.text import Text
from jialiang.security.tenancy.rows import TenantRow
from jialiang.vocabulary.statuses import AssignedValueMethod, ComparisonRoundState, choices


class ComparisonRound(TenantRow):
    """A comparison: what is measured, how the value is assigned, where it stands, and its evaluation."""

    number = models.CharField(max_length=40)
    name_zh = models.CharField(max_length=100)
    name_en = models.CharField(max_length=200, blank=True)
    quantity_zh = models.CharField(max_length=100)
    quantity_en = models.CharField(max_length=100, blank=True)
    unit = models.CharField(max_length=60)
    assigned_by = models.CharField(max_length=26, choices=choices(AssignedValueMethod))
    standard_deviation_for_assessment = models.CharField(max_length=60, blank=True)
    note = models.CharField(max_length=400, blank=True)
    state = models.CharField(
        max_length=10, choices=choices(ComparisonRoundState), default=ComparisonRoundState.OPEN
    )
    state_since = models.DateTimeField()
    state_reason = models.CharField(max_length=200, blank=True)
    evaluation = models.JSONField(null=True)
    evaluation_digest = models.CharField(max_length=64, blank=True)
    opened_by_name = models.CharField(max_length=100)
    opened_at = models.DateTimeField()
    reported_by_name = models.CharField(max_length=100, blank=True)
    reported_at = models.DateTimeField(null=True)

    class Meta(TenantRow.Meta):
        """Names and guards of the table."""

        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="comparison_round_number_once")
        ]
        indexes = [models.Index(fields=["tenant", "state"], name="comparison_round_state")]

    @property
    def name(self) -> Text:
        """What the round is called, in zh and en."""
        return Text(self.name_zh, self.name_en)

    @property
    def quantity(self) -> Text:
        """The quantity that is compared, in zh and en."""
        return Text(self.quantity_zh, self.quantity_en)


class ComparisonArtefact(TenantRow):
    """What travels; with a reference laboratory also its value with U and k, decimal texts in the round's unit."""

    round = models.ForeignKey(ComparisonRound, on_delete=models.PROTECT, related_name="artefacts")
    position = models.PositiveSmallIntegerField()
    name_zh = models.CharField(max_length=100)
    name_en = models.CharField(max_length=200, blank=True)
    assigned_value = models.CharField(max_length=60, blank=True)
    expanded_uncertainty = models.CharField(max_length=60, blank=True)
    coverage_factor = models.CharField(max_length=60, blank=True)

    class Meta(TenantRow.Meta):
        """Names and guards of the table."""

        abstract = False
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["round", "position"], name="comparison_artefact_once")]

    @property
    def name(self) -> Text:
        """What travels, in zh and en."""
        return Text(self.name_zh, self.name_en)


class ComparisonParticipant(TenantRow):
    """A laboratory in a round by its code: an organization of the register, or a name."""

    round = models.ForeignKey(ComparisonRound, on_delete=models.PROTECT, related_name="participants")
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=20)
    organization = models.ForeignKey(
        "base_organizations.Organization", null=True, on_delete=models.PROTECT, related_name="+"
    )
    name_zh = models.CharField(max_length=100)
    name_en = models.CharField(max_length=200, blank=True)
    enrolled_at = models.DateTimeField()

    class Meta(TenantRow.Meta):
        """Names and guards of the table."""

        abstract = False
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["round", "position"], name="comparison_participant_once"),
            models.UniqueConstraint(fields=["round", "code"], name="comparison_code_once"),
        ]

    @property
    def name(self) -> Text:
        """The laboratory, in zh and en."""
        return Text(self.name_zh, self.name_en)


class ComparisonResult(TenantRow):
    """What a participant measured on an artefact, as decimal texts in the unit of the round."""

    participant = models.ForeignKey(ComparisonParticipant, on_delete=models.PROTECT, related_name="results")
    artefact = models.ForeignKey(ComparisonArtefact, on_delete=models.PROTECT, related_name="results")
    measured_value = models.CharField(max_length=60)
    expanded_uncertainty = models.CharField(max_length=60, blank=True)
    coverage_factor = models.CharField(max_length=60, blank=True)
    entered_by_name = models.CharField(max_length=100)
    entered_at = models.DateTimeField()

    class Meta(TenantRow.Meta):
        """Names and guards of the table."""

        abstract = False
        ordering = ["participant__position", "artefact__position"]
        constraints = [
            models.UniqueConstraint(fields=["participant", "artefact"], name="comparison_result_once")
        ]
