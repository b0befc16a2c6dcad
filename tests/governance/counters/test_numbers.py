"""Number series: no duplicate, no gap, every number accounted for, whatever goes wrong."""

import threading
from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

import pytest
from django.db import IntegrityError, connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jialiang.governance.counters import selectors
from jialiang.governance.counters.errors import (
    BadNumberPattern,
    NumberAlreadyVoid,
    NumberNotFound,
    ReasonMissing,
)
from jialiang.governance.counters.models import NumberAllocation, NumberSeries
from jialiang.governance.counters.services import take, void
from jialiang.kernel.ids import new_id
from jialiang.kernel.text import Text
from jialiang.security.tenancy.models import Tenant
from jialiang.security.tenancy.scope import scope
from jialiang.security.tenancy.services import create_tenant

PATTERN = "JLX-{year}-{serial:05d}"
REASON = Text(zh="证书内容无法完成", en="The content cannot be finished")


def a_number(now: datetime, *, kind: str = "certificate", year: int = 2026, pattern: str = PATTERN) -> str:
    return take(kind=kind, year=year, pattern=pattern, subject_id=uuid4(), now=now).number


def test_numbers_follow_one_another_from_one(in_tenant: Tenant, now: datetime) -> None:
    assert [a_number(now) for _ in range(3)] == ["JLX-2026-00001", "JLX-2026-00002", "JLX-2026-00003"]
    assert selectors.gaps() == []


def test_every_kind_and_every_year_has_its_own_series(in_tenant: Tenant, now: datetime) -> None:
    a_number(now)
    assert a_number(now, year=2027) == "JLX-2027-00001"
    assert a_number(now, kind="commission", pattern="WT{year}{serial:04d}") == "WT20260001"
    assert a_number(now) == "JLX-2026-00002"
    assert [(s.kind, s.year, s.last) for s in selectors.series()] == [
        ("certificate", 2026, 2),
        ("certificate", 2027, 1),
        ("commission", 2026, 1),
    ]


def test_every_institute_has_its_own_series(in_tenant: Tenant, now: datetime) -> None:
    a_number(now)
    other = create_tenant(slug="other-institute", name=Text(zh="另一计量院"), now=now)
    with scope(other.id):
        assert a_number(now) == "JLX-2026-00001"
        assert len(selectors.account("certificate", 2026)) == 1


def test_a_number_that_is_rolled_back_was_never_taken(in_tenant: Tenant, now: datetime) -> None:
    a_number(now)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        assert a_number(now) == "JLX-2026-00002"
        _ = 1 / 0
    assert a_number(now) == "JLX-2026-00002"
    assert [line.serial for line in selectors.account("certificate", 2026)] == [1, 2]


def test_a_void_number_stays_in_the_account_with_its_reason_and_is_not_given_again(
    in_tenant: Tenant, now: datetime
) -> None:
    first, second = a_number(now), a_number(now)
    voided = void(first, REASON, now)
    assert (voided.state, voided.reason, voided.voided_at) == ("void", REASON, now)
    assert a_number(now) == "JLX-2026-00003"
    lines = selectors.account("certificate", 2026)
    assert [(line.number, line.state) for line in lines] == [
        (first, "void"),
        (second, "used"),
        ("JLX-2026-00003", "used"),
    ]
    assert lines[0].reason == REASON
    assert lines[0].subject_id is not None


def test_a_number_is_voided_once_and_with_a_reason(in_tenant: Tenant, now: datetime) -> None:
    number = a_number(now)
    for nothing in (Text(), Text(zh="  ", en="\n")):
        with pytest.raises(ReasonMissing):
            void(number, nothing, now)
    void(number, REASON, now)
    with pytest.raises(NumberAlreadyVoid) as caught:
        void(number, Text(zh="另一原因"), now)
    assert REASON.zh in caught.value.what.zh
    assert selectors.account("certificate", 2026)[0].reason == REASON


def test_a_number_never_taken_or_of_another_institute_cannot_be_voided(
    in_tenant: Tenant, now: datetime
) -> None:
    number = a_number(now)
    with pytest.raises(NumberNotFound):
        void("JLX-2026-99999", REASON, now)
    other = create_tenant(slug="other-institute", name=Text(zh="另一计量院"), now=now)
    with scope(other.id), pytest.raises(NumberNotFound):
        void(number, REASON, now)


def test_where_two_kinds_write_numbers_alike_the_kind_or_the_row_must_be_named(
    in_tenant: Tenant, now: datetime
) -> None:
    certificate = take(kind="certificate", year=2026, pattern="{serial}", subject_id=uuid4(), now=now)
    commission = take(kind="commission", year=2026, pattern="{serial}", subject_id=uuid4(), now=now)
    with pytest.raises(NumberNotFound) as caught:
        void("1", REASON, now)
    assert caught.value.facts["found"] == 2
    assert void("1", REASON, now, kind="commission").pk == commission.pk
    assert void(certificate, REASON, now).pk == certificate.pk


def test_a_missing_row_shows_as_a_gap(in_tenant: Tenant, now: datetime) -> None:
    for _ in range(4):
        a_number(now)
    NumberAllocation.objects.get(serial=2).delete()
    assert selectors.gaps() == [selectors.Gap("certificate", 2026, 2)]
    assert [line.state for line in selectors.account("certificate", 2026)] == [
        "used",
        "missing",
        "used",
        "used",
    ]


def test_the_account_reaches_as_far_as_the_highest_serial_even_if_the_series_was_set_back(
    in_tenant: Tenant, now: datetime
) -> None:
    a_number(now)
    a_number(now)
    NumberSeries.objects.update(last=0)
    assert len(selectors.account("certificate", 2026)) == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        a_number(now)  # the table refuses the duplicate that a series set back would give


def test_an_unknown_series_has_an_empty_account(in_tenant: Tenant) -> None:
    assert selectors.account("certificate", 1999) == []


@pytest.mark.parametrize(
    "pattern",
    [
        "JLX-{year}",
        "",
        "{serial",
        "{nothing}-{serial}",
        "{serial:%%}",
        "{}",
        "{serial.real.x}",
        "{serial:0100d}",
    ],
)
def test_a_pattern_that_does_not_carry_the_serial_is_refused_and_takes_nothing(
    pattern: str, in_tenant: Tenant, now: datetime
) -> None:
    with pytest.raises(BadNumberPattern) as caught, transaction.atomic():
        a_number(now, pattern=pattern)
    assert "{serial}" in caught.value.rule.zh
    assert selectors.series() == []


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(fates=st.lists(st.sampled_from(["keep", "roll back", "void"]), max_size=12))
def test_whatever_happens_every_serial_is_accounted_for(
    fates: list[str], in_tenant: Tenant, now: datetime
) -> None:
    kind = f"kind-{new_id(now)}"
    kept: list[str] = []
    for fate in fates:
        try:
            with transaction.atomic():
                number = a_number(now, kind=kind)
                if fate == "roll back":
                    raise InterruptedError
                if fate == "void":
                    void(number, REASON, now, kind=kind)
                kept.append("void" if fate == "void" else "used")
        except InterruptedError:
            continue
    lines = selectors.account(kind, 2026)
    assert [line.serial for line in lines] == list(range(1, len(kept) + 1))
    assert [line.state for line in lines] == kept
    assert not [gap for gap in selectors.gaps() if gap.kind == kind]


def in_threads(tenant: Tenant, count: int, work: Callable[[int], None]) -> None:
    problems: list[BaseException] = []

    def run(number: int) -> None:
        try:
            with scope(tenant.id):
                work(number)
        except BaseException as problem:  # noqa: BLE001 the thread's failure is the test's
            problems.append(problem)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []


@pytest.mark.django_db(transaction=True)
def test_clerks_at_once_get_no_number_twice_and_leave_no_gap(in_tenant: Tenant, now: datetime) -> None:
    got: list[str] = []

    def clerk(number: int) -> None:
        for step in range(12):
            try:
                with transaction.atomic():
                    mine = a_number(now)
                    if (number + step) % 4 == 0:
                        raise InterruptedError  # the clerk's work fails after the number was taken
                got.append(mine)
            except InterruptedError:
                continue

    in_threads(in_tenant, 8, clerk)
    assert len(got) == 8 * 9
    assert sorted(got) == [PATTERN.format(year=2026, serial=n) for n in range(1, len(got) + 1)]
    assert selectors.gaps() == []


@pytest.mark.django_db(transaction=True)
def test_the_very_first_number_of_a_series_can_be_raced_for(in_tenant: Tenant, now: datetime) -> None:
    for year in range(2026, 2030):
        barrier = threading.Barrier(4)

        def clerk(_: int, year: int = year, barrier: threading.Barrier = barrier) -> None:
            barrier.wait()
            a_number(now, year=year)

        in_threads(in_tenant, 4, clerk)
        assert len(selectors.account("certificate", year)) == 4
    assert selectors.gaps() == []
