"""Custody and states of commissions by table: every place, every wish, every state; and what is written down of it."""

from __future__ import annotations

import random
from datetime import timedelta
from itertools import pairwise, product

import pytest
from tests.ledger import AGREED
from tests.pictures import nothing_changes

from jialiang.base.commissions import errors, services
from jialiang.base.commissions.facts import Agreement, ItemFacts
from jialiang.base.commissions.models import Commission, CommissionItem
from jialiang.base.commissions.selectors import (
    commission,
    custody_events,
    item,
    items_in,
    items_of,
    unfinished_commission_of,
)
from jialiang.kernel.errors import JialiangError
from jialiang.kernel.text import Text
from jialiang.vocabulary.statuses import CommissionState, CustodyState

OPEN, ACCEPTED, COMPLETED, CANCELLED = (
    CommissionState.OPEN, CommissionState.ACCEPTED, CommissionState.COMPLETED, CommissionState.CANCELLED,
)  # fmt: skip
EXPECTED, RECEIVED, INSIDE, RETURNED = (
    CustodyState.EXPECTED, CustodyState.RECEIVED, CustodyState.IN_LABORATORY, CustodyState.RETURNED,
)  # fmt: skip
# from, to: the states of the commission in which the step is taken
STEPS = {
    (EXPECTED, RECEIVED): {OPEN, ACCEPTED},
    (RECEIVED, INSIDE): {ACCEPTED},
    (RECEIVED, RETURNED): {OPEN, ACCEPTED, COMPLETED, CANCELLED},
    (INSIDE, RECEIVED): {OPEN, ACCEPTED},
    (INSIDE, RETURNED): {OPEN, ACCEPTED, COMPLETED, CANCELLED},
}


@pytest.fixture
def desk(world):
    return world.person("receptionist")


@pytest.fixture
def placed(world):
    """An item, put where and into a commission of which state it is wanted."""
    row = world.commission(world.instrument())

    def place(custody, state):
        (entry,) = items_of(row.id)
        CommissionItem.objects.filter(pk=entry.id).update(custody=custody)
        Commission.objects.filter(pk=row.id).update(state=state)
        return entry.id

    return place


@pytest.mark.parametrize(("source", "target"), list(product(CustodyState, CustodyState)))
def test_an_item_goes_only_the_ways_of_the_table(world, desk, placed, source, target):
    for state in CommissionState:
        item_id = placed(source, state)
        if state in STEPS.get((source, target), set()):
            moved = services.move_item(item_id, target, actor=desk, now=world.now)
            assert (moved.custody, item(item_id).custody) == (target, target)
            continue
        way = (source, target) in STEPS
        wanted = errors.CommissionStateForbids if way else errors.CustodyForbids
        with nothing_changes(), pytest.raises(wanted) as refused:
            services.move_item(item_id, target, actor=desk, now=world.now)
        if not way:
            assert refused.value.facts["instrument"] == item(item_id).instrument.name


# state of the commission: may it get an item, be accepted, be cancelled, be completed
DEEDS = {
    OPEN: (True, True, True, False),
    ACCEPTED: (False, False, True, True),
    COMPLETED: (False, False, False, False),
    CANCELLED: (False, False, False, False),
}


@pytest.mark.parametrize("state", CommissionState)
def test_a_commission_does_in_each_state_what_the_table_says(world, desk, state):
    adds, accepts, cancels, completes = DEEDS[state]
    spare = world.instrument(serial_number="spare")

    def fresh():
        row = world.commission(world.instrument(serial_number=f"f{Commission.objects.count()}"), agreement=None)
        Commission.objects.filter(pk=row.id).update(state=state)
        CommissionItem.objects.filter(commission=row).update(custody=RETURNED)
        return row.id

    tries = [
        (adds, lambda key: services.add_item(key, ItemFacts(instrument_id=spare.id), now=world.now)),
        (accepts, lambda key: services.accept(key, AGREED, actor=desk, now=world.now)),
        (cancels, lambda key: services.cancel(key, reason="撤", now=world.now)),
    ]
    for taken, act in tries:
        key = fresh()
        if taken:
            act(key)
            continue
        with nothing_changes(), pytest.raises(errors.CommissionStateForbids) as refused:
            act(key)
        assert refused.value.facts["number"] == commission(key).number
    key = fresh()
    assert services.complete_if_done(key, now=world.now) is completes
    assert commission(key).state == (COMPLETED if completes else state)


@pytest.mark.parametrize("seed", range(3))
def test_the_events_of_an_item_are_a_way_without_a_gap(world, desk, seed):
    (entry,) = items_of(world.commission(world.instrument()).id)
    rng, taken = random.Random(seed), 0
    for step in range(25):
        try:
            at = world.now + timedelta(minutes=step // 3)
            services.move_item(entry.id, rng.choice([RECEIVED, INSIDE]), place=f"柜 {step}", actor=desk, now=at)
            taken += 1
        except JialiangError:
            continue
    services.move_item(entry.id, RETURNED, actor=desk, now=world.now + timedelta(days=1))
    events = custody_events(entry.id)
    assert len(events) == taken + 1 > 3
    assert (events[0].from_custody, events[-1].to_custody) == (EXPECTED, RETURNED)
    assert all(before.to_custody == after.from_custody for before, after in pairwise(events))
    assert all(before.at <= after.at for before, after in pairwise(events))
    assert item(entry.id).custody_since == events[-1].at
    assert {event.person_name for event in events} == {"张三"}


def test_what_is_agreed_is_kept_whole_and_nothing_of_a_refused_agreement(world, desk):
    row = world.commission(world.instrument(), agreement=None)
    bad = [
        Agreement(),
        Agreement(decision_rule="simple_acceptance", due_date_agreed=False, fee_kind="free"),
        Agreement(decision_rule="simple_acceptance", due_date_agreed=True, fee_kind="charged"),
        Agreement(
            decision_rule="simple_acceptance", due_date_agreed=True, fee_kind="charged", agreed_interval_months=241
        ),
    ]
    with nothing_changes():
        for agreement in bad:
            with pytest.raises(JialiangError):
                services.accept(row.id, agreement, actor=desk, now=world.now)
    later = world.now + timedelta(minutes=9)
    kept = services.accept(row.id, AGREED, expected_version=1, actor=desk, now=later)
    assert (kept.version, kept.state_since, kept.accepted_at, kept.opened_at) == (2, later, later, world.now)


def test_an_instrument_is_free_again_once_it_is_back_or_the_commission_ended(world, desk):
    thermometer = world.instrument()
    for state, custody, free in [
        (OPEN, EXPECTED, False), (OPEN, RETURNED, True), (ACCEPTED, INSIDE, False), (ACCEPTED, RETURNED, True),
        (CANCELLED, RECEIVED, True), (COMPLETED, EXPECTED, True),
    ]:  # fmt: skip
        row = world.commission(thermometer)
        Commission.objects.filter(pk=row.id).update(state=state)
        CommissionItem.objects.filter(commission=row).update(custody=custody)
        busy = unfinished_commission_of(thermometer.id)
        assert (busy is None) is free, (state, custody)
        CommissionItem.objects.filter(commission=row).update(custody=RETURNED)


def test_positions_count_within_their_own_commission(world):
    rows = [world.commission(agreement=None) for _ in range(2)]
    for n in range(3):
        for row in rows:
            thing = world.instrument(serial_number=f"{row.number}-{n}")
            services.add_item(row.id, ItemFacts(instrument_id=thing.id), now=world.now)
    for row in rows:
        assert [entry.position for entry in items_of(row.id)] == [1, 2, 3]
        assert [entry.instrument.serial_number[-1] for entry in items_of(row.id)] == ["0", "1", "2"]


# certified, custody of the items: is an accepted commission done
DONE = [
    ((), (RETURNED,), True),
    ((), (EXPECTED,), False),
    ((0,), (EXPECTED,), True),
    ((0,), (RECEIVED,), False),
    ((0,), (INSIDE,), False),
    ((0,), (EXPECTED, EXPECTED), False),
    ((0, 1), (EXPECTED, RETURNED), True),
    ((1,), (RETURNED, EXPECTED), True),
    ((), (), True),
]


@pytest.mark.parametrize(("certified", "places", "done"), DONE)
def test_a_commission_is_done_when_its_last_item_is(world, certified, places, done):
    row = world.commission(*(world.instrument(serial_number=str(n)) for n in range(max(len(places), 1))))
    entries = items_of(row.id)
    if not places:
        CommissionItem.objects.filter(commission=row).delete()
    for entry, custody in zip(entries, places, strict=False):
        CommissionItem.objects.filter(pk=entry.id).update(custody=custody)
    ids = {entries[n].id for n in certified}
    assert services.complete_if_done(row.id, certified=ids, now=world.now) is done
    assert services.complete_if_done(row.id, certified=ids, now=world.now) is False  # done is done once
    assert commission(row.id).version == 2 + done


def test_waiting_is_counted_from_the_last_move_and_of_one_customer(world, desk):
    first, second = (world.commission(world.instrument(serial_number=n)) for n in ("1", "2"))
    for hour, row in enumerate((second, first)):
        (entry,) = items_of(row.id)
        services.move_item(entry.id, RECEIVED, actor=desk, now=world.now + timedelta(hours=hour))
    assert [row.commission_id for row in items_in(RECEIVED)] == [second.id, first.id]
    assert [row.commission_id for row in items_in(RECEIVED, customer_id=world.dairy_id)] == [second.id, first.id]
    assert items_in(RECEIVED, customer_id=world.mill_id) == []
    assert items_in() == []


def test_a_condition_that_is_refused_leaves_the_one_before(world):
    (entry,) = items_of(world.commission(world.instrument()).id)
    services.note_condition(entry.id, Text("完好", "intact"), "盒")
    with nothing_changes():
        for condition, accessories in [(Text("裂" * 201), ""), (Text("a\x00"), ""), (Text("好"), "a\nb")]:
            with pytest.raises(errors.CommissionMember):
                services.note_condition(entry.id, condition, accessories)
    kept = services.note_condition(entry.id, Text(), "")
    assert (kept.condition, kept.accessories) == (Text("完好", "intact"), "盒")
