"""Rules for the content of a component of an element string: dates, check digits, counts, places.

Rules whose name begins with ``listed:`` speak of code lists (countries, currencies, kinds of packages, coupons) that
are not part of this program; they are not checked.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Mapping

from jialiang.formats.codes.check_characters import CHARACTER_SETS, check_digit, check_pair
from jialiang.formats.codes.verdicts import CodeFinding, finding

LEAST_PREFIX = 4  # digits of a company prefix
_ENCODED = re.compile(r"%(?![0-9A-Fa-f]{2})")


def fault_of(rule: str, text: str) -> CodeFinding | None:
    """Return what a component breaks of a rule, or None. Raises KeyError on a rule that is not known."""
    return None if rule.startswith("listed:") else _RULES[rule](text)


def _check_digit(text: str) -> CodeFinding | None:
    expected = check_digit(text[:-1])
    if text[-1] == expected:
        return None
    return finding("check_digit", expected, given=text[-1], mended=text[:-1] + expected)


def _check_pair(text: str) -> CodeFinding | None:
    if len(text) < 2:
        return finding("too_short", given=text, least=2)
    expected = check_pair(text[:-2])
    return None if text[-2:] == expected else finding("check_pair", expected, given=text[-2:])


def _prefix(begin: int) -> Callable[[str], CodeFinding | None]:
    def rule(text: str) -> CodeFinding | None:
        prefix = text[begin : begin + LEAST_PREFIX]
        digits = len(prefix) == LEAST_PREFIX and all(letter in "0123456789" for letter in prefix)
        return None if digits else finding("prefix", given=text, first=begin + 1, least=LEAST_PREFIX)

    return rule


def _is_date(year: int, month: int, day: int, *, day_may_be_0: bool = False) -> bool:
    if not 1 <= month <= 12:
        return False
    return (0 if day_may_be_0 else 1) <= day <= calendar.monthrange(year, month)[1]


def _short_date(*, day_may_be_0: bool) -> Callable[[str], CodeFinding | None]:
    def rule(text: str) -> CodeFinding | None:
        year, month, day = (int(text[i : i + 2]) for i in (0, 2, 4))
        holds = _is_date(2000 + year, month, day, day_may_be_0=day_may_be_0)
        return None if holds else finding("date", given=text)

    return rule


def _full_date(text: str) -> CodeFinding | None:
    year, month, day = int(text[:4]), int(text[4:6]), int(text[6:8])
    return None if year and _is_date(year, month, day) else finding("date", given=text)


def _at_most(limit: int, least: int = 0) -> Callable[[str], CodeFinding | None]:
    def rule(text: str) -> CodeFinding | None:
        return None if least <= int(text) <= limit else finding("number", given=text, least=least, most=limit)

    return rule


def _hour_minute(text: str) -> CodeFinding | None:
    return None if int(text[:2]) <= 23 and int(text[2:]) <= 59 else finding("time", given=text)


def _one_of(letters: str) -> Callable[[str], CodeFinding | None]:
    def rule(text: str) -> CodeFinding | None:
        return None if text in letters else finding("one_of", given=text, allowed=", ".join(letters))

    return rule


def _leading_zero(text: str) -> CodeFinding | None:
    return None if text == "0" else finding("leading_zero", given=text)


def _not_zero(text: str) -> CodeFinding | None:
    return None if int(text) else finding("not_zero", given=text)


def _no_leading_zero(text: str) -> CodeFinding | None:
    return finding("no_leading_zero", given=text) if text.startswith("0") and text != "0" else None


def _not_digits_only(text: str) -> CodeFinding | None:
    return finding("not_digits_only", given=text) if text.isdigit() else None


def _piece_of_total(text: str) -> CodeFinding | None:
    piece, total = int(text[:2]), int(text[2:])
    return None if 1 <= piece <= total else finding("piece_of_total", given=text)


def _place_of_many(text: str) -> CodeFinding | None:
    found = re.fullmatch(r"([1-9])/([1-9])", text, re.ASCII)
    return None if found and found[1] <= found[2] else finding("place_of_many", given=text)


def _percent_encoding(text: str) -> CodeFinding | None:
    return finding("percent", given=text) if _ENCODED.search(text) else None


def _bank_account(text: str) -> CodeFinding | None:
    shape = re.fullmatch(r"[A-Z]{2}[0-9]{2}[0-9A-Z]{1,30}", text, re.ASCII)
    if shape and int("".join(str(int(letter, 36)) for letter in text[4:] + text[:4])) % 97 == 1:
        return None
    return finding("bank_account", given=text)


_RULES: Mapping[str, Callable[[str], CodeFinding | None]] = {
    "check_digit": _check_digit,
    "check_pair": _check_pair,
    "prefix_first": _prefix(0),
    "prefix_second": _prefix(1),
    "zero": _leading_zero,
    "day_may_be_00": _short_date(day_may_be_0=True),
    "date": _short_date(day_may_be_0=False),
    "full_date": _full_date,
    "hour_minute": _hour_minute,
    "hour": _at_most(23),
    "minute": _at_most(59),
    "second": _at_most(59),
    "not_zero": _not_zero,
    "no_leading_zero": _no_leading_zero,
    "not_digits_only": _not_digits_only,
    "winding": _one_of("019"),
    "yes_or_no": _one_of("01"),
    "sex": _one_of("0129"),
    "minus": _one_of("-"),
    "importer_index": _one_of(CHARACTER_SETS["z"].rstrip("=")),
    "piece_of_total": _piece_of_total,
    "place_of_many": _place_of_many,
    "percent_encoding": _percent_encoding,
    "latitude": _at_most(1_800_000_000),
    "longitude": _at_most(3_600_000_000),
    "bank_account": _bank_account,
}
