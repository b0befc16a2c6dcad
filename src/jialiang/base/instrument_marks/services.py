"""Writing codes and seals of instruments, in the transaction of the verb."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from jialiang.base.instrument_marks import errors
from jialiang.base.instrument_marks.models import IdentityCheck, InstrumentMark
from jialiang.base.instruments.selectors import Instrument, instrument
from jialiang.formats.codes.found_marks import MarkComparison, folded_code
from jialiang.governance import data_elements as elements
from jialiang.kernel.ids import new_id
from jialiang.kernel.text import storable
from jialiang.security.actor import Actor
from jialiang.vocabulary.statuses import MarkRole, MarkState

NOUN = "instrument_mark"


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkFacts:
    """A code or seal: its role (production, repair, verification, seal), its code, who put it on and when."""

    role: str
    code: str
    put_by: str = ""
    put_on: date | None = None


def record(instrument_id: UUID, facts: MarkFacts, *, now: datetime) -> InstrumentMark:
    """Enter what an instrument carries. Raises InstrumentUnknown, MarkMember, MarkExists."""
    row = instrument(instrument_id)
    written = elements.columns(facts)
    for member in elements.missing_members(facts, ("role", "code")):
        _refuse(member, "", elements.reason("needed"))
    for problem in elements.problems(NOUN, InstrumentMark, written):
        raise errors.MarkMember(member=problem.member, given=storable(problem.given, 80), reason=problem.reason)
    if facts.role == MarkRole.IDENTIFIER:  # the platform gives it, nobody records it
        known = ", ".join(role for role in MarkRole if role != MarkRole.IDENTIFIER)
        _refuse("role", facts.role, elements.reason("not_listed", known=known))
    written["code_folded"] = folded_code(written["code"])
    try:
        with transaction.atomic():
            return InstrumentMark.objects.create(id=new_id(now), instrument=row, created_at=now, **written)
    except IntegrityError as problem:
        raise errors.MarkExists(code=written["code"]) from problem


def remove(mark_id: UUID, *, reason: str, now: datetime) -> InstrumentMark:
    """Note that a code or seal was taken off. Raises MarkUnknown, MarkRemoved, MarkMember without a reason."""
    row = InstrumentMark.objects.select_for_update().filter(pk=mark_id).first()
    if row is None:
        raise errors.MarkUnknown(wanted=str(mark_id))
    text = " ".join(reason.split())
    why = elements.refusal(InstrumentMark, "state_reason", text) if text else elements.reason("needed")
    if why is not None:
        _refuse("state_reason", text, why)
    if row.state != MarkState.IN_PLACE:
        raise errors.MarkRemoved(code=row.code)
    row.state, row.state_reason, row.removed_at = MarkState.REMOVED, text, now
    row.save()
    return row


def keep_check(row: Instrument, comparison: MarkComparison, *, actor: Actor, now: datetime) -> IdentityCheck:
    """Keep what a check of identity said."""
    return IdentityCheck.objects.create(
        id=new_id(now),
        instrument=row,
        at=now,
        person_id=actor.person_id,
        person_name=actor.name.zh or actor.name.en,
        agrees=comparison.agrees,
        findings=[finding.to_json() for finding in comparison.findings],
    )


def _refuse(member: str, given: str, why: Any) -> None:
    raise errors.MarkMember(member=elements.element_name(NOUN, member), given=storable(given, 80), reason=why)
