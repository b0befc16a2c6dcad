"""Covariance matrices on their way to paper: rounded so that they stay what they are, and read as correlations.

Exact in fractions from end to end: the same entries give the same digits on every machine.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import ROUND_CEILING, Context, Decimal
from fractions import Fraction

from scipy.special import chdtri, fdtri

from jialiang.science.errors import ParameterNotAllowed
from jialiang.science.rounding import plain_text, rounded_to_place

Matrix = tuple[tuple[Fraction, ...], ...]
"""Rows of equal length, as many as columns."""

DIGITS = 8
"""Significant digits of a reported covariance.

U has two of them, r three where it is near one. The others pay for the rounding: it moves an eigenvalue of the
matrix of n correlations by at most n·10⁻⁸, which :func:`rounded_covariance` gives back by 2n·10⁻⁸ of every r.
"""

_FINE = Context(prec=60)
_FACTOR_PLACES = 2


def rounded_covariance(matrix: Matrix) -> tuple[tuple[str, ...], ...] | None:
    """Return the entries as decimal texts of :data:`DIGITS` digits, symmetric and positive semidefinite.

    A variance is rounded; a covariance is first made smaller by 2n·10⁻⁸ of itself (n rows), so that no rounding
    makes the matrix indefinite. None for a matrix with a variance that is not above zero, or that is no covariance
    matrix itself.
    """
    rows = range(len(matrix))
    if any(matrix[i][i] <= 0 for i in rows):
        return None
    kept = 1 - Fraction(2 * len(matrix), 10**DIGITS)
    places = [_magnitude(matrix[i][i]) for i in rows]
    texts = [[""] * len(matrix) for _ in rows]
    for i in rows:
        texts[i][i] = _rounded(matrix[i][i], places[i] - DIGITS + 1)
        for j in range(i):
            place = (places[i] + places[j]) // 2 - DIGITS
            texts[i][j] = texts[j][i] = _rounded(matrix[i][j] * kept, place)
    rounded = tuple(map(tuple, texts))
    return rounded if is_positive_semidefinite(exact_matrix(rounded)) else None


def exact_matrix(texts: Sequence[Sequence[str]]) -> Matrix:
    """Return the entries of decimal texts as fractions."""
    return tuple(tuple(Fraction(text) for text in row) for row in texts)


def is_positive_semidefinite(matrix: Matrix) -> bool:
    """Tell whether no eigenvalue of a symmetric matrix is below zero: exact elimination, no tolerance."""
    scale = math.lcm(*(entry.denominator for row in matrix for entry in row))
    rest = [[int(entry * scale) for entry in row] for row in matrix]
    divisor = 1
    while rest:
        pivot, head = rest[0][0], rest[0]
        if pivot < 0 or (pivot == 0 and any(head)):
            return False
        below = rest[1:]
        if pivot == 0:
            rest = [row[1:] for row in below]
            continue
        rest = [
            [(pivot * entry - row[0] * upper) // divisor for entry, upper in zip(row[1:], head[1:], strict=True)]
            for row in below
        ]
        divisor = pivot
    return True


def is_symmetric(matrix: Matrix) -> bool:
    """Tell whether the matrix is square and every entry equals its mirror image."""
    size = len(matrix)
    return all(len(row) == size for row in matrix) and all(
        matrix[i][j] == matrix[j][i] for i in range(size) for j in range(i)
    )


def correlation_text(matrix: Matrix, first: int, second: int, places: int = 2) -> str:
    """Return r of two rows as decimal text (``0.62``); of a variance that is not above zero, empty text."""
    product = matrix[first][first] * matrix[second][second]
    if matrix[first][first] <= 0 or matrix[second][second] <= 0:
        return ""
    r = _FINE.divide(_decimal(matrix[first][second]), _FINE.sqrt(_decimal(product)))
    return rounded_to_place(max(Decimal(-1), min(Decimal(1), r)), -places)


def ellipsoid_factor(size: int, coverage_probability: float, degrees_of_freedom: float = math.inf) -> str:
    """Return k of the ellipsoid that holds ``size`` quantities at once with p, rounded up to two places.

    k² = χ²_p(n), and k² = n F_p(n, ν) for finite ν; for one quantity it is the t-factor. Raises ParameterNotAllowed.
    """
    if not 0 < coverage_probability < 1:
        raise ParameterNotAllowed(parameter="p", given=coverage_probability, allowed="0 < p < 1")
    if size < 1 or not degrees_of_freedom > 0:
        raise ParameterNotAllowed(parameter="n, ν", given=min(size, degrees_of_freedom), allowed="n ≥ 1, ν > 0")
    if math.isinf(degrees_of_freedom):
        square = float(chdtri(size, 1 - coverage_probability))
    else:
        square = size * float(fdtri(size, degrees_of_freedom, coverage_probability))
    exact = Decimal(repr(math.sqrt(square)))
    return plain_text(exact.quantize(Decimal(1).scaleb(-_FACTOR_PLACES), rounding=ROUND_CEILING))


def _magnitude(number: Fraction) -> int:
    """Return the place of the first digit: -5 for 0.000021."""
    return _decimal(number).adjusted()


def _decimal(number: Fraction) -> Decimal:
    return _FINE.divide(Decimal(number.numerator), Decimal(number.denominator))


def _rounded(number: Fraction, place: int) -> str:
    return rounded_to_place(_decimal(number), place)
