"""A gauge study drawn: its standard deviations as level bars, and its readings by operator and part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from django.utils.html import format_html
from django.utils.safestring import SafeString

from jialiang.console.charts.plane import Axis, Plane, text
from jialiang.console.charts.scale import widened
from jialiang.kernel.text import Text

Cube = Sequence[Sequence[Sequence[float]]]
_DEVIATION = Text(zh="标准偏差 s", en="Standard deviation s")
_PARTS = Text(zh="零件，按测量人", en="Parts, by operator")
_ROW, _BAR, _WIDTH = 34, 12, 440
_MOST_NAMES = 30
_NAME = 12


@dataclass(frozen=True, slots=True)
class Bar:
    """One source: its words (with the shares that go with it), its s, and whether it belongs to the gauge."""

    words: str
    size: float
    is_of_gauge: bool


@dataclass(frozen=True, slots=True)
class Study:
    """The readings of a crossed study, ``cube[part][operator][trial]``, with the names of parts and operators."""

    parts: tuple[str, ...]
    operators: tuple[str, ...]
    cube: Cube


def components_drawing(bars: Sequence[Bar], unit: str, *, label: str, language: str) -> SafeString:
    """Draw s of every source in the order given; what belongs to the gauge is filled, the parts are not."""
    farthest = max(*(bar.size for bar in bars), 1e-300)
    plane = Plane(
        Axis(_DEVIATION, unit, 0, 1.06 * farthest),
        Axis(Text(), "", 0, 1),
        width=_WIDTH,
        height=76 + _ROW * len(bars),
    )
    drawn = []
    for place, bar in enumerate(bars):
        top = 38 + _ROW * place
        width = max(round(plane.x(bar.size) - plane.left, 1), 0.5)
        drawn.append(text("lbl", plane.left + 4, top, bar.words))
        drawn.append(
            format_html(
                '<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>',
                "bar" if bar.is_of_gauge else "col",
                plane.left,
                top + 4,
                width,
                _BAR,
            )
        )
    return plane.drawing(drawn, label=label, language=language)


def readings_drawing(study: Study, quantity: Text, unit: str, *, label: str, language: str) -> SafeString:
    """Draw every reading above its part, operator beside operator, and a line through the means of each operator."""
    slots = len(study.parts)
    values = [value for part in study.cube for cell in part for value in cell]
    low, high = widened(min(values), max(values))
    across = Axis(Text(), "", -0.5, len(study.operators) * slots - 0.5)
    plane = Plane(across, Axis(quantity, unit, low, high), height=330)
    drawn: list[SafeString] = []
    for column, operator in enumerate(study.operators):
        first = column * slots
        if column:
            drawn.append(plane.upright("grid", first - 0.5))
        middle = plane.x(first + (slots - 1) / 2)
        drawn.append(text("t-mid lbl", middle, 26, _short(operator, 2 * _NAME)))
        means = []
        for place, part in enumerate(study.cube):
            readings = part[column]
            drawn += [plane.dot("read", (first + place, value), 3.5) for value in readings]
            means.append((first + place, sum(readings) / len(readings)))
        drawn.append(plane.path("curve", means))
        drawn += _names(plane, study.parts, first, len(study.operators))
    caption = _PARTS.in_language(language)
    drawn.append(text("t-mid", (plane.left + plane.right) / 2, plane.height - 8, caption))
    return plane.drawing(drawn, label=label, language=language)


def _names(plane: Plane, parts: Sequence[str], first: int, operators: int) -> list[SafeString]:
    """Return the names below the axis; where they are many or long only some stand there."""
    longest = max(len(_short(part, _NAME)) for part in parts)
    room = (plane.right - plane.left) / (operators * len(parts))
    every = max(1, ceil(operators * len(parts) / _MOST_NAMES), ceil((6.5 * longest + 6) / room))
    return [
        text("t-mid", plane.x(first + place), plane.bottom + 17, _short(part, _NAME))
        for place, part in enumerate(parts)
        if place % every == 0
    ]


def _short(name: str, longest: int) -> str:
    return name if len(name) <= longest else name[: longest - 1] + "…"
