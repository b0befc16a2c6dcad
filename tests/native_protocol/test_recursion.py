"""Three nodes: one above that refers, one below, and one that asks on behalf of clients and keeps answers."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.native_protocol.client import Client, block, question
from tests.native_protocol.running import NAME, VALUES, Published, Running

from jialiang.formats.handle.values import HandleValue
from jialiang.integration.resolver.native_recursion import Recursion

AUTHORITATIVE, DO_NOT_REFER = 0x80000000, 0x00100000
Node = Callable[..., Running]


def _site(port: int, host: str = "127.0.0.1") -> dict[str, Any]:
    interfaces = [{"query": True, "admin": True, "protocol": "TCP", "port": port}]
    return {"servers": [{"serverId": 1, "address": host, "interfaces": interfaces}]}


def _asking(
    port: int, limit_bytes: int = 100_000, clock: Callable[[], float] = time.time
) -> Callable[[], Recursion]:
    return lambda: Recursion(("127.0.0.1", port), limit_bytes=limit_bytes, clock=clock)


@pytest.fixture
def below(published: Published) -> Iterator[Running]:
    """The node that keeps 88.101.5."""
    with Running(published.path) as running:
        yield running


@pytest.fixture
def above(below: Running, tmp_path: Path) -> Iterator[Running]:
    """The national node: it delegates 88.101.5 and refers."""
    table = Published(tmp_path / "above.sqlite3")
    table.prefix("88.101.5", "delegated", _site(below.port("127.0.0.1")))
    with Running(table.path) as running:
        yield running
    table.close()


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Published]:
    """The table of a node that keeps nothing itself."""
    table = Published(tmp_path / "recursive.sqlite3")
    yield table
    table.close()


def _client(running: Running) -> Client:
    return Client("127.0.0.1", running.port("127.0.0.1"))


def test_the_third_node_asks_above_follows_the_referral_and_answers(above: Running, empty: Published):
    with Running(empty.path, recursion=_asking(above.port("127.0.0.1"))) as third, _client(third) as client:
        with _client(above) as direct:
            assert direct.resolve(NAME).code == 303
        name, values = client.resolve(NAME).record()
        assert name == NAME
        assert [value.data for value in values] == [value.data for value in VALUES]
        assert [value.index for value in client.resolve(NAME, (2000,)).record()[1]] == [2000]
        assert client.resolve(NAME, types=("NOPE",)).code == 200
        assert client.resolve("88.101.5/none").code == 100
        assert client.resolve("99.1/x").code == 301


def test_an_answer_is_kept_as_long_as_its_values_live_and_no_longer(
    above: Running, published: Published, empty: Published
):
    watch = [time.time()]
    published.record(NAME, [HandleValue(1, "URL", b"old", ttl=60)])
    asking = _asking(above.port("127.0.0.1"), clock=lambda: watch[0])
    with Running(empty.path, recursion=asking) as third, _client(third) as client:
        assert client.resolve(NAME).record()[1][0].data == b"old"
        published.record(NAME, [HandleValue(1, "URL", b"new", ttl=60)])
        time.sleep(0.5)
        assert client.resolve(NAME).record()[1][0].data == b"old"
        assert client.resolve(NAME.upper()).record()[1][0].data == b"old", (
            "names compare without regard to case"
        )
        watch[0] += 61
        assert client.resolve(NAME).record()[1][0].data == b"new"


def test_an_authoritative_answer_is_fresh(above: Running, published: Published, empty: Published):
    published.record(NAME, [HandleValue(1, "URL", b"old")])
    with Running(empty.path, recursion=_asking(above.port("127.0.0.1"))) as third, _client(third) as client:
        client.resolve(NAME)
        published.record(NAME, [HandleValue(1, "URL", b"new")])
        time.sleep(0.5)
        assert client.resolve(NAME).record()[1][0].data == b"old"
        assert client.resolve(NAME, flags=AUTHORITATIVE).record()[1][0].data == b"new"
        assert client.resolve(NAME).record()[1][0].data == b"new"


def test_what_is_kept_is_bounded(above: Running, published: Published, empty: Published):
    for at in range(30):
        published.record(f"88.101.5/{at}", [HandleValue(1, "URL", b"x" * 500)])
    with Running(empty.path, recursion=_asking(above.port("127.0.0.1"), limit_bytes=6000)) as third:
        with _client(third) as client:
            assert {client.resolve(f"88.101.5/{at}").code for at in range(30)} == {1}
        assert third.recursion is not None
        assert 0 < third.recursion.bytes_held <= 6000


def test_a_delegated_prefix_of_our_own_is_followed_too(below: Running, empty: Published):
    empty.prefix("88.101.5", "delegated", _site(below.port("127.0.0.1")))
    with (
        Running(empty.path, recursion=lambda: Recursion(None, limit_bytes=10_000)) as third,
        _client(third) as client,
    ):
        assert client.resolve(NAME).code == 1
        assert client.resolve(NAME, flags=DO_NOT_REFER).code == 301
        assert client.resolve("99.1/x").code == 301


def test_nobody_answering_above_makes_the_server_busy(empty: Published):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    with Running(empty.path, recursion=_asking(port)) as third, _client(third) as client:
        response = client.resolve(NAME)
        assert (response.code, "JL-HDL-022" in response.text) == (3, True)


def test_two_nodes_that_ask_one_another_come_to_an_end(tmp_path: Path):
    tables = [Published(tmp_path / f"{at}.sqlite3") for at in range(2)]
    port = [0]
    with (
        Running(tables[0].path, recursion=lambda: _Late(port)) as one,
        Running(tables[1].path, recursion=_asking(one.port("127.0.0.1"))) as other,
        _client(other) as client,
    ):
        port[0] = other.port("127.0.0.1")
        assert client.resolve(NAME).code == 301
    for table in tables:
        table.close()


class _Late(Recursion):
    """Learns the port of its parent after it was started."""

    def __init__(self, port: list[int]) -> None:
        super().__init__(("127.0.0.1", 1), limit_bytes=10_000)
        self._port = port

    async def ask(self, *asked: Any) -> Any:
        self._parent = ("127.0.0.1", self._port[0])
        return await super().ask(*asked)


@contextmanager
def _speaking(answer: Callable[[bytes], bytes]) -> Iterator[int]:
    """A server that answers each request by ``answer`` of the 20 bytes of its envelope."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            try:
                connection, _ = listening.accept()
                with connection:
                    while envelope := connection.recv(20, socket.MSG_WAITALL):
                        connection.recv(struct.unpack(">I", envelope[16:])[0], socket.MSG_WAITALL)
                        connection.sendall(answer(envelope))
            except OSError:
                return

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            thread.join(5)


def _response(envelope: bytes, code: int, body: bytes) -> bytes:
    rest = struct.pack(">3IH2B2I", 1, code, 0, 1, 0, 0, 2**32 - 1, len(body)) + body + bytes(4)
    return envelope[:16] + struct.pack(">I", len(rest)) + rest


@pytest.mark.parametrize(
    "answer",
    [
        lambda envelope: b"\xff" * 64,
        lambda envelope: _response(envelope, 1, b"\0\0\0\x09x"),
        lambda envelope: envelope[:16] + b"\0\xff\0\0",
        lambda envelope: _response(envelope, 303, question("0.NA/x")[:-4]),
    ],
    ids=["noise", "a broken body", "too long", "a referral to nobody"],
)
def test_what_another_server_says_wrongly_harms_nobody(empty: Published, answer: Callable[[bytes], bytes]):
    with (
        _speaking(answer) as port,
        Running(empty.path, recursion=_asking(port)) as third,
        _client(third) as client,
    ):
        assert client.resolve(NAME).code in (3, 303)
        assert client.ask(2, block("/")).code == 1
