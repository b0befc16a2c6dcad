"""The count log: what is written is read again, a cut line is none, and a strange one is refused where it stands."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.formats.handle.count_log import (
    CARRIERS,
    KINDS,
    OUTCOMES,
    BadCountLog,
    Counted,
    CountLine,
    count_line,
    first_line,
    last_line,
    read_log,
    summed,
)

HOUR = 496_410  # hours since 1970 of 2026-08-18T18 UTC
BEGUN = HOUR * 3600
FOUND = Counted("handle_json", "found", prefix="88.101.5")
MISSED = Counted("handle_json", "not_found")
SCANNED = Counted("page", "found", "qr", "CN-37", "88.101.5")

counted = st.builds(
    Counted,
    st.sampled_from(KINDS),
    st.sampled_from(OUTCOMES),
    st.sampled_from(CARRIERS),
    st.sampled_from(["", "CN-37", "CN-11"]),
    st.sampled_from(["", "88.101.5", "压力.表"]),
)
lines_ = st.builds(
    CountLine,
    st.integers(1, 10**6),
    st.integers(0, 2**33),
    st.integers(0, 2**33),
    st.dictionaries(counted, st.integers(1, 10**9), max_size=8),
)


def test_a_log_is_read_as_it_was_written() -> None:
    line = CountLine(1, BEGUN, BEGUN + 1, {FOUND: 40_000, MISSED: 3, SCANNED: 1})
    data = first_line("a1", BEGUN) + count_line(line) + last_line(BEGUN + 1)
    log = read_log(data)
    assert (log.process, log.begun, log.closed, log.length) == ("a1", BEGUN, BEGUN + 1, len(data))
    assert log.lines == (line,)


def test_a_line_is_json_that_a_person_can_read() -> None:
    assert json.loads(count_line(CountLine(7, BEGUN, BEGUN + 1, {SCANNED: 2}))) == {
        "s": 7,
        "b": BEGUN,
        "e": BEGUN + 1,
        "n": [["page", "found", "qr", "CN-37", "88.101.5", 2]],
    }
    assert first_line("a1", 5).endswith(b"\n")


def test_equal_counts_are_equal_bytes_in_whichever_order_they_came() -> None:
    there = CountLine(1, 0, 1, {FOUND: 1, MISSED: 2, SCANNED: 3})
    back = CountLine(1, 0, 1, {SCANNED: 3, MISSED: 2, FOUND: 1})
    assert count_line(there) == count_line(back)


@given(st.lists(lines_, max_size=5), st.data())
def test_however_a_log_is_cut_the_parts_hold_each_line_once(lines: list[CountLine], data: st.DataObject) -> None:
    log = first_line("p", 1) + b"".join(count_line(line) for line in lines) + last_line(9)
    cut = data.draw(st.integers(0, len(log)))
    first = read_log(log[:cut])
    rest = read_log(log[first.length :], line_before=log[: first.length].count(b"\n"))
    assert first.lines + rest.lines == tuple(lines)
    assert first.length + rest.length == len(log)
    assert (first.closed or rest.closed) == 9


def test_what_a_kill_cut_off_is_left_for_later() -> None:
    whole = first_line("a1", BEGUN) + count_line(CountLine(1, BEGUN, BEGUN + 1, {FOUND: 2}))
    log = read_log(whole + b'{"s":2,"b":17')
    assert log.length == len(whole)
    assert [line.sequence for line in log.lines] == [1]
    assert log.closed is None


def test_an_empty_part_says_nothing() -> None:
    assert read_log(b"") == read_log(b"no line feed")
    assert read_log(b"").length == 0


@pytest.mark.parametrize(
    ("data", "line", "fault"),
    [
        (b"nonsense\n", 1, "not JSON"),
        (b"[]\n", 1, "not a count log"),
        (b'{"count_log":2,"process":"a","begun":1}\n', 1, "not a count log"),
        (b'{"count_log":1,"process":"","begun":1}\n', 1, "not a count log"),
        (b'{"count_log":1,"process":"a","begun":-1}\n', 1, "not a whole number"),
        (b'{"count_log":1,"process":"a","begun":true}\n', 1, "not a whole number"),
        (first_line("a", 1) + b'{"s":1,"b":1,"e":2}\n', 2, "not a count log"),
        (first_line("a", 1) + b'{"s":1,"b":1,"e":2,"n":[["page","found",5]]}\n', 2, "not a count log"),
        (first_line("a", 1) + b'{"s":1,"b":1,"e":2,"n":[["page","won","none","","",5]]}\n', 2, "unknown name"),
        (first_line("a", 1) + b'{"s":1,"b":1,"e":2,"n":[["fax","found","none","","",5]]}\n', 2, "unknown name"),
        (first_line("a", 1) + b'{"s":1,"b":1,"e":2,"n":[["page","found","dove","","",5]]}\n', 2, "unknown name"),
        (first_line("a", 1) + b'{"s":1,"b":1,"e":2,"n":[["page","found","qr","","",1.5]]}\n', 2, "not a whole number"),
        (first_line("a", 1) + last_line(2) + count_line(CountLine(1, 1, 2, {})), 3, "after the end"),
    ],
)
def test_a_strange_line_is_refused_and_named(data: bytes, line: int, fault: str) -> None:
    with pytest.raises(BadCountLog) as caught:
        read_log(data)
    assert caught.value.facts == {"line": line, "fault": fault}


def test_a_later_part_numbers_its_lines_from_where_it_begins() -> None:
    with pytest.raises(BadCountLog) as caught:
        read_log(b"{}\n", line_before=41)
    assert caught.value.facts["line"] == 42


def test_sums_are_by_the_hour_in_which_a_line_began() -> None:
    lines = [
        CountLine(1, BEGUN + 3598, BEGUN + 3599, {FOUND: 5, MISSED: 1}),
        CountLine(2, BEGUN + 3599, BEGUN + 3600, {FOUND: 7}),
        CountLine(3, BEGUN + 3600, BEGUN + 3601, {FOUND: 11}),
    ]
    assert summed(lines) == {(HOUR, FOUND): 12, (HOUR, MISSED): 1, (HOUR + 1, FOUND): 11}


@given(st.lists(lines_, max_size=6))
def test_no_count_is_lost_in_a_sum(lines: list[CountLine]) -> None:
    assert sum(summed(lines).values()) == sum(sum(line.counts.values()) for line in lines)
