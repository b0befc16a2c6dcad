"""Bits as text of 0 and 1: numbers of digits, characters of 4, 6 or 7 bits, and URI-safe base64 of any length."""

from __future__ import annotations

import math

from jialiang.formats.codes.verdicts import refused

BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_EPSILON = 0.01  # the standard's guard against rounding


def bits_of_digits(count: int) -> int:
    """Return how many bits hold a number of ``count`` decimal digits (one bit for none)."""
    return math.ceil(count * math.log2(10) + _EPSILON)


def bits_of_length(most: int) -> int:
    """Return how many bits hold a length of at most ``most``."""
    return math.ceil(math.log2(most) + _EPSILON)


def number(value: int, width: int) -> str:
    """Return a number as ``width`` bits."""
    return format(value, f"0{width}b")


def to_base64(bits: str) -> str:
    """Return bits as URI-safe base64, padded with zeros to whole letters."""
    padded = bits + "0" * (-len(bits) % 6)
    return "".join(BASE64[int(padded[i : i + 6], 2)] for i in range(0, len(padded), 6))


def from_base64(text: str) -> str:
    """Return the bits of URI-safe base64. Raises ValueError on another letter."""
    return "".join(number(BASE64.index(letter), 6) for letter in text)


class BitReader:
    """Reads bits from the left. Raises CodeRefused (``compressed_short``) where there are too few."""

    def __init__(self, bits: str) -> None:
        self._bits = bits
        self._place = 0

    @property
    def left(self) -> int:
        """How many bits are left."""
        return len(self._bits) - self._place

    @property
    def place(self) -> int:
        """How many bits were read."""
        return self._place

    def back_to(self, place: int) -> None:
        """Read on from an earlier place."""
        self._place = place

    def read(self, width: int) -> int:
        """Return the next ``width`` bits as a number; 0 for none."""
        if width > self.left:
            raise refused("compressed_short")
        piece = self._bits[self._place : self._place + width]
        self._place += width
        return int(piece, 2) if piece else 0

    def digits(self, count: int) -> str:
        """Return the next number as ``count`` decimal digits."""
        value = str(self.read(bits_of_digits(count))).zfill(count)
        if len(value) > count and (count or value != "0"):
            raise refused("compressed_number")
        return value if count else ""

    def letters(self, count: int, alphabet: str, width: int) -> str:
        """Return the next ``count`` letters of ``width`` bits each."""
        return "".join(alphabet[self.read(width)] for _ in range(count))

    def only_zeros_left(self) -> bool:
        """Tell whether what is left is padding."""
        return "1" not in self._bits[self._place :]
