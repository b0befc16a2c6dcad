"""Tables of identifiers."""

from __future__ import annotations

from django.db import models

from jialiang.security.tenancy.rows import TenantRow


class Identifier(TenantRow):
    """A code ``prefix/suffix`` and the thing that it names; never given twice."""

    prefix = models.CharField(max_length=60)
    suffix = models.CharField(max_length=120)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    created_at = models.DateTimeField()

    class Meta(TenantRow.Meta):
        """Names and guards of the table."""

        abstract = False
        constraints = [models.UniqueConstraint(fields=["prefix", "suffix"], name="identifier_once")]
        indexes = [models.Index(fields=["subject_kind", "subject_id"], name="identifier_subject")]

    @property
    def text(self) -> str:
        """``prefix/suffix``."""
        return f"{self.prefix}/{self.suffix}"
