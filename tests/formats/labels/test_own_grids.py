"""Grids of one's own on A4: how they are written, where their labels lie, what does not lie on the sheet."""

import pytest
from tests.formats.labels.label_samples import laid, pdf_of, pictures, read_at

from jialiang.formats.labels.errors import BadGrid
from jialiang.formats.labels.sheets import sheet_for
from jialiang.formats.labels.templates import template_named

LABEL = template_named("instrument-50x30")


def test_a_grid_has_its_places_row_by_row():
    sheet = sheet_for("a4:3x2:10,20:5,2.5", LABEL)
    assert (sheet.width, sheet.height) == (210, 297)
    assert sheet.corners == ((10, 20), (65, 20), (120, 20), (10, 52.5), (65, 52.5), (120, 52.5))


def test_a_grid_that_fills_the_sheet_to_the_edge_is_one():
    assert len(sheet_for("a4:4x9:10,13.5:0,0", LABEL).corners) == 36


@pytest.mark.parametrize(
    "given",
    [
        "a4:", "a4:3x7", "a4:0x1:0,0:0,0", "a4:5x1:0,0:0,0", "a4:4x10:0,0:0,0", "a4:1x1:161,0:0,0", "a4:1x1:-1,0:0,0",
        "a4:1x1:0,0:0,0 ", "a4:1x1:0;0:0,0", "a4:100x1:0,0:0,0", "a4:٣x1:0,0:0,0", "a4:2x1:0,0:200,0",
    ],
)  # fmt: skip
def test_a_grid_that_is_not_on_the_sheet_is_refused(given):
    with pytest.raises(BadGrid):
        sheet_for(given, LABEL)


def test_every_label_of_a_grid_is_read_at_its_place(tmp_path):
    name = "a4:3x4:12,15:8,6"
    [page] = pictures(pdf_of(laid("instrument-50x30", 12), name), tmp_path, 200)
    sheet = sheet_for(name, LABEL)
    for number, corner in enumerate(sheet.corners, 1):
        [(_, text)] = read_at(page, LABEL, corner)
        assert text.endswith(f"ins-{number:07d}")
