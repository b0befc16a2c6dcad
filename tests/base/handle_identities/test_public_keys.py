"""Public keys of identities: the kinds taken, in PEM and JWK, and what is refused with its reason."""

from __future__ import annotations

import base64
import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa, x25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from jialiang.base.handle_identities.errors import BadPublicKey
from jialiang.base.handle_identities.public_keys import checked_public_key, described, key_of_pem, pem_of

# RFC 7517, appendix A.1: the EC key and the RSA key of the example set
RFC_EC = {
    "kty": "EC", "crv": "P-256", "use": "enc", "kid": "1",
    "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
    "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
}  # fmt: skip
RFC_RSA = {
    "kty": "RSA", "e": "AQAB", "alg": "RS256", "kid": "2011-04-29",
    "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3o"
         "knjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6"
         "qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awap"
         "JzKnqDKgw",
}  # fmt: skip
# RFC 8037, appendix A.2: the public key of Ed25519
RFC_ED = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}


@pytest.mark.parametrize(
    ("jwk", "words"),
    [(RFC_EC, "EC P-256"), (RFC_RSA, "RSA 2048"), (RFC_ED, "Ed25519")],
    ids=["EC", "RSA", "Ed25519"],
)
def test_the_examples_of_the_standards_are_taken_as_object_text_and_pem(jwk, words):
    key = checked_public_key(jwk)
    assert described(key) == words
    for again in (
        checked_public_key(json.dumps(jwk)),
        checked_public_key(f"\n{pem_of(key)} "),
        key_of_pem(pem_of(key)),
    ):
        assert pem_of(again) == pem_of(key)


def test_the_numbers_of_a_jwk_are_those_of_the_key():
    numbers = checked_public_key(RFC_EC).public_numbers()
    assert numbers.x.to_bytes(32, "big") == base64.urlsafe_b64decode(RFC_EC["x"] + "=")
    assert checked_public_key(RFC_RSA).public_numbers().e == 65537


def pem(key) -> str:
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


REFUSED = {
    "nothing": ("", "neither"),
    "words": ("my key", "neither"),
    "RSA of 1024 bits": (pem(rsa.generate_private_key(65537, 1024).public_key()), "1024 bits"),
    "another curve": (pem(ec.generate_private_key(ec.SECP384R1()).public_key()), "are taken"),
    "a key that signs nothing": (pem(x25519.X25519PrivateKey.generate().public_key()), "are taken"),
    "a private key": (
        ed25519.Ed25519PrivateKey.generate()
        .private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        .decode(),
        "private",
    ),
    "a private JWK": (RFC_ED | {"d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"}, "private"),
    "a secret JWK": ({"kty": "oct", "k": "AyM1"}, "private"),
    "a JWK without y": ({"kty": "EC", "crv": "P-256", "x": RFC_EC["x"]}, "lacks"),
    "a point off the curve": (RFC_EC | {"y": RFC_EC["x"]}, "do not hold"),
    "numbers that are numbers": (RFC_RSA | {"n": 15}, "do not hold"),
    "no base64url": (RFC_ED | {"x": "!!"}, "do not hold"),
    "an unknown curve": (RFC_EC | {"crv": "secp256k1"}, "are taken"),
    "an unknown kind": ({"kty": "XYZ"}, "are taken"),
    "broken JSON": ("{", "not JSON"),
    "deep JSON": ('{"a":' * 3000, "not JSON"),
    "too long": ("-----BEGIN PUBLIC KEY-----" + "A" * 20000, "16384"),
}


@pytest.mark.parametrize("fault", REFUSED)
def test_what_is_no_usable_public_key_is_refused_with_its_reason(fault):
    given, told = REFUSED[fault]
    with pytest.raises(BadPublicKey) as refused:
        checked_public_key(given)
    assert told in refused.value.facts["reason"].en
    assert refused.value.facts["reason"].zh
