"""Reads a drawing back: every coordinate that it puts ink on, every word and where it stands."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

TOKEN = re.compile(r"[MLVHhmlz]|-?\d+(?:\.\d+)?(?:e-?\d+)?")
PLACES = frozenset(["x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "width", "height"])
Point = tuple[float, float]


@dataclass
class Drawn:
    """A drawing that has been parsed as XML: it has one root and nothing is left open."""

    source: str
    root: etree._Element = field(init=False)

    def __post_init__(self) -> None:
        self.root = etree.fromstring(self.source)

    @property
    def box(self) -> Point:
        """Width and height of the view box, which begins at 0 0."""
        left, top, width, height = map(float, self.root.get("viewBox").split())
        assert (left, top) == (0, 0)
        return width, height

    def of_class(self, name: str) -> list[etree._Element]:
        """The elements that bear a class."""
        return [e for e in self.root.iter() if name in (e.get("class") or "").split()]

    def words(self) -> list[str]:
        """All texts in the order of drawing."""
        return [e.text or "" for e in self.root.iter("text")]

    def ink(self) -> list[Point]:
        """Every corner of every line, column, circle and path, and the anchor of every text."""
        return [point for e in self.root.iter() for point in _corners(e) if not _in_an_icon(e)]

    def outside(self, slack: float = 0.05) -> list[Point]:
        """Points that lie beyond the view box: nobody sees them."""
        width, height = self.box
        return [
            (x, y)
            for x, y in self.ink()
            if not (-slack <= x <= width + slack and -slack <= y <= height + slack)
        ]


def _in_an_icon(element: etree._Element) -> bool:
    return any(above.tag == "svg" and above.getparent() is not None for above in element.iterancestors())


def _corners(element: etree._Element) -> Iterator[Point]:
    number = {name: float(text) for name, text in element.items() if name in PLACES}
    if element.tag == "line":
        yield from ((number["x1"], number["y1"]), (number["x2"], number["y2"]))
    elif element.tag == "circle":
        x, y, r = number["cx"], number["cy"], number["r"]
        yield from ((x - r, y - r), (x + r, y + r))
    elif element.tag in ("rect", "svg") and "x" in number:
        x, y = number["x"], number["y"]
        yield from ((x, y), (x + number["width"], y + number["height"]))
    elif element.tag == "text":
        yield number["x"], number["y"]
    elif element.tag == "path":
        yield from path_points(element.get("d"))


def path_points(path: str) -> list[Point]:
    """Walk along a path of straight pieces; nothing else than its commands and numbers may stand in it."""
    assert not TOKEN.sub("", path).strip(" "), path
    tokens, x, y, found, command = TOKEN.findall(path), 0.0, 0.0, [], ""
    while tokens:
        if tokens[0].isalpha():
            command = tokens.pop(0)
            if command == "z":
                continue
        step = [float(tokens.pop(0)) for _ in range(1 if command in "VHh" else 2)]
        if command in "ML":
            x, y = step
        elif command in "ml":
            x, y = x + step[0], y + step[1]
        elif command == "V":
            y = step[0]
        else:
            x = step[0] if command == "H" else x + step[0]
        found.append((x, y))
    return found
