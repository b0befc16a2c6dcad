"""Commissions: what is agreed before work starts, whose instruments, and where items are."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.ledger import AGREED

from jialiang.base.commissions import errors, selectors, services
from jialiang.base.commissions.facts import CUSTODY_STEPS, Agreement, CommissionFacts, ItemFacts
from jialiang.base.commissions.selectors import CommissionFilter
from jialiang.base.instruments.services import retire
from jialiang.kernel.ids import new_id
from jialiang.kernel.text import Text
from jialiang.vocabulary.statuses import CustodyState

LAB, BACK, IN = CustodyState.IN_LABORATORY, CustodyState.RETURNED, CustodyState.RECEIVED


@pytest.fixture
def desk(world):
    return world.person("receptionist")


def move(item, to, desk, world, **members):
    return services.move_item(item.id, to, actor=desk, now=world.now, **members)


def test_a_commission_is_opened_with_items_in_their_order(world):
    row = world.commission(world.instrument(), world.instrument(serial_number="2"), agreement=None)
    assert (row.number, row.state, row.customer.name.zh) == ("YZ-W-2026-000001", "open", "晨星乳业有限公司")
    items = selectors.items_of(row.id)
    assert [(i.position, i.instrument.serial_number, i.custody) for i in items] == [
        (1, "2024-0317", "expected"), (2, "2", "expected"),
    ]  # fmt: skip
    assert items[0].requested_points == ["21.5", "25"]


def test_a_commission_has_a_kind(world, desk):
    facts = CommissionFacts(customer_id=world.dairy_id, kind="")
    with pytest.raises(errors.CommissionIncomplete):
        services.open_commission(facts, commission_id=new_id(world.now), number="1", actor=desk, now=world.now)
    with pytest.raises(errors.CommissionMember):
        services.open_commission(
            replace(facts, kind="repair"), commission_id=new_id(world.now), number="1", actor=desk, now=world.now
        )


def test_only_the_customer_s_own_instruments_are_taken(world):
    with pytest.raises(errors.ForeignInstrument) as refused:
        world.commission(world.instrument(owner_id=world.mill_id))
    assert refused.value.facts["customer"].zh == "晨星乳业有限公司"


def test_an_instrument_is_in_one_unfinished_commission_at_a_time(world, desk):
    thermometer = world.instrument()
    first = world.commission(thermometer)
    with pytest.raises(errors.InstrumentBusy) as refused:
        world.commission(thermometer)
    assert refused.value.facts["number"] == first.number
    services.cancel(first.id, reason="撤回", now=world.now)
    world.commission(thermometer)


def test_a_scrapped_instrument_is_not_taken(world, desk):
    thermometer = world.instrument()
    retire(thermometer.id, reason="报废", actor=desk, now=world.now)
    with pytest.raises(errors.InstrumentScrapped):
        world.commission(thermometer)


def test_points_are_decimal_texts(world, desk):
    row = world.commission(agreement=None)
    thermometer = world.instrument()
    with pytest.raises(errors.CommissionMember):
        services.add_item(row.id, ItemFacts(instrument_id=thermometer.id, requested_points=("21,5",)), now=world.now)
    with pytest.raises(errors.CommissionMember):
        services.add_item(row.id, ItemFacts(instrument_id=thermometer.id, requested_points=("1",) * 201), now=world.now)


def test_nothing_is_accepted_before_everything_is_agreed_and_all_gaps_are_named(world, desk):
    row = world.commission(agreement=None)
    with pytest.raises(errors.CommissionIncomplete) as refused:
        services.accept(row.id, Agreement(), actor=desk, now=world.now)
    assert refused.value.facts["members"].zh == "判定规则、是否约定有效期、收费方式、委托器具"


def test_an_agreed_due_date_needs_its_interval_and_a_declined_one_drops_it(world, desk):
    row = world.commission(world.instrument(), agreement=None)
    with pytest.raises(errors.CommissionIncomplete) as refused:
        services.accept(row.id, replace(AGREED, agreed_interval_months=None), actor=desk, now=world.now)
    assert refused.value.facts["members"].en == "agreed interval in months"
    declined = replace(AGREED, due_date_agreed=False, decision_rule="none")
    accepted = services.accept(row.id, declined, actor=desk, now=world.now)
    assert (accepted.due_date_agreed, accepted.agreed_interval_months) == (False, None)


@pytest.mark.parametrize("members", [{"decision_rule": "luck"}, {"fee_kind": "gift"}, {"agreed_interval_months": 300}])
def test_what_is_agreed_is_one_of_the_choices(world, desk, members):
    row = world.commission(world.instrument(), agreement=None)
    with pytest.raises(errors.CommissionMember):
        services.accept(row.id, replace(AGREED, **members), actor=desk, now=world.now)


def test_a_legal_verification_needs_a_decision_rule_and_an_interval(world, desk):
    row = world.commission(world.instrument(), kind="legal_verification", agreement=None)
    vague = replace(AGREED, decision_rule="none", due_date_agreed=False)
    with pytest.raises(errors.VerificationNeeds) as refused:
        services.accept(row.id, vague, actor=desk, now=world.now)
    assert refused.value.facts["members"].zh == "判定规则、约定周期（月）"


@pytest.mark.parametrize(
    ("kind", "compulsory", "free"),
    [("legal_verification", True, True), ("legal_verification", False, False), ("calibration", True, False)],
)
def test_only_compulsory_verification_is_free(world, desk, kind, compulsory, free):
    row = world.commission(world.instrument(compulsory=compulsory), kind=kind, agreement=None)
    agreement = replace(AGREED, fee_kind="free_compulsory")
    if free:
        assert services.accept(row.id, agreement, actor=desk, now=world.now).fee_kind == "free_compulsory"
        return
    with pytest.raises(errors.NotFreeOfCharge, match="2024-0317"):
        services.accept(row.id, agreement, actor=desk, now=world.now)


def test_acceptance_is_dated_and_final(world, desk):
    row = world.commission(world.instrument())
    assert (row.state, row.decision_rule_agreed_at, row.accepted_by_name) == ("accepted", world.now, "张三")
    with pytest.raises(errors.CommissionStateForbids) as refused:
        services.accept(row.id, AGREED, actor=desk, now=world.now)
    assert refused.value.facts["state"].zh == "已受理"
    with pytest.raises(errors.CommissionStateForbids):
        services.add_item(row.id, ItemFacts(instrument_id=world.instrument(serial_number="2").id), now=world.now)


def test_who_read_an_older_version_cannot_accept(world, desk):
    row = world.commission(world.instrument(), agreement=None)
    with pytest.raises(errors.CommissionChanged):
        services.accept(row.id, AGREED, expected_version=7, actor=desk, now=world.now)


def test_custody_goes_step_by_step_and_says_who_when_and_where(world, desk):
    row = world.commission(world.instrument())
    (item,) = selectors.items_of(row.id)
    with pytest.raises(errors.CustodyForbids) as refused:
        move(item, LAB, desk, world)
    assert refused.value.facts["wanted"].zh == "在实验室"
    moments = [world.now + timedelta(hours=hour) for hour in range(5)]
    for at, to in zip(moments, (IN, LAB, IN, LAB, BACK), strict=True):
        services.move_item(item.id, to, place="A 柜", actor=desk, now=at)
    events = selectors.custody_events(item.id)
    assert [e.to_custody for e in events] == ["received", "in_laboratory", "received", "in_laboratory", "returned"]
    assert [(e.person_name, e.place, e.at) for e in events] == [("张三", "A 柜", at) for at in moments]


@given(st.lists(st.sampled_from(list(CustodyState)), max_size=12))
def test_no_way_leads_into_the_laboratory_but_through_the_reception(wishes):
    been, here = [CustodyState.EXPECTED], CustodyState.EXPECTED
    for wish in wishes:
        if wish in CUSTODY_STEPS[here]:
            here = wish
            been.append(here)
    assert LAB not in been or IN in been[: been.index(LAB)]
    assert BACK not in been[:-1]


def test_nothing_goes_to_the_laboratory_before_acceptance(world, desk):
    row = world.commission(world.instrument(), agreement=None)
    (item,) = selectors.items_of(row.id)
    move(item, IN, desk, world)
    with pytest.raises(errors.CommissionStateForbids):
        move(item, LAB, desk, world)


def test_a_commission_with_items_in_the_laboratory_is_not_cancelled(world, desk):
    row = world.commission(world.instrument())
    (item,) = selectors.items_of(row.id)
    move(item, IN, desk, world)
    move(item, LAB, desk, world)
    with pytest.raises(errors.ItemsInLaboratory):
        services.cancel(row.id, reason="撤回", now=world.now)
    move(item, IN, desk, world)
    with pytest.raises(errors.ReasonMissing):
        services.cancel(row.id, reason=" ", now=world.now)
    assert services.cancel(row.id, reason="撤回", now=world.now).state_reason == "撤回"
    move(item, BACK, desk, world)
    with pytest.raises(errors.CommissionStateForbids):
        services.cancel(row.id, reason="再撤回", now=world.now)


def test_a_commission_is_complete_when_every_item_is_back_or_was_certified_at_its_place(world, desk):
    row = world.commission(world.instrument(), world.instrument(serial_number="2", on_site=True))
    here, there = selectors.items_of(row.id)
    move(here, IN, desk, world)
    assert not services.complete_if_done(row.id, certified=[there.id], now=world.now)
    move(here, BACK, desk, world)
    assert not services.complete_if_done(row.id, now=world.now)
    assert services.complete_if_done(row.id, certified=[there.id], now=world.now)
    assert not services.complete_if_done(row.id, certified=[there.id], now=world.now)
    assert selectors.commission(row.id).state == "completed"


def test_the_condition_on_receipt_is_added_and_kept(world, desk):
    row = world.commission(world.instrument())
    (item,) = selectors.items_of(row.id)
    services.note_condition(item.id, Text("外观完好", "no visible damage"), "木盒")
    services.note_condition(item.id, Text())
    again = selectors.item(item.id)
    assert (again.condition.zh, again.accessories, again.requested_points) == ("外观完好", "木盒", ["21.5", "25"])


def test_commissions_are_searched_counted_and_narrowed(world):
    thermometer = world.instrument()
    row = world.commission(thermometer, world.instrument(serial_number="2024-0318"))
    world.commission(agreement=None)
    for wanted in (
        CommissionFilter(text="000001"), CommissionFilter(text="2024-031"), CommissionFilter(state="accepted"),
        CommissionFilter(text="工作用玻璃", customer_id=world.dairy_id),
    ):  # fmt: skip
        assert [found.id for found in selectors.commissions(wanted)] == [row.id]
        assert selectors.count_commissions(wanted) == 1
    assert selectors.counts_by_state() == {"open": 1, "accepted": 1, "completed": 0, "cancelled": 0}
    assert selectors.counts_by_state(world.mill_id)["open"] == 0
    assert selectors.commission_by_number(row.number).id == row.id
    assert [i.commission_id for i in selectors.items_of_instrument(thermometer.id)] == [row.id]


def test_waiting_items_come_longest_first_and_only_of_unfinished_commissions(world, desk):
    first, second = world.commission(world.instrument()), world.commission(world.instrument(serial_number="2"))
    (a,), (b,) = selectors.items_of(first.id), selectors.items_of(second.id)
    services.move_item(a.id, IN, actor=desk, now=world.now + timedelta(hours=2))
    services.move_item(b.id, IN, actor=desk, now=world.now + timedelta(hours=1))
    assert [i.id for i in selectors.items_in(IN)] == [b.id, a.id]
    assert selectors.items_in(IN, customer_id=world.mill_id) == []
    services.cancel(first.id, reason="撤回", now=world.now)
    assert [i.id for i in selectors.items_in(IN, LAB)] == [b.id]


def test_lists_cost_two_queries_whatever_their_length(world, django_assert_num_queries):
    for n in range(4):
        world.commission(world.instrument(serial_number=str(n)))
    with django_assert_num_queries(2):
        assert [len(row.items.all()) for row in selectors.commissions()] == [1, 1, 1, 1]


def test_a_promised_date_is_kept(world, desk):
    row = world.commission(world.instrument(), agreement=replace(AGREED, promised_on=date(2026, 7, 1)))
    assert selectors.commission(row.id).promised_on == date(2026, 7, 1)


def test_what_is_not_here_is_not_found(world, desk):
    for ask in (selectors.commission, selectors.item, selectors.commission_by_number):
        with pytest.raises(errors.CommissionUnknown):
            ask(str(new_id(world.now)))
    with pytest.raises(errors.CommissionUnknown):
        services.cancel(new_id(world.now), reason="r", now=world.now)
