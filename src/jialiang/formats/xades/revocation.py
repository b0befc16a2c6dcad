"""Was a certificate withdrawn? Read from revocation lists that the issuer signed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from cryptography import x509

from jialiang.formats.xades.chain import STRONG_HASHES
from jialiang.formats.xades.errors import CertificateRevoked, NoRevocationList, RevokedLater
from jialiang.formats.xades.findings import OK, Finding, failed
from jialiang.kernel.clock import iso_seconds

_LOST_KEY = (x509.ReasonFlags.key_compromise, x509.ReasonFlags.ca_compromise, x509.ReasonFlags.aa_compromise)


def revocation_finding(
    path: Sequence[x509.Certificate],
    lists: Sequence[x509.CertificateRevocationList],
    *,
    signing_time: datetime,
    at: datetime | None,
) -> Finding:
    """Look every certificate of ``path`` but the root up in the lists of its issuer.

    Revoked before signing, or because the key was lost: ``failed``. Revoked later: ``warning``. A certificate
    without a current list: ``not_checked``, unless another one failed.
    """
    findings = [_of_one(c, issuer, lists, signing_time, at) for c, issuer in pairwise(path)]
    ranks = ("failed", "not_checked", "warning")
    return next((f for rank in ranks for f in findings if f.outcome == rank), OK)


def _of_one(
    certificate: x509.Certificate,
    issuer: x509.Certificate,
    lists: Sequence[x509.CertificateRevocationList],
    signing_time: datetime,
    at: datetime | None,
) -> Finding:
    known = [each for each in lists if _is_current(each, issuer, at)]
    entries = [
        e for each in known if (e := each.get_revoked_certificate_by_serial_number(certificate.serial_number))
    ]
    if entries:
        grave = [e for e in entries if e.revocation_date_utc <= signing_time or _reason(e) in _LOST_KEY]
        facts = {
            "subject": certificate.subject.rfc4514_string(),
            "revoked_at": iso_seconds((grave or entries)[0].revocation_date_utc),
        }
        return failed(CertificateRevoked(**facts)) if grave else Finding("warning", RevokedLater(**facts))
    if not known:
        return Finding("not_checked", NoRevocationList(issuer=issuer.subject.rfc4514_string()))
    return OK


def _is_current(each: x509.CertificateRevocationList, issuer: x509.Certificate, at: datetime | None) -> bool:
    if each.issuer != issuer.subject or not _speaks_of_all(each) or not _may_sign_lists(issuer):
        return False
    key = issuer.public_key()
    if not isinstance(each.signature_hash_algorithm, STRONG_HASHES):
        return False
    if not each.is_signature_valid(key):  # type: ignore[arg-type]  # a CA key is RSA or EC, or it issued nothing
        return False
    ends = each.next_update_utc
    return at is None or ends is None or at <= ends


def _speaks_of_all(each: x509.CertificateRevocationList) -> bool:
    """Tell whether a list is the whole of its issuer's.

    A list of changes, or of some certificates or reasons only, says so by a critical extension (RFC 5280, 5.2.4 and
    5.2.5); who is not on it may be on another. No critical extension is understood here.
    """
    try:
        return not any(extension.critical for extension in each.extensions)
    except ValueError:
        return False


def _may_sign_lists(issuer: x509.Certificate) -> bool:
    try:
        return issuer.extensions.get_extension_for_class(x509.KeyUsage).value.crl_sign
    except x509.ExtensionNotFound:
        return True


def _reason(entry: x509.RevokedCertificate) -> x509.ReasonFlags | None:
    try:
        return entry.extensions.get_extension_for_class(x509.CRLReason).value.reason
    except x509.ExtensionNotFound:
        return None
