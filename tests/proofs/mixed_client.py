"""Many connections that ask in turn at an offered rate: each keeps its connection, rests, asks, and keeps the time.

Requests are bytes made beforehand; answers are read as far as their status and length. One process serves thousands of
connections, since a request costs it little more than a wake-up.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

LATE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Request:
    """A request of one ``kind``: no failure is an answer of the status ``wanted`` whose body holds ``holds``.

    ``tag`` comes back in the book.
    """

    kind: str
    data: bytes
    wanted: int = 200
    holds: bytes = b""
    tag: str = ""


@dataclass
class Book:
    """What happened: seconds of every answer by kind, statuses, what was acknowledged, what went wrong."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    acknowledged: list[str] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def answered(self, request: Request, status: int, body: bytes, seconds: float) -> None:
        """Enter an answer."""
        self.seconds.setdefault(request.kind, []).append(seconds)
        self.statuses[request.kind, status] += 1
        if status != request.wanted or request.holds not in body:
            self.failures.append(f"{request.kind} {request.tag}: {status} {body[:200].decode(errors='replace')}")
        elif request.tag:
            self.acknowledged.append(request.tag)

    def broken(self, request: Request, problem: str) -> None:
        """Enter a request that got no answer."""
        self.unanswered.append(request.tag)
        self.failures.append(f"{request.kind} {request.tag}: {problem}")

    def figures(self) -> dict[str, dict[str, float]]:
        """Return number, median, 99th percentile and longest time in seconds of each kind."""
        return {kind: figures_of(taken) for kind, taken in sorted(self.seconds.items())}


def figures_of(taken: list[float]) -> dict[str, float]:
    """Return number, median, 99th percentile and the longest of some times."""
    ordered = sorted(taken)
    return {
        "number": len(ordered),
        "median": round(ordered[len(ordered) // 2], 4),
        "p99": round(ordered[min(len(ordered) - 1, int(0.99 * len(ordered)))], 4),
        "longest": round(ordered[-1], 4),
    }


@dataclass(frozen=True, slots=True)
class Plan:
    """How many connections ask for how long (seconds), and at which rate all of them together (a second)."""

    connections: int
    seconds: float
    rate: float


def request(method: str, target: str, host: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> bytes:
    """Return the bytes of a request that keeps its connection."""
    lines = [f"{method} {target} HTTP/1.1", f"Host: {host}", "Accept: application/json"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    if body or method not in {"GET", "HEAD"}:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def ask_all(
    host: str, port: int, plan: Plan, next_request: Callable[[random.Random], Request], dice: random.Random
) -> Book:
    """Let every connection ask until the time is over; a connection that breaks is opened anew."""
    book = Book()
    end = time.monotonic() + plan.seconds
    rest = plan.connections / plan.rate
    asking = [
        _connection(host, port, end, rest, next_request, random.Random(dice.random()), book)
        for _ in range(plan.connections)
    ]
    await asyncio.gather(*asking)
    return book


async def _connection(
    host: str,
    port: int,
    end: float,
    rest: float,
    next_request: Callable[[random.Random], Request],
    dice: random.Random,
    book: Book,
) -> None:
    await asyncio.sleep(dice.uniform(0, rest))
    reader: asyncio.StreamReader | None = None
    writer: asyncio.StreamWriter | None = None
    while time.monotonic() < end:
        asked = next_request(dice)
        began = time.monotonic()
        try:
            if writer is None or reader is None:
                reader, writer = await asyncio.open_connection(host, port)
            writer.write(asked.data)
            status, body, keeps = await asyncio.wait_for(_answer(reader), LATE_SECONDS)
        except (OSError, TimeoutError, asyncio.IncompleteReadError) as problem:
            book.broken(asked, type(problem).__name__)
            writer = _closed(writer)
            await asyncio.sleep(0.2)
            continue
        book.answered(asked, status, body, time.monotonic() - began)
        if not keeps:
            writer = _closed(writer)
        await asyncio.sleep(dice.uniform(0, 2 * rest))
    _closed(writer)


def _closed(writer: asyncio.StreamWriter | None) -> None:
    if writer is not None:
        writer.close()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes, bool]:
    """Read one answer; return its status and body, and whether the connection stays."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    status = int(head[9:12])
    _, _, rest = head.partition(b"\r\ncontent-length:")
    body = b""
    if rest:
        body = await reader.readexactly(int(rest.partition(b"\r\n")[0]))
    elif b"transfer-encoding: chunked" in head:
        body = await _chunks(reader)
    elif status not in (204, 304):
        raise OSError("an answer without a length")
    return status, body, b"connection: close" not in head


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    pieces = []
    while True:
        length = int((await reader.readline()).split(b";")[0], 16)
        piece = await reader.readexactly(length + 2)
        if not length:
            return b"".join(pieces)
        pieces.append(piece[:-2])
