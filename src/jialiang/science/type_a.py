"""Type A evaluation: what repeated observations say about themselves (mean, Bessel's s, pooled s)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from jialiang.science.errors import LengthsDiffer, TooFewObservations


@dataclass(frozen=True, slots=True)
class Repeatability:
    """Mean of ``count`` observations, s of one of them (Bessel), and the degrees of freedom of s."""

    mean: float
    standard_deviation: float
    count: int
    degrees_of_freedom: float

    @property
    def standard_uncertainty_of_mean(self) -> float:
        """s/√n, the standard uncertainty of the mean."""
        return self.standard_deviation / math.sqrt(self.count)


@dataclass(frozen=True, slots=True)
class PooledDeviation:
    """A standard deviation pooled from earlier series, with their common degrees of freedom."""

    standard_deviation: float
    degrees_of_freedom: float


def repeatability(observations: Sequence[float | Fraction]) -> Repeatability:
    """Evaluate at least two observations; sums are exact, so equal readings give s = 0 and not 1e-17."""
    if len(observations) < 2:
        raise TooFewObservations(needed=2, given=len(observations))
    exact = [Fraction(observation) for observation in observations]
    mean = sum(exact, Fraction(0)) / len(exact)
    variance = sum(((x - mean) ** 2 for x in exact), Fraction(0)) / (len(exact) - 1)
    return Repeatability(float(mean), math.sqrt(variance), len(exact), len(exact) - 1)


def repeatability_with(pooled: PooledDeviation, observations: Sequence[float | Fraction]) -> Repeatability:
    """Evaluate one or more observations whose s is known from earlier series of the same measurement."""
    if not observations:
        raise TooFewObservations(needed=1, given=0)
    mean = sum((Fraction(observation) for observation in observations), Fraction(0)) / len(observations)
    return Repeatability(float(mean), pooled.standard_deviation, len(observations), pooled.degrees_of_freedom)


def pooled_deviation(deviations: Sequence[float], degrees: Sequence[float]) -> PooledDeviation:
    """Pool standard deviations of several series, weighted by their degrees of freedom."""
    if len(deviations) != len(degrees):
        raise LengthsDiffer(first=len(deviations), second=len(degrees))
    total = math.fsum(degrees)
    if total <= 0:
        raise TooFewObservations(needed=2, given=len(deviations))
    squares = math.fsum(nu * s**2 for s, nu in zip(deviations, degrees, strict=True))
    return PooledDeviation(math.sqrt(squares / total), total)
