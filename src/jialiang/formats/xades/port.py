"""What a signature needs of a key, wherever the key lives."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec


@runtime_checkable
class Signer(Protocol):
    """A private key on NIST P-256 and its certificate; the key itself never leaves the signer.

    An implementation must be deterministic (RFC 6979), so that signing again after a crash gives the same bytes.
    """

    @property
    def certificate(self) -> x509.Certificate:
        """The certificate of the key."""
        ...

    def sign(self, data: bytes) -> bytes:
        """Return the ECDSA signature of SHA-256 of ``data``, DER encoded (SEQUENCE of r and s)."""
        ...


class PrivateKeySigner:
    """A signer whose key is in memory: what a decrypted key file gives."""

    def __init__(self, private_key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> None:
        self._private_key = private_key
        self._certificate = certificate

    @property
    def certificate(self) -> x509.Certificate:
        """The certificate of the key."""
        return self._certificate

    def sign(self, data: bytes) -> bytes:
        """Return the deterministic ECDSA signature of SHA-256 of ``data``, DER encoded."""
        return self._private_key.sign(data, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))
