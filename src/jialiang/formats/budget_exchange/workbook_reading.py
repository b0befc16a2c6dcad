"""A workbook of budget sheets as a document. Formulas are refused: what they would give elsewhere nobody knows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from jialiang.formats.budget_exchange.cells import read, read_member
from jialiang.formats.budget_exchange.errors import SheetNotUsable
from jialiang.formats.budget_exchange.workbook_writing import (
    CORRELATION,
    FURTHER,
    INPUTS,
    MEMBER_HEADS,
    MODEL,
    MODEL_HEADS,
    PAIR_HEADS,
    SETTINGS,
)
from jialiang.formats.making.cells import CellProblem, cell_text
from jialiang.formats.making.reading_workbook import open_workbook

MAGIC = b"PK\x03\x04"
_SHEETS = (MODEL, INPUTS, CORRELATION, SETTINGS, FURTHER)
_NEEDED = {MODEL: MODEL_HEADS, CORRELATION: PAIR_HEADS, SETTINGS: MEMBER_HEADS, FURTHER: MEMBER_HEADS}
Row = dict[str, str]


def read_workbook(data: bytes) -> dict[str, Any]:
    """Return the document of a workbook. Raises SheetNotUsable, WorkbookNotReadable, LibraryMissing."""
    stored, _ = open_workbook(data)
    unknown = [name for name in stored.sheetnames if name not in _SHEETS and not name.startswith("#")]
    if unknown or INPUTS not in stored.sheetnames:
        raise SheetNotUsable(place=(unknown or [INPUTS])[0], reason=", ".join(_SHEETS))
    rows = {name: list(_rows(stored[name])) if name in stored.sheetnames else [] for name in _SHEETS}
    further = _members(rows[FURTHER], FURTHER)
    model = _model(rows[MODEL])
    for name in [name for name in further if name.startswith("model.")]:
        _join(model, name.removeprefix("model."), further.pop(name))
    found = {
        "model": model,
        "inputs": [{head: _read(row, head, INPUTS) for head in row} for row in rows[INPUTS]],
        "correlation": [[_read(row, head, CORRELATION) for head in PAIR_HEADS] for row in rows[CORRELATION]],
        "settings": _members(rows[SETTINGS], SETTINGS),
    }
    return further | {name: value for name, value in found.items() if value}


def _members(rows: list[Row], title: str) -> dict[str, Any]:
    return {row["member"]: _read(row, "value", title, read_member) for row in rows}


def _model(rows: list[Row]) -> dict[str, Any]:
    model: dict[str, Any] = {}
    if rows:
        model["expr"] = {str(_read(row, "name", MODEL)): _read(row, "expression", MODEL) for row in rows}
    units = {str(_read(row, "name", MODEL)): _read(row, "unit", MODEL) for row in rows if row.get("unit")}
    return model | ({"unit": units} if units else {})


def _join(model: dict[str, Any], name: str, value: Any) -> None:
    """Put a member of the model beside those of the rows; units of other names join theirs."""
    if name == "unit" and isinstance(value, dict) and isinstance(model.get("unit"), dict):
        model["unit"] |= value
    else:
        model[name] = value


def _rows(sheet: Any) -> Iterator[Row]:
    """Yield the rows below the heads; empty ones and cells without a text are left out."""
    heads: list[str] = []
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        texts = [_text(sheet, cell) for cell in cells]
        if number == 1:
            heads = texts
            _require_heads(sheet.title, heads)
            continue
        beyond = [k for k, text in enumerate(texts) if text and not heads[k]]
        if beyond:
            raise SheetNotUsable(place=f"{sheet.title}!{cells[beyond[0]].coordinate}", reason="?")
        row = {head: text for head, text in zip(heads, texts, strict=True) if text}
        if row:
            _require_first(sheet.title, number, row)
            yield row


def _text(sheet: Any, cell: Any) -> str:
    place = f"{sheet.title}!{getattr(cell, 'coordinate', '?')}"
    if cell.data_type == "f":
        raise SheetNotUsable(place=place, reason=str(cell.value)[:60])
    try:
        text = cell_text(cell)
    except CellProblem as problem:
        raise SheetNotUsable(place=place, reason=problem.kind) from problem
    return ("true" if text else "false") if isinstance(text, bool) else text


def _require_heads(title: str, heads: list[str]) -> None:
    named = [head for head in heads if head]
    needed = _NEEDED.get(title, ("name",))
    wrong = [head for head in needed if head not in named] or [
        head for head in named if named.count(head) > 1
    ]
    if wrong:
        raise SheetNotUsable(place=f"{title}!1", reason=f"{wrong[0]} ({', '.join(needed)})")


def _require_first(title: str, number: int, row: Row) -> None:
    needed = {MODEL: MODEL_HEADS[:2], CORRELATION: PAIR_HEADS, SETTINGS: MEMBER_HEADS, FURTHER: MEMBER_HEADS}
    missing = [head for head in needed.get(title, ()) if not row.get(head)]
    if missing:
        raise SheetNotUsable(place=f"{title}!{number}", reason=missing[0])


def _read(row: Row, head: str, title: str, reader: Callable[[str], Any] = read) -> Any:
    try:
        return reader(row[head])
    except ValueError as problem:
        raise SheetNotUsable(place=f"{title}: {head}", reason=row[head][:60]) from problem
