"""Collecting count logs exactly once, gaps where processes died, sums by every dimension, and frozen days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule
from tests.machines import DatabaseMachine, run

from jialiang.formats.handle.count_log import (
    BadCountLog,
    Counted,
    CountLine,
    count_line,
    first_line,
    last_line,
)
from jialiang.governance.resolution_counts.errors import DayNotOver
from jialiang.governance.resolution_counts.models import CollectedLog, ResolutionCount
from jialiang.governance.resolution_counts.selectors import (
    bounds,
    frozen,
    frozen_days,
    gaps,
    offset_of,
    sums,
)
from jialiang.governance.resolution_counts.services import collect, count_here, freeze

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 16)
ZONE = "Asia/Shanghai"
MIDNIGHT = datetime(2026, 6, 15, 16, tzinfo=UTC)  # of the day in Shanghai
T = int(MIDNIGHT.timestamp())
FOUND = Counted("handle_json", "found", prefix="88.101.5")
SCANNED = Counted("page", "found", "qr", "CN-37", "88.101.5")
MISSED = Counted("page", "not_found")


def a_log(*lines: dict[Counted, int], begun: int = T, closed: bool = False) -> bytes:
    written = [count_line(CountLine(i, begun + i, begun + i + 1, counts)) for i, counts in enumerate(lines)]
    return first_line("p", begun) + b"".join(written) + (last_line(begun + len(lines)) if closed else b"")


def collected(data: bytes, *, offset: int = 0, is_dead: bool = False, process: str = "p") -> bool:
    return collect(process, data, offset=offset, is_dead=is_dead, last_sign=MIDNIGHT)


def total(*by: str) -> dict[tuple[str, ...], int]:
    return {found.by: found.number for found in sums(MIDNIGHT, MIDNIGHT + timedelta(days=1), by)}


def test_a_log_is_counted_once_however_often_it_is_collected() -> None:
    log = a_log({FOUND: 5, MISSED: 1}, {FOUND: 2}, closed=True)
    assert collected(log)
    assert collected(log)
    assert total() == {(): 8}
    assert total("kind", "outcome") == {("handle_json", "found"): 7, ("page", "not_found"): 1}


def test_a_growing_log_is_collected_piece_by_piece() -> None:
    whole = a_log({FOUND: 5}, {FOUND: 2}, closed=True)
    part = a_log({FOUND: 5})
    assert not collected(part + b'{"s":1,"b"')
    assert offset_of("p") == (len(part), 2)
    assert total() == {(): 5}
    assert collected(whole[len(part) :], offset=len(part))
    assert total() == {(): 7}


def test_bytes_that_overlap_are_counted_once() -> None:
    part, whole = a_log({FOUND: 5}), a_log({FOUND: 5}, {FOUND: 2}, closed=True)
    collected(part)
    assert collected(whole, offset=0)
    assert total() == {(): 7}


def test_missing_bytes_are_no_log() -> None:
    with pytest.raises(ValueError, match="missing"):
        collected(b"", offset=10)


def test_a_process_that_died_leaves_a_gap_after_its_last_sign() -> None:
    assert collected(a_log({FOUND: 5}), is_dead=True)
    (gap,) = gaps(MIDNIGHT, MIDNIGHT + timedelta(hours=1))
    assert (gap.process, gap.after) == ("p", MIDNIGHT)
    assert gaps(MIDNIGHT + timedelta(seconds=1), MIDNIGHT + timedelta(hours=1)) == []
    assert total() == {(): 5}


def test_a_process_that_closed_its_log_leaves_none_though_it_is_gone() -> None:
    assert collected(a_log({FOUND: 5}, closed=True), is_dead=True)
    assert gaps(MIDNIGHT - timedelta(days=1), MIDNIGHT + timedelta(days=1)) == []
    assert CollectedLog.objects.get(pk="p").closed_at is not None


def test_a_log_that_cannot_be_read_counts_nothing_at_all() -> None:
    with pytest.raises(BadCountLog):
        collected(a_log({FOUND: 5}) + b"{broken\n")
    assert total() == {(): 0}
    assert offset_of("p") == (0, 0)


def test_sums_are_told_by_any_dimension() -> None:
    collected(a_log({FOUND: 5, SCANNED: 3}, {MISSED: 2}))
    assert total("carrier") == {("none",): 7, ("qr",): 3}
    assert total("region") == {("",): 7, ("CN-37",): 3}
    assert total("prefix") == {("",): 2, ("88.101.5",): 8}
    assert total("hour") == {("2026-06-15T16",): 10}
    with pytest.raises(ValueError, match="colour"):
        total("colour")


def test_a_time_holds_its_first_hour_and_not_its_last() -> None:
    collected(a_log({FOUND: 5}))
    assert sums(MIDNIGHT + timedelta(hours=1), MIDNIGHT + timedelta(hours=2))[0].number == 0
    assert sums(MIDNIGHT - timedelta(hours=1), MIDNIGHT)[0].number == 0
    assert sums(MIDNIGHT, MIDNIGHT + timedelta(hours=1))[0].number == 5


def test_what_the_control_plane_does_is_counted_with_its_verb() -> None:
    for _ in range(3):
        count_here(Counted("registration", "found", prefix="88.101.5"), 2000, MIDNIGHT)
    assert total("kind") == {("registration",): 6000}
    assert ResolutionCount.objects.count() == 1


def test_a_day_is_from_midnight_to_midnight_of_its_zone() -> None:
    assert bounds(DAY, ZONE) == (MIDNIGHT, MIDNIGHT + timedelta(days=1))
    first, following = bounds(date(2026, 3, 29), "Europe/Berlin")  # the day on which summer time begins
    assert following - first == timedelta(hours=23)


def test_a_day_is_frozen_after_its_end_and_then_stays() -> None:
    with pytest.raises(DayNotOver):
        freeze(DAY, {"total": 1}, time_zone=ZONE, now=MIDNIGHT + timedelta(hours=23, minutes=59))
    assert frozen(DAY) is None
    over = MIDNIGHT + timedelta(days=1)
    first = freeze(DAY, {"total": 1, "z": "量"}, time_zone=ZONE, now=over)
    again = freeze(DAY, {"total": 2}, time_zone=ZONE, now=over + timedelta(days=1))
    assert (again.content, again.digest) == (first.content, first.digest)
    assert first.content == '{"total":1,"z":"量"}'
    assert [row.day for row in frozen_days(DAY, DAY)] == [DAY]
    assert frozen_days(DAY + timedelta(days=1), DAY + timedelta(days=9)) == []


class Collecting(DatabaseMachine):
    """A process writes, is collected in whatever pieces, dies or ends: the table says what its lines say."""

    def __init__(self) -> None:
        super().__init__()
        self.data = first_line("p", T)
        self.seen = 0
        self.sequence = 0
        self.written = 0
        self.told = 0
        self.over = False

    @rule(number=st.integers(1, 10**6), counted=st.sampled_from([FOUND, SCANNED, MISSED]))
    def write(self, number: int, counted: Counted) -> None:
        if self.over:
            return
        self.sequence += 1
        self.data += count_line(CountLine(self.sequence, T, T + 1, {counted: number}))
        self.written += number

    @rule(back=st.integers(0, 200), cut=st.integers(0, 200))
    def collect(self, back: int, cut: int) -> None:
        offset = max(0, offset_of("p")[0] - back)
        self.over = collected(self.data[offset : max(offset, len(self.data) - cut)], offset=offset)

    @rule()
    def die(self) -> None:
        if not self.over:
            offset = offset_of("p")[0]
            self.over = collected(self.data[offset:] + b'{"s":9', offset=offset, is_dead=True)

    @invariant()
    def the_table_says_what_was_collected(self) -> None:
        offset, _ = offset_of("p")
        lines = self.data[:offset].splitlines()[1:]
        expected = sum(int(line.split(b",")[-1].rstrip(b"]}")) for line in lines)
        assert (total().get((), 0) or 0) == expected
        if self.over:
            assert expected == self.written


def test_whatever_happens_no_count_is_lost_or_doubled() -> None:
    run(Collecting, examples=25, steps=15)
