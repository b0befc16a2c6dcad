"""Is this certificate genuine? Asked by anyone, without login, by number, by identifier or by file.

What the register knows is shown only to whoever holds the check code (printed on every copy and written in every
file) or the very bytes; a right number with a wrong code gets the same answer as a number that was never given.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from cryptography import x509
from django.conf import settings
from django.db import transaction

from jialiang.base.certificates import selectors
from jialiang.base.certificates.public_answers import (
    answer_of,
    content_of,
    public_certificate_of,
    standing_now,
)
from jialiang.base.certificates.services import report_fake as keep_report
from jialiang.base.identifiers.public_reads import institute_of
from jialiang.base.organizations.selectors import has_own_organization, own_organization
from jialiang.formats.authenticity.checks import Check
from jialiang.formats.authenticity.examination import Examination, content_digest_of, examine
from jialiang.formats.authenticity.facts import RegisterFacts, RegisterStatus
from jialiang.formats.authenticity.verdict import Verdict, judge
from jialiang.formats.canonical import sha256_hex
from jialiang.formats.pdf.reading import embedded_files
from jialiang.formats.public_page.answer import PublicAnswer, PublicCheck, PublicDifference
from jialiang.formats.xades.verification import TrustAnchors
from jialiang.functions.deed import permit, put_on_record
from jialiang.governance.storage.current import current_store
from jialiang.kernel.ids import normalized_code
from jialiang.kernel.text import Text
from jialiang.security.actor import system_actor
from jialiang.security.keys.selectors import authority_certificate, crl, has_authority
from jialiang.security.tenancy.errors import NoInstituteYet
from jialiang.security.tenancy.scope import scope
from jialiang.security.tenancy.selectors import tenants

_LONGEST_EVIDENCE = 120
CREDENTIAL = "credential"
_NOT_REGISTERED = RegisterFacts(status="not_registered")


@dataclass(frozen=True, slots=True)
class FileCheck:
    """What came out for a file: the verdict with every check, the same as the public answer, and what was found."""

    verdict: Verdict
    answer: PublicAnswer
    examination: Examination


@dataclass(frozen=True, slots=True)
class Presented:
    """A file as it was given: name, size in bytes, and what was found in it."""

    name: str
    size: int
    examination: Examination


@dataclass(frozen=True, slots=True)
class FakeSeen:
    """What a stranger reports: the number seen, what looks wrong, and how to reach him (all may be empty but one)."""

    number: str = ""
    identifier: str = ""
    description: str = ""
    contact: str = ""


def check_by_code(*, number: str, code: str, now: datetime) -> PublicAnswer:
    """Answer a question by certificate number and check code; ``unknown`` unless both are right."""
    found = (c for c in selectors.public_certificates_numbered(number) if _code_fits(c, code))
    return _answer(next(found, None), now, queried=number)


def check_by_identifier(*, identifier: str, code: str, now: datetime) -> PublicAnswer:
    """Answer a question by identifier ``prefix/suffix`` and check code; ``unknown`` unless both are right."""
    found = selectors.public_certificate(identifier=identifier)
    known = found if found is not None and _code_fits(found, code) else None
    return _answer(known, now, queried="")


def check_file(
    *, data: bytes, name: str, now: datetime, roots: Sequence[x509.Certificate] = ()
) -> FileCheck:
    """Examine an XML, PDF or token and judge it by the register. The file is not kept.

    ``roots`` are trusted besides the authority of this installation: a signature of somebody else may then hold, but
    only what is in the register is genuine.

    Raises NotReadable, NoCertificateInPdf, SeveralCertificatesInPdf where nothing can be said about the bytes.
    """
    examination = examine(data, trusted=trust_anchors(roots), at=now, attachments_of_pdf=embedded_files)
    certificate = _claimed(examination)
    register = _register_facts(certificate, examination.states) if certificate is not None else _NOT_REGISTERED
    verdict = judge(examination, register, now)
    presented = Presented(name, len(data), examination)
    return FileCheck(verdict, _file_answer(verdict, certificate, presented, now), examination)


@transaction.atomic
def report_fake(*, seen: FakeSeen, now: datetime) -> UUID:
    """Keep a report of a fake for the institute concerned and return its id. Event ``fake.reported``.

    The institute is that of the certificate named, else the one that keeps the identifier seen, else the one whose
    numbers begin like the number seen, else the first of the installation. The door limits how often it is called.
    Raises FakeReportEmpty, and NoInstituteYet where there is none.
    """
    certificate = selectors.public_certificate(identifier=seen.identifier, number=seen.number)
    keeper = institute_of(seen.identifier) if seen.identifier else None
    tenant_id = certificate.tenant_id if certificate else keeper or _likely_tenant(seen.number)
    actor = system_actor(tenant_id, Text("公众", "the public"), "public")
    with scope(tenant_id):
        permit(actor, "fake.report")
        report = keep_report(
            certificate=certificate,
            number_seen=seen.number or seen.identifier,
            description=seen.description,
            contact=seen.contact,
            now=now,
        )
        put_on_record(
            actor,
            "fake.report",
            report,
            now,
            event="fake.reported",
            data={"number": report.number_seen},
            number=report.number_seen,
        )
    return report.id


def issued_file(*, sha256: str) -> tuple[str, bytes] | None:
    """Return name and bytes of an issued file by its digest, which only a checked answer tells; None if unknown."""
    file = selectors.issued_file(sha256.lower())
    return (file.file_name, current_store().get(file.sha256)) if file else None


def register_facts(
    *, sha256: str = "", content_digest: str = "", identifier: str = "", code: str = ""
) -> RegisterFacts:
    """Return the register's word to whoever holds the certificate; ``not_registered`` to everybody else.

    Holding is proved by the SHA-256 of an issued file, or by the identifier with the check code or with the digest
    of the signed content (``Examination.content_digest``): an identifier alone can be counted up, and tells nothing.
    """
    held = selectors.public_certificate(sha256=sha256.lower()) if sha256 else None
    if held is not None:
        return _register_facts(held)
    certificate = selectors.public_certificate(identifier=identifier) if "/" in identifier else None
    if certificate is None:
        return _NOT_REGISTERED
    facts = _register_facts(certificate)
    if code and _code_fits(certificate, code):
        return facts
    if content_digest and facts.issued_xml is not None:
        known = content_digest_of(facts.issued_xml)
        if hmac.compare_digest(known.encode(), content_digest.lower().encode()):
            return facts
    return _NOT_REGISTERED


def trust_anchors(further: Sequence[x509.Certificate] = ()) -> TrustAnchors:
    """Return whom this installation trusts: its authority with the latest revocation list, and ``further`` roots."""
    if not has_authority():
        return TrustAnchors(roots=tuple(further))
    return TrustAnchors(roots=(authority_certificate(), *further), revocation_lists=(crl(),))


def _code_fits(certificate: selectors.Certificate, code: str) -> bool:
    given, right = normalized_code(code), certificate.check_code
    return hmac.compare_digest(given.encode(), right.encode())


def _answer(certificate: selectors.Certificate | None, now: datetime, *, queried: str) -> PublicAnswer:
    if certificate is None:
        return PublicAnswer(
            verdict="unknown",
            status="not_checked",
            checks=(),
            domain=settings.JIALIANG.domain,
            queried_number=queried[:60],
        )
    with scope(certificate.tenant_id):
        standing = standing_now(certificate, selectors.successor_of(certificate.id), now)
        return answer_of(content_of(certificate), selectors.files_of(certificate.id), standing)


def _claimed(examination: Examination) -> selectors.Certificate | None:
    """Return the certificate that the file is, or says it is and proves by the check code in it."""
    file = selectors.issued_file(examination.sha256)
    if file is not None:
        return selectors.public_certificate(sha256=examination.sha256)
    if not examination.check_code:
        return None
    claimed = selectors.public_certificate(identifier=examination.identifier)
    return claimed if claimed is not None and _code_fits(claimed, examination.check_code) else None


def _register_facts(certificate: selectors.Certificate, states: str = "dcc") -> RegisterFacts:
    """Return the register's word, with the issued file of the sort that was presented to compare with."""
    content = content_of(certificate)
    with scope(certificate.tenant_id):
        files = {file.kind: file.sha256 for file in selectors.files_of(certificate.id)}
        successor = selectors.successor_of(certificate.id)
    return RegisterFacts(
        status=cast(RegisterStatus, certificate.state),
        since=certificate.status_since.astimezone(ZoneInfo(content.time_zone)),
        reason=Text(certificate.status_reason_zh, certificate.status_reason_en),
        superseded_by=successor.number if successor else "",
        due_date=certificate.due_date.isoformat() if certificate.due_date else "",
        time_zone=content.time_zone,
        kind=certificate.kind,
        issued_digests=tuple(files.values()),
        **_to_compare_with(files, states),
    )


def _to_compare_with(files: Mapping[str, str], states: str) -> dict[str, Any]:
    if states != "credential":
        return {"issued_xml": current_store().get(files.get(states, files["xml"]))}
    issued = current_store().get(files[CREDENTIAL]) if CREDENTIAL in files else b""
    return {"issued_content_digest": sha256_hex(issued.rpartition(b".")[0])}


def _file_answer(
    verdict: Verdict, certificate: selectors.Certificate | None, presented: Presented, now: datetime
) -> PublicAnswer:
    answer = PublicAnswer(
        verdict=verdict.verdict,
        status=verdict.status,
        checks=tuple(_public_check(check) for check in verdict.checks),
        differences=tuple(
            PublicDifference(d.name, d.issued or "—", d.presented or "—") for d in verdict.differences
        ),
        presented_file=presented.name[:200],
        presented_size=presented.size,
        presented_sha256=presented.examination.sha256,
        domain=settings.JIALIANG.domain,
        queried_number=presented.examination.number[:60],
    )
    if certificate is None or verdict.verdict == "unknown":
        return answer
    content = content_of(certificate)
    with scope(certificate.tenant_id):
        standing = standing_now(certificate, selectors.successor_of(certificate.id), now)
        return replace(
            answer,
            certificate=public_certificate_of(content, selectors.files_of(certificate.id)),
            since=standing.since,
            reason=standing.reason,
            superseded_by_number=standing.successor_number,
            superseded_by_url=standing.successor_url,
        )


def _public_check(check: Check) -> PublicCheck:
    shown = dict(check.evidence)
    telling = shown.get("number") or shown.get("signing_time") or shown.get("subject") or shown.get("path") or ""
    short = telling[:_LONGEST_EVIDENCE]
    return PublicCheck(check.name, check.outcome, check.text, Text(short, short))


def _likely_tenant(number: str) -> UUID:
    begins = number.strip().upper().partition("-")[0]
    institutes = tenants()
    if not institutes:
        raise NoInstituteYet()
    return next((each.id for each in institutes if _short_code(each.id) == begins), institutes[0].id)


def _short_code(tenant_id: UUID) -> str:
    with scope(tenant_id):
        return own_organization().short_code if has_own_organization() else ""
