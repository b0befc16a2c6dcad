"""Readings as plain values: the table, its columns, and what is still missing."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest

from jialiang.base.readings.views import Amendment, Cell, Readings

AT = datetime(2026, 6, 16, tzinfo=UTC)
LAYOUT = {
    "columns": [
        {"key": key, "name": {"zh": key, "en": key}, "unit": "\\kelvin"} for key in ("standard", "indication")
    ],
    "rows": 3,
}


def cell(row, column, text, *amendments):
    decimal = text.replace("．", ".")
    return Cell(row, column, text, decimal, "\\kelvin", "manual", "李四", AT, text, amendments)


def table(*cells):
    return Readings(UUID(int=1), LAYOUT, None, "", cells)


def test_columns_stand_in_the_order_of_the_table_and_not_of_the_alphabet():
    empty = table()
    assert empty.columns == ("standard", "indication")
    assert empty.row_count == 3


def test_a_column_gives_what_was_understood_top_down_with_gaps_where_nothing_stands():
    filled = table(cell(3, "standard", "20.30"), cell(1, "standard", "20．10"), cell(2, "indication", "7"))
    assert filled.column("standard") == ["20.10", "", "20.30"]
    assert filled.column("indication") == ["", "7", ""]
    assert filled.column("unknown") == ["", "", ""]


@pytest.mark.parametrize(
    ("row", "column", "text"),
    [
        (1, "standard", "20.1"),
        (1, "indication", None),
        (2, "standard", None),
        (0, "standard", None),
        (9, "x", None),
    ],
)
def test_a_cell_is_found_by_row_and_column(row, column, text):
    found = table(cell(1, "standard", "20.1")).cell(row, column)
    assert (found.text if found else None) == text


def test_what_is_missing_is_named_row_by_row_and_a_cell_with_an_empty_text_is_missing_too():
    filled = table(
        cell(1, "standard", "20.1"),
        cell(1, "indication", "20.2"),
        cell(2, "indication", "20.3"),
        cell(3, "standard", ""),
    )
    assert filled.missing() == ((2, "standard"), (3, "standard"), (3, "indication"))


def test_an_empty_table_lacks_everything_and_a_full_one_nothing():
    assert len(table().missing()) == 6
    full = [cell(row, column, "1") for row in (1, 2, 3) for column in ("standard", "indication")]
    assert table(*full).missing() == ()


def test_a_cell_is_amended_when_it_has_an_amendment():
    amendment = Amendment("20.1", "20.2", "看错", None, "李四", AT)
    assert not cell(1, "standard", "20.1").is_amended
    assert cell(1, "standard", "20.1", amendment).is_amended
