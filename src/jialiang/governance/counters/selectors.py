"""The account of every number of the institute in scope."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from jialiang.governance.counters.models import NumberAllocation, NumberSeries
from jialiang.kernel.text import Text


@dataclass(frozen=True, slots=True)
class AccountLine:
    """What became of one serial: ``missing`` never happens unless somebody wrote to the table by hand."""

    serial: int
    number: str
    state: Literal["used", "void", "missing"]
    subject_id: UUID | None
    reason: Text
    allocated_at: datetime | None
    voided_at: datetime | None


@dataclass(frozen=True, slots=True)
class Gap:
    """A serial that its series has passed and of which no number is known."""

    kind: str
    year: int
    serial: int


def account(kind: str, year: int) -> list[AccountLine]:
    """Return one line for every serial from 1 to the last taken one (two queries, index ``one_serial``)."""
    series = NumberSeries.objects.filter(kind=kind, year=year).first()
    if series is None:
        return []
    taken = {row.serial: row for row in NumberAllocation.objects.filter(series=series)}
    return [_line(serial, taken.get(serial)) for serial in range(1, max([series.last, *taken]) + 1)]


def gaps() -> list[Gap]:
    """Return the serials of all series that are not accounted for: none, if nobody tampered."""
    all_series = NumberSeries.objects.order_by("kind", "year")
    return [
        Gap(series.kind, series.year, line.serial)
        for series in all_series
        for line in account(series.kind, series.year)
        if line.state == "missing"
    ]


def series() -> list[NumberSeries]:
    """Return all series by kind and year (one query)."""
    return list(NumberSeries.objects.order_by("kind", "year"))


def _line(serial: int, row: NumberAllocation | None) -> AccountLine:
    if row is None:
        return AccountLine(serial, "", "missing", None, Text(), None, None)
    state: Literal["used", "void"] = "void" if row.state == "void" else "used"
    return AccountLine(serial, row.number, state, row.subject_id, row.reason, row.allocated_at, row.voided_at)
