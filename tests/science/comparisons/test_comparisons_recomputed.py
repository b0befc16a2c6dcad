"""Comparisons computed a second way: linear propagation with whole matrices, brute force, fixed points, fractions."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction
from statistics import median

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

from jialiang.science.comparisons.consistent_mean import (
    covariance_of,
    dersimonian_laird,
    mandel_paule,
    weighted_mean,
)
from jialiang.science.comparisons.key_comparison import key_comparison, largest_consistent_subset
from jialiang.science.comparisons.robust import algorithm_a
from jialiang.science.comparisons.youden import youden_plot
from jialiang.science.solving import ModelUnsuitable
from jialiang.science.topics.registry import evaluate_topic

results = st.integers(-400, 400).map(lambda k: k / 16)
widths = st.integers(1, 64).map(lambda k: k / 16)
rounds = st.lists(st.tuples(results, widths), min_size=2, max_size=7)


def columns(rows: list[tuple[float, float]]) -> tuple[list[float], list[float]]:
    return [x for x, _ in rows], [u for _, u in rows]


@given(rounds)
def test_a_weighted_mean_in_fractions(rows):
    x, u = columns(rows)
    weights = [1 / Fraction(each) ** 2 for each in u]
    mean = sum(w * Fraction(v) for w, v in zip(weights, x, strict=True)) / sum(weights)
    chi = sum(w * (Fraction(v) - mean) ** 2 for w, v in zip(weights, x, strict=True))
    found = weighted_mean(x, u)
    assert found.mean == pytest.approx(float(mean), abs=1e-12)
    assert found.standard_uncertainty == pytest.approx(math.sqrt(1 / sum(weights)), rel=1e-13)
    assert found.weights == pytest.approx([float(w / sum(weights)) for w in weights], rel=1e-13)
    assert found.chi_squared == pytest.approx(float(chi), abs=1e-10 * (1 + float(chi)))
    assert found.probability == pytest.approx(float(stats.chi2.sf(float(chi), len(x) - 1)), abs=1e-9)


@given(rounds, st.integers(0, 10_000))
def test_a_mean_of_correlated_results_by_least_squares_of_differences(rows, seed):
    x, u = columns(rows)
    factors = np.random.default_rng(seed).normal(size=(len(x), len(x) + 3))
    square = factors @ factors.T
    scale = np.sqrt(np.diag(square))
    correlation = square / np.outer(scale, scale)
    np.fill_diagonal(correlation, 1.0)
    inverse = np.linalg.inv(np.outer(u, u) * correlation)
    weights = inverse.sum(axis=0) / inverse.sum()
    found = weighted_mean(x, u, covariance=covariance_of(u, correlation.tolist()))
    assert found.weights == pytest.approx(weights, rel=1e-6, abs=1e-9)
    assert found.mean == pytest.approx(float(weights @ x), abs=1e-6)
    assert found.standard_uncertainty == pytest.approx(1 / math.sqrt(inverse.sum()), rel=1e-6)
    residual = np.asarray(x) - weights @ x
    assert found.chi_squared == pytest.approx(float(residual @ inverse @ residual), rel=1e-5, abs=1e-7)


@given(rounds)
def test_degrees_of_equivalence_by_propagation_through_the_weights(rows):
    x, u = columns(rows)
    found = key_comparison(x, u)
    covariance = np.diag(np.square(u))
    weights = np.asarray(found.consistency.weights)
    for i, degree in enumerate(found.degrees):
        slopes = np.eye(len(x))[i] - weights
        assert degree.difference == pytest.approx(float(slopes @ x), abs=1e-11)
        assert degree.expanded_uncertainty == pytest.approx(
            2 * math.sqrt(slopes @ covariance @ slopes), rel=1e-6, abs=1e-9
        )
        for j, pair in enumerate(found.pairs[i]):
            apart = np.eye(len(x))[i] - np.eye(len(x))[j]
            assert pair.expanded_uncertainty == pytest.approx(2 * math.sqrt(apart @ covariance @ apart))


@given(st.lists(st.tuples(results, widths), min_size=4, max_size=7), st.data())
def test_who_stands_aside_is_independent_of_the_reference(rows, data):
    x, u = columns(rows)
    chosen = data.draw(st.lists(st.integers(0, len(x) - 1), min_size=2, max_size=len(x) - 1, unique=True))
    found = key_comparison(x, u, contributing=chosen)
    weights = np.zeros(len(x))
    weights[sorted(chosen)] = found.consistency.weights
    for i, degree in enumerate(found.degrees):
        slopes = np.eye(len(x))[i] - weights
        expected = 2 * math.sqrt(float(np.sum((slopes * u) ** 2)))
        assert degree.expanded_uncertainty == pytest.approx(expected, rel=1e-6, abs=1e-9)
    assert found.contributing == tuple(sorted(chosen))


@settings(max_examples=40)
@given(st.lists(st.tuples(results, widths), min_size=3, max_size=6))
def test_the_largest_subset_that_agrees_by_trying_all(rows):
    x, u = columns(rows)
    passing = {}
    for size in range(2, len(x) + 1):
        for subset in itertools.combinations(range(len(x)), size):
            w = [1 / u[i] ** 2 for i in subset]
            mean = math.fsum(a * x[i] for a, i in zip(w, subset, strict=True)) / math.fsum(w)
            chi = math.fsum(a * (x[i] - mean) ** 2 for a, i in zip(w, subset, strict=True))
            p = float(stats.chi2.sf(chi, size - 1))
            assume(abs(p - 0.05) > 1e-9)
            if p >= 0.05:
                passing[subset] = chi
    if not passing:
        with pytest.raises(ModelUnsuitable):
            largest_consistent_subset(x, u, range(len(x)))
        return
    found = largest_consistent_subset(x, u, range(len(x)))
    assert len(found) == max(map(len, passing))
    assert passing[found] <= min(chi for s, chi in passing.items() if len(s) == len(found)) + 1e-9


@given(rounds)
def test_both_variances_between_laboratories_solve_their_own_equations(rows):
    x, u = columns(rows)
    nu, fixed = len(x) - 1, weighted_mean(x, u)
    paule, laird = mandel_paule(x, u), dersimonian_laird(x, u)
    if fixed.chi_squared <= nu * (1 - 1e-9):
        assert paule.between == laird.between == 0
        assert paule.mean == laird.mean == pytest.approx(fixed.mean)
        return

    def excess(variance: float) -> float:
        return weighted_mean(x, [math.sqrt(each**2 + variance) for each in u]).chi_squared - nu

    if fixed.chi_squared > nu * (1 + 1e-6):
        root = optimize.bisect(excess, 0.0, (max(x) - min(x)) ** 2, rtol=1e-13)
        assert paule.between**2 == pytest.approx(root, rel=1e-6, abs=1e-9)
        # method of moments: E(Q) = ν + τ² (Σw - Σw²/Σw)
        w = [1 / Fraction(each) ** 2 for each in u]
        spread = sum(w) - sum(each**2 for each in w) / sum(w)
        expected = (fixed.chi_squared - nu) / float(spread)
        assert laird.between**2 == pytest.approx(expected, rel=1e-6, abs=1e-10)


@given(st.lists(st.integers(-100, 100), min_size=5, max_size=25))
def test_algorithm_a_ends_where_its_own_equations_hold(values):
    data = [x / 8 for x in values]
    mad = 1.483 * median([abs(x - median(data)) for x in data])
    assume(mad > 0)
    found = algorithm_a(data)
    reach = 1.5 * found.standard_deviation
    drawn = [min(max(x, found.mean - reach), found.mean + reach) for x in data]
    scale = max(map(abs, data))
    assert math.fsum(drawn) / len(drawn) == pytest.approx(found.mean, abs=1e-9 * scale)
    square = math.fsum((x - found.mean) ** 2 for x in drawn) / (len(drawn) - 1)
    assert 1.134 * math.sqrt(square) == pytest.approx(found.standard_deviation, rel=1e-8, abs=1e-12)
    assert found.steps[0] == (median(data), pytest.approx(mad))
    assert found.standard_uncertainty == 1.25 * found.standard_deviation / math.sqrt(len(data))


@given(st.lists(st.tuples(results, results), min_size=3, max_size=12), st.floats(0.05, 0.999))
def test_a_youden_plot_by_turning_with_complex_numbers(pairs, probability):
    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    found = youden_plot(first, second, probability=probability)
    centre = complex(median(first), median(second))
    turned = [(complex(a, b) - centre) * complex(1, -1) / math.sqrt(2) for a, b in pairs]
    assert [p.along for p in found.points] == pytest.approx([z.real for z in turned], abs=1e-12)
    assert [p.across for p in found.points] == pytest.approx([z.imag for z in turned], abs=1e-12)
    across = float(np.std([z.imag for z in turned], ddof=1))
    radius = across * float(np.sqrt(stats.chi2.ppf(probability, 2)))
    assert found.radius == pytest.approx(radius, rel=1e-6, abs=1e-12)
    for i, z in enumerate(turned):
        if abs(abs(z) - radius) > 1e-9:
            assert (i in found.outside) == (abs(z) > radius)


positive = st.integers(1, 4000).map(lambda k: k / 1000)


@given(
    results, results, positive, positive, st.sampled_from([1.0, 1.96, 2.0, 3.0]), st.sampled_from([2.0, 2.5])
)
def test_scores_of_one_result_with_two_coverage_factors(x, x_ref, expanded, expanded_ref, k, k_ref):
    asked = {"x": x, "x_ref": x_ref, "U": expanded, "U_ref": expanded_ref, "k": k, "k_ref": k_ref}
    found = evaluate_topic("scores", asked)
    u, u_ref = expanded / k, expanded_ref / k_ref
    zeta = (x - x_ref) / math.hypot(u, u_ref)
    assert found["zeta"] == pytest.approx(zeta, rel=1e-12, abs=1e-15)
    assert found["en"] == pytest.approx(zeta / k, rel=1e-12, abs=1e-15)
    if abs(abs(zeta) - k) > 1e-9:
        assert found["en_verdict"] == ("satisfactory" if abs(zeta) < k else "unsatisfactory")


@given(results, results, positive, positive, st.sampled_from([2.0, 2.5]))
def test_z_is_never_less_severe_than_zprime_and_u_counts_from_three_tenths(x, x_ref, sigma, u_ref, k):
    by_u = evaluate_topic("z-scores", {"x": x, "x_ref": x_ref, "sigma_pt": sigma, "u_ref": u_ref})
    assert by_u["z"] == pytest.approx((x - x_ref) / sigma, rel=1e-13)
    assert by_u["zprime"] == pytest.approx((x - x_ref) / math.hypot(sigma, u_ref), rel=1e-13)
    exactly = Fraction(str(u_ref)) > Fraction(3, 10) * Fraction(str(sigma))
    assert by_u["prefer"] == ("zprime" if exactly else "z")
    asked = {"x": x, "x_ref": x_ref, "sigma_pt": sigma, "U_ref": k * u_ref, "k_ref": k}
    assert evaluate_topic("z-scores", asked)["zprime"] == pytest.approx(by_u["zprime"], rel=1e-12)
