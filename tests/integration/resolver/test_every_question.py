"""The front, address by address and verdict by verdict: what is answered here, what is handed over, what is limited."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.integration.resolver.fakes import NOON, Reply, Request, TableReader, Watch
from tests.integration.resolver.test_front import NoHandover

from jialiang.formats.public_keys import (
    CHECKED_AT_MARKER,
    FORMS,
    after_key,
    key_by_identifier,
    key_by_number,
    unknown_key,
)
from jialiang.integration.resolver.answers import TRUSTED_SECONDS, Answers
from jialiang.integration.resolver.clients import TrustedProxies
from jialiang.integration.resolver.front import Front
from jialiang.integration.resolver.misses import MissLimit

VERDICTS = ("genuine", "superseded", "withdrawn", "void")
CODE = "K7QM3XRD9FWTP"
EXPIRES = NOON + 60.0


def number_of(verdict: str) -> str:
    return f"YZ-2026-C-{VERDICTS.index(verdict):06d}"


def identifier_of(verdict: str) -> str:
    return f"88.999.1/yz-2026-c-{VERDICTS.index(verdict):06d}"


class Place:
    """A front over a table with one certificate of each verdict, and one that expires in a minute."""

    def __init__(self, per_minute: int = 30, limit_bytes: int = 1_000_000) -> None:
        self.table, self.watch, self.handed = TableReader(), Watch(), NoHandover()
        self.now = NOON
        for form in FORMS:
            for verdict in VERDICTS:
                body = f"{verdict} {form} ".encode() + CHECKED_AT_MARKER
                self.table.put(key_by_number(number_of(verdict), CODE, form), body)
                self.table.put(key_by_identifier(identifier_of(verdict), CODE, form), body)
            key = key_by_number("EXPIRING", CODE, form)
            self.table.put(key, f"genuine {form}".encode(), not_after=EXPIRES)
            self.table.put(after_key(key), f"expired {form}".encode())
            self.table.put(unknown_key(form), f"unknown {form}".encode())
        self.restart(per_minute, limit_bytes)

    def restart(self, per_minute: int = 30, limit_bytes: int = 1_000_000) -> None:
        """Begin anew with an empty memory over the same table."""
        self.front = Front(
            Answers(self.table, limit_bytes=limit_bytes, monotonic=self.watch),
            MissLimit(per_minute, monotonic=self.watch),
            TrustedProxies(["10.0.0.0/8"]),
            self.handed,
            clock=lambda: self.now,
        )

    def ask(self, path: str, query: str = "", method: str = "GET", **fields: str) -> Reply:
        reply = Reply()
        named = [(name.replace("_", "-"), content) for name, content in fields.items()]
        asyncio.run(self.front(Request(path, query, method, named), reply))
        return reply

    def pass_time(self, seconds: float) -> None:
        self.watch.seconds += seconds
        self.now += seconds


@pytest.fixture
def place() -> Place:
    return Place()


def by_number(verdict: str) -> tuple[str, str]:
    return "/check", f"number={number_of(verdict)}&code={CODE}"


def by_identifier(verdict: str) -> tuple[str, str]:
    return f"/c/{identifier_of(verdict)}", f"k={CODE}"


def by_api_number(verdict: str) -> tuple[str, str]:
    return "/api/v1/authenticity", f"number={number_of(verdict)}&code={CODE}"


def by_api_identifier(verdict: str) -> tuple[str, str]:
    return f"/api/v1/authenticity/{identifier_of(verdict)}", f"k={CODE}"


WAYS: dict[str, Callable[[str], tuple[str, str]]] = {
    "form": by_number, "symbol": by_identifier, "api number": by_api_number, "api identifier": by_api_identifier,
}  # fmt: skip
LANGUAGES: list[tuple[dict[str, str], str]] = [
    ({}, "zh"),
    ({"accept_language": "en"}, "en"),
    ({"accept_language": "zh-CN,zh;q=0.9,en;q=0.8"}, "zh"),
    ({"accept_language": "de, en;q=0.1"}, "en"),
    ({"accept_language": "de"}, "zh"),
    ({"cookie": "jialiang_language=en", "accept_language": "zh"}, "en"),
    ({"accept": "application/json"}, "json"),
    ({"accept": "application/problem+json;q=0.9, text/html;q=0.1"}, "json"),
    ({"accept": "text/html, application/json"}, "zh"),
    ({"accept": "*/*", "accept_language": "en"}, "en"),
]


@pytest.mark.parametrize("verdict", VERDICTS)
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("fields", "form"), LANGUAGES, ids=[str(fields) for fields, _ in LANGUAGES])
def test_every_verdict_is_given_by_every_way_in_the_form_that_is_wanted(
    place: Place, verdict: str, way: str, fields: dict[str, str], form: str
) -> None:
    path, query = WAYS[way](verdict)
    reply = place.ask(path, query, **fields)
    wanted = "json" if way.startswith("api") else form
    assert (reply.status, reply.body) == (200, f"{verdict} {wanted} 2026-06-16T04:07:30Z".encode())
    assert place.handed.origins == []


@pytest.mark.parametrize("way", WAYS)
def test_head_is_answered_with_the_status_and_headers_of_get(place: Place, way: str) -> None:
    path, query = WAYS[way]("genuine")
    head, get = place.ask(path, query, "HEAD"), place.ask(path, query)
    assert (head.status, head.headers) == (get.status, get.headers)
    missing = place.ask(path, query.replace(CODE, "0"), "HEAD")
    assert (missing.status, place.handed.origins) == (404, [])


@pytest.mark.parametrize(
    "method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "get", "Get", ""]
)
@pytest.mark.parametrize("way", WAYS)
def test_whatever_is_no_reading_is_the_control_plane_s(place: Place, method: str, way: str) -> None:
    path, query = WAYS[way]("genuine")
    assert place.ask(path, query, method).body == b"django"
    assert place.table.asked == []


CODES: list[tuple[str, bool]] = [
    (CODE, True),
    (CODE.lower(), True),
    ("K7QM-3XRD-9FWT-P", True),
    ("k7qm 3xrd 9fwt p", True),
    ("K7QM+3XRD+9FWT+P", True),
    (" K7QM3XRD9FWTP ", True),
    (CODE[:-1], False),
    (CODE + "0", False),
    (CODE[::-1], False),
    ("0" * 13, False),
    ("%", False),
    ("' OR 1=1 --", False),
]


@pytest.mark.parametrize(("code", "fits"), CODES, ids=[repr(code) for code, _ in CODES])
def test_a_code_is_read_as_people_type_it_and_no_further(place: Place, code: str, fits: bool) -> None:
    typed = code if "+" in code else quote(code)
    for path, query in (
        ("/check", f"number={number_of('genuine')}&code={typed}"),
        (f"/c/{identifier_of('genuine')}", f"k={typed}"),
    ):
        assert (place.ask(path, query).status == 200) is fits


ODD: list[tuple[str, str, str]] = [
    ("/check", "number=YZ-2026-C-000000&code=K7QM3XRD9FWT%50&number=other", "unknown"),
    ("/check", "number=%59%5A-2026-C-000000&code=%4b7QM3XRD9FWTP", "genuine"),
    ("/check", "code=K7QM3XRD9FWTP&number=YZ-2026-C-000000#fragment", "unknown"),
    ("/check", "utm_source=qr&number=YZ-2026-C-000000&code=K7QM3XRD9FWTP&x=%FF", "genuine"),
    ("/check", "number=YZ-2026-C-000000;code=K7QM3XRD9FWTP", "handed over"),
    ("/check", "NUMBER=YZ-2026-C-000000&CODE=K7QM3XRD9FWTP", "handed over"),
    ("/check", "number=YZ-2026-C-000000&k=K7QM3XRD9FWTP", "handed over"),
    ("/check/", "number=YZ-2026-C-000000&code=K7QM3XRD9FWTP", "handed over"),
    ("/CHECK", "number=YZ-2026-C-000000&code=K7QM3XRD9FWTP", "handed over"),
    ("//check", "number=YZ-2026-C-000000&code=K7QM3XRD9FWTP", "handed over"),
    ("/check", "number=YZ-2026-C-000000&code=", "handed over"),
    ("/check", "number=%E2%80%80&code=1", "handed over"),
    ("/c/88.999.1/YZ-2026-C-000000", "k=K7QM3XRD9FWTP", "genuine"),
    ("/c/88.999.1/yz-2026-c-000000/", "k=K7QM3XRD9FWTP", "unknown"),
    ("/c//yz-2026-c-000000", "k=K7QM3XRD9FWTP", "handed over"),
    ("/c/88.999.1//yz-2026-c-000000", "k=K7QM3XRD9FWTP", "unknown"),
    ("/c/88.999.2/yz-2026-c-000000", "k=K7QM3XRD9FWTP", "unknown"),
    ("/c/88.999.1/yz-2026-c-000000", "k=K7QM3XRD9FWTP&k=0", "unknown"),
    ("/c/88.999.1/yz-2026-c-000000", "K=K7QM3XRD9FWTP", "handed over"),
    ("/c/" + "a/" * 600, "k=1", "unknown"),
    ("/check", "number=" + "9" * 1100 + "&code=1", "unknown"),
    ("/api/v1/authenticity/88.999.1/yz-2026-c-000000/x", "k=K7QM3XRD9FWTP", "unknown"),
    ("/api/v1/authenticity/", "number=YZ-2026-C-000000&code=K7QM3XRD9FWTP", "handed over"),
    ("/api/v2/authenticity", "number=YZ-2026-C-000000&code=K7QM3XRD9FWTP", "handed over"),
    ("/api/v1/authenticity-checks", "", "handed over"),
    ("/healthz/", "", "handed over"),
    ("*", "", "handed over"),
    ("", "", "handed over"),
]


@pytest.mark.parametrize(("path", "query", "outcome"), ODD)
def test_an_odd_address_is_answered_handed_over_or_unknown_and_never_a_fault(
    place: Place, path: str, query: str, outcome: str
) -> None:
    reply = place.ask(path, query)
    if outcome == "handed over":
        assert (reply.body, place.table.asked) == (b"django", [])
        return
    assert place.handed.origins == []
    assert reply.status == (404 if outcome == "unknown" else 200)
    assert reply.body.startswith(outcome.encode())


@settings(max_examples=60)
@given(
    st.text(max_size=40), st.text(max_size=40), st.sampled_from(["/c/", "/check", "/api/v1/authenticity/"])
)
def test_whatever_is_asked_gets_one_answer_that_says_nothing_good(path: str, query: str, stem: str) -> None:
    place = Place()
    reply = place.ask(stem + path, f"number={query}&code={path}&k={query}")
    assert reply.status in (200, 404)
    assert b"genuine" not in reply.body


# --- time -------------------------------------------------------------------------------------------------------


def asked_again(place: Place) -> bytes:
    return place.ask(*by_number("genuine")).body.split()[0]


STALE: list[tuple[float, bytes]] = [
    (0.0, b"genuine"),
    (0.2, b"genuine"),
    (TRUSTED_SECONDS - 0.001, b"genuine"),
    (TRUSTED_SECONDS, b"withdrawn"),
    (1.0, b"withdrawn"),
]


@pytest.mark.parametrize(("seconds", "told"), STALE)
def test_a_change_is_told_no_later_than_the_bound(place: Place, seconds: float, told: bytes) -> None:
    assert asked_again(place) == b"genuine"
    place.table.put(key_by_number(number_of("genuine"), CODE, "zh"), b"withdrawn", stamp="2")
    place.pass_time(seconds)
    assert asked_again(place) == told


def test_asking_often_does_not_put_the_bound_off(place: Place) -> None:
    asked_again(place)
    place.table.put(key_by_number(number_of("genuine"), CODE, "zh"), b"withdrawn", stamp="2")
    seen = []
    for _ in range(10):
        place.pass_time(0.06)
        seen.append(asked_again(place))
    assert seen == [b"genuine"] * 6 + [b"withdrawn"] * 4


def test_an_answer_that_is_taken_back_is_unknown_within_the_bound(place: Place) -> None:
    asked_again(place)
    del place.table.rows[key_by_number(number_of("genuine"), CODE, "zh")]
    place.pass_time(TRUSTED_SECONDS)
    reply = place.ask(*by_number("genuine"))
    assert (reply.status, reply.body) == (404, b"unknown zh")


def test_a_certificate_expires_to_the_second_without_any_change_of_the_table(place: Place) -> None:
    query = f"number=EXPIRING&code={CODE}"
    for seconds, body in (
        (0, b"genuine zh"),
        (59, b"genuine zh"),
        (0.999, b"genuine zh"),
        (0.001, b"expired zh"),
    ):
        place.pass_time(seconds)
        assert place.ask("/check", query).body == body


def test_an_answer_that_ran_out_and_has_no_follower_is_never_given(place: Place) -> None:
    key = key_by_number("EXPIRING", CODE, "json")
    del place.table.rows[after_key(key)]
    query = f"number=EXPIRING&code={CODE}"
    assert place.ask("/api/v1/authenticity", query).status == 200
    place.pass_time(61)
    reply = place.ask("/api/v1/authenticity", query)
    assert (reply.status, json.loads(reply.body)["code"]) == (503, "JL-SRV-004")


def test_after_a_restart_the_memory_is_empty_and_the_answers_are_the_same(place: Place) -> None:
    before = [place.ask(*way(verdict)).body for way in WAYS.values() for verdict in VERDICTS]
    place.restart()
    place.table.asked.clear()
    after = [place.ask(*way(verdict)).body for way in WAYS.values() for verdict in VERDICTS]
    assert before == after
    assert {known for _, known in place.table.asked} == {None}


def test_a_table_that_comes_back_is_believed_again(place: Place) -> None:
    asked_again(place)
    place.table.broken = True
    place.pass_time(TRUSTED_SECONDS)
    assert place.ask(*by_number("genuine")).status == 503
    place.table.broken = False
    assert asked_again(place) == b"genuine"


def test_a_memory_too_small_for_any_answer_answers_all_the_same(place: Place) -> None:
    place.restart(limit_bytes=10)
    for verdict in VERDICTS:
        assert place.ask(*by_number(verdict)).status == 200
    assert place.front._answers.bytes_held == 0


# --- limits -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("per_minute", [1, 2, 30])
def test_misses_are_stopped_at_the_limit_and_come_back_with_time(per_minute: int) -> None:
    place = Place(per_minute)
    wrong = ("/check", "number=none&code=1")
    for _ in range(per_minute):
        assert place.ask(*wrong).status == 404
    stopped = place.ask(*wrong)
    assert stopped.status == 429
    wait = int(stopped.headers["retry-after"])
    assert 60 / per_minute <= wait <= 60 / per_minute + 1
    place.pass_time(wait)
    assert place.ask(*wrong).status == 404
    assert place.ask(*wrong).status == 429


def test_a_stopped_household_still_gets_what_others_have_just_asked_for_and_health() -> None:
    place = Place(1)
    place.ask(*by_number("genuine"))
    place.ask("/check", "number=none&code=1")
    assert place.ask("/check", "number=none&code=2").status == 429
    assert asked_again(place) == b"genuine"
    assert place.ask("/healthz").status == 200
    assert place.ask("/console").body == b"django"


def test_the_form_of_a_refusal_is_that_of_the_question() -> None:
    place = Place(1)
    place.ask("/check", "number=none&code=1")
    for path, fields, kind, words in (
        ("/check", {}, "text/html; charset=utf-8", '<html lang="zh-Hans">'),
        ("/check", {"accept_language": "en"}, "text/html; charset=utf-8", '<html lang="en">'),
        ("/check", {"accept": "application/json"}, "application/problem+json", '"status": 429'),
        ("/api/v1/authenticity", {"accept": "text/html"}, "application/problem+json", '"status": 429'),
    ):
        reply = place.ask(path, "number=none&code=1", **fields)
        assert (reply.status, reply.headers["content-type"]) == (429, kind)
        assert words in reply.body.decode()
        assert "default-src 'none'" in reply.headers["content-security-policy"]
        assert reply.headers["cache-control"] == "no-store"


def test_a_miss_is_charged_to_whoever_asked_and_not_to_the_proxy() -> None:
    place = Place(1)
    reply = Reply()
    for client in ("198.51.100.1", "198.51.100.2"):
        reply = Reply()
        fields = [("x-forwarded-for", client)]
        request = Request("/check", "number=none&code=1", fields=fields, client="10.1.2.3:9")
        asyncio.run(place.front(request, reply))
        assert reply.status == 404
    assert place.ask("/check", "number=none&code=1").status == 404
