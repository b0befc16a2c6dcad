"""The quantities of a certificate as tables of other libraries: Arrow, pandas, Parquet, Excel."""

from __future__ import annotations

import io
import re
from decimal import Decimal
from typing import Any

from jialiang.formats.conversion.libraries import library
from jialiang.formats.conversion.rows import COLUMNS, entry, groups, rows
from jialiang.formats.conversion.text_tables import harmless
from jialiang.formats.dcc.certificate import Certificate
from jialiang.formats.dcc.quantities.model import MeasurementResult, Writing, text_in
from jialiang.formats.dsi.units import unit_text

_NUMBERS = ("value", "expanded_uncertainty", "standard_uncertainty")
_DECIMAL = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?")
_EXACT_DIGITS = 15  # of a float
_LONGEST_CELL = 32_000
_SHEET_NAME = 31
_WIDEST, _NARROWEST = 48, 10


def arrow_table(certificate: Certificate, language: str = "en") -> Any:
    """Return all rows as a ``pyarrow.Table``: the columns of the rows as texts, and numbers beside them.

    ``value_number``, ``expanded_uncertainty_number`` and ``standard_uncertainty_number`` are floats, null where a
    text is no number. Raises LibraryMissing.
    """
    arrow = library("pyarrow")
    found = list(rows(certificate, language))
    columns: dict[str, Any] = {
        name: arrow.array([row[name] for row in found], arrow.string()) for name in COLUMNS
    }
    columns["row"] = arrow.array([int(row["row"]) for row in found], arrow.int32())
    for name in _NUMBERS:
        columns[f"{name}_number"] = arrow.array([_float(row[name]) for row in found], arrow.float64())
    table = arrow.table(columns)
    return table.replace_schema_metadata(
        {"certificate": certificate.number, "dcc_version": certificate.version}
    )


def data_frame(certificate: Certificate, language: str = "en") -> Any:
    """Return all rows as a ``pandas.DataFrame`` with the columns of :func:`arrow_table`. Raises LibraryMissing."""
    library("pandas")
    return arrow_table(certificate, language).to_pandas()


def parquet_of(certificate: Certificate, language: str = "en") -> bytes:
    """Write all rows as Parquet. Raises LibraryMissing."""
    table, buffer = arrow_table(certificate, language), io.BytesIO()
    library("pyarrow.parquet").write_table(table, buffer, compression="zstd")
    return buffer.getvalue()


def workbook_of(certificate: Certificate, language: str = "en") -> bytes:
    """Write an Excel workbook: a sheet for every table of results, and one with all rows. Raises LibraryMissing.

    Numbers of up to 15 digits are numbers that show the decimals of the certificate; longer ones stay texts. No
    text is ever a formula.
    """
    book = library("openpyxl").Workbook()
    book.remove(book.active)
    for position, group in enumerate(groups(certificate), start=1):
        _results(book.create_sheet(_sheet_name(position, group, language)), group, language)
    everything = book.create_sheet("全部量值" if language == "zh" else "All values")
    everything.append(list(COLUMNS))
    for row in rows(certificate, language):
        everything.append([None] * len(COLUMNS))
        for column, name in enumerate(COLUMNS, start=1):
            _put(everything.cell(everything.max_row, column), row[name])
    for sheet in book.worksheets:
        sheet.freeze_panes = "A2"
        _set_widths(sheet)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _results(sheet: Any, group: tuple[MeasurementResult, ...], language: str) -> None:
    column = 1
    for quantity in group:
        for writing in (part for each in quantity.writings for part in each.flat()):
            column = _columns_of(sheet, column, quantity, writing, language)
        if quantity.chars or quantity.words:
            words = quantity.chars or (text_in(quantity.words, language),)
            _column(sheet, column, quantity.name_in(language), words)
            column += 1


def _columns_of(sheet: Any, column: int, quantity: MeasurementResult, writing: Writing, language: str) -> int:
    unit = unit_text(writing.unit[0]).in_language(language) if len(set(writing.unit)) == 1 else ""
    name = quantity.name_in(language) + (f" / {unit}" if unit else "")
    many = len(writing.values)
    u = writing.uncertainty
    for heading, texts in (
        (name, writing.values), (f"{name} (2)", writing.second), (f"U ({name})", u.expanded_uncertainty),
        (f"u ({name})", u.standard_uncertainty), ("k", u.coverage_factor), ("p", u.coverage_probability),
    ):  # fmt: skip
        if texts:
            _column(sheet, column, heading, tuple(entry(texts, row) for row in range(many)))
            column += 1
    return column


def _column(sheet: Any, column: int, heading: str, texts: tuple[str, ...]) -> None:
    _put(sheet.cell(1, column), heading)
    for row, text in enumerate(texts, start=2):
        _put(sheet.cell(row, column), text)


def _put(cell: Any, text: str) -> None:
    # Letters that XML cannot carry cannot stand in a workbook either; a certificate, being XML, has none.
    if _DECIMAL.fullmatch(text) and _digits(text) <= _EXACT_DIGITS and "e" not in text.lower():
        cell.value = float(text)
        decimals = len(text.partition(".")[2])
        cell.number_format = f"0.{'0' * decimals}" if decimals else "0"
    elif text:
        cell.value = harmless(text)[:_LONGEST_CELL]
        cell.data_type = "s"


def _digits(text: str) -> int:
    return len(Decimal(text).as_tuple().digits)


def _sheet_name(position: int, group: tuple[MeasurementResult, ...], language: str) -> str:
    name = re.sub(r"[\\/*?:\[\]']", " ", text_in(group[0].result, language)).strip()
    return f"{position} {name}"[:_SHEET_NAME].strip()


def _set_widths(sheet: Any) -> None:
    for column in sheet.iter_cols(min_row=1, max_row=1):
        width = min(max(len(str(column[0].value or "")) + 2, _NARROWEST), _WIDEST)
        sheet.column_dimensions[column[0].column_letter].width = width


def _float(text: str) -> float | None:
    return float(text) if _DECIMAL.fullmatch(text) else None
