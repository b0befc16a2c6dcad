"""Verbs on commissions: from the order to the item's way back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from jialiang.base.commissions import services
from jialiang.base.commissions.facts import Agreement, CommissionFacts, ItemFacts
from jialiang.base.commissions.selectors import Commission, CommissionItem, commission, item
from jialiang.base.instruments import services as instruments
from jialiang.base.organizations.selectors import has_own_organization, own_organization
from jialiang.functions.deed import permit, put_on_record
from jialiang.governance.counters.services import take
from jialiang.governance.outbox.services import publish
from jialiang.information.status import is_proven
from jialiang.kernel.events import Event
from jialiang.kernel.ids import new_id
from jialiang.kernel.text import Text
from jialiang.security.actor import Actor
from jialiang.security.policy import OwnedBy
from jialiang.security.tenancy.calendar import today
from jialiang.vocabulary.statuses import CustodyState

SERIES = "commission"
NOTHING_SAID = Text()
NUMBER = "W-{year}-{serial:06d}"  # W: 委托


@transaction.atomic
def open_commission(
    *, actor: Actor, facts: CommissionFacts, items: Sequence[ItemFacts] = (), now: datetime
) -> Commission:
    """Open a commission, with its items if they are known. Event ``commission.opened``.

    The number is ``<short code>-W-<year>-<serial>``, gap-free, of the year in the institute's time zone. A customer
    opens for the own organization. Raises CommissionIncomplete, and what :func:`add_item` raises.
    """
    permit(actor, "commission.open", OwnedBy(facts.customer_id))
    commission_id = new_id(now)
    number = _number(commission_id, now)
    row = services.open_commission(facts, commission_id=commission_id, number=number, actor=actor, now=now)
    added = [services.add_item(row.id, entry, now=now) for entry in items]
    put_on_record(
        actor,
        "commission.open",
        row,
        now,
        event="commission.opened",
        data={"number": row.number, "customer_id": row.customer_id},
        number=row.number,
        customer_id=row.customer_id,
        kind=row.kind,
        instruments=[entry.instrument_id for entry in added],
    )
    return row


@transaction.atomic
def add_item(*, actor: Actor, commission_id: UUID, facts: ItemFacts, now: datetime) -> CommissionItem:
    """Add an instrument of the customer to an open commission. Event ``commission.item_added``.

    Raises ForeignInstrument, InstrumentBusy, InstrumentScrapped, CommissionStateForbids.
    """
    row = commission(commission_id)
    permit(actor, "commission.add_item", row)
    added = services.add_item(commission_id, facts, now=now)
    put_on_record(
        actor,
        "commission.add_item",
        row,
        now,
        event="commission.item_added",
        data={"item_id": added.id, "instrument_id": added.instrument_id},
        position=added.position,
        instrument_id=added.instrument_id,
    )
    return added


@transaction.atomic
def accept(
    *,
    actor: Actor,
    commission_id: UUID,
    agreement: Agreement,
    expected_version: int | None = None,
    now: datetime,
) -> Commission:
    """Accept a commission on what was agreed before work starts. Event ``commission.accepted``.

    Raises CommissionIncomplete (naming all that is not agreed), VerificationNeeds, NotFreeOfCharge.
    """
    permit(actor, "commission.accept", commission(commission_id))
    row = services.accept(commission_id, agreement, expected_version=expected_version, actor=actor, now=now)
    agreed = {
        "decision_rule": row.decision_rule,
        "due_date_agreed": row.due_date_agreed,
        "agreed_interval_months": row.agreed_interval_months,
        "fee_kind": row.fee_kind,
        "promised_on": row.promised_on,
    }
    put_on_record(
        actor, "commission.accept", row, now, event="commission.accepted", data={"number": row.number}, **agreed
    )
    return row


@transaction.atomic
def cancel(*, actor: Actor, commission_id: UUID, reason: str, now: datetime) -> Commission:
    """Cancel a commission, with a reason. Event ``commission.cancelled``."""
    permit(actor, "commission.cancel", commission(commission_id))
    row = services.cancel(commission_id, reason=reason, now=now)
    put_on_record(
        actor,
        "commission.cancel",
        row,
        now,
        event="commission.cancelled",
        data={"number": row.number},
        reason=row.state_reason,
    )
    return row


@transaction.atomic
def receive(
    *,
    actor: Actor,
    item_id: UUID,
    condition: Text = NOTHING_SAID,
    accessories: str = "",
    place: str = "",
    now: datetime,
) -> CommissionItem:
    """Take an item in: its condition is noted, its instrument is away from its owner. Event ``item.received``.

    Raises CustodyForbids, CommissionStateForbids, StateForbids (the instrument is scrapped).
    """
    before = item(item_id)
    permit(actor, "item.receive", before)
    services.note_condition(item_id, condition, accessories)
    row = services.move_item(item_id, CustodyState.RECEIVED, place=place, actor=actor, now=now)
    if before.custody == CustodyState.EXPECTED:
        instruments.send_away(
            row.instrument_id, commission_number=row.commission.number, actor=actor, now=now
        )
    _record_custody(actor, "item.receive", "item.received", row, place, now)
    return row


@transaction.atomic
def hand_over(
    *,
    actor: Actor,
    item_id: UUID,
    to: CustodyState,
    place: str = "",
    note: str = "",
    now: datetime,
) -> CommissionItem:
    """Hand an item on: to the laboratory, back to the reception, or ``RETURNED`` to its owner.

    Returned, the instrument is in service if its evidence proves it, else it is what it was before; with its last
    item a commission is completed. Events ``item.handed_over`` and ``commission.completed``.
    """
    permit(actor, "item.hand_over", item(item_id))
    row = services.move_item(item_id, to, place=place, note=note, actor=actor, now=now)
    completed = False
    if to == CustodyState.RETURNED:
        instruments.bring_back(
            row.instrument_id,
            proven=is_proven(row.instrument_id, today(now)),
            commission_number=row.commission.number,
            actor=actor,
            now=now,
        )
        completed = services.complete_if_done(row.commission_id, now=now)
    _record_custody(actor, "item.hand_over", "item.handed_over", row, place, now)
    if completed:
        facts = {"number": row.commission.number, "last_item_id": row.id}
        publish(Event("commission.completed", row.commission_id, now, facts))
    return row


def _record_custody(
    actor: Actor, action: str, event: str, row: CommissionItem, place: str, now: datetime
) -> None:
    facts = {"commission": row.commission.number, "custody": row.custody, "instrument_id": row.instrument_id}
    put_on_record(actor, action, row, now, event=event, data=facts, **facts, place=place)


def _number(commission_id: UUID, now: datetime) -> str:
    code = own_organization().short_code if has_own_organization() else ""
    pattern = f"{code}-{NUMBER}" if code else NUMBER
    return take(kind=SERIES, year=today(now).year, pattern=pattern, subject_id=commission_id, now=now).number
