"""What a signature says of itself, ready for JSON: one answer a question, and the certificates that lead upward."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from jialiang.formats.authenticity.errors import RootUnreadable
from jialiang.formats.authenticity.examination import Examination
from jialiang.formats.xades.errors import NotSigned
from jialiang.formats.xades.findings import Finding, SignatureFindings
from jialiang.kernel.clock import iso_seconds

QUESTIONS = ("integrity", "signer", "chain", "time", "revocation")
MOST_ROOTS = 20


def signature_facts(examination: Examination) -> dict[str, Any]:
    """Return what was found about the signature of a file.

    ``present`` tells whether there is one, ``holds`` whether nothing about it failed under a trusted root. Each
    question has its outcome (``ok``, ``warning``, ``failed``, ``not_checked``) and, where there is a problem, code and
    words.
    ``certificates`` are those from the signer to the root, the signer's alone where no trusted root was reached.
    """
    found = examination.findings
    if found is None or isinstance(found.integrity.problem, NotSigned):
        return {"present": False, "holds": False, "signing_time": "", "questions": {}, "certificates": []}
    path = found.path or ((found.signer_certificate,) if found.signer_certificate is not None else ())
    return {
        "present": True,
        "holds": found.holds,
        "signing_time": iso_seconds(found.signing_time) if found.signing_time else "",
        "questions": {name: _answered(_finding(found, name)) for name in QUESTIONS},
        "certificates": [certificate_facts(each) for each in path],
    }


def certificate_facts(certificate: x509.Certificate) -> dict[str, Any]:
    """Return who has a certificate, who issued it, and from when until when it holds."""
    return {
        "subject": certificate.subject.rfc4514_string(),
        "issuer": certificate.issuer.rfc4514_string(),
        "serial": format(certificate.serial_number, "x"),
        "valid_from": iso_seconds(certificate.not_valid_before_utc),
        "valid_until": iso_seconds(certificate.not_valid_after_utc),
        "fingerprint_sha256": certificate.fingerprint(hashes.SHA256()).hex(),
        "self_issued": certificate.subject == certificate.issuer,
    }


def roots_in(files: Sequence[tuple[str, bytes]]) -> tuple[x509.Certificate, ...]:
    """Return the certificates of files in PEM (name and bytes). Raises RootUnreadable."""
    found: list[x509.Certificate] = []
    for name, data in files:
        try:
            found += x509.load_pem_x509_certificates(data)
        except ValueError as problem:
            raise RootUnreadable(file=name[:80]) from problem
        if len(found) > MOST_ROOTS:
            raise RootUnreadable(file=f"{name[:80]} (> {MOST_ROOTS})")
    return tuple(found)


def _finding(found: SignatureFindings, name: str) -> Finding:
    finding: Finding = getattr(found, name)
    return finding


def _answered(finding: Finding) -> dict[str, Any]:
    if finding.problem is None:
        return {"outcome": finding.outcome}
    return {"outcome": finding.outcome, "code": finding.code, "text": finding.problem.what.to_json()}
