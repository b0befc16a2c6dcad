"""No packet stops the native server: a million random and damaged packets, seeded, over streams and datagrams.

    python -m tests.proofs.native_packets --packets 1000000 --seed 1

Packets are good requests of every operation, requests damaged in one or many bytes, with extreme numbers where lengths
and counts stand, cut, extended, spliced, in pieces of datagrams, and bytes of chance. They go through the protocol
objects of the server as from a socket. A finding is: an exception that is not answered; an answer that is no message of
the protocol; an answer over datagrams that is more than thrice its request; something kept beyond its bound; memory
that has grown by more than 48 MiB after the first tenth; or a good request that is not answered at the end.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import resource
import struct
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.native_protocol.client import Value, block, content, numbers, question, record_body
from tests.native_protocol.running import MEGABYTE, NAME, VALUES, Published

from jialiang.formats.handle.octets import BadOctets
from jialiang.formats.handle.wire.conversation import read_response
from jialiang.formats.handle.wire.messages import read_message
from jialiang.integration.resolver.misses import MissLimit
from jialiang.integration.resolver.native_datagrams import AMPLIFICATION, MESSAGES_AT_ONCE, Datagrams
from jialiang.integration.resolver.native_door import HandedReply, HandedRequest, NativeDoor
from jialiang.integration.resolver.native_reads import NativeReads
from jialiang.integration.resolver.native_service import NativeService
from jialiang.integration.resolver.native_site import OwnSite
from jialiang.integration.resolver.native_streams import Stream, StreamLimits, Streams
from jialiang.integration.resolver.resolving import Resolver
from jialiang.integration.resolver.sqlite_reader import SqliteReader
from jialiang.integration.resolver.table_feed import TableFeed

MEBIBYTES = 48
PACKETS_OF_A_CONNECTION = 20
EXTREMES = (
    0,
    1,
    0x7F,
    0xFF,
    0x7FFF,
    0xFFFF,
    0x7FFFFFFF,
    0x80000000,
    0xFFFFFFFF,
    16_672_500,
    16_672_501,
    1 << 20,
)
VALUE = [Value(1, "URL", b"https://example.org"), Value(100, "HS_ADMIN", bytes(20), references=[("a/b", 1)])]
IDENTITY = block("88.101.5/admin") + struct.pack(">I", 300)
BODIES = [
    (1, question(NAME)), (1, question(NAME, (1, 2), ("URL",))), (1, question("88.101.5/none")), (1, question("99/x")),
    (2, block("/")), (2, b""), (100, record_body(NAME, VALUE)), (101, block(NAME)), (102, record_body(NAME, VALUE)),
    (103, block(NAME) + numbers((1, 2))), (104, record_body(NAME, VALUE)), (105, block("0.NA/88.101.5")),
    (200, block("HS_PUBKEY") + IDENTITY + block(block("SHA-256") + block(bytes(256)))),
    (200, block("HS_SECKEY") + IDENTITY + block(b"\x22" + bytes(40))),
    (201, IDENTITY + block(bytes(16)) + block(bytes(20)) + block(bytes(21))), (300, block("0.NA/88.101.5")),
    (301, block("0.NA/88.101.5")), (302, block("0.NA/88")), (400, bytes(30)), (401, b""), (402, bytes(30)),
    (2000, question(NAME)), (2001, IDENTITY), (1000, bytes(8)),
]  # fmt: skip


class Refusing(NativeDoor):
    """A control plane that lets nobody in."""

    def __init__(self) -> None:
        self.asked = 0

    async def hand(self, request: HandedRequest) -> HandedReply:
        self.asked += 1
        return HandedReply(403, block("no"))


@dataclass
class Wire:
    """A transport that keeps what is written."""

    written: list[bytes] = field(default_factory=list)
    closed: bool = False

    def get_extra_info(self, name: str) -> tuple[str, int]:
        return ("192.0.2.1", 4711) if name == "peername" else ("127.0.0.1", 2641)

    def write(self, data: bytes) -> None:
        self.written.append(bytes(data))

    def sendto(self, data: bytes, target: object) -> None:
        self.written.append(bytes(data))

    def close(self) -> None:
        self.closed = True

    abort = close

    def pause_reading(self) -> None:
        """Nothing is read here."""

    resume_reading = pause_reading


def packet(rng: random.Random) -> bytes:
    """Return one packet of chance."""
    if rng.random() < 0.05:
        return rng.randbytes(rng.randrange(200))
    data = bytearray(good(rng))
    for _ in range(rng.choice((0, 1, 1, 2, 3, 8))):
        _damage(data, rng)
    if rng.random() < 0.1:
        del data[rng.randrange(len(data) + 1) :]
    if rng.random() < 0.05:
        data += rng.randbytes(rng.randrange(40))
    if rng.random() < 0.05:
        other = good(rng)
        data[rng.randrange(len(data) + 1) :] = other[rng.randrange(len(other)) :]
    return bytes(data)


def good(rng: random.Random) -> bytes:
    """Return a good request."""
    op, body = rng.choice(BODIES)
    flags = rng.choice((0, 0, 0x01000000, 0x00800000, 0x10000000, 2, rng.getrandbits(32)))
    rest = content(op, body, flags)
    minor, session = rng.choice((1, 3, 10)), rng.choice((0, 0, 7, rng.getrandbits(31)))
    if rng.random() < 0.05:  # a piece of a message in datagrams
        return struct.pack(
            ">4B4I", 2, minor, 0x22, 10, session, rng.randrange(400), rng.randrange(3), 900
        ) + rng.randbytes(rng.choice((492, 408)))
    return struct.pack(">4B4I", 2, minor, 2, 10, session, rng.getrandbits(31), 0, len(rest)) + rest


def _damage(data: bytearray, rng: random.Random) -> None:
    at = rng.randrange(len(data))
    if rng.random() < 0.5:
        data[at] = rng.getrandbits(8)
    else:
        data[at : at + 4] = struct.pack(">I", rng.choice(EXTREMES))


class Proof:
    """Sends packets to a server without sockets."""

    def __init__(self, folder: Path, seed: int) -> None:
        table = Published(folder / "published.sqlite3")
        table.prefix("88.101.5")
        table.record(NAME, VALUES)
        table.close()
        self._reader = SqliteReader(folder / "published.sqlite3")
        resolver = Resolver(self._reader, TableFeed(self._reader), limit_bytes=MEGABYTE)
        reads = NativeReads(resolver, OwnSite((), 2641), MissLimit(10**9), self._count, limit_bytes=MEGABYTE)
        self.door = Refusing()
        self.service = NativeService(reads, self.door, MissLimit(10**9))
        self.streams = Streams(self.service, StreamLimits())
        self.rng = random.Random(seed)
        self.codes: Counter[int] = Counter()
        self.findings: list[str] = []
        self.counted = 0

    async def run(self, packets: int) -> dict[str, Any]:
        """Send packets and return what was found."""
        asyncio.get_running_loop().set_exception_handler(
            lambda _, told: self.findings.append(str(told)[:300])
        )
        udp, wire = self._datagrams()
        began, early = time.monotonic(), 0
        for at in range(0, packets, PACKETS_OF_A_CONNECTION):
            if at >= packets // 10 and not early:
                early = _resident()
            await self._connection()
            for _ in range(PACKETS_OF_A_CONNECTION // 2):
                await self._datagram(udp, wire)
        await self._good_at_the_end()
        grown = (_resident() - (early or _resident())) / MEGABYTE
        if grown > MEBIBYTES:
            self.findings.append(f"memory has grown by {grown:.0f} MiB")
        self._bounds(udp)
        await self._reader.close()
        return {
            "packets": packets,
            "findings": self.findings[:20],
            "number of findings": len(self.findings),
            "answers": dict(sorted(self.codes.items())),
            "handed over": self.door.asked,
            "grown MiB": round(grown, 1),
            "seconds": round(time.monotonic() - began, 1),
        }

    async def _connection(self) -> None:
        wire = Wire()
        stream = self.streams()
        stream.connection_made(wire)
        data = b"".join(packet(self.rng) for _ in range(PACKETS_OF_A_CONNECTION // 2))
        while data and not wire.closed:
            cut = self.rng.choice((len(data), self.rng.randrange(1, 200)))
            stream.data_received(data[:cut])
            data = data[cut:]
            await _settled(stream)
        self._check(b"".join(wire.written))
        stream.connection_lost(None)

    async def _datagram(self, udp: Datagrams, wire: Wire) -> None:
        sent = packet(self.rng)
        udp.datagram_received(sent, ("192.0.2.1", self.rng.choice((4711, 4712))))
        while udp.working:
            await asyncio.sleep(0)
        answered = sum(map(len, wire.written))
        whole = self._pieces(sent)
        if answered > AMPLIFICATION * whole:
            self.findings.append(f"{answered} bytes for {whole}: {sent.hex()}")
        for written in wire.written:
            if not written[2] & 0x20 or len(written) == 20 + struct.unpack(">I", written[16:20])[0]:
                self._check(written)
        wire.written.clear()

    def _pieces(self, sent: bytes) -> int:
        """Return how long the message of a datagram is, at most as long as all its pieces."""
        length = struct.unpack(">I", sent[16:20])[0] if len(sent) >= 20 else 0
        return max(len(sent), min(length + 20, 32 * 1024) if len(sent) >= 20 and sent[2] & 0x20 else 0)

    def _check(self, written: bytes) -> None:
        at = 0
        while at < len(written):
            length = 20 + struct.unpack(">I", written[at + 16 : at + 20])[0]
            frame = written[at : at + length]
            try:
                message = read_message(bytes(frame[:2]) + bytes([frame[2] & 3]) + frame[3:])
                read_response(message)
                self.codes[message.header.response] += 1
            except BadOctets as fault:
                self.findings.append(f"no response: {fault} {frame.hex()[:200]}")
            at += length

    async def _good_at_the_end(self) -> None:
        for transport in (self._stream_answer, self._datagram_answer):
            rest = content(1, question(NAME))
            frame = struct.pack(">4B4I", 2, 3, 2, 10, 0, 99, 0, len(rest)) + rest
            answer = await transport(frame)
            if answer[24:28] != b"\0\0\0\1":
                self.findings.append(f"a good request at the end: {answer.hex()}")

    async def _stream_answer(self, frame: bytes) -> bytes:
        wire, stream = Wire(), self.streams()
        stream.connection_made(wire)
        stream.data_received(frame)
        await _settled(stream)
        stream.connection_lost(None)
        return b"".join(wire.written)

    async def _datagram_answer(self, frame: bytes) -> bytes:
        udp, wire = self._datagrams()
        udp.datagram_received(frame, ("192.0.2.1", 4711))
        while udp.working:
            await asyncio.sleep(0)
        return b"".join(wire.written)

    def _bounds(self, udp: Datagrams) -> None:
        kept = {
            "connections": len(self.streams.connections),
            "pieces": max(0, udp.pending - MESSAGES_AT_ONCE),
        }
        kept["challenges"] = max(0, self.service.waiting - 10_000)
        self.findings += [f"{number} {name} are kept" for name, number in kept.items() if number]

    def _datagrams(self) -> tuple[Datagrams, Wire]:
        udp, wire = Datagrams(self.service), Wire()
        udp.connection_made(wire)
        return udp, wire

    def _count(self, counted: object) -> None:
        self.counted += 1


async def _settled(stream: Stream) -> None:
    while stream.working:
        await asyncio.sleep(0)


def _resident() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()


def main() -> int:
    """Run the proof; 1 if there are findings."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--packets", type=int, default=1_000_000)
    arguments.add_argument("--seed", type=int, default=1)
    chosen = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = asyncio.run(Proof(Path(folder), chosen.seed).run(chosen.packets))
    print(json.dumps({"seed": chosen.seed} | found, indent=1))
    return 1 if found["findings"] else 0


if __name__ == "__main__":
    sys.exit(main())
