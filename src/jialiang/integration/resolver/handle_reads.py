"""``GET /api/handles/<prefix>/<suffix>``: the JSON interface of the Handle System, answered from published rows.

Reads that need a right (``auth``, ``publicOnly=false``, an Authorization header) and all writes are for the control
plane; see ``identifiers``.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote
from zlib import crc32

from jialiang.formats.handle.json_values import compact, refusal_json
from jialiang.formats.handle.values import ResponseCode
from jialiang.integration.resolver.answers import Headers
from jialiang.integration.resolver.handle_questions import BadQuestion, HandleQuestion
from jialiang.integration.resolver.held_rows import HeldRow
from jialiang.integration.resolver.resolving import Refusal, Resolver

HANDLES = "/api/handles/"
METHODS = "GET, HEAD, OPTIONS, PUT, POST, DELETE"

OPEN = ("access-control-allow-origin", "*")
EXPOSED = ("access-control-expose-headers", "ETag, Link, Location")
COMPARED = ("cache-control", "no-cache")
SAFE = ("x-content-type-options", "nosniff")
JSON = ("content-type", "application/json;charset=UTF-8")
SCRIPT = ("content-type", "application/javascript;charset=UTF-8")
PREFLIGHT: Headers = [
    OPEN,
    ("access-control-allow-methods", METHODS),
    ("access-control-allow-headers", "Authorization, Content-Type, If-None-Match"),
    ("access-control-max-age", "86400"),
    ("allow", METHODS),
]
EMPTY_RECORD = b'"values":[]}'
RECORD_START = len(b'{"responseCode":1,"handle":"')
_HANDLE = b'"handle":'
_ENTITY_TAG = re.compile(r'(?:W/)?"[^"]*"')

Reply = tuple[int, Headers, bytes]


class HandleReads:
    """Answers what is public of records."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver

    async def answer(self, name: str, question: HandleQuestion, if_none_match: str) -> tuple[Reply, str]:
        """Return the reply and how it came out, one of ``count_log.OUTCOMES``. Raises ``AnswersUnavailable``."""
        found = await self._resolver.record(name)
        if isinstance(found, Refusal):
            return _refused(found, question), found.outcome
        return replied(as_asked(found, name), question, if_none_match), outcome(found[2])


def unreadable(name: str, problem: BadQuestion) -> Reply:
    """Return the reply to a query string that is not usable."""
    refusal = refusal_json(ResponseCode.ERROR, name[:200], str(problem))
    return 400, [JSON, OPEN, EXPOSED, SAFE, COMPARED], compact(refusal)


def replied(row: HeldRow, question: HandleQuestion, if_none_match: str) -> Reply:
    """Return the reply made of a row, or 304 where the client has it already."""
    body, number, status, _ = row
    if status == 200 and body.endswith(EMPTY_RECORD):
        body = body.replace(b'"responseCode":1,', b'"responseCode":200,', 1)
    written = question.answered(body)
    tag = f'"{number:x}"' if written is row[0] else f'"{number:x}-{crc32(written):x}"'
    headers = [SCRIPT if question.callback else JSON, OPEN, EXPOSED, SAFE, COMPARED, ("etag", tag)]
    if if_none_match and status == 200 and holds_tag(if_none_match, tag):
        return 304, headers[1:], b""
    return status, headers, written


def as_asked(row: HeldRow, name: str) -> HeldRow:
    """Return the row with the name spelled as it was asked for: clients of the Handle System compare the two."""
    body, written = row[0], compact(name)
    start = body.find(_HANDLE) + len(_HANDLE)
    end = start + len(written)  # spellings of one name differ in the case of ASCII letters alone
    if body[start:end] == written or body[start:end].lower() != written.lower():
        return row
    return (body[:start] + written + body[end:], *row[1:])


def holds_tag(if_none_match: str, tag: str) -> bool:
    """Tell whether a list of entity tags holds ``tag``, compared weakly (RFC 9110, 13.1.2)."""
    if if_none_match.strip() == "*":
        return True
    return any(each.removeprefix("W/") == tag for each in _ENTITY_TAG.findall(if_none_match))


def outcome(status: int) -> str:
    """Return how a published row of ``status`` counts."""
    return {200: "found", 404: "suspended", 410: "retired"}.get(status, "refused")


def _refused(refusal: Refusal, question: HandleQuestion) -> Reply:
    headers = [SCRIPT if question.callback else JSON, OPEN, EXPOSED, SAFE, COMPARED]
    address = http_address(refusal.site, HANDLES + quote(refusal.name, safe="/"))
    if address:
        headers.append(("location", address))
    return 307 if address else refusal.status, headers, question.answered(refusal.body())


def http_address(site: dict[str, Any] | None, path: str) -> str:
    """Return the address of ``path`` at the HTTP interface of another site, empty where it has none."""
    for server in (site or {}).get("servers", ()):
        host = server["address"]
        for interface in server.get("interfaces", ()):
            if interface.get("query") and interface.get("protocol") in {"HTTP", "HTTPS"}:
                shown = f"[{host}]" if ":" in host else host
                return f"{interface['protocol'].lower()}://{shown}:{interface['port']}{path}"
    return ""
