"""Which certificate carries a standard on which day: reckoned again day by day, in every part of the world."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from tests.ledger import PAPER, build_world

from jialiang.base.measurement_standards import errors, services
from jialiang.base.measurement_standards.models import MeasurementStandard, StandardCertificate
from jialiang.base.measurement_standards.selectors import (
    carried_to,
    carried_until,
    carrying,
    certificate_in_force,
    certificates_of,
    ends_on,
    latest,
    standards,
    standards_in_use,
    standards_kept,
)
from jialiang.kernel.text import Text
from jialiang.security.tenancy.scope import everywhere, scope
from jialiang.security.tenancy.services import create_tenant

FIRST = date(2026, 1, 1)


def day(number):
    return FIRST + timedelta(days=number)


def papers(*spans):
    return [
        replace(PAPER, number=f"N-{n}", valid_from=day(begin), valid_until=day(end))
        for n, (begin, end) in enumerate(spans)
    ]


def at_hand(standard_id):
    (row,) = [row for row in standards() if row.id == standard_id]
    return row


# spans of certificates (first and last day); asked on; carried without a gap until; the last day of what has begun
SPANS = [
    ([], 0, None, None),
    ([(0, 10)], 0, 10, 10),
    ([(0, 10)], 10, 10, 10),
    ([(0, 10)], 11, None, 10),
    ([(5, 10)], 4, None, None),
    ([(0, 10), (11, 20)], 3, 20, 10),
    ([(0, 10), (12, 20)], 3, 10, 10),
    ([(0, 10), (12, 20)], 11, None, 10),
    ([(0, 10), (5, 20)], 3, 20, 10),
    ([(0, 10), (5, 20)], 7, 20, 20),
    ([(0, 30), (5, 8)], 6, 30, 30),
    ([(0, 30), (5, 8)], 9, 30, 30),
    ([(0, 10), (11, 20), (21, 21), (22, 40)], 0, 40, 10),
    ([(22, 40), (11, 20), (0, 10), (21, 21)], 15, 40, 20),
    ([(0, 0)], 0, 0, 0),
    ([(0, 5), (0, 9)], 2, 9, 9),
    ([(30, 40)], 35, 40, 40),
    ([(0, 5), (30, 40)], 10, None, 5),
]


@pytest.mark.parametrize(("spans", "asked", "until", "last"), SPANS)
def test_a_standard_is_carried_to_the_day_before_the_first_gap(world, spans, asked, until, last):
    row = at_hand(world.standard(*papers(*spans)).id)
    assert carried_until(row, day(asked)) == (None if until is None else day(until))
    assert carried_to(row, day(asked)) == (None if last is None else day(last))
    assert (carrying(row, day(asked)) is None) is (until is None)


def test_a_certificate_without_an_end_in_sight_carries_to_the_last_day_there_is(world):
    row = at_hand(world.standard(replace(PAPER, valid_until=date.max)).id)
    assert carried_until(row, day(200)) == date.max
    assert certificate_in_force(row.id, date.max).number == PAPER.number


@dataclass(frozen=True)
class Span:
    """A certificate for the reckoning by hand."""

    number: str
    begin: date
    end: date


def by_hand(spans, on):
    """The certificate that began last of those that hold; of one day the later made."""
    holding = [(span.begin, place, span) for place, span in enumerate(spans) if span.begin <= on <= span.end]
    return max(holding)[2].number if holding else None


@pytest.mark.parametrize("seed", range(5))
def test_every_day_agrees_with_a_reckoning_by_hand(world, seed):
    rng = random.Random(seed)
    begins = [rng.randrange(40) for _ in range(6)]
    spans = [(begin, begin + rng.randrange(12)) for begin in begins]
    row = at_hand(world.standard(*papers(*spans)).id)
    known = [Span(f"N-{n}", day(begin), day(end)) for n, (begin, end) in enumerate(spans)]
    numbers = {}
    for on in map(day, range(-1, 56)):
        expected = by_hand(known, on)
        found = carrying(row, on)
        assert (found.number if found else None) == expected, on
        numbers[on] = expected
        begun = [span for span in known if span.begin <= on]
        if expected is not None:
            assert certificate_in_force(row.id, on).number == expected
            until = carried_until(row, on)
            assert all(numbers.get(later) or by_hand(known, later) for later in days(on, until))
            assert by_hand(known, until + timedelta(days=1)) is None
        elif begun:
            with pytest.raises(errors.StandardExpired) as stopped:
                certificate_in_force(row.id, on)
            assert stopped.value.facts["since"] == max(span.end for span in begun) + timedelta(days=1)
        else:
            with pytest.raises(errors.StandardUnproven):
                certificate_in_force(row.id, on)


def days(first, last):
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


# time zone, moment of the revocation: the last day on which the certificate still held
REVOKED = [
    ("Asia/Shanghai", datetime(2026, 6, 15, 15, 59, 59, tzinfo=UTC), date(2026, 6, 14)),
    ("Asia/Shanghai", datetime(2026, 6, 15, 16, 0, 0, tzinfo=UTC), date(2026, 6, 15)),
    ("Pacific/Kiritimati", datetime(2026, 6, 15, 9, 59, tzinfo=UTC), date(2026, 6, 14)),
    ("Pacific/Kiritimati", datetime(2026, 6, 15, 10, 0, tzinfo=UTC), date(2026, 6, 15)),
    ("Pacific/Pago_Pago", datetime(2026, 6, 15, 10, 59, tzinfo=UTC), date(2026, 6, 13)),
    ("Pacific/Pago_Pago", datetime(2026, 6, 15, 11, 0, tzinfo=UTC), date(2026, 6, 14)),
    ("Asia/Kathmandu", datetime(2026, 6, 15, 18, 14, 59, tzinfo=UTC), date(2026, 6, 14)),
    ("Asia/Kathmandu", datetime(2026, 6, 15, 18, 15, tzinfo=UTC), date(2026, 6, 15)),
    ("Europe/Berlin", datetime(2026, 3, 28, 22, 59, tzinfo=UTC), date(2026, 3, 27)),
    ("Europe/Berlin", datetime(2026, 3, 29, 21, 59, tzinfo=UTC), date(2026, 3, 28)),
    ("Europe/Berlin", datetime(2026, 3, 29, 22, 0, tzinfo=UTC), date(2026, 3, 29)),
    ("UTC", datetime(2027, 3, 1, 0, 0, tzinfo=UTC), PAPER.valid_until),
]


@pytest.mark.parametrize(("zone", "moment", "last"), REVOKED)
def test_the_day_of_a_revocation_begins_at_the_institutes_own_midnight(db, now, zone, moment, last):
    with everywhere("an institute for the test"):
        institute = create_tenant(slug="elsewhere", name=Text("别处"), time_zone=zone, now=now)
    with scope(institute.id):
        row = build_world(institute.id, now).standard(PAPER)
        StandardCertificate.objects.update(revoked_at=moment.astimezone(ZoneInfo(zone)))
        (paper,) = certificates_of(row.id)
        assert ends_on(paper) == last
        assert certificate_in_force(row.id, last).number == PAPER.number
        with pytest.raises(errors.StandardExpired) as stopped:
            certificate_in_force(row.id, last + timedelta(days=1))
        assert stopped.value.facts["since"] == last + timedelta(days=1)


def test_a_certificate_revoked_before_it_began_never_carried(world):
    row = world.standard(*papers((20, 40)))
    StandardCertificate.objects.update(revoked_at=datetime(2026, 1, 5, tzinfo=UTC))
    for number in (10, 20, 30, 41):
        assert carried_until(at_hand(row.id), day(number)) is None
        with pytest.raises((errors.StandardExpired, errors.StandardUnproven)):
            certificate_in_force(row.id, day(number))


def test_a_revoked_newer_certificate_gives_the_word_back_to_the_older_one(world):
    row = world.standard(*papers((0, 60), (10, 90)))
    newest = latest(at_hand(row.id))
    StandardCertificate.objects.filter(pk=newest.pk).update(revoked_at=datetime(2026, 1, 21, 4, tzinfo=UTC))
    assert [certificate_in_force(row.id, day(n)).number for n in (5, 19, 20, 60)] == ["N-0", "N-1", "N-0", "N-0"]
    assert carried_until(at_hand(row.id), day(15)) == day(60)


def test_at_hand_means_no_query_for_any_day(world, django_assert_num_queries):
    row = at_hand(world.standard(*papers((0, 10), (11, 20), (25, 30))).id)
    with django_assert_num_queries(0):
        for number in range(35):
            carried_until(row, day(number)), carried_to(row, day(number)), latest(row)


@pytest.mark.parametrize(("state", "used", "kept"), [("in_use", 1, 1), ("suspended", 0, 1), ("retired", 0, 0)])
def test_what_is_in_use_and_what_is_kept(world, django_assert_num_queries, state, used, kept):
    row = world.standard(PAPER)
    MeasurementStandard.objects.filter(pk=row.id).update(state=state)
    with django_assert_num_queries(4 if kept and used else 3 if kept else 2):
        found = standards_in_use(), standards_kept()
    assert tuple(map(len, found)) == (used, kept)


# state: may it be suspended, resumed, get a certificate, get a check
DEEDS = {"in_use": (1, 0, 1, 1), "suspended": (0, 1, 1, 1), "retired": (0, 0, 0, 1)}


@pytest.mark.parametrize("state", DEEDS)
def test_each_state_allows_what_the_table_says(world, state):
    keeper = world.person("standards_keeper")
    check = services.CheckFacts(observed_on="2026-01-15", measured_value="25.010", unit="\\kelvin")
    tries = [
        lambda key: services.suspend(key, reason="送检"),
        lambda key: services.resume(key, reason="取回"),
        lambda key: services.add_certificate(key, PAPER, actor=keeper, now=world.now),
        lambda key: services.record_checks(key, [check], actor=keeper, now=world.now),
    ]
    for place, (taken, act) in enumerate(zip(DEEDS[state], tries, strict=True)):
        row = world.standard(serial_number=f"S-{place}")
        MeasurementStandard.objects.filter(pk=row.id).update(state=state, state_reason="原因")
        if taken:
            act(row.id)
            continue
        with pytest.raises(errors.StateForbids) as refused:
            act(row.id)
        row.refresh_from_db()
        assert (row.state, row.state_reason, row.version) == (state, "原因", 1)
        assert refused.value.facts["serial_number"] == f"S-{place}"


def test_suspending_and_resuming_count_the_versions_and_clear_the_reason(world):
    row = world.standard(PAPER)
    seen = []
    for turn in range(2):
        seen.append(services.suspend(row.id, reason=f"送检 {turn}"))
        seen.append(services.resume(row.id, reason="取回"))
    assert [(each.version, each.state_reason) for each in seen] == [(2, "送检 0"), (3, ""), (4, "送检 1"), (5, "")]
