"""Tables of people, of the roles they hold from when to when, and of their confirmations."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from jialiang.kernel.text import Text
from jialiang.security.tenancy.rows import TenantRow


class PersonManager(BaseUserManager["Person"]):
    """Finds people without a scope, because signing in comes before anybody knows the institute."""


class Person(AbstractBaseUser):
    """Somebody who signs in. Never deleted: certificates name people; ``is_active`` ends the access."""

    id = models.UUIDField(primary_key=True, editable=False)
    tenant = models.ForeignKey("security_tenancy.Tenant", on_delete=models.PROTECT, related_name="+")
    username = models.CharField(max_length=60, unique=True)
    email = models.EmailField(blank=True)
    name_zh = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100, blank=True)
    organization_id = models.UUIDField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=10, default="zh-hans")
    created_at = models.DateTimeField()

    objects = PersonManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        """Nobody's login or address differs from another's by capitals only."""

        constraints = [
            models.UniqueConstraint(Lower("username"), name="person_username_any_case"),
            models.UniqueConstraint(
                Lower("email"), name="person_email_any_case", condition=~models.Q(email="")
            ),
        ]
        indexes = [models.Index(fields=["tenant", "name_zh"], name="person_tenant_name")]

    def __str__(self) -> str:
        return self.username

    @property
    def name(self) -> Text:
        """The name in both languages."""
        return Text(zh=self.name_zh, en=self.name_en)


class RoleAssignment(TenantRow):
    """A role held from one day to another (both inclusive), until it is revoked."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="role_assignments")
    role = models.CharField(max_length=40)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    granted_by_id = models.UUIDField(null=True)
    granted_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by_id = models.UUIDField(null=True)

    class Meta:
        """The index serves the roles of a person, read at every request."""

        indexes = [models.Index(fields=["person", "revoked_at"], name="role_person_open")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.role} {self.valid_from} … {self.valid_until or ''}"


class ConfirmationAttempt(TenantRow):
    """One try to confirm an act by password or one-time code; counted as failed until it has succeeded."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    method = models.CharField(max_length=10)
    succeeded = models.BooleanField(default=False)

    class Meta:
        """The index serves the count of recent failures."""

        indexes = [models.Index(fields=["person", "at"], name="confirmation_person_at")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.method} {self.at}"
