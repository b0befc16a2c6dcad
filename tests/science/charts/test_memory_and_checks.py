"""EWMA, CUSUM, and checks between calibrations."""

import math
from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.science.charts.intermediate_checks import (
    by_control_limits,
    by_en,
    by_share_of_mpe,
    by_uncertainty,
    check_days,
)
from jialiang.science.charts.memory import CusumDesign, EwmaDesign, cusum_chart, ewma_chart
from jialiang.science.errors import ParameterNotAllowed, TooFewObservations

series = st.lists(st.floats(-5, 5).map(lambda x: round(x, 3)), min_size=1, max_size=30)


@given(series, st.floats(0.05, 1))
def test_the_ewma_is_the_weighted_sum_of_all_values(data, smoothing):
    found = ewma_chart(data, centre=1.0, sd=1.0, design=EwmaDesign(smoothing))
    kept = 1 - smoothing
    for i in range(1, len(data) + 1):
        weighted = math.fsum(smoothing * kept ** (i - 1 - j) * data[j] for j in range(i))
        assert found.statistic[i] == pytest.approx(weighted + kept**i, abs=1e-9)


def test_exact_limits_widen_towards_the_asymptotic_ones():
    found = ewma_chart([0.0] * 60, centre=0.0, sd=2.0, design=EwmaDesign(0.2, 3, exact=True))
    widths = [high for _, high in found.limits]
    assert widths[0] == pytest.approx(3 * 2 * 0.2)
    assert widths == sorted(widths)
    assert widths[-1] == pytest.approx(3 * 2 * math.sqrt(0.2 / 1.8), rel=1e-9)
    still = ewma_chart([0.0] * 60, centre=0.0, sd=2.0, design=EwmaDesign(0.2))
    assert still.asymptotic_limits == pytest.approx(found.asymptotic_limits, rel=1e-9)


def test_with_lambda_one_the_ewma_is_a_shewhart_chart():
    data = [0.0, 2.9, -3.1, 3.0, 4.0]
    found = ewma_chart(data, centre=0.0, sd=1.0, design=EwmaDesign(1.0, 3.0))
    assert found.statistic[1:] == tuple(data)
    assert found.outside == (2, 4)


def test_a_small_shift_is_seen_by_ewma_and_cusum_before_three_sigma():
    rng = np.random.default_rng(2)
    data = np.concatenate([rng.standard_normal(50), 1 + rng.standard_normal(60)]).tolist()
    first_beyond = next((i for i, x in enumerate(data) if abs(x) > 3), len(data))
    ewma = ewma_chart(data, centre=0.0, sd=1.0, design=EwmaDesign(0.1, 2.7))
    cusum = cusum_chart(data, centre=0.0, sd=1.0)
    assert min(ewma.outside) < min(first_beyond, 75)
    first = cusum.signals[0]
    assert first.side == "upper"
    assert 50 <= first.index < 75
    assert 44 <= first.since <= 56


def test_cusum_by_hand():
    found = cusum_chart([11.0, 9.0, 12.0, 12.0, 8.0], centre=10.0, sd=1.0, design=CusumDesign(0.5, 2.5))
    assert found.upper == (0.5, 0.0, 1.5, 3.0, 0.5)
    assert found.lower == (0.0, 0.5, 0.0, 0.0, 1.5)
    assert [(s.index, s.side, s.since) for s in found.signals] == [(3, "upper", 2)]


def test_a_head_start_brings_the_signal_forward():
    data = [1.0] * 12
    plain = cusum_chart(data, centre=0.0, sd=1.0, design=CusumDesign(0.5, 4))
    started = cusum_chart(data, centre=0.0, sd=1.0, design=CusumDesign(0.5, 4, head_start=2))
    assert started.signals[0].index == plain.signals[0].index - 4


@given(series)
def test_both_sums_are_mirror_images(data):
    one = cusum_chart(data, centre=0.0, sd=1.5)
    other = cusum_chart([-x for x in data], centre=0.0, sd=1.5)
    assert one.upper == pytest.approx(other.lower)
    assert one.lower == pytest.approx(other.upper)
    assert all(x >= 0 for x in (*one.upper, *one.lower))


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (lambda: EwmaDesign(0), ParameterNotAllowed),
        (lambda: EwmaDesign(1.1), ParameterNotAllowed),
        (lambda: EwmaDesign(0.2, 0), ParameterNotAllowed),
        (lambda: CusumDesign(-0.1), ParameterNotAllowed),
        (lambda: CusumDesign(0.5, 0), ParameterNotAllowed),
        (lambda: CusumDesign(0.5, 4, 4), ParameterNotAllowed),
        (lambda: ewma_chart([], centre=0, sd=1, design=EwmaDesign()), TooFewObservations),
        (lambda: ewma_chart([1.0], centre=0, sd=0, design=EwmaDesign()), ParameterNotAllowed),
        (lambda: cusum_chart([1.0], centre=0, sd=-1), ParameterNotAllowed),
    ],
)
def test_designs_outside_their_domain_are_refused(wrong, error):
    with pytest.raises(error):
        wrong()


@pytest.mark.parametrize(
    ("deviation", "state"),
    [
        ("0.07", "normal"),
        ("-0.07", "normal"),
        ("0.0700001", "warning"),
        ("0.1", "warning"),
        ("0.1000001", "out_of_control"),
    ],
)
def test_states_of_a_check_at_their_limits(deviation, state):
    for criterion in (by_share_of_mpe("0.3"), by_uncertainty("0.1"), by_share_of_mpe("0.2", 0.5)):
        assert criterion.limit == Decimal("0.1")
        assert criterion.judge(deviation) == state


def test_criteria_of_en_and_of_control_limits():
    assert float(by_en(0.3, 0.4).limit) == pytest.approx(0.5)
    assert by_en(0.3, 0.4).judge("0.51") == "out_of_control"
    chart = by_control_limits(0.1)
    assert chart.limit == Decimal("0.3")
    assert [chart.judge(d) for d in ("0.2", "0.21", "0.3", "0.31")] == [
        "normal",
        "warning",
        "warning",
        "out_of_control",
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: by_en(0, 0),
        lambda: by_share_of_mpe(0),
        lambda: by_uncertainty("0"),
        lambda: by_control_limits(0),
    ],
)
def test_criteria_need_a_limit(wrong):
    with pytest.raises(ParameterNotAllowed):
        wrong()


def test_the_days_of_a_plan_keep_the_day_of_the_month():
    days = check_days(date(2027, 10, 31), months=1, until=date(2028, 3, 31))
    assert [d.isoformat() for d in days] == [
        "2027-10-31",
        "2027-11-30",
        "2027-12-31",
        "2028-01-31",
        "2028-02-29",
        "2028-03-31",
    ]
    assert check_days(date(2027, 1, 1), months=6, until=date(2026, 1, 1)) == ()
    with pytest.raises(ParameterNotAllowed):
        check_days(date(2027, 1, 1), months=0, until=date(2028, 1, 1))
