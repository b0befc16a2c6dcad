"""Global risk of a decision (JCGM 106, clause 9): how often a process and a measurement together go wrong.

PFA = ∫ outside the tolerance g0(η) P(accept | η) dη and PFR = ∫ inside g0(η) P(reject | η) dη, with the
distribution g0 of the measurand before measuring and a normal measurement of standard uncertainty u. The
integrals are taken by quadrature, never by simulation; their error is that of a float.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy.special import ndtr, ndtri

from jialiang.science.distributions import require_positive
from jialiang.science.errors import LimitsInconsistent, ParameterNotAllowed
from jialiang.science.solving import Floats, integral

Interval = tuple[float, float]
_REACHES = (0.0, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 20.0, 39.0)


class Process(Protocol):
    """The measurand before it is measured: what is known of the items that come."""

    def density(self, points: Floats) -> Floats:
        """Return g0 at the points."""
        ...

    def probability(self, low: float, high: float) -> float:
        """Return the probability of a true value within [low, high]."""
        ...

    def breaks(self) -> tuple[float, ...]:
        """Return where the density changes on its own scale; the first and last bound its support."""
        ...


@dataclass(frozen=True, slots=True)
class NormalProcess:
    """Items scattered normally about ``mean`` with standard deviation ``sd``."""

    mean: float
    sd: float

    def __post_init__(self) -> None:
        require_positive("process_sd", self.sd)

    @classmethod
    def of_in_tolerance_probability(cls, probability: float, half_width: float = 1.0) -> NormalProcess:
        """Return the centred process of which this share lies within ± ``half_width``."""
        if not 0 < probability < 1:
            raise ParameterNotAllowed(parameter="itp", given=probability, allowed="0 < itp < 1")
        require_positive("half_width", half_width)
        return cls(0.0, half_width / float(ndtri((1 + probability) / 2)))

    def density(self, points: Floats) -> Floats:
        """Return the normal density."""
        distance = (points - self.mean) / self.sd
        density: Floats = np.exp(-0.5 * distance**2) / (self.sd * math.sqrt(2 * math.pi))
        return density

    def probability(self, low: float, high: float) -> float:
        """Return the probability of a true value within [low, high]."""
        return normal_probability((low - self.mean) / self.sd, (high - self.mean) / self.sd)

    def breaks(self) -> tuple[float, ...]:
        """Return the mean and multiples of the standard deviation about it."""
        reaches = {sign * reach for reach in _REACHES for sign in (-1, 1)}
        return tuple(sorted(self.mean + reach * self.sd for reach in reaches))


@dataclass(frozen=True, slots=True)
class RectangularProcess:
    """Items that may lie anywhere in [low, high], all values alike."""

    low: float
    high: float

    def __post_init__(self) -> None:
        if not -math.inf < self.low < self.high < math.inf:
            raise LimitsInconsistent(limits=f"{self.low} … {self.high}")

    def density(self, points: Floats) -> Floats:
        """Return 1/(high - low) inside, 0 outside."""
        inside = (points >= self.low) & (points <= self.high)
        return np.where(inside, 1 / (self.high - self.low), 0.0)

    def probability(self, low: float, high: float) -> float:
        """Return the share of [low, high] that the support covers."""
        covered = min(high, self.high) - max(low, self.low)
        return max(covered, 0.0) / (self.high - self.low)

    def breaks(self) -> tuple[float, ...]:
        """Return the two ends."""
        return (self.low, self.high)


@dataclass(frozen=True, slots=True)
class GlobalRisk:
    """PFA and PFR over all items; ``in_tolerance`` and ``accepted`` are the shares of true and measured values."""

    pfa: float
    pfr: float
    in_tolerance: float
    accepted: float

    @property
    def pfa_of_accepted(self) -> float:
        """The share of accepted items that do not conform; 0 where nothing is accepted."""
        return self.pfa / self.accepted if self.accepted else 0.0

    @property
    def pfr_of_rejected(self) -> float:
        """The share of rejected items that conform; 0 where nothing is rejected."""
        rejected = self.pfr + (1 - self.in_tolerance - self.pfa)
        return self.pfr / rejected if rejected > 0 else 0.0


def global_risk(
    process: Process, standard_uncertainty: float, *, tolerance: Interval, acceptance: Interval
) -> GlobalRisk:
    """Return the risks of accepting measured values within ``acceptance``; a missing limit is ±inf.

    An empty acceptance interval accepts nothing. Raises LimitsInconsistent for a crossed tolerance.
    """
    require_positive("u", standard_uncertainty)
    (low, high), (accept_low, accept_high) = tolerance, acceptance
    if not low < high or (math.isinf(low) and math.isinf(high)):
        raise LimitsInconsistent(limits=f"{low} … {high}")
    inside = process.probability(low, high)
    if accept_low >= accept_high:
        return GlobalRisk(0.0, inside, inside, 0.0)
    u = standard_uncertainty
    regions = ((-math.inf, low), (high, math.inf))
    pfa = math.fsum(_weighted(process, u, region, acceptance) for region in regions)
    rejected = ((-math.inf, accept_low), (accept_high, math.inf))
    pfr = math.fsum(_weighted(process, u, tolerance, outcome) for outcome in rejected)
    return GlobalRisk(pfa, pfr, inside, pfa + max(inside - pfr, 0.0))


def risk_of_ratio(itp: float, tur: float, guard_band_factor: float = 1.0) -> GlobalRisk:
    """Return the risks for symmetric limits ±T, acceptance ± factor·T, TUR = T/U with U = 2u, centred process."""
    require_positive("tur", tur)
    if not math.isfinite(guard_band_factor):
        raise ParameterNotAllowed(parameter="guard_band_factor", given=guard_band_factor, allowed="finite")
    process = NormalProcess.of_in_tolerance_probability(itp)
    acceptance = (-guard_band_factor, guard_band_factor)
    return global_risk(process, 1 / (2 * tur), tolerance=(-1.0, 1.0), acceptance=acceptance)


def normal_probability(low: float, high: float) -> float:
    """Return P(low ≤ Z ≤ high) of a standard normal variable; small tails keep their digits."""
    return float(_between(np.asarray(low), np.asarray(high)))


def _between(low: Floats, high: Floats) -> Floats:
    mirrored = low > 0
    probability: Floats = np.where(mirrored, ndtr(-low) - ndtr(-high), ndtr(high) - ndtr(low))
    return probability


def _weighted(process: Process, u: float, region: Interval, outcome: Interval) -> float:
    """Integrate g0(η) P(outcome | η) over a region of true values."""
    support = process.breaks()
    low, high = max(region[0], support[0]), min(region[1], support[-1])
    if low >= high:
        return 0.0
    edges = [limit for limit in outcome if math.isfinite(limit)]
    own = [edge + sign * reach * u for edge in edges for reach in _REACHES for sign in (-1, 1)]
    breaks = [low, high, *(point for point in (*own, *support) if low < point < high)]

    def function(points: Floats) -> Floats:
        return process.density(points) * _between((outcome[0] - points) / u, (outcome[1] - points) / u)

    return integral(function, breaks)
