"""Statistics of resolution beyond collecting: sums by several words, gaps in order, days of zones, frozen days."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.formats.handle.count_log import Counted, CountLine, count_line, first_line, last_line
from jialiang.governance.resolution_counts.errors import DayNotOver
from jialiang.governance.resolution_counts.models import CollectedLog, FrozenDay, ResolutionCount
from jialiang.governance.resolution_counts.selectors import (
    DIMENSIONS,
    Gap,
    Total,
    bounds,
    frozen,
    frozen_days,
    gaps,
    offset_of,
    sums,
)
from jialiang.governance.resolution_counts.services import collect, count_here, freeze

HOUR = datetime(2026, 6, 16, 7, tzinfo=UTC)
DAY = date(2026, 6, 16)
ONE_HOUR = timedelta(hours=1)


def counted(kind: str = "page", outcome: str = "found", **more: str) -> Counted:
    return Counted(kind, outcome, **more)


def here(moment: datetime, number: int = 1, **words: str) -> None:
    count_here(counted(**words), number, moment)


# --- sums ----------------------------------------------------------------------------------------------------


@pytest.fixture
def filled(db: None) -> None:
    """Two hours with counts that differ in each dimension."""
    here(HOUR, 2, carrier="qr", region="CN-37", prefix="88.101.5")
    here(HOUR + timedelta(minutes=59, seconds=59), 3, carrier="qr", region="CN-37", prefix="88.101.5")
    here(HOUR + ONE_HOUR, 4, kind="linkset")
    here(HOUR + ONE_HOUR, 5, outcome="not_found", region="CN-11")


def told(*by: str, since: datetime = HOUR, until: datetime = HOUR + 2 * ONE_HOUR) -> list[tuple[tuple[str, ...], int]]:
    return [(total.by, total.number) for total in sums(since, until, by)]


@pytest.mark.parametrize(
    ("by", "found"),
    [
        ((), [((), 14)]),
        (("hour",), [(("2026-06-16T07",), 5), (("2026-06-16T08",), 9)]),
        (("kind",), [(("linkset",), 4), (("page",), 10)]),
        (("outcome",), [(("found",), 9), (("not_found",), 5)]),
        (("carrier",), [(("none",), 9), (("qr",), 5)]),
        (("region",), [(("",), 4), (("CN-11",), 5), (("CN-37",), 5)]),
        (("prefix",), [(("",), 9), (("88.101.5",), 5)]),
        (("outcome", "kind"), [(("found", "linkset"), 4), (("found", "page"), 5), (("not_found", "page"), 5)]),
        (("kind", "outcome"), [(("linkset", "found"), 4), (("page", "found"), 5), (("page", "not_found"), 5)]),
        (("hour", "region"), [
            (("2026-06-16T07", "CN-37"), 5), (("2026-06-16T08", ""), 4), (("2026-06-16T08", "CN-11"), 5),
        ]),
    ],
)  # fmt: skip
def test_sums_are_in_the_order_of_the_words_asked_for(
    filled: None, by: tuple[str, ...], found: list[tuple[tuple[str, ...], int]]
) -> None:
    assert told(*by) == found


@pytest.mark.parametrize("by", [("number",), ("kind", "id"), ("Kind",), ("kind__in",), ("",)])
def test_other_words_are_refused(filled: None, by: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="not among"):
        sums(HOUR, HOUR + ONE_HOUR, by)


@pytest.mark.parametrize(
    ("since", "until", "number"),
    [
        (HOUR, HOUR + ONE_HOUR, 5),
        (HOUR + ONE_HOUR, HOUR + 2 * ONE_HOUR, 9),
        (HOUR + timedelta(seconds=1), HOUR + 2 * ONE_HOUR, 9),
        (HOUR, HOUR, 0),
        (HOUR + 2 * ONE_HOUR, HOUR + 9 * ONE_HOUR, 0),
        (HOUR - ONE_HOUR, HOUR + timedelta(seconds=1), 5),
    ],
)
def test_an_hour_belongs_to_a_time_by_its_first_moment(
    filled: None, since: datetime, until: datetime, number: int
) -> None:
    assert sums(since, until) == [Total((), number)]
    assert sum(total.number for total in sums(since, until, DIMENSIONS)) == number


def test_what_is_counted_twice_is_one_row_that_grows(db: None) -> None:
    for number in (1, 10, 100):
        here(HOUR, number, prefix="88.101.5")
    assert [row.number for row in ResolutionCount.objects.all()] == [111]


@pytest.mark.parametrize("word", ["kind", "outcome", "carrier", "region", "prefix"])
def test_what_differs_in_one_word_is_another_row(db: None, word: str) -> None:
    other = {"kind": "linkset", "outcome": "refused", "carrier": "nfc", "region": "CN-11", "prefix": "88.1"}
    here(HOUR)
    here(HOUR, **{word: other[word]})
    assert ResolutionCount.objects.count() == 2


# --- logs of several processes -------------------------------------------------------------------------------


def log(process: str, *numbers: int, closed: bool = False) -> bytes:
    begun = int(HOUR.timestamp())
    lines = [count_line(CountLine(i, begun + i, begun + i + 1, {counted(): n})) for i, n in enumerate(numbers, 1)]
    return first_line(process, begun) + b"".join(lines) + (last_line(begun + 60) if closed else b"")


def test_processes_are_added_and_each_has_its_own_place(db: None) -> None:
    one, other = log("one", 1, 2), log("other", 40)
    for process, data in (("one", one), ("other", other), ("one", one)):
        collect(process, data, offset=0, is_dead=False, last_sign=HOUR)
    assert sums(HOUR, HOUR + ONE_HOUR) == [Total((), 43)]
    assert (offset_of("one"), offset_of("other"), offset_of("none")) == ((len(one), 3), (len(other), 2), (0, 0))


def test_a_line_that_is_cut_waits_for_its_end(db: None) -> None:
    whole = log("p", 5, 7)
    for length in range(len(whole) - 20, len(whole)):
        collect("p", whole[:length], offset=0, is_dead=False, last_sign=HOUR)
        assert sums(HOUR, HOUR + ONE_HOUR) == [Total((), 5)]
    collect("p", whole, offset=0, is_dead=False, last_sign=HOUR)
    assert sums(HOUR, HOUR + ONE_HOUR) == [Total((), 12)]


@pytest.mark.parametrize(("closed", "is_dead", "finished"), [
    (False, False, False), (True, False, True), (False, True, True), (True, True, True),
])  # fmt: skip
def test_a_log_is_finished_when_it_is_closed_or_its_process_is_gone(
    db: None, closed: bool, is_dead: bool, finished: bool
) -> None:
    assert collect("p", log("p", 1, closed=closed), offset=0, is_dead=is_dead, last_sign=HOUR) is finished
    row = CollectedLog.objects.get(pk="p")
    assert (row.closed_at is not None) is closed
    assert (row.gap_after is not None) is (is_dead and not closed)


def test_a_finished_log_takes_nothing_more_not_even_what_is_new(db: None) -> None:
    data = log("p", 1)
    collect("p", data, offset=0, is_dead=True, last_sign=HOUR)
    late = data + count_line(CountLine(2, int(HOUR.timestamp()), int(HOUR.timestamp()) + 9, {counted(): 99}))
    assert collect("p", late, offset=0, is_dead=False, last_sign=HOUR) is True
    assert sums(HOUR, HOUR + ONE_HOUR) == [Total((), 1)]


def test_gaps_come_in_order_of_time_and_then_of_process(db: None) -> None:
    for process, minutes in (("c", 5), ("b", 1), ("a", 5), ("d", 60)):
        collect(process, log(process), offset=0, is_dead=True, last_sign=HOUR + timedelta(minutes=minutes))
    assert gaps(HOUR, HOUR + ONE_HOUR) == [
        Gap("b", HOUR + timedelta(minutes=1)),
        Gap("a", HOUR + timedelta(minutes=5)),
        Gap("c", HOUR + timedelta(minutes=5)),
    ]
    assert [gap.process for gap in gaps(HOUR + ONE_HOUR, HOUR + 2 * ONE_HOUR)] == ["d"]


def test_the_moments_of_a_log_are_kept(db: None) -> None:
    collect("p", log("p", 1, 1, closed=True), offset=0, is_dead=False, last_sign=HOUR + ONE_HOUR)
    row = CollectedLog.objects.get(pk="p")
    assert (row.begun_at, row.last_line_at, row.closed_at) == (
        HOUR, HOUR + timedelta(seconds=3), HOUR + timedelta(seconds=60),
    )  # fmt: skip


# --- days ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "day", "first", "hours"),
    [
        ("Asia/Shanghai", date(2026, 6, 16), "2026-06-15T16:00", 24),
        ("UTC", date(2026, 6, 16), "2026-06-16T00:00", 24),
        ("Europe/Berlin", date(2026, 3, 29), "2026-03-28T23:00", 23),  # clocks go forward
        ("Europe/Berlin", date(2026, 10, 25), "2026-10-24T22:00", 25),  # and back
        ("Asia/Kolkata", date(2026, 6, 16), "2026-06-15T18:30", 24),
        ("America/New_York", date(2026, 12, 31), "2026-12-31T05:00", 24),
    ],
)
def test_a_day_has_as_many_hours_as_its_zone_gives_it(zone: str, day: date, first: str, hours: int) -> None:
    begins, ends = bounds(day, zone)
    assert begins == datetime.fromisoformat(f"{first}+00:00")
    assert ends - begins == timedelta(hours=hours)


@given(
    st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    st.sampled_from(["Asia/Shanghai", "UTC", "Europe/Berlin", "Pacific/Apia", "America/St_Johns"]),
)
def test_days_follow_each_other_without_gap_or_overlap(day: date, zone: str) -> None:
    assert bounds(day, zone)[1] == bounds(day + timedelta(days=1), zone)[0]
    assert bounds(day, zone)[0].astimezone(ZoneInfo(zone)).date() in {day, day + timedelta(days=1)}


@pytest.mark.parametrize(("zone", "ends"), [("Asia/Shanghai", 16), ("UTC", 24), ("Asia/Tokyo", 15)])
def test_a_day_is_frozen_from_the_first_moment_after_it(db: None, zone: str, ends: int) -> None:
    end = datetime(2026, 6, 16, tzinfo=UTC) + timedelta(hours=ends)
    with pytest.raises(DayNotOver) as refused:
        freeze(DAY, {}, time_zone=zone, now=end - timedelta(microseconds=1))
    assert refused.value.facts["day"] == "2026-06-16"
    assert frozen(DAY) is None
    assert freeze(DAY, {}, time_zone=zone, now=end).frozen_at == end


def test_a_frozen_day_is_canonical_json_with_its_digest(db: None) -> None:
    row = freeze(DAY, {"b": 1, "a": {"济": "南"}}, time_zone="UTC", now=HOUR + timedelta(days=2))
    assert row.content == '{"a":{"济":"南"},"b":1}'
    assert row.digest == sha256(row.content.encode()).hexdigest()
    assert json.loads(row.content) == {"b": 1, "a": {"济": "南"}}


def test_a_day_that_is_frozen_stays_whatever_is_said_later(db: None) -> None:
    first = freeze(DAY, {"n": 1}, time_zone="UTC", now=HOUR + timedelta(days=2))
    again = freeze(DAY, {"n": 2}, time_zone="Asia/Tokyo", now=HOUR + timedelta(days=3))
    assert (again.content, again.time_zone, again.frozen_at) == (first.content, "UTC", first.frozen_at)
    assert FrozenDay.objects.count() == 1


def test_frozen_days_are_listed_with_both_ends_in_order(db: None) -> None:
    for days in (2, 0, 1):
        freeze(DAY + timedelta(days=days), {}, time_zone="UTC", now=HOUR + timedelta(days=9))
    listed = frozen_days(DAY, DAY + timedelta(days=1))
    assert [row.day for row in listed] == [DAY, DAY + timedelta(days=1)]
    assert frozen_days(DAY + timedelta(days=3), DAY + timedelta(days=9)) == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_who_freezes_too_early_is_told_which_day(language: str) -> None:
    error = DayNotOver(day="2026-06-16")
    assert "2026-06-16" in getattr(error.what, language)
    assert getattr(error.rule, language) and getattr(error.way_out, language)
