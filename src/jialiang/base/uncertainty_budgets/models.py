"""Tables of uncertainty budgets."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from jialiang.kernel.text import Text
from jialiang.security.tenancy.rows import TenantRow
from jialiang.vocabulary.statuses import BudgetState, choices

_BEING_WRITTEN = (BudgetState.DRAFT.value, BudgetState.IN_REVIEW.value)


class UncertaintyBudget(TenantRow):
    """A budget of the institute: which procedure it is for, and what it is called. What it says stands in versions."""

    code = models.CharField(max_length=40)
    name_zh = models.CharField(max_length=100)
    name_en = models.CharField(max_length=200, blank=True)
    procedure = models.CharField(max_length=40)
    created_at = models.DateTimeField()

    class Meta(TenantRow.Meta):
        """Names and guards of the table."""

        abstract = False
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="uncertainty_budget_once")]
        indexes = [models.Index(fields=["tenant", "procedure"], name="uncertainty_budget_procedure")]

    @property
    def name(self) -> Text:
        """Name in zh and en."""
        return Text(self.name_zh, self.name_en)


class BudgetVersion(TenantRow):
    """One version: scope, document with its digest, state, who wrote and who approved it.

    ``document`` holds no floats; ``minimum`` and ``maximum`` are decimal texts in ``unit``, empty where open.
    """

    budget = models.ForeignKey(UncertaintyBudget, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    quantity_kind = models.CharField(max_length=60, blank=True)
    unit = models.CharField(max_length=60)
    minimum = models.CharField(max_length=30, blank=True)
    maximum = models.CharField(max_length=30, blank=True)
    document = models.JSONField()
    digest = models.CharField(max_length=64)
    change_note = models.CharField(max_length=400, blank=True)
    state = models.CharField(max_length=12, choices=choices(BudgetState), default=BudgetState.DRAFT)
    written_by_id = models.UUIDField(null=True)
    written_by_zh = models.CharField(max_length=60, blank=True)
    written_by_en = models.CharField(max_length=60, blank=True)
    written_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    approved_by_id = models.UUIDField(null=True)
    approved_by_zh = models.CharField(max_length=60, blank=True)
    approved_by_en = models.CharField(max_length=60, blank=True)
    approved_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta(TenantRow.Meta):
        """Names and guards of the table: one version in force and one being written, of each budget."""

        abstract = False
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["budget", "number"], name="budget_version_once"),
            models.UniqueConstraint(
                fields=["budget"], condition=Q(state=BudgetState.IN_FORCE.value), name="budget_version_in_force_once"
            ),
            models.UniqueConstraint(
                fields=["budget"], condition=Q(state__in=_BEING_WRITTEN), name="budget_version_written_once"
            ),
        ]
        indexes = [models.Index(fields=["tenant", "state"], name="budget_version_state")]

    @property
    def written_by(self) -> Text:
        """Who wrote it, in zh and en."""
        return Text(self.written_by_zh, self.written_by_en)

    @property
    def approved_by(self) -> Text:
        """Who put it into force, in zh and en; empty where nobody has."""
        return Text(self.approved_by_zh, self.approved_by_en)


class BudgetStep(TenantRow):
    """One step of a version: who moved it from which state to which, when and why."""

    budget_version = models.ForeignKey(BudgetVersion, on_delete=models.PROTECT, related_name="steps")
    at = models.DateTimeField()
    action = models.CharField(max_length=40)
    from_state = models.CharField(max_length=12, blank=True)
    to_state = models.CharField(max_length=12)
    person_id = models.UUIDField(null=True)
    person_name = models.CharField(max_length=100)
    reason = models.CharField(max_length=400, blank=True)

    class Meta(TenantRow.Meta):
        """Order of the table."""

        abstract = False
        ordering = ["at", "id"]
