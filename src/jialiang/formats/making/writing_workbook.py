"""The form as an Excel workbook: filled with a document, or empty."""

from __future__ import annotations

import io
from itertools import zip_longest
from typing import Any

from jialiang.formats.conversion.libraries import library
from jialiang.formats.making.heads import (
    DOCUMENT_SHEET,
    LIST_SHEETS,
    OBJECT_SHEETS,
    REMARK,
    RESULTS_SHEET,
    flat,
    heads_of,
)
from jialiang.formats.making.result_sheets import OF_RESULT, PART, VALUES
from jialiang.kernel.text import Text

_TEXT = "@"
_ROWS_AS_TEXT = 60
_WIDTH = 24
_PER_ROW = (
    "expandedUncertainty",
    "standardUncertainty",
    "coverageFactor",
    "coverageProbability",
    "conformity",
)
_ALWAYS = ("column", "name", "refType", "unit", "expandedUncertainty", "standardUncertainty", "coverageFactor",
           "coverageProbability", "distribution", "methods", "equipment")  # fmt: skip


def workbook_form(document: dict[str, Any]) -> bytes:
    """Write a form that holds a document; every cell is a text cell, so that what is typed stays as typed.

    The sheets have every head there is, with its meaning in both languages. Raises LibraryMissing.
    """
    book = library("openpyxl").Workbook()
    book.remove(book.active)
    languages = tuple(document["certificate"]["languages"])
    _object_sheet(book.create_sheet(DOCUMENT_SHEET), "document", document, languages)
    for name, kind in OBJECT_SHEETS.items():
        _object_sheet(book.create_sheet(name), kind, document.get(name, {}), languages)
    for name, kind in LIST_SHEETS.items():
        _list_sheet(book.create_sheet(name), kind, document.get(name, []), languages)
    for number, result in enumerate(document.get("results", []), start=1):
        title = RESULTS_SHEET if number == 1 else f"{RESULTS_SHEET} {number}"
        _result_sheet(book.create_sheet(title), result, languages)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _object_sheet(sheet: Any, kind: str, entry: dict[str, Any], languages: tuple[str, ...]) -> None:
    own = {name: inside for name, inside in entry.items() if name in ("template", "comment")}
    held = flat(own if kind == DOCUMENT_SHEET else entry, kind)
    heads = dict(heads_of(kind, languages))
    if kind == DOCUMENT_SHEET:
        heads = {
            head: label for head, label in heads.items() if head.partition("@")[0] in ("template", "comment")
        }
    _put(sheet, 1, ("field", f"{REMARK} 含义 / meaning", "value"))
    heads |= {head: Text() for head in held if head not in heads}
    for row, (head, label) in enumerate(heads.items(), start=2):
        _put(sheet, row, (head, _meaning(label), held.get(head, "")))
    _finish(sheet, 3)


def _list_sheet(sheet: Any, kind: str, entries: list[dict[str, Any]], languages: tuple[str, ...]) -> None:
    flattened = [flat(entry, kind) for entry in entries]
    heads = dict(heads_of(kind, languages))
    for held in flattened:
        heads |= {head: Text() for head in held if head not in heads}
    _put(sheet, 1, tuple(heads))
    _put(
        sheet,
        2,
        (f"{REMARK} {_meaning(next(iter(heads.values())))}", *map(_meaning, list(heads.values())[1:])),
    )
    for row, held in enumerate(flattened, start=3):
        _put(sheet, row, tuple(held.get(head, "") for head in heads))
    _finish(sheet, len(heads))


def _result_sheet(sheet: Any, result: dict[str, Any], languages: tuple[str, ...]) -> None:
    own = flat({name: result[name] for name in result if name not in ("columns", "files")}, "result")
    heads = dict(heads_of("result", languages))
    heads |= {head: Text() for head in own if head not in heads}
    row = 1
    for head, label in heads.items():
        _put(sheet, row, (OF_RESULT + head, own.get(head, ""), "", f"{REMARK} {_meaning(label)}"))
        row += 1
    columns = [each for column in result["columns"] for each in _sheet_columns(column)]
    _put(sheet, row, (PART, *(part for part, _, _ in columns)))
    for head in _column_heads(columns, languages):
        row += 1
        _put(sheet, row, (head, *(cells.get(head, "") for _, cells, _ in columns)))
    _put_rows(sheet, row + 1, columns)
    _finish(sheet, len(columns) + 1)


SheetColumn = tuple[str, dict[str, Any], list[str]]


def _put_rows(sheet: Any, first: int, columns: list[SheetColumn]) -> None:
    rows = list(zip_longest(*(texts for _, _, texts in columns), fillvalue="")) or [()]
    for number, cells_of_row in enumerate(rows):
        _put(sheet, first + number, ("" if number else VALUES, *cells_of_row))


def _column_heads(columns: list[SheetColumn], languages: tuple[str, ...]) -> list[str]:
    wanted = [head for head, _ in heads_of("column", languages) if head.partition("@")[0] in _ALWAYS]
    return list(dict.fromkeys([*wanted, *(head for _, cells, _ in columns for head in cells)]))


def _sheet_columns(column: dict[str, Any]) -> list[SheetColumn]:
    """Return the sheet columns of a quantity: its part, its heads, its rows; constants stand in the heads."""
    rows = column.get("values", column.get("texts", []))
    per_row = {name: column[name] for name in _PER_ROW if len(column.get(name, ())) > 1}
    constants = {
        name: column[name][0] for name in _PER_ROW if len(column.get(name, ())) == 1 and len(rows) != 1
    }
    described = {
        name: inside for name, inside in column.items() if name not in (*_PER_ROW, "values", "texts")
    }
    alone = {name: column[name] for name in _PER_ROW if len(column.get(name, ())) == 1 and len(rows) == 1}
    if "conformity" in constants:  # it has no row of its own among the heads
        per_row["conformity"] = [constants.pop("conformity")] * len(rows)
    heads = flat(described, "column") | constants
    parts = [("text" if "texts" in column else "value", heads, list(rows))]
    return parts + [(name, {}, list(texts)) for name, texts in (per_row | alone).items()]


def _meaning(label: Text) -> str:
    return f"{label.zh} / {label.en}" if label else ""


def _put(sheet: Any, row: int, cells: tuple[Any, ...]) -> None:
    for column, held in enumerate(cells, start=1):
        cell = sheet.cell(row, column)
        cell.number_format = _TEXT
        if isinstance(held, bool):
            cell.value = "true" if held else "false"
        elif held != "":
            cell.value = str(held)
            cell.data_type = "s"


def _finish(sheet: Any, columns: int) -> None:
    for row in range(1, max(sheet.max_row, _ROWS_AS_TEXT) + 1):
        for column in range(1, columns + 1):
            sheet.cell(row, column).number_format = _TEXT
    for column in range(1, columns + 1):
        sheet.column_dimensions[sheet.cell(1, column).column_letter].width = _WIDTH
    sheet.freeze_panes = "B2"
