"""Writes of readings: a draft is typed over, a submitted reading only amended."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from jialiang.base.readings.errors import (
    CellOutsideLayout,
    NothingAmended,
    ReadingsFrozen,
    ReadingsNotFrozen,
    ReasonMissing,
    TextRefused,
)
from jialiang.base.readings.models import Reading, ReadingAmendment, ReadingSet
from jialiang.base.readings.selectors import frozen_digest
from jialiang.base.readings.views import CellEntry
from jialiang.governance.data_elements import refusal
from jialiang.kernel.clock import iso_seconds
from jialiang.kernel.ids import new_id
from jialiang.science.decimal_text import read_decimal
from jialiang.security.actor import Actor
from jialiang.security.tenancy.scope import current_tenant_id


def create_reading_set(*, instrument_id: UUID, layout: dict[str, Any], now: datetime) -> ReadingSet:
    """Create the empty readings of a record; ``layout`` is ``{"columns": [{"key", "name", "unit"}], "rows": n}``."""
    return ReadingSet.objects.create(
        id=new_id(now), tenant_id=current_tenant_id(), instrument_id=instrument_id, layout=layout, created_at=now
    )


def enter(reading_set_id: UUID, entries: Iterable[CellEntry], *, actor: Actor, now: datetime) -> None:
    """Type into a draft. A cell whose text is unchanged keeps its person and time; typed twice, the last counts.

    Raises ReadingsFrozen, CellOutsideLayout, TextRefused, and what reading a number raises.
    """
    stored = ReadingSet.objects.select_for_update().get(pk=reading_set_id)
    if stored.frozen_at is not None:
        raise ReadingsFrozen(frozen_at=iso_seconds(stored.frozen_at))
    present = {(r.row, r.column): r for r in stored.readings.all()}
    for entry in entries:
        place = (entry.row, entry.column)
        column = _column(stored, *place)
        reading = present.get(place)
        text = entry.text.strip()
        if reading is not None and reading.entered_text == text:
            continue
        if reading is not None:
            present.pop(place).delete()
        if text:
            present[place] = _create(stored, column, entry, actor, now)


def freeze(reading_set_id: UUID, now: datetime) -> str:
    """Freeze the readings at submission and return their digest; frozen readings stay as they are."""
    stored = ReadingSet.objects.select_for_update().get(pk=reading_set_id)
    if stored.frozen_at is None:
        stored.frozen_at, stored.digest = now, frozen_digest(reading_set_id)
        stored.save(update_fields=["frozen_at", "digest"])
    return stored.digest


def amend(reading_set_id: UUID, entry: CellEntry, *, reason: str, actor: Actor, now: datetime) -> tuple[str, str]:
    """Amend a submitted reading, or add one that was missing; returns (old text, new text).

    The stored cell is never touched: the amendment stands beside it. Raises ReasonMissing, NothingAmended,
    TextRefused.
    """
    stored = ReadingSet.objects.select_for_update().get(pk=reading_set_id)
    place = {"row": entry.row, "column": entry.column}
    if stored.frozen_at is None:
        raise ReadingsNotFrozen()
    if not reason.strip():
        raise ReasonMissing(**place)
    _require_storable(ReadingAmendment, entry, new_text=entry.text.strip(), reason=reason.strip())
    column = _column(stored, entry.row, entry.column)
    new_text = read_decimal(entry.text).as_typed.strip()
    reading = stored.readings.filter(**place).first()
    if reading is None:
        reading = _create(stored, column, CellEntry(entry.row, entry.column, "", entry.source), actor, now)
    last = reading.amendments.order_by("at", "id").last()
    old_text = last.new_text if last else reading.entered_text
    if old_text == new_text:
        raise NothingAmended(text=old_text, **place)
    ReadingAmendment.objects.create(
        id=new_id(now),
        tenant_id=stored.tenant_id,
        reading=reading,
        old_text=old_text,
        new_text=new_text,
        reason=reason.strip(),
        person_id=actor.person_id,
        person_name=actor.name.zh or actor.name.en,
        at=now,
    )
    return old_text, new_text


def copy_readings(source_id: UUID, target_id: UUID) -> None:
    """Copy the readings as they stand into an amending record, with their own source, person and time."""
    source, target = ReadingSet.objects.get(pk=source_id), ReadingSet.objects.get(pk=target_id)
    for reading in source.readings.prefetch_related("amendments"):
        last = max(reading.amendments.all(), key=lambda a: (a.at, a.id), default=None)
        text = last.new_text if last else reading.entered_text
        Reading.objects.create(
            id=new_id(target.created_at),
            tenant_id=target.tenant_id,
            reading_set=target,
            row=reading.row,
            column=reading.column,
            entered_text=text,
            decimal_text=read_decimal(text).text,
            unit=reading.unit,
            source=reading.source,
            person_id=last.person_id if last else reading.person_id,
            person_name=last.person_name if last else reading.person_name,
            entered_at=last.at if last else reading.entered_at,
        )


def _column(stored: ReadingSet, row: int, key: str) -> dict[str, Any]:
    columns = stored.layout["columns"]
    found: dict[str, Any] | None = next((column for column in columns if column["key"] == key), None)
    if found is None or not 1 <= row <= stored.layout["rows"]:
        names = ", ".join(column["key"] for column in columns)
        raise CellOutsideLayout(row=row, column=key, columns=names, rows=stored.layout["rows"])
    return found


def _require_storable(table: type[Reading | ReadingAmendment], entry: CellEntry, **texts: str) -> None:
    """Refuse on every database what PostgreSQL would not store: too long, or with control characters."""
    for column, text in texts.items():
        why = refusal(table, column, text)
        if why is not None:
            raise TextRefused(row=entry.row, column=entry.column, reason=why)


def _create(
    stored: ReadingSet, column: dict[str, Any], entry: CellEntry, actor: Actor, now: datetime
) -> Reading:
    text = entry.text.strip()
    _require_storable(Reading, entry, entered_text=text)
    return Reading.objects.create(
        id=new_id(now),
        tenant_id=stored.tenant_id,
        reading_set=stored,
        row=entry.row,
        column=entry.column,
        entered_text=text,
        decimal_text=read_decimal(text).text if text else "",
        unit=column.get("unit", ""),
        source=entry.source,
        person_id=actor.person_id,
        person_name=actor.name.zh or actor.name.en,
        entered_at=now,
    )
