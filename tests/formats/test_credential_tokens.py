"""Credentials in tokens: the same token every time, read by another library, and refused when anything is changed."""

import base64
import json
from datetime import UTC, datetime

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from tests.formats.sample_keys import institute, key, signer, stranger
from tests.formats.test_credential_rules import exact, small

from jialiang.formats.credential.documents import read_credential, write_json
from jialiang.formats.credential.errors import (
    AlgorithmRefused,
    NotACredential,
    NotAPublicKey,
    NotAToken,
    TokenAltered,
    TokenSigningFailed,
    UnfitTokenKey,
)
from jialiang.formats.credential.tokens import (
    certificates_of,
    enveloped,
    public_key_of,
    read_token,
    sign_token,
    signing_time_of,
    verify_token,
)
from jialiang.formats.xades.port import PrivateKeySigner
from jialiang.kernel.errors import JialiangError

KEY_ID = "did:web:body.example#key-1"


def made():
    """A token of the sample institute."""
    return sign_token(small(), institute(), KEY_ID)


def public():
    """The key that it is checked with."""
    return institute().certificate.public_key()


def part(value):
    """JSON in base64url."""
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def test_pyjwt_verifies_it_and_reads_the_same():
    assert jwt.decode(made(), public(), algorithms=["ES256"]) == small()
    assert jwt.get_unverified_header(made()) == {"alg": "ES256", "typ": "vc+jwt", "cty": "vc", "kid": KEY_ID}


def test_pyjwt_refuses_it_with_another_key():
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(made(), stranger()[1].certificate.public_key(), algorithms=["ES256"])


def test_a_token_of_pyjwt_verifies_here():
    private = key("Sample Institute of Metrology")
    text = jwt.encode(small(), private, algorithm="ES256", headers={"typ": "vc+jwt", "kid": KEY_ID})
    token = read_token(text)
    verify_token(token, private.public_key())
    assert token.payload == exact(small())


def test_signing_again_gives_the_same_token():
    assert made() == made()


def test_what_was_signed_is_read_back():
    token = read_token(made())
    verify_token(token, public())
    assert (token.payload, token.header["kid"], len(token.signature)) == (exact(small()), KEY_ID, 64)


@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize("letter", ["A", "_"])
def test_any_changed_letter_is_noticed(place, letter):
    parts = made().split(".")
    middle = len(parts[place]) // 2
    was = parts[place]
    parts[place] = was[:middle] + (letter if was[middle] != letter else "B") + was[middle + 1 :]
    with pytest.raises(JialiangError):
        verify_token(read_token(".".join(parts)), public())


def test_another_payload_under_the_signature_is_altered():
    head, _, end = made().split(".")
    with pytest.raises(TokenAltered):
        verify_token(read_token(f"{head}.{part(small() | {'id': 'urn:x:y'})}.{end}"), public())


HEADERS = [
    ({"alg": "none", "typ": "vc+jwt"}, AlgorithmRefused),
    ({"alg": "HS256", "typ": "vc+jwt"}, AlgorithmRefused),
    ({"alg": "es256", "typ": "vc+jwt"}, AlgorithmRefused),
    ({"alg": ["ES256"], "typ": "vc+jwt"}, AlgorithmRefused),
    ({"typ": "vc+jwt"}, AlgorithmRefused),
    ({"alg": "ES256"}, NotAToken),
    ({"alg": "ES256", "typ": "JWT"}, NotAToken),
    ({"alg": "ES256", "typ": "vc+jwt", "crit": ["b64"], "b64": False}, NotAToken),
]


@pytest.mark.parametrize(("header", "refusal"), HEADERS)
def test_the_header_decides_nothing(header, refusal):
    _, body, end = made().split(".")
    with pytest.raises(refusal):
        verify_token(read_token(f"{part(header)}.{body}.{end}"), public())


@pytest.mark.parametrize("signature", ["", "AA", "A" * 86, "_" * 85 + "w"])
def test_a_signature_of_nothing_is_altered_or_no_token(signature):
    head, body, _ = made().split(".")
    with pytest.raises((TokenAltered, NotAToken)):
        verify_token(read_token(f"{head}.{body}.{signature}"), public())


BAD_TOKENS = {
    "nothing": "", "one part": "abc", "two parts": "a.b", "four parts": "a.b.c.d", "blanks": "a b.c.d",
    "padding": "YQ==.YQ.YQ", "plus": "+.a.b", "stray bits": "YR.YQ.YQ", "one letter": "A.YQ.YQ",
    "no JSON": "YQ.YQ.YQ", "an array": f"{part([])}.{part({})}.YQ", "a text": f"{part({})}.{part('x')}.YQ",
    "too long": "a" * 9_000_000,
}  # fmt: skip


@pytest.mark.parametrize("text", BAD_TOKENS.values(), ids=BAD_TOKENS)
def test_what_is_no_token_is_refused_in_words(text):
    with pytest.raises(JialiangError) as refused:
        read_token(text)
    assert refused.value.code in ("JL-VC-002", "JL-JSON-002")


def other_keys():
    """Keys that ES256 does not use."""
    return [
        rsa.generate_private_key(65537, 2048).public_key(),
        ec.generate_private_key(ec.SECP384R1()).public_key(),
        ed25519.Ed25519PrivateKey.generate().public_key(),
    ]


def test_other_keys_are_refused():
    for other in other_keys():
        with pytest.raises(UnfitTokenKey):
            verify_token(read_token(made()), other)


def test_a_signer_whose_certificate_is_of_another_key_gives_nothing_out():
    wrong = PrivateKeySigner(key("somebody else"), institute().certificate)
    with pytest.raises(TokenSigningFailed):
        sign_token(small(), wrong, KEY_ID)


def test_keys_are_read_from_pem_and_from_certificates():
    certificate = institute().certificate
    pem = public().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    assert public_key_of(pem) == public_key_of(certificate.public_bytes(Encoding.PEM)) == public()


@pytest.mark.parametrize("data", [b"", b"x", b"-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----",
                                  b"-----BEGIN PUBLIC KEY-----\nAA==\n-----END PUBLIC KEY-----"])  # fmt: skip
def test_other_files_hold_no_key(data):
    with pytest.raises(NotAPublicKey):
        public_key_of(data)


def test_every_envelope_is_opened():
    token = read_token(made())
    plain = read_credential(write_json(small()))
    bare = read_credential(made().encode() + b"\n")
    inside = read_credential(write_json(enveloped(token)))
    assert plain.document == bare.document == inside.document == exact(small())
    assert (plain.secured, bare.secured, inside.secured) == ("none", "token", "token")
    assert plain.token is None and bare.token.text == inside.token.text == made()
    assert read_credential(write_json(small() | {"proof": {}})).secured == "proof"


def test_an_envelope_is_the_object_of_vc_2():
    found = enveloped(read_token(made()))
    assert found["type"] == "EnvelopedVerifiableCredential"
    assert found["id"] == f"data:application/vc+jwt,{made()}"
    assert found["@context"] == ["https://www.w3.org/ns/credentials/v2"]


BAD = {
    "an array": b"[]", "a text": b'"a.b.c"', "a number": b"7", "other JSON": b'{"a": 1}', "nothing": b"",
    "XML": b"<a/>", "a broken envelope": b'{"@context": [], "id": "data:application/vc+jwt,a.b"}',
    "deep": b"[" * 1000, "a member twice": b'{"id": 1, "id": 2}', "NaN": b'{"@context": NaN}', "not UTF-8": b'{"\xff"}',
    "bytes with points": b"\x00.\x01.\x02",
}  # fmt: skip


@pytest.mark.parametrize("data", BAD.values(), ids=BAD)
def test_what_is_no_credential_is_refused_in_words(data):
    with pytest.raises(JialiangError) as refused:
        read_credential(data)
    assert refused.value.what.zh and refused.value.way_out.en


def test_another_document_is_named():
    with pytest.raises(NotACredential) as refused:
        read_credential(b'{"schema": 1, "b": 2}')
    assert refused.value.facts == {"found": "schema, b"}


def test_every_signer_will_do():
    other = signer("Another body", stranger()[0], secret="another body")
    token = read_token(sign_token(small(), other, "did:web:other.example#k"))
    verify_token(token, other.certificate.public_key())
    with pytest.raises(TokenAltered):
        verify_token(token, public())


# --- certificates and moment of signing in the header --------------------------------------------------------------

MOMENT = datetime(2026, 6, 16, 7, 47, 30, tzinfo=UTC)


def test_a_token_carries_the_certificates_and_the_moment_that_it_was_given():
    given = institute()
    token = read_token(sign_token(small(), given, KEY_ID, chain=(given.certificate,), signing_time=MOMENT))
    assert certificates_of(token) == (given.certificate,)
    assert signing_time_of(token) == MOMENT
    verify_token(token, certificates_of(token)[0].public_key())


def test_a_token_without_them_has_neither():
    token = read_token(made())
    assert certificates_of(token) == ()
    assert signing_time_of(token) is None


@pytest.mark.parametrize("stated", ["soon", -1, 1.5, True, 253_402_300_800])
def test_what_is_no_moment_is_refused(stated):
    head, body, end = made().split(".")
    token = read_token(".".join((part({"alg": "ES256", "typ": "vc+jwt", "iat": stated}), body, end)))
    with pytest.raises(NotAToken):
        signing_time_of(token)


@pytest.mark.parametrize("stated", ["MIIB", [1], ["!!"], ["AAAA"], ["AAAA"] * 9, {"0": "x"}])
def test_what_is_no_list_of_certificates_is_refused(stated):
    head, body, end = made().split(".")
    token = read_token(".".join((part({"alg": "ES256", "typ": "vc+jwt", "x5c": stated}), body, end)))
    with pytest.raises(NotAToken):
        certificates_of(token)
