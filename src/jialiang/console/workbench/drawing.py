"""The drawing of a comparison: a bar a point for E_n, between the limits of agreement."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

WIDTH, ROW, LEFT, RIGHT, TOP = 640, 22, 150, 70, 26
FARTHEST = 2.0
"""Bars end here; the figure beside them says how far they would go."""
MOST = 60
LONGEST = 20


def e_n_drawing(points: Sequence[tuple[str, float]]) -> SafeString | None:
    """Draw pairs (label, E_n); None where there is nothing to draw. At most :data:`MOST` points."""
    if not points:
        return None
    shown = points[:MOST]
    height = TOP + ROW * len(shown) + 8
    outside = sum(1 for _, e_n in points if abs(e_n) > 1)
    label = gettext("E_n of %(n)s points, %(outside)s of them beyond ±1") % {"n": len(points), "outside": outside}
    bars = format_html_join("", "{}", ((_bar(row, *point),) for row, point in enumerate(shown)))
    return format_html(
        '<svg class="jl-chart" viewBox="0 0 {w} {h}" role="img" aria-label="{label}">{limits}{bars}</svg>',
        w=WIDTH, h=height, label=label, limits=_limits(height), bars=bars,
    )  # fmt: skip


def _limits(height: int) -> SafeString:
    lines = [(-1.0, "limit", "−1"), (0.0, "zero", "0"), (1.0, "limit", "+1")]
    return format_html_join(
        "",
        '<line class="{}" x1="{}" y1="{}" x2="{}" y2="{}"/><text class="t-mid" x="{}" y="{}">{}</text>',
        ((kind, _x(at), TOP - 8, _x(at), height - 4, _x(at), TOP - 12, text) for at, kind, text in lines),
    )


def _bar(row: int, label: str, e_n: float) -> SafeString:
    y = TOP + row * ROW
    ends = sorted((_x(0.0), _x(max(-FARTHEST, min(FARTHEST, e_n)))))
    short = label if len(label) <= LONGEST else f"{label[: LONGEST - 1]}…"
    figure = f"{e_n:+.2f}".replace("-", "\u2212")
    return format_html(
        '<text class="t-end" x="{}" y="{}">{}</text><rect class="{}" x="{}" y="{}" width="{}" height="10"/>'
        '<text x="{}" y="{}">{}</text>',
        LEFT - 8, y + 12, short, "pt-warn" if abs(e_n) > 1 else "col", ends[0], y + 3,
        max(round(ends[1] - ends[0], 1), 1), WIDTH - RIGHT + 8, y + 12, figure,
    )  # fmt: skip


def _x(e_n: float) -> float:
    middle, half = (LEFT + WIDTH - RIGHT) / 2, (WIDTH - RIGHT - LEFT) / 2
    return round(middle + half * e_n / FARTHEST, 1)
