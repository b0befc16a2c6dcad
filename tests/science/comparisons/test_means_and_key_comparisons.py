"""Weighted means, their consistency, key comparison reference values and degrees of equivalence."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2

from jialiang.science.comparisons.consistent_mean import (
    covariance_of,
    dersimonian_laird,
    mandel_paule,
    weighted_mean,
)
from jialiang.science.comparisons.key_comparison import METHODS, key_comparison, largest_consistent_subset
from jialiang.science.errors import LengthsDiffer, ParameterNotAllowed, TooFewObservations
from jialiang.science.solving import ModelUnsuitable

X, U = [10.1, 10.2, 9.9, 10.0, 10.8], [0.1, 0.1, 0.1, 0.2, 0.1]
rows = st.lists(
    st.tuples(st.floats(-10, 10).map(lambda x: round(x, 4)), st.floats(0.01, 2).map(lambda u: round(u, 3))),
    min_size=2,
    max_size=8,
)


def test_weighted_mean_of_two_by_hand():
    found = weighted_mean([10.0, 12.0], [1.0, 2.0])
    assert found.mean == pytest.approx((10 + 12 / 4) / 1.25)
    assert found.standard_uncertainty == pytest.approx(1 / math.sqrt(1.25))
    assert found.weights == pytest.approx((0.8, 0.2))
    assert found.chi_squared == pytest.approx(4 / 5)
    assert found.birge_ratio == pytest.approx(math.sqrt(0.8))
    assert found.external_uncertainty == found.standard_uncertainty


def test_the_consistency_probability_is_that_of_chi_squared():
    found = weighted_mean(X, U)
    assert found.probability == pytest.approx(chi2.sf(found.chi_squared, 4), rel=1e-12)
    assert not found.is_consistent
    assert found.external_uncertainty == pytest.approx(found.standard_uncertainty * found.birge_ratio)
    assert weighted_mean([1.0], [0.1]).probability == 1
    assert weighted_mean([1.0], [0.1]).birge_ratio == 1


@given(rows)
def test_the_mean_lies_among_the_results_and_is_surer_than_any(data):
    x, u = zip(*data, strict=True)
    found = weighted_mean(x, u)
    assert min(x) - 1e-9 <= found.mean <= max(x) + 1e-9
    assert found.standard_uncertainty <= min(u)
    assert math.fsum(found.weights) == pytest.approx(1)


@given(rows)
def test_without_correlation_generalized_least_squares_is_the_same(data):
    x, u = zip(*data, strict=True)
    plain = weighted_mean(x, u)
    general = weighted_mean(x, u, covariance=covariance_of(u, np.eye(len(u)).tolist()))
    assert general.mean == pytest.approx(plain.mean, rel=1e-9, abs=1e-9)
    assert general.standard_uncertainty == pytest.approx(plain.standard_uncertainty, rel=1e-9)
    assert general.chi_squared == pytest.approx(plain.chi_squared, rel=1e-7, abs=1e-9)


def test_two_fully_shared_uncertainties_do_not_average_out():
    r = 0.99
    found = weighted_mean([1.0, 2.0], [1.0, 1.0], covariance=covariance_of([1.0, 1.0], [[1, r], [r, 1]]))
    assert found.mean == pytest.approx(1.5)
    assert found.standard_uncertainty == pytest.approx(math.sqrt((1 + r) / 2))


def test_a_strong_correlation_can_put_the_mean_outside():
    covariance = covariance_of([1.0, 3.0], [[1, 0.9], [0.9, 1]])
    found = weighted_mean([1.0, 2.0], [1.0, 3.0], covariance=covariance)
    inverse = np.linalg.inv(covariance)
    assert found.mean == pytest.approx((inverse.sum(axis=0) @ [1.0, 2.0]) / inverse.sum())
    assert found.mean < 1


@pytest.mark.parametrize(
    ("matrix", "error"),
    [
        ([[1, 0.5]], LengthsDiffer),
        ([[1, 0.5], [0.4, 1]], ParameterNotAllowed),
        ([[2, 0], [0, 1]], ParameterNotAllowed),
        ([[1, 1.5], [1.5, 1]], ParameterNotAllowed),
    ],
)
def test_impossible_correlations_are_refused(matrix, error):
    with pytest.raises(error):
        covariance_of([1.0, 1.0], matrix)


def test_a_singular_covariance_is_refused():
    with pytest.raises(ModelUnsuitable):
        weighted_mean([1.0, 2.0], [1.0, 1.0], covariance=covariance_of([1.0, 1.0], [[1, 1], [1, 1]]))


def test_mandel_paule_makes_chi_squared_equal_its_degrees_of_freedom():
    found = mandel_paule(X, U)
    widened = [math.hypot(u, found.between) for u in U]
    assert weighted_mean(X, widened).chi_squared == pytest.approx(4, rel=1e-9)
    assert found.between > 0.2
    assert found.standard_uncertainty > weighted_mean(X, U).standard_uncertainty


def test_dersimonian_laird_by_its_formula():
    w = [1 / u**2 for u in U]
    mean = sum(a * b for a, b in zip(w, X, strict=True)) / sum(w)
    q = sum(a * (x - mean) ** 2 for a, x in zip(w, X, strict=True))
    tau2 = (q - 4) / (sum(w) - sum(a * a for a in w) / sum(w))
    found = dersimonian_laird(X, U)
    assert found.between == pytest.approx(math.sqrt(tau2))
    assert found.mean == pytest.approx(weighted_mean(X, [math.sqrt(u * u + tau2) for u in U]).mean)


def test_consistent_results_need_no_variance_between_laboratories():
    for method in (mandel_paule, dersimonian_laird):
        found = method([1.0, 1.01, 0.99], [0.1, 0.1, 0.1])
        assert found.between == 0
        assert found.mean == pytest.approx(1)


@given(rows)
@settings(max_examples=40)
def test_degrees_of_equivalence_of_contributors_follow_procedure_a(data):
    x, u = zip(*data, strict=True)
    found = key_comparison(x, u)
    for i, degree in enumerate(found.degrees):
        assert degree.difference == pytest.approx(x[i] - found.reference_value, abs=1e-9)
        square = max(u[i] ** 2 - found.standard_uncertainty**2, 0)
        assert degree.expanded_uncertainty == pytest.approx(2 * math.sqrt(square), rel=1e-6, abs=1e-7)
        for j in range(len(x)):
            pair = found.pairs[i][j]
            assert pair.difference == pytest.approx(-found.pairs[j][i].difference, abs=1e-12)
            assert pair.expanded_uncertainty == (0 if i == j else pytest.approx(2 * math.hypot(u[i], u[j])))


def test_who_does_not_contribute_adds_its_uncertainty_in_full():
    found = key_comparison(X, U, contributing=[0, 1, 2, 3])
    assert found.contributing == (0, 1, 2, 3)
    assert found.reference_value == pytest.approx(weighted_mean(X[:4], U[:4]).mean)
    expected = 2 * math.hypot(U[4], found.standard_uncertainty)
    assert found.degrees[4].expanded_uncertainty == pytest.approx(expected)


def test_the_largest_consistent_subset_leaves_the_odd_one_out():
    assert not weighted_mean(X, U).is_consistent
    found = key_comparison(X, U, method="largest-consistent-subset")
    assert found.contributing == (0, 1, 2, 3)
    assert found.consistency.is_consistent
    assert largest_consistent_subset([1.0, 1.0, 1.0], [0.1] * 3, [0, 1, 2]) == (0, 1, 2)
    with pytest.raises(ModelUnsuitable):
        largest_consistent_subset([0.0, 1.0, 2.0], [0.01] * 3, [0, 1, 2])
    with pytest.raises(ModelUnsuitable):
        largest_consistent_subset([float(i) for i in range(25)], [0.01] * 25, list(range(25)))


def test_of_several_largest_subsets_the_most_consistent_is_taken():
    assert largest_consistent_subset([0.0, 0.1, 5.0, 5.3], [0.1] * 4, range(4)) == (0, 1)


def test_the_median_by_monte_carlo_is_repeatable_and_right_for_three_equals():
    """The median of three standard normal values has variance 0.4486… (order statistics)."""
    first = key_comparison([5.0, 5.0, 5.0], [1.0, 1.0, 1.0], method="median", seed=7, draws=400_000)
    again = key_comparison([5.0, 5.0, 5.0], [1.0, 1.0, 1.0], method="median", seed=7, draws=400_000)
    assert first == again
    assert first.standard_uncertainty**2 == pytest.approx(1 - math.sqrt(3) / math.pi, rel=0.01)
    assert first.reference_value == pytest.approx(5, abs=0.005)


@pytest.mark.parametrize("method", METHODS)
def test_every_method_shifts_and_scales_with_the_data(method):
    plain = key_comparison(X, U, method=method, draws=20_000)
    moved = key_comparison([3 * x + 7 for x in X], [3 * u for u in U], method=method, draws=20_000)
    assert moved.reference_value == pytest.approx(3 * plain.reference_value + 7, rel=1e-9)
    assert moved.standard_uncertainty == pytest.approx(3 * plain.standard_uncertainty, rel=1e-7)
    for one, other in zip(moved.degrees, plain.degrees, strict=True):
        assert one.expanded_uncertainty == pytest.approx(3 * other.expanded_uncertainty, rel=1e-7)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (lambda: weighted_mean([1.0], [0.1, 0.2]), LengthsDiffer),
        (lambda: weighted_mean([], []), TooFewObservations),
        (lambda: weighted_mean([1.0, 2.0], [0.1, 0.0]), ParameterNotAllowed),
        (lambda: key_comparison([1.0], [0.1]), TooFewObservations),
        (lambda: key_comparison(X, U, contributing=[0]), ParameterNotAllowed),
        (lambda: key_comparison(X, U, contributing=[0, 9]), ParameterNotAllowed),
        (lambda: key_comparison(X, U, method="median", draws=10), ParameterNotAllowed),
    ],
)
def test_what_cannot_be_compared_is_refused(wrong, error):
    with pytest.raises(error):
        wrong()
