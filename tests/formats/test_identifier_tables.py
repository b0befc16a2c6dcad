"""Tables of identifiers: headings in both languages, every kind of file, every fault by its cell, and back again."""

import io
import json
from datetime import date, datetime

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
    write_ndjson,
)
from jialiang.formats.identifier_tables.reading import LONGEST_LINE


def csv_rows(text, encoding="utf-8"):
    return list(read_table(io.BytesIO(text.encode(encoding)), "csv"))


def workbook(*rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    return out


def ndjson_rows(*lines):
    data = b"".join(line if isinstance(line, bytes) else json.dumps(line).encode() + b"\n" for line in lines)
    return list(read_table(io.BytesIO(data), "ndjson"))


def test_a_table_with_chinese_headings_is_read():
    (row,) = csv_rows("标识,状态,代码:GIAI,1:URL,2:NAME\n88.1/7,预留,40123459,https://example.org/7,温度计\n")
    values = (HandleValue(1, "URL", b"https://example.org/7"), HandleValue(2, "NAME", "温度计".encode()))
    assert row == TableRow(2, "88.1/7", values, (TableCode("GIAI", "40123459"),), "reserved")


def test_values_without_index_are_counted_by_their_columns():
    (row,) = csv_rows("URL,identifier,NAME,code: OID,MODEL\nhttps://x,88.1/7,n,1.2.156,\n")
    assert [(value.index, value.type) for value in row.values] == [(1, "URL"), (2, "NAME")]
    assert row.codes == (TableCode("OID", "1.2.156"),)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encodings_and_delimiters_are_found_out(encoding, delimiter):
    text = f"标识{delimiter}NAME\n88.1/7{delimiter}玻璃液体温度计\n"
    (row,) = csv_rows(text, encoding)
    assert row.values[0].text == "玻璃液体温度计"


def test_a_letter_cut_by_the_first_part_of_a_long_file_does_not_confuse():
    text = "标识,NAME\n" + "".join(f"88.1/{i},计量器具{i % 7 * '长'}\n" for i in range(4000))
    rows = csv_rows(text)
    assert len(rows) == 4000
    assert rows[-1].values[0].text.startswith("计量器具")


def test_cells_of_a_workbook_are_read_as_people_see_them():
    file = workbook(
        ["identifier", "1:SERIAL", "2:DAY", "3:MOMENT", "4:FLAG", "5:RATIO"],
        ["88.1/7", 20240317.0, date(2026, 6, 16), datetime(2026, 6, 16, 12, 30), True, 0.25],
        [None, None],
        ["88.1/8", 7, None],
    )
    first, second = read_table(file, "xlsx")
    assert [value.text for value in first.values] == ["20240317", "2026-06-16", "2026-06-16 12:30:00", "TRUE", "0.25"]
    assert (second.number, second.values[0].text) == (4, "7")


def test_a_line_of_ndjson_says_everything():
    values = [{"index": 300, "type": "HS_SECKEY", "data": {"format": "base64", "value": "AQI="}, "permissions": "1100"}]
    (row,) = ndjson_rows(
        {"handle": "88.1/7", "values": values, "codes": [{"system": "GIAI", "code": "4012", "primary": True}],
         "state": "reserved", "template": "t"},
    )  # fmt: skip
    assert (row.name, row.state, row.template, row.faults) == ("88.1/7", "reserved", "t", ())
    assert (row.values[0].data, row.values[0].permissions) == (b"\x01\x02", 0b1100)
    assert row.codes == (TableCode("GIAI", "4012", primary=True),)


def test_empty_rows_are_passed_over_and_rows_keep_their_numbers():
    assert [row.number for row in csv_rows("identifier\n\n88.1/1\n  \n88.1/2\n")] == [3, 5]
    assert [row.number for row in ndjson_rows(b"\n", {"handle": "88.1/1"})] == [2]


@pytest.mark.parametrize(
    ("cells", "column", "words"),
    [
        (",x,", "标识", "缺少标识"),
        ("no slash,x,", "标识", "no slash"),
        ("88..1/x,x,", "标识", "88..1/x"),
        ("88.1/7,坏,", "状态", "有效"),
        ("88.1/7,,a\x07b", "1:URL", "控制字符"),
        ("88.1/7,,u,more", "", "表头"),
    ],
)
def test_a_fault_is_told_by_its_cell(cells, column, words):
    (row,) = csv_rows(f"标识,状态,1:URL\n{cells}\n")
    fault = next(fault for fault in row.faults if words in fault.reason.zh)
    assert (fault.row, fault.column) == (2, column)
    assert fault.reason.en
    assert fault.to_json()["row"] == 2


def test_all_faults_of_a_row_are_told_at_once():
    (row,) = csv_rows("标识,状态\nno slash,坏\n")
    assert [fault.column for fault in row.faults] == ["标识", "状态"]


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ([1], ""),
        ({"values": []}, "handle"),
        ({"handle": "88.1/7", "values": [{"index": 0}]}, "values"),
        ({"handle": "88.1/7", "codes": ["x"]}, "codes"),
        ({"handle": "88.1/7", "codes": [{"system": "GIAI"}]}, "codes"),
        ({"handle": "88.1/7", "state": "scrapped"}, "state"),
        (b'{"handle":\n', ""),
    ],
)
def test_a_line_that_is_no_record_is_told_by_its_member(line, column):
    (row,) = ndjson_rows(line)
    assert [fault.column for fault in row.faults] == [column]
    assert row.faults[0].reason.zh


@pytest.mark.parametrize(
    "text",
    [
        "",
        "URL\nx\n",
        "identifier,标识\n",
        "identifier,1:URL,1:NAME\n",
        "identifier,0:URL\n",
        "identifier,code:GIAI,代码:GIAI\n",
    ],
)
def test_what_is_no_table_of_identifiers_is_refused_whole(text):
    with pytest.raises(TableRefused) as refused:
        csv_rows(text)
    assert refused.value.facts["reason"].zh


def test_other_files_are_refused_with_what_they_are_not():
    with pytest.raises(TableRefused):
        list(read_table(io.BytesIO(b"no workbook"), "xlsx"))
    with pytest.raises(TableRefused):
        list(read_table(io.BytesIO(b"\xff\xff\xff\n"), "csv"))
    with pytest.raises(TableRefused):
        csv_rows('identifier\n"88.1/7\n')
    with pytest.raises(TableRefused):
        ndjson_rows(b"x" * (LONGEST_LINE + 2))
    with pytest.raises(TableRefused):
        kind_of_name("instruments.pdf")
    assert [kind_of_name(name) for name in ("a.CSV", "b.xlsx", "c.jsonl")] == ["csv", "xlsx", "ndjson"]


LETTERS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp", "Zs"))
WORDS = st.text(LETTERS, min_size=1, max_size=12)
ROWS = st.lists(
    st.builds(
        TableRow,
        number=st.just(0),
        name=WORDS.map(lambda word: f"88.1/{word}"),
        values=st.lists(
            st.builds(HandleValue, st.integers(1, 5), st.sampled_from(["URL", "NAME"]), WORDS.map(str.encode)),
            max_size=3, unique_by=lambda value: value.index,
        ).map(lambda found: tuple(sorted(found, key=lambda value: value.index))),
        codes=st.lists(st.builds(TableCode, st.just("GIAI"), WORDS, st.just(True)), max_size=1).map(tuple),
        state=st.sampled_from(["active", "reserved"]),
        template=st.sampled_from(["", "88.1/t"]),
    ),
    max_size=5,
)  # fmt: skip


@given(ROWS)
def test_ndjson_is_read_back_as_it_was_written(rows):
    read = list(read_table(io.BytesIO(b"".join(write_ndjson(rows))), "ndjson"))
    assert [(r.name, r.values, r.codes, r.state, r.template, r.faults) for r in read] == [
        (r.name, r.values, r.codes, r.state, r.template, ()) for r in rows
    ]


@given(ROWS)
def test_a_csv_is_read_back_with_all_that_cells_can_tell(rows):
    kinds = {}
    for row in rows:
        for value in row.values:
            if kinds.setdefault(value.index, value.type) != value.type:
                return  # one index with two types needs two columns of one index
    read = list(read_table(io.BytesIO(b"".join(write_csv(rows))), "csv"))
    assert [(r.name, r.values, [c.code for c in r.codes], r.state, r.template, r.faults) for r in read] == [
        (r.name, r.values, [c.code for c in r.codes], r.state, r.template, ()) for r in rows
    ]
