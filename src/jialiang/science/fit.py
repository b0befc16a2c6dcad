"""Straight line by least squares, b(t) = y1 + y2 (t - t0), with the covariance kept (GUM H.3)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from jialiang.science.errors import LengthsDiffer, PointsCoincide, TooFewObservations


@dataclass(frozen=True, slots=True)
class Prediction:
    """The line at one point: its value, the standard uncertainty from the fit, and the fit's ν."""

    value: float
    standard_uncertainty: float
    degrees_of_freedom: int


@dataclass(frozen=True, slots=True)
class StraightLine:
    """A fitted line; ``intercept`` is its value at ``reference_point`` (t0), ``correlation`` r(y1, y2).

    Two more figures of the same fit: the residual standard deviation s and ν = n - 2. The abscissae are taken
    as known exactly and the ordinates as equally uncertain.
    """

    reference_point: float
    intercept: float
    slope: float
    intercept_standard_uncertainty: float
    slope_standard_uncertainty: float
    correlation: float
    residual_standard_deviation: float
    degrees_of_freedom: int
    residuals: tuple[float, ...]
    mean_point: float
    sum_of_squared_distances: float
    lowest: float
    highest: float

    @property
    def covariance(self) -> float:
        """u(y1, y2) = r u(y1) u(y2)."""
        return self.correlation * self.intercept_standard_uncertainty * self.slope_standard_uncertainty

    @property
    def coefficient_of_determination(self) -> float:
        """R², the share of the scatter that the line explains; 1 where there is no scatter to explain."""
        residual = self.residual_standard_deviation**2 * self.degrees_of_freedom
        explained = self.slope**2 * self.sum_of_squared_distances
        return explained / (explained + residual) if explained + residual else 1.0

    def predict(self, point: float) -> Prediction:
        """Return b(t) with u² = u²(y1) + (t-t0)² u²(y2) + 2 (t-t0) u(y1, y2).

        Written about the mean point, s² (1/n + (t-mean)²/S), which is the same and never cancels.
        """
        lever = (point - self.mean_point) ** 2 / self.sum_of_squared_distances
        uncertainty = self.residual_standard_deviation * math.sqrt(1 / len(self.residuals) + lever)
        value = self.intercept + self.slope * (point - self.reference_point)
        return Prediction(value, uncertainty, self.degrees_of_freedom)

    def is_extrapolated(self, point: float) -> bool:
        """Whether the point lies outside the points that were fitted."""
        return not self.lowest <= point <= self.highest


def fit_straight_line(
    points: Sequence[float], ordinates: Sequence[float], *, reference_point: float = 0.0
) -> StraightLine:
    """Fit at least three points with equal weights; sums are taken about the mean, so nothing cancels."""
    count = len(points)
    if count != len(ordinates):
        raise LengthsDiffer(first=count, second=len(ordinates))
    if count < 3:
        raise TooFewObservations(needed=3, given=count)
    if min(points) == max(points):
        raise PointsCoincide(abscissa=points[0])
    mean_point, mean_ordinate = math.fsum(points) / count, math.fsum(ordinates) / count
    distances = [point - mean_point for point in points]
    squares = math.fsum(distance**2 for distance in distances)
    slope = math.fsum(d * (b - mean_ordinate) for d, b in zip(distances, ordinates, strict=True)) / squares
    residuals = [b - mean_ordinate - slope * d for d, b in zip(distances, ordinates, strict=True)]
    scatter = math.sqrt(math.fsum(residual**2 for residual in residuals) / (count - 2))
    lever = mean_point - reference_point
    spread = math.sqrt(1 / count + lever**2 / squares)
    return StraightLine(
        reference_point=reference_point,
        intercept=mean_ordinate - slope * lever,
        slope=slope,
        intercept_standard_uncertainty=scatter * spread,
        slope_standard_uncertainty=scatter / math.sqrt(squares),
        correlation=-lever / (math.sqrt(squares) * spread),
        residual_standard_deviation=scatter,
        degrees_of_freedom=count - 2,
        residuals=tuple(residuals),
        mean_point=mean_point,
        sum_of_squared_distances=squares,
        lowest=min(points),
        highest=max(points),
    )
