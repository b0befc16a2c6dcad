"""The native protocol over TCP: connections that stay open, many requests under way, nobody who may hold us up."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass
from typing import cast

from jialiang.formats.handle.octets import BadOctets
from jialiang.formats.handle.wire.codes import OpCode
from jialiang.formats.handle.wire.messages import (
    ENVELOPE_BYTES,
    MAJOR,
    OTHER_VERSION,
    Envelope,
    read_envelope,
)
from jialiang.integration.resolver.clients import parsed_address
from jialiang.integration.resolver.native_frames import FRAME_BYTES
from jialiang.integration.resolver.native_peers import Peer
from jialiang.integration.resolver.native_service import NativeService, malformed
from jialiang.kernel.text import Text

IDLE_SECONDS = 300.0
MESSAGE_SECONDS = 10.0
WORK_SECONDS = 90.0  # longer than the control plane may take
AT_ONCE = 32  # resolutions of one connection under way
LONGEST_REQUEST = 1024 * 1024
GATHERED = 64 * 1024  # bytes of answers that are written at once
TOO_LONG = Text(zh="请求长度不在允许范围内", en="a length of request that is not taken")


@dataclass(frozen=True, slots=True)
class StreamLimits:
    """How many connections there may be, in all and of one household."""

    connections: int = 4096
    of_a_household: int = 256


class Streams:
    """Makes the protocol of each connection and counts them."""

    def __init__(self, service: NativeService, limits: StreamLimits) -> None:
        self.service = service
        self._limits = limits
        self._open: Counter[bytes] = Counter()
        self.connections: set[Stream] = set()

    def __call__(self) -> Stream:
        """Make the protocol of a connection."""
        return Stream(self)

    def admit(self, stream: Stream, household: bytes) -> bool:
        """Tell whether a new connection may stay, and count it if so."""
        limits = self._limits
        if len(self.connections) >= limits.connections or self._open[household] >= limits.of_a_household:
            return False
        self.connections.add(stream)
        self._open[household] += 1
        return True

    def forget(self, stream: Stream, household: bytes) -> None:
        """Count a connection no longer."""
        if stream in self.connections:
            self.connections.discard(stream)
            self._open[household] -= 1
            if not self._open[household]:
                del self._open[household]

    def close(self) -> None:
        """Break all connections off."""
        for stream in list(self.connections):
            stream.abort()


class Stream(asyncio.Protocol):
    """One connection. A resolution that takes time is overtaken by those behind it, as each answer has the number of
    its request; whatever may change something is done alone and in its place.
    """

    def __init__(self, streams: Streams) -> None:
        self._streams = streams
        self._service = streams.service
        self._transport: asyncio.Transport | None = None
        self._peer: Peer | None = None
        self._buffer = bytearray()
        self._working: set[asyncio.Task[None]] = set()
        self._alone = False
        self._can_write = True
        self._ended = False
        self._patience: asyncio.TimerHandle | None = None

    @property
    def working(self) -> int:
        """How many requests are under way."""
        return len(self._working)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take a connection, or close it where there are too many."""
        stream = self._transport = cast(asyncio.Transport, transport)
        address = parsed_address(transport.get_extra_info("peername")[0].partition("%")[0])
        local = transport.get_extra_info("sockname")[0].partition("%")[0]
        if address is None:
            stream.abort()
            return
        self._peer = Peer("native_tcp", address, local)
        if not self._streams.admit(self, self._peer.household):
            stream.abort()
            return
        self._wait(IDLE_SECONDS)

    def connection_lost(self, problem: Exception | None) -> None:
        """Forget the connection."""
        if self._peer is not None:
            self._streams.forget(self, self._peer.household)
        if self._patience is not None:
            self._patience.cancel()
        for task in list(self._working):
            task.cancel()
        self._transport = None
        self._buffer.clear()

    def data_received(self, data: bytes) -> None:
        """Answer what is whole."""
        self._buffer += data
        self._pump()

    def eof_received(self) -> bool:
        """Answer what is under way before closing."""
        self._ended = True
        return bool(self._working)

    def pause_writing(self) -> None:
        """The client does not read: take nothing more from it for now."""
        self._can_write = False
        if self._transport is not None:
            self._transport.pause_reading()
        self._wait(MESSAGE_SECONDS)

    def resume_writing(self) -> None:
        """The client reads again."""
        self._can_write = True
        self._pump()

    def abort(self) -> None:
        """Break the connection off."""
        if self._transport is not None:
            self._transport.abort()

    def _pump(self) -> None:
        """Answer or begin what is in the buffer, as far as it goes, and see to what comes next."""
        peer, transport = self._peer, self._transport
        if peer is None or transport is None:
            return
        answers: list[bytes] = []
        buffer, at, gathered = self._buffer, 0, 0
        while self._can_write and not self._alone and len(buffer) - at >= FRAME_BYTES:
            length = int.from_bytes(buffer[at + 16 : at + 20], "big")
            if length > LONGEST_REQUEST or buffer[at] != MAJOR:
                self._refuse(bytes(buffer[at:]), answers)
                return
            end = at + ENVELOPE_BYTES + length
            if len(buffer) < end:
                break
            answer = self._service.at_once(buffer, at, peer) if length >= 36 else None
            if answer is None and not self._began(buffer, at, end, peer):
                break
            at = end
            if answer is not None:
                answers.append(answer)
                gathered += len(answer)
            if gathered >= GATHERED:
                transport.write(b"".join(answers))
                answers, gathered = [], 0
        del buffer[:at]
        if answers:
            transport.write(b"".join(answers))
        self._look_ahead(transport)

    def _began(self, buffer: bytearray, at: int, end: int, peer: Peer) -> bool:
        """Begin a request that takes time; False while it has to wait for others."""
        beside = int.from_bytes(buffer[at + 20 : at + 24], "big") == OpCode.RESOLVE and not peer.identity
        if self._working and (not beside or len(self._working) >= AT_ONCE):
            return False
        self._alone = not beside
        task = asyncio.get_running_loop().create_task(self._worked(bytes(buffer[at:end]), peer))
        self._working.add(task)
        task.add_done_callback(self._ended_one)
        return True

    async def _worked(self, frame: bytes, peer: Peer) -> None:
        try:
            answer = await self._service.answer(read_envelope(frame), frame[ENVELOPE_BYTES:], peer)
        except BaseException:
            self.abort()
            raise
        if answer and self._transport is not None:
            self._transport.write(answer)

    def _ended_one(self, task: asyncio.Task[None]) -> None:
        self._working.discard(task)
        self._alone = False
        self._pump()

    def _look_ahead(self, transport: asyncio.Transport) -> None:
        """Read on or wait, close where nothing more comes, and set how long the next piece may take."""
        buffer = self._buffer
        if ENVELOPE_BYTES <= len(buffer) < FRAME_BYTES:
            length = int.from_bytes(buffer[16:20], "big")
            if length < FRAME_BYTES - ENVELOPE_BYTES and len(buffer) >= ENVELOPE_BYTES + length:
                self._refuse(bytes(buffer), [])
                return
        if self._ended and not self._working:
            transport.close()
        elif self._can_write and len(buffer) < 2 * LONGEST_REQUEST:
            transport.resume_reading()
        else:
            transport.pause_reading()
        if self._working:
            self._wait(WORK_SECONDS)
        else:
            self._wait(MESSAGE_SECONDS if buffer or not self._can_write else IDLE_SECONDS)

    def _refuse(self, frame: bytes, answers: list[bytes]) -> None:
        """Answer a message that is too long, or whose end cannot be trusted, and close."""
        transport = self._transport
        if transport is None:
            return
        content = frame[ENVELOPE_BYTES:]
        try:
            envelope = read_envelope(frame)
        except BadOctets:
            envelope = Envelope(0, int.from_bytes(frame[8:12], "big"), int.from_bytes(frame[4:8], "big"))
        fault = _fault(envelope)
        answers.append(malformed(envelope, content, fault, self._service.now()))
        transport.write(b"".join(answers))
        self._buffer.clear()
        transport.close()

    def _wait(self, seconds: float) -> None:
        if self._patience is not None:
            self._patience.cancel()
        self._patience = asyncio.get_running_loop().call_later(seconds, self.abort)


def _fault(envelope: Envelope) -> BadOctets:
    if envelope.major != MAJOR:
        return BadOctets(place="version of the protocol", offset=0, fault=OTHER_VERSION)
    return BadOctets(place="length of the message", offset=16, fault=TOO_LONG)
