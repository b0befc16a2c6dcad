"""Tables of the certificate authority and of the institutes' signing keys; the secrets are in the key store."""

from __future__ import annotations

from django.db import models

from jialiang.kernel.text import Text
from jialiang.security.tenancy.rows import TenantRow


class Authority(models.Model):
    """The certificate authority of this installation: one root, kept with its latest revocation list."""

    id = models.UUIDField(primary_key=True, editable=False)
    only = models.BooleanField(default=True, unique=True)
    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    key_name = models.CharField(max_length=100)
    certificate_pem = models.TextField()
    created_at = models.DateTimeField()
    crl_pem = models.TextField(blank=True)
    crl_number = models.BigIntegerField(default=0)
    crl_next_update = models.DateTimeField(null=True)

    class Meta:
        """There is one row: the unique column ``only`` can hold nothing but true."""

        constraints = [models.CheckConstraint(condition=models.Q(only=True), name="authority_only_one")]

    def __str__(self) -> str:
        return self.name_en

    @property
    def name(self) -> Text:
        """The name in both languages."""
        return Text(zh=self.name_zh, en=self.name_en)


class SigningKey(TenantRow):
    """A key that signs for an institute, or for a person in a role, and its certificate."""

    KINDS = [("institute_seal", "institute_seal"), ("person_in_role", "person_in_role")]

    name = models.CharField(max_length=100, unique=True)
    kind = models.CharField(max_length=20, choices=KINDS)
    subject_zh = models.CharField(max_length=200)
    subject_en = models.CharField(max_length=200, blank=True)
    serial_number = models.CharField(max_length=40, unique=True)
    certificate_pem = models.TextField()
    chain_pem = models.TextField()
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revocation_reason = models.CharField(max_length=30, blank=True)

    class Meta:
        """The index serves the search for the seal in force."""

        indexes = [models.Index(fields=["tenant", "kind", "valid_until"], name="signing_key_in_force")]

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> Text:
        """Whose key it is, in both languages."""
        return Text(zh=self.subject_zh, en=self.subject_en)
