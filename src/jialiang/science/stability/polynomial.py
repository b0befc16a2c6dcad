"""Curves y = Σ b_j (x - x0)^j by least squares, with the covariance that a calibration curve hands on.

Normal equations are solved in rational arithmetic, so that the coefficients are those of the data as given, free
of rounding; weights are 1/u².
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from scipy.special import gammaincc, stdtr

from jialiang.science.distributions import require_positive
from jialiang.science.errors import LengthsDiffer, ParameterNotAllowed, PointsCoincide, TooFewObservations
from jialiang.science.fit import Prediction
from jialiang.science.rounding import Number, as_decimal
from jialiang.science.solving import NoSolution

HIGHEST_ORDER = 9


@dataclass(frozen=True, slots=True)
class Curve:
    """A fitted polynomial: coefficients of rising powers (from ``lowest_power``) and their covariance.

    Unweighted: s² = RSS/ν scales the covariance. With stated uncertainties the covariance follows from them alone
    and ``chi_squared`` tests the model. ``interval`` is where it was fitted.
    """

    reference_point: float
    lowest_power: int
    coefficients: tuple[float, ...]
    covariance: tuple[tuple[float, ...], ...]
    residual_standard_deviation: float
    degrees_of_freedom: int
    interval: tuple[float, float]
    chi_squared: float | None = None

    @property
    def standard_uncertainties(self) -> tuple[float, ...]:
        """Square roots of the diagonal of the covariance."""
        return tuple(math.sqrt(self.covariance[i][i]) for i in range(len(self.coefficients)))

    @property
    def probability(self) -> float | None:
        """Pr(χ²(ν) > observed) of a fit with stated uncertainties; None where there is nothing to test."""
        if self.chi_squared is None or self.degrees_of_freedom < 1:
            return None
        return float(gammaincc(self.degrees_of_freedom / 2, self.chi_squared / 2))

    def powers(self, point: float) -> list[float]:
        """Return (x - x0)^j for every coefficient."""
        step = point - self.reference_point
        return [step ** (self.lowest_power + i) for i in range(len(self.coefficients))]

    def predict(self, point: float) -> Prediction:
        """Return the curve at a point with u² = Σ Σ x^i x^j cov(b_i, b_j), without the scatter of a new reading."""
        powers = np.asarray(self.powers(point))
        square = float(powers @ np.asarray(self.covariance) @ powers)
        value = math.fsum(b * p for b, p in zip(self.coefficients, powers.tolist(), strict=True))
        return Prediction(value, math.sqrt(max(square, 0.0)), self.degrees_of_freedom)

    def slope(self, point: float) -> float:
        """Return dy/dx."""
        step = point - self.reference_point
        terms = enumerate(self.coefficients, self.lowest_power)
        return math.fsum(j * b * step ** (j - 1) for j, b in terms if j)

    def solve(self, ordinate: float, *, standard_uncertainty: float = 0.0) -> Prediction:
        """Return x where the curve meets y inside its interval, with u² = (u²(y) + u²(curve))/slope².

        Raises NoSolution unless there is exactly one such x.
        """
        roots = [x for x in self._crossings(ordinate) if self.interval[0] <= x <= self.interval[1]]
        if len(roots) != 1:
            raise NoSolution(sought="x", reason=f"{len(roots)} × y = {ordinate:g}")
        steepness = self.slope(roots[0])
        if steepness == 0:
            raise NoSolution(sought="x", reason="dy/dx = 0")
        own = self.predict(roots[0]).standard_uncertainty
        u = math.hypot(own, standard_uncertainty) / abs(steepness)
        return Prediction(roots[0], u, self.degrees_of_freedom)

    def significance(self) -> tuple[float, ...]:
        """Return for every coefficient the probability that chance alone makes it so large (t-test)."""
        if self.degrees_of_freedom < 1:
            raise TooFewObservations(needed=len(self.coefficients) + 1, given=len(self.coefficients))
        pairs = zip(self.coefficients, self.standard_uncertainties, strict=True)
        return tuple(2 * float(stdtr(self.degrees_of_freedom, -abs(b / u))) if u else 0.0 for b, u in pairs)

    def to_json(self) -> dict[str, Any]:
        """Return what another calculation needs to use the curve."""
        return {
            "reference_point": self.reference_point,
            "lowest_power": self.lowest_power,
            "coefficients": list(self.coefficients),
            "covariance": [list(row) for row in self.covariance],
            "residual_sd": self.residual_standard_deviation,
            "dof": self.degrees_of_freedom,
            "interval": list(self.interval),
        }

    def _crossings(self, ordinate: float) -> list[float]:
        series = [0.0] * self.lowest_power + list(self.coefficients)
        series[0] -= ordinate
        roots = np.polynomial.Polynomial(series).roots()
        width = abs(self.interval[1] - self.interval[0]) or 1.0
        real = [float(root.real) for root in roots if abs(root.imag) <= 1e-9 * width]
        return sorted({self.reference_point + root for root in real})


def fit_curve(
    points: Sequence[Number],
    ordinates: Sequence[Number],
    *,
    order: int,
    reference_point: Number = 0,
    lowest_power: int = 0,
    uncertainties: Sequence[Number] | None = None,
) -> Curve:
    """Fit a polynomial of ``order``; ``lowest_power`` 1 forces it through 0 at the reference point.

    Raises TooFewObservations, LengthsDiffer, PointsCoincide (not enough different points).
    """
    terms = _terms(order, lowest_power)
    x0 = _exact(reference_point)
    x, y = [_exact(point) - x0 for point in points], [_exact(ordinate) for ordinate in ordinates]
    weights = _weights(uncertainties, len(points))
    _check(x, y, terms, with_scatter=uncertainties is None)
    solved = _solved(x, y, weights, terms)
    ends = (float(min(x) + x0), float(max(x) + x0))
    return _curve(solved, float(x0), terms.start, ends, stated=uncertainties is not None)


@dataclass(frozen=True, slots=True)
class _Solved:
    """Exact coefficients, the inverse of the normal matrix, and the sums of squares with and without weights."""

    beta: list[Fraction]
    inverse: list[list[Fraction]]
    weighted_squares: Fraction
    squares: Fraction
    count: int


@dataclass(frozen=True, slots=True)
class _Moments:
    """Σ w x^k, Σ w y x^k and Σ w y²."""

    powers: list[Fraction]
    mixed: list[Fraction]
    square: Fraction

    def squares_about(self, beta: list[Fraction], terms: range) -> Fraction:
        """Return Σ w (y - Σ b_j x^j)²; in exact arithmetic nothing cancels."""
        linear = _sum(b * self.mixed[j] for b, j in zip(beta, terms, strict=True))
        pairs = [(b, j) for b, j in zip(beta, terms, strict=True)]
        quadratic = _sum(b * c * self.powers[i + j] for b, i in pairs for c, j in pairs)
        return self.square - 2 * linear + quadratic


def _solved(x: list[Fraction], y: list[Fraction], weights: list[Fraction], terms: range) -> _Solved:
    moments = _moments(x, y, weights, terms[-1])
    inverse = _inverse([[moments.powers[i + j] for j in terms] for i in terms])
    beta = [_sum(a * moments.mixed[j] for a, j in zip(row, terms, strict=True)) for row in inverse]
    weighted = moments.squares_about(beta, terms)
    plain = weighted
    if len(set(weights)) > 1 or weights[0] != 1:
        plain = _moments(x, y, [Fraction(1)] * len(x), terms[-1]).squares_about(beta, terms)
    return _Solved(beta, inverse, weighted, plain, len(x))


def _moments(x: list[Fraction], y: list[Fraction], weights: list[Fraction], order: int) -> _Moments:
    """Sum whole numbers over common denominators: exact as fractions, and a thousand times faster."""
    x_scale, y_scale = (math.lcm(*(value.denominator for value in column)) for column in (x, y))
    whole_x = [value.numerator * (x_scale // value.denominator) for value in x]
    whole_y = [value.numerator * (y_scale // value.denominator) for value in y]
    groups: dict[Fraction, list[int]] = {}
    for place, weight in enumerate(weights):
        groups.setdefault(weight, []).append(place)
    powers, mixed, square = [Fraction(0)] * (2 * order + 1), [Fraction(0)] * (order + 1), Fraction(0)
    for weight, places in groups.items():
        base, right, rising = [whole_x[i] for i in places], [whole_y[i] for i in places], [1] * len(places)
        square += weight * Fraction(sum(b * b for b in right), y_scale**2)
        for power in range(2 * order + 1):
            powers[power] += weight * Fraction(sum(rising), x_scale**power)
            if power <= order:
                total = sum(r * b for r, b in zip(rising, right, strict=True))
                mixed[power] += weight * Fraction(total, x_scale**power * y_scale)
            rising = [r * b for r, b in zip(rising, base, strict=True)]
    return _Moments(powers, mixed, square)


def _curve(
    solved: _Solved, reference_point: float, lowest_power: int, interval: tuple[float, float], *, stated: bool
) -> Curve:
    degrees = solved.count - len(solved.beta)
    variance = solved.squares / degrees if degrees else Fraction(0)
    scale = Fraction(1) if stated else variance
    return Curve(
        reference_point=reference_point,
        lowest_power=lowest_power,
        coefficients=tuple(float(b) for b in solved.beta),
        covariance=tuple(tuple(float(scale * cell) for cell in row) for row in solved.inverse),
        residual_standard_deviation=math.sqrt(variance),
        degrees_of_freedom=degrees,
        interval=interval,
        chi_squared=float(solved.weighted_squares) if stated else None,
    )


def _sum(numbers: Iterable[Fraction]) -> Fraction:
    return sum(numbers, Fraction(0))


def _terms(order: int, lowest_power: int) -> range:
    if not 0 <= order <= HIGHEST_ORDER:
        raise ParameterNotAllowed(parameter="order", given=order, allowed=f"0 … {HIGHEST_ORDER}")
    if lowest_power not in (0, 1) or lowest_power > order:
        raise ParameterNotAllowed(parameter="lowest_power", given=lowest_power, allowed="0, 1; ≤ order")
    return range(lowest_power, order + 1)


def _weights(uncertainties: Sequence[Number] | None, count: int) -> list[Fraction]:
    if uncertainties is None:
        return [Fraction(1)] * count
    if len(uncertainties) != count:
        raise LengthsDiffer(first=count, second=len(uncertainties))
    for u in uncertainties:
        require_positive("u", float(u))
    return [1 / _exact(u) ** 2 for u in uncertainties]


def _check(x: list[Fraction], y: list[Fraction], terms: range, *, with_scatter: bool) -> None:
    if len(x) != len(y):
        raise LengthsDiffer(first=len(x), second=len(y))
    needed = len(terms) + (1 if with_scatter else 0)
    if len(x) < needed:
        raise TooFewObservations(needed=needed, given=len(x))
    different = {point for point in x if point or not terms.start}
    if len(different) < len(terms):
        raise PointsCoincide(abscissa=float(x[0]))


def _exact(number: Number) -> Fraction:
    return Fraction(number) if isinstance(number, float) else Fraction(as_decimal(number))


def _inverse(matrix: list[list[Fraction]]) -> list[list[Fraction]]:
    """Invert a positive definite matrix exactly (Gauss–Jordan)."""
    size = len(matrix)
    work = [[*row, *(Fraction(int(i == j)) for j in range(size))] for i, row in enumerate(matrix)]
    for column in range(size):
        pivot = work[column][column]
        work[column] = [cell / pivot for cell in work[column]]
        for row in range(size):
            if row != column and (factor := work[row][column]):
                work[row] = [a - factor * b for a, b in zip(work[row], work[column], strict=True)]
    return [row[size:] for row in work]
