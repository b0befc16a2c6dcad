"""Every check by its name, with what came out and in words that people understand."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from cryptography.hazmat.primitives import hashes

from jialiang.formats.authenticity.examination import Examination
from jialiang.formats.authenticity.facts import RegisterFacts
from jialiang.formats.authenticity.rules import Findings
from jialiang.formats.xades.findings import Finding, Outcome, SignatureFindings
from jialiang.kernel.clock import iso_seconds
from jialiang.kernel.text import Text

_BYTES: dict[str, Outcome] = {
    "as_issued": "ok", "rewritten": "failed", "differ": "failed", "unprovable": "not_checked",
    "not_checked": "not_checked",
}  # fmt: skip
_STATUS: dict[str, Outcome] = {
    "in_force": "ok", "superseded": "failed", "withdrawn": "failed", "not_registered": "failed",
    "not_checked": "not_checked",
}  # fmt: skip
_DUE: dict[str, Outcome] = {"none": "ok", "ahead": "ok", "passed": "failed"}


@dataclass(frozen=True, slots=True)
class Check:
    """One check: its name, what came out, in words, and the figures that back it."""

    name: str
    outcome: Outcome
    text: Text
    evidence: tuple[tuple[str, str], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the check ready for JSON."""
        return {
            "name": self.name,
            "outcome": self.outcome,
            "text": self.text.to_json(),
            "evidence": dict(self.evidence),
        }


def checks_of(
    examination: Examination, findings: Findings, register: RegisterFacts | None, due_date: str
) -> tuple[Check, ...]:
    """Return all checks in the order in which a reader asks: can it be read, is it whole, whose is it, does it hold."""
    return (
        _readable(examination),
        *_signature(examination),
        _bytes(examination, findings),
        _register(findings, register),
        Check("due_date", _DUE[findings.due], words(f"due_date.{findings.due}").format(date=due_date)),
    )


def words(key: str) -> Text:
    """Return the words for a check and its outcome, or for a verdict and its reason."""
    return _words()[key]


@cache
def _words() -> dict[str, Text]:
    file = resources.files("jialiang.formats.authenticity") / "words.json"
    raw = json.loads(file.read_text(encoding="utf-8"))
    return {key: Text.from_json(pair) for key, pair in raw.items()}


def _readable(examination: Examination) -> Check:
    evidence = (
        ("sha256", examination.sha256),
        ("number", examination.number),
        ("identifier", examination.identifier),
    )
    if examination.problem is None:
        return Check("readable", "ok", words("readable.ok"), evidence)
    facts = {"problem": examination.problem.what, "number": examination.number or examination.identifier}
    code = (("code", examination.problem.code),)
    if examination.is_of_other_version:
        return Check("readable", "not_checked", words("readable.other_version").format(**facts), evidence + code)
    return Check("readable", "failed", words("readable.failed").format(**facts), evidence + code)


def _signature(examination: Examination) -> tuple[Check, ...]:
    signature = examination.findings
    if signature is None:
        names = ("integrity", "signer", "chain", "time", "revocation")
        return tuple(Check(name, "not_checked", words(f"{name}.not_checked")) for name in names)
    return (
        _of(signature.integrity, "integrity"),
        _of(signature.signer, "signer", *_signer_evidence(signature)),
        _of(signature.chain, "chain", *_chain_evidence(signature)),
        _of(signature.time, "time", *_time_evidence(signature)),
        _of(signature.revocation, "revocation"),
    )


def _of(finding: Finding, name: str, *evidence: tuple[str, str]) -> Check:
    if finding.problem is None:
        return Check(name, finding.outcome, words(f"{name}.{finding.outcome}"), evidence)
    return Check(name, finding.outcome, finding.problem.what, (*evidence, ("code", finding.code)))


def _signer_evidence(signature: SignatureFindings) -> tuple[tuple[str, str], ...]:
    certificate = signature.signer_certificate
    if certificate is None:
        return ()
    return (
        ("subject", certificate.subject.rfc4514_string()),
        ("issuer", certificate.issuer.rfc4514_string()),
        ("serial", format(certificate.serial_number, "x")),
        ("fingerprint_sha256", certificate.fingerprint(hashes.SHA256()).hex()),
    )


def _chain_evidence(signature: SignatureFindings) -> tuple[tuple[str, str], ...]:
    if not signature.path:
        return ()
    root = signature.path[-1]
    path = " → ".join(certificate.subject.rfc4514_string() for certificate in signature.path)
    return (("path", path), ("root_fingerprint_sha256", root.fingerprint(hashes.SHA256()).hex()))


def _time_evidence(signature: SignatureFindings) -> tuple[tuple[str, str], ...]:
    return (("signing_time", iso_seconds(signature.signing_time)),) if signature.signing_time else ()


def _bytes(examination: Examination, findings: Findings) -> Check:
    key = f"bytes.{findings.bytes}"
    if examination.kind == "pdf" and findings.bytes == "differ":
        whole = findings.integrity == "ok" and findings.chain == "ok"
        key = "bytes.page_embedded_genuine" if whole else "bytes.page"
    return Check("bytes", _BYTES[findings.bytes], words(key), (("sha256", examination.sha256),))


def _register(findings: Findings, register: RegisterFacts | None) -> Check:
    facts = {
        "since": register.since.date().isoformat() if register and register.since else "–",
        "reason": (register.reason if register else Text()) or Text("未说明", "not stated"),
        "superseded_by": (register.superseded_by if register else "") or "–",
    }
    return Check("register", _STATUS[findings.status], words(f"register.{findings.status}").format(**facts))
