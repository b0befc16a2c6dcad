"""Requests handed over and responses handed back, as streams."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from tests.integration.resolver.fakes import Reply, Request

from jialiang.integration.resolver import handover
from jialiang.integration.resolver.control_plane import ControlPlane
from jialiang.integration.resolver.handed_headers import Origin
from jialiang.integration.resolver.handover import BodyTooLarge, BodyWithoutLength, ClientGone, Handover

ORIGIN = Origin("203.0.113.9", "https", "verify.example.cn")


class Django:
    """Stands for the control plane: keeps what arrives, answers with ``answer``."""

    def __init__(self, path: Path, answer: bytes) -> None:
        self.path, self.answer = path, answer
        self.head, self.body = b"", b""

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            self.head = await reader.readuntil(b"\r\n\r\n")
            lines = [line for line in self.head.split(b"\r\n") if line.startswith(b"Content-Length: ")]
            length = int(lines[0][16:]) if lines else 0
            self.body = await (reader.readexactly(length) if self.answer else reader.read())
            writer.write(self.answer)
        finally:
            writer.close()

    def carry(self, request: Request, reply: Reply, max_body: int = 10_000_000) -> Reply:
        async def work() -> None:
            server = await asyncio.start_unix_server(self._serve, self.path)
            plane = ControlPlane(f"unix:{self.path}")
            try:
                await Handover(plane, max_body=max_body)(request, reply, ORIGIN)
            finally:
                await plane.close()
                await asyncio.sleep(0.02)  # both ends notice
                server.close()

        asyncio.run(work())
        return reply


def answered(*headers: str, body: bytes = b"") -> bytes:
    return "\r\n".join(["HTTP/1.1 201 Created", *headers, "", ""]).encode() + body


@pytest.fixture
def django(tmp_path: Path) -> Django:
    return Django(tmp_path / "s", answered("Content-Length: 2", "X-A: 1", body=b"ok"))


def post(length: int, *more: tuple[str, str]) -> Request:
    return Request("/x", method="POST", fields=[("content-length", str(length)), *more])


def test_a_small_body_goes_over_whole(django: Django) -> None:
    reply = django.carry(post(6), Reply(b"abc", b"def"))
    assert django.body == b"abcdef"
    assert b"POST /x HTTP/1.1\r\nHost: verify.example.cn\r\nX-Forwarded-For: 203.0.113.9\r\n" in django.head
    assert (reply.status, reply.body, reply.headers["x-a"]) == (201, b"ok", "1")


def test_a_large_body_goes_over_piece_by_piece(django: Django, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handover, "GATHERED", 1000)
    django.carry(post(300_000), Reply(*[b"x" * 1000] * 300))
    assert django.body == b"x" * 300_000


def test_a_body_beyond_the_limit_is_refused_before_a_byte_is_read(django: Django) -> None:
    with pytest.raises(BodyTooLarge) as refused:
        django.carry(post(2 * 1024 * 1024 + 1), Reply(), max_body=2 * 1024 * 1024)
    assert refused.value.facts == {"limit": 2}
    assert django.head == b""


def test_a_chunked_body_is_refused(django: Django) -> None:
    with pytest.raises(BodyWithoutLength):
        django.carry(Request("/x", method="POST", fields=[("transfer-encoding", "chunked")]), Reply(b"a"))


@pytest.mark.parametrize("gathered", [0, 1000])
def test_a_client_that_stops_half_way_leaves_no_half_request_behind(
    django: Django, gathered: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handover, "GATHERED", gathered)
    django.answer = b""
    with pytest.raises(ClientGone):
        django.carry(post(6), Reply(b"abc"))
    assert len(django.body) < 6


def test_an_answer_of_unknown_length_is_streamed(tmp_path: Path) -> None:
    chunked = answered("Transfer-Encoding: chunked", body=b"5\r\nfirst\r\n6\r\nsecond\r\n0\r\n\r\n")
    reply = Django(tmp_path / "s", chunked).carry(Request(), Reply())
    assert reply.body == b"firstsecond"
    assert reply.pieces == 2
    assert "transfer-encoding" not in reply.headers


def test_a_large_answer_is_streamed_with_its_length(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handover, "GATHERED", 1000)
    reply = Django(tmp_path / "s", answered("Content-Length: 5000", body=b"x" * 5000)).carry(
        Request(), Reply()
    )
    assert (len(reply.body), reply.headers["content-length"]) == (5000, "5000")
    assert reply.pieces > 0


def test_an_answer_without_body_stays_without(tmp_path: Path) -> None:
    head = Django(tmp_path / "s", answered("Content-Length: 5000")).carry(Request(method="HEAD"), Reply())
    assert (head.body, head.headers["content-length"]) == (b"", "5000")


def test_a_reader_that_hangs_up_during_the_answer_is_gone(tmp_path: Path) -> None:
    chunked = answered("Transfer-Encoding: chunked", body=b"5\r\nfirst\r\n0\r\n\r\n")
    with pytest.raises(ClientGone):
        Django(tmp_path / "s", chunked).carry(Request(), Reply(hangs_up=True))
