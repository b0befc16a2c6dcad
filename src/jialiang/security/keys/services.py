"""Making the authority, issuing seals and revoking them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.db import transaction

from jialiang.kernel.ids import new_id
from jialiang.kernel.text import Text
from jialiang.security.keys import selectors
from jialiang.security.keys.authority import (
    CRL_LIFE,
    Revocation,
    revocation_list,
    root_certificate,
    seal_certificate,
    seal_subject,
)
from jialiang.security.keys.current import current_key_store
from jialiang.security.keys.errors import AuthorityExists, BadSubject, SealAlreadyRevoked, SigningKeyUnknown
from jialiang.security.keys.models import Authority, SigningKey
from jialiang.security.tenancy.models import Tenant
from jialiang.security.tenancy.scope import everywhere, scope

AUTHORITY_NAME = Text(zh="嘉量平台证书根", en="Jialiang Root Authority")
CRL_PATH = "/trust/crl"
_UNUSABLE = (x509.ReasonFlags.remove_from_crl, x509.ReasonFlags.unspecified)
REASONS = {reason.name: reason for reason in x509.ReasonFlags if reason not in _UNUSABLE}


@transaction.atomic
def create_authority(now: datetime, *, name: Text = AUTHORITY_NAME) -> Authority:
    """Make the one authority of this installation and its first, empty list. Raises :class:`AuthorityExists`."""
    if selectors.has_authority():
        raise AuthorityExists()
    store = current_key_store()
    row = Authority(id=new_id(now), name_zh=name.zh, name_en=name.en, created_at=now)
    row.key_name = f"authority-{row.id.hex}"
    store.create(row.key_name)
    certificate = root_certificate(store, row.key_name, name=name, now=now)
    row.certificate_pem = _pem(certificate)
    row.save(force_insert=True)
    renew_crl(now)
    return row


@transaction.atomic
def issue_seal(tenant: Tenant, name: Text, credit_code: str, now: datetime) -> SigningKey:
    """Make a key for an institute's seal and certify it for two years. Raises ``AuthorityMissing``, ``BadSubject``.

    The key file is written before the row: if the transaction is rolled back it lies loose and harms nobody.
    """
    subject = seal_subject(name, credit_code)
    authority = selectors.authority_row()
    root = x509.load_pem_x509_certificate(authority.certificate_pem.encode())
    store = current_key_store()
    key_id = new_id(now)
    key_name = f"seal-{tenant.slug}-{key_id.hex}"
    certificate = seal_certificate(
        store,
        (authority.key_name, root),
        store.create(key_name),
        subject=subject,
        crl_address=settings.JIALIANG.public_url.rstrip("/") + CRL_PATH,
        now=now,
    )
    with scope(tenant.pk):
        return SigningKey.objects.create(
            id=key_id,
            name=key_name,
            kind="institute_seal",
            subject_zh=name.zh,
            subject_en=name.en,
            serial_number=f"{certificate.serial_number:x}",
            certificate_pem=_pem(certificate),
            chain_pem=authority.certificate_pem,
            valid_from=certificate.not_valid_before_utc,
            valid_until=certificate.not_valid_after_utc,
        )


@transaction.atomic
def revoke(signing_key_id: UUID, reason: str, now: datetime) -> SigningKey:
    """Revoke a key of the institute in scope and publish a new list at once.

    ``reason`` is one of RFC 5280: ``key_compromise``, ``superseded``, ``cessation_of_operation`` … in the library's
    spelling (:data:`REASONS`). Raises :class:`SigningKeyUnknown`, :class:`SealAlreadyRevoked`, :class:`BadSubject`.
    """
    if reason not in REASONS:
        raise BadSubject(member="reason", given=reason)
    row = SigningKey.objects.select_for_update(of=("self",)).filter(pk=signing_key_id).first()
    if row is None:
        raise SigningKeyUnknown(wanted=str(signing_key_id))
    if row.revoked_at is not None:
        raise SealAlreadyRevoked(name=row.name, since=row.revoked_at)
    row.revoked_at, row.revocation_reason = now, reason
    row.save(update_fields=["revoked_at", "revocation_reason"])
    renew_crl(now)
    return row


@transaction.atomic
def renew_crl(now: datetime) -> x509.CertificateRevocationList:
    """Write the next list over all institutes: after a revocation, and before the last one runs out."""
    selectors.authority_row()
    row = Authority.objects.select_for_update().get()
    root = x509.load_pem_x509_certificate(row.certificate_pem.encode())
    with everywhere("the revocation list covers all institutes"):
        revoked = list(SigningKey.objects.exclude(revoked_at=None).order_by("revoked_at", "id"))
    entries = [
        Revocation(int(key.serial_number, 16), _moment(key), REASONS[key.revocation_reason])
        for key in revoked
    ]
    row.crl_number += 1
    new = revocation_list(current_key_store(), (row.key_name, root), entries, number=row.crl_number, now=now)
    row.crl_pem, row.crl_next_update = new.public_bytes(Encoding.PEM).decode(), now + CRL_LIFE
    row.save(update_fields=["crl_number", "crl_pem", "crl_next_update"])
    return new


def _moment(key: SigningKey) -> datetime:
    if key.revoked_at is None:
        raise ValueError(f"{key.name} is not revoked")
    return key.revoked_at


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(Encoding.PEM).decode()
