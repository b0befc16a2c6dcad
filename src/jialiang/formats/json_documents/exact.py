"""Numbers of JSON as they are written: ``0.050`` stays ``0.050``, ``1e-7`` stays ``1e-7``, every digit of twenty.

The standard library reads them as binary floating point, where trailing zeros, which are data in metrology, and digits
beyond the seventeenth are lost. Here a number is a Decimal that knows its text, and the writer writes that text.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Self


class ExactNumber(Decimal):
    """A number and the text that it was written as; it computes and compares as the Decimal that it is."""

    __slots__ = ("text",)
    text: str

    def __new__(cls, text: str) -> Self:
        """Read a number from its text in JSON (RFC 8259, 6). Raises decimal.InvalidOperation for anything else."""
        number = super().__new__(cls, text)
        number.text = str(text)
        return number

    def __reduce__(self) -> tuple[type[ExactNumber], tuple[str]]:
        """Return how a copy is made: from the text."""
        return ExactNumber, (self.text,)

    def __str__(self) -> str:
        """Return the text that the number was written as."""
        return self.text


def exact_whole(text: str) -> int | ExactNumber:
    """Return a number without point and exponent as int, or with its text where an int would be written otherwise."""
    number = int(text)
    return number if str(number) == text else ExactNumber(text)


def written_json(value: Any, indent: int | None = None) -> str:
    """Return a value as JSON, each number with the text that it has; without ``indent`` no space is written.

    ``value`` is made of dict with texts as names, list or tuple, str, int, Decimal, float, bool, None. A Decimal
    without a text of its own is written with all of its digits. Raises ValueError for NaN and infinities, which JSON
    does not have, and TypeError for other types.
    """
    return "".join(_pieces(value, indent, 0))


def _pieces(value: Any, indent: int | None, level: int) -> Iterator[str]:
    if isinstance(value, dict):
        members = [(f"{_text(name)}:{' ' if indent else ''}", each) for name, each in value.items()]
        yield from _bracketed("{}", members, indent, level)
    elif isinstance(value, list | tuple):
        yield from _bracketed("[]", [("", each) for each in value], indent, level)
    elif isinstance(value, Decimal | float):
        yield _number(value)
    else:
        yield json.dumps(value, ensure_ascii=False)


def _bracketed(
    brackets: str, members: list[tuple[str, Any]], indent: int | None, level: int
) -> Iterator[str]:
    opening, closing = brackets[0], brackets[1]
    inner, outer = (
        f"\n{' ' * (indent * depth)}" if indent and members else "" for depth in (level + 1, level)
    )
    yield opening
    for position, (name, each) in enumerate(members):
        yield f"{',' if position else ''}{inner}{name}"
        yield from _pieces(each, indent, level + 1)
    yield f"{outer}{closing}"


def _text(name: object) -> str:
    if not isinstance(name, str):
        raise TypeError(f"the name of a member is a text, not {type(name).__name__}")
    return json.dumps(name, ensure_ascii=False)


def _number(value: Decimal | float) -> str:
    if not math.isfinite(value):
        raise ValueError("JSON has neither NaN nor infinities")
    return str(value) if isinstance(value, Decimal) else float.__repr__(value)
