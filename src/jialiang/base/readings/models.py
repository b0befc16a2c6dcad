"""Tables of readings."""

from __future__ import annotations

from django.db import models

from jialiang.security.tenancy.rows import TenantRow
from jialiang.vocabulary.statuses import ReadingSource, choices


class ReadingSet(TenantRow):
    """The readings of one record; frozen when the record is submitted."""

    instrument = models.ForeignKey("base_instruments.Instrument", on_delete=models.PROTECT, related_name="+")
    layout = models.JSONField(default=dict)
    frozen_at = models.DateTimeField(null=True)
    digest = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()


class Reading(TenantRow):
    """One cell: the text exactly as entered (``10.000`` is not ``10``), who, when, from where."""

    reading_set = models.ForeignKey(ReadingSet, on_delete=models.PROTECT, related_name="readings")
    row = models.PositiveSmallIntegerField()
    column = models.CharField(max_length=40)
    entered_text = models.CharField(max_length=40)
    decimal_text = models.CharField(max_length=40)
    unit = models.CharField(max_length=60, blank=True)
    source = models.CharField(max_length=6, choices=choices(ReadingSource), default=ReadingSource.MANUAL)
    person_id = models.UUIDField(null=True)
    person_name = models.CharField(max_length=100)
    entered_at = models.DateTimeField()

    class Meta(TenantRow.Meta):
        """Names and guards of the table."""

        abstract = False
        ordering = ["row", "column"]
        constraints = [models.UniqueConstraint(fields=["reading_set", "row", "column"], name="reading_once")]


class ReadingAmendment(TenantRow):
    """An amendment after submission: old, new, why, who, when (ISO/IEC 17025, 7.5.2)."""

    reading = models.ForeignKey(Reading, on_delete=models.PROTECT, related_name="amendments")
    old_text = models.CharField(max_length=40)
    new_text = models.CharField(max_length=40)
    reason = models.CharField(max_length=300)
    person_id = models.UUIDField(null=True)
    person_name = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta(TenantRow.Meta):
        """Order of the table."""

        abstract = False
        ordering = ["at", "id"]
