"""Connections that are slow, silent, greedy or broken, without a socket: the transport is played."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from tests.native_protocol.client import content, question, taken_apart

from jialiang.formats.handle.wire.messages import Envelope
from jialiang.integration.resolver import native_streams
from jialiang.integration.resolver.native_frames import Asked, Said
from jialiang.integration.resolver.native_peers import Peer
from jialiang.integration.resolver.native_streams import LONGEST_REQUEST, Stream, StreamLimits, Streams


class Transport:
    """Notes what is done with it."""

    def __init__(self, host: str = "192.0.2.1") -> None:
        self.host = host
        self.written = b""
        self.closed = self.aborted = self.paused = False

    def get_extra_info(self, name: str) -> tuple[str, int]:
        return (self.host, 4711) if name == "peername" else ("127.0.0.1", 2641)

    def write(self, data: bytes) -> None:
        self.written += data

    def close(self) -> None:
        self.closed = True

    def abort(self) -> None:
        self.aborted = True

    def pause_reading(self) -> None:
        self.paused = True

    def resume_reading(self) -> None:
        self.paused = False

    def answers(self) -> list[int]:
        """The numbers of the requests answered."""
        found, at = [], 0
        while at < len(self.written):
            length = struct.unpack(">I", self.written[at + 16 : at + 20])[0]
            found.append(
                taken_apart(self.written[at : at + 20], self.written[at + 20 : at + 20 + length]).request
            )
            at += 20 + length
        return found


class Service:
    """Answers every request when it is let; notes the order in which they began."""

    def __init__(self) -> None:
        self.began: list[int] = []
        self.let = asyncio.Event()
        self.ready: set[int] = set()
        self.problem: Exception | None = None

    def now(self) -> float:
        return 1_900_000_000.0

    def at_once(self, data: bytes, at: int, peer: Peer) -> bytes | None:
        number = struct.unpack(">I", data[at + 8 : at + 12])[0]
        return self._frame(number) if number in self.ready else None

    async def answer(self, envelope: Envelope, rest: bytes, peer: Peer) -> bytes:
        self.began.append(envelope.request)
        if self.problem:
            raise self.problem
        await self.let.wait()
        return self._frame(envelope.request)

    def _frame(self, number: int) -> bytes:
        from jialiang.formats.handle.wire.messages import Header, Message

        return Said(1).frame(Asked(Message(Envelope(0, number), Header(101), b""), self.now()))


def frame(number: int, op: int = 1) -> bytes:
    rest = content(op, question("88.1/x"))
    return struct.pack(">4B4I", 2, 3, 2, 10, 0, number, 0, len(rest)) + rest


def played(play: Callable[[Service, Stream, Transport], Awaitable[None]]) -> None:
    async def run() -> None:
        service = Service()
        stream, transport = Streams(service, StreamLimits())(), Transport()
        stream.connection_made(transport)
        try:
            await play(service, stream, transport)
        finally:
            stream.connection_lost(None)
            await asyncio.sleep(0)

    asyncio.run(run())


async def _turns(number: int = 5) -> None:
    for _ in range(number):
        await asyncio.sleep(0)


def test_what_is_ready_overtakes_what_takes_time():
    async def play(service: Service, stream: Stream, transport: Transport) -> None:
        service.ready = {2, 3}
        stream.data_received(frame(1) + frame(2) + frame(3))
        await _turns()
        assert (service.began, transport.answers()) == ([1], [2, 3])
        service.let.set()
        await _turns()
        assert transport.answers() == [2, 3, 1]

    played(play)


def test_so_many_resolutions_run_beside_one_another_and_no_more(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(native_streams, "AT_ONCE", 3)

    async def play(service: Service, stream: Stream, transport: Transport) -> None:
        stream.data_received(b"".join(frame(number) for number in range(8)))
        await _turns()
        assert service.began == [0, 1, 2]
        assert stream.working == 3
        service.let.set()
        await _turns(60)
        assert sorted(transport.answers()) == list(range(8))
        assert stream.working == 0

    played(play)


def test_what_may_change_something_is_done_alone_and_in_its_place():
    async def play(service: Service, stream: Stream, transport: Transport) -> None:
        stream.data_received(frame(1) + frame(2, op=100) + frame(3) + frame(4, op=101))
        await _turns()
        assert service.began == [1]
        service.let.set()
        await _turns(60)
        assert service.began == [1, 2, 3, 4]
        assert transport.answers() == [1, 2, 3, 4]

    played(play)


def test_a_client_that_does_not_read_is_not_read_from():
    async def play(service: Service, stream: Stream, transport: Transport) -> None:
        service.ready = {1, 2}
        stream.pause_writing()
        assert transport.paused
        stream.data_received(frame(1) + frame(2))
        assert transport.answers() == []
        stream.resume_writing()
        assert transport.answers() == [1, 2]
        assert not transport.paused

    played(play)


@pytest.mark.parametrize(
    ("setting", "begin"),
    [
        ("IDLE_SECONDS", lambda stream: stream.data_received(b"")),
        ("MESSAGE_SECONDS", lambda stream: stream.data_received(frame(1)[:30])),
        ("MESSAGE_SECONDS", lambda stream: stream.pause_writing()),
        ("WORK_SECONDS", lambda stream: stream.data_received(frame(1))),
    ],
    ids=["silence", "a begun message", "not reading", "never answered"],
)
def test_whoever_takes_too_long_is_let_go(setting: str, begin: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(native_streams, setting, 0.3)

    async def play(service: Service, stream: Stream, transport: Transport) -> None:
        begin(stream)
        assert not transport.aborted
        await asyncio.sleep(0.6)
        assert transport.aborted

    played(play)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (struct.pack(">4B4I", 2, 3, 2, 10, 5, 9, 0, LONGEST_REQUEST + 1) + bytes(24), "length"),
        (struct.pack(">4B4I", 2, 3, 2, 10, 5, 9, 0, 0xFFFFFFFF) + bytes(24), "length"),
        (struct.pack(">4B4I", 3, 0, 3, 0, 5, 9, 0, 28) + bytes(28), "version"),
        (struct.pack(">4B4I", 2, 3, 2, 10, 5, 9, 0, 3) + bytes(3), "length"),
    ],
)
def test_what_cannot_be_framed_is_told_and_ends_the_connection(data: bytes, words: str):
    async def play(service: Service, stream: Stream, transport: Transport) -> None:
        stream.data_received(data)
        answer = taken_apart(transport.written[:20], transport.written[20:])
        assert (answer.code, answer.request, answer.session) == (4, 9, 5)
        assert words in answer.text
        assert transport.closed

    played(play)


def test_answers_ready_before_the_fault_are_sent_with_it():
    async def play(service: Service, stream: Stream, transport: Transport) -> None:
        service.ready = {1}
        stream.data_received(frame(1) + struct.pack(">4B4I", 3, 0, 3, 0, 5, 9, 0, 28) + bytes(28))
        assert transport.answers() == [1, 9]
        assert transport.closed

    played(play)


def test_a_fault_of_ours_ends_the_connection_and_nothing_else():
    async def play(service: Service, stream: Stream, transport: Transport) -> None:
        service.problem = RuntimeError("a fault of ours")
        asyncio.get_running_loop().set_exception_handler(lambda loop, told: None)
        stream.data_received(frame(1))
        await _turns()
        assert transport.aborted

    played(play)


def test_the_end_of_sending_waits_for_what_is_under_way():
    async def play(service: Service, stream: Stream, transport: Transport) -> None:
        stream.data_received(frame(1))
        assert stream.eof_received() is True
        service.let.set()
        await _turns(10)
        assert (transport.answers(), transport.closed) == ([1], True)

    played(play)


def test_the_end_of_sending_of_an_idle_connection_closes_it():
    async def play(service: Service, stream: Stream, transport: Transport) -> None:
        assert stream.eof_received() is False

    played(play)


def test_connections_are_counted_by_household_and_in_all():
    async def run() -> None:
        streams = Streams(Service(), StreamLimits(connections=3, of_a_household=2))
        made: list[tuple[Stream, Transport]] = []
        for host in ("192.0.2.1", "192.0.2.1", "192.0.2.1", "192.0.2.2", "192.0.2.3"):
            stream, transport = streams(), Transport(host)
            stream.connection_made(transport)
            made.append((stream, transport))
        assert [transport.aborted for _, transport in made] == [False, False, True, False, True]
        assert len(streams.connections) == 3
        for stream, _ in made:
            stream.connection_lost(None)
        assert len(streams.connections) == 0
        again, transport = streams(), Transport()
        again.connection_made(transport)
        assert not transport.aborted
        streams.close()
        assert transport.aborted
        again.connection_lost(None)

    asyncio.run(run())


def test_a_peer_without_an_address_is_not_taken():
    async def run() -> None:
        streams = Streams(Service(), StreamLimits())
        stream, transport = streams(), Transport("nowhere")
        stream.connection_made(transport)
        assert transport.aborted
        stream.data_received(frame(1))
        stream.connection_lost(None)

    asyncio.run(run())
