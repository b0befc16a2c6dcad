"""Tables of a gauge study as people keep them: a reading a line, pasted from a sheet or in a CSV or XLSX file.

InvalidInput
├── GaugeLineUnreadable   one line; facts ``member``, ``line``, ``reason``
└── GaugeFileUnreadable   the whole file; facts ``member``, ``reason``
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence

from jialiang.formats.making.cells import CellProblem, cell_text
from jialiang.formats.making.errors import WorkbookNotReadable
from jialiang.formats.making.reading_workbook import open_workbook
from jialiang.kernel.errors import InvalidInput
from jialiang.kernel.text import Text
from jialiang.science.decimal_text import read_decimal

COLUMNS = {
    "part": ("part", "parts", "sample", "item", "样件", "样品", "被测件", "零件"),
    "operator": ("operator", "appraiser", "person", "评价人", "操作者", "人员", "测量人"),
    "trial": ("trial", "repetition", "repeat", "次序", "次数", "次", "重复"),
    "value": ("value", "reading", "measurement", "indication", "读数", "示值", "值", "测得值"),
}
MOST_BYTES = 1 << 20
LONGEST_NAME = 60
_NEEDED = ("part", "operator", "value")
_WITHOUT_HEAD = {3: _NEEDED, 4: ("part", "operator", "trial", "value")}
_ENCODINGS = ("utf-8-sig", "gb18030")
_AFTER_NAME = re.compile(r"\s*[/(（\[].*$")
_SPREADSHEET = b"PK\x03\x04"


class GaugeLineUnreadable(InvalidInput):
    """A line is no reading; facts: ``member``, ``line``, ``reason``."""

    code = "JL-MET-011"


class GaugeFileUnreadable(InvalidInput):
    """A file is neither CSV nor a workbook that can be read; facts: ``member``, ``reason``."""

    code = "JL-MET-012"


def text_of_file(data: bytes) -> str:
    """Return a file as text that ``readings_of_text`` reads. Raises GaugeFileUnreadable."""
    if len(data) > MOST_BYTES:
        raise _refused(f"> {MOST_BYTES} B")
    if data.startswith(_SPREADSHEET):
        return _first_sheet(data)
    for encoding in _ENCODINGS:
        try:
            found = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in found:
            return found.replace("\r\n", "\n")
    raise _refused(Text("编码不是 UTF-8 或 GB 18030", "its encoding is neither UTF-8 nor GB 18030"))


def readings_of_text(text: str) -> list[dict[str, str]]:
    """Return the readings as objects of ``part``, ``operator``, ``value`` and, where given, ``trial``.

    Columns are known by the names of the first line, or by their order. Raises GaugeLineUnreadable.
    """
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if not lines:
        return []
    rows = [(number, _cells(line, _delimiter(lines[0][1]))) for number, line in lines]
    columns = _columns(*rows[0])
    if columns is None:
        columns = _WITHOUT_HEAD.get(len(rows[0][1]), _NEEDED)
    else:
        rows = rows[1:]
    return [_reading(number, cells, columns) for number, cells in rows]


def _first_sheet(data: bytes) -> str:
    try:
        _, calculated = open_workbook(data)
        rows = [[str(cell_text(cell)) for cell in row] for row in calculated.worksheets[0].iter_rows()]
    except WorkbookNotReadable as problem:
        raise _refused(problem.what) from problem
    except CellProblem as problem:
        shown = ", ".join(str(fact) for fact in problem.facts.values())
        reason = Text(f"有单元格不能按显示的数字读取 {shown}", f"a cell cannot be read as the number it shows {shown}")
        raise _refused(reason) from problem
    return "\n".join("\t".join(" ".join(cell.split()) for cell in row).rstrip("\t") for row in rows)


def _delimiter(line: str) -> str:
    return next((mark for mark in "\t;；" if mark in line), "，" if "，" in line else ",")


def _cells(line: str, delimiter: str) -> list[str]:
    if len(line) > csv.field_size_limit():
        return [line[:60]]
    return [cell.strip() for cell in next(csv.reader(io.StringIO(line), delimiter=delimiter), [])]


def _columns(line: int, cells: Sequence[str]) -> tuple[str, ...] | None:
    """Return what stands in each column, None where the first line names nothing. Raises GaugeLineUnreadable."""
    names = [_AFTER_NAME.sub("", cell).strip().casefold() for cell in cells]
    columns = tuple(next((key for key, words in COLUMNS.items() if name in words), "") for name in names)
    if not any(columns):
        return None
    absent = [key for key in _NEEDED if key not in columns]
    if absent:
        zh, en = "、".join(COLUMNS[key][-1] for key in absent), ", ".join(absent)
        raise _unreadable(line, Text(f"缺少列 {zh}", f"no column {en}"))
    return columns


def _reading(line: int, cells: Sequence[str], columns: tuple[str, ...]) -> dict[str, str]:
    if len(cells) < len(columns):
        wanted = len(columns)
        reason = Text(f"有 {len(cells)} 列，应有 {wanted} 列", f"{len(cells)} columns, not {wanted}")
        raise _unreadable(line, reason)
    found = {key: cell for key, cell in zip(columns, cells, strict=False) if key}
    for key in ("part", "operator"):
        if not found[key]:
            raise _unreadable(line, Text(f"{COLUMNS[key][-1]}为空", f"the {key} is empty"))
        if len(found[key]) > LONGEST_NAME:
            raise _unreadable(line, Text(f"{COLUMNS[key][-1]}过长", f"the {key} is too long"))
    for key in ("trial", "value"):
        if key in found:
            try:
                found[key] = read_decimal(found[key]).text
            except InvalidInput as problem:
                raise _unreadable(line, problem.what) from problem
    return found


def _unreadable(line: int, reason: Text) -> GaugeLineUnreadable:
    return GaugeLineUnreadable(member="readings", line=line, reason=reason)


def _refused(reason: Text | str) -> GaugeFileUnreadable:
    return GaugeFileUnreadable(member="file", reason=reason)
