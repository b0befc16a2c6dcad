"""A certificate that was made, signed with a key of the laboratory's own."""

from __future__ import annotations

from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InternalError, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from jialiang.formats.making.errors import KeyNotUsable
from jialiang.formats.xades.port import PrivateKeySigner
from jialiang.formats.xades.signing import sign_enveloped


def signed(
    xml: bytes, *, key: bytes, certificates: bytes, passphrase: bytes | None, signing_time: datetime
) -> bytes:
    """Return a certificate with a XAdES B-B signature; see :func:`sign_enveloped`.

    ``key`` is a PEM private key on P-256, maybe encrypted; ``certificates`` PEM, the signer's first, then those
    above it. Raises KeyNotUsable and the errors of signing.
    """
    try:
        chain = x509.load_pem_x509_certificates(certificates)
    except ValueError as problem:
        raise KeyNotUsable(reason=f"CERT: {str(problem)[:80]}") from None
    private_key = _private_key(key, passphrase)
    if private_key.public_key() != chain[0].public_key():
        raise KeyNotUsable(reason="KEY ≠ CERT")
    return sign_enveloped(xml, PrivateKeySigner(private_key, chain[0]), chain[1:], signing_time)


def is_encrypted(key: bytes) -> bool:
    """Whether a PEM key wants a passphrase."""
    return b"ENCRYPTED" in key


def _private_key(key: bytes, passphrase: bytes | None) -> ec.EllipticCurvePrivateKey:
    try:
        private_key = load_pem_private_key(key, passphrase)
    except (ValueError, TypeError, UnsupportedAlgorithm, InternalError) as problem:
        raise KeyNotUsable(reason=f"KEY: {str(problem)[:80]}") from None
    if not isinstance(private_key, ec.EllipticCurvePrivateKey) or not isinstance(
        private_key.curve, ec.SECP256R1
    ):
        raise KeyNotUsable(reason="KEY: P-256")
    return private_key
