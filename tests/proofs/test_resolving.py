"""A sample of the crowd that resolves, verifies and registers; ``make proof NAME=resolving`` lets thousands do it."""

from __future__ import annotations

import asyncio
import json
import random
import subprocess
import sys

import pytest
from tests.proofs.mixed_client import Book, Plan, Request, ask_all, figures_of, request
from tests.proofs.resolving import RESOLVED, VERIFIED, figures
from tests.serving import ROOT, without_settings

SECONDS = 280


@pytest.mark.slow
@pytest.mark.parametrize("kills", ["0", "2"])
def test_a_small_crowd_loses_nothing_and_is_counted_exactly(kills: str) -> None:
    options = ["--connections", "60", "--seconds", "8", "--rate", "80", "--identifiers", "300", "--seed", "7"]
    ran = subprocess.run(
        [sys.executable, "-m", "tests.proofs.resolving", *options, "--kills", kills, "--database-url", ""],
        env=without_settings(),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr[-3000:]
    found = json.loads(ran.stdout)
    assert found["problems"] == []
    assert found["requests"] > 200
    assert found["answered"]["register"] <= found["counted"]["register"]


def a_book(**seconds: list[float]) -> Book:
    book = Book()
    for kind, taken in seconds.items():
        for time in taken:
            book.answered(Request(kind, b""), 200, b"", time)
    return book


WORLD = {"registered_before": 10}


def found(**more: object) -> dict[str, object]:
    return {
        "counted": {"handle_json/found": 2, "authenticity/found": 1},
        "gaps": 0,
        "registered": 10,
        "lost": [],
        "unpublished": [],
        **more,
    }


def test_a_run_in_which_every_count_agrees_has_no_problem() -> None:
    told = figures(a_book(**{RESOLVED: [0.1, 0.2], VERIFIED: [0.1]}), WORLD, found(), rate=10, kills=0)
    assert told["problems"] == []
    assert told["answered"] == {RESOLVED: 2, VERIFIED: 1, "register": 0}


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ({"counted": {"handle_json/found": 1, "authenticity/found": 1}}, "1 counted, 2 answered"),
        ({"counted": {"handle_json/found": 3, "authenticity/found": 1}}, "3 counted, 2 answered"),
        ({"counted": {"handle_json/found": 2}}, "0 counted, 1 answered"),
        ({"lost": ["88.101.5/new-1"]}, "lost"),
        ({"unpublished": ["88.101.5/new-1"]}, "not published"),
        ({"registered": 11}, "1 registered, 0 acknowledged"),
        ({"gaps": 1}, "1 gaps"),
    ],
)
def test_whatever_does_not_agree_is_a_problem(more: dict[str, object], word: str) -> None:
    told = figures(a_book(**{RESOLVED: [0.1, 0.2], VERIFIED: [0.1]}), WORLD, found(**more), rate=10, kills=0)
    assert any(word in problem for problem in told["problems"])


def test_a_slow_kind_is_a_problem_by_itself() -> None:
    book = a_book(**{RESOLVED: [0.1, 0.1], VERIFIED: [2.5]})
    told = figures(book, WORLD, found(), rate=10, kills=0)
    assert told["problems"] == ["verify: 99th percentile 2.5 s"]


def test_after_a_kill_a_second_may_be_missing_and_no_more() -> None:
    book = a_book(**{RESOLVED: [0.1] * 50, VERIFIED: [0.1]})
    less = {"counted": {"handle_json/found": 42, "authenticity/found": 1}, "gaps": 1}
    assert figures(book, WORLD, found(**less), rate=10, kills=1)["problems"] == []
    assert figures(book, WORLD, found(**less), rate=5, kills=1)["problems"] != []


def test_a_registration_without_an_answer_may_have_been_done_or_not() -> None:
    book = a_book(**{RESOLVED: [0.1, 0.1], VERIFIED: [0.1]})
    book.broken(Request("register", b"", tag="88.101.5/new-1"), "ConnectionResetError")
    for registered in (10, 11):
        told = figures(book, WORLD, found(registered=registered), rate=10, kills=1)
        assert told["problems"] == []
    assert figures(book, WORLD, found(registered=12), rate=10, kills=1)["problems"] != []


def test_an_answer_that_lacks_what_it_must_hold_is_a_failure() -> None:
    book = Book()
    book.answered(Request("register", b"", holds=b'"status": 1', tag="x"), 200, b'{"status": -2}', 0.1)
    book.answered(Request("resolve", b""), 503, b"", 0.1)
    book.answered(Request("register", b"", holds=b"1", tag="y"), 200, b"1", 0.1)
    assert len(book.failures) == 2
    assert book.acknowledged == ["y"]


def test_the_99th_percentile_is_of_the_ordered_times() -> None:
    assert figures_of([float(i) for i in range(100, 0, -1)]) == {
        "number": 100,
        "median": 51.0,
        "p99": 100.0,
        "longest": 100.0,
    }
    assert figures_of([0.5])["p99"] == 0.5


def test_connections_ask_at_the_rate_that_was_offered_and_read_every_form_of_answer() -> None:
    answers = [
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\no\r\n1\r\nk\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok",
    ]

    async def served(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                answer = answers[int(head.split()[1].strip(b"/"))]
                writer.write(answer)
                if b"close" in answer:
                    break
        except asyncio.IncompleteReadError:
            pass
        writer.close()

    async def run() -> Book:
        server = await asyncio.start_server(served, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]

        def next_request(dice: random.Random) -> Request:
            return Request("any", request("GET", f"/{dice.randrange(3)}", "x"), holds=b"ok")

        async with server:
            return await ask_all("127.0.0.1", port, Plan(10, 2.0, 100), next_request, random.Random(1))

    book = asyncio.run(run())
    assert book.failures == []
    assert 100 < len(book.seconds["any"]) < 320


def test_a_server_that_is_gone_is_a_failure_and_not_a_hang() -> None:
    async def run() -> Book:
        def next_request(dice: random.Random) -> Request:
            return Request("any", b"GET / HTTP/1.1\r\n\r\n", tag="x")

        return await ask_all("127.0.0.1", 1, Plan(2, 0.5, 20), next_request, random.Random(1))

    book = asyncio.run(run())
    assert book.unanswered
    assert not book.seconds
