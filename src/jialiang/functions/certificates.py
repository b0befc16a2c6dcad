"""The verbs of a certificate: preview, approve, finish, void, amend, withdraw.

Approving takes the number and freezes the content in one short transaction; the worker then signs, renders and
stores outside any transaction, and one more short transaction puts the certificate in force and publishes it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from jialiang.base.calibrations import selectors as calibrations
from jialiang.base.calibrations import services as calibration_services
from jialiang.base.certificates import selectors, services
from jialiang.base.certificates.errors import AlreadyIssued, AmendmentOpen, ContentChanged
from jialiang.base.readings import services as reading_services
from jialiang.base.traceability import services as traceability
from jialiang.formats.canonical import canonical_json, to_plain
from jialiang.formats.content import CertificateContent
from jialiang.functions.calibrations import next_record_number
from jialiang.functions.certificate_files import rendered
from jialiang.functions.certificate_finishing import finish
from jialiang.functions.certificate_numbering import (
    FINISH_JOB,
    check_url,
    draft_facts,
    minted,
    next_number,
    series_of,
)
from jialiang.functions.deed import permit, put_on_record
from jialiang.governance.counters.services import void as void_number
from jialiang.governance.jobs.services import enqueue
from jialiang.governance.storage.current import current_store
from jialiang.information.certificate_content import content_for, reviewable_digest
from jialiang.kernel.clock import local_date
from jialiang.kernel.ids import new_check_code, new_id
from jialiang.kernel.text import Language, Text
from jialiang.security.accounts.services import confirm
from jialiang.security.actor import Actor
from jialiang.security.keys.selectors import seal_for
from jialiang.security.tenancy.selectors import tenant

__all__ = [
    "Confirmation",
    "Preview",
    "amend",
    "approve",
    "file_of",
    "finish",
    "preview",
    "preview_pages",
    "read",
    "void",
    "withdraw",
]


@dataclass(frozen=True, slots=True)
class Confirmation:
    """The second confirmation of an approval or a withdrawal: the own password or a one-time code."""

    password: str = ""
    totp: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """What the signatory looks at: the content, the digest to approve by, and whether it is as reviewed.

    ``differs_from_review`` is set when the evaluation is not the one that the reviewer passed.
    """

    content: CertificateContent
    digest: str
    differs_from_review: bool


def preview(*, actor: Actor, calibration_id: UUID, now: datetime) -> Preview:
    """Return what would be issued now, made by the function that makes what is issued."""
    record = calibrations.calibration(calibration_id)
    permit(actor, "certificate.preview", record)
    content = content_for(calibration_id, draft_facts(record, actor, seal_for(actor.tenant_id, now), now))
    digest = reviewable_digest(content, record.evaluation_digest)
    return Preview(content, digest, record.reviewed_digest != record.evaluation_digest)


def preview_pages(*, actor: Actor, calibration_id: UUID, language: Language, now: datetime) -> bytes:
    """Return the pages that would be issued now as PDF, with a watermark and without seal."""
    content = preview(actor=actor, calibration_id=calibration_id, now=now).content
    return rendered(content, language, b"", preview=True)


def approve(
    *, actor: Actor, calibration_id: UUID, seen_digest: str, confirmation: Confirmation, now: datetime
) -> selectors.Certificate:
    """Approve and issue: number, frozen content and job in one short transaction (``certificate.numbered``).

    ``seen_digest`` is :attr:`Preview.digest` of what the signatory looked at. Raises SamePerson, WrongState,
    ContentChanged, ConfirmationRefused, the interlock of the standards, SealMissing.
    """
    record = calibrations.calibration(calibration_id)
    permit(actor, "certificate.approve", record)
    _require_third_person(record, actor)
    confirmed_by = confirm(actor=actor, password=confirmation.password, totp=confirmation.totp, now=now)
    with transaction.atomic():
        return _approve(actor, calibration_id, seen_digest, confirmed_by, now)


@transaction.atomic
def void(*, actor: Actor, certificate_id: UUID, reason: Text, now: datetime) -> selectors.Certificate:
    """Void a number that cannot be finished; its record waits for approval again and gets another number.

    Raises WrongCertificateState, ReasonRequired. Event ``certificate.voided``.
    """
    permit(actor, "certificate.void", selectors.certificate(certificate_id))
    voided = services.void(certificate_id, reason, actor=actor, now=now)
    void_number(voided.number, reason, now, kind=series_of(voided.kind))
    calibration_services.step(
        voided.calibration_id, "certificate.void", actor=actor, now=now, reason=reason.zh or reason.en
    )
    put_on_record(
        actor, "certificate.void", voided, now, event="certificate.voided", number=voided.number, reason=reason
    )
    return voided


@transaction.atomic
def amend(*, actor: Actor, certificate_id: UUID, reason: Text, now: datetime) -> calibrations.Calibration:
    """Open an amending record, a copy whose readings keep person, time and source; its issue supersedes this one.

    It is a draft of the technician who calibrated. Raises WrongCertificateState, ReasonRequired, AmendmentOpen.
    """
    permit(actor, "certificate.amend", selectors.certificate(certificate_id))
    amended = services.require_in_force(certificate_id, Text("更正", "amended"), reason)
    under_way = calibrations.open_amendment_of(certificate_id)
    if under_way is not None:
        raise AmendmentOpen(number=amended.number, record=under_way.number)
    copy = _copied_record(calibrations.calibration(amended.calibration_id), amended, reason, actor, now)
    put_on_record(
        actor,
        "certificate.amend",
        amended,
        now,
        event="certificate.amendment_opened",
        data={"record": copy.number},
        reason=reason,
        record=copy.number,
    )
    return copy


def withdraw(
    *, actor: Actor, certificate_id: UUID, reason: Text, confirmation: Confirmation, now: datetime
) -> selectors.Certificate:
    """Withdraw a certificate; whoever checks it sees that with the commit (``certificate.withdrawn``).

    Raises WrongCertificateState, ReasonRequired, ConfirmationRefused.
    """
    permit(actor, "certificate.withdraw", selectors.certificate(certificate_id))
    confirmed_by = confirm(actor=actor, password=confirmation.password, totp=confirmation.totp, now=now)
    with transaction.atomic():
        withdrawn = services.withdraw(certificate_id, reason, actor=actor, now=now)
        traceability.end_certificate_evidence(withdrawn.id, reason=reason.zh or reason.en, now=now)
        put_on_record(
            actor,
            "certificate.withdraw",
            withdrawn,
            now,
            event="certificate.withdrawn",
            number=withdrawn.number,
            reason=reason,
            confirmed_by=confirmed_by,
        )
    return withdrawn


def read(*, actor: Actor, certificate_id: UUID) -> selectors.Certificate:
    """Return a certificate that the actor may read: a customer's own, anyone's inside the institute."""
    found = selectors.certificate(certificate_id)
    permit(actor, "certificate.read", found)
    return found


def file_of(*, actor: Actor, certificate_id: UUID, kind: str) -> tuple[str, bytes]:
    """Return name and bytes of a file (``xml``, ``pdf_zh``, ``pdf_en``), its digest verified on reading."""
    found = read(actor=actor, certificate_id=certificate_id)
    file = selectors.file_of(found.id, kind)
    return file.file_name, current_store().get(file.sha256)


def _approve(
    actor: Actor, calibration_id: UUID, seen_digest: str, confirmed_by: str, now: datetime
) -> selectors.Certificate:
    record = calibration_services.locked(calibration_id)
    _require_third_person(record, actor)
    issued = selectors.certificate_of_record(calibration_id)
    if issued is not None:
        raise AlreadyIssued(number=record.number, certificate=issued.number)
    record = calibration_services.step(calibration_id, "certificate.approve", actor=actor, now=now)
    calibrations.require_standards_in_force(
        calibration_id, local_date(now, tenant(actor.tenant_id).time_zone)
    )
    seal = seal_for(actor.tenant_id, now)
    whole = calibrations.calibration(calibration_id)
    content = content_for(calibration_id, draft_facts(whole, actor, seal, now))
    as_reviewed = record.reviewed_digest == record.evaluation_digest
    if not as_reviewed or seen_digest != reviewable_digest(content, record.evaluation_digest):
        raise ContentChanged(number=record.number)
    # From here on the series of numbers is locked: nothing slow may follow.
    new = _numbered(whole, content, seal.id, now)
    certificate = services.number_certificate(new, actor=actor, now=now)
    enqueue(FINISH_JOB, certificate.id, {"number": certificate.number}, now)
    put_on_record(
        actor,
        "certificate.approve",
        certificate,
        now,
        event="certificate.numbered",
        data={"number": certificate.number},
        number=certificate.number,
        content=certificate.content_digest,
        seen=seen_digest,
        confirmed_by=confirmed_by,
    )
    return certificate


def _numbered(
    record: calibrations.Calibration, content: CertificateContent, seal_id: UUID, now: datetime
) -> services.NewCertificate:
    """Take the number, mint the identifier and freeze the content with both."""
    certificate_id = new_id(now)
    number = next_number(record, certificate_id, now)
    identifier = minted(number, certificate_id, now)
    code = new_check_code()
    frozen = replace(
        content,
        number=number,
        identifier=identifier.text,
        check_code=code,
        check_url=check_url(identifier.text, code),
    )
    return services.NewCertificate(
        id=certificate_id,
        number=number,
        kind=record.kind,
        calibration_id=record.id,
        customer_id=record.item.commission.customer_id,
        instrument_id=record.item.instrument_id,
        identifier_id=identifier.id,
        check_code=code,
        content=canonical_json(to_plain(frozen)).decode(),
        issue_date=datetime.fromisoformat(content.issue_date).date(),
        due_date=datetime.fromisoformat(content.due_date).date() if content.due_date else None,
        signing_time=datetime.fromisoformat(content.signing_time),
        signing_key_id=seal_id,
        supersedes_id=record.amends_certificate_id,
    )


def _copied_record(
    original: calibrations.Calibration,
    amended: selectors.Certificate,
    reason: Text,
    actor: Actor,
    now: datetime,
) -> calibrations.Calibration:
    reading_set = reading_services.create_reading_set(
        instrument_id=original.item.instrument_id, layout=original.reading_set.layout, now=now
    )
    reading_services.copy_readings(original.reading_set_id, reading_set.id)
    new = calibration_services.NewRecord(
        number=next_record_number(original.item_id, now),
        item_id=original.item_id,
        kind=original.kind,
        procedure=original.procedure,
        reading_set_id=reading_set.id,
        method=original.method,
        method_norm=original.method_norm,
        site_id=original.site_id,
        points=tuple(original.points),
        parameters=original.parameters,
        standards=calibration_services.copy_standards(original.id),
        amends_certificate_id=amended.id,
        amendment_reason=reason,
        environment=original.environment,
        begin_date=original.begin_date,
        end_date=original.end_date,
    )
    technician = replace(
        actor,
        person_id=original.calibrated_by_id,
        name=Text(original.calibrated_by_zh, original.calibrated_by_en),
    )
    return calibration_services.open_record(new, actor=technician, now=now)


def _require_third_person(record: Any, actor: Actor) -> None:
    calibration_services.require_other_person(record, actor, ("calibrated_by", "reviewed_by"))
