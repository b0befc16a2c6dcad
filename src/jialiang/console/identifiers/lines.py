"""Values and codes as lines of a text field: one line each, and the line that cannot be read is named."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from jialiang.base.identifiers.records import RecordCode
from jialiang.formats.handle.names import folded
from jialiang.formats.handle.values import HandleValue
from jialiang.kernel.text import is_one_line

_VALUE = re.compile(r"([0-9]{1,10})\s+(\S+)(?:\s+(.*))?", re.ASCII)
_CODE = re.compile(r"(\S+)\s+(.+)")


def is_line(value: HandleValue) -> bool:
    """Tell whether a value can be told by one line; keys and lists of administrators are not, nor are bytes."""
    text = value.text
    plain = text is not None and is_one_line(text) and text == text.strip()
    return plain and not folded(value.type).startswith(folded("HS_")) and not re.search(r"\s", value.type)


def lines_of_values(values: Iterable[HandleValue]) -> str:
    """Return values as lines: index, type, data."""
    return "\n".join(f"{value.index} {value.type} {value.text}".rstrip() for value in values)


def values_of_lines(text: str, before: Sequence[HandleValue] = ()) -> list[HandleValue]:
    """Return the values that lines tell; one that was there keeps its permissions and the like.

    Raises ValidationError with a sentence for each line that is none.
    """
    old = {value.index: value for value in before}
    values: list[HandleValue] = []
    wrong: list[str] = []
    for number, line in _numbered(text):
        match = _VALUE.fullmatch(line)
        if match is None:
            wrong.append(gettext("Line %(n)s: write index, type and data, such as 1 URL https://…") % {"n": number})
            continue
        index, kind, data = int(match[1]), match[2], (match[3] or "").encode()
        known = old.get(index)
        values.append(replace(known, type=kind, data=data) if known else HandleValue(index, kind, data))
    if wrong:
        raise ValidationError(wrong)
    return values


def lines_of_codes(codes: Iterable[RecordCode]) -> str:
    """Return codes as lines, the primary one first: system, code."""
    ordered = sorted(codes, key=lambda code: not code.primary)
    return "\n".join(f"{code.system} {code.code}" for code in ordered)


def codes_of_lines(text: str) -> tuple[RecordCode, ...]:
    """Return the codes that lines tell, the first one primary. Raises ValidationError as :func:`values_of_lines`."""
    codes: list[RecordCode] = []
    wrong: list[str] = []
    for number, line in _numbered(text):
        match = _CODE.fullmatch(line)
        if match is None:
            wrong.append(gettext("Line %(n)s: write system and code, such as GIAI 40123459") % {"n": number})
            continue
        codes.append(RecordCode(match[1], match[2], primary=not codes))
    if wrong:
        raise ValidationError(wrong)
    return tuple(codes)


def _numbered(text: str) -> list[tuple[int, str]]:
    return [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
