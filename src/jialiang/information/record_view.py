"""Everything that the screens of a record show, as one frozen value: for technician, reviewer and signatory."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from jialiang.base.calibrations.selectors import (
    Calibration,
    calibration,
    previous_record,
    standards_used,
    steps_of,
)
from jialiang.base.calibrations.transitions import steps_from
from jialiang.base.measurement_standards.selectors import certificate_in_force
from jialiang.base.readings.views import Cell, Readings
from jialiang.information.evaluation import evaluate
from jialiang.information.evaluation_task import EvaluationTask, task_as_evaluated, task_of
from jialiang.information.procedures import Procedure, procedure
from jialiang.information.recomputation import is_recomputed_alike
from jialiang.information.record_checks import CONDITIONS, missing_of
from jialiang.kernel.errors import Interlock, JialiangError
from jialiang.kernel.text import Text
from jialiang.science.rounding import as_decimal, plain_text, signed
from jialiang.vocabulary.statuses import CalibrationState

_UNITS = {"temperature": "\\degreecelsius", "humidity": "\\percent", "pressure": "\\kilo\\pascal"}


@dataclass(frozen=True, slots=True)
class ConditionLine:
    """A condition of the surroundings; empty texts where nothing was entered."""

    key: str
    name: Text
    minimum: str
    maximum: str
    unit: str


@dataclass(frozen=True, slots=True)
class StandardLine:
    """A standard in use; ``problem`` says why it stops the work today, empty if it does not."""

    standard_id: UUID
    name: Text
    serial_number: str
    measuring_interval: Text
    certificate_number: str
    expanded_uncertainty: str
    coverage_factor: str
    unit: str
    valid_until: date
    is_reference: bool
    problem: Text


@dataclass(frozen=True, slots=True)
class RowLine:
    """A row of the table; ``point`` is what it stands for, empty where rows are free; cells in column order."""

    row: int
    point: str
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class ResultLine:
    """A computed point beside the last one; deviations carry their sign. ``facts`` is the point of the evaluation."""

    point: str
    deviation: str
    expanded_uncertainty: str
    coverage_factor: str
    maximum_permissible_error: str
    conformity: str
    previous_deviation: str
    change: str
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class AmendedCell:
    """A changed cell for the list of amendments; ``number`` is the mark at the cell."""

    number: int
    row: int
    column: Text
    old_text: str
    new_text: str
    reason: str
    person_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class StepLine:
    """Who moved the record when, by which action, and why."""

    at: datetime
    action: str
    from_state: str
    to_state: str
    person_name: str
    reason: str


@dataclass(frozen=True, slots=True)
class MachineCheck:
    """What the machine checked before the reviewer looks."""

    name: Text
    holds: bool
    evidence: Text


@dataclass(frozen=True, slots=True)
class RecordView:
    """A record as its screens show it.

    ``problem`` says why nothing could be computed (yet); ``evaluation`` is the stored one, or for a draft that of
    the rows that are complete, without Monte Carlo. ``reviewed_digest`` differs from ``evaluation_digest`` when
    the record changed after its last review.
    """

    record: Calibration
    procedure: Procedure
    conditions: tuple[ConditionLine, ...]
    standards: tuple[StandardLine, ...]
    columns: tuple[Text, ...]
    column_keys: tuple[str, ...]
    unit: str
    rows: tuple[RowLine, ...]
    results: tuple[ResultLine, ...]
    evaluation: dict[str, Any]
    problem: Text
    warnings: tuple[Text, ...]
    missing: tuple[Text, ...]
    previous: Calibration | None
    amendments: tuple[AmendedCell, ...]
    steps: tuple[StepLine, ...]
    actions: tuple[str, ...]
    checks: tuple[MachineCheck, ...]

    @property
    def differs_from_review(self) -> bool:
        """Whether a review took place and the evaluation is another one now."""
        reviewed = self.record.reviewed_digest
        return bool(reviewed) and reviewed != self.record.evaluation_digest


def record_view(calibration_id: UUID, today: date) -> RecordView:
    """Return what the screens of a record show (about twenty queries); ``today`` is the institute's date."""
    record = calibration(calibration_id)
    is_draft = record.state == CalibrationState.DRAFT
    task = task_of(calibration_id) if is_draft else task_as_evaluated(calibration_id)
    evaluation, problem = _evaluation(record, task)
    previous = previous_record(record)
    standards = _standards(calibration_id, today)
    missing = missing_of(record, task.readings)
    return RecordView(
        record=record,
        procedure=procedure(record.procedure),
        conditions=_conditions(record),
        standards=standards,
        columns=tuple(Text.from_json(column["name"]) for column in task.readings.layout["columns"]),
        column_keys=task.readings.columns,
        unit=task.unit,
        rows=_rows(task.readings),
        results=_results(evaluation, previous),
        evaluation=evaluation,
        problem=problem,
        warnings=tuple(Text.from_json(warning) for warning in evaluation.get("warnings", [])),
        missing=missing,
        previous=previous,
        amendments=_amendments(task.readings),
        steps=_steps(calibration_id),
        actions=steps_from(record.state),
        checks=_checks(record, task, standards, missing),
    )


def _evaluation(record: Calibration, task: EvaluationTask) -> tuple[dict[str, Any], Text]:
    if record.state != CalibrationState.DRAFT and record.evaluation:
        return record.evaluation, Text()
    try:
        return evaluate(task, validated=False), Text()
    except JialiangError as problem:
        return {"points": []}, problem.what


def _conditions(record: Calibration) -> tuple[ConditionLine, ...]:
    return tuple(
        ConditionLine(
            key,
            name,
            record.environment.get(key, {}).get("minimum", ""),
            record.environment.get(key, {}).get("maximum", ""),
            _UNITS[key],
        )
        for key, name in CONDITIONS.items()
    )


def _standards(calibration_id: UUID, today: date) -> tuple[StandardLine, ...]:
    return tuple(
        StandardLine(
            standard_id=used.standard_id,
            name=used.standard.name,
            serial_number=used.standard.serial_number,
            measuring_interval=Text(used.standard.measuring_interval_zh, used.standard.measuring_interval_en),
            certificate_number=used.certificate.number,
            expanded_uncertainty=used.certificate.expanded_uncertainty,
            coverage_factor=used.certificate.coverage_factor,
            unit=used.certificate.unit,
            valid_until=used.certificate.valid_until,
            is_reference=used.is_reference,
            problem=_problem_of(used.standard_id, today),
        )
        for used in standards_used(calibration_id)
    )


def _problem_of(standard_id: UUID, today: date) -> Text:
    try:
        certificate_in_force(standard_id, today)
    except Interlock as stopped:
        return stopped.what
    return Text()


def _rows(readings: Readings) -> tuple[RowLine, ...]:
    points = readings.layout.get("row_points", [])
    return tuple(
        RowLine(
            row,
            points[row - 1] if points else "",
            tuple(readings.cell(row, column) for column in readings.columns),
        )
        for row in range(1, readings.row_count + 1)
    )


def _results(evaluation: dict[str, Any], previous: Calibration | None) -> tuple[ResultLine, ...]:
    before = {p["point"]: p["deviation"] for p in (previous.evaluation or {}).get("points", [])} if previous else {}
    return tuple(
        ResultLine(
            point=point["point"],
            deviation=signed(point["deviation"]),
            expanded_uncertainty=point["expanded_uncertainty"],
            coverage_factor=point["coverage_factor"],
            maximum_permissible_error=point["maximum_permissible_error"],
            conformity=point["conformity"],
            previous_deviation=signed(before[point["point"]]) if point["point"] in before else "",
            change=_change(point["deviation"], before.get(point["point"])),
            facts=point,
        )
        for point in evaluation["points"]
    )


def _change(deviation: str, before: str | None) -> str:
    return signed(plain_text(as_decimal(deviation) - as_decimal(before))) if before is not None else ""


def _amendments(readings: Readings) -> tuple[AmendedCell, ...]:
    names = {column["key"]: Text.from_json(column["name"]) for column in readings.layout["columns"]}
    found = [(amendment, cell) for cell in readings.cells for amendment in cell.amendments]
    found.sort(key=lambda pair: pair[0].at)
    return tuple(
        AmendedCell(
            number,
            cell.row,
            names[cell.column],
            amendment.old_text,
            amendment.new_text,
            amendment.reason,
            amendment.person_name,
            amendment.at,
        )
        for number, (amendment, cell) in enumerate(found, start=1)
    )


def _steps(calibration_id: UUID) -> tuple[StepLine, ...]:
    return tuple(
        StepLine(step.at, step.action, step.from_state, step.to_state, step.person_name, step.reason)
        for step in steps_of(calibration_id)
    )


def _checks(
    record: Calibration, task: EvaluationTask, standards: tuple[StandardLine, ...], missing: tuple[Text, ...]
) -> tuple[MachineCheck, ...]:
    """Return the checks of a submitted record; a draft has none."""
    if record.state == CalibrationState.DRAFT or not record.evaluation:
        return ()
    points = record.evaluation["points"]
    earliest = min((line.valid_until for line in standards), default=None)
    problems = [line.problem for line in standards if line.problem]
    until = Text(f"{len(standards)} 件，最近到期 {earliest}", f"{len(standards)}, the next until {earliest}")
    agree = [bool(p["monte_carlo"]["agrees"]) for p in points if p["monte_carlo"]]
    return (
        MachineCheck(
            Text("重算一致", "Recomputed alike"),
            is_recomputed_alike(record, task),
            Text(f"由原始读数重算，{len(points)} 点", f"from the readings, {len(points)} points"),
        ),
        MachineCheck(
            Text("计量标准在有效期内", "Standards in force"),
            not problems,
            problems[0] if problems else until,
        ),
        MachineCheck(
            Text("记录完整", "Record complete"),
            not missing,
            Text(f"缺 {len(missing)} 项", f"{len(missing)} missing") if missing else Text("无缺项", "nothing missing"),
        ),
        MachineCheck(
            Text("蒙特卡洛法验证", "Validated by Monte Carlo"),
            all(agree),
            Text(f"{sum(agree)}/{len(agree)} 点一致", f"{sum(agree)} of {len(agree)} points agree"),
        ),
    )
