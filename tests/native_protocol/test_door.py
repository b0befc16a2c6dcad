"""The way into the control plane: sealed, fresh, and only for whoever knows the secret of the installation."""

from __future__ import annotations

import asyncio
import json
import time
from base64 import b64encode
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client as Browser
from tests.native_protocol.client import block, content
from tests.native_protocol.node import Node

from jialiang.integration.resolver.control_plane import ControlPlane, ControlPlaneDown
from jialiang.integration.resolver.native_door import (
    PATH,
    HandedReply,
    HandedRequest,
    NativeDoor,
    opened_request,
    seal,
)

SECRET = "s" * 40
REQUEST = HandedRequest(1000.0, "192.0.2.1", b"\x01\xff", "300:88.101.5/admin", b"n" * 16, b"d" * 32, b"o")


def test_a_sealed_request_comes_out_as_it_went_in():
    body = REQUEST.to_json()
    assert opened_request(SECRET, body, seal(SECRET, body), 1059.0) == REQUEST


@pytest.mark.parametrize("now", [939.0, 1061.0])
def test_an_old_or_future_request_is_not_opened(now: float):
    body = REQUEST.to_json()
    assert opened_request(SECRET, body, seal(SECRET, body), now) is None


def test_a_request_with_another_seal_is_not_opened():
    body = REQUEST.to_json()
    other = replace(REQUEST, identity="300:88.1/root").to_json()
    assert opened_request(SECRET, other, seal(SECRET, body), 1000.0) is None
    assert opened_request(SECRET, body, seal("t" * 40, body), 1000.0) is None
    assert opened_request(SECRET, body, "密", 1000.0) is None
    assert opened_request(SECRET, b"{", "", 1000.0) is None


def _post(body: bytes, sealed: str) -> object:
    return Browser().post(PATH, body, content_type="application/json", headers={"x-jialiang-seal": sealed})


def test_the_control_plane_answers_a_sealed_request_and_knows_no_other(node: Node):
    asked = HandedRequest(
        time.time(), "192.0.2.1", content(105, block("0.NA/88.101.5")), "300:88.101.5/admin"
    )
    body = asked.to_json()
    response = _post(body, seal(settings.JIALIANG.secret_key, body))
    assert (response.status_code, response.json()) == (
        200,
        {"response": 1, "body": b64encode(bytes(4)).decode(), "identity": ""},
    )
    assert _post(body, seal("another secret of the installation", body)).status_code == 404
    assert _post(body, "").status_code == 404
    assert Browser().get(PATH).status_code == 404
    old = replace(asked, moment=time.time() - 120).to_json()
    assert _post(old, seal(settings.JIALIANG.secret_key, old)).status_code == 404


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (HandedRequest(0, "", content(100, b"\0\0\0\3a/b"), "300:88.101.5/admin"), 4),
        (HandedRequest(0, "", b"\0\0", "300:88.101.5/admin"), 4),
        (HandedRequest(0, "", content(101, block("88.101.5/x"))), 403),
        (HandedRequest(0, "", content(101, block("88.101.5/x")), "300:nobody/x"), 403),
        (HandedRequest(0, "", content(400, b""), "300:88.101.5/admin"), 5),
    ],
)
def test_what_cannot_be_done_is_told_by_a_code(node: Node, asked: HandedRequest, code: int):
    body = replace(asked, moment=time.time()).to_json()
    assert _post(body, seal(settings.JIALIANG.secret_key, body)).json()["response"] == code


def _handed(tmp_path: Path, response: bytes) -> tuple[HandedReply, bytes]:
    """Hand a request to a control plane that answers with ``response``; return the reply and what it was sent."""
    received = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        received.append(head + await reader.readexactly(length))
        writer.write(response)
        writer.close()
        await writer.wait_closed()

    async def run() -> HandedReply:
        socket = str(tmp_path / "control.sock")
        async with await asyncio.start_unix_server(answer, socket):
            control_plane = ControlPlane(f"unix:{socket}")
            try:
                return await NativeDoor(control_plane, SECRET).hand(REQUEST)
            finally:
                await control_plane.close()
                await asyncio.sleep(0.01)

    return asyncio.run(run()), received[0]


def _http(status: str, body: bytes) -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def test_a_request_travels_over_the_socket_of_the_control_plane(tmp_path: Path):
    reply = HandedReply(1, b"\0\1", "300:88.101.5/admin")
    handed, received = _handed(tmp_path, _http("200 OK", json.dumps(reply.to_json()).encode()))
    assert handed == reply
    head, _, body = received.partition(b"\r\n\r\n")
    assert head.startswith(f"POST {PATH} HTTP/1.1\r\n".encode())
    sealed = head.split(b"x-jialiang-seal: ")[1].split(b"\r\n")[0].decode()
    assert opened_request(SECRET, body, sealed, 1000.0) == REQUEST


@pytest.mark.parametrize(
    "response", [_http("404 Not Found", b"{}"), _http("200 OK", b"[]"), _http("200 OK", b"{")]
)
def test_a_control_plane_that_does_not_answer_properly_is_down(tmp_path: Path, response: bytes):
    with pytest.raises(ControlPlaneDown):
        _handed(tmp_path, response)
