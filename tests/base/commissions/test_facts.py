"""What is agreed before work starts, and what of it cannot be; nothing of it needs a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from uuid import UUID

import pytest
from tests.ledger import AGREED

from jialiang.base.commissions.errors import (
    CommissionIncomplete,
    CommissionMember,
    NotFreeOfCharge,
    VerificationNeeds,
)
from jialiang.base.commissions.facts import (
    CUSTODY_STEPS,
    MOST_POINTS,
    Agreement,
    CommissionFacts,
    ItemFacts,
    agreement_columns,
    commission_columns,
    item_columns,
)
from jialiang.kernel.text import Text
from jialiang.vocabulary.statuses import CustodyState

KEY = UUID(int=1)


def instrument(serial_number="1", *, compulsory=False):
    return SimpleNamespace(
        name=Text("温度计", "Thermometer"), serial_number=serial_number, compulsory=compulsory
    )


def agreed(kind="calibration", *instruments, **members):
    """What an agreement on a commission of this kind writes."""
    row = SimpleNamespace(kind=kind)
    return agreement_columns(replace(AGREED, **members), row, list(instruments) or [instrument()])


# member of the commission: given, the English words of its refusal, empty where it is taken
COMMISSIONS = [
    ("kind", "testing", ""),
    ("kind", "legal_verification", ""),
    ("kind", "repair", "is not one of"),
    ("contact_name", "王" * 60, ""),
    ("contact_name", "王" * 61, "61 characters"),
    ("contact_phone", "0" * 41, "41 characters"),
    ("note", "n" * 401, "401 characters"),
    ("note", "a\nb", "control character"),
]


@pytest.mark.parametrize(("member", "given", "english"), COMMISSIONS, ids=lambda given: str(given)[:30])
def test_a_member_of_a_commission(member, given, english):
    facts = replace(CommissionFacts(customer_id=KEY, kind="calibration"), **{member: given})
    if not english:
        assert commission_columns(facts)[member] == given
        return
    with pytest.raises(CommissionMember) as refused:
        commission_columns(facts)
    assert english in refused.value.what.en


def test_a_commission_has_a_kind():
    with pytest.raises(CommissionIncomplete):
        commission_columns(CommissionFacts(customer_id=KEY, kind=""))


# requested points: as kept, or the English words of the refusal
POINTS = [
    ((), []),
    (("21.5", "25"), ["21.5", "25"]),
    (("２１．５", "－5", "+3.0"), ["21.5", "-5", "3.0"]),
    (("21,5",), "not a decimal"),
    (("20", "warm"), "not a decimal"),
    (("",), "not a decimal"),
    (("1",) * MOST_POINTS, ["1"] * MOST_POINTS),
    (("1",) * (MOST_POINTS + 1), "200"),
]


@pytest.mark.parametrize(("typed", "expected"), POINTS, ids=lambda given: str(given)[:30])
def test_requested_points_are_decimals_as_understood(typed, expected):
    facts = ItemFacts(instrument_id=KEY, requested_points=typed)
    if isinstance(expected, list):
        assert item_columns(facts)["requested_points"] == expected
        return
    with pytest.raises(CommissionMember) as refused:
        item_columns(facts)
    assert expected in refused.value.what.en


@pytest.mark.parametrize(
    ("members", "english"),
    [
        ({"condition": Text("外" * 201)}, "201 characters"),
        ({"condition": Text("完好", "x" * 201)}, "201 characters"),
        ({"accessories": "a" * 201}, "201 characters"),
        ({"accessories": "a\x00"}, "control character"),
    ],
)
def test_an_items_words_fit(members, english):
    with pytest.raises(CommissionMember) as refused:
        item_columns(ItemFacts(instrument_id=KEY, **members))
    assert english in refused.value.what.en


# what is left out: the names of what is missing
GAPS = [
    (Agreement(), True, "判定规则、有效期约定、收费方式"),
    (Agreement(decision_rule="none", due_date_agreed=False, fee_kind="charged"), False, "样品"),
    (Agreement(decision_rule="none", due_date_agreed=True, fee_kind="charged"), True, ""),
    (Agreement(decision_rule="none", fee_kind="charged"), True, ""),
]


@pytest.mark.parametrize(("agreement", "has_items", "named"), GAPS)
def test_what_is_not_agreed_is_named_all_at_once(agreement, has_items, named):
    with pytest.raises(CommissionIncomplete) as refused:
        agreement_columns(agreement, SimpleNamespace(kind="calibration"), [instrument()] if has_items else [])
    members = refused.value.facts["members"].zh
    if len(named.split("、")) == 3:
        assert len(members.split("、")) == 3
    else:
        assert "、" not in members


# members of the agreement: the English words of the refusal, empty where it holds
AGREEMENTS = [
    ({}, ""),
    ({"decision_rule": "guard_band_u"}, ""),
    ({"decision_rule": "as you like"}, "is not one of"),
    ({"fee_kind": "internal"}, ""),
    ({"fee_kind": "gratis"}, "is not one of"),
    ({"agreed_interval_months": 1}, ""),
    ({"agreed_interval_months": 240}, ""),
    ({"agreed_interval_months": 241}, "1 to 240 months"),
    ({"agreed_interval_months": 0}, "1 to 240 months"),
    ({"agreed_interval_months": -12}, "whole number"),
    ({"agreed_interval_months": True}, "whole number"),
    ({"promised_on": date(2026, 7, 1)}, ""),
]


@pytest.mark.parametrize(("members", "english"), AGREEMENTS, ids=str)
def test_what_is_agreed_is_one_of_what_can_be(members, english):
    if not english:
        written = agreed(**members)
        assert {name: written[name] for name in members} == members
        return
    with pytest.raises(CommissionMember) as refused:
        agreed(**members)
    assert english in refused.value.what.en


def test_a_declined_due_date_drops_its_interval():
    assert agreed(due_date_agreed=False, agreed_interval_months=12)["agreed_interval_months"] is None


# decision rule, is a due date agreed: what a legal verification lacks
VERIFICATIONS = [
    ("simple_acceptance", True, 0),
    ("guard_band_u", True, 0),
    ("none", True, 1),
    ("simple_acceptance", False, 1),
    ("none", False, 2),
]


@pytest.mark.parametrize(("rule", "is_agreed", "lacks"), VERIFICATIONS)
def test_a_verification_needs_rule_and_interval_and_a_calibration_neither(rule, is_agreed, lacks):
    members = {"decision_rule": rule, "due_date_agreed": is_agreed}
    agreed("calibration", **members)
    agreed("testing", **members)
    if not lacks:
        agreed("legal_verification", **members)
        return
    with pytest.raises(VerificationNeeds) as refused:
        agreed("legal_verification", **members)
    assert len(refused.value.facts["members"].zh.split("、")) == lacks


# kind, which instruments are under compulsory verification: the serial numbers that are charged
FREE = [
    ("legal_verification", (True, True), ""),
    ("legal_verification", (True, False), "2"),
    ("legal_verification", (False, False), "1 2"),
    ("calibration", (True, True), "1 2"),
    ("testing", (True, False), "1 2"),
]


@pytest.mark.parametrize(("kind", "compulsory", "charged"), FREE)
def test_free_is_the_compulsory_verification_alone_and_whatever_is_charged_is_named(
    kind, compulsory, charged
):
    instruments = [instrument(str(n), compulsory=each) for n, each in enumerate(compulsory, start=1)]
    if not charged:
        assert agreed(kind, *instruments, fee_kind="free_compulsory")["fee_kind"] == "free_compulsory"
        return
    with pytest.raises(NotFreeOfCharge) as refused:
        agreed(kind, *instruments, fee_kind="free_compulsory")
    named = refused.value.facts["instruments"]
    assert named.zh == "、".join(f"温度计（{serial}）" for serial in charged.split())
    assert named.en == ", ".join(f"Thermometer ({serial})" for serial in charged.split())


def test_the_way_of_an_item_begins_outside_ends_with_its_owner_and_never_jumps_the_reception():
    assert CUSTODY_STEPS == {
        CustodyState.EXPECTED: (CustodyState.RECEIVED,),
        CustodyState.RECEIVED: (CustodyState.IN_LABORATORY, CustodyState.RETURNED),
        CustodyState.IN_LABORATORY: (CustodyState.RECEIVED, CustodyState.RETURNED),
        CustodyState.RETURNED: (),
    }
