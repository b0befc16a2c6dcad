"""Documents of DIDs: the keys as an independent library reads them, named by their thumbprints."""

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats.sample_keys import institute
from tests.formats.test_credential_rules import small

from jialiang.formats.credential.dids import did_document, did_web, is_did, key_id, key_of
from jialiang.formats.credential.errors import IssuerNotADid
from jialiang.formats.credential.tokens import sign_token

DID = "did:web:institute.example:api:v1:institutes:yz"


def test_a_token_verifies_with_the_key_that_its_header_names_in_the_document():
    signer = institute()
    document = did_document(DID, [signer.certificate.public_key()])
    token = sign_token(small(), signer, key_id(DID, signer.certificate.public_key()))
    named = jwt.get_unverified_header(token)["kid"]
    (method,) = [each for each in document["verificationMethod"] if each["id"] == named]
    key = jwt.PyJWK(method["publicKeyJwk"], algorithm="ES256")
    assert jwt.decode(token, key.key, algorithms=["ES256"]) == small()
    assert document["assertionMethod"] == [named]
    assert method["controller"] == document["id"] == DID


def test_a_document_without_keys_names_none():
    document = did_document(DID, [])
    assert document["verificationMethod"] == document["assertionMethod"] == []


def test_the_thumbprint_is_that_of_rfc_7638():
    """The key of RFC 7515, A.3; its thumbprint recomputed from the members in the order of RFC 7638, 3.2."""
    x = int.from_bytes(jwt.utils.base64url_decode("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"), "big")
    y = int.from_bytes(jwt.utils.base64url_decode("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"), "big")
    key = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    assert key_of(key) == {
        "kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    }  # fmt: skip
    assert key_id(DID, key) == f"{DID}#oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U"


@settings(max_examples=25)
@given(st.integers(min_value=1, max_value=2**200))
def test_every_key_survives_being_written(private):
    key = ec.derive_private_key(private, ec.SECP256R1()).public_key()
    read = jwt.PyJWK(key_of(key), algorithm="ES256").key
    assert read.public_numbers() == key.public_numbers()


def test_a_port_is_written_so_that_the_did_is_one():
    did = did_web("127.0.0.1:8000", "api", "v1", "institutes", "yz")
    assert did == "did:web:127.0.0.1%3A8000:api:v1:institutes:yz"
    assert is_did(did)
    with pytest.raises(IssuerNotADid):
        did_web("", "x")
