"""The table of requests that carried an idempotency key, with their answers."""

from __future__ import annotations

from django.db import models

from jialiang.security.tenancy.rows import TenantRow


class KeyedRequest(TenantRow):
    """One request by key; ``status`` is empty while it runs, until ``runs_until`` at the longest."""

    owner_id = models.UUIDField()
    key = models.CharField(max_length=200)
    request_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    headers = models.JSONField(default=dict)
    body = models.BinaryField(default=bytes)
    began_at = models.DateTimeField()
    runs_until = models.DateTimeField()
    forget_at = models.DateTimeField(db_index=True)

    class Meta(TenantRow.Meta):
        """Each owner uses a key once."""

        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["tenant", "owner_id", "key"], name="keyed_request_once")
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.status or 'running'}"
