"""Tables of metrological traceability."""

from __future__ import annotations

from django.db import models

from jialiang.security.tenancy.rows import TenantRow


class Evidence(TenantRow):
    """A certificate proves an instrument or a standard, from when to when."""

    certificate = models.ForeignKey(
        "base_certificates.Certificate", null=True, on_delete=models.PROTECT, related_name="evidence"
    )
    standard_certificate = models.ForeignKey(
        "base_measurement_standards.StandardCertificate",
        null=True,
        on_delete=models.PROTECT,
        related_name="evidence",
    )
    instrument = models.ForeignKey(
        "base_instruments.Instrument", null=True, on_delete=models.PROTECT, related_name="evidence"
    )
    standard = models.ForeignKey(
        "base_measurement_standards.MeasurementStandard",
        null=True,
        on_delete=models.PROTECT,
        related_name="evidence",
    )
    conformity = models.CharField(max_length=16, blank=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=300, blank=True)

    class Meta(TenantRow.Meta):
        """Guards of the table."""

        abstract = False
        constraints = [
            models.CheckConstraint(
                condition=models.Q(certificate__isnull=False) ^ models.Q(standard_certificate__isnull=False),
                name="evidence_one_certificate",
            ),
            models.CheckConstraint(
                condition=models.Q(instrument__isnull=False) ^ models.Q(standard__isnull=False),
                name="evidence_one_subject",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "valid_until"], name="evidence_end")]
