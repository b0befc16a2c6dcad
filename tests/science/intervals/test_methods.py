"""Calibration intervals: each method against its source, by its laws, and never above a legal maximum."""

import math
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom
from scipy.stats import t as student

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
    ToleranceTarget,
    drift_model,
    first_day,
    interval_for_tolerance,
    interval_for_uncertainty,
)
from jialiang.science.solving import NoSolution

FEW = settings(max_examples=40)
LAW = Bounds(legal_maximum=Decimal(365))
days = st.integers(1, 4000)

# g, n, interval, target, most, then interval and confidence by another program, run once
A3 = [
    (20, 20, 365, 0.95, 2, 503.2321224575541, 0.6415140775914581),
    (19, 20, 365, 0.8, 2, 365, 0),
    (48, 50, 180, 0.9, 2, 180, 0),
    (0, 5, 365, 0.9, 2, 182.5, 0.99999),
    (10, 20, 365, 0.5, 2, 365, 0),
    (5, 5, 365, 0.9, 2, 365, 0.40950999999999993),
    (12, 20, 400, 0.95, 2, 200, 0.9999942862292344),
]


@pytest.mark.parametrize(("g", "n", "interval", "target", "most", "proposed", "rejection"), A3)
def test_a3_agrees_with_another_program(g, n, interval, target, most, proposed, rejection):
    found = method_a3(AttributesHistory(g, n, interval), target=target, max_change=most)
    assert found.interval_days == pytest.approx(proposed, rel=1e-9)
    assert found.rejection_confidence == pytest.approx(rejection, abs=1e-12)


def test_a3_two_sided_extends_what_is_better_than_needed():
    history = AttributesHistory(48, 50, 180)
    assert method_a3(history, target=0.9).interval_days == 180
    found = method_a3(history, target=0.9, two_sided=True)
    q = 2 * binom.cdf(48, 50, 0.9) - 1
    assert found.rejection_confidence == pytest.approx(q)
    assert found.interval_days == pytest.approx(min(360, 180 * 10 ** (0.06 / (1 - q))))


@FEW
@given(st.integers(1, 60), st.data(), st.floats(0.5, 0.99), st.floats(1.1, 5))
def test_a3_stays_within_its_factor_and_moves_the_right_way(n, data, target, most):
    g = data.draw(st.integers(0, n))
    found = method_a3(AttributesHistory(g, n, 300), target=target, max_change=most, two_sided=True)
    assert 300 / most - 1e-6 <= found.interval_days <= 300 * most + 1e-6
    if found.interval_days < 300 - 1e-9:
        assert g / n <= target
    if found.interval_days > 300 + 1e-9:
        assert g / n > target
    low, high = found.reliability_range
    assert 0 <= low <= g / n <= high <= 1
    assert 0 <= found.rejection_confidence <= 1


def test_the_reliability_range_covers_as_it_says():
    low, high = reliability_range(AttributesHistory(15, 20, 365), 0.5)
    assert binom.sf(14, 20, low) == pytest.approx(0.25)
    assert binom.cdf(15, 20, high) == pytest.approx(0.25)
    assert reliability_range(AttributesHistory(0, 5, 1), 0.5)[0] == 0
    assert reliability_range(AttributesHistory(5, 5, 1), 0.5)[1] == 1
    assert rejection_confidence(AttributesHistory(9, 10, 1), 0.9) == 0


@FEW
@given(days, days, st.sampled_from(["a3", "staircase", "in-use", "black-box", "propose"]))
def test_no_method_goes_beyond_the_legal_maximum(current, error, method):
    if method == "a3":
        found = method_a3(
            AttributesHistory(200, 200, current), target=0.5, max_change=100, bounds=LAW
        ).proposal
    elif method == "staircase":
        found = staircase(current, 0, error, bounds=LAW)
    elif method == "in-use":
        found = in_use_time(10_000, Decimal(error) / 1000, current, bounds=LAW)
    elif method == "black-box":
        found, _ = black_box(current, [BlackBoxCheck("x", Decimal(0), Decimal(1))], bounds=LAW)
    else:
        found = propose("any", current, current * error, LAW)
    assert found.proposed <= 365
    assert (found.held_by == "legal_maximum") == (found.found > 365)


def test_the_law_wins_over_the_laboratory():
    bounds = Bounds(Decimal(30), Decimal(700), Decimal(365))
    assert bounds.applied(Decimal(1000)) == (Decimal(365), "legal_maximum")
    assert bounds.applied(Decimal(10)) == (Decimal(30), "minimum")
    assert bounds.applied(Decimal(100)) == (Decimal(100), None)
    assert Bounds(maximum=Decimal(60), legal_maximum=Decimal(90)).applied(Decimal(80)) == (
        Decimal(60),
        "maximum",
    )
    assert propose("any", None, 5).changes
    assert not propose("any", "5.0", 5).changes


@pytest.mark.parametrize(
    "bounds",
    [{"minimum": 400, "legal_maximum": 365}, {"minimum": 9, "maximum": 8}, {"maximum": 0}, {"minimum": -1}],
)
def test_bounds_that_exclude_everything_are_refused(bounds):
    with pytest.raises(LimitsInconsistent):
        Bounds(**{name: Decimal(value) for name, value in bounds.items()})


@pytest.mark.parametrize(
    ("error", "step", "following"),
    [
        ("0.8", "extend", "13.2"),
        ("-0.8", "extend", "13.2"),
        ("0.8000001", "keep", "12"),
        ("1.0", "keep", "12"),
        ("-1.0000001", "reduce", "6.0"),
    ],
)
def test_the_staircase_at_its_limits(error, step, following):
    found = staircase(12, error, "1.0")
    assert found.evidence["step"] == step
    assert found.proposed == Decimal(following)


def test_seven_tenths_of_a_tenth_are_compared_in_decimal():
    rule = StaircaseRule(inner_fraction=Decimal("0.7"))
    assert 0.7 * 0.1 < 0.07
    assert staircase(12, 0.07, 0.1, rule=rule).evidence["step"] == "extend"


def test_an_instrument_in_rare_use_lasts_longer():
    assert in_use_time(1000, 250, 100).proposed == 400
    assert (
        in_use_time(1000, 0, 100, bounds=Bounds(maximum=Decimal(730), legal_maximum=Decimal(365))).proposed
        == 365
    )
    with pytest.raises(ParameterNotAllowed):
        in_use_time(1000, 0, 100)
    with pytest.raises(ParameterNotAllowed):
        in_use_time(1000, -1, 100)


def test_black_box_checks():
    good, near, bad = (
        BlackBoxCheck(n, Decimal(d), Decimal(1)) for n, d in (("a", "0.8"), ("b", "-0.9"), ("c", "1.1"))
    )
    found, due = black_box(12, [good])
    assert (found.proposed, due) == (Decimal("13.2"), False)
    found, due = black_box(12, [good, near])
    assert (found.proposed, due, found.evidence["near"]) == (12, False, ["b"])
    found, due = black_box(12, [good, near, bad])
    assert (found.proposed, due, found.evidence["beyond"]) == (12, True, ["c"])
    with pytest.raises(TooFewObservations):
        black_box(12, [])


TIMES = (30.0, 60.0, 120.0, 240.0, 480.0)
TRUTH = {
    "exponential": (0.002,),
    "weibull": (0.002, 0.8),
    "mixed_exponential": (0.004, 1.2),
    "random_walk": (0.15, 0.01),
    "gamma": (0.008,),
    "mortality_drift": (0.001, 3e-6),
    "warranty": (0.01, 400.0),
    "lognormal": (0.003, 1.2),
}


@pytest.mark.parametrize("name", TRUTH)
def test_a_model_is_found_again_from_many_calibrations(name):
    theta = np.array(TRUTH[name])
    reliability = MODELS[name].curve(np.array(TIMES), theta)
    n = 200_000
    data = AttributesData(TIMES, (n,) * 5, tuple(round(n * r) for r in reliability.tolist()))
    found = fit_reliability(data, name)
    assert found.theta == pytest.approx(TRUTH[name], rel=0.03)
    assert not found.is_rejected
    target = float(reliability[2])
    assert found.interval(target) == pytest.approx(TIMES[2], rel=2e-3)
    assert found.reliability(found.interval(target)) == pytest.approx(target, rel=1e-9)


def test_the_likelihood_is_that_of_the_binomial_distribution():
    data = AttributesData((10.0, 20.0), (10, 12), (8, 7))
    found = fit_reliability(data, "exponential")
    r = np.exp(-found.theta[0] * np.array([10, 20]))
    full = -binom.logpmf([8, 7], [10, 12], r).sum()
    constant = math.log(math.comb(10, 8)) + math.log(math.comb(12, 7))
    assert found.neg_log_likelihood == pytest.approx(full + constant, rel=1e-12)
    for nearby in (0.99, 1.01):
        q = np.exp(-found.theta[0] * nearby * np.array([10, 20]))
        assert -binom.logpmf([8, 7], [10, 12], q).sum() > full


def test_the_fit_test_rejects_what_does_not_fit():
    data = AttributesData(TIMES, (500,) * 5, (400, 480, 300, 450, 200))
    assert fit_reliability(data, "exponential").is_rejected
    two = fit_reliability(AttributesData((10.0, 20.0), (1, 1), (1, 0)), "weibull")
    assert two.f_ratio is None
    assert not two.is_rejected


def test_of_all_models_the_simplest_that_fits_comes_first():
    n = 500
    good = tuple(round(n * math.exp(-0.002 * t)) for t in TIMES)
    fits = fit_all(AttributesData(TIMES, (n,) * 5, good))
    assert fits[0].model.name == "exponential"
    assert len(fits) == len(MODELS)
    assert [f.is_rejected for f in fits] == sorted(f.is_rejected for f in fits)
    assert len(fit_all(AttributesData((10.0, 20.0), (5, 5), (5, 4)))) < len(MODELS)


def test_targets_that_are_never_or_always_reached():
    steady = fit_reliability(AttributesData(TIMES, (50,) * 5, (50,) * 5), "exponential")
    with pytest.raises(NoSolution):
        steady.interval(0.5)
    bad = fit_reliability(AttributesData(TIMES, (50,) * 5, (20, 19, 18, 16, 15)), "warranty")
    assert bad.interval(0.95) == 0
    with pytest.raises(ParameterNotAllowed):
        bad.interval(1.0)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (lambda: AttributesData((1.0, 2.0), (1,), (1, 1)), LengthsDiffer),
        (lambda: AttributesData((1.0,), (1,), (1,)), TooFewObservations),
        (lambda: AttributesData((0.0, 1.0), (1, 1), (1, 1)), ParameterNotAllowed),
        (lambda: AttributesData((1.0, 2.0), (1, 1), (2, 1)), ParameterNotAllowed),
        (lambda: fit_reliability(AttributesData((1.0, 2.0), (1, 1), (1, 1)), "drift"), TooFewObservations),
        (
            lambda: fit_reliability(AttributesData((1.0, 2.0), (1, 1), (1, 1)), "straight"),
            ParameterNotAllowed,
        ),
        (lambda: AttributesHistory(3, 2, 100), ParameterNotAllowed),
        (lambda: AttributesHistory(1, 2, 0), ParameterNotAllowed),
        (lambda: method_a3(AttributesHistory(1, 2, 1), target=1), ParameterNotAllowed),
        (lambda: method_a3(AttributesHistory(1, 2, 1), target=0.9, max_change=0.5), ParameterNotAllowed),
        (lambda: StaircaseRule(inner_fraction=Decimal(2)), ParameterNotAllowed),
        (lambda: StaircaseRule(reduce_factor=Decimal(0)), ParameterNotAllowed),
        (lambda: staircase(0, 0, 1), ParameterNotAllowed),
        (lambda: staircase(1, 0, 0), LimitsInconsistent),
        (lambda: ToleranceTarget(None, None, 0.9), LimitsInconsistent),
        (lambda: ToleranceTarget(1, 0, 0.9), LimitsInconsistent),
        (lambda: ToleranceTarget(0, 1, 1), ParameterNotAllowed),
        (lambda: drift_model([1, 2], [1, 2], u0=-1), ParameterNotAllowed),
        (lambda: drift_model([1, 2], [1, 2], u0=1, order=0), ParameterNotAllowed),
        (lambda: drift_model([1, 2], [1, 2], u0=1, order=2), TooFewObservations),
        (lambda: control_chart_interval([1, 2, 3], [0, 0, 0], 0), ParameterNotAllowed),
    ],
)
def test_histories_that_cannot_be_are_refused(wrong, error):
    with pytest.raises(error):
        wrong()


def model(order=1):
    return drift_model([100, 200, 300, 400], ["0.11", "0.19", "0.31", "0.40"], u0=0.02, y0=5.0, order=order)


def test_the_variables_interval_ends_where_the_interval_touches_the_limit():
    fitted = model()
    target = ToleranceTarget(4.0, 6.0, 0.9)
    found = interval_for_tolerance(fitted, target)
    k = student.ppf(0.95, 3)
    assert target.coverage_factor(3) == pytest.approx(k)
    assert 5 + fitted.deviation(found) + k * fitted.standard_uncertainty(found) == pytest.approx(
        6.0, rel=1e-10
    )
    one_sided = interval_for_tolerance(fitted, ToleranceTarget(None, 6.0, 0.9))
    assert one_sided > found
    assert interval_for_tolerance(fitted, ToleranceTarget(5.5, None, 0.9)) == 0


def test_the_uncertainty_target_and_its_edges():
    fitted = model()
    found = interval_for_uncertainty(fitted, 0.04)
    assert fitted.standard_uncertainty(found) == pytest.approx(0.04, rel=1e-9)
    assert interval_for_uncertainty(fitted, 0.001) == 0
    assert interval_for_uncertainty(fitted, 1e6) is None
    with pytest.raises(ParameterNotAllowed):
        interval_for_uncertainty(fitted, 0)


def test_the_first_crossing_counts():
    assert first_day(lambda day: (day - 10) * (day - 20) + 1e-9) == pytest.approx(10, abs=1e-8)
    assert first_day(lambda day: -1.0) == 0
    assert first_day(lambda day: 1.0) is None


def test_the_control_chart_method_by_hand():
    """Without scatter the line alone decides: 0.1 a year from 0.3, MPE 1: seven years after the last."""
    found = control_chart_interval([0, 365, 730], ["0.1", "0.2", "0.3"], 1.0)
    assert float(found.proposed) == pytest.approx(7 * 365, rel=1e-9)
    assert found.evidence["drift_per_day"] == pytest.approx(0.1 / 365)
    held = control_chart_interval([0, 365, 730], ["0.1", "0.2", "0.3"], 1.0, bounds=LAW)
    assert (held.proposed, held.held_by) == (365, "legal_maximum")
    noisy = control_chart_interval([0, 365, 730, 1095], ["0.1", "0.25", "0.27", "0.4"], 1.0)
    assert noisy.proposed < found.proposed
    steady = control_chart_interval([0, 1, 2], [0, 0, 0], 1.0)
    assert not steady.evidence["reached"]
    assert control_chart_interval([0, 365, 730], ["0.9", "1.0", "1.1"], 1.0).proposed == 0
