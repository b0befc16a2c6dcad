"""Tables of identifiers.

A record is one row: its values stand as text in it (``stored_values``), because they are written and read whole. A
change moves what it replaces into :class:`IdentifierVersion`; a record that never changed has no row there, which at
ten million records halves the space and the writes of registering.
"""

from __future__ import annotations

from django.db import models

from jialiang.security.tenancy.rows import TenantRow
from jialiang.vocabulary.statuses import IdentifierState, choices

LONGEST_PREFIX = 255
LONGEST_REASON = 200


class RecordColumns(TenantRow):
    """What one version of a record holds, and who made it when and why."""

    version = models.PositiveIntegerField(default=1)
    state = models.CharField(
        max_length=10, choices=choices(IdentifierState), default=IdentifierState.ACTIVE
    )
    values_text = models.TextField(default="[]")
    codes_text = models.TextField(default="[]")
    template = models.CharField(max_length=300, blank=True)
    changed_at = models.DateTimeField()
    action = models.CharField(max_length=40, default="identifier.register")
    reason = models.CharField(max_length=LONGEST_REASON, blank=True)
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=100, blank=True)
    batch_id = models.UUIDField(null=True)

    class Meta(TenantRow.Meta):
        """Columns that the record and its history share."""

        abstract = True


class Identifier(RecordColumns):
    """A record as it is now: the name as written, its owner, and where it names a thing of this house, that thing.

    ``digest`` stands for the name without regard to case (``formats.handle.names.name_digest``) and is given once on
    the whole installation; ``prefix`` is in lower case.
    """

    name = models.CharField(max_length=2048)
    digest = models.CharField(max_length=32, unique=True)
    prefix = models.CharField(max_length=LONGEST_PREFIX)
    organization = models.ForeignKey(
        "base_organizations.Organization", null=True, on_delete=models.PROTECT, related_name="+"
    )
    subject_kind = models.CharField(max_length=40, blank=True)
    subject_id = models.UUIDField(null=True)
    created_at = models.DateTimeField()

    class Meta(RecordColumns.Meta):
        """Names and guards of the table."""

        abstract = False
        indexes = [
            models.Index(
                fields=["subject_kind", "subject_id"],
                condition=models.Q(subject_id__isnull=False),
                name="identifier_subject",
            ),
            models.Index(fields=["tenant", "prefix", "id"], name="identifier_prefix"),
        ]

    @property
    def text(self) -> str:
        """``prefix/suffix`` as written."""
        return self.name

    @property
    def suffix(self) -> str:
        """What follows the first slash of the name."""
        return self.name.partition("/")[2]


class IdentifierVersion(RecordColumns):
    """A version of a record that a later one replaced."""

    identifier = models.ForeignKey(Identifier, on_delete=models.PROTECT, related_name="versions")
    organization = models.ForeignKey(
        "base_organizations.Organization", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta(RecordColumns.Meta):
        """One row a version."""

        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["identifier", "version"], name="identifier_version_once")
        ]


class IdentifierCode(TenantRow):
    """The code of a record in another system (GTIN, GIAI, OID …); a code names one record that is not retired."""

    identifier = models.ForeignKey(Identifier, on_delete=models.PROTECT, related_name="codes")
    system = models.CharField(max_length=40)
    code = models.CharField(max_length=200)
    primary = models.BooleanField(default=False)

    class Meta(TenantRow.Meta):
        """Given once on the whole installation."""

        abstract = False
        constraints = [models.UniqueConstraint(fields=["system", "code"], name="identifier_code_once")]


class IdentifierValueClaim(TenantRow):
    """That a record has a value which its template lets stand in one record only.

    ``scope`` stands for prefix and template, ``digest`` for the index and the data; no row belongs to a record that is
    retired.
    """

    identifier = models.ForeignKey(Identifier, on_delete=models.PROTECT, related_name="value_claims")
    scope = models.CharField(max_length=32)
    item_index = models.IntegerField()
    digest = models.CharField(max_length=32)

    class Meta(TenantRow.Meta):
        """Taken once within prefix and template."""

        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["tenant", "scope", "digest"], name="identifier_value_once")
        ]


class IdentifierBatch(TenantRow):
    """Many records written by one call: who, when, how, and what became of them in numbers."""

    mode = models.CharField(max_length=10)
    at = models.DateTimeField()
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=100, blank=True)
    items_digest = models.CharField(max_length=64)
    counts = models.JSONField(default=dict)

    class Meta(TenantRow.Meta):
        """A table of its own, so that audit and history can point at the whole call."""

        abstract = False


class IdentifierCount(TenantRow):
    """How many names an institute ever registered under a prefix: what a quota is held against."""

    prefix_digest = models.CharField(max_length=32)
    registered = models.BigIntegerField(default=0)

    class Meta(TenantRow.Meta):
        """One row a prefix."""

        abstract = False
        constraints = [models.UniqueConstraint(fields=["tenant", "prefix_digest"], name="identifier_count_once")]


class IdentifierSequence(TenantRow):
    """The number that was minted last under a prefix, in one series."""

    prefix_digest = models.CharField(max_length=32)
    series = models.CharField(max_length=120, blank=True)
    last = models.BigIntegerField(default=0)

    class Meta(TenantRow.Meta):
        """One row a prefix and series."""

        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "prefix_digest", "series"], name="identifier_sequence_once"
            )
        ]
