"""Due and overdue instruments, reckoned from the latest evidence."""

from datetime import date, timedelta

import pytest
from tests.information.evidence_rows import evidence

from jialiang.functions import instruments
from jialiang.information.due_dates import due_instruments

TODAY = date(2026, 6, 16)
BEGIN = date(2025, 6, 1)


def after(days):
    return TODAY + timedelta(days=days)


def test_overdue_and_soon_due_instruments_come_in_the_order_of_their_days(world):
    for name, days in (("soon", 30), ("late", -5), ("today", 0), ("far", 31)):
        evidence(world, world.instrument(serial_number=name), BEGIN, after(days))
    world.instrument(serial_number="unproven")
    found = due_instruments(TODAY)
    assert [(d.serial_number, d.days_left, d.is_overdue) for d in found] == [
        ("late", -5, True), ("today", 0, False), ("soon", 30, False),
    ]  # fmt: skip
    assert {d.basis for d in found} == {"certificate"}


def test_the_latest_evidence_counts_and_withdrawn_or_scrapped_does_not(world):
    renewed, scrapped, withdrawn = (world.instrument(serial_number=n) for n in ("renewed", "scrapped", "withdrawn"))
    evidence(world, renewed, BEGIN, after(-5))
    evidence(world, renewed, after(-10), after(300))
    evidence(world, scrapped, BEGIN, after(-5))
    instruments.retire(actor=world.person("receptionist"), instrument_id=scrapped.id, reason="报废", now=world.now)
    evidence(world, withdrawn, BEGIN, after(-5), ended=1)
    assert due_instruments(TODAY) == []


@pytest.mark.parametrize(
    ("months", "expected"), [(12, [date(2026, 5, 31)]), (13, [date(2026, 6, 30)]), (24, []), (None, [])]
)
def test_without_a_due_date_the_owner_s_interval_is_reckoned(world, months, expected):
    evidence(world, world.instrument(interval_months=months), BEGIN, None)
    found = due_instruments(TODAY)
    assert [d.due for d in found] == expected
    assert {d.basis for d in found} <= {"owner_interval"}


def test_a_customer_s_list_holds_the_own_instruments_only(world):
    evidence(world, world.instrument(), BEGIN, after(1))
    assert len(due_instruments(TODAY, owner_id=world.dairy_id)) == 1
    assert due_instruments(TODAY, owner_id=world.mill_id) == []
    assert due_instruments(TODAY, within_days=0) == []


def test_two_queries_whatever_the_number(world, django_assert_num_queries):
    for n in range(4):
        evidence(world, world.instrument(serial_number=str(n)), BEGIN, after(n))
    with django_assert_num_queries(2):
        assert {d.owner_name.zh for d in due_instruments(TODAY)} == {"晨星乳业有限公司"}
