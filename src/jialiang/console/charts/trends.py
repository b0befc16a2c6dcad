"""The trend at one point: results with U, what was fitted to them, steps, and what is expected on a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.utils.safestring import SafeString

from jialiang.console.charts.plane import Axis, Plane
from jialiang.console.charts.scale import widened
from jialiang.information.drift import DriftPoint
from jialiang.information.trends import PointTrend, by_instrument
from jialiang.kernel.text import Text
from jialiang.science.trend import Trend

DAYS_OF_A_YEAR = 365.25
FAR = 8  # limits farther away than this many times the largest deviation would squash everything else
_YEAR = Text(zh="校准年份", en="Year of the calibration")
_STEP = Text(zh="改变", en="change")
_STEPS_AHEAD = 40


def trend_drawing(trend: PointTrend, unit: str, on: date, *, label: str, language: str) -> SafeString:
    """Draw a trend; the line of one instrument goes on dashed, with k = 2 to both sides, to the day asked for."""
    points = trend.series.points
    years = [year_of(point.day) for point in points] + [year_of(on)]
    across = Axis(_YEAR, "", min(years) - 0.3, max(years) + 0.3)
    limit = drawn_limit(points)
    low, high = widened(*_ends(trend, limit))
    plane = Plane(across, Axis(trend.series.quantity, unit, low, high))
    parts: list[SafeString] = []
    for value, sign in ((limit, "+"), (-limit, "−")) if limit is not None else ():
        parts.append(plane.level("limit", value))
        parts.append(plane.note("t-limit", (across.low, value), f"{sign}MPE", by=(4, -4)))
    for step in trend.steps:
        parts.append(plane.upright("guard", year_of(step)))
        parts.append(plane.note("t-guard", (year_of(step), high), _STEP.in_language(language), by=(5, 11)))
    parts += _results(plane, trend)
    parts += _expected(plane, trend, on)
    return plane.drawing(parts, label=label, language=language)


def year_of(day: date) -> float:
    """Return a day as years with their fraction."""
    return day.year + (day - date(day.year, 1, 1)).days / DAYS_OF_A_YEAR


def drawn_limit(points: list[DriftPoint]) -> float | None:
    """Return the limit of the latest result, None where there is none or it lies too far away to be drawn."""
    stated = points[-1].maximum_permissible_error
    largest = max(abs(float(p.deviation)) + float(p.expanded_uncertainty) for p in points)
    return abs(float(stated)) if stated and abs(float(stated)) <= FAR * largest else None


def _ends(trend: PointTrend, limit: float | None) -> tuple[float, float]:
    values = [0.0] if limit is None else [-limit, limit]
    for point in trend.series.points:
        deviation, reach = float(point.deviation), float(point.expanded_uncertainty)
        values += [deviation - reach, deviation + reach]
    for forecast in trend.forecasts:
        reach = 2 * forecast.expected.standard_uncertainty
        values += [forecast.expected.value - reach, forecast.expected.value + reach]
    return min(values), max(values)


def _results(plane: Plane, trend: PointTrend) -> Iterator[SafeString]:
    for history in by_instrument(trend.series.points).values():
        places = [(year_of(point.day), float(point.deviation)) for point in history]
        if len(places) > 1:
            yield plane.path("trace", places)
        for point, place in zip(history, places, strict=True):
            reach = float(point.expanded_uncertainty)
            if trend.is_of_one:
                yield plane.bar(place[0], place[1] - reach, place[1] + reach)
            yield plane.dot("pt", place, 4 if trend.is_of_one else 2.5)


def _expected(plane: Plane, trend: PointTrend, on: date) -> Iterator[SafeString]:
    if isinstance(trend.found, Trend) and trend.found.line is not None:
        yield from _line(plane, trend.found, trend.series.points, on)
    for forecast in trend.forecasts:
        value, u = forecast.expected.value, forecast.expected.standard_uncertainty
        if trend.is_of_one:
            yield plane.bar(year_of(on), value - 2 * u, value + 2 * u)
        yield plane.dot("pt-ahead", (year_of(on), value), 4)


def _line(plane: Plane, found: Trend, points: list[DriftPoint], on: date) -> Iterator[SafeString]:
    lines = [("curve", fitted(found, points))]
    lines += [("trend ahead", ahead(found, points, on, side)) for side in (-2, 0, 2)]
    for kind, marks in lines:
        if marks:
            yield plane.path(kind, [(year_of(day), height) for day, height in marks])


def fitted(found: Trend, points: list[DriftPoint]) -> list[tuple[date, float]]:
    """Return the ends of the line through the results; nothing where none was fitted."""
    curve = found.line.curve if found.line else None
    if curve is None:
        return []
    return [(day, curve.predict(day.toordinal()).value) for day in (points[found.first].day, points[-1].day)]


def ahead(found: Trend, points: list[DriftPoint], on: date, side: int) -> list[tuple[date, float]]:
    """Return what is expected from the last result to a day, moved by ``side`` standard uncertainties."""
    if found.line is None or found.line.curve is None:
        return []
    last = points[-1].day.toordinal()
    days = sorted({last + (on.toordinal() - last) * step // _STEPS_AHEAD for step in range(_STEPS_AHEAD + 1)})
    marks = []
    for day in days:
        expected = found.on(day)
        if expected is not None:
            marks.append((date.fromordinal(day), expected.value + side * expected.standard_uncertainty))
    return marks
