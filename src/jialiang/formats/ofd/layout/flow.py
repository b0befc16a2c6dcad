"""Fills pages from top to bottom and goes to the next page where something does not fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jialiang.formats.ofd.errors import PagesTooMany
from jialiang.formats.ofd.layout.lines import Ruler, Type
from jialiang.formats.ofd.model import Box, DrawnPath
from jialiang.formats.ofd.names import PAGE_HEIGHT, PAGE_WIDTH
from jialiang.formats.ofd.page_writing import Content, NewText

LEFT, RIGHT, TOP, BOTTOM = 20.0, 18.0, 22.0, 22.0
"""The margins of a page, in millimetres."""

PAGE_ROOM = PAGE_HEIGHT - TOP - BOTTOM
"""How high the space between the margins is."""

MOST_PAGES = 1_000
"""Nobody reads more; it also bounds the time that one certificate may take."""

_BASELINE = 1.08  # of the size, below the top of a line


@dataclass(frozen=True, slots=True)
class Area:
    """A strip of the page that something is set in."""

    left: float = LEFT
    width: float = PAGE_WIDTH - LEFT - RIGHT

    def indented(self, by: float) -> Area:
        """Return the strip without ``by`` at its left side."""
        return Area(self.left + by, self.width - by)


class Flow:
    """The pages so far, and where the next thing goes (``y``, from the top of the page)."""

    def __init__(self, ruler: Ruler) -> None:
        self.ruler = ruler
        self.pages: list[list[Content]] = [[]]
        self.y = TOP

    @property
    def left_over(self) -> float:
        """How much of the page is left."""
        return PAGE_HEIGHT - BOTTOM - self.y

    @property
    def is_at_top(self) -> bool:
        """Whether nothing stands on the page yet."""
        return self.y <= TOP

    def need(self, height: float) -> bool:
        """Go to the next page where ``height`` does not fit on this one; tell whether that was done."""
        if height <= self.left_over or self.is_at_top:
            return False
        self.next_page()
        return True

    def next_page(self) -> None:
        """Begin a new page. Raises PagesTooMany."""
        if len(self.pages) == MOST_PAGES:
            raise PagesTooMany(limit=MOST_PAGES)
        self.pages.append([])
        self.y = TOP

    def skip(self, height: float) -> None:
        """Leave room, but none at the top of a page."""
        if not self.is_at_top:
            self.y += height

    def put(self, item: Content) -> None:
        """Set something where it says."""
        self.pages[-1].append(item)

    def paragraph(self, text: str, kind: Type, area: Area) -> None:
        """Set a text that may go on over pages."""
        for line in self.ruler.lines(text, kind, area.width):
            self.need(kind.leading)
            self.put_line(line, kind, area.left)
            self.y += kind.leading

    def put_line(self, line: str, kind: Type, x: float, below: float = 0.0) -> None:
        """Set one line at ``x``, ``below`` the current place, without moving on."""
        if line:
            baseline = self.y + below + _BASELINE * kind.size
            self.put(NewText(line, x, baseline, kind.size, kind.bold, kind.colour))

    def put_lines(self, lines: Sequence[str], kind: Type, x: float) -> None:
        """Set lines below one another, without moving on."""
        for number, line in enumerate(lines):
            self.put_line(line, kind, x, number * kind.leading)

    def rule(self, area: Area, width: float, colour: str = "") -> None:
        """Draw a line across a strip at the current place."""
        self.put(horizontal(area.left, self.y, area.width, width, colour))


def horizontal(x: float, y: float, length: float, width: float, colour: str = "") -> DrawnPath:
    """Return a level line whose middle is at ``y``."""
    middle = f"{width / 2:g}"
    box = Box(x, y - width / 2, length, width)
    return DrawnPath(box, f"M 0 {middle} L {length:g} {middle}", line_width=width, stroke_colour=colour)
