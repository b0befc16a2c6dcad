"""The built-in simple types of XML Schema: which texts are values of them.

Where the processor that laboratories use (libxml2) and the recommendation differ, the processor is followed, so
that a certificate gets one verdict everywhere: dates may not stand between blanks, a list of references may be
empty, letters that are no Base64 are passed over, a URI may hold blanks.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache
from importlib import resources

Check = Callable[[str], bool]
"""Whether a text is a value of a type."""

BLANKS = " \t\r\n"
"""White space of XML; all other spaces are letters like any other."""

_BLANK = re.compile(r"[ \t\r\n]+")
_LARGEST = 2**63 - 1
_LARGEST_PORT = 2**31 - 1
_ZONE = r"(?:Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))"
_DAY = r"-?(\d{4}|[1-9]\d{4,})-(\d\d)-(\d\d)"
_DATE = re.compile(rf"{_DAY}(?:{_ZONE})?", re.ASCII)
_DATE_TIME = re.compile(
    _DAY + r"T(?:(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?|24:00:00(?:\.0+)?)" rf"(?:{_ZONE}[ \t\r\n]*)?",
    re.ASCII,
)
_DURATION = re.compile(
    r"[ \t\r\n]*-?P(?=.)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?"
    r"(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.\d*)?S|\.\d+S)?)?",
    re.ASCII,
)
_INTEGER = re.compile(r"[+-]?\d+", re.ASCII)
_DECIMAL = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)", re.ASCII)
_DOUBLE = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d*)?|-?INF|NaN", re.ASCII)
_HEXADECIMAL = re.compile(r"(?:[0-9A-Fa-f]{2})*")
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
_NO_BASE64 = re.compile(r"[^A-Za-z0-9+/=]+")
_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=|[A-Za-z0-9+/][AQgw]==)?")
_LETTER = r"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@]|%[0-9A-Fa-f]{2})"
_AUTHORITY = (
    r"(?:(?:[A-Za-z0-9\-._~!$&'()*+,;=:]|%[0-9A-Fa-f]{2})*@)?"
    r"(?:\[[^\]]*\]|(?:[A-Za-z0-9\-._~!$&'()*+,;=]|%[0-9A-Fa-f]{2})*)(?::(?P<{0}>\d+))?"
)
_TAIL = rf"(?:\?(?:{_LETTER}|[/?])*)?(?:#(?:{_LETTER}|[/?\[\]])*)?"
_ABSOLUTE = rf"/(?:{_LETTER}+(?:/{_LETTER}*)*)?"
_URI = re.compile(
    rf"[A-Za-z][A-Za-z0-9+.\-]*:(?://{_AUTHORITY.replace('{0}', 'port')}(?:/{_LETTER}*)*"
    rf"|{_ABSOLUTE}|{_LETTER}+(?:/{_LETTER}*)*|){_TAIL}",
    re.ASCII,
)
_RELATIVE = re.compile(
    rf"(?://{_AUTHORITY.replace('{0}', 'port')}(?:/{_LETTER}*)*|{_ABSOLUTE}"
    rf"|(?:(?!:){_LETTER})+(?:/{_LETTER}*)*|){_TAIL}",
    re.ASCII,
)
_ESCAPED_IN_URIS = re.compile(r"[^\x21-\x7e]|[<>\"{}|\\^`]")


def words(text: str) -> list[str]:
    """Split ``text`` at the white space of XML (a no-break space does not part)."""
    return text.split() if text.isascii() else [word for word in _BLANK.split(text) if word]


def collapsed(text: str) -> str:
    """Return ``text`` without white space around it; such within it stays, no value of a number has any."""
    return text.strip(BLANKS)


def is_string(_text: str) -> bool:
    """Every text is a string."""
    return True


def is_boolean(text: str) -> bool:
    """``true``, ``false``, ``1`` or ``0``."""
    return text.strip(BLANKS) in ("true", "false", "1", "0")


def is_date(text: str) -> bool:
    """A day of the Gregorian calendar, with a time zone or without: ``2026-06-16``, ``2026-06-16+08:00``."""
    match = _DATE.fullmatch(text)
    return match is not None and _is_day(match)


def is_date_time(text: str) -> bool:
    """A day and a time: ``2026-06-16T07:47:30.5Z``."""
    match = _DATE_TIME.fullmatch(text)
    return match is not None and _is_day(match)


def is_duration(text: str) -> bool:
    """A span of time: ``P1Y6M``, ``PT0.5S``."""
    match = _DURATION.fullmatch(text)
    if match is None:
        return False
    years, months, *others = (_number(group) for group in match.groups())
    hours_as_days = others[1] // 24 + others[2] // 1440 + others[3] // 86400
    return (
        years * 12 + months <= _LARGEST and max(others) <= _LARGEST and others[0] + hours_as_days <= _LARGEST
    )


def is_integer(text: str) -> bool:
    """A whole number."""
    return _INTEGER.fullmatch(text.strip(BLANKS)) is not None


def is_decimal(text: str) -> bool:
    """A number without exponent."""
    return _DECIMAL.fullmatch(text.strip(BLANKS)) is not None


def is_double(text: str) -> bool:
    """A number with an exponent or without, ``INF``, ``-INF`` or ``NaN``."""
    return _DOUBLE.fullmatch(text.strip(BLANKS)) is not None


def is_base64(text: str) -> bool:
    """Bytes in Base64: as many letters as whole bytes need, the last one without stray bits."""
    return _BASE64.fullmatch(_NO_BASE64.sub("", text)) is not None


def is_hexadecimal(text: str) -> bool:
    """Bytes in hexadecimal digits, two a byte."""
    return _HEXADECIMAL.fullmatch(text.strip(BLANKS)) is not None


def is_uri(text: str) -> bool:
    """A URI or a relative reference by RFC 3986; what must be escaped there may stand unescaped."""
    plain = _ESCAPED_IN_URIS.sub("_", text.strip(BLANKS))
    match = _URI.fullmatch(plain) or _RELATIVE.fullmatch(plain)
    return match is not None and _number(match["port"]) <= _LARGEST_PORT


def is_name(text: str) -> bool:
    """A name without a colon: identifiers, and references to them."""
    return _name().fullmatch(text.strip(BLANKS)) is not None


def is_prefixed_name(text: str) -> bool:
    """A name in which colons may stand."""
    return is_name(text.replace(":", "_"))


def are_names(text: str) -> bool:
    """Names between white space."""
    return all(_name().fullmatch(word) for word in words(text))


def is_normalized(text: str) -> bool:
    """A text in which only spaces part the words; others are read as spaces, so every text is one."""
    return is_string(text)


def is_language(text: str) -> bool:
    """A tag of a language."""
    return _LANGUAGE.fullmatch(text.strip(BLANKS)) is not None


def _number(digits: str | None) -> int:
    """Return a number, at once too large where there are too many digits for any limit."""
    text = (digits or "0").lstrip("0")
    return int(text or 0) if len(text) < 30 else _LARGEST + 1


def _is_day(match: re.Match[str]) -> bool:
    year, month, day = _number(match[1]), int(match[2]), int(match[3])
    if not 0 < year <= _LARGEST or not 1 <= month <= 12 or day < 1:
        return False
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return day <= (31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]


@cache
def _name() -> re.Pattern[str]:
    text = (resources.files("jialiang.formats.structure") / "name_characters.json").read_text("utf-8")
    ranges = json.loads(text)
    begin, follow = (_letters(" ".join(ranges[part])) for part in ("begin", "follow"))
    return re.compile(f"[{begin}][{begin}{follow}]*")


def _letters(ranges: str) -> str:
    """Turn ``41-5A 5F`` into the inside of a character class."""
    return "".join("-".join(f"\\u{int(end, 16):04x}" for end in span.split("-")) for span in ranges.split())


BUILT_IN: dict[str, Check] = {
    "string": is_string, "normalizedString": is_normalized, "token": is_normalized, "language": is_language,
    "Name": is_prefixed_name, "NCName": is_name, "ID": is_name, "IDREF": is_name, "IDREFS": are_names,
    "boolean": is_boolean, "integer": is_integer, "decimal": is_decimal, "double": is_double, "float": is_double,
    "date": is_date, "dateTime": is_date_time, "duration": is_duration, "anyURI": is_uri,
    "base64Binary": is_base64, "hexBinary": is_hexadecimal, "anySimpleType": is_string,
}  # fmt: skip
"""The checks of the built-in types, by their names in XML Schema."""

DERIVED = {
    "normalizedString": "string", "token": "normalizedString", "language": "token", "Name": "token",
    "NCName": "Name", "ID": "NCName", "IDREF": "NCName", "integer": "decimal",
}  # fmt: skip
"""Which built-in type another one restricts."""
