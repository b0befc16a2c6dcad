"""Decimal text: numbers as they were reported, never through a float."""

from __future__ import annotations

import re
from decimal import Decimal, localcontext

ZERO_CELSIUS_IN_KELVIN = Decimal("273.15")
"""The ice point's distance from absolute zero: t/°C = T/K − 273.15, exactly (SI Brochure, 9th edition)."""

_LARGEST_EXPONENT = 999  # three digits, see below
_DECIMAL = re.compile(r"[-+]?((\d*\.\d+)|(\d+\.\d*)|(\d+))([Ee][-+]?\d{1,3})?", re.ASCII)


def is_decimal(text: str) -> bool:
    """Tell whether ``text`` is a number as D-SI writes it (ASCII digits, a point, an optional exponent)."""
    return _DECIMAL.fullmatch(text) is not None


def celsius_to_kelvin(text: str) -> str:
    """Convert the decimal text of a Celsius temperature to kelvin exactly: ``21.521`` becomes ``294.671``.

    No digit is lost and none is rounded; the result has at least the two decimals of 273.15.
    """
    with localcontext() as context:
        context.prec = len(text) + _LARGEST_EXPONENT + 3
        return format(Decimal(text) + ZERO_CELSIUS_IN_KELVIN, "f")
