"""Tables of readings: pasted, CSV in both encodings, workbooks; what cannot be read is told with its line."""

from __future__ import annotations

import io

import pytest
from openpyxl import Workbook

from jialiang.formats.gauge_tables import (
    LONGEST_NAME,
    MOST_BYTES,
    GaugeFileUnreadable,
    GaugeLineUnreadable,
    readings_of_text,
    text_of_file,
)

WANTED = [
    {"part": "P1", "operator": "A", "trial": "1", "value": "1.20"},
    {"part": "P1", "operator": "A", "trial": "2", "value": "-1.30"},
]


def workbook(rows, *, number_format=None):
    book = Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(row)
    if number_format:
        for row in sheet.iter_rows(min_row=2):
            row[-1].number_format = number_format
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


@pytest.mark.parametrize(
    "text",
    [
        "P1\tA\t1\t1.20\nP1\tA\t2\t-1.30",
        "P1;A;1;1.20\r\n\r\nP1; A ;2;−1.30",
        "P1；A；1；1.20\nP1；A；2；-1.30",
        "P1,A,1,1.20\nP1,A,2,-1.30\n",
        '"P1","A","1","1.20"\n"P1","A","2","-1.30"',
        "part\toperator\ttrial\tvalue\nP1\tA\t1\t1.20\nP1\tA\t2\t-1.30",
        "Value / mm;Trial;Appraiser;Part\n1.20;1;A;P1\n-1.30;2;A;P1",
        "零件\t测量人\t次序\t测得值（mm）\nP1\tA\t1\t1.20\nP1\tA\t2\t-1.30",
        "remark;part;operator;trial;value\nfirst;P1;A;1;1.20\n;P1;A;2;-1.30",
    ],
)
def test_a_table_reads_the_same_however_it_is_parted(text):
    assert readings_of_text(text) == WANTED


def test_digits_are_kept_and_trials_may_be_left_out():
    assert readings_of_text("a;b;10.000") == [{"part": "a", "operator": "b", "value": "10.000"}]


def test_nothing_is_no_reading():
    assert readings_of_text(" \n\n") == []


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("P1;A;1;1.2\n\nP1;A;2;x", 3, "not a number"),
        ("P1;A;1;1,2", 1, "comma"),
        ("P1;A", 1, "2 columns, not 3"),
        ("P1;A;1;1\nP1;A;1", 2, "3 columns, not 4"),
        (";A;1;1", 1, "the part is empty"),
        ("P1;;1;1", 1, "the operator is empty"),
        ("P1;A;1;", 1, ""),
        ("P1;A;one;1", 1, "not a number"),
        ("part;value\nP1;1", 1, "no column operator"),
        (f"{'P' * (LONGEST_NAME + 1)};A;1;1", 1, "too long"),
        ("P" * 200_000, 1, "1 columns"),
    ],
)
def test_a_line_that_is_no_reading_is_named(text, line, said):
    with pytest.raises(GaugeLineUnreadable) as raised:
        readings_of_text(text)
    assert raised.value.facts["line"] == line
    assert said in raised.value.what.en
    assert raised.value.facts["member"] == "readings"
    assert f"第 {line} 行" in raised.value.what.zh


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_in_the_encodings_of_spreadsheets(encoding):
    text = "零件,测量人,测得值\r\n轴一,张,1.20\r\n"
    found = readings_of_text(text_of_file(text.encode(encoding)))
    assert found == [{"part": "轴一", "operator": "张", "value": "1.20"}]


def test_a_workbook_is_read_as_it_shows_its_numbers():
    data = workbook([["part", "operator", "trial", "value"], ["P1", "A", 1, 1.2]], number_format="0.000")
    assert readings_of_text(text_of_file(data)) == [
        {"part": "P1", "operator": "A", "trial": "1", "value": "1.200"}
    ]


def test_a_cell_with_line_ends_stays_one_cell():
    data = workbook([["P\n1", "A", 1, 1.5]])
    assert readings_of_text(text_of_file(data))[0]["part"] == "P 1"


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04 no archive",
        b"\xff\xfe\x00\x81\xff",
        b"1;2\x003;4",
        b"1" * (MOST_BYTES + 1),
        workbook([["P1", "A", 1, 0.5]] * 2, number_format="0%"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(data):
    with pytest.raises(GaugeFileUnreadable) as raised:
        text_of_file(data)
    assert raised.value.facts["member"] == "file"
    assert raised.value.what.zh
    assert raised.value.what.en
