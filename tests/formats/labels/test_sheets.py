"""Sheets: labels never overlap, never leave the paper, and stand in the middle of their place."""

import json
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.formats.labels.errors import LabelTooLarge, UnknownSheet
from jialiang.formats.labels.sheets import ROLL, sheet_for, sheet_names
from jialiang.formats.labels.templates import template_of

ROWS = json.loads((resources.files("jialiang.formats.labels") / "sheets.json").read_text(encoding="utf-8"))
SIZES = st.floats(5, 300, allow_nan=False).map(lambda size: round(size, 1))


def template(width, height):
    band = {"kind": "band", "colour": "#000000", "x": 0, "y": 0, "width": 1, "height": 1}
    return template_of("t", {"width": width, "height": height, "elements": [band]})


def overlap(first, second, width, height):
    apart_x = abs(first[0] - second[0]) >= width - 1e-6
    return not (apart_x or abs(first[1] - second[1]) >= height - 1e-6)


@given(st.sampled_from([name for name in sheet_names() if name != ROLL]), SIZES, SIZES)
def test_labels_lie_on_the_paper_and_apart(name, width, height):
    try:
        sheet = sheet_for(name, template(width, height))
    except LabelTooLarge:
        row = ROWS[name]
        room = (
            (row["width"] - 20, row["height"] - 20)
            if "margin" in row
            else (row["place_width"], row["place_height"])
        )
        assert width > room[0] - 1e-6 or height > room[1] - 1e-6
        return
    for x, y in sheet.corners:
        assert -1e-6 <= x <= sheet.width - width + 1e-6
        assert -1e-6 <= y <= sheet.height - height + 1e-6
    near = sheet.corners[:80]
    assert not any(overlap(a, b, width, height) for i, a in enumerate(near) for b in near[:i])


@pytest.mark.parametrize(
    ("name", "width", "height", "count"),
    [
        ("a4", 50, 30, 24),
        ("a4", 60, 40, 18),
        ("a4", 20, 12, 152),
        ("a4", 190, 277, 1),
        ("a4-24", 70, 37, 24),
        ("a4-21", 63.5, 38.1, 21),
        ("a4-10", 99.1, 54, 10),
        ("a4-65", 38.1, 21.2, 65),
        (ROLL, 50, 30, 1),
    ],
)
def test_as_many_as_fit(name, width, height, count):
    assert len(sheet_for(name, template(width, height)).corners) == count


def test_labels_fill_a_sheet_row_by_row_and_in_its_middle():
    corners = sheet_for("a4", template(50, 30)).corners
    assert corners[:4] == ((28.0, 10), (80.0, 10), (132.0, 10), (28.0, 42))
    assert corners[0][0] == 210 - (corners[2][0] + 50)


def test_a_small_label_stands_in_the_middle_of_its_place():
    assert sheet_for("a4-24", template(50, 30)).corners[0] == (10.0, 4.0)


@pytest.mark.parametrize("name", sorted(set(ROWS) - {"a4"}))
def test_the_places_of_a_printed_sheet_fill_its_paper(name):
    row = ROWS[name]
    across = row["left"] * 2 + row["columns"] * row["place_width"] + (row["columns"] - 1) * row["gap_x"]
    down = row["top"] * 2 + row["rows"] * row["place_height"] + (row["rows"] - 1) * row["gap_y"]
    assert across == pytest.approx(210, abs=0.2)
    assert down == pytest.approx(297, abs=0.2)


def test_a_roll_is_as_large_as_its_label():
    sheet = sheet_for(ROLL, template(50, 30))
    assert (sheet.width, sheet.height, sheet.corners) == (50, 30, ((0.0, 0.0),))


@pytest.mark.parametrize("name", ["", "A4", "letter", "a4-25"])
def test_an_unknown_sheet_is_told_with_those_that_are_known(name):
    with pytest.raises(UnknownSheet) as refused:
        sheet_for(name, template(50, 30))
    assert all(known in refused.value.rule.en for known in sheet_names())
