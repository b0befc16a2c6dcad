"""Decentralized identifiers as far as a credential needs them: their form, that of did:web, and its document."""

from __future__ import annotations

import hashlib
import json
import re
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from cryptography.hazmat.primitives.asymmetric import ec

from jialiang.formats.credential.errors import IssuerNotADid

_DID = re.compile(
    r"did:[a-z0-9]+:(?:(?:[A-Za-z0-9._-]|%[0-9A-Fa-f]{2})*:)*(?:[A-Za-z0-9._-]|%[0-9A-Fa-f]{2})+"
)
USUAL_METHODS = ("web", "webvh")
_COORDINATE = 32


def is_did(text: str) -> bool:
    """Whether a text is a DID (W3C DID Core, 3.1), without path or fragment."""
    return _DID.fullmatch(text) is not None


def method_of(did: str) -> str:
    """Return the method of a DID: ``web`` of ``did:web:example.org``."""
    return did.split(":")[1]


def did_web(domain: str, *path: str) -> str:
    """Return the DID of a domain (a port may follow) and a path below it. Raises IssuerNotADid."""
    did = ":".join(("did:web", quote(domain, safe=""), *(quote(each, safe="") for each in path)))
    if not domain or not is_did(did):
        raise IssuerNotADid(issuer=did[:80])
    return did


def key_of(key: ec.EllipticCurvePublicKey) -> dict[str, str]:
    """Return a public key on P-256 as JSON Web Key (RFC 7517; RFC 7518, 6.2.1)."""
    numbers = key.public_numbers()
    x, y = (_encoded(each.to_bytes(_COORDINATE, "big")) for each in (numbers.x, numbers.y))
    return {"kty": "EC", "crv": "P-256", "x": x, "y": y}


def key_id(did: str, key: ec.EllipticCurvePublicKey) -> str:
    """Return the DID URL of a key: its thumbprint (RFC 7638) as fragment of the DID of whoever has it."""
    written = json.dumps(dict(sorted(key_of(key).items())), separators=(",", ":"))
    return f"{did}#{_encoded(hashlib.sha256(written.encode()).digest())}"


def did_document(did: str, keys: Sequence[ec.EllipticCurvePublicKey]) -> dict[str, Any]:
    """Return the document that the DID leads to: the keys with which its owner signs credentials (W3C DID Core)."""
    methods = [
        {"id": key_id(did, key), "type": "JsonWebKey", "controller": did, "publicKeyJwk": key_of(key)}
        for key in keys
    ]
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/jwk/v1"],
        "id": did,
        "verificationMethod": methods,
        "assertionMethod": [each["id"] for each in methods],
    }


def _encoded(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
