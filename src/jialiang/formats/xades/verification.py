"""The checker of signatures: each question asked by itself, so that each gets its own answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cryptography import x509
from lxml import etree

from jialiang.formats.xades.chain import certificate_path, not_valid_at
from jialiang.formats.xades.errors import (
    NoSigningTime,
    SignatureProblem,
    SignerExpiredSince,
    SignerNotBound,
    SigningTimeInFuture,
    SigningTimeOutsideValidity,
)
from jialiang.formats.xades.findings import NOT_CHECKED, OK, Finding, SignatureFindings, failed
from jialiang.formats.xades.integrity import signed_content, signer_certificate
from jialiang.formats.xades.revocation import revocation_finding
from jialiang.formats.xades.structure import parts_of, signature_of, signing_time_of
from jialiang.formats.xml.errors import NotCanonicalizable
from jialiang.formats.xml.parsing import parse_xml
from jialiang.kernel.clock import iso_seconds

CLOCK_TOLERANCE = timedelta(minutes=5)
"""How far the signer's clock may run ahead of the checker's."""


@dataclass(frozen=True, slots=True)
class TrustAnchors:
    """Whom the checker trusts: roots, certificates that help to reach them, and revocation lists."""

    roots: tuple[x509.Certificate, ...]
    intermediates: tuple[x509.Certificate, ...] = ()
    revocation_lists: tuple[x509.CertificateRevocationList, ...] = ()


def verify(
    xml: bytes,
    trusted: Sequence[x509.Certificate],
    at: datetime | None,
    intermediates: Sequence[x509.Certificate] = (),
    revocation_lists: Sequence[x509.CertificateRevocationList] = (),
) -> SignatureFindings:
    """Check the signature of a whole document; raises only what ``formats.xml`` raises for unreadable XML.

    ``at`` (aware) is the time of the check; without it a signing time is not compared with the present. The
    validity of certificates is judged at the claimed signing time, or at ``at`` where none is claimed.
    """
    anchors = TrustAnchors(tuple(trusted), tuple(intermediates), tuple(revocation_lists))
    return verify_tree(parse_xml(xml), anchors, at)


def verify_tree(tree: etree._ElementTree, anchors: TrustAnchors, at: datetime | None) -> SignatureFindings:
    """Check the signature of a parsed document, as :func:`verify`."""
    try:
        parts = parts_of(signature_of(tree))
        content = signed_content(tree, parts)
        certificate, named = signer_certificate(parts)
        claimed = signing_time_of(parts.properties) if parts.properties is not None else None
    except (SignatureProblem, NotCanonicalizable) as problem:
        return SignatureFindings(integrity=failed(problem))
    findings = SignatureFindings(
        integrity=OK,
        signer=OK if named else Finding("warning", SignerNotBound()),
        signing_time=claimed,
        signer_certificate=certificate,
        signed_content=content,
    )
    return with_trust(findings, certificate, parts.certificates, anchors, at)


def with_trust(
    findings: SignatureFindings,
    certificate: x509.Certificate,
    embedded: Sequence[x509.Certificate],
    anchors: TrustAnchors,
    at: datetime | None,
) -> SignatureFindings:
    """Add to findings about a whole signature, of whichever format, what chain, time and revocation say.

    ``embedded`` are the certificates that the document brings along.
    """
    moment = findings.signing_time or at or certificate.not_valid_before_utc
    helpers = (*embedded, *anchors.intermediates)
    try:
        path = certificate_path(certificate, anchors.roots, helpers, moment)
    except SignatureProblem as problem:
        time = _time_finding((certificate,), findings.signing_time, at)
        return replace(findings, chain=failed(problem), time=time)
    return replace(
        findings,
        chain=OK,
        path=path,
        time=_time_finding(path, findings.signing_time, at),
        revocation=revocation_finding(path, anchors.revocation_lists, signing_time=moment, at=at),
    )


def _time_finding(path: Sequence[x509.Certificate], claimed: datetime | None, at: datetime | None) -> Finding:
    moment = claimed or at
    if moment is None:
        return NOT_CHECKED
    if at is not None and moment > at + CLOCK_TOLERANCE:
        return failed(SigningTimeInFuture(signing_time=iso_seconds(moment), at=iso_seconds(at)))
    outside = not_valid_at(path, moment)
    if outside is not None:
        return failed(
            SigningTimeOutsideValidity(
                signing_time=iso_seconds(moment),
                subject=outside.subject.rfc4514_string(),
                start=iso_seconds(outside.not_valid_before_utc),
                end=iso_seconds(outside.not_valid_after_utc),
            )
        )
    if claimed is None:
        return Finding("warning", NoSigningTime(at=iso_seconds(moment)))
    ended = not_valid_at(path, at) if at is not None and at > moment else None
    if ended is not None:
        facts = {"subject": ended.subject.rfc4514_string(), "end": iso_seconds(ended.not_valid_after_utc)}
        return Finding("warning", SignerExpiredSince(**facts))
    return OK
