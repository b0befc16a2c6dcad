"""Nonces and tokens of the door for programs: how long they open it, for whom, and that no other door's do."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from tests.functions.prefix_verbs import customer
from tests.integration.idhub.conftest import DOIP, HANDLE, TEMPLATE, Program, signed
from tests.ledger import World

from jialiang.base.identifiers.selectors import is_taken
from jialiang.functions import identifiers
from jialiang.integration import identity_sessions
from jialiang.integration.identity_sessions import LIFE, IdentitySessions
from jialiang.integration.idhub import door, sessions
from jialiang.integration.idhub.envelope import BadObjectName, NotAuthenticated, SignatureRefused
from jialiang.integration.idhub.sessions import NONCE_SECONDS, actor_of_session, challenge, token_for
from jialiang.kernel.clock import utc_now

pytestmark = pytest.mark.django_db
DELETE, READ, CREATE = "0.DOIP/Op.Delete", "0.DOIP/Op.Retrieve", "0.DOIP/Op.Create"
IDENTITY = f"301:{HANDLE}"
SECOND = timedelta(seconds=1)


def later(monkeypatch: pytest.MonkeyPatch, by: timedelta) -> None:
    moment = utc_now() + by
    monkeypatch.setattr(door, "utc_now", lambda: moment)


# --- tokens --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("by", "code"),
    [
        (timedelta(0), 104),
        (timedelta(hours=23, minutes=59), 104),
        (timedelta(hours=24, seconds=1), 401),
        (timedelta(days=400), 401),
        (timedelta(hours=-1), 401),
    ],
)
def test_a_token_opens_the_door_for_a_day(
    program: Program, monkeypatch: pytest.MonkeyPatch, by: timedelta, code: int
) -> None:
    later(monkeypatch, by)
    assert program.operate(DELETE, "88.101.5/none")["code"] == code


def test_the_last_second_of_a_day_is_in_and_the_next_is_out(stranger: Program) -> None:
    now = utc_now().replace(microsecond=0)
    token = token_for(HANDLE, signed(challenge(HANDLE)), now)
    assert actor_of_session(token, now + LIFE - SECOND).identity == IDENTITY
    assert actor_of_session(token, now - SECOND).identity == IDENTITY  # clocks of two servers
    for moment in (now + LIFE, now + LIFE + SECOND, now - 2 * SECOND):
        with pytest.raises(NotAuthenticated):
            actor_of_session(token, moment)


def test_a_token_that_ran_out_reads_what_strangers_do_not_even_ask_for(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    program.operate(CREATE, "88.101.5/T-9", {"range": "5", "cost": "9"})
    later(monkeypatch, timedelta(days=2))
    assert program.operate(READ, "88.101.5/T-9")["code"] == 401  # told, and not shown as to a stranger
    program.token = ""
    envelope = program.operate(READ, "88.101.5/T-9")
    assert [each["type"] for each in envelope["data"]["attributes"]["elements"]] == ["range"]


@pytest.mark.parametrize("other", ["snms", "", "idhub2", "IDHUB"])
def test_the_token_of_another_door_opens_nothing_here(program: Program, other: str) -> None:
    program.token = IdentitySessions(other).token(IDENTITY, utc_now())
    assert program.operate(DELETE, "88.101.5/none")["code"] == 401


def test_a_token_is_good_for_its_identity_and_moment_alone(program: Program) -> None:
    moment, rest = program.token.split(" ", 1)
    identity, mark = rest.rsplit(":", 1)
    for changed in (
        f"{int(moment) + 1} {identity}:{mark}",
        f"{moment} 302:{HANDLE}:{mark}",
        f"{moment} {identity}:{mark[:-1]}",
        f"{moment} {identity}",
        f" {program.token[1:]}",
        program.token.upper(),
    ):
        with pytest.raises(NotAuthenticated):
            actor_of_session(changed, utc_now())
    assert actor_of_session(program.token, utc_now()).identity == IDENTITY


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_the_scheme_is_read_without_case(program: Program, scheme: str) -> None:
    headers = {"Authorization": f"{scheme}  {program.token} "}
    query = {"targetId": "88.101.5/none", "operationId": READ}
    answered = program.http.get(DOIP, query, headers=headers)
    assert json.loads(answered.content)["code"] == 104


@pytest.mark.parametrize("header", ["Basic eDp5", "Token x", "Bearer", "x"])
def test_whoever_shows_something_else_is_told_so_even_where_strangers_may_read(stranger: Program, header: str) -> None:
    query = {"targetId": TEMPLATE, "operationId": READ}
    assert json.loads(stranger.http.get(DOIP, query).content)["code"] == 1
    answered = stranger.http.get(DOIP, query, headers={"Authorization": header})
    assert json.loads(answered.content)["code"] == 401


def test_what_a_token_does_is_done_by_its_identity(program: Program, world: World) -> None:
    assert program.operate(CREATE, "88.101.5/T-8", {"range": "5"})["code"] == 10000
    record = identifiers.resolve_identifier(actor=customer(world), name="88.101.5/T-8", now=utc_now())
    assert record.organization_id == world.dairy_id


# --- nonces --------------------------------------------------------------------------------------------------


def test_a_nonce_is_kept_for_five_minutes_under_its_name_alone(
    stranger: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[tuple[str, str, int]] = []
    monkeypatch.setattr(sessions.cache, "set", lambda place, nonce, seconds: kept.append((place, nonce, seconds)))
    nonce = challenge(HANDLE)
    challenge(HANDLE.upper())
    challenge("88.101.5/other")
    assert kept[0][1:] == (nonce, NONCE_SECONDS)
    assert NONCE_SECONDS == 300
    assert kept[0][0] == kept[1][0] != kept[2][0]


def test_the_nonce_of_one_name_answers_for_no_other(stranger: Program) -> None:
    other = Program("88.101.5/other")
    signature = signed(other.nonce())
    assert stranger.answered(signature)["code"] == 102


def test_spellings_of_a_name_by_case_share_their_nonce(stranger: Program) -> None:
    signature = signed(stranger.nonce())
    assert Program(HANDLE.upper()).answered(signature)["code"] == 1


def test_a_handle_and_its_identity_with_an_index_have_nonces_of_their_own(stranger: Program) -> None:
    signature = signed(stranger.nonce())
    assert Program(IDENTITY).answered(signature)["code"] == 102


@pytest.mark.parametrize("signature", ["", "x" * 2049, 5, None, ["x"]])
def test_a_signature_is_a_text_of_bounded_length(stranger: Program, signature: Any) -> None:
    nonce = stranger.nonce()
    envelope = stranger.ask("POST", f"{DOIP}/public/verify-response", {"handle": HANDLE, "signature": signature})
    assert envelope["code"] == 101
    assert "signature" in envelope["message"]
    assert stranger.answered(signed(nonce))["code"] == 1  # what was no answer did not use the nonce up


def test_nonces_have_38_digits_and_never_begin_with_zero(stranger: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    for chance, nonce in ((0, "1" + "0" * 37), (9 * 10**37 - 1, "9" * 38)):
        monkeypatch.setattr(sessions.secrets, "randbelow", lambda below, chance=chance: min(chance, below - 1))
        assert challenge(HANDLE) == nonce


@pytest.mark.parametrize("name", ["", "x", "/x", "301:", "301:x", "88.101.5/\n"])
def test_a_name_that_is_none_is_refused_before_anything_is_kept(stranger: Program, name: str) -> None:
    with pytest.raises(BadObjectName):
        challenge(name)
    with pytest.raises(BadObjectName):
        token_for(name, "x", utc_now())


def test_a_refused_signature_tells_only_that(stranger: Program) -> None:
    with pytest.raises(SignatureRefused) as refused:
        token_for(HANDLE, "x", utc_now())
    assert refused.value.facts == {}


# --- bodies --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        b"\xff", b"{", b"{} {}", b'{"a": "\\ud800"}', b'{"a": "\\u0000"}', b"[" * 5000,
    ],
)  # fmt: skip
def test_a_body_that_is_no_json_of_texts_is_refused_and_nothing_written(program: Program, body: bytes) -> None:
    envelope = program.ask("POST", DOIP, body, targetId="88.101.5/T-7", operationId=CREATE)
    assert envelope["code"] == 101
    assert not is_taken("88.101.5/T-7")


def test_the_moment_of_a_token_is_checked_before_its_identity(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(identity_sessions, "actor_by_key", lambda identity, now: asked.append(identity))
    with pytest.raises(NotAuthenticated):
        actor_of_session(program.token, utc_now() + LIFE)
    assert asked == []
    cache.clear()
