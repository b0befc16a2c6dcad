"""Writing tables of identifiers that :mod:`reading` takes back whole: nothing of a record is lost on the way.

A table of cells has a column for each index, with the type that most records have there, and for each system of codes.
What those cells cannot tell of a row (bytes, permissions, another type under the index, two lines) stands in ``more``.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import IO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from jialiang.formats.handle.json_values import compact, value_json
from jialiang.formats.handle.values import HandleValue
from jialiang.formats.identifier_tables.columns import LONGEST_CELL, Column, TableRefused, columns_of
from jialiang.formats.identifier_tables.more import code_json, written_more
from jialiang.formats.identifier_tables.rows import TableCode, TableRow
from jialiang.kernel.errors import InvalidInput
from jialiang.kernel.text import Text, is_one_line

BYTE_ORDER_MARK = "\ufeff"  # tells spreadsheet programs that a CSV is UTF-8
FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
GUARD = "'"
MOST_VALUE_COLUMNS = 200
MOST_CODE_COLUMNS = 50
MOST_WORKBOOK_ROWS = 1_048_575
_SEPARATORS = frozenset(",;\t\"")


class TableUnfit(InvalidInput):
    """A record cannot stand in a table of this kind; facts: ``reason``."""

    code = "JL-IDT-003"


@dataclass(frozen=True, slots=True)
class Headings:
    """The columns that the rows of a table need: types by their indexes, and systems of codes."""

    types: dict[int, str]
    systems: tuple[str, ...]
    more: bool = True

    @property
    def texts(self) -> list[str]:
        """The first row of the table."""
        codes, values = (f"code:{each}" for each in self.systems), (f"{i}:{kind}" for i, kind in self.types.items())
        return ["identifier", "state", "template", *codes, *values, *(["more"] if self.more else [])]


def headings_for(rows: Iterable[TableRow]) -> Headings:
    """Return the columns that rows need, the types most frequent under their indexes first; goes through them once."""
    kinds: Counter[tuple[int, str]] = Counter()
    systems: Counter[str] = Counter()
    more = False
    for row in rows:
        cells = [(value.index, value.type) for value in row.values if _is_cell(value)]
        more = more or len(cells) < len(row.values) or len(row.codes) > 1 or not _are_cells(row.codes)
        kinds.update(cells)
        systems.update(code.system for code in row.codes)
    types: dict[int, str] = {}
    for index, kind in (kind for kind, _ in kinds.most_common() if _is_heading(*kind)):
        if len(types) < MOST_VALUE_COLUMNS:
            types.setdefault(index, kind)
    more = more or len(types) < len(kinds) or len(systems) > MOST_CODE_COLUMNS
    return Headings(dict(sorted(types.items())), tuple(s for s, _ in systems.most_common(MOST_CODE_COLUMNS)), more)


def is_like_formula(cell: str) -> bool:
    """Tell whether a cell begins like a formula, behind however many apostrophes: it gets one more when written."""
    return cell.lstrip(GUARD).startswith(FORMULA)


def write_ndjson(rows: Iterable[TableRow]) -> Iterator[bytes]:
    """Yield one line a row, with everything that the row says."""
    for row in rows:
        said: dict[str, object] = {"handle": row.name, "state": row.state}
        said |= {"template": row.template} if row.template else {}
        said["values"] = [value_json(value) for value in row.values]
        codes = [code_json(code) for code in row.codes]
        yield compact(said | ({"codes": codes} if codes else {})) + b"\n"


def write_csv(rows: Iterable[TableRow], headings: Headings | None = None) -> Iterator[bytes]:
    """Yield a table, line by line; without headings the rows are gone through twice. Raises TableUnfit."""
    headings = headings_for(rows) if headings is None else headings
    yield (BYTE_ORDER_MARK + _line(headings.texts)).encode()
    for row in rows:
        yield _line(_cells(row, headings)).encode()


def write_workbook(rows: Iterable[TableRow], headings: Headings, out: IO[bytes]) -> None:
    """Write an Excel workbook, row by row; every cell is text and none a formula. Raises TableUnfit."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("identifiers")
    sheet.freeze_panes = "B2"
    try:
        sheet.append(headings.texts)
        for number, row in enumerate(rows):
            if number == MOST_WORKBOOK_ROWS:
                many = Text("超过 1048575 行", "it has more than 1 048 575 rows")
                raise TableUnfit(reason=many)
            sheet.append([_text_cell(sheet, cell) for cell in _cells(row, headings)])
    finally:
        sheet.close()
    book.save(out)


def _text_cell(sheet: object, text: str) -> WriteOnlyCell | None:
    if not text:
        return None
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    return cell


def _cells(row: TableRow, headings: Headings) -> list[str]:
    values = {v.index: v.text or "" for v in row.values if headings.types.get(v.index) == v.type and _is_cell(v)}
    codes, others = _codes(row, headings)
    more = written_more([value for value in row.values if value.index not in values], others)
    systems = [codes.get(system, "") for system in headings.systems]
    if len(more) > LONGEST_CELL:
        raise TableUnfit(reason=Text(f"{row.name} 的内容过长", f"{row.name} holds too much for a cell"))
    told = [*systems, *(values.get(index, "") for index in headings.types), *([more] if headings.more else [])]
    return [row.name, row.state, row.template, *told]


def _codes(row: TableRow, headings: Headings) -> tuple[dict[str, str], tuple[TableCode, ...]]:
    """Return the codes by their columns, or all for ``more`` where the columns would change order or primary one."""
    told = {code.system: code.code for code in row.codes}
    plain = [code.system for code in row.codes] == [system for system in headings.systems if system in told]
    return (told, ()) if plain and _are_cells(row.codes) else ({}, row.codes)


def _are_cells(codes: Sequence[TableCode]) -> bool:
    """Tell whether codes can stand in cells, of which the first is the primary one."""
    first = not any(code.primary for code in codes[1:])
    return first and all(is_one_line(code.code) and code.code == code.code.strip() for code in codes)


def _is_cell(value: HandleValue) -> bool:
    text = value.text
    usual = replace(value, timestamp=0) == HandleValue(value.index, value.type, value.data)
    fits = text is not None and 0 < len(text) <= LONGEST_CELL - 1 and is_one_line(text) and text == text.strip()
    return usual and fits


def _is_heading(index: int, kind: str) -> bool:
    heading = f"{index}:{kind}"
    try:
        (_, column) = columns_of(["identifier", heading])
    except TableRefused:
        return False
    return column == Column(heading, "value", kind, index) and not _SEPARATORS & set(kind)


def _line(cells: Iterable[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(f"{GUARD}{cell}" if is_like_formula(cell) else cell for cell in cells)
    return out.getvalue()
