"""Tables of organizations."""

from __future__ import annotations

from uuid import UUID

from django.db import models

from jialiang.kernel.text import Text
from jialiang.security.tenancy.rows import TenantRow
from jialiang.vocabulary.statuses import OrganizationKind, choices


class Organization(TenantRow):
    """A body: the institute itself, a customer, a maker, a regulator."""

    kind = models.CharField(max_length=20, choices=choices(OrganizationKind))
    is_own = models.BooleanField(default=False)
    name_zh = models.CharField(max_length=100)
    name_en = models.CharField(max_length=200, blank=True)
    credit_code = models.CharField(max_length=18, blank=True)
    gln = models.CharField(max_length=13, blank=True)
    short_code = models.CharField(max_length=12, blank=True)
    laboratory_code = models.CharField(max_length=40, blank=True)
    country_code = models.CharField(max_length=2, default="CN")
    region_code = models.CharField(max_length=6, blank=True)
    city_zh = models.CharField(max_length=60, blank=True)
    city_en = models.CharField(max_length=60, blank=True)
    street_zh = models.CharField(max_length=120, blank=True)
    street_en = models.CharField(max_length=120, blank=True)
    postal_code = models.CharField(max_length=10, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    website = models.CharField(max_length=120, blank=True)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    fictional = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta(TenantRow.Meta):
        """Names and guards of the table."""

        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "credit_code"],
                condition=~models.Q(credit_code=""),
                name="organization_credit_code_once",
            ),
            models.UniqueConstraint(
                fields=["tenant"], condition=models.Q(is_own=True), name="organization_one_own"
            ),
        ]
        indexes = [models.Index(fields=["tenant", "name_zh"], name="organization_name")]

    @property
    def name(self) -> Text:
        """Name in zh and en."""
        return Text(self.name_zh, self.name_en)

    @property
    def organization_id(self) -> UUID:
        """The organization itself, for the policy on what somebody may do for the own organization."""
        return self.id


class Site(TenantRow):
    """A place where an organization works."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="sites")
    name_zh = models.CharField(max_length=100)
    name_en = models.CharField(max_length=200, blank=True)
    address_zh = models.CharField(max_length=200, blank=True)
    address_en = models.CharField(max_length=200, blank=True)
    region_code = models.CharField(max_length=6, blank=True)
    is_laboratory = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    @property
    def name(self) -> Text:
        """Name in zh and en."""
        return Text(self.name_zh, self.name_en)


class Contact(TenantRow):
    """A person to talk to at an organization."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="contacts")
    name = models.CharField(max_length=60)
    duty = models.CharField(max_length=60, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    created_at = models.DateTimeField()
