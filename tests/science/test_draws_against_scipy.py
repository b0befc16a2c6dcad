"""Inputs of documents against the same distributions of scipy: estimate, u, and the quantiles of their draws.

A quantile of n draws is settled by its order statistics: between the ranks np ± 5√(np(1-p)) lies the true one.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from scipy import integrate, stats

from jialiang.science.distributions import (
    CurvilinearTrapezoidal,
    StudentT,
    distribution_from_plain,
    distribution_to_plain,
)
from jialiang.science.documents.distribution_reading import read_distribution
from jialiang.science.documents.evaluating import evaluate_document
from jialiang.science.documents.fields import Fields
from jialiang.science.documents.reading import read_document

COUNT = 100_000
LEVELS = (0.001, 0.01, 0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975, 0.99, 0.999)


@dataclass(frozen=True)
class Row:
    """Members of an input, and the distribution of its value that they have to mean."""

    members: dict[str, Any]
    exact: Any
    u: float | None = None

    def __str__(self):
        return " ".join(f"{name}={value}" for name, value in self.members.items())


def row(exact, stated=None, /, **members):
    return Row(members, exact, stated)


def uniform(low, high):
    return stats.uniform(low, high - low)


ROOT3 = math.sqrt(3)
ROWS = [
    row(stats.norm(5, 0.2), distribution="normal", mean=5, u=0.2),
    row(stats.norm(-5, 0.2), dist="gauss", value=-5, sigma=0.2),
    row(stats.norm(5, 0.1), pdf="certificate", x=5, U=0.2),
    row(stats.norm(5, 0.08), distribution="Gaussian", nominal=5, U=0.2, k=2.5),
    row(stats.norm(5, 0.05), expanded_uncertainty=0.15, coverage_factor=3, estimate=5),
    row(stats.norm(-4, 0.02), mean=-4, u_rel=0.005, distribution="normal"),
    row(stats.norm(0, 3), u=3),
    row(stats.norm(-4, 0.02), mean=-4, relative_u=0.005),
    row(uniform(3, 7), mean=5, hw=2),
    row(uniform(3, 7), mean=5, width=4),
    row(stats.arcsine(3, 4), mean=5, amplitude=2),
    row(uniform(3, 7), distribution="uniform", mean=5, width=4, u=1),  # a width goes before u
    row(stats.t(4, 5, 0.2), 0.2, distribution="t", mean=5, scale=0.2, dof=4),
    row(stats.t(9, 5, 0.2), 0.2, distribution="scaled t", mean=5, sd=0.2, nu=9),
    row(stats.t(1, 0, 1), 1.0, distribution="student", std=1, df=1),
    row(stats.t(6, 5, 0.2 * math.sqrt(4 / 6)), distribution="t-by-sd", mean=5, sd=0.2, dof=6),
    row(stats.norm(5, 0.2), distribution="t", mean=5, u=0.2, dof="inf"),
    row(uniform(-2, 2), distribution="rectangular", half_width=2),
    row(uniform(3, 7), distribution="uniform", mean=5, hw=2),
    row(uniform(3, 7), distribution="rect", low=3, high=7),
    row(uniform(3, 7), distribution="R", a=3, b=7),
    row(uniform(3, 7), distribution="resolution", mean=5, full_width=4),
    row(uniform(3, 7), min=3, max=7),
    row(uniform(5 - 0.2 * ROOT3, 5 + 0.2 * ROOT3), distribution="uniform", mean=5, u=0.2),
    row(uniform(-2, 2), distribution="rectangular", a=2),
    row(stats.triang(0.5, -2, 4), distribution="triangular", half_width=2),
    row(stats.triang(0.5, 3, 4), distribution="tri", low=3, high=7),
    row(stats.triang(0.25, 3, 4), distribution="triangle", low=3, mode=4, high=7),
    row(stats.triang(0.0, 3, 4), distribution="triangular", low=3, c=3, high=7),
    row(stats.triang(1.0, 3, 4), distribution="triangular", lower=3, c=7, upper=7),
    row(stats.arcsine(-2, 4), distribution="arcsine", amplitude=2),
    row(stats.arcsine(3, 4), distribution="U shaped", mean=5, semi_range=2),
    row(stats.arcsine(3, 4), distribution="arc-sine", low=3, high=7),
    row(stats.trapezoid(0.25, 0.75, 3, 4), distribution="trap", mean=5, half_width=2, beta=0.5),
    row(stats.trapezoid(0.4, 0.6, 3, 4), distribution="trapezoid", low=3, high=7, top_half_width=0.4),
    row(stats.trapezoid(0.5, 0.5, 3, 4), distribution="trapezoidal", low=3, high=7, top_share=0),
    row(uniform(3, 7), distribution="trapezoidal", low=3, high=7, top=2),
    row(stats.expon(0, 4), distribution="exponential", mean=4),
    row(stats.expon(0, 4), distribution="exp", rate=0.25),
    row(stats.expon(3, 4), distribution="exp", mean=7, low=3),
    row(stats.gamma(2.5, scale=0.4), distribution="gamma", shape=2.5, scale=0.4),
    row(stats.gamma(2.5, scale=0.4), distribution="gamma", alpha=2.5, rate=2.5),
    row(stats.gamma(7), distribution="gamma", shape=7),
    row(stats.gamma(16, scale=0.25), distribution="gamma", mean=4, u=1),
    row(stats.beta(2, 5), distribution="beta", alpha=2, beta=5),
    row(stats.beta(0.5, 3, -1, 4), distribution="beta", p=0.5, q=3, low=-1, high=3),
    row(stats.lognorm(0.4, scale=math.exp(0.2)), distribution="lognormal", mu=0.2, sigma=0.4),
    row(
        stats.lognorm(math.sqrt(math.log1p(0.04)), scale=10 / math.sqrt(1.04)),
        distribution="log-normal",
        mean=10,
        u=2,
    ),
    row(stats.truncnorm(-1, math.inf, 5, 2), distribution="truncated", mean=5, u=2, low=3),
    row(stats.truncnorm(-0.5, 1.5, 5, 2), distribution="truncnorm", mean=5, u=2, low=4, high=8),
    row(stats.truncnorm(3, 6, 0, 1), distribution="truncated normal", mean=0, u=1, low=3, high=6),
    row(stats.truncnorm(-math.inf, -2, 0, 1), distribution="truncated normal", mean=0, u=1, high=-2),
]


def read(members):
    return read_distribution(Fields(dict(members), "inputs[0]"))


def drawn(members, seed=20261121, count=COUNT):
    estimate, shape = read(members)
    values = shape.sample(np.random.default_rng(seed), count)
    return values if hasattr(shape, "is_located") else values + estimate


@pytest.mark.parametrize("given", ROWS, ids=str)
def test_estimate_and_u_are_the_moments_of_the_distribution_meant(given):
    estimate, shape = read(given.members)
    wanted = given.exact.std() if given.u is None else given.u
    assert estimate == pytest.approx(
        given.exact.median() if given.u else given.exact.mean(), rel=1e-9, abs=1e-12
    )
    assert shape.standard_uncertainty == pytest.approx(float(wanted), rel=1e-7)


@pytest.mark.parametrize("given", ROWS, ids=str)
def test_quantiles_of_the_draws_enclose_those_of_the_distribution(given):
    ordered = np.sort(drawn(given.members))
    for p in LEVELS:
        reach = 5 * math.sqrt(COUNT * p * (1 - p))
        low, high = (ordered[int(COUNT * p + sign * reach)] for sign in (-1, 1))
        assert low <= given.exact.ppf(p) <= high, p


@pytest.mark.parametrize("given", ROWS, ids=str)
def test_the_draws_pass_the_test_of_kolmogorov(given):
    values = drawn(given.members, seed=7, count=20_000)
    assert stats.kstest(values, given.exact.cdf).pvalue > 1e-4


@pytest.mark.parametrize("given", ROWS, ids=str)
def test_written_and_read_back_the_same_bits_are_drawn(given):
    _, shape = read(given.members)
    again = distribution_from_plain(distribution_to_plain(shape))
    one, other = (s.sample(np.random.default_rng(3), 50) for s in (shape, again))
    assert np.array_equal(one, other)


# --- limits known to ±d only ----------------------------------------------------------------------------------------


def curvilinear_cumulative(x, a, d):
    """P(X ≤ x): a uniform deviation, averaged over half-widths between a - d and a + d."""

    def inside(half):
        return min(max((x + half) / (2 * half), 0.0), 1.0)

    return integrate.quad(inside, a - d, a + d, points=[min(max(abs(x), a - d), a + d)])[0] / (2 * d)


@pytest.mark.parametrize(("a", "d"), [(1.0, 0.5), (2.0, 0.2), (1.0, 1.0)])
def test_a_curvilinear_trapezoid_by_quadrature(a, d):
    values = np.sort(CurvilinearTrapezoidal(a, d).sample(np.random.default_rng(11), COUNT))
    for point in np.linspace(-(a + d) * 0.98, (a + d) * 0.98, 15):
        share = curvilinear_cumulative(point, a, d)
        found = np.searchsorted(values, point) / COUNT
        assert abs(found - share) <= 5 * math.sqrt(share * (1 - share) / COUNT) + 1e-9
    assert values[0] >= -(a + d)
    assert values[-1] <= a + d
    assert np.var(values) == pytest.approx(a * a / 3 + d * d / 9, rel=0.02)


# --- moments beyond the second --------------------------------------------------------------------------------------

KURTOSIS = [
    ({"distribution": "normal", "u": 1}, 3.0),
    ({"distribution": "rectangular", "half_width": 1}, 1.8),
    ({"distribution": "triangular", "half_width": 1}, 2.4),
    ({"distribution": "arcsine", "half_width": 1}, 1.5),
    ({"distribution": "t", "u": 1, "dof": 20}, 3 + 6 / 16),
]


@pytest.mark.parametrize(("members", "kurtosis"), KURTOSIS)
def test_the_fourth_moment_tells_shapes_of_equal_u_apart(members, kurtosis):
    values = drawn(members, count=400_000)
    assert stats.kurtosis(values, fisher=False) == pytest.approx(kurtosis, rel=0.03)
    assert abs(stats.skew(values)) < 0.03


@pytest.mark.parametrize(("nu", "k"), [(1, 12.706), (2, 4.303), (5, 2.571), (10, 2.228), (30, 2.042)])
def test_draws_of_few_readings_reach_as_far_as_the_table_of_t(nu, k):
    values = StudentT(0.1, float(nu)).sample(np.random.default_rng(5), 200_000)
    assert np.mean(np.abs(values) <= 0.1 * k) == pytest.approx(0.95, abs=0.0025)


# --- through a whole document ---------------------------------------------------------------------------------------


def simulated(inputs, expression, **settings):
    document = {
        "model": {"expr": {"y": expression}},
        "inputs": inputs,
        "settings": {"method": "mc", "draws": COUNT, "seed": 20261121, **settings},
    }
    return evaluate_document(read_document(document)).outputs["y"]


SUMS = [
    # sums whose distribution is known: (inputs, expression, exact)
    (
        [{"name": "a", "mean": 1, "u": 3}, {"name": "b", "mean": 2, "u": 4}],
        "a+b",
        stats.norm(3, 5),
    ),
    (
        [{"name": n, "distribution": "uniform", "low": 0, "high": 1} for n in "ab"],
        "a+b",
        stats.triang(0.5, 0, 2),
    ),
    (
        [{"name": n, "distribution": "uniform", "low": 0, "high": w} for n, w in (("a", 1), ("b", 3))],
        "a+b",
        stats.trapezoid(0.25, 0.75, 0, 4),
    ),
    ([{"name": n, "distribution": "exp", "mean": 2} for n in "abc"], "a+b+c", stats.gamma(3, scale=2)),
    ([{"name": n, "u": 1} for n in "ab"], "a**2+b**2", stats.expon(0, 2)),
    ([{"name": n, "u": 1} for n in "ab"], "hypot(a,b)", stats.rayleigh()),
    ([{"name": n, "u": 1} for n in "abcde"], "sum([a,b,c,d,e]**2)", stats.chi2(5)),
    ([{"name": "a", "distribution": "uniform", "low": 0, "high": 1}], "-log(a)", stats.expon()),
    ([{"name": "a", "distribution": "uniform", "low": 0, "high": 1}], "a**2", stats.beta(0.5, 1)),
    ([{"name": "a", "mean": 0.1, "u": 0.3}], "exp(a)", stats.lognorm(0.3, scale=math.exp(0.1))),
    ([{"name": "a", "u": 2}], "abs(a)", stats.halfnorm(0, 2)),
    ([{"name": n, "distribution": "exp", "mean": 3} for n in "ab"], "a-b", stats.laplace(0, 3)),
    (
        [{"name": n, "distribution": "gamma", "shape": s} for n, s in (("a", 2), ("b", 3))],
        "a/(a+b)",
        stats.beta(2, 3),
    ),
    ([{"name": n, "distribution": "exp", "mean": 6} for n in "abc"], "min(a,b,c)", stats.expon(0, 2)),
    (
        [{"name": n, "distribution": "uniform", "low": 0, "high": 1} for n in "abc"],
        "max([a,b,c])",
        stats.beta(3, 1),
    ),
]


@pytest.mark.parametrize(("inputs", "expression", "exact"), SUMS, ids=[s[1] for s in SUMS])
@pytest.mark.parametrize("p", [0.9, 0.99])
def test_models_whose_distribution_is_known_have_its_quantiles(inputs, expression, exact, p):
    found = simulated(inputs, expression, p=p)
    spread = float(exact.std())
    assert found.value == pytest.approx(float(exact.mean()), abs=5 * spread / math.sqrt(COUNT))
    assert found.standard_uncertainty == pytest.approx(spread, rel=0.03)
    for end, level in zip(found.interval, ((1 - p) / 2, (1 + p) / 2), strict=True):
        reach = 5 * math.sqrt(level * (1 - level) / COUNT)
        low, high = exact.ppf(max(level - reach, 0.0)), exact.ppf(min(level + reach, 1.0))
        assert low <= end <= high


@pytest.mark.parametrize(("inputs", "expression", "exact"), SUMS, ids=[s[1] for s in SUMS])
def test_the_shortest_interval_holds_its_share_and_is_no_longer(inputs, expression, exact):
    found = simulated(inputs, expression, p=0.9)
    low, high = found.shortest_interval
    assert high - low <= (found.interval[1] - found.interval[0]) * (1 + 1e-12)
    assert exact.cdf(high) - exact.cdf(low) == pytest.approx(0.9, abs=0.012)


@pytest.mark.parametrize("r", [-1.0, -0.6, 0.0, 0.3, 0.95, 1.0])
def test_correlated_normal_inputs_have_the_exact_interval_of_their_sum(r):
    document = {
        "model": {"expr": {"y": "a+2*b"}},
        "inputs": [{"name": "a", "mean": 1, "u": 3}, {"name": "b", "mean": 2, "u": 2}],
        "correlation": [["a", "b", r]],
        "settings": {"method": "mc", "draws": COUNT, "seed": 3},
    }
    found = evaluate_document(read_document(document)).outputs["y"]
    u = math.sqrt(9 + 16 + 2 * r * 12)
    assert found.standard_uncertainty == pytest.approx(u, rel=0.015)
    assert found.interval == pytest.approx((5 - 1.96 * u, 5 + 1.96 * u), abs=0.04 * u)
