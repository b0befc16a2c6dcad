"""Logging in: the documented digest, what is refused and how, tokens that run out or whose identity was revoked."""

from __future__ import annotations

import json
from datetime import timedelta
from hashlib import sha256

import pytest
from tests.functions.prefix_verbs import PUBLIC_KEY, customer
from tests.integration.snms.conftest import IDENTITY, Business
from tests.ledger import World

from jialiang.base.handle_identities.selectors import MOST_FAILURES, shown_identity
from jialiang.functions import handle_identities
from jialiang.integration.identity_sessions import LIFE
from jialiang.integration.snms.envelope import NotLoggedIn
from jialiang.integration.snms.sessions import actor_of_session, daily_digest, token_by_secret
from jialiang.kernel.clock import local_date, utc_now
from jialiang.security.tenancy.scope import scope

pytestmark = pytest.mark.django_db
WRONG = "用户名/密码错误！"
PLAIN, DIGEST = "/identity/token", "/identity/token/v1"


def today(days: int = 0) -> str:
    return (local_date(utc_now(), "Asia/Shanghai") + timedelta(days=days)).isoformat()


def test_the_digest_is_that_of_the_published_example() -> None:
    """The guide of the interface prints this digest for 123456 on 15 August 2019."""
    expected = "58e2c92c46485fdbc35fdcd0814d6c0f000cad5aa156848ca5edaf29406b7661"
    assert daily_digest(b"123456", "2019-08-15") == expected
    assert sha256((sha256(b"123456").hexdigest() + "2019-08-15").encode()).hexdigest() == expected


def test_a_secret_gives_a_token_that_opens_the_door(stranger: Business) -> None:
    envelope = stranger.ask("POST", PLAIN, {"username": IDENTITY, "password": stranger.secret})
    assert (envelope["status"], envelope["message"]) == (1, "success")
    stranger.token = envelope["data"]["token"]
    assert stranger.ask("GET", "/identityv2/data/detail", handle="88.101.5/none")["message"] == "没有找到标识"


@pytest.mark.parametrize("days", [0, -1, 1])
def test_the_digest_of_the_day_logs_in_also_around_midnight(stranger: Business, days: int) -> None:
    hours = {0: 0, -1: -1, 1: 1}[days]
    day = local_date(utc_now() + timedelta(hours=hours), "Asia/Shanghai").isoformat()
    digest = daily_digest(stranger.secret.encode(), day)
    envelope = stranger.ask("POST", DIGEST, {"username": IDENTITY, "password": digest.upper()})
    assert envelope["status"] == 1


@pytest.mark.parametrize("days", [-3, -2, 2, 400])
def test_the_digest_of_another_day_does_not(stranger: Business, days: int) -> None:
    digest = daily_digest(stranger.secret.encode(), today(days))
    envelope = stranger.ask("POST", DIGEST, {"username": IDENTITY, "password": digest})
    assert (envelope["status"], envelope["data"]) == (-2, None)


@pytest.mark.parametrize("path", [PLAIN, DIGEST])
@pytest.mark.parametrize(
    ("username", "password"),
    [(IDENTITY, "wrong"), ("300:88.101.5/nobody", "wrong"), ("admin", "123456"), ("::::", "x"), (IDENTITY, "密码")],
)
def test_what_is_wrong_is_refused_alike(stranger: Business, path: str, username: str, password: str) -> None:
    envelope = stranger.ask("POST", path, {"username": username, "password": password})
    assert (envelope["status"], envelope["data"]) == (-2, None)
    assert envelope["message"].startswith(WRONG)


def test_after_some_failures_the_name_is_locked_even_for_the_right_secret(stranger: Business) -> None:
    for _ in range(MOST_FAILURES):
        stranger.ask("POST", PLAIN, {"username": IDENTITY, "password": "wrong"})
    envelope = stranger.ask("POST", PLAIN, {"username": IDENTITY, "password": stranger.secret})
    assert envelope["status"] == -2
    assert envelope["data"] is None


def test_failed_digests_count_like_failed_secrets(stranger: Business) -> None:
    for _ in range(MOST_FAILURES):
        stranger.ask("POST", DIGEST, {"username": IDENTITY, "password": "0" * 64})
    envelope = stranger.ask("POST", PLAIN, {"username": IDENTITY, "password": stranger.secret})
    assert envelope["status"] == -2


def test_an_identity_with_a_key_pair_has_no_secret_to_log_in_by(world: World, stranger: Business) -> None:
    identity = "301:88.101.5/key"
    with scope(world.tenant_id):
        handle_identities.add_key(
            actor=customer(world),
            identity=identity,
            organization_id=world.dairy_id,
            public_key=PUBLIC_KEY,
            now=utc_now(),
        )
    for path, password in ((PLAIN, ""), (PLAIN, "x"), (DIGEST, daily_digest(b"", today()))):
        envelope = stranger.ask("POST", path, {"username": identity, "password": password})
        assert envelope["status"] == -2


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"password": "x"}, "username"),
        ({"username": "x"}, "password"),
        ({"username": "x" * 51, "password": "x"}, "username"),
        ({"username": "x", "password": "x" * 65}, "password"),
        ({"username": 5, "password": "x"}, "username"),
        ([], "body"),
        (None, "body"),
        (b"{", "body"),
        (b"\xff", "body"),
        (b'{"username":"\\u0000","password":"x"}', "body"),
    ],
)
def test_a_request_that_breaks_a_rule_is_told_where(stranger: Business, body: object, place: str) -> None:
    envelope = stranger.ask("POST", PLAIN, body)
    assert envelope["status"] == -2
    assert place in envelope["message"]


def test_another_method_is_refused_in_the_envelope(stranger: Business) -> None:
    assert "POST" in stranger.ask("GET", PLAIN)["message"]
    assert "POST" in stranger.ask("PUT", DIGEST, {})["message"]


def test_without_a_token_nothing_is_done(stranger: Business) -> None:
    for method, path in (("GET", "/identityv2/data/detail"), ("POST", "/identityv2/data")):
        assert stranger.ask(method, path)["status"] == -1


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x", "Basic eDp5", "Bearer jl_0123_abc"])
def test_what_is_no_token_of_this_door_is_none(stranger: Business, header: str) -> None:
    answer = stranger.http.get("/identityv2/data/detail", {"handle": "88.1/x"}, headers={"Authorization": header})
    assert json.loads(answer.content)["status"] == -1


def test_a_token_lives_for_a_day_and_not_longer(stranger: Business) -> None:
    now = utc_now()
    token = token_by_secret(IDENTITY, stranger.secret, now)
    assert actor_of_session(token, now + LIFE - timedelta(seconds=2)).identity == IDENTITY
    with pytest.raises(NotLoggedIn):
        actor_of_session(token, now + LIFE)
    with pytest.raises(NotLoggedIn):
        actor_of_session(token, now - timedelta(hours=1))


def test_a_token_that_was_changed_is_none(business: Business) -> None:
    moment, rest = business.token.split(" ", 1)
    business.token = f"{int(moment) + 60} {rest}"
    assert business.ask("GET", "/identityv2/data/detail", handle="88.101.5/x")["status"] == -1


def test_a_revoked_identity_is_out_at_once(world: World, business: Business) -> None:
    with scope(world.tenant_id):
        row = shown_identity(IDENTITY)
        assert row is not None
        handle_identities.revoke(actor=customer(world), identity_id=row.pk, reason="遗失", now=utc_now())
    assert business.ask("GET", "/identityv2/data/detail", handle="88.101.5/x")["status"] == -1
    envelope = business.ask("POST", PLAIN, {"username": IDENTITY, "password": business.secret})
    assert envelope["message"].startswith(WRONG)
