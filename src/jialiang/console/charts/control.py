"""The control chart of a check standard: observations in their order, limits at two and three s, the drift."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from jialiang.console.charts.scale import Scale, ticks, widened
from jialiang.console.numbers import on_screen
from jialiang.science.charts.check_standard import CheckStandardChart

LEFT, RIGHT, TOP, BOTTOM = 64, 742, 16, 232
TICKS_ACROSS = 6


def control_chart_drawing(chart: CheckStandardChart, *, label: str, axis: str) -> SafeString:
    """Draw every observation at its moment; those beyond a limit by shape and colour, the drift as a line."""
    up = Scale(*widened(*_heights(chart)), BOTTOM, TOP)
    across = Scale(*widened(min(chart.times), max(chart.times), 0.02), LEFT, RIGHT)
    parts = [*_grid(up), *_limits(chart, up), _drift(chart, across, up), _trace(chart, across, up)]
    parts += _points(chart, across, up)
    parts += _axis(across)
    parts.append(_text("t-mid", (LEFT + RIGHT) / 2, 268, axis))
    return format_html(
        '<svg class="jl-chart jl-chart-wide" viewBox="0 0 760 274" role="img" aria-label="{}">{}</svg>',
        label,
        format_html_join("", "{}", ((part,) for part in parts)),
    )


def _heights(chart: CheckStandardChart) -> tuple[float, float]:
    line = (chart.drift.predict(time).value for time in (min(chart.times), max(chart.times)))
    values = (*chart.observations, *chart.action_limits, *line)
    return min(values), max(values)


def _grid(up: Scale) -> Iterator[SafeString]:
    for value, text in ticks(up.low, up.high, 5):
        y = up.at(value)
        yield format_html('<line class="grid" x1="{}" x2="{}" y1="{}" y2="{}"/>', LEFT, RIGHT, y, y)
        yield _text("t-end", LEFT - 7, y + 4, on_screen(text))


def _limits(chart: CheckStandardChart, up: Scale) -> Iterator[SafeString]:
    named = (
        ("limit", "t-limit", chart.action_limits, "3"),
        ("guard", "t-guard", chart.warning_limits, "2"),
    )
    for kind, words, (low, high), multiple in named:
        for value, sign in ((high, "+"), (low, "−")):
            y = up.at(value)
            yield format_html('<line class="{}" x1="{}" x2="{}" y1="{}" y2="{}"/>', kind, LEFT, RIGHT, y, y)
            yield _text(words, LEFT + 4, y - 3 if sign == "+" else y + 11, f"{sign}{multiple} s")
    y = up.at(chart.baseline.centre)
    yield format_html('<line class="zero" x1="{}" x2="{}" y1="{}" y2="{}"/>', LEFT, RIGHT, y, y)


def _drift(chart: CheckStandardChart, across: Scale, up: Scale) -> SafeString:
    first, last = min(chart.times), max(chart.times)
    ends = [(across.at(time), up.at(chart.drift.predict(time).value)) for time in (first, last)]
    return format_html('<path class="curve" d="M{} {}L{} {}"/>', *ends[0], *ends[1])


def _trace(chart: CheckStandardChart, across: Scale, up: Scale) -> SafeString:
    pairs = zip(chart.times, chart.observations, strict=True)
    path = format_html_join("L", "{} {}", ((across.at(time), up.at(value)) for time, value in pairs))
    return format_html('<path class="trace" d="M{}"/>', path)


def _points(chart: CheckStandardChart, across: Scale, up: Scale) -> Iterator[SafeString]:
    outside, warned = set(chart.outside), set(chart.warned)
    for place, (time, value) in enumerate(zip(chart.times, chart.observations, strict=True)):
        x, y = across.at(time), up.at(value)
        if place in outside:
            yield format_html(
                '<path class="pt-out" d="M{} {}l8 8m0 -8l-8 8"/>', round(x - 4, 1), round(y - 4, 1)
            )
        else:
            look = "pt-warn" if place in warned else "pt-now"
            yield format_html(
                '<circle class="{}" cx="{}" cy="{}" r="{}"/>', look, x, y, 2.5 if place in warned else 1.6
            )


def _axis(across: Scale) -> Iterator[SafeString]:
    yield format_html('<line class="axis" x1="{0}" x2="{1}" y1="{2}" y2="{2}"/>', LEFT, RIGHT, BOTTOM)
    for value, text in ticks(across.low, across.high, TICKS_ACROSS):
        yield _text("t-mid", across.at(value), BOTTOM + 18, text)


def _text(kind: str, x: float, y: float, words: str) -> SafeString:
    return format_html('<text class="{}" x="{}" y="{}">{}</text>', kind, round(x, 1), round(y, 1), words)
