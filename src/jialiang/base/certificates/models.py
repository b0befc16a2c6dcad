"""Tables of issued certificates."""

from __future__ import annotations

from django.db import models

from jialiang.security.tenancy.rows import TenantRow
from jialiang.vocabulary.statuses import CertificateState, WorkKind, choices


class Certificate(TenantRow):
    """An issued certificate: number, frozen content, status. What is digested never changes."""

    number = models.CharField(max_length=60)
    kind = models.CharField(max_length=20, choices=choices(WorkKind))
    state = models.CharField(
        max_length=10, choices=choices(CertificateState), default=CertificateState.ISSUING
    )
    calibration = models.ForeignKey(
        "base_calibrations.Calibration", on_delete=models.PROTECT, related_name="certificates"
    )
    customer = models.ForeignKey(
        "base_organizations.Organization", on_delete=models.PROTECT, related_name="+"
    )
    instrument = models.ForeignKey("base_instruments.Instrument", on_delete=models.PROTECT, related_name="+")
    identifier = models.OneToOneField(
        "base_identifiers.Identifier", on_delete=models.PROTECT, related_name="+"
    )
    check_code = models.CharField(max_length=16)
    content = models.TextField()
    content_digest = models.CharField(max_length=64)
    issue_date = models.DateField()
    due_date = models.DateField(null=True)
    signing_time = models.DateTimeField()
    signing_key_id = models.UUIDField(null=True)
    numbered_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    supersedes = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="successors"
    )
    status_since = models.DateTimeField()
    status_reason_zh = models.CharField(max_length=300, blank=True)
    status_reason_en = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta(TenantRow.Meta):
        """Names and guards of the table."""

        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="certificate_number_once"),
            models.UniqueConstraint(
                fields=["calibration"], condition=~models.Q(state="void"), name="certificate_of_record_once"
            ),
            models.UniqueConstraint(
                fields=["supersedes"], condition=~models.Q(state="void"), name="certificate_successor_once"
            ),
        ]
        indexes = [models.Index(fields=["tenant", "state"], name="certificate_state")]

    @property
    def organization_id(self) -> object:
        """The customer, for the policy on a customer's own things."""
        return self.customer_id


class CertificateFile(TenantRow):
    """A file of a certificate, known by its digest."""

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="files")
    kind = models.CharField(
        max_length=12,
        choices=[
            ("xml", "DCC XML"),
            ("pdf_zh", "PDF zh"),
            ("pdf_en", "PDF en"),
            ("dcoc", "D-CoC XML"),
            ("credential", "VC token"),
        ],
    )
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveIntegerField()
    file_name = models.CharField(max_length=100)
    created_at = models.DateTimeField()

    class Meta(TenantRow.Meta):
        """Guards of the table."""

        abstract = False
        constraints = [models.UniqueConstraint(fields=["certificate", "kind"], name="certificate_file_once")]


class StatusChange(TenantRow):
    """A change of a certificate's status: from, to, who, when, why."""

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="status_changes")
    at = models.DateTimeField()
    from_state = models.CharField(max_length=10)
    to_state = models.CharField(max_length=10)
    person_id = models.UUIDField(null=True)
    person_name = models.CharField(max_length=100)
    reason_zh = models.CharField(max_length=300, blank=True)
    reason_en = models.CharField(max_length=300, blank=True)

    class Meta(TenantRow.Meta):
        """Order of the table."""

        abstract = False
        ordering = ["at", "id"]


class FakeReport(TenantRow):
    """A stranger's report that a paper or file looks forged."""

    certificate = models.ForeignKey(
        Certificate, null=True, on_delete=models.PROTECT, related_name="fake_reports"
    )
    number_seen = models.CharField(max_length=60)
    description = models.CharField(max_length=1000, blank=True)
    reporter_contact = models.CharField(max_length=120, blank=True)
    reported_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=[("open", "open"), ("settled", "settled")], default="open")
