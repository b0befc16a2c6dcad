"""A budget document as an Excel workbook: model, inputs, correlation, settings, and everything else as JSON.

Every cell is a text cell, so that each number stays as written: 0.0500 does not become 0.05.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from typing import Any

from jialiang.formats.budget_exchange.cells import fits_a_cell, written, written_member
from jialiang.formats.budget_exchange.errors import SheetNotUsable
from jialiang.formats.conversion.libraries import library
from jialiang.science.documents.fields import Fields

MODEL, INPUTS, CORRELATION, SETTINGS, FURTHER = "model", "inputs", "correlation", "settings", "further"
MODEL_HEADS, PAIR_HEADS, MEMBER_HEADS = ("name", "expression", "unit"), ("a", "b", "r"), ("member", "value")
FIRST_HEADS = ("name", "unit", "distribution", "mean", "u", "half_width", "dof", "source")
_WIDTH, _BLANK_ROWS = 18, 40
Rows = list[list[str]]


def write_workbook(data: Any) -> bytes:
    """Return the XLSX of a document. Raises BudgetUnreadable, SheetNotUsable, LibraryMissing."""
    top = Fields(data, "")
    further: dict[str, Any] = {}
    sheets = {
        MODEL: (MODEL_HEADS, _model(top, further)),
        INPUTS: _inputs(top),
        CORRELATION: (PAIR_HEADS, _pairs(top, further)),
        SETTINGS: (
            MEMBER_HEADS,
            [[name, written_member(value)] for name, value in top.inside("settings").data.items()],
        ),
    }
    known = {"model", "inputs", "correlation", "settings"}
    further |= {name: value for name, value in top.data.items() if name not in known}
    sheets[FURTHER] = (MEMBER_HEADS, [[name, written_member(value)] for name, value in further.items()])
    book = library("openpyxl").Workbook()
    book.remove(book.active)
    for name, (heads, rows) in sheets.items():
        _fill(book.create_sheet(name), [list(heads), *rows])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _model(top: Fields, further: dict[str, Any]) -> Rows:
    """Return a row for each expression; what has no row goes to ``further`` as ``model.…``."""
    model = dict(top.inside("model").data)
    expressions = _taken(model, "expr")
    units = _taken(model, "unit")
    others = {name: unit for name, unit in units.items() if name not in expressions or not unit}
    model |= {"unit": others} if others else {}
    further |= {f"model.{name}": value for name, value in model.items()}
    rows = [(name, text, units.get(name, "")) for name, text in expressions.items()]
    return [[written(name), written(text), written(unit) if unit else ""] for name, text, unit in rows]


def _taken(model: dict[str, Any], member: str) -> dict[str, str]:
    """Take a member out of the model where it is texts by name; of another shape it stays, and there are none."""
    given = model.get(member)
    if (
        not isinstance(given, Mapping)
        or not given
        or not all(isinstance(text, str) for text in given.values())
    ):
        return {}
    return {str(name): text for name, text in model.pop(member).items()}


def _inputs(top: Fields) -> tuple[tuple[str, ...], Rows]:
    """Return the members that occur as heads, and a row for each input."""
    entries = _entries(top)
    used = list(dict.fromkeys(str(name) for entry in entries for name in entry))
    heads = [head for head in FIRST_HEADS if head in used] + [
        name for name in used if name not in FIRST_HEADS
    ]
    rows = [[written(entry[head]) if head in entry else "" for head in heads] for entry in entries]
    return tuple(heads) or FIRST_HEADS, rows


def _entries(top: Fields) -> list[Mapping[str, Any]]:
    """Return the inputs as a list of objects; inputs by name become one. Raises BudgetUnreadable."""
    given = top.any_of("inputs")
    if isinstance(given, Mapping):
        named = {n: i if isinstance(i, Mapping) else {"value": i} for n, i in given.items()}
        return [{"name": name, **entry} for name, entry in named.items()]
    return [Fields(entry, f"inputs[{k}]").data for k, entry in enumerate(top.listed("inputs"))]


def _pairs(top: Fields, further: dict[str, Any]) -> Rows:
    given = top.data.get("correlation")
    if isinstance(given, list) and given and all(isinstance(pair, list) and len(pair) == 3 for pair in given):
        return [[written(part) for part in pair] for pair in given]
    further |= {"correlation": given} if given is not None else {}
    return []


def _fill(sheet: Any, rows: Iterable[list[str]]) -> None:
    filled = list(rows)
    for number, row in enumerate(filled, start=1):
        for column, text in enumerate(row, start=1):
            cell = sheet.cell(number, column)
            if not fits_a_cell(text):
                raise SheetNotUsable(
                    place=f"{sheet.title}!{cell.coordinate}", reason=f"{len(text)} characters"
                )
            cell.number_format = "@"
            if text:
                cell.value, cell.data_type = text, "s"
    for column in range(1, len(filled[0]) + 1):
        sheet.column_dimensions[sheet.cell(1, column).column_letter].width = _WIDTH
        for number in range(len(filled) + 1, len(filled) + _BLANK_ROWS):
            sheet.cell(number, column).number_format = "@"
    sheet.freeze_panes = "B2"
