"""Verbs on instruments: the ledger record and its administrative state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from jialiang.base.instruments import services
from jialiang.base.instruments.facts import InstrumentFacts
from jialiang.base.instruments.selectors import Instrument, instrument
from jialiang.functions.deed import permit, put_on_record
from jialiang.functions.platform_records import follow_instrument, register_instrument_record
from jialiang.governance.data_elements import Difference
from jialiang.security.actor import Actor
from jialiang.security.policy import OwnedBy

Move = Callable[..., Instrument]


@transaction.atomic
def register(
    *, actor: Actor, facts: InstrumentFacts, owner_id: UUID | None, now: datetime
) -> Instrument:
    """Enter an instrument into the ledger and give it an identifier. Event ``instrument.registered``.

    A customer registers for the own organization. Raises InstrumentIncomplete, which names all that is missing.
    """
    permit(actor, "instrument.register", OwnedBy(owner_id or actor.organization_id))
    row = services.register(facts, owner_id=owner_id, actor=actor, now=now)
    code = register_instrument_record(actor, row, now)
    put_on_record(
        actor,
        "instrument.register",
        row,
        now,
        event="instrument.registered",
        data={"owner_id": row.owner_id, "identifier": code.text},
        name=row.name,
        model=row.model,
        serial_number=row.serial_number,
        owner_id=row.owner_id,
        identifier=code.text,
    )
    return row


@transaction.atomic
def change(
    *,
    actor: Actor,
    instrument_id: UUID,
    changes: Mapping[str, Any],
    expected_version: int,
    reason: str = "",
    now: datetime,
) -> tuple[Instrument, Difference]:
    """Change members of the ledger record (named as in ``InstrumentFacts``) from the version that was read.

    A change that changes nothing leaves neither a version nor a record. Event ``instrument.changed``.
    """
    permit(actor, "instrument.change", instrument(instrument_id))
    row, altered = services.change(
        instrument_id, changes, expected_version=expected_version, reason=reason, actor=actor, now=now
    )
    if altered:
        follow_instrument(actor, row, now)
        put_on_record(
            actor,
            "instrument.change",
            row,
            now,
            event="instrument.changed",
            data={"members": sorted(altered.new)},
            old=altered.old,
            new=altered.new,
            reason=reason,
        )
    return row, altered


@transaction.atomic
def suspend(*, actor: Actor, instrument_id: UUID, reason: str, now: datetime) -> Instrument:
    """Take an instrument out of use by decision, with a reason. Event ``instrument.suspended``."""
    return _move(actor, "instrument.suspend", services.suspend, instrument_id, reason, now)


@transaction.atomic
def restore(*, actor: Actor, instrument_id: UUID, reason: str, now: datetime) -> Instrument:
    """End a suspension; fitness for use still follows from evidence. Event ``instrument.restored``."""
    return _move(actor, "instrument.restore", services.restore, instrument_id, reason, now)


@transaction.atomic
def retire(*, actor: Actor, instrument_id: UUID, reason: str, now: datetime) -> Instrument:
    """Scrap an instrument for good, with a reason; its record and history stay. Event ``instrument.retired``."""
    return _move(actor, "instrument.retire", services.retire, instrument_id, reason, now)


_EVENTS = {
    "instrument.suspend": "instrument.suspended",
    "instrument.restore": "instrument.restored",
    "instrument.retire": "instrument.retired",
}


def _move(
    actor: Actor, action: str, move: Move, instrument_id: UUID, reason: str, now: datetime
) -> Instrument:
    permit(actor, action, instrument(instrument_id))
    row = move(instrument_id, reason=reason, actor=actor, now=now)
    put_on_record(
        actor, action, row, now, event=_EVENTS[action], data={"state": row.state}, reason=reason, state=row.state
    )
    return row
