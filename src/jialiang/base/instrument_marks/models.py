"""Tables of codes and seals on instruments, and of the checks of identity."""

from __future__ import annotations

from django.db import models

from jialiang.security.tenancy.rows import TenantRow
from jialiang.vocabulary.statuses import MarkRole, MarkState, choices


class InstrumentMark(TenantRow):
    """A code or seal on an instrument; one that was taken off stays on record with the reason."""

    instrument = models.ForeignKey("base_instruments.Instrument", on_delete=models.PROTECT, related_name="marks")
    role = models.CharField(max_length=12, choices=choices(MarkRole))
    code = models.CharField(max_length=100)
    code_folded = models.CharField(max_length=200)
    put_by = models.CharField(max_length=100, blank=True)
    put_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=choices(MarkState), default=MarkState.IN_PLACE)
    state_reason = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta(TenantRow.Meta):
        """Names and guards of the table; the index finds who else carries a code."""

        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["instrument", "role", "code_folded"],
                condition=models.Q(state="in_place"),
                name="instrument_mark_once",
            )
        ]
        indexes = [models.Index(fields=["tenant", "code_folded"], name="instrument_mark_code")]

    def __str__(self) -> str:
        return f"{self.role} {self.code}"


class IdentityCheck(TenantRow):
    """A check of identity: what was found, what was said of it, who looked and when. It is never changed."""

    instrument = models.ForeignKey(
        "base_instruments.Instrument", on_delete=models.PROTECT, related_name="identity_checks"
    )
    at = models.DateTimeField()
    person_id = models.UUIDField(null=True)
    person_name = models.CharField(max_length=100)
    agrees = models.BooleanField()
    findings = models.JSONField(default=list)

    class Meta(TenantRow.Meta):
        """Order of the table."""

        abstract = False
        ordering = ["-at", "-id"]
