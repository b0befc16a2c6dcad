"""The table of templates of identifier records."""

from __future__ import annotations

from django.db import models

from jialiang.kernel.text import Text
from jialiang.security.tenancy.rows import TenantRow
from jialiang.vocabulary.statuses import CarrierKind, IdentifierTemplateState, choices


class IdentifierTemplate(TenantRow):
    """A template: under a prefix its version (``code``) names it; ``items`` are ``TemplateItem`` as JSON by index."""

    organization = models.ForeignKey(
        "base_organizations.Organization", on_delete=models.PROTECT, related_name="+"
    )
    prefix = models.CharField(max_length=60)
    prefix_folded = models.CharField(max_length=60)
    code = models.CharField(max_length=128)
    name_zh = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100, blank=True)
    carrier = models.CharField(
        max_length=16, choices=choices(CarrierKind), default=CarrierKind.PASSIVE_CARRIER
    )
    industry = models.CharField(max_length=5, blank=True)
    items = models.JSONField(default=list)
    state = models.CharField(
        max_length=10, choices=choices(IdentifierTemplateState), default=IdentifierTemplateState.DRAFT
    )
    state_reason = models.CharField(max_length=200, blank=True)
    state_since = models.DateTimeField()
    derived_from = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="derived")
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta(TenantRow.Meta):
        """Names and guards of the table; the index serves an organization's list."""

        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "prefix_folded", "code"], name="identifier_template_once"
            )
        ]
        indexes = [models.Index(fields=["organization", "state"], name="identifier_template_of")]

    def __str__(self) -> str:
        return f"{self.prefix} {self.code}"

    @property
    def name(self) -> Text:
        """Name in zh and en."""
        return Text(self.name_zh, self.name_en)
