"""The deviation of an instrument at one point over the years, with U and the limits (picture 04)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from jialiang.console.charts.scale import Scale, ticks, widened
from jialiang.console.numbers import on_screen

LEFT, RIGHT, TOP, BOTTOM = 56, 742, 20, 206
WIDTH = 760
LETTER = 7  # width of a digit of a label, generously
DAYS_OF_A_YEAR = 365.25
FAR = 8  # limits farther away than this many times the largest deviation would squash everything else


@dataclass(frozen=True, slots=True)
class Dated:
    """One certificate's result: day, deviation and U as floats for the place, text for the label, its page."""

    day: date
    deviation: float
    uncertainty: float
    text: str
    url: str
    title: str


def drift_chart(points: Sequence[Dated], *, label: str, axis: str, limit: float | None) -> SafeString:
    """Draw results oldest first, joined by straight lines; nothing is smoothed or drawn beyond the last."""
    shown = limit if _near(points, limit) else None
    up = Scale(*_heights(points, shown), BOTTOM, TOP)
    years = [_year(point.day) for point in points]
    across = Scale(min(years) - 0.4, max(years) + 0.4, LEFT, RIGHT)
    parts = [*_grid(up), *_limits(up, shown), _joined(points, across, up)]
    for number, point in enumerate(points, 1):
        parts.append(_point(point, across, up, is_last=number == len(points)))
    parts += _axis(across)
    parts.append(_text("t-mid", (LEFT + RIGHT) / 2, 244, axis))
    return format_html(
        '<svg class="jl-chart jl-chart-wide" viewBox="0 0 760 250" role="group" aria-label="{}">{}</svg>',
        label,
        format_html_join("", "{}", ((part,) for part in parts)),
    )


def _near(points: Sequence[Dated], limit: float | None) -> bool:
    largest = max(abs(p.deviation) + p.uncertainty for p in points)
    return limit is not None and limit <= FAR * largest


def _heights(points: Sequence[Dated], limit: float | None) -> tuple[float, float]:
    values = [0.0, *(-limit, limit)] if limit is not None else [0.0]
    values += [p.deviation - p.uncertainty for p in points] + [p.deviation + p.uncertainty for p in points]
    return widened(min(values), max(values))


def _grid(up: Scale) -> Iterator[SafeString]:
    for value, text in ticks(up.low, up.high, 4):
        y = up.at(value)
        kind = "grid" if value else "zero"
        yield format_html('<line class="{}" x1="{}" x2="{}" y1="{}" y2="{}"/>', kind, LEFT, RIGHT, y, y)
        yield _text("t-end", LEFT - 7, y + 4, on_screen(text, signed=True))


def _limits(up: Scale, limit: float | None) -> Iterator[SafeString]:
    for value in (limit, -limit) if limit is not None else ():
        y = up.at(value)
        yield format_html('<line class="limit" x1="{}" x2="{}" y1="{}" y2="{}"/>', LEFT, RIGHT, y, y)
        text = on_screen(f"{value:.12g}", signed=True)
        yield _text("t-limit", LEFT + 4, y - 5, f"MPE {text}")


def _joined(points: Sequence[Dated], across: Scale, up: Scale) -> SafeString:
    places = (f"{across.at(_year(p.day))} {up.at(p.deviation)}" for p in points)
    return format_html('<path class="trend" d="M{}"/>', "L".join(places))


def _point(point: Dated, across: Scale, up: Scale, *, is_last: bool) -> SafeString:
    x, y = across.at(_year(point.day)), up.at(point.deviation)
    low, high, left = (
        up.at(point.deviation - point.uncertainty),
        up.at(point.deviation + point.uncertainty),
        round(x - 4, 1),
    )
    bar = format_html('<path class="u" d="M{} {}V{}M{} {}h8M{} {}h8"/>', x, low, high, left, low, left, high)
    dot = format_html('<circle class="pt{}" cx="{}" cy="{}" r="4"/>', " pt-now" if is_last else "", x, y)
    is_near_the_edge = x + 8 + LETTER * len(point.text) > WIDTH
    looks = ("lbl" if is_last else "") + (" t-end" if is_near_the_edge else "")
    text = _text(looks.strip(), x - 8 if is_near_the_edge else x + 8, y + 16, point.text)
    drawn = format_html("<title>{}</title>{}{}{}", point.title, bar, dot, text)
    return (
        format_html('<a href="{}">{}</a>', point.url, drawn) if point.url else format_html("<g>{}</g>", drawn)
    )


def _axis(across: Scale) -> Iterator[SafeString]:
    yield format_html('<line class="axis" x1="{0}" x2="{1}" y1="{2}" y2="{2}"/>', LEFT, RIGHT, BOTTOM)
    first, last = int(across.low), int(across.high) + 1
    for year in range(first, last + 1):
        if across.low <= year <= across.high:
            yield format_html(
                '<line class="axis" x1="{0}" x2="{0}" y1="{1}" y2="{2}"/>',
                across.at(year),
                BOTTOM,
                BOTTOM + 4,
            )
            yield _text("t-mid", across.at(year), BOTTOM + 18, str(year))


def _year(day: date) -> float:
    return day.year + (day - date(day.year, 1, 1)).days / DAYS_OF_A_YEAR


def _text(kind: str, x: float, y: float, words: str) -> SafeString:
    return format_html('<text class="{}" x="{}" y="{}">{}</text>', kind, round(x, 1), round(y, 1), words)
