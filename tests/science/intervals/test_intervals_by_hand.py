"""Calibration intervals with a pencil: bounds, the simple methods, A3, S2 models and drift of variables."""

import math
from decimal import Decimal

import numpy as np
import pytest

from jialiang.science.errors import (
    LengthsDiffer,
    LimitsInconsistent,
    ParameterNotAllowed,
    TooFewObservations,
)
from jialiang.science.intervals.attributes import (
    AttributesHistory,
    method_a3,
    rejection_confidence,
    reliability_range,
)
from jialiang.science.intervals.control_chart import control_chart_interval
from jialiang.science.intervals.proposal import Bounds, propose
from jialiang.science.intervals.reliability import MODELS, AttributesData, fit_all, fit_reliability
from jialiang.science.intervals.simple_methods import (
    BlackBoxCheck,
    StaircaseRule,
    black_box,
    in_use_time,
    staircase,
)
from jialiang.science.intervals.variables import (
    HORIZON_DAYS,
    ToleranceTarget,
    drift_model,
    first_day,
    interval_for_tolerance,
    interval_for_uncertainty,
)


def _bounds(minimum=None, maximum=None, legal=None):
    return Bounds(*(None if b is None else Decimal(b) for b in (minimum, maximum, legal)))


@pytest.mark.parametrize(
    ("bounds", "found", "proposed", "held"),
    [
        (_bounds(), "500", "500", None),
        (_bounds("100"), "99.999", "100", "minimum"),
        (_bounds("100"), "100", "100", None),
        (_bounds(maximum="400"), "400", "400", None),
        (_bounds(maximum="400"), "400.001", "400", "maximum"),
        (_bounds(legal="365"), "365", "365", None),
        (_bounds(legal="365"), "365.0000001", "365", "legal_maximum"),
        (_bounds("100", "400", "365"), "390", "365", "legal_maximum"),
        (_bounds("100", "400", "365"), "900", "365", "legal_maximum"),
        (_bounds("100", "300", "365"), "900", "300", "maximum"),
        (_bounds("100", "300", "365"), "1", "100", "minimum"),
        (_bounds("365", "365", "365"), "400", "365", "maximum"),
        (_bounds("365", "365", "365"), "4", "365", "minimum"),
    ],
)
def test_bounds_hold_and_say_which(bounds, found, proposed, held):
    proposal = propose("m", None, found, bounds)
    assert (proposal.proposed, proposal.held_by) == (Decimal(proposed), held)
    assert proposal.found == Decimal(found)


@pytest.mark.parametrize(
    ("minimum", "maximum", "legal"),
    [
        ("2", "1", None),
        ("2", None, "1"),
        ("0", None, None),
        (None, "-1", None),
        (None, None, "0"),
        ("5", "9", "4"),
    ],
)
def test_bounds_that_leave_no_interval(minimum, maximum, legal):
    with pytest.raises(LimitsInconsistent):
        _bounds(minimum, maximum, legal)


@pytest.mark.parametrize(
    ("current", "found", "changes"),
    [(None, "5", True), ("5", "5.0", False), ("5", "6", True), ("5", "4", True)],
)
def test_whether_anything_changes(current, found, changes):
    assert propose("m", current, found).changes is changes


# --- staircase (inner 0.8, extend 1.1, reduce 0.5 unless said otherwise)


@pytest.mark.parametrize(
    ("error", "mpe", "step", "following"),
    [
        ("0", "1", "extend", "110.0"),
        ("0.8", "1", "extend", "110.0"),
        ("-0.8", "1", "extend", "110.0"),
        ("0.80000000000000000001", "1", "keep", "100"),
        ("1", "1", "keep", "100"),
        ("-1", "-1", "keep", "100"),
        ("1.00000000000000000001", "1", "reduce", "50.0"),
        ("-5", "1", "reduce", "50.0"),
        ("0.24", "0.3", "extend", "110.0"),
        (0.24, 0.3, "extend", "110.0"),
        ("0.2400001", "0.3", "keep", "100"),
    ],
)
def test_steps_of_the_staircase(error, mpe, step, following):
    proposal = staircase("100", error, mpe)
    assert proposal.evidence == {"step": step}
    assert proposal.proposed == Decimal(following)
    assert proposal.current == 100


def test_a_staircase_of_the_laboratorys_own():
    rule = StaircaseRule(Decimal("0.5"), Decimal(2), Decimal("0.25"))
    steps = [staircase("8", error, "1", rule=rule).proposed for error in ("0.5", "0.51", "1", "1.01")]
    assert steps == [16, 8, 8, 2]


@pytest.mark.parametrize(
    "shares",
    [
        ("0", "1.1", "0.5"),
        ("1.1", "1.1", "0.5"),
        ("0.8", "0.9", "0.5"),
        ("0.8", "1.1", "0"),
        ("0.8", "1.1", "2"),
    ],
)
def test_a_staircase_that_leads_nowhere_is_refused(shares):
    with pytest.raises(ParameterNotAllowed):
        StaircaseRule(*(Decimal(share) for share in shares))


def test_a_staircase_needs_an_mpe_and_an_interval():
    with pytest.raises(LimitsInconsistent):
        staircase("100", "0", "0.0")
    for interval in ("0", "-1"):
        with pytest.raises(ParameterNotAllowed):
            staircase(interval, "0", "1")


# --- in-use time


@pytest.mark.parametrize(
    ("allowed", "used", "days", "proposed", "per_day", "left"),
    [
        ("1000", "100", "50", "500", 2.0, 900.0),
        ("1000", "2000", "50", "25", 40.0, -1000.0),
        ("10", "0.5", "30", "600", 1 / 60, 9.5),
    ],
)
def test_hours_of_use_by_hand(allowed, used, days, proposed, per_day, left):
    found = in_use_time(allowed, used, days)
    assert found.proposed == Decimal(proposed)
    assert found.current is None
    assert found.evidence == {"hours_per_day": pytest.approx(per_day), "hours_left": left}


@pytest.mark.parametrize(
    ("bounds", "proposed"),
    [(_bounds(maximum="700"), 700), (_bounds(legal="365"), 365), (_bounds("1", "700", "365"), 365)],
)
def test_what_is_not_used_lasts_as_long_as_the_bounds_allow(bounds, proposed):
    assert in_use_time("100", "0", "30", bounds=bounds).proposed == proposed


@pytest.mark.parametrize(
    ("arguments", "parameter"),
    [
        (("0", "1", "1"), "hours_allowed"),
        (("1", "-1", "1"), "hours_used"),
        (("1", "1", "0"), "days_observed"),
        (("1", "0", "1"), "hours_used"),  # neither use nor bounds
    ],
)
def test_use_that_says_nothing(arguments, parameter):
    with pytest.raises(ParameterNotAllowed) as raised:
        in_use_time(*arguments)
    assert raised.value.facts["parameter"] == parameter


# --- black box


def _check(name, deviation, limit="1"):
    return BlackBoxCheck(name, Decimal(deviation), Decimal(limit))


@pytest.mark.parametrize(
    ("checks", "proposed", "due", "beyond", "near"),
    [
        ([_check("zero", "0.8")], "110.0", False, [], []),
        ([_check("zero", "-0.8")], "110.0", False, [], []),
        ([_check("zero", "0.81")], "100", False, [], ["zero"]),
        ([_check("zero", "1")], "100", False, [], ["zero"]),
        ([_check("zero", "-1.01")], "100", True, ["zero"], []),
        ([_check("zero", "0"), _check("span", "2.5", "3")], "100", False, [], ["span"]),
        ([_check("zero", "0.9"), _check("span", "3.5", "3")], "100", True, ["span"], ["zero"]),
        ([_check("zero", "0.24", "0.3")], "110.0", False, [], []),
    ],
)
def test_black_box_checks_by_hand(checks, proposed, due, beyond, near):
    proposal, calibrate_now = black_box("100", checks)
    assert (proposal.proposed, calibrate_now) == (Decimal(proposed), due)
    assert proposal.evidence == {"beyond": beyond, "near": near, "checks": len(checks)}


def test_black_boxes_that_cannot_be_checked():
    with pytest.raises(TooFewObservations):
        black_box("100", [])
    with pytest.raises(ParameterNotAllowed) as raised:
        black_box("100", [_check("zero", "0", "0")])
    assert "zero" in raised.value.facts["parameter"]


# --- A3


@pytest.mark.parametrize(
    ("g", "n", "target", "two_sided", "confidence"),
    [
        (3, 3, 0.5, False, 1 - 1 / 8),
        (0, 3, 0.5, False, 1 - 1 / 8),
        (1, 3, 0.5, False, 0.0),  # 1 - 2 · 4/8
        (1, 4, 0.5, False, 1 - 2 * 5 / 16),
        (1, 5, 0.5, False, 1 - 2 * 6 / 32),
        (4, 5, 0.5, False, 0.0),
        (4, 5, 0.5, True, 2 * 31 / 32 - 1),
        (2, 4, 0.5, True, 0.0),
        (1, 1, 0.9, False, 0.1),
        (0, 1, 0.9, False, 0.9),
        (1, 2, 0.9, False, 1 - 2 * 0.19),
    ],
)
def test_how_surely_the_interval_misses_its_target(g, n, target, two_sided, confidence):
    history = AttributesHistory(g, n, 100.0)
    assert rejection_confidence(history, target, two_sided=two_sided) == pytest.approx(confidence, abs=1e-12)


@pytest.mark.parametrize(
    ("g", "n", "target", "interval"),
    [
        (1, 5, 0.5, 100 * 10 ** (-0.3 * 0.625)),
        (0, 1, 0.9, 50.0),  # 10^(-0.9 · 0.9) = 0.155: not below one half
        (1, 4, 0.5, 100.0),  # 37.5 % contradicts nothing at 50 %
        (4, 5, 0.5, 100.0),
        (3, 3, 0.5, 200.0),  # 10^(0.5/0.125) held at twice
        (1, 2, 0.9, 100 * 10 ** (-0.4 * 0.62)),
    ],
)
def test_a3_by_hand(g, n, target, interval):
    found = method_a3(AttributesHistory(g, n, 100.0), target=target)
    assert found.interval_days == pytest.approx(interval)
    assert found.rejected is (interval != 100.0)
    assert found.proposal.evidence == {"observed_reliability": g / n, "n": n, "target": target}


@pytest.mark.parametrize("legal", ["120", "100", "30"])
def test_a3_never_passes_the_legal_maximum(legal):
    found = method_a3(AttributesHistory(9, 9, 100.0), target=0.5, bounds=_bounds(legal=legal))
    assert found.interval_days == float(legal)
    assert found.proposal.held_by == "legal_maximum"
    assert found.proposal.found == 200


@pytest.mark.parametrize(
    ("g", "n", "confidence", "low", "high"),
    [
        (1, 1, 0.9, 0.05, 1.0),  # pⁿ = 0.05
        (0, 1, 0.9, 0.0, 0.95),
        (2, 2, 0.5, 0.5, 1.0),  # p² = 1/4
        (0, 2, 0.5, 0.0, 0.5),
        (1, 2, 0.5, 1 - math.sqrt(0.75), math.sqrt(0.75)),  # 1 - (1-p)² = 1/4, p² = 3/4
    ],
)
def test_the_range_of_the_reliability_by_hand(g, n, confidence, low, high):
    assert reliability_range(AttributesHistory(g, n, 1.0), confidence) == pytest.approx((low, high))


@pytest.mark.parametrize(
    ("wrong", "parameter"),
    [
        (lambda: AttributesHistory(2, 1, 10.0), "in_tolerance"),
        (lambda: AttributesHistory(-1, 1, 10.0), "in_tolerance"),
        (lambda: AttributesHistory(0, 0, 10.0), "in_tolerance"),
        (lambda: AttributesHistory(1, 1, 0.0), "interval_days"),
        (lambda: _a3(target=1.0), "target"),
        (lambda: _a3(confidence=0.0), "confidence"),
        (lambda: _a3(max_change=0.5), "max_change"),
        (lambda: _a3(max_change=math.inf), "max_change"),
    ],
)
def test_histories_and_settings_that_cannot_be(wrong, parameter):
    with pytest.raises(ParameterNotAllowed) as raised:
        wrong()
    assert raised.value.facts["parameter"] == parameter


def _a3(*, target=0.9, confidence=0.5, max_change=2.0):
    history = AttributesHistory(1, 2, 10.0)
    return method_a3(history, target=target, confidence=confidence, max_change=max_change)


# --- S2: curves at points where they can be worked out


@pytest.mark.parametrize(
    ("name", "theta", "time", "reliability"),
    [
        ("exponential", (0.5,), 2.0, math.exp(-1)),
        ("exponential", (0.5,), 0.0, 1.0),
        ("weibull", (0.5, 2.0), 1.0, math.exp(-0.25)),
        ("weibull", (0.5, 1.0), 2.0, math.exp(-1)),
        ("mixed_exponential", (1.0, 2.0), 1.0, 0.25),
        ("mixed_exponential", (3.0, 1.0), 1.0, 0.25),
        ("random_walk", (1.0, 0.0), 5.0, math.erf(1)),
        ("random_walk", (1.0, 1.0), 3.0, math.erf(0.5)),
        ("restricted_walk", (1.0, 3.0, 1e9), 1.0, math.erf(0.5)),
        ("restricted_walk", (4.0, 9.0, 1.0), 0.0, math.erf(0.5)),
        ("gamma", (1.0,), 0.0, 1.0),
        ("gamma", (1.0,), 1.0, math.exp(-1) * (1 + 1 + 1 / 2 + 1 / 6)),
        ("gamma", (2.0,), 1.0, math.exp(-2) * (1 + 2 + 2 + 8 / 6)),
        ("mortality_drift", (0.5, 0.25), 2.0, math.exp(-2)),
        ("warranty", (3.0, 2.0), 2.0, 0.5),
        ("warranty", (math.log(3), 1.0), 2.0, 0.25),
        ("drift", (0.0, 9.0, 0.0), 1.0, 0.5),
        ("drift", (1.0, 1.0, 0.0), 7.0, 0.6826894921),
        ("lognormal", (1.0, 1.0), 1.0, 0.5),
        ("lognormal", (1.0, 1.0), math.e, 0.1586552539),
    ],
)
def test_reliability_curves_by_hand(name, theta, time, reliability):
    found = MODELS[name].curve(np.asarray([time]), np.asarray(theta))
    assert float(found[0]) == pytest.approx(reliability, rel=1e-9)


def test_an_exponential_fit_of_one_rate_by_hand():
    """At half of 100 after 1 and a quarter after 2 the rate is ln 2 exactly; the half life is 1."""
    data = AttributesData((1.0, 2.0), (100, 100), (50, 25))
    fit = fit_reliability(data, "exponential")
    assert fit.theta[0] == pytest.approx(math.log(2), rel=1e-6)
    assert fit.interval(0.5) == pytest.approx(1.0, rel=1e-6)
    assert fit.interval(0.125) == pytest.approx(3.0, rel=1e-6)
    expected = -(50 * math.log(0.5) + 50 * math.log(0.5) + 25 * math.log(0.25) + 75 * math.log(0.75))
    assert fit.neg_log_likelihood == pytest.approx(expected, rel=1e-9)
    assert fit.aicc == pytest.approx(2 + 2 * expected + 4 / 198)


@pytest.mark.parametrize("unit", [1.0, 365.25, 1e-3])
def test_the_unit_of_time_does_not_matter(unit):
    times = tuple(t * unit for t in (1.0, 2.0, 4.0))
    fit = fit_reliability(AttributesData(times, (40, 40, 40), (36, 30, 20)), "weibull")
    plain = fit_reliability(AttributesData((1.0, 2.0, 4.0), (40, 40, 40), (36, 30, 20)), "weibull")
    assert fit.interval(0.8) == pytest.approx(unit * plain.interval(0.8), rel=1e-5)
    assert fit.neg_log_likelihood == pytest.approx(plain.neg_log_likelihood, rel=1e-9)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (lambda: AttributesData((1.0,), (1,), (1,)), TooFewObservations),
        (lambda: AttributesData((1.0, 2.0), (1,), (1, 1)), LengthsDiffer),
        (lambda: AttributesData((1.0, 2.0), (1, 1), (1,)), LengthsDiffer),
        (lambda: AttributesData((0.0, 2.0), (1, 1), (1, 1)), ParameterNotAllowed),
        (lambda: AttributesData((1.0, 2.0), (1, 0), (1, 0)), ParameterNotAllowed),
        (lambda: AttributesData((1.0, 2.0), (1, 1), (1, 2)), ParameterNotAllowed),
        (lambda: fit_reliability(_half(), "gompertz"), ParameterNotAllowed),
        (lambda: fit_reliability(_half(), "drift"), TooFewObservations),
        (lambda: fit_all(_half(), ["drift"]), TooFewObservations),
        (lambda: fit_reliability(_half(), "exponential").interval(0.0), ParameterNotAllowed),
        (lambda: fit_reliability(_half(), "exponential").interval(1.0), ParameterNotAllowed),
    ],
)
def test_reliability_data_that_carry_nothing(wrong, error):
    with pytest.raises(error):
        wrong()


def _half():
    return AttributesData((1.0, 2.0), (100, 100), (50, 25))


# --- variables


def _steady(rate, *, u0=0.1, y0=0.0):
    return drift_model([10, 20, 30], [10 * rate, 20 * rate, 30 * rate], u0=u0, y0=y0)


@pytest.mark.parametrize(
    ("low", "high", "y0", "rate", "u0", "day"),
    [
        # an exact line: u(t) = u0 = 0; the day is (limit - y0)/rate
        (None, 1.0, 0.0, 0.01, 0.0, 100.0),
        (None, 1.0, 0.5, 0.01, 0.0, 50.0),
        (-1.0, 1.0, 0.0, -0.02, 0.0, 50.0),
        (-1.0, 2.0, 0.0, 0.04, 0.0, 50.0),
        (-1.0, 1.0, 1.0, 0.01, 0.0, 0.0),
        (-1.0, None, 0.0, 0.01, 0.0, None),
        (-1.0, 1.0, 0.0, 0.0, 0.0, None),
    ],
)
def test_an_exact_drift_ends_where_it_meets_the_limit(low, high, y0, rate, u0, day):
    model = _steady(rate, u0=u0, y0=y0)
    found = interval_for_tolerance(model, ToleranceTarget(low, high, 0.95))
    assert found is None if day is None else found == pytest.approx(day, abs=1e-6)


def test_u_of_the_calibration_shortens_the_interval_by_k_times_as_much():
    """ν = 2: k is 4.3027 for two limits at 95 %, 2.9200 for one."""
    model = _steady(0.01, u0=0.1)
    both = interval_for_tolerance(model, ToleranceTarget(-1.0, 1.0, 0.95))
    one = interval_for_tolerance(model, ToleranceTarget(None, 1.0, 0.95))
    assert both == pytest.approx(100 - 43.02653, abs=1e-3)
    assert one == pytest.approx(100 - 29.19986, abs=1e-3)


@pytest.mark.parametrize(("target", "day"), [(0.1, 0.0), (0.05, 0.0), (0.2, None)])
def test_a_sure_drift_never_loses_certainty(target, day):
    assert interval_for_uncertainty(_steady(0.01, u0=0.1), target) == day


def test_uncertain_drift_by_hand():
    """Changes of 1 and -1 both on day 1: b = 0, s² = 2/1, u(b)² = s²/2; u² = u0² + 2 + t²."""
    model = drift_model([1, 1], [1, -1], u0=1.0)
    assert model.deviation(7.0) == 0.0
    assert model.curve.residual_standard_deviation == pytest.approx(math.sqrt(2))
    assert model.standard_uncertainty(2.0) == pytest.approx(math.sqrt(1 + 2 + 4))
    assert interval_for_uncertainty(model, math.sqrt(12)) == pytest.approx(3.0)


@pytest.mark.parametrize(
    ("margin", "day"),
    [
        (lambda t: 1 - t, 1.0),
        (lambda t: 0.25 - t, 0.25),
        (lambda t: 1234.5 - t, 1234.5),
        (lambda t: 0.0, 0.0),
        (lambda t: -1.0, 0.0),
        (lambda t: 1.0, None),
        (lambda t: HORIZON_DAYS - t, HORIZON_DAYS),
        (lambda t: HORIZON_DAYS + 1 - t, None),
    ],
)
def test_the_first_day_of_a_margin(margin, day):
    found = first_day(margin)
    assert found is None if day is None else found == pytest.approx(day, abs=1e-6)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (lambda: drift_model([1, 2], [0, 0], u0=-1.0), ParameterNotAllowed),
        (lambda: drift_model([1, 2], [0, 0], u0=math.nan), ParameterNotAllowed),
        (lambda: drift_model([1, 2], [0, 0], u0=0.0, order=0), ParameterNotAllowed),
        (lambda: drift_model([1], [0], u0=0.0), TooFewObservations),
        (lambda: interval_for_uncertainty(_steady(0.0), 0.0), ParameterNotAllowed),
        (lambda: interval_for_uncertainty(_steady(0.0), math.inf), ParameterNotAllowed),
        (lambda: ToleranceTarget(None, None, 0.95), LimitsInconsistent),
        (lambda: ToleranceTarget(1.0, 1.0, 0.95), LimitsInconsistent),
        (lambda: ToleranceTarget(0.0, 1.0, 1.0), ParameterNotAllowed),
        (lambda: control_chart_interval([1, 2, 3], [0, 0, 0], 0.0), ParameterNotAllowed),
        (lambda: control_chart_interval([1, 2, 3], [0, 0, 0], 1.0, coverage_factor=0.0), ParameterNotAllowed),
        (lambda: control_chart_interval([], [], 1.0), TooFewObservations),
        (lambda: control_chart_interval([1, 2], [0, 0], 1.0), TooFewObservations),
    ],
)
def test_drift_that_cannot_be_told(wrong, error):
    with pytest.raises(error):
        wrong()


@pytest.mark.parametrize(
    ("deviations", "found", "reached"),
    [
        ([0.1, 0.2, 0.3], 700.0, True),  # 0.1 in 100 days, 0.7 left
        ([-0.1, -0.2, -0.3], 700.0, True),
        ([0.3, 0.2, 0.1], 1100.0, True),  # through zero to the other limit
        ([0.9, 1.0, 1.1], 0.0, True),
        ([0.2, 0.2, 0.2], HORIZON_DAYS, False),
    ],
)
def test_the_control_chart_method_on_exact_lines(deviations, found, reached):
    proposal = control_chart_interval([0, 100, 200], [str(d) for d in deviations], 1.0, current=365)
    assert float(proposal.found) == pytest.approx(found, abs=1e-3)
    assert proposal.evidence["reached"] is reached
    assert proposal.current == 365
    held = control_chart_interval([0, 100, 200], deviations, 1.0, bounds=_bounds(legal="365"))
    assert held.proposed <= 365
