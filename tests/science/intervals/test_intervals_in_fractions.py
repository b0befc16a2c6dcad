"""Intervals computed once more: A3 by binomials in fractions, likelihoods by their slopes, drift by matrices."""

import math
from fractions import Fraction

import numpy as np
import pytest
from scipy import optimize, special, stats

from jialiang.science.intervals.attributes import AttributesHistory, method_a3, reliability_range
from jialiang.science.intervals.control_chart import control_chart_interval
from jialiang.science.intervals.reliability import MODELS, AttributesData, fit_reliability
from jialiang.science.intervals.variables import (
    ToleranceTarget,
    drift_model,
    interval_for_tolerance,
    interval_for_uncertainty,
)


def at_most(g, n, p):
    return sum(math.comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(g + 1))


def exact_confidence(g, n, target):
    if g in (0, n):
        return 1 - math.comb(n, g) * target**g * (1 - target) ** (n - g)
    return max(Fraction(0), 1 - 2 * at_most(g, n, target)) if Fraction(g, n) <= target else Fraction(0)


@pytest.mark.parametrize("n", [1, 2, 5, 12, 30])
@pytest.mark.parametrize("target", [Fraction(1, 2), Fraction(17, 20), Fraction(19, 20)])
def test_a3_for_every_count_in_fractions(n, target):
    for g in range(n + 1):
        found = method_a3(AttributesHistory(g, n, 100.0), target=float(target), max_change=3.0)
        rejection = exact_confidence(g, n, target)
        assert found.rejection_confidence == pytest.approx(float(rejection), abs=1e-12)
        away, wanted = Fraction(g, n) - target, 100.0
        if rejection > Fraction(1, 2):
            exponent = away * rejection if away <= 0 else away / (1 - rejection)
            wanted = 100.0 * min(max(10 ** float(min(exponent, 300)), 1 / 3), 3.0)
        assert found.interval_days == pytest.approx(wanted, rel=1e-9), g


@pytest.mark.parametrize("n", [1, 4, 11, 40])
@pytest.mark.parametrize("confidence", [0.5, 0.9, 0.99])
def test_the_range_of_the_reliability_cuts_binomial_tails(n, confidence):
    tail = (1 - confidence) / 2
    for g in range(n + 1):
        low, high = reliability_range(AttributesHistory(g, n, 1.0), confidence)
        assert low == 0 if g == 0 else stats.binom.sf(g - 1, n, low) == pytest.approx(tail, rel=1e-9)
        assert high == 1 if g == n else stats.binom.cdf(g, n, high) == pytest.approx(tail, rel=1e-9)


# --- reliability ----------------------------------------------------------------------------------------------------

TIMES = (2.0, 5.0, 9.0, 14.0, 20.0, 27.0)
DATA = AttributesData(TIMES, counts=(42, 58, 58, 44, 42, 33), in_tolerance=(40, 52, 47, 30, 25, 16))


def cost_of(data, reliability):
    good = np.array(data.in_tolerance, dtype=float)
    bad = np.array(data.counts, dtype=float) - good
    return -float(special.xlogy(good, reliability).sum() + special.xlogy(bad, 1 - reliability).sum())


@pytest.mark.parametrize("name", MODELS)
def test_no_parameters_nearby_or_from_another_search_are_likelier(name):
    found = fit_reliability(DATA, name)
    times = np.array(TIMES)

    def cost(theta):
        with np.errstate(all="ignore"):
            curve = MODELS[name].curve(times, np.asarray(theta))
            allowed = np.all(np.isfinite(curve)) and np.all((curve > 0) & (curve < 1))
        return cost_of(DATA, curve) if allowed else 1e9

    least = found.neg_log_likelihood
    assert cost(found.theta) == pytest.approx(least, rel=1e-9)
    rng = np.random.default_rng(3)
    for size in (1e-3, 1e-2, 0.1):
        for _ in range(30):
            other = np.array(found.theta) * (1 + size * rng.standard_normal(len(found.theta)))
            assert cost(other) >= least - 1e-7
    start = np.array(found.theta) * 1.05
    assert optimize.minimize(cost, start, method="Powell").fun >= least - 1e-6
    parameters, total = len(found.theta), sum(DATA.counts)
    correction = 2 * parameters * (parameters + 1) / (total - parameters - 1)
    assert found.aicc == pytest.approx(2 * parameters + 2 * least + correction, rel=1e-12)


@pytest.mark.parametrize("name", MODELS)
def test_lack_of_fit_in_fractions_and_the_time_to_the_target(name):
    found = fit_reliability(DATA, name)
    fitted = [Fraction(found.reliability(t)) for t in TIMES]
    pairs = list(zip(DATA.in_tolerance, DATA.counts, fitted, strict=True))
    between, within = len(TIMES) - len(found.theta), sum(DATA.counts) - len(TIMES)
    pure = sum(n * Fraction(g, n) * (1 - Fraction(g, n)) for g, n, _ in pairs) / within
    lack = sum(n * (Fraction(g, n) - r) ** 2 for g, n, r in pairs) / between
    assert found.f_ratio == pytest.approx(float(lack / pure), rel=1e-8)
    assert found.f_critical == pytest.approx(stats.f.ppf(0.95, between, within), rel=1e-9)
    for target in (0.9, 0.7):
        day = found.interval(target)
        assert found.reliability(day) == pytest.approx(target, abs=1e-10)
        earlier = np.linspace(day * 1e-3, day * 0.999, 200)
        assert min(found.reliability(t) for t in earlier) > target


def test_the_exponential_rate_solves_its_score_equation():
    rate = fit_reliability(DATA, "exponential").theta[0]

    def score(q):
        return sum(
            t * ((n - g) * math.exp(-q * t) / -math.expm1(-q * t) - g)
            for t, g, n in zip(TIMES, DATA.in_tolerance, DATA.counts, strict=True)
        )

    assert rate == pytest.approx(optimize.brentq(score, 1e-6, 1.0, xtol=1e-14), rel=1e-6)


# --- variables ------------------------------------------------------------------------------------------------------

DAYS = [30.0, 90.0, 180.0, 270.0, 365.0, 420.0, 540.0]
DELTAS = [0.12, 0.31, 0.77, 1.02, 1.55, 1.61, 2.3]


def by_matrices(order, u0):
    """δ(t) and u(t) without intercept, by the inverse of the normal matrix."""
    design = np.array([[day**j for j in range(1, order + 1)] for day in DAYS])
    scaled = design / design[-1]
    inverse = np.linalg.inv(scaled.T @ scaled)
    beta = inverse @ scaled.T @ np.array(DELTAS)
    square = float(np.sum((scaled @ beta - DELTAS) ** 2)) / (len(DAYS) - order)

    def at(day):
        t = np.array([day**j for j in range(1, order + 1)]) / design[-1]
        return float(t @ beta), math.sqrt(u0**2 + square + square * float(t @ inverse @ t))

    return at


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("limits", [(-4.0, 4.0), (None, 4.0), (-1.0, 9.0), (-4.0, None)])
@pytest.mark.parametrize("confidence", [0.8, 0.95])
def test_the_first_day_on_which_the_interval_touches_a_limit(order, limits, confidence):
    at, nu = by_matrices(order, 0.1), len(DAYS) - order
    two = None not in limits
    k = stats.t.ppf((1 + confidence) / 2 if two else confidence, nu)
    low, high = (math.inf * (-1) ** (i + 1) if x is None else x for i, x in enumerate(limits))

    def holds(day):
        value, u = at(day)
        return low < value + 0.2 - k * u and value + 0.2 + k * u < high

    model = drift_model(DAYS, DELTAS, u0=0.1, y0=0.2, order=order)
    found = interval_for_tolerance(model, ToleranceTarget(*limits, confidence))
    if found is None:
        assert all(holds(day) for day in np.linspace(0, 36525, 500))
        return
    assert all(holds(day) for day in np.linspace(0, found - 1e-3, 200))
    assert not holds(found + 1e-3)
    value, u = at(found)
    assert (model.deviation(found), model.standard_uncertainty(found)) == pytest.approx((value, u), rel=1e-9)


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("target", [0.2, 0.35, 1.0, 5.0])
def test_the_day_on_which_u_is_used_up(order, target):
    at = by_matrices(order, 0.1)
    found = interval_for_uncertainty(drift_model(DAYS, DELTAS, u0=0.1, order=order), target)
    if found is None:
        assert at(36525)[1] < target
        return
    assert at(found)[1] == pytest.approx(target, rel=1e-9)


@pytest.mark.parametrize("k", [1.0, 2.0, 3.0])
@pytest.mark.parametrize("mpe", [3.5, 6.0, -6.0])
def test_a_control_chart_interval_by_the_prediction_of_scipy(k, mpe):
    line = stats.linregress(DAYS, DELTAS)
    residuals = np.array(DELTAS) - line.intercept - line.slope * np.array(DAYS)
    s = math.sqrt(float(residuals @ residuals) / (len(DAYS) - 2))
    spread = float(np.sum((np.array(DAYS) - np.mean(DAYS)) ** 2))

    def margin(day):
        u = s * math.sqrt(1 + 1 / len(DAYS) + (day - np.mean(DAYS)) ** 2 / spread)
        return abs(mpe) - abs(line.intercept + line.slope * day) - k * u

    found = float(control_chart_interval(DAYS, DELTAS, mpe, coverage_factor=k).found)
    assert margin(DAYS[-1] + found) == pytest.approx(0, abs=1e-8)
    assert min(margin(day) for day in np.linspace(DAYS[-1], DAYS[-1] + found - 1e-6, 200)) > 0
