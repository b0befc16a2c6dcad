"""Every shape against the distribution of scipy: moments by quadrature, and draws by the test of Kolmogorov."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from jialiang.science.distributions import (
    Arcsine,
    CurvilinearTrapezoidal,
    Normal,
    Rectangular,
    StudentT,
    Trapezoidal,
    Triangular,
)
from jialiang.science.located_shapes import (
    Beta,
    Empirical,
    Exponential,
    Gamma,
    LogNormal,
    TriangularBetween,
    TruncatedNormal,
)

DRAWS = 40_000
FARTHEST = 1.95 / math.sqrt(DRAWS)  # Kolmogorov's distance that one true sample in a thousand passes


@dataclass(frozen=True)
class Case:
    """A shape of the house and the frozen distribution that it should be."""

    shape: Any
    law: Any


def case(shape: Any, law: Any) -> Any:
    return pytest.param(Case(shape, law), id=repr(shape))


CASES = [
    case(Normal(0.03), stats.norm(0, 0.03)),
    case(StudentT(0.4, 3.0), stats.t(3, 0, 0.4)),
    case(StudentT(0.4, 2.5, "standard_deviation"), stats.t(2.5, 0, 0.4 * math.sqrt(0.5 / 2.5))),
    case(StudentT(0.4, 0.7), stats.t(0.7, 0, 0.4)),
    case(Rectangular(2.0), stats.uniform(-2, 4)),
    case(Triangular(2.0), stats.triang(0.5, -2, 4)),
    case(Arcsine(2.0), stats.arcsine(-2, 4)),
    case(Trapezoidal(2.0, 0.25), stats.trapezoid(0.375, 0.625, -2, 4)),
    case(Trapezoidal(2.0, 0.9), stats.trapezoid(0.05, 0.95, -2, 4)),
    case(Trapezoidal(2.0, 0.0), stats.triang(0.5, -2, 4)),
    case(Trapezoidal(2.0, 1.0), stats.uniform(-2, 4)),
    case(CurvilinearTrapezoidal(2.0, 0.0), stats.uniform(-2, 4)),
    case(Exponential(0.3, low=-1.0), stats.expon(-1, 0.3)),
    case(Gamma(3.5, 0.2), stats.gamma(3.5, scale=0.2)),
    case(Gamma(0.5), stats.gamma(0.5)),
    case(Beta(2.0, 5.0, low=-1.0, high=3.0), stats.beta(2, 5, -1, 4)),
    case(Beta(0.5, 0.5), stats.arcsine(0, 1)),
    case(LogNormal(0.7, 0.4), stats.lognorm(0.4, scale=math.exp(0.7))),
    case(TruncatedNormal(1.0, 2.0, low=0.0), stats.truncnorm(-0.5, np.inf, 1, 2)),
    case(TruncatedNormal(1.0, 2.0, low=-1.0, high=1.5), stats.truncnorm(-1, 0.25, 1, 2)),
    case(TruncatedNormal(0.0, 1.0, low=4.0, high=5.0), stats.truncnorm(4, 5)),
    case(TruncatedNormal(0.0, 1.0, high=-5.0), stats.truncnorm(-np.inf, -5)),
    case(TriangularBetween(1.0, 1.5, 4.0), stats.triang(1 / 6, 1, 3)),
    case(TriangularBetween(1.0, 4.0, 4.0), stats.triang(1, 1, 3)),
]
WITH_SPREAD = [each for each in CASES if math.isfinite(each.values[0].law.std())]


@pytest.mark.parametrize("of", CASES)
def test_draws_have_the_distribution_function_of_scipy(of: Case) -> None:
    drawn = of.shape.sample(np.random.default_rng(20260616), DRAWS)
    assert stats.kstest(drawn, of.law.cdf).statistic < FARTHEST


@pytest.mark.parametrize("of", WITH_SPREAD)
def test_mean_and_standard_deviation_are_those_of_scipy(of: Case) -> None:
    assert of.shape.standard_deviation == pytest.approx(float(of.law.std()), rel=1e-6)
    assert getattr(of.shape, "mean", 0.0) == pytest.approx(float(of.law.mean()), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("values", [(0.01, 0.03, -0.02, 0.01), (1.0, 1.0, 1.0, 5.0), (2.0, 4.0)])
def test_an_empirical_shape_picks_each_value_as_often_as_it_stands_there(values) -> None:
    shape = Empirical(values)
    drawn = shape.sample(np.random.default_rng(5), DRAWS)
    assert set(drawn.tolist()) == set(values)
    for value in set(values):
        assert np.mean(drawn == value) == pytest.approx(values.count(value) / len(values), abs=0.02)
    assert (shape.mean, shape.standard_deviation) == pytest.approx((np.mean(values), np.std(values)))


# --- moments by quadrature at thirty digits

Density = Callable[[mpmath.mpf], mpmath.mpf]


def moments(density: Density, breaks: list[float]) -> tuple[float, float]:
    """Mean and standard deviation of a density, whatever its constant factor."""
    with mpmath.workdps(30):
        whole = mpmath.quad(density, breaks)
        mean = mpmath.quad(lambda x: x * density(x), breaks) / whole
        square = mpmath.quad(lambda x: (x - mean) ** 2 * density(x), breaks) / whole
        return float(mean), float(mpmath.sqrt(square))


def of_limits_not_well_known(a: float, d: float) -> Density:
    """GUM-S1 6.4.3.1, the density of the curvilinear trapezoid, up to a factor."""

    def density(x: mpmath.mpf) -> mpmath.mpf:
        return mpmath.log((a + d) / max(abs(x), mpmath.mpf(a - d)))

    return density


def normal_about(centre: float, sigma: float) -> Density:
    return lambda x: mpmath.exp(-(((x - centre) / sigma) ** 2) / 2)


@pytest.mark.parametrize(
    ("shape", "density", "breaks"),
    [
        (
            CurvilinearTrapezoidal(0.05, 0.01),
            of_limits_not_well_known(0.05, 0.01),
            [-0.06, -0.04, 0.04, 0.06],
        ),
        (CurvilinearTrapezoidal(3.0, 2.0), of_limits_not_well_known(3.0, 2.0), [-5, -1, 1, 5]),
        (CurvilinearTrapezoidal(1.0, 1.0), of_limits_not_well_known(1.0, 1.0), [-2, 0, 2]),
        (Trapezoidal(1.0, 0.5), lambda x: min(1, 2 * (1 - abs(x))), [-1, -0.5, 0.5, 1]),
        (Triangular(3.0), lambda x: 3 - abs(x), [-3, 0, 3]),
        (TriangularBetween(-1.0, 0.0, 2.0), lambda x: 1 + x if x < 0 else 1 - x / 2, [-1, 0, 2]),
        (Beta(3.0, 2.0), lambda x: x**2 * (1 - x), [0, 1]),
        (TruncatedNormal(0.0, 1.0, low=1.0, high=3.0), normal_about(0, 1), [1, 2, 3]),
        (TruncatedNormal(0.2, 0.1, low=0.0), normal_about(0.2, 0.1), [0, 0.2, 0.5, 1.5]),
        (TruncatedNormal(0.0, 1.0, low=-0.3, high=0.1), normal_about(0, 1), [-0.3, 0, 0.1]),
        (TruncatedNormal(0.0, 1.0, low=6.0), normal_about(0, 1), [6, 6.5, 8, 12]),
        (Exponential(2.0, low=5.0), lambda x: mpmath.exp(-(x - 5) / 2), [5, 10, 40, 150]),
        (Gamma(4.0, 0.5), lambda x: x**3 * mpmath.exp(-2 * x), [0, 2, 8, 40]),
    ],
    ids=lambda each: repr(each) if hasattr(each, "kind") else "",
)
def test_mean_and_u_are_the_moments_of_the_density(shape, density, breaks) -> None:
    mean, deviation = moments(density, breaks)
    assert shape.standard_deviation == pytest.approx(deviation, rel=1e-9)
    assert getattr(shape, "mean", 0.0) == pytest.approx(mean, rel=1e-11, abs=1e-12 * deviation)


def test_draws_between_limits_not_well_known_lie_as_their_density_says() -> None:
    drawn = CurvilinearTrapezoidal(3.0, 2.0).sample(np.random.default_rng(8), DRAWS)
    density = of_limits_not_well_known(3.0, 2.0)
    whole = mpmath.quad(density, [-5, -1, 1, 5])
    for low, high in [(-5, -3), (-3, -1), (-1, 1), (1, 2), (2, 5)]:
        share = float(mpmath.quad(density, [low, high]) / whole)
        assert np.mean((drawn >= low) & (drawn < high)) == pytest.approx(share, abs=0.012)


# --- laws of all shapes


@given(
    st.floats(0.05, 20), st.floats(0.05, 20), st.floats(-10, 10), st.floats(0.01, 50), st.floats(-100, 100)
)
def test_a_beta_between_limits_is_the_beta_of_nought_to_one_moved_and_stretched(a, b, low, width, shift):
    one, other = Beta(a, b), Beta(a, b, low + shift, low + shift + width)
    assert other.standard_deviation == pytest.approx(width * one.standard_deviation, rel=1e-9)
    assert other.mean == pytest.approx(low + shift + width * one.mean, abs=1e-9 * (width + 110))
    mirrored = Beta(b, a)
    assert mirrored.mean == pytest.approx(1 - one.mean, rel=1e-9)
    assert mirrored.standard_deviation == pytest.approx(one.standard_deviation, rel=1e-12)


@given(st.floats(0.01, 1e3), st.floats(1e-3, 10))
def test_a_lognormal_by_mean_and_u_gives_both_back(mean, relative):
    found = LogNormal.from_mean(mean, relative * mean)
    assert found.mean == pytest.approx(mean, rel=1e-11)
    assert found.standard_deviation == pytest.approx(relative * mean, rel=1e-9)
    median = math.exp(found.log_mean)
    assert median < mean


@given(st.floats(-3, 3), st.floats(0.2, 4), st.floats(-50, 50), st.floats(0.1, 10))
def test_a_cut_normal_moves_stretches_and_mirrors_with_its_limits(low, width, centre, sigma):
    one = TruncatedNormal(0.0, 1.0, low, low + width)
    other = TruncatedNormal(centre, sigma, centre + sigma * low, centre + sigma * (low + width))
    mirrored = TruncatedNormal(0.0, 1.0, -low - width, -low)
    assert other.mean == pytest.approx(centre + sigma * one.mean, abs=1e-7 * (sigma + 50))
    assert other.standard_deviation == pytest.approx(sigma * one.standard_deviation, rel=1e-5)
    assert mirrored.mean == pytest.approx(-one.mean, abs=1e-12)
    assert mirrored.standard_deviation == pytest.approx(one.standard_deviation, rel=1e-7)
    assert low < one.mean < low + width
    assert one.standard_deviation < min(1.0, width / math.sqrt(12) * 1.0000001)


@given(st.floats(0.3, 200), st.floats(1e-6, 1e6))
def test_the_two_ways_to_state_a_t_differ_by_its_spread_alone(nu, u):
    scale = StudentT(u, nu)
    assert scale.scale == scale.standard_uncertainty == u
    if nu > 2:
        assert scale.standard_deviation == pytest.approx(float(stats.t(nu, scale=u).std()), rel=1e-9)
        other = StudentT(scale.standard_deviation, nu, "standard_deviation")
        assert other.scale == pytest.approx(u, rel=1e-12)
    else:
        assert scale.standard_deviation == math.inf
