"""X.509 certificates and revocation lists (RFC 5280) made with keys of a key store; nothing here is stored.

One root on P-256 for ten years, path length 0, for certificates and lists only. An institute's seal is valid for two
years, for signatures and non-repudiation only; its subject names the institute and, in ``organizationIdentifier``
(OID 2.5.4.97), ``NTRCN-`` and the unified social credit code.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NoReturn

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.utils import Buffer
from cryptography.x509.oid import NameOID

from jialiang.kernel.clock import iso_seconds
from jialiang.kernel.text import Text
from jialiang.security.keys.errors import AuthorityExpired, BadSubject
from jialiang.security.keys.port import KeyStore

ROOT_YEARS, SEAL_YEARS = 10, 2
CRL_LIFE = timedelta(days=7)
BACKDATED = timedelta(minutes=5)  # so that a reader whose clock is slow does not refuse a fresh certificate
CREDIT_CODE = re.compile(r"[0-9A-Z]{18}", re.ASCII)  # a legal code may have digits only
LONGEST_COMMON_NAME = 64  # bytes, as the library counts


@dataclass(frozen=True, slots=True)
class Revocation:
    """A revoked certificate as a list names it."""

    serial_number: int
    revoked_at: datetime
    reason: x509.ReasonFlags


class StoredKey(ec.EllipticCurvePrivateKey):
    """A key of a store in the shape that certificate builders want; it signs and does nothing else."""

    def __init__(self, store: KeyStore, name: str) -> None:
        self._store, self._name = store, name

    def sign(self, data: Buffer, signature_algorithm: ec.EllipticCurveSignatureAlgorithm) -> bytes:
        """Sign by the store: ECDSA with SHA-256."""
        return self._store.sign(self._name, bytes(data))

    def public_key(self) -> ec.EllipticCurvePublicKey:
        """Return the public half."""
        return self._store.public_key(self._name)

    @property
    def curve(self) -> ec.EllipticCurve:
        """Return the curve."""
        return self.public_key().curve

    @property
    def key_size(self) -> int:
        """Return the size in bits."""
        return self.public_key().key_size

    def exchange(self, algorithm: ec.ECDH, peer_public_key: ec.EllipticCurvePublicKey) -> NoReturn:
        """Refuse: these keys sign only."""
        raise TypeError("a stored key signs only")

    def private_numbers(self) -> NoReturn:
        """Refuse: the secret never leaves the store."""
        raise TypeError("a stored key never leaves its store")

    def private_bytes(
        self,
        encoding: serialization.Encoding,
        format: serialization.PrivateFormat,
        encryption_algorithm: serialization.KeySerializationEncryption,
    ) -> NoReturn:
        """Refuse: the secret never leaves the store."""
        raise TypeError("a stored key never leaves its store")

    def __copy__(self) -> StoredKey:
        return self

    def __deepcopy__(self, memo: object) -> StoredKey:
        return self


def root_certificate(store: KeyStore, key_name: str, *, name: Text, now: datetime) -> x509.Certificate:
    """Return the self-signed certificate of the authority whose key lies in the store."""
    key = StoredKey(store, key_name)
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, name.zh or name.en),
            x509.NameAttribute(NameOID.COMMON_NAME, _common_name(name.en or name.zh, key_name)),
        ]
    )
    builder = _builder(subject, subject, key.public_key(), now, now + timedelta(days=365 * ROOT_YEARS))
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_usage(signs_certificates=True), critical=True)
    return builder.sign(key, hashes.SHA256())


def seal_certificate(
    store: KeyStore,
    authority: tuple[str, x509.Certificate],
    public_key: ec.EllipticCurvePublicKey,
    *,
    subject: x509.Name,
    crl_address: str,
    now: datetime,
) -> x509.Certificate:
    """Return a seal's certificate, signed by the ``authority`` (name of its key in the store, certificate).

    It never outlives the authority: a reader who tests the chain as a whole would refuse what it signs then. Raises
    :class:`AuthorityExpired`.
    """
    authority_key, issuer = authority
    if issuer.not_valid_after_utc <= now:
        raise AuthorityExpired(until=iso_seconds(issuer.not_valid_after_utc))
    until = min(now + timedelta(days=365 * SEAL_YEARS), issuer.not_valid_after_utc)
    builder = _builder(subject, issuer.subject, public_key, now, until)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(_usage(signs_certificates=False), critical=True)
    builder = builder.add_extension(_issuer_key_id(issuer), critical=False)
    where = x509.DistributionPoint([x509.UniformResourceIdentifier(crl_address)], None, None, None)
    builder = builder.add_extension(x509.CRLDistributionPoints([where]), critical=False)
    return builder.sign(StoredKey(store, authority_key), hashes.SHA256())


def seal_subject(name: Text, credit_code: str) -> x509.Name:
    """Return the subject of an institute's seal; the common name is the name, or the code if that is too long.

    Raises :class:`BadSubject` when there is no Chinese name or the code has not 18 digits and capitals.
    """
    if not name.zh.strip():
        raise BadSubject(member="name.zh", given=name.zh)
    if not CREDIT_CODE.fullmatch(credit_code):
        raise BadSubject(member="credit_code", given=credit_code)
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, name.zh),
            x509.NameAttribute(NameOID.ORGANIZATION_IDENTIFIER, f"NTRCN-{credit_code}"),
            x509.NameAttribute(NameOID.COMMON_NAME, _common_name(name.zh, credit_code)),
        ]
    )


def revocation_list(
    store: KeyStore,
    authority: tuple[str, x509.Certificate],
    revocations: Iterable[Revocation],
    *,
    number: int,
    now: datetime,
) -> x509.CertificateRevocationList:
    """Return the authority's list of revoked certificates, good for a week."""
    authority_key, issuer = authority
    builder = x509.CertificateRevocationListBuilder().issuer_name(issuer.subject)
    builder = builder.last_update(now - BACKDATED).next_update(now + CRL_LIFE)
    builder = builder.add_extension(x509.CRLNumber(number), critical=False)
    builder = builder.add_extension(_issuer_key_id(issuer), critical=False)
    for revocation in revocations:
        entry = x509.RevokedCertificateBuilder().serial_number(revocation.serial_number)
        entry = entry.revocation_date(revocation.revoked_at)
        entry = entry.add_extension(x509.CRLReason(revocation.reason), critical=False)
        builder = builder.add_revoked_certificate(entry.build())
    return builder.sign(StoredKey(store, authority_key), hashes.SHA256())


def fingerprint(certificate: x509.Certificate) -> str:
    """Return SHA-256 of the certificate as people compare it: ``AB:CD:…``, 32 pairs."""
    return certificate.fingerprint(hashes.SHA256()).hex(":").upper()


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime, until: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BACKDATED)
        .not_valid_after(until)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=not signs_certificates,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _issuer_key_id(issuer: x509.Certificate) -> x509.AuthorityKeyIdentifier:
    own = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own)


def _common_name(name: str, otherwise: str) -> str:
    return name if len(name.encode()) <= LONGEST_COMMON_NAME else otherwise
