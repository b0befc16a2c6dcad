"""Reading JSON bodies strictly: what cannot be told apart, or cannot be stored, is refused here."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from django.http import HttpRequest
from ninja.parser import Parser

from jialiang.integration.api.problems import BodyUnreadable

DEEPEST = 32


class StrictJson(Parser):
    """Bodies in UTF-8 without repeated names, NaN, numbers with a fraction, unpaired surrogates or U+0000."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Read a body. Raises BodyUnreadable."""
        try:
            read = json.loads(
                request.body.decode(),
                object_pairs_hook=_once,
                parse_constant=_no_constant,
                parse_float=_no_float,
            )
            require_texts(read)
        except (ValueError, RecursionError) as fault:
            raise BodyUnreadable(reason=str(fault)[:200]) from fault
        return read


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a name occurs twice")
    return members


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _no_float(text: str) -> NoReturn:
    raise ValueError(f"{text}: numbers with a fraction are written as text, so that no digit is lost")


def require_texts(value: Any, depth: int = 0) -> None:
    """Let JSON pass whose texts can be stored and shown and whose nesting is bounded. Raises ValueError."""
    if depth > DEEPEST:
        raise ValueError(f"deeper than {DEEPEST} levels")
    if isinstance(value, str):
        if "\0" in value:
            raise ValueError("a text holds U+0000")
        value.encode()  # an unpaired surrogate is a UnicodeEncodeError, which is a ValueError
    elif isinstance(value, dict):
        for name, member in value.items():
            require_texts(name, depth + 1)
            require_texts(member, depth + 1)
    elif isinstance(value, list):
        for member in value:
            require_texts(member, depth + 1)
