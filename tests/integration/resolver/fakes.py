"""A table without a database, a request without a server, a clock moved by hand."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from jialiang.formats.handle.json_values import answer_body, compact, refusal_json
from jialiang.formats.handle.published import PublishedPrefix, prefix_key, record_key
from jialiang.formats.handle.values import HandleRecord, HandleValue, ResponseCode
from jialiang.integration.resolver.reader import UNCHANGED, AnswersUnavailable, Row, Unchanged
from jialiang.integration.resolver.table_feed import Pulse

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


@dataclass
class FedReader(TableReader):
    """A table that also tells its newest row, written with growing versions."""

    versions: dict[str, int] = field(default_factory=dict)
    history: str = "file 1"
    looks: int = 0
    last: int = 0

    def write(self, key: str, body: bytes, status: int = 200) -> None:
        self.last += 1
        self.versions[key] = self.last
        headers = {"content-type": "application/json"} | ({":status": str(status)} if status != 200 else {})
        self.rows[key] = Row(f"{self.last} 2026-06-16 04:07:30", body, json.dumps(headers), None)

    def prefix(self, prefix: str, state: str = "active", site: dict[str, object] | None = None) -> None:
        self.write(prefix_key(prefix), PublishedPrefix(prefix, state, site).body())

    def record(self, name: str, *values: HandleValue) -> None:
        self.write(record_key(name), answer_body(HandleRecord(name, values)))

    def closed(self, name: str, state: str, status: int) -> None:
        body = refusal_json(ResponseCode.HANDLE_NOT_FOUND, name, f"The identifier is {state}")
        self.write(record_key(name), compact({**body, "state": state}), status)

    async def pulse(self) -> Pulse:
        self.looks += 1
        await asyncio.sleep(0)
        if self.broken:
            raise AnswersUnavailable(reason="db.internal refused")
        return Pulse(self.history, self.last, f"moment of {self.last}")

    async def changed_after(self, version: int, limit: int) -> list[str]:
        newer = sorted((number, key) for key, number in self.versions.items() if number > version)
        return [key for _, key in newer[:limit]]


class HeaderFields:
    """Header fields as granian gives them: names in lower case."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self._pairs = pairs

    def get(self, key: str, default: str = "") -> str:
        return next((content for name, content in self._pairs if name == key), default)

    def __contains__(self, key: str) -> bool:
        return any(name == key for name, _ in self._pairs)

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
