"""The Youden plot: two similar items, one point a laboratory; along the diagonal it errs alike on both.

Deviations from the medians are turned by 45°: t along the diagonal (systematic), p across it (random). The circle
holds 95 % of the laboratories if only random effects act: radius = 2.448 s_r with s_r from the p (Youden 1959).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from jialiang.science.errors import LengthsDiffer, ParameterNotAllowed, TooFewObservations


@dataclass(frozen=True, slots=True)
class YoudenPoint:
    """One laboratory: its two results, its deviation along and across the diagonal, the distance from the centre."""

    first: float
    second: float
    along: float
    across: float

    @property
    def distance(self) -> float:
        """Distance from the centre."""
        return math.hypot(self.along, self.across)


@dataclass(frozen=True, slots=True)
class YoudenPlot:
    """Everything to draw: the centre, every point, s along and across, the radius and who lies outside."""

    centre: tuple[float, float]
    points: tuple[YoudenPoint, ...]
    sd_along: float
    sd_across: float
    probability: float
    radius: float

    @property
    def outside(self) -> tuple[int, ...]:
        """Positions (from 0) of the points outside the circle."""
        return tuple(i for i, point in enumerate(self.points) if point.distance > self.radius)


def youden_plot(first: Sequence[float], second: Sequence[float], *, probability: float = 0.95) -> YoudenPlot:
    """Evaluate at least three laboratories."""
    if len(first) != len(second):
        raise LengthsDiffer(first=len(first), second=len(second))
    if len(first) < 3:
        raise TooFewObservations(needed=3, given=len(first))
    if not 0 < probability < 1:
        raise ParameterNotAllowed(parameter="p", given=probability, allowed="0 < p < 1")
    centre = (median(first), median(second))
    points = tuple(_point(a, b, centre) for a, b in zip(first, second, strict=True))
    across = _deviation([point.across for point in points])
    radius = across * math.sqrt(-2 * math.log(1 - probability))
    return YoudenPlot(centre, points, _deviation([p.along for p in points]), across, probability, radius)


def _point(first: float, second: float, centre: tuple[float, float]) -> YoudenPoint:
    x, y = first - centre[0], second - centre[1]
    return YoudenPoint(first, second, (x + y) / math.sqrt(2), (y - x) / math.sqrt(2))


def _deviation(distances: list[float]) -> float:
    mean = math.fsum(distances) / len(distances)
    return math.sqrt(math.fsum((d - mean) ** 2 for d in distances) / (len(distances) - 1))
