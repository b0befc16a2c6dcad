"""The plane of a chart of measurement science: two labelled axes, straight or logarithmic, and marks on it.

Axes carry quantity and unit in the language asked for; every colour is a class of the stylesheet, so the drawing
follows print and dark mode. Whatever lies beyond the plane is drawn at its edge.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from jialiang.console.charts.scale import Scale, ticks
from jialiang.console.numbers import on_screen
from jialiang.kernel.text import Text

Point = tuple[float, float]
MARGIN_LEFT, MARGIN_RIGHT, MARGIN_TOP, MARGIN_BOTTOM = 66, 36, 30, 46
_FEWEST_DECADES = 1
_NARROW = 500
"""Drawings up to this width fit a phone; wider ones scroll there."""
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True, slots=True)
class Axis:
    """What an axis shows: the quantity in both languages, its unit as printed (empty for 1), and its ends.

    An axis without a quantity has no marks: the drawing says itself what stands where.
    """

    quantity: Text
    unit: str
    low: float
    high: float
    is_logarithmic: bool = False

    def caption(self, language: str) -> str:
        """Return ``quantity / unit``."""
        name = self.quantity.in_language(language)
        return f"{name} / {self.unit}" if self.unit else name


@dataclass(frozen=True, slots=True)
class Plane:
    """A drawing of ``width`` × ``height`` with its two axes."""

    across: Axis
    up: Axis
    width: int = 760
    height: int = 300

    @property
    def left(self) -> int:
        """The x of the upright axis."""
        return MARGIN_LEFT

    @property
    def right(self) -> int:
        """The x of the right end."""
        return self.width - MARGIN_RIGHT

    @property
    def bottom(self) -> int:
        """The y of the level axis."""
        return self.height - MARGIN_BOTTOM

    def x(self, value: float) -> float:
        """Return where a value of the level axis stands."""
        return _at(self.across, value, self.left, self.right)

    def y(self, value: float) -> float:
        """Return where a value of the upright axis stands."""
        return _at(self.up, value, self.bottom, MARGIN_TOP)

    def drawing(self, parts: Iterable[SafeString], *, label: str, language: str) -> SafeString:
        """Return the whole SVG: grid, axes with captions, then the parts."""
        inside = [*self._grid(), *parts, *self._axes(language)]
        return format_html(
            '<svg class="jl-chart{}" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>',
            " jl-chart-wide" if self.width > _NARROW else "",
            self.width,
            self.height,
            label,
            format_html_join("", "{}", ((part,) for part in inside)),
        )

    def path(self, kind: str, points: Sequence[Point]) -> SafeString:
        """Return a line through the points."""
        steps = format_html_join("L", "{} {}", ((self.x(x), self.y(y)) for x, y in points))
        return format_html('<path class="{}" d="M{}"/>', kind, steps)

    def level(self, kind: str, value: float) -> SafeString:
        """Return a line across the plane at a height."""
        y = self.y(value)
        return format_html(
            '<line class="{}" x1="{}" x2="{}" y1="{}" y2="{}"/>', kind, self.left, self.right, y, y
        )

    def upright(self, kind: str, value: float) -> SafeString:
        """Return a line from bottom to top."""
        x = self.x(value)
        return format_html(
            '<line class="{}" x1="{}" x2="{}" y1="{}" y2="{}"/>', kind, x, x, self.bottom, MARGIN_TOP
        )

    def bar(self, x: float, low: float, high: float) -> SafeString:
        """Return an upright bar with end marks."""
        at, down, top = self.x(x), self.y(low), self.y(high)
        left = round(at - 4, 1)
        return format_html(
            '<path class="u" d="M{} {}V{}M{} {}h8M{} {}h8"/>', at, down, top, left, down, left, top
        )

    def dot(self, kind: str, point: Point, radius: float = 3) -> SafeString:
        """Return a round mark."""
        x, y = self.x(point[0]), self.y(point[1])
        return format_html('<circle class="{}" cx="{}" cy="{}" r="{}"/>', kind, x, y, radius)

    def cross(self, point: Point) -> SafeString:
        """Return the mark of what lies beyond a limit: told by shape, not by colour alone."""
        x, y = round(self.x(point[0]) - 4, 1), round(self.y(point[1]) - 4, 1)
        return format_html('<path class="pt-out" d="M{} {}l8 8m0 -8l-8 8"/>', x, y)

    def note(self, kind: str, point: Point, words: str, *, by: Point = (0, 0)) -> SafeString:
        """Return words at a point, moved by so many pixels, anchored so that they stay inside."""
        x, y = self.x(point[0]) + by[0], min(max(self.y(point[1]) + by[1], 11), self.height - 4)
        anchor = " t-end" if x > self.left + 0.75 * (self.right - self.left) else ""
        shift = -2 * by[0] if anchor else 0
        return text(f"{kind}{anchor}".strip(), x + shift, y, words)

    def beside(self, kind: str, height: float, words: str) -> SafeString:
        """Return short words to the right of the plane, at a height."""
        return text(kind, self.right + 4, self.y(height) + 4, words)

    def _grid(self) -> Iterator[SafeString]:
        if not self.up.quantity:
            return
        for value, words in _marks(self.up, 5):
            yield self.level("grid", value)
            yield text("t-end", self.left - 7, self.y(value) + 4, words)

    def _axes(self, language: str) -> Iterator[SafeString]:
        yield format_html(
            '<line class="axis" x1="{0}" x2="{1}" y1="{2}" y2="{2}"/>', self.left, self.right, self.bottom
        )
        yield format_html(
            '<line class="axis" x1="{0}" x2="{0}" y1="{1}" y2="{2}"/>', self.left, self.bottom, MARGIN_TOP
        )
        for value, words in _marks(self.across, 7) if self.across.quantity else ():
            x = self.x(value)
            yield format_html(
                '<line class="axis" x1="{0}" x2="{0}" y1="{1}" y2="{2}"/>', x, self.bottom, self.bottom + 4
            )
            yield text("t-mid", x, self.bottom + 17, words)
        yield text("t-mid", (self.left + self.right) / 2, self.height - 8, self.across.caption(language))
        if self.up.quantity:
            yield text("", 4, 13, self.up.caption(language))


def text(kind: str, x: float, y: float, words: str) -> SafeString:
    """Return words at a place."""
    return format_html('<text class="{}" x="{}" y="{}">{}</text>', kind, round(x, 1), round(y, 1), words)


def logarithmic(quantity: Text, unit: str, values: Iterable[float]) -> Axis:
    """Return a logarithmic axis over whole decades around positive values."""
    exponents = [log10(value) for value in values if value > 0] or [0.0]
    low, high = floor(min(exponents)), ceil(max(exponents))
    return Axis(quantity, unit, 10.0**low, 10.0 ** max(high, low + _FEWEST_DECADES), is_logarithmic=True)


def _at(axis: Axis, value: float, start: float, end: float) -> float:
    inside = min(max(value, axis.low), axis.high)
    if axis.is_logarithmic:
        return Scale(log10(axis.low), log10(axis.high), start, end).at(log10(inside))
    return Scale(axis.low, axis.high, start, end).at(inside)


def _marks(axis: Axis, about: int) -> list[tuple[float, str]]:
    if not axis.is_logarithmic:
        return [(value, on_screen(words)) for value, words in ticks(axis.low, axis.high, about)]
    low, high = round(log10(axis.low)), round(log10(axis.high))
    every = max(1, ceil((high - low) / 8))
    return [(10.0**power, _decade(power)) for power in range(low, high + 1, every)]


def _decade(power: int) -> str:
    return {0: "1", 1: "10"}.get(power, "10" + str(power).translate(_SUPERSCRIPTS))
