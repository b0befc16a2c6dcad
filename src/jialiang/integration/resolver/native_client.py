"""Asking another server in the native protocol over TCP: one connection, many questions at once, by their numbers."""

from __future__ import annotations

import asyncio
import itertools

from jialiang.formats.handle.octets import BadOctets
from jialiang.formats.handle.wire.messages import (
    ENVELOPE_BYTES,
    Envelope,
    Header,
    Message,
    read_content,
    read_envelope,
)
from jialiang.kernel.errors import Unavailable

CONNECT_SECONDS = 3.0
ANSWER_SECONDS = 5.0
LONGEST_ANSWER = 1024 * 1024
MOST_WAITING = 1024


class OtherServerSilent(Unavailable):
    """Another server of the Handle System does not answer; facts: ``address``, ``reason``."""

    code = "JL-HDL-022"


class NativeClient:
    """A connection to ``host:port`` that is opened when it is needed and opened again after it broke."""

    def __init__(self, host: str, port: int) -> None:
        self.address = (host, port)
        self._writer: asyncio.StreamWriter | None = None
        self._reading: asyncio.Task[None] | None = None
        self._opening = asyncio.Lock()
        self._waiting: dict[int, asyncio.Future[Message]] = {}
        self._numbers = itertools.count(1)

    async def ask(self, header: Header, body: bytes) -> Message:
        """Return the response to a request. Raises :class:`OtherServerSilent`."""
        if len(self._waiting) >= MOST_WAITING:
            raise self._silent("too many questions are waiting")
        number = next(self._numbers) & 0x7FFFFFFF
        future: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        self._waiting[number] = future
        try:
            writer = await self._connected()
            writer.write(Message(Envelope(0, number), header, body).octets())
            async with asyncio.timeout(ANSWER_SECONDS):
                return await future
        except (OSError, TimeoutError) as problem:
            raise self._silent(str(problem) or type(problem).__name__) from problem
        finally:
            self._waiting.pop(number, None)

    def close(self) -> None:
        """Break the connection off."""
        if self._reading is not None:
            self._reading.cancel()
        self._broken("closed")

    async def _connected(self) -> asyncio.StreamWriter:
        async with self._opening:
            if self._writer is None or self._writer.is_closing():
                async with asyncio.timeout(CONNECT_SECONDS):
                    reader, self._writer = await asyncio.open_connection(*self.address)
                self._reading = asyncio.get_running_loop().create_task(self._read(reader))
            return self._writer

    async def _read(self, reader: asyncio.StreamReader) -> None:
        try:
            while True:
                envelope = read_envelope(await reader.readexactly(ENVELOPE_BYTES))
                if envelope.length > LONGEST_ANSWER:
                    break
                message = read_content(envelope, await reader.readexactly(envelope.length))
                future = self._waiting.get(envelope.request)
                if future is not None and not future.done():
                    future.set_result(message)
        except (OSError, asyncio.IncompleteReadError, BadOctets) as problem:
            self._broken(str(problem))
        else:
            self._broken("an answer that is too long")

    def _broken(self, reason: str) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None
        for future in self._waiting.values():
            if not future.done():
                future.set_exception(ConnectionError(reason))

    def _silent(self, reason: str) -> OtherServerSilent:
        return OtherServerSilent(address="{}:{}".format(*self.address), reason=reason)
