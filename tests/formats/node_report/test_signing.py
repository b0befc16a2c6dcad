"""Signatures of reports: they speak of one file, and hold with the key that made them and no other."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from tests.formats.node_report.reports import HEADER, REGISTRATION, written

from jialiang.formats.handle.trust import claims_in, is_signed_by, raw_es256, token
from jialiang.formats.handle.values import HandleReference
from jialiang.formats.node_report.signing import judged, report_claims

KEY = ec.derive_private_key(7, ec.SECP256R1())
OTHER = ec.derive_private_key(8, ec.SECP256R1())
ISSUER = HandleReference(400, "88.111.5/0.0")
NOW = datetime(2026, 11, 22, 0, 10, tzinfo=UTC)
DIGEST = sha256(written(REGISTRATION)).hexdigest()
CLAIMS = report_claims(HEADER, DIGEST, ISSUER, NOW)


def es256(key: ec.EllipticCurvePrivateKey) -> str:
    return token(CLAIMS, "ES256", lambda data: raw_es256(key.sign(data, ec.ECDSA(hashes.SHA256()))))


SIGNATURE = es256(KEY)


def test_the_claims_are_those_of_the_format() -> None:
    assert claims_in(SIGNATURE) == {
        "iss": "400:88.111.5/0.0",
        "node": "88.111.5",
        "kind": "registrations",
        "day": "2026-11-21",
        "revision": 1,
        "digest": f"sha-256:{DIGEST}",
        "iat": int(NOW.timestamp()),
    }


def test_a_signature_holds_with_its_key() -> None:
    found = judged(SIGNATURE, HEADER, DIGEST, KEY.public_key())
    assert found is not None
    assert (found.issuer, found.of_this_report, found.holds) == ("400:88.111.5/0.0", True, True)


def test_rsa_keys_sign_as_well() -> None:
    key = rsa.generate_private_key(65537, 2048)
    signed = token(CLAIMS, "RS256", lambda data: key.sign(data, padding.PKCS1v15(), hashes.SHA256()))
    found = judged(signed, HEADER, DIGEST, key.public_key())
    assert found is not None
    assert found.holds
    assert not judged(signed, HEADER, DIGEST, KEY.public_key()).holds


@pytest.mark.parametrize("key", [OTHER.public_key(), None], ids=["another", "none"])
def test_with_another_key_or_none_it_does_not_hold(key: ec.EllipticCurvePublicKey | None) -> None:
    found = judged(SIGNATURE, HEADER, DIGEST, key)
    assert found is not None
    assert found.of_this_report
    assert not found.holds


@pytest.mark.parametrize(
    "members",
    [{"node": "88.111.6"}, {"kind": "routes"}, {"day": date(2026, 11, 20)}, {"revision": 2}],
    ids=["node", "kind", "day", "revision"],
)
def test_a_signature_of_another_report_is_told_as_that(members: dict[str, object]) -> None:
    found = judged(SIGNATURE, replace(HEADER, **members), DIGEST, KEY.public_key())  # type: ignore[arg-type]
    assert found is not None
    assert (found.of_this_report, found.holds) == (False, True)


def test_a_signature_of_other_bytes_is_told_as_that() -> None:
    found = judged(SIGNATURE, HEADER, sha256(b"other").hexdigest(), KEY.public_key())
    assert found is not None
    assert not found.of_this_report


@pytest.mark.parametrize("text", ["", "x", "a.b", "a.b.c", "....", "é.é.é", "e30.W10.e30"])
def test_what_is_no_token_is_none(text: str) -> None:
    assert judged(text, HEADER, DIGEST, KEY.public_key()) is None


def test_a_changed_letter_breaks_it() -> None:
    head, body, tail = SIGNATURE.split(".")
    turned = "A" if tail[10] != "A" else "B"
    broken = f"{head}.{body}.{tail[:10]}{turned}{tail[11:]}"
    assert not is_signed_by(broken, KEY.public_key())
    assert is_signed_by(SIGNATURE, KEY.public_key())


def test_a_header_that_names_another_algorithm_is_not_believed() -> None:
    none = token(CLAIMS, "none", lambda data: b"")
    assert not judged(none, HEADER, DIGEST, KEY.public_key()).holds
