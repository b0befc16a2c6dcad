"""Tables of the audit trail; triggers in the database refuse to change or delete a record."""

from __future__ import annotations

from django.db import models

from jialiang.kernel.text import Text
from jialiang.security.tenancy.rows import TenantRow


class AuditRecord(TenantRow):
    """One act. ``hash`` is over all other columns and the hash before it, so that nothing can be taken out."""

    seq = models.BigIntegerField()
    at = models.DateTimeField()
    actor_id = models.UUIDField(null=True)
    actor_name_zh = models.CharField(max_length=200)
    actor_name_en = models.CharField(max_length=200, blank=True)
    door = models.CharField(max_length=10)
    action = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=60)
    detail = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        """The indexes serve the history of a thing and the pages of the trail."""

        constraints = [models.UniqueConstraint(fields=["tenant", "seq"], name="audit_tenant_seq")]
        indexes = [
            models.Index(fields=["tenant", "subject_type", "subject_id", "seq"], name="audit_subject"),
            models.Index(fields=["tenant", "actor_id", "seq"], name="audit_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.action}"

    @property
    def actor_name(self) -> Text:
        """The name of the actor as it was at the time."""
        return Text(zh=self.actor_name_zh, en=self.actor_name_en)


class AuditHead(models.Model):
    """The end of an institute's chain: locked by whoever appends, and proof that no tail was cut off."""

    tenant = models.OneToOneField(
        "security_tenancy.Tenant", on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    seq = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="0" * 64)

    def __str__(self) -> str:
        return f"{self.tenant_id} {self.seq}"
