"""A drawing that a reader may zoom: the server's SVG, and beside it the same numbers as a block of JSON.

Where script runs, ``zoomable.js`` offers to draw the numbers with ECharts over the SVG; colours, widths and dashes
are those of the classes that the SVG uses. Without script, in print and until it is asked for, the SVG stands alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.templatetags.static import static
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from jialiang.console.wording import reading_language

Form = Literal["line", "dots", "area"]
Scaling = Literal["value", "log", "time"]
Mark = tuple[float | str, float] | tuple[float | str, float, str]
LIBRARY = "vendor/echarts/echarts.common.min.js"


@dataclass(frozen=True, slots=True)
class Trace:
    """What can be switched on and off together: its words, its class in the stylesheet, its marks.

    A mark is (x, y) or (x, y, words); x is an ISO day on an axis of time. ``None`` parts a line. An area is a line
    of steps filled to zero.
    """

    name: str
    kind: str
    form: Form
    marks: Sequence[Mark | None]
    is_shown: bool = True


@dataclass(frozen=True, slots=True)
class ZoomAxis:
    """An axis: quantity / unit, how it runs, and its ends where the drawing has fixed ones."""

    caption: str
    scaling: Scaling
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class ZoomChart:
    """The numbers of one drawing; ``key`` tells it from others on its page."""

    key: str
    label: str
    across: ZoomAxis
    up: ZoomAxis
    traces: Sequence[Trace]


def zoomable(drawing: SafeString, chart: ZoomChart) -> SafeString:
    """Return the drawing with its numbers beside it."""
    return format_html(
        '<div class="jl-zoomable" data-zoomable="{}" data-library="{}" data-locale="{}">{}{}</div>',
        chart.key,
        static(LIBRARY),
        "ZH" if reading_language() == "zh" else "EN",
        drawing,
        json_script(_plain(chart)),
    )


def intervals(ends: Sequence[tuple[float | str, float, float]]) -> list[Mark | None]:
    """Return upright bars (x, low, high) as a line with gaps."""
    found: list[Mark | None] = []
    for x, low, high in ends:
        found += [(x, low), (x, high), None]
    return found


def _plain(chart: ZoomChart) -> dict[str, Any]:
    return {
        "label": chart.label,
        "across": _axis(chart.across),
        "up": _axis(chart.up),
        "traces": [
            {
                "name": trace.name,
                "kind": trace.kind,
                "form": trace.form,
                "shown": trace.is_shown,
                "marks": [list(mark) if mark is not None else None for mark in trace.marks],
            }
            for trace in chart.traces
        ],
        "words": _words(),
    }


def _axis(axis: ZoomAxis) -> dict[str, Any]:
    return {"caption": axis.caption, "scaling": axis.scaling, "low": axis.low, "high": axis.high}


def _words() -> dict[str, str]:
    return {
        "open": gettext("Zoom and choose series"),
        "close": gettext("Back to the drawing"),
        "closer": gettext("Closer"),
        "farther": gettext("Farther"),
        "left": gettext("To the left"),
        "right": gettext("To the right"),
        "whole": gettext("Show all"),
        "series": gettext("Series shown"),
        "controls": gettext("Part of the axis shown"),
        "keys": gettext("Keys: + closer, − farther, ← → move, 0 all, Esc back to the drawing."),
        "failed": gettext("The chart cannot be loaded; the drawing stays."),
    }
