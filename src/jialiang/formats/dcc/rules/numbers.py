"""Decimal texts for checking: what is a number, its last digit, and numbers in other units, exactly."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import lru_cache

from jialiang.science.errors import UnitSyntax, UnknownUnit
from jialiang.science.units import Unit, is_unit_token, parse_unit

_NUMBER = re.compile(r"[-+]?(?:[0-9]*\.[0-9]+|[0-9]+\.?)(?:[Ee][-+]?[0-9]+)?|NaN")
_COMPUTABLE = re.compile(r"[-+]?[0-9.]{1,60}(?:[Ee][-+]?[0-9]{1,3})?")
_LONGEST_UNIT = 200
_DIGITS_SHOWN = 10
_NAME = re.compile(r"\\([A-Za-z]+)")


def is_number(text: str) -> bool:
    """Whether a text is a number as D-SI has it (``NaN`` is one: no value)."""
    return _NUMBER.fullmatch(text) is not None


def number_of(text: str) -> Decimal | None:
    """Return a number to compute with; None for no number, for ``NaN``, and for absurdly long or large ones."""
    if _COMPUTABLE.fullmatch(text) is None or not is_number(text):
        return None
    return Decimal(text)


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


@dataclass(frozen=True, slots=True)
class Rounded:
    """A number in SI units with how far its rounding may have taken it: one unit of its last digit."""

    exact: Fraction
    slack: Fraction


def in_si(number: Decimal, unit: Unit, *, difference: bool = False) -> Rounded:
    """Return a number in coherent SI units; a difference of temperatures has no ice point."""
    offset = Fraction(0) if difference else unit.offset
    return Rounded(Fraction(number) * unit.factor + offset, last_digit(number) * unit.factor)


def agree(one: Rounded, other: Rounded, *, more: Fraction = Fraction(0)) -> bool:
    """Whether two numbers are the same within their rounding (and ``more``)."""
    return abs(one.exact - other.exact) <= one.slack + other.slack + more


def shown(number: Fraction) -> str:
    """Return a number for a message: ten digits are enough to see what is wrong."""
    try:
        return format(float(number), ".10g")
    except OverflowError:
        # Beyond floating point, but numbers of certificates may be: a quotient of decimals is as good to look at.
        with localcontext(prec=_DIGITS_SHOWN):
            return f"{(Decimal(number.numerator) / Decimal(number.denominator)).normalize():e}"
