"""One certificate: the paper, and beside it why it can be trusted, its files, codes, chain and history."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_safe

from jialiang.base.calibrations.selectors import open_amendment_of, steps_of
from jialiang.base.certificates.public_answers import content_of
from jialiang.base.certificates.selectors import files_of, status_changes, successor_of
from jialiang.console.certificates.paper import paper_of
from jialiang.console.certificates.standing import shown_state
from jialiang.console.requests import who
from jialiang.console.shell import page
from jialiang.console.wording import in_words
from jialiang.formats.canonical import sha256_hex
from jialiang.formats.dcoc.making import states_conformity
from jialiang.functions import certificates
from jialiang.functions.certificate_forms import forms_attested, forms_offered
from jialiang.governance.storage.current import current_store
from jialiang.kernel.clock import utc_now
from jialiang.kernel.errors import JialiangError
from jialiang.kernel.ids import grouped_code
from jialiang.kernel.text import Text
from jialiang.security.keys.errors import SealMissing
from jialiang.security.keys.selectors import SealView, seal_by_id
from jialiang.security.policy import allowed
from jialiang.vocabulary.statuses import CertificateState

FILE_NAMES = {
    "xml": gettext_noop("Digital calibration certificate, machine-readable"),
    "pdf_zh": gettext_noop("Chinese pages"),
    "pdf_en": gettext_noop("English pages"),
    "dcoc": gettext_noop("Digital certificate of conformity (D-CoC)"),
    "credential": gettext_noop("Conformity credential (UNTP)"),
}
FILE_NOTES = {
    "xml": gettext_noop("DCC 3.3.0"),
    "pdf_zh": gettext_noop("PDF/A-3, carries the XML"),
    "pdf_en": gettext_noop("PDF/A-3, carries the XML"),
    "dcoc": gettext_noop("XML, signed by the institute"),
    "credential": gettext_noop("vc+jwt, signed by the institute"),
}
EXTENSIONS = {"xml": "XML", "dcoc": "XML", "credential": "VC"}
ISSUED = ("xml", "pdf")
"""The forms that stand among the files already."""
CHANGES = {
    CertificateState.ISSUING: gettext_noop("Approved and numbered"),
    CertificateState.IN_FORCE: gettext_noop("Issued and published"),
    CertificateState.SUPERSEDED: gettext_noop("Superseded"),
    CertificateState.WITHDRAWN: gettext_noop("Withdrawn"),
    CertificateState.VOID: gettext_noop("Number voided"),
}


@dataclass(frozen=True, slots=True)
class ShownFile:
    """A file with its name in words, what it is, and its size."""

    kind: str
    extension: str
    name: str
    note: str
    sha256: str
    kilobytes: int
    language: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason to trust the certificate, or what speaks against it."""

    state: str
    title: str
    detail: str


@dataclass(frozen=True, slots=True)
class Change:
    """One change of the status in words."""

    at: Any
    title: str
    state: str
    who: str
    reason: Text


@login_required
@require_safe
def certificate(request: HttpRequest, certificate_id: UUID) -> HttpResponse:
    """Show a certificate that the person may read; one that is being issued shows its progress."""
    actor = who(request)
    found = certificates.read(actor=actor, certificate_id=certificate_id)
    if found.state == CertificateState.ISSUING:
        return HttpResponseRedirect(reverse("certificate_issuing", args=[found.id]))
    content = content_of(found)
    files = files_of(found.id)
    if found.signing_key_id is None:
        raise SealMissing(tenant=str(found.tenant_id))
    seal = seal_by_id(found.signing_key_id)
    successor = successor_of(found.id)
    in_force = found.state == CertificateState.IN_FORCE
    state = shown_state(found, timezone.localdate(utc_now()))
    context = {
        "certificate": found,
        "content": content,
        "item": content.items[0],
        "state": state,
        "paper": paper_of(content),
        "files": [_file(file) for file in files],
        "forms": [each for each in forms_offered() if each.name not in ISSUED] if files else [],
        "attested_forms": forms_attested() if any(file.kind == "dcoc" for file in files) else (),
        "evidence": list(_evidence(found, content, files, seal)) if files else [],
        "seal": seal,
        "code": grouped_code(found.check_code),
        "check_url": content.check_url,
        "public_url": settings.JIALIANG.public_url,
        "changes": [_change(row) for row in reversed(status_changes(found.id))],
        "steps": _work(found),
        "successor": successor,
        "amendment": open_amendment_of(found.id) if in_force else None,
        "may_amend": in_force and allowed(actor, "certificate.amend"),
        "may_withdraw": in_force and allowed(actor, "certificate.withdraw"),
        "may_attest": state == "in_force"
        and states_conformity(content)
        and not any(file.kind == "dcoc" for file in files)
        and allowed(actor, "certificate.attest"),
        "may_see_record": allowed(actor, "calibration.read"),
        "may_see_chain": allowed(actor, "traceability.read"),
    }
    return page(request, "certificates/certificate.html", context)


def _file(file: Any) -> ShownFile:
    return ShownFile(
        kind=file.kind,
        extension=EXTENSIONS.get(file.kind, "PDF"),
        name=gettext(FILE_NAMES[file.kind]),
        note=gettext(FILE_NOTES[file.kind]),
        sha256=file.sha256,
        kilobytes=max(1, round(file.size / 1024)),
        language={"pdf_zh": "zh-Hans", "pdf_en": "en"}.get(file.kind, ""),
    )


def _evidence(found: Any, content: Any, files: list[Any], seal: SealView) -> Iterator[Evidence]:
    """Yield what can be said now, checked now: bytes against digests, content against its digest, the seal."""
    damaged = [file.file_name for file in files if not _whole(file)]
    same = not damaged and sha256_hex(found.content.encode()) == found.content_digest
    at = timezone.localtime(utc_now()).strftime("%H:%M")
    yield Evidence(
        "passed" if same else "failed",
        gettext("The content is as issued") if same else gettext("What is stored is not what was issued"),
        gettext("Content and %(n)s files have their registered SHA-256, checked today at %(at)s")
        % {"n": len(files), "at": at}
        if same
        else ", ".join(damaged) or gettext("The frozen content"),
    )
    approver = next((person for person in content.persons if person.duty == "approved"), None)
    yield Evidence(
        "passed",
        gettext("Sealed by the institute"),
        gettext("%(seal)s, approved by %(person)s")
        % {"seal": _said(seal.subject), "person": _said(approver.name) if approver else "—"},
    )
    ended = seal.valid_until <= utc_now()
    begins, ends = seal.certificate.not_valid_before_utc.date(), seal.valid_until.date()
    yield Evidence(
        "warning" if ended else "passed",
        gettext("The seal's certificate has ended; it held when it signed")
        if ended
        else gettext("The seal's certificate is valid"),
        gettext("%(authority)s, %(begins)s to %(ends)s")
        % {"authority": _said(content.trust.authority), "begins": begins, "ends": ends},
    )
    yield Evidence(
        "not_checked",
        gettext("The time of signing is the institute's own statement"),
        gettext("%(moment)s, without a third party's time stamp")
        % {"moment": timezone.localtime(found.signing_time).strftime("%Y-%m-%d %H:%M:%S")},
    )


def _whole(file: Any) -> bool:
    """Read a file with its digest verified; damage is a finding here, not a failure of the page."""
    try:
        return len(current_store().get(file.sha256)) == int(file.size)
    except JialiangError:
        return False


def _change(row: Any) -> Change:
    reason = Text(row.reason_zh, row.reason_en)
    return Change(
        row.at, gettext(CHANGES[CertificateState(row.to_state)]), row.to_state, row.person_name, reason
    )


def _work(found: Any) -> list[tuple[Any, str, str]]:
    """Return review and submission, newest first, for the history below the certificate's own changes."""
    titles = {
        "calibration.review": gettext("Review passed"),
        "calibration.submit": gettext("Submitted for review"),
        "calibration.return": gettext("Returned to the technician"),
    }
    steps = [step for step in steps_of(found.calibration_id) if step.action in titles]
    return [(step.at, titles[step.action], step.person_name) for step in reversed(steps)]


def _said(text: Text) -> str:
    return in_words(text)
