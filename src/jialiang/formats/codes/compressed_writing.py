"""Elements of a Digital Link as bits: identifier and value of each, or the short name of a sequence and its values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import unquote

from jialiang.formats.codes.bits import BASE64, bits_of_digits, bits_of_length, number
from jialiang.formats.codes.compression_table import (
    ALPHABETS,
    DIGITS,
    LOWER_HEX,
    fields,
    sequences,
    written_in_two_orders,
)
from jialiang.formats.codes.digital_link import encoded

_SAFE = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
_MOST_OF_PAIR = 127


def written(elements: Mapping[str, str], short_names: bool) -> str:
    """Return elements as bits, in the order of their identifiers."""
    left = sorted(elements)
    bits = ""
    name = _best_name(left) if short_names else ""
    while name:
        bits += _identifier(name) + "".join(_value(ai, elements[ai]) for ai in sequences()[name])
        left = [ai for ai in left if ai not in sequences()[name]]
        name = _best_name(left)
    return bits + "".join(_identifier(ai) + _value(ai, elements[ai]) for ai in left)


def _best_name(left: list[str]) -> str:
    """Return the name that saves most digits of identifiers, or empty."""
    usable = [
        name
        for name, sequence in sequences().items()
        if name not in written_in_two_orders() and all(ai in left for ai in sequence)
    ]
    return max(usable, key=lambda name: len("".join(sequences()[name])), default="")


def fits(pair: str) -> bool:
    """Tell whether a pair of the query has a compressed form that reads back as it is written."""
    name, _, value = pair.partition("=")
    plain = unquote(value)
    right = _SAFE.fullmatch(name) and plain.isascii() and encoded(plain) == value
    return bool(right) and max(len(name), len(plain)) <= _MOST_OF_PAIR


def written_pair(pair: str) -> str:
    """Return a pair that :func:`fits` as bits: F, name in base64, value with its kind and length."""
    name, _, value = pair.partition("=")
    plain = unquote(value)
    letters = "".join(number(BASE64.index(letter), 6) for letter in name)
    return _identifier("F") + number(len(name), 7) + letters + _letters(plain, number(len(plain), 7))


def _identifier(digits: str) -> str:
    return "".join(number(int(digit, 16), 4) for digit in digits)


def _value(ai: str, value: str) -> str:
    bits, begin = "", 0
    for field in fields()[ai]:
        text = value[begin : begin + field.most]
        begin += len(text)
        length = "" if field.fixed else number(len(text), bits_of_length(field.most))
        bits += length + _digits(text) if field.characters == "n" else _letters(text, length)
    return bits


def _digits(text: str) -> str:
    return number(int(text or "0"), bits_of_digits(len(text)))


def _letters(text: str, length: str) -> str:
    kind = _kind(text)
    if kind == DIGITS:
        return number(kind, 3) + length + _digits(text)
    alphabet, width = ALPHABETS[kind]
    return number(kind, 3) + length + "".join(number(alphabet.index(letter), width) for letter in text)


def _kind(text: str) -> int:
    """Return how to write letters shortest; digits with a leading zero as hexadecimal ones, which all readers keep."""
    if text and all(letter in "0123456789" for letter in text):
        return DIGITS if text[0] != "0" else LOWER_HEX
    kinds = (2, 1, 3) if text else ()
    return next((kind for kind in kinds if all(letter in ALPHABETS[kind][0] for letter in text)), 4)
