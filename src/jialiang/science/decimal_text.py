"""Reading the numbers that people type, digit for digit: ``10.000`` is not ``10``.

Signs and digits of Chinese input methods are understood and rewritten; a comma never is, because it means a
decimal sign in one country and thousands in another.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from jialiang.science.errors import DecimalComma, NotANumber, NumberOutOfBounds
from jialiang.science.rounding import as_decimal

MAX_DIGITS = 40
MAX_EXPONENT = 50

_MINUS_SIGNS = "\u2212\uff0d\u2013\u2010\u2011\ufe63"  # minus, full-width, en dash, hyphens, small
_POINTS = "\uff0e\u3002\uff61"  # full-width full stop, ideographic full stop, its half-width form
_COMMAS = ",\uff0c\u3001\u066b\u066c"
_UNDERSTOOD = {
    **{0xFF10 + digit: str(digit) for digit in range(10)},
    **dict.fromkeys(map(ord, _MINUS_SIGNS), "-"),
    **dict.fromkeys(map(ord, _POINTS), "."),
    0xFF0B: "+",
    0xFF25: "E",
    0xFF45: "E",
}
_NUMBER = re.compile(r"([+-]?)([0-9]*)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]{1,9}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class TypedDecimal:
    """A number as typed and as understood; ``text`` keeps every digit, in ASCII, without plus sign."""

    text: str
    as_typed: str

    @property
    def was_rewritten(self) -> bool:
        """Whether the understood text differs from what was typed: show it to the person."""
        return self.text != self.as_typed.strip()

    @property
    def number(self) -> Decimal:
        """The exact number."""
        return Decimal(self.text)

    @property
    def decimal_places(self) -> int:
        """The number of decimal places given: 3 for ``10.000``, 0 for ``10``; below 0 for ``1E3``."""
        exponent = self.number.as_tuple().exponent
        return -exponent if isinstance(exponent, int) else 0


def read_decimal(typed: str) -> TypedDecimal:
    """Read one decimal number. Raises DecimalComma, NotANumber, NumberOutOfBounds."""
    text = typed.strip().translate(_UNDERSTOOD)
    if any(comma in text for comma in _COMMAS):
        raise DecimalComma(typed=typed.strip(), suggestion=_without_comma(text))
    match = _NUMBER.fullmatch(text)
    if match is None or not (match[2] or match[3]):
        raise NotANumber(typed=_shortened(typed))
    sign, whole, fraction, exponent = match[1], match[2] or "0", match[3], match[4]
    if len(whole) + len(fraction or "") > MAX_DIGITS or abs(int(exponent or 0)) > MAX_EXPONENT:
        raise NumberOutOfBounds(typed=_shortened(typed))
    understood = ("-" if sign == "-" else "") + whole + (f".{fraction}" if fraction else "")
    return TypedDecimal(understood + (f"E{int(exponent)}" if exponent else ""), typed)


def exact_float(text: str) -> float:
    """Return the float nearest to a decimal text, for computing; the text stays the record."""
    return float(as_decimal(read_decimal(text).text))


def _without_comma(text: str) -> str:
    single = re.sub(f"[{_COMMAS}]", ".", text, count=1)
    return single if _NUMBER.fullmatch(single) else "0.171"


def _shortened(typed: str) -> str:
    return typed if len(typed) <= MAX_DIGITS else typed[:MAX_DIGITS] + "…"
