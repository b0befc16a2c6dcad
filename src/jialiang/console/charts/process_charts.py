"""Drawings of control charts of any kind and of the Youden plot."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from math import cos, pi, sin

from django.utils.safestring import SafeString

from jialiang.console.charts.plane import Axis, Plane, Point, text
from jialiang.console.charts.scale import widened
from jialiang.kernel.text import Text
from jialiang.science.charts.shewhart import Chart
from jialiang.science.comparisons.youden import YoudenPlot

_NUMBER = Text(zh="序号", en="Number")
_RULE = Text(zh="与所示序号的判异准则相符", en="pattern of the rule with this number")
_LARGEST_MARKED = 200
_CORNERS = 72


def shewhart_drawing(chart: Chart, quantity: Text, unit: str, *, label: str, language: str) -> SafeString:
    """Draw every point with centre and limits; a point with a signal is a cross with the numbers of its rules."""
    low, high = widened(min(*chart.points, *chart.limits), max(*chart.points, *chart.limits))
    across = Axis(_NUMBER, "", 0.5, len(chart.points) + 0.5)
    plane = Plane(across, Axis(quantity, unit, low, high))
    places = [(float(i), value) for i, value in enumerate(chart.points, 1)]
    parts = [plane.level("limit", limit) for limit in chart.limits]
    names = zip(chart.limits, ("LCL", "UCL"), strict=True)
    parts += [plane.beside("t-limit", limit, name) for limit, name in names]
    parts += [plane.level("zero", chart.centre), plane.beside("", chart.centre, "CL")]
    parts.append(plane.path("trace", places))
    parts += _marked(chart, plane, places, _RULE.in_language(language))
    return plane.drawing(parts, label=label, language=language)


def youden_drawing(
    plot: YoudenPlot,
    first: tuple[Text, str],
    second: tuple[Text, str],
    codes: Sequence[str],
    *,
    label: str,
    language: str,
) -> SafeString:
    """Draw a point a laboratory with the medians, the diagonal and the circle; codes stand at those outside.

    ``first`` and ``second`` name quantity and unit of the two items; both axes have the same scale.
    """
    reach = 1.12 * max(
        plot.radius,
        *(max(abs(p.first - plot.centre[0]), abs(p.second - plot.centre[1])) for p in plot.points),
    )
    ends = [(middle - (reach or 1.0), middle + (reach or 1.0)) for middle in plot.centre]
    plane = Plane(Axis(*first, *ends[0]), Axis(*second, *ends[1]), width=460, height=434)
    parts = [
        plane.upright("zero", plot.centre[0]),
        plane.level("zero", plot.centre[1]),
        plane.path("trace", [(ends[0][0], ends[1][0]), (ends[0][1], ends[1][1])]),
        plane.path("curve", _circle(plot)),
    ]
    outside = set(plot.outside)
    for place, point in enumerate(plot.points):
        at = (point.first, point.second)
        parts.append(plane.cross(at) if place in outside else plane.dot("pt-now", at))
        if place in outside:
            parts.append(plane.note("lbl", at, codes[place], by=(8, -5)))
    return plane.drawing(parts, label=label, language=language)


def _marked(chart: Chart, plane: Plane, places: Sequence[Point], word: str) -> Iterator[SafeString]:
    rules: dict[int, list[int]] = defaultdict(list)
    for signal in chart.signals:
        rules[signal.index].append(signal.rule)
    size = 2.5 if len(places) <= _LARGEST_MARKED else 1.6
    named: set[int] = set()
    for place, point in enumerate(places):
        if place not in rules:
            yield plane.dot("pt-now", point, size)
            continue
        yield plane.cross(point)
        fresh = [rule for rule in rules[place] if rule not in named]
        if fresh:  # a pattern that goes on is named once
            named |= set(fresh)
            y = max(plane.y(point[1]) - 8, 11)
            yield text("lbl t-mid", plane.x(point[0]), y, ", ".join(map(str, fresh)))
    if rules:
        yield text("t-end", plane.right, 13, f"× {word}")


def _circle(plot: YoudenPlot) -> list[Point]:
    angles = [2 * pi * corner / _CORNERS for corner in range(_CORNERS + 1)]
    return [(plot.centre[0] + plot.radius * cos(a), plot.centre[1] + plot.radius * sin(a)) for a in angles]
