"""Tables of measuring instruments."""

from __future__ import annotations

from django.db import models

from jialiang.kernel.text import Text
from jialiang.security.tenancy.rows import TenantRow
from jialiang.vocabulary.statuses import InstrumentState, Purpose, choices


class Instrument(TenantRow):
    """The ledger record of a measuring instrument (计量器具)."""

    owner = models.ForeignKey(
        "base_organizations.Organization", on_delete=models.PROTECT, related_name="instruments"
    )
    name_zh = models.CharField(max_length=100)
    name_en = models.CharField(max_length=200, blank=True)
    category_code = models.CharField(max_length=20, blank=True)
    kind_code = models.CharField(max_length=20, blank=True)
    model = models.CharField(max_length=60)
    serial_number = models.CharField(max_length=60)
    inventory_number = models.CharField(max_length=60, blank=True)
    manufacturer_zh = models.CharField(max_length=100)
    manufacturer_en = models.CharField(max_length=200, blank=True)
    manufacturer_credit_code = models.CharField(max_length=18, blank=True)
    origin = models.CharField(max_length=60, blank=True)
    type_approval_number = models.CharField(max_length=40, blank=True)
    measuring_interval_zh = models.CharField(max_length=100, blank=True)
    measuring_interval_en = models.CharField(max_length=100, blank=True)
    accuracy_class = models.CharField(max_length=60, blank=True)
    maximum_permissible_error = models.CharField(max_length=30, blank=True)
    displayed_resolution = models.CharField(max_length=30, blank=True)
    unit = models.CharField(max_length=60, blank=True)
    place_of_use = models.CharField(max_length=120)
    region_code = models.CharField(max_length=6)
    purpose = models.CharField(max_length=30, choices=choices(Purpose))
    compulsory = models.BooleanField(default=False)
    on_site = models.BooleanField(default=False)
    interval_months = models.PositiveSmallIntegerField(null=True, blank=True)
    state = models.CharField(
        max_length=12, choices=choices(InstrumentState), default=InstrumentState.REGISTERED
    )
    state_reason = models.CharField(max_length=200, blank=True)
    limitation_zh = models.CharField(max_length=200, blank=True)
    limitation_en = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta(TenantRow.Meta):
        """Names and guards of the table."""

        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "owner", "manufacturer_zh", "model", "serial_number"],
                name="instrument_once",
            )
        ]
        indexes = [models.Index(fields=["tenant", "serial_number"], name="instrument_serial")]

    @property
    def name(self) -> Text:
        """Name in zh and en."""
        return Text(self.name_zh, self.name_en)

    @property
    def organization_id(self) -> object:
        """The owner, for the policy on a customer's own things."""
        return self.owner_id


class InstrumentChange(TenantRow):
    """One entry of an instrument's history: what was, what is, who, when, why."""

    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="changes")
    at = models.DateTimeField()
    action = models.CharField(max_length=40)
    person_id = models.UUIDField(null=True)
    person_name = models.CharField(max_length=100)
    old = models.JSONField(default=dict)
    new = models.JSONField(default=dict)
    reason = models.CharField(max_length=200, blank=True)

    class Meta(TenantRow.Meta):
        """Order of the table."""

        abstract = False
        ordering = ["-at", "-id"]
