"""The stored form of an evaluation: plain JSON, numbers as text.

Reported figures stand as rounded by ``science.rounding``; figures for computing as the shortest text of the float, so
that reading them back gives the same bits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jialiang.information.evaluation_task import EvaluationTask
from jialiang.information.template_evaluation.evaluating import ByTemplate
from jialiang.information.verdicts import verdict_of
from jialiang.science.budget import budget_to_plain
from jialiang.science.decimal_text import exact_float
from jialiang.science.evaluation import Evaluation
from jialiang.science.fit import StraightLine
from jialiang.science.propagation import Contribution

CHECK_POINT = "30"  # where GUM H.3 predicts beyond its readings


@dataclass(frozen=True, slots=True)
class PointFacts:
    """What was found at one point: the deviation (error or correction) and what stands beside it.

    ``by_template`` is the budget that it was evaluated by, None where the procedure itself said how.
    """

    point: str
    evaluation: Evaluation
    rows: tuple[int, ...] = ()
    reference: str = ""
    indication: str = ""
    is_extrapolated: bool = False
    by_template: ByTemplate | None = None


def line_plain(line: StraightLine) -> dict[str, Any]:
    """Return the fitted line with its covariance, and its prediction at the check point."""
    check = line.predict(exact_float(CHECK_POINT))
    return {
        "t0": repr(line.reference_point),
        "y1": repr(line.intercept),
        "u_y1": repr(line.intercept_standard_uncertainty),
        "y2": repr(line.slope),
        "u_y2": repr(line.slope_standard_uncertainty),
        "r": repr(line.correlation),
        "s": repr(line.residual_standard_deviation),
        "degrees_of_freedom": line.degrees_of_freedom,
        "check_point": CHECK_POINT,
        "b_check": repr(check.value),
        "u_b_check": repr(check.standard_uncertainty),
        "lowest": repr(line.lowest),
        "highest": repr(line.highest),
    }


def point_plain(task: EvaluationTask, fact: PointFacts) -> dict[str, Any]:
    """Return one point: figures for the report, figures for computing, budget, shares and validation."""
    evaluation = fact.evaluation
    propagation, coverage = evaluation.propagation, evaluation.coverage
    nu = propagation.degrees_of_freedom
    deviation = evaluation.reported.value_text
    return {
        "point": fact.point,
        "rows": list(fact.rows),
        "reference": fact.reference,
        "indication": fact.indication,
        "deviation": deviation,
        "deviation_exact": repr(propagation.estimate),
        "combined_standard_uncertainty": repr(propagation.combined_standard_uncertainty),
        "expanded_uncertainty": evaluation.reported.uncertainty_text,
        "expanded_uncertainty_exact": repr(evaluation.expanded_uncertainty),
        "coverage_factor": evaluation.coverage_factor_text,
        "coverage_probability": task.parameters.get("coverage_probability") or "0.95",
        "coverage_from": evaluation.coverage_from,
        "degrees_of_freedom": _optional(nu),
        "degrees_of_freedom_used": _optional(coverage.degrees_of_freedom_used),
        "maximum_permissible_error": task.maximum_permissible_error,
        "conformity": verdict_of(task, deviation, evaluation.reported.uncertainty_text),
        "is_extrapolated": fact.is_extrapolated,
        "budget": budget_to_plain(evaluation.budget),
        "contributions": [_contribution(row) for row in propagation.contributions],
        "terms": [
            {"symbols": list(term.symbols), "share": _percent(term.share)} for term in propagation.terms
        ],
        "monte_carlo": _monte_carlo(evaluation),
        **(fact.by_template.plain() if fact.by_template is not None else {}),
    }


def _contribution(row: Contribution) -> dict[str, Any]:
    item = row.input_quantity
    return {
        "symbol": item.symbol,
        "name": item.name.to_json(),
        "unit": item.unit,
        "evaluation": item.evaluation,
        "distribution": item.distribution.kind,
        "estimate": repr(item.estimate),
        "standard_uncertainty": repr(item.standard_uncertainty),
        "degrees_of_freedom": repr(item.degrees_of_freedom),
        "sensitivity": repr(row.sensitivity),
        "contribution": repr(row.contribution),
        "share": _percent(row.share),
        "source": item.source,
    }


def _monte_carlo(evaluation: Evaluation) -> dict[str, Any] | None:
    if evaluation.validation is None:
        return None
    found = evaluation.validation
    return {
        "agrees": found.ok,
        "interval_kind": found.interval_kind,
        "simulated_low": repr(found.simulated_interval[0]),
        "simulated_high": repr(found.simulated_interval[1]),
        "propagated_low": repr(found.propagated_interval[0]),
        "propagated_high": repr(found.propagated_interval[1]),
        "d_low": repr(found.d_low),
        "d_high": repr(found.d_high),
        "delta": repr(found.delta),
        "draws": found.draws,
        "seed": found.seed,
        "engine": found.engine_version,
    }


def _optional(number: float | None) -> str:
    return "" if number is None else repr(number)


def _percent(share: float) -> str:
    return f"{100 * share:.1f}"
