"""Tables of commissions."""

from __future__ import annotations

from django.db import models

from jialiang.kernel.text import Text
from jialiang.security.tenancy.rows import TenantRow
from jialiang.vocabulary.statuses import (
    CommissionState,
    CustodyState,
    DecisionRule,
    FeeKind,
    WorkKind,
    choices,
)


class Commission(TenantRow):
    """An order: customer, kind of work, what was agreed before work starts."""

    number = models.CharField(max_length=40)
    customer = models.ForeignKey(
        "base_organizations.Organization", on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(max_length=20, choices=choices(WorkKind))
    state = models.CharField(max_length=10, choices=choices(CommissionState), default=CommissionState.OPEN)
    contact_name = models.CharField(max_length=60, blank=True)
    contact_phone = models.CharField(max_length=40, blank=True)
    decision_rule = models.CharField(max_length=20, choices=choices(DecisionRule), blank=True)
    decision_rule_agreed_at = models.DateTimeField(null=True)
    due_date_agreed = models.BooleanField(default=False)
    agreed_interval_months = models.PositiveSmallIntegerField(null=True)
    fee_kind = models.CharField(max_length=16, choices=choices(FeeKind), blank=True)
    promised_on = models.DateField(null=True)
    note = models.CharField(max_length=400, blank=True)
    opened_by_name = models.CharField(max_length=100)
    opened_at = models.DateTimeField()
    accepted_by_name = models.CharField(max_length=100, blank=True)
    accepted_at = models.DateTimeField(null=True)
    state_since = models.DateTimeField()
    state_reason = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta(TenantRow.Meta):
        """Names and guards of the table."""

        abstract = False
        constraints = [models.UniqueConstraint(fields=["tenant", "number"], name="commission_number_once")]
        indexes = [models.Index(fields=["tenant", "state"], name="commission_state")]

    @property
    def organization_id(self) -> object:
        """The customer, for the policy on a customer's own things."""
        return self.customer_id


class CommissionItem(TenantRow):
    """An instrument in an order, and where it is."""

    commission = models.ForeignKey(Commission, on_delete=models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField()
    instrument = models.ForeignKey("base_instruments.Instrument", on_delete=models.PROTECT, related_name="+")
    custody = models.CharField(max_length=14, choices=choices(CustodyState), default=CustodyState.EXPECTED)
    condition_zh = models.CharField(max_length=200, blank=True)
    condition_en = models.CharField(max_length=200, blank=True)
    accessories = models.CharField(max_length=200, blank=True)
    requested_points = models.JSONField(default=list)
    custody_since = models.DateTimeField()

    class Meta(TenantRow.Meta):
        """Names and guards of the table."""

        abstract = False
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["commission", "position"], name="commission_item_once")
        ]

    @property
    def organization_id(self) -> object:
        """The customer, for the policy on a customer's own things."""
        return self.commission.customer_id

    @property
    def condition(self) -> Text:
        """Condition on receipt in zh and en."""
        return Text(self.condition_zh, self.condition_en)


class CustodyEvent(TenantRow):
    """A change of custody: from where, to where, who, when."""

    item = models.ForeignKey(CommissionItem, on_delete=models.PROTECT, related_name="custody_events")
    at = models.DateTimeField()
    from_custody = models.CharField(max_length=14)
    to_custody = models.CharField(max_length=14)
    place = models.CharField(max_length=100, blank=True)
    person_id = models.UUIDField(null=True)
    person_name = models.CharField(max_length=100)
    note = models.CharField(max_length=200, blank=True)

    class Meta(TenantRow.Meta):
        """Order of the table."""

        abstract = False
        ordering = ["at", "id"]
