"""The front as a stranger meets it, without a server."""

from __future__ import annotations

import asyncio
import json

import pytest
from tests.integration.resolver.fakes import NOON, Reply, Request, TableReader, Watch

from jialiang.formats.public_keys import (
    CHECKED_AT_MARKER,
    FORMS,
    key_by_identifier,
    key_by_number,
    unknown_key,
)
from jialiang.integration.resolver.answers import TRUSTED_SECONDS, Answers
from jialiang.integration.resolver.clients import TrustedProxies
from jialiang.integration.resolver.control_plane import ControlPlaneDown
from jialiang.integration.resolver.front import Front
from jialiang.integration.resolver.handed_headers import Origin
from jialiang.integration.resolver.handover import ClientGone, HttpProtocol, Scope
from jialiang.integration.resolver.misses import MissLimit

NUMBER, CODE, IDENTIFIER = "JL2026-000123", "K7QM3XRD9FWTP", "88.999.1/CAL.1"
BY_NUMBER = f"number={NUMBER}&code={CODE}"


class NoHandover:
    """Notes what would have been handed over."""

    def __init__(self, error: Exception | None = None) -> None:
        self.origins: list[Origin] = []
        self.error = error

    async def __call__(self, scope: Scope, protocol: HttpProtocol, origin: Origin) -> None:
        self.origins.append(origin)
        if self.error is not None:
            raise self.error
        protocol.response_bytes(200, [], b"django")


class House:
    """A front with a table, a clock and a hand-over in hand."""

    def __init__(self, per_minute: int = 5, error: Exception | None = None) -> None:
        self.reader, self.watch, self.handover = TableReader(), Watch(), NoHandover(error)
        self.now = NOON
        for form in FORMS:
            self.reader.put(
                key_by_number(NUMBER, CODE, form), f"genuine {form} ".encode() + CHECKED_AT_MARKER
            )
            self.reader.put(key_by_identifier(IDENTIFIER, CODE, form), f"scanned {form}".encode())
            self.reader.put(unknown_key(form), f"unknown {form} ".encode() + CHECKED_AT_MARKER)
        self.front = Front(
            Answers(self.reader, limit_bytes=1_000_000, monotonic=self.watch),
            MissLimit(per_minute, monotonic=self.watch),
            TrustedProxies(["10.0.0.0/8"]),
            self.handover,
            clock=lambda: self.now,
        )

    def ask(self, request: Request) -> Reply:
        reply = Reply()
        asyncio.run(self.front(request, reply))
        return reply

    def check(self, query: str = BY_NUMBER, *fields: tuple[str, str], client: str = "203.0.113.9:1") -> Reply:
        return self.ask(Request("/check", query, fields=list(fields), client=client))


@pytest.fixture
def house() -> House:
    return House()


@pytest.mark.parametrize(
    ("path", "query", "fields", "body"),
    [
        ("/check", BY_NUMBER, [], b"genuine zh 2026-06-16T04:07:30Z"),
        ("/check", BY_NUMBER + "&lang=en", [], b"genuine en 2026-06-16T04:07:30Z"),
        ("/check", BY_NUMBER, [("accept-language", "en-GB")], b"genuine en 2026-06-16T04:07:30Z"),
        (
            "/check",
            BY_NUMBER + "&lang=zh",
            [("cookie", "jialiang_language=en")],
            b"genuine zh 2026-06-16T04:07:30Z",
        ),
        ("/check", BY_NUMBER, [("accept", "application/json")], b"genuine json 2026-06-16T04:07:30Z"),
        ("/api/v1/authenticity", BY_NUMBER, [("accept", "text/html")], b"genuine json 2026-06-16T04:07:30Z"),
        (f"/c/{IDENTIFIER}", "k=k7qm-3xrd-9fwt-p", [], b"scanned zh"),
        (f"/c/{IDENTIFIER}", f"k={CODE}&lang=fr", [("cookie", "jialiang_language=en")], b"scanned en"),
        (f"/api/v1/authenticity/{IDENTIFIER}", f"k={CODE}", [], b"scanned json"),
    ],
)
def test_each_way_of_asking_gets_its_form(
    house: House, path: str, query: str, fields: list[tuple[str, str]], body: bytes
) -> None:
    reply = house.ask(Request(path, query, fields=fields))
    assert (reply.status, reply.body) == (200, body)
    assert reply.headers["cache-control"] == "no-store"


def test_a_second_asking_touches_no_database_and_tells_the_new_time(house: House) -> None:
    house.check()
    asked = len(house.reader.asked)
    house.now += 1
    assert house.check().body == b"genuine zh 2026-06-16T04:07:31Z"
    assert len(house.reader.asked) == asked


def test_a_wrong_code_and_an_unknown_number_are_answered_alike_with_the_same_work(house: House) -> None:
    house.check("number=none&code=none")  # the page "unknown" is in memory now
    house.reader.asked.clear()
    wrong = house.check(f"number={NUMBER}&code=K7QM3XRD9FWTQ")
    wrong_work = [known for _, known in house.reader.asked]
    house.reader.asked.clear()
    unknown = house.check(f"number=JL2026-999999&code={CODE}")
    unknown_work = [known for _, known in house.reader.asked]
    assert wrong.status == unknown.status == 404
    assert wrong.body == unknown.body == b"unknown zh 2026-06-16T04:07:30Z"
    assert wrong.headers == unknown.headers
    assert wrong_work == unknown_work == [None]


@pytest.mark.parametrize("as_json", [True, False])
def test_before_init_there_is_a_page_all_the_same(house: House, as_json: bool) -> None:
    for form in FORMS:
        del house.reader.rows[unknown_key(form)]
    fields = [("accept", "application/json")] if as_json else [("accept-language", "en")]
    reply = house.check("number=none&code=none", *fields)
    assert reply.status == 404
    assert b"JL-SRV-009" in reply.body
    assert reply.headers["content-type"] == (
        "application/problem+json" if as_json else "text/html; charset=utf-8"
    )


def test_guessing_is_stopped_with_the_time_to_wait(house: House) -> None:
    for number in range(5):
        assert house.check(f"number={NUMBER}&code={number}").status == 404
    refused = house.check(f"number={NUMBER}&code=6", ("accept", "application/json"))
    assert refused.status == 429
    assert refused.headers["retry-after"] == "12"
    problem = json.loads(refused.body)
    assert (problem["code"], problem["status"]) == ("JL-SRV-003", 429)
    assert problem["what"].keys() == {"zh", "en"}
    assert house.check(f"number={NUMBER}&code=7").headers["content-type"].startswith("text/html")


def test_who_is_stopped_from_guessing_may_not_probe_for_the_right_one_either(house: House) -> None:
    for number in range(5):
        house.check(f"number={NUMBER}&code={number}")
    assert house.check().status == 429


def test_hits_are_not_limited_and_do_not_use_up_the_limit(house: House) -> None:
    for _ in range(100):
        assert house.check().status == 200
        house.watch.seconds += TRUSTED_SECONDS  # so that every one reads the table
    assert house.check("number=none&code=1").status == 404


def test_a_crowd_that_asks_for_the_same_certificate_at_once_is_answered_whole(house: House) -> None:
    async def crowd() -> list[Reply]:
        replies = [Reply() for _ in range(50)]
        await asyncio.gather(*(house.front(Request("/check", BY_NUMBER), reply) for reply in replies))
        return replies

    assert {reply.status for reply in asyncio.run(crowd())} == {200}


def test_another_household_may_still_ask(house: House) -> None:
    for number in range(6):
        house.check(f"number={NUMBER}&code={number}", client="[2001:db8::1]:1")
    assert house.check("number=x&code=9", client="[2001:db8::2]:1").status == 429
    assert house.check("number=x&code=9", client="[2001:db8:0:1::1]:1").status == 404


def test_behind_a_trusted_proxy_each_client_has_its_own_limit(house: House) -> None:
    for number in range(6):
        house.check(f"number=x&code={number}", ("x-forwarded-for", "198.51.100.1"), client="10.0.0.1:1")
    other = house.check("number=x&code=9", ("x-forwarded-for", "198.51.100.2"), client="10.0.0.1:1")
    assert other.status == 404


def test_a_forwarded_address_from_a_stranger_does_not_evade_the_limit(house: House) -> None:
    replies = [house.check(f"number=x&code={n}", ("x-forwarded-for", f"198.51.100.{n}")) for n in range(6)]
    assert [reply.status for reply in replies] == [404] * 5 + [429]


def test_a_withdrawal_is_told_after_four_tenths_of_a_second(house: House) -> None:
    assert house.check().body.startswith(b"genuine")
    house.reader.put(key_by_number(NUMBER, CODE, "zh"), b"withdrawn", stamp="2")
    assert house.check().body.startswith(b"genuine")
    house.watch.seconds += TRUSTED_SECONDS
    assert house.check().body == b"withdrawn"


def test_without_the_table_nothing_is_said_about_a_certificate(house: House) -> None:
    house.check()
    house.reader.broken = True
    house.watch.seconds += TRUSTED_SECONDS
    reply = house.check()
    assert reply.status == 503
    assert b"genuine" not in reply.body
    assert b"db.internal" not in reply.body


@pytest.mark.parametrize(
    "request_",
    [
        Request("/"),
        Request("/check"),
        Request("/check", BY_NUMBER, method="POST"),
        Request("/healthz", method="POST"),
        Request("/static/app.css"),
        Request(f"/c/{IDENTIFIER}"),
        Request("/api/v1/certificates"),
    ],
)
def test_everything_else_goes_to_the_control_plane(house: House, request_: Request) -> None:
    assert house.ask(request_).body == b"django"
    assert house.handover.origins == [Origin("203.0.113.9", "http", "verify.example.cn")]


def test_a_trusted_proxy_may_say_that_it_speaks_tls(house: House) -> None:
    fields = [("x-forwarded-for", "198.51.100.1"), ("x-forwarded-proto", "https")]
    house.ask(Request(fields=fields, client="10.0.0.1:1"))
    house.ask(Request(fields=fields, client="203.0.113.9:1"))
    assert house.handover.origins == [
        Origin("198.51.100.1", "https", "verify.example.cn", by_proxy=True),
        Origin("203.0.113.9", "http", "verify.example.cn"),
    ]


@pytest.mark.parametrize(("path", "kind"), [("/api/v1/x", "application/problem+json"), ("/x", "text/html")])
def test_a_control_plane_that_is_down_is_told_without_its_secrets(path: str, kind: str) -> None:
    house = House(error=ControlPlaneDown(reason="/srv/secret.sock"))
    reply = house.ask(Request(path))
    assert reply.status == 502
    assert reply.headers["content-type"].startswith(kind)
    assert b"secret.sock" not in reply.body
    assert "default-src 'none'" in reply.headers["content-security-policy"]


def test_a_client_that_left_is_answered_nothing() -> None:
    assert House(error=ClientGone()).ask(Request("/x")).status == 0


def test_health_says_ready_only_while_the_table_can_be_read(house: House) -> None:
    assert json.loads(house.ask(Request("/healthz")).body) == {"status": "ready", "code": ""}
    house.reader.broken = True
    house.watch.seconds += TRUSTED_SECONDS
    ill = house.ask(Request("/healthz"))
    assert (ill.status, json.loads(ill.body)["code"]) == (503, "JL-SRV-004")


def test_a_front_without_control_plane_says_so() -> None:
    house = House()
    front = Front(house.front._answers, MissLimit(5), TrustedProxies([]), None)
    reply = Reply()
    asyncio.run(front(Request("/console"), reply))
    assert reply.status == 502


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/check", "number=%FF%FE&code=%00"),
        ("/check", "number=" + "x" * 5000 + "&code=1"),
        ("/check", "&&&==&number=a&code=b&code=c"),
        ("/c/\ufffd/\ufffd", "k=\ufffd"),
        ("/c/../../etc/passwd", "k=1"),
        ("/api/v1/authenticity/%/%", "k=%"),
        ("/check", "number=\x00\r\n1&code=\r\n1"),
    ],
)
def test_malformed_questions_are_unknown(path: str, query: str) -> None:
    reply = House().ask(Request(path, query))
    assert (reply.status, reply.body[:7]) == (404, b"unknown")
