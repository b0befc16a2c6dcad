"""How the results of a record hang together: two points rest on one certificate, one drift, one fitted line.

u(y1, y2) = Σ c1 u(a) r(a, b) c2 u(b) over the inputs that both points share (GUM F.1.2.3). Which inputs those are the
budget says: those from a certificate, from the standard's drift or value and from the line, unless it says otherwise.
All of it is exact in the decimal texts of the record, so that the same record always gives the same digits.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from jialiang.science.covariance import Matrix

COMMON = frozenset({"certificate", "drift", "standard_value", "line"})
_FITTING = Fraction(1, 200)
"""How far k u may be from U: k is printed with two decimals, so 2.00 stands for anything up to 2.005."""


@dataclass(frozen=True, slots=True)
class CorrelatedPair:
    """The correlation coefficient of the results at two points (decimal texts as in the record)."""

    first: str
    second: str
    coefficient: float


def correlated_points(evaluation: dict[str, Any]) -> tuple[CorrelatedPair, ...]:
    """Return r of every pair of points that were evaluated by budgets, in their order; nothing for other points."""
    points = [point for point in evaluation.get("points", []) if "origins" in point]
    return tuple(
        CorrelatedPair(one["point"], other["point"], _coefficient(one, other))
        for place, one in enumerate(points)
        for other in points[place + 1 :]
    )


def points_covariance(evaluation: dict[str, Any]) -> Matrix | None:
    """Return the covariance matrix of all points in their order, in the square of the unit of the results.

    None where it cannot be said: a point without a budget of its own or without uncertainty, or one whose U does not
    follow from u by its k (an interval from draws may be of another shape).
    """
    points = evaluation.get("points", [])
    if len(points) < 2 or not all("origins" in point and _follows(point) for point in points):
        return None
    return tuple(
        tuple(_variance(one) if one is other else _covariance(one, other) for other in points) for one in points
    )


def _follows(point: dict[str, Any]) -> bool:
    """Tell whether U is k u as far as the printed k can say."""
    u, expanded = Fraction(point["combined_standard_uncertainty"]), Fraction(point["expanded_uncertainty_exact"])
    return u > 0 and abs(u * Fraction(point["coverage_factor"]) - expanded) <= _FITTING * expanded


def _coefficient(one: dict[str, Any], other: dict[str, Any]) -> float:
    product = float(one["combined_standard_uncertainty"]) * float(other["combined_standard_uncertainty"])
    return max(-1.0, min(1.0, float(_covariance(one, other)) / product)) if product else 0.0


def _variance(point: dict[str, Any]) -> Fraction:
    return Fraction(point["combined_standard_uncertainty"]) ** 2


def _covariance(one: dict[str, Any], other: dict[str, Any]) -> Fraction:
    first, second = _shared(one), _shared(other)
    own = {frozenset(pair[:2]): Fraction(pair[2]) for pair in one["budget"]["correlations"]}
    return sum(
        (
            part * further * (Fraction(1) if a == b else own.get(frozenset((a, b)), Fraction(0)))
            for a, part in first.items()
            for b, further in second.items()
            if a in second and b in first
        ),
        Fraction(0),
    )


def _shared(point: dict[str, Any]) -> dict[str, Fraction]:
    """Return c u of the inputs that stand for one and the same thing at every point."""
    origins = point["origins"]
    return {
        row["symbol"]: Fraction(row["contribution"])
        for row in point["contributions"]
        if origins.get(row["symbol"], {}).get("common") == "true"
    }
