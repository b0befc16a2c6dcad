"""The port behind which private keys live; every adapter passes the same conformance test."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Protocol

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from jialiang.formats.xades.port import Signer
from jialiang.security.keys.errors import BadKeyName

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,98}[a-z0-9]")


class KeyStore(Protocol):
    """Makes keys on NIST P-256 and signs with them; a private key never leaves it and is never overwritten."""

    def create(self, name: str) -> ec.EllipticCurvePublicKey:
        """Make a key that survives a power cut from now on. Raises ``KeyExists``, ``BadKeyName``."""
        ...

    def public_key(self, name: str) -> ec.EllipticCurvePublicKey:
        """Return the public half of a key. Raises ``KeyNotFound``, ``KeyDamaged``."""
        ...

    def sign(self, name: str, data: bytes) -> bytes:
        """Return the deterministic ECDSA signature (RFC 6979) of SHA-256 of ``data``, DER encoded.

        Raises ``KeyNotFound``, ``KeyLocked``, ``KeyDamaged``.
        """
        ...

    def signer(self, name: str, certificate: x509.Certificate) -> Signer:
        """Return the signer of a key under its certificate. Raises ``SealMismatch`` if they do not belong."""
        ...

    def names(self) -> Iterator[str]:
        """Go through the names of all keys in ascending order."""
        ...


def checked_name(name: str) -> str:
    """Return the name, or raise :class:`BadKeyName`: small letters, digits, hyphens, 2 to 100 of them."""
    if not NAME.fullmatch(name):
        raise BadKeyName(name=name[:120])
    return name
