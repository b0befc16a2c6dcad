"""A certificate whose seal stands directly under the root, as installations issue them, and lists of that root."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from tests.formats.sample_keys import START, key, name, root, signed, signer

NEXT_UPDATE = datetime(2026, 7, 1, tzinfo=UTC)


@cache
def sealed_under_the_root() -> bytes:
    """The sample certificate, signed by a seal of the root itself."""
    return signed(by=signer("Sample Institute of Metrology", root(), secret="direct seal"), chain=[])


def revocation_list(
    *serials: int,
    revoked_at: datetime = START,
    reason: x509.ReasonFlags | None = None,
    next_update: datetime = NEXT_UPDATE,
    issuer: str = "Jialiang test root",
    secret: str = "Jialiang test root",
) -> x509.CertificateRevocationList:
    """A list of the root with some serial numbers on it, or one that only looks like it."""
    builder = x509.CertificateRevocationListBuilder().issuer_name(name(issuer))
    builder = builder.last_update(START).next_update(next_update)
    for serial in serials:
        entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(revoked_at)
        if reason is not None:
            entry = entry.add_extension(x509.CRLReason(reason), critical=False)
        builder = builder.add_revoked_certificate(entry.build())
    return builder.sign(key(secret), hashes.SHA256())
