"""A sheet of results: heads on the left for the table and its columns, then a row a point."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jialiang.formats.making.fields import fields_of
from jialiang.formats.making.heads import PARTS, REMARK, is_head, put
from jialiang.formats.making.problems import Path, Problems
from jialiang.formats.making.sheets import Sheet

PART, VALUES, OF_RESULT = "part", "values", "result."
_MEMBERS = {"value": "values", "text": "texts"}


@dataclass
class _Reading:
    """One sheet while it is read: its quantity columns, by the number of their sheet column."""

    sheet: Sheet
    position: int
    places: dict[Path, str]
    problems: Problems

    def problem(self, kind: str, row: int, column: int, **facts: object) -> None:
        """Note a problem of a cell."""
        Problems({("cell",): self.sheet.place(row, column)}, self.problems.found).add(
            kind, ("cell",), **facts
        )

    @property
    def path(self) -> Path:
        """The path of the result."""
        return ("results", self.position)


def read_results(sheet: Sheet, position: int, places: dict[Path, str], problems: Problems) -> dict[str, Any]:
    """Return a result of a document; every member's cell is noted in ``places``, what is unusable in ``problems``."""
    reading = _Reading(sheet, position, places, problems)
    heads = _heads(reading)
    result: dict[str, Any] = {}
    places[reading.path] = sheet.place(1, 1)
    for head, row in heads.items():
        if head.startswith(OF_RESULT) and sheet.at(row, 2) != "":
            path = put(result, head.removeprefix(OF_RESULT), sheet.at(row, 2), "result")
            places[(*reading.path, *path)] = sheet.place(row, 2)
    columns = _columns(reading, heads)
    result["columns"] = list({id(quantity): quantity for quantity, _ in columns.values()}.values())
    _fill(reading, columns, heads)
    return result


def _heads(reading: _Reading) -> dict[str, int]:
    heads: dict[str, int] = {}
    for row in reading.sheet.rows():
        head = reading.sheet.text(row, 1)
        if not head or head.startswith(REMARK):
            continue
        if not _is_known(head):
            expected = ", ".join((PART, "column", "name@zh", "refType", "unit", VALUES, "result.name@zh"))
            reading.problem("CELL-HEAD", row, 1, given=head, expected=expected)
        elif head in heads:
            reading.problem("CELL-TWICE", row, 1, given=head)
        else:
            heads[head] = row
        if head == VALUES:
            break
    for wanted in (PART, VALUES):
        if wanted not in heads:
            reading.problem("CELL-HEAD", 1, 1, given=reading.sheet.text(1, 1), expected=wanted)
    return heads


def _is_known(head: str) -> bool:
    plain = head.removeprefix(OF_RESULT)
    members = fields_of("result") if plain != head else (*fields_of("column"), PART, VALUES)
    return plain.partition("@")[0] in members and is_head(plain)


Columns = dict[int, tuple[dict[str, Any], str]]


def _columns(reading: _Reading, heads: dict[str, int]) -> Columns:
    """Return the quantity that each sheet column belongs to, and which part of it the column holds."""
    found: Columns = {}
    count = 0
    current: dict[str, Any] | None = None
    for column in _used_columns(reading.sheet, heads):
        part = reading.sheet.text(heads[PART], column)
        known = PARTS if current is not None or part not in PARTS else tuple(_MEMBERS)
        if part not in known:
            reading.problem("CELL-HEAD", heads[PART], column, given=part, expected=", ".join(known))
            continue
        if part in _MEMBERS:
            current = _described(reading, heads, column, count)
            count += 1
        if current is not None:
            found[column] = (current, part)
    return found


def _used_columns(sheet: Sheet, heads: dict[str, int]) -> list[int]:
    columns = [column for column in sheet.columns() if column > 1] if PART in heads else []
    return [column for column in columns if _is_used(sheet, column, heads)]


def _is_used(sheet: Sheet, column: int, heads: dict[str, int]) -> bool:
    rows = [row for head, row in heads.items() if not head.startswith(OF_RESULT)]
    return any(
        sheet.at(row, column) != "" for row in sheet.rows() if row in rows or row > heads.get(VALUES, row)
    )


def _described(reading: _Reading, heads: dict[str, int], column: int, count: int) -> dict[str, Any]:
    quantity: dict[str, Any] = {}
    path = (*reading.path, "columns", count)
    reading.places[path] = reading.sheet.place(heads[PART], column)
    for head, row in heads.items():
        held = reading.sheet.at(row, column)
        if head in (PART, VALUES) or head.startswith(OF_RESULT) or held == "":
            continue
        inner = put(quantity, head, held, "column")
        reading.places[(*path, *inner)] = reading.sheet.place(row, column)
    return quantity


def _rows(sheet: Sheet, first: int, columns: Columns) -> list[int]:
    """Return the rows of values: from the first on, remarks and empty ones left out."""
    rows = (row for row in sheet.rows() if row >= first and not sheet.text(row, 1).startswith(REMARK))
    return [row for row in rows if any(sheet.at(row, column) != "" for column in columns)]


def _fill(reading: _Reading, columns: Columns, heads: dict[str, int]) -> None:
    if VALUES not in heads:
        return
    sheet, rows = reading.sheet, _rows(reading.sheet, heads[VALUES], columns)
    distinct = dict.fromkeys(id(quantity) for quantity, _ in columns.values())
    numbers = {key: number for number, key in enumerate(distinct)}
    for column, (quantity, part) in columns.items():
        member = _MEMBERS.get(part, part)
        quantity[member] = [sheet.text(row, column) for row in rows]
        path = (*reading.path, "columns", numbers[id(quantity)], member)
        reading.places[path] = sheet.place(rows[0] if rows else heads[VALUES], column)
        for number, row in enumerate(rows):
            reading.places[(*path, number)] = sheet.place(row, column)
