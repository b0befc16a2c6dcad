"""Verbs on codes and seals of instruments: what is put on, what is taken off, and whether it is this instrument."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from jialiang.base.identifiers.errors import BadIdentifier, IdentifierUnknown
from jialiang.base.identifiers.selectors import identifier, identifier_of
from jialiang.base.instrument_marks import services
from jialiang.base.instrument_marks.errors import NothingToCompare
from jialiang.base.instrument_marks.selectors import (
    IdentityCheck,
    InstrumentMark,
    carriers_of,
    instrument_mark,
    marks_in_place,
)
from jialiang.base.instrument_marks.services import MarkFacts as MarkFacts
from jialiang.base.instruments.selectors import Instrument, instrument
from jialiang.formats.codes.found_marks import CarriedCode, compare_marks, folded_code
from jialiang.functions.deed import permit, put_on_record
from jialiang.kernel.errors import NotAllowed
from jialiang.kernel.text import storable
from jialiang.security.actor import Actor
from jialiang.vocabulary.statuses import MarkRole

MOST_FOUND = 50
LONGEST = 300


@transaction.atomic
def record(*, actor: Actor, instrument_id: UUID, facts: MarkFacts, now: datetime) -> InstrumentMark:
    """Record a code or seal on an instrument. Event ``instrument_mark.recorded``. Raises MarkMember, MarkExists."""
    permit(actor, "instrument_mark.record", instrument(instrument_id))
    row = services.record(instrument_id, facts, now=now)
    told = {"role": row.role, "instrument_id": row.instrument_id}
    put_on_record(
        actor, "instrument_mark.record", row, now, event="instrument_mark.recorded", data=told, **told, code=row.code
    )
    return row


@transaction.atomic
def remove(*, actor: Actor, mark_id: UUID, reason: str, now: datetime) -> InstrumentMark:
    """Note that a code or seal was taken off, with a reason. Event ``instrument_mark.removed``. Raises MarkRemoved."""
    permit(actor, "instrument_mark.remove", instrument_mark(mark_id).instrument)
    row = services.remove(mark_id, reason=reason, now=now)
    told = {"role": row.role, "instrument_id": row.instrument_id}
    put_on_record(
        actor,
        "instrument_mark.remove",
        row,
        now,
        event="instrument_mark.removed",
        data=told,
        **told,
        code=row.code,
        reason=row.state_reason,
    )
    return row


@transaction.atomic
def check_identity(
    *, actor: Actor, instrument_id: UUID, found: Sequence[CarriedCode], now: datetime
) -> IdentityCheck:
    """Compare what somebody found on an instrument with its record, and keep the answer.

    The platform's own identifier counts as one that the instrument may carry. Event ``instrument_mark.checked``.
    Raises NothingToCompare where nothing was found, nothing is on record or more than fifty codes came.
    """
    row = instrument(instrument_id)
    permit(actor, "instrument_mark.check", row)
    seen = [replace(each, code=_bare(each.code)) for each in found if each.code.strip()]
    recorded = [CarriedCode(mark.role, mark.code) for mark in marks_in_place(row.id)]
    if not seen or not recorded or len(seen) > MOST_FOUND:
        raise NothingToCompare(found=len(seen), recorded=len(recorded), most=MOST_FOUND)
    own = identifier_of("instrument", row.id)
    if own is not None and folded_code(own.text) in {folded_code(each.code) for each in seen}:
        recorded.append(CarriedCode(MarkRole.IDENTIFIER.value, own.text))
        seen = [
            replace(each, role="") if folded_code(each.code) == folded_code(own.text) else each for each in seen
        ]
    comparison = compare_marks(recorded, seen, _elsewhere(actor, row, seen))
    kept = services.keep_check(row, comparison, actor=actor, now=now)
    told = {"instrument_id": row.id, "agrees": kept.agrees}
    put_on_record(
        actor,
        "instrument_mark.check",
        kept,
        now,
        event="instrument_mark.checked",
        data=told,
        **told,
        findings=kept.findings,
    )
    return kept


def _bare(code: str) -> str:
    """Return a scanned address of this platform as the identifier in it; anything else as it is."""
    text = storable(code.strip(), LONGEST)
    return text.removeprefix(settings.JIALIANG.public_url.rstrip("/") + "/")


def _elsewhere(actor: Actor, row: Instrument, seen: Sequence[CarriedCode]) -> dict[str, str]:
    """Return by folded code which other instrument it belongs to, named where the actor may read it."""
    carried = carriers_of(each.code for each in seen)
    for each in seen:
        holder = _identified(each.code)
        if holder is not None:
            carried.setdefault(folded_code(each.code), set()).add(holder)
    others = {code: sorted(ids - {row.id}) for code, ids in carried.items()}
    return {code: _named(actor, ids[0]) for code, ids in others.items() if ids}


def _identified(code: str) -> UUID | None:
    try:
        held = identifier(code)
    except (BadIdentifier, IdentifierUnknown):
        return None
    return held.subject_id if held.subject_kind == "instrument" else None


def _named(actor: Actor, instrument_id: UUID) -> str:
    other = instrument(instrument_id)
    try:
        permit(actor, "instrument.read", other)
    except NotAllowed:
        return "—"
    return f"{other.name.zh or other.name.en} {other.serial_number}"
