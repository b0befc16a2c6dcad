"""Tables of identities ``index:handle`` and of tries that failed."""

from __future__ import annotations

from django.db import models

from jialiang.security.tenancy.rows import TenantRow
from jialiang.vocabulary.statuses import HandleIdentityKind, HandleIdentityState, choices


class HandleIdentity(TenantRow):
    """An identity and that by which it shows who it is; given once on the whole installation, never deleted.

    A secret stands here twice: as a digest to compare with, and sealed, for challenges that need the secret itself.
    """

    organization = models.ForeignKey(
        "base_organizations.Organization", on_delete=models.PROTECT, related_name="+"
    )
    prefix = models.ForeignKey("base_prefixes.Prefix", on_delete=models.PROTECT, related_name="+")
    index = models.PositiveIntegerField()
    handle = models.CharField(max_length=255)
    folded = models.CharField(max_length=255)
    note = models.CharField(max_length=100, blank=True)
    kind = models.CharField(max_length=10, choices=choices(HandleIdentityKind))
    public_key_pem = models.TextField(blank=True)
    secret_digest = models.CharField(max_length=64, blank=True)
    secret_sealed = models.TextField(blank=True)
    state = models.CharField(
        max_length=8, choices=choices(HandleIdentityState), default=HandleIdentityState.ACTIVE
    )
    created_by_name = models.CharField(max_length=100)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by_name = models.CharField(max_length=100, blank=True)
    revoke_reason = models.CharField(max_length=200, blank=True)

    class Meta(TenantRow.Meta):
        """Names and guards of the table."""

        abstract = False
        constraints = [models.UniqueConstraint(fields=["folded", "index"], name="handle_identity_once")]
        indexes = [models.Index(fields=["organization", "state"], name="handle_identity_of")]

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        """``index:handle``."""
        return f"{self.index}:{self.handle}"


class IdentityFailure(models.Model):
    """A try that failed, under the digest of whatever name was shown, known or not; kept for some minutes."""

    identity_digest = models.CharField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        """The index serves the count of recent failures."""

        indexes = [models.Index(fields=["identity_digest", "at"], name="identity_failure_at")]

    def __str__(self) -> str:
        return f"{self.identity_digest} {self.at}"
