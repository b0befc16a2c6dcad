"""The law of propagation of uncertainty, first order: GUM eq. 10 and 13, and Welch–Satterthwaite (G.2b).

ν_eff holds for independent terms. Inputs estimated together (one fit, one set of observations) make one term with
their common ν; any other correlation of an input with finite ν leaves ν_eff undefined (None), never infinite.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jialiang.science.budget import Budget, InputQuantity
from jialiang.science.derivatives import Model, model_value, sensitivity
from jialiang.science.errors import BudgetUnreadable, ModelNotFinite


@dataclass(frozen=True, slots=True)
class Contribution:
    """One row of the budget table; ``contribution`` is c u(x) with its sign.

    ``share`` is the part of u_c² that goes with this input; shares sum to 1 and may be negative where
    correlation takes uncertainty away.
    """

    input_quantity: InputQuantity
    sensitivity: float
    contribution: float
    share: float


@dataclass(frozen=True, slots=True)
class IndependentTerm:
    """Inputs that depend on one another, taken as one independent term of u_c² with its ν (None: undefined)."""

    symbols: tuple[str, ...]
    contribution: float
    degrees_of_freedom: float | None
    share: float


@dataclass(frozen=True, slots=True)
class Propagation:
    """The outcome of the law of propagation; ``degrees_of_freedom`` is ν_eff, None where it is not defined."""

    estimate: float
    combined_standard_uncertainty: float
    degrees_of_freedom: float | None
    contributions: tuple[Contribution, ...]
    terms: tuple[IndependentTerm, ...]


@dataclass(frozen=True, slots=True)
class JointPropagation:
    """Several measurands of the same inputs: each of them, and the correlation of every pair."""

    outputs: Mapping[str, Propagation]
    correlation: Mapping[tuple[str, str], float]


def propagate(budget: Budget, model: Model | None = None) -> Propagation:
    """Propagate through ``model``; without one, through the sensitivities and the estimate of the budget."""
    estimate, sensitivities = _expanded(budget, model)
    with np.errstate(all="ignore"):
        parts = sensitivities * np.array([item.standard_uncertainty for item in budget.inputs])
        variance, gradient = _variance(parts, budget.correlation_matrix())
        shares = parts * gradient / variance if variance > 0 else np.zeros(len(parts))
    if not (math.isfinite(estimate) and math.isfinite(variance)):
        raise ModelNotFinite(symbol=budget.symbol)
    rows = zip(budget.inputs, sensitivities, parts, shares, strict=True)
    terms = _terms(budget, parts, variance)
    return Propagation(
        estimate,
        math.sqrt(variance),
        effective_degrees_of_freedom(terms),
        tuple(Contribution(item, float(c), float(part), float(share)) for item, c, part, share in rows),
        terms,
    )


def propagate_jointly(budget: Budget, models: Mapping[str, Model]) -> JointPropagation:
    """Propagate to several measurands of the same inputs, with their correlation (GUM H.2)."""
    outputs = {name: propagate(budget, model) for name, model in models.items()}
    matrix = budget.correlation_matrix()
    parts = {name: np.array([row.contribution for row in o.contributions]) for name, o in outputs.items()}
    correlation = {}
    for first, a in parts.items():
        for second, b in parts.items():
            scale = (
                outputs[first].combined_standard_uncertainty * outputs[second].combined_standard_uncertainty
            )
            correlation[first, second] = float(a @ matrix @ b) / scale if scale else 0.0
    return JointPropagation(outputs, correlation)


def effective_degrees_of_freedom(terms: tuple[IndependentTerm, ...]) -> float | None:
    """Return ν_eff = u_c⁴ / Σ u_i⁴/ν_i of independent terms; infinite if all are, None if one is undefined."""
    present = [term for term in terms if term.contribution != 0]
    if not present or any(term.degrees_of_freedom is None for term in present):
        return None
    largest = max(abs(term.contribution) for term in present)  # fourth powers of 1e-100 would vanish
    relative = [(term.contribution / largest, term.degrees_of_freedom) for term in present]
    below = math.fsum(u**4 / nu for u, nu in relative if nu is not None)
    return math.fsum(u**2 for u, _ in relative) ** 2 / below if below else math.inf


def linear_model(budget: Budget) -> Model:
    """Return y + Σ c (x - x̂) from the sensitivities of a budget, for Monte Carlo."""
    given = _given_sensitivities(budget)
    coefficients = {symbol: float(c) for symbol, c in zip(budget.symbols, given, strict=True)}
    estimates, start = budget.estimates, budget.estimate
    if start is None:
        raise BudgetUnreadable(member="estimate")

    def model(**values: float) -> float:
        return start + sum(c * (values[s] - estimates[s]) for s, c in coefficients.items())

    return model


def _expanded(budget: Budget, model: Model | None) -> tuple[float, NDArray[np.float64]]:
    """Return y and the sensitivities: exact where the model knows its gradient, else by differences."""
    if model is None:
        if budget.estimate is None:
            raise BudgetUnreadable(member="estimate")
        return budget.estimate, _given_sensitivities(budget)
    exact = getattr(model, "gradient", None)
    if exact is not None:
        value, slopes = exact(budget.estimates)
        return value, np.array([slopes[symbol] for symbol in budget.symbols], dtype=np.float64)
    return model_value(model, budget.estimates), _sensitivities(budget, model)


def _given_sensitivities(budget: Budget) -> NDArray[np.float64]:
    for item in budget.inputs:
        if item.sensitivity is None:
            raise BudgetUnreadable(member=f"sensitivity ({item.symbol})")
    return np.array([item.sensitivity for item in budget.inputs], dtype=np.float64)


def _sensitivities(budget: Budget, model: Model) -> NDArray[np.float64]:
    estimates = budget.estimates
    found = [sensitivity(model, estimates, i.symbol, i.standard_uncertainty) for i in budget.inputs]
    return np.array(found)


def _variance(parts: NDArray[np.float64], matrix: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
    """Return u² = Σ Σ r c u c u without a sum that cancels below zero, and its gradient by part."""
    gradient = matrix @ parts
    independent = np.array_equal(matrix, np.eye(len(parts)))
    variance = math.fsum(parts**2) if independent else max(float(parts @ gradient), 0.0)
    return variance, gradient


def _terms(budget: Budget, parts: NDArray[np.float64], variance: float) -> tuple[IndependentTerm, ...]:
    sets = budget.correlated_sets()
    together = {position for members in sets for position in members}
    alone = tuple((position,) for position in range(len(parts)) if position not in together)
    terms = [_term(budget, parts, members, variance) for members in sorted(alone + sets)]
    return tuple(terms)


def _term(
    budget: Budget, parts: NDArray[np.float64], members: tuple[int, ...], variance: float
) -> IndependentTerm:
    chosen = np.array(members)
    matrix = budget.correlation_matrix()[np.ix_(chosen, chosen)]
    share, _ = _variance(parts[chosen], matrix)
    inputs = [budget.inputs[position] for position in members]
    symbols = tuple(item.symbol for item in inputs)
    share_of_all = share / variance if variance > 0 else 0.0
    return IndependentTerm(symbols, math.sqrt(share), _common_degrees(inputs), share_of_all)


def _common_degrees(inputs: list[InputQuantity]) -> float | None:
    degrees = {item.degrees_of_freedom for item in inputs}
    estimated_together = len({item.group for item in inputs}) == 1 and inputs[0].group is not None
    if len(inputs) == 1 or estimated_together or degrees == {math.inf}:
        return degrees.pop()
    return None
