"""What may be wrong with the JSON of a value's data."""

from __future__ import annotations

from typing import Any

from jialiang.kernel.errors import InvalidInput
from jialiang.kernel.text import Text

_NOT_TEXT = Text(zh="应为文本", en="it is a text")
_NOT_NUMBER = Text(
    zh="应为范围内的非负整数", en="it is a whole number that is not negative and not too large"
)


class BadStructure(InvalidInput):
    """The JSON of a value's data breaks the form of its type; facts: ``type``, ``member``, ``fault``."""

    code = "JL-HDL-021"


def need(condition: bool, type_name: str, member: str, fault: Text) -> None:
    """Raise :class:`BadStructure` unless the condition holds."""
    if not condition:
        raise BadStructure(type=type_name, member=member, fault=fault)


def whole_number(type_name: str, member: Any, place: str, *, bits: int) -> int:
    """Return a number of at most ``bits`` bits; digits as text count too. Raises BadStructure."""
    if isinstance(member, str) and member.isascii() and member.isdecimal() and len(member) <= 10:
        member = int(member)
    good = isinstance(member, int) and not isinstance(member, bool) and 0 <= member < 1 << bits
    need(good, type_name, place, _NOT_NUMBER)
    number: int = member
    return number


def plain_text(type_name: str, member: Any, place: str) -> str:
    """Return a text that has a form in UTF-8. Raises BadStructure."""
    good = isinstance(member, str) and not any(0xD800 <= ord(letter) < 0xE000 for letter in member)
    need(good, type_name, place, _NOT_TEXT)
    text: str = member
    return text
