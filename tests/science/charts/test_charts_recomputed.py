"""Charts computed a second way: factors by other integrals, patterns as letters, sums in closed form."""

from __future__ import annotations

import math
import re
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from jialiang.science.charts.check_standard import short_term_limit
from jialiang.science.charts.factors import LARGEST_SUBGROUP, c4, d2, d3
from jialiang.science.charts.memory import CusumDesign, EwmaDesign, cusum_chart, ewma_chart
from jialiang.science.charts.rules import signals
from jialiang.science.charts.shewhart import chart_of_individuals, chart_of_means
from jialiang.science.errors import ParameterNotAllowed
from jialiang.science.topics.registry import evaluate_topic
from jialiang.science.type_a import PooledDeviation

# --- factors: E(R) = ∫ 1 - Φⁿ - (1 - Φ)ⁿ dx (Tippett), and E(R²) over both order statistics


def mean_range(n: int) -> float:
    x = np.linspace(0, 12, 4801)
    return float(2 * np.trapezoid(1 - stats.norm.cdf(x) ** n - stats.norm.cdf(-x) ** n, x))


@pytest.mark.parametrize("n", [2, 3, 4, 5, 7, 10, 16, 25, 60, 250, LARGEST_SUBGROUP])
def test_the_mean_range_is_that_of_tippett(n):
    assert d2(n) == pytest.approx(mean_range(n), rel=1e-6)


@pytest.mark.parametrize(
    ("n", "variance"),
    [
        (2, 2 - 4 / math.pi),
        # E(R²) of three: 2 + 3 √3/π; E(R) = 3/√π
        (3, 2 + 3 * math.sqrt(3) / math.pi - 9 / math.pi),
    ],
)
def test_the_scatter_of_ranges_that_have_a_closed_form(n, variance):
    assert d3(n) == pytest.approx(math.sqrt(variance), rel=1e-9)


@pytest.mark.parametrize("n", [4, 6, 12])
def test_the_scatter_of_the_range_is_that_of_its_distribution(n):
    x, r = np.linspace(-9, 9, 721)[None, :], np.linspace(0, 12, 1201)
    inner = stats.norm.pdf(x) * (stats.norm.cdf(x + r[:, None]) - stats.norm.cdf(x)) ** (n - 1)
    square = np.trapezoid(2 * r * (1 - n * np.trapezoid(inner, x[0])), r)
    assert d3(n) == pytest.approx(math.sqrt(square - d2(n) ** 2), rel=1e-4)


@pytest.mark.parametrize("n", [2, 3, 9, 30, 31, 400, LARGEST_SUBGROUP])
def test_c4_by_the_gamma_function_at_forty_digits(n):
    with mpmath.workdps(40):
        exact = mpmath.sqrt(mpmath.mpf(2) / (n - 1)) * mpmath.gamma(mpmath.mpf(n) / 2)
        exact /= mpmath.gamma(mpmath.mpf(n - 1) / 2)
    assert c4(n) == pytest.approx(float(exact), rel=1e-12)


@pytest.mark.parametrize("factor", [c4, d2, d3])
@pytest.mark.parametrize("n", [-1, 0, 1, LARGEST_SUBGROUP + 1])
def test_subgroups_that_have_no_factor(factor, n):
    with pytest.raises(ParameterNotAllowed) as refused:
        factor(n)
    assert refused.value.facts["given"] == n


# --- patterns: every rule as a regular expression over zones and steps

ZONE = {"A": 2.5, "B": 1.5, "C": 0.5, "X": 3.5, "a": -2.5, "b": -1.5, "c": -0.5, "x": -3.5}
WHOLE = {1: 1, 2: 9, 7: 15, 8: 8}
PATTERN = {
    1: "[Xx]",
    2: "[XABC]{9}|[xabc]{9}",
    7: "[Cc]{15}",
    8: "[XABxab]{8}",
}
OF_SEVERAL = {5: (2, 3, "XA", "xa"), 6: (4, 5, "XAB", "xab")}
runs_of_zones = st.tuples(
    st.sampled_from(["A", "B", "C", "X", "a", "b", "c", "x", "Cc", "Bb"]), st.integers(1, 9)
)
series_of_zones = st.lists(runs_of_zones, min_size=1, max_size=6).map(
    lambda runs: "".join(zones * count for zones, count in runs)
)
STEPS = {3: ("U{5}|D{5}", 5), 4: ("(?:UD){6}U|(?:DU){6}D", 13)}


def seen(zones: str, rule: int) -> list[int]:
    """Places where a rule is complete, read from letters."""
    if rule in WHOLE:
        size = WHOLE[rule]
        return [
            i for i in range(size - 1, len(zones)) if re.fullmatch(PATTERN[rule], zones[i - size + 1 : i + 1])
        ]
    needed, window, *sides = OF_SEVERAL[rule]
    found = set()
    for i, last in enumerate(zones):
        inside = zones[max(0, i - window + 1) : i + 1]
        found |= {i for side in sides if last in side and sum(z in side for z in inside) >= needed}
    return sorted(found)


@given(series_of_zones)
def test_patterns_of_zones_are_those_of_the_letters(zones):
    distances = [ZONE[zone] for zone in zones]
    for rule in (*WHOLE, *OF_SEVERAL):
        assert [signal.index for signal in signals(distances, [rule])] == seen(zones, rule), rule


@given(st.lists(st.sampled_from([-1.0, 0.0, 1.0, 1.0, -1.0]), min_size=1, max_size=50), st.booleans())
def test_trends_and_alternation_are_those_of_the_steps(walk, up_and_down):
    steps = [abs(x) * (-1) ** k for k, x in enumerate(walk)] if up_and_down else walk
    levels = [0.0]
    for step in steps:
        levels.append(levels[-1] + 0.01 * step)
    letters = "".join("U" if s > 0 else "D" if s < 0 else "-" for s in steps)
    for rule, (pattern, length) in STEPS.items():
        expected = [i for i in range(length, len(levels)) if re.fullmatch(pattern, letters[i - length : i])]
        assert [signal.index for signal in signals(levels, [rule])] == expected


@given(st.lists(st.floats(-4, 4), min_size=1, max_size=40))
def test_patterns_are_the_same_below_the_centre_as_above(distances):
    assert signals(distances) == signals([-z for z in distances])


@given(series_of_zones, series_of_zones)
def test_what_comes_later_never_takes_a_signal_back(first, later):
    now = signals([ZONE[zone] for zone in first])
    then = signals([ZONE[zone] for zone in first + later])
    assert now == tuple(signal for signal in then if signal.index < len(first))


# --- charts of subgroups with the statistics of the standard library

whole_numbers = st.integers(-500, 500)


@given(st.lists(st.tuples(whole_numbers, whole_numbers, whole_numbers), min_size=2, max_size=8))
def test_means_and_both_dispersions_in_fractions(groups):
    spread = sum(max(g) - min(g) for g in groups)
    if spread == 0:
        return
    rows = [[x / 8 for x in g] for g in groups]
    centre = Fraction(sum(sum(g) for g in groups), 24 * len(groups))
    by_range, by_deviation = chart_of_means(rows), chart_of_means(rows, "deviation")
    variances = [sum((Fraction(x) - Fraction(sum(g), 3)) ** 2 for x in g) / 2 / 64 for g in groups]
    mean_s = math.fsum(math.sqrt(v) for v in variances) / len(groups)
    sigma = spread / 8 / len(groups) / (3 / math.sqrt(math.pi))
    assert by_range.sd_of_observation == pytest.approx(sigma, rel=1e-9)
    assert by_deviation.sd_of_observation == pytest.approx(mean_s / (math.sqrt(math.pi) / 2), rel=1e-12)
    for chart, s in ((by_range, sigma), (by_deviation, by_deviation.sd_of_observation)):
        assert chart.location.centre == pytest.approx(float(centre), abs=1e-12)
        reach = 3 * s / math.sqrt(3)
        assert chart.location.limits == pytest.approx(
            (float(centre) - reach, float(centre) + reach), rel=1e-9
        )
        assert chart.dispersion.limits[0] == 0  # B3 and D3 are 0 up to five, six of a subgroup


@given(st.lists(whole_numbers, min_size=2, max_size=30))
def test_individuals_in_fractions(values):
    moving = [abs(b - a) for a, b in zip(values, values[1:], strict=False)]
    if not any(moving):
        return
    found = chart_of_individuals([float(x) for x in values])
    mean_range_ = Fraction(sum(moving), len(moving))
    sigma = float(mean_range_) * math.sqrt(math.pi) / 2
    assert found.sd_of_observation == pytest.approx(sigma, rel=1e-9)
    assert found.location.centre == pytest.approx(float(Fraction(sum(values), len(values))), abs=1e-12)
    assert found.dispersion.centre == pytest.approx(float(mean_range_), rel=1e-9)
    # the published factor 3.267 of the moving range
    assert found.dispersion.limits[1] / float(mean_range_) == pytest.approx(3.267, abs=5e-4)
    beyond = [i for i, r in enumerate(moving) if r > found.dispersion.limits[1]]
    assert [signal.index for signal in found.dispersion.signals] == beyond


# --- charts with a memory in closed form

quarters = st.integers(-40, 40).map(lambda k: k / 4)


@given(st.lists(quarters, min_size=1, max_size=25), st.sampled_from([0.0, 0.25, 0.5, 1.0]))
def test_a_cusum_is_the_largest_sum_over_all_pasts(data, slack):
    found = cusum_chart(data, centre=0.5, sd=2.0, design=CusumDesign(slack=slack, decision_interval=4.0))
    z = [Fraction(x).limit_denominator(4) / 2 - Fraction(1, 4) for x in data]
    k = Fraction(slack)
    for i in range(len(z)):
        pasts = [sum(z[j : i + 1]) - k * (i + 1 - j) for j in range(i + 1)]
        mirrored = [-sum(z[j : i + 1]) - k * (i + 1 - j) for j in range(i + 1)]
        assert found.upper[i] == max(0, *pasts)
        assert found.lower[i] == max(0, *mirrored)
    told = {(signal.index, signal.side) for signal in found.signals}
    assert told == {(i, "upper") for i, c in enumerate(found.upper) if c > 4} | {
        (i, "lower") for i, c in enumerate(found.lower) if c > 4
    }


@given(st.lists(quarters, min_size=2, max_size=25), st.floats(0.0, 0.99))
def test_a_head_start_never_lowers_a_sum_and_is_forgotten_after_zero(data, share):
    plain = cusum_chart(data, centre=0.0, sd=1.0)
    ahead = cusum_chart(data, centre=0.0, sd=1.0, design=CusumDesign(head_start=5 * share))
    for without, sums in ((plain.upper, ahead.upper), (plain.lower, ahead.lower)):
        assert all(b >= a for a, b in zip(without, sums, strict=True))
        zero = next((i for i, total in enumerate(sums) if total == 0), len(sums))
        assert sums[zero:] == without[zero:]


@given(st.lists(quarters, min_size=1, max_size=12), st.integers(1, 8), st.booleans())
def test_an_ewma_and_its_limits_in_fractions(data, eighths, exact):
    smoothing = Fraction(eighths, 8)
    design = EwmaDesign(float(smoothing), 2.5, exact)
    found = ewma_chart(data, centre=1.25, sd=0.5, design=design)
    z = Fraction(5, 4)
    for i, x in enumerate(data, 1):
        z = smoothing * Fraction(x) + (1 - smoothing) * z
        variance = sum((smoothing * (1 - smoothing) ** j) ** 2 for j in range(i)) * Fraction(1, 4)
        if not exact:
            variance = smoothing / (2 - smoothing) / 4
        reach = 2.5 * math.sqrt(variance)
        assert found.statistic[i] == pytest.approx(float(z), abs=1e-12)
        assert found.limits[i - 1] == pytest.approx((1.25 - reach, 1.25 + reach), rel=1e-12)
        if abs(abs(float(z) - 1.25) - reach) > 1e-9:
            assert (i - 1 in found.outside) == (abs(float(z) - 1.25) > reach)


# --- the limit of a new deviation, and the topic's own words


@given(st.floats(1, 300), st.floats(1, 300), st.floats(0.5, 0.9999), st.floats(1e-6, 1e6))
def test_the_limit_of_a_new_deviation_by_the_distribution_of_f(new, degrees, p, s):
    limit = short_term_limit(PooledDeviation(s, degrees), new, probability=p)
    assert stats.f.cdf((limit / s) ** 2, new, degrees) == pytest.approx(p, abs=1e-8)


@pytest.mark.parametrize("kind", ["xbar-r", "xbar-s"])
def test_a_flat_list_with_a_subgroup_size_is_the_nested_one(kind):
    flat = [10.1, 10.3, 9.8, 10.0, 10.2, 10.4, 9.9, 10.6]
    nested = [flat[k : k + 2] for k in range(0, 8, 2)]
    assert evaluate_topic("chart", {"kind": kind, "data": flat, "subgroup": 2}) == evaluate_topic(
        "chart", {"kind": kind, "data": nested}
    )
