"""Coverage intervals of draws and the two stopping rules."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from jialiang.science.coverage_intervals import shortest_interval, symmetric_interval
from jialiang.science.stopping import PrintedRule, doubt, fewest_draws, numerical_tolerance

COUNT = 1 << 18


def drawn(shape, seed=1, count=COUNT):
    return np.sort(shape.rvs(count, random_state=seed))


@pytest.mark.parametrize(
    ("shape", "within"),
    [
        (stats.norm(), 0.03),
        (stats.expon(), 0.02),
        (stats.gamma(4.0), 0.05),
        (stats.lognorm(0.5), 0.03),
        (stats.triang(0.2), 0.01),
    ],
)
def test_shortest_intervals_of_known_distributions(shape, within):
    found = shortest_interval(drawn(shape), 0.95)
    assert shape.cdf(found[1]) - shape.cdf(found[0]) == pytest.approx(0.95, abs=0.002)
    assert found == pytest.approx(exact_shortest(shape), abs=within)


def test_any_interval_of_a_rectangle_that_holds_the_probability_will_do():
    low, high = shortest_interval(drawn(stats.uniform()), 0.95)
    assert high - low == pytest.approx(0.95, abs=0.002)


def exact_shortest(shape):
    """The shortest 95 % interval from the quantiles of the distribution itself."""
    start = np.linspace(0, 0.05, 200_001)[:-1]
    widths = shape.ppf(start + 0.95) - shape.ppf(start)
    k = int(np.nanargmin(widths))
    return float(shape.ppf(start[k])), float(shape.ppf(start[k] + 0.95))


def test_smoothing_makes_the_ends_steadier_than_the_smallest_window():
    """At 2¹⁸ draws the scatter of the ends is less than two thirds of that of the plain window."""
    smooth, plain = [], []
    for seed in range(24):
        values = drawn(stats.gamma(9.0), seed)
        inside = round(0.95 * COUNT)
        first = int(np.argmin(values[inside:] - values[:-inside]))
        smooth.append(shortest_interval(values, 0.95)[0])
        plain.append(values[first])
    assert np.std(smooth) < 0.66 * np.std(plain)


def test_smoothing_leaves_no_bias_that_matters():
    exact = exact_shortest(stats.gamma(9.0))
    ends = np.array([shortest_interval(drawn(stats.gamma(9.0), seed), 0.95) for seed in range(16)])
    assert ends.mean(axis=0) == pytest.approx(exact, abs=0.02)  # u is 3


@given(st.lists(st.floats(-1e6, 1e6), min_size=20, max_size=200), st.floats(0.1, 0.95))
def test_intervals_of_few_draws_hold_their_share(values, p):
    ordered = np.sort(np.array(values))
    for low, high in (symmetric_interval(ordered, p), shortest_interval(ordered, p)):
        assert np.count_nonzero((ordered >= low) & (ordered <= high)) >= round(p * len(ordered))


@given(st.integers(0, 50), st.sampled_from([5_000, 20_000]), st.floats(0.5, 0.99))
def test_the_shortest_interval_is_never_longer_than_the_symmetric_one(seed, count, p):
    ordered = np.sort(np.random.default_rng(seed).exponential(size=count))
    shortest, symmetric = shortest_interval(ordered, p), symmetric_interval(ordered, p)
    assert shortest[1] - shortest[0] <= symmetric[1] - symmetric[0]


def test_equal_draws_have_an_interval_without_length():
    assert shortest_interval(np.full(10_000, 2.5), 0.95) == (2.5, 2.5)
    assert symmetric_interval(np.full(10_000, 2.5), 0.95) == (2.5, 2.5)


def test_shifting_and_scaling_draws_does_so_to_both_intervals():
    values = drawn(stats.gamma(3.0), count=100_000)
    for interval in (shortest_interval, symmetric_interval):
        low, high = interval(values, 0.9)
        assert interval(values * 4 - 1, 0.9) == pytest.approx((4 * low - 1, 4 * high - 1), rel=1e-6)


# --- stopping ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("u", "digits", "delta"),
    [
        (0.0539, 1, 0.005),
        (0.0539, 2, 0.0005),
        (10.15, 1, 5.0),
        (10.15, 2, 0.5),
        (0.0996, 2, 0.005),
        (2.0, 2, 0.05),
    ],
)
def test_the_tolerance_is_half_a_unit_of_the_last_digit(u, digits, delta):
    assert numerical_tolerance(u, digits) == pytest.approx(delta)


def test_doubts_cover_the_truth_and_shrink_with_the_draws():
    exact = exact_shortest(stats.gamma(4.0))
    symmetric = stats.gamma(4.0).ppf([0.025, 0.975])
    held, sizes = 0, []
    for count in (1 << 16, 1 << 18):
        for seed in range(12):
            values = stats.gamma(4.0).rvs(count, random_state=seed)
            ordered = np.sort(values)
            found = doubt(values, ordered, 0.95)
            sizes.append((count, found.shortest_ends))
            ends = np.abs(np.array(shortest_interval(ordered, 0.95)) - exact).max()
            others = np.abs(np.array(symmetric_interval(ordered, 0.95)) - symmetric).max()
            held += ends <= found.shortest_ends and others <= found.symmetric_ends
            assert found.largest == max(
                found.estimate, found.standard_uncertainty, found.symmetric_ends, found.shortest_ends
            )
            assert found.of("symmetric") == found.symmetric_ends
    assert held >= 22
    few, many = (np.mean([size for count, size in sizes if count == wanted]) for wanted in (1 << 16, 1 << 18))
    assert many < 0.75 * few


def test_the_printed_rule_needs_two_batches_that_agree():
    rule = PrintedRule(0.95, 1, "symmetric")
    assert rule.batch == fewest_draws(0.95) == 10_000
    rng = np.random.default_rng(1)
    rule.add(rng.standard_normal(10_000))
    assert not rule.is_met(1.0)
    rule.add(rng.standard_normal(10_000))
    assert rule.is_met(1.0)  # δ = 0.5
    assert not PrintedRule(0.95, 2, "shortest").is_met(1.0)
