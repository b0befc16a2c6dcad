"""The connection to the control plane: HTTP/1.1 over a Unix socket or TCP, with a small pool.

The peer is our own server (or the front of our own installation), so this speaks the part of HTTP/1.1 (RFC 9112) that
such a peer speaks: bodies with a length, in chunks, or up to the end of the connection.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from jialiang.integration.resolver.answers import Headers
from jialiang.kernel.errors import Unavailable

LONGEST_HEAD = 64 * 1024
CHUNK = 64 * 1024
CONNECT_SECONDS = 2.0
RESTART_SECONDS = 3.0  # how long a request waits for a control plane that is just being started
ANSWER_SECONDS = 60.0


class ControlPlaneDown(Unavailable):
    """Nothing answers where the control plane should be, or it broke off."""

    code = "JL-SRV-001"
    http_status = 502


class ControlPlaneSlow(Unavailable):
    """The control plane did not answer in time."""

    code = "JL-SRV-002"
    http_status = 504


@dataclass(slots=True)
class Connection:
    """One open connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    def fresh_enough(self) -> bool:
        """Say whether the other side has kept it open."""
        return not (self.reader.at_eof() or self.writer.is_closing())

    def close(self) -> None:
        """Break it off."""
        self.writer.close()


@dataclass(slots=True)
class Response:
    """Status and headers of a response, and its body still to be read."""

    status: int
    headers: Headers
    connection: Connection
    bodiless: bool
    finished: bool = field(default=False, init=False)

    def header(self, wanted: str) -> str:
        """Return the content of a header, empty if it is missing."""
        return next((content for name, content in self.headers if name == wanted), "")

    @property
    def length(self) -> int | None:
        """The stated length of the body in bytes."""
        text = self.header("content-length")
        return int(text) if text.isdecimal() else None

    async def body(self) -> AsyncIterator[bytes]:
        """Yield the body piece by piece. Raises :class:`ControlPlaneDown` when it ends too early."""
        reader = self.connection.reader
        try:
            if not self.bodiless:
                if self.header("transfer-encoding").lower() == "chunked":
                    pieces = _chunks(reader)
                elif self.length is not None:
                    pieces = _counted(reader, self.length)
                else:
                    pieces = _to_the_end(reader)
                async for piece in pieces:
                    yield piece
        except (OSError, ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as problem:
            raise ControlPlaneDown(reason=f"response broken off: {problem}") from problem
        self.finished = True

    @property
    def keeps_open(self) -> bool:
        """Whether the connection may carry another exchange after the body."""
        framed = self.bodiless or self.length is not None or bool(self.header("transfer-encoding"))
        return self.finished and framed and self.header("connection").lower() != "close"


class ControlPlane:
    """A pool of connections to ``address``: ``unix:/path/of.sock`` or ``http://host:port``."""

    def __init__(self, address: str, *, at_once: int = 64) -> None:
        parts = urlsplit(address)
        self._socket = parts.path if parts.scheme == "unix" else ""
        self._host, self._port = parts.hostname or "127.0.0.1", parts.port or 80
        self._idle: list[Connection] = []
        self._most_idle = at_once
        self._places = asyncio.Semaphore(at_once)

    async def send(self, head: list[str], body: AsyncIterator[bytes] | None, length: int) -> Response:
        """Send a request and return the response as soon as its head is there; end with :meth:`done`.

        ``length`` bytes are taken from ``body``. Raises :class:`ControlPlaneDown` and :class:`ControlPlaneSlow`.
        """
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await self._places.acquire()
        except TimeoutError as problem:
            raise ControlPlaneSlow(reason="too many requests are waiting") from problem
        try:
            return await self._exchange(head, body, length)
        except BaseException:
            self._places.release()
            raise

    def done(self, response: Response) -> None:
        """Take the connection back when its body was read to the end, otherwise break it off."""
        self._places.release()
        if response.keeps_open and len(self._idle) < self._most_idle:
            self._idle.append(response.connection)
        else:
            response.connection.close()

    async def close(self) -> None:
        """Close every idle connection."""
        while self._idle:
            self._idle.pop().close()

    async def _exchange(self, head: list[str], body: AsyncIterator[bytes] | None, length: int) -> Response:
        # A kept connection may be closed under way by the other side (which does so where it refused a body unread):
        # only a safe request, which may be sent again (RFC 9110, 9.2.2), is entrusted to one.
        repeatable = body is None and head[0].startswith(("GET ", "HEAD "))
        kept = self._pooled() if repeatable else None
        if kept is not None:
            with suppress(ControlPlaneDown):
                return await self._once(kept, head, body, length)
        return await self._once(await self._connect(), head, body, length)

    async def _once(
        self, connection: Connection, head: list[str], body: AsyncIterator[bytes] | None, length: int
    ) -> Response:
        try:
            async with asyncio.timeout(ANSWER_SECONDS) as patience:
                await _write(connection.writer, head, body, length, patience)
                return await _read_head(connection, head[0].startswith("HEAD "))
        except TimeoutError as problem:
            connection.close()
            raise ControlPlaneSlow(reason=f"no answer within {ANSWER_SECONDS:g} s") from problem
        except (OSError, ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as problem:
            connection.close()
            raise ControlPlaneDown(reason=str(problem) or type(problem).__name__) from problem
        except BaseException:
            connection.close()
            raise

    def _pooled(self) -> Connection | None:
        while self._idle:
            connection = self._idle.pop()
            if connection.fresh_enough():
                return connection
            connection.close()
        return None

    async def _connect(self) -> Connection:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + RESTART_SECONDS
        while True:
            try:
                async with asyncio.timeout(CONNECT_SECONDS):
                    return Connection(*await self._open())
            except (OSError, TimeoutError) as problem:
                if loop.time() >= deadline:
                    raise ControlPlaneDown(reason=str(problem) or "no connection") from problem
            await asyncio.sleep(0.1)

    async def _open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._socket:
            return await asyncio.open_unix_connection(self._socket, limit=LONGEST_HEAD)
        return await asyncio.open_connection(self._host, self._port, limit=LONGEST_HEAD)


async def _write(
    writer: asyncio.StreamWriter,
    head: list[str],
    body: AsyncIterator[bytes] | None,
    length: int,
    patience: asyncio.Timeout,
) -> None:
    """Send a request; patience begins anew with every piece of the body, so that a slow line may be long."""
    framing = [f"Content-Length: {length}"] if body is not None else []
    unsent = "\r\n".join([*head, *framing, "", ""]).encode()
    left = length
    async for piece in body or _nothing():
        left -= len(piece)
        if left < 0:
            raise ValueError("the request body is longer than it said")
        writer.write(unsent + piece)  # head and a short body arrive at once: nobody answers between them
        unsent = b""
        await writer.drain()
        patience.reschedule(asyncio.get_running_loop().time() + ANSWER_SECONDS)
    if left:
        raise ValueError("the request body is shorter than it said")
    writer.write(unsent)


async def _nothing() -> AsyncIterator[bytes]:
    nothing: tuple[bytes, ...] = ()
    for piece in nothing:
        yield piece


async def _read_head(connection: Connection, to_head: bool) -> Response:
    while True:
        block = await connection.reader.readuntil(b"\r\n\r\n")
        lines = block[:-4].decode("latin-1").split("\r\n")
        version, status, *_ = lines[0].split(" ", 2)
        if not version.startswith("HTTP/1."):
            raise ValueError(f"no HTTP/1 response: {lines[0][:40]!r}")
        if not status.startswith("1"):
            break
    fields = (line.partition(":") for line in lines[1:])
    headers = [(name.lower(), content.strip()) for name, _, content in fields]
    return Response(int(status), headers, connection, to_head or status in {"204", "304"})


async def _chunks(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
        async for piece in _counted(reader, size):
            yield piece
        await reader.readexactly(2)
    while await reader.readuntil(b"\r\n") != b"\r\n":
        continue  # trailers


async def _counted(reader: asyncio.StreamReader, length: int) -> AsyncIterator[bytes]:
    while length:
        piece = await reader.read(min(length, CHUNK))
        if not piece:
            raise asyncio.IncompleteReadError(b"", length)
        length -= len(piece)
        yield piece


async def _to_the_end(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    while piece := await reader.read(CHUNK):
        yield piece
