"""Values and codes as lines of a text field: what is written is read back, and the wrong line is named."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from jialiang.base.identifiers.records import RecordCode
from jialiang.console.identifiers.lines import (
    codes_of_lines,
    is_line,
    lines_of_codes,
    lines_of_values,
    values_of_lines,
)
from jialiang.formats.handle.values import HandleReference, HandleValue

URL = HandleValue(1, "URL", b"https://example.org/")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", []), ("\n \t\n", []),
        ("1 URL https://example.org/", [(1, "URL", "https://example.org/")]),
        ("  1\tURL   https://example.org/  ", [(1, "URL", "https://example.org/")]),
        ("2000 SERIAL ST 9", [(2000, "SERIAL", "ST 9")]), ("5 NOTE", [(5, "NOTE", "")]),
        ("5 NOTE 温度计 & <b>", [(5, "NOTE", "温度计 & <b>")]),
        ("1 A x\r\n2 B y\r\n", [(1, "A", "x"), (2, "B", "y")]),
        ("2 B y\n\n1 A x", [(2, "B", "y"), (1, "A", "x")]),
        ("0 A x", [(0, "A", "x")]), ("9999999999 A x", [(9_999_999_999, "A", "x")]),
        ("1 编号 x", [(1, "编号", "x")]), ("1 A x\u20282 B y", [(1, "A", "x"), (2, "B", "y")]),
    ],
)  # fmt: skip
def test_a_line_is_index_type_and_data(text: str, told: list[tuple[int, str, str]]):
    assert [(value.index, value.type, value.text) for value in values_of_lines(text)] == told


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("URL x", [1]), ("1", [1]), ("-1 URL x", [1]), ("1.5 URL x", [1]), ("１ URL x", [1]),
        ("12345678901 URL x", [1]),
        ("x\n1 URL y\nz", [1, 3]), ("1 URL y\n\n\nwrong", [4]), ("1: URL x", [1]), ("URL", [1]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_line_that_is_none_is_named_by_its_number(text: str, lines: list[int], language: str):
    with translation.override(language), pytest.raises(ValidationError) as refused:
        values_of_lines(text)
    assert len(refused.value.messages) == len(lines)
    for number, message in zip(lines, refused.value.messages, strict=True):
        assert str(number) in message
        assert message.startswith("Line ") is (language == "en")


def test_a_value_that_was_there_keeps_what_a_line_cannot_tell():
    old = HandleValue(
        1, "URL", b"old", ttl=60, timestamp=5, permissions=8, references=(HandleReference(1, "88.1/x"),)
    )
    (value,) = values_of_lines("1 EMAIL new", [old, HandleValue(2, "X", b"")])
    assert (value.type, value.data) == ("EMAIL", b"new")
    assert (value.ttl, value.timestamp, value.permissions, value.references) == (
        old.ttl, old.timestamp, old.permissions, old.references,
    )  # fmt: skip


def test_a_value_at_a_new_index_is_as_usual():
    (value,) = values_of_lines("3 URL x", [URL])
    assert value == HandleValue(3, "URL", b"x")


LINES = {
    "a text": (URL, True), "no data": (HandleValue(1, "URL", b""), True),
    "Chinese": (HandleValue(1, "编号", "温".encode()), True),
    "bytes": (HandleValue(1, "PHOTO", b"\xff\xfe"), False), "two lines": (HandleValue(1, "NOTE", b"a\nb"), False),
    "a blank before": (HandleValue(1, "NOTE", b" a"), False), "a blank behind": (HandleValue(1, "NOTE", b"a "), False),
    "a tab": (HandleValue(1, "NOTE", b"a\tb"), False), "a zero": (HandleValue(1, "NOTE", b"\0"), False),
    "a type of two words": (HandleValue(1, "MADE ON", b"x"), False),
    "a secret": (HandleValue(1, "HS_SECKEY", b"x"), False),
    "an administrator": (HandleValue(100, "hs_admin", b"x"), False),
    "not of the system": (HandleValue(1, "HSX", b"x"), True),
    "a separator of lines": (HandleValue(1, "NOTE", "a\u2028b".encode()), False),
}  # fmt: skip


@pytest.mark.parametrize("what", LINES)
def test_what_one_line_can_tell_and_what_not(what: str):
    value, fits = LINES[what]
    assert is_line(value) is fits
    if fits:
        assert values_of_lines(lines_of_values([value])) == [value]


PLAIN = st.text(st.characters(categories=["L", "N", "P", "S"]), max_size=12)
VALUES = st.lists(
    st.builds(
        lambda index, kind, data: HandleValue(index, kind, data.encode()),
        st.integers(0, 2**31 - 1),
        st.from_regex(r"[A-Z][A-Z0-9.]{0,8}", fullmatch=True),
        PLAIN,
    ),
    max_size=5,
)


@settings(max_examples=60)
@given(VALUES)
def test_values_that_are_lines_are_read_back_as_they_were(values: list[HandleValue]):
    kept = [value for value in values if is_line(value)]
    assert values_of_lines(lines_of_values(kept)) == kept


@settings(max_examples=60)
@given(st.text(max_size=60))
def test_whatever_is_typed_is_read_or_refused_and_what_was_read_is_read_again(text: str):
    try:
        values = values_of_lines(text)
    except ValidationError as refused:
        assert refused.messages
        return
    again = values_of_lines(lines_of_values(values))
    assert [(value.index, value.type) for value in again] == [(value.index, value.type) for value in values]


# codes


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", []), ("GIAI 40123459", [("GIAI", "40123459")]), ("  GIAI\t40123459 ", [("GIAI", "40123459")]),
        ("GIAI 1\nOID 1.2.3", [("GIAI", "1"), ("OID", "1.2.3")]), ("X two words", [("X", "two words")]),
    ],
)  # fmt: skip
def test_codes_are_lines_of_which_the_first_is_primary(text: str, told: list[tuple[str, str]]):
    codes = codes_of_lines(text)
    assert [(code.system, code.code) for code in codes] == told
    assert [code.primary for code in codes] == [place == 0 for place in range(len(told))]


@pytest.mark.parametrize(("text", "number"), [("GIAI", 1), ("GIAI 1\nOID", 2), ("\n\nOID", 3)])
def test_a_line_without_a_code_is_named(text: str, number: int):
    with translation.override("en"), pytest.raises(ValidationError) as refused:
        codes_of_lines(text)
    assert refused.value.messages == [f"Line {number}: write system and code, such as GIAI 40123459"]


@pytest.mark.parametrize("primary", [0, 1, 2])
def test_the_primary_code_is_written_first_and_read_back_as_primary(primary: int):
    systems = ["A", "B", "C"]
    codes = [RecordCode(system, "1", primary=place == primary) for place, system in enumerate(systems)]
    first, *rest = codes_of_lines(lines_of_codes(codes))
    assert (first.system, first.primary) == (systems[primary], True)
    assert [code.system for code in rest] == [system for system in systems if system != systems[primary]]
    assert not any(code.primary for code in rest)
