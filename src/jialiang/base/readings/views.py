"""Readings as plain values: what higher layers see of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class CellEntry:
    """What somebody typed into one cell; an empty text empties a draft's cell."""

    row: int
    column: str
    text: str
    source: str = "manual"


@dataclass(frozen=True, slots=True)
class Amendment:
    """One amendment: old, new, why, who, when."""

    old_text: str
    new_text: str
    reason: str
    person_id: UUID | None
    person_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as it stands now: ``text`` as typed, ``decimal_text`` as understood, and how it came to be."""

    row: int
    column: str
    text: str
    decimal_text: str
    unit: str
    source: str
    person_name: str
    entered_at: datetime
    first_text: str
    amendments: tuple[Amendment, ...] = ()

    @property
    def is_amended(self) -> bool:
        """Whether the cell was amended after submission."""
        return bool(self.amendments)


@dataclass(frozen=True, slots=True)
class Readings:
    """The readings of one record, ordered by row and column, with the table they were typed into."""

    reading_set_id: UUID
    layout: dict[str, Any]
    frozen_at: datetime | None
    digest: str
    cells: tuple[Cell, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Keys of the columns, in the order of the table."""
        return tuple(column["key"] for column in self.layout["columns"])

    @property
    def row_count(self) -> int:
        """Number of rows of the table."""
        return int(self.layout["rows"])

    def cell(self, row: int, column: str) -> Cell | None:
        """Return one cell, or None where nothing has been typed."""
        return next((c for c in self.cells if c.row == row and c.column == column), None)

    def column(self, key: str) -> list[str]:
        """Return the understood decimal texts of a column, top down; empty where nothing has been typed."""
        by_row = {c.row: c.decimal_text for c in self.cells if c.column == key}
        return [by_row.get(row, "") for row in range(1, self.row_count + 1)]

    def missing(self) -> tuple[tuple[int, str], ...]:
        """Return the (row, column) pairs that are still empty, row by row."""
        filled = {(c.row, c.column) for c in self.cells if c.text}
        wanted = [(row, key) for row in range(1, self.row_count + 1) for key in self.columns]
        return tuple(place for place in wanted if place not in filled)
