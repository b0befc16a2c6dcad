"""Shewhart charts of GB/T 17989.2: x̄ with R or s, R, s, and individual values with their moving range."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from jialiang.science.charts.factors import c4, d2, d3
from jialiang.science.charts.rules import RULES, Signal, signals
from jialiang.science.distributions import require_positive
from jialiang.science.errors import LengthsDiffer, TooFewObservations
from jialiang.science.type_a import repeatability

Dispersion = Literal["range", "deviation"]
ALL_RULES = tuple(RULES)
BEYOND_ONLY = (1,)


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of plotted ``points``: centre, limits (lower, upper), σ of a point, and its signals.

    Limits stand at three σ, cut at 0 for ranges and standard deviations.
    """

    points: tuple[float, ...]
    centre: float
    limits: tuple[float, float]
    sd: float
    signals: tuple[Signal, ...]


@dataclass(frozen=True, slots=True)
class ChartPair:
    """The chart of location with the one of dispersion beside it, and σ of a single observation."""

    location: Chart
    dispersion: Chart
    sd_of_observation: float


@dataclass(frozen=True, slots=True)
class Known:
    """Parameters of a process known beforehand: centre and σ of a single observation; None: from the data."""

    centre: float | None = None
    sd: float | None = None


UNKNOWN = Known()


def chart_of_means(
    subgroups: Sequence[Sequence[float]],
    dispersion: Dispersion = "range",
    *,
    known: Known = UNKNOWN,
    rules: Iterable[int] = ALL_RULES,
) -> ChartPair:
    """Return the x̄ chart with the R or s chart; σ from R̄/d2 or s̄/c4 unless it is known.

    Subgroups are of one size. Limits x̄ ± 3σ/√n; R: d2 σ ± 3 d3 σ; s: c4 σ ± 3 σ √(1 - c4²).
    """
    size = size_of(subgroups)
    spreads = [_spread(group, dispersion) for group in subgroups]
    mean_factor, sd_factor = _factors(dispersion, size)
    sigma = known.sd if known.sd is not None else _mean(spreads) / mean_factor
    means = [_mean(group) for group in subgroups]
    centre = known.centre if known.centre is not None else _mean(means)
    location = chart_about(means, centre, sigma / math.sqrt(size), rules)
    return ChartPair(location, _one_sided(spreads, mean_factor * sigma, sd_factor * sigma), sigma)


def chart_of_individuals(
    observations: Sequence[float],
    *,
    known: Known = UNKNOWN,
    by: Literal["moving-range", "deviation"] = "moving-range",
    rules: Iterable[int] = ALL_RULES,
) -> ChartPair:
    """Return the chart of single values with the moving range of two; σ = MR̄/d2(2), or s of all values."""
    if len(observations) < 2:
        raise TooFewObservations(needed=2, given=len(observations))
    moving = [abs(b - a) for a, b in zip(observations, observations[1:], strict=False)]
    estimated = (
        _mean(moving) / d2(2) if by == "moving-range" else repeatability(observations).standard_deviation
    )
    sigma = known.sd if known.sd is not None else estimated
    centre = known.centre if known.centre is not None else _mean(observations)
    location = chart_about(observations, centre, sigma, rules)
    return ChartPair(location, _one_sided(moving, d2(2) * sigma, d3(2) * sigma), sigma)


def chart_about(points: Sequence[float], centre: float, sd: float, rules: Iterable[int] = ALL_RULES) -> Chart:
    """Return a chart of points whose centre and standard deviation are given."""
    require_positive("sd", sd)
    distances = [(point - centre) / sd for point in points]
    return Chart(tuple(points), centre, (centre - 3 * sd, centre + 3 * sd), sd, signals(distances, rules))


def size_of(subgroups: Sequence[Sequence[float]]) -> int:
    """Return the common size of the subgroups. Raises LengthsDiffer, TooFewObservations."""
    if not subgroups:
        raise TooFewObservations(needed=2, given=0)
    size = len(subgroups[0])
    for group in subgroups:
        if len(group) != size:
            raise LengthsDiffer(first=size, second=len(group))
    if size < 2:
        raise TooFewObservations(needed=2, given=size)
    return size


def _one_sided(points: Sequence[float], centre: float, sd: float) -> Chart:
    drawn = chart_about(points, centre, sd, BEYOND_ONLY)
    lower, upper = max(0.0, centre - 3 * sd), centre + 3 * sd
    found = tuple(Signal(i, 1) for i, point in enumerate(points) if not lower <= point <= upper)
    return Chart(drawn.points, centre, (lower, upper), sd, found)


def _factors(dispersion: Dispersion, size: int) -> tuple[float, float]:
    if dispersion == "range":
        return d2(size), d3(size)
    mean = c4(size)
    return mean, math.sqrt(1 - mean**2)


def _spread(group: Sequence[float], dispersion: Dispersion) -> float:
    return max(group) - min(group) if dispersion == "range" else repeatability(group).standard_deviation


def _mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values)
