"""Writing instruments; each write leaves one entry of history. They run in the transaction of the verb."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from jialiang.base.instruments.errors import (
    InstrumentChanged,
    InstrumentExists,
    InstrumentMember,
    InstrumentUnknown,
    ReasonMissing,
    StateForbids,
    UnknownMembers,
)
from jialiang.base.instruments.facts import InstrumentFacts, checked_columns
from jialiang.base.instruments.models import Instrument, InstrumentChange
from jialiang.base.organizations.selectors import organization
from jialiang.governance import data_elements as elements
from jialiang.governance.data_elements import Difference
from jialiang.kernel.ids import new_id
from jialiang.kernel.text import Text
from jialiang.security.actor import Actor
from jialiang.vocabulary.statuses import InstrumentState, label

IDENTITY = ("owner_id", "manufacturer_zh", "model", "serial_number")
FROM_STATES: dict[str, tuple[InstrumentState, ...]] = {
    "instrument.suspend": (InstrumentState.REGISTERED, InstrumentState.IN_SERVICE),
    "instrument.restore": (InstrumentState.SUSPENDED,),
    "instrument.retire": (InstrumentState.REGISTERED, InstrumentState.IN_SERVICE, InstrumentState.SUSPENDED),
    "item.receive": (InstrumentState.REGISTERED, InstrumentState.IN_SERVICE, InstrumentState.SUSPENDED),
    "item.hand_over": (InstrumentState.AWAY,),
}


def register(facts: InstrumentFacts, *, owner_id: UUID | None, actor: Actor, now: datetime) -> Instrument:
    """Enter an instrument into the ledger; of two who enter it at once the database lets one.

    Raises InstrumentIncomplete (one error naming all that is missing, the owner too), InstrumentMember,
    OrganizationUnknown, InstrumentExists.
    """
    written = checked_columns(facts, owner_known=owner_id is not None)
    if owner_id is not None:
        written["owner_id"] = organization(owner_id).id
    _refuse_twice(written, None)
    row = Instrument(id=new_id(now), created_at=now, **written)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        _refuse_twice(written, None)
        raise
    _history(row, "instrument.register", Difference(new={"state": row.state}), "", actor, now)
    return row


def change(
    instrument_id: UUID,
    changes: Mapping[str, Any],
    *,
    expected_version: int,
    reason: str = "",
    actor: Actor,
    now: datetime,
) -> tuple[Instrument, Difference]:
    """Change members named as in :class:`InstrumentFacts`; a change that changes nothing leaves no trace.

    Raises InstrumentUnknown, UnknownMembers, InstrumentChanged (another version was read), StateForbids (a
    scrapped instrument), and what registering raises.
    """
    row = _locked(instrument_id)
    if row.version != expected_version:
        raise InstrumentChanged(name=row.name, read=expected_version, stored=row.version, what=_last(row))
    if row.state == InstrumentState.RETIRED:
        raise _forbidden(row, [s for s in InstrumentState if s != InstrumentState.RETIRED])
    strange = elements.unknown_members(InstrumentFacts, changes)
    if strange:
        known = ", ".join(InstrumentFacts.__dataclass_fields__)
        raise UnknownMembers(members=", ".join(strange), known=known)
    written = checked_columns(replace(elements.facts_of(InstrumentFacts, row), **changes))
    identity = {"owner_id": row.owner_id, **written}
    _refuse_twice(identity, row.id)
    why = _reason(reason, needed=False)
    altered = elements.difference(row, written)
    if altered:
        try:
            with transaction.atomic():
                _write(row, written)
        except IntegrityError:
            _refuse_twice(identity, row.id)
            raise
        _history(row, "instrument.change", altered, why, actor, now)
    return row, altered


def suspend(instrument_id: UUID, *, reason: str, actor: Actor, now: datetime) -> Instrument:
    """Take an instrument out of use by decision. Raises InstrumentUnknown, ReasonMissing, StateForbids."""
    return _move(instrument_id, "instrument.suspend", InstrumentState.SUSPENDED, reason, actor, now)


def restore(instrument_id: UUID, *, reason: str, actor: Actor, now: datetime) -> Instrument:
    """End a suspension; whether the instrument is fit for use is up to its evidence. Raises as suspending does."""
    return _move(instrument_id, "instrument.restore", InstrumentState.IN_SERVICE, reason, actor, now)


def retire(instrument_id: UUID, *, reason: str, actor: Actor, now: datetime) -> Instrument:
    """Scrap an instrument for good. Raises InstrumentUnknown, ReasonMissing, StateForbids."""
    return _move(instrument_id, "instrument.retire", InstrumentState.RETIRED, reason, actor, now)


def send_away(instrument_id: UUID, *, commission_number: str, actor: Actor, now: datetime) -> Instrument:
    """Note that the laboratory has received the instrument. Raises StateForbids when it is away or scrapped."""
    return _move(instrument_id, "item.receive", InstrumentState.AWAY, commission_number, actor, now)


def bring_back(
    instrument_id: UUID, *, proven: bool, commission_number: str, actor: Actor, now: datetime
) -> Instrument:
    """Note that the owner has the instrument back.

    With ``proven`` (a certificate says that it is fit) it is in service, whatever it was; without, it is again
    what it was before it went away: a suspension outlives a visit that proved nothing.
    """
    row = _locked(instrument_id)
    sent = row.changes.filter(action="item.receive").order_by("-at", "-id").first()
    before = InstrumentState(sent.old["state"]) if sent else InstrumentState.REGISTERED
    state = InstrumentState.IN_SERVICE if proven else before
    back = _move(instrument_id, "item.hand_over", state, commission_number, actor, now)
    if state == InstrumentState.SUSPENDED and sent:
        back.state_reason = sent.old["state_reason"]
        back.save(update_fields=["state_reason"])
    return back


def _move(
    instrument_id: UUID, action: str, to: InstrumentState, reason: str, actor: Actor, now: datetime
) -> Instrument:
    row = _locked(instrument_id)
    reason = _reason(reason, needed=True)
    if row.state not in FROM_STATES[action]:
        raise _forbidden(row, FROM_STATES[action])
    kept = reason if to in (InstrumentState.SUSPENDED, InstrumentState.RETIRED) else ""
    written = {"state": to.value, "state_reason": kept}
    altered = Difference(
        old={"state": row.state, "state_reason": row.state_reason}, new={"state": to.value, "state_reason": kept}
    )
    _write(row, written)
    _history(row, action, altered, reason, actor, now)
    return row


def _locked(instrument_id: UUID) -> Instrument:
    row = Instrument.objects.select_for_update().filter(pk=instrument_id).first()
    if row is None:
        raise InstrumentUnknown(wanted=str(instrument_id))
    return row


def _write(row: Instrument, written: Mapping[str, Any]) -> None:
    for name, value in written.items():
        setattr(row, name, value)
    row.version += 1
    row.save()


def _history(
    row: Instrument, action: str, altered: Difference, reason: str, actor: Actor, now: datetime
) -> None:
    InstrumentChange.objects.create(
        id=new_id(now),
        instrument=row,
        at=now,
        action=action,
        person_id=actor.person_id,
        person_name=actor.name.zh or actor.name.en,
        old=altered.old,
        new=altered.new,
        reason=reason,
    )


def _reason(reason: str, *, needed: bool) -> str:
    text = " ".join(reason.split())
    if needed and not text:
        raise ReasonMissing()
    why = elements.refusal(InstrumentChange, "reason", text)
    if why is not None:
        raise InstrumentMember(
            member=elements.element_name("instrument", "reason"),
            given=elements.beginning(text),
            reason=why,
        )
    return text


def _refuse_twice(written: Mapping[str, Any], own_id: UUID | None) -> None:
    same = {name: written[name] for name in IDENTITY}
    taken = Instrument.objects.filter(**same).first()
    if taken is not None and taken.id != own_id:
        raise InstrumentExists(name=taken.name, model=taken.model, serial_number=taken.serial_number)


def _forbidden(row: Instrument, allowed: tuple[InstrumentState, ...] | list[InstrumentState]) -> StateForbids:
    names = [label(state) for state in allowed]
    return StateForbids(
        name=row.name,
        serial_number=row.serial_number,
        state=label(InstrumentState(row.state)),
        allowed=Text("、".join(n.zh for n in names), ", ".join(n.en for n in names)),
    )


def _last(row: Instrument) -> Text:
    latest = row.changes.order_by("-at", "-id").first()
    if latest is None:
        return Text("—", "—")
    names = elements.element_names("instrument", dict.fromkeys(_bare(name) for name in latest.new))
    return Text(f"{latest.person_name}：{names.zh}", f"{latest.person_name}: {names.en}")


def _bare(name: str) -> str:
    return name.removesuffix("_zh").removesuffix("_en")
