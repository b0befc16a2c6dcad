"""Last days, due dates and fitness: three ways of reckoning that have to agree, on every day and in every zone."""

from __future__ import annotations

import calendar
import random
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.information.evidence_rows import evidence
from tests.ledger import build_world

from jialiang.base.instruments.models import Instrument
from jialiang.base.traceability import selectors
from jialiang.base.traceability.models import Evidence
from jialiang.information.agreed_validity import due_date_of, last_day_of_interval
from jialiang.information.due_dates import due_instruments
from jialiang.information.status import (
    Due,
    Proof,
    due_of,
    fitness_from,
    fitness_of,
    fitness_of_many,
    is_proven,
    months_after,
)
from jialiang.kernel.text import Text
from jialiang.security.tenancy.calendar import first_moment, today
from jialiang.security.tenancy.scope import everywhere, scope
from jialiang.security.tenancy.services import create_tenant
from jialiang.vocabulary.statuses import FitnessForUse

DAY = timedelta(days=1)
DAYS = st.dates(date(1949, 1, 1), date(2200, 12, 31))
MONTHS = st.integers(1, 240)

# begin of the interval, months: the last day of it
INTERVALS = [
    ("2026-06-16", 12, "2027-06-15"),
    ("2026-01-01", 12, "2026-12-31"),
    ("2026-01-01", 1, "2026-01-31"),
    ("2026-01-31", 1, "2026-02-27"),
    ("2024-01-31", 1, "2024-02-28"),
    ("2024-02-29", 12, "2025-02-27"),
    ("2024-02-29", 48, "2028-02-28"),
    ("2025-12-15", 1, "2026-01-14"),
    ("2025-12-31", 2, "2026-02-27"),
    ("2026-03-31", 6, "2026-09-29"),
    ("2026-08-31", 240, "2046-08-30"),
    ("1999-12-31", 2, "2000-02-28"),
    ("2099-11-30", 3, "2100-02-27"),
]


@pytest.mark.parametrize(("begin", "months", "last"), INTERVALS)
def test_the_last_day_of_an_interval(begin, months, last):
    assert last_day_of_interval(date.fromisoformat(begin), months) == date.fromisoformat(last)
    assert months_after(date.fromisoformat(begin), months) == date.fromisoformat(last) + DAY


@given(DAYS, MONTHS)
def test_two_reckonings_of_months_agree(begin, months):
    assert last_day_of_interval(begin, months) + DAY == months_after(begin, months)


@given(DAYS, MONTHS)
def test_month_by_month_is_never_later_than_at_once_and_ends_in_the_same_month(begin, months):
    walked = begin
    for _ in range(months):
        walked = months_after(walked, 1)
    once = months_after(begin, months)
    assert (walked.year, walked.month) == (once.year, once.month)
    assert walked <= once
    assert once.day == min(begin.day, calendar.monthrange(once.year, once.month)[1])


@given(DAYS, MONTHS, st.integers(0, 400))
def test_who_begins_later_does_not_end_earlier(begin, months, later):
    assert last_day_of_interval(begin, months) <= last_day_of_interval(begin + later * DAY, months)


def work(kind="calibration", agreed=True, months=12, own=None, end=date(2026, 6, 16)):
    """A record with what decides about its validity."""
    commission = SimpleNamespace(due_date_agreed=agreed, agreed_interval_months=months)
    item = SimpleNamespace(commission=commission, instrument=SimpleNamespace(interval_months=own))
    return SimpleNamespace(kind=kind, item=item, end_date=end)


LAW = "legal_verification"
# record, outcome: the last day of its certificate
VALID = [
    (work(), "", date(2027, 6, 15)),
    (work(), "pass", date(2027, 6, 15)),
    (work(), "fail", date(2027, 6, 15)),
    (work(agreed=False), "pass", None),
    (work(months=None, own=6), "", date(2026, 12, 15)),
    (work(months=None, own=None), "", None),
    (work(months=3, own=6), "", date(2026, 9, 15)),
    (work(end=None), "pass", None),
    (work("testing"), "", date(2027, 6, 15)),
    (work("testing", agreed=False, own=12), "", None),
    (work(LAW), "pass", date(2027, 6, 15)),
    (work(LAW, agreed=False), "pass", date(2027, 6, 15)),
    (work(LAW, agreed=False, months=None, own=24), "conditionalPass", date(2028, 6, 15)),
    (work(LAW), "fail", None),
    (work(LAW), "conditionalFail", None),
    (work(LAW, end=None), "pass", None),
    (work(LAW, months=None), "pass", None),
]


@pytest.mark.parametrize(("record", "outcome", "last"), VALID)
def test_a_certificate_holds_by_law_or_by_agreement_or_not_at_all(record, outcome, last):
    assert due_date_of(record, outcome) == last


def ledger(months=None, state="in_service", limitation=""):
    return SimpleNamespace(
        state=state, state_reason="", interval_months=months, limitation_zh=limitation, limitation_en=limitation
    )


def proof(begin, end=None, conformity="pass", **members):
    return Proof(None, "C-1", conformity, begin, end, **members)


@given(st.booleans(), DAYS, MONTHS, st.integers(-3, 3))
def test_fit_on_the_last_day_and_out_of_use_since_the_day_after(stated, begin, months, offset):
    last = last_day_of_interval(begin, months)
    given_ = proof(begin, last if stated else None)
    owner = ledger(None if stated else months)
    assert due_of(owner, given_) == Due(last, "certificate" if stated else "owner_interval")
    on = max(last + offset * DAY, begin)
    judged = fitness_from(owner, [given_], on)
    assert judged.state == (FitnessForUse.FIT if on <= last else FitnessForUse.OUT_OF_USE)
    assert judged.since == (begin if on <= last else last + DAY)


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 40), st.sampled_from(["pass", "fail", ""])), max_size=6))
def test_the_evidence_that_began_last_decides_alone(spans):
    begins = {begin: (length, outcome) for begin, length, outcome in spans}  # one a day
    first = date(2026, 1, 1)
    proofs = [proof(first + b * DAY, first + (b + n) * DAY, outcome) for b, (n, outcome) in begins.items()]
    for on in (first + n * DAY for n in (-1, 0, 17, 40, 101)):
        begun = [p for p in proofs if p.valid_from <= on]
        judged = fitness_from(ledger(), proofs, on)
        if not begun:
            assert judged.state == FitnessForUse.UNPROVEN
            continue
        last = max(begun, key=lambda p: p.valid_from)
        good = last.conformity != "fail" and on <= last.valid_until
        assert judged.state == (FitnessForUse.FIT if good else FitnessForUse.OUT_OF_USE)
        assert judged.due.date == last.valid_until


# conformity, limitation, days to the end, withdrawn days ago: the state and a word of the reason
FITNESS = [
    ("pass", "", 5, None, "fit", "states a pass"),
    ("", "", 5, None, "fit", "states no conformity"),
    ("pass", "限 20 ℃", 5, None, "limited", "Limited"),
    ("conditionalPass", "", 5, None, "limited", "with conditions"),
    ("noFail", "", 5, None, "limited", "with conditions"),
    ("conditionalPass", "限 20 ℃", 5, None, "limited", "Limited"),
    ("fail", "限 20 ℃", 5, None, "out_of_use", "not met"),
    ("noPass", "", 5, None, "out_of_use", "not met"),
    ("conditionalFail", "", 5, None, "out_of_use", "not met"),
    ("fail", "", -5, None, "out_of_use", "not met"),
    ("fail", "", 5, 0, "out_of_use", "withdrawn"),
    ("pass", "", -5, 1, "out_of_use", "withdrawn"),
    ("pass", "", -1, None, "out_of_use", "was good until"),
    ("pass", "限 20 ℃", -1, None, "out_of_use", "was good until"),
    ("pass", "", 5, -1, "fit", "states a pass"),
]


@pytest.mark.parametrize(("conformity", "limitation", "days", "withdrawn", "state", "words"), FITNESS)
def test_of_several_reasons_the_strongest_speaks(conformity, limitation, days, withdrawn, state, words):
    on = date(2026, 6, 16)
    ended = {} if withdrawn is None else {"ended_on": on - withdrawn * DAY, "end_reason": Text("误", "wrong")}
    judged = fitness_from(
        ledger(limitation=limitation), [proof(on - 100 * DAY, on + days * DAY, conformity, **ended)], on
    )
    assert (judged.state.value, words in judged.reason.en) == (state, True), judged.reason.en
    assert judged.reason.zh and "{" not in judged.reason.zh + judged.reason.en


def test_the_due_list_and_fitness_tell_the_same_story_on_every_day(world):
    rng = random.Random(7)
    first = date(2026, 5, 1)
    rows = []
    for n in range(6):
        row = world.instrument(serial_number=f"{n}", interval_months=rng.choice([None, 1, 2]))
        begin = first - rng.randrange(40) * DAY
        end = begin + rng.randrange(20, 90) * DAY if rng.random() < 0.6 else None
        evidence(world, row, begin, end)
        rows.append(Instrument.objects.get(pk=row.pk))
    for on in (first + n * DAY for n in range(0, 100, 7)):
        judged = fitness_of_many({row.id: row for row in rows}, on)
        listed = {entry.instrument_id: entry for entry in due_instruments(on, within_days=30)}
        for row in rows:
            one = fitness_of(row.id, on)
            assert one == judged[row.id]
            due = one.due.date
            assert (row.id in listed) is (due is not None and due <= on + 30 * DAY), (row.serial_number, on)
            if row.id in listed:
                entry = listed[row.id]
                assert (entry.due, entry.basis, entry.days_left) == (due, one.due.basis, (due - on).days)
                assert entry.is_overdue is (one.state == FitnessForUse.OUT_OF_USE)
            assert is_proven(row.id, on) is (one.state == FitnessForUse.FIT)


@pytest.mark.parametrize("within", [0, 1, 30, 365])
def test_the_due_list_reaches_just_as_far_as_it_is_asked(world, within):
    today_ = date(2026, 6, 16)
    for days in (0, 1, 30, 31, 365, 366):
        evidence(world, world.instrument(serial_number=f"{days}"), date(2026, 1, 1), today_ + days * DAY)
    found = [entry.days_left for entry in due_instruments(today_, within_days=within)]
    assert found == [days for days in (0, 1, 30, 31, 365, 366) if days <= within]


def by_hand(rows, on, zone_midnight):
    """The newest evidence in force on a day, reckoned without the database."""
    holding = [
        row
        for row in rows
        if row.valid_from <= on
        and (row.valid_until is None or row.valid_until >= on)
        and (row.ended_at is None or row.ended_at >= zone_midnight(on + DAY))
    ]
    return max(holding, key=lambda row: (row.valid_from, row.id), default=None)


@pytest.mark.parametrize("seed", range(4))
def test_evidence_in_force_agrees_with_a_reckoning_by_hand(world, seed):
    rng = random.Random(seed)
    thing, first = world.instrument(), date(2026, 6, 1)
    for _ in range(6):
        begin = first + rng.randrange(20) * DAY
        row = evidence(world, thing, begin, rng.choice([None, begin + rng.randrange(15) * DAY]))
        if rng.random() < 0.4:
            ended = datetime(2026, 6, 1, 15, 59, 59, tzinfo=UTC) + rng.randrange(30) * DAY
            Evidence.objects.filter(pk=row.pk).update(ended_at=ended + rng.choice([0, 1]) * timedelta(seconds=1))
    rows = selectors.evidence_of_instrument(thing.id)
    for on in (first + n * DAY for n in range(-1, 36)):
        found = selectors.instrument_evidence_on(thing.id, on)
        expected = by_hand(rows, on, first_moment)
        assert (found.id if found else None) == (expected.id if expected else None), on


ZONES = ("UTC", "Asia/Shanghai", "Pacific/Kiritimati", "Pacific/Pago_Pago", "America/St_Johns", "Australia/Lord_Howe")


@pytest.mark.parametrize("zone", ZONES)
def test_a_day_begins_at_its_first_moment_and_not_a_microsecond_before(db, now, zone):
    with everywhere("an institute for the test"):
        institute = create_tenant(slug="elsewhere", name=Text("别处"), time_zone=zone, now=now)
    with scope(institute.id):
        for day in (date(2026, 1, 1), date(2026, 3, 8), date(2026, 4, 5), date(2026, 11, 1), date(2028, 2, 29)):
            begin = first_moment(day)
            assert begin.tzinfo is UTC
            assert today(begin) == day
            assert today(begin - timedelta(microseconds=1)) == day - DAY


@pytest.mark.parametrize("zone", ZONES)
def test_fitness_ends_with_the_withdrawal_on_the_institutes_own_day(db, now, zone):
    with everywhere("an institute for the test"):
        institute = create_tenant(slug="elsewhere", name=Text("别处"), time_zone=zone, now=now)
    with scope(institute.id):
        world = build_world(institute.id, now)
        thing, day = world.instrument(), date(2026, 6, 10)
        row = evidence(world, thing, date(2026, 1, 1), date(2026, 12, 31))
        midnight = first_moment(day)
        for moment, last_good in ((midnight, day - DAY), (midnight - timedelta(seconds=1), day - 2 * DAY)):
            Evidence.objects.filter(pk=row.pk).update(ended_at=moment)
            assert fitness_of(thing.id, last_good).state == FitnessForUse.FIT
            assert fitness_of(thing.id, last_good + DAY).since == last_good + DAY
            assert selectors.instrument_evidence_on(thing.id, last_good) is not None
            assert selectors.instrument_evidence_on(thing.id, last_good + DAY) is None
