"""Global risk by quadrature: against other integrators, against simulation, and by its laws."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import multivariate_normal, norm

from jialiang.science.decisions.risk import (
    GlobalRisk,
    NormalProcess,
    RectangularProcess,
    global_risk,
    normal_probability,
    risk_of_ratio,
)
from jialiang.science.errors import LimitsInconsistent, ParameterNotAllowed

probabilities = st.floats(0.5, 0.999)
ratios = st.floats(0.8, 50)
factors = st.floats(0.2, 1.5)
FEW = settings(max_examples=40)


def by_bivariate_normal(sd, u, tolerance, acceptance):
    """P(outside, accepted) from the distribution function of (true, measured)."""
    total = math.hypot(sd, u)
    joint = multivariate_normal([0, 0], [[sd * sd, sd * sd], [sd * sd, total * total]])

    def box(a, b, c, d):
        corners = ((b, d, 1), (a, d, -1), (b, c, -1), (a, c, 1))
        return sum(sign * joint.cdf([x, y]) for x, y, sign in corners)

    far = 60 * total
    low, high = tolerance
    return box(-far, low, *acceptance) + box(high, far, *acceptance)


@pytest.mark.parametrize(
    ("sd", "u", "tolerance", "acceptance"),
    [
        (0.51, 0.125, (-1, 1), (-1, 1)),
        (0.51, 0.125, (-1, 1), (-0.9, 0.9)),
        (1.2, 0.3, (-1, 1), (-1.1, 0.8)),
        (0.4, 0.5, (-0.3, 1), (-0.2, 1.1)),
        (2.0, 0.05, (-1, 1), (-1, 1)),
    ],
)
def test_false_acceptance_agrees_with_the_bivariate_normal_distribution(sd, u, tolerance, acceptance):
    found = global_risk(NormalProcess(0.0, sd), u, tolerance=tolerance, acceptance=acceptance)
    assert found.pfa == pytest.approx(by_bivariate_normal(sd, u, tolerance, acceptance), abs=2e-6)
    assert found.in_tolerance == pytest.approx(
        norm.cdf(tolerance[1] / sd) - norm.cdf(tolerance[0] / sd), rel=1e-13
    )
    total = math.hypot(sd, u)
    accepted = norm.cdf(acceptance[1] / total) - norm.cdf(acceptance[0] / total)
    assert found.accepted == pytest.approx(accepted, rel=1e-12)


@pytest.mark.parametrize(
    ("itp", "tur", "factor"), [(0.95, 4, 1.0), (0.8, 2, 0.85), (0.99, 10, 0.97), (0.6, 1.2, 1.2)]
)
def test_risks_agree_with_adaptive_quadrature_over_the_measured_value(itp, tur, factor):
    """The other order of integration: over what is measured, of the chance that the truth lies outside."""
    sd, u = 1 / norm.ppf((1 + itp) / 2), 1 / (2 * tur)
    total = math.hypot(sd, u)
    weight, spread = sd**2 / total**2, sd * u / total

    def conforming(y):
        return norm.cdf((1 - weight * y) / spread) - norm.cdf((-1 - weight * y) / spread)

    def density(y):
        return norm.pdf(y / total) / total

    pfa = quad(lambda y: density(y) * (1 - conforming(y)), -factor, factor, epsabs=1e-13, limit=200)[0]
    pfr = (
        2
        * quad(lambda y: density(y) * conforming(y), factor, factor + 12 * total, epsabs=1e-13, limit=400)[0]
    )
    found = risk_of_ratio(itp, tur, factor)
    assert found.pfa == pytest.approx(pfa, abs=1e-11)
    assert found.pfr == pytest.approx(pfr, abs=1e-11)


def test_a_simulation_of_four_million_items_agrees():
    rng = np.random.default_rng(20)
    truth = rng.normal(0.2, 0.5, 4_000_000)
    measured = truth + rng.normal(0, 0.2, truth.size)
    conforms, accepted = np.abs(truth) <= 1, np.abs(measured) <= 0.9
    found = global_risk(NormalProcess(0.2, 0.5), 0.2, tolerance=(-1, 1), acceptance=(-0.9, 0.9))
    for share, exact in (
        ((~conforms & accepted).mean(), found.pfa),
        ((conforms & ~accepted).mean(), found.pfr),
    ):
        assert share == pytest.approx(exact, abs=5 * math.sqrt(exact / truth.size))


def test_a_rectangular_process_has_risks_that_can_be_written_down():
    """All items outside lie in [1, 2]; with u tiny beside it, PFA = density · ∫Φ(-x/u)dx = u/(3√(2π))."""
    u = 0.001
    found = global_risk(RectangularProcess(-1.0, 2.0), u, tolerance=(-math.inf, 1), acceptance=(-math.inf, 1))
    assert found.pfa == pytest.approx(u / (3 * math.sqrt(2 * math.pi)), rel=1e-12)
    assert found.pfr == pytest.approx(found.pfa, rel=1e-9)
    assert found.in_tolerance == pytest.approx(2 / 3, rel=1e-14)


def test_one_sided_tolerance_and_its_mirror_image_have_the_same_risks():
    upper = global_risk(NormalProcess(0.3, 1.0), 0.2, tolerance=(-math.inf, 1), acceptance=(-math.inf, 0.8))
    lower = global_risk(NormalProcess(-0.3, 1.0), 0.2, tolerance=(-1, math.inf), acceptance=(-0.8, math.inf))
    assert (upper.pfa, upper.pfr) == (
        pytest.approx(lower.pfa, rel=1e-13),
        pytest.approx(lower.pfr, rel=1e-13),
    )


def test_small_risks_keep_their_digits():
    """At a strong guard band the risk is far below what differences of probabilities near one could tell."""
    found = risk_of_ratio(0.999, 10, 0.5)
    alone = quad(
        lambda t: norm.pdf(t * norm.isf(0.0005)) * norm.cdf((0.5 - t) * 20), 1, 1.6, epsabs=0, epsrel=1e-10
    )[0]
    assert 0 < found.pfa < 1e-20
    assert found.pfa == pytest.approx(2 * norm.isf(0.0005) * alone, rel=1e-8)
    assert normal_probability(8, 9) == pytest.approx(norm.sf(8) - norm.sf(9), rel=1e-12)
    assert normal_probability(-9, -8) == pytest.approx(normal_probability(8, 9), rel=1e-14)


@FEW
@given(probabilities, ratios, factors, st.floats(0.01, 0.3))
def test_wider_acceptance_accepts_more_of_both_kinds(itp, tur, factor, more):
    narrow, wide = risk_of_ratio(itp, tur, factor), risk_of_ratio(itp, tur, factor + more)
    assert wide.pfa >= narrow.pfa
    assert wide.pfr <= narrow.pfr + 1e-15


@FEW
@given(probabilities, ratios, factors)
def test_the_four_outcomes_make_up_everything(itp, tur, factor):
    found = risk_of_ratio(itp, tur, factor)
    sd, u = 1 / norm.ppf((1 + itp) / 2), 1 / (2 * tur)
    total = math.hypot(sd, u)
    assert found.in_tolerance == pytest.approx(itp, rel=1e-12)
    assert found.accepted == pytest.approx(1 - 2 * norm.sf(factor / total), rel=1e-10)
    assert 0 <= found.pfa <= 1 - itp + 1e-12
    assert 0 <= found.pfr <= itp
    assert 0 <= found.pfa_of_accepted <= 1
    assert 0 <= found.pfr_of_rejected <= 1


@FEW
@given(probabilities, st.floats(1, 8))
def test_a_better_measurement_errs_less(itp, tur):
    assert risk_of_ratio(itp, 2 * tur).pfa <= risk_of_ratio(itp, tur).pfa
    assert risk_of_ratio(itp, 2 * tur).pfr <= risk_of_ratio(itp, tur).pfr


@FEW
@given(st.floats(1e-6, 1e6), ratios)
def test_risks_do_not_depend_on_the_unit(scale, tur):
    plain = global_risk(NormalProcess(0.1, 0.5), 1 / tur, tolerance=(-1, 1), acceptance=(-0.9, 1))
    scaled = global_risk(
        NormalProcess(0.1 * scale, 0.5 * scale),
        scale / tur,
        tolerance=(-scale, scale),
        acceptance=(-0.9 * scale, scale),
    )
    assert scaled.pfa == pytest.approx(plain.pfa, rel=1e-9)
    assert scaled.pfr == pytest.approx(plain.pfr, rel=1e-9)


def test_an_acceptance_interval_that_is_empty_accepts_nothing():
    found = risk_of_ratio(0.9, 2, -0.1)
    assert (found.pfa, found.accepted) == (0.0, 0.0)
    assert found.pfr == pytest.approx(0.9)
    assert found.pfa_of_accepted == 0
    assert GlobalRisk(0.0, 0.0, 1.0, 1.0).pfr_of_rejected == 0


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: risk_of_ratio(0.0, 4),
        lambda: risk_of_ratio(1.0, 4),
        lambda: risk_of_ratio(0.9, 0),
        lambda: risk_of_ratio(0.9, 4, math.nan),
        lambda: NormalProcess(0, 0),
        lambda: global_risk(NormalProcess(0, 1), 0, tolerance=(-1, 1), acceptance=(-1, 1)),
    ],
)
def test_parameters_outside_their_domain_are_refused(wrong):
    with pytest.raises(ParameterNotAllowed):
        wrong()


@pytest.mark.parametrize("tolerance", [(1, -1), (1, 1), (-math.inf, math.inf)])
def test_limits_that_bound_nothing_are_refused(tolerance):
    with pytest.raises(LimitsInconsistent):
        global_risk(NormalProcess(0, 1), 0.1, tolerance=tolerance, acceptance=(-1, 1))
    with pytest.raises(LimitsInconsistent):
        RectangularProcess(1.0, 1.0)
