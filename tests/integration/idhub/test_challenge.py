"""Challenge and answer: what opens the door, and that nothing else does, whoever asks for whatever name."""

from __future__ import annotations

from base64 import b64encode

import pytest
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA1
from django.core.cache import cache
from tests.functions.prefix_verbs import customer
from tests.integration.idhub.conftest import DOIP, HANDLE, KEY, Program, signed
from tests.ledger import World

from jialiang.base.handle_identities.selectors import MOST_FAILURES, shown_identity
from jialiang.functions import handle_identities
from jialiang.kernel.clock import utc_now

pytestmark = pytest.mark.django_db
REFUSED = 102


def test_the_signed_nonce_becomes_a_token_that_opens_the_door(stranger: Program) -> None:
    envelope = stranger.answered(signed(stranger.nonce()))
    assert (envelope["code"], envelope["message"]) == (1, "operation was successfully processed")
    stranger.token = envelope["data"]["token"]
    assert stranger.operate("0.DOIP/Op.Delete", "88.101.5/none")["code"] == 104


def test_a_nonce_is_digits_and_never_the_same(stranger: Program) -> None:
    nonces = {stranger.nonce() for _ in range(20)}
    assert len(nonces) == 20
    assert all(nonce.isdecimal() and len(nonce) == 38 for nonce in nonces)


def test_a_nonce_is_good_for_one_answer(stranger: Program) -> None:
    signature = signed(stranger.nonce())
    assert stranger.answered(signature)["code"] == 1
    assert stranger.answered(signature)["code"] == REFUSED


def test_a_wrong_answer_uses_the_nonce_up(stranger: Program) -> None:
    nonce = stranger.nonce()
    assert stranger.answered(signed("another"))["code"] == REFUSED
    assert stranger.answered(signed(nonce))["code"] == REFUSED


def test_a_new_challenge_replaces_the_one_before(stranger: Program) -> None:
    first, second = stranger.nonce(), stranger.nonce()
    assert first != second
    assert stranger.answered(signed(first))["code"] == REFUSED
    assert stranger.answered(signed(stranger.nonce()))["code"] == 1


def test_an_answer_without_a_challenge_is_refused(stranger: Program) -> None:
    assert stranger.answered(signed(""))["code"] == REFUSED


@pytest.mark.parametrize(
    "signature",
    [
        "x",
        "====",
        "签名",
        b64encode(b"x" * 256).decode(),
        b64encode(KEY.sign(b"other", padding.PKCS1v15(), SHA1())).decode(),  # noqa: S303 what must not pass
    ],
)
def test_what_is_no_signature_of_the_nonce_is_refused(stranger: Program, signature: str) -> None:
    stranger.nonce()
    assert stranger.answered(signature)["code"] == REFUSED


def test_the_signature_of_another_key_is_refused(stranger: Program) -> None:
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    assert stranger.answered(signed(stranger.nonce(), other))["code"] == REFUSED


def test_a_name_that_nobody_has_is_challenged_and_refused_alike(stranger: Program) -> None:
    nobody = Program("88.101.5/nobody")
    refusal = nobody.answered(signed(nobody.nonce()))
    stranger.nonce()
    assert refusal == stranger.answered(signed("wrong"))


def test_an_identity_may_be_named_with_its_index(stranger: Program) -> None:
    named = Program(f"301:{HANDLE}")
    assert named.answered(signed(named.nonce()))["code"] == 1
    other = Program(f"302:{HANDLE}")
    assert other.answered(signed(other.nonce()))["code"] == REFUSED


@pytest.mark.parametrize("name", ["no-slash", "88..5/x", "/x", "301:no-slash", "88.101.5/x "])
def test_what_is_no_name_is_told_as_such(stranger: Program, name: str) -> None:
    assert stranger.ask("GET", f"{DOIP}/public/challenge", handle=name)["code"] == 40508
    assert Program(name).answered("x")["code"] == 40508


def test_a_name_is_at_most_255_characters(stranger: Program) -> None:
    longest, longer = "88.101.5/" + "x" * 246, "88.101.5/" + "x" * 247
    assert stranger.ask("GET", f"{DOIP}/public/challenge", handle=longest)["code"] == 1
    assert stranger.ask("GET", f"{DOIP}/public/challenge", handle=longer)["code"] == 101


@pytest.mark.parametrize(
    "body", [{"handle": HANDLE}, {"signature": "x"}, {"handle": 5, "signature": "x"}, b"{", [], None]
)
def test_a_request_that_breaks_a_rule_is_told_so(stranger: Program, body: object) -> None:
    assert stranger.ask("POST", f"{DOIP}/public/verify-response", body)["code"] == 101
    envelope = stranger.ask("GET", f"{DOIP}/public/challenge")
    assert envelope["code"] == 101
    assert "handle" in envelope["message"]


def test_after_some_failures_the_identity_is_locked(stranger: Program) -> None:
    for _ in range(MOST_FAILURES):
        stranger.nonce()
        stranger.answered(signed("wrong"))
    assert stranger.answered(signed(stranger.nonce()))["code"] == 200


def test_a_nonce_that_was_forgotten_answers_nothing(stranger: Program) -> None:
    nonce = stranger.nonce()
    cache.clear()
    assert stranger.answered(signed(nonce))["code"] == REFUSED


def test_a_revoked_identity_is_out_at_once(world: World, program: Program) -> None:
    row = shown_identity(f"301:{HANDLE}")
    assert row is not None
    handle_identities.revoke(actor=customer(world), identity_id=row.pk, reason="遗失", now=utc_now())
    assert program.operate("0.DOIP/Op.Delete", "88.101.5/none")["code"] == 401
    program.token = ""
    assert program.answered(signed(program.nonce()))["code"] == REFUSED


@pytest.mark.parametrize("token", ["x", "1 301:88.101.5/app:abc", ""])
def test_what_is_no_token_writes_nothing(stranger: Program, token: str) -> None:
    stranger.token = token
    assert stranger.operate("0.DOIP/Op.Delete", "88.101.5/x")["code"] == 401
