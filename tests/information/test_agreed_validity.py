"""Until when a certificate holds."""

from datetime import date
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.information.agreed_validity import due_date_of, last_day_of_interval


def _record(kind="calibration", agreed=False, months=None, own=12):
    commission = SimpleNamespace(due_date_agreed=agreed, agreed_interval_months=months)
    item = SimpleNamespace(commission=commission, instrument=SimpleNamespace(interval_months=own))
    return SimpleNamespace(kind=kind, end_date=date(2026, 6, 16), item=item)


@pytest.mark.parametrize(
    ("start", "months", "last"),
    [
        (date(2026, 6, 16), 12, date(2027, 6, 15)),
        (date(2024, 2, 29), 12, date(2025, 2, 27)),
        (date(2026, 8, 31), 6, date(2027, 2, 27)),
        (date(2026, 1, 1), 12, date(2026, 12, 31)),
    ],
)
def test_an_interval_ends_the_day_before_its_anniversary(start, months, last):
    assert last_day_of_interval(start, months) == last


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 120))
def test_a_longer_interval_never_ends_earlier(start, months):
    assert start < last_day_of_interval(start, months + 1)
    assert last_day_of_interval(start, months) < last_day_of_interval(start, months + 1)


def test_a_calibration_has_a_due_date_only_where_one_was_agreed():
    assert due_date_of(_record(), "pass") is None
    assert due_date_of(_record(agreed=True, months=6), "pass") == date(2026, 12, 15)
    assert due_date_of(_record(agreed=True), "pass") == date(2027, 6, 15)


def test_a_verification_has_one_by_law_unless_the_instrument_was_rejected():
    assert due_date_of(_record("legal_verification"), "pass") == date(2027, 6, 15)
    assert due_date_of(_record("legal_verification"), "fail") is None
