"""From the signer's certificate to a trusted root: signatures, basic constraints, key usage, at a given time.

The rules are those of RFC 5280 that a document signature needs; names of web servers and policies are not
looked at. Unknown critical extensions are refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import ExtendedKeyUsageOID, ObjectIdentifier

from jialiang.formats.xades.errors import NoTrustedRoot, UnfitSignerCertificate

MAXIMUM_LENGTH = 6
_UNDERSTOOD = (x509.BasicConstraints, x509.KeyUsage, x509.ExtendedKeyUsage, x509.SubjectAlternativeName)
_FOR_DOCUMENTS = frozenset(
    {
        ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE,
        ExtendedKeyUsageOID.EMAIL_PROTECTION,
        ExtendedKeyUsageOID.CLIENT_AUTH,  # what person certificates of many authorities carry
        ObjectIdentifier("1.3.6.1.5.5.7.3.36"),  # documentSigning, RFC 9336
    }
)
STRONG_HASHES = (hashes.SHA256, hashes.SHA384, hashes.SHA512)


def certificate_path(
    signer: x509.Certificate,
    trusted: Sequence[x509.Certificate],
    intermediates: Sequence[x509.Certificate],
    at: datetime,
) -> tuple[x509.Certificate, ...]:
    """Return the certificates from the signer to a trusted root, preferring a path that is valid at ``at``.

    Raises UnfitSignerCertificate and NoTrustedRoot. A path that is complete but not valid at ``at`` is returned
    too: validity is a question of its own.
    """
    _check_end_entity(signer)
    paths = list(_paths((signer,), trusted, intermediates))
    if not paths:
        facts = {"subject": signer.subject.rfc4514_string(), "issuer": signer.issuer.rfc4514_string()}
        raise NoTrustedRoot(**facts)
    return next((path for path in paths if not_valid_at(path, at) is None), paths[0])


def not_valid_at(path: Sequence[x509.Certificate], at: datetime) -> x509.Certificate | None:
    """Return the first certificate of a path whose validity does not include ``at``."""
    outside = (c for c in path if not c.not_valid_before_utc <= at <= c.not_valid_after_utc)
    return next(outside, None)


def is_issued_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Tell whether ``issuer``'s key signed ``certificate``, with a strong hash."""
    try:
        if not isinstance(certificate.signature_hash_algorithm, STRONG_HASHES):
            return False
        certificate.verify_directly_issued_by(issuer)
    except (InvalidSignature, ValueError, TypeError, UnsupportedAlgorithm):
        return False
    return True


def _paths(
    path: tuple[x509.Certificate, ...],
    trusted: Sequence[x509.Certificate],
    intermediates: Sequence[x509.Certificate],
) -> Iterator[tuple[x509.Certificate, ...]]:
    last = path[-1]
    for root in trusted:
        if root not in path and _may_issue(root, below=len(path) - 1) and is_issued_by(last, root):
            yield (*path, root)
    if len(path) >= MAXIMUM_LENGTH - 1:
        return
    for issuer in intermediates:
        if (
            not _has_met(path, issuer)
            and _may_issue(issuer, below=len(path) - 1)
            and is_issued_by(last, issuer)
        ):
            yield from _paths((*path, issuer), trusted, intermediates)


def _has_met(path: Sequence[x509.Certificate], issuer: x509.Certificate) -> bool:
    """Tell whether the same name with the same key is on the way already: a circle of certificates leads nowhere."""
    return any(c.subject == issuer.subject and c.public_key() == issuer.public_key() for c in path)


def _may_issue(certificate: x509.Certificate, *, below: int) -> bool:
    """Tell whether a certificate may issue others, with ``below`` CA certificates under it already."""
    try:
        constraints = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value
    except x509.ExtensionNotFound:
        return False
    long_enough = constraints.path_length is None or below <= constraints.path_length
    usage = _key_usage(certificate)
    return (
        constraints.ca
        and long_enough
        and (usage is None or usage.key_cert_sign)
        and not _not_understood(certificate)
    )


def _check_end_entity(certificate: x509.Certificate) -> None:
    subject = certificate.subject.rfc4514_string()
    usage = _key_usage(certificate)
    if usage is not None and not (usage.digital_signature or usage.content_commitment):
        raise UnfitSignerCertificate(subject=subject, part="keyUsage")
    if _is_authority(certificate):
        raise UnfitSignerCertificate(subject=subject, part="basicConstraints")
    if not _is_for_documents(certificate):
        raise UnfitSignerCertificate(subject=subject, part="extKeyUsage")
    unknown = _not_understood(certificate)
    if unknown:
        raise UnfitSignerCertificate(subject=subject, part=unknown)


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


def _is_for_documents(certificate: x509.Certificate) -> bool:
    """Tell whether the purposes of a certificate, if it names any, include documents (RFC 5280, 4.2.1.12)."""
    try:
        purposes = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return True
    return not _FOR_DOCUMENTS.isdisjoint(purposes)


def _key_usage(certificate: x509.Certificate) -> x509.KeyUsage | None:
    try:
        return certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return None


def _not_understood(certificate: x509.Certificate) -> str:
    critical = (e for e in certificate.extensions if e.critical and not isinstance(e.value, _UNDERSTOOD))
    return next((extension.oid.dotted_string for extension in critical), "")
