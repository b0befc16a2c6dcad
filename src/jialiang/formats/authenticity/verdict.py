"""From an examination and the register's word to one verdict with every check named."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from jialiang.formats.authenticity.checks import Check, checks_of, words
from jialiang.formats.authenticity.examination import Examination, content_digest_of
from jialiang.formats.authenticity.facts import RegisterFacts
from jialiang.formats.authenticity.rules import Findings, VerdictName, decide
from jialiang.formats.dcc.differences import Difference, difference
from jialiang.formats.dcc.reading import read_certificate
from jialiang.formats.xades.errors import NotSigned
from jialiang.kernel.clock import local_date
from jialiang.kernel.errors import JialiangError
from jialiang.kernel.text import Text


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer: one word, why, the status in the register, all checks, and what differs.

    ``status`` is ``in_force``, ``expired``, ``superseded``, ``withdrawn``, ``not_registered``, or ``not_checked``
    where no register was asked; then ``genuine`` means integrity, chain and time only, and the text says so.
    """

    verdict: VerdictName
    reason: str
    status: str
    text: Text
    checks: tuple[Check, ...]
    differences: tuple[Difference, ...] = ()

    @property
    def is_genuine(self) -> bool:
        """Whether the certificate is genuine and, as far as was asked, in force."""
        return self.verdict == "genuine"

    def to_json(self) -> dict[str, Any]:
        """Return the verdict ready for JSON."""
        return {
            "verdict": self.verdict,
            "reason": self.reason,
            "status": self.status,
            "text": self.text.to_json(),
            "checks": [check.to_json() for check in self.checks],
            "differences": [
                {"path": d.path, "name": d.name.to_json(), "issued": d.issued, "presented": d.presented}
                for d in self.differences
            ],
        }


def judge(examination: Examination, register: RegisterFacts | None, at: datetime) -> Verdict:
    """Give the verdict at the moment ``at`` (aware); ``register`` is None where no register was asked."""
    findings = findings_of(examination, register, at)
    rule = decide(findings)
    key = f"verdict.{rule.reason}"
    if rule.verdict == "genuine" and register is None:
        key = "verdict.genuine_without_register"
    if rule.reason == "not_as_issued" and examination.kind == "pdf":
        key = "verdict.page_not_as_issued"
    return Verdict(
        verdict=rule.verdict,
        reason="page_not_as_issued" if key == "verdict.page_not_as_issued" else rule.reason,
        status=_status(findings),
        text=words(key).format(**_facts(examination, register)),
        checks=checks_of(examination, findings, register, due_date_of(examination, register)),
        differences=_differences(examination, register) if rule.verdict == "altered" else (),
    )


def findings_of(examination: Examination, register: RegisterFacts | None, at: datetime) -> Findings:
    """Say in the words of the table what was found."""
    signature = examination.findings
    status = register.status if register else "not_checked"
    if signature is None:
        return Findings(
            readable="no", integrity="failed", chain="not_checked", time="not_checked", status=status
        )
    return Findings(
        readable="other_version" if examination.is_of_other_version else "yes",
        integrity=_integrity(examination, register),
        chain=signature.chain.outcome,
        time=signature.time.outcome,
        revocation=signature.revocation.outcome,
        bytes=_bytes(examination, register),
        status=status,
        due=_due(examination, register, at),
    )


def due_date_of(examination: Examination, register: RegisterFacts | None) -> str:
    """Return until when the certificate holds: the register's word, else that of the signed content."""
    if register is not None and register.status != "not_registered":
        return register.due_date
    return examination.view.due_date if examination.view else ""


def _integrity(examination: Examination, register: RegisterFacts | None) -> str:
    finding = examination.findings.integrity if examination.findings else None
    if finding is None or finding.outcome == "ok":
        return "ok" if finding else "failed"
    known = register is not None and register.status != "not_registered"
    ours = bool(examination.identifier) or known
    return "absent" if isinstance(finding.problem, NotSigned) and not ours else "failed"


def _bytes(examination: Examination, register: RegisterFacts | None) -> str:
    if register is None or not register.issued_digests:
        if examination.kind == "pdf":
            return "unprovable"
        whole = examination.findings is not None and examination.findings.integrity.outcome == "ok"
        return "rewritten" if examination.rewritten and whole else "not_checked"
    if examination.sha256 in register.issued_digests:
        return "as_issued"
    same_content = examination.content_digest == _issued_content_digest(register)
    return "rewritten" if same_content and examination.kind == "xml" else "differ"


def _issued_content_digest(register: RegisterFacts) -> str:
    if register.issued_content_digest or register.issued_xml is None:
        return register.issued_content_digest
    return content_digest_of(register.issued_xml)


def _due(examination: Examination, register: RegisterFacts | None, at: datetime) -> str:
    due_date = due_date_of(examination, register)
    if not due_date:
        return "none"
    zone = (register.time_zone if register else "") or (
        examination.view.time_zone if examination.view else ""
    )
    today = local_date(at, _known_zone(zone)).isoformat()
    return "passed" if today > due_date[:10] else "ahead"


def _known_zone(zone: str) -> str:
    # The name may come from a file that somebody else wrote.
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return "UTC"
    return zone


def _status(findings: Findings) -> str:
    return "expired" if findings.status == "in_force" and findings.due == "passed" else findings.status


def _facts(examination: Examination, register: RegisterFacts | None) -> dict[str, object]:
    since = register.since.date().isoformat() if register and register.since else "–"
    return {
        "number": examination.number or examination.identifier or "–",
        "due_date": due_date_of(examination, register) or "–",
        "since": since,
        "reason": (register.reason if register else Text()) or Text("未说明", "not stated"),
        "superseded_by": (register.superseded_by if register else "") or "–",
    }


def _differences(examination: Examination, register: RegisterFacts | None) -> tuple[Difference, ...]:
    if register is None or register.issued_xml is None or examination.view is None:
        return ()
    try:
        return difference(read_certificate(register.issued_xml), examination.view)
    except JialiangError:
        return ()
