"""Taking in at the desk: open, accept and receive as one act, or nothing at all."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.ledger import AGREED
from tests.pictures import nothing_changes, what_is_left

from jialiang.base.commissions.errors import (
    CommissionIncomplete,
    CommissionStateForbids,
    ForeignInstrument,
    InstrumentBusy,
    NotFreeOfCharge,
)
from jialiang.base.commissions.facts import CommissionFacts, ItemFacts
from jialiang.base.commissions.selectors import custody_events, items_of
from jialiang.base.instruments.selectors import instrument
from jialiang.functions.intake import Intake, add_items, take_in
from jialiang.governance.counters.selectors import gaps
from jialiang.kernel.text import Text
from jialiang.security.policy import NotAuthorized, NotOwnOrganization

HERE = Intake(agreement=AGREED, is_here=True, place="收发室 2 号架")


@pytest.fixture
def facts(world):
    return CommissionFacts(customer_id=world.dairy_id, kind="calibration")


def take(world, facts, *rows, intake=HERE, actor=None, **members):
    items = [ItemFacts(instrument_id=row.id, **members) for row in rows]
    desk = actor or world.person("receptionist")
    return take_in(actor=desk, facts=facts, items=items, intake=intake, now=world.now)


def test_everything_is_done_at_once_and_each_step_stands_under_its_own_name(world, facts):
    rows = [world.instrument(serial_number=str(n)) for n in range(2)]
    with what_is_left() as left:
        done = take(world, facts, *rows, condition=Text("完好", "in good order"), accessories="盒 1 只")
    assert done.state == "accepted"
    actions = ["commission.open", "commission.accept", "item.receive", "item.receive"]
    assert [action for action, _ in left.recorded] == actions
    assert [name for name, _ in left.told] == [
        "commission.opened", "commission.accepted", "item.received", "item.received",
    ]  # fmt: skip
    for item in items_of(done.id):
        assert (item.custody, item.condition.zh, item.accessories) == ("received", "完好", "盒 1 只")
        (event,) = custody_events(item.id)
        assert (event.place, event.to_custody) == ("收发室 2 号架", "received")
        assert instrument(item.instrument_id).state == "away"


# what is known at the desk: state of the commission, custody of an item, state of its instrument
INTAKES = [
    (Intake(), "open", "expected", "registered"),
    (Intake(agreement=AGREED), "accepted", "expected", "registered"),
    (Intake(is_here=True), "open", "received", "away"),
    (HERE, "accepted", "received", "away"),
]


@pytest.mark.parametrize(("intake", "state", "custody", "administrative"), INTAKES)
def test_only_what_was_said_is_done(world, facts, intake, state, custody, administrative):
    row = world.instrument()
    done = take(world, facts, row, intake=intake)
    (item,) = items_of(done.id)
    assert (done.state, item.custody, instrument(row.id).state) == (state, custody, administrative)


def test_what_is_calibrated_at_the_owners_place_stays_there(world, facts):
    here, there = world.instrument(serial_number="1"), world.instrument(serial_number="2", on_site=True)
    done = take(world, facts, here, there)
    assert [item.custody for item in items_of(done.id)] == ["received", "expected"]
    assert instrument(there.id).state == "registered"


def failures(world):
    """(instruments, intake, error) of everything that makes the desk stop in the middle."""
    own, foreign = (
        world.instrument(serial_number="own"),
        world.instrument(serial_number="f", owner_id=world.mill_id),
    )
    yield [own, foreign], HERE, ForeignInstrument
    yield [own, own], HERE, InstrumentBusy
    yield [], HERE, CommissionIncomplete
    yield [own], replace(HERE, agreement=replace(AGREED, fee_kind="")), CommissionIncomplete
    yield [own], replace(HERE, agreement=replace(AGREED, fee_kind="free_compulsory")), NotFreeOfCharge


def test_what_fails_in_the_middle_leaves_neither_commission_nor_number_nor_event(world, facts):
    for rows, intake, error in failures(world):
        with nothing_changes(), pytest.raises(error):
            take(world, facts, *rows, intake=intake)
    assert take(world, facts, world.instrument()).number == "YZ-W-2026-000001"
    assert gaps() == []


def test_a_customer_opens_for_the_own_organization_and_takes_nothing_in(world, facts):
    row = world.instrument()
    customer = world.person("customer", organization_id=world.dairy_id)
    stranger = world.person("customer", organization_id=world.mill_id)
    with nothing_changes(), pytest.raises(NotOwnOrganization):
        take(world, facts, row, intake=Intake(), actor=stranger)
    for intake in (Intake(agreement=AGREED), Intake(is_here=True)):
        with nothing_changes(), pytest.raises(NotAuthorized):
            take(world, facts, row, intake=intake, actor=customer)
    assert take(world, facts, row, intake=Intake(), actor=customer).state == "open"


def test_several_instruments_are_added_all_or_none(world):
    commission = world.commission(agreement=None)
    own, foreign = (
        world.instrument(serial_number="1"),
        world.instrument(serial_number="2", owner_id=world.mill_id),
    )
    add = {"actor": world.person("receptionist"), "commission_id": commission.id, "now": world.now}
    with nothing_changes(), pytest.raises(ForeignInstrument):
        add_items(items=[ItemFacts(instrument_id=own.id), ItemFacts(instrument_id=foreign.id)], **add)
    third = world.instrument(serial_number="3")
    added = add_items(items=[ItemFacts(instrument_id=own.id), ItemFacts(instrument_id=third.id)], **add)
    assert [(item.position, item.instrument_id) for item in added] == [(1, own.id), (2, third.id)]
    assert add_items(items=[], **add) == []


def test_nothing_is_added_to_what_is_accepted_already(world):
    done = world.commission(world.instrument())
    other = ItemFacts(instrument_id=world.instrument(serial_number="2").id)
    with nothing_changes(), pytest.raises(CommissionStateForbids):
        add_items(actor=world.person("receptionist"), commission_id=done.id, items=[other], now=world.now)
