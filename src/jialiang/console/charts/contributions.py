"""The contributions of an uncertainty budget as level bars beside the combined standard uncertainty."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString

from jialiang.console.charts.plane import Axis, Plane, text
from jialiang.kernel.text import Text

_CONTRIBUTION = Text(zh="不确定度分量 |c| u", en="Contribution |c| u")
_OTHERS = Text(zh="其余 {count} 个输入量", en="the other {count} inputs")
_COMBINED = Text(zh="合成标准不确定度 u_c", en="combined standard uncertainty u_c")
_MOST_BARS = 12
_ROW = 34
_WIDTH = 440
_BAR = 12


def contributions_drawing(
    parts: Sequence[tuple[str, float]], combined: float, unit: str, *, label: str, language: str
) -> SafeString:
    """Draw |c| u of every input, the largest first; beyond twelve the rest is one bar (root of the sum of squares)."""
    bars = _bars(parts, language)
    farthest = max(combined, *(size for _, size in bars), 1e-300)
    height = 76 + _ROW * len(bars)
    across = Axis(_CONTRIBUTION, unit, 0, 1.06 * farthest)
    plane = Plane(across, Axis(Text(), "", 0, 1), width=_WIDTH, height=height)
    drawn = []
    for place, (name, size) in enumerate(bars):
        top = 38 + _ROW * place
        width = max(round(plane.x(size) - plane.left, 1), 0.5)
        drawn.append(text("lbl", plane.left + 4, top, name))
        drawn.append(
            format_html(
                '<rect class="bar" x="{}" y="{}" width="{}" height="{}"/>', plane.left, top + 4, width, _BAR
            )
        )
    drawn.append(plane.upright("lpu", combined))
    drawn.append(text("t-end", plane.x(combined), 20, _COMBINED.in_language(language)))
    return plane.drawing(drawn, label=label, language=language)


def _bars(parts: Sequence[tuple[str, float]], language: str) -> list[tuple[str, float]]:
    bars = sorted(((name, abs(size)) for name, size in parts), key=lambda bar: -bar[1])
    if len(bars) <= _MOST_BARS:
        return bars
    rest = bars[_MOST_BARS - 1 :]
    together = sum(size * size for _, size in rest) ** 0.5
    return [*bars[: _MOST_BARS - 1], (_OTHERS.format(count=len(rest)).in_language(language), together)]
