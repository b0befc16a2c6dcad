"""Correlation of results from stored points alone: cases by hand, and laws that hold whatever the points say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.information.points_correlation import CorrelatedPair, correlated_points


def point(name, contributions, *, common=(), correlations=(), u=None):
    """A stored point: c u by symbol, which of them are common, and u of the result (of independent inputs)."""
    total = sum(part**2 for part in contributions.values()) ** 0.5 if u is None else u
    return {
        "point": name,
        "combined_standard_uncertainty": repr(total),
        "contributions": [{"symbol": symbol, "contribution": repr(part)} for symbol, part in contributions.items()],
        "origins": {symbol: {"common": "true" if symbol in common else "false"} for symbol in contributions},
        "budget": {"correlations": [list(pair) for pair in correlations]},
    }


def r(*points):
    (pair,) = correlated_points({"points": list(points)})
    return pair.coefficient


CASES = [
    ("nothing is common", {"a": 3.0}, {"a": 4.0}, (), 0.0),
    ("everything is common", {"a": 3.0}, {"a": 4.0}, ("a",), 1.0),
    ("the same thing with opposite sensitivities", {"a": 3.0}, {"a": -4.0}, ("a",), -1.0),
    ("3-4-5: 3 × 3 of 5 × 5", {"a": 3.0, "b": 4.0}, {"a": 3.0, "b": 4.0}, ("a",), 9 / 25),
    ("a common thing that one point lacks", {"a": 3.0, "b": 4.0}, {"b": 4.0}, ("a",), 0.0),
    ("two common things that cancel out", {"a": 1.0, "b": 1.0}, {"a": 1.0, "b": -1.0}, ("a", "b"), 0.0),
]


@pytest.mark.parametrize(("_name", "first", "second", "common", "expected"), CASES, ids=[case[0] for case in CASES])
def test_r_by_hand(_name, first, second, common, expected):
    assert r(point("1", first, common=common), point("2", second, common=common)) == pytest.approx(expected, abs=1e-15)


def test_a_correlation_between_two_common_inputs_counts_both_ways():
    """a, b common with r(a, b) = 0.5, contributions 1: cov = 1 + 1 + 2 × 0.5 = 3 = u², so r = 1."""
    pair = [("a", "b", "0.5")]
    both = {"common": ("a", "b"), "correlations": pair, "u": 3**0.5}
    first, second = (point(name, {"a": 1.0, "b": 1.0}, **both) for name in "12")
    assert r(first, second) == pytest.approx(1.0, rel=1e-15)
    turned = point("2", {"a": 1.0, "b": -1.0}, common=("a", "b"), correlations=pair, u=1.0)
    assert r(first, turned) == pytest.approx(0.0, abs=1e-15)


def test_a_correlation_with_an_input_that_is_not_common_does_not_count():
    pair = [("a", "b", "0.9")]
    first, second = (point(n, {"a": 1.0, "b": 1.0}, common=("a",), correlations=pair, u=2.0) for n in "12")
    assert r(first, second) == pytest.approx(1 / 4)


def test_a_result_without_uncertainty_hangs_together_with_nothing():
    assert r(point("1", {"a": 0.0}, common=("a",)), point("2", {"a": 1.0}, common=("a",))) == 0.0


def test_rounding_never_leads_beyond_one():
    tight = {"common": ("a",), "u": 0.9999999}
    assert r(point("1", {"a": 1.0}, **tight), point("2", {"a": 1.0}, **tight)) == 1.0
    assert r(point("1", {"a": 1.0}, **tight), point("2", {"a": -1.0}, **tight)) == -1.0


def test_pairs_come_in_the_order_of_the_points_without_those_of_no_budget():
    bare = {"point": "x", "combined_standard_uncertainty": "1", "contributions": []}
    points = [point("1", {"a": 1.0}), bare, point("2", {"a": 1.0}), point("3", {"a": 1.0})]
    found = correlated_points({"points": points})
    assert [(pair.first, pair.second) for pair in found] == [("1", "2"), ("1", "3"), ("2", "3")]
    assert found[0] == CorrelatedPair("1", "2", 0.0)


def test_one_point_alone_has_no_pair():
    assert correlated_points({"points": [point("1", {"a": 1.0})]}) == ()


PARTS = st.dictionaries(st.sampled_from("abcd"), st.floats(-1e3, 1e3).filter(lambda x: abs(x) > 1e-6), min_size=1)
COMMON = st.sets(st.sampled_from("abcd")).map(tuple)


@given(PARTS, PARTS, COMMON)
def test_r_is_between_minus_one_and_one_and_the_same_both_ways(first, second, common):
    one, other = point("1", first, common=common), point("2", second, common=common)
    assert -1.0 <= r(one, other) <= 1.0
    assert r(one, other) == pytest.approx(r(other, one), abs=1e-12)


@given(PARTS, PARTS, COMMON, st.floats(0.01, 100))
def test_r_has_no_unit(first, second, common, scale):
    scaled = {symbol: part * scale for symbol, part in first.items()}
    plain = r(point("1", first, common=common), point("2", second, common=common))
    other = r(point("1", scaled, common=common), point("2", second, common=common))
    assert other == pytest.approx(plain, abs=1e-9)


@given(PARTS, PARTS, COMMON)
def test_another_sign_of_the_result_turns_the_sign_of_r(first, second, common):
    turned = {symbol: -part for symbol, part in first.items()}
    plain = r(point("1", first, common=common), point("2", second, common=common))
    assert r(point("1", turned, common=common), point("2", second, common=common)) == pytest.approx(-plain, abs=1e-12)


@given(PARTS, COMMON)
def test_of_two_equal_points_r_is_the_common_share_of_the_variance(parts, common):
    share = sum(part**2 for symbol, part in parts.items() if symbol in common)
    whole = sum(part**2 for part in parts.values())
    found = r(point("1", parts, common=common), point("2", parts, common=common))
    assert found == pytest.approx(share / whole, rel=1e-9)
