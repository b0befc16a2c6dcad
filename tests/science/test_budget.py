"""Budgets as documents."""

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.kernel.text import Text
from jialiang.science.budget import Budget, Correlation, InputQuantity, budget_from_plain, budget_to_plain
from jialiang.science.distributions import Normal, Rectangular, StudentT
from jialiang.science.errors import (
    BudgetUnreadable,
    DuplicateSymbol,
    GroupDegreesDiffer,
    ImpossibleCorrelation,
    UnknownSymbol,
)


def an_input(symbol, distribution=None, **members):
    name = Text(zh="输入量", en=f"input {symbol}")
    return InputQuantity(symbol, name, "\\kelvin", 0.0, distribution or Normal(1.0), **members)


def a_budget(inputs, correlations=(), **members):
    return Budget(
        "y", Text(zh="输出量", en="output"), "\\kelvin", tuple(inputs), tuple(correlations), **members
    )


numbers = st.floats(allow_nan=False, allow_infinity=False)
positive = st.floats(0, 1e300)
inputs = st.builds(
    InputQuantity,
    symbol=st.sampled_from("abcdefgh"),
    name=st.builds(Text, zh=st.text(max_size=5), en=st.text(max_size=5)),
    unit=st.sampled_from(["\\kelvin", "\\one"]),
    estimate=numbers,
    distribution=st.one_of(
        st.builds(Normal, positive),
        st.builds(Rectangular, positive),
        st.builds(StudentT, positive, st.floats(0.1, 1e6)),
    ),
    evaluation=st.sampled_from(["A", "B"]),
    stated_degrees_of_freedom=st.none() | st.floats(0.1, 1e9),
    sensitivity=st.none() | numbers,
    source=st.text(max_size=10),
)


@given(st.lists(inputs, max_size=5, unique_by=lambda item: item.symbol), st.none() | numbers)
def test_a_budget_written_as_json_reads_back_to_the_same_bits(items, estimate):
    budget = a_budget(items, estimate=estimate, model_text="y = Σ x")
    plain = json.loads(json.dumps(budget_to_plain(budget), ensure_ascii=False))
    assert budget_from_plain(plain) == budget


def test_correlations_and_groups_survive_the_document():
    items = [an_input("a", StudentT(0.1, 9.0), group="line"), an_input("b", StudentT(0.2, 9.0), group="line")]
    budget = a_budget(items, [Correlation("a", "b", -0.9304296030934459)])
    plain = budget_to_plain(budget)
    assert plain["correlations"] == [["a", "b", "-0.9304296030934459"]]
    assert budget_from_plain(plain) == budget


def test_every_number_in_the_document_is_text():
    def walk(data):
        if isinstance(data, dict):
            data = list(data.values())
        if isinstance(data, list):
            for member in data:
                walk(member)
        else:
            assert isinstance(data, str)

    items = [an_input("a", StudentT(0.1, 9.0), sensitivity=2.0, stated_degrees_of_freedom=9.0), an_input("b")]
    walk(budget_to_plain(a_budget(items, [Correlation("a", "b", 0.5)], estimate=1.5)))


@pytest.mark.parametrize(
    ("change", "member"),
    [
        ({"schema": "other/1"}, "schema"),
        ({"symbol": None}, None),
        ({"inputs": {}}, "inputs"),
        ({"inputs": ["x"]}, "evaluation"),
        ({"correlations": [["a"]]}, "correlations"),
        ({"correlations": [["a", "b", "x"]]}, "correlations"),
        ({"estimate": "ten"}, "estimate"),
        ({"name": "y"}, "name"),
    ],
)
def test_a_damaged_document_names_the_member(change, member):
    plain = budget_to_plain(a_budget([an_input("a"), an_input("b")])) | change
    if member is None:
        del plain["symbol"]
    with pytest.raises(BudgetUnreadable) as caught:
        budget_from_plain(plain)
    assert caught.value.facts["member"] == (member or "symbol")


@pytest.mark.parametrize("member", ["symbol", "unit", "estimate", "distribution", "evaluation"])
def test_an_input_without_a_member_is_refused(member):
    plain = budget_to_plain(a_budget([an_input("a")]))
    del plain["inputs"][0][member]
    with pytest.raises(BudgetUnreadable) as caught:
        budget_from_plain(plain)
    assert caught.value.facts["member"] == member


def test_numbers_may_also_be_json_numbers():
    plain = budget_to_plain(a_budget([an_input("a")]))
    plain["inputs"][0]["estimate"] = 3
    assert budget_from_plain(plain).inputs[0].estimate == 3.0


def test_symbols_are_unique_and_correlations_name_them():
    with pytest.raises(DuplicateSymbol):
        a_budget([an_input("a"), an_input("a")])
    with pytest.raises(UnknownSymbol) as caught:
        a_budget([an_input("a")], [Correlation("a", "c", 0.5)])
    assert caught.value.facts["symbol"] == "c"
    with pytest.raises(DuplicateSymbol):
        a_budget([an_input("a"), an_input("b")], [Correlation("a", "b", 0.5), Correlation("b", "a", 0.5)])


@pytest.mark.parametrize("r", [1.01, -2.0, math.nan])
def test_a_coefficient_beyond_one_is_impossible(r):
    with pytest.raises(ImpossibleCorrelation):
        a_budget([an_input("a"), an_input("b")], [Correlation("a", "b", r)])


def test_coefficients_that_contradict_one_another_are_impossible():
    pairs = [Correlation("a", "b", 0.9), Correlation("b", "c", 0.9), Correlation("a", "c", -0.9)]
    with pytest.raises(ImpossibleCorrelation) as caught:
        a_budget([an_input(s) for s in "abc"], pairs)
    assert "r(a, c) = -0.9" in caught.value.facts["coefficients"]


def test_full_correlation_is_possible():
    budget = a_budget([an_input("a"), an_input("b")], [Correlation("a", "b", -1.0)])
    assert np.array_equal(budget.correlation_matrix(), [[1, -1], [-1, 1]])


def test_a_correlation_with_itself_is_impossible():
    with pytest.raises(ImpossibleCorrelation):
        a_budget([an_input("a")], [Correlation("a", "a", 0.5)])


def test_inputs_of_one_fit_have_one_number_of_degrees_of_freedom():
    items = [an_input("a", StudentT(1.0, 9.0), group="line"), an_input("b", StudentT(1.0, 8.0), group="line")]
    with pytest.raises(GroupDegreesDiffer) as caught:
        a_budget(items)
    assert caught.value.facts == {"group": "line", "degrees": "8, 9"}


def test_degrees_of_freedom_come_from_the_statement_then_the_distribution_then_infinity():
    assert an_input("a", StudentT(1.0, 9.0)).degrees_of_freedom == 9
    assert an_input("a", StudentT(1.0, 9.0), stated_degrees_of_freedom=4.0).degrees_of_freedom == 4
    assert an_input("a", Rectangular(1.0), stated_degrees_of_freedom=50.0).degrees_of_freedom == 50
    assert an_input("a").degrees_of_freedom == math.inf


def test_correlated_sets_follow_links_and_groups():
    items = [an_input("a"), an_input("b"), an_input("c"), an_input("d", group="g"), an_input("e", group="g")]
    budget = a_budget(items, [Correlation("a", "c", 0.2)])
    assert budget.correlated_sets() == ((0, 2), (3, 4))
    chained = a_budget(items, [Correlation("a", "b", 0.2), Correlation("b", "d", 0.2)])
    assert chained.correlated_sets() == ((0, 1, 3, 4),)
