"""Sessions of the Handle JSON interface: their time, what prolongs it, and what one tells of them."""

from __future__ import annotations

from base64 import b64decode, b64encode
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from tests.integration.handle_api.test_writing import (
    EMAIL,
    IDENTITY,
    URL,
    Door,
    authorization,
    door,
    made,
    session_of,
    signed,
    world,
)

from jialiang.integration.handle_api import sessions
from jialiang.integration.handle_api.answers import AuthenticationNeeded
from jialiang.integration.handle_api.sessions import LIFE, NONCE, parameters, session

__all__ = ["door", "made", "world"]
KINDS = ["secret", "rsa", "ec"]


def opened(door: Door, kind: str = "secret") -> str:
    """Begin and authenticate a session; return its id."""
    name, nonce = session_of(door)
    shown = authorization(name, kind, *signed(door, kind, nonce))
    assert door.ask("PUT", "/api/sessions/this", authorization=shown)[0] == 200
    return name


def alone(name: str) -> str:
    return f'Handle sessionId="{name}"'


def age(name: str, seconds: float) -> None:
    """Let a session be older by so many seconds."""
    row = Session.objects.get(pk=name)
    row.expire_date -= timedelta(seconds=seconds)
    row.save()


def left(name: str) -> float:
    """Return the seconds that a session has left."""
    return (Session.objects.get(pk=name).expire_date - timezone.now()).total_seconds()


# --- time ----------------------------------------------------------------------------------------------------


def test_a_session_has_ten_minutes(door: Door) -> None:
    name, _ = session_of(door)
    assert LIFE == 600
    assert LIFE - 60 < left(name) <= LIFE


def test_after_its_time_a_session_is_none_even_with_a_good_signature(door: Door) -> None:
    name, nonce = session_of(door)
    shown = authorization(name, "rsa", *signed(door, "rsa", nonce))
    age(name, LIFE + 1)
    for method, path, body in (
        ("PUT", "/api/sessions/this", None),
        ("GET", "/api/sessions/this", None),
        ("DELETE", "/api/sessions/this", None),
        ("PUT", "/api/handles/88.101.5/ins-7", [URL]),
    ):
        status, said = door.ask(method, path, body, authorization=shown)
        assert (status, said["responseCode"]) == (401, 402)


def test_an_authenticated_session_ends_after_ten_minutes_without_a_request(door: Door) -> None:
    name = opened(door)
    age(name, LIFE - 120)
    assert door.handle("PUT", "", [URL], authorization=alone(name))[0] == 201
    age(name, LIFE + 1)
    assert door.handle("PUT", "", [EMAIL], authorization=alone(name))[0] == 401
    assert door.indexes() == [1]


@pytest.mark.parametrize("kind", KINDS)
def test_each_request_gives_it_its_whole_time_again(door: Door, kind: str) -> None:
    name = opened(door, kind)
    for _ in range(3):
        age(name, LIFE - 90)
        assert left(name) < 100
        assert door.handle("PUT", "", [URL], authorization=alone(name))[0] in {200, 201}
        assert left(name) > LIFE - 60


def test_asking_what_a_session_is_does_not_keep_it(door: Door) -> None:
    name = opened(door)
    age(name, LIFE - 90)
    assert door.ask("GET", "/api/sessions/this", authorization=alone(name))[1]["authenticated"] is True
    assert left(name) < 100


def test_a_refused_signature_neither_prolongs_nor_authenticates(door: Door) -> None:
    name, _ = session_of(door)
    age(name, LIFE - 90)
    identity, wrong = signed(door, "rsa", b"another nonce")
    assert door.handle("PUT", "", [URL], authorization=authorization(name, "rsa", identity, wrong))[0] == 403
    assert left(name) < 100
    assert door.ask("GET", "/api/sessions/this", authorization=alone(name))[1]["authenticated"] is False


# --- what is told --------------------------------------------------------------------------------------------


def test_a_new_session_tells_its_nonce_and_that_nobody_is_there(door: Door) -> None:
    status, said = door.ask("POST", "/api/sessions", authorization=None)
    assert (status, said["responseCode"], said["authenticated"], said["id"]) == (201, 1, False, "")
    assert len(b64decode(said["nonce"], validate=True)) == 16
    again = door.ask("POST", "/api/sessions", authorization=None)[1]
    assert (again["sessionId"], again["nonce"]) != (said["sessionId"], said["nonce"])


def test_an_authenticated_session_tells_whose_it_is(door: Door) -> None:
    name = opened(door)
    assert door.ask("GET", "/api/sessions/this", authorization=alone(name)) == (
        200,
        {"responseCode": 1, "sessionId": name, "nonce": session(name)[NONCE], "authenticated": True, "id": IDENTITY},
    )


def test_an_ended_session_is_none_and_ending_it_again_is_refused(door: Door) -> None:
    name = opened(door)
    assert door.ask("DELETE", "/api/sessions/this", authorization=alone(name)) == (200, {"responseCode": 1})
    assert door.ask("DELETE", "/api/sessions/this", authorization=alone(name))[0] == 401
    assert not Session.objects.filter(pk=name).exists()


@pytest.mark.parametrize("header", [None, "", "Handle", "Handle x", "Basic eDp5", 'Handle id="300:88.101.5/app"'])
def test_without_the_name_of_a_session_there_is_none(door: Door, header: str | None) -> None:
    for method in ("GET", "PUT", "DELETE"):
        status, said = door.ask(method, "/api/sessions/this", authorization=header)
        assert (status, said["responseCode"]) == (401, 402)


def test_a_refusal_for_want_of_a_session_says_how_to_authenticate(door: Door) -> None:
    answered = door.http.get("/api/sessions/this")
    assert answered["WWW-Authenticate"] == 'Basic realm="handle"'


# --- signatures ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("alg", ["SHA256", "sha256", "SHA-256", "sha-256"])
def test_the_name_of_the_digest_is_read_in_its_spellings(door: Door, alg: str) -> None:
    name, nonce = session_of(door)
    shown = authorization(name, "rsa", *signed(door, "rsa", nonce), alg)
    assert door.ask("PUT", "/api/sessions/this", authorization=shown)[0] == 200


@pytest.mark.parametrize("alg", ["SHA384", "SHA512", "SHA1", "MD5", "", "none", "SHA2566"])
def test_a_signature_by_one_digest_is_none_by_another(door: Door, alg: str) -> None:
    name, nonce = session_of(door)
    shown = authorization(name, "rsa", *signed(door, "rsa", nonce), alg)
    status, said = door.ask("PUT", "/api/sessions/this", authorization=shown)
    assert (status, said["responseCode"]) == (403, 403)


@pytest.mark.parametrize(("kind", "said"), [("HS_SECKEY", "rsa"), ("HS_PUBKEY", "secret"), ("HS_OTHER", "secret")])
def test_a_key_of_another_kind_than_it_says_proves_nothing(door: Door, kind: str, said: str) -> None:
    name, nonce = session_of(door)
    shown = authorization(name, said, *signed(door, said, nonce))
    crossed = shown.replace('type="HS_PUBKEY"', f'type="{kind}"').replace('type="HS_SECKEY"', f'type="{kind}"')
    assert crossed != shown
    assert door.ask("PUT", "/api/sessions/this", authorization=crossed)[0] == 403


def test_a_signature_that_is_no_base64_is_refused_and_breaks_nothing(door: Door) -> None:
    name, _ = session_of(door)
    for signature in ("=", "x", "*" * 20, "x" * 4000):
        shown = f'Handle sessionId="{name}", id="301:88.101.5/app", cnonce="", signature="{signature}"'
        assert door.ask("PUT", "/api/sessions/this", authorization=shown)[0] == 403
    assert door.ask("GET", "/api/sessions/this", authorization=alone(name))[1]["authenticated"] is False


# --- the parts alone -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["", "x", "x" * 64, "../x", "0" * 32])
def test_a_name_of_no_session_is_none(door: Door, name: str) -> None:
    with pytest.raises(AuthenticationNeeded):
        session(name)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("", {}),
        ("a=1", {"a": "1"}),
        ('a="1", a="2"', {"a": "2"}),
        ('a = "1"  ,b= 2', {"a": "1", "b": "2"}),
        ('a=""', {"a": ""}),
        ('a="x,y=z"', {"a": "x,y=z"}),
        ("a=1,b=2,c", {"a": "1", "b": "2"}),
        ("sessionId=abc id=300:88.1/x", {"sessionId": "abc", "id": "300:88.1/x"}),
        ("a=" + "x" * 9000, {"a": "x" * 8190}),
    ],
)
def test_parameters_are_read_as_far_as_they_are_some(text: str, read: dict[str, Any]) -> None:
    assert parameters(text) == read


def test_the_proof_with_a_secret_wraps_the_nonces_and_no_empty_secret_proves_anything() -> None:
    good = sha256(b"secret" + b"nonce" + b"secret").digest()
    assert sessions._keyed(b"secret", b"nonce", "sha256", good)
    assert not sessions._keyed(b"secret", b"nonce", "sha512", good)
    assert not sessions._keyed(b"other", b"nonce", "sha256", good)
    assert not sessions._keyed(b"", b"nonce", "sha256", sha256(b"nonce").digest())
    assert b64encode(good) != good
