"""The verbs of a calibration record: start, record, take over, submit, amend a reading, review, return.

Approval belongs to the certificate (:mod:`jialiang.functions.certificates`). Calibrated by, reviewed by and approved
by are three persons; the verbs hold that, whatever door they are called through.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from jialiang.base.calibrations import selectors, services
from jialiang.base.calibrations.errors import (
    BadEntry,
    ItemNotReady,
    NoReferenceStandard,
    NotTheTechnician,
    RecordChanged,
)
from jialiang.base.commissions.selectors import item as commission_item
from jialiang.base.commissions.services import move_item
from jialiang.base.measurement_standards.selectors import certificate_in_force
from jialiang.base.measurement_standards.selectors import standard as measurement_standard
from jialiang.base.readings import services as readings
from jialiang.base.readings.selectors import readings_of
from jialiang.base.readings.views import CellEntry
from jialiang.functions.deed import permit, put_on_record
from jialiang.governance.counters.services import take
from jialiang.information.evaluation import evaluate, require_covered
from jialiang.information.evaluation_task import require_same_quantity, task_of
from jialiang.information.procedures import procedure
from jialiang.information.record_checks import checked_conditions, require_complete
from jialiang.kernel.clock import local_date
from jialiang.kernel.text import Text
from jialiang.science.decimal_text import read_decimal
from jialiang.security.actor import Actor
from jialiang.security.tenancy.selectors import tenant
from jialiang.vocabulary.statuses import CalibrationState, CommissionState, CustodyState, label

RECORD_NUMBERS = "calibration_record"
RECORD_PATTERN = "JL-{year}-{serial:06d}"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCalibration:
    """What a technician starts a record with; ``points`` are decimal texts in the unit of the instrument.

    ``parameters`` are those of the procedure (``information.procedures``); what is not given is the usual text.
    """

    item_id: UUID
    procedure: str
    method: Text
    method_norm: str = ""
    reference_standard_id: UUID | None
    other_standard_ids: tuple[UUID, ...] = ()
    points: tuple[str, ...]
    parameters: Mapping[str, str] = field(default_factory=dict)
    site_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordEntry:
    """What is saved at once: cells, conditions ``{"temperature": {"minimum", "maximum"}, …}``, dates.

    What is None stays as it is. ``reason`` is needed for cells once the readings were submitted (after a return).
    """

    cells: tuple[CellEntry, ...] = ()
    environment: Mapping[str, Any] | None = None
    begin_date: date | None = None
    end_date: date | None = None
    reason: str = ""
    expected_version: int | None = None


@transaction.atomic
def start(*, actor: Actor, new: NewCalibration, now: datetime) -> selectors.Calibration:
    """Take an item to the bench and open its record.

    Raises ItemNotReady, NoReferenceStandard, StandardOfAnotherQuantity, UnknownProcedure, BadEntry, and the interlock
    of the standards (StandardExpired names which standard has no certificate in force, and since when).
    """
    item = commission_item(new.item_id)
    permit(actor, "calibration.start", item)
    _require_ready(item)
    if new.reference_standard_id is None:
        raise NoReferenceStandard()
    reference = measurement_standard(new.reference_standard_id)
    require_same_quantity(reference.serial_number, reference.unit, item.instrument.unit)
    plan = procedure(new.procedure)
    points = tuple(read_decimal(point).text for point in new.points)
    if not points:
        expected = Text("证书至少要有一个校准点", "A certificate has at least one point")
        raise BadEntry(entry=Text("校准点", "points"), given="", expected=expected)
    parameters = plan.parameters_with(dict(new.parameters))
    number = next_record_number(item.id, now)  # the counter is held until commit: starts follow one another
    _refuse_second_draft(item)
    standards = _standards(new, _today(now, actor))
    reading_set = readings.create_reading_set(
        instrument_id=item.instrument_id,
        layout=plan.layout(points, parameters, item.instrument.unit),
        now=now,
    )
    record = services.open_record(
        services.NewRecord(
            number=number,
            item_id=item.id,
            kind=item.commission.kind,
            procedure=plan.key,
            reading_set_id=reading_set.id,
            method=new.method,
            method_norm=new.method_norm,
            site_id=new.site_id,
            points=points,
            parameters=parameters,
            standards=standards,
        ),
        actor=actor,
        now=now,
    )
    if item.custody == CustodyState.RECEIVED:
        move_item(item.id, CustodyState.IN_LABORATORY, note=record.number, actor=actor, now=now)
    put_on_record(actor, "calibration.start", record, now, event="calibration.started", number=record.number)
    return record


@transaction.atomic
def record(*, actor: Actor, calibration_id: UUID, entry: RecordEntry, now: datetime) -> selectors.Calibration:
    """Save a draft: cells exactly as typed, conditions, dates.

    After a return the readings are frozen: a changed cell becomes an amendment and needs ``entry.reason``.
    Raises NotTheTechnician, WrongState, RecordChanged, ReasonMissing, and what reading a number raises.
    """
    stored = selectors.calibration(calibration_id)
    permit(actor, "calibration.record", stored)
    _require_technician(stored, actor)
    stored = services.change_draft(
        calibration_id, _changes(entry), expected_version=entry.expected_version
    )
    amended = _enter(stored, entry, actor, now)
    put_on_record(
        actor, "calibration.record", stored, now, cells=len(entry.cells), amended=amended, reason=entry.reason
    )
    return stored


@transaction.atomic
def take_over(*, actor: Actor, calibration_id: UUID, reason: str, now: datetime) -> selectors.Calibration:
    """Go on with a draft that another technician began and cannot finish (``calibration.taken_over``).

    What the other entered keeps its person, time and source, and neither of the two reviews or approves the record.
    Raises NothingToTakeOver, WrongState (submitted: have it returned first), ReasonNeeded.
    """
    before = selectors.calibration(calibration_id)
    permit(actor, "calibration.take_over", before)
    stored = services.take_over(calibration_id, actor=actor, now=now, reason=reason)
    put_on_record(
        actor,
        "calibration.take_over",
        stored,
        now,
        event="calibration.taken_over",
        data={"reason": reason},
        reason=reason,
        before=Text(before.calibrated_by_zh, before.calibrated_by_en),
        before_id=before.calibrated_by_id,
    )
    return stored


@transaction.atomic
def submit(
    *, actor: Actor, calibration_id: UUID, now: datetime, expected_version: int | None = None
) -> selectors.Calibration:
    """Freeze the readings, evaluate, and hand the record to review.

    Raises RecordIncomplete (naming everything that is missing), PointNotCovered, StandardExpired, RecordChanged.
    """
    stored = services.locked(calibration_id)
    permit(actor, "calibration.submit", stored)
    _require_technician(stored, actor)
    _require_version(stored, expected_version)
    task = task_of(calibration_id)
    require_complete(selectors.calibration(calibration_id), task.readings)
    require_covered(task)
    selectors.require_standards_in_force(calibration_id, _today(now, actor))
    stored = services.step(calibration_id, "calibration.submit", actor=actor, now=now)
    digest = readings.freeze(stored.reading_set_id, now)
    evaluation_digest = _evaluate(calibration_id)
    put_on_record(
        actor,
        "calibration.submit",
        stored,
        now,
        event="calibration.submitted",
        readings=digest,
        evaluation=evaluation_digest,
    )
    return selectors.calibration(calibration_id)


@transaction.atomic
def amend_reading(
    *, actor: Actor, calibration_id: UUID, entry: CellEntry, reason: str, now: datetime
) -> selectors.Calibration:
    """Amend one reading after submission: old, new, why, who and when are kept, and the record is reviewed anew.

    Raises NotTheTechnician, WrongState (approved), ReasonMissing, NothingAmended.
    """
    stored = services.locked(calibration_id)
    permit(actor, "calibration.amend_reading", stored)
    _require_technician(stored, actor)
    old, new = readings.amend(stored.reading_set_id, entry, reason=reason, actor=actor, now=now)
    stored = services.step(calibration_id, "calibration.amend_reading", actor=actor, now=now, reason=reason)
    _evaluate(calibration_id)
    put_on_record(
        actor,
        "calibration.amend_reading",
        stored,
        now,
        event="calibration.reading_amended",
        row=entry.row,
        column=entry.column,
        old=old,
        new=new,
        reason=reason,
    )
    return selectors.calibration(calibration_id)


@transaction.atomic
def review(*, actor: Actor, calibration_id: UUID, seen_digest: str, now: datetime) -> selectors.Calibration:
    """Pass the record on for approval; ``seen_digest`` is the evaluation's that the reviewer looked at.

    Raises SamePerson for whoever calibrated, RecordChanged where the evaluation is another by now, WrongState.
    """
    stored = services.locked(calibration_id)
    permit(actor, "calibration.review", stored)
    services.require_other_person(stored, actor, ("calibrated_by",))
    if seen_digest != stored.evaluation_digest:
        raise RecordChanged(number=stored.number)
    stored = services.step(calibration_id, "calibration.review", actor=actor, now=now)
    put_on_record(
        actor, "calibration.review", stored, now, event="calibration.reviewed", evaluation=seen_digest
    )
    return stored


@transaction.atomic
def return_record(*, actor: Actor, calibration_id: UUID, reason: str, now: datetime) -> selectors.Calibration:
    """Return a record to its technician (``calibration.return``). Raises ReasonNeeded, SamePerson, WrongState."""
    stored = services.locked(calibration_id)
    permit(actor, "calibration.return", stored)
    services.require_other_person(stored, actor, ("calibrated_by",))
    stored = services.step(calibration_id, "calibration.return", actor=actor, now=now, reason=reason)
    put_on_record(
        actor, "calibration.return", stored, now, event="calibration.returned", data={"reason": reason}, reason=reason
    )
    return stored


def _require_ready(item: Any) -> None:
    commission = item.commission
    reason = None
    if commission.state != CommissionState.ACCEPTED:
        state = label(CommissionState(commission.state))
        reason = Text(f"委托{state.zh}", f"the commission is: {state.en.lower()}")
    elif commission.decision_rule_agreed_at is None:
        reason = Text("判定规则尚未约定", "the decision rule has not been agreed")
    elif item.custody not in (CustodyState.RECEIVED, CustodyState.IN_LABORATORY) and not item.instrument.on_site:
        reason = Text("样品还没有收到", "the item has not been received")
    if reason is not None:
        raise ItemNotReady(commission=commission.number, instrument=item.instrument.name, reason=reason)


def _refuse_second_draft(item: Any) -> None:
    for record in selectors.records_of_item(item.id):
        if record.state == CalibrationState.DRAFT and record.amends_certificate_id is None:
            reason = Text(f"原始记录 {record.number} 仍在填写", f"its record {record.number} is still being written")
            raise ItemNotReady(
                commission=item.commission.number, instrument=item.instrument.name, reason=reason
            )


def _standards(new: NewCalibration, on: date) -> tuple[tuple[UUID, UUID, bool], ...]:
    wanted = (new.reference_standard_id, *new.other_standard_ids)
    return tuple(
        (standard_id, certificate_in_force(standard_id, on).id, position == 0)
        for position, standard_id in enumerate(dict.fromkeys(wanted))
        if standard_id is not None
    )


def next_record_number(item_id: UUID, now: datetime) -> str:
    """Take the next number of a record, in the running transaction; the account names the item it was taken for."""
    item = commission_item(item_id)
    year = local_date(now, tenant(item.tenant_id).time_zone).year
    return take(kind=RECORD_NUMBERS, year=year, pattern=RECORD_PATTERN, subject_id=item_id, now=now).number


def _changes(entry: RecordEntry) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if entry.environment is not None:
        changes["environment"] = checked_conditions(entry.environment)
    for name in ("begin_date", "end_date"):
        if getattr(entry, name) is not None:
            changes[name] = getattr(entry, name)
    return changes


def _enter(stored: Any, entry: RecordEntry, actor: Actor, now: datetime) -> int:
    """Type the cells, or amend those that differ where the readings are frozen; returns how many were amended."""
    present = readings_of(stored.reading_set_id)
    if present.frozen_at is None:
        readings.enter(stored.reading_set_id, entry.cells, actor=actor, now=now)
        return 0
    amended = 0
    for cell in entry.cells:
        known = present.cell(cell.row, cell.column)
        if cell.text.strip() != (known.text if known else ""):
            readings.amend(stored.reading_set_id, cell, reason=entry.reason, actor=actor, now=now)
            amended += 1
    if amended:
        services.step(stored.id, "calibration.amend_reading", actor=actor, now=now, reason=entry.reason)
    return amended


def _require_technician(stored: Any, actor: Actor) -> None:
    if actor.person_id is None or stored.calibrated_by_id != actor.person_id:
        technician = Text(stored.calibrated_by_zh, stored.calibrated_by_en)
        raise NotTheTechnician(number=stored.number, technician=technician, person=actor.name)


def _require_version(stored: Any, expected_version: int | None) -> None:
    if expected_version is not None and stored.version != expected_version:
        raise RecordChanged(number=stored.number)


def _evaluate(calibration_id: UUID) -> str:
    return services.keep_evaluation(calibration_id, evaluate(task_of(calibration_id)))


def _today(now: datetime, actor: Actor) -> date:
    return local_date(now, tenant(actor.tenant_id).time_zone)
