"""The table of events that wait to be handed on."""

from __future__ import annotations

from django.db import models

from jialiang.security.tenancy.rows import TenantOwned


class OutboxEvent(TenantOwned):
    """A fact, written in the transaction that made it true; parked when handlers keep failing on it."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=60)
    subject_id = models.UUIDField()
    happened_at = models.DateTimeField()
    data = models.JSONField(default=dict)
    dispatched_at = models.DateTimeField(null=True)
    attempts = models.IntegerField(default=0)
    not_before = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)
    parked_at = models.DateTimeField(null=True)

    class Meta:
        """The partial indexes hold waiting events only, so they stay small for ever: of a subject, and the next one."""

        indexes = [
            models.Index(
                fields=["subject_id", "id"],
                name="outbox_waiting",
                condition=models.Q(dispatched_at=None, parked_at=None),
            ),
            models.Index(
                fields=["id"],
                name="outbox_next",
                condition=models.Q(dispatched_at=None, parked_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.name}"
