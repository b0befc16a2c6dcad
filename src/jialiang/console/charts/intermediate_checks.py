"""Checks between calibrations drawn: the deviation of each check between the limits of its criterion."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.safestring import SafeString

from jialiang.console.charts.plane import Axis, Plane
from jialiang.console.charts.scale import widened
from jialiang.kernel.text import Text

_NUMBER = Text(zh="核查序号", en="Number of the check")
_DEVIATION = Text(zh="{quantity}的偏差 Δ", en="Deviation Δ of {quantity}")
_LIMIT = Text(zh="判据", en="criterion")


def intermediate_check_drawing(
    deviations: Sequence[float],
    states: Sequence[str],
    limit: float,
    axis: tuple[str, str],
    *,
    label: str,
    language: str,
) -> SafeString:
    """Draw deviations in their order; those beyond ±``limit`` by a cross. ``axis`` is the quantity and its unit."""
    low, high = widened(min(*deviations, -limit), max(*deviations, limit))
    named = _DEVIATION.format(quantity=axis[0])
    across = Axis(_NUMBER, "", 0.5, len(deviations) + 0.5)
    plane = Plane(across, Axis(named, axis[1], low, high), height=280)
    places = list(enumerate(deviations, 1))
    parts = [plane.level("zero", 0)]
    for value, sign in ((limit, "+"), (-limit, "−")):
        parts.append(plane.level("limit", value))
        words = f"{sign} {_LIMIT.in_language(language)}"
        parts.append(plane.note("t-limit", (across.low, value), words, by=(4, -4 if value > 0 else 12)))
    if len(places) > 1:
        parts.append(plane.path("trend", places))
    for place, state in zip(places, states, strict=True):
        kind = "pt-warn" if state == "warning" else "pt"
        parts.append(plane.cross(place) if state == "out_of_control" else plane.dot(kind, place, 3.5))
    return plane.drawing(parts, label=label, language=language)
