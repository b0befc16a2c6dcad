"""Draws of the inputs."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.kernel.text import Text
from jialiang.science.budget import Budget, Correlation, InputQuantity
from jialiang.science.distributions import Normal, Rectangular, StudentT
from jialiang.science.errors import CorrelationNotExpressible
from jialiang.science.sampling import Sampler, semidefinite_factor

COUNT = 200_000


def an_input(symbol, distribution, **members):
    return InputQuantity(symbol, Text(), "\\one", members.pop("estimate", 0.0), distribution, **members)


def draws_of(*inputs, r=(), seed=1, count=COUNT):
    return Sampler(Budget("y", Text(), "\\one", inputs, tuple(r)), seed).draw(count)


def test_the_same_seed_gives_the_same_bits_and_another_seed_others():
    item = an_input("a", Normal(1.0))
    assert np.array_equal(draws_of(item)["a"], draws_of(item)["a"])
    assert not np.array_equal(draws_of(item)["a"], draws_of(item, seed=2)["a"])


def test_draws_do_not_depend_on_order_or_on_other_inputs():
    a, b, c = an_input("a", Normal(1.0)), an_input("b", Rectangular(1.0)), an_input("c", StudentT(1.0, 5.0))
    together, turned, alone = (
        draws_of(a, b, c, count=100),
        draws_of(c, b, a, count=100),
        draws_of(b, count=100),
    )
    assert all(np.array_equal(together[s], turned[s]) for s in "abc")
    assert np.array_equal(alone["b"], together["b"])


def test_inputs_with_different_symbols_are_independent():
    drawn = draws_of(an_input("a", Normal(1.0)), an_input("b", Normal(1.0)))
    assert abs(np.corrcoef(drawn["a"], drawn["b"])[0, 1]) < 5 / math.sqrt(COUNT)


@pytest.mark.parametrize("grouped", [False, True])
def test_correlated_draws_do_not_depend_on_chunks_or_order(grouped):
    group = "fit" if grouped else None
    a, b = (an_input(s, StudentT(1.0, 6.0), group=group) for s in "ab")
    pair = [Correlation("a", "b", 0.5)]
    whole = draws_of(a, b, r=pair, count=1000)
    sampler = Sampler(Budget("y", Text(), "\\one", (b, a), tuple(pair)), 1)
    pieces = [sampler.draw(count) for count in (1, 499, 500)]
    for symbol in "ab":
        assert np.array_equal(whole[symbol], np.concatenate([piece[symbol] for piece in pieces]))


@pytest.mark.parametrize("r", [-1.0, -0.93, 0.3, 1.0])
def test_correlated_normal_draws_have_the_coefficient(r):
    drawn = draws_of(
        an_input("a", Normal(2.0), estimate=5.0), an_input("b", Normal(0.1)), r=[Correlation("a", "b", r)]
    )
    assert np.corrcoef(drawn["a"], drawn["b"])[0, 1] == pytest.approx(r, abs=0.01)
    assert drawn["a"].mean() == pytest.approx(5.0, abs=0.03)
    assert drawn["a"].std() == pytest.approx(2.0, rel=0.01)


def test_a_group_shares_one_scatter_and_separate_t_inputs_do_not():
    pair = [Correlation("a", "b", 0.0)]
    grouped = draws_of(*(an_input(s, StudentT(1.0, 5.0), group="fit") for s in "ab"), r=pair)
    separate = draws_of(*(an_input(s, StudentT(1.0, 5.0)) for s in "ab"))
    assert np.corrcoef(np.abs(grouped["a"]), np.abs(grouped["b"]))[0, 1] > 0.05
    assert abs(np.corrcoef(np.abs(separate["a"]), np.abs(separate["b"]))[0, 1]) < 0.02


def test_a_correlated_t_keeps_its_own_spread():
    pair = [Correlation("a", "b", 0.8)]
    drawn = draws_of(an_input("a", StudentT(1.0, 9.0)), an_input("b", Normal(1.0)), r=pair)
    assert drawn["a"].std() == pytest.approx(math.sqrt(9 / 7), rel=0.02)
    assert drawn["b"].std() == pytest.approx(1.0, rel=0.01)


def test_a_rectangular_input_cannot_carry_a_coefficient():
    with pytest.raises(CorrelationNotExpressible) as caught:
        draws_of(an_input("a", Rectangular(1.0)), an_input("b", Normal(1.0)), r=[Correlation("a", "b", 0.5)])
    assert caught.value.facts == {"symbol": "a", "kind": "rectangular"}


@given(st.lists(st.tuples(st.floats(-3, 3), st.floats(-3, 3)), min_size=2, max_size=5))
def test_a_factor_multiplied_by_its_transpose_is_the_matrix_even_when_singular(rows):
    vectors = np.column_stack([np.array(rows), np.full(len(rows), 0.5)])
    matrix = vectors @ vectors.T
    matrix /= np.sqrt(np.outer(matrix.diagonal(), matrix.diagonal()))
    factor = semidefinite_factor(matrix)
    assert np.allclose(factor @ factor.T, matrix, atol=1e-5)
    assert np.allclose(factor, np.tril(factor))
