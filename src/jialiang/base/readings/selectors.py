"""Reads of readings."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from jialiang.base.readings.models import Reading, ReadingAmendment, ReadingSet
from jialiang.base.readings.views import Amendment, Cell, Readings
from jialiang.formats.canonical import canonical_json, sha256_hex
from jialiang.kernel.clock import iso_seconds
from jialiang.science.decimal_text import read_decimal


def readings_of(reading_set_id: UUID) -> Readings:
    """Return the readings of a record as they stand, with their amendments: three queries by key."""
    stored = ReadingSet.objects.get(pk=reading_set_id)
    rows = stored.readings.prefetch_related("amendments").order_by("row", "column")
    cells = tuple(_cell(reading) for reading in rows)
    return Readings(stored.id, stored.layout, stored.frozen_at, stored.digest, cells)


def frozen_digest(reading_set_id: UUID) -> str:
    """Return the SHA-256 of the canonical JSON of the cells as first submitted; amendments do not enter."""
    stored = ReadingSet.objects.get(pk=reading_set_id)
    typed = stored.readings.exclude(entered_text="")  # a cell added by amendment has no first text
    cells = [_first_state(reading) for reading in typed.order_by("row", "column")]
    return sha256_hex(canonical_json({"layout": stored.layout, "cells": cells}))


def people_of(reading_set_id: UUID) -> frozenset[UUID]:
    """Return who entered or amended a reading that stands in the set: two queries by foreign key."""
    entered = Reading.objects.filter(reading_set_id=reading_set_id).order_by()
    amended = ReadingAmendment.objects.filter(reading__reading_set_id=reading_set_id).order_by()
    found = {*entered.values_list("person_id", flat=True), *amended.values_list("person_id", flat=True)}
    return frozenset(person for person in found if person is not None)


def digest_problems() -> list[tuple[UUID, str, str]]:
    """Return (set, digest kept, digest recomputed) of frozen readings that no longer match: for ``check``."""
    frozen = ReadingSet.objects.filter(frozen_at__isnull=False)
    compared = [(kept.id, kept.digest, frozen_digest(kept.id)) for kept in frozen]
    return [(key, kept, computed) for key, kept, computed in compared if kept != computed]


def _cell(reading: Reading) -> Cell:
    amendments = tuple(_amendment(row) for row in sorted(reading.amendments.all(), key=lambda a: (a.at, a.id)))
    text = amendments[-1].new_text if amendments else reading.entered_text
    return Cell(
        row=reading.row,
        column=reading.column,
        text=text,
        decimal_text=read_decimal(text).text if amendments else reading.decimal_text,
        unit=reading.unit,
        source=reading.source,
        person_name=reading.person_name,
        entered_at=reading.entered_at,
        first_text=reading.entered_text,
        amendments=amendments,
    )


def _amendment(row: ReadingAmendment) -> Amendment:
    return Amendment(row.old_text, row.new_text, row.reason, row.person_id, row.person_name, row.at)


def _first_state(reading: Reading) -> dict[str, Any]:
    return {
        "row": reading.row,
        "column": reading.column,
        "text": reading.entered_text,
        "unit": reading.unit,
        "source": reading.source,
        "person": reading.person_name,
        "at": iso_seconds(reading.entered_at),
    }
