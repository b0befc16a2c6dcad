"""Figures for the eye: floats of an evaluation as decimal text with so many significant digits, rounded here once."""

from __future__ import annotations

from decimal import Decimal

from jialiang.science.rounding import as_decimal, rounded_to_place

INFINITY = "∞"


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
