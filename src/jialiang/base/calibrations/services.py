"""Writes of calibration records: opening, entering, evaluating, and the steps from hand to hand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from jialiang.base.calibrations.errors import (
    BadEntry,
    CalibrationUnknown,
    NothingToTakeOver,
    ReasonNeeded,
    RecordChanged,
    SamePerson,
    WrongState,
)
from jialiang.base.calibrations.models import Calibration, CalibrationStandard, CalibrationStep
from jialiang.base.calibrations.selectors import standards_used
from jialiang.base.calibrations.transitions import TRANSITIONS
from jialiang.base.readings.selectors import people_of
from jialiang.formats.canonical import canonical_json, sha256_hex
from jialiang.governance.data_elements import refusal
from jialiang.kernel.ids import new_id
from jialiang.kernel.text import Text
from jialiang.security.actor import Actor
from jialiang.security.tenancy.scope import current_tenant_id
from jialiang.vocabulary.statuses import CalibrationState, label

DUTIES = {
    "calibrated_by": Text("校准", "calibrated"),
    "reviewed_by": Text("核验", "reviewed"),
    "approved_by": Text("批准", "approved"),
}
_REASON_NEEDED = {
    "calibration.return",
    "calibration.amend_reading",
    "calibration.take_over",
    "certificate.void",
}
_METHOD, _NORM = Text("方法", "method"), Text("方法文件编号", "number of the method's document")
_REASON = Text("理由", "reason")
_AT_THE_BENCH = ("calibration.take_over", "calibration.submit", "calibration.amend_reading")
_REVIEWED_ANEW = {"calibration.return", "calibration.amend_reading"}


@dataclass(frozen=True, slots=True)
class NewRecord:
    """What a record is opened with; ``standards`` are (standard, its certificate, is it the reference)."""

    number: str
    item_id: UUID
    kind: str
    procedure: str
    reading_set_id: UUID
    method: Text
    method_norm: str
    site_id: UUID | None
    points: tuple[str, ...]
    parameters: dict[str, str]
    standards: tuple[tuple[UUID, UUID, bool], ...]
    amends_certificate_id: UUID | None = None
    amendment_reason: Text = Text()
    environment: dict[str, Any] = field(default_factory=dict)
    begin_date: date | None = None
    end_date: date | None = None


def open_record(new: NewRecord, *, actor: Actor, now: datetime) -> Calibration:
    """Open a draft whose technician is ``actor``. Raises BadEntry for a method or a reason that cannot be stored."""
    _require_storable(Calibration, _METHOD, method_zh=new.method.zh, method_en=new.method.en)
    _require_storable(Calibration, _NORM, method_norm=new.method_norm)
    why = new.amendment_reason
    _require_storable(Calibration, _REASON, amendment_reason_zh=why.zh, amendment_reason_en=why.en)
    record = Calibration.objects.create(
        id=new_id(now),
        tenant_id=current_tenant_id(),
        number=new.number,
        item_id=new.item_id,
        kind=new.kind,
        procedure=new.procedure,
        method_zh=new.method.zh,
        method_en=new.method.en,
        method_norm=new.method_norm,
        site_id=new.site_id,
        environment=new.environment,
        parameters=new.parameters,
        points=list(new.points),
        reading_set_id=new.reading_set_id,
        begin_date=new.begin_date,
        end_date=new.end_date,
        calibrated_by_id=actor.person_id,
        calibrated_by_zh=actor.name.zh,
        calibrated_by_en=actor.name.en,
        amends_certificate_id=new.amends_certificate_id,
        amendment_reason_zh=new.amendment_reason.zh,
        amendment_reason_en=new.amendment_reason.en,
        created_at=now,
    )
    _use_standards(record, new.standards, now)
    return record


def change_draft(calibration_id: UUID, changes: dict[str, Any], *, expected_version: int | None = None) -> Calibration:
    """Write conditions, dates, points or parameters of a draft. Raises RecordChanged on another version, WrongState."""
    record = locked(calibration_id)
    if expected_version is not None and record.version != expected_version:
        raise RecordChanged(number=record.number)
    _target(record, "calibration.record")
    for name, content in changes.items():
        setattr(record, name, content)
    record.version += 1
    record.save(update_fields=[*changes, "version"])
    return record


def keep_evaluation(calibration_id: UUID, evaluation: dict[str, Any]) -> str:
    """Keep an evaluation (JSON without floats) and return the SHA-256 of its canonical JSON."""
    record = locked(calibration_id)
    record.evaluation = evaluation
    record.evaluation_digest = sha256_hex(canonical_json(evaluation))
    record.version += 1
    record.save(update_fields=["evaluation", "evaluation_digest", "version"])
    return record.evaluation_digest


def step(calibration_id: UUID, action: str, *, actor: Actor, now: datetime, reason: str = "") -> Calibration:
    """Move a record by ``action``, write who, when and why, and note the persons that the new state needs.

    Raises WrongState, ReasonNeeded, BadEntry for a reason that cannot be stored.
    """
    record = locked(calibration_id)
    target = _target(record, action)
    if action in _REASON_NEEDED and not reason.strip():
        raise ReasonNeeded(number=record.number)
    _require_storable(CalibrationStep, _REASON, reason=reason.strip())
    _write_step(record, action, target, actor=actor, now=now, reason=reason)
    _note_persons(record, action, actor, now)
    record.state = target
    record.version += 1
    record.save()
    return record


def take_over(calibration_id: UUID, *, actor: Actor, now: datetime, reason: str) -> Calibration:
    """Make ``actor`` the technician of a draft; what the one before has entered keeps its person.

    Raises NothingToTakeOver, WrongState, ReasonNeeded.
    """
    record = locked(calibration_id)
    if record.calibrated_by_id == actor.person_id:
        raise NothingToTakeOver(number=record.number, person=actor.name)
    return step(calibration_id, "calibration.take_over", actor=actor, now=now, reason=reason)


def require_other_person(record: Calibration, actor: Actor, duties: Iterable[str]) -> None:
    """Raise SamePerson if ``actor`` already holds one of ``duties`` (``calibrated_by`` …) on the record.

    Whoever entered or amended a reading has calibrated too, though another technician may have taken the record over.
    """
    for duty in duties:
        if actor.person_id is not None and actor.person_id in _holders(record, duty):
            raise SamePerson(person=actor.name, number=record.number, duty=DUTIES[duty])


def _holders(record: Calibration, duty: str) -> frozenset[UUID | None]:
    holder = frozenset({getattr(record, f"{duty}_id")})
    if duty != "calibrated_by":
        return holder
    at_the_bench = CalibrationStep.objects.filter(calibration=record, action__in=_AT_THE_BENCH).order_by()
    return holder | people_of(record.reading_set_id) | frozenset(at_the_bench.values_list("person_id", flat=True))


def copy_standards(source_id: UUID) -> tuple[tuple[UUID, UUID, bool], ...]:
    """Return the standards of a record in the form that :class:`NewRecord` takes: an amendment rests on the same."""
    return tuple((used.standard_id, used.certificate_id, used.is_reference) for used in standards_used(source_id))


def locked(calibration_id: UUID) -> Calibration:
    """Return the record, locked to the end of the transaction. Raises CalibrationUnknown."""
    found = Calibration.objects.select_for_update().filter(pk=calibration_id).first()
    if found is None:
        raise CalibrationUnknown(calibration=calibration_id)
    return found


def _require_storable(table: type[Calibration | CalibrationStep], entry: Text, **texts: str) -> None:
    """Refuse on every database what PostgreSQL would not store: too long, or with control characters."""
    for column, text in texts.items():
        why = refusal(table, column, text)
        if why is not None:
            given = f"{text[:40]}…" if len(text) > 40 else text
            raise BadEntry(entry=entry, given=given, expected=why)


def _use_standards(record: Calibration, standards: Iterable[tuple[UUID, UUID, bool]], now: datetime) -> None:
    for standard_id, certificate_id, is_reference in standards:
        CalibrationStandard.objects.create(
            id=new_id(now),
            tenant_id=record.tenant_id,
            calibration=record,
            standard_id=standard_id,
            certificate_id=certificate_id,
            is_reference=is_reference,
        )


def _target(record: Calibration, action: str) -> CalibrationState:
    state = CalibrationState(record.state)
    target = TRANSITIONS.get((action, state))
    if target is None:
        raise WrongState(number=record.number, state=label(state), action=action)
    return target


def _write_step(
    record: Calibration, action: str, target: CalibrationState, *, actor: Actor, now: datetime, reason: str
) -> None:
    CalibrationStep.objects.create(
        id=new_id(now),
        tenant_id=record.tenant_id,
        calibration=record,
        at=now,
        action=action,
        from_state=record.state,
        to_state=target,
        person_id=actor.person_id,
        person_name=actor.name.zh or actor.name.en,
        reason=reason.strip(),
    )


def _note_persons(record: Calibration, action: str, actor: Actor, now: datetime) -> None:
    if action == "calibration.submit":
        record.submitted_at = now
    elif action == "calibration.take_over":
        record.calibrated_by_id = actor.person_id
        record.calibrated_by_zh, record.calibrated_by_en = actor.name.zh, actor.name.en
    elif action == "calibration.review":
        _sign(record, "reviewed", actor, now)
        record.reviewed_digest = record.evaluation_digest
    elif action == "certificate.approve":
        _sign(record, "approved", actor, now)
    elif action == "certificate.void":
        record.approved_by_id, record.approved_by_zh, record.approved_by_en = None, "", ""
        record.approved_at = None
    elif action in _REVIEWED_ANEW:
        # What was reviewed is kept as reviewed_digest, so that the next reader sees what differs from it.
        record.reviewed_by_id, record.reviewed_by_zh, record.reviewed_by_en = None, "", ""
        record.reviewed_at = None


def _sign(record: Calibration, duty: str, actor: Actor, now: datetime) -> None:
    setattr(record, f"{duty}_by_id", actor.person_id)
    setattr(record, f"{duty}_by_zh", actor.name.zh)
    setattr(record, f"{duty}_by_en", actor.name.en)
    setattr(record, f"{duty}_at", now)
