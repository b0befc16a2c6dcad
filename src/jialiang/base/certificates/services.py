"""Writes of certificates: numbered, finished, and the changes of status afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from jialiang.base.certificates.errors import (
    CertificateUnknown,
    ConformityAttested,
    FakeReportEmpty,
    FileDiffers,
    ReasonRefused,
    ReasonRequired,
    WrongCertificateState,
)
from jialiang.base.certificates.models import Certificate, CertificateFile, FakeReport, StatusChange
from jialiang.base.certificates.publishing import publish_answers
from jialiang.formats.canonical import sha256_hex
from jialiang.governance.data_elements import refusal
from jialiang.kernel.ids import new_id
from jialiang.kernel.text import Text
from jialiang.security.actor import Actor
from jialiang.security.tenancy.scope import current_tenant_id
from jialiang.vocabulary.statuses import CertificateState, label


@dataclass(frozen=True, slots=True)
class NewCertificate:
    """A certificate as its number is taken; ``content`` is the canonical JSON of a ``CertificateContent``."""

    id: UUID
    number: str
    kind: str
    calibration_id: UUID
    customer_id: UUID
    instrument_id: UUID
    identifier_id: UUID
    check_code: str
    content: str
    issue_date: date
    due_date: date | None
    signing_time: datetime
    signing_key_id: UUID | None
    supersedes_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class IssuedFile:
    """A file that was made and stored: its kind (of ``CertificateFile``), digest, size and name."""

    kind: str
    sha256: str
    size: int
    file_name: str


def number_certificate(new: NewCertificate, *, actor: Actor, now: datetime) -> Certificate:
    """Store a certificate in the state ``issuing`` with its frozen content and the digest of that content."""
    certificate = Certificate.objects.create(
        id=new.id,
        tenant_id=current_tenant_id(),
        number=new.number,
        kind=new.kind,
        calibration_id=new.calibration_id,
        customer_id=new.customer_id,
        instrument_id=new.instrument_id,
        identifier_id=new.identifier_id,
        check_code=new.check_code,
        content=new.content,
        content_digest=sha256_hex(new.content.encode()),
        issue_date=new.issue_date,
        due_date=new.due_date,
        signing_time=new.signing_time,
        signing_key_id=new.signing_key_id,
        numbered_at=now,
        supersedes_id=new.supersedes_id,
        status_since=now,
    )
    _write_change(certificate, "", Text(), actor=actor, now=now)
    return certificate


def finish(certificate_id: UUID, files: Iterable[IssuedFile], *, actor: Actor, now: datetime) -> Certificate:
    """Register the files, put the certificate in force, supersede the one it replaces and publish the answers.

    A certificate that is finished already is returned as it is. Raises WrongCertificateState for a void one and
    FileDiffers where a registered digest is not the one that was made again.
    """
    certificate = locked(certificate_id)
    _register_files(certificate, files, now)
    if certificate.state != CertificateState.ISSUING:
        if certificate.state == CertificateState.VOID:
            raise _wrong_state(certificate, Text("完成签发", "finished"))
        return certificate
    certificate.published_at = now
    _change(certificate, CertificateState.IN_FORCE, Text(), actor=actor, now=now)
    if certificate.supersedes_id is not None:
        _supersede(certificate, certificate.supersedes_id, actor=actor, now=now)
    publish_answers(certificate, now)
    return certificate


def void(certificate_id: UUID, reason: Text, *, actor: Actor, now: datetime) -> Certificate:
    """Void a certificate that cannot be finished. Raises WrongCertificateState, ReasonRequired, ReasonRefused."""
    certificate = locked(certificate_id)
    _require(certificate, CertificateState.ISSUING, Text("作废", "voided"))
    _require_reason(certificate, reason, Text("作废", "void"))
    _change(certificate, CertificateState.VOID, reason, actor=actor, now=now)
    return certificate


def withdraw(certificate_id: UUID, reason: Text, *, actor: Actor, now: datetime) -> Certificate:
    """Withdraw a certificate in force and publish the changed answers in the same transaction.

    Raises WrongCertificateState, ReasonRequired, ReasonRefused.
    """
    certificate = locked(certificate_id)
    _require(certificate, CertificateState.IN_FORCE, Text("撤销", "withdrawn"))
    _require_reason(certificate, reason, Text("撤销", "withdraw"))
    _change(certificate, CertificateState.WITHDRAWN, reason, actor=actor, now=now)
    publish_answers(certificate, now)
    return certificate


def attest(certificate_id: UUID, files: Sequence[IssuedFile], *, now: datetime) -> Certificate:
    """Register the files that attest conformity by a certificate in force, and publish answers that name them.

    Raises WrongCertificateState, and ConformityAttested where it has such files already.
    """
    certificate = locked(certificate_id)
    require_attestable(certificate)
    _register_files(certificate, files, now)
    certificate.version += 1
    certificate.save(update_fields=["version"])
    publish_answers(certificate, now)
    return certificate


def require_attestable(certificate: Certificate) -> None:
    """Raise WrongCertificateState unless a certificate is in force, ConformityAttested where it was attested by it."""
    _require(certificate, CertificateState.IN_FORCE, Text("出具数字合格证书", "used to attest conformity"))
    known = CertificateFile.objects.filter(certificate=certificate, kind="dcoc").first()
    if known is not None:
        raise ConformityAttested(number=certificate.number, digest=known.sha256)


def require_in_force(certificate_id: UUID, action: Text, reason: Text) -> Certificate:
    """Return the certificate, locked, if it is in force and a reason is given: what an amendment starts from."""
    certificate = locked(certificate_id)
    _require(certificate, CertificateState.IN_FORCE, action)
    _require_reason(certificate, reason, action)
    return certificate


def report_fake(
    *, certificate: Certificate | None, number_seen: str, description: str, contact: str, now: datetime
) -> FakeReport:
    """Store a stranger's report in the institute in scope. Raises FakeReportEmpty."""
    if not (number_seen.strip() or description.strip()):
        raise FakeReportEmpty()
    return FakeReport.objects.create(
        id=new_id(now),
        tenant_id=current_tenant_id(),
        certificate=certificate,
        number_seen=number_seen.strip()[:60],
        description=description.strip()[:1000],
        reporter_contact=contact.strip()[:120],
        reported_at=now,
    )


def locked(certificate_id: UUID) -> Certificate:
    """Return the certificate, locked to the end of the transaction. Raises CertificateUnknown."""
    found = Certificate.objects.select_for_update().filter(pk=certificate_id).first()
    if found is None:
        raise CertificateUnknown(certificate=certificate_id)
    return found


def _register_files(certificate: Certificate, files: Iterable[IssuedFile], now: datetime) -> None:
    for file in files:
        stored, created = CertificateFile.objects.get_or_create(
            certificate=certificate,
            kind=file.kind,
            defaults={
                "id": new_id(now),
                "tenant_id": certificate.tenant_id,
                "sha256": file.sha256,
                "size": file.size,
                "file_name": file.file_name,
                "created_at": now,
            },
        )
        if not created and stored.sha256 != file.sha256:
            raise FileDiffers(number=certificate.number, kind=file.kind)


def _supersede(successor: Certificate, replaced_id: UUID, *, actor: Actor, now: datetime) -> None:
    replaced = locked(replaced_id)
    if replaced.state != CertificateState.IN_FORCE:
        return  # withdrawn in the meantime: that is the stronger statement and stays
    record = successor.calibration
    reason = Text(record.amendment_reason_zh, record.amendment_reason_en)
    _change(replaced, CertificateState.SUPERSEDED, reason, actor=actor, now=now)
    publish_answers(replaced, now)


def _change(
    certificate: Certificate, state: CertificateState, reason: Text, *, actor: Actor, now: datetime
) -> None:
    before = certificate.state
    certificate.state = state
    certificate.status_since = now
    certificate.status_reason_zh, certificate.status_reason_en = reason.zh, reason.en
    certificate.version += 1
    certificate.save()
    _write_change(certificate, before, reason, actor=actor, now=now)


def _write_change(
    certificate: Certificate, before: str, reason: Text, *, actor: Actor, now: datetime
) -> None:
    StatusChange.objects.create(
        id=new_id(now),
        tenant_id=certificate.tenant_id,
        certificate=certificate,
        at=now,
        from_state=before,
        to_state=certificate.state,
        person_id=actor.person_id,
        person_name=actor.name.zh or actor.name.en,
        reason_zh=reason.zh,
        reason_en=reason.en,
    )


def _require(certificate: Certificate, state: CertificateState, action: Text) -> None:
    if certificate.state != state:
        raise _wrong_state(certificate, action)


def _wrong_state(certificate: Certificate, action: Text) -> WrongCertificateState:
    state = label(CertificateState(certificate.state))
    return WrongCertificateState(number=certificate.number, state=state, action=action)


def _require_reason(certificate: Certificate, reason: Text, action: Text) -> None:
    if not reason.zh.strip() and not reason.en.strip():
        raise ReasonRequired(number=certificate.number, action=action)
    for column, text in (("status_reason_zh", reason.zh), ("status_reason_en", reason.en)):
        why = refusal(Certificate, column, text)
        if why is not None:
            raise ReasonRefused(number=certificate.number, action=action, reason=why)
