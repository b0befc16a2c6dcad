"""Tables of prefixes, of what was done to them, and of applications with their documents."""

from __future__ import annotations

from uuid import UUID

from django.db import models

from jialiang.security.tenancy.rows import TenantRow
from jialiang.vocabulary.statuses import PrefixApplicationState, PrefixLevel, PrefixState, choices


class Prefix(TenantRow):
    """A node of the tree; its text is given once on the whole installation, whatever the letters' case.

    ``shared`` marks the installation's own prefix, under which every institute of the installation registers: each of
    them has a row of it.
    """

    text = models.CharField(max_length=60)
    folded = models.CharField(max_length=60)
    level = models.CharField(max_length=12, choices=choices(PrefixLevel))
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    holder = models.ForeignKey("base_organizations.Organization", on_delete=models.PROTECT, related_name="+")
    shared = models.BooleanField(default=False)
    quota = models.PositiveIntegerField(null=True)
    state = models.CharField(max_length=10, choices=choices(PrefixState), default=PrefixState.ACTIVE)
    state_reason = models.CharField(max_length=200, blank=True)
    state_since = models.DateTimeField()
    site = models.JSONField(null=True)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta(TenantRow.Meta):
        """Names and guards of the table; the index serves the tree and an organization's own."""

        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["folded"], condition=models.Q(shared=False), name="prefix_once"),
            models.UniqueConstraint(fields=["tenant", "folded"], name="prefix_once_an_institute"),
        ]
        indexes = [models.Index(fields=["holder", "state"], name="prefix_holder")]

    def __str__(self) -> str:
        return self.text

    @property
    def organization_id(self) -> UUID:
        """The holder, for the policy on an organization's own things."""
        return self.holder_id


class PrefixChange(TenantRow):
    """One deed on a prefix: the members that changed, before and after, by whom, when and why."""

    prefix = models.ForeignKey(Prefix, on_delete=models.PROTECT, related_name="changes")
    at = models.DateTimeField()
    deed = models.CharField(max_length=20)
    old = models.JSONField(default=dict)
    new = models.JSONField(default=dict)
    reason = models.CharField(max_length=200, blank=True)
    person_id = models.UUIDField(null=True)
    person_name = models.CharField(max_length=100)

    class Meta(TenantRow.Meta):
        """Order of the table."""

        abstract = False
        indexes = [models.Index(fields=["prefix", "id"], name="prefix_change_of")]

    @property
    def organization_id(self) -> UUID:
        """The holder of the prefix."""
        return self.prefix.holder_id


class PrefixApplication(TenantRow):
    """An organization's application for a prefix below ``parent``, and how it was decided."""

    organization = models.ForeignKey(
        "base_organizations.Organization", on_delete=models.PROTECT, related_name="+"
    )
    parent = models.ForeignKey(Prefix, on_delete=models.PROTECT, related_name="applications")
    wished_code = models.CharField(max_length=20, blank=True)
    purpose = models.CharField(max_length=400)
    state = models.CharField(
        max_length=10, choices=choices(PrefixApplicationState), default=PrefixApplicationState.SUBMITTED
    )
    applicant_id = models.UUIDField(null=True)
    applicant_name = models.CharField(max_length=100)
    submitted_at = models.DateTimeField()
    decided_by_id = models.UUIDField(null=True)
    decided_by_name = models.CharField(max_length=100, blank=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True)
    granted = models.OneToOneField(Prefix, null=True, on_delete=models.PROTECT, related_name="application")
    version = models.PositiveIntegerField(default=1)

    class Meta(TenantRow.Meta):
        """The index serves the desk of the operator."""

        abstract = False
        indexes = [models.Index(fields=["tenant", "state"], name="prefix_application_state")]

    def __str__(self) -> str:
        return f"{self.parent_id} {self.wished_code} {self.state}"


class PrefixDocument(TenantRow):
    """A document that was handed in with an application; its bytes lie in the object store."""

    application = models.ForeignKey(PrefixApplication, on_delete=models.PROTECT, related_name="documents")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)

    class Meta(TenantRow.Meta):
        """Order of the table."""

        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["application", "position"], name="prefix_document_once")
        ]

    @property
    def organization_id(self) -> UUID:
        """The applying organization."""
        return self.application.organization_id
