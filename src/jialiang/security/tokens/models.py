"""The table of API tokens; it holds nothing that opens the door."""

from __future__ import annotations

from django.db import models

from jialiang.security.tenancy.rows import TenantRow


class ApiToken(TenantRow):
    """A token of a person: found by its prefix, known by the SHA-256 of its secret, narrowed to roles, ending."""

    person = models.ForeignKey("security_accounts.Person", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    prefix = models.CharField(max_length=12, unique=True)
    secret_digest = models.CharField(max_length=64)
    roles = models.JSONField(default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta(TenantRow.Meta):
        """The index serves the list of a person's tokens."""

        abstract = False
        indexes = [models.Index(fields=["person", "created_at"], name="token_person")]

    def __str__(self) -> str:
        return f"{self.prefix} {self.name}"
