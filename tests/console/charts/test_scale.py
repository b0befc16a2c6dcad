"""Laws of scales and ticks that hold for every range a laboratory meets."""

import math
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from jialiang.console.charts.scale import Scale, ticks, widened

SOME = settings(max_examples=30)
VALUES = st.floats(-1e6, 1e6, allow_nan=False, allow_subnormal=False)
WIDTHS = st.floats(1e-6, 1e6, allow_nan=False)


@SOME
@given(VALUES, WIDTHS, st.sampled_from([4, 5, 6]))
def test_ticks_rise_by_one_round_step_inside_the_range_and_their_text_is_their_value(
    low: float, width: float, about: int
) -> None:
    high = low + width
    assume(high > low)
    found = ticks(low, high, about)
    assert all(low <= value <= high for value, _ in found)
    assert all(float(text) == value for value, text in found)
    exact = [Decimal(text) for _, text in found]
    steps = {after - before for before, after in pairwise(exact)}
    assert len(steps) <= 1
    for step in steps:
        assert step > 0
        assert step.normalize().as_tuple().digits in {(1,), (2,), (5,)}


@SOME
@given(VALUES, WIDTHS, st.sampled_from([4, 5, 6]))
def test_there_are_enough_ticks_to_read_by_and_not_so_many_that_they_run_together(
    low: float, width: float, about: int
) -> None:
    assume(low + width > low)
    assert about // 3 <= len(ticks(low, low + width, about)) <= about + 1


@SOME
@given(VALUES, WIDTHS)
def test_all_ticks_of_an_axis_have_the_same_number_of_places_and_zero_no_sign(
    low: float, width: float
) -> None:
    texts = [text for _, text in ticks(low, low + width)]
    assert len({len(text.partition(".")[2]) for text in texts}) <= 1
    assert not any(text.startswith("-") and not Decimal(text) for text in texts)


@pytest.mark.parametrize(
    ("low", "high", "texts"),
    [
        (-0.05, 0.05, ["-0.04", "-0.02", "0.00", "0.02", "0.04"]),
        (0, 100, ["0", "20", "40", "60", "80", "100"]),
        (0, 1, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
        (0, 0.0021, ["0.0000", "0.0005", "0.0010", "0.0015", "0.0020"]),
        (0, 23000, ["0", "5000", "10000", "15000", "20000"]),
    ],
)
def test_ticks_are_the_ones_that_a_person_would_choose(low: float, high: float, texts: list[str]) -> None:
    assert [text for _, text in ticks(low, high)] == texts


@SOME
@given(VALUES, WIDTHS, st.floats(0, 1))
def test_a_scale_keeps_what_lies_between_its_ends_between_its_ends(
    low: float, width: float, share: float
) -> None:
    scale = Scale(low, low + width, 196, 14)  # a vertical axis: the coordinate falls as the value rises
    value = min(max(low + share * width, low), low + width)
    assert 14 <= scale.at(value) <= 196
    assert scale.at(low) == 196
    assert scale.at(low + width) == 14 or low + width == low


@SOME
@given(WIDTHS, st.lists(st.floats(0, 1), min_size=2, max_size=8))
def test_a_scale_never_changes_the_order_of_values(width: float, shares: list[float]) -> None:
    scale = Scale(0, width, 50, 294)
    places = [scale.at(share * width) for share in sorted(shares)]
    assert places == sorted(places)


def test_a_scale_without_width_puts_its_value_at_the_start() -> None:
    assert Scale(5, 5, 10, 20).at(5) == 10


@SOME
@given(VALUES, st.floats(0, 1e6))
def test_widening_leaves_air_on_both_sides(low: float, width: float) -> None:
    below, above = widened(low, low + width)
    assert below < low
    assert above > low + width


@pytest.mark.parametrize("low", [131072.0, -131072.0, 1e300, 5e-324, 1e-300])
@pytest.mark.parametrize("ulps", [0, 1, 2, 5, 40])
def test_ends_that_floating_point_hardly_tells_apart_get_air_too(low: float, ulps: int) -> None:
    high = low
    for _ in range(ulps):
        high = math.nextafter(high, math.inf)
    below, above = widened(low, high)
    assert below < low <= high < above


@pytest.mark.parametrize(
    ("low", "high", "by", "ends"),
    [
        (0.0, 10.0, 0.08, (-0.8, 10.8)),
        (0.0, 10.0, 0.5, (-5, 15)),
        (50.0, 50.0, 0.08, (46, 54)),
        (-50.0, -50.0, 0.08, (-54, -46)),
        (0.0, 0.0, 0.08, (-1, 1)),
    ],
)
def test_widening_is_a_share_of_the_range_or_of_a_single_value(
    low: float, high: float, by: float, ends: tuple[float, float]
) -> None:
    assert widened(low, high, by) == pytest.approx(ends)
