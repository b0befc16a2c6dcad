"""The check standard of a kilogram, 217 values of thirteen years."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import f as fisher

from jialiang.science.charts.check_standard import (
    Baseline,
    baseline_of,
    beyond,
    check_standard_chart,
    short_term_limit,
)
from jialiang.science.errors import LengthsDiffer, ParameterNotAllowed, TooFewObservations
from jialiang.science.topics.registry import evaluate_topic
from jialiang.science.type_a import PooledDeviation, pooled_deviation
from jialiang.science.variances.anova import one_way


@pytest.fixture(scope="module")
def vector(oracles):
    return json.loads((oracles / "metrology" / "check-standard-kilogram-croarkin.json").read_text())


@pytest.fixture(scope="module")
def history(oracles, vector):
    lines = (oracles / "metrology" / "nist_dataplot" / "CROARKIN.DAT").read_text().splitlines()
    rows = [tuple(map(float, line.split())) for line in lines[vector["skip_lines"] :] if line.strip()]
    assert len(rows) == vector["expected"]["n"]
    return rows


@pytest.fixture(scope="module")
def chart(history):
    masses, years, _ = zip(*history, strict=True)
    early = baseline_of([mass for mass, year, _ in history if year < 85])
    return check_standard_chart(years, masses, early)


def test_centre_scatter_and_limits_before_1985(vector, chart):
    expected = vector["expected"]["baseline_before_85"]
    assert chart.baseline.count == expected["n"]
    assert chart.baseline.centre == pytest.approx(expected["center"], rel=1e-9)
    assert chart.baseline.standard_deviation == pytest.approx(expected["sd"], rel=1e-9)
    assert chart.action_limits == pytest.approx((expected["LCL3"], expected["UCL3"]), rel=1e-9)


def test_the_points_out_of_limits_after_1985_are_those_of_the_handbook(vector, history, chart):
    late = tuple(position for position in chart.outside if history[position][1] >= 85)
    assert list(late) == vector["expected"]["out_of_limits_after_85"]
    assert not set(chart.outside) & set(chart.warned)
    assert all(abs(chart.baseline.distance(chart.observations[p])) > 3 for p in chart.outside)
    assert all(2 < abs(chart.baseline.distance(chart.observations[p])) <= 3 for p in chart.warned)


def test_the_drift_of_thirteen_years_is_significant(vector, chart):
    expected = vector["expected"]["drift_all"]
    drift = chart.drift
    assert drift.slope == pytest.approx(expected["slope"], rel=1e-9)
    assert drift.intercept == pytest.approx(expected["intercept"], rel=1e-9)
    assert drift.slope_standard_uncertainty == pytest.approx(expected["se_slope"], rel=1e-9)
    assert drift.intercept_standard_uncertainty == pytest.approx(expected["se_intercept"], rel=1e-9)
    assert drift.residual_standard_deviation == pytest.approx(expected["s_residual"], rel=1e-9)
    assert drift.coefficient_of_determination == pytest.approx(expected["r2"], rel=1e-9)
    assert chart.drift_is_significant


def test_all_values_together_and_their_within_run_scatter(vector, history):
    everything = baseline_of([mass for mass, _, _ in history])
    assert everything.centre == pytest.approx(vector["expected"]["mean_all"], rel=1e-9)
    assert everything.standard_deviation == pytest.approx(vector["expected"]["sd_all"], rel=1e-9)
    early = [deviation for _, year, deviation in history if year < 85]
    pooled = pooled_deviation(early, [1.0] * len(early))
    expected = vector["expected"]["baseline_before_85"]["pooled_residual_sd"]
    assert pooled.standard_deviation == pytest.approx(expected, rel=1e-9)


def test_resistivity_check_standard_has_the_handbooks_two_levels(oracles):
    vector = json.loads((oracles / "metrology" / "check-standard-resistivity-mpc62.json").read_text())
    lines = (oracles / "metrology" / "nist_dataplot" / "MPC62.DAT").read_text().splitlines()
    rows = [line.split() for line in lines[vector["skip_lines"] :] if line.strip()]
    expected = vector["expected"]
    level_2 = baseline_of([float(row[10]) for row in rows])
    assert level_2.count == expected["n"]
    assert level_2.centre == pytest.approx(expected["grand_mean"], rel=1e-9)
    assert level_2.standard_deviation == pytest.approx(expected["level2_sd"], rel=1e-9)
    assert level_2.limits() == pytest.approx(expected["shewhart"], rel=1e-9)
    level_1 = pooled_deviation([float(row[11]) for row in rows], [float(row[12]) for row in rows])
    assert level_1.standard_deviation == pytest.approx(expected["level1_pooled_sd"], rel=1e-9)
    assert level_1.degrees_of_freedom == expected["level1_dof"]


def test_a_point_on_the_limit_is_inside():
    assert beyond([1.0, 3.0, 3.0000001, -1.0, -1.1], (-1.0, 3.0)) == (2, 4)


@given(st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=30), st.floats(0.5, 5), st.floats(0.1, 5))
def test_wider_limits_never_reject_more(observations, multiple, more):
    baseline = Baseline(0.0, 10.0, 20)
    narrow, wide = (set(beyond(observations, baseline.limits(m))) for m in (multiple, multiple + more))
    assert wide <= narrow


def test_a_steady_process_has_no_significant_drift():
    times = [float(t) for t in range(20)]
    chart = check_standard_chart(times, [(-1.0) ** t for t in range(20)], Baseline(0.0, 1.0, 20))
    assert not chart.drift_is_significant
    assert chart.outside == chart.warned == ()


def test_an_unordered_history_is_charted_as_it_comes(history, chart):
    masses, years, _ = zip(*reversed(history), strict=True)
    turned = check_standard_chart(years, masses, chart.baseline)
    assert turned.drift.slope == pytest.approx(chart.drift.slope, rel=1e-12)
    assert {len(history) - 1 - p for p in turned.outside} == set(chart.outside)


def test_charts_without_scatter_or_partner_are_refused():
    with pytest.raises(LengthsDiffer):
        check_standard_chart([1.0], [1.0, 2.0], Baseline(0.0, 1.0, 2))
    with pytest.raises(TooFewObservations):
        baseline_of([1.0])
    with pytest.raises(ParameterNotAllowed):
        Baseline(0.0, 0.0, 2).distance(1.0)
    with pytest.raises(ParameterNotAllowed):
        Baseline(0.0, 1.0, 2).limits(math.nan)


def test_the_limit_of_a_new_short_term_deviation_is_that_of_fisher(oracles):
    vector = json.loads((oracles / "metrology" / "check-standard-resistivity-mpc62.json").read_text())
    expected = vector["expected"]
    pooled = PooledDeviation(expected["level1_pooled_sd"], expected["level1_dof"])
    limit = short_term_limit(pooled, 5)
    assert limit == pytest.approx(
        expected["level1_pooled_sd"] * math.sqrt(fisher.ppf(0.99, 5, 125)), rel=1e-9
    )
    asked = {"s": [expected["level1_pooled_sd"]], "dof": [expected["level1_dof"]], "new_dof": 5}
    assert evaluate_topic("pooled-deviation", asked)["limit_of_new"] == pytest.approx(limit)
    with pytest.raises(ParameterNotAllowed):
        short_term_limit(pooled, 0)
    with pytest.raises(ParameterNotAllowed):
        short_term_limit(pooled, 5, probability=1)


def test_five_wafers_in_two_runs_of_two_configurations(oracles):
    """CHECK_STD: s1 pooled from the standard deviations given; means of a run scatter by more than s1 alone allows."""
    lines = (oracles / "metrology" / "nist_dataplot" / "CHECK_STD.DAT").read_text().splitlines()
    rows = [line.split() for line in lines[50:] if len(line.split()) == 10]
    assert {row[0].rstrip(".") for row in rows} == {"138", "139", "140", "141", "142"}
    deviations = [float(row[i]) for row in rows for i in (3, 5, 7, 9)]
    pooled = pooled_deviation(deviations, [5.0] * len(deviations))
    assert pooled.degrees_of_freedom == 5 * len(deviations)
    assert min(deviations) < pooled.standard_deviation < max(deviations)
    limit = short_term_limit(pooled, 5)
    assert sum(deviation > limit for deviation in deviations) <= 0.05 * len(deviations)
    by_wafer = {}
    for row in rows:
        by_wafer.setdefault(row[0], []).append([float(row[2]), float(row[6])])
    assert {len(days) for days in by_wafer.values()} == {6}
    for days in by_wafer.values():
        runs = [[day[run] for day in days] for run in (0, 1)]
        found = one_way(runs)
        assert found.within < 0.1
        assert found.grand_mean == pytest.approx(sum(map(sum, runs)) / 12)


def test_line_widths_stay_in_control_until_the_process_moves(oracles):
    """LINEWID: three reference lines on six days; the differences from the reference values as individuals."""
    lines = (oracles / "metrology" / "nist_dataplot" / "LINEWID.DAT").read_text().splitlines()
    rows = [line.split() for line in lines[25:] if len(line.split()) == 4]
    assert len(rows) == 18
    differences = [float(row[3]) - float(row[2]) for row in rows]
    found = evaluate_topic("chart", {"kind": "individuals", "data": differences})
    assert found["centre"] == pytest.approx(sum(differences) / 18)
    curve = evaluate_topic(
        "calibration-curve", {"x": [float(r[2]) for r in rows], "y": [float(r[3]) for r in rows], "at": [5.0]}
    )
    assert curve["coefficients"][1] == pytest.approx(1, abs=0.05)
    assert curve["dof"] == 16
    assert curve["predictions"][0]["U95"] == pytest.approx(2.1199 * curve["predictions"][0]["u"], rel=1e-4)
