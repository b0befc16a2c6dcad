"""The one place where numbers are rounded for a report.

U is rounded to one or two significant digits, the measured value to the same decimal place; all of it happens
in decimal arithmetic and ends in text, so trailing zeros stay. Stored values are never rounded again.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Context, Decimal, InvalidOperation
from typing import Literal

from jialiang.science.errors import DigitsNotAllowed, NotANumber, NumberOutOfBounds, UncertaintyNotPositive

Number = Decimal | float | int | str
RoundingRule = Literal["half_even", "half_up", "up"]

_MODES: dict[str, str] = {"half_even": ROUND_HALF_EVEN, "half_up": ROUND_HALF_UP, "up": ROUND_UP}
_WIDE = Context(prec=800)  # holds 1e308 to the place of 1e-308
_LARGEST_EXPONENT = 330
_NOISE_FREE_DIGITS_OF_U = 12  # U comes from long computations
_NOISE_FREE_DIGITS = 15  # what every float holds exactly
MINUS_SIGN = "\u2212"
_PLAIN_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class ReportedResult:
    """A value and its expanded uncertainty as they stand on paper: plain decimal text, hyphen as minus."""

    value_text: str
    uncertainty_text: str


def reported(
    value: Number, expanded_uncertainty: Number, *, digits: int = 2, rule: RoundingRule = "half_even"
) -> ReportedResult:
    """Round U to ``digits`` significant digits and the value to the place of U.

    ``rule`` ``up`` enlarges U only; the value is then rounded half to even, because it has no safe side.
    """
    rounded = rounded_expanded_uncertainty(expanded_uncertainty, digits, rule=rule)
    value_rule: RoundingRule = "half_even" if rule == "up" else rule
    place = _place(rounded, digits)
    return ReportedResult(rounded_to_place(value, place, rule=value_rule), plain_text(rounded))


def rounded_expanded_uncertainty(
    expanded_uncertainty: Number, digits: int = 2, *, rule: RoundingRule = "half_even"
) -> Decimal:
    """Return U with ``digits`` (1 or 2) significant digits; 0.0996 becomes 0.10, not 0.100.

    A float first loses the noise of binary arithmetic (beyond 12 digits), so that ``up`` leaves 0.084 where
    the computation says 0.08400000000000001. Text and Decimal are taken as they are.
    """
    if digits not in (1, 2):
        raise DigitsNotAllowed(digits=digits)
    if isinstance(expanded_uncertainty, float) and not math.isfinite(expanded_uncertainty):
        raise UncertaintyNotPositive(uncertainty=expanded_uncertainty)
    exact = _without_binary_noise(expanded_uncertainty, _NOISE_FREE_DIGITS_OF_U)
    if exact <= 0:
        raise UncertaintyNotPositive(uncertainty=expanded_uncertainty)
    rounded = _quantized(exact, exact.adjusted() - digits + 1, rule)
    if rounded.adjusted() > exact.adjusted():  # 0.0996 -> 0.100: one digit too many
        rounded = _quantized(rounded, rounded.adjusted() - digits + 1, rule)
    return rounded


def rounded_to_place(value: Number, place: int, *, rule: RoundingRule = "half_even") -> str:
    """Round to the decimal place 10**``place`` and return plain text; zero carries no sign."""
    exact = _without_binary_noise(value, _NOISE_FREE_DIGITS)
    return plain_text(_quantized(exact, place, rule))


def as_decimal(number: Number) -> Decimal:
    """Return the decimal that a person reads: a float by its shortest text, not by its binary expansion."""
    try:
        exact = Decimal(repr(float(number))) if isinstance(number, float) else Decimal(number)
    except InvalidOperation as problem:
        raise NotANumber(typed=number) from problem
    if not exact.is_finite():
        raise NotANumber(typed=number)
    if abs(exact.adjusted()) > _LARGEST_EXPONENT:
        raise NumberOutOfBounds(typed=number)
    return exact


def plain_text(number: Decimal) -> str:
    """Write a decimal without exponent (``1.2E+3`` is ``1200``); negative zero loses its sign."""
    text = format(number, "f")
    return text.removeprefix("-") if number.is_zero() else text


def signed(text: str) -> str:
    """Return the text of an error or a correction with its sign: ``+0.012``, ``-0.012``, ``0.000``."""
    number = as_decimal(text)
    if number.is_zero():
        return plain_text(number)
    return f"+{text}" if number > 0 and not text.startswith("+") else text


def typeset(text: str) -> str:
    """Return the text as printed for people: in a number a true minus sign stands instead of the hyphen.

    What is no number keeps its hyphens: they belong to the name (``WZP-230``), the date or the serial number.
    """
    return text.replace("-", MINUS_SIGN) if _PLAIN_NUMBER.fullmatch(text.strip()) else text


def coverage_factor_text(coverage_factor: float, places: int = 2) -> str:
    """Return k as reported: ``2.00``, ``2.32``; rounded half to even from the shortest text of the float."""
    return rounded_to_place(coverage_factor, -places)


def three_significant_digits(number: float) -> float:
    """Return the number rounded to three significant digits (how the GUM prints ν_eff: 18.9987 is 19.0)."""
    if number == 0 or math.isinf(number):
        return number
    exact = as_decimal(number)
    return float(_quantized(exact, exact.adjusted() - 2, "half_even"))


def _place(rounded: Decimal, digits: int) -> int:
    return rounded.adjusted() - digits + 1


def _quantized(exact: Decimal, place: int, rule: RoundingRule) -> Decimal:
    return exact.quantize(Decimal(1).scaleb(place), rounding=_MODES[rule], context=_WIDE)


def _without_binary_noise(number: Number, digits: int) -> Decimal:
    exact = as_decimal(number)
    if not isinstance(number, float) or not exact:
        return exact
    return _quantized(exact, exact.adjusted() - digits + 1, "half_even")
