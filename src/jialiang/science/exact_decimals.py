"""Decimal arithmetic that never rounds what people type: Python's own keeps 28 digits only."""

from __future__ import annotations

from decimal import Context, Decimal

_FINE = Context(prec=60)  # for what has no last digit
_WIDE = Context(prec=2000)  # numbers have at most 40 digits, or 330 places of exponent


def difference(first: Decimal, second: Decimal) -> Decimal:
    """Return first - second."""
    return _WIDE.subtract(first, second)


def product(first: Decimal, second: Decimal) -> Decimal:
    """Return first · second."""
    return _WIDE.multiply(first, second)


def halved(number: Decimal) -> Decimal:
    """Return a half, which is always finite."""
    return _WIDE.divide(number, Decimal(2))


def quotient(first: Decimal, second: Decimal) -> Decimal:
    """Return first / second to 60 digits; 1.2 / 0.4 is 3."""
    return _FINE.divide(first, second)


def root_of_squares(first: Decimal, second: Decimal) -> Decimal:
    """Return √(first² + second²) to 60 digits; of 0.03 and 0.04 it is 0.05."""
    return _FINE.sqrt(_WIDE.add(product(first, first), product(second, second)))


def size(number: Decimal) -> Decimal:
    """Return |number| with all its digits."""
    return number.copy_abs()


def opposite(number: Decimal) -> Decimal:
    """Return -number with all its digits."""
    return number.copy_negate()
