"""Factors, charts and the eight rules."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jialiang.science.charts.factors import c4, d2, d3
from jialiang.science.charts.rules import RULES, Signal, signals
from jialiang.science.charts.shewhart import Known, chart_about, chart_of_individuals, chart_of_means, size_of
from jialiang.science.errors import LengthsDiffer, ParameterNotAllowed, TooFewObservations

# d2, d3, c4 as every table of control charts prints them
TABLE = {
    2: (1.128, 0.853, 0.7979),
    3: (1.693, 0.888, 0.8862),
    4: (2.059, 0.880, 0.9213),
    5: (2.326, 0.864, 0.9400),
    6: (2.534, 0.848, 0.9515),
    7: (2.704, 0.833, 0.9594),
    8: (2.847, 0.820, 0.9650),
    9: (2.970, 0.808, 0.9693),
    10: (3.078, 0.797, 0.9727),
    15: (3.472, 0.756, 0.9823),
    20: (3.735, 0.729, 0.9869),
    25: (3.931, 0.708, 0.9896),
}
# A2, D3, D4, A3, B3, B4
LIMITS = {
    2: (1.880, 0, 3.267, 2.659, 0, 3.267),
    4: (0.729, 0, 2.282, 1.628, 0, 2.266),
    5: (0.577, 0, 2.114, 1.427, 0, 2.089),
    7: (0.419, 0.076, 1.924, 1.182, 0.118, 1.882),
    10: (0.308, 0.223, 1.777, 0.975, 0.284, 1.716),
}


@pytest.mark.parametrize("size", TABLE)
def test_factors_round_to_the_printed_tables(size):
    mean, spread, unbiased = TABLE[size]
    assert d2(size) == pytest.approx(mean, abs=6e-4)
    assert d3(size) == pytest.approx(spread, abs=6e-4)
    assert c4(size) == pytest.approx(unbiased, abs=6e-5)


def test_factors_that_have_a_closed_form():
    assert d2(2) == pytest.approx(2 / math.sqrt(math.pi), rel=1e-13)
    assert d2(3) == pytest.approx(3 / math.sqrt(math.pi), rel=1e-13)
    assert d3(2) == pytest.approx(math.sqrt(2 - 4 / math.pi), rel=1e-12)
    assert c4(2) == pytest.approx(math.sqrt(2 / math.pi), rel=1e-14)
    assert c4(3) == pytest.approx(math.sqrt(math.pi) / 2, rel=1e-14)


@pytest.mark.parametrize("size", LIMITS)
def test_limits_of_means_ranges_and_deviations_are_those_of_the_tables(size):
    a2, d3_, d4, a3, b3, b4 = LIMITS[size]
    rng = np.random.default_rng(size)
    data = rng.standard_normal((12, size)).tolist()
    by_range, by_deviation = chart_of_means(data, "range"), chart_of_means(data, "deviation")
    centre = float(np.mean(data))
    mean_range = float(np.mean(np.ptp(data, axis=1)))
    mean_s = float(np.mean(np.std(data, axis=1, ddof=1)))
    assert by_range.location.centre == pytest.approx(centre)
    assert by_range.location.limits[1] - centre == pytest.approx(a2 * mean_range, rel=2e-3)
    assert by_range.dispersion.limits == pytest.approx(
        (d3_ * mean_range, d4 * mean_range), rel=1e-2, abs=2e-3
    )
    assert by_deviation.location.limits[1] - centre == pytest.approx(a3 * mean_s, rel=2e-3)
    assert by_deviation.dispersion.limits == pytest.approx((b3 * mean_s, b4 * mean_s), rel=1e-2, abs=2e-3)


def test_individuals_with_the_moving_range_by_hand():
    """E2 = 2.660 and D4 = 3.267 for a moving range of two."""
    data = [10.0, 12.0, 11.0, 13.0, 10.0]
    found = chart_of_individuals(data)
    mean_range = (2 + 1 + 2 + 3) / 4
    assert found.location.centre == pytest.approx(11.2)
    assert found.location.limits[1] == pytest.approx(11.2 + 2.660 * mean_range, rel=2e-4)
    assert found.dispersion.limits == (0.0, pytest.approx(3.267 * mean_range, rel=2e-4))
    assert found.dispersion.points == (2, 1, 2, 3)
    assert found.sd_of_observation == pytest.approx(mean_range * math.sqrt(math.pi) / 2)


def test_known_parameters_set_the_limits_whatever_the_data():
    found = chart_of_individuals([1.0, 9.0, 1.0], known=Known(0.0, 2.0))
    assert found.location.limits == (-6.0, 6.0)
    assert Signal(1, 1) in found.location.signals
    means = chart_of_means([[1.0, 3.0], [2.0, 2.0]], known=Known(2.0, 1.0))
    assert means.location.limits == pytest.approx((2 - 3 / math.sqrt(2), 2 + 3 / math.sqrt(2)))
    assert means.dispersion.centre == pytest.approx(d2(2))


def test_a_range_beyond_its_limit_is_a_signal_of_its_own_chart():
    calm = [[0.0, 0.1, 0.2, 0.1, 0.0]] * 12
    found = chart_of_means([*calm, [-1.0, 1.0, 0.0, 0.0, 0.0]])
    assert found.dispersion.signals == (Signal(12, 1),)


PATTERNS = {
    1: ([0, 0.5, 3.01], [2]),
    2: ([0.1] * 9 + [-0.1], [8]),
    3: ([-0.5, -0.3, -0.1, 0.1, 0.3, 0.5, 0.2], [5]),
    4: ([0.1, -0.1] * 7 + [-0.2], [13]),
    5: ([0, 2.1, 0, 2.2, 0], [3]),
    6: ([0, 1.1, 1.2, 0, 1.3, 1.4, 0], [5]),
    7: ([0.5, -0.5, 0.5] * 5 + [1.5], [14]),
    8: ([1.5, -1.5, -1.6, 1.7] * 2 + [0], [7]),
}


@pytest.mark.parametrize("rule", PATTERNS)
def test_every_rule_sees_its_pattern_where_it_is_complete(rule):
    series, places = PATTERNS[rule]
    assert [s.index for s in signals(series, [rule])] == places
    assert [s.index for s in signals([-z for z in series], [rule])] == places


@pytest.mark.parametrize(
    ("rule", "series"),
    [
        (1, [3.0, -3.0]),
        (2, [0.1] * 8 + [0.0] + [0.1] * 8),
        (3, [1, 2, 3, 4, 5, 5, 6, 7, 8, 9]),
        (4, [0.1, -0.1] * 6 + [0.1]),
        (5, [2.1, 0, 0, 2.1, 0, 0, -2.1]),
        (6, [1.1, 1.1, -1.1, 1.1, 0, 1.1]),
        (7, [0.5] * 14 + [1.0] + [0.5] * 14),
        (8, [1.5] * 7 + [1.0] + [1.5] * 7),
    ],
)
def test_no_rule_sees_a_pattern_that_is_not_complete(rule, series):
    assert signals(series, [rule]) == ()


def test_signals_come_by_place_and_then_by_rule():
    found = signals([3.5] * 9)
    assert found == tuple(sorted(found))
    assert Signal(8, 2) in found
    assert {s.rule for s in found} == {1, 2, 5, 6, 8}


def test_false_alarms_of_a_normal_process_are_as_rare_as_known():
    """Rule 1 alone: 0.27 % of points; all eight: an average run length near 90 by the literature's simulations."""
    z = np.random.default_rng(11).standard_normal(30_000).tolist()
    assert len(signals(z, [1])) / len(z) == pytest.approx(0.0027, abs=0.0008)
    alarmed = {s.index for s in signals(z)}
    assert 0.008 < len(alarmed) / len(z) < 0.03


@settings(max_examples=50)
@given(st.lists(st.floats(-4, 4), min_size=1, max_size=40), st.floats(0.1, 100), st.floats(-50, 50))
def test_charts_follow_shift_and_scale(z, scale, centre):
    z = [round(x, 2) for x in z]
    moved = chart_about([centre + scale * x for x in z], centre, scale)
    plain = {s for s in signals(z, [1, 5, 6]) if all(abs(abs(z[s.index]) - k) > 1e-6 for k in (1, 2, 3))}
    assert plain <= set(moved.signals) | {s for s in plain if _near_a_limit(z)}


def _near_a_limit(z):
    return any(abs(abs(x) - k) < 1e-6 for x in z for k in (0, 1, 2, 3))


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (lambda: chart_of_means([[1.0, 2.0], [1.0]]), LengthsDiffer),
        (lambda: chart_of_means([]), TooFewObservations),
        (lambda: size_of([[1.0]]), TooFewObservations),
        (lambda: chart_of_individuals([1.0]), TooFewObservations),
        (lambda: chart_of_individuals([1.0, 1.0, 1.0]), ParameterNotAllowed),
        (lambda: chart_about([1.0], 0.0, 0.0), ParameterNotAllowed),
        (lambda: signals([1.0], [9]), ParameterNotAllowed),
        (lambda: d2(1), ParameterNotAllowed),
        (lambda: c4(1001), ParameterNotAllowed),
    ],
)
def test_what_makes_no_chart_is_refused(wrong, error):
    with pytest.raises(error):
        wrong()


def test_there_are_eight_rules():
    assert tuple(RULES) == (1, 2, 3, 4, 5, 6, 7, 8)
