"""Outcomes at every limit, worked out with pencil and paper on decimal text."""

import math
from decimal import Decimal
from itertools import pairwise

import pytest

from jialiang.science.decisions.guard_bands import (
    RULES,
    factor_for,
    managed,
    rp10,
    rss,
    specific,
    whole_uncertainty,
)
from jialiang.science.decisions.probability import conformance, process_capability, tolerance_ratio
from jialiang.science.decisions.risk import (
    NormalProcess,
    RectangularProcess,
    global_risk,
    normal_probability,
    risk_of_ratio,
)
from jialiang.science.decisions.statements import (
    Decision,
    Limits,
    conformance_probability,
    decide,
    decide_by_jjf1094,
    guard_band_width,
    nonconformance,
    worst,
)
from jialiang.science.errors import LimitsInconsistent, ParameterNotAllowed
from jialiang.science.solving import NoSolution

BOTH = Limits(Decimal("9.90"), Decimal("10.10"))
LOWER = Limits(lower=Decimal("9.90"))
UPPER = Limits(upper=Decimal("10.10"))


@pytest.mark.parametrize(
    ("limits", "measured", "inside"),
    [
        (BOTH, "10.00", "0.10"),
        (BOTH, "10.03", "0.07"),
        (BOTH, "9.93", "0.03"),
        (BOTH, "9.90", "0.00"),
        (BOTH, "10.10", "0.00"),
        (BOTH, "10.11", "-0.01"),
        (BOTH, "9.89", "-0.01"),
        (LOWER, "1000", "990.10"),
        (LOWER, "9.8", "-0.1"),
        (UPPER, "-1000", "1010.10"),
        (UPPER, "10.2", "-0.1"),
        (BOTH, "10.0999999999999999999999999999999999999", "0.0000000000000000000000000000000000001"),
    ],
)
def test_how_far_a_value_lies_inside(limits, measured, inside):
    assert limits.distance_inside(Decimal(measured)) == Decimal(inside)


@pytest.mark.parametrize(
    ("low", "high", "half"),
    [
        ("9.90", "10.10", "0.10"),
        ("-1", "2", "1.5"),
        ("-0.0001", "0.0002", "0.00015"),
        ("1e-40", "3e-40", "1e-40"),
        ("-1e30", "1e30", "1e30"),
    ],
)
def test_half_the_tolerance_keeps_every_digit(low, high, half):
    assert Limits(Decimal(low), Decimal(high)).half_width == Decimal(half)


@pytest.mark.parametrize("limits", [LOWER, UPPER])
def test_half_of_a_tolerance_with_one_limit_does_not_exist(limits):
    with pytest.raises(LimitsInconsistent) as raised:
        _ = limits.half_width
    assert "None" in raised.value.facts["limits"]


@pytest.mark.parametrize(
    ("low", "high"), [(None, None), ("1", "1"), ("2", "1"), ("1.00", "1.0"), ("0", "-1e-30")]
)
def test_limits_that_bound_nothing_are_refused(low, high):
    with pytest.raises(LimitsInconsistent):
        Limits(None if low is None else Decimal(low), None if high is None else Decimal(high))


@pytest.mark.parametrize("mpe", ["0.5", "-0.5", Decimal("0.5"), 0.5])
def test_a_maximum_permissible_error_has_two_signs(mpe):
    limits = Limits.symmetric(mpe)
    assert (limits.lower, limits.upper) == (Decimal("-0.5"), Decimal("0.5"))


def test_a_maximum_permissible_error_of_nothing_is_refused():
    with pytest.raises(LimitsInconsistent):
        Limits.symmetric("0.000")


# limits 9.90 … 10.10, w = 0.04: pass 9.94 … 10.06, fail beyond 9.86 … 10.14
FOUR = [
    ("10.00", "pass"),
    ("10.06", "pass"),
    ("9.94", "pass"),
    ("10.0600000001", "conditionalPass"),
    ("9.9399999999", "conditionalPass"),
    ("10.10", "conditionalPass"),
    ("9.90", "conditionalPass"),
    ("10.1000000001", "conditionalFail"),
    ("9.8999999999", "conditionalFail"),
    ("10.14", "conditionalFail"),
    ("9.86", "conditionalFail"),
    ("10.1400000001", "fail"),
    ("9.8599999999", "fail"),
    ("0", "fail"),
]


@pytest.mark.parametrize(("measured", "outcome"), FOUR)
def test_four_outcomes_meet_at_the_limits(measured, outcome):
    assert decide(measured, BOTH, rule="non_binary", guard_band="0.04").outcome == outcome


@pytest.mark.parametrize(("measured", "outcome"), FOUR)
def test_two_outcomes_are_the_four_drawn_together(measured, outcome):
    simple = decide(measured, BOTH, rule="simple", guard_band="0.04")
    guarded = decide(measured, BOTH, rule="guarded", guard_band="0.04")
    assert simple.outcome == ("pass" if outcome in ("pass", "conditionalPass") else "fail")
    assert guarded.outcome == ("pass" if outcome == "pass" else "fail")
    assert (simple.guard_band, guarded.guard_band) == (0, Decimal("0.04"))


@pytest.mark.parametrize(("measured", "outcome"), FOUR)
def test_a_negative_guard_band_accepts_as_far_as_conditional_fail(measured, outcome):
    found = decide(measured, BOTH, rule="guarded", guard_band="-0.04")
    assert found.outcome == ("fail" if outcome == "fail" else "pass")


@pytest.mark.parametrize(
    ("limits", "measured", "outcome"),
    [
        (UPPER, "10.06", "pass"),
        (UPPER, "-99", "pass"),
        (UPPER, "10.07", "conditionalPass"),
        (UPPER, "10.11", "conditionalFail"),
        (UPPER, "10.15", "fail"),
        (LOWER, "9.94", "pass"),
        (LOWER, "99", "pass"),
        (LOWER, "9.93", "conditionalPass"),
        (LOWER, "9.89", "conditionalFail"),
        (LOWER, "9.85", "fail"),
    ],
)
def test_one_limit_knows_no_other_side(limits, measured, outcome):
    assert decide(measured, limits, rule="non_binary", guard_band="0.04").outcome == outcome


def test_four_outcomes_need_a_band_that_is_not_negative():
    with pytest.raises(LimitsInconsistent) as raised:
        decide("10", BOTH, rule="non_binary", guard_band="-0.01")
    assert raised.value.facts["limits"] == "w = -0.01"


@pytest.mark.parametrize(
    ("low", "high", "measured", "width", "outcome"),
    [
        # limits that are not symmetric: MPEV is half their distance, here 0.15, a third of it 0.05
        ("-0.10", "0.20", "0.20", "0.05", "pass"),
        ("-0.10", "0.20", "-0.10", "0.05", "pass"),
        ("-0.10", "0.20", "0.2001", "0.05", "fail"),
        ("-0.10", "0.20", "0.20", "0.06", "undecided"),
        ("-0.10", "0.20", "0.14", "0.06", "pass"),
        ("-0.10", "0.20", "-0.04", "0.06", "pass"),
        ("-0.10", "0.20", "-0.0400001", "0.06", "undecided"),
        ("-0.10", "0.20", "0.2599999", "0.06", "undecided"),
        ("-0.10", "0.20", "0.26", "0.06", "fail"),
        ("-0.10", "0.20", "-0.16", "0.06", "fail"),
        ("-0.10", "0.20", "-0.1599999", "0.06", "undecided"),
        # U = MPEV: only the middle passes
        ("-1", "1", "0", "1", "pass"),
        ("-1", "1", "1e-39", "1", "undecided"),
        ("-1", "1", "2", "1", "fail"),
        ("-1", "1", "1.999", "1", "undecided"),
        # thirds that binary fractions miss
        ("-0.9", "0.9", "0.9", "0.3", "pass"),
        ("-2.1", "2.1", "2.1", "0.7", "pass"),
        ("-2.1", "2.1", "2.1", "0.70000000000000000000000000001", "undecided"),
        ("-1e-9", "1e-9", "1e-9", "3.333333333e-10", "pass"),
        ("-1e-9", "1e-9", "1e-9", "3.333333334e-10", "undecided"),
    ],
)
def test_the_rule_of_jjf1094_at_limits_of_any_place(low, high, measured, width, outcome):
    limits = Limits(Decimal(low), Decimal(high))
    assert decide_by_jjf1094(measured, limits, expanded_uncertainty=width).outcome == outcome


def test_the_guard_band_of_jjf1094_is_reported_only_where_it_counts():
    limits = Limits.symmetric("0.3")
    assert decide_by_jjf1094("0", limits, expanded_uncertainty="0.1").guard_band == 0
    assert decide_by_jjf1094("0", limits, expanded_uncertainty="0.11").guard_band == Decimal("0.11")
    assert decide_by_jjf1094("0", limits, expanded_uncertainty="0.1").rule == "jjf1094"


def test_jjf1094_needs_two_limits_and_an_uncertainty_that_is_not_negative():
    for limits, width in ((UPPER, "0.1"), (LOWER, "0.1"), (BOTH, "-0.1")):
        with pytest.raises(LimitsInconsistent):
            decide_by_jjf1094("10", limits, expanded_uncertainty=width)


@pytest.mark.parametrize(
    ("outcome", "probability", "risk"),
    [
        ("pass", 0.975, 0.025),
        ("conditionalPass", 0.6, 0.4),
        ("fail", 0.1, 0.1),
        ("conditionalFail", 0.3, 0.3),
        ("undecided", 0.5, None),
        ("pass", None, None),
        ("fail", None, None),
    ],
)
def test_the_risk_of_this_very_item(outcome, probability, risk):
    found = Decision(outcome, "guarded", Decimal(0), probability).specific_risk
    assert found is None if risk is None else found == pytest.approx(risk)


# a normal state of knowledge about y = 10 with u = 0.05 (two standard uncertainties to each limit)
@pytest.mark.parametrize(
    ("y", "u", "limits", "below", "above"),
    [
        (10.00, 0.05, BOTH, 0.0227501319, 0.0227501319),
        (10.05, 0.05, BOTH, 0.0013498980, 0.1586552539),
        (10.10, 0.05, BOTH, 0.0000316712418, 0.5),
        (10.15, 0.05, BOTH, 2.8665157e-7, 0.8413447461),
        (9.85, 0.05, LOWER, 0.8413447461, 0.0),
        (10.05, 0.05, UPPER, 0.0, 0.1586552539),
        (9.90, 0.10, BOTH, 0.5, 0.0227501319),
    ],
)
def test_probabilities_of_the_normal_table(y, u, limits, below, above):
    assert nonconformance(y, u, limits) == pytest.approx((below, above), rel=1e-6, abs=1e-15)
    found = conformance(y, u, limits)
    assert found.outside == pytest.approx(below + above, rel=1e-6)
    assert found.inside == pytest.approx(1 - below - above)
    assert conformance_probability(y, u, limits) == pytest.approx(found.inside, abs=1e-15)


@pytest.mark.parametrize(
    ("nu", "t", "tail"),
    # one-sided points of Student's table; for ν = 1 the tail is 1/2 - arctan(t)/π
    [(1, 1.0, 0.25), (1, 6.3138, 0.05), (2, 2.9200, 0.05), (5, 2.5706, 0.025), (10, 3.1693, 0.005)],
)
def test_few_degrees_of_freedom_have_the_tails_of_student(nu, t, tail):
    below, above = nonconformance(10.0 - t, 1.0, Limits(upper=Decimal(10)), nu)
    assert below == 0
    assert above == pytest.approx(tail, rel=1e-3)


def test_one_in_a_billion_keeps_its_digits():
    below, above = nonconformance(0.0, 0.1, Limits.symmetric("0.8"))
    assert below == above == pytest.approx(6.22096057e-16, rel=1e-6)
    assert conformance(0.0, 0.1, Limits.symmetric("0.8")).outside > 1e-15


@pytest.mark.parametrize(
    ("y", "u", "limits", "capability"),
    [
        (10.00, 0.05, BOTH, 0.10 / 0.15),
        (10.04, 0.02, BOTH, 1.0),
        (10.10, 0.05, BOTH, 0.0),
        (10.16, 0.02, BOTH, -1.0),
        (10.02, 0.01, LOWER, 4.0),
        (10.04, 0.01, UPPER, 2.0),
    ],
)
def test_capability_counts_to_the_nearer_limit(y, u, limits, capability):
    assert process_capability(y, u, limits) == pytest.approx(capability, abs=1e-12)


def test_tolerance_ratio_by_hand():
    assert tolerance_ratio(BOTH, 0.025) == pytest.approx(4)
    assert tolerance_ratio(Limits(Decimal(0), Decimal(3)), 0.5) == pytest.approx(3)


@pytest.mark.parametrize("u", [0.0, -1.0, math.inf, math.nan])
@pytest.mark.parametrize(
    "ask",
    [
        lambda u: process_capability(10.0, u, BOTH),
        lambda u: tolerance_ratio(BOTH, u),
        lambda u: nonconformance(10.0, u, BOTH),
        lambda u: decide("10", BOTH, rule="simple", standard_uncertainty=u),
    ],
)
def test_an_uncertainty_that_is_none_is_refused(ask, u):
    with pytest.raises(ParameterNotAllowed):
        ask(u)


@pytest.mark.parametrize(
    ("expanded", "multiple", "width"),
    [("0.2", 1, "0.2"), ("0.2", "0.83", "0.166"), ("0.2", 0, "0"), ("0.1", 0.1, "0.01"), ("0.2", -1, "-0.2")],
)
def test_widths_of_guard_bands(expanded, multiple, width):
    assert guard_band_width(expanded, multiple) == Decimal(width)


@pytest.mark.parametrize(
    ("outcomes", "said"),
    [
        (("pass",), "pass"),
        (("pass", "conditionalPass"), "conditionalPass"),
        (("undecided", "conditionalPass", "pass"), "undecided"),
        (("undecided", "conditionalFail"), "conditionalFail"),
        (("fail", "conditionalFail", "pass"), "fail"),
    ],
)
def test_an_instrument_is_as_good_as_its_worst_point(outcomes, said):
    assert worst(outcomes) == worst(outcomes[::-1]) == said


# --- guard bands


@pytest.mark.parametrize(
    ("rule", "tur", "factor"),
    [
        (rss, 1.0, 0.0),
        (rss, 2.0, 0.8660254038),
        (rss, 4.0, 0.9682458366),
        (rss, 1.25, 0.6),
        (rss, 5 / 3, 0.8),
        (whole_uncertainty, 0.5, -1.0),
        (whole_uncertainty, 1.0, 0.0),
        (whole_uncertainty, 4.0, 0.75),
        (rp10, 4.0, 1.0),
        (rp10, 2.0, 0.75),
        (rp10, 10.0, 1.15),
        (rp10, 0.8, 0.0),
        (managed, 1.0, 1 - (1.04 - 0.5827482524)),
        (managed, 4.0, 1 - (1.04 - 0.5827482524 * 1.6934906247) / 4),
    ],
)
def test_factors_of_the_trade_by_hand(rule, tur, factor):
    assert rule(tur) == pytest.approx(factor, abs=2e-9)


@pytest.mark.parametrize(
    ("tur", "risk", "factor"),
    [
        (1.0, 0.5, 1.0),
        (4.0, 0.5, 1.0),
        (1.0, 0.0227501319, 0.0),  # two standard uncertainties, half the U that fills the tolerance twice
        (4.0, 0.0227501319, 0.75),
        (2.0, 0.1586552539, 0.75),
        (2.0, 0.8413447461, 1.25),
    ],
)
def test_at_the_limit_for_one_item_the_risk_is_the_one_asked(tur, risk, factor):
    assert specific(tur, risk) == pytest.approx(factor, abs=1e-8)
    at_limit = nonconformance(specific(tur, risk), 1 / (2 * tur), Limits(upper=Decimal(1)))[1]
    assert at_limit == pytest.approx(risk, rel=1e-9)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("tur", [0.0, -1.0, math.inf, math.nan])
def test_no_rule_takes_a_ratio_that_is_none(rule, tur):
    with pytest.raises(ParameterNotAllowed) as raised:
        RULES[rule](tur)
    assert raised.value.facts["parameter"] == "tur"


def test_quadrature_has_nothing_to_take_from_below_one():
    with pytest.raises(ParameterNotAllowed):
        rss(0.999)


@pytest.mark.parametrize("itp", [0.7, 0.95])
@pytest.mark.parametrize("tur", [1.5, 4.0])
@pytest.mark.parametrize(("risk", "target"), [("pfa", 0.02), ("pfa", 0.001), ("pfr", 0.02), ("pfr", 0.2)])
def test_a_solved_factor_gives_back_its_risk(itp, tur, risk, target):
    found = risk_of_ratio(itp, tur, factor_for(itp, tur, target, risk))
    assert getattr(found, risk) == pytest.approx(target, rel=1e-10)


@pytest.mark.parametrize(
    ("itp", "target", "risk"), [(0.95, 0.05, "pfa"), (0.95, 0.2, "pfa"), (0.3, 0.3, "pfr"), (0.3, 0.9, "pfr")]
)
def test_a_risk_above_what_accepting_or_rejecting_all_gives_has_no_factor(itp, target, risk):
    with pytest.raises(NoSolution) as raised:
        factor_for(itp, 4.0, target, risk)
    assert raised.value.facts["sought"] == "guard_band_factor"


@pytest.mark.parametrize("target", [0.0, 1.0, -0.1, math.nan])
def test_a_target_that_is_no_probability_is_refused_by_its_name(target):
    with pytest.raises(ParameterNotAllowed) as raised:
        factor_for(0.9, 4.0, target, "pfr")
    assert raised.value.facts["parameter"] == "target_pfr"
    with pytest.raises(ParameterNotAllowed):
        specific(4.0, target)


# --- global risk


def test_a_rectangular_process_far_wider_than_u_by_hand():
    """Near one limit the loss is density · u · φ-integral: ∫₀^∞ Φ(-t) dt = 1/√(2π)."""
    found = global_risk(RectangularProcess(-10, 10), 0.1, tolerance=(-5, 5), acceptance=(-5, 5))
    expected = 2 * 0.1 / 20 / math.sqrt(2 * math.pi)
    assert found.pfa == pytest.approx(expected, rel=1e-10)
    assert found.pfr == pytest.approx(expected, rel=1e-10)
    assert found.in_tolerance == 0.5
    assert found.accepted == pytest.approx(0.5)
    assert found.pfa_of_accepted == pytest.approx(2 * expected)
    assert found.pfr_of_rejected == pytest.approx(2 * expected)


@pytest.mark.parametrize(
    ("low", "high", "share"), [(-1, 1, 0.5), (0, 1, 0.25), (-9, 9, 1), (3, 4, 0), (-9, 0, 0.5)]
)
def test_the_share_of_a_rectangle(low, high, share):
    assert RectangularProcess(-2, 2).probability(low, high) == share


@pytest.mark.parametrize(
    ("low", "high", "probability"),
    [
        (-1.0, 1.0, 0.6826894921),
        (-math.inf, 0.0, 0.5),
        (1.0, math.inf, 0.1586552539),
        (2.0, 3.0, 0.0227501319 - 0.0013498980),
        (-3.0, -2.0, 0.0227501319 - 0.0013498980),
        (8.0, 9.0, 6.2209605743e-16),
    ],
)
def test_probabilities_of_the_standard_normal(low, high, probability):
    assert normal_probability(low, high) == pytest.approx(probability, rel=1e-6)


def test_the_process_of_a_share_in_tolerance():
    process = NormalProcess.of_in_tolerance_probability(0.6826894921370859, half_width=3.0)
    assert process.sd == pytest.approx(3.0)
    assert process.probability(-3.0, 3.0) == pytest.approx(0.6826894921)


def test_an_empty_acceptance_rejects_all_that_conforms():
    found = risk_of_ratio(0.8, 4.0, guard_band_factor=0.0)
    assert (found.pfa, found.accepted, found.pfa_of_accepted) == (0, 0, 0)
    assert found.pfr == found.in_tolerance == pytest.approx(0.8)
    assert found.pfr_of_rejected == pytest.approx(0.8)


def test_a_narrower_acceptance_trades_one_risk_for_the_other():
    risks = [risk_of_ratio(0.9, 3.0, factor) for factor in (0.6, 0.8, 1.0, 1.2)]
    assert all(a.pfa < b.pfa and a.pfr > b.pfr for a, b in pairwise(risks))


@pytest.mark.parametrize("one_sided", [(-math.inf, 1.0), (-1.0, math.inf)])
def test_a_centred_process_does_not_know_which_side_the_limit_is(one_sided):
    found = global_risk(NormalProcess(0, 1), 0.2, tolerance=one_sided, acceptance=one_sided)
    mirrored = (-one_sided[1], -one_sided[0])
    other = global_risk(NormalProcess(0, 1), 0.2, tolerance=mirrored, acceptance=mirrored)
    assert found.pfa == pytest.approx(other.pfa, rel=1e-12)
    # measured values scatter with √(1 + 0.04), so Pr(accepted) = Φ(1/1.0198)
    assert found.accepted == pytest.approx(normal_probability(-math.inf, 1 / math.sqrt(1.04)), rel=1e-10)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (lambda: RectangularProcess(1, 1), LimitsInconsistent),
        (lambda: RectangularProcess(2, 1), LimitsInconsistent),
        (lambda: RectangularProcess(-math.inf, 1), LimitsInconsistent),
        (lambda: NormalProcess(0, 0), ParameterNotAllowed),
        (lambda: NormalProcess.of_in_tolerance_probability(1.0), ParameterNotAllowed),
        (lambda: NormalProcess.of_in_tolerance_probability(0.5, 0.0), ParameterNotAllowed),
        (lambda: risk_of_ratio(0.5, 0.0), ParameterNotAllowed),
        (lambda: risk_of_ratio(0.5, 2.0, math.inf), ParameterNotAllowed),
        (lambda: risk_of_ratio(0.5, 2.0, math.nan), ParameterNotAllowed),
        (lambda: _risk(tolerance=(1.0, 1.0)), LimitsInconsistent),
        (lambda: _risk(tolerance=(-math.inf, math.inf)), LimitsInconsistent),
        (lambda: _risk(tolerance=(math.nan, 1.0)), LimitsInconsistent),
        (lambda: _risk(u=0.0), ParameterNotAllowed),
    ],
)
def test_processes_and_limits_that_cannot_be_are_refused(wrong, error):
    with pytest.raises(error):
        wrong()


def _risk(*, u=0.1, tolerance=(-1.0, 1.0)):
    return global_risk(NormalProcess(0, 1), u, tolerance=tolerance, acceptance=(-1.0, 1.0))
