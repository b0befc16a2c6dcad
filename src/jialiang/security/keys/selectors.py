"""Reading the authority and the seals; signing goes by the key store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from jialiang.formats.xades.port import Signer
from jialiang.kernel.text import Text
from jialiang.security.keys.authority import fingerprint
from jialiang.security.keys.current import current_key_store
from jialiang.security.keys.errors import AuthorityMissing, SealMissing
from jialiang.security.keys.models import Authority, SigningKey
from jialiang.security.tenancy.models import Tenant
from jialiang.security.tenancy.scope import scope


@dataclass(frozen=True, slots=True)
class SealView:
    """An institute's seal in force: what signs, under which certificate and chain (seal first, root last)."""

    id: UUID
    signer: Signer
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    subject: Text
    valid_until: datetime


@dataclass(frozen=True, slots=True)
class AuthorityView:
    """The authority of this installation, as a reader is told to trust it."""

    name: Text
    certificate: x509.Certificate
    certificate_pem: str
    fingerprint: str


def authority() -> AuthorityView:
    """Return the authority (one query). Raises :class:`AuthorityMissing`."""
    row = authority_row()
    certificate = x509.load_pem_x509_certificate(row.certificate_pem.encode())
    return AuthorityView(row.name, certificate, row.certificate_pem, fingerprint(certificate))


def authority_certificate() -> x509.Certificate:
    """Return the root certificate (one query). Raises :class:`AuthorityMissing`."""
    return authority().certificate


def has_authority() -> bool:
    """Tell whether the authority has been made (one query)."""
    return Authority.objects.exists()


def crl() -> x509.CertificateRevocationList:
    """Return the latest revocation list (one query). Raises :class:`AuthorityMissing`."""
    return x509.load_pem_x509_crl(authority_row().crl_pem.encode())


def seal_for(tenant: Tenant | UUID, now: datetime | None = None) -> SealView:
    """Return the institute's newest seal that is not revoked and, where ``now`` is given, in force then.

    One query; needs no scope. Raises :class:`SealMissing`, and what the key store raises.
    """
    tenant_id = tenant if isinstance(tenant, UUID) else tenant.pk
    with scope(tenant_id):
        rows = SigningKey.objects.filter(kind="institute_seal", revoked_at=None)
        if now is not None:
            rows = rows.filter(valid_from__lte=now, valid_until__gt=now)
        row = rows.order_by("-valid_until", "-id").first()
    if row is None:
        raise SealMissing(tenant=str(tenant_id))
    return _seal(row)


def seal_by_id(signing_key_id: UUID) -> SealView:
    """Return a seal of the institute in scope, whatever its state: a certificate in work keeps the one it began with.

    One query. Raises :class:`SealMissing`.
    """
    row = SigningKey.objects.filter(pk=signing_key_id).first()
    if row is None:
        raise SealMissing(tenant=str(signing_key_id))
    return _seal(row)


def signing_keys() -> list[SigningKey]:
    """Return all signing keys of the institute in scope, newest first (one query)."""
    return list(SigningKey.objects.order_by("-valid_from", "-id"))


def public_keys(tenant: Tenant) -> list[ec.EllipticCurvePublicKey]:
    """Return the public keys of an institute's seals that are not revoked, newest first (one query; needs no scope)."""
    with scope(tenant.pk):
        rows = list(SigningKey.objects.filter(kind="institute_seal", revoked_at=None).order_by("-valid_from", "-id"))
    keys = (x509.load_pem_x509_certificate(row.certificate_pem.encode()).public_key() for row in rows)
    return [key for key in keys if isinstance(key, ec.EllipticCurvePublicKey)]


def authority_row() -> Authority:
    """Return the stored authority (one query). Raises :class:`AuthorityMissing`."""
    row = Authority.objects.first()
    if row is None:
        raise AuthorityMissing()
    return row


def _seal(row: SigningKey) -> SealView:
    chain = tuple(x509.load_pem_x509_certificates((row.certificate_pem + row.chain_pem).encode()))
    signer = current_key_store().signer(row.name, chain[0])
    return SealView(row.id, signer, chain[0], chain, row.subject, row.valid_until)
