"""An evaluation as a document to keep: settings, budget, outcome and verdict, every number as text.

Budget and settings are enough to evaluate again to the same digits with the same engine; the outcome stands
beside them so that a reader needs no engine.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from jialiang.science.budget import budget_to_plain
from jialiang.science.errors import BudgetUnreadable
from jialiang.science.evaluation import Evaluation, EvaluationSettings
from jialiang.science.propagation import Propagation

SCHEMA = "jialiang.uncertainty-evaluation/1"
_INTEGERS = ("digits", "seed", "draws", "validation_digits")
_CHOICES = {
    "convention": ("t", "fixed"),
    "degrees_of_freedom_rule": ("truncate", "real"),
    "rounding_rule": ("half_even", "half_up", "up"),
    "interval_kind": ("symmetric", "shortest"),
}


def evaluation_to_plain(evaluation: Evaluation) -> dict[str, Any]:
    """Write an evaluation as JSON's own types; members that do not apply are left out."""
    coverage, propagation = evaluation.coverage, evaluation.propagation
    plain: dict[str, Any] = {
        "schema": SCHEMA,
        "settings": settings_to_plain(evaluation.settings),
        "budget": budget_to_plain(evaluation.budget),
        "estimate": repr(propagation.estimate),
        "combined_standard_uncertainty": repr(propagation.combined_standard_uncertainty),
        "effective_degrees_of_freedom": _plain(propagation.degrees_of_freedom),
        "degrees_of_freedom_used": _plain(coverage.degrees_of_freedom_used),
        "coverage_probability": repr(coverage.coverage_probability),
        "coverage_factor": repr(coverage.coverage_factor),
        "coverage_from": evaluation.coverage_from,
        "expanded_uncertainty": repr(evaluation.expanded_uncertainty),
        "reported": _plain(evaluation.reported) | {"coverage_factor_text": evaluation.coverage_factor_text},
        "contributions": contributions_to_plain(propagation),
        "simulation": _plain(evaluation.simulation),
        "validation": _plain(evaluation.validation),
    }
    return {name: member for name, member in plain.items() if member is not None}


def contributions_to_plain(propagation: Propagation) -> list[dict[str, str]]:
    """Write the budget table, one row an input: symbol, u, ν, c, c u and share of u_c²."""
    return [
        {
            "symbol": row.input_quantity.symbol,
            "standard_uncertainty": repr(row.input_quantity.standard_uncertainty),
            "degrees_of_freedom": repr(row.input_quantity.degrees_of_freedom),
            "sensitivity": repr(row.sensitivity),
            "contribution": repr(row.contribution),
            "share": repr(row.share),
        }
        for row in propagation.contributions
    ]


def settings_to_plain(settings: EvaluationSettings) -> dict[str, str]:
    """Write the laboratory's rules as text members; ``draws`` ``adaptive`` and a missing ``seed`` stand for None."""
    members = {name: _plain(value) for name, value in dataclasses.asdict(settings).items()}
    members["draws"] = members["draws"] or "adaptive"
    return {name: member for name, member in members.items() if member is not None}


def settings_from_plain(data: Mapping[str, Any]) -> EvaluationSettings:
    """Read what :func:`settings_to_plain` wrote. Raises BudgetUnreadable with the member that is wrong."""
    known = {field.name for field in dataclasses.fields(EvaluationSettings)}
    for name in data:
        if name not in known:
            raise BudgetUnreadable(member=name)
    return EvaluationSettings(**{name: _setting(name, value) for name, value in data.items()})


def _setting(name: str, value: Any) -> Any:
    if name in _CHOICES:
        if value not in _CHOICES[name]:
            raise BudgetUnreadable(member=name)
        return value
    if name == "draws" and value == "adaptive":
        return None
    try:
        return int(value) if name in _INTEGERS else float(value)
    except (TypeError, ValueError) as problem:
        raise BudgetUnreadable(member=name) from problem


def _plain(value: Any) -> Any:
    """Turn numbers into text, dataclasses into objects without empty members; truth and None stay."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, tuple):
        return [_plain(member) for member in value]
    members = {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    return {name: member for name, member in members.items() if member is not None}
