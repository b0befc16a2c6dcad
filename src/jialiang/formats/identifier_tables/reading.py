"""Reading tables of identifiers as a stream: a file of a million rows takes no more memory than one of ten."""

from __future__ import annotations

import codecs
import csv
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import IO, Any, Literal, get_args

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from jialiang.formats.handle.json_values import parsed_values
from jialiang.formats.handle.names import BadHandle, parsed_handle
from jialiang.formats.identifier_tables.columns import TableRefused, columns_of, headings_of, row_of
from jialiang.formats.identifier_tables.more import read_code, text_of
from jialiang.formats.identifier_tables.rows import CellFault, TableRow
from jialiang.formats.identifier_tables.writing import GUARD, is_like_formula
from jialiang.formats.json_documents.reading import read_json
from jialiang.kernel.errors import JialiangError
from jialiang.kernel.text import Text

Kind = Literal["csv", "xlsx", "ndjson"]
KINDS: tuple[Kind, ...] = get_args(Kind)
LONGEST_LINE = 1_000_000
_HEAD = 65_536
_NO_WORKBOOK = (  # what openpyxl raises where a part is missing, or is no XML (a SyntaxError), or says something else
    InvalidFileException, zipfile.BadZipFile, SyntaxError, LookupError, ValueError, TypeError, AttributeError, OSError,
)  # fmt: skip
_ENCODINGS = ("utf-8", "gb18030")
_MENDED = Text("请对照说明改正这一行。", "Mend the line as the guide shows.")
_SUFFIXES: dict[str, Kind] = {
    ".csv": "csv", ".txt": "csv", ".tsv": "csv", ".xlsx": "xlsx", ".ndjson": "ndjson", ".jsonl": "ndjson",
}  # fmt: skip


def kind_of_name(file_name: str) -> Kind:
    """Return the kind of a file by its name. Raises TableRefused."""
    for suffix, kind in _SUFFIXES.items():
        if file_name.lower().endswith(suffix):
            return kind
    known = ", ".join(sorted(_SUFFIXES))
    raise TableRefused(reason=Text(f"文件名应以 {known} 结尾", f"the name of the file ends with one of {known}"))


def read_table(stream: IO[bytes], kind: Kind) -> Iterator[TableRow]:
    """Yield the rows of a seekable file, empty ones left out. Raises TableRefused where it is no such table at all."""
    if kind == "xlsx":
        return _rows(_workbook_cells(stream))
    if kind == "csv":
        return _rows(_csv_cells(stream))
    return _ndjson(stream)


def _rows(cells: Iterator[Sequence[str]]) -> Iterator[TableRow]:
    headings = next(cells, None)
    if headings is None:
        raise TableRefused(reason=Text("文件是空的", "the file is empty"))
    columns = columns_of(headings)
    by_key = headings_of(columns)
    for number, row in enumerate(cells, 2):
        found = row_of(number, columns, row, by_key)
        if found is not None:
            yield found


def _csv_cells(stream: IO[bytes]) -> Iterator[list[str]]:
    head = stream.read(_HEAD)
    stream.seek(0)
    encoding = _encoding_of(head)
    first = head.decode(encoding, "ignore").split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    try:
        for row in csv.reader(_lines(stream, encoding), delimiter=delimiter, strict=True):
            yield [_unguarded(cell) for cell in row]
    except (csv.Error, UnicodeDecodeError) as problem:
        raise TableRefused(reason=Text(f"CSV 无法读取：{problem}", f"the CSV cannot be read: {problem}")) from problem


def _lines(stream: IO[bytes], encoding: str) -> Iterator[str]:
    """Yield lines as text; a line feed is never a part of another letter in the encodings that are read."""
    for number, line in enumerate(iter(lambda: stream.readline(LONGEST_LINE + 1), b""), 1):
        if len(line) > LONGEST_LINE:
            raise TableRefused(reason=Text(f"第 {number} 行过长", f"line {number} is too long"))
        yield line.removeprefix(codecs.BOM_UTF8).decode(encoding) if number == 1 else line.decode(encoding)


def _unguarded(cell: str) -> str:
    """Undo the apostrophe by which spreadsheet programs are kept from reading a text as a formula."""
    return cell[1:] if cell.startswith(GUARD) and is_like_formula(cell) else cell


def _encoding_of(head: bytes) -> str:
    for encoding in _ENCODINGS:
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            decoder.decode(head, final=len(head) < _HEAD)
        except UnicodeDecodeError:
            continue
        return encoding
    raise TableRefused(reason=Text("编码不是 UTF-8 或 GB 18030", "its encoding is neither UTF-8 nor GB 18030"))


def _workbook_cells(stream: IO[bytes]) -> Iterator[list[str]]:
    try:
        book = load_workbook(stream, read_only=True, data_only=True)
        try:
            for row in book.worksheets[0].iter_rows(values_only=True):
                yield [_cell_text(cell) for cell in row]
        finally:
            book.close()
    except _NO_WORKBOOK as problem:
        reason = Text("不是 Excel 工作簿（.xlsx）", "it is no Excel workbook (.xlsx)")
        raise TableRefused(reason=reason) from problem


def _cell_text(cell: Any) -> str:
    """Return a cell as people see it: whole numbers without a point, days without midnight."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        at_midnight = (cell.hour, cell.minute, cell.second, cell.microsecond) == (0, 0, 0, 0)
        return cell.date().isoformat() if at_midnight else cell.isoformat(sep=" ")
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _ndjson(stream: IO[bytes]) -> Iterator[TableRow]:
    number = 0
    while line := stream.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE:
            raise TableRefused(reason=Text(f"第 {number} 行过长", f"line {number} is too long"))
        if line.strip():
            yield _json_row(number, line.removeprefix(codecs.BOM_UTF8) if number == 1 else line)


def _json_row(number: int, line: bytes) -> TableRow:
    member = ""
    try:
        said = read_json(line)
        if not isinstance(said, dict):
            return _refused(number, "", Text("每行应为一个 JSON 对象", "each line is a JSON object"))
        member = "handle"
        name = parsed_handle(text_of(said, "handle")).text
        member = "values"
        values = parsed_values(said.get("values", []))
        member = "codes"
        codes = tuple(read_code(code) for code in said.get("codes", []))
        member = "template"
        template = text_of({"template": "", **said}, "template")
    except (BadHandle, JialiangError) as problem:
        return _refused(number, member, problem.what)
    except (KeyError, TypeError, AttributeError):
        return _refused(number, member, Text("结构不正确", "it has not the right members"))
    state = said.get("state", "active")
    if state not in ("active", "reserved", "suspended", "retired"):
        return _refused(number, "state", Text("状态应为 active 或 reserved", "the state is active or reserved"))
    return TableRow(number, name, values, codes, state, template)


def _refused(number: int, column: str, reason: Text) -> TableRow:
    return TableRow(number, faults=(CellFault(number, column, reason, _MENDED),))
