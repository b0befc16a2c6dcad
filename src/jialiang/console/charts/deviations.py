"""Deviations with U against the limits, the last values beside them, and where a line was fitted the line itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from jialiang.console.charts.scale import Scale, ticks, widened
from jialiang.console.numbers import on_screen

LEFT, RIGHT, TOP, BOTTOM = 50, 294, 14, 196
HEIGHT = 240
FAR = 5  # limits farther away than this many times the largest deviation would squash everything else
FAR_FROM_LINE = 1.5  # a line has its readings around it, which should be told apart
LOOKS = {"pass": "pt", "conditionalPass": "pt pt-warn", "conditionalFail": "pt pt-warn", "fail": "pt pt-stop"}


@dataclass(frozen=True, slots=True)
class Plotted:
    """One point: where it stands, its deviation with U, how it was judged, and its last deviation."""

    point: str
    deviation: float
    uncertainty: float
    conformity: str = ""
    previous: float | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A fitted line ``intercept + slope (t − origin)`` between two readings, and the readings themselves."""

    intercept: float
    slope: float
    origin: float
    readings: tuple[tuple[float, float], ...]

    def at(self, place: float) -> float:
        """Return the height of the line."""
        return self.intercept + self.slope * (place - self.origin)


@dataclass(frozen=True, slots=True)
class Captions:
    """The words of a drawing: what it shows as a sentence, and the names of its axes."""

    label: str
    across: str
    up: str


def limits_shown(points: list[Plotted], limit: float | None, *, fitted: bool = False) -> bool:
    """Tell whether the limits fit onto the drawing without squashing the points."""
    largest = max((abs(p.deviation) + p.uncertainty for p in points), default=0)
    return limit is not None and limit <= (FAR_FROM_LINE if fitted else FAR) * largest


def deviation_chart(
    points: list[Plotted], captions: Captions, *, limit: float | None = None, line: Line | None = None
) -> SafeString:
    """Draw the points; with ``line`` they stand at their values, else side by side."""
    shown = limit if limits_shown(points, limit, fitted=line is not None) else None
    up = _heights(points, shown, line)
    across, places = _places(points, line)
    parts = [*_grid(up), *_limits(up, shown), *_line(across, up, line)]
    parts += [part for point, x in zip(points, places, strict=True) for part in _point(point, x, up)]
    parts += _axis(points, places, across, line)
    parts.append(_text("t-mid", (LEFT + RIGHT) / 2, HEIGHT - 6, captions.across))
    parts.append(_text("", 4, 10, captions.up))
    return format_html(
        '<svg class="jl-chart" viewBox="0 0 300 {}" role="img" aria-label="{}">{}</svg>',
        HEIGHT,
        captions.label,
        format_html_join("", "{}", ((part,) for part in parts)),
    )


def _heights(points: list[Plotted], limit: float | None, line: Line | None) -> Scale:
    values = [p.deviation - p.uncertainty for p in points] + [p.deviation + p.uncertainty for p in points]
    values += [p.previous for p in points if p.previous is not None]
    values += [-limit, limit] if limit is not None else []
    values += [height for _, height in line.readings] if line and line.readings else [0.0]
    return Scale(*widened(min(values), max(values)), BOTTOM, TOP)


def _places(points: list[Plotted], line: Line | None) -> tuple[Scale, list[float]]:
    if line is None:
        across = Scale(0, len(points), LEFT, RIGHT)
        return across, [across.at(position + 0.5) for position in range(len(points))]
    values = [float(p.point) for p in points] + [place for place, _ in line.readings]
    across = Scale(*widened(min(values), max(values), 0.05), LEFT, RIGHT)
    return across, [across.at(float(p.point)) for p in points]


def _grid(up: Scale) -> Iterator[SafeString]:
    for value, text in ticks(up.low, up.high):
        y = up.at(value)
        kind = "grid" if value else "zero"
        yield format_html('<line class="{}" x1="{}" x2="{}" y1="{}" y2="{}"/>', kind, LEFT, RIGHT, y, y)
        yield _text("t-end", LEFT - 6, y + 4, on_screen(text, signed=True))


def _limits(up: Scale, limit: float | None) -> Iterator[SafeString]:
    for value in (limit, -limit) if limit is not None else ():
        y = up.at(value)
        yield format_html('<line class="limit" x1="{}" x2="{}" y1="{}" y2="{}"/>', LEFT, RIGHT, y, y)
        text = on_screen(f"{value:.12g}", signed=True)
        yield _text("t-limit", LEFT + 2, y - 4 if value > 0 else y + 12, f"MPE {text}")


def _line(across: Scale, up: Scale, line: Line | None) -> Iterator[SafeString]:
    if line is None or not line.readings:
        return
    low, high = min(t for t, _ in line.readings), max(t for t, _ in line.readings)
    yield format_html(
        '<path class="trend" d="M{} {}L{} {}"/>',
        across.at(low),
        up.at(line.at(low)),
        across.at(high),
        up.at(line.at(high)),
    )
    dots = ((across.at(t), up.at(b)) for t, b in line.readings)
    yield format_html_join("", '<circle class="read" cx="{}" cy="{}" r="2"/>', dots)


def _point(point: Plotted, x: float, up: Scale) -> Iterator[SafeString]:
    if point.previous is not None:
        y = up.at(point.previous)
        yield format_html(
            '<line class="u past" x1="{}" x2="{}" y1="{}" y2="{}"/>', round(x - 11, 1), round(x - 5, 1), y, y
        )
    low, high = up.at(point.deviation - point.uncertainty), up.at(point.deviation + point.uncertainty)
    left = round(x - 3, 1)
    yield format_html('<path class="u" d="M{} {}V{}M{} {}h6M{} {}h6"/>', x, low, high, left, low, left, high)
    look = LOOKS.get(point.conformity, "pt")
    yield format_html('<circle class="{}" cx="{}" cy="{}" r="3.5"/>', look, x, up.at(point.deviation))


def _axis(
    points: list[Plotted], places: list[float], across: Scale, line: Line | None
) -> Iterator[SafeString]:
    marks = [(x, p.point) for p, x in zip(points, places, strict=True)]
    if line is not None:
        marks = [(across.at(value), text) for value, text in ticks(across.low, across.high)]
    every = max(1, len(marks) // 8)
    for x, text in marks[::every]:
        yield _text("t-mid", x, BOTTOM + 18, on_screen(text))


def _text(kind: str, x: float, y: float, words: str) -> SafeString:
    return format_html('<text class="{}" x="{}" y="{}">{}</text>', kind, x, round(y, 1), words)
