"""Unified social credit codes (统一社会信用代码, GB 32100) with the organization code inside (GB 11714)."""

from __future__ import annotations

from jialiang.formats.codes.verdicts import CodeFinding, ParsedCode, finding, refused
from jialiang.vocabulary.credit_codes import (
    ALPHABET,
    LENGTH,
    check_character,
    likely_credit_code,
    normalized_credit_code,
    why_not_credit_code,
)
from jialiang.vocabulary.regions import province_of

_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def organization_check(body: str) -> str:
    """Return the check character of an organization code of eight characters: 11 − Σ cᵢ·wᵢ mod 11, X for 10."""
    total = sum(_36.index(letter) * weight for letter, weight in zip(body, _WEIGHTS, strict=True))
    return "0123456789X0"[11 - total % 11]


def parse_credit_code(code: str) -> ParsedCode:
    """Read a unified social credit code. Raises CodeRefused."""
    typed = normalized_credit_code(code)
    fault = why_not_credit_code(typed)
    if fault:
        raise _refusal(fault, typed)
    parts = {
        "registering_department": typed[0],
        "kind_of_organization": typed[1],
        "division": typed[2:8],
        "organization": typed[8:17],
        "check": typed[17],
    }
    return ParsedCode(typed, parts, _remarks(code, typed))


def _refusal(fault: str, typed: str) -> Exception:
    if fault == "length":
        reason = "length" if typed else "empty"
        return refused(reason, typed, given=typed, count=len(typed), allowed=str(LENGTH))
    if fault == "letter":
        place, letter = next((i, each) for i, each in enumerate(typed, 1) if each not in ALPHABET)
        likely = likely_credit_code(typed)
        reason = "credit_letter_likely" if likely else "credit_letter"
        return refused(reason, typed, likely, place=place, letter=letter)
    if fault == "division":
        return refused("credit_division", typed, given=typed[2:8])
    expected = check_character(typed[:-1])
    return refused("credit_check", typed, expected, given=typed[-1], mended=typed[:-1] + expected)


def _remarks(code: str, typed: str) -> tuple[CodeFinding, ...]:
    found = [] if code == typed else [finding("typed_otherwise", typed)]
    if not province_of(typed[2:8]):
        found.append(finding("credit_province", given=typed[2:4]))
    expected = organization_check(typed[8:16])
    if typed[16] != expected:
        found.append(finding("organization_check", expected, given=typed[16]))
    return tuple(found)
