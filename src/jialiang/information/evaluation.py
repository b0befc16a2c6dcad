"""From a record's texts through ``science`` to the evaluation that is stored with the record, as plain JSON.

Numbers for computing stand as the shortest text of the float, numbers for the report as rounded by
``science.rounding``. The Monte Carlo seed follows from the readings, so a repeated evaluation gives the same JSON.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from jialiang.base.calibrations.errors import PointNotCovered
from jialiang.information.evaluation_document import PointFacts, line_plain, point_plain
from jialiang.information.evaluation_task import EvaluationTask
from jialiang.information.template_evaluation.evaluating import evaluate_by_template
from jialiang.information.template_evaluation.place import Place
from jialiang.kernel.text import Text
from jialiang.science.budget import InputQuantity
from jialiang.science.calibration_line import (
    CorrectionReading,
    LineCalibration,
    LinePoint,
    evaluate_line,
    fitted_line,
)
from jialiang.science.decimal_text import exact_float, read_decimal
from jialiang.science.distributions import Rectangular
from jialiang.science.evaluation import Evaluation, EvaluationSettings
from jialiang.science.fit import StraightLine
from jialiang.science.repeated_comparison import ComparisonPoint, evaluate_comparison
from jialiang.science.rounding import as_decimal, plain_text, reported
from jialiang.science.type_a import PooledDeviation
from jialiang.science.type_b import (
    certificate_uncertainty,
    displayed_resolution,
    drift,
    other_influence,
    uniformity,
)

SCHEMA = "jialiang.evaluation/1"
VALIDATION_DRAWS = 200_000


def evaluate(task: EvaluationTask, *, validated: bool = True) -> dict[str, Any]:
    """Evaluate the rows that are complete; ``validated`` adds the Monte Carlo validation (slower).

    Raises what ``science`` raises where the readings do not allow an evaluation (TooFewObservations …), and
    StandardOfAnotherQuantity where the standard's unit cannot be converted to the instrument's.
    """
    settings = _settings(task, validated=validated)
    if task.procedure == "thermometer_line":
        line, facts = _line(task, settings, validated=validated)
        extra = {"line": line_plain(line)}
    else:
        facts, extra = _comparison(task, settings, validated=validated), {}
    points = [point_plain(task, fact) for fact in facts]
    return {
        "schema": SCHEMA,
        "procedure": task.procedure,
        "unit": task.unit,
        "readings_digest": task.readings_digest,
        "inputs": task.inputs_plain(),
        "points": points,
        "warnings": [warning.to_json() for warning in _warnings(task, facts)],
        **extra,
    }


def require_covered(task: EvaluationTask) -> None:
    """Raise PointNotCovered for a point outside the readings of a line or outside the standard's interval.

    The standard's interval is compared, and named, in the unit of the record.
    """
    standard_here = task.standard.expressed_in(task.unit)
    low, high = standard_here.minimum, standard_here.maximum
    standard = Text("校准点应在计量标准的测量区间内", "Points lie inside the measuring interval of the standard")
    for point in task.points:
        _require_between(point, low, high, standard)
    if task.procedure == "thermometer_line":
        indications = [pair.indication for pair in _line_readings(task)]
        ends = min(indications, key=exact_float), max(indications, key=exact_float)
        reason = Text(
            "直线拟合不外推：证书点应在读数覆盖的区间内", "A line is not extrapolated: points lie inside the readings"
        )
        for point in task.points:
            _require_between(point, *ends, reason)


def _require_between(point: str, low: str, high: str, basis: Text) -> None:
    number = as_decimal(point)
    if (low and number < as_decimal(low)) or (high and number > as_decimal(high)):
        raise PointNotCovered(point=point, minimum=low or "−∞", maximum=high or "∞", basis=basis)


def _settings(task: EvaluationTask, *, validated: bool) -> EvaluationSettings:
    p = exact_float(task.parameters.get("coverage_probability") or "0.95")
    seed = int(task.readings_digest[:8], 16) if validated else None
    return EvaluationSettings(coverage_probability=p, seed=seed, draws=VALIDATION_DRAWS)


def _line(
    task: EvaluationTask, settings: EvaluationSettings, *, validated: bool
) -> tuple[StraightLine, list[PointFacts]]:
    calibration = LineCalibration(
        readings=_line_readings(task),
        reference_point=task.parameters["reference_point"],
        indication_unit=task.unit,
        correction_unit=task.unit,
        type_b=_type_b(task),
    )
    line = fitted_line(calibration)
    told = {point: _line_by_template(task, point, line, validated=validated) for point in task.points}
    others = evaluate_line(calibration, [point for point, fact in told.items() if fact is None], settings)
    by_procedure = {point.point: _line_facts(point) for point in others.points}
    return line, [told[point] or by_procedure[point] for point in task.points]


def _line_by_template(task: EvaluationTask, point: str, line: StraightLine, *, validated: bool) -> PointFacts | None:
    template = task.template_for(point)
    if template is None:
        return None
    found = evaluate_by_template(Place(task, template, point, line=line), validated=validated)
    is_outside = line.is_extrapolated(exact_float(point))
    return PointFacts(
        point, found.evaluation, indication=point, is_extrapolated=is_outside, by_template=found
    )


def _line_facts(point: LinePoint) -> PointFacts:
    return PointFacts(
        point.point, point.evaluation, indication=point.point, is_extrapolated=point.is_extrapolated
    )


def _line_readings(task: EvaluationTask) -> tuple[CorrectionReading, ...]:
    pairs = zip(task.readings.column("indication"), task.readings.column("correction"), strict=True)
    return tuple(CorrectionReading(t, b) for t, b in pairs if t and b)


def _comparison(task: EvaluationTask, settings: EvaluationSettings, *, validated: bool) -> list[PointFacts]:
    repeats = int(task.readings.layout["repeats"])
    found = []
    for position, point in enumerate(task.points):
        rows = tuple(range(position * repeats + 1, (position + 1) * repeats + 1))
        facts = _compared(task, point, rows, settings, validated=validated)
        if facts is not None:
            found.append(facts)
    return found


def _compared(
    task: EvaluationTask, point: str, rows: tuple[int, ...], settings: EvaluationSettings, *, validated: bool
) -> PointFacts | None:
    """Return the facts of a point, None while a cell of it is empty."""
    columns = {key: task.readings.column(key) for key in task.readings.columns}
    cells = {key: [texts[row - 1] for row in rows] for key, texts in columns.items()}
    if not all(text for texts in cells.values() for text in texts):
        return None
    template = task.template_for(point)
    if template is not None:
        found = evaluate_by_template(Place(task, template, point, cells), validated=validated)
        beside = _beside(task, point, cells, found.evaluation)
        return PointFacts(point, found.evaluation, rows, *beside, by_template=found)
    evaluation = _by_procedure(task, point, cells, settings)
    return PointFacts(point, evaluation, rows, *_beside(task, point, cells, evaluation))


def _by_procedure(
    task: EvaluationTask, point: str, cells: dict[str, list[str]], settings: EvaluationSettings
) -> Evaluation:
    """Evaluate a point by the way that its procedure has without any stored budget."""
    if task.procedure == "mass_comparison":
        differences = cells["difference"]
        offset = as_decimal(point) - as_decimal(task.parameters["standard_value"] or point)
    else:
        pairs = zip(cells["indication"], cells["standard"], strict=True)
        differences = [plain_text(as_decimal(i) - as_decimal(s)) for i, s in pairs]
        offset = as_decimal("0")
    comparison = ComparisonPoint(
        task.unit, plain_text(offset), tuple(differences), _type_b(task), _pooled(task)
    )
    return evaluate_comparison(comparison, settings).evaluation


def _beside(
    task: EvaluationTask, point: str, cells: dict[str, list[str]], evaluation: Evaluation
) -> tuple[str, str]:
    """Return reference value and indication as reported, to the place of U, so that they add up with the error."""
    error = as_decimal(evaluation.reported.value_text)
    if task.procedure == "mass_comparison":
        return point, plain_text(as_decimal(point) + error)
    texts = cells["standard"]
    mean = sum(Fraction(read_decimal(text).number) for text in texts) / len(texts)
    reference = reported(float(mean), evaluation.reported.uncertainty_text).value_text
    return reference, plain_text(as_decimal(reference) + error)


def _pooled(task: EvaluationTask) -> PooledDeviation | None:
    deviation = task.parameters.get("pooled_standard_deviation")
    degrees = task.parameters.get("pooled_degrees_of_freedom")
    return PooledDeviation(exact_float(deviation), exact_float(degrees)) if deviation and degrees else None


def _type_b(task: EvaluationTask) -> tuple[InputQuantity, ...]:
    unit = task.unit
    standard = task.standard.expressed_in(unit)
    inputs = [
        certificate_uncertainty(
            unit=unit,
            expanded_uncertainty=exact_float(standard.expanded_uncertainty),
            coverage_factor=exact_float(standard.coverage_factor),
            source=standard.certificate_number,
        )
    ]
    if standard.drift_half_width:
        width = exact_float(standard.drift_half_width)
        inputs.append(drift(unit=unit, half_width=width, source=standard.serial_number))
    if task.displayed_resolution:
        step = exact_float(task.displayed_resolution)
        inputs.append(displayed_resolution(unit=unit, step=step, source="instrument"))
    if bath := task.parameters.get("bath_uniformity"):
        inputs.append(uniformity(unit=unit, half_width=exact_float(bath), source="record"))
    if buoyancy := task.parameters.get("buoyancy_half_width"):
        name = Text("空气浮力修正", "Air buoyancy")
        shape = Rectangular(exact_float(buoyancy))
        inputs.append(
            other_influence(symbol="delta_buoyancy", name=name, unit=unit, distribution=shape, source="record")
        )
    return tuple(inputs)


def _warnings(task: EvaluationTask, facts: list[PointFacts]) -> list[Text]:
    warnings = [
        Text(f"{fact.point} 在读数覆盖的区间之外", f"{fact.point} lies outside the readings")
        for fact in facts
        if fact.is_extrapolated
    ]
    by_procedure = [fact for fact in facts if fact.by_template is None] or not facts
    if by_procedure and not task.standard.drift_half_width:
        warnings.append(Text("标准器没有给出漂移，未计入评定", "The standard states no drift; none is in the budget"))
    if by_procedure and not task.displayed_resolution:
        warnings.append(Text("被校器具没有给出显示分辨力", "The instrument states no displayed resolution"))
    warnings += _left_out(facts)
    warnings += [
        Text(
            f"{f.point}：蒙特卡洛区间与不确定度传播律不一致",
            f"{f.point}: Monte Carlo disagrees with the law of propagation",
        )
        for f in facts
        if f.evaluation.validation is not None and not f.evaluation.validation.ok
    ]
    return warnings


def _left_out(facts: list[PointFacts]) -> list[Text]:
    """Name the inputs that a budget lets be left out and that the record does not have."""
    return [
        Text(
            f"{f.point}：评定模板允许略去的输入量没有来源：{symbols}",
            f"{f.point}: inputs that the budget lets be left out have nothing to come from: {symbols}",
        )
        for f in facts
        if f.by_template is not None and (symbols := ", ".join(f.by_template.bound.left_out))
    ]
