"""The property values of a DRMD as one long table, and as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from jialiang.formats.conversion.encodings import Encoded, encode_text
from jialiang.formats.conversion.rows import Row, entry, uncertainty_at
from jialiang.formats.conversion.text_tables import harmless
from jialiang.formats.dcc.quantities.model import MeasurementResult, Writing, text_in
from jialiang.formats.drmd.model import Properties, PropertyTable, PropertyValue, ReferenceMaterialDocument

COLUMNS = (
    "document", "kind", "materials", "properties", "certified", "result", "name", "identifiers", "path", "form",
    "writing", "row", "value", "second", "unit", "second_unit", "uncertainty_form", "standard_uncertainty",
    "expanded_uncertainty", "coverage_factor", "coverage_probability", "interval_min", "interval_max",
    "distribution", "date_time", "label", "procedures",
)  # fmt: skip
_MEMBERS = (
    ("value", "values"), ("second", "second"), ("unit", "unit"), ("second_unit", "second_unit"),
    ("label", "label"), ("date_time", "date_time"),
)  # fmt: skip


def rows(document: ReferenceMaterialDocument, language: str = "en") -> Iterator[Row]:
    """Yield a row for every property value, in the order of the file; what the file does not say is empty.

    ``writing`` counts the units of a hybrid, ``row`` the entries of a list. Words stand in ``value``.
    """
    materials = "; ".join(text_in(each.name, language) for each in document.materials)
    head = {"document": document.number, "kind": document.kind, "materials": materials}
    for block, table, each in document.values():
        shared = dict.fromkeys(COLUMNS, "") | head | _shared(block, table, each, language)
        writings = [part for writing in each.quantity.writings for part in writing.flat()]
        for number, writing in enumerate(writings, start=1):
            for row in range(len(writing.values)):
                yield shared | {"writing": str(number)} | _row(writing, row)
        for row, said in enumerate(_words(each.quantity, language), start=1):
            yield shared | {"row": str(row), "value": said}


def csv_of(document: ReferenceMaterialDocument, language: str = "en", encoding: str = "utf-8") -> Encoded:
    """Write the rows as CSV (RFC 4180) that spreadsheet programs open safely. Raises UnknownEncoding."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for row in rows(document, language):
        writer.writerow({column: harmless(cell) for column, cell in row.items()})
    return encode_text(text.getvalue(), encoding)


def _shared(block: Properties, table: PropertyTable, each: PropertyValue, language: str) -> Row:
    return {
        "properties": text_in(block.name, language),
        "certified": "true" if block.is_certified else "false",
        "result": text_in(table.name, language),
        "name": each.quantity.name_in(language),
        "identifiers": "; ".join(f"{i.scheme} {i.number}" for i in each.identifiers),
        "path": each.quantity.path,
        "form": each.quantity.kind,
        "procedures": "; ".join(text_in(procedure.name, language) for procedure in block.procedures),
    }


def _row(writing: Writing, row: int) -> Row:
    said = {member: entry(getattr(writing, column), row) for member, column in _MEMBERS}
    return said | uncertainty_at(writing.uncertainty, row) | {"row": str(row + 1)}


def _words(quantity: MeasurementResult, language: str) -> tuple[str, ...]:
    return quantity.chars or ((text_in(quantity.words, language),) if quantity.words else ())
