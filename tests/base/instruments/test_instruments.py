"""The ledger of instruments: mandatory members, history, versions, states."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.ledger import THERMOMETER

from jialiang.base.instruments import errors, selectors, services
from jialiang.base.instruments.facts import InstrumentFacts
from jialiang.base.instruments.selectors import InstrumentFilter
from jialiang.base.organizations.errors import OrganizationUnknown
from jialiang.kernel.ids import new_id
from jialiang.kernel.text import Text


@pytest.fixture
def desk(world):
    return world.person("receptionist")


def register(world, desk, owner_id=None, **members):
    facts = replace(THERMOMETER, **members)
    return services.register(facts, owner_id=owner_id or world.dairy_id, actor=desk, now=world.now)


def test_an_instrument_is_stored_digit_for_digit(world, desk):
    row = register(world, desk)
    assert (row.maximum_permissible_error, row.displayed_resolution) == ("0.30", "0.01")
    assert selectors.ledger_facts(row.id) == THERMOMETER
    assert (row.state, row.owner_id, row.version) == ("registered", world.dairy_id, 1)


def test_one_error_names_everything_that_is_missing_the_owner_too(world, desk):
    with pytest.raises(errors.InstrumentIncomplete) as refused:
        services.register(InstrumentFacts(name=Text("", "Thermometer")), owner_id=None, actor=desk, now=world.now)
    starred = "器具名称、型号规格、出厂编号、使用地点、行政区划代码、用途、使用单位"
    assert refused.value.facts["members"].zh == starred
    assert starred in refused.value.what.zh


@pytest.mark.parametrize("member", ["model", "serial_number", "place_of_use", "region_code", "purpose"])
def test_each_starred_member_is_mandatory(world, desk, member):
    with pytest.raises(errors.InstrumentIncomplete) as refused:
        register(world, desk, **{member: "  "})
    assert "、" not in refused.value.facts["members"].zh


@pytest.mark.parametrize(
    ("members", "english"),
    [
        ({"region_code": "37010"}, "region code of six digits"),
        ({"purpose": "amusement"}, "is not one of"),
        ({"maximum_permissible_error": "0,3"}, "not a decimal number"),
        ({"maximum_permissible_error": "-0.3"}, "greater than zero"),
        ({"displayed_resolution": "0"}, "greater than zero"),
        ({"unit": "°C"}, "not a known unit"),
        ({"unit": ""}, "not a known unit"),
        ({"interval_months": 0}, "1 to 240 months"),
        ({"interval_months": 241}, "1 to 240 months"),
        ({"manufacturer_credit_code": "91370000MA0000001K"}, "credit code"),
        ({"serial_number": "1" * 61}, "61 characters"),
    ],
)
def test_a_member_that_cannot_be_is_refused_with_the_reason(world, desk, members, english):
    with pytest.raises(errors.InstrumentMember) as refused:
        register(world, desk, **members)
    assert english in refused.value.what.en


def test_full_width_digits_are_understood(world, desk):
    assert register(world, desk, maximum_permissible_error="０．３０").maximum_permissible_error == "0.30"


def test_the_same_instrument_of_the_same_owner_is_registered_once(world, desk):
    register(world, desk)
    with pytest.raises(errors.InstrumentExists) as refused:
        register(world, desk, inventory_number="other")
    assert refused.value.facts["serial_number"] == THERMOMETER.serial_number
    register(world, desk, owner_id=world.mill_id)


def test_an_unknown_owner_is_not_found(world, desk):
    with pytest.raises(OrganizationUnknown):
        register(world, desk, owner_id=new_id(world.now))


def test_every_change_leaves_old_new_who_when_and_why(world, desk):
    row = register(world, desk)
    later = world.now + timedelta(days=1)
    services.change(
        row.id, {"place_of_use": "二车间", "limitation": Text("限 22 ℃～26 ℃", "22 °C to 26 °C only")},
        expected_version=1, reason="搬迁", actor=desk, now=later,
    )  # fmt: skip
    latest, first = selectors.history(row.id)
    assert (first.action, first.new) == ("instrument.register", {"state": "registered"})
    assert latest.old == {"place_of_use": "乳品检验室", "limitation_zh": "", "limitation_en": ""}
    assert latest.new["place_of_use"] == "二车间"
    assert (latest.person_name, latest.person_id, latest.at, latest.reason) == ("张三", desk.person_id, later, "搬迁")


def test_a_change_that_changes_nothing_leaves_no_trace(world, desk):
    row = register(world, desk)
    same, altered = services.change(row.id, {"model": "WLB-21"}, expected_version=1, actor=desk, now=world.now)
    assert (same.version, bool(altered), len(selectors.history(row.id))) == (1, False, 1)


def test_who_read_an_older_version_is_told_what_changed_meanwhile(world, desk):
    row = register(world, desk)
    later = world.now + timedelta(hours=1)
    services.change(row.id, {"place_of_use": "二车间"}, expected_version=1, actor=desk, now=later)
    with pytest.raises(errors.InstrumentChanged) as refused:
        services.change(row.id, {"model": "X"}, expected_version=1, actor=desk, now=world.now)
    assert refused.value.http_status == 409
    assert refused.value.what.en.endswith("you saw version 1, it is now version 2 (张三: place of use).")


def test_a_change_cannot_reach_owner_or_state(world, desk):
    row = register(world, desk)
    wished = {"state": "retired", "owner_id": world.mill_id}
    with pytest.raises(errors.UnknownMembers) as refused:
        services.change(row.id, wished, expected_version=1, actor=desk, now=world.now)
    assert refused.value.facts["members"] == "owner_id, state"


def test_a_change_cannot_empty_a_mandatory_member_nor_make_a_double(world, desk):
    row = register(world, desk)
    register(world, desk, serial_number="other")
    with pytest.raises(errors.InstrumentIncomplete):
        services.change(row.id, {"serial_number": ""}, expected_version=1, actor=desk, now=world.now)
    with pytest.raises(errors.InstrumentExists):
        services.change(row.id, {"serial_number": "other"}, expected_version=1, actor=desk, now=world.now)


def test_suspending_keeps_the_reason_and_restoring_takes_it_away(world, desk):
    row = register(world, desk)
    suspended = services.suspend(row.id, reason="  跌落损坏\n待修 ", actor=desk, now=world.now)
    assert (suspended.state, suspended.state_reason) == ("suspended", "跌落损坏 待修")
    restored = services.restore(row.id, reason="已修复", actor=desk, now=world.now)
    assert (restored.state, restored.state_reason, restored.version) == ("in_service", "", 3)


def test_a_state_is_not_changed_without_a_reason_or_from_the_wrong_state(world, desk):
    row = register(world, desk)
    with pytest.raises(errors.ReasonMissing):
        services.suspend(row.id, reason=" ", actor=desk, now=world.now)
    with pytest.raises(errors.InstrumentMember):
        services.suspend(row.id, reason="x" * 201, actor=desk, now=world.now)
    with pytest.raises(errors.StateForbids) as refused:
        services.restore(row.id, reason="r", actor=desk, now=world.now)
    assert refused.value.facts["state"] == Text("新登记", "Newly registered")
    assert refused.value.facts["allowed"].zh == "停用"


def test_a_scrapped_instrument_stays_scrapped_and_unchanged(world, desk):
    row = register(world, desk)
    services.retire(row.id, reason="无法修复", actor=desk, now=world.now)
    for deed in (services.suspend, services.restore, services.retire):
        with pytest.raises(errors.StateForbids):
            deed(row.id, reason="r", actor=desk, now=world.now)
    with pytest.raises(errors.StateForbids):
        services.change(row.id, {"model": "X"}, expected_version=2, actor=desk, now=world.now)
    assert [i.id for i in selectors.working_instruments()] == []


@pytest.mark.parametrize(
    ("before", "proven", "after", "reason"),
    [
        (None, True, "in_service", ""),
        (None, False, "registered", ""),
        ("suspend", False, "suspended", "漂移过大"),
        ("suspend", True, "in_service", ""),
    ],
)
def test_an_instrument_that_comes_back_is_what_it_was_unless_it_was_proven(world, desk, before, proven, after, reason):
    row = register(world, desk)
    if before:
        services.suspend(row.id, reason="漂移过大", actor=desk, now=world.now)
    away = services.send_away(row.id, commission_number="YZ-W-1", actor=desk, now=world.now + timedelta(hours=1))
    assert away.state == "away"
    back = services.bring_back(
        row.id, proven=proven, commission_number="YZ-W-1", actor=desk, now=world.now + timedelta(hours=2)
    )
    assert (back.state, back.state_reason) == (after, reason)


def test_an_instrument_is_not_sent_away_twice(world, desk):
    row = register(world, desk)
    services.send_away(row.id, commission_number="1", actor=desk, now=world.now)
    with pytest.raises(errors.StateForbids):
        services.send_away(row.id, commission_number="2", actor=desk, now=world.now)


def test_the_ledger_is_searched_and_narrowed(world, desk):
    row = register(world, desk)
    register(world, desk, owner_id=world.mill_id, serial_number="B-9", compulsory=True, purpose="trade_settlement")
    for wanted in (
        InstrumentFilter(text="2024-03"), InstrumentFilter(text="wlb", owner_id=world.dairy_id),
        InstrumentFilter(purpose="other"), InstrumentFilter(compulsory=False),
    ):  # fmt: skip
        assert [found.id for found in selectors.instruments(wanted)] == [row.id]
        assert selectors.count_instruments(wanted) == 1
    assert selectors.counts_by_state()["registered"] == 2
    assert selectors.counts_by_state(world.mill_id) == {
        "registered": 1, "in_service": 0, "away": 0, "suspended": 0, "retired": 0,
    }  # fmt: skip
    assert [found.id for found in selectors.instruments_by_serial(" 2024-0317 ")] == [row.id]


def test_lists_cost_one_query_whatever_their_length(world, desk, django_assert_num_queries):
    for n in range(5):
        register(world, desk, serial_number=str(n))
    with django_assert_num_queries(1):
        assert {row.owner.name.zh for row in selectors.instruments()} == {"晨星乳业有限公司"}
