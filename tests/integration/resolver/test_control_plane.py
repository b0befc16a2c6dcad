"""The connection to the control plane, against a peer that behaves well, badly, or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from jialiang.integration.resolver import control_plane
from jialiang.integration.resolver.control_plane import (
    ControlPlane,
    ControlPlaneDown,
    ControlPlaneSlow,
    Response,
)

GET = ["GET / HTTP/1.1", "Host: x"]
HEAD = ["HEAD / HTTP/1.1", "Host: x"]
POST = ["POST / HTTP/1.1", "Host: x"]
PLAIN = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

Script = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Peer:
    """A server on a Unix socket that runs ``script`` for every connection."""

    def __init__(self, path: Path, script: Script) -> None:
        self.path = path
        self.script = script
        self.connections = 0
        self._writers: list[asyncio.StreamWriter] = []

    async def __aenter__(self) -> Peer:
        self.server = await asyncio.start_unix_server(self._serve, self.path)
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.sleep(0.02)  # both ends notice
        for writer in self._writers:
            writer.close()
        self.server.close()
        await asyncio.sleep(0.02)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._writers.append(writer)
        try:
            await self.script(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


class Plane(ControlPlane):
    """A control plane that is closed at the end."""

    def __init__(self, path: Path, at_once: int = 64) -> None:
        super().__init__(f"unix:{path}", at_once=at_once)

    async def __aenter__(self) -> Plane:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


def says(*answers: bytes, then_close: bool = False) -> Script:
    """Answer each request with the next of ``answers``, the last one again and again."""

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        left = list(answers)
        while True:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(left.pop(0) if len(left) > 1 else left[0])
            await writer.drain()
            if then_close:
                return

    return script


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "s"


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(control_plane, "RESTART_SECONDS", 0.3)
    monkeypatch.setattr(control_plane, "ANSWER_SECONDS", 0.5)
    yield


async def whole(plane: ControlPlane, head: list[str] = GET) -> tuple[int, bytes]:
    response = await plane.send(head, None, 0)
    try:
        return response.status, b"".join([piece async for piece in response.body()])
    finally:
        plane.done(response)


def exchange(
    path: Path, script: Script, times: int = 1, head: list[str] = GET
) -> tuple[list[tuple[int, bytes]], int]:
    async def work() -> tuple[list[tuple[int, bytes]], int]:
        async with Peer(path, script) as peer, Plane(path) as plane:
            return [await whole(plane, head) for _ in range(times)], peer.connections

    return asyncio.run(work())


@pytest.mark.parametrize(
    ("answer", "body"),
    [
        (PLAIN, b"ok"),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n3;x=1\r\n bye\r\n0\r\n\r\n",
            b"ok",
        ),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nTrailer: 1\r\n\r\n", b"ok"),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", b"ok"),
        (b"HTTP/1.1 204 No Content\r\n\r\n", b""),
        (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", b""),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", b""),
    ],
)
def test_a_framed_body_is_read_to_its_end_and_the_connection_kept(
    path: Path, answer: bytes, body: bytes
) -> None:
    if b"bye" in answer:
        answer, body = answer.replace(b"3;x=1\r\n bye", b"4;x=1\r\n bye"), b"ok bye"
    answers, connections = exchange(path, says(answer), times=3)
    assert {got for _, got in answers} == {body}
    assert connections == 1


def test_a_body_without_frame_ends_with_its_connection(path: Path) -> None:
    answers, connections = exchange(path, says(b"HTTP/1.1 200 OK\r\n\r\nall of it", then_close=True), times=2)
    assert answers == [(200, b"all of it")] * 2
    assert connections == 2


def test_an_answer_to_head_has_no_body_whatever_its_length(path: Path) -> None:
    answers, connections = exchange(path, says(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n"), 2, HEAD)
    assert answers == [(200, b"")] * 2
    assert connections == 1


def test_a_peer_that_says_close_is_taken_at_its_word(path: Path) -> None:
    closing = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok"
    assert exchange(path, says(closing, then_close=True), times=2)[1] == 2


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nshort",
        b"SSH-2.0-OpenSSH\r\n\r\n",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70000 + b"\r\n\r\n",
        b"",
    ],
)
def test_a_broken_answer_is_an_error_with_a_name(path: Path, answer: bytes) -> None:
    with pytest.raises(ControlPlaneDown):
        exchange(path, says(answer, then_close=True))


def test_nobody_there_is_down(path: Path) -> None:
    with pytest.raises(ControlPlaneDown) as down:
        asyncio.run(whole(ControlPlane(f"unix:{path}")))
    assert down.value.http_status == 502


def test_nobody_on_a_port_is_down_too() -> None:
    with pytest.raises(ControlPlaneDown):
        asyncio.run(whole(ControlPlane("http://127.0.0.1:9")))


def test_a_silent_peer_is_slow(path: Path) -> None:
    async def silence(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    with pytest.raises(ControlPlaneSlow) as slow:
        exchange(path, silence)
    assert slow.value.http_status == 504


def test_a_request_waits_for_a_peer_that_is_just_starting(path: Path) -> None:
    async def work() -> tuple[int, bytes]:
        async with Plane(path) as plane:
            waiting = asyncio.create_task(whole(plane))
            await asyncio.sleep(0.15)
            async with Peer(path, says(PLAIN)):
                return await waiting

    assert asyncio.run(work()) == (200, b"ok")


def dropping() -> Script:
    """Answer once; on the second request of a connection hang up without a word."""

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(PLAIN)
        await reader.readuntil(b"\r\n\r\n")

    return script


def test_a_safe_request_on_a_kept_connection_that_died_is_sent_again(path: Path) -> None:
    answers, connections = exchange(path, dropping(), times=2)
    assert answers == [(200, b"ok")] * 2
    assert connections == 2


def test_no_more_connections_are_kept_than_requests_may_run_at_once(path: Path) -> None:
    async def work() -> tuple[int, int]:
        async with Peer(path, says(PLAIN)) as peer, Plane(path, at_once=2) as plane:
            for _ in range(5):
                await whole(plane, POST)
            return peer.connections, len(plane._idle)

    assert asyncio.run(work()) == (5, 2)


def silent() -> Script:
    """Read a request and hang up without a word."""

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")

    return script


def test_a_post_is_never_sent_twice(path: Path) -> None:
    async def work() -> int:
        async with Peer(path, silent()) as peer, Plane(path) as plane:
            with pytest.raises(ControlPlaneDown):
                await whole(plane, POST)
            return peer.connections

    assert asyncio.run(work()) == 1


def test_a_post_is_not_entrusted_to_a_connection_that_the_peer_may_be_closing(path: Path) -> None:
    answers, connections = exchange(path, dropping(), times=3, head=POST)
    assert answers == [(200, b"ok")] * 3
    assert connections == 3


def test_a_post_leaves_its_connection_to_the_next_safe_request(path: Path) -> None:
    async def work() -> tuple[list[tuple[int, bytes]], int]:
        async with Peer(path, says(PLAIN)) as peer, Plane(path) as plane:
            return [await whole(plane, head) for head in (POST, GET, POST, GET)], peer.connections

    answers, connections = asyncio.run(work())
    assert answers == [(200, b"ok")] * 4
    assert connections == 2


async def _pieces(*pieces: bytes) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece


def test_a_request_body_is_streamed_with_its_length(path: Path) -> None:
    received: list[bytes] = []

    async def keep(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        received.append(await reader.readuntil(b"\r\n\r\n"))
        received.append(await reader.readexactly(6))
        writer.write(PLAIN)

    async def work() -> int:
        async with Peer(path, keep):
            response = await ControlPlane(f"unix:{path}").send(POST, _pieces(b"abc", b"def"), 6)
            response.connection.close()
            return response.status

    assert asyncio.run(work()) == 200
    assert received == [b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n\r\n", b"abcdef"]


@pytest.mark.parametrize("length", [5, 7])
def test_a_request_body_of_another_length_than_it_said_is_broken_off(path: Path, length: int) -> None:
    async def work() -> Response:
        async with Peer(path, says(PLAIN)):
            return await ControlPlane(f"unix:{path}").send(POST, _pieces(b"abc", b"def"), length)

    with pytest.raises(ControlPlaneDown):
        asyncio.run(work())


def test_an_answer_left_half_read_is_not_mixed_with_the_next(path: Path) -> None:
    async def work() -> tuple[tuple[int, bytes], int]:
        async with Peer(path, says(PLAIN)) as peer, Plane(path) as plane:
            plane.done(await plane.send(GET, None, 0))
            return await whole(plane), peer.connections

    assert asyncio.run(work()) == ((200, b"ok"), 2)


def test_no_more_than_so_many_at_once_and_none_is_lost(path: Path) -> None:
    running = most = 0

    async def count(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal running, most
        while True:
            await reader.readuntil(b"\r\n\r\n")
            running += 1
            most = max(most, running)
            await asyncio.sleep(0.005)
            running -= 1
            writer.write(PLAIN)

    async def work() -> list[tuple[int, bytes]]:
        async with Peer(path, count), Plane(path, at_once=4) as plane:
            return await asyncio.gather(*(whole(plane) for _ in range(40)))

    assert asyncio.run(work()) == [(200, b"ok")] * 40
    assert most == 4


def test_failures_give_their_places_back(path: Path) -> None:
    async def work() -> tuple[int, bytes]:
        async with Plane(path, at_once=1) as plane:
            for _ in range(3):
                with pytest.raises(ControlPlaneDown):
                    await plane.send(GET, None, 0)
            async with Peer(path, says(PLAIN)):
                return await whole(plane)

    assert asyncio.run(work()) == (200, b"ok")


def test_head_and_a_short_body_arrive_together(path: Path) -> None:
    received: list[bytes] = []

    async def keep(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        received.append(await reader.read(65536))
        writer.write(PLAIN)

    async def work() -> int:
        async with Peer(path, keep):
            response = await ControlPlane(f"unix:{path}").send(POST, _pieces(b"abc"), 3)
            response.connection.close()
            return response.status

    assert asyncio.run(work()) == 200
    assert received == [b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"]


def test_an_empty_body_has_its_head_sent(path: Path) -> None:
    received: list[bytes] = []

    async def keep(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        received.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(PLAIN)

    async def work() -> int:
        async with Peer(path, keep):
            response = await ControlPlane(f"unix:{path}").send(POST, _pieces(), 0)
            response.connection.close()
            return response.status

    assert asyncio.run(work()) == 200
    assert received == [b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"]
