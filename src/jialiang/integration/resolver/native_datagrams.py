"""The native protocol over UDP. An answer is never more than thrice as long as what asked for it.

Who sends a datagram may have forged whose it is; a longer answer would be a weapon. Where the answer does not fit, a
short one says so (response 3 and the flag of a message that was cut), and the client asks over TCP.
"""

from __future__ import annotations

import asyncio
import logging
import time
from typing import cast

from jialiang.formats.handle.octets import BadOctets
from jialiang.formats.handle.values import ResponseCode
from jialiang.formats.handle.wire.datagrams import Assembly, datagrams
from jialiang.formats.handle.wire.messages import (
    ENVELOPE_BYTES,
    TRUNCATED,
    Envelope,
    read_content,
    read_envelope,
)
from jialiang.integration.resolver.clients import parsed_address
from jialiang.integration.resolver.native_frames import Asked, complaint
from jialiang.integration.resolver.native_peers import Peer
from jialiang.integration.resolver.native_service import NativeService, malformed

log = logging.getLogger(__name__)

AMPLIFICATION = 3
LONGEST_REQUEST = 32 * 1024
MESSAGES_AT_ONCE = 256
ASSEMBLY_SECONDS = 5.0
WORKING_AT_ONCE = 512
HINT = "ask over TCP"
_FLAGS_AT = 2


class Datagrams(asyncio.DatagramProtocol):
    """Answers datagrams that come to ``local``."""

    def __init__(self, service: NativeService) -> None:
        self._service = service
        self._transport: asyncio.DatagramTransport | None = None
        self._assembly = Assembly(longest=LONGEST_REQUEST, at_once=MESSAGES_AT_ONCE, seconds=ASSEMBLY_SECONDS)
        self._working: set[asyncio.Task[None]] = set()
        self._local = ""

    @property
    def working(self) -> int:
        """How many requests are under way."""
        return len(self._working)

    @property
    def pending(self) -> int:
        """How many messages are not whole yet."""
        return len(self._assembly)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the socket."""
        self._transport = cast(asyncio.DatagramTransport, transport)
        self._local = transport.get_extra_info("sockname")[0].partition("%")[0]

    def connection_lost(self, problem: Exception | None) -> None:
        """Leave what is under way."""
        for task in list(self._working):
            task.cancel()
        self._transport = None

    def error_received(self, problem: Exception) -> None:
        """Pass over what the network tells of earlier datagrams."""
        log.debug("datagram: %s", problem)

    def datagram_received(self, data: bytes, sender: tuple[str, int]) -> None:
        """Answer a datagram, or keep it until its message is whole."""
        address = parsed_address(sender[0].partition("%")[0])
        if address is None:
            return
        peer = Peer("native_udp", address, self._local, key=address)
        try:
            whole = self._assembly.add(sender, data, time.monotonic())
        except BadOctets as fault:
            self._complain(data, fault, sender)
            return
        if whole is None:
            return
        envelope, content = whole
        if len(content) >= 36 and len(data) == ENVELOPE_BYTES + len(content):
            answer = self._service.at_once(data, 0, peer)
            if answer is not None:
                self._send(answer, envelope, content, sender)
                return
        if len(self._working) < WORKING_AT_ONCE:
            task = asyncio.get_running_loop().create_task(self._worked(envelope, content, peer, sender))
            self._working.add(task)
            task.add_done_callback(self._working.discard)

    async def _worked(self, envelope: Envelope, content: bytes, peer: Peer, sender: tuple[str, int]) -> None:
        answer = await self._service.answer(envelope, content, peer)
        if answer:
            self._send(answer, envelope, content, sender)

    def _send(self, answer: bytes, envelope: Envelope, content: bytes, sender: tuple[str, int]) -> None:
        if self._transport is None:
            return
        room = AMPLIFICATION * (ENVELOPE_BYTES + len(content))
        pieces = []
        if len(answer) <= room:
            pieces = datagrams(read_content(read_envelope(answer), answer[ENVELOPE_BYTES:]))
        if not pieces or sum(map(len, pieces)) > room:  # each piece has an envelope of its own
            short = hint(envelope, content, self._service.now())
            pieces = [short] if short and len(short) <= room else []
        for datagram in pieces:
            self._transport.sendto(datagram, sender)

    def _complain(self, data: bytes, fault: BadOctets, sender: tuple[str, int]) -> None:
        try:
            envelope = read_envelope(data)
        except BadOctets:
            return
        answer = malformed(envelope, data[ENVELOPE_BYTES:], fault, self._service.now())
        if answer and self._transport is not None and len(answer) <= AMPLIFICATION * len(data):
            self._transport.sendto(answer, sender)


def hint(envelope: Envelope, content: bytes, now: float) -> bytes:
    """Return the short answer that sends a client to TCP, no bytes where the request cannot be read."""
    try:
        asked = Asked(read_content(envelope, content), now)
    except BadOctets:
        return b""
    frame = bytearray(complaint(ResponseCode.SERVER_BUSY, HINT).frame(asked))
    frame[_FLAGS_AT] |= TRUNCATED
    return bytes(frame)
