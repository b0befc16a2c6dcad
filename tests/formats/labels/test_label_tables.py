"""Labels from a table: columns, encodings, what the run says for all, and every fault with its row."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.formats.codes.verdicts import CodeRefused
from jialiang.formats.labels.errors import BadLabelData, BadLabelValue
from jialiang.formats.labels.pages import MOST_LABELS
from jialiang.formats.labels.tables import LARGEST, contents_of_table

BASE = "https://id.example.org"


def read(text, common=None):
    data = text if isinstance(text, bytes) else text.encode()
    return contents_of_table(data, BASE, common or {})


def test_one_row_is_one_label():
    found = read("identifier,serial,name_zh\n88.1/a,1,压力表\n88.1/b,2,温度计\n")
    assert [(c.identifier, c.serial, c.name_zh, c.address) for c in found] == [
        ("88.1/a", "1", "压力表", f"{BASE}/88.1/a"),
        ("88.1/b", "2", "温度计", f"{BASE}/88.1/b"),
    ]


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbfidentifier,serial\r\n88.1/a,1\r\n",
        b"serial,identifier\n1,88.1/a\n",
        b" identifier , serial \n 88.1/a , 1 \n",
        b'"identifier","serial"\n"88.1/a","1"\n',
        b"identifier,serial\n\n88.1/a,1\n\n",
        b"identifier,serial\n88.1/a,1",
    ],
)
def test_a_table_is_read_as_spreadsheets_write_it(data):
    (content,) = read(data)
    assert (content.identifier, content.serial) == ("88.1/a", "1")


def test_a_row_goes_before_what_is_said_for_all():
    first, second = read(
        "identifier,due\n88.1/a,2027-01-01\n88.1/b,\n", {"due": "2028-01-01", "status": "limited"}
    )
    assert (first.due, second.due) == ("2027-01-01", "2028-01-01")
    assert first.status == second.status == "limited"


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b"", "1"),
        (b"serial\n1\n", "1"),
        (b"identifier,colour\n88.1/a,red\n", "1"),
        (b"identifier,identifier\na,b\n", "1"),
        (b"identifier,serial\n88.1/a\n", "2"),
        (b"identifier,serial\n88.1/a,1\n88.1/b,2,3\n", "3"),
        (b"identifier,serial\n ,1\n", "2"),
        (b"identifier,serial\n88.1/a,1\n88.1/b,\xff\n", "3"),
        (b'identifier,serial\n"88.1/a,1\n', "CSV"),
        (b'identifier,serial\n"88.1/a"x,1\n', "CSV"),
        (b"x" * (LARGEST + 1), "1"),
        (b"identifier\n" + b"88.1/a\n" * (MOST_LABELS + 1), str(MOST_LABELS + 2)),
    ],
    ids=lambda given: given if isinstance(given, str) else str(len(given)),
)
def test_a_fault_is_told_with_its_row(data, place):
    with pytest.raises(BadLabelData) as refused:
        read(data)
    assert refused.value.facts["place"] == place
    assert place in refused.value.what.zh


def test_a_value_that_cannot_be_printed_is_refused_by_its_member():
    with pytest.raises(BadLabelValue):
        read("identifier,status\n88.1/a,good\n")
    with pytest.raises(CodeRefused):
        read("identifier\n(01)09506000134353\n")


def test_a_table_of_headings_alone_has_no_labels():
    assert read("identifier,serial\n") == []


@given(st.binary(max_size=200))
def test_any_bytes_are_a_table_or_refused_and_nothing_else(data):
    for whole in (data, b"identifier,serial\n" + data):
        try:
            contents_of_table(whole, BASE, {})
        except (BadLabelData, BadLabelValue, CodeRefused) as refused:
            assert refused.what.en
