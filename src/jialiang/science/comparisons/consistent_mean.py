"""One value from several results that each carry an uncertainty, and the test whether they agree.

The weighted mean with its χ² test, the median by its influence, and two estimates for results that scatter more
than they claim: Mandel–Paule and DerSimonian–Laird, both with a common between-laboratory variance.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.special import gammaincc

from jialiang.science.distributions import require_positive
from jialiang.science.errors import LengthsDiffer, ParameterNotAllowed, TooFewObservations
from jialiang.science.solving import Floats, ModelUnsuitable

CONSISTENT_FROM = 0.05


@dataclass(frozen=True, slots=True)
class WeightedMean:
    """The mean, its u from the claimed uncertainties, the weights, and χ² of the residuals with its probability."""

    mean: float
    standard_uncertainty: float
    weights: tuple[float, ...]
    chi_squared: float
    degrees_of_freedom: int

    @property
    def probability(self) -> float:
        """Pr(χ²(ν) > observed); 1 for a single result."""
        if self.degrees_of_freedom == 0:
            return 1.0
        return float(gammaincc(self.degrees_of_freedom / 2, self.chi_squared / 2))

    @property
    def is_consistent(self) -> bool:
        """Whether the probability is at least 5 %."""
        return self.probability >= CONSISTENT_FROM

    @property
    def birge_ratio(self) -> float:
        """√(χ²/ν): above 1 the results scatter more than they claim."""
        return math.sqrt(self.chi_squared / self.degrees_of_freedom) if self.degrees_of_freedom else 1.0

    @property
    def external_uncertainty(self) -> float:
        """u times the Birge ratio, where that is above 1."""
        return self.standard_uncertainty * max(self.birge_ratio, 1.0)


@dataclass(frozen=True, slots=True)
class RandomEffects:
    """A mean with a between-laboratory standard deviation τ added to every claimed uncertainty."""

    mean: float
    standard_uncertainty: float
    between: float
    weights: tuple[float, ...]


def weighted_mean(
    results: Sequence[float], uncertainties: Sequence[float], *, covariance: Floats | None = None
) -> WeightedMean:
    """Return the mean weighted by 1/u², or by generalized least squares for a given covariance matrix.

    ``covariance`` has the squares of the uncertainties on its diagonal; the mean is then y = aᵀx with
    a = C⁻¹1/(1ᵀC⁻¹1). Raises ModelUnsuitable for a matrix that is not positive definite.
    """
    check_columns(results, uncertainties)
    x = np.asarray(results, dtype=float)
    if covariance is not None:
        return _generalized(x, np.asarray(covariance, dtype=float))
    smallest = min(uncertainties)  # weights relative to it neither overflow nor vanish
    raw = [(smallest / u) ** 2 for u in uncertainties]
    total = math.fsum(raw)
    pivot = results[0]
    mean = pivot + math.fsum(w * (value - pivot) for w, value in zip(raw, results, strict=True)) / total
    chi = math.fsum(((value - mean) / u) ** 2 for value, u in zip(results, uncertainties, strict=True))
    weights = tuple(w / total for w in raw)
    return WeightedMean(mean, smallest / math.sqrt(total), weights, chi, len(raw) - 1)


def mandel_paule(results: Sequence[float], uncertainties: Sequence[float]) -> RandomEffects:
    """Return the mean with τ such that χ² equals its degrees of freedom; τ = 0 for consistent results."""
    check_columns(results, uncertainties, needed=2)
    degrees = len(results) - 1

    def excess(variance: float) -> float:
        return weighted_mean(results, _widened(uncertainties, variance)).chi_squared - degrees

    if excess(0.0) <= 0:
        return _random_effects(results, uncertainties, 0.0)
    high = (max(results) - min(results)) ** 2
    return _random_effects(results, uncertainties, float(brentq(excess, 0.0, high, xtol=1e-300, rtol=1e-14)))


def dersimonian_laird(results: Sequence[float], uncertainties: Sequence[float]) -> RandomEffects:
    """Return the mean with τ² = max(0, (χ² - ν)/(Σw - Σw²/Σw)), w = 1/u²."""
    check_columns(results, uncertainties, needed=2)
    fixed = weighted_mean(results, uncertainties)
    raw = [1 / u**2 for u in uncertainties]
    total = math.fsum(raw)
    spread = total - math.fsum(w**2 for w in raw) / total
    return _random_effects(
        results, uncertainties, max(0.0, (fixed.chi_squared - fixed.degrees_of_freedom) / spread)
    )


def check_columns(results: Sequence[float], uncertainties: Sequence[float], *, needed: int = 1) -> None:
    """Raise unless there are enough results and each has one positive uncertainty."""
    if len(results) != len(uncertainties):
        raise LengthsDiffer(first=len(results), second=len(uncertainties))
    if len(results) < needed:
        raise TooFewObservations(needed=needed, given=len(results))
    for u in uncertainties:
        require_positive("u", u)


def covariance_of(uncertainties: Sequence[float], correlation: Sequence[Sequence[float]]) -> Floats:
    """Return the covariance matrix for uncertainties and a matrix of correlation coefficients."""
    u = np.asarray(uncertainties, dtype=float)
    r = np.asarray(correlation, dtype=float)
    if r.shape != (u.size, u.size):
        raise LengthsDiffer(first=u.size, second=r.shape[0] if r.ndim else 0)
    if not (np.allclose(r, r.T) and np.allclose(np.diag(r), 1) and np.all(np.abs(r) <= 1)):
        raise ParameterNotAllowed(
            parameter="correlation", given=r.tolist(), allowed="symmetric, 1 on the diagonal"
        )
    covariance: Floats = np.outer(u, u) * r
    return covariance


def _generalized(x: Floats, covariance: Floats) -> WeightedMean:
    if covariance.shape != (x.size, x.size):
        raise LengthsDiffer(first=x.size, second=covariance.shape[0])
    try:
        factor = np.linalg.cholesky(covariance)
    except np.linalg.LinAlgError as problem:
        raise ModelUnsuitable(model="weighted mean", reason="covariance not positive definite") from problem
    ones, centred = np.linalg.solve(factor, np.column_stack([np.ones_like(x), x - x[0]])).T
    information = float(ones @ ones)
    shift = float(ones @ centred) / information
    residual = centred - shift * ones
    weights = np.linalg.solve(factor.T, ones) / information
    return WeightedMean(
        float(x[0]) + shift,
        1 / math.sqrt(information),
        tuple(weights.tolist()),
        float(residual @ residual),
        x.size - 1,
    )


def _widened(uncertainties: Sequence[float], variance: float) -> list[float]:
    return [math.sqrt(u**2 + variance) for u in uncertainties]


def _random_effects(
    results: Sequence[float], uncertainties: Sequence[float], variance: float
) -> RandomEffects:
    found = weighted_mean(results, _widened(uncertainties, variance))
    return RandomEffects(found.mean, found.standard_uncertainty, math.sqrt(variance), found.weights)
