"""Where labels lie on paper: sheets with places, a grid of any label on A4, and rolls with a page for each label."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from jialiang.formats.labels.errors import BadGrid, LabelTooLarge, UnknownSheet
from jialiang.formats.labels.templates import LabelTemplate
from jialiang.kernel.text import storable

ROLL = "roll"
OWN_GRID = "a4:"
_A4 = (210.0, 297.0)
_MM = r"(\d{1,3}(?:\.\d{1,2})?)"
_GRID = re.compile(rf"a4:(\d{{1,2}})x(\d{{1,2}}):{_MM},{_MM}:{_MM},{_MM}", re.ASCII)
_SLACK = 1e-9


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its size, and the upper left corners of its labels, row by row (mm)."""

    name: str
    width: float
    height: float
    corners: tuple[tuple[float, float], ...]


def sheet_names() -> tuple[str, ...]:
    """Return the names of all sheets, ``roll`` first."""
    return (ROLL, *_rows())


def sheet_for(name: str, template: LabelTemplate) -> Sheet:
    """Return a sheet for the labels of a template; a label stands in the middle of its place.

    ``a4:3x7:7.25,15.15:2.5,0`` is a grid of one's own on A4: columns and rows, left and upper margin, gaps between
    columns and rows (mm). Raises UnknownSheet, LabelTooLarge, BadGrid.
    """
    if name == ROLL:
        return Sheet(ROLL, template.width, template.height, ((0.0, 0.0),))
    if name.startswith(OWN_GRID):
        return _own_grid(name, template)
    row = _rows().get(name)
    if row is None:
        raise UnknownSheet(sheet=storable(name, 60), known=", ".join(sheet_names()))
    return _grid(name, row, template) if "margin" in row else _places(name, row, template)


def _own_grid(name: str, template: LabelTemplate) -> Sheet:
    found = _GRID.fullmatch(name)
    if found is None:
        raise BadGrid(given=storable(name, 60))
    columns, rows = int(found[1]), int(found[2])
    left, top, gap_x, gap_y = (float(found[place]) for place in (3, 4, 5, 6))
    right = left + columns * template.width + (columns - 1) * gap_x
    foot = top + rows * template.height + (rows - 1) * gap_y
    if not columns * rows or right > _A4[0] + _SLACK or foot > _A4[1] + _SLACK:
        raise BadGrid(given=storable(name, 60))
    corners = tuple(
        (left + column * (template.width + gap_x), top + line * (template.height + gap_y))
        for line in range(rows)
        for column in range(columns)
    )
    return Sheet(name, *_A4, corners)


def _grid(name: str, row: Mapping[str, Any], template: LabelTemplate) -> Sheet:
    """As many labels as fit, in the middle of the sheet."""
    gap, margin = row["gap"], row["margin"]
    counts = []
    for paper, label in ((row["width"], template.width), (row["height"], template.height)):
        room = paper - 2 * margin
        counts.append(int((room + gap + _SLACK) // (label + gap)))
    if not all(counts):
        _refuse(name, template, row["width"] - 2 * margin, row["height"] - 2 * margin)
    columns, rows = counts
    left = (row["width"] - columns * template.width - (columns - 1) * gap) / 2
    corners = tuple(
        (left + column * (template.width + gap), margin + line * (template.height + gap))
        for line in range(rows)
        for column in range(columns)
    )
    return Sheet(name, row["width"], row["height"], corners)


def _places(name: str, row: Mapping[str, Any], template: LabelTemplate) -> Sheet:
    spare_x, spare_y = row["place_width"] - template.width, row["place_height"] - template.height
    if min(spare_x, spare_y) < -_SLACK:
        _refuse(name, template, row["place_width"], row["place_height"])
    corners = tuple(
        (
            row["left"] + column * (row["place_width"] + row["gap_x"]) + spare_x / 2,
            row["top"] + line * (row["place_height"] + row["gap_y"]) + spare_y / 2,
        )
        for line in range(row["rows"])
        for column in range(row["columns"])
    )
    return Sheet(name, row["width"], row["height"], corners)


def _refuse(name: str, template: LabelTemplate, width: float, height: float) -> None:
    label = f"{template.width:g}×{template.height:g}"
    raise LabelTooLarge(template=template.name, label=label, sheet=name, place=f"{width:g}×{height:g}")


@cache
def _rows() -> Mapping[str, Mapping[str, Any]]:
    file = resources.files("jialiang.formats.labels") / "sheets.json"
    rows: dict[str, dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
    return rows
