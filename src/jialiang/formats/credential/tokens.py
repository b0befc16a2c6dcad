"""Credentials enveloped in tokens: JOSE with ES256, type ``vc+jwt`` (Securing Verifiable Credentials using JOSE).

The key stays where it is: whoever signs hands over a :class:`jialiang.formats.xades.port.Signer`.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_public_key

from jialiang.formats.credential.errors import (
    AlgorithmRefused,
    NotAPublicKey,
    NotAToken,
    TokenAltered,
    TokenSigningFailed,
    UnfitTokenKey,
)
from jialiang.formats.json_documents.exact import written_json
from jialiang.formats.json_documents.reading import read_json
from jialiang.formats.xades.port import Signer

ALGORITHM = "ES256"
TYPE = "vc+jwt"
MEDIA_TYPE = "application/vc+jwt"

_LARGEST = 8 * 1024 * 1024
_TOKEN = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*")
_HALF = 32
_LONGEST_CHAIN = 8
_LAST_MOMENT = 253_402_300_800  # the year 10000


@dataclass(frozen=True, slots=True)
class Token:
    """A token in its parts: its text, header, payload, and the bytes that were signed with their signature."""

    text: str
    header: dict[str, Any]
    payload: dict[str, Any]
    signed: bytes
    signature: bytes


def sign_token(
    credential: dict[str, Any],
    signer: Signer,
    key_id: str,
    *,
    chain: Sequence[x509.Certificate] = (),
    signing_time: datetime | None = None,
) -> str:
    """Return a credential enveloped in a token; ``key_id`` is the DID URL under which the issuer publishes the key.

    ``chain``, the signer's certificate first and the root left out, stands in the header as ``x5c`` (RFC 7515,
    4.1.6), so that whoever trusts the root needs no network; ``signing_time`` (aware) stands there as ``iat``. Signing
    again gives the same text. Raises UnfitTokenKey, TokenSigningFailed.
    """
    public_key = _p256(signer.certificate.public_key())
    header: dict[str, Any] = {"alg": ALGORITHM, "typ": TYPE, "cty": "vc", "kid": key_id}
    if signing_time is not None:
        header["iat"] = int(signing_time.timestamp())
    if chain:
        header["x5c"] = [base64.b64encode(each.public_bytes(Encoding.DER)).decode() for each in chain]
    signed = b".".join(_encoded(_compact(part)) for part in (header, credential))
    der = signer.sign(signed)
    try:
        public_key.verify(der, signed, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        raise TokenSigningFailed() from None
    r, s = decode_dss_signature(der)
    return b".".join((signed, _encoded(r.to_bytes(_HALF, "big") + s.to_bytes(_HALF, "big")))).decode()


def read_token(text: str) -> Token:
    """Take a token apart without believing it. Raises NotAToken and the errors of ``formats.json_documents``."""
    text = text.strip()
    if len(text) > _LARGEST or _TOKEN.fullmatch(text) is None:
        raise NotAToken(reason="not three parts in base64url")
    head, body, end = text.split(".")
    header, payload = read_json(_decoded(head)), read_json(_decoded(body), exact=True)
    if not isinstance(header, dict) or not isinstance(payload, dict):
        raise NotAToken(reason="header and payload have to be objects")
    return Token(text, header, payload, f"{head}.{body}".encode(), _decoded(end))


def verify_token(token: Token, public_key: PublicKeyTypes) -> None:
    """Check the signature with the issuer's key. Raises AlgorithmRefused, NotAToken, UnfitTokenKey, TokenAltered.

    The header decides nothing: any other algorithm, another type, and extensions that must be understood are refused.
    """
    if token.header.get("alg") != ALGORITHM:
        raise AlgorithmRefused(algorithm=str(token.header.get("alg"))[:40])
    if token.header.get("typ") != TYPE or "crit" in token.header:
        raise NotAToken(reason="not of the type vc+jwt, or with extensions")
    key = _p256(public_key)
    if len(token.signature) != 2 * _HALF:
        raise TokenAltered()
    r, s = (int.from_bytes(half, "big") for half in (token.signature[:_HALF], token.signature[_HALF:]))
    try:
        key.verify(encode_dss_signature(r, s), token.signed, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        raise TokenAltered() from None


def certificates_of(token: Token) -> tuple[x509.Certificate, ...]:
    """Return the certificates that a token carries in ``x5c``, the signer's first. Raises NotAToken."""
    given = token.header.get("x5c", [])
    if not isinstance(given, list) or len(given) > _LONGEST_CHAIN or not all(isinstance(e, str) for e in given):
        raise NotAToken(reason="x5c has to be a list of a few certificates")
    try:
        return tuple(x509.load_der_x509_certificate(base64.b64decode(each, validate=True)) for each in given)
    except ValueError:
        raise NotAToken(reason="x5c holds something that is no certificate") from None


def signing_time_of(token: Token) -> datetime | None:
    """Return the moment of signing that a token states in its header (``iat``), None if it states none.

    Raises NotAToken where what stands there is no moment.
    """
    stated = token.header.get("iat")
    if stated is None:
        return None
    if not isinstance(stated, int) or isinstance(stated, bool) or not 0 <= stated < _LAST_MOMENT:
        raise NotAToken(reason="iat has to be a number of seconds since 1970")
    return datetime.fromtimestamp(stated, UTC)


def public_key_of(pem: bytes) -> PublicKeyTypes:
    """Return the public key in a PEM file, or that of the certificate in it. Raises NotAPublicKey."""
    try:
        if b"BEGIN CERTIFICATE" in pem:
            return x509.load_pem_x509_certificate(pem).public_key()
        return load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm):
        raise NotAPublicKey() from None


def enveloped(token: Token) -> dict[str, Any]:
    """Return a token as an object of VC 2.0 that programs may put beside credentials."""
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": f"data:{MEDIA_TYPE},{token.text}",
        "type": "EnvelopedVerifiableCredential",
    }


def _p256(key: PublicKeyTypes) -> ec.EllipticCurvePublicKey:
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise UnfitTokenKey()
    return key


def _compact(value: dict[str, Any]) -> bytes:
    return written_json(value).encode()


def _encoded(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def _decoded(text: str) -> bytes:
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error:
        raise NotAToken(reason="not base64url") from None
    if _encoded(data).decode() != text:
        raise NotAToken(reason="stray bits in base64url")
    return data
