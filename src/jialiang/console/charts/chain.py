"""The traceability chain as boxes and arrows, the origin on top; the same as its table, one click on every box."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from jialiang.console import drawings

BOX_WIDTH, BOX_HEIGHT, GAP, STEP = 400, 104, 60, 164
NARROWEST = 1080
LONGEST_NAME = 26
SHAPE = 14


@dataclass(frozen=True, slots=True)
class Box:
    """One box: its level above the start, its lines, how it looks, and where it leads."""

    key: str
    level: int
    heading: str
    name: str
    uncertainty: str
    remark: str
    state: str
    kind: str
    shape: str
    url: str = ""
    is_start: bool = False


@dataclass(frozen=True, slots=True)
class Arrow:
    """From the upper box to the lower one, with what carries the value down."""

    lower: str
    upper: str
    said: str
    remark: str = ""


def chain_chart(boxes: list[Box], arrows: Iterable[Arrow], *, label: str) -> SafeString:
    """Draw a chain; boxes of one level stand side by side."""
    highest = max(box.level for box in boxes)
    rows = [[box for box in boxes if box.level == level] for level in range(highest + 1)]
    width = max(NARROWEST, max(len(row) for row in rows) * (BOX_WIDTH + GAP) + GAP)
    places = {
        box.key: (round((position + 0.5) * width / len(row) - BOX_WIDTH / 2, 1), 4 + (highest - level) * STEP)
        for level, row in enumerate(rows)
        for position, box in enumerate(row)
    }
    drawn = [part for arrow in arrows if arrow.upper in places for part in _arrow(arrow, places)]
    drawn += [_box(box, *places[box.key]) for box in boxes]
    height = highest * STEP + BOX_HEIGHT + 8
    return format_html(
        '<svg class="jl-chart jl-chain jl-chart-wide" viewBox="0 0 {} {}" role="group" aria-label="{}">{}</svg>',
        width,
        height,
        label,
        _together(drawn),
    )


def _arrow(arrow: Arrow, places: dict[str, tuple[float, int]]) -> Iterator[SafeString]:
    upper, lower = places[arrow.upper], places[arrow.lower]
    x1, y1 = upper[0] + BOX_WIDTH / 2, upper[1] + BOX_HEIGHT
    x2, y2 = lower[0] + BOX_WIDTH / 2, lower[1]
    bend = y2 - 26
    yield format_html(
        '<path class="edge" d="M{} {}V{}H{}V{}"/>', x1, y1, bend if x1 != x2 else y1, x2, y2 - 9
    )
    yield format_html('<path class="tip" d="M{} {}h10L{} {}z"/>', x2 - 5, y2 - 9, x2, y2)
    yield _text("sm", x1 + 14, y1 + 21, arrow.said)
    if arrow.remark:
        yield _text("sm", x1 + 14, y1 + 38, arrow.remark)


def _box(box: Box, x: float, y: float) -> SafeString:
    state = format_html(
        '<text class="sm t-end st-{}" x="{}" y="{}">{}</text>',
        box.kind,
        x + BOX_WIDTH - 16,
        y + 24,
        box.state,
    )
    frame = format_html(
        '<rect class="box" x="{}" y="{}" width="{}" height="{}" rx="6"/>', x, y, BOX_WIDTH, BOX_HEIGHT
    )
    lines = (
        ("lv", 24, box.heading),
        ("nm", 47, box.name),
        ("un", 69, box.uncertainty),
        ("sm", 90, box.remark),
    )
    words = [_text(kind, x + 16, y + down, text) for kind, down, text in lines]
    inside = _together([frame, *words, _shape(box, x, y), state])
    kind = "here" if box.is_start else "bad" if box.kind == "stop" else ""
    said = f"{box.heading}: {box.name}, {box.state}"
    if not box.url:
        return format_html('<g class="{}">{}</g>', kind, inside)
    return format_html('<a href="{}" class="{}" aria-label="{}">{}</a>', box.url, kind, said, inside)


def _shape(box: Box, x: float, y: float) -> SafeString:
    """Draw the status shape before its word, whose width is that of its letters."""
    width = sum(12 if ord(letter) > 0x2E7F else 6.4 for letter in box.state)
    left = round(x + BOX_WIDTH - 16 - width - SHAPE - 6, 1)
    drawn = drawings.shape(box.shape, box.kind)
    placed = drawn.replace("<svg ", f'<svg x="{left}" y="{y + 12.5}" width="{SHAPE}" height="{SHAPE}" ', 1)
    return SafeString(placed)


def _together(parts: Iterable[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))


def _text(kind: str, x: float, y: float, words: str) -> SafeString:
    return format_html('<text class="{}" x="{}" y="{}">{}</text>', kind, x, y, words)
