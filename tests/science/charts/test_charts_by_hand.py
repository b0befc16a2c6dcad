"""Charts with a pencil: each rule alone and nearly, sums and averages step by step, plans by the calendar."""

import math
from datetime import date
from decimal import Decimal

import pytest

from jialiang.science.charts.check_standard import (
    Baseline,
    baseline_of,
    beyond,
    check_standard_chart,
    short_term_limit,
)
from jialiang.science.charts.factors import c4, d2, d3
from jialiang.science.charts.intermediate_checks import (
    CheckCriterion,
    by_control_limits,
    by_en,
    by_share_of_mpe,
    by_uncertainty,
    check_days,
)
from jialiang.science.charts.memory import CusumDesign, CusumSignal, EwmaDesign, cusum_chart, ewma_chart
from jialiang.science.charts.rules import RULES, Signal, signals
from jialiang.science.charts.shewhart import Known, chart_about, chart_of_individuals, chart_of_means
from jialiang.science.errors import LengthsDiffer, ParameterNotAllowed, TooFewObservations
from jialiang.science.type_a import PooledDeviation

# a shortest series that completes one pattern and no other, and where it is complete
ALONE = [
    (1, [0.0, 3.0001], 1),
    (1, [-3.0001], 0),
    (2, [0.5, 1.5, 0.2, 0.9, 0.4, 0.3, 0.8, 0.7, 0.1], 8),
    (3, [-2.5, -1.5, -0.5, 0.5, 0.9, 1.5], 5),
    (3, [0.9, 0.8, 0.7, 0.6, 0.5, -0.4], 5),
    (4, [0.5, -0.5, 1.5, 0.4, 0.6, -0.6] + [0.7, -0.7] * 4, 13),
    (5, [2.0001, 2.0001], 1),
    (5, [-2.5, 0.0, -2.5], 2),
    (6, [1.1, 1.2, 1.3, 1.4], 3),
    (6, [1.1, 1.2, 0.0, 1.3, 1.4], 4),
    (6, [-1.1, -1.2, 1.5, -1.3, -1.4], 4),
    (7, [0.9, 0.8, -0.9, -0.8, 0.3] * 3, 14),
    (8, [1.1, 1.2, -1.1, -1.2, 1.3, 1.4, -1.3, -1.4], 7),
]


@pytest.mark.parametrize(("rule", "series", "place"), ALONE)
def test_a_pattern_is_seen_by_its_own_rule_alone(rule, series, place):
    assert signals(series) == (Signal(place, rule),)
    assert signals([-z for z in series]) == (Signal(place, rule),)


@pytest.mark.parametrize(("rule", "series", "place"), ALONE)
def test_without_its_last_point_no_pattern_is_complete(rule, series, place):
    assert signals(series[:place]) == ()
    others = [other for other in RULES if other != rule]
    assert signals(series, others) == ()


@pytest.mark.parametrize(
    "series",
    [
        [3.0],
        [-3.0],
        [0.5] * 8,
        [0.5, 0.4] * 4 + [0.0],  # a point on the centre line is on no side
        [1, 2, -3, -2, -1],
        [-2.5, -1.5, -0.5, 0.5, 0.5, 0.9],  # a step of nothing ends the trend
        [2.0, 2.0],  # on the limit of a zone is not beyond it
        [2.5, -2.5],
        [2.5, 0.0, 0.0, 2.5],
        [1.0, 1.5, 1.5, 1.5, 1.0],
        [1.1, 1.2, 0.0, 0.0, 1.3, 1.4],
        [1.1, 1.2, 1.3, -1.4, 0.0],
        [1.1, 1.2, -1.1, -1.2, 1.3, 1.4, -1.3],
        [1.1, 1.2, -1.1, -1.2, 1.0, 1.4, -1.3, -1.4],
        [],
    ],
)
def test_barely_no_pattern(series):
    assert signals(series) == ()


@pytest.mark.parametrize(
    ("series", "found"),
    [
        ([2.5, 2.5, 2.5], [(1, 5), (2, 5)]),
        ([2.5, 2.5, 0.0], [(1, 5)]),  # the point that completes it is itself beyond
        ([3.5, 2.5], [(0, 1), (1, 5)]),
        ([1.5, 1.5, 1.5, 1.5, 1.5], [(3, 6), (4, 6)]),
        (
            [1, 2, 3, 3.5, 4, 5],
            [(3, 1), (3, 5), (4, 1), (4, 5), (4, 6), (5, 1), (5, 3), (5, 5), (5, 6)],
        ),
    ],
)
def test_patterns_that_overlap_are_all_told(series, found):
    assert [(s.index, s.rule) for s in signals(series)] == found


@pytest.mark.parametrize("rules", [[1], [5, 1], (1, 1, 5), iter([5, 1])])
def test_rules_may_come_in_any_order_and_twice(rules):
    assert {s.rule for s in signals([3.5, 2.5], rules)} <= {1, 5}


@pytest.mark.parametrize("rule", [0, 9, -1])
def test_a_rule_that_is_not_there_is_named(rule):
    with pytest.raises(ParameterNotAllowed) as raised:
        signals([0.0], [1, rule])
    assert raised.value.facts["given"] == rule


# --- Shewhart


def test_means_and_ranges_of_pairs_by_hand():
    """Ranges 2, 4, 3, R̄ = 3; d2 of pairs is 2/√π; limits of x̄ at 3σ/√2."""
    found = chart_of_means([[1.0, 3.0], [0.0, 4.0], [0.5, 3.5]], rules=[1])
    sigma = 3 * math.sqrt(math.pi) / 2
    assert found.location.points == (2.0, 2.0, 2.0)
    assert found.location.centre == 2.0
    assert found.sd_of_observation == pytest.approx(sigma)
    assert found.location.limits == pytest.approx(
        (2 - 3 * sigma / math.sqrt(2), 2 + 3 * sigma / math.sqrt(2))
    )
    assert found.dispersion.points == (2.0, 4.0, 3.0)
    assert found.dispersion.centre == pytest.approx(3.0)
    assert found.dispersion.limits == (0.0, pytest.approx(3 * 3.2665, rel=1e-4))


def test_means_and_deviations_of_pairs_by_hand():
    """s of a pair is its range over √2, c4 of pairs √(2/π): both charts give one σ."""
    groups = [[1.0, 3.0], [0.0, 4.0], [0.5, 3.5]]
    by_s, by_r = chart_of_means(groups, "deviation"), chart_of_means(groups, "range")
    assert by_s.sd_of_observation == pytest.approx(by_r.sd_of_observation)
    assert by_s.dispersion.points == pytest.approx([r / math.sqrt(2) for r in (2.0, 4.0, 3.0)])
    assert by_s.location.limits == pytest.approx(by_r.location.limits)


@pytest.mark.parametrize("size", [2, 3, 5, 10, 50])
def test_factors_hang_together(size):
    assert d2(size) < d2(size + 1)
    assert c4(size) < c4(size + 1) < 1
    assert size == 2 or d3(size) > d3(size + 1)
    assert d2(2) == pytest.approx(math.sqrt(2) * c4(2))  # R = √2 s of a pair


def test_individuals_by_moving_range_and_by_deviation():
    data = [1.0, 2.0, 3.0, 4.0, 5.0]
    ranges, deviations = chart_of_individuals(data), chart_of_individuals(data, by="deviation")
    assert ranges.sd_of_observation == pytest.approx(math.sqrt(math.pi) / 2)
    assert deviations.sd_of_observation == pytest.approx(math.sqrt(2.5))
    assert ranges.location.centre == deviations.location.centre == 3.0
    assert ranges.dispersion.points == (1.0,) * 4


@pytest.mark.parametrize(
    ("known", "centre", "sd"),
    [
        (Known(), 2.0, 1.772454),
        (Known(centre=5.0), 5.0, 1.772454),
        (Known(sd=0.5), 2.0, 0.5),
        (Known(5.0, 0.5), 5.0, 0.5),
        (Known(0.0, 0.5), 0.0, 0.5),  # a centre of zero is a centre
    ],
)
def test_what_is_known_takes_the_place_of_what_is_estimated(known, centre, sd):
    found = chart_of_individuals([1.0, 3.0, 2.0, 4.0, 0.0], known=known, rules=[1])
    moving = (2 + 1 + 2 + 4) / 4
    expected = moving * math.sqrt(math.pi) / 2 if known.sd is None else sd
    assert found.location.centre == centre
    assert found.sd_of_observation == pytest.approx(expected)
    assert found.location.sd == found.sd_of_observation


def test_a_range_on_its_limit_is_inside_and_beyond_it_a_signal():
    known = Known(0.0, 1.0)
    limit = d2(2) + 3 * d3(2)
    on = chart_of_individuals([0.0, limit], known=known).dispersion
    over = chart_of_individuals([0.0, limit + 1e-6], known=known).dispersion
    assert on.limits == (0.0, pytest.approx(limit))
    assert on.signals == ()
    assert over.signals == (Signal(0, 1),)


def test_a_range_too_small_is_a_signal_where_the_lower_limit_is_above_zero():
    """For groups of ten the lower limit is 0.223 R̄."""
    wide, narrow = [float(i) for i in range(10)], [4.5] * 9 + [4.6]
    found = chart_of_means([wide] * 9 + [narrow]).dispersion
    assert found.limits[0] > 0.1
    assert found.signals == (Signal(9, 1),)


def test_a_chart_about_given_figures():
    found = chart_about([1.0, 8.0], 2.0, 2.0)
    assert (found.limits, found.sd, found.signals) == ((-4.0, 8.0), 2.0, ())
    assert chart_about([1.0, 8.0001], 2.0, 2.0).signals == (Signal(1, 1),)


@pytest.mark.parametrize("sd", [0.0, -1.0, math.inf, math.nan])
def test_known_deviations_must_be_positive(sd):
    with pytest.raises(ParameterNotAllowed):
        chart_of_individuals([1.0, 2.0], known=Known(0.0, sd))
    with pytest.raises(ParameterNotAllowed):
        chart_of_means([[1.0, 2.0]], known=Known(0.0, sd))


# --- EWMA


def test_an_ewma_of_four_values_step_by_step():
    """λ = 1/2 about 10: 12 → 11, 8 → 9.5, 10 → 9.75, 14 → 11.875."""
    chart = ewma_chart([12, 8, 10, 14], centre=10.0, sd=1.0, design=EwmaDesign(0.5, 3.0))
    assert chart.statistic == (10.0, 11.0, 9.5, 9.75, 11.875)
    reach = 3 * math.sqrt(1 / 3)
    assert chart.limits == ((pytest.approx(10 - reach), pytest.approx(10 + reach)),) * 4
    assert chart.outside == (3,)
    assert chart.asymptotic_limits == chart.limits[-1]


def test_exact_limits_of_an_ewma_step_by_step():
    """λ = 1/2: variances σ²/3 · (1 - 1/4ⁱ) = 1/4, 5/16, 21/64."""
    design = EwmaDesign(0.5, 2.0, exact=True)
    chart = ewma_chart([0.0, 0.0, 0.0], centre=0.0, sd=1.0, design=design)
    expected = [2 * math.sqrt(v) for v in (1 / 4, 5 / 16, 21 / 64)]
    assert [high for _, high in chart.limits] == pytest.approx(expected)
    assert [low for low, _ in chart.limits] == pytest.approx([-x for x in expected])


@pytest.mark.parametrize("data", [[1.0, -2.0, 3.5], [4.0]])
def test_an_ewma_with_all_weight_on_the_last_value_is_a_shewhart_chart(data):
    chart = ewma_chart(data, centre=0.0, sd=1.0, design=EwmaDesign(1.0, 3.0, exact=True))
    assert chart.statistic[1:] == tuple(data)
    assert chart.limits == ((-3.0, 3.0),) * len(data)
    assert chart.outside == tuple(i for i, x in enumerate(data) if abs(x) > 3)


def test_an_early_shift_is_seen_by_exact_limits_only():
    data = [2.0]
    assert ewma_chart(data, centre=0, sd=1, design=EwmaDesign(0.2, 1.5, exact=True)).outside == (0,)
    assert ewma_chart(data, centre=0, sd=1, design=EwmaDesign(0.2, 1.5)).outside == ()


@pytest.mark.parametrize(
    "settings", [{"smoothing": 0.0}, {"smoothing": 1.01}, {"smoothing": math.nan}, {"multiple": 0.0}]
)
def test_a_design_that_is_none(settings):
    with pytest.raises(ParameterNotAllowed):
        EwmaDesign(**settings)


def test_an_ewma_of_nothing():
    with pytest.raises(TooFewObservations):
        ewma_chart([], centre=0.0, sd=1.0, design=EwmaDesign())
    with pytest.raises(ParameterNotAllowed):
        ewma_chart([1.0], centre=0.0, sd=0.0, design=EwmaDesign())


# --- CUSUM


@pytest.mark.parametrize(
    ("data", "design", "upper", "lower", "found"),
    [
        ([12, 12, 12], CusumDesign(0.5, 2.0), (0.5, 1.0, 1.5), (0, 0, 0), []),
        ([12, 12, 12, 12, 12], CusumDesign(0.5, 2.0), (0.5, 1, 1.5, 2, 2.5), (0,) * 5, [(4, "upper", 0)]),
        ([8, 8, 8, 8, 8], CusumDesign(0.5, 2.0), (0,) * 5, (0.5, 1, 1.5, 2, 2.5), [(4, "lower", 0)]),
        ([10, 10, 16, 16], CusumDesign(0.5, 3.0), (0, 0, 2.5, 5), (0,) * 4, [(3, "upper", 2)]),
        ([10, 16, 4, 16], CusumDesign(0.5, 9.0), (0, 2.5, 0, 2.5), (0, 0, 2.5, 0), []),
        ([12, 8], CusumDesign(0.0, 9.0), (1, 0), (0, 1), []),
        ([10], CusumDesign(0.5, 4.0, 2.0), (1.5,), (1.5,), []),
        ([16], CusumDesign(0.5, 4.0, 2.0), (4.5,), (0,), [(0, "upper", 0)]),
    ],
)
def test_tabular_sums_step_by_step(data, design, upper, lower, found):
    """Centre 10 and σ = 2, so that 12 is one σ above."""
    chart = cusum_chart(data, centre=10.0, sd=2.0, design=design)
    assert chart.upper == pytest.approx(upper)
    assert chart.lower == pytest.approx(lower)
    assert chart.signals == tuple(CusumSignal(*signal) for signal in found)
    assert chart.decision_interval == design.decision_interval


def test_the_usual_design_sees_a_shift_of_one_sigma_after_ten():
    chart = cusum_chart([1.0] * 11, centre=0.0, sd=1.0)
    assert chart.upper[9] == 5.0
    assert [s.index for s in chart.signals] == [10]


@pytest.mark.parametrize(
    "settings",
    [
        {"slack": -0.1},
        {"slack": math.inf},
        {"decision_interval": 0.0},
        {"head_start": -1.0},
        {"head_start": 5.0},
        {"head_start": 9.0},
    ],
)
def test_sums_that_cannot_be_taken(settings):
    with pytest.raises(ParameterNotAllowed):
        CusumDesign(**settings)


# --- check standards


def test_a_baseline_of_five_by_hand():
    found = baseline_of([9.0, 10.0, 11.0, 10.0, 10.0])
    assert (found.centre, found.count) == (10.0, 5)
    assert found.standard_deviation == pytest.approx(math.sqrt(0.5))
    assert found.limits(2.0) == pytest.approx((10 - math.sqrt(2), 10 + math.sqrt(2)))
    assert found.distance(10 - math.sqrt(0.5)) == pytest.approx(-1.0)


@pytest.mark.parametrize(
    ("observations", "outside", "warned"),
    [
        ([10.0, 12.0, 13.0], (), (2,)),  # on the warning limit is inside it
        ([10.0, 12.1, 13.0, 13.1], (3,), (1, 2)),
        ([6.9, 7.0, 7.9, 8.0], (0,), (1, 2)),
        ([10.0, 10.0, 10.0], (), ()),
    ],
)
def test_warned_is_not_outside(observations, outside, warned):
    times = [float(i) for i in range(len(observations))]
    chart = check_standard_chart(times, observations, Baseline(10.0, 1.0, 20))
    assert (chart.outside, chart.warned) == (outside, warned)
    assert (chart.warning_limits, chart.action_limits) == ((8.0, 12.0), (7.0, 13.0))


@pytest.mark.parametrize(
    ("observations", "slope", "significant"),
    [
        # slope 1 with residuals ±e: s² = 4e²/2 over Σ(t - t̄)² = 5
        ([0.1, 0.9, 1.9, 3.1], 1.0, True),
        ([1.0, -1.0, -1.0, 1.0], 0.0, False),
    ],
)
def test_drift_of_four_by_hand(observations, slope, significant):
    chart = check_standard_chart([0.0, 1.0, 2.0, 3.0], observations, Baseline(0.0, 1.0, 9))
    assert chart.drift.slope == pytest.approx(slope, abs=1e-12)
    assert chart.drift_is_significant is significant


def test_positions_beyond_limits():
    assert beyond([1.0, 2.0, 3.0, 4.0], (2.0, 3.0)) == (0, 3)
    assert beyond([math.nan], (2.0, 3.0)) == (0,)
    assert beyond([], (2.0, 3.0)) == ()


@pytest.mark.parametrize(
    ("new", "pooled", "probability", "f"),
    [(1, 1, 0.95, 161.4476), (2, 2, 0.95, 19.0), (2, 2, 0.99, 99.0), (5, 10, 0.99, 5.6363)],
)
def test_the_limit_of_a_new_deviation_by_the_table_of_f(new, pooled, probability, f):
    limit = short_term_limit(PooledDeviation(0.5, pooled), new, probability=probability)
    assert limit == pytest.approx(0.5 * math.sqrt(f), rel=1e-4)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (lambda: check_standard_chart([0.0], [1.0, 2.0], Baseline(0, 1, 2)), LengthsDiffer),
        (lambda: Baseline(0.0, 0.0, 2).distance(1.0), ParameterNotAllowed),
        (lambda: Baseline(0.0, 1.0, 2).limits(0.0), ParameterNotAllowed),
        (lambda: baseline_of([1.0]), TooFewObservations),
        (lambda: short_term_limit(PooledDeviation(1.0, 5), 0.0), ParameterNotAllowed),
        (lambda: short_term_limit(PooledDeviation(1.0, 5), 2.0, probability=1.0), ParameterNotAllowed),
    ],
)
def test_check_standards_that_say_nothing(wrong, error):
    with pytest.raises(error):
        wrong()


# --- checks between calibrations


@pytest.mark.parametrize(
    ("criterion", "limit"),
    [
        (by_en(0.03, 0.04), "0.05"),
        (by_share_of_mpe("0.3"), "0.1"),
        (by_share_of_mpe("-0.3"), "0.1"),
        (by_share_of_mpe("0.3", 0.5), "0.15"),
        (by_uncertainty("0.02"), "0.02"),
        (by_control_limits(0.1), "0.3"),
    ],
)
def test_limits_of_criteria(criterion, limit):
    assert criterion.limit == Decimal(limit)


@pytest.mark.parametrize(
    ("deviation", "state"),
    [
        ("0", "normal"),
        ("0.07", "normal"),
        ("-0.07", "normal"),
        ("0.0700000001", "warning"),
        ("0.1", "warning"),
        ("-0.1", "warning"),
        ("0.1000000001", "out_of_control"),
        ("-9", "out_of_control"),
        (0.07, "normal"),
    ],
)
def test_seven_tenths_warn_and_the_limit_holds(deviation, state):
    assert by_share_of_mpe("0.3").judge(deviation) == state


@pytest.mark.parametrize(
    ("deviation", "state"),
    [("0.2", "normal"), ("0.2001", "warning"), ("0.3", "warning"), ("0.3001", "out_of_control")],
)
def test_a_check_chart_warns_at_two_sigma(deviation, state):
    assert by_control_limits(0.1).judge(deviation) == state
    assert by_control_limits(0.1).judge("-" + deviation) == state


def test_a_criterion_may_warn_where_the_plan_says():
    assert CheckCriterion("uncertainty", Decimal(1), Decimal("0.5")).judge("0.6") == "warning"
    assert CheckCriterion("uncertainty", Decimal(1), Decimal(1)).judge("1") == "normal"


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: by_en(0.0, 0.0),
        lambda: by_share_of_mpe("0"),
        lambda: by_share_of_mpe("1", 0.0),
        lambda: by_uncertainty("0"),
        lambda: by_uncertainty("-1"),
        lambda: by_control_limits(0.0),
        lambda: check_days(date(2026, 1, 1), months=0, until=date(2026, 2, 1)),
    ],
)
def test_criteria_over_nothing_are_refused(wrong):
    with pytest.raises(ParameterNotAllowed):
        wrong()


@pytest.mark.parametrize(
    ("first", "months", "until", "days"),
    [
        ((2026, 1, 31), 1, (2026, 4, 30), [(2026, 1, 31), (2026, 2, 28), (2026, 3, 31), (2026, 4, 30)]),
        ((2024, 1, 31), 1, (2024, 3, 1), [(2024, 1, 31), (2024, 2, 29)]),
        ((2026, 11, 15), 3, (2027, 5, 15), [(2026, 11, 15), (2027, 2, 15), (2027, 5, 15)]),
        ((2026, 11, 15), 3, (2027, 5, 14), [(2026, 11, 15), (2027, 2, 15)]),
        ((2024, 2, 29), 12, (2028, 2, 29), [(2024 + i, 2, 29 if i in (0, 4) else 28) for i in range(5)]),
        ((2026, 12, 1), 1, (2027, 1, 1), [(2026, 12, 1), (2027, 1, 1)]),
        ((2026, 5, 1), 6, (2026, 5, 1), [(2026, 5, 1)]),
        ((9999, 11, 30), 1, (9999, 12, 31), [(9999, 11, 30), (9999, 12, 30)]),  # the calendar ends
        ((2026, 5, 2), 6, (2026, 5, 1), []),
    ],
)
def test_days_of_a_plan(first, months, until, days):
    found = check_days(date(*first), months=months, until=date(*until))
    assert found == tuple(date(*day) for day in days)
