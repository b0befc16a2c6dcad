"""Proofs of who one is: signatures with keys, digests and tags with secrets."""

from __future__ import annotations

import hashlib
import hmac

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, padding, rsa
from hypothesis import given
from hypothesis import strategies as st

from jialiang.formats.handle.challenges import (
    digest_of,
    made_with_secret,
    proof_with_secret,
    proof_with_signature,
    signed_with_key,
)
from jialiang.formats.handle.keys import RsaKey, key_of

CONTENT = bytes(16) + b"digest of the request"
SECRET = "密码-secret".encode()


@pytest.fixture(scope="module")
def private() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def test_digests_are_those_of_the_standards():
    assert digest_of(1, b"abc").hex() == "900150983cd24fb0d6963f7d28e17f72"
    assert digest_of(2, b"abc").hex() == "a9993e364706816aba3e25717850c26c9cd0d89d"
    assert digest_of(3, b"abc").hex().startswith("ba7816bf8f01cfea414140de5dae2223")
    with pytest.raises(KeyError):
        digest_of(0x12, b"abc")


@pytest.mark.parametrize("name", ["SHA-256", "SHA256", "SHA-1", "SHA1"])
def test_a_signature_of_nonce_and_digest_proves_the_key(name: str, private: rsa.RSAPrivateKey):
    algorithm = hashes.SHA256() if "256" in name else hashes.SHA1()
    proof = proof_with_signature(name, private.sign(CONTENT, padding.PKCS1v15(), algorithm))
    key = key_of(private.public_key())
    assert signed_with_key(key, CONTENT, proof)
    assert not signed_with_key(key, CONTENT + b"x", proof)
    assert not signed_with_key(key, CONTENT, proof[:-1])
    assert not signed_with_key(key_of(rsa.generate_private_key(65537, 2048).public_key()), CONTENT, proof)


def test_a_signature_under_another_digest_than_it_says_proves_nothing(private: rsa.RSAPrivateKey):
    signature = private.sign(CONTENT, padding.PKCS1v15(), hashes.SHA256())
    key = key_of(private.public_key())
    assert not signed_with_key(key, CONTENT, proof_with_signature("SHA-1", signature))
    assert not signed_with_key(key, CONTENT, proof_with_signature("MD5", signature))
    assert not signed_with_key(key, CONTENT, proof_with_signature("", signature))


def test_dsa_keys_prove_too():
    private = dsa.generate_private_key(2048)
    proof = proof_with_signature("SHA-256", private.sign(CONTENT, hashes.SHA256()))
    assert signed_with_key(key_of(private.public_key()), CONTENT, proof)
    assert not signed_with_key(key_of(private.public_key()), b"else", proof)


def test_numbers_that_are_no_key_prove_nothing():
    assert not signed_with_key(RsaKey(4, 2), CONTENT, proof_with_signature("SHA-256", bytes(256)))


PROOFS = {
    "md5": b"\x01" + hashlib.md5(SECRET + CONTENT + SECRET).digest(),
    "sha1": b"\x02" + hashlib.sha1(SECRET + CONTENT + SECRET).digest(),
    "sha256": b"\x03" + hashlib.sha256(SECRET + CONTENT + SECRET).digest(),
    "hmac-sha1": b"\x12" + hmac.digest(SECRET, CONTENT, "sha1"),
    "hmac-sha256": b"\x13" + hmac.digest(SECRET, CONTENT, "sha256"),
    "pbkdf2": proof_with_secret(SECRET, CONTENT, bytes(range(16))),
}


@pytest.mark.parametrize("kind", list(PROOFS))
def test_every_kind_of_proof_with_a_secret_holds_for_that_secret_and_content_alone(kind: str):
    proof = PROOFS[kind]
    assert made_with_secret(SECRET, CONTENT, proof)
    assert not made_with_secret(SECRET + b"x", CONTENT, proof)
    assert not made_with_secret(SECRET, CONTENT + b"x", proof)
    assert not made_with_secret(SECRET, CONTENT, proof + b"x")
    assert not made_with_secret(SECRET, CONTENT, proof[:-1])


def test_the_stretched_key_is_pbkdf2_over_the_letters_of_the_secret_as_java_sees_them():
    salt, content = bytes(range(16)), b"c"
    key = hashlib.pbkdf2_hmac(
        "sha1", "é".encode("latin-1").decode("latin-1").encode("utf-8"), salt, 10_000, 20
    )
    by_hand = (
        b"\x22\x00\x00\x00\x10" + salt + b"\x00\x00\x27\x10" + b"\x00\x00\x00\xa0"
        b"\x00\x00\x00\x14" + hmac.digest(key, content, "sha1")
    )  # fmt: skip
    assert proof_with_secret(b"\xe9", content, salt) == by_hand
    assert made_with_secret(b"\xe9", content, by_hand)


@pytest.mark.parametrize(
    ("rounds", "bits"), [(0, 160), (20_001, 160), (2**32 - 1, 160), (10_000, 2**31), (1, 0)]
)
def test_a_proof_that_would_cost_too_much_is_refused_without_work(rounds: int, bits: int):
    proof = (
        b"\x22\x00\x00\x00\x00" + rounds.to_bytes(4, "big") + bits.to_bytes(4, "big") + b"\x00\x00\x00\x00"
    )
    assert not made_with_secret(SECRET, CONTENT, proof)


@given(st.binary(max_size=60))
def test_proofs_of_chance_prove_nothing_and_break_nothing(proof: bytes):
    assert not made_with_secret(SECRET, CONTENT, proof)
    assert not signed_with_key(RsaKey((1 << 2047) + 1, 65537), CONTENT, proof)
