"""The law of propagation of uncertainty with the terms of the next order (GUM 5.1.2, note).

u² = cᵀVc + ½ tr(HVHV) + Σ c_i T_ijk V_ij… : gradient c, second derivatives H, third derivatives T, covariance V. For
independent inputs this is the printed Σ [½ H_ij² + c_i T_ijj] u_i² u_j²; it also holds for correlated ones. It
supposes inputs as symmetric as normal ones. The shift ½ tr(HV) of the estimate is kept apart.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from jialiang.science.budget import Budget
from jialiang.science.models.model import MeasurementModel
from jialiang.science.propagation import (
    IndependentTerm,
    JointPropagation,
    Propagation,
    effective_degrees_of_freedom,
    propagate_jointly,
)
from jialiang.science.sampling import semidefinite_factor


@dataclass(frozen=True, slots=True)
class Curvature:
    """Slopes and second derivatives along independent unit steps, and the share of the third derivatives."""

    slopes: NDArray[np.float64]
    seconds: NDArray[np.float64]
    third_share: float

    @property
    def shift(self) -> float:
        """½ tr(HV): how far the expectation of the output lies from its value at the estimates."""
        return float(np.trace(self.seconds)) / 2

    @property
    def variance(self) -> float:
        """u² of second order, without the third derivatives where they would leave nothing."""
        first, second = float(self.slopes @ self.slopes), float((self.seconds**2).sum()) / 2
        whole = first + second + self.third_share
        return whole if whole > 0 else first + second


def propagate_to_second_order(budget: Budget, model: MeasurementModel) -> JointPropagation:
    """Propagate every output; the estimate is the value at the estimates plus the shift."""
    first = propagate_jointly(budget, {name: model.output(name) for name in model.outputs})
    steps = _independent_steps(budget)
    curvatures = {name: _curvature(budget, model, name, steps) for name in model.outputs}
    outputs = {name: _with(first.outputs[name], curvatures[name]) for name in model.outputs}
    return JointPropagation(outputs, _correlation(outputs, curvatures))


def _independent_steps(budget: Budget) -> NDArray[np.float64]:
    """Return the matrix whose columns are independent steps of one standard uncertainty: V = A Aᵀ."""
    uncertainties = np.array([item.standard_uncertainty for item in budget.inputs])
    return uncertainties[:, None] * semidefinite_factor(budget.correlation_matrix())


def _curvature(budget: Budget, model: MeasurementModel, name: str, steps: NDArray[np.float64]) -> Curvature:
    _, slopes = model.gradient(name, budget.estimates)
    used = np.array([slopes[symbol] for symbol in budget.symbols]) @ steps
    count = steps.shape[1]
    pairs = [(a, b) for a in range(count) for b in range(a)]
    columns = [steps, *(steps[:, [a]] + sign * steps[:, [b]] for a, b in pairs for sign in (1.0, -1.0))]
    directions = np.concatenate(columns, axis=1)
    series = model.taylor(name, budget.estimates, dict(zip(budget.symbols, directions, strict=True)))
    second, third = 2 * series[2], 6 * series[3]
    seconds = np.diag(second[:count])
    mixed = np.diag(third[:count])  # T_abb in row a, column b
    for k, (a, b) in enumerate(pairs):
        plus, minus = count + 2 * k, count + 2 * k + 1
        seconds[a, b] = seconds[b, a] = (second[plus] - second[minus]) / 4
        mixed[a, b] = (third[plus] + third[minus] - 2 * third[a]) / 6
        mixed[b, a] = (third[plus] - third[minus] - 2 * third[b]) / 6
    return Curvature(used, seconds, float(used @ mixed.sum(axis=1)))


def _with(first: Propagation, curvature: Curvature) -> Propagation:
    u = math.sqrt(curvature.variance)
    shares = tuple(
        replace(row, share=row.share * (first.combined_standard_uncertainty / u) ** 2 if u else 0.0)
        for row in first.contributions
    )
    more = max(curvature.variance - first.combined_standard_uncertainty**2, 0.0)
    terms = first.terms
    if more > 0:
        terms = (*terms, IndependentTerm((), math.sqrt(more), math.inf, more / curvature.variance))
    return replace(
        first,
        estimate=first.estimate + curvature.shift,
        combined_standard_uncertainty=u,
        contributions=shares,
        terms=terms,
        degrees_of_freedom=effective_degrees_of_freedom(terms),
    )


def _correlation(
    outputs: Mapping[str, Propagation], curvatures: Mapping[str, Curvature]
) -> dict[tuple[str, str], float]:
    found = {}
    for a, one in curvatures.items():
        for b, other in curvatures.items():
            covariance = float(one.slopes @ other.slopes) + float((one.seconds * other.seconds).sum()) / 2
            scale = outputs[a].combined_standard_uncertainty * outputs[b].combined_standard_uncertainty
            found[a, b] = 1.0 if a == b and scale else (covariance / scale if scale else 0.0)
    return found
