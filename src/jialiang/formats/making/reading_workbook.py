"""A filled form (XLSX) as a document, with the cell of every member."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from jialiang.formats.conversion.libraries import library
from jialiang.formats.making.cells import CellProblem, cell_text
from jialiang.formats.making.errors import WorkbookNotReadable
from jialiang.formats.making.fields import FORMAT
from jialiang.formats.making.heads import (
    DOCUMENT_SHEET,
    LIST_SHEETS,
    OBJECT_SHEETS,
    REMARK,
    RESULTS_SHEET,
    is_head,
    put,
)
from jialiang.formats.making.making import Source
from jialiang.formats.making.problems import Path, Problems
from jialiang.formats.making.result_sheets import read_results
from jialiang.formats.making.sheets import Sheet

LARGEST = 20 * 1024 * 1024
_UNPACKED = 200 * 1024 * 1024
_MEMBERS = 500
_MOST_SHEETS, _MOST_ROWS, _MOST_COLUMNS = 60, 101_000, 400
_MOST_CELLS = 1_000_000
_VALUE_COLUMN = 3


@dataclass
class _Workbook:
    """What has been read so far."""

    document: dict[str, Any] = field(default_factory=lambda: {"format": FORMAT})
    places: dict[Path, str] = field(default_factory=dict)
    problems: Problems = field(default_factory=Problems)


def read_workbook(data: bytes) -> Source:
    """Read a filled form. Raises WorkbookNotReadable, LibraryMissing, and DocumentNotUsable for unusable cells."""
    stored, calculated = open_workbook(data)
    made = _Workbook()
    made.problems.places = made.places
    known = (DOCUMENT_SHEET, *OBJECT_SHEETS, *LIST_SHEETS)
    for name in stored.sheetnames:
        if name.startswith(REMARK):
            continue
        sheet = Sheet(name, _cells(stored[name], calculated[name], made.problems))
        made.places[(name,)] = name
        if name == DOCUMENT_SHEET:
            _object(sheet, "document", (), made)
        elif name in OBJECT_SHEETS:
            _object(sheet, OBJECT_SHEETS[name], (name,), made)
        elif name in LIST_SHEETS:
            _list(sheet, LIST_SHEETS[name], name, made)
        elif name.startswith(RESULTS_SHEET):
            results = made.document.setdefault("results", [])
            results.append(read_results(sheet, len(results), made.places, made.problems))
        else:
            shown = ", ".join((*known, RESULTS_SHEET))
            made.problems.add("SHEET", (name,), given=name, known=shown)
    made.problems.raise_if_any()
    return Source(made.document, made.places)


def open_workbook(data: bytes) -> tuple[Any, Any]:
    """Return the workbook as stored (formulas) and as calculated (their results). Raises WorkbookNotReadable."""
    _check_archive(data)
    openpyxl = library("openpyxl")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # told of styles, validations and drawings, which no form needs
            stored = openpyxl.load_workbook(io.BytesIO(data), keep_links=False)
            calculated = openpyxl.load_workbook(io.BytesIO(data), data_only=True, keep_links=False)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, SyntaxError, OSError,
            zipfile.BadZipFile, NotImplementedError) as problem:  # fmt: skip
        raise WorkbookNotReadable(reason=str(problem)[:120] or type(problem).__name__) from None
    if len(stored.sheetnames) > _MOST_SHEETS:
        raise WorkbookNotReadable(reason=f"> {_MOST_SHEETS} sheets")
    for sheet in stored.worksheets:
        if sheet.max_row > _MOST_ROWS or sheet.max_column > _MOST_COLUMNS:
            raise WorkbookNotReadable(reason=f"{sheet.title[:40]}: > {_MOST_ROWS} × {_MOST_COLUMNS}")
        if sheet.max_row * sheet.max_column > _MOST_CELLS:
            raise WorkbookNotReadable(reason=f"{sheet.title[:40]}: > {_MOST_CELLS}")
    if len(stored.worksheets) != len(stored.sheetnames):
        raise WorkbookNotReadable(reason="chart sheets")
    return stored, calculated


def _check_archive(data: bytes) -> None:
    if len(data) > LARGEST:
        raise WorkbookNotReadable(reason=f"> {LARGEST} bytes")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if len(members) > _MEMBERS or sum(member.file_size for member in members) > _UNPACKED:
                raise WorkbookNotReadable(reason=f"> {_UNPACKED} bytes unpacked")
            if any(b"<!DOCTYPE" in _read(archive, member) for member in members):
                raise WorkbookNotReadable(reason="DOCTYPE")
    except (zipfile.BadZipFile, NotImplementedError, OSError, RuntimeError, ValueError, EOFError) as problem:
        raise WorkbookNotReadable(reason=str(problem)[:120] or type(problem).__name__) from None


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    if not member.filename.endswith((".xml", ".rels", ".vml")):
        return b""
    with archive.open(member) as file:
        return file.read(4096)  # a DOCTYPE stands before the first element


def _cells(stored: Any, calculated: Any, problems: Problems) -> Iterator[tuple[int, int, str | bool]]:
    for rows in zip(stored.iter_rows(), calculated.iter_rows(), strict=True):
        for one, result in zip(*rows, strict=True):
            is_formula = one.data_type == "f"
            if one.value is None:
                continue
            try:
                text = cell_text(result if is_formula else one, is_formula=is_formula)
            except CellProblem as problem:
                place = f"{stored.title}!{one.coordinate}"
                Problems({("cell",): place}, problems.found).add(problem.kind, ("cell",), **problem.facts)
                continue
            if text != "":
                yield one.row, one.column, text


def _object(sheet: Sheet, kind: str, path: Path, made: _Workbook) -> None:
    holder = made.document if not path else made.document.setdefault(str(path[0]), {})
    seen: set[str] = set()
    for row in sheet.rows():
        head = sheet.text(row, 1)
        if row == 1 or not head or head.startswith(REMARK):
            continue
        if not _is_usable(sheet, head, (row, 1), made.problems, seen):
            continue
        held = sheet.at(row, _VALUE_COLUMN)
        if held != "":
            where = (*path, *put(holder, head, held, kind))
            made.places[where] = sheet.place(row, _VALUE_COLUMN)
        else:
            made.places.setdefault((*path, head.partition("@")[0]), sheet.place(row, _VALUE_COLUMN))


def _list(sheet: Sheet, kind: str, name: str, made: _Workbook) -> None:
    heads: dict[int, str] = {}
    seen: set[str] = set()
    for column in sheet.columns():
        head = sheet.text(1, column)
        if head and _is_usable(sheet, head, (1, column), made.problems, seen):
            heads[column] = head
    entries: list[dict[str, Any]] = []
    for row in sheet.rows():
        if row == 1 or sheet.text(row, 1).startswith(REMARK):
            continue
        entry: dict[str, Any] = {}
        path: Path = (name, len(entries))
        made.places[path] = sheet.place(row, 1)
        for column, head in heads.items():
            held = sheet.at(row, column)
            where = put(entry, head, held, kind) if held != "" else (head.partition("@")[0],)
            made.places[(*path, *where)] = sheet.place(row, column)
        entries.append(entry)
    if entries:
        made.document[name] = entries


def _is_usable(sheet: Sheet, head: str, at: tuple[int, int], problems: Problems, seen: set[str]) -> bool:
    place = Problems({("cell",): sheet.place(*at)}, problems.found)
    if not is_head(head):
        place.add("CELL-HEAD", ("cell",), given=head, expected="name, name@zh, identifications.1.value …")
        return False
    if head in seen:
        place.add("CELL-TWICE", ("cell",), given=head)
        return False
    seen.add(head)
    return True
