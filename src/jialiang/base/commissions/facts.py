"""What a commission and its items say, what is agreed at acceptance, and the rules that hold for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from jialiang.base.commissions.errors import (
    CommissionIncomplete,
    CommissionMember,
    NotFreeOfCharge,
    VerificationNeeds,
)
from jialiang.base.commissions.models import Commission, CommissionItem
from jialiang.base.instruments.models import Instrument
from jialiang.governance import data_elements as elements
from jialiang.kernel.errors import InvalidInput
from jialiang.kernel.text import Text
from jialiang.science.decimal_text import read_decimal
from jialiang.vocabulary.statuses import CustodyState, DecisionRule, FeeKind, WorkKind

LONGEST_INTERVAL = 240
MOST_POINTS = 200

CUSTODY_STEPS: dict[CustodyState, tuple[CustodyState, ...]] = {
    CustodyState.EXPECTED: (CustodyState.RECEIVED,),
    CustodyState.RECEIVED: (CustodyState.IN_LABORATORY, CustodyState.RETURNED),
    CustodyState.IN_LABORATORY: (CustodyState.RECEIVED, CustodyState.RETURNED),
    CustodyState.RETURNED: (),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CommissionFacts:
    """What is known when a commission is opened."""

    customer_id: UUID
    kind: str
    contact_name: str = ""
    contact_phone: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFacts:
    """An instrument in a commission; ``requested_points`` are decimal texts in the instrument's unit."""

    instrument_id: UUID
    condition: Text = Text()
    accessories: str = ""
    requested_points: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """What customer and institute agree before work starts (ISO/IEC 17025, 7.1.3 and 7.8.4.3).

    ``due_date_agreed`` None means that nobody asked, which is not an agreement; with True the interval in months
    is needed. For a legal verification the interval is that of its regulation.
    """

    decision_rule: str = ""
    due_date_agreed: bool | None = None
    agreed_interval_months: int | None = None
    fee_kind: str = ""
    promised_on: date | None = None


def commission_columns(facts: CommissionFacts) -> dict[str, Any]:
    """Return the columns of a new commission. Raises CommissionIncomplete, CommissionMember."""
    missing = elements.missing_members(facts, ("kind",))
    if missing:
        raise CommissionIncomplete(members=elements.element_names("commission", missing))
    return _checked(Commission, elements.columns(facts))


def item_columns(facts: ItemFacts) -> dict[str, Any]:
    """Return the columns of an item. Raises CommissionMember."""
    written = _checked(CommissionItem, elements.columns(facts))
    if len(facts.requested_points) > MOST_POINTS:
        raise refused("requested_points", len(facts.requested_points), "too_many", limit=MOST_POINTS)
    written["requested_points"] = [_point(text) for text in facts.requested_points]
    return written


def agreement_columns(
    agreement: Agreement, row: Commission, instruments: Sequence[Instrument]
) -> dict[str, Any]:
    """Return the columns of an agreement on a commission.

    Raises CommissionIncomplete (naming all that is not agreed), CommissionMember, VerificationNeeds,
    NotFreeOfCharge.
    """
    missing = elements.missing_members(agreement, ("decision_rule", "due_date_agreed", "fee_kind"))
    if agreement.due_date_agreed and agreement.agreed_interval_months is None:
        missing.append("agreed_interval_months")
    if not instruments:
        missing.append("items")
    if missing:
        raise CommissionIncomplete(members=elements.element_names("commission", missing))
    written = _checked(Commission, elements.columns(agreement))
    months = agreement.agreed_interval_months
    if months is not None and not 1 <= months <= LONGEST_INTERVAL:
        raise refused("agreed_interval_months", months, "months_out_of_range")
    if not agreement.due_date_agreed:
        written["agreed_interval_months"] = None
    if row.kind == WorkKind.LEGAL_VERIFICATION:
        _check_verification(agreement)
    if agreement.fee_kind == FeeKind.FREE_COMPULSORY:
        _check_free(row, instruments)
    return written


def refused(member: str, given: object, why: str, **facts: object) -> CommissionMember:
    """Return the error that a member cannot be stored, with its reason in words."""
    return CommissionMember(
        member=elements.element_name("commission", member), given=str(given), reason=elements.reason(why, **facts)
    )


def _checked(table: type[Any], written: dict[str, Any]) -> dict[str, Any]:
    for problem in elements.problems("commission", table, written):
        raise CommissionMember(member=problem.member, given=problem.given, reason=problem.reason)
    return written


def _point(text: str) -> str:
    try:
        return read_decimal(text).text
    except InvalidInput as problem:
        raise refused("requested_points", text, "not_a_decimal") from problem


def _check_verification(agreement: Agreement) -> None:
    lacking = []
    if agreement.decision_rule == DecisionRule.NONE:
        lacking.append("decision_rule")
    if not agreement.due_date_agreed:
        lacking.append("agreed_interval_months")
    if lacking:
        raise VerificationNeeds(members=elements.element_names("commission", lacking))


def _check_free(row: Commission, instruments: Sequence[Instrument]) -> None:
    charged = [i for i in instruments if row.kind != WorkKind.LEGAL_VERIFICATION or not i.compulsory]
    if charged:
        zh = "、".join(f"{i.name.in_language('zh')}（{i.serial_number}）" for i in charged)
        en = ", ".join(f"{i.name.in_language('en')} ({i.serial_number})" for i in charged)
        raise NotFreeOfCharge(instruments=Text(zh, en))
