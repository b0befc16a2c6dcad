"""The check character of ISO/IEC 7064, hybrid system MOD 37,36, over digits and capital letters.

It stands at the end and finds every single wrong character and nearly every exchange of two neighbours.
"""

from __future__ import annotations

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_MODULUS = len(ALPHABET)


def check_character(body: str) -> str:
    """Return the character that makes ``body`` (digits and capitals) hold. Raises ValueError for other letters."""
    carried = _MODULUS
    for letter in body:
        carried = ((carried + ALPHABET.index(letter)) % _MODULUS or _MODULUS) * 2 % (_MODULUS + 1)
    return ALPHABET[(_MODULUS + 1 - carried) % _MODULUS]


def holds(text: str) -> bool:
    """Tell whether the last character of a text is its check character."""
    if len(text) < 2 or any(letter not in ALPHABET for letter in text):
        return False
    return check_character(text[:-1]) == text[-1]
