"""Members of a budget document as texts of cells, and back: numbers with every digit as written.

A text stands as it is. What is no text and no number (a list, an object, true, false, null) stands as JSON, and so
does a text that would be taken for one of these.
"""

from __future__ import annotations

import json
import re
from typing import Any

_WORDS = ("true", "false", "null")
_JSON_BEGINS = ("[", "{", '"')
_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?")
_NO_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
LONGEST = 32_000
"""Characters of a cell; Excel holds 32 767."""


def written(value: Any) -> str:
    """Return the text of a cell; reading it gives the member back, a number as its decimal text."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, int | float):
        return repr(value)
    is_plain = value and value == value.strip() and value not in _WORDS and not value.startswith(_JSON_BEGINS)
    return value if is_plain else json.dumps(value, ensure_ascii=False)


def read(text: str) -> Any:
    """Return the member of a cell. Raises ValueError where it begins as JSON and is none."""
    if text in _WORDS or text.startswith(_JSON_BEGINS):
        try:
            return json.loads(text)
        except RecursionError as problem:
            raise ValueError("JSON") from problem
    return text


def written_member(value: Any) -> str:
    """Return the text of a cell of further members and settings, where a number stays a number and a text a text."""
    is_odd = isinstance(value, str) and _NUMBER.fullmatch(value) is not None
    return json.dumps(value) if is_odd else written(value)


def read_member(text: str) -> Any:
    """Return such a member. Raises ValueError."""
    return json.loads(text) if _NUMBER.fullmatch(text) else read(text)


def fits_a_cell(text: str) -> bool:
    """Whether Excel can hold a text: not too long, and of characters that XML allows."""
    return len(text) <= LONGEST and _NO_XML.search(text) is None
