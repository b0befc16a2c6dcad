"""Comparisons by brute force: Algorithm A at fifty digits, means in fractions, quadratic forms, all subsets."""

import itertools
import math
import random
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from scipy import stats

from jialiang.science.comparisons.consistent_mean import (
    covariance_of,
    dersimonian_laird,
    mandel_paule,
    weighted_mean,
)
from jialiang.science.comparisons.key_comparison import key_comparison, largest_consistent_subset
from jialiang.science.comparisons.robust import algorithm_a
from jialiang.science.comparisons.scores import en_score, prefers_zprime, z_score, zeta_score, zprime_score
from jialiang.science.comparisons.youden import youden_plot

SEEDS = range(8)


def results_of(seed, count, spread=10):
    rng = random.Random(seed)
    x = [Fraction(rng.randrange(-spread * 16, spread * 16), 16) + 100 for _ in range(count)]
    u = [Fraction(rng.randrange(4, 40), 16) for _ in range(count)]
    return x, u


def floats(numbers):
    return [float(number) for number in numbers]


# --- Algorithm A ----------------------------------------------------------------------------------------------------


def slow_algorithm_a(data):
    """Median and scaled distance, then 2000 steps at fifty digits."""
    with mpmath.workdps(50):
        x = sorted(mpmath.mpf(value.numerator) / value.denominator for value in data)

        def middle(values):
            ordered = sorted(values)
            half = len(ordered) // 2
            return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2

        centre = middle(x)
        scatter = mpmath.mpf("1.483") * middle([abs(value - centre) for value in x])
        for _ in range(2000):
            reach = mpmath.mpf("1.5") * scatter
            drawn = [min(max(value, centre - reach), centre + reach) for value in x]
            centre = mpmath.fsum(drawn) / len(drawn)
            squares = mpmath.fsum((value - centre) ** 2 for value in drawn)
            scatter = mpmath.mpf("1.134") * mpmath.sqrt(squares / (len(drawn) - 1))
        return float(centre), float(scatter)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("count", [5, 12, 21])
def test_algorithm_a_ends_where_two_thousand_steps_at_fifty_digits_end(seed, count):
    data, _ = results_of(f"A{seed}", count)
    data[0] += 60  # one far off
    mean, deviation = slow_algorithm_a(data)
    found = algorithm_a(floats(data))
    assert found.mean == pytest.approx(mean, rel=1e-13)
    assert found.standard_deviation == pytest.approx(deviation, rel=1e-10)
    edge = 1.5 * found.standard_deviation
    assert found.replaced == tuple(k for k, x in enumerate(floats(data)) if abs(x - found.mean) > edge)
    assert 0 in found.replaced
    assert found.standard_uncertainty == pytest.approx(1.25 * deviation / math.sqrt(count), rel=1e-10)


# --- means ----------------------------------------------------------------------------------------------------------


def exact_mean(x, u, extra=Fraction(0)):
    weights = [1 / (v**2 + extra) for v in u]
    total = sum(weights)
    mean = sum(w * value for w, value in zip(weights, x, strict=True)) / total
    chi = sum(w * (value - mean) ** 2 for w, value in zip(weights, x, strict=True))
    return mean, total, weights, chi


@pytest.mark.parametrize("seed", SEEDS)
def test_the_weighted_mean_in_fractions(seed):
    x, u = results_of(f"W{seed}", 7)
    mean, total, weights, chi = exact_mean(x, u)
    found = weighted_mean(floats(x), floats(u))
    assert found.mean == pytest.approx(float(mean), rel=1e-15)
    assert found.standard_uncertainty == pytest.approx(1 / math.sqrt(total), rel=1e-14)
    assert found.weights == pytest.approx(floats(w / total for w in weights), rel=1e-14)
    assert found.chi_squared == pytest.approx(float(chi), rel=1e-12)
    assert found.probability == pytest.approx(stats.chi2.sf(float(chi), 6), rel=1e-10)
    assert found.birge_ratio == pytest.approx(math.sqrt(chi / 6), rel=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_correlated_mean_has_no_smaller_neighbour(seed):
    """Least variance among all weights that add up to one, and the residual form with the inverse matrix."""
    rng = np.random.default_rng(seed)
    x, u = results_of(f"G{seed}", 5)
    factor = rng.standard_normal((5, 7))
    r = factor @ factor.T
    r /= np.sqrt(np.outer(np.diag(r), np.diag(r)))
    np.fill_diagonal(r, 1.0)
    covariance = covariance_of(floats(u), r.tolist())
    found = weighted_mean(floats(x), floats(u), covariance=covariance)
    weights = np.array(found.weights)
    assert weights.sum() == pytest.approx(1, rel=1e-12)
    assert found.mean == pytest.approx(float(weights @ np.array(floats(x))), rel=1e-12)
    assert found.standard_uncertainty**2 == pytest.approx(float(weights @ covariance @ weights), rel=1e-10)
    away = np.array(floats(x)) - found.mean
    assert found.chi_squared == pytest.approx(float(away @ np.linalg.inv(covariance) @ away), rel=1e-8)
    for _ in range(20):
        step = rng.standard_normal(5)
        other = weights + 0.01 * (step - step.mean())
        assert other @ covariance @ other >= found.standard_uncertainty**2


@pytest.mark.parametrize("seed", SEEDS)
def test_dersimonian_and_laird_in_fractions(seed):
    x, u = results_of(f"D{seed}", 6)
    _, total, weights, chi = exact_mean(x, u)
    between = max(Fraction(0), (chi - 5) / (total - sum(w * w for w in weights) / total))
    mean, widened, _, _ = exact_mean(x, u, between)
    found = dersimonian_laird(floats(x), floats(u))
    assert found.between**2 == pytest.approx(float(between), rel=1e-11)
    assert found.mean == pytest.approx(float(mean), rel=1e-13)
    assert found.standard_uncertainty == pytest.approx(1 / math.sqrt(widened), rel=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_mandel_and_paule_by_halving_in_fractions(seed):
    x, u = results_of(f"M{seed}", 6)
    low, high = Fraction(0), Fraction(10_000)
    if exact_mean(x, u)[3] <= 5:
        high = low
    for _ in range(70):
        middle = Fraction(float((low + high) / 2))
        low, high = (middle, high) if exact_mean(x, u, middle)[3] > 5 else (low, middle)
    found = mandel_paule(floats(x), floats(u))
    assert found.between**2 == pytest.approx(float(high), rel=1e-9)
    assert found.mean == pytest.approx(float(exact_mean(x, u, high)[0]), rel=1e-12)


# --- key comparison -------------------------------------------------------------------------------------------------


def as_quadratic_form(i, weights, variances):
    """u² of x_i - Σ w x, term by term."""
    return sum((float(k == i) - weights.get(k, 0.0)) ** 2 * v for k, v in enumerate(variances))


@pytest.mark.parametrize("method", ["weighted-mean", "mandel-paule", "dersimonian-laird"])
@pytest.mark.parametrize("contributing", [None, (0, 2, 3, 5)])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_degrees_of_equivalence_are_quadratic_forms_of_the_weights(method, contributing, seed):
    x, u = (floats(column) for column in results_of(f"K{seed}", 6))
    chosen = contributing or tuple(range(6))
    rule = {"mandel-paule": mandel_paule, "dersimonian-laird": dersimonian_laird}.get(method, weighted_mean)
    of_chosen = rule([x[i] for i in chosen], [u[i] for i in chosen])
    weights = dict(zip(chosen, of_chosen.weights, strict=True))
    variances = [v**2 + getattr(of_chosen, "between", 0.0) ** 2 for v in u]
    found = key_comparison(x, u, method=method, contributing=contributing)
    assert found.reference_value == pytest.approx(sum(w * x[i] for i, w in weights.items()), rel=1e-12)
    for i, degree in enumerate(found.degrees):
        assert degree.difference == pytest.approx(x[i] - found.reference_value, abs=1e-10)
        wanted = 2 * math.sqrt(as_quadratic_form(i, weights, variances))
        assert degree.expanded_uncertainty == pytest.approx(wanted, rel=1e-9), i
    for (i, one), (j, other) in itertools.product(enumerate(x), repeat=2):
        pair = found.pairs[i][j]
        assert pair.difference == one - other
        assert pair.expanded_uncertainty == (0.0 if i == j else pytest.approx(2 * math.hypot(u[i], u[j])))


@pytest.mark.parametrize("seed", range(12))
def test_the_largest_consistent_subset_of_all_subsets(seed):
    x, u = results_of(f"L{seed}", 7, spread=4)
    passing = []
    for size in range(2, 8):
        for subset in itertools.combinations(range(7), size):
            chi = exact_mean([x[i] for i in subset], [u[i] for i in subset])[3]
            if stats.chi2.sf(float(chi), size - 1) >= 0.05:
                passing.append((-size, chi, subset))
    assert largest_consistent_subset(floats(x), floats(u), range(7)) == min(passing)[2]


def test_the_median_of_five_alike_has_the_variance_of_the_middle_order_statistic():
    """∫ x² f(x) dx of the third of five standard normal values."""
    density = lambda x: 30 * mpmath.ncdf(x) ** 2 * (1 - mpmath.ncdf(x)) ** 2 * mpmath.npdf(x)  # noqa: E731
    variance = float(mpmath.quad(lambda x: x * x * density(x), [-9, -3, 0, 3, 9]))
    found = key_comparison([1.0] * 5, [0.5] * 5, method="median", draws=200_000, seed=4)
    assert found.standard_uncertainty == pytest.approx(0.5 * math.sqrt(variance), rel=0.01)
    of_difference = variance + 1 - 2 / 5  # cov(x_i, median) is 1/n: the median moves with all alike
    for degree in found.degrees:
        assert degree.expanded_uncertainty == pytest.approx(2 * 0.5 * math.sqrt(of_difference), rel=0.01)


# --- scores ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(5))
def test_scores_at_fifty_digits(seed):
    rng = random.Random(seed)
    for _ in range(40):
        texts = [f"{rng.randrange(1, 10**6)}e-{rng.randrange(3, 8)}" for _ in range(4)]
        x, x_ref, one, other = map(float, texts)
        with mpmath.workdps(50):
            a, b, c, d = map(mpmath.mpf, texts)
            joined = float((a - b) / mpmath.sqrt(c * c + d * d))
            alone = float((a - b) / c)
        assert en_score(x, one, x_ref, other).score == pytest.approx(joined, rel=1e-15)
        assert zeta_score(x, one, x_ref, other).score == pytest.approx(joined, rel=1e-15)
        assert zprime_score(x, x_ref, one, other).score == pytest.approx(joined, rel=1e-15)
        assert z_score(x, x_ref, one).score == pytest.approx(alone, rel=1e-15)
        assert prefers_zprime(one, other) == (Fraction(texts[3]) > Fraction(3, 10) * Fraction(texts[2]))


@pytest.mark.parametrize("seed", range(4))
def test_the_youden_plot_is_a_turned_cloud(seed):
    x, y = (floats(results_of(f"Y{seed}{item}", 9)[0]) for item in "ab")
    found = youden_plot(x, y, probability=0.9)
    turn = np.array([[1, 1], [-1, 1]]) / math.sqrt(2)
    turned = turn @ (np.array([x, y]) - np.array([[np.median(x)], [np.median(y)]]))
    assert [(p.along, p.across) for p in found.points] == [
        pytest.approx(tuple(c), abs=1e-12) for c in turned.T
    ]
    assert (found.sd_along, found.sd_across) == pytest.approx(tuple(np.std(turned, axis=1, ddof=1)))
    radius = np.std(turned[1], ddof=1) * stats.rayleigh.ppf(0.9)
    assert found.radius == pytest.approx(radius)
    assert found.outside == tuple(np.flatnonzero(np.hypot(*turned) > radius))
