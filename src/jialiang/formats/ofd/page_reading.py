"""Reads what stands on a page: texts with their places, shapes and pictures."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from jialiang.formats.ofd.model import Box, DrawnImage, DrawnPath, TextRun
from jialiang.formats.ofd.names import tag
from jialiang.formats.ofd.trees import box, child, number, numbers, steps, text_of

Matrix = tuple[float, ...]
PageContent = tuple[tuple[TextRun, ...], tuple[DrawnPath, ...], tuple[DrawnImage, ...]]

_SAME: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_NOWHERE = Box(0, 0, 0, 0)
_DEFAULT_LINE = 0.353


def page_content(page: etree._Element) -> PageContent:
    """Return texts, shapes and pictures of a page in the order of the file; what cannot be placed stands at 0 0."""
    content = child(page, "Content")
    if content is None:
        return (), (), ()
    texts = tuple(run for each in content.iter(tag("TextObject")) for run in _runs(each))
    paths = tuple(_path(each) for each in content.iter(tag("PathObject")))
    images = tuple(
        DrawnImage(_box(each), each.get("ResourceID", "")) for each in content.iter(tag("ImageObject"))
    )
    return texts, paths, images


def _runs(element: etree._Element) -> Iterator[TextRun]:
    """Give the runs of a text object; one that does not say where it begins begins where the one before did."""
    area, matrix = _box(element), _matrix(element)
    size = (number(element.get("Size")) or 0.0) * (matrix[3] or 1.0)
    x = y = 0.0
    for code in element.iterchildren(tag("TextCode")):
        letters = code.text or ""
        x, y = _or(code.get("X"), x), _or(code.get("Y"), y)
        moved = steps(code.get("DeltaX"), max(len(letters) - 1, 0)) or ()
        yield TextRun(
            letters,
            area.x + matrix[0] * x + matrix[2] * y + matrix[4],
            area.y + matrix[1] * x + matrix[3] * y + matrix[5],
            element.get("Font", ""),
            size,
            tuple(step * matrix[0] for step in moved),
            _colour(element, "FillColor"),
        )


def _path(element: etree._Element) -> DrawnPath:
    return DrawnPath(
        _box(element),
        text_of(element, "AbbreviatedData"),
        stroke=element.get("Stroke", "true") != "false",
        fill=element.get("Fill", "false") == "true",
        line_width=number(element.get("LineWidth")) or _DEFAULT_LINE,
        stroke_colour=_colour(element, "StrokeColor"),
        fill_colour=_colour(element, "FillColor"),
    )


def _colour(element: etree._Element, name: str) -> str:
    found = child(element, name)
    return found.get("Value", "") if found is not None else ""


def _box(element: etree._Element) -> Box:
    return box(element.get("Boundary")) or _NOWHERE


def _matrix(element: etree._Element) -> Matrix:
    found = numbers(element.get("CTM"))
    return found if found is not None and len(found) == 6 else _SAME


def _or(text: str | None, before: float) -> float:
    found = number(text)
    return before if found is None else found
