"""Unified social credit codes (统一社会信用代码, GB 32100-2015).

18 characters: registering department, class of organization, six digits of the administrative division, nine
characters of the organization, check character. The check makes Σ cᵢ·wᵢ ≡ 0 (mod 31) with wᵢ = 3ⁱ⁻¹ mod 31
for the first 17 and 1 for the last, so that any of the 31 characters may stand last.
"""

from __future__ import annotations

import re
import unicodedata

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH = 18
_SHAPE = re.compile(f"[{ALPHABET}]{{2}}[0-9]{{6}}[{ALPHABET}]{{10}}", re.ASCII)
_PROSE = {"O": "0", "I": "1", "Z": "2", "S": "5"}


def normalized_credit_code(typed: str) -> str:
    """Undo what typing adds: full-width letters, lower case, blanks and hyphens."""
    folded = unicodedata.normalize("NFKC", typed).upper()
    return "".join(letter for letter in folded if letter not in " -\u3000\u2010\u2013")


def check_character(first_17: str) -> str:
    """Return the check character of the first 17 characters. Raises ValueError on a letter outside the alphabet."""
    total = sum(ALPHABET.index(letter) * pow(3, i, 31) for i, letter in enumerate(first_17))
    return ALPHABET[-total % 31]


def is_credit_code(code: str) -> bool:
    """Tell whether ``code`` (normalized) has the shape and the check character of GB 32100."""
    return bool(_SHAPE.fullmatch(code)) and check_character(code[:-1]) == code[-1]


def why_not_credit_code(code: str) -> str:
    """Return what is wrong: ``length``, ``letter``, ``division``, ``check``, or empty when nothing is."""
    if len(code) != LENGTH:
        return "length"
    if any(letter not in ALPHABET for letter in code):
        return "letter"
    if not _SHAPE.fullmatch(code):
        return "division"
    return "" if check_character(code[:-1]) == code[-1] else "check"


def likely_credit_code(code: str) -> str:
    """Return the code that was probably meant when O, I, Z or S was typed for a digit, or empty."""
    mended = "".join(_PROSE.get(letter, letter) for letter in code)
    return mended if mended != code and is_credit_code(mended) else ""
