"""Drawings of charts with a memory: the EWMA with its limits, the two sums of a CUSUM."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.safestring import SafeString

from jialiang.console.charts.plane import Axis, Plane
from jialiang.console.charts.scale import widened
from jialiang.kernel.text import Text
from jialiang.science.charts.memory import CusumChart, EwmaChart

_NUMBER = Text(zh="序号", en="Number")
_SUM = Text(zh="累积和 C⁺、C⁻（以 σ 为单位）", en="Cumulative sums C⁺, C⁻ (in σ)")


def ewma_drawing(chart: EwmaChart, quantity: Text, unit: str, *, label: str, language: str) -> SafeString:
    """Draw the statistic after every value with its limits; what lies beyond them is a cross."""
    statistic = chart.statistic[1:]
    ends = [end for pair in chart.limits for end in pair]
    low, high = widened(min(*statistic, *ends), max(*statistic, *ends))
    plane = Plane(Axis(_NUMBER, "", 0.5, len(statistic) + 0.5), Axis(quantity, unit, low, high))
    parts = [plane.level("zero", chart.centre), plane.beside("", chart.centre, "CL")]
    for side, name in ((0, "LCL"), (1, "UCL")):
        limit = [(float(i), pair[side]) for i, pair in enumerate(chart.limits, 1)]
        edges = [(0.5, limit[0][1]), *limit, (len(limit) + 0.5, limit[-1][1])]
        parts.append(plane.path("limit", edges))
        parts.append(plane.beside("t-limit", limit[-1][1], name))
    parts += _points(plane, statistic, set(chart.outside), "trace")
    return plane.drawing(parts, label=label, language=language)


def cusum_drawing(chart: CusumChart, *, label: str, language: str) -> SafeString:
    """Draw the upper sum above the middle and the lower one below it, both with the decision interval h."""
    h = chart.decision_interval
    below = [-value for value in chart.lower]
    low, high = widened(min(-h, *below), max(h, *chart.upper))
    plane = Plane(Axis(_NUMBER, "", 0.5, len(below) + 0.5), Axis(_SUM, "1", low, high))
    parts = [plane.level("zero", 0.0)]
    for end, name in ((h, "h"), (-h, "−h")):
        parts += [plane.level("limit", end), plane.beside("t-limit", end, name)]
    for values, side in ((chart.upper, "upper"), (below, "lower")):
        crossed = {signal.index for signal in chart.signals if signal.side == side}
        parts += _points(plane, values, crossed, "trend")
    return plane.drawing(parts, label=label, language=language)


def _points(plane: Plane, values: Sequence[float], beyond: set[int], line: str) -> Iterator[SafeString]:
    places = [(float(i), value) for i, value in enumerate(values, 1)]
    if len(places) > 1:
        yield plane.path(line, places)
    for index, place in enumerate(places):
        yield plane.cross(place) if index in beyond else plane.dot("pt-now", place, 2)
