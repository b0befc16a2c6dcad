"""Lines, factors, charts and chains with figures that a pencil can follow."""

import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.kernel.text import Text
from jialiang.science.chain import ChainLink, ChainNode, examine_chain
from jialiang.science.charts.check_standard import Baseline, baseline_of, beyond, check_standard_chart
from jialiang.science.coverage import (
    coverage_factor,
    expand,
    expand_with_fixed_factor,
    usable_degrees_of_freedom,
)
from jialiang.science.errors import (
    DegreesOfFreedomNotReported,
    LengthsDiffer,
    ParameterNotAllowed,
    PointsCoincide,
    TooFewObservations,
)
from jialiang.science.fit import fit_straight_line

# --- straight lines ------------------------------------------------------------------------------------------


def test_three_points_whose_line_can_be_drawn_by_hand():
    """(0, 0), (1, 0), (2, 3): b = 3/2 t - 1/2, residuals 1/2, -1, 1/2, s² = 3/2, S = 2."""
    line = fit_straight_line([0, 1, 2], [0, 0, 3])
    assert (line.intercept, line.slope) == (-0.5, 1.5)
    assert line.residuals == (0.5, -1.0, 0.5)
    assert line.residual_standard_deviation == pytest.approx(math.sqrt(1.5))
    assert line.slope_standard_uncertainty == pytest.approx(math.sqrt(0.75))
    assert line.intercept_standard_uncertainty == pytest.approx(math.sqrt(1.25))
    assert line.correlation == pytest.approx(-math.sqrt(0.6))
    assert line.covariance == pytest.approx(-0.75)
    assert line.coefficient_of_determination == pytest.approx(0.75)
    assert (line.degrees_of_freedom, line.mean_point, line.sum_of_squared_distances) == (1, 1.0, 2.0)


# point: value and u² = s² (1/n + (t - mean)²/S) of the line above
@pytest.mark.parametrize(
    ("point", "value", "variance"),
    [(-1, -2.0, 3.5), (0, -0.5, 1.25), (1, 1.0, 0.5), (2, 2.5, 1.25), (3, 4.0, 3.5), (11, 16.0, 75.5)],
)
def test_the_same_line_predicts_with_the_variance_of_the_formula(point, value, variance):
    found = fit_straight_line([0, 1, 2], [0, 0, 3]).predict(point)
    assert found.value == pytest.approx(value)
    assert found.standard_uncertainty**2 == pytest.approx(variance)
    assert found.degrees_of_freedom == 1


LINES = [
    # points, ordinates: intercept at 0, slope, s
    ((1, 2, 3), (2, 4, 6), 0.0, 2.0, 0.0),
    ((1, 2, 3), (5, 5, 5), 5.0, 0.0, 0.0),
    ((0, 1, 2, 3), (0, 2, 2, 4), 0.2, 1.2, math.sqrt(0.4)),
    ((-1, 0, 1), (1, 0, 1), 2 / 3, 0.0, math.sqrt(2 / 3)),
    ((0, 0, 1, 1), (0, 2, 1, 3), 1.0, 1.0, math.sqrt(2)),
    ((10, 20, 30), (3, 2, 1), 4.0, -0.1, 0.0),
    ((1, 2, 3, 4, 5), (2, 4, 5, 4, 5), 2.2, 0.6, math.sqrt(0.8)),
]


@pytest.mark.parametrize(("points", "ordinates", "intercept", "slope", "scatter"), LINES)
def test_lines_worked_by_hand(points, ordinates, intercept, slope, scatter):
    line = fit_straight_line(points, ordinates)
    assert line.intercept == pytest.approx(intercept, abs=1e-12)
    assert line.slope == pytest.approx(slope, abs=1e-12)
    assert line.residual_standard_deviation == pytest.approx(scatter, abs=1e-12)
    moved = fit_straight_line(points, ordinates, reference_point=10)
    assert moved.intercept == pytest.approx(intercept + 10 * slope)
    assert moved.predict(0).value == pytest.approx(intercept, abs=1e-12)


@pytest.mark.parametrize(
    ("points", "ordinates", "error", "facts"),
    [
        ((), (), TooFewObservations, {"needed": 3, "given": 0}),
        ((1, 2), (1, 2), TooFewObservations, {"needed": 3, "given": 2}),
        ((1, 2, 3), (1, 2), LengthsDiffer, {"first": 3, "second": 2}),
        ((1, 2), (1, 2, 3), LengthsDiffer, {"first": 2, "second": 3}),
        ((5, 5, 5), (1, 2, 3), PointsCoincide, {"abscissa": 5}),
    ],
)
def test_what_makes_no_line_is_refused_with_its_figures(points, ordinates, error, facts):
    with pytest.raises(error) as refused:
        fit_straight_line(points, ordinates)
    assert refused.value.facts == facts


@pytest.mark.parametrize(
    ("point", "outside"), [(0.999, True), (1, False), (2, False), (3, False), (3.001, True)]
)
def test_a_line_reaches_from_its_first_to_its_last_point(point, outside):
    assert fit_straight_line([3, 1, 2], [1, 2, 3]).is_extrapolated(point) is outside


@given(
    st.lists(st.integers(-50, 50), min_size=3, max_size=8, unique=True),
    st.integers(-9, 9),
    st.integers(-9, 9),
)
def test_points_on_a_line_of_whole_numbers_give_it_back(points, slope, intercept):
    line = fit_straight_line(points, [slope * t + intercept for t in points])
    assert line.slope == pytest.approx(slope, abs=1e-9)
    assert line.intercept == pytest.approx(intercept, abs=1e-8)
    assert line.residual_standard_deviation == pytest.approx(0, abs=1e-8)


# --- factors and degrees of freedom --------------------------------------------------------------------------

# t as printed in every table of it, two-sided
T_TABLE = {
    1: (6.314, 12.706, 63.657), 2: (2.920, 4.303, 9.925), 3: (2.353, 3.182, 5.841), 4: (2.132, 2.776, 4.604),
    5: (2.015, 2.571, 4.032), 9: (1.833, 2.262, 3.250), 10: (1.812, 2.228, 3.169), 20: (1.725, 2.086, 2.845),
    30: (1.697, 2.042, 2.750), 60: (1.671, 2.000, 2.660), 120: (1.658, 1.980, 2.617), math.inf: (1.645, 1.960, 2.576),
}  # fmt: skip


@pytest.mark.parametrize("nu", T_TABLE)
def test_factors_are_those_of_the_table_of_t(nu):
    found = tuple(coverage_factor(p, nu) for p in (0.90, 0.95, 0.99))
    assert found == pytest.approx(T_TABLE[nu], abs=5e-4)


USED = [
    (0.3, 1), (0.999, 1), (1, 1), (1.99, 1), (1.996, 2), (2, 2), (7.94, 7), (7.996, 8), (18.9987, 19), (18.94, 18),
    (18.95, 19), (18.85, 18), (19.04, 19), (99.94, 99), (99.96, 100), (100.4, 100), (999.4, 999), (999.6, 1000),
    (1000.9, 1000),
    (12345.9, 12345), (math.inf, math.inf),
]  # fmt: skip


@pytest.mark.parametrize(("nu", "used"), USED)
def test_degrees_of_freedom_are_cut_after_three_digits_and_never_below_one(nu, used):
    assert usable_degrees_of_freedom(nu) == used
    assert usable_degrees_of_freedom(nu, "real") == nu


@pytest.mark.parametrize("k", [0.5, 1, 2, 3])
def test_a_chosen_factor_has_the_probability_of_the_closed_forms(k):
    one = expand_with_fixed_factor(0.5, 1, factor=k)
    two = expand_with_fixed_factor(0.5, 2, factor=k)
    many = expand_with_fixed_factor(0.5, None, factor=k)
    assert one.coverage_probability == pytest.approx(2 / math.pi * math.atan(k))
    assert two.coverage_probability == pytest.approx(k / math.sqrt(2 + k * k))
    assert many.coverage_probability == pytest.approx(math.erf(k / math.sqrt(2)))
    assert {c.expanded_uncertainty for c in (one, two, many)} == {0.5 * k}
    assert (many.convention, many.degrees_of_freedom_used) == ("fixed", None)


@pytest.mark.parametrize("factor", [0, -2, float("nan")])
def test_a_chosen_factor_is_above_zero(factor):
    with pytest.raises(ParameterNotAllowed):
        expand_with_fixed_factor(1.0, None, factor=factor)


@pytest.mark.parametrize(
    ("p", "nu"), [(0, 5), (1, 5), (-0.1, 5), (1.5, 5), (0.95, 0), (0.95, -1), (float("nan"), 5)]
)
def test_probabilities_and_degrees_outside_their_range_have_no_factor(p, nu):
    with pytest.raises(ParameterNotAllowed):
        coverage_factor(p, nu)


def test_an_expansion_keeps_what_it_was_made_of():
    found = expand(0.5, 9.7, coverage_probability=0.95)
    assert (found.coverage_probability, found.degrees_of_freedom_used, found.convention) == (0.95, 9.0, "t")
    assert found.coverage_factor == pytest.approx(2.262, abs=5e-4)
    assert found.expanded_uncertainty == pytest.approx(1.131, abs=5e-4)
    assert found.interval(10) == pytest.approx((8.869, 11.131), abs=5e-4)
    with pytest.raises(DegreesOfFreedomNotReported):
        expand(0.5, None, coverage_probability=0.95)


# --- control charts ------------------------------------------------------------------------------------------


def test_a_baseline_of_three_values_and_its_limits():
    baseline = baseline_of([9, 10, 11])
    assert baseline == Baseline(10.0, 1.0, 3)
    assert baseline.limits() == (7.0, 13.0)
    assert baseline.limits(2) == (8.0, 12.0)
    assert [baseline.distance(x) for x in (7, 10, 12.5)] == [-3.0, 0.0, 2.5]


POINTS = [
    # observation, is it outside, is it warned of
    (10, False, False), (12, False, False), (12.001, False, True), (13, False, True), (13.001, True, False),
    (8, False, False), (7.999, False, True), (7, False, True), (6.999, True, False), (100, True, False),
]  # fmt: skip


@pytest.mark.parametrize(("observation", "outside", "warned"), POINTS)
def test_a_point_is_inside_warned_of_or_outside(observation, outside, warned):
    chart = check_standard_chart([1, 2, 3], [10, observation, 10], Baseline(10, 1, 9))
    assert chart.outside == ((1,) if outside else ())
    assert chart.warned == ((1,) if warned else ())
    assert (chart.action_limits, chart.warning_limits) == ((7, 13), (8, 12))


def test_points_are_counted_from_zero_in_the_order_in_which_they_come():
    assert beyond([1, 5, 9, 5, 0], (1, 5)) == (2, 4)
    chart = check_standard_chart([5, 1, 3, 2], [20, 12.5, 0, 10], Baseline(10, 1, 9))
    assert (chart.outside, chart.warned) == ((0, 2), (1,))


@pytest.mark.parametrize(
    ("observations", "significant"),
    [
        ((0, 0, 3), False),  # slope 1.5, u = 0.866
        ((0, 1, 2.01), True),  # nearly on a line
        ((0, 1, 2), True),  # on a line exactly: any slope is
        ((5, 5, 5), False),  # no slope at all
        ((2, 1, 0.01), True),  # downwards too
    ],
)
def test_a_drift_is_significant_beyond_twice_its_uncertainty(observations, significant):
    chart = check_standard_chart([0, 1, 2], observations, Baseline(1, 1, 9))
    assert chart.drift_is_significant is significant


@pytest.mark.parametrize("values", [[], [1.0]])
def test_a_baseline_needs_two_values(values):
    with pytest.raises(TooFewObservations):
        baseline_of(values)


@pytest.mark.parametrize("multiple", [0, -3])
def test_limits_lie_some_way_from_the_centre(multiple):
    with pytest.raises(ParameterNotAllowed):
        Baseline(10, 1, 9).limits(multiple)


def test_without_scatter_there_are_no_distances():
    with pytest.raises(ParameterNotAllowed):
        Baseline(10, 0, 9).distance(11)


# --- the words of a chain ------------------------------------------------------------------------------------

DAY = date(2026, 6, 16)
ABOVE = ChainNode(
    "above", Text("国家基准", "National standard"), is_origin=True, expanded_uncertainty="0.1", unit="\\metre"
)


def node(**members) -> ChainNode:
    facts = {"certificate_number": "C-1", "expanded_uncertainty": "0.5", "unit": "\\metre"}
    return ChainNode("below", Text("量块", "Gauge block"), **{**facts, **members})


def found(below: ChainNode, *links: tuple[str, str], on: date = DAY):
    return examine_chain([below, ABOVE], [ChainLink(*link) for link in links], start="below", on=on).findings


UP = ("below", "above")
SENTENCES = [
    ("gap", node(), (), "“量块”没有上级标准，也不是国家计量基准或标准，溯源链在此中断",
     "“Gauge block” has no standard above it and is no national standard: the chain is broken here"),
    ("unknown_link", node(), (("below", "X-9"),), "“量块”溯源到一个没有登记的标准（X-9）",
     "“Gauge block” is traced to a standard that is not registered (X-9)"),
    ("no_certificate", node(certificate_number=""), (UP,), "“量块”没有校准或检定证书",
     "“Gauge block” has no certificate"),
    ("not_yet_valid", node(valid_from=date(2026, 6, 17)), (UP,), "“量块”的证书 C-1 自 2026-06-17 起才有效",
     "Certificate C-1 of “Gauge block” is valid only from 2026-06-17"),
    ("expired", node(valid_until=date(2026, 6, 15)), (UP,), "“量块”的证书 C-1 已于 2026-06-15 到期",
     "Certificate C-1 of “Gauge block” expired on 2026-06-15"),
    ("no_uncertainty", node(expanded_uncertainty=""), (UP,), "“量块”没有给出扩展不确定度",
     "No expanded uncertainty is stated for “Gauge block”"),
    ("units_differ", node(unit="\\volt"), (UP,), "“量块”与上级标准“国家基准”的单位量纲不同，不确定度无法比较",
     "The uncertainties of “Gauge block” and of “National standard” above it have units that do not compare"),
    ("gains_certainty", node(expanded_uncertainty="0.05"), (UP,),
     "“量块”的扩展不确定度小于上级标准“国家基准”，量值传递不可能提高准确度",
     "“Gauge block” claims a smaller uncertainty than “National standard” above it; "
     "a chain never gains certainty going down"),
    ("loop", node(expanded_uncertainty="0.1"), (UP, ("above", "below")), "溯源链形成回路：below → above → below",
     "The chain runs in a circle: below → above → below"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "below", "links", "zh", "en"), SENTENCES, ids=[s[0] for s in SENTENCES])
def test_every_finding_is_told_in_a_whole_sentence(kind, below, links, zh, en):
    (finding,) = found(below, *links)
    assert (finding.kind, finding.text.zh, finding.text.en) == (kind, zh, en)
    assert finding.breaks_chain is (kind not in {"no_uncertainty", "units_differ", "gains_certainty"})


UNITS = [
    # U of the lower, its unit, U of the upper 0.1 m: is certainty gained?
    ("0.5", "\\metre", False), ("0.1", "\\metre", False), ("0.0999", "\\metre", True), ("100", "\\milli\\metre", False),
    ("99.9", "\\milli\\metre", True), ("0.0001", "\\kilo\\metre", False), ("1E5", "\\micro\\metre", False),
    ("9E4", "\\micro\\metre", True),
]  # fmt: skip


@pytest.mark.parametrize(("uncertainty", "unit", "gained"), UNITS)
def test_uncertainties_are_compared_whatever_their_prefixes(uncertainty, unit, gained):
    kinds = [f.kind for f in found(node(expanded_uncertainty=uncertainty, unit=unit), UP)]
    assert kinds == (["gains_certainty"] if gained else [])


def test_several_findings_of_one_node_are_all_told():
    below = node(certificate_number="", expanded_uncertainty="")
    assert sorted(f.kind for f in found(below)) == ["gap", "no_certificate", "no_uncertainty"]
