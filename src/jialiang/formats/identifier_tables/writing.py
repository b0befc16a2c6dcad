"""Writing tables of identifiers that :mod:`reading` takes back."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from jialiang.formats.handle.json_values import compact, value_json
from jialiang.formats.handle.values import HandleValue
from jialiang.formats.identifier_tables.rows import TableRow

BYTE_ORDER_MARK = "\ufeff"  # tells spreadsheet programs that a CSV is UTF-8
FORMULA = ("=", "+", "-", "@")
GUARD = "'"


def is_like_formula(cell: str) -> bool:
    """Tell whether a cell begins like a formula, behind however many apostrophes: it gets one more when written."""
    return cell.lstrip(GUARD).startswith(FORMULA)


def write_ndjson(rows: Iterable[TableRow]) -> Iterator[bytes]:
    """Yield one line a row, with everything that the row says."""
    for row in rows:
        said: dict[str, Any] = {"handle": row.name, "state": row.state}
        said |= {"template": row.template} if row.template else {}
        said["values"] = [value_json(value) for value in row.values]
        codes = [
            {"system": code.system, "code": code.code, **({"primary": True} if code.primary else {})}
            for code in row.codes
        ]
        yield compact(said | ({"codes": codes} if codes else {})) + b"\n"


def write_csv(rows: Sequence[TableRow]) -> Iterator[bytes]:
    """Yield a table of all rows: a column for each index and type and for each system of codes that occurs.

    A value that is not text, and what a cell cannot tell (permissions, time to live), are left out: NDJSON has all.
    """
    kinds = sorted({(value.index, value.type) for row in rows for value in row.values if value.text is not None})
    systems = list(dict.fromkeys(code.system for row in rows for code in _primary_first(row)))
    headings = ["identifier", "state", "template", *(f"code:{s}" for s in systems), *(f"{i}:{t}" for i, t in kinds)]
    yield (BYTE_ORDER_MARK + _line(headings)).encode()
    for row in rows:
        codes = {code.system: code.code for code in row.codes}
        texts = {(value.index, value.type): _text(value) for value in row.values}
        cells = [row.name, row.state, row.template]
        cells += [*(codes.get(system, "") for system in systems), *(texts.get(kind, "") for kind in kinds)]
        yield _line(cells).encode()


def _text(value: HandleValue) -> str:
    return value.text or ""


def _primary_first(row: TableRow) -> list[Any]:
    return sorted(row.codes, key=lambda code: not code.primary)


def _line(cells: Iterable[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(f"{GUARD}{cell}" if is_like_formula(cell) else cell for cell in cells)
    return out.getvalue()
