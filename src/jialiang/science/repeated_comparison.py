"""Calibration by repeated comparison: the error of indication at a point, from n readings of a known value.

E = x̄ - x_ref + δ1 + δ2 + …: the mean of the readings (type A, s/√n, ν = n - 1), the reference value with the
uncertainty of its certificate, and further type B inputs with estimate zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from jialiang.kernel.text import Text
from jialiang.science.budget import Budget, InputQuantity
from jialiang.science.decimal_text import read_decimal
from jialiang.science.distributions import Normal, StudentT
from jialiang.science.evaluation import Evaluation, EvaluationSettings, evaluate
from jialiang.science.type_a import PooledDeviation, Repeatability, repeatability, repeatability_with

MODEL_TEXT = "E = x̄ - x_ref + Σδ"


@dataclass(frozen=True, slots=True)
class ComparisonPoint:
    """The readings at one point, as decimal text, against the reference value (both in ``unit``, D-SI).

    ``pooled`` is the standard deviation from earlier series; with it one reading is enough. The uncertainty of
    the reference value is one of the ``type_b`` inputs.
    """

    unit: str
    reference_value: str
    indications: tuple[str, ...]
    type_b: tuple[InputQuantity, ...] = ()
    pooled: PooledDeviation | None = None


@dataclass(frozen=True, slots=True)
class ComparisonEvaluation:
    """The type A part of a point, and the whole evaluation of its error of indication."""

    point: ComparisonPoint
    type_a: Repeatability
    evaluation: Evaluation

    @property
    def indication_error(self) -> float:
        """Mean indication minus reference value, unrounded."""
        return self.evaluation.propagation.estimate


def evaluate_comparison(
    point: ComparisonPoint, settings: EvaluationSettings | None = None
) -> ComparisonEvaluation:
    """Evaluate the error of indication at one point."""
    type_a = _type_a(point)
    evaluation = evaluate(comparison_budget(point), settings=settings)
    return ComparisonEvaluation(point, type_a, evaluation)


def comparison_budget(point: ComparisonPoint) -> Budget:
    """Return the budget of the error; the difference is taken in exact arithmetic before it becomes a float."""
    indications = _exact(point)
    reference = Fraction(read_decimal(point.reference_value).number)
    error = sum(indications, Fraction(0)) / max(len(indications), 1) - reference
    return Budget(
        symbol="E",
        name=Text(zh="示值误差", en="Error of indication"),
        unit=point.unit,
        inputs=(_mean_input(point), *point.type_b),
        model_text=MODEL_TEXT,
        estimate=float(error),
    )


def _mean_input(point: ComparisonPoint) -> InputQuantity:
    type_a = _type_a(point)
    scatter = type_a.standard_uncertainty_of_mean
    return InputQuantity(
        "x_mean",
        Text(zh="示值的平均值（重复性）", en="Mean indication (repeatability)"),
        point.unit,
        type_a.mean,
        StudentT(scatter, type_a.degrees_of_freedom) if scatter else Normal(0.0),
        evaluation="A",
        stated_degrees_of_freedom=type_a.degrees_of_freedom,
        sensitivity=1.0,
        source="readings",
    )


def _type_a(point: ComparisonPoint) -> Repeatability:
    indications = _exact(point)
    return repeatability_with(point.pooled, indications) if point.pooled else repeatability(indications)


def _exact(point: ComparisonPoint) -> list[Fraction]:
    return [Fraction(read_decimal(text).number) for text in point.indications]
