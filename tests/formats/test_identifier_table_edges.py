"""Tables of identifiers at their edges: guarded cells, limits and one beyond, broken workbooks, and odd JSON."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from jialiang.formats.handle.values import HandleValue
from jialiang.formats.identifier_tables import (
    TableCode,
    TableRefused,
    TableRow,
    kind_of_name,
    read_table,
    write_csv,
)
from jialiang.formats.identifier_tables.columns import (
    LARGEST_INDEX,
    LONGEST_CELL,
    MOST_COLUMNS,
    columns_of,
    row_of,
)
from jialiang.formats.identifier_tables.reading import LONGEST_LINE

NAME = "88.1/7"
SPREADSHEET = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def csv_rows(text):
    return list(read_table(io.BytesIO(text.encode()), "csv"))


def cell_of(text):
    """What one cell of a CSV, quoted, becomes."""
    (row,) = csv_rows(f'identifier,NOTE\n{NAME},"{text}"\n')
    return row


def ndjson_row(**members):
    (row,) = read_table(io.BytesIO(json.dumps({"handle": NAME, **members}).encode()), "ndjson")
    return row


def written(text):
    row = TableRow(0, NAME, (HandleValue(1, "NOTE", text.encode()),))
    return b"".join(write_csv([row])).decode()


# --- cells that spreadsheets would read as formulas --------------------------------------------------------------


@pytest.mark.parametrize("text", ["=1+1", "+86 531", "-40 ℃", "@cmd", "=HYPERLINK(1)", "-", "=="])
def test_a_cell_that_begins_like_a_formula_is_guarded_and_read_back(text):
    assert f",'{text}" in written(text).replace('"', "")
    (row,) = csv_rows(written(text))
    assert row.values[0].text == text


@pytest.mark.parametrize("text", ["'=1+1", "''-40", "'''@x", "'", "''", "'plain", "it's"])
def test_a_text_that_begins_with_an_apostrophe_itself_keeps_it(text):
    (row,) = csv_rows(written(text))
    assert row.values[0].text == text


@given(st.text("'=+-@ax1", min_size=1, max_size=6))
def test_whatever_a_cell_begins_with_it_is_read_back(text):
    lines = written(text)
    (row,) = csv_rows(lines)
    assert row.values[0].text == text
    cell = lines.splitlines()[1].split(",", 3)[3].strip('"')
    assert cell[0] not in "=+-@"


# --- limits and one beyond ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("index", "fits"), [(1, True), (LARGEST_INDEX, True), (LARGEST_INDEX + 1, False), (0, False)])
def test_the_index_of_a_column_lies_between_one_and_31_bits(index, fits):
    if fits:
        assert columns_of(["identifier", f"{index}:URL"])[1].index == index
        return
    with pytest.raises(TableRefused) as refused:
        columns_of(["identifier", f"{index}:URL"])
    assert f"{index}:URL" in refused.value.facts["reason"].zh


def test_a_thousand_columns_are_read_and_not_one_more():
    headings = ["identifier", *(f"{number}:NOTE" for number in range(1, MOST_COLUMNS))]
    assert len(columns_of(headings)) == MOST_COLUMNS
    with pytest.raises(TableRefused) as refused:
        columns_of([*headings, f"{MOST_COLUMNS}:NOTE"])
    assert str(MOST_COLUMNS) in refused.value.facts["reason"].en


@pytest.mark.parametrize(("length", "faults"), [(LONGEST_CELL, []), (LONGEST_CELL + 1, ["NOTE"])])
def test_a_cell_holds_as_much_as_one_of_a_workbook(length, faults):
    assert [fault.column for fault in cell_of("x" * length).faults] == faults


@pytest.mark.parametrize("excess", [0, 1])
def test_a_line_may_be_a_million_bytes_long(excess):
    start, end = b'{"handle":"88.1/7","template":"', b'"}'
    line = start + b"t" * (LONGEST_LINE + excess - len(start) - len(end)) + end
    rows = read_table(io.BytesIO(line), "ndjson")
    if excess:
        with pytest.raises(TableRefused):
            next(rows)
    else:
        assert next(rows).name == NAME


# --- headings ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "role", "word", "index"),
    [
        (" Handle ", "name", "", 0),
        ("IDENTIFIER", "name", "", 0),
        ("模板", "template", "", 0),
        ("State", "state", "", 0),
        ("CODE : GTIN-13", "code", "GTIN-13", 0),
        ("代码：统一社会信用代码", "code", "统一社会信用代码", 0),
        ("12：序列号", "value", "序列号", 12),
        ("1:a:b", "value", "a:b", 1),
        ("１:URL", "value", "１:URL", 1),
        ("12345678901:URL", "value", "12345678901:URL", 1),
    ],
)
def test_a_heading_is_understood(heading, role, word, index):
    column = columns_of([heading, "" if role == "name" else "标识"])[0]
    assert column.heading == heading.strip()
    assert (column.role, column.word, column.index) == (role, word, index)


@pytest.mark.parametrize(
    "headings",
    [
        ["identifier", "URL", "1:NAME"],
        ["identifier", "state", "状态"],
        ["identifier", "template", "模板"],
        ["handle", "identifier"],
        ["", ""],
    ],
)
def test_two_columns_for_one_thing_and_none_for_the_name_are_refused(headings):
    with pytest.raises(TableRefused):
        columns_of(headings)


@pytest.mark.parametrize("word", ["active", "ACTIVE", "有效", "", " "])
def test_words_for_an_active_record(word):
    assert row_of(2, columns_of(["标识", "状态"]), [NAME, word]).state == "active"


@pytest.mark.parametrize("word", ["reserved", "Reserved", "预留", "已预留"])
def test_words_for_a_reserved_record(word):
    assert row_of(2, columns_of(["标识", "状态"]), [NAME, word]).state == "reserved"


def test_a_row_that_is_shorter_than_the_heading_has_no_value_there_and_cells_without_heading_count_for_nothing():
    columns = columns_of(["identifier", "", "URL", "NAME"])
    row = row_of(5, columns, [NAME, "a remark", "https://x"])
    assert (row.number, row.faults, [value.type for value in row.values]) == (5, (), ["URL"])
    assert row_of(6, columns, ["", " ", ""]) is None
    assert row_of(7, columns, [NAME, "", "", "", " ", ""]).faults == ()


def test_lines_within_a_cell_are_kept():
    (row,) = csv_rows(f'identifier,NOTE\n{NAME},"first\nsecond\tthird"\n')
    assert row.values[0].text == "first\nsecond\tthird"


# --- workbooks that are none -------------------------------------------------------------------------------------


def workbook_with(member, data):
    book = Workbook()
    book.active.append(["identifier"])
    book.active.append([NAME])
    out, broken = io.BytesIO(), io.BytesIO()
    book.save(out)
    with zipfile.ZipFile(out) as old, zipfile.ZipFile(broken, "w") as new:
        for name in old.namelist():
            new.writestr(name, data if name == member else old.read(name))
    broken.seek(0)
    return broken


@pytest.mark.parametrize(
    ("member", "data"),
    [
        ("xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row><c>"),
        ("xl/worksheets/sheet1.xml", b""),
        ("xl/workbook.xml", b"<workbook"),
        ("[Content_Types].xml", b"no xml"),
        ("xl/workbook.xml", b'<workbook xmlns="%s"><sheets/></workbook>' % SPREADSHEET),
    ],
    ids=["a sheet that breaks off", "an empty sheet part", "no workbook part", "no list of parts", "no sheet"],
)  # fmt: skip
def test_a_workbook_with_a_broken_part_is_refused_whole(member, data):
    with pytest.raises(TableRefused) as refused:
        list(read_table(workbook_with(member, data), "xlsx"))
    assert refused.value.facts["reason"].zh


def test_an_empty_workbook_is_empty():
    out = io.BytesIO()
    Workbook().save(out)
    with pytest.raises(TableRefused) as refused:
        list(read_table(out, "xlsx"))
    assert "empty" in refused.value.facts["reason"].en


@pytest.mark.parametrize("name", ["", "table", "csv", "a.xls", "a.csv.gz", "标识.docx"])
def test_a_file_of_another_kind_is_refused_with_those_there_are(name):
    with pytest.raises(TableRefused) as refused:
        kind_of_name(name)
    assert ".xlsx" in refused.value.facts["reason"].en


# --- odd JSON ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("members", "column"),
    [
        ({"template": None}, "template"),
        ({"template": {"code": "V1"}}, "template"),
        ({"template": 2}, "template"),
        ({"state": None}, "state"),
        ({"state": ["active"]}, "state"),
        ({"codes": None}, "codes"),
        ({"codes": [{"system": "GIAI", "code": None}]}, "codes"),
        ({"codes": [{"system": "GIAI", "code": 40123459}]}, "codes"),
        ({"codes": {"GIAI": "4"}}, "codes"),
        ({"values": None}, "values"),
        ({"values": [None]}, "values"),
        ({"handle": None}, "handle"),
        ({"handle": ["88.1/7"]}, "handle"),
    ],
)
def test_a_member_of_another_kind_is_a_fault_and_no_guess(members, column):
    row = ndjson_row(**members)
    assert [fault.column for fault in row.faults] == [column]
    assert (row.name, row.template, row.codes) == ("", "", ())
    assert row.faults[0].reason.zh != row.faults[0].reason.en


def test_members_that_nobody_knows_are_passed_over():
    row = ndjson_row(remark="x", codes=[{"system": "OID", "code": "1.2", "title": "y"}])
    assert (row.codes, row.faults) == ((TableCode("OID", "1.2"),), ())
