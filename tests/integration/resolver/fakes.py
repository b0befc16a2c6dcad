"""A table without a database, a request without a server, a clock moved by hand."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from jialiang.integration.resolver.reader import UNCHANGED, AnswersUnavailable, Row, Unchanged

JSON_HEADERS = json.dumps({"Content-Type": "application/json", "Cache-Control": "no-store"})
NOON = 1781582850.0  # 2026-06-16T04:07:30Z


@dataclass
class Watch:
    """A clock that is moved by hand."""

    seconds: float = 1000.0

    def __call__(self) -> float:
        return self.seconds


@dataclass
class TableReader:
    """Reads from a dict and notes what it was asked."""

    rows: dict[str, Row] = field(default_factory=dict)
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    broken: bool = False

    def put(self, key: str, body: bytes, *, stamp: str = "1", not_after: float | None = None) -> None:
        self.rows[key] = Row(stamp, body, JSON_HEADERS, not_after)

    async def read(self, key: str, known_stamp: str | None) -> Row | Unchanged | None:
        self.asked.append((key, known_stamp))
        await asyncio.sleep(0)
        if self.broken:
            raise AnswersUnavailable(reason="db.internal refused")
        row = self.rows.get(key)
        return UNCHANGED if row is not None and row.stamp == known_stamp else row

    async def close(self) -> None:
        self.rows.clear()


class HeaderFields:
    """Header fields as granian gives them: names in lower case."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self._pairs = pairs

    def get(self, key: str, default: str = "") -> str:
        return next((content for name, content in self._pairs if name == key), default)

    def items(self) -> list[tuple[str, str]]:
        return self._pairs


@dataclass
class Request:
    """An RSGI scope."""

    path: str = "/"
    query_string: str = ""
    method: str = "GET"
    fields: list[tuple[str, str]] = field(default_factory=list)
    client: str = "203.0.113.9:4711"
    scheme: str = "http"
    proto: str = "http"

    @property
    def headers(self) -> HeaderFields:
        return HeaderFields([("host", "verify.example.cn"), *self.fields])


class Stream:
    """What a streamed response is written to."""

    def __init__(self, reply: Reply) -> None:
        self._reply = reply

    async def send_bytes(self, data: bytes) -> None:
        if self._reply.hangs_up:
            raise RuntimeError("protocol closed")
        self._reply.body += data
        self._reply.pieces += 1


class Reply:
    """An RSGI protocol that keeps what it is told."""

    def __init__(self, *body: bytes, hangs_up: bool = False) -> None:
        self._request_body = body
        self.hangs_up = hangs_up
        self.status = 0
        self.headers: dict[str, str] = {}
        self.body = b""
        self.pieces = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self._request_body:
            yield piece

    def _begin(self, status: int, headers: list[tuple[str, str]]) -> None:
        assert self.status == 0, "answered twice"
        self.status = status
        self.headers = dict(headers)

    def response_empty(self, status: int, headers: list[tuple[str, str]]) -> None:
        self._begin(status, headers)

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self._begin(status, headers)
        self.body = body

    def response_stream(self, status: int, headers: list[tuple[str, str]]) -> Stream:
        self._begin(status, headers)
        return Stream(self)
