"""Check digits and check characters of GS1 keys, and the sets of characters that their values may have."""

from __future__ import annotations

from jialiang.vocabulary.gln import check_digit

__all__ = ["CHARACTER_SETS", "check_digit", "check_pair", "wrong_character"]

DIGITS = "0123456789"
_CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_82 = "!\"%&'()*+,-./" + DIGITS + ":;<=>?" + _CAPITALS + "_" + _CAPITALS.lower()
CHARACTER_SETS = {
    "n": DIGITS,
    "x": _82,
    "y": "#-/" + DIGITS + _CAPITALS,
    "z": "-" + DIGITS + _CAPITALS + "_" + _CAPITALS.lower() + "=",
}
_PAIR_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_PAIR_WEIGHTS = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83)
_PAIR_MODULUS = 1021


def check_pair(body: str) -> str:
    """Return the two check characters of a global model number: prime weights from the right, modulo 1021.

    ``body`` has at most 23 characters of the set of 82. Raises ValueError on any other.
    """
    if len(body) > len(_PAIR_WEIGHTS):
        raise ValueError("a body of check characters has at most 23 characters")
    total = sum(
        _82.index(letter) * weight for letter, weight in zip(reversed(body), _PAIR_WEIGHTS, strict=False)
    )
    high, low = divmod(total % _PAIR_MODULUS, 32)
    return _PAIR_ALPHABET[high] + _PAIR_ALPHABET[low]


def wrong_character(text: str, characters: str) -> tuple[int, str] | None:
    """Return place (from 1) and letter of the first character outside a set (n, x, y or z), or None."""
    allowed = CHARACTER_SETS[characters]
    return next(((place, letter) for place, letter in enumerate(text, 1) if letter not in allowed), None)
