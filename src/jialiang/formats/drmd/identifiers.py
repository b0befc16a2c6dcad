"""Identifiers that stand in a DRMD and carry their own check."""

from __future__ import annotations

import re

from jialiang.kernel.text import Text

_CAS = re.compile(r"[1-9][0-9]{1,6}-[0-9]{2}-[0-9]")


def why_not_cas(number: str) -> Text:
    """Return what is wrong with a CAS registry number, an empty text where nothing is.

    The check digit is the sum of the other digits, each times its place counted from the right, modulo 10.
    """
    if _CAS.fullmatch(number) is None:
        return Text("应为三段数字，如 7732-18-5", "it is not of three groups of digits as 7732-18-5 is")
    digits = [int(letter) for letter in reversed(number.replace("-", ""))]
    expected = sum(place * digit for place, digit in enumerate(digits)) % 10
    if digits[0] == expected:
        return Text()
    return Text(f"校验位应为 {expected}", f"the check digit should be {expected}")
