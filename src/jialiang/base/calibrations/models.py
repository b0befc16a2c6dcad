"""Tables of calibration and legal-verification records."""

from __future__ import annotations

from django.db import models

from jialiang.kernel.text import Text
from jialiang.security.tenancy.rows import TenantRow
from jialiang.vocabulary.statuses import CalibrationState, WorkKind, choices


class Calibration(TenantRow):
    """One record: method, conditions, standards, readings, evaluation, and who did what."""

    number = models.CharField(max_length=40)
    item = models.ForeignKey(
        "base_commissions.CommissionItem", on_delete=models.PROTECT, related_name="calibrations"
    )
    kind = models.CharField(max_length=20, choices=choices(WorkKind))
    state = models.CharField(max_length=18, choices=choices(CalibrationState), default=CalibrationState.DRAFT)
    procedure = models.CharField(max_length=40)
    method_zh = models.CharField(max_length=200)
    method_en = models.CharField(max_length=200, blank=True)
    method_norm = models.CharField(max_length=60, blank=True)
    site = models.ForeignKey("base_organizations.Site", null=True, on_delete=models.PROTECT, related_name="+")
    environment = models.JSONField(default=dict)
    parameters = models.JSONField(default=dict)
    points = models.JSONField(default=list)
    reading_set = models.OneToOneField("base_readings.ReadingSet", on_delete=models.PROTECT, related_name="+")
    evaluation = models.JSONField(null=True)
    evaluation_digest = models.CharField(max_length=64, blank=True)
    begin_date = models.DateField(null=True)
    end_date = models.DateField(null=True)
    calibrated_by_id = models.UUIDField(null=True)
    calibrated_by_zh = models.CharField(max_length=60, blank=True)
    calibrated_by_en = models.CharField(max_length=60, blank=True)
    submitted_at = models.DateTimeField(null=True)
    reviewed_by_id = models.UUIDField(null=True)
    reviewed_by_zh = models.CharField(max_length=60, blank=True)
    reviewed_by_en = models.CharField(max_length=60, blank=True)
    reviewed_at = models.DateTimeField(null=True)
    reviewed_digest = models.CharField(max_length=64, blank=True)
    approved_by_id = models.UUIDField(null=True)
    approved_by_zh = models.CharField(max_length=60, blank=True)
    approved_by_en = models.CharField(max_length=60, blank=True)
    approved_at = models.DateTimeField(null=True)
    amends_certificate_id = models.UUIDField(null=True)
    amendment_reason_zh = models.CharField(max_length=300, blank=True)
    amendment_reason_en = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta(TenantRow.Meta):
        """Names and guards of the table."""

        abstract = False
        constraints = [models.UniqueConstraint(fields=["tenant", "number"], name="calibration_number_once")]
        indexes = [models.Index(fields=["tenant", "state"], name="calibration_state")]

    @property
    def method(self) -> Text:
        """Method in zh and en."""
        return Text(self.method_zh, self.method_en)


class CalibrationStandard(TenantRow):
    """A standard used by a record, with the certificate that carried it that day."""

    calibration = models.ForeignKey(Calibration, on_delete=models.PROTECT, related_name="standards_used")
    standard = models.ForeignKey(
        "base_measurement_standards.MeasurementStandard", on_delete=models.PROTECT, related_name="+"
    )
    certificate = models.ForeignKey(
        "base_measurement_standards.StandardCertificate", on_delete=models.PROTECT, related_name="+"
    )
    is_reference = models.BooleanField(default=True)

    class Meta(TenantRow.Meta):
        """Guards of the table."""

        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["calibration", "standard"], name="calibration_standard_once")
        ]


class CalibrationStep(TenantRow):
    """One step of a record: who moved it from which state to which, when and why."""

    calibration = models.ForeignKey(Calibration, on_delete=models.PROTECT, related_name="steps")
    at = models.DateTimeField()
    action = models.CharField(max_length=40)
    from_state = models.CharField(max_length=18)
    to_state = models.CharField(max_length=18)
    person_id = models.UUIDField(null=True)
    person_name = models.CharField(max_length=100)
    reason = models.CharField(max_length=400, blank=True)

    class Meta(TenantRow.Meta):
        """Order of the table."""

        abstract = False
        ordering = ["at", "id"]
