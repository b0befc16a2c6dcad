"""The numbers of the drawings that can be zoomed, from what the drawings themselves are made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from django.utils.translation import gettext

from jialiang.console.charts.histogram import normal_curve
from jialiang.console.charts.stability_charts import Stability, kind_of
from jialiang.console.charts.trends import ahead, drawn_limit, fitted
from jialiang.console.charts.zoomable import Trace, ZoomAxis, ZoomChart, intervals
from jialiang.console.figures import as_entered, readable
from jialiang.console.numbers import on_screen
from jialiang.console.wording import in_words
from jialiang.information.drift import DriftPoint
from jialiang.information.simulated_distribution import SimulatedDistribution
from jialiang.information.trends import PointTrend, by_instrument
from jialiang.science.trend import Trend


def trend_numbers(trend: PointTrend, unit: str, on: date, names: Mapping[object, str], *, label: str) -> ZoomChart:
    """Return the results of a trend over time; ``names`` tells the instruments by their serial numbers."""
    quantity = in_words(trend.series.quantity)
    return ZoomChart(
        key="trend",
        label=label,
        across=ZoomAxis(gettext("Date of the calibration"), "time"),
        up=ZoomAxis(f"{quantity} / {unit}" if unit else quantity, "value"),
        traces=[*_results(trend, unit, names), *_expected(trend, unit, on), *_limits(trend, on)],
    )


def distribution_numbers(found: SimulatedDistribution, axis: str, *, key: str, label: str) -> ZoomChart:
    """Return the columns of a simulated distribution, the curve of the law of propagation and both intervals."""
    curve = normal_curve(found)
    highest = max(max(found.densities), *(density for _, density in curve))
    columns = [*zip(found.edges, found.densities, strict=False), (found.edges[-1], found.densities[-1])]
    lines = (
        (gettext("interval by Monte Carlo"), "mc", found.simulated),
        (gettext("interval by the law of propagation"), "lpu", found.propagated),
    )
    return ZoomChart(
        key=key,
        label=label,
        across=ZoomAxis(axis, "value", found.edges[0], found.edges[-1]),
        up=ZoomAxis(gettext("Probability density"), "value", 0),
        traces=[
            Trace(gettext("Monte Carlo"), "col", "area", columns),
            Trace(gettext("law of propagation"), "curve", "line", curve),
            *(
                Trace(name, kind, "line", intervals([(end, 0.0, highest) for end in ends]))
                for name, kind, ends in lines
            ),
        ],
    )


def stability_numbers(curves: Mapping[str, Sequence[Stability]], axes: tuple[str, str], *, label: str) -> ZoomChart:
    """Return deviations over averaging time by name, each with its confidence intervals; ``axes`` are captions."""
    return ZoomChart(
        key="allan",
        label=label,
        across=ZoomAxis(axes[0], "log"),
        up=ZoomAxis(axes[1], "log"),
        traces=[
            *(_curve(name, values, alone=len(curves) == 1) for name, values in curves.items()),
            *_sure(curves),
        ],
    )


def _results(trend: PointTrend, unit: str, names: Mapping[object, str]) -> Iterator[Trace]:
    for instrument_id, history in by_instrument(trend.series.points).items():
        name = names.get(instrument_id, "—")
        marks = [(point.day.isoformat(), float(point.deviation), _told(name, point, unit)) for point in history]
        yield Trace(name, "pt", "dots", marks)
        if trend.is_of_one:
            bars = [
                (
                    point.day.isoformat(),
                    float(point.deviation) - float(point.expanded_uncertainty),
                    float(point.deviation) + float(point.expanded_uncertainty),
                )
                for point in history
            ]
            yield Trace(gettext("U as reported"), "u", "line", intervals(bars))


def _told(name: str, point: DriftPoint, unit: str) -> str:
    value, reach = on_screen(point.deviation, signed=True), on_screen(point.expanded_uncertainty)
    factor = on_screen(point.coverage_factor)
    return f"{name}  {point.day.isoformat()}\n{value} {unit}, U = {reach} {unit} (k = {factor})\n{point.number}"


def _expected(trend: PointTrend, unit: str, on: date) -> Iterator[Trace]:
    if isinstance(trend.found, Trend):
        line = [(day.isoformat(), height) for day, height in fitted(trend.found, trend.series.points)]
        if line:
            yield Trace(gettext("fitted line"), "curve", "line", line)
        for side, name in ((0, gettext("expected")), (-2, gettext("expected − 2 u")), (2, gettext("expected + 2 u"))):
            marks = ahead(trend.found, trend.series.points, on, side)
            if marks:
                yield Trace(name, "trend ahead", "line", [(day.isoformat(), height) for day, height in marks])
    if trend.forecasts:
        marks_ahead = [
            (
                on.isoformat(),
                each.expected.value,
                f"{on.isoformat()}\n{on_screen(readable(each.expected.value, 4), signed=True)} {unit}, "
                f"u = {on_screen(readable(each.expected.standard_uncertainty, 2))} {unit}",
            )
            for each in trend.forecasts
        ]
        yield Trace(gettext("expected on the day"), "pt-ahead", "dots", marks_ahead)


def _limits(trend: PointTrend, on: date) -> Iterator[Trace]:
    limit = drawn_limit(trend.series.points)
    if limit is None:
        return
    first = min(point.day for point in trend.series.points).isoformat()
    last = on.isoformat()
    yield Trace("±MPE", "limit", "line", [(first, limit), (last, limit), None, (first, -limit), (last, -limit)])


def _curve(name: str, values: Sequence[Stability], *, alone: bool) -> Trace:
    words = name.upper()
    kind = "trend" if alone else kind_of(name)
    return Trace(words, kind, "line", [(value.tau, value.deviation, _said(words, value)) for value in values])


def _sure(curves: Mapping[str, Sequence[Stability]]) -> Iterator[Trace]:
    ends = [(v.tau, v.low, v.high) for values in curves.values() for v in values if v.low and v.high]
    if ends:
        yield Trace(gettext("confidence intervals"), "u", "line", intervals(ends), is_shown=len(curves) == 1)


def _said(words: str, value: Stability) -> str:
    said = f"{words}  τ = {on_screen(as_entered(value.tau))} s\nσ = {on_screen(readable(value.deviation, 4))}"
    if value.low and value.high:
        said += f" ({on_screen(readable(value.low, 3))} … {on_screen(readable(value.high, 3))})"
    return said
