"""Distributions that are not symmetric: moments against draws, ends, documents, and what is refused."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.kernel.text import Text
from jialiang.science.budget import Budget, InputQuantity, budget_from_plain, budget_to_plain
from jialiang.science.distributions import distribution_from_plain, distribution_to_plain
from jialiang.science.errors import ParameterNotAllowed, TooFewObservations
from jialiang.science.located_shapes import (
    Beta,
    Empirical,
    Exponential,
    Gamma,
    LogNormal,
    TriangularBetween,
    TruncatedNormal,
)
from jialiang.science.sampling import Sampler

COUNT = 400_000
SHAPES = [
    Exponential(2.0),
    Exponential(0.5, 3.0),
    Gamma(3.5),
    Gamma(0.4, 2.0),
    Beta(2.0, 5.0),
    Beta(0.5, 0.5, -1.0, 3.0),
    LogNormal(0.2, 0.4),
    LogNormal.from_mean(10.0, 2.0),
    TruncatedNormal(0.0, 1.0, 0.0),
    TruncatedNormal(5.0, 2.0, 4.0, 5.5),
    TruncatedNormal(0.0, 1.0, 3.0, 8.0),
    TruncatedNormal(0.0, 1.0, -8.0, -3.0),
    TruncatedNormal(1.0, 0.5),
    TriangularBetween(1.0, 1.5, 4.0),
    TriangularBetween(0.0, 0.0, 1.0),
    Empirical((1.0, 2.0, 2.0, 7.0)),
]


@pytest.mark.parametrize("shape", SHAPES, ids=repr)
def test_mean_and_u_are_those_of_the_draws(shape):
    drawn = shape.sample(np.random.default_rng(1), COUNT)
    u = shape.standard_deviation
    assert shape.standard_uncertainty == u
    assert drawn.mean() == pytest.approx(shape.mean, abs=6 * u / math.sqrt(COUNT))
    assert drawn.std() == pytest.approx(u, rel=0.02)


@pytest.mark.parametrize("shape", SHAPES, ids=repr)
def test_chunks_give_the_same_draws(shape):
    whole = shape.sample(np.random.default_rng(2), 1000)
    rng = np.random.default_rng(2)
    pieces = [shape.sample(rng, count) for count in (1, 499, 500)]
    assert np.array_equal(whole, np.concatenate(pieces))


@pytest.mark.parametrize("shape", SHAPES, ids=repr)
def test_documents_keep_every_bit(shape):
    assert distribution_from_plain(distribution_to_plain(shape)) == shape


@pytest.mark.parametrize("shape", SHAPES, ids=repr)
def test_the_sampler_draws_the_values_themselves_not_deviations(shape):
    item = InputQuantity("x", Text(), "\\one", shape.mean, shape)
    drawn = Sampler(Budget("y", Text(), "\\one", (item,)), 4).draw(50_000)["x"]
    assert drawn.mean() == pytest.approx(shape.mean, abs=6 * shape.standard_deviation / math.sqrt(50_000))


def test_a_budget_with_such_an_input_reads_back():
    item = InputQuantity("x", Text(), "\\one", 2.0, Exponential(2.0))
    budget = Budget("y", Text(), "\\one", (item,))
    assert budget_from_plain(budget_to_plain(budget)) == budget


@pytest.mark.parametrize(
    ("shape", "low", "high"),
    [
        (Exponential(2.0, 1.0), 1.0, math.inf),
        (Beta(2.0, 2.0, -1.0, 2.0), -1.0, 2.0),
        (TruncatedNormal(0.0, 1.0, 5.0, 6.0), 5.0, 6.0),
        (TruncatedNormal(0.0, 1.0, -6.0, -5.0), -6.0, -5.0),
        (TriangularBetween(1.0, 2.0, 3.0), 1.0, 3.0),
    ],
    ids=repr,
)
def test_no_draw_lies_outside_the_limits(shape, low, high):
    drawn = shape.sample(np.random.default_rng(3), 100_000)
    assert low <= drawn.min()
    assert drawn.max() <= high


def test_half_a_normal_distribution_has_its_known_moments():
    half = TruncatedNormal(0.0, 1.0, 0.0)
    assert half.mean == pytest.approx(math.sqrt(2 / math.pi), rel=1e-14)
    assert half.standard_deviation == pytest.approx(math.sqrt(1 - 2 / math.pi), rel=1e-14)


def test_a_lognormal_by_its_mean_has_that_mean_and_u():
    shape = LogNormal.from_mean(100.0, 25.0)
    assert (shape.mean, shape.standard_deviation) == pytest.approx((100.0, 25.0), rel=1e-13)


def test_beta_between_limits_with_both_parameters_one_is_rectangular():
    assert Beta(1.0, 1.0, 3.0, 5.0).standard_deviation == pytest.approx(1 / math.sqrt(3), rel=1e-15)


def test_the_arcsine_is_the_beta_with_halves():
    assert Beta(0.5, 0.5, -1.0, 1.0).standard_deviation == pytest.approx(1 / math.sqrt(2), rel=1e-15)


def test_a_count_of_q_events_has_the_gamma_of_the_supplement():
    """GUM-S1 6.4.11: after q counts the expectation is G(q + 1, 1): mean q + 1, variance q + 1."""
    shape = Gamma(13.0)
    assert (shape.mean, shape.standard_deviation**2) == pytest.approx((13.0, 13.0))


@given(st.floats(-5, 5), st.floats(0.01, 10), st.floats(0.01, 10))
def test_a_symmetric_triangle_is_the_triangular_distribution(middle, half, scale):
    shape = TriangularBetween(middle - half * scale, middle, middle + half * scale)
    assert shape.mean == pytest.approx(middle, abs=1e-9 * half * scale + 1e-12)
    assert shape.standard_deviation == pytest.approx(half * scale / math.sqrt(6), rel=1e-6)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Exponential(0.0),
        lambda: Exponential(-1.0),
        lambda: Gamma(0.0),
        lambda: Gamma(1.0, -1.0),
        lambda: Beta(0.0, 1.0),
        lambda: Beta(1.0, 1.0, 2.0, 2.0),
        lambda: LogNormal(0.0, -1.0),
        lambda: LogNormal(1000.0, 1.0),
        lambda: LogNormal.from_mean(-1.0, 1.0),
        lambda: TruncatedNormal(0.0, 0.0),
        lambda: TruncatedNormal(0.0, 1.0, 2.0, 1.0),
        lambda: TruncatedNormal(0.0, 1.0, 30.0, 31.0),
        lambda: TriangularBetween(0.0, 2.0, 1.0),
        lambda: TriangularBetween(1.0, 1.0, 1.0),
        lambda: Empirical((1.0, math.inf)),
    ],
)
def test_parameters_outside_their_domain_are_refused(make):
    with pytest.raises(ParameterNotAllowed):
        make()


def test_one_value_is_no_sample():
    with pytest.raises(TooFewObservations):
        Empirical((1.0,))
