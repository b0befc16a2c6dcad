"""The connection to another server: many questions at once, broken and opened again, never waited for too long."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Awaitable, Callable

import pytest

from jialiang.formats.handle.wire.messages import Header, Message, read_content, read_envelope
from jialiang.integration.resolver import native_client
from jialiang.integration.resolver.native_client import NativeClient, OtherServerSilent

Server = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def _request(reader: asyncio.StreamReader) -> Message:
    envelope = read_envelope(await reader.readexactly(20))
    return read_content(envelope, await reader.readexactly(envelope.length))


def _answer(request: Message, body: bytes) -> bytes:
    return Message(request.envelope, Header(1, 1), body).octets()


def conversing(server: Server, play: Callable[[NativeClient], Awaitable[None]]) -> None:
    async def guarded(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await server(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def run() -> None:
        listening = await asyncio.start_server(guarded, "127.0.0.1", 0)
        client = NativeClient("127.0.0.1", listening.sockets[0].getsockname()[1])
        try:
            await play(client)
        finally:
            client.close()
            listening.close()
            await asyncio.sleep(0.05)

    asyncio.run(run())


async def _backwards(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    requests = [await _request(reader) for _ in range(20)]
    for request in reversed(requests):
        writer.write(_answer(request, request.body))
    await writer.drain()
    await reader.read()


async def _one_and_gone(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    request = await _request(reader)
    writer.write(_answer(request, b"once"))
    await writer.drain()


async def _silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()


def test_answers_are_told_apart_by_their_numbers_in_whatever_order_they_come():
    async def play(client: NativeClient) -> None:
        answers = await asyncio.gather(*(client.ask(Header(1), struct.pack(">I", at)) for at in range(20)))
        assert [answer.body for answer in answers] == [struct.pack(">I", at) for at in range(20)]

    conversing(_backwards, play)


def test_a_connection_that_was_closed_is_opened_again():
    async def play(client: NativeClient) -> None:
        for _ in range(3):
            assert (await client.ask(Header(1), b"")).body == b"once"
            await asyncio.sleep(0.05)

    conversing(_one_and_gone, play)


def test_who_does_not_answer_is_not_waited_for_for_ever(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(native_client, "ANSWER_SECONDS", 0.1)

    async def play(client: NativeClient) -> None:
        with pytest.raises(OtherServerSilent) as caught:
            await client.ask(Header(1), b"")
        assert caught.value.facts["address"] == "{}:{}".format(*client.address)

    conversing(_silent, play)


def test_too_many_questions_at_once_are_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(native_client, "MOST_WAITING", 2)
    monkeypatch.setattr(native_client, "ANSWER_SECONDS", 0.2)

    async def play(client: NativeClient) -> None:
        outcomes = await asyncio.gather(
            *(client.ask(Header(1), b"") for _ in range(3)), return_exceptions=True
        )
        reasons = [
            str(outcome.facts["reason"]) for outcome in outcomes if isinstance(outcome, OtherServerSilent)
        ]
        assert len(reasons) == 3
        assert sum("too many" in reason for reason in reasons) == 1

    conversing(_silent, play)


def test_an_answer_that_nobody_waits_for_is_passed_over():
    async def server(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await _request(reader)
        stray = Message(request.envelope.__class__(0, 999_999), Header(1, 1), b"stray").octets()
        writer.write(stray + _answer(request, b"mine"))
        await writer.drain()
        await reader.read()

    async def play(client: NativeClient) -> None:
        assert (await client.ask(Header(1), b"")).body == b"mine"

    conversing(server, play)


def test_nobody_listening_is_told_at_once():
    async def run() -> None:
        client = NativeClient("127.0.0.1", 1)
        with pytest.raises(OtherServerSilent):
            await client.ask(Header(1), b"")
        client.close()

    asyncio.run(run())
