"""What members of reports may be, one table a test: every good value passes, every other is told with its fault."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.formats.node_report.reports import HEADER, LINES

from jialiang.formats.node_report import members
from jialiang.formats.node_report.errors import BadReportHeader
from jialiang.formats.node_report.header import (
    COUNTED_BY,
    DEEDS,
    FORMAT,
    HEADER_MEMBERS,
    KINDS,
    LINE_MEMBERS,
    MEDIA_TYPE,
    VERSION,
    parsed_header,
)
from jialiang.formats.node_report.members import first_fault, moment_text, parsed_moment
from jialiang.information.node_reports import DEEDS as DEEDS_OF_VERBS
from jialiang.information.resolution_statistics import TOLD_BY

NEVER_TEXT: list[Any] = [None, 0, 1.5, True, [], {}, ["88"], {"zh": "x"}]
NAMES = {"zh": "乳品厂", "en": "Dairy"}

GOOD: list[tuple[str, members.Test, list[Any]]] = [
    ("text", members.text, ["", "x", "温度计", " ", "\n", "x" * 10_000]),
    ("filled", members.filled, ["x", "温度计", " ", "0"]),
    ("number from 0", members.number(0), [0, 1, 2**63]),
    ("number from 1", members.number(1), [1, 2, 2**63]),
    ("one of", members.one_of(("a", "b")), ["a", "b"]),
    ("day", members.day, ["2026-11-21", "2024-02-29", "0001-01-01", "9999-12-31"]),
    ("moment", members.moment, ["2026-11-21T01:02:03Z", "2024-02-29T23:59:59Z", "1970-01-01T00:00:00Z"]),
    ("time zone", members.time_zone, ["Asia/Shanghai", "UTC", "Asia/Urumqi", "Europe/Berlin"]),
    ("prefix", members.prefix, ["88", "88.111", "88.111.5", "88.AB.c-d", "10.百度", "8" * 255]),
    ("prefix or empty", members.prefix_or_empty, ["", "88", "88.111"]),
    ("content", members.content, [{}, {"a": [1]}]),
    ("content or null", members.content_or_null, [None, {}, {"a": None}]),
    ("names", members.names, [NAMES, {"en": "", "zh": ""}]),
    ("holder", members.holder, [{"name": NAMES, "credit_code": ""}, {"credit_code": "9137", "name": NAMES}]),
]
BAD: list[tuple[str, members.Test, list[Any]]] = [
    ("text", members.text, NEVER_TEXT),
    ("filled", members.filled, ["", *NEVER_TEXT]),
    ("number from 0", members.number(0), [-1, 0.0, 1.0, "0", None, True, False, [], {}]),
    ("number from 1", members.number(1), [0, -5, "1", None, True]),
    ("one of", members.one_of(("a", "b")), ["", "c", "A", "ab", *NEVER_TEXT]),
    ("day", members.day, [
        "", "2026-11-31", "2026-13-01", "2025-02-29", "2026-1-1", "20261121", "2026-W47-6", "2026-325",
        "２０２６-11-21", "2026-11-21 ", "2026-11-21T00:00:00Z", *NEVER_TEXT,
    ]),
    ("moment", members.moment, [
        "", "2026-11-21", "2026-11-21T01:02:03", "2026-11-21T01:02:03+00:00", "2026-11-21T01:02:03.5Z",
        "2026-11-21t01:02:03z", "2026-11-21T24:00:00Z", "2026-02-30T01:02:03Z", "2026-11-21T01:60:03Z", *NEVER_TEXT,
    ]),
    ("time zone", members.time_zone, [
        "", "Asia", "Asia/Atlantis", "/etc/localtime", "../UTC", "UTC+8\x00", *NEVER_TEXT,
    ]),
    ("prefix", members.prefix, [
        "", ".", "88.", ".88", "88..5", "88/5", "88.111.5/x", "88 5", "88\n", "8" * 256, "88\x00", *NEVER_TEXT,
    ]),
    ("prefix or empty", members.prefix_or_empty, [" ", ".", None, 0, False]),
    ("content", members.content, [None, [], "", 0]),
    ("content or null", members.content_or_null, [[], "", 0, False]),
    ("names", members.names, [None, "乳品厂", [], {}, {"zh": "x"}, NAMES | {"de": "x"}, {"zh": "x", "en": 1}]),
    ("holder", members.holder, [
        None, {}, "x", {"name": NAMES}, {"credit_code": ""}, {"name": "x", "credit_code": ""},
        {"name": NAMES, "credit_code": None}, {"name": NAMES, "credit_code": "", "phone": "1"},
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "test", "values"), GOOD, ids=[name for name, _, _ in GOOD])
def test_what_is_right_passes(name: str, test: members.Test, values: list[Any]) -> None:
    assert [value for value in values if test(value) is not None] == []


@pytest.mark.parametrize(("name", "test", "values"), BAD, ids=[name for name, _, _ in BAD])
def test_what_is_wrong_is_told_in_both_languages(name: str, test: members.Test, values: list[Any]) -> None:
    assert [value for value in values if test(value) is None] == []
    for value in values:
        told = test(value)
        assert told is not None
        assert told.zh
        assert told.en
        assert "{" not in told.en


PLAIN = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text())


@given(st.one_of(PLAIN, st.lists(PLAIN), st.dictionaries(st.text(), PLAIN)))
def test_no_value_makes_a_test_fail_in_another_way(value: Any) -> None:
    for _, test, _ in GOOD:
        test(value)


@given(st.datetimes(min_value=datetime(1000, 1, 2), max_value=datetime(9999, 12, 30)))
def test_moments_are_written_and_read_alike(moment: datetime) -> None:
    there = moment.replace(microsecond=0, tzinfo=timezone(timedelta(hours=8)))
    assert parsed_moment(moment_text(there)) == there
    assert members.moment(moment_text(there)) is None


def test_a_moment_between_seconds_is_that_of_the_second() -> None:
    assert moment_text(datetime(2026, 11, 21, 1, 2, 3, 999_999, tzinfo=UTC)) == "2026-11-21T01:02:03Z"


# --- a whole line -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_true_lines_have_no_fault(kind: str) -> None:
    assert first_fault(LINES[kind], LINE_MEMBERS[kind]) is None


def test_the_first_member_that_is_wrong_is_told_in_the_order_of_the_format() -> None:
    wrong = LINES["registrations"] | {"version": 0, "at": "then"}
    found = first_fault(wrong, LINE_MEMBERS["registrations"])
    assert found is not None
    assert found[0] == "at"


def test_a_stranger_is_told_after_what_is_missing() -> None:
    line = LINES["resolutions"] | {"colour": "red"}
    found = first_fault(line, LINE_MEMBERS["resolutions"])
    assert found is not None
    assert found[0] == "colour"
    del line["word"]
    found = first_fault(line, LINE_MEMBERS["resolutions"])
    assert found is not None
    assert found[0] == "word"


def test_a_long_name_of_a_stranger_is_cut() -> None:
    found = first_fault(LINES["resolutions"] | {"x" * 5000: 1}, LINE_MEMBERS["resolutions"])
    assert found is not None
    assert len(found[0]) == 40


# --- the words of the format --------------------------------------------------------------------------------------


def test_the_format_is_what_the_reference_says() -> None:
    assert (FORMAT, VERSION) == ("jialiang-node-report", 1)
    assert MEDIA_TYPE == "application/vnd.jialiang.node-report+gzip"
    assert KINDS == ("registrations", "resolutions", "templates", "routes")
    assert tuple(LINE_MEMBERS) == KINDS
    assert list(HEADER_MEMBERS) == list(HEADER.to_json())


def test_every_verb_on_records_has_a_deed_of_the_format() -> None:
    assert set(DEEDS_OF_VERBS.values()) | {"reserved"} == set(DEEDS)


def test_every_dimension_of_the_statistics_has_its_word_in_the_format() -> None:
    assert set(TOLD_BY) <= set(COUNTED_BY)


def test_a_header_is_read_as_it_was_written() -> None:
    assert parsed_header(HEADER.to_json()) == HEADER


@pytest.mark.parametrize("version", [2, 3, 99])
def test_a_later_version_is_refused_by_its_number_and_not_by_its_members(version: int) -> None:
    with pytest.raises(BadReportHeader) as caught:
        parsed_header(HEADER.to_json() | {"version": version})
    assert caught.value.facts["member"] == "version"
    assert "1" in caught.value.facts["fault"].en
