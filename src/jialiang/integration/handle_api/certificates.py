"""Client certificates, as far as a proxy that ends TLS in front of the installation passes them on.

The setting ``JIALIANG_CLIENT_CERTIFICATE_HEADER`` names the header; it holds the certificate as PEM, percent-encoded.
The front takes the header away from everybody but the trusted proxies. What counts is the key: it has to be that of an
identity, which the request (``id="300:88.101.5/app"``) or the subject of the certificate (UID, else CN) names.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import unquote

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key
from cryptography.x509.oid import NameOID

from jialiang.functions.handle_identities import actor_by_key, key_of, signature_refused
from jialiang.integration.handle_api.answers import AuthenticationNeeded
from jialiang.security.actor import Actor

LONGEST = 16 * 1024


def actor_of_certificate(text: str, given: Mapping[str, str], now: datetime) -> Actor:
    """Return who acts by a certificate that the proxy has verified the possession of.

    Raises AuthenticationNeeded without a certificate, IdentityRefused for one of another key or out of its time.
    """
    if not text or len(text) > LONGEST:
        raise AuthenticationNeeded()
    try:
        certificate = x509.load_pem_x509_certificate(unquote(text).encode())
    except ValueError as problem:
        raise AuthenticationNeeded() from problem
    identity = given.get("id", "") or _subject(certificate)
    key = key_of(identity, now)
    in_time = certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc
    if (
        not in_time
        or not key.in_force
        or not key.public_key_pem
        or _octets(certificate) != _pem_octets(key.public_key_pem)
    ):
        raise signature_refused(identity, now)
    return actor_by_key(identity, now)


def _subject(certificate: x509.Certificate) -> str:
    for kind in (NameOID.USER_ID, NameOID.COMMON_NAME):
        for attribute in certificate.subject.get_attributes_for_oid(kind):
            return str(attribute.value)
    return ""


def _octets(certificate: x509.Certificate) -> bytes:
    return certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _pem_octets(pem: str) -> bytes:
    return load_pem_public_key(pem.encode()).public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
