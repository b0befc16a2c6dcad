"""How a number looks on a page: a true minus, narrow groups of three, the split at the decimal point.

Figures arrive as decimal text, rounded already where rounding is due (``science``); nothing here changes a digit.
Grouping follows the SI brochure (9th edition, 5.4.4): groups of three from the point outwards with a narrow
no-break space, none where there are only four digits on that side.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

MINUS = "\u2212"
PLUS = "+"
NARROW_SPACE = "\u202f"
NO_BREAK_SPACE = "\u00a0"
UNGROUPED_DIGITS = 4
NUMBER = re.compile(r"([+\-\u2212]?)(\d+)(\.\d+)?((?:[eE][+\-]?\d+)?)")


@dataclass(frozen=True, slots=True)
class SplitNumber:
    """A number in the parts that a column aligns: ``−20`` and ``.013``; other text stands in ``whole`` alone."""

    whole: str
    fraction: str = ""
    power: str = ""

    @property
    def text(self) -> str:
        """The number in one piece."""
        return self.whole + self.fraction + self.power


def split_number(text: object, *, signed: bool = False) -> SplitNumber:
    """Split decimal text at its point. ``signed`` writes ``+`` before errors and changes above zero.

    Zero has no sign then, however many digits it is written with. Text that is no number is left as it is.
    """
    written = str(text)
    match = NUMBER.fullmatch(written)
    if match is None:
        return SplitNumber(written)
    sign, whole, fraction, exponent = match.groups(default="")
    is_zero = not Decimal(whole + fraction)
    shown = MINUS if sign in {"-", MINUS} and not (signed and is_zero) else ""
    if not shown and not is_zero and (signed or sign == PLUS):
        shown = PLUS
    power = f"{NO_BREAK_SPACE}×{NO_BREAK_SPACE}10{_superscript(str(int(exponent[1:])))}" if exponent else ""
    return SplitNumber(shown + _from_the_right(whole), _from_the_left(fraction), power)


def on_screen(text: object, *, signed: bool = False) -> str:
    """Return decimal text as it is shown inside a sentence."""
    return split_number(text, signed=signed).text


def with_unit(number: str, unit: str) -> str:
    """Join a number and its unit with a no-break space; angles in degrees, minutes, seconds have none."""
    return number + ("" if unit in {"°", "′", "″"} or not unit else NO_BREAK_SPACE) + unit


def longest_fraction(texts: Iterable[object]) -> int:
    """Return the most decimals in a column, the ``N`` of the class ``jl-fN``."""
    matches = (NUMBER.fullmatch(str(text)) for text in texts)
    return max((len(match[3] or ".") - 1 for match in matches if match), default=0)


def _from_the_right(digits: str) -> str:
    if len(digits) <= UNGROUPED_DIGITS:
        return digits
    head = len(digits) % 3
    groups = ([digits[:head]] if head else []) + [digits[i : i + 3] for i in range(head, len(digits), 3)]
    return NARROW_SPACE.join(groups)


def _from_the_left(fraction: str) -> str:
    digits = fraction[1:]
    if len(digits) <= UNGROUPED_DIGITS:
        return fraction
    return "." + NARROW_SPACE.join(digits[i : i + 3] for i in range(0, len(digits), 3))


def _superscript(digits: str) -> str:
    return digits.translate(str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻"))
