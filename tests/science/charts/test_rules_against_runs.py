"""Rules of control charts against a second reading of them by runs, and charts with a memory against closed sums."""

import itertools
import random
from fractions import Fraction

import mpmath
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.science.charts.factors import c4, d2, d3
from jialiang.science.charts.memory import CusumDesign, EwmaDesign, cusum_chart, ewma_chart
from jialiang.science.charts.rules import RULES, Signal, signals
from jialiang.science.charts.shewhart import Known, chart_of_individuals, chart_of_means

ZONES = {"A": 2.5, "B": 1.5, "C": 0.5, "c": -0.5, "b": -1.5, "a": -2.5, "X": 3.5, "x": -3.5}


def distances(letters):
    return [ZONES[letter] for letter in letters]


def found_by(rule, series):
    return [signal.index for signal in signals(series, [rule])]


# --- runs: how long the present run is after every point ------------------------------------------------------------


def run_lengths(series, belongs, joins=lambda before, now: True):
    """After each point, the length of the run that it ends."""
    length, lengths = 0, []
    for place, now in enumerate(series):
        if not belongs(now):
            length = 0
        elif length and joins(series[place - 1], now):
            length += 1
        else:
            length = 1
        lengths.append(length)
    return lengths


def side(x):
    return (x > 0) - (x < 0)


def longest(lengths, needed):
    return [place for place, length in enumerate(lengths) if length >= needed]


def by_runs(rule, z):
    """The rules 2, 3, 4, 7 and 8, told from lengths of runs of points or of steps."""
    if rule == 2:
        return longest(run_lengths(z, lambda x: x != 0, lambda a, b: side(a) == side(b)), 9)
    if rule == 7:
        return longest(run_lengths(z, lambda x: abs(x) < 1), 15)
    if rule == 8:
        return longest(run_lengths(z, lambda x: abs(x) > 1), 8)
    steps = [side(b - a) for a, b in itertools.pairwise(z)]
    same = rule == 3
    lengths = run_lengths(steps, lambda s: s != 0, lambda a, b: (a == b) is same)
    return [place + 1 for place in longest(lengths, 5 if same else 13)]


def by_windows(z, *, needed, window, reach):
    """The rules 5 and 6: the last point is beyond, with enough others on its side in the window."""
    found = []
    for end in range(len(z)):
        last = z[max(0, end - window + 1) : end + 1]
        for sign in (1, -1):
            beyond = [sign * x > reach for x in last]
            if beyond[-1] and sum(beyond) >= needed:
                found.append(end)
    return found


@pytest.mark.parametrize("rule", [2, 3, 4, 7, 8])
@pytest.mark.parametrize("bias", ["up", "calm", "wild", "saw"])
def test_long_patterns_are_the_runs_that_a_second_count_finds(rule, bias):
    rng = random.Random(f"{rule} {bias}")
    points = {
        "up": [-0.5, 0.5, 1.5, 1.5, 2.5, 2.5],
        "calm": [-0.9, -0.5, 0.0, 0.5, 0.9, 1.0],
        "wild": [-2.5, -1.5, 1.5, 2.5, 3.5, 1.0],
        "saw": [-2.0, 2.0],
    }[bias]
    told = 0
    for _ in range(40):
        series = [rng.choice(points) for _ in range(60)]
        if bias == "saw":  # two levels in turn, now and then a point twice
            series = [points[k % 2] + rng.random() for k in range(60)]
            for _ in range(3):
                place = rng.randrange(1, 60)
                series[place] = series[place - 1]
        if bias == "up" and rule == 3:
            start = rng.randrange(50)
            series[start : start + 8] = sorted(rng.uniform(-2, 2) for _ in range(8))
        assert found_by(rule, series) == by_runs(rule, series)
        told += len(by_runs(rule, series))
    expected = {("up", 2), ("up", 3), ("calm", 7), ("wild", 8), ("saw", 4)}
    assert told > 0 or (bias, rule) not in expected


@pytest.mark.parametrize(
    ("rule", "needed", "window", "reach"), [(5, 2, 3, 2.0), (6, 4, 5, 1.0)], ids=["2 of 3", "4 of 5"]
)
def test_every_word_of_six_zones_and_five_points(rule, needed, window, reach):
    for letters in itertools.product("ABCcba", repeat=5):
        series = distances(letters)
        assert found_by(rule, series) == by_windows(series, needed=needed, window=window, reach=reach)


@pytest.mark.parametrize(
    ("letters", "told"),
    [
        ("X", [(0, 1)]),
        ("x", [(0, 1)]),
        ("AA", [(1, 5)]),
        ("AaA", [(2, 5)]),
        ("ACA", [(2, 5)]),
        ("ACCA", []),
        ("aa", [(1, 5)]),
        ("Aa", []),
        ("XA", [(0, 1), (1, 5)]),
        ("XX", [(0, 1), (1, 1), (1, 5)]),
        ("BBBB", [(3, 6)]),
        ("BBCBB", [(4, 6)]),
        ("BBBCB", [(4, 6)]),
        ("BBBBC", [(3, 6)]),  # the fifth is within one sigma: nothing new ends with it
        ("BBBcB", [(4, 6)]),
        ("BBbBb", []),
        ("bbbb", [(3, 6)]),
        ("BBBBB", [(3, 6), (4, 6)]),
        ("BCBCBCBC", []),
        ("BbBbBbBb", [(7, 8)]),
        ("C" * 8, []),
        ("C" * 9, [(8, 2)]),
        ("c" * 9, [(8, 2)]),
        ("C" * 8 + "c" + "C" * 5, []),
        ("C" * 10, [(8, 2), (9, 2)]),
        ("Cc" * 7, [(13, 4)]),
        ("CcC" * 5, [(14, 7)]),
        ("Cc" * 7 + "C", [(13, 4), (14, 4), (14, 7)]),
        ("CcC" * 4 + "CB" + "CcC" * 4, []),
    ],
)
def test_words_of_zones_and_all_that_they_say(letters, told):
    assert signals(distances(letters)) == tuple(Signal(index, rule) for index, rule in told)


@pytest.mark.parametrize(
    ("rule", "series"),
    [
        (1, [3.0]),
        (1, [-3.0]),
        (2, [0.5] * 8 + [0.0] + [0.5] * 8),
        (3, [1, 2, 3, 3, 4, 5, 6]),
        (3, [0, 1, 2, 3, 4]),
        (4, [0, 1] * 6 + [1, 0, 1]),
        (5, [2.0, 2.0, 2.0]),
        (6, [1.0] * 5),
        (7, [0.5] * 14 + [1.0] + [0.5] * 14),
        (8, [1.5] * 7 + [1.0] + [-1.5] * 7),
    ],
)
def test_a_point_exactly_on_a_border_completes_nothing(rule, series):
    assert found_by(rule, series) == []


@given(st.lists(st.sampled_from(list(ZONES.values())), max_size=40))
def test_turned_upside_down_a_series_says_the_same(series):
    assert signals([-x for x in series]) == signals(series)


@given(st.lists(st.sampled_from(list(ZONES.values())), max_size=30), st.integers(0, 30))
def test_what_is_to_come_changes_no_signal_of_the_past(series, cut):
    before = signals(series[:cut])
    assert before == tuple(signal for signal in signals(series) if signal.index < cut)


@given(st.lists(st.sampled_from(list(ZONES.values())), max_size=30), st.sets(st.integers(1, 8)))
def test_rules_do_not_disturb_one_another(series, chosen):
    whole = signals(series)
    assert signals(series, chosen) == tuple(signal for signal in whole if signal.rule in chosen)
    assert set(RULES) >= {signal.rule for signal in whole}


# --- factors --------------------------------------------------------------------------------------------------------


def mean_range(n):
    """E(R) = ∫ 1 - F^n - (1 - F)^n dx (Tippett)."""
    with mpmath.workdps(20):
        cumulative = mpmath.ncdf
        return float(
            mpmath.quad(
                lambda x: 1 - cumulative(x) ** n - (1 - cumulative(x)) ** n, [-12, -6, -3, 0, 3, 6, 12]
            )
        )


@pytest.mark.parametrize("size", [2, 3, 4, 5, 7, 10, 25, 100, 1000])
def test_the_mean_range_by_the_integral_of_tippett(size):
    assert d2(size) == pytest.approx(mean_range(size), rel=1e-10)


@pytest.mark.parametrize("size", [2, 3, 4, 5, 6, 10, 25, 99, 1000])
def test_c4_by_the_gamma_function_at_thirty_digits(size):
    with mpmath.workdps(30):
        n = mpmath.mpf(size)
        exact = mpmath.sqrt(2 / (n - 1)) * mpmath.gamma(n / 2) / mpmath.gamma((n - 1) / 2)
    assert c4(size) == pytest.approx(float(exact), rel=1e-11)


def test_the_spread_of_the_range_of_two_and_three_in_closed_form():
    pi = mpmath.pi
    assert d3(2) == pytest.approx(float(mpmath.sqrt(2 - 4 / pi)), rel=1e-12)
    second = 2 + 3 * mpmath.sqrt(3) / pi  # E(R²) of three: Σ of squared differences and their products
    assert d3(3) == pytest.approx(float(mpmath.sqrt(second - 9 / pi)), rel=1e-10)


# --- limits ---------------------------------------------------------------------------------------------------------


def test_three_ways_to_three_sigma_by_the_printed_factors():
    groups = [[6.0, 2.0, 4.0, 8.0], [5.0, 5.5, 7.0, 4.5], [3.0, 6.0, 6.0, 5.0]]  # R 6 2.5 3; x̄ 5 5.5 5
    found = chart_of_means(groups)
    of_ranges = 11.5 / 3
    a2, big_d4 = 0.729, 2.282  # tables of n = 4
    assert found.location.centre == pytest.approx(15.5 / 3)
    assert found.location.limits[1] == pytest.approx(15.5 / 3 + a2 * of_ranges, abs=2e-3)
    assert found.dispersion.limits == (0.0, pytest.approx(big_d4 * of_ranges, abs=4e-3))
    by_s = chart_of_means(groups, "deviation")
    mean_s = sum(spread for spread in by_s.dispersion.points) / 3
    a3, big_b4 = 1.628, 2.266
    assert by_s.location.limits[0] == pytest.approx(15.5 / 3 - a3 * mean_s, abs=2e-3)
    assert by_s.dispersion.limits == (0.0, pytest.approx(big_b4 * mean_s, abs=4e-3))


@pytest.mark.parametrize("size", [2, 3, 6, 7, 8, 15])
def test_lower_limits_of_the_range_rise_above_zero_from_seven_on(size):
    groups = [[0.0] * (size - 1) + [1.0], [1.0] + [0.0] * (size - 1)]
    lower = chart_of_means(groups, known=Known(sd=1.0)).dispersion.limits[0]
    assert (lower > 0) == (size >= 7)


def test_individuals_by_the_factor_266():
    data = [10.0, 12.0, 11.0, 15.0, 13.0]  # moving ranges 2 1 4 2
    found = chart_of_individuals(data)
    assert found.location.limits == pytest.approx((12.2 - 2.66 * 2.25, 12.2 + 2.66 * 2.25), abs=5e-3)
    assert found.dispersion.limits == (0.0, pytest.approx(3.267 * 2.25, abs=2e-3))


# --- memory ---------------------------------------------------------------------------------------------------------

GRID = st.integers(-400, 400)


@given(st.lists(GRID, min_size=1, max_size=25), st.sampled_from(["1/5", "1/4", "2/5", "3/4", "1"]), GRID)
def test_an_ewma_is_its_sum_in_fractions(ticks, smoothing, centre):
    share = Fraction(smoothing)
    data = [Fraction(tick, 8) for tick in ticks]
    design = EwmaDesign(float(share), 3.0, exact=True)
    found = ewma_chart([float(x) for x in data], centre=float(centre), sd=2.0, design=design)
    for count in range(1, len(data) + 1):
        z = (1 - share) ** count * centre + sum(
            share * (1 - share) ** (count - 1 - k) * data[k] for k in range(count)
        )
        variance = 4 * sum((share * (1 - share) ** k) ** 2 for k in range(count))
        low, high = found.limits[count - 1]
        assert found.statistic[count] == pytest.approx(float(z), rel=1e-11, abs=1e-10)
        assert (high - low) / 6 == pytest.approx(float(variance) ** 0.5, rel=1e-11)


@given(st.lists(GRID, max_size=25), st.integers(0, 12), st.integers(1, 60))
def test_a_cusum_is_the_largest_sum_that_ends_here(ticks, slack, interval):
    z = [Fraction(tick, 64) for tick in ticks]
    k, h = Fraction(slack, 8), Fraction(interval, 8)
    found = cusum_chart([float(x) for x in z], centre=0.0, sd=1.0, design=CusumDesign(float(k), float(h)))
    for sums, sign in ((found.upper, 1), (found.lower, -1)):
        for end in range(len(z)):
            ending = [sum(sign * x - k for x in z[start : end + 1]) for start in range(end + 1)]
            assert Fraction(sums[end]) == max(0, *ending)  # eighths and sixty-fourths are exact in binary
    told = {(signal.index, signal.side) for signal in found.signals}
    sides = (("upper", found.upper), ("lower", found.lower))
    assert told == {(i, name) for name, sums in sides for i, c in enumerate(sums) if c > float(h)}


@given(st.lists(GRID, min_size=1, max_size=25), st.integers(0, 8))
def test_a_signal_points_at_the_start_of_the_largest_sum(ticks, slack):
    z, k = [tick / 64 for tick in ticks], slack / 8
    found = cusum_chart(z, centre=0.0, sd=1.0, design=CusumDesign(k, 1.0))
    for signal in found.signals:
        sign = 1 if signal.side == "upper" else -1
        since = sum(sign * x - k for x in z[signal.since : signal.index + 1])
        assert since == (found.upper if sign > 0 else found.lower)[signal.index]


@pytest.mark.parametrize("head", [0.0, 1.0, 2.5, 4.5])
def test_a_head_start_is_a_shift_that_wears_off_at_the_first_zero(head):
    z = [0.75, 0.75, -3.0, 2.0, 0.25]
    found = cusum_chart(z, centre=0.0, sd=1.0, design=CusumDesign(0.5, 5.0, head)).upper
    assert found[:2] == (head + 0.25, head + 0.5)
    assert found[2] == max(0.0, head - 3.0)
    assert found[3:] == (found[2] + 1.5, found[2] + 1.25)
