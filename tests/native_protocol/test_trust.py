"""Trusted resolution: the client asks with the flag 0x2 and is told 0x1 where the signature holds."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from tests.functions.prefix_verbs import operator
from tests.native_protocol.client import Client
from tests.native_protocol.node import Node
from tests.native_protocol.running import NAME, VALUES, Published, Running
from tests.native_protocol.verifying import Rejected, verify

from jialiang.formats.handle.trust import (
    ROOT_KEY,
    Permission,
    Root,
    Validity,
    certificate_claims,
    key_to_json,
    published_root,
    raw_es256,
    signature_claims,
    token,
)
from jialiang.formats.handle.values import HandleReference, HandleValue
from jialiang.functions import identifiers, prefixes
from jialiang.functions.identifier_trust import sign_values
from jialiang.functions.trust_chain import root_of
from jialiang.kernel.text import Text
from jialiang.security.keys import pkcs8, services
from jialiang.security.keys.selectors import authority
from jialiang.security.tenancy.selectors import tenant

TRUSTED_QUERY, TRUSTED_RESULT = 2, 1
ROOT_ID, SEAL_ID = HandleReference(400, "88.101.5/0.0"), HandleReference(400, "88.101.5/seal")
ROOT_KEY_PAIR, SEAL_KEY_PAIR = (ec.derive_private_key(number, ec.SECP256R1()) for number in (21, 22))
ALWAYS = Validity(0, 2**33, 0)


def _token(claims: dict[str, Any], key: ec.EllipticCurvePrivateKey) -> bytes:
    return token(claims, "ES256", lambda data: raw_es256(key.sign(data, ec.ECDSA(hashes.SHA256())))).encode()


def _certificate(subject: HandleReference, key: ec.EllipticCurvePrivateKey) -> HandleValue:
    claims = certificate_claims(subject, key.public_key(), (Permission("everything"),), ROOT_ID, ALWAYS)
    return HandleValue(400, "HS_CERT", _token(claims, ROOT_KEY_PAIR))


@pytest.fixture
def signed(published: Published) -> Published:
    """The record of the other tests, signed, with its chain and the root of the installation."""
    published.record(ROOT_ID.handle, [_certificate(ROOT_ID, ROOT_KEY_PAIR)])
    published.record(SEAL_ID.handle, [_certificate(SEAL_ID, SEAL_KEY_PAIR)])
    published.put(ROOT_KEY, 1000, Root(ROOT_ID, ROOT_KEY_PAIR.public_key()).body())
    signature = _token(signature_claims(NAME, VALUES, SEAL_ID, ALWAYS), SEAL_KEY_PAIR)
    published.record(NAME, [*VALUES, HandleValue(401, "HS_SIGNATURE", signature)])
    return published


def _flags(table: Published, asked: int = TRUSTED_QUERY) -> int:
    with Running(table.path) as running, Client("127.0.0.1", running.port("127.0.0.1")) as client:
        client.resolve(NAME)
        response = client.resolve(NAME, flags=asked)
        assert response.code == 1
        return response.flags


def test_a_signed_record_is_told_to_be_trusted_to_whoever_asks(signed: Published):
    assert _flags(signed) == TRUSTED_QUERY | TRUSTED_RESULT
    assert _flags(signed, 0) == 0


def test_a_record_without_a_signature_is_not(published: Published):
    assert _flags(published) == TRUSTED_QUERY


def test_a_client_cannot_set_the_result_itself(published: Published):
    assert _flags(published, TRUSTED_QUERY | TRUSTED_RESULT) == TRUSTED_QUERY


def test_a_wrong_chain_is_shown_as_such(signed: Published):
    signed.record(SEAL_ID.handle, [_certificate(SEAL_ID, ROOT_KEY_PAIR)])
    assert _flags(signed) == TRUSTED_QUERY


def test_a_root_that_only_calls_itself_one_is_not_trusted(signed: Published):
    signed.put(ROOT_KEY, 1001, Root(ROOT_ID, SEAL_KEY_PAIR.public_key()).body())
    assert _flags(signed) == TRUSTED_QUERY
    signed.remove(ROOT_KEY)
    assert _flags(signed) == TRUSTED_QUERY


def test_a_changed_value_is_not_trusted(signed: Published):
    signature = _token(signature_claims(NAME, VALUES, SEAL_ID, ALWAYS), SEAL_KEY_PAIR)
    changed = replace(VALUES[0], data=b"https://evil.example")
    signed.record(NAME, [changed, *VALUES[1:], HandleValue(401, "HS_SIGNATURE", signature)])
    assert _flags(signed) == TRUSTED_QUERY


def test_a_root_survives_its_publication():
    root = Root(ROOT_ID, ROOT_KEY_PAIR.public_key())
    read = published_root(root.body())
    assert read is not None
    assert (read.identity, read.body()) == (ROOT_ID, root.body())
    assert published_root(b'{"identity":"x","publicKey":{}}') is None


def test_what_the_verb_signs_the_server_tells_to_be_trusted(node: Node, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pkcs8, "COST", 16)
    world, now = node.world, node.world.now
    services.create_authority(now)
    services.issue_seal(tenant(world.tenant_id), Text("示范计量院", "Institute"), "12370000MB0000000X", now)
    prefixes.found(actor=operator(world), now=now)
    identifiers.register(actor=operator(world), name=NAME, values=VALUES, now=now)
    sign_values(actor=operator(world), name=NAME, now=now)
    with Client("127.0.0.1", node.running.port("127.0.0.1")) as client:
        assert client.resolve(NAME, flags=TRUSTED_QUERY).flags == TRUSTED_QUERY | TRUSTED_RESULT
        identifiers.modify_values(
            actor=operator(world), name=NAME, values=[HandleValue(1, "URL", b"x")], now=now
        )
        while client.resolve(NAME, (1,)).record()[1][0].data != b"x":
            continue
        assert client.resolve(NAME, flags=TRUSTED_QUERY).flags == TRUSTED_QUERY


AGREED = (ROOT_ID.text, key_to_json(ROOT_KEY_PAIR.public_key()))
NOW = 1_750_000_000.0
ENDED = Validity(0, int(NOW), 0)


def _verified(table: Published, root: tuple[str, dict[str, str]] = AGREED, now: float = NOW) -> list[int]:
    with Running(table.path) as running, Client("127.0.0.1", running.port("127.0.0.1")) as client:
        return verify(client, NAME, root, now)


def test_a_client_of_its_own_verifies_a_signed_answer(signed: Published):
    assert _verified(signed) == [1, 2, 2000]


def test_it_rejects_a_changed_value(signed: Published):
    signature = _token(signature_claims(NAME, VALUES, SEAL_ID, ALWAYS), SEAL_KEY_PAIR)
    changed = replace(VALUES[1], data=b"thief@example.org")
    signed.record(NAME, [VALUES[0], changed, VALUES[2], HandleValue(401, "HS_SIGNATURE", signature)])
    with pytest.raises(Rejected, match="value 2 changed"):
        _verified(signed)


def test_it_rejects_a_value_that_nobody_signed(signed: Published):
    signature = _token(signature_claims(NAME, VALUES[:2], SEAL_ID, ALWAYS), SEAL_KEY_PAIR)
    signed.record(NAME, [*VALUES, HandleValue(401, "HS_SIGNATURE", signature)])
    with pytest.raises(Rejected, match="come or go"):
        _verified(signed)


def test_it_rejects_a_signature_by_a_wrong_key(signed: Published):
    forged = _token(signature_claims(NAME, VALUES, SEAL_ID, ALWAYS), ROOT_KEY_PAIR)
    signed.record(NAME, [*VALUES, HandleValue(401, "HS_SIGNATURE", forged)])
    with pytest.raises(Rejected, match="wrong key"):
        _verified(signed)


@pytest.mark.parametrize("ended", ["signature", "certificate"])
def test_it_rejects_what_has_run_out(signed: Published, ended: str):
    key, everything = SEAL_KEY_PAIR.public_key(), (Permission("everything"),)
    if ended == "certificate":
        claims = certificate_claims(SEAL_ID, key, everything, ROOT_ID, ENDED)
        signed.record(SEAL_ID.handle, [HandleValue(400, "HS_CERT", _token(claims, ROOT_KEY_PAIR))])
    else:
        signature = _token(signature_claims(NAME, VALUES, SEAL_ID, ENDED), SEAL_KEY_PAIR)
        signed.record(NAME, [*VALUES, HandleValue(401, "HS_SIGNATURE", signature)])
    with pytest.raises(Rejected, match="not in force"):
        _verified(signed)
    assert _flags(signed) == TRUSTED_QUERY, "the server does not call it trusted either"


def test_it_rejects_a_chain_to_a_foreign_root(signed: Published):
    with pytest.raises(Rejected, match="foreign root"):
        _verified(signed, (ROOT_ID.text, key_to_json(SEAL_KEY_PAIR.public_key())))
    with pytest.raises(Rejected, match="foreign root"):
        _verified(signed, ("400:88.999/0.0", AGREED[1]))


def test_it_rejects_a_seal_that_may_not_sign_this_record(signed: Published):
    key, narrow = SEAL_KEY_PAIR.public_key(), (Permission("handlesUnderThisPrefix", "0.NA/88.102"),)
    claims = certificate_claims(SEAL_ID, key, narrow, ROOT_ID, ALWAYS)
    signed.record(SEAL_ID.handle, [HandleValue(400, "HS_CERT", _token(claims, ROOT_KEY_PAIR))])
    with pytest.raises(Rejected, match="not permitted"):
        _verified(signed)
    assert _flags(signed) == TRUSTED_QUERY


def test_what_the_platform_signs_unasked_the_client_verifies(node: Node, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pkcs8, "COST", 16)
    world, now = node.world, node.world.now
    services.create_authority(now)
    services.issue_seal(tenant(world.tenant_id), Text("示范计量院", "Institute"), "12370000MB0000000X", now)
    prefixes.found(actor=operator(world), now=now)
    due = HandleValue(3, "DUE_DATE", b"2027-06-15")
    identifiers.register(actor=operator(world), name=NAME, values=[*VALUES, due], now=now)
    view = root_of(authority())
    root = (view.identity.text, key_to_json(view.key))
    with Client("127.0.0.1", node.running.port("127.0.0.1")) as client:
        assert verify(client, NAME, root, now.timestamp() + 1) == [1, 2, 3, 2000]
        later = HandleValue(3, "DUE_DATE", b"2028-06-15")
        identifiers.modify_values(actor=operator(world), name=NAME, values=[later], now=now)
        while client.resolve(NAME, (3,)).record()[1][0].data != b"2028-06-15":
            continue
        assert verify(client, NAME, root, now.timestamp() + 1) == [1, 2, 3, 2000]
        assert client.resolve(NAME, flags=TRUSTED_QUERY).flags == TRUSTED_QUERY | TRUSTED_RESULT
