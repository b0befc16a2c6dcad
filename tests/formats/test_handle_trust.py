"""Signed values: the digests, the chain to the root, and everything that may be wrong with them."""

from __future__ import annotations

import base64
import hashlib
import json
import struct
from dataclasses import replace

import jwt
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from hypothesis import given
from hypothesis import strategies as st
from tests.formats.handle_strategies import values as any_values

from jialiang.formats.handle.trust import (
    FIRST_INDEX,
    Permission,
    Root,
    Validity,
    certificate_claims,
    certified_key,
    issued_itself,
    issuer_of,
    judged,
    key_to_json,
    raw_es256,
    signature_claims,
    token,
    value_digest,
)
from jialiang.formats.handle.values import HandleReference, HandleValue

NOW = 1_781_582_850
NAME = "88.101.5/ins-7"
VALUES = (HandleValue(1, "URL", b"https://example.org"), HandleValue(2, "CERT_NO", "校准证书 7".encode()))
ROOT_ID = HandleReference(400, "88.101/0.0")
SEAL_ID = HandleReference(400, "88.101/institute")
IN_FORCE = Validity(NOW - 10, NOW + 1000, NOW - 10)
ROOT_KEY, SEAL_KEY, OTHER_KEY = (ec.derive_private_key(number, ec.SECP256R1()) for number in (11, 12, 13))
RSA_KEY = rsa.generate_private_key(65537, 2048)
ROOT = Root(ROOT_ID, ROOT_KEY.public_key())
EVERYTHING = (Permission("everything"),)


def sign(key):
    if isinstance(key, rsa.RSAPrivateKey):
        return "RS256", lambda data: key.sign(data, padding.PKCS1v15(), hashes.SHA256())
    return "ES256", lambda data: raw_es256(key.sign(data, ec.ECDSA(hashes.SHA256())))


def certificate(subject, key, signer, issuer=ROOT_ID, permissions=EVERYTHING, validity=IN_FORCE):
    return token(certificate_claims(subject, key.public_key(), permissions, issuer, validity), *sign(signer))


def signature(values=VALUES, name=NAME, signer=SEAL_KEY, issuer=SEAL_ID, validity=IN_FORCE):
    return token(signature_claims(name, values, issuer, validity), *sign(signer))


UNDER = (Permission("handlesUnderThisPrefix", "0.NA/88.101.5"),)
OWN_ROOT = certificate(ROOT_ID, ROOT_KEY, ROOT_KEY)
SEAL = certificate(SEAL_ID, SEAL_KEY, ROOT_KEY, permissions=UNDER)
ENDED = certificate(SEAL_ID, SEAL_KEY, ROOT_KEY, validity=Validity(0, NOW, 0))
NARROW = certificate(SEAL_ID, SEAL_KEY, ROOT_KEY, permissions=(Permission("thisHandle", "88.101.5/8"),))


def report(values=VALUES, signed=None, chain=(SEAL, OWN_ROOT), root=ROOT, now=NOW, name=NAME):
    return judged(name, values, signature() if signed is None else signed, chain, root=root, now=now)


def test_a_good_chain_is_trusted_and_says_which_values():
    found = report()
    assert found.is_trusted
    assert found.verified == (1, 2)
    assert found.findings == ()


def test_the_digest_is_over_the_native_form_without_index_and_timestamp():
    value = HandleValue(7, "URL", b"abc", timestamp=99)
    by_hand = b"\0" + struct.pack(">I", 86400) + b"\x0e" + b"\0\0\0\3URL" + b"\0\0\0\3abc" + bytes(4)
    assert value_digest(value) == base64.b64encode(hashlib.sha256(by_hand).digest()).decode()
    assert value_digest(replace(value, index=8, timestamp=1)) == value_digest(value)


@given(any_values, any_values)
def test_two_values_have_one_digest_exactly_if_they_say_the_same(one: HandleValue, other: HandleValue):
    same = replace(one, index=0, timestamp=0) == replace(other, index=0, timestamp=0)
    assert (value_digest(one) == value_digest(other)) == same


def test_a_library_nobody_here_wrote_reads_the_tokens():
    claims = jwt.decode(
        signature(),
        SEAL_KEY.public_key(),
        algorithms=["ES256"],
        options={"verify_exp": False, "verify_nbf": False, "verify_iat": False},
    )
    assert (claims["sub"], claims["iss"]) == (NAME, "400:88.101/institute")
    assert claims["digests"]["alg"] == "SHA-256"
    assert [row["index"] for row in claims["digests"]["digests"]] == [1, 2]
    key = jwt.PyJWK.from_dict(key_to_json(SEAL_KEY.public_key()))
    assert key.key.public_numbers() == SEAL_KEY.public_key().public_numbers()


def test_keys_of_rsa_sign_too():
    seal = certificate(SEAL_ID, RSA_KEY, ROOT_KEY, permissions=UNDER)
    assert report(signed=signature(signer=RSA_KEY), chain=(seal, OWN_ROOT)).is_trusted
    root = Root(ROOT_ID, RSA_KEY.public_key())
    chain = (certificate(SEAL_ID, SEAL_KEY, RSA_KEY), certificate(ROOT_ID, RSA_KEY, RSA_KEY))
    assert report(chain=chain, root=root).is_trusted


def test_a_changed_value_a_missing_one_and_one_that_was_not_signed_are_told_apart():
    now_there = (replace(VALUES[0], data=b"https://evil.example"), HandleValue(9, "NOTE", b"new"))
    found = report(values=now_there)
    assert (found.changed, found.missing, found.unsigned, found.verified) == ((1,), (2,), (9,), ())
    assert not found.is_trusted
    assert found.findings == ()


def test_the_signature_itself_need_not_be_signed():
    stored = HandleValue(FIRST_INDEX + 1, "hs_signature", signature().encode())
    assert report(values=(*VALUES, stored)).is_trusted


@pytest.mark.parametrize(
    ("changes", "finding"),
    [
        ({"name": "88.101.5/other"}, "another record"),
        ({"now": NOW + 1000}, "signature is not in force"),
        ({"now": NOW - 11}, "signature is not in force"),
        ({"signed": signature(signer=OTHER_KEY)}, "certificate 1 should have signed does not hold"),
        ({"signed": signature(issuer=ROOT_ID)}, "certificate 1 is not that of the issuer"),
        ({"chain": ()}, "no chain"),
        ({"chain": (SEAL,)}, "does not end at a root"),
        ({"chain": (SEAL, SEAL, OWN_ROOT)}, "certificate 2 is not that of the issuer"),
        ({"chain": (SEAL, *[OWN_ROOT] * 6)}, "too long"),
        ({"chain": (SEAL, "x.y.z")}, "certificate 2 cannot be read"),
        ({"chain": (certificate(SEAL_ID, SEAL_KEY, OTHER_KEY), OWN_ROOT)}, "certificate 2 should have signed"),
        ({"chain": (ENDED, OWN_ROOT)}, "certificate 1 is not in force"),
        ({"chain": (NARROW, OWN_ROOT)}, "does not permit"),
        ({"chain": (certificate(SEAL_ID, SEAL_KEY, ROOT_KEY, permissions=()), OWN_ROOT)}, "does not permit"),
        ({"root": Root(ROOT_ID, OTHER_KEY.public_key())}, "not the agreed one"),
        ({"root": Root(HandleReference(400, "88.999/0.0"), ROOT_KEY.public_key())}, "not the agreed one"),
        ({"signed": "no token"}, "no token"),
    ],
)  # fmt: skip
def test_a_wrong_chain_is_shown_as_such(changes: dict[str, object], finding: str):
    found = report(**changes)
    assert not found.is_trusted
    assert any(finding in each.text.en for each in found.findings), found.findings


def test_a_root_that_somebody_else_signed_is_none():
    forged = certificate(ROOT_ID, ROOT_KEY, OTHER_KEY)
    assert any("root has not signed itself" in each.text.en for each in report(chain=(SEAL, forged)).findings)


@pytest.mark.parametrize(
    ("permission", "name", "covers"),
    [
        (Permission("everything"), "1/2", True),
        (Permission("thisHandle", "88.1/A"), "88.1/a", True),
        (Permission("thisHandle", "88.1/A"), "88.1/b", False),
        (Permission("handlesUnderThisPrefix", "0.NA/88.1"), "88.1/x", True),
        (Permission("handlesUnderThisPrefix", "88.1"), "88.1/x", True),
        (Permission("handlesUnderThisPrefix", "0.NA/88.1"), "88.1.2/x", False),
        (Permission("derivedPrefixes", "0.NA/88.1"), "88.1.2/x", True),
        (Permission("derivedPrefixes", "0.NA/88.1"), "0.NA/88.1.2", True),
        (Permission("derivedPrefixes", "0.NA/88.1"), "88.1/x", False),
        (Permission("derivedPrefixes", "0.NA/88.1"), "88.10/x", False),
        (Permission("derivedPrefixes", ""), "88.10/x", False),
        (Permission("nothing of the kind", "88.1"), "88.1/x", False),
    ],
)
def test_what_a_permission_covers(permission: Permission, name: str, covers: bool):
    assert permission.covers(name) == covers


@pytest.mark.parametrize("algorithm", ["none", "HS256", "RS256"])
def test_the_algorithm_belongs_to_the_key(algorithm: str):
    claims = signature_claims(NAME, VALUES, SEAL_ID, IN_FORCE)
    forged = token(claims, algorithm, sign(SEAL_KEY)[1])
    assert any("does not hold" in each.text.en for each in report(signed=forged).findings)


def test_parts_of_tokens_are_found():
    assert issuer_of(SEAL) == ROOT_ID
    assert issued_itself(OWN_ROOT)
    assert not issued_itself(SEAL)
    key = certified_key(SEAL)
    assert isinstance(key, ec.EllipticCurvePublicKey)
    assert key.public_numbers() == SEAL_KEY.public_key().public_numbers()
    assert certified_key(signature()) is None
    assert issuer_of("x") is None


def _token(payload: object) -> str:
    part = base64.urlsafe_b64encode(json.dumps(payload).encode()).decode().rstrip("=")
    return f"e30.{part}.AAAA"


@given(
    st.one_of(
        st.text(max_size=60),
        st.recursive(
            st.none() | st.integers() | st.text(),
            lambda x: (
                st.lists(x)
                | st.dictionaries(
                    st.sampled_from(
                        [
                            "digests",
                            "alg",
                            "sub",
                            "iss",
                            "nbf",
                            "exp",
                            "publicKey",
                            "kty",
                            "crv",
                            "x",
                            "perms",
                            "index",
                        ]
                    ),
                    x,
                )
            ),
            max_leaves=12,
        ).map(_token),
    )
)
def test_whatever_is_given_is_judged_and_never_trusted(text: str):
    assert not report(signed=text).is_trusted
    assert not report(chain=(text, OWN_ROOT)).is_trusted
    assert not report(chain=(SEAL, text)).is_trusted
