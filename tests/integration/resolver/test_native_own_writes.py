"""Whoever writes by the native protocol reads what was written at once, not when the next look at the table is due."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from struct import pack

import pytest
from tests.integration.resolver.fakes import Watch
from tests.integration.resolver.node import NAME, URL, Node
from tests.integration.resolver.test_frames_field_by_field import NOW, fields_of, frame
from tests.integration.resolver.test_native_octets_by_hand import CLIENT

from jialiang.formats.handle.values import HandleValue
from jialiang.formats.handle.wire.messages import Envelope
from jialiang.integration.resolver.control_plane import ControlPlaneDown
from jialiang.integration.resolver.misses import MissLimit
from jialiang.integration.resolver.native_door import HandedReply, HandedRequest, NativeDoor
from jialiang.integration.resolver.native_peers import Peer
from jialiang.integration.resolver.native_reads import NativeReads
from jialiang.integration.resolver.native_service import NativeService
from jialiang.integration.resolver.native_site import OwnSite

MOVED = HandleValue(1, "URL", b"https://lab.example.cn/moved", timestamp=1781582850)
NAMED = pack(">I", len(NAME)) + NAME.encode()
PROOF = pack(">I", 9) + b"HS_SECKEY" + NAMED + pack(">II", 300, 21) + b"\x02" + bytes(20)


class Writing(NativeDoor):
    """A control plane that does one deed to the table, then answers, or is lost before it could."""

    def __init__(self, deed: Callable[[], None]) -> None:
        self.deed = deed
        self.lost = False

    async def hand(self, request: HandedRequest) -> HandedReply:
        self.deed()
        if self.lost:
            raise ControlPlaneDown(reason="broken off")
        return HandedReply(1)


class Bench:
    """A native server over a fake table whose clock stands still, so that no look at the table falls due."""

    def __init__(self) -> None:
        node = Node()
        self.node = node
        self.door = Writing(lambda: node.reader.record(NAME, MOVED))
        reads = NativeReads(
            node.resolver, OwnSite(["192.0.2.1"], 2641), MissLimit(1000, monotonic=Watch()), node.counted.append,
            limit_bytes=100_000, monotonic=node.watch,
        )  # fmt: skip
        self.service = NativeService(reads, self.door, MissLimit(5), clock=lambda: NOW, monotonic=node.watch)
        assert CLIENT is not None
        self.peer = Peer("native_tcp", CLIENT, "192.0.2.1")

    def ask(self, data: bytes) -> bytes:
        quick = self.service.at_once(data, 0, self.peer)
        fields = fields_of(data)
        names = ("length", "request", "session", "sequence", "major", "minor", "flags")
        envelope = Envelope(*(fields[name] for name in names), suggested_minor=fields["suggested"])
        return quick or asyncio.run(self.service.answer(envelope, data[20:], self.peer))


@pytest.fixture
def bench() -> Bench:
    """A server that holds the record in memory and trusts it."""
    bench = Bench()
    assert URL.data in bench.ask(frame())
    bench.node.reader.record(NAME, MOVED)
    assert URL.data in bench.ask(frame())  # written elsewhere: memory may answer until the next look
    bench.node.reader.record(NAME, URL)
    return bench


NO_VALUES = NAMED + pack(">I", 0)
DEEDS = [(100, NO_VALUES), (101, NAMED), (102, NO_VALUES), (103, NO_VALUES), (104, NO_VALUES)]


@pytest.mark.parametrize(("op", "body"), DEEDS, ids=["create", "delete", "add", "remove", "modify"])
def test_who_has_logged_in_reads_the_own_write_at_once(bench: Bench, op: int, body: bytes) -> None:
    bench.peer.identity = "300:88.101.5/admin"
    assert fields_of(bench.ask(frame(body, op=op)))["response"] == 1
    bench.peer.identity = ""
    assert MOVED.data in bench.ask(frame())


def test_who_answered_a_challenge_reads_the_own_write_at_once(bench: Bench) -> None:
    challenged = fields_of(bench.ask(frame(NAMED, op=101)))
    assert challenged["response"] == 402
    assert fields_of(bench.ask(frame(PROOF, op=200, session=challenged["session"])))["response"] == 1
    assert MOVED.data in bench.ask(frame())


def test_a_write_whose_answer_was_lost_is_read_too(bench: Bench) -> None:
    bench.peer.identity, bench.door.lost = "300:88.101.5/admin", True
    assert fields_of(bench.ask(frame(NAMED, op=101)))["response"] == 3
    bench.peer.identity = ""
    assert MOVED.data in bench.ask(frame())


def test_reading_alone_makes_nobody_look_again(bench: Bench) -> None:
    looks = bench.node.reader.looks
    for _ in range(3):
        assert URL.data in bench.ask(frame())
    assert bench.node.reader.looks == looks
