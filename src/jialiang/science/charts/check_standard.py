"""The control chart of a check standard: baseline, limits, points outside, drift (期间核查)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from scipy.special import fdtri

from jialiang.science.distributions import require_positive
from jialiang.science.errors import LengthsDiffer, ParameterNotAllowed
from jialiang.science.fit import StraightLine, fit_straight_line
from jialiang.science.type_a import PooledDeviation, repeatability


@dataclass(frozen=True, slots=True)
class Baseline:
    """Centre and standard deviation of the time when the process was known to be good, with their count."""

    centre: float
    standard_deviation: float
    count: int

    def limits(self, multiple: float = 3.0) -> tuple[float, float]:
        """Return the lower and the upper limit, ``multiple`` standard deviations from the centre."""
        require_positive("multiple", multiple)
        reach = multiple * self.standard_deviation
        return self.centre - reach, self.centre + reach

    def distance(self, observation: float) -> float:
        """Return how many standard deviations an observation lies from the centre, with its sign."""
        require_positive("s", self.standard_deviation)
        return (observation - self.centre) / self.standard_deviation


@dataclass(frozen=True, slots=True)
class CheckStandardChart:
    """A check standard's history against its baseline: everything that a drawing of the chart needs.

    ``outside`` holds the positions (from 0) of observations beyond the action limits, ``warned`` of those
    between the warning and the action limits; ``drift`` is the line through all observations.
    """

    times: tuple[float, ...]
    observations: tuple[float, ...]
    baseline: Baseline
    action_limits: tuple[float, float]
    warning_limits: tuple[float, float]
    outside: tuple[int, ...]
    warned: tuple[int, ...]
    drift: StraightLine

    @property
    def drift_is_significant(self) -> bool:
        """Whether the slope exceeds twice its standard uncertainty."""
        return abs(self.drift.slope) > 2 * self.drift.slope_standard_uncertainty


def baseline_of(observations: Sequence[float]) -> Baseline:
    """Return mean and standard deviation (n - 1) of at least two observations."""
    found = repeatability(observations)
    return Baseline(found.mean, found.standard_deviation, found.count)


def beyond(observations: Sequence[float], limits: tuple[float, float]) -> tuple[int, ...]:
    """Return the positions (from 0) of observations outside the limits; on a limit is inside."""
    low, high = limits
    return tuple(position for position, x in enumerate(observations) if not low <= x <= high)


def short_term_limit(pooled: PooledDeviation, new_degrees: float, *, probability: float = 0.99) -> float:
    """Return the upper limit s1 √F of a new short-term standard deviation with ``new_degrees`` of freedom.

    F is the quantile of F(ν new, ν pooled), as the NIST/SEMATECH e-Handbook 2.2.3 controls short-term scatter.
    """
    require_positive("dof", new_degrees)
    if not 0 < probability < 1:
        raise ParameterNotAllowed(parameter="p", given=probability, allowed="0 < p < 1")
    quantile = float(fdtri(new_degrees, pooled.degrees_of_freedom, probability))
    return pooled.standard_deviation * math.sqrt(quantile)


def check_standard_chart(
    times: Sequence[float], observations: Sequence[float], baseline: Baseline
) -> CheckStandardChart:
    """Chart a history in any order of time (at least three observations) against a baseline."""
    if len(times) != len(observations):
        raise LengthsDiffer(first=len(times), second=len(observations))
    action, warning = baseline.limits(3.0), baseline.limits(2.0)
    outside = beyond(observations, action)
    return CheckStandardChart(
        times=tuple(times),
        observations=tuple(observations),
        baseline=baseline,
        action_limits=action,
        warning_limits=warning,
        outside=outside,
        warned=tuple(p for p in beyond(observations, warning) if p not in set(outside)),
        drift=fit_straight_line(times, observations),
    )
