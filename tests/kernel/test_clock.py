"""Time is a value that is passed in; where it becomes a date or a text, the zone decides."""

import warnings
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.kernel.clock import iso_seconds, local_date, utc_now

MOMENTS = st.datetimes(datetime(1900, 1, 2), datetime(9998, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001
OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@pytest.mark.parametrize(
    ("moment", "zone", "day"),
    [
        ("2026-06-16T15:59:59Z", "Asia/Shanghai", date(2026, 6, 16)),
        ("2026-06-16T16:00:00Z", "Asia/Shanghai", date(2026, 6, 17)),
        ("2026-06-16T16:00:00Z", "UTC", date(2026, 6, 16)),
        ("2026-12-31T16:00:00Z", "Asia/Shanghai", date(2027, 1, 1)),
        ("2026-01-01T04:59:59Z", "America/New_York", date(2025, 12, 31)),
        ("2026-06-17T00:00:00+08:00", "UTC", date(2026, 6, 16)),
        ("1988-06-15T15:30:00Z", "Asia/Shanghai", date(1988, 6, 16)),  # China had daylight saving time then
    ],
)
def test_the_day_is_that_of_the_institute_and_not_of_the_machine(moment, zone, day):
    assert local_date(datetime.fromisoformat(moment), zone) == day


@given(MOMENTS, OFFSETS)
def test_a_moment_is_written_in_utc_whatever_zone_it_comes_in(moment, offset):
    assert iso_seconds(moment.astimezone(offset)) == iso_seconds(moment)
    assert datetime.fromisoformat(iso_seconds(moment)) == moment.replace(microsecond=0)
    assert len(iso_seconds(moment)) == 20


@given(MOMENTS, MOMENTS)
def test_texts_of_moments_sort_as_the_moments(one, other):
    if one.replace(microsecond=0) < other.replace(microsecond=0):
        assert iso_seconds(one) < iso_seconds(other)


def test_fractions_of_a_second_are_cut_and_not_rounded():
    assert iso_seconds(datetime(2026, 6, 16, 7, 47, 30, 999_999, UTC)) == "2026-06-16T07:47:30Z"


def test_the_present_is_aware_and_in_utc():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        before, now, after = datetime.now(UTC), utc_now(), datetime.now(UTC)
    assert before <= now <= after
    assert now.utcoffset() == timedelta(0)


def test_an_unknown_zone_is_an_error_and_not_utc():
    with pytest.raises(KeyError):
        local_date(datetime(2026, 6, 16, tzinfo=UTC), "Asia/Yunze")
