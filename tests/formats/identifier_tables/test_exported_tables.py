"""Tables that are written are read back whole, by every kind: whatever values, types and codes a record has."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.formats.handle.values import HandleValue
from jialiang.formats.identifier_tables import (
    TableCode,
    TableRow,
    TableUnfit,
    headings_for,
    read_table,
    write_csv,
    write_workbook,
)
from jialiang.formats.identifier_tables.columns import LONGEST_CELL
from jialiang.formats.identifier_tables.more import UNREADABLE, read_more, written_more
from jialiang.formats.identifier_tables.writing import MOST_VALUE_COLUMNS

NAME = "88.1/7"
TYPES = st.sampled_from(["URL", "NAME", "a,b;c", "code:GIAI", "1:URL", " URL", "more", "HS_SERV"])
DATA = st.one_of(st.binary(max_size=6), st.text(max_size=8).map(lambda t: t.encode("utf-8", "replace")))
VALUES = st.lists(
    st.builds(HandleValue, st.integers(1, 4), TYPES, DATA, st.sampled_from([86400, 5])),
    max_size=4, unique_by=lambda value: value.index,
).map(lambda found: tuple(sorted(found, key=lambda value: value.index)))  # fmt: skip
CODES = st.lists(
    st.builds(TableCode, st.sampled_from(["GIAI", "OID", "GTIN-13"]), st.sampled_from(["1", "=2", "3 4"])),
    max_size=3, unique_by=lambda code: (code.system, code.code),
)  # fmt: skip


@st.composite
def coded(draw):
    codes = draw(CODES)
    primary = draw(st.integers(0, max(0, len(codes) - 1)))
    return tuple(TableCode(c.system, c.code, primary=place == primary) for place, c in enumerate(codes))


STATES = st.sampled_from(["active", "reserved", "suspended", "retired"])
ROWS = st.lists(st.builds(TableRow, st.just(0), st.just(NAME), VALUES, coded(), STATES), max_size=5)


def told(row):
    """What a row says, with the primary code told."""
    named = any(code.primary for code in row.codes)
    codes = [(c.system, c.code, c.primary if named else place == 0) for place, c in enumerate(row.codes)]
    return (row.name, sorted(row.values, key=lambda value: value.index), codes, row.state, row.template, row.faults)


def as_csv(rows):
    return b"".join(write_csv(rows))


def as_workbook(rows):
    out = io.BytesIO()
    write_workbook(rows, headings_for(rows), out)
    return out.getvalue()


@given(ROWS)
def test_a_csv_tells_everything_of_every_row(rows):
    read = list(read_table(io.BytesIO(as_csv(rows)), "csv"))
    assert [told(row) for row in read] == [told(row) for row in rows]


@given(ROWS)
def test_a_workbook_tells_everything_of_every_row(rows):
    read = list(read_table(io.BytesIO(as_workbook(rows)), "xlsx"))
    assert [told(row) for row in read] == [told(row) for row in rows]


def row_of(*values, codes=()):
    return TableRow(0, NAME, tuple(HandleValue(index, kind, b"x") for index, kind in values), tuple(codes))


def test_a_column_has_the_type_that_most_records_have_under_its_index():
    rows = [row_of((1, "URL")), row_of((1, "EMAIL")), row_of((1, "EMAIL"), (2, "NAME"))]
    assert headings_for(rows).texts == ["identifier", "state", "template", "1:EMAIL", "2:NAME", "more"]


def test_rows_that_cells_tell_whole_need_no_further_column():
    rows = [row_of((1, "URL"), codes=[TableCode("GIAI", "1", primary=True)])]
    assert headings_for(rows).texts == ["identifier", "state", "template", "code:GIAI", "1:URL"]


def test_there_are_no_more_columns_of_values_than_a_number_and_the_others_are_still_told():
    rows = [row_of(*((index, "NOTE") for index in range(1, MOST_VALUE_COLUMNS + 3)))]
    headings = headings_for(rows)
    assert (len(headings.types), headings.more) == (MOST_VALUE_COLUMNS, True)
    (read,) = read_table(io.BytesIO(as_csv(rows)), "csv")
    assert told(read) == told(rows[0])


@pytest.mark.parametrize(("length", "fits"), [(LONGEST_CELL - 200, True), (LONGEST_CELL + 1, False)])
def test_what_no_cell_holds_is_refused(length, fits):
    rows = [TableRow(0, NAME, (HandleValue(1, "NOTE", b"x" * length, ttl=5),))]
    if fits:
        (read,) = read_table(io.BytesIO(as_workbook(rows)), "xlsx")
        assert told(read) == told(rows[0])
        return
    for written in (as_csv, as_workbook):
        with pytest.raises(TableUnfit) as refused:
            written(rows)
        assert NAME in refused.value.facts["reason"].zh


@pytest.mark.parametrize(
    "cell",
    [
        "[]",
        "5",
        "null",
        "{",
        '{"values": 5}',
        '{"codes": 5}',
        '{"codes": [{"system": "A"}]}',
    ],
)
def test_a_cell_that_is_not_what_it_should_be_is_told_below_its_heading(cell):
    with pytest.raises(UNREADABLE):
        read_more(cell)
    quoted = cell.replace('"', '""')
    (row,) = read_table(io.BytesIO(f'identifier,其他\n{NAME},"{quoted}"\n'.encode()), "csv")
    assert [fault.column for fault in row.faults] == ["其他"]
    assert row.faults[0].reason.zh != row.faults[0].reason.en


def test_nothing_more_is_an_empty_cell():
    assert written_more((), ()) == ""
    assert read_more("{}") == ((), ())


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+86 531",
        "-40 ℃",
        "@cmd",
        "＝1+1",
        "＋1",
        "－1",
        "＠cmd",
        "'=1",
        "''＝1",
    ],
)
def test_a_cell_that_begins_like_a_formula_is_guarded_in_a_csv_and_text_in_a_workbook(text):
    rows = [TableRow(0, NAME, (HandleValue(1, "NOTE", text.encode()),))]
    lines = as_csv(rows).decode().splitlines()
    cell = lines[1].split(",", 3)[3].strip('"')
    assert cell == f"'{text}"
    (read,) = read_table(io.BytesIO(as_csv(rows)), "csv")
    assert told(read) == told(rows[0])
    (read,) = read_table(io.BytesIO(as_workbook(rows)), "xlsx")
    assert told(read) == told(rows[0])


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("suspended", "suspended"),
        ("已暂停", "suspended"),
        ("Retired", "retired"),
        ("已注销", "retired"),
        ("reserved", "reserved"),
        ("", "active"),
    ],
)
def test_every_state_is_read_in_both_languages(word, state):
    (row,) = read_table(io.BytesIO(f"标识,状态\n{NAME},{word}\n".encode()), "csv")
    assert (row.state, row.faults) == (state, ())


@pytest.mark.parametrize(
    "codes",
    [
        [TableCode("GIAI", "1"), TableCode("OID", "2", primary=True)],
        [TableCode("GIAI", "1", primary=True), TableCode("GIAI", "2")],
        [TableCode("OID", "2", primary=True), TableCode("GIAI", "1")],
        [TableCode("GIAI", " 1 ", primary=True)],
        [TableCode("GIAI", "1\n2", primary=True)],
    ],
    ids=["second primary", "one system twice", "other order", "blanks around", "two lines"],
)
def test_codes_that_cells_would_tell_otherwise_stand_in_the_further_column(codes):
    plain = row_of(codes=[TableCode("GIAI", "9", primary=True), TableCode("OID", "8")])
    rows = [plain, plain, row_of(codes=codes)]
    assert headings_for(rows).more
    read = list(read_table(io.BytesIO(as_csv(rows)), "csv"))
    assert [told(row) for row in read] == [told(row) for row in rows]


@pytest.mark.parametrize(
    ("data", "cell"),
    [
        (b"plain", "plain"),
        ("温度计".encode(), "温度计"),
        (b"00123", "00123"),
        (b"1e5", "1e5"),
        (b"TRUE", "TRUE"),
        (b"2024-03-17", "2024-03-17"),
        (b"a, b", "a, b"),
        (b'say "x"', 'say "x"'),
        (b"a;b", "a;b"),
        (b"_x0041_", "_x0041_"),
        (b"https://example.org/?a=1&b=2", "https://example.org/?a=1&b=2"),
        (b"<b>", "<b>"),
        (b"null", "null"),
        (b"#N/A", "#N/A"),
        (b"0", "0"),
    ],
)
def test_a_line_of_text_stands_in_its_own_cell_as_it_is(data, cell):
    rows = [TableRow(0, NAME, (HandleValue(3, "NOTE", data),))]
    assert headings_for(rows).texts == ["identifier", "state", "template", "3:NOTE"]
    for written, kind in ((as_csv, "csv"), (as_workbook, "xlsx")):
        (read,) = read_table(io.BytesIO(written(rows)), kind)
        assert read.values[0].text == cell
        assert told(read) == told(rows[0])


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" x",
        b"x ",
        b"a\nb",
        b"a\rb",
        b"a\tb",
        b"\xff",
        b"\x00",
        b"\x7f",
        "\u2028".encode(),
    ],
)
def test_what_is_no_line_of_text_stands_in_the_further_column(data):
    rows = [TableRow(0, NAME, (HandleValue(3, "NOTE", data),))]
    assert headings_for(rows).texts == ["identifier", "state", "template", "more"]
    for written, kind in ((as_csv, "csv"), (as_workbook, "xlsx")):
        (read,) = read_table(io.BytesIO(written(rows)), kind)
        assert told(read) == told(rows[0])


def test_an_empty_table_has_its_headings_and_no_row():
    assert headings_for([]).texts == ["identifier", "state", "template"]
    for written, kind in ((as_csv, "csv"), (as_workbook, "xlsx")):
        assert list(read_table(io.BytesIO(written([])), kind)) == []
