"""Intervals from variables data: regression of drift (Castrup; NASA-HDBK-8739.19-5).

δ(t) = b1 t + b2 t² + … without intercept, u²(t) = u0² + s² + tᵀ C t. The interval ends when u(t) reaches its
target, or when y0 + δ(t) ± k u(t) reaches a limit, k from t(n - m), one-sided for one limit.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.special import stdtrit

from jialiang.science.errors import LimitsInconsistent, ParameterNotAllowed
from jialiang.science.rounding import Number
from jialiang.science.stability.polynomial import Curve, fit_curve

HORIZON_DAYS = 36525.0
_STEPS = 20_000


@dataclass(frozen=True, slots=True)
class DriftModel:
    """The regression with u0 of a calibration and the value y0 at the last one."""

    curve: Curve
    u0: float
    y0: float

    def deviation(self, day: float) -> float:
        """Return δ(t)."""
        return self.curve.predict(day).value

    def standard_uncertainty(self, day: float) -> float:
        """Return u(t)."""
        own = self.curve.predict(day).standard_uncertainty
        return math.hypot(self.u0, self.curve.residual_standard_deviation, own)


@dataclass(frozen=True, slots=True)
class ToleranceTarget:
    """Limits (one may be missing) and the confidence with which the value must lie inside."""

    low: float | None
    high: float | None
    confidence: float

    def __post_init__(self) -> None:
        if not 0 < self.confidence < 1:
            raise ParameterNotAllowed(
                parameter="confidence", given=self.confidence, allowed="0 < confidence < 1"
            )
        crossed = self.low is not None and self.high is not None and self.low >= self.high
        if crossed or (self.low is None and self.high is None):
            raise LimitsInconsistent(limits=f"{self.low} … {self.high}")

    def coverage_factor(self, degrees_of_freedom: int) -> float:
        """Return k: two-sided for two limits, one-sided for one."""
        two = self.low is not None and self.high is not None
        quantile = (1 + self.confidence) / 2 if two else self.confidence
        return float(stdtrit(degrees_of_freedom, quantile))


def drift_model(
    days: Sequence[Number], deltas: Sequence[Number], *, u0: float, y0: float = 0.0, order: int = 1
) -> DriftModel:
    """Fit the changes found so many days after a calibration; needs more observations than ``order``."""
    if not 0 <= u0 < math.inf:
        raise ParameterNotAllowed(parameter="u0", given=u0, allowed="≥ 0")
    if order < 1:
        raise ParameterNotAllowed(parameter="order", given=order, allowed="≥ 1")
    return DriftModel(fit_curve(days, deltas, order=order, lowest_power=1), u0, y0)


def interval_for_uncertainty(model: DriftModel, target: float) -> float | None:
    """Return the days until u(t) reaches its target; 0 if it is there already, None if not within 100 years."""
    if not 0 < target < math.inf:
        raise ParameterNotAllowed(parameter="u_target", given=target, allowed="> 0")
    return first_day(lambda day: target - model.standard_uncertainty(day))


def interval_for_tolerance(model: DriftModel, target: ToleranceTarget) -> float | None:
    """Return the days until the confidence interval first touches a limit; 0 and None as above."""
    k = target.coverage_factor(model.curve.degrees_of_freedom)

    def margin(day: float) -> float:
        value, reach = model.y0 + model.deviation(day), k * model.standard_uncertainty(day)
        above = math.inf if target.high is None else target.high - value - reach
        below = math.inf if target.low is None else value - reach - target.low
        return min(above, below)

    return first_day(margin)


def first_day(margin: Callable[[float], float], horizon: float = HORIZON_DAYS) -> float | None:
    """Return the first day on which a margin is used up, to 1e-9 days."""
    if margin(0.0) <= 0:
        return 0.0
    before = 0.0
    for day in np.concatenate([np.linspace(0, 1, 11)[1:], np.linspace(1, horizon, _STEPS)[1:]]).tolist():
        if margin(day) <= 0:
            return float(brentq(margin, before, day, xtol=1e-10, rtol=1e-14))
        before = day
    return None
