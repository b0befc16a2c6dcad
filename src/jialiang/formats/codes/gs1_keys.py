"""GS1 keys by themselves, as they are printed under a symbol: GTIN, GLN, SSCC, GRAI, GIAI and the others."""

from __future__ import annotations

import unicodedata

from jialiang.formats.codes.application_identifiers import identifiers
from jialiang.formats.codes.check_characters import check_digit, wrong_character
from jialiang.formats.codes.elements import check_element
from jialiang.formats.codes.verdicts import CodeFinding, ParsedCode, finding, refused

GTIN_LENGTHS = (8, 12, 13, 14)
_BETWEEN_DIGITS = " -\u3000\u2010\u2013"


def parse_gtin(code: str, digits: int) -> ParsedCode:
    """Read a global trade item number of 8, 12, 13 or 14 digits. Raises CodeRefused."""
    typed = _without_gaps(code)
    _require_digits(typed, str(digits), len(typed) == digits)
    expected = check_digit(typed[:-1])
    if typed[-1] != expected:
        raise refused("check_digit", code, expected, given=typed[-1], mended=typed[:-1] + expected)
    parts = {"gtin14": typed.zfill(14), "check_digit": expected}
    return ParsedCode(typed, parts, _typed_otherwise(code, typed))


def parse_key(code: str, ai: str) -> ParsedCode:
    """Read a GS1 key by the rules of its application identifier. Raises CodeRefused."""
    components = identifiers()[ai].components
    digits_only = all(component.characters == "n" for component in components)
    typed = _without_gaps(code) if digits_only else code
    if typed and digits_only and len(components) == 1:
        _require_digits(typed, str(components[0].most), len(typed) == components[0].most)
    parts = check_element(ai, typed)
    if components[0].rules[:1] == ("check_digit",):
        parts |= {"check_digit": typed[components[0].most - 1]}
    return ParsedCode(typed, parts, _typed_otherwise(code, typed))


def gtin_of_14_digits(digits: str) -> str:
    """Return a right GTIN of 8, 12 or 13 digits padded to 14, or empty where ``digits`` are none."""
    right = digits.isascii() and digits.isdigit() and len(digits) in GTIN_LENGTHS
    return digits.zfill(14) if right and check_digit(digits[:-1]) == digits[-1] else ""


def _without_gaps(code: str) -> str:
    """Undo what typing adds between digits: full-width forms, blanks and hyphens."""
    folded = unicodedata.normalize("NFKC", code)
    return "".join(letter for letter in folded if letter not in _BETWEEN_DIGITS)


def _require_digits(typed: str, allowed: str, right_length: bool) -> None:
    if not typed:
        raise refused("empty")
    wrong = wrong_character(typed, "n")
    if wrong:
        raise refused("non_digit", typed, place=wrong[0], letter=wrong[1])
    if not right_length:
        raise refused("length", typed, given=typed, count=len(typed), allowed=allowed)


def _typed_otherwise(code: str, canonical: str) -> tuple[CodeFinding, ...]:
    return () if code == canonical else (finding("typed_otherwise", canonical),)
