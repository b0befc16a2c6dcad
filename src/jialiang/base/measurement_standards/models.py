"""Tables of measurement standards."""

from __future__ import annotations

from django.db import models

from jialiang.kernel.text import Text
from jialiang.security.tenancy.rows import TenantRow
from jialiang.vocabulary.statuses import StandardLevel, StandardState, choices


class MeasurementStandard(TenantRow):
    """A measurement standard (计量标准): identity, measuring interval, drift, keeper."""

    code = models.CharField(max_length=20, blank=True)
    name_zh = models.CharField(max_length=100)
    name_en = models.CharField(max_length=200, blank=True)
    level = models.CharField(max_length=10, choices=choices(StandardLevel))
    manufacturer_zh = models.CharField(max_length=100, blank=True)
    manufacturer_en = models.CharField(max_length=200, blank=True)
    model = models.CharField(max_length=60)
    serial_number = models.CharField(max_length=60)
    inventory_number = models.CharField(max_length=60, blank=True)
    quantity_zh = models.CharField(max_length=60)
    quantity_en = models.CharField(max_length=60, blank=True)
    unit = models.CharField(max_length=60)
    measuring_interval_zh = models.CharField(max_length=100, blank=True)
    measuring_interval_en = models.CharField(max_length=100, blank=True)
    measuring_interval_minimum = models.CharField(max_length=30, blank=True)
    measuring_interval_maximum = models.CharField(max_length=30, blank=True)
    drift_half_width = models.CharField(max_length=30, blank=True)
    keeper_id = models.UUIDField(null=True)
    state = models.CharField(max_length=10, choices=choices(StandardState), default=StandardState.IN_USE)
    state_reason = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta(TenantRow.Meta):
        """Names and guards of the table."""

        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "model", "serial_number"], name="measurement_standard_once"
            )
        ]

    @property
    def name(self) -> Text:
        """Name in zh and en."""
        return Text(self.name_zh, self.name_en)


class StandardCertificate(TenantRow):
    """The certificate that carries a standard: values with U and k, validity, digest, the link upward."""

    standard = models.ForeignKey(MeasurementStandard, on_delete=models.PROTECT, related_name="certificates")
    number = models.CharField(max_length=80)
    issuer_zh = models.CharField(max_length=100)
    issuer_en = models.CharField(max_length=200, blank=True)
    form = models.CharField(max_length=5, choices=[("dcc", "DCC"), ("pdf", "PDF"), ("paper", "paper")])
    digest_procedure = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, blank=True)
    stored_digest = models.CharField(max_length=64, blank=True)
    expanded_uncertainty = models.CharField(max_length=30)
    coverage_factor = models.CharField(max_length=12)
    unit = models.CharField(max_length=60)
    measured_values = models.JSONField(default=list)
    valid_from = models.DateField()
    valid_until = models.DateField()
    upward = models.JSONField(default=dict)
    signature_findings = models.JSONField(default=dict)
    added_by_id = models.UUIDField(null=True)
    added_by_name = models.CharField(max_length=100)
    added_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revocation_reason = models.CharField(max_length=200, blank=True)

    class Meta(TenantRow.Meta):
        """Names and guards of the table."""

        abstract = False
        ordering = ["-valid_from", "-added_at"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "standard", "number"], name="standard_certificate_once")
        ]

    @property
    def issuer(self) -> Text:
        """Issuer in zh and en."""
        return Text(self.issuer_zh, self.issuer_en)


class CheckObservation(TenantRow):
    """One observation of a check standard (期间核查), decimal text as entered."""

    standard = models.ForeignKey(
        MeasurementStandard, on_delete=models.PROTECT, related_name="check_observations"
    )
    sequence = models.PositiveIntegerField()
    observed_on = models.CharField(max_length=20)
    measured_value = models.CharField(max_length=30)
    standard_deviation = models.CharField(max_length=30, blank=True)
    unit = models.CharField(max_length=60)
    source = models.CharField(max_length=200, blank=True)
    person_id = models.UUIDField(null=True)
    person_name = models.CharField(max_length=100)
    entered_at = models.DateTimeField()

    class Meta(TenantRow.Meta):
        """Names and guards of the table."""

        abstract = False
        ordering = ["sequence"]
        constraints = [
            models.UniqueConstraint(fields=["standard", "sequence"], name="check_observation_once")
        ]
