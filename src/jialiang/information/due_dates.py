"""Which instruments are due or overdue: reckoned from the latest evidence, never from a list kept by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from jialiang.base.traceability.selectors import evidence_to_renew
from jialiang.information.status import Due, DueBasis, due_of, proof_from
from jialiang.kernel.text import Text
from jialiang.security.tenancy.scope import current_tenant_id
from jialiang.security.tenancy.selectors import tenant
from jialiang.vocabulary.statuses import InstrumentState

REMINDER_DAYS = 30


@dataclass(frozen=True, slots=True)
class DueInstrument:
    """An instrument that needs new evidence; ``days_left`` counts to the last good day and is negative after it."""

    instrument_id: UUID
    name: Text
    serial_number: str
    owner_id: UUID
    owner_name: Text
    due: date
    basis: DueBasis
    days_left: int
    certificate_number: str
    is_away: bool

    @property
    def is_overdue(self) -> bool:
        """Whether the last good day has passed."""
        return self.days_left < 0


def due_instruments(
    on: date, *, within_days: int = REMINDER_DAYS, owner_id: UUID | None = None
) -> list[DueInstrument]:
    """Return the instruments that are due within some days of ``on`` or overdue, the longest overdue first.

    Two queries. Instruments without any evidence are not here: they are unproven, not due.
    """
    until = on + timedelta(days=within_days)
    zone = tenant(current_tenant_id()).time_zone
    found = []
    for evidence in evidence_to_renew(until, owner_id=owner_id):
        proof = proof_from(evidence, zone)
        instrument: Any = evidence.instrument
        due = due_of(instrument, proof)
        if due.date is not None and due.date <= until:
            found.append(_due_instrument(instrument, due, proof.certificate_number, on))
    return sorted(found, key=lambda entry: (entry.due, entry.serial_number))


def _due_instrument(instrument: Any, due: Due, certificate_number: str, on: date) -> DueInstrument:
    return DueInstrument(
        instrument_id=instrument.id,
        name=instrument.name,
        serial_number=instrument.serial_number,
        owner_id=instrument.owner_id,
        owner_name=instrument.owner.name,
        due=due.date or on,
        basis=due.basis,
        days_left=((due.date or on) - on).days,
        certificate_number=certificate_number,
        is_away=instrument.state == InstrumentState.AWAY,
    )
