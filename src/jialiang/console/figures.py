"""Figures for the eye: floats of an evaluation as decimal text with so many significant digits, rounded here once."""

from __future__ import annotations

from decimal import Decimal
from math import isfinite

from jialiang.science.rounding import as_decimal, rounded_to_place

INFINITY = "∞"
_MOST_PLACES = 15
_LONGEST_ENTERED = 14


def significant(exact: object, digits: int = 3) -> str:
    """Return decimal text with ``digits`` significant digits; whole digits are never rounded away.

    What rounding carries into the next decade keeps its digits: 0.0996 with two is 0.10, not 0.100.
    """
    text = str(exact)
    if text in {"", "inf", "nan"}:
        return INFINITY if text == "inf" else ""
    number = as_decimal(text)
    if number.is_zero():
        return "0"
    place = number.adjusted() - digits + 1
    if Decimal(rounded_to_place(number, place)).adjusted() > number.adjusted():
        place += 1
    return rounded_to_place(number, min(place, 0))


def readable(number: float, digits: int = 3) -> str:
    """Return a computed number with ``digits`` significant digits, as a power of ten where it is far from one."""
    if number == 0 or 1e-4 <= abs(number) < 1e7 or not isfinite(number):
        return significant(repr(number), digits)
    return f"{number:.{digits - 1}e}"


def beside_uncertainty(number: float, uncertainty: float, digits: int = 4) -> str:
    """Return a number to the place of so many digits of its uncertainty; as it is where there is none."""
    if not uncertainty or not isfinite(number) or not isfinite(uncertainty):
        return as_entered(number)
    place = as_decimal(uncertainty).adjusted() - digits + 1
    return rounded_to_place(as_decimal(number), min(place, 0)) if place > -_MOST_PLACES else repr(number)


def as_entered(number: float) -> str:
    """Return the shortest text of a number that was entered, without a trailing ``.0``."""
    text = repr(number).removesuffix(".0")
    return f"{number:.10g}" if len(text) > _LONGEST_ENTERED else text


def to_places(exact: object, places: int) -> str:
    """Return decimal text with so many places."""
    return rounded_to_place(as_decimal(str(exact)), -places)


def degrees(exact: str) -> str:
    """Return degrees of freedom as the GUM prints them: ``∞``, or rounded down to a whole number."""
    if exact in {"", "inf"}:
        return INFINITY if exact else ""
    return str(int(float(exact)))


def percent(share: float) -> str:
    """Return a share between 0 and 1 in percent with one place."""
    return rounded_to_place(as_decimal(share) * 100, -1)
