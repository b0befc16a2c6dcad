"""Global location numbers (GLN, GS1): 13 digits, the last one a check digit with weights 3 and 1 from the right."""

from __future__ import annotations

import unicodedata

LENGTH = 13


def normalized_gln(typed: str) -> str:
    """Undo what typing adds: full-width digits, blanks and hyphens."""
    folded = unicodedata.normalize("NFKC", typed)
    return "".join(letter for letter in folded if letter not in " -\u3000\u2010\u2013")


def check_digit(first_digits: str) -> str:
    """Return the GS1 check digit of the digits before it."""
    total = sum(int(digit) * (3 if i % 2 == 0 else 1) for i, digit in enumerate(reversed(first_digits)))
    return str(-total % 10)


def is_gln(code: str) -> bool:
    """Tell whether ``code`` (normalized) has 13 ASCII digits and a right check digit."""
    digits = code.isascii() and code.isdigit() and len(code) == LENGTH
    return digits and check_digit(code[:-1]) == code[-1]
