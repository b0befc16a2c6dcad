"""What waits for a person: made from the states of things by role, never kept as a list of its own.

Somebody with several roles sees the union; what is overdue stands first, then what has waited longest. An entry
that cannot be worked on says what blocks it, in the words of the interlock that would stop the verb.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib import resources
from typing import Any
from uuid import UUID

from jialiang.base.calibrations.selectors import (
    calibrations,
    items_with_records,
    last_returns,
    require_standards_in_force,
)
from jialiang.base.commissions.selectors import CommissionFilter, commissions, items_in
from jialiang.base.measurement_standards.selectors import carried_to, carried_until, standards_in_use
from jialiang.information.due_dates import due_instruments
from jialiang.kernel.errors import Interlock
from jialiang.kernel.text import Text
from jialiang.security.actor import Actor
from jialiang.security.tenancy.calendar import today
from jialiang.vocabulary.statuses import CalibrationState, CommissionState, CustodyState

LONGEST_PART = 100
STANDARD_REMINDER_DAYS = 60
SOON_DAYS = 7


@dataclass(frozen=True, slots=True)
class QueueEntry:
    """One thing that waits: what to do (``kind``), with what, where, in which state, since when, until when.

    ``state`` is ``overdue``, ``soon`` (due within a week or, of a standard, sixty days), ``returned`` or
    ``waiting``; ``url_name`` is the noun whose page opens it.
    """

    kind: str
    title: Text
    subject: Text
    url_name: str
    url_args: tuple[str, ...]
    state: str
    due: date | None
    waiting_since: datetime | None
    blocked_by: Text | None = None


@dataclass(frozen=True, slots=True)
class Queue:
    """Everything that waits for a person; a part that is longer than shown is ``cut``."""

    entries: tuple[QueueEntry, ...]
    cut: bool = False

    def count(self, *kinds: str) -> int:
        """Count the entries of some kinds, or all."""
        return sum(1 for entry in self.entries if not kinds or entry.kind in kinds)

    @property
    def blocked(self) -> tuple[QueueEntry, ...]:
        """Return the entries that cannot be worked on."""
        return tuple(entry for entry in self.entries if entry.blocked_by is not None)

    @property
    def overdue(self) -> tuple[QueueEntry, ...]:
        """Return the entries whose day has passed."""
        return tuple(entry for entry in self.entries if entry.state == "overdue")


Part = Callable[[Actor, date], Iterable[QueueEntry]]


def queue_for(actor: Actor, now: datetime) -> Queue:
    """Return what waits for the actor: at most three queries a role, and two for each standard of an own record."""
    on = today(now)
    parts = [list(_first(part(actor, on))) for role, part in _PARTS if actor.holds(role)]
    entries = {(e.kind, e.url_name, e.url_args): e for entries in parts for e in entries[:LONGEST_PART]}
    ordered = sorted(entries.values(), key=_urgency)
    return Queue(tuple(ordered), any(len(entries) > LONGEST_PART for entries in parts))


def _first(entries: Iterable[QueueEntry]) -> Iterator[QueueEntry]:
    for place, entry in enumerate(entries):
        if place > LONGEST_PART:
            return
        yield entry


def _urgency(entry: QueueEntry) -> tuple[Any, ...]:
    rank = {"overdue": 0, "returned": 1, "soon": 2}.get(entry.state, 3)
    waiting = entry.waiting_since.timestamp() if entry.waiting_since else float("inf")
    return rank, entry.due or date.max, waiting, entry.kind, entry.url_args


def _reception(actor: Actor, on: date) -> Iterator[QueueEntry]:
    for row in commissions(CommissionFilter(state=CommissionState.OPEN), size=LONGEST_PART + 1):
        yield _commission_entry("commission.accept", row, row.opened_at, on)
    for item in items_in(CustodyState.EXPECTED):
        if item.commission.state == CommissionState.ACCEPTED and not item.instrument.on_site:
            yield _item_entry("item.receive", item, on)


def _bench(actor: Actor, on: date) -> Iterator[QueueEntry]:
    inside = items_in(CustodyState.RECEIVED, CustodyState.IN_LABORATORY)
    known = items_with_records(item.id for item in inside)
    for item in inside:
        if item.id not in known and item.commission.state == CommissionState.ACCEPTED:
            yield _item_entry("calibration.start", item, on)
    drafts = list(calibrations(state=CalibrationState.DRAFT, technician_id=actor.person_id)[: LONGEST_PART + 1])
    returned = last_returns(row.id for row in drafts)
    for row in drafts:
        back = returned.get(row.id)
        yield _record_entry("calibration.record", row, back.at if back else row.created_at, on, back is not None)


def _review(actor: Actor, on: date) -> Iterator[QueueEntry]:
    waiting = calibrations(state=CalibrationState.IN_REVIEW).exclude(calibrated_by_id=actor.person_id)
    for row in waiting[: LONGEST_PART + 1]:
        yield _record_entry("calibration.review", row, row.submitted_at, on)


def _signature(actor: Actor, on: date) -> Iterator[QueueEntry]:
    waiting = calibrations(state=CalibrationState.AWAITING_APPROVAL)
    for row in waiting.exclude(calibrated_by_id=actor.person_id).exclude(reviewed_by_id=actor.person_id)[
        : LONGEST_PART + 1
    ]:
        yield _record_entry("certificate.approve", row, row.reviewed_at, on)


def _standards(actor: Actor, on: date) -> Iterator[QueueEntry]:
    for row in standards_in_use():
        until = carried_until(row, on)
        if until is not None and (until - on).days > STANDARD_REMINDER_DAYS:
            continue
        overdue, ends = until is None, until or carried_to(row, on)
        yield QueueEntry(
            kind="measurement_standard.add_certificate",
            title=words("standard.none" if ends is None else "standard.expired" if overdue else "standard.soon"),
            subject=_named(row.name, row.serial_number),
            url_name="measurement_standard",
            url_args=(str(row.id),),
            state="overdue" if overdue else "soon",
            due=ends,
            waiting_since=row.created_at if ends is None else None,
        )


def _instruments(actor: Actor, on: date) -> Iterator[QueueEntry]:
    for entry in due_instruments(on, owner_id=actor.organization_id):
        yield QueueEntry(
            kind="instrument.due",
            title=words("instrument.overdue" if entry.is_overdue else "instrument.soon"),
            subject=_named(entry.name, entry.serial_number),
            url_name="instrument",
            url_args=(str(entry.instrument_id),),
            state="overdue" if entry.is_overdue else "soon",
            due=entry.due,
            waiting_since=None,
            blocked_by=words("instrument.away") if entry.is_away else None,
        )


_PARTS: tuple[tuple[str, Part], ...] = (
    ("receptionist", _reception),
    ("technician", _bench),
    ("reviewer", _review),
    ("signatory", _signature),
    ("standards_keeper", _standards),
    ("instrument_manager", _instruments),
    ("customer", _instruments),
)


def _commission_entry(kind: str, row: Any, since: datetime, on: date) -> QueueEntry:
    count = len(row.items.all())
    subject = words("commission.subject", number=row.number, customer=row.customer.name, count=count)
    blocked = None if count else words("commission.empty")
    return QueueEntry(
        kind, words(kind), subject, "commission", (str(row.id),), _state(row, on), row.promised_on, since, blocked
    )


def _item_entry(kind: str, row: Any, on: date) -> QueueEntry:
    return QueueEntry(
        kind=kind,
        title=words(kind),
        subject=_item_subject(row),
        url_name="commission",
        url_args=(str(row.commission_id),),
        state=_state(row.commission, on),
        due=row.commission.promised_on,
        waiting_since=row.custody_since,
    )


def _record_entry(
    kind: str, row: Any, since: datetime | None, on: date, returned: bool = False
) -> QueueEntry:
    return QueueEntry(
        kind=kind,
        title=words("calibration.returned" if returned else kind),
        subject=_item_subject(row.item),
        url_name="calibration",
        url_args=(str(row.id),),
        state="returned" if returned else _state(row.item.commission, on),
        due=row.item.commission.promised_on,
        waiting_since=since,
        blocked_by=_blocked(row.id, on),
    )


def _blocked(calibration_id: UUID, on: date) -> Text | None:
    try:
        require_standards_in_force(calibration_id, on)
    except Interlock as stop:
        return stop.what
    return None


def _state(commission: Any, on: date) -> str:
    promised = commission.promised_on
    if promised is None:
        return "waiting"
    if promised < on:
        return "overdue"
    return "soon" if (promised - on).days <= SOON_DAYS else "waiting"


def _item_subject(row: Any) -> Text:
    named = _named(row.instrument.name, row.instrument.serial_number)
    return words("item.subject", instrument=named, number=row.commission.number)


def _named(name: Text, serial_number: str) -> Text:
    return words("named", name=name, serial_number=serial_number)


def words(key: str, **facts: object) -> Text:
    """Return the words of the queue in zh and en, filled with ``facts``."""
    return Text.from_json(_words()[key]).format(**facts)


@cache
def _words() -> dict[str, dict[str, str]]:
    file = resources.files("jialiang.information") / "queue_words.json"
    found: dict[str, dict[str, str]] = json.loads(file.read_text(encoding="utf-8"))
    return found
