"""Covariance matrices on paper: rounded to digits that keep them what they are; r and k of a region by hand."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from jialiang.science.covariance import (
    DIGITS,
    correlation_text,
    ellipsoid_factor,
    exact_matrix,
    is_positive_semidefinite,
    is_symmetric,
    rounded_covariance,
)
from jialiang.science.errors import ParameterNotAllowed


def matrix(*rows):
    return exact_matrix([row.split() for row in rows])


def product(columns):
    """The matrix C Cᵀ of integer rows: positive semidefinite, and singular where there are fewer columns than rows."""
    return tuple(tuple(Fraction(sum(a * b for a, b in zip(x, y, strict=True))) for y in columns) for x in columns)


SEMIDEFINITE = [
    ("one variance", ("4",), True),
    ("a variance below zero", ("-4",), False),
    ("nothing at all", ("0",), True),
    ("r = 1", ("1 2", "2 4"), True),
    ("r = -1", ("1 -2", "-2 4"), True),
    ("r a little above one", ("1 2.0000001", "2.0000001 4"), False),
    ("a zero beside a number", ("0 0", "0 3"), True),
    ("a covariance with what has no variance", ("0 1", "1 3"), False),
    ("zero in the middle", ("1 0 1", "0 0 0", "1 0 1"), True),
    ("three that cannot all be opposite", ("1 -0.6 -0.6", "-0.6 1 -0.6", "-0.6 -0.6 1"), False),
    ("three that are as opposite as they can be", ("1 -0.5 -0.5", "-0.5 1 -0.5", "-0.5 -0.5 1"), True),
    ("two blocks, the second is none", ("1 0 0", "0 1 2", "0 2 1"), False),
]


@pytest.mark.parametrize(("_name", "rows", "expected"), SEMIDEFINITE, ids=[case[0] for case in SEMIDEFINITE])
def test_semidefinite_by_hand(_name, rows, expected):
    assert is_positive_semidefinite(matrix(*rows)) is expected


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_order_of_the_rows_does_not_matter(order):
    for rows, expected in ((("0 0 0", "0 2 1", "0 1 2"), True), (("0 0 1", "0 2 1", "1 1 2"), False)):
        found = matrix(*rows)
        turned = tuple(tuple(found[i][j] for j in order) for i in order)
        assert is_positive_semidefinite(turned) is expected


ENTRIES = st.lists(st.lists(st.integers(-9, 9), min_size=2, max_size=2), min_size=1, max_size=5)


@given(ENTRIES)
def test_what_is_a_product_is_semidefinite_and_a_little_less_is_not(columns):
    found = product(columns)
    assert is_positive_semidefinite(found)
    if len(columns) > 2:  # singular: two columns for three rows or more
        bit = Fraction(1, 10**12)
        less = tuple(tuple(e - (i == j) * bit for j, e in enumerate(row)) for i, row in enumerate(found))
        assert not is_positive_semidefinite(less)


@given(st.lists(st.lists(st.integers(-5, 5), min_size=4, max_size=4), min_size=4, max_size=4))
def test_semidefinite_as_the_eigenvalues_say(rows):
    found = tuple(tuple(Fraction(rows[i][j] + rows[j][i]) for j in range(4)) for i in range(4))
    lowest = float(np.linalg.eigvalsh(np.array(found, dtype=float))[0])
    if abs(lowest) > 1e-9:
        assert is_positive_semidefinite(found) is (lowest > 0)


def test_rounding_by_hand():
    """u = 0.003 and 0.004 with r = 0.5: 9e-6, 16e-6 and 6e-6 (1 - 4e-8)."""
    texts = rounded_covariance(matrix("0.000009 0.000006", "0.000006 0.000016"))
    assert texts == (("0.0000090000000", "0.00000599999976"), ("0.00000599999976", "0.000016000000"))


@pytest.mark.parametrize("size", [2, 3, 7, 20])
def test_results_that_all_rest_on_one_thing_stay_a_covariance_matrix(size):
    """Of rank one: plain rounding makes most such matrices indefinite, ours none."""
    parts = [Fraction(1 + 7 * k % 11, 3 + k) for k in range(size)]
    found = tuple(tuple(a * b for b in parts) for a in parts)
    texts = rounded_covariance(found)
    assert is_positive_semidefinite(exact_matrix(texts))
    assert correlation_text(exact_matrix(texts), 0, size - 1) == "1.00"
    assert correlation_text(exact_matrix(texts), 0, 1, 5) == "1.00000"


def test_plain_rounding_would_have_failed():
    """The reason for the 2n·10⁻⁸: thirds and sevenths of rank one, each entry rounded by itself."""
    parts = [Fraction(1, 3), Fraction(1, 7), Fraction(1, 11)]
    plain = [[f"{float(a * b):.8f}" for b in parts] for a in parts]
    assert not is_positive_semidefinite(exact_matrix(plain))
    ours = rounded_covariance(tuple(tuple(a * b for b in parts) for a in parts))
    assert is_positive_semidefinite(exact_matrix(ours))


LARGE = st.lists(st.lists(st.integers(-10**6, 10**6), min_size=3, max_size=3).filter(any), min_size=2, max_size=6)


@settings(max_examples=60)
@given(LARGE, st.integers(-20, 6))
def test_every_covariance_matrix_comes_back_within_its_digits(columns, power):
    """Variances to half a digit of the eighth place; r to 2n·10⁻⁸ and one such digit; definite; the same both ways."""
    scale = Fraction(10) ** power
    found = tuple(tuple(entry * scale for entry in row) for row in product(columns))
    texts = rounded_covariance(found)
    back = exact_matrix(texts)
    assert is_positive_semidefinite(back)
    assert is_symmetric(back)
    for i, row in enumerate(found):
        assert abs(back[i][i] / row[i] - 1) <= Fraction(5, 10**DIGITS)
        for j in range(i):
            off = float(back[i][j] - row[j]) / math.sqrt(row[i] * found[j][j])
            assert abs(off) <= (2 * len(found) + 1) * 10**-DIGITS
    assert rounded_covariance(found) == texts


@pytest.mark.parametrize("rows", [
    ("0 0", "0 1"), ("-1 0", "0 1"), ("1 2", "2 1"), ("1 1 -1", "1 1 1", "-1 1 1"),
])  # fmt: skip
def test_what_is_no_covariance_matrix_is_not_made_one(rows):
    assert rounded_covariance(matrix(*rows)) is None


@pytest.mark.parametrize(("rows", "symmetric"), [
    (("1 2", "2 1"), True), (("1 2", "3 1"), False), (("1 2",), False), (("1 2 3", "2 1 4"), False), (("5",), True),
])  # fmt: skip
def test_symmetric(rows, symmetric):
    assert is_symmetric(matrix(*rows)) is symmetric


@pytest.mark.parametrize(("rows", "places", "text"), [
    (("4 3", "3 9"), 2, "0.50"), (("4 -3", "-3 9"), 2, "-0.50"), (("1 0", "0 1"), 2, "0.00"),
    (("3 1", "1 3"), 4, "0.3333"), (("1 -0.001", "-0.001 1"), 2, "0.00"), (("0 0", "0 1"), 2, ""),
    (("1 1.5", "1.5 1"), 2, "1.00"), (("1 -1.5", "-1.5 1"), 2, "-1.00"), (("-1 0", "0 -1"), 2, ""),
    (("0.000021661775 0.0000114529951", "0.0000114529951 0.000019862119"), 3, "0.552"),
])  # fmt: skip
def test_r_by_hand(rows, places, text):
    assert correlation_text(matrix(*rows), 0, 1, places) == text


def test_of_one_quantity_the_factor_is_that_of_the_t_distribution():
    assert ellipsoid_factor(1, 0.95) == "1.96"
    assert ellipsoid_factor(1, 0.95, 9) == "2.27"  # 2.2622 upwards


@pytest.mark.parametrize(("size", "probability", "degrees"), [
    (2, 0.95, math.inf), (2, 0.99, math.inf), (11, 0.95, math.inf), (2, 0.95, 5), (3, 0.9545, 9), (6, 0.95, 498),
])  # fmt: skip
def test_the_factor_holds_the_probability_and_no_more_than_two_places_too_much(size, probability, degrees):
    """By the distribution functions, which are another computation than the quantiles."""

    def held(k):
        if math.isinf(degrees):
            return stats.chi2.cdf(k**2, size)
        return stats.f.cdf(k**2 / size, size, degrees)

    k = float(ellipsoid_factor(size, probability, degrees))
    assert held(k) >= probability > held(k - 0.01)


def test_two_quantities_in_closed_form():
    """χ²(2) is exponential: k = √(-2 ln(1 - p)) = 2.4477 for 95 %."""
    assert ellipsoid_factor(2, 0.95) == "2.45"
    assert ellipsoid_factor(2, 0.5) == "1.18"  # √(2 ln 2) = 1.1774


def test_more_quantities_and_fewer_degrees_of_freedom_need_a_larger_factor():
    sizes = [float(ellipsoid_factor(size, 0.95)) for size in range(1, 12)]
    assert sizes == sorted(sizes)
    degrees = [float(ellipsoid_factor(4, 0.95, nu)) for nu in (3, 5, 9, 30, 200, math.inf)]
    assert degrees == sorted(degrees, reverse=True)


@pytest.mark.parametrize(("size", "probability", "degrees"), [
    (0, 0.95, 9), (2, 0.0, 9), (2, 1.0, 9), (2, 0.95, 0), (2, 0.95, -1), (2, 0.95, math.nan),
])  # fmt: skip
def test_a_factor_of_nothing_is_refused(size, probability, degrees):
    with pytest.raises(ParameterNotAllowed):
        ellipsoid_factor(size, probability, degrees)
