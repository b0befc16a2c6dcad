"""Breaks texts into lines that fit, Chinese and other letters alike."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from jialiang.formats.ofd.faces import Faces

_NOT_FIRST = frozenset("，。、；：！？）】》〉」』”’…—·,.;:!?)]}%‰°′″℃")
_NOT_LAST = frozenset("（【《〈「『“‘([{")
_AFTER = frozenset("-/_|\u2013")  # a line may end after these, inside a word too
_FROM_EAST = 0x2E80


@dataclass(frozen=True, slots=True)
class Type:
    """Size in millimetres, weight and colour of a text."""

    size: float
    bold: bool = False
    colour: str = ""

    @property
    def leading(self) -> float:
        """From one baseline to the next."""
        return 1.5 * self.size


class Ruler:
    """Measures texts and breaks them; the same letters are measured once."""

    def __init__(self, faces: Faces) -> None:
        self.faces = faces

    def width(self, text: str, kind: Type) -> float:
        """Return how wide a text is, in millimetres."""
        return self.faces.width(text, kind.size, bold=kind.bold)

    def longest(self, text: str, kind: Type) -> float:
        """Return the width of the longest piece of a text that is not broken without need."""
        return max((self.width(piece.strip(), kind) for piece in pieces(text)), default=0.0)

    def lines(self, text: str, kind: Type, width: float) -> list[str]:
        """Return a text in lines no wider than ``width``; what has no place to break is broken where it must be.

        Every letter but the blanks at the ends of lines is in a line, in order. An empty text is one empty line.
        """
        found = [""]
        for piece in pieces(text):
            if self.width(found[-1] + piece.rstrip(), kind) <= width:
                found[-1] += piece
                continue
            if found[-1].strip():
                found.append("")
            *whole, rest = self._broken(piece, kind, width)
            found[-1:] = [*whole, rest]
        return [line.strip() for line in found]

    def _broken(self, piece: str, kind: Type, width: float) -> list[str]:
        parts, used = [""], 0.0
        for letter in piece:
            step = self.width(letter, kind)
            if parts[-1] and used + step > width and not letter.isspace():
                parts.append("")
                used = 0.0
            parts[-1] += letter
            used += step
        return parts


def pieces(text: str) -> Iterator[str]:
    """Give the pieces of a text between which a line may end; together they are the text."""
    start = 0
    for at in range(1, len(text)):
        if _may_break(text[at - 1], text[at]):
            yield text[start:at]
            start = at
    if text:
        yield text[start:]


def _may_break(before: str, after: str) -> bool:
    if after.isspace() or after in _NOT_FIRST or before in _NOT_LAST or unicodedata.combining(after):
        return False
    if before.isspace() and before != "\u00a0":
        return True
    if before in _AFTER:
        return after.isalpha()  # never between a sign and its number
    return ord(before) >= _FROM_EAST or ord(after) >= _FROM_EAST
