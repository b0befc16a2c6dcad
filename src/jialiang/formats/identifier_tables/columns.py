"""The headings of a table of identifiers, and a row of cells read by them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from jialiang.formats.handle.names import BadHandle, parsed_handle
from jialiang.formats.handle.values import HandleValue
from jialiang.formats.identifier_tables.more import UNREADABLE, read_more
from jialiang.formats.identifier_tables.rows import CellFault, TableCode, TableRow
from jialiang.kernel.errors import InvalidInput
from jialiang.kernel.text import Text, is_one_line, storable

Role = Literal["name", "state", "template", "code", "value", "more"]
_PLAIN: dict[str, Role] = {
    "identifier": "name", "handle": "name", "标识": "name", "state": "state", "状态": "state",
    "template": "template", "模板": "template", "more": "more", "其他": "more",
}  # fmt: skip
_ACTIVE, _RESERVED = ("", "active", "有效"), ("reserved", "已预留", "预留")
_PAST = {"suspended": "suspended", "已暂停": "suspended", "retired": "retired", "已注销": "retired"}
_STATES = dict.fromkeys(_ACTIVE, "active") | dict.fromkeys(_RESERVED, "reserved") | _PAST
_CODE = re.compile(r"(?:code|代码)\s*[:：]\s*(.+)", re.IGNORECASE)
_INDEXED = re.compile(r"(\d{1,10})\s*[:：]\s*(.+)", re.ASCII)
MOST_COLUMNS = 1000
FREE = -1  # a value whose heading gives no index
LONGEST_CELL = 32_767  # what a cell of a workbook holds
LARGEST_INDEX = 2**31 - 1


class TableRefused(InvalidInput):
    """A file cannot be read as a table of identifiers; facts: ``reason``."""

    code = "JL-IDT-001"


@dataclass(frozen=True, slots=True)
class Column:
    """A heading as written, and what stands below it: a code's system or a value's type with its index."""

    heading: str
    role: Role
    word: str = ""
    index: int = 0


def columns_of(headings: Sequence[str]) -> tuple[Column | None, ...]:
    """Return the columns by their headings, None for one without heading. Raises TableRefused."""
    columns: list[Column | None] = []
    free = 0
    for heading in headings:
        written = heading.strip()
        column = _column(written) if written else None
        if column is not None and column.role == "value" and column.index == FREE:
            free += 1
            column = Column(written, "value", column.word, free)
        columns.append(column)
    _refuse(tuple(column for column in columns if column))
    return tuple(columns)


def headings_of(columns: Sequence[Column | None]) -> dict[str, str]:
    """Return the headings by what stands below them, see :class:`TableRow`."""
    return {_key(column): column.heading for column in columns if column}


def row_of(
    number: int, columns: Sequence[Column | None], cells: Sequence[str], headings: Mapping[str, str] | None = None
) -> TableRow | None:
    """Return the record that a row of cells asks for, None for an empty row; ``headings`` as made once a table."""
    if not any(cell.strip() for cell in cells):
        return None
    headings = headings_of(columns) if headings is None else headings
    faults = [_fault(number, "", _EXTRA)] if any(cell.strip() for cell in cells[len(columns) :]) else []
    name, state, template = "", "active", ""
    values: list[HandleValue] = []
    codes: list[TableCode] = []
    for column, cell in zip(columns, cells, strict=False):
        text = cell.strip()
        why = None if column is None else _wrong(column, text)
        if column is None or why is not None:
            faults += [] if column is None or why is None else [_fault(number, column.heading, why)]
        elif column.role == "name":
            name = text
        elif column.role == "state":
            state = _STATES[text.lower()]
        elif column.role == "template":
            template = text
        elif text and column.role == "more":
            more_values, more_codes = read_more(text)
            values += more_values
            codes += more_codes
        elif text and column.role == "code":
            codes.append(TableCode(column.word, text))
        elif text:
            values.append(HandleValue(column.index, column.word, text.encode()))
    if not name and not faults:
        faults.append(_fault(number, headings.get("name", ""), _MISSING))
    return TableRow(number, name, tuple(values), tuple(codes), state, template, tuple(faults), headings)


_NAMED = Text("请写成“前缀/后缀”，例如 88.101.5/0001。", "Write prefix/suffix, for example 88.101.5/0001.")
_MISSING = (
    Text("缺少标识。", "The identifier is missing."),
    Text("请填写“前缀/后缀”；不需要的行请整行删除。", "Write prefix/suffix; delete the whole row if it is not needed."),
)
_EXTRA = (
    Text("单元格多于表头的列。", "There are more cells than headings."),
    Text("请补上列名，或清空多出的单元格。", "Give the column a heading, or empty the cells that have none."),
)
_LONG = (
    Text("内容过长或含有控制字符。", "It is too long or holds control characters."),
    Text("请缩短内容，并删去看不见的字符。", "Shorten it, and take out letters that cannot be seen."),
)
_STATE = (
    Text("登记时的状态只能是“有效”或“已预留”。", "The state is active or reserved."),
    Text("请填写其中之一，或留空，即为有效。", "Write one of them, or nothing for active."),
)
_MORE = (
    Text("“其他”列不是所要求的 JSON。", "The column “more” does not hold the JSON that it should."),
    Text(
        "请保留导出时的内容，或清空该单元格。", "Leave what the export wrote, or empty the cell."
    ),
)
Wrong = tuple[Text, Text]
"""What is wrong, and how to mend it."""


def _wrong(column: Column, text: str) -> Wrong | None:
    if len(text) > LONGEST_CELL or not is_one_line(text.translate({9: " ", 10: " ", 13: " "})):
        return _LONG
    if column.role == "state" and text.lower() not in _STATES:
        return _STATE
    if column.role == "more":
        return _wrong_more(text)
    if column.role != "name":
        return None
    if not text:
        return _MISSING
    try:
        parsed_handle(text)
    except BadHandle as problem:
        return problem.what, _NAMED
    return None


def _wrong_more(text: str) -> Wrong | None:
    try:
        read_more(text or "{}")
    except UNREADABLE:
        return _MORE
    return None


def _column(heading: str) -> Column:
    role = _PLAIN.get(heading.lower())
    if role:
        return Column(heading, role)
    code = _CODE.fullmatch(heading)
    if code:
        return Column(heading, "code", code[1].strip())
    indexed = _INDEXED.fullmatch(heading)
    if indexed:
        return Column(heading, "value", indexed[2].strip(), int(indexed[1]))
    return Column(heading, "value", heading, FREE)


def _refuse(columns: Sequence[Column]) -> None:
    if sum(column.role == "name" for column in columns) != 1:
        raise _refused("表头应有且仅有一个“标识”列", "the heading needs one column “identifier”")
    if len(columns) > MOST_COLUMNS:
        raise _refused(f"列数超过 {MOST_COLUMNS}", f"it has more than {MOST_COLUMNS} columns")
    keys = [_key(column) for column in columns]
    twice = next((column for column, key in zip(columns, keys, strict=True) if keys.count(key) > 1), None)
    if twice:
        shown = storable(twice.heading, 60)
        raise _refused(f"“{shown}”列的序号或名称重复", f"the index or name of the column “{shown}” stands twice")
    wrong = next((c for c in columns if c.role == "value" and not 1 <= c.index <= LARGEST_INDEX), None)
    if wrong:
        shown = storable(wrong.heading, 60)
        raise _refused(f"“{shown}”列的序号应大于 0", f"the index of the column “{shown}” is not greater than 0")


def _key(column: Column) -> str:
    """Return what stands below a heading, as the key of it."""
    if column.role == "value":
        return str(column.index)
    return f"code:{column.word}" if column.role == "code" else column.role


def _fault(number: int, column: str, wrong: Wrong) -> CellFault:
    return CellFault(number, column, *wrong)


def _refused(zh: str, en: str) -> TableRefused:
    return TableRefused(reason=Text(zh, en))
