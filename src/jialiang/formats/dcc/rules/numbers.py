"""Decimal texts for checking: what is a number, its last digit, and numbers in other units, exactly."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import lru_cache

from jialiang.science.errors import UnitSyntax, UnknownUnit
from jialiang.science.units import Unit, is_unit_token, parse_unit

_NUMBER = re.compile(r"[-+]?(?:[0-9]*\.[0-9]+|[0-9]+\.?)(?:[Ee][-+]?[0-9]+)?|NaN")
_COMPUTABLE = re.compile(r"([-+]?)(?=[0-9.]{1,60}(?:[Ee]|\Z))([0-9]*)\.?([0-9]*)(?:[Ee]([-+]?[0-9]{1,3}))?")
_LONGEST_NUMBER = 70
_LONGEST_UNIT = 200
_DIGITS_SHOWN = 10
_NAME = re.compile(r"\\([A-Za-z]+)")


def is_number(text: str) -> bool:
    """Whether a text is a number as D-SI has it (``NaN`` is one: no value)."""
    return _NUMBER.fullmatch(text) is not None


def number_of(text: str) -> Decimal | None:
    """Return a number to compute with; None for no number, for ``NaN``, and for absurdly long or large ones."""
    return _decimal(text) if len(text) <= _LONGEST_NUMBER else None


@lru_cache(maxsize=4096)
def _decimal(text: str) -> Decimal | None:
    return Decimal(text) if digits_of(text) is not None else None


Digits = tuple[int, int]
"""A decimal number as (m, e): m·10^e, where 10^e is one unit of the last digit that was written."""


def digits_of(text: str) -> Digits | None:
    """Return a number as its digits and the place of the last; None where :func:`number_of` gives none."""
    match = _COMPUTABLE.fullmatch(text) if len(text) <= _LONGEST_NUMBER else None
    if match is None or not (match[2] or match[3]):
        return None
    return int(match[1] + match[2] + match[3]), int(match[4] or 0) - len(match[3])


def last_digit(number: Decimal) -> Fraction:
    """Return one unit of the last digit that was written: 0.01 for ``1.20``."""
    exponent = number.as_tuple().exponent
    return Fraction(10) ** exponent if isinstance(exponent, int) else Fraction(0)


@lru_cache(maxsize=2048)
def known_unit(text: str) -> Unit | None:
    """Return a D-SI unit understood, or None; nothing similar is looked for."""
    names = _NAME.findall(text[:_LONGEST_UNIT])
    # parse_unit looks for something similar to a name that it does not know, which takes milliseconds.
    if len(text) > _LONGEST_UNIT or not text.startswith("\\") or not all(map(is_unit_token, names)):
        return None
    try:
        return parse_unit(text)
    except (UnknownUnit, UnitSyntax):
        return None


def respelled(unit: str) -> str:
    """Return a unit with stray capitals or a slash (``\\degreeCelsius``) as D-SI has it, others as they are."""
    if known_unit(unit) is not None or unit.startswith("|"):
        return unit
    backslashes = unit.replace("/", "\\") if unit.startswith("/") else unit
    candidates = (backslashes, backslashes.lower())
    return next((candidate for candidate in candidates if known_unit(candidate) is not None), unit)


@lru_cache(maxsize=256)
def agreement(one: Unit, other: Unit, *, difference: bool) -> Callable[[Digits, Digits], bool]:
    """Return the test whether numbers in two units are the same within one unit of the last digit of each.

    The test is exact: everything is brought to whole numbers of one common part, which costs a fraction of what
    reducing fractions would. A difference of temperatures has no ice point.
    """
    offset = Fraction(0) if difference else one.offset - other.offset
    common = math.lcm(one.factor.denominator, other.factor.denominator, offset.denominator)
    first, second, constant = (int(part * common) for part in (one.factor, other.factor, offset))

    def agree(a: Digits, b: Digits) -> bool:
        lowest = min(a[1], b[1], 0)
        scale_a, scale_b = first * 10 ** (a[1] - lowest), second * 10 ** (b[1] - lowest)
        apart = a[0] * scale_a - b[0] * scale_b + constant * 10**-lowest
        return bool(abs(apart) <= abs(scale_a) + abs(scale_b))

    return agree


@lru_cache(maxsize=256)
def difference_test(result: Unit, parts: Unit) -> Callable[[Digits, Digits, Digits], bool]:
    """Return the test whether a number in ``result`` is the second less the third, both in ``parts``.

    Exact, and within one unit of the last digit of each of the three; ice points fall out of a difference.
    """
    common = math.lcm(result.factor.denominator, parts.factor.denominator)
    of_result, of_parts = int(result.factor * common), int(parts.factor * common)

    def follows(stated: Digits, high: Digits, low: Digits) -> bool:
        lowest = min(stated[1], high[1], low[1], 0)
        scale = of_result * 10 ** (stated[1] - lowest)
        above, below = (of_parts * 10 ** (each[1] - lowest) for each in (high, low))
        apart = stated[0] * scale - (high[0] * above - low[0] * below)
        return bool(abs(apart) <= abs(scale) + abs(above) + abs(below))

    return follows


def exact(number: Digits) -> Fraction:
    """Return the value of a number."""
    return number[0] * Fraction(10) ** number[1]


def shown(number: Fraction) -> str:
    """Return a number for a message: ten digits are enough to see what is wrong."""
    try:
        return format(float(number), ".10g")
    except OverflowError:
        # Beyond floating point, but numbers of certificates may be: a quotient of decimals is as good to look at.
        with localcontext(prec=_DIGITS_SHOWN):
            return f"{(Decimal(number.numerator) / Decimal(number.denominator)).normalize():e}"
