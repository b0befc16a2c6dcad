"""Method S2 of NCSLI RP-1: reliability models, fitted to what was found in tolerance after how long.

The likelihood is binomial, R(t) the probability of being in tolerance t after calibration. Models and names are
those of RP-1 and NASA-HDBK-8739.19; the figure of merit that ranks them here is our own: AICc.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq, minimize
from scipy.special import erf, fdtri, gammaincc, ndtr

from jialiang.science.errors import LengthsDiffer, ParameterNotAllowed, TooFewObservations
from jialiang.science.solving import Floats, ModelUnsuitable, NoSolution

Curve = Callable[[Floats, Floats], Floats]
_HORIZON = 1e4  # times the longest time observed
_SMALLEST = 1e-300


@dataclass(frozen=True, slots=True)
class ReliabilityModel:
    """R(t; θ), the starting values of its θ (for times scaled to 1), and how θ scale with time.

    ``powers[i]`` is the power of 1/time in the unit of θ_i; ``signed`` are positions of θ that may be negative.
    """

    name: str
    curve: Curve
    starts: tuple[tuple[float, ...], ...]
    powers: tuple[int, ...]
    signed: frozenset[int] = frozenset()


def _random_walk(t: Floats, q: Floats) -> Floats:
    return np.asarray(erf(1 / np.sqrt(np.maximum(q[0] + q[1] * t, _SMALLEST))))


def _restricted_walk(t: Floats, q: Floats) -> Floats:
    return np.asarray(erf(1 / np.sqrt(np.maximum(q[0] + q[1] * -np.expm1(-q[2] * t), _SMALLEST))))


def _lognormal(t: Floats, q: Floats) -> Floats:
    logarithm = np.log(np.maximum(q[0] * t, _SMALLEST))
    return np.asarray(ndtr(-logarithm / q[1]))


def _drift(t: Floats, q: Floats) -> Floats:
    return np.asarray(ndtr(q[0] + q[2] * t) + ndtr(q[1] - q[2] * t) - 1)


_MODELS = (
    ReliabilityModel("exponential", lambda t, q: np.exp(-q[0] * t), ((0.5,), (2.0,)), (1,)),
    ReliabilityModel("weibull", lambda t, q: np.exp(-((q[0] * t) ** q[1])), ((0.5, 1.0), (2.0, 0.5)), (1, 0)),
    ReliabilityModel(
        "mixed_exponential",
        lambda t, q: np.exp(-q[1] * np.log1p(q[0] * t)),
        ((1.0, 1.0), (5.0, 0.5), (0.1, 5.0)),
        (1, 0),
    ),
    ReliabilityModel("random_walk", _random_walk, ((0.1, 1.0), (1.0, 3.0)), (0, 1)),
    ReliabilityModel("restricted_walk", _restricted_walk, ((0.1, 2.0, 1.0), (0.5, 5.0, 3.0)), (0, 0, 1)),
    ReliabilityModel("gamma", lambda t, q: np.asarray(gammaincc(4.0, q[0] * t)), ((1.0,), (4.0,)), (1,)),
    ReliabilityModel(
        "mortality_drift",
        lambda t, q: np.exp(np.minimum(-(q[0] * t + q[1] * t * t), 700.0)),
        ((0.5, 0.5), (1.0, -0.2)),
        (1, 2),
        frozenset([0, 1]),
    ),
    ReliabilityModel(
        "warranty",
        lambda t, q: 1 / (1 + np.exp(np.clip(q[0] * (t - q[1]), -700, 700))),
        ((2.0, 0.7), (5.0, 0.4)),
        (1, -1),
        frozenset([1]),
    ),
    ReliabilityModel("drift", _drift, ((2.0, 2.0, 1.0), (3.0, 1.0, 0.5)), (0, 0, 1), frozenset([0, 1, 2])),
    ReliabilityModel("lognormal", _lognormal, ((1.0, 1.0), (2.0, 1.7)), (1, 0)),
)
MODELS = {model.name: model for model in _MODELS}


@dataclass(frozen=True, slots=True)
class AttributesData:
    """At each time (any one unit), how many of how many were found in tolerance."""

    times: tuple[float, ...]
    counts: tuple[int, ...]
    in_tolerance: tuple[int, ...]

    def __post_init__(self) -> None:
        for column in (self.counts, self.in_tolerance):
            if len(column) != len(self.times):
                raise LengthsDiffer(first=len(self.times), second=len(column))
        if len(self.times) < 2:
            raise TooFewObservations(needed=2, given=len(self.times))
        for time, n, g in zip(self.times, self.counts, self.in_tolerance, strict=True):
            if not (0 < time < math.inf and n >= 1 and 0 <= g <= n):
                raise ParameterNotAllowed(
                    parameter="in_tolerance", given=f"t = {time}: {g}/{n}", allowed="t > 0, n ≥ 1, 0 … n"
                )

    @property
    def observed(self) -> Floats:
        """The observed reliabilities."""
        shares: Floats = np.asarray(self.in_tolerance, dtype=float) / np.asarray(self.counts, dtype=float)
        return shares


@dataclass(frozen=True, slots=True)
class FittedReliability:
    """θ by maximum likelihood, -ln L (without binomial coefficients), and the F-test of fit.

    ``f_ratio`` compares the mean square of lack of fit with that of pure error; the model is rejected where it
    exceeds ``f_critical`` (95 %); both are None where the data leave no degrees of freedom.
    """

    model: ReliabilityModel
    theta: tuple[float, ...]
    neg_log_likelihood: float
    aicc: float
    f_ratio: float | None
    f_critical: float | None
    longest: float

    @property
    def is_rejected(self) -> bool:
        """Whether the F-test rejects the model."""
        return self.f_ratio is not None and self.f_critical is not None and self.f_ratio > self.f_critical

    def reliability(self, time: float) -> float:
        """Return R(t)."""
        return float(self.model.curve(np.asarray([time]), np.asarray(self.theta))[0])

    def interval(self, target: float) -> float:
        """Return the first time at which R falls to the target; 0 if it never reaches it.

        Raises NoSolution where R stays above the target as far as 10⁴ times the longest time observed.
        """
        if not 0 < target < 1:
            raise ParameterNotAllowed(parameter="target", given=target, allowed="0 < target < 1")
        grid = self.longest * np.concatenate(
            [np.geomspace(1e-9, 1e-3, 50), np.geomspace(1e-3, _HORIZON, 2000)[1:]]
        )
        below = np.flatnonzero(self.model.curve(grid, np.asarray(self.theta)) < target)
        if not below.size:
            raise NoSolution(sought="interval", reason=f"{self.model.name}: R > {target}")
        if below[0] == 0:
            return 0.0
        ends = grid[below[0] - 1 : below[0] + 1]
        return float(brentq(lambda t: self.reliability(t) - target, *ends, xtol=1e-300, rtol=1e-14))


def fit_reliability(data: AttributesData, name: str) -> FittedReliability:
    """Fit one model: simplex from several starts on scaled times, then polished. Raises ModelUnsuitable."""
    if name not in MODELS:
        raise ParameterNotAllowed(parameter="model", given=name, allowed=", ".join(MODELS))
    model = MODELS[name]
    if len(data.times) < len(model.powers):
        raise TooFewObservations(needed=len(model.powers), given=len(data.times))
    longest = max(data.times)
    scaled = np.asarray(data.times) / longest
    best: tuple[float, Floats] | None = None
    for start in model.starts:
        found = _maximize(model, scaled, data, start)
        if found is not None and (best is None or found[0] < best[0] - 1e-12):
            best = found
    if best is None:
        raise ModelUnsuitable(model=name, reason="ln L = -∞")
    theta = tuple(float(q) / longest**power for q, power in zip(best[1], model.powers, strict=True))
    ratio, critical = _lack_of_fit(data, model.curve(scaled, best[1]), len(theta))
    return FittedReliability(
        model, theta, best[0], _aicc(best[0], len(theta), sum(data.counts)), ratio, critical, longest
    )


def fit_all(data: AttributesData, names: Sequence[str] | None = None) -> tuple[FittedReliability, ...]:
    """Fit the models named, or all that the data can carry; best first: not rejected, then smallest AICc."""
    found = []
    for name in names or tuple(MODELS):
        try:
            found.append(fit_reliability(data, name))
        except (ModelUnsuitable, TooFewObservations):
            if names:
                raise
    return tuple(sorted(found, key=lambda fit: (fit.is_rejected, fit.aicc)))


def _maximize(
    model: ReliabilityModel, times: Floats, data: AttributesData, start: tuple[float, ...]
) -> tuple[float, Floats] | None:
    """Minimize -ln L over ln θ (θ itself where it may be negative), restarted until it stands still."""
    good = np.asarray(data.in_tolerance, dtype=float)
    bad = np.asarray(data.counts, dtype=float) - good
    signed = np.asarray([i in model.signed for i in range(len(start))])

    def theta_of(free: Floats) -> Floats:
        return np.where(signed, free, np.exp(np.where(signed, 0.0, np.clip(free, -60, 60))))

    def cost(free: Floats) -> float:
        with np.errstate(all="ignore"):
            r = model.curve(times, theta_of(free))
            if not np.all(np.isfinite(r)) or np.any(r > 1 + 1e-12):
                return 1e10
            terms = np.where(good > 0, good * np.log(np.maximum(r, 1e-12)), 0.0)
            terms += np.where(bad > 0, bad * np.log(np.maximum(1 - r, 1e-12)), 0.0)
        return -float(terms.sum())

    free = np.where(signed, start, np.log(np.where(signed, 1.0, start)))
    value = cost(free)
    for _ in range(20):
        found = minimize(
            cost, free, method="Nelder-Mead", options={"xatol": 1e-11, "fatol": 1e-13, "maxiter": 4000}
        )
        settled = value - found.fun < 1e-12
        free, value = found.x, float(found.fun)
        if settled:
            break
    return (value, theta_of(free)) if value < 1e9 else None


def _lack_of_fit(data: AttributesData, fitted: Floats, parameters: int) -> tuple[float | None, float | None]:
    counts = np.asarray(data.counts, dtype=float)
    groups, total = counts.size, float(counts.sum())
    between, within = groups - parameters, total - groups
    if between < 1 or within < 1:
        return None, None
    pure = float(np.sum(counts * data.observed * (1 - data.observed))) / within
    lack = float(np.sum(counts * (data.observed - fitted) ** 2)) / between
    return (lack / pure if pure else None), float(fdtri(between, within, 0.95))


def _aicc(neg_log_likelihood: float, parameters: int, total: int) -> float:
    correction = (
        2 * parameters * (parameters + 1) / (total - parameters - 1) if total > parameters + 1 else 0.0
    )
    return 2 * parameters + 2 * neg_log_likelihood + correction
