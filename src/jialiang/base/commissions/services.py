"""Writing commissions, in the transaction of the verb. What moves instruments' states is up to the verbs."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Max

from jialiang.base.commissions import errors
from jialiang.base.commissions.facts import (
    CUSTODY_STEPS,
    Agreement,
    CommissionFacts,
    ItemFacts,
    agreement_columns,
    commission_columns,
    item_columns,
)
from jialiang.base.commissions.models import Commission, CommissionItem, CustodyEvent
from jialiang.base.commissions.selectors import item, items_of, unfinished_commission_of
from jialiang.base.instruments.models import Instrument
from jialiang.base.instruments.selectors import instrument
from jialiang.base.organizations.selectors import organization
from jialiang.governance import data_elements as elements
from jialiang.kernel.ids import new_id
from jialiang.kernel.text import Text
from jialiang.security.actor import Actor
from jialiang.vocabulary.statuses import CommissionState, CustodyState, InstrumentState, label


def open_commission(
    facts: CommissionFacts, *, commission_id: UUID, number: str, actor: Actor, now: datetime
) -> Commission:
    """Store a new commission. Raises CommissionIncomplete, CommissionMember, OrganizationUnknown."""
    written = commission_columns(facts)
    organization(facts.customer_id)
    return Commission.objects.create(
        id=commission_id,
        number=number,
        opened_by_name=_name(actor),
        opened_at=now,
        state_since=now,
        **written,
    )


def add_item(commission_id: UUID, facts: ItemFacts, *, now: datetime) -> CommissionItem:
    """Add an instrument of the customer to an open commission.

    Raises CommissionUnknown, CommissionStateForbids, InstrumentUnknown, ForeignInstrument, InstrumentScrapped,
    InstrumentBusy, CommissionMember.
    """
    row = _locked(commission_id)
    _require_state(row, CommissionState.OPEN)
    # Two commissions opened at once must not both take the instrument: whoever comes second waits here, and sees it.
    Instrument.objects.select_for_update().filter(pk=facts.instrument_id).first()
    _check_instrument(row, instrument(facts.instrument_id))
    written = item_columns(facts)
    last = row.items.aggregate(last=Max("position"))["last"] or 0
    return CommissionItem.objects.create(
        id=new_id(now), commission=row, position=last + 1, custody_since=now, **written
    )


def accept(
    commission_id: UUID, agreement: Agreement, *, expected_version: int | None = None, actor: Actor, now: datetime
) -> Commission:
    """Accept an open commission on what was agreed with the customer; afterwards it does not change.

    Raises CommissionUnknown, CommissionStateForbids, CommissionChanged, CommissionIncomplete (naming all that is not
    agreed), VerificationNeeds, NotFreeOfCharge, CommissionMember.
    """
    row = _locked(commission_id)
    if expected_version not in (None, row.version):
        raise errors.CommissionChanged(number=row.number, read=expected_version, stored=row.version)
    _require_state(row, CommissionState.OPEN)
    written = agreement_columns(agreement, row, [entry.instrument for entry in items_of(row.id)])
    for name, value in written.items():
        setattr(row, name, value)
    row.decision_rule_agreed_at = row.accepted_at = now
    row.accepted_by_name = _name(actor)
    return _moved(row, CommissionState.ACCEPTED, "", now)


def cancel(commission_id: UUID, *, reason: str, now: datetime) -> Commission:
    """Cancel a commission; items at the reception are handed back afterwards.

    Raises CommissionUnknown, CommissionStateForbids, ReasonMissing, ItemsInLaboratory.
    """
    row = _locked(commission_id)
    text = " ".join(reason.split())
    if not text:
        raise errors.ReasonMissing()
    _require_storable(Commission, "reason", "state_reason", text)
    _require_state(row, CommissionState.OPEN, CommissionState.ACCEPTED)
    inside = row.items.filter(custody=CustodyState.IN_LABORATORY).count()
    if inside:
        raise errors.ItemsInLaboratory(number=row.number, count=inside)
    return _moved(row, CommissionState.CANCELLED, text, now)


def move_item(
    item_id: UUID, to: CustodyState, *, place: str = "", note: str = "", actor: Actor, now: datetime
) -> CommissionItem:
    """Move an item one step of custody and note who did it, when and where to.

    Into the laboratory it goes only when its commission is accepted; from a cancelled one it still comes back.
    Raises CommissionUnknown, CustodyForbids, CommissionStateForbids, CommissionMember.
    """
    CommissionItem.objects.select_for_update().filter(pk=item_id).first()
    row = item(item_id)
    custody = CustodyState(row.custody)
    if to not in CUSTODY_STEPS[custody]:
        raise errors.CustodyForbids(instrument=row.instrument.name, custody=label(custody), wanted=label(to))
    if to == CustodyState.IN_LABORATORY:
        _require_state(row.commission, CommissionState.ACCEPTED)
    elif to == CustodyState.RECEIVED:
        _require_state(row.commission, CommissionState.OPEN, CommissionState.ACCEPTED)
    place, note = place.strip(), note.strip()
    _require_storable(CustodyEvent, "place", "place", place)
    _require_storable(CustodyEvent, "note", "note", note)
    CustodyEvent.objects.create(
        id=new_id(now),
        item=row,
        at=now,
        from_custody=custody.value,
        to_custody=to.value,
        place=place,
        note=note,
        person_id=actor.person_id,
        person_name=_name(actor),
    )
    row.custody, row.custody_since = to.value, now
    row.save(update_fields=["custody", "custody_since"])
    return row


def note_condition(item_id: UUID, condition: Text, accessories: str = "") -> CommissionItem:
    """Write the condition found on receipt, if anything is said. Raises CommissionUnknown, CommissionMember."""
    row = item(item_id)
    written = item_columns(
        ItemFacts(
            instrument_id=row.instrument_id,
            condition=condition or row.condition,
            accessories=accessories or row.accessories,
            requested_points=tuple(row.requested_points),
        )
    )
    for name, value in written.items():
        setattr(row, name, value)
    row.save(update_fields=["condition_zh", "condition_en", "accessories"])
    return row


def complete_if_done(commission_id: UUID, *, certified: Collection[UUID] = (), now: datetime) -> bool:
    """Complete an accepted commission whose every item is back at its owner; tell whether it was completed now.

    An item that was worked on at the owner's place is never received: it is done when it is ``certified``.
    """
    row = _locked(commission_id)
    if row.state != CommissionState.ACCEPTED:
        return False
    done = [
        entry.custody == CustodyState.RETURNED
        or (entry.custody == CustodyState.EXPECTED and entry.id in certified)
        for entry in row.items.all()
    ]
    if not all(done):
        return False
    _moved(row, CommissionState.COMPLETED, "", now)
    return True


def _require_storable(table: type[Commission | CustodyEvent], member: str, column: str, text: str) -> None:
    why = elements.refusal(table, column, text)
    if why is not None:
        given = elements.beginning(text)
        raise errors.CommissionMember(member=elements.element_name("commission", member), given=given, reason=why)


def _moved(row: Commission, state: CommissionState, reason: str, now: datetime) -> Commission:
    row.state, row.state_reason, row.state_since = state.value, reason, now
    row.version += 1
    row.save()
    return row


def _locked(commission_id: UUID) -> Commission:
    row = Commission.objects.select_for_update().filter(pk=commission_id).first()
    if row is None:
        raise errors.CommissionUnknown(wanted=str(commission_id))
    return row


def _require_state(row: Commission, *allowed: CommissionState) -> None:
    if row.state in allowed:
        return
    names = [label(state) for state in allowed]
    raise errors.CommissionStateForbids(
        number=row.number,
        state=label(CommissionState(row.state)),
        allowed=Text("、".join(n.zh for n in names), ", ".join(n.en for n in names)),
    )


def _check_instrument(row: Commission, wanted: Instrument) -> None:
    named = {"instrument": wanted.name, "serial_number": wanted.serial_number}
    if wanted.owner_id != row.customer_id:
        raise errors.ForeignInstrument(**named, customer=row.customer.name)
    if wanted.state == InstrumentState.RETIRED:
        raise errors.InstrumentScrapped(**named)
    busy = unfinished_commission_of(wanted.id)
    if busy is not None:
        raise errors.InstrumentBusy(**named, number=busy.number)


def _name(actor: Actor) -> str:
    return actor.name.zh or actor.name.en
