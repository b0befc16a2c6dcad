"""The drawing of degrees of equivalence: a difference with its U a laboratory, about the assigned value."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.safestring import SafeString

from jialiang.console.charts.plane import Axis, Plane, text
from jialiang.console.charts.scale import widened
from jialiang.kernel.text import Text

_MOST_NAMED = 24
_LABORATORY = Text(zh="参加者", en="Participant")


def degrees_drawing(
    degrees: Sequence[tuple[str, float, float]], quantity: Text, unit: str, *, label: str, language: str
) -> SafeString:
    """Draw ``(code, d, U(d))`` side by side; one whose bar does not reach zero is a cross.

    A U of 0 says that none was stated: then there is no bar and a dot. Codes are left out where they would overlap.
    """
    low = min(0.0, *(d - wide for _, d, wide in degrees))
    high = max(0.0, *(d + wide for _, d, wide in degrees))
    axis = Axis(_difference(quantity), unit, *widened(low, high))
    plane = Plane(Axis(Text(), "", 0.5, len(degrees) + 0.5), axis)
    parts = [plane.level("zero", 0.0)]
    every = -(-len(degrees) // _MOST_NAMED)
    for place, (code, d, wide) in enumerate(degrees, 1):
        at = (float(place), d)
        if wide:
            parts.append(plane.bar(at[0], d - wide, d + wide))
        parts.append(plane.cross(at) if wide and abs(d) > wide else plane.dot("pt-now", at))
        if (place - 1) % every == 0:
            parts.append(text("t-mid", plane.x(at[0]), plane.bottom + 17, code))
    words = _LABORATORY.in_language(language)
    parts.append(text("t-mid", (plane.left + plane.right) / 2, plane.height - 8, words))
    return plane.drawing(parts, label=label, language=language)


def _difference(quantity: Text) -> Text:
    zh, en = (quantity.in_language(each) for each in ("zh", "en"))
    return Text(f"{zh}：与指定值之差 d", f"{en}: difference d from the assigned value")
