"""Decisions against fractions, probabilities and global risks against integrals of mpmath and the bivariate normal."""

import math
from decimal import Decimal
from fractions import Fraction

import mpmath
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from jialiang.science.decisions.guard_bands import factor_for, managed, specific
from jialiang.science.decisions.probability import conformance, process_capability, tolerance_ratio
from jialiang.science.decisions.risk import NormalProcess, RectangularProcess, global_risk, risk_of_ratio
from jialiang.science.decisions.statements import Limits, decide

EXACT = st.decimals(-50, 50, places=7)
WIDTHS = st.decimals(0, 20, places=7)


def in_fractions(rule, y, low, high, w):
    """The rules of the trade in whole numbers over whole numbers."""
    y, low, high, w = (None if x is None else Fraction(x) for x in (y, low, high, w))
    inside = min(([] if high is None else [high - y]) + ([] if low is None else [y - low]))
    if rule == "jjf1094" and 6 * w <= high - low:
        rule = "simple"
    if rule == "simple":
        return "pass" if inside >= 0 else "fail"
    if inside >= w:
        return "pass"
    if rule == "guarded":
        return "fail"
    if rule == "jjf1094":
        return "fail" if -inside >= w else "undecided"
    if inside >= 0:
        return "conditionalPass"
    return "conditionalFail" if -inside <= w else "fail"


@given(EXACT, EXACT, WIDTHS, WIDTHS, st.sampled_from(["simple", "guarded", "non_binary", "jjf1094"]))
def test_decisions_of_any_figures_are_those_of_fractions(y, low, width, w, rule):
    high = low + width + Decimal("1e-7")
    for measured in (y, low, high, low + w, high - w, high + w, low - w, low - Decimal("1e-7")):
        found = decide(measured, Limits(low, high), rule=rule, guard_band=w)
        assert found.outcome == in_fractions(rule, measured, low, high, w)


@given(EXACT, EXACT, WIDTHS, st.sampled_from(["simple", "guarded", "non_binary"]), st.booleans())
def test_one_limit_in_fractions(y, limit, w, rule, upper):
    low, high = (None, limit) if upper else (limit, None)
    for measured in (y, limit, limit + w, limit - w):
        found = decide(measured, Limits(low, high), rule=rule, guard_band=w)
        assert found.outcome == in_fractions(rule, measured, low, high, w)


@given(EXACT, EXACT, st.decimals("1e-6", 20, places=6), st.floats(0.01, 50))
def test_indices_in_fractions(y, low, width, u):
    limits = Limits(low, low + width)
    nearer = min(Fraction(low + width) - Fraction(y), Fraction(y) - Fraction(low))
    assert process_capability(float(y), u, limits) == pytest.approx(
        float(nearer / 3 / Fraction(u)), rel=1e-6, abs=1e-9
    )
    assert tolerance_ratio(limits, u) == pytest.approx(float(Fraction(width) / 2 / Fraction(u)), rel=1e-14)


# --- the probability to conform -------------------------------------------------------------------------------------


def tail_of_t(nu, distance):
    """Pr(T > distance), at forty digits by the incomplete beta function."""
    with mpmath.workdps(40):
        t, n = mpmath.mpf(distance), mpmath.mpf(nu)
        half = mpmath.betainc(n / 2, mpmath.mpf(1) / 2, 0, n / (n + t * t), regularized=True) / 2
        return float(half if t >= 0 else 1 - half)


@pytest.mark.parametrize("nu", [1, 2, 3, 4.5, 9, 50, 400])
@pytest.mark.parametrize("y", [-3.0, -0.25, 0.0, 0.875, 1.0, 2.5, 40.0])
def test_tails_of_few_degrees_of_freedom(nu, y):
    found = conformance(y, 0.5, Limits.symmetric(1), degrees_of_freedom=nu)
    assert found.above == pytest.approx(tail_of_t(nu, (1 - y) / 0.5), rel=1e-9)
    assert found.below == pytest.approx(tail_of_t(nu, (1 + y) / 0.5), rel=1e-9)
    assert found.inside + found.outside == pytest.approx(1, abs=1e-15)


@pytest.mark.parametrize("distance", [0, 1, 3, 6, 10, 20, 35])
def test_normal_tails_keep_their_digits_as_far_as_floats_go(distance):
    with mpmath.workdps(40):
        exact = float(mpmath.erfc(mpmath.mpf(distance) / mpmath.sqrt(2)) / 2)
    assert conformance(-distance, 1.0, Limits(None, Decimal(0))).above == pytest.approx(exact, rel=1e-13)


# --- global risk ----------------------------------------------------------------------------------------------------


def rectangle(low, high, rho):
    """Probability of a rectangle of two correlated standard normal values, by one integral of mpmath."""
    root = math.sqrt(1 - rho * rho)

    def across(x):
        return mpmath.npdf(x) * (
            mpmath.ncdf((high[1] - rho * x) / root) - mpmath.ncdf((low[1] - rho * x) / root)
        )

    start, end = max(low[0], -12), min(high[0], 12)
    if start >= end:
        return 0.0
    steps = [start + (end - start) * k / 8 for k in range(9)]
    return float(mpmath.quad(across, steps))


@pytest.mark.parametrize(
    ("mean", "sd", "u", "tolerance", "acceptance"),
    [
        (0.0, 0.5, 0.125, (-1, 1), (-1, 1)),
        (0.0, 0.5, 0.25, (-1, 1), (-0.8, 0.8)),
        (0.3, 0.5, 0.25, (-1, 1), (-0.9, 0.7)),
        (0.9, 0.2, 0.1, (-1, 1), (-1, 1.1)),
        (-2.0, 0.6, 0.3, (-1, 1), (-1, 1)),
        (5.0, 1.0, 0.4, (4, 7), (4.5, 6.5)),
        (0.0, 1.0, 1.0, (-2, 2), (-0.5, 0.5)),
    ],
)
def test_global_risks_by_the_correlated_pair_of_true_and_measured(mean, sd, u, tolerance, acceptance):
    whole = math.hypot(sd, u)
    true = [(limit - mean) / sd for limit in tolerance]
    read = [(limit - mean) / whole for limit in acceptance]
    rho = sd / whole
    far = 40.0
    pfa = rectangle((-far, read[0]), (true[0], read[1]), rho) + rectangle(
        (true[1], read[0]), (far, read[1]), rho
    )
    pfr = rectangle((true[0], -far), (true[1], read[0]), rho) + rectangle(
        (true[0], read[1]), (true[1], far), rho
    )
    found = global_risk(NormalProcess(mean, sd), u, tolerance=tolerance, acceptance=acceptance)
    assert (found.pfa, found.pfr) == pytest.approx((pfa, pfr), rel=1e-9, abs=1e-13)
    accepted = float(mpmath.ncdf(read[1]) - mpmath.ncdf(read[0]))
    assert found.accepted == pytest.approx(accepted, rel=1e-11)
    assert found.pfa_of_accepted == pytest.approx(pfa / accepted, rel=1e-8, abs=1e-13)
    assert found.pfr_of_rejected == pytest.approx(pfr / (1 - accepted), rel=1e-8, abs=1e-13)


@pytest.mark.parametrize(
    ("low", "high", "u", "acceptance"),
    [(-2, 2, 0.25, (-1, 1)), (-1.5, 1.25, 0.5, (-0.75, 0.75)), (0, 3, 0.1, (-1, 1)), (-1, 1, 0.3, (-1, 1))],
)
def test_risks_of_a_rectangular_process_by_the_antiderivative_of_the_normal_distribution(
    low, high, u, acceptance
):
    def primitive(x):  # ∫ Φ
        return x * stats.norm.cdf(x) + stats.norm.pdf(x)

    def accepted(start, end):  # ∫ P(accept | η) dη over [start, end]
        if start >= end:
            return 0.0
        low_a, high_a = acceptance
        ends = [(high_a - start, 1), (high_a - end, -1), (low_a - start, -1), (low_a - end, 1)]
        return u * sum(sign * primitive(x / u) for x, sign in ends)

    found = global_risk(RectangularProcess(low, high), u, tolerance=(-1, 1), acceptance=acceptance)
    width, inside = high - low, (max(low, -1), min(high, 1))
    beyond = accepted(low, min(high, -1)) + accepted(max(low, 1), high)
    assert found.pfa == pytest.approx(beyond / width, rel=1e-9, abs=1e-14)
    assert found.pfr == pytest.approx(
        (inside[1] - inside[0] - accepted(*inside)) / width, rel=1e-9, abs=1e-14
    )
    assert found.in_tolerance == pytest.approx((inside[1] - inside[0]) / width)


@pytest.mark.parametrize("itp", [0.6, 0.85, 0.95, 0.99])
@pytest.mark.parametrize("tur", [1.5, 2.5, 4.0, 10.0])
def test_the_managed_band_keeps_two_percent_and_a_solved_one_no_more_than_it_needs(itp, tur):
    assert risk_of_ratio(itp, tur, managed(tur)).pfa <= 0.0201
    target = 0.004
    factor = factor_for(itp, tur, target)
    assert risk_of_ratio(itp, tur, factor).pfa == pytest.approx(target, rel=1e-10)
    assert risk_of_ratio(itp, tur, factor + 1e-3).pfa > target > risk_of_ratio(itp, tur, factor - 1e-3).pfa


@pytest.mark.parametrize("risk", [1e-6, 0.001, 0.025, 0.05, 0.5, 0.9])
@pytest.mark.parametrize("tur", [0.5, 1.0, 4.0, 20.0])
def test_the_specific_band_has_its_risk_on_the_limit(risk, tur):
    limit = specific(tur, risk)
    found = conformance(limit, 1 / (2 * tur), Limits(None, Decimal(1)))
    assert found.above == pytest.approx(risk, rel=1e-9)
