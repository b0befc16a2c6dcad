"""Drawings of trends hold at the edges: one day, no spread, numbers far from one, a forecast far ahead."""

from __future__ import annotations

import re
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jialiang.console.charts.trends import trend_drawing
from jialiang.information.trends import trend_at
from tests.information.test_interval_proposals import FIRST, result, series

NUMBERS = re.compile(r"-?\d+(?:\.\d+)?")


def drawn(*points, on, language="en"):
    """The drawing, read as XML: well-formed or not at all."""
    text = trend_drawing(trend_at(series(*points), on), "mm", on, label="L", language=language)
    return ElementTree.fromstring(text)


def outside(svg):
    """Circles that lie outside the drawing."""
    _, _, width, height = (float(each) for each in svg.get("viewBox").split())
    return [
        circle.attrib
        for circle in svg.iter("circle")
        if not (0 <= float(circle.get("cx")) <= width and 0 <= float(circle.get("cy")) <= height)
    ]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    "deviations",
    [
        ("0",),
        ("0", "0"),
        ("0", "0", "0"),
        ("1e-9", "2e-9", "3e-9"),
        ("1e9", "2e9", "4e9"),
        ("0", "0", "0", "10", "10", "10"),
        ("-1", "-3", "-5", "-7"),
    ],
)
def test_every_history_is_drawn_inside_its_frame(deviations, language):
    points = [result(1, 200 * place, value) for place, value in enumerate(deviations)]
    svg = drawn(*points, on=FIRST + timedelta(days=3000), language=language)
    assert outside(svg) == []
    assert sum(1 for circle in svg.iter("circle") if circle.get("class") == "pt") == len(deviations)
    assert svg.get("aria-label") == "L"
    assert svg.get("role") == "img"


def test_results_of_one_day_are_drawn_above_one_another():
    points = [result(number, 0, str(number)) for number in range(1, 5)]
    svg = drawn(*points, on=FIRST)
    places = {circle.get("cx") for circle in svg.iter("circle")}
    assert len(places) == 1
    assert len({circle.get("cy") for circle in svg.iter("circle")}) == 4


def test_the_forecast_stands_to_the_right_of_the_last_result():
    points = [result(1, 100 * place, str(place)) for place in range(4)]
    svg = drawn(*points, on=date(2023, 1, 1))
    ahead = [float(c.get("cx")) for c in svg.iter("circle") if c.get("class") == "pt-ahead"]
    seen = [float(c.get("cx")) for c in svg.iter("circle") if c.get("class") == "pt"]
    assert len(ahead) == 1
    assert ahead[0] > max(seen)
    assert seen == sorted(seen)


def test_the_line_ahead_begins_at_the_last_result_and_opens():
    points = [result(1, 100 * place, str(place), expanded="1") for place in range(4)]
    svg = drawn(*points, on=date(2023, 1, 1))
    lines = [path.get("d") for path in svg.iter("path") if path.get("class") == "trend ahead"]
    figures = [[float(n) for n in NUMBERS.findall(line)] for line in lines]
    low, middle, high = (line[1::2] for line in figures)
    assert low[0] > middle[0] > high[0]  # heights grow downwards
    assert low[-1] - high[-1] > low[0] - high[0]


@settings(max_examples=15)
@given(
    st.lists(st.integers(min_value=-999, max_value=999), min_size=1, max_size=6),
    st.integers(min_value=0, max_value=4000),
)
def test_whatever_was_found_is_drawn_inside(values, ahead):
    points = [result(1, 90 * place, f"{value / 100:.2f}") for place, value in enumerate(values)]
    svg = drawn(*points, on=points[-1].day + timedelta(days=ahead))
    assert outside(svg) == []
