"""Calibration by a line of corrections, as for the thermometer of GUM H.3.

b(t) = y1 + y2 (t - t0) + δ1 + δ2 + …: the line from the readings with its covariance and its ν, and type B inputs
with estimate zero that every point shares. Readings come in as decimal text and stay in the record as typed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jialiang.kernel.text import Text
from jialiang.science.budget import Budget, Correlation, InputQuantity
from jialiang.science.decimal_text import exact_float
from jialiang.science.distributions import Distribution, Normal, StudentT
from jialiang.science.evaluation import Evaluation, EvaluationSettings, evaluate
from jialiang.science.fit import Prediction, StraightLine, fit_straight_line

GROUP = "line"
MODEL_TEXT = "b(t) = y1 + y2 (t - t0) + Σδ"


@dataclass(frozen=True, slots=True)
class CorrectionReading:
    """One pair of the record, as decimal text: the indication and the correction found there."""

    indication: str
    correction: str


@dataclass(frozen=True, slots=True)
class LineCalibration:
    """The record to evaluate: readings, the reference point t0, the units (D-SI) and the type B inputs.

    ``correction_unit`` is a difference unit (``\\kelvin`` or ``\\degreecelsius``); the type B inputs are in it.
    """

    readings: tuple[CorrectionReading, ...]
    reference_point: str
    indication_unit: str
    correction_unit: str
    type_b: tuple[InputQuantity, ...] = ()


@dataclass(frozen=True, slots=True)
class LinePoint:
    """The correction at one point: the type A part from the line alone, and the whole evaluation."""

    point: str
    type_a: Prediction
    evaluation: Evaluation
    is_extrapolated: bool


@dataclass(frozen=True, slots=True)
class LineEvaluation:
    """The fitted line and the corrections at the requested points."""

    line: StraightLine
    points: tuple[LinePoint, ...]


def fitted_line(calibration: LineCalibration) -> StraightLine:
    """Fit the corrections over the indications by least squares."""
    indications = [exact_float(reading.indication) for reading in calibration.readings]
    corrections = [exact_float(reading.correction) for reading in calibration.readings]
    return fit_straight_line(
        indications, corrections, reference_point=exact_float(calibration.reference_point)
    )


def evaluate_line(
    calibration: LineCalibration, points: Sequence[str], settings: EvaluationSettings | None = None
) -> LineEvaluation:
    """Evaluate the correction at every point (decimal text in the unit of indication)."""
    line = fitted_line(calibration)
    return LineEvaluation(line, tuple(_point(calibration, line, point, settings) for point in points))


def line_budget(calibration: LineCalibration, line: StraightLine, point: str) -> Budget:
    """Return the budget of the correction at one point; sensitivities 1, t - t0, and those of the type B inputs."""
    distance = exact_float(point) - line.reference_point
    unit = calibration.correction_unit
    intercept = InputQuantity(
        "y1",
        Text(zh="拟合直线在参考点的值", en="Fitted line at the reference point"),
        unit,
        line.intercept,
        _scatter(line.intercept_standard_uncertainty, line.degrees_of_freedom),
        evaluation="A",
        stated_degrees_of_freedom=float(line.degrees_of_freedom),
        sensitivity=1.0,
        source="fit",
        group=GROUP,
    )
    slope = InputQuantity(
        "y2",
        Text(zh="拟合直线的斜率", en="Slope of the fitted line"),
        f"{unit}\\per{calibration.indication_unit}",
        line.slope,
        _scatter(line.slope_standard_uncertainty, line.degrees_of_freedom),
        evaluation="A",
        stated_degrees_of_freedom=float(line.degrees_of_freedom),
        sensitivity=distance,
        source="fit",
        group=GROUP,
    )
    return Budget(
        symbol="b",
        name=Text(zh=f"{point} 处的修正值", en=f"Correction at {point}"),
        unit=unit,
        inputs=(intercept, slope, *calibration.type_b),
        correlations=(Correlation("y1", "y2", line.correlation),),
        model_text=MODEL_TEXT,
        estimate=line.predict(exact_float(point)).value,
    )


def _point(
    calibration: LineCalibration, line: StraightLine, point: str, settings: EvaluationSettings | None
) -> LinePoint:
    budget = line_budget(calibration, line, point)
    place = exact_float(point)
    evaluation = evaluate(budget, settings=settings)
    return LinePoint(point, line.predict(place), evaluation, line.is_extrapolated(place))


def _scatter(standard_uncertainty: float, degrees_of_freedom: int) -> Distribution:
    """Return a t-distribution; readings that lie on the line exactly leave no scatter to be uncertain about."""
    if standard_uncertainty == 0:
        return Normal(0.0)
    return StudentT(standard_uncertainty, float(degrees_of_freedom))
