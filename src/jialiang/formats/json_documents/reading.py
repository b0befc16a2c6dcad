"""JSON read with limits on everything that grows, and without what programs understand differently (RFC 8259, 4 and 6).

A member that stands twice, NaN, and halves of a surrogate pair are refused: two readers could see two documents.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from decimal import InvalidOperation
from typing import Any, NoReturn

from jialiang.formats.json_documents.errors import (
    JsonTooDeep,
    JsonTooLarge,
    JsonTooMany,
    MemberRepeated,
    NotJson,
    NumberRefused,
)
from jialiang.formats.json_documents.exact import ExactNumber, exact_whole

# Possessive throughout: a text without its closing quotation mark costs one look, not a look a letter.
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[\]{},]', re.DOTALL)
_SHOWN = 40


@dataclass(frozen=True, slots=True)
class JsonLimits:
    """How much of everything a document may have; the defaults fit any real certificate."""

    size: int = 5 * 1024 * 1024
    depth: int = 64
    values: int = 200_000
    digits: int = 400


DEFAULT_LIMITS = JsonLimits()


def read_json(data: bytes, limits: JsonLimits = DEFAULT_LIMITS, *, exact: bool = False) -> Any:
    """Return the value that ``data`` holds: dicts in order, lists, texts, int, float, bool, None.

    With ``exact`` numbers keep their text: ExactNumber instead of float, see ``formats.json_documents.exact``.

    Raises the errors of ``formats.json_documents``; those about a place have line and column, from 1.
    """
    if len(data) > limits.size:
        raise JsonTooLarge(size=len(data), limit=limits.size)
    text = _decoded(data)
    _refuse_growth(text, limits)

    def number(digits: str, *, whole: bool) -> int | float | ExactNumber:
        if len(digits) > limits.digits or not math.isfinite(float(digits)):
            raise NumberRefused(text=digits[:_SHOWN])
        if exact:
            return _exact(digits, whole=whole)
        return int(digits) if whole else float(digits)

    try:
        value = json.loads(
            text,
            object_pairs_hook=_members,
            parse_int=lambda digits: number(digits, whole=True),
            parse_float=lambda digits: number(digits, whole=False),
            parse_constant=_refuse_constant,
        )
    except json.JSONDecodeError as problem:
        raise NotJson(line=problem.lineno, column=problem.colno, detail=_plain(problem.msg)) from None
    _refuse_half_letters(value)
    return value


def _exact(digits: str, *, whole: bool) -> int | ExactNumber:
    try:
        return exact_whole(digits) if whole else ExactNumber(digits)
    except InvalidOperation:  # an exponent beyond what any program computes with
        raise NumberRefused(text=digits[:_SHOWN]) from None


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        before = data[: problem.start]
        raise NotJson(
            line=before.count(b"\n") + 1,
            column=problem.start - before.rfind(b"\n"),
            detail="not UTF-8",
        ) from None


def _refuse_growth(text: str, limits: JsonLimits) -> None:
    """Refuse what is too deep or has too many values, before a parser builds anything of it."""
    depth = values = 0
    for match in _TOKEN.finditer(text):
        token = match.group()
        if token in ("[", "{"):
            depth += 1
            if depth > limits.depth:
                raise JsonTooDeep(limit=limits.depth, **_place(text, match.start()))
        elif token in ("]", "}"):
            depth -= 1
        values += token in (",", "[", "{")
        if values > limits.values:
            raise JsonTooMany(limit=limits.values, **_place(text, match.start()))


def _place(text: str, at: int) -> dict[str, int]:
    return {"line": text.count("\n", 0, at) + 1, "column": at - text.rfind("\n", 0, at)}


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise MemberRepeated(name=_plain(name)[:_SHOWN])
            seen.add(name)
    return members


def _refuse_constant(name: str) -> NoReturn:
    raise NumberRefused(text=name)


def _refuse_half_letters(value: Any) -> None:
    pending = [value]
    while pending:
        each = pending.pop()
        if isinstance(each, dict):
            pending += [*each, *each.values()]
        elif isinstance(each, list):
            pending += each
        elif isinstance(each, str) and any("\ud800" <= letter <= "\udfff" for letter in each):
            raise NotJson(line=1, column=1, detail="half of a surrogate pair in a text")


def _plain(text: str) -> str:
    """Return a text of the document fit for a message."""
    return text.encode("utf-8", "replace").decode().replace("{", "(").replace("}", ")")
