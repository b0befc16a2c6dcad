"""What ``GET /api/handles/<prefix>/<suffix>`` asks for: which values, and how they shall be written."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl

from jialiang.formats.handle.json_faults import BadHandleJson
from jialiang.formats.handle.json_values import HIGHEST_INDEX, compact, whole_number
from jialiang.formats.handle.names import folded
from jialiang.formats.handle.values import ResponseCode

CALLBACK = re.compile(r"[A-Za-z_$][\w$]{0,63}(?:\.[A-Za-z_$][\w$]{0,63}){0,7}", re.ASCII)
LONGEST_QUERY = 2048
MOST_CHOSEN = 256
_FALSE = frozenset({"false", "0", "no"})


class BadQuestion(ValueError):
    """The query string is not usable; the message is English, for the answer's ``message``."""


@dataclass(frozen=True, slots=True)
class HandleQuestion:
    """What of a record is asked for.

    ``indexes`` and ``types`` choose values (one or the other is enough; all where both are empty). ``authorised`` asks
    for more than what is public: that is for the control plane.
    """

    indexes: frozenset[int] = frozenset()
    types: tuple[str, ...] = ()
    pretty: bool = False
    callback: str = ""
    authorised: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether the published bytes are the answer as they stand."""
        return not (self.indexes or self.types or self.pretty or self.callback)

    def answered(self, body: bytes) -> bytes:
        """Return the answer, made of the published bytes."""
        if self.is_plain:
            return body
        said = json.loads(body)
        if self.indexes or self.types:
            said["values"] = [value for value in said.get("values", ()) if self.chooses(value)]
            if not said["values"] and said["responseCode"] == ResponseCode.SUCCESS:
                said["responseCode"] = int(ResponseCode.VALUES_NOT_FOUND)
        written = json.dumps(said, ensure_ascii=False, indent=2).encode() if self.pretty else compact(said)
        # The comment in front keeps the bytes from being read as anything but a script.
        return b"/**/" + self.callback.encode() + b"(" + written + b");" if self.callback else written

    def chooses(self, value: Mapping[str, object]) -> bool:
        """Tell whether a value is asked for; every one is where none is named."""
        if not self.indexes and not self.types:
            return True
        kind = folded(str(value.get("type", "")))
        return value.get("index") in self.indexes or any(
            kind == wanted or (wanted.endswith(".") and (kind.startswith(wanted) or kind == wanted[:-1]))
            for wanted in self.types
        )


@lru_cache(maxsize=4096)
def handle_question(query: str) -> HandleQuestion:
    """Read a raw query string. Raises :class:`BadQuestion`."""
    if not query:
        return HandleQuestion()
    if len(query) > LONGEST_QUERY:
        raise BadQuestion(f"The query has more than {LONGEST_QUERY} characters")
    pairs = parse_qsl(query, keep_blank_values=True, errors="replace")
    if len(pairs) > MOST_CHOSEN:
        raise BadQuestion(f"More than {MOST_CHOSEN} parameters")
    given = dict(reversed(pairs))
    callback = given.get("callback", "")
    if callback and not CALLBACK.fullmatch(callback):
        raise BadQuestion("callback is not the name of a function")
    return HandleQuestion(
        indexes=frozenset(_index(value) for name, value in pairs if name == "index"),
        types=tuple(folded(value) for name, value in pairs if name == "type" and value),
        pretty="pretty" in given and given["pretty"].lower() not in _FALSE,
        callback=callback,
        authorised=_is_authorised(given),
    )


def _index(text: str) -> int:
    try:
        return whole_number(text, "/index", least=0, most=HIGHEST_INDEX)
    except BadHandleJson as problem:
        raise BadQuestion(f"index {text[:20]!r} is not a whole number") from problem


def _is_authorised(given: dict[str, str]) -> bool:
    asked = "auth" in given and given["auth"].lower() not in _FALSE
    return asked or given.get("publicOnly", given.get("publiconly", "true")).lower() in _FALSE
