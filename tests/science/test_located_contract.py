"""What a distribution of values has to state: nothing that leaves a moment or its draws out can be made."""

from __future__ import annotations

import inspect
import math

import numpy as np
import pytest

from jialiang.science import located_shapes
from jialiang.science.located_shapes import (
    LOCATED_SHAPES,
    Beta,
    Empirical,
    Exponential,
    Gamma,
    LogNormal,
    TriangularBetween,
    TruncatedNormal,
)

BASE = located_shapes._Located
STATED = ("mean", "standard_deviation", "sample")


def whole() -> dict[str, object]:
    """The members of a distribution that always has the value one."""
    return {
        "mean": property(lambda _self: 1.0),
        "standard_deviation": property(lambda _self: 0.25),
        "sample": lambda _self, _rng, count: np.ones(count),
    }


def test_the_shared_part_is_no_distribution():
    with pytest.raises(TypeError, match="abstract"):
        BASE()


@pytest.mark.parametrize("lacking", STATED)
def test_a_distribution_without_one_of_its_members_cannot_be_made(lacking):
    members = whole()
    del members[lacking]
    with pytest.raises(TypeError, match=lacking):
        type("Lacking", (BASE,), members)()


def test_a_distribution_with_all_members_has_its_u_from_its_deviation():
    made = type("Whole", (BASE,), whole())()
    assert (made.mean, made.standard_deviation, made.standard_uncertainty) == (1.0, 0.25, 0.25)
    assert made.is_located is True


def test_exactly_these_members_are_asked_for():
    assert BASE.__abstractmethods__ == frozenset(STATED)


@pytest.mark.parametrize("shape", LOCATED_SHAPES, ids=lambda shape: shape.kind)
def test_every_shape_states_all_and_says_so(shape):
    assert not inspect.isabstract(shape)
    assert issubclass(shape, BASE)
    for member in STATED:
        assert member in vars(shape)
        assert inspect.getdoc(vars(shape)[member])


def test_every_shape_of_the_module_is_in_the_list_once():
    found = {
        each
        for each in vars(located_shapes).values()
        if inspect.isclass(each) and issubclass(each, BASE) and each is not BASE
    }
    assert found == set(LOCATED_SHAPES)
    assert len({shape.kind for shape in LOCATED_SHAPES}) == len(LOCATED_SHAPES)


# by hand from the formulas of the moments
MOMENTS = [
    (Exponential(2.0, 3.0), 5.0, 2.0),
    (Gamma(4.0, 0.5), 2.0, 1.0),
    (Beta(1.0, 1.0, 0.0, 12.0), 6.0, math.sqrt(12.0)),
    (Beta(2.0, 2.0, -1.0, 1.0), 0.0, math.sqrt(0.2)),
    (LogNormal(0.0, 0.0), 1.0, 0.0),
    (LogNormal.from_mean(10.0, 2.0), 10.0, 2.0),
    (TruncatedNormal(0.0, 1.0, 0.0), math.sqrt(2 / math.pi), math.sqrt(1 - 2 / math.pi)),
    (TruncatedNormal(7.0, 0.5), 7.0, 0.5),
    (TriangularBetween(0.0, 0.0, 3.0), 1.0, math.sqrt(0.5)),
    (TriangularBetween(-1.0, 0.0, 1.0), 0.0, math.sqrt(1 / 6)),
    (Empirical((1.0, 2.0, 3.0, 4.0)), 2.5, math.sqrt(1.25)),
]


@pytest.mark.parametrize(("shape", "mean", "deviation"), MOMENTS, ids=lambda each: getattr(each, "kind", ""))
def test_moments_by_hand(shape, mean, deviation):
    assert shape.mean == pytest.approx(mean, rel=1e-12, abs=1e-15)
    assert shape.standard_deviation == pytest.approx(deviation, rel=1e-12, abs=1e-15)
    assert shape.standard_uncertainty == shape.standard_deviation


@pytest.mark.parametrize("shape", [each for each, *_ in MOMENTS], ids=lambda each: each.kind)
def test_draws_have_the_stated_moments(shape):
    """Within five standard deviations of a mean of 40 000 draws."""
    drawn = shape.sample(np.random.default_rng(7), 40_000)
    assert drawn.shape == (40_000,)
    assert abs(float(drawn.mean()) - shape.mean) <= 5 * shape.standard_deviation / 200 + 1e-12
    assert float(drawn.std()) == pytest.approx(shape.standard_deviation, rel=0.05, abs=1e-12)


@pytest.mark.parametrize("shape", [each for each, *_ in MOMENTS], ids=lambda each: each.kind)
def test_the_same_seed_draws_the_same_values(shape):
    first, again = (shape.sample(np.random.default_rng(11), 100) for _ in range(2))
    assert first.tolist() == again.tolist()
