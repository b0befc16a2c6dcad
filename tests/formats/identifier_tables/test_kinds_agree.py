"""One table as CSV in each encoding, as a workbook and as NDJSON: the same rows, the same faults, the same numbers."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from jialiang.formats.handle.values import HandleValue
from jialiang.formats.identifier_tables import (
    KINDS,
    CellFault,
    TableCode,
    TableRefused,
    TableRow,
    kind_of_name,
    read_table,
    write_csv,
    write_ndjson,
)
from jialiang.formats.identifier_tables.writing import BYTE_ORDER_MARK, is_like_formula

HEADINGS = ["标识", "状态", "模板", "代码:GIAI", "code:OID", "1:URL", "7:NAME"]
ROWS = [
    ["88.101.5/1", "有效", "T1", "40123459", "", "https://a.example/1", "温度计"],
    ["88.101.5/2", "reserved", "", "", "1.2.156.1", "", "Calliper, 150 mm"],
    ["", "", "", "", "", "", ""],
    ["88.101.5/3", "", "", "", "", 'say "x"', ""],
    ["no-slash", "坏", "", "", "", "", ""],
]
READ = [
    TableRow(
        2, "88.101.5/1", (HandleValue(1, "URL", b"https://a.example/1"), HandleValue(7, "NAME", "温度计".encode())),
        (TableCode("GIAI", "40123459"),), "active", "T1",
    ),
    TableRow(
        3, "88.101.5/2", (HandleValue(7, "NAME", b"Calliper, 150 mm"),), (TableCode("OID", "1.2.156.1"),), "reserved"
    ),
    TableRow(5, "88.101.5/3", (HandleValue(1, "URL", b'say "x"'),)),
]  # fmt: skip


def as_csv(rows: Iterable[list[str]], encoding: str = "utf-8", delimiter: str = ",", end: str = "\r\n") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=end).writerows(rows)
    return out.getvalue().encode(encoding)


def as_workbook(rows: Iterable[list[str]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        sheet.append([cell or None for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def rows_of(data: bytes, kind: str) -> list[TableRow]:
    return list(read_table(io.BytesIO(data), kind))  # type: ignore[arg-type]


# --- one table in every form ---------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_csv_of_any_make_has_the_rows_of_the_table(encoding: str, delimiter: str, end: str) -> None:
    *good, bad = rows_of(as_csv([HEADINGS, *ROWS], encoding, delimiter, end), "csv")
    assert good == READ
    assert (bad.number, [fault.column for fault in bad.faults]) == (6, ["标识", "状态"])


def test_a_workbook_has_the_rows_of_the_table() -> None:
    assert rows_of(as_workbook([HEADINGS, *ROWS]), "xlsx") == rows_of(as_csv([HEADINGS, *ROWS]), "csv")


def test_ndjson_has_the_rows_of_the_table_by_its_own_numbers() -> None:
    read = rows_of(b"".join(write_ndjson(READ)), "ndjson")
    assert [(row.name, row.values, row.codes, row.state, row.template) for row in read] == [
        (row.name, row.values, row.codes, row.state, row.template) for row in READ
    ]
    assert [row.number for row in read] == [1, 2, 3]


def test_what_is_written_as_csv_begins_with_the_mark_and_its_headings() -> None:
    first, *rest = write_csv(READ)
    assert first.decode() == f"{BYTE_ORDER_MARK}identifier,state,template,code:GIAI,code:OID,1:URL,7:NAME\r\n"
    assert rest[1].decode() == '88.101.5/2,reserved,,,1.2.156.1,,"Calliper, 150 mm"\r\n'
    assert [(row.name, row.values, row.codes) for row in rows_of(first + b"".join(rest), "csv")] == [
        (row.name, row.values, row.codes) for row in READ
    ]


# --- faults --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "columns"),
    [
        (["88.1/x", "active", "", "", "", "a\0b", ""], ["1:URL"]),
        (["88.1/x", "active", "", "", "", "", "\x07"], ["7:NAME"]),
        (["", "active", "", "", "", "x", ""], ["标识"]),
        (["88..1/x", "no", "", "", "", "", ""], ["标识", "状态"]),
        (["/x", "", "", "", "", "", ""], ["标识"]),
        (["88.1/x", "", "", "", "", "", "", "extra"], [""]),
        (["88.1/x", "", "", "", "", "", "", " "], []),
        (["", "scrapped", "", "", "", "", "", "extra"], ["", "标识", "状态"]),
    ],
)
def test_every_fault_of_a_row_is_told_by_its_heading_in_both_languages(cells: list[str], columns: list[str]) -> None:
    (row,) = rows_of(as_csv([HEADINGS, cells]), "csv")
    assert sorted(fault.column for fault in row.faults) == sorted(columns)
    for fault in row.faults:
        assert fault.row == 2 == row.number
        assert fault.reason.zh and fault.reason.en and fault.remedy.zh and fault.remedy.en
        assert fault.to_json() == {
            "row": 2, "column": fault.column, "reason": fault.reason.to_json(), "remedy": fault.remedy.to_json(),
        }  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_file_is_no_table_or_has_no_rows(kind: str) -> None:
    if kind == "ndjson":
        assert rows_of(b"", kind) == rows_of(b"\n \n", kind) == []
        return
    with pytest.raises(TableRefused) as refused:
        rows_of(b"", kind)
    assert refused.value.facts["reason"].zh  # type: ignore[attr-defined]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("other", KINDS)
def test_a_file_of_one_kind_read_as_another_is_refused_or_all_faults(kind: str, other: str) -> None:
    data = {
        "csv": as_csv([HEADINGS, *ROWS]),
        "xlsx": as_workbook([HEADINGS, *ROWS]),
        "ndjson": b"".join(write_ndjson(READ)),
    }[kind]
    if kind == other:
        assert any(not row.faults for row in rows_of(data, other))
        return
    try:
        rows = rows_of(data, other)
    except TableRefused:
        return
    assert rows
    assert all(row.faults for row in rows)


@pytest.mark.parametrize(
    ("line", "member"),
    [
        (b"[]", ""),
        (b"null", ""),
        (b'"88.1/x"', ""),
        (b"{}", "handle"),
        (b'{"handle": 5}', "handle"),
        (b'{"handle": "88..1/x"}', "handle"),
        (b'{"handle": "88.1/x", "values": {"a": 1}}', "values"),
        (b'{"handle": "88.1/x", "values": [5]}', "values"),
        (b'{"handle": "88.1/x", "codes": [{"system": "GIAI"}]}', "codes"),
        (b'{"handle": "88.1/x", "codes": ["GIAI"]}', "codes"),
        (b'{"handle": "88.1/x", "codes": 5}', "codes"),
        (b'{"handle": "88.1/x", "template": 5}', "template"),
        (b'{"handle": "88.1/x", "state": "scrapped"}', "state"),
        (b'{"handle": "88.1/x", "state": null}', "state"),
    ],
)
def test_a_line_is_refused_by_its_member_and_the_others_are_read(line: bytes, member: str) -> None:
    good = b'{"handle": "88.1/y"}'
    first, bad, last = rows_of(b"\n".join([good, line, good]), "ndjson")
    assert (first.name, first.faults, last.number) == ("88.1/y", (), 3)
    (fault,) = bad.faults
    assert bad == TableRow(2, faults=(CellFault(2, member, fault.reason, fault.remedy),))
    assert fault.reason.zh and fault.reason.en and fault.remedy.zh and fault.remedy.en


# --- names and laws ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.csv", "csv"), ("A.CSV", "csv"), ("a.b.tsv", "csv"), ("标识.txt", "csv"), ("x.xlsx", "xlsx"),
        ("x.ndjson", "ndjson"), ("x.JSONL", "ndjson"), (".csv", "csv"),
    ],
)  # fmt: skip
def test_the_name_of_a_file_tells_its_kind(name: str, kind: str) -> None:
    assert kind_of_name(name) == kind


CELLS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=20).map(str.strip)


@settings(max_examples=40)
@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=5))
def test_csv_and_workbook_read_any_cells_alike(cells: list[tuple[str, str]]) -> None:
    table = [["identifier", "1:URL", "2:NAME"], *([f"88.1/{at}", *pair] for at, pair in enumerate(cells))]
    if any(is_like_formula(cell) for pair in cells for cell in pair):
        return  # a workbook takes them for formulas, which have no value until somebody opens it
    assert rows_of(as_csv(table), "csv") == rows_of(as_workbook(table), "xlsx")


@given(st.lists(st.tuples(st.integers(1, 2**31 - 1), st.sampled_from(["URL", "NAME"]), CELLS), max_size=5))
def test_any_values_come_back_from_ndjson(values: list[tuple[int, str, str]]) -> None:
    once = {index: HandleValue(index, kind, json.dumps(text).encode()) for index, kind, text in values}
    row = TableRow(1, "88.1/x", tuple(once.values()))
    (read,) = rows_of(b"".join(write_ndjson([row])), "ndjson")
    assert read.values == row.values
    assert json.loads(next(iter(write_ndjson([row]))))["state"] == "active"
