"""One point of a stored evaluation as a budget document: ``jialiang uncertainty evaluate`` gives its digits again."""

from __future__ import annotations

from typing import Any

from jialiang.science.budget import Budget, InputQuantity, budget_from_plain
from jialiang.science.distributions import Normal, StudentT
from jialiang.science.errors import UnknownDistribution
from jialiang.science.unit_text import read_unit

_BY_HALF_WIDTH = ("rectangular", "triangular", "arcsine")
_FIXED = "fixed"


def budget_document(point: dict[str, Any], *, number: str) -> dict[str, Any]:
    """Return the document of a point of the record ``number``.

    A point evaluated by a budget of the institute keeps its document, which is handed out as it is. Else the model is
    the one that was propagated: the estimate and the sensitivities of the budget, written out with every digit. Raises
    UnknownDistribution for a distribution that documents cannot say, BudgetUnreadable.
    """
    if "document" in point:
        own = {"id": f"{number}-{point['point']}", "source": f"{number}, {point['point']}"}
        return {**point["document"], **own}
    budget = budget_from_plain(point["budget"])
    symbol = budget.symbol if budget.symbol not in budget.symbols else f"{budget.symbol}_out"
    return {
        "id": f"{number}-{point['point']}",
        "title": {**budget.name.to_json()},
        "source": f"{number}, {point['point']}",
        "model": {"expr": {symbol: _model(budget)}, "unit": {symbol: budget.unit}},
        "inputs": [_input(item, budget.unit) for item in budget.inputs],
        "correlation": [[r.first, r.second, r.coefficient] for r in budget.correlations],
        "settings": _settings(point),
    }


def _model(budget: Budget) -> str:
    """Write y + (c₁ (x₁ - x̂₁) + …) in the order of the inputs, so that sums round as they did."""
    terms = [
        f"({_sensitivity(item, budget.unit)})*({item.symbol} - ({item.estimate!r}))" for item in budget.inputs
    ]
    return f"({budget.estimate!r}) + ({' + '.join(terms)})"


def _sensitivity(item: InputQuantity, unit: str) -> str:
    """Write c, with the unit of the output for an input of the unit one, so that the units of the sum agree."""
    return f"{item.sensitivity!r}'{unit}'" if unit and _is_one(item.unit) else repr(item.sensitivity)


def _is_one(unit: str) -> bool:
    return bool(unit) and read_unit(unit).dimension == read_unit("1").dimension


def _input(item: InputQuantity, unit: str) -> dict[str, Any]:
    """Return one input; a unit that is neither the output's nor one is left out, for c carries none to check with."""
    stated = item.stated_degrees_of_freedom
    return {
        "name": item.symbol,
        "label": item.name.to_json(),
        "unit": item.unit if item.unit == unit or _is_one(item.unit) else "",
        "mean": item.estimate,
        **_distribution(item),
        **({"dof": stated} if stated is not None else {}),
        "type": item.evaluation,
        **({"source": item.source} if item.source else {}),
        **({"group": item.group} if item.group else {}),
    }


def _distribution(item: InputQuantity) -> dict[str, Any]:
    shape = item.distribution
    if isinstance(shape, Normal):
        return {"distribution": "normal", "u": shape.u}
    if isinstance(shape, StudentT):
        if shape.stated_as == "scale":
            return {"distribution": "t", "u": shape.u, "dof": shape.degrees_of_freedom}
        return {"distribution": "t_by_mean_sd", "sd": shape.u, "dof": shape.degrees_of_freedom}
    if shape.kind in _BY_HALF_WIDTH:
        return {"distribution": shape.kind, "half_width": float(getattr(shape, "half_width"))}  # noqa: B009
    raise UnknownDistribution(kind=shape.kind, known=", ".join(("normal", "t", *_BY_HALF_WIDTH)))


def _settings(point: dict[str, Any]) -> dict[str, Any]:
    """Return method, p, k where it was chosen, and the draws of the validation."""
    settings: dict[str, Any] = {"method": "lpu", "probability": float(point["coverage_probability"])}
    if point["coverage_from"] == _FIXED:
        exact, u = float(point["expanded_uncertainty_exact"]), float(point["combined_standard_uncertainty"])
        settings["coverage_factor"] = exact / u
    drawn = point["monte_carlo"]
    if not drawn:
        return settings | {"validate": False}
    kind = drawn["interval_kind"]
    return settings | {"draws": int(drawn["draws"]), "seed": int(drawn["seed"]), "digits": 1, "interval_kind": kind}
