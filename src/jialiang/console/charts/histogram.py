"""The simulated distribution as columns, the law of propagation as a curve, both intervals as lines."""

from __future__ import annotations

from collections.abc import Iterator
from math import exp, pi, sqrt

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from jialiang.console.charts.scale import Scale, ticks
from jialiang.console.figures import significant, to_places
from jialiang.console.numbers import on_screen
from jialiang.information.simulated_distribution import SimulatedDistribution

LEFT, RIGHT, TOP, FOOT = 8, 292, 22, 170
CURVE_POINTS = 96


def histogram(found: SimulatedDistribution, *, label: str, axis: str, signed: bool = True) -> SafeString:
    """Draw a distribution; ``label`` is its finding as a sentence, ``axis`` the measurand with its unit.

    ``signed`` writes ``+`` before values above zero, as errors and corrections have it.
    """
    across = Scale(found.edges[0], found.edges[-1], LEFT, RIGHT)
    highest = max(max(found.densities), _normal(found, found.estimate))
    up = Scale(0, highest, FOOT, TOP)
    parts = [*_columns(found, across, up), _curve(found, across, up)]
    parts += [*_ends(found, across, signed=signed), *_foot(across, signed=signed)]
    middle = on_screen(significant(found.estimate), signed=signed)
    parts.append(
        format_html('<text class="t-mid lbl" x="{}" y="12">{}</text>', across.at(found.estimate), middle)
    )
    parts.append(format_html('<text class="t-mid" x="150" y="206">{}</text>', axis))
    return format_html(
        '<svg class="jl-chart" viewBox="0 0 300 214" role="img" aria-label="{}">{}</svg>',
        label,
        format_html_join("", "{}", ((part,) for part in parts)),
    )


def _columns(found: SimulatedDistribution, across: Scale, up: Scale) -> Iterator[SafeString]:
    pairs = zip(found.edges, found.edges[1:], found.densities, strict=False)
    for low, high, density in pairs:
        left, top = across.at(low), up.at(density)
        width = max(round(across.at(high) - left - 0.6, 1), 0.1)
        height = round(FOOT - top, 1)
        yield format_html(
            '<rect class="col" x="{}" y="{}" width="{}" height="{}"/>', left, top, width, height
        )


def _curve(found: SimulatedDistribution, across: Scale, up: Scale) -> SafeString:
    path = format_html_join("L", "{} {}", ((across.at(x), up.at(density)) for x, density in normal_curve(found)))
    return format_html('<path class="curve" d="M{}"/>', path)


def normal_curve(found: SimulatedDistribution) -> list[tuple[float, float]]:
    """Return the density of the normal distribution of the law of propagation over the columns."""
    width = (found.edges[-1] - found.edges[0]) / CURVE_POINTS
    places = [found.edges[0] + width * number for number in range(CURVE_POINTS + 1)]
    return [(x, _normal(found, x)) for x in places]


def _ends(found: SimulatedDistribution, across: Scale, *, signed: bool) -> Iterator[SafeString]:
    places = max(len(significant(found.uncertainty, 2).partition(".")[2]), 0)
    for value in found.simulated:
        x = across.at(value)
        yield format_html('<line class="mc" x1="{0}" x2="{0}" y1="48" y2="{1}"/>', x, FOOT)
        text = on_screen(to_places(value, places), signed=signed)
        yield format_html('<text class="t-mid" x="{}" y="42">{}</text>', x, text)
    for value in found.propagated:
        yield format_html('<line class="lpu" x1="{0}" x2="{0}" y1="60" y2="{1}"/>', across.at(value), FOOT)


def _foot(across: Scale, *, signed: bool) -> Iterator[SafeString]:
    yield format_html('<line class="axis" x1="{0}" x2="{1}" y1="{2}" y2="{2}"/>', LEFT, RIGHT, FOOT)
    for value, text in ticks(across.low, across.high, 4):
        x = across.at(value)
        yield format_html('<line class="axis" x1="{0}" x2="{0}" y1="{1}" y2="{2}"/>', x, FOOT, FOOT + 4)
        shown = min(max(x, LEFT + 18), RIGHT - 18)
        yield format_html(
            '<text class="t-mid" x="{}" y="{}">{}</text>', shown, FOOT + 18, on_screen(text, signed=signed)
        )


def _normal(found: SimulatedDistribution, place: float) -> float:
    distance = (place - found.estimate) / found.uncertainty
    return exp(-distance * distance / 2) / (found.uncertainty * sqrt(2 * pi))
