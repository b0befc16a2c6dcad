"""Of each test's cases some are kept, and of every test at least one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sampled_cases import sampled, spread


@dataclass(frozen=True)
class Named:
    nodeid: str


def names(items: list[pytest.Item]) -> list[str]:
    return [item.nodeid for item in items]


def items(*nodeids: str) -> list[pytest.Item]:
    return [cast(pytest.Item, Named(nodeid)) for nodeid in nodeids]


@pytest.mark.parametrize(
    ("number", "most", "places"),
    [
        (0, 3, []), (1, 3, [0]), (3, 3, [0, 1, 2]), (4, 3, [0, 2, 3]), (5, 3, [0, 2, 4]), (101, 3, [0, 50, 100]),
        (101, 2, [0, 100]), (101, 1, [0]),
    ],
)  # fmt: skip
def test_places_are_spread_from_the_first_to_the_last(number: int, most: int, places: list[int]) -> None:
    assert spread(number, most) == places


@given(st.integers(0, 500), st.integers(1, 50))
def test_as_many_places_as_may_be_all_different_and_there(number: int, most: int) -> None:
    places = spread(number, most)
    assert len(places) == min(number, most)
    assert places == sorted(set(places))
    assert all(0 <= place < number for place in places)


def test_every_test_keeps_a_case_and_the_order_stays() -> None:
    given_items = items("a::one[1]", "b::two", "a::one[2]", "a::one[3]", "a::one[4]", "b::three[x[y]]", "b::three[z]")
    kept, left = sampled(given_items, 2)
    assert names(kept) == ["a::one[1]", "b::two", "a::one[4]", "b::three[x[y]]", "b::three[z]"]
    assert names(left) == ["a::one[2]", "a::one[3]"]


def test_tests_of_one_name_in_two_files_are_two() -> None:
    kept, left = sampled(items("a.py::one[1]", "a.py::one[2]", "b.py::one[1]", "b.py::one[2]"), 1)
    assert names(kept) == ["a.py::one[1]", "b.py::one[1]"]
    assert names(left) == ["a.py::one[2]", "b.py::one[2]"]
