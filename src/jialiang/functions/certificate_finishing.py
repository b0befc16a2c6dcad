"""Finishing a certificate that has its number: sign, render, store, register, publish.

A kill at any moment leaves either a certificate that is still ``issuing``, whose frozen content a later run turns into
the same bytes, or a whole one. Objects that were stored before the kill are found again by their digest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from jialiang.base.certificates import selectors, services
from jialiang.base.certificates.public_answers import content_of
from jialiang.base.traceability import services as traceability
from jialiang.formats.content import CertificateContent
from jialiang.functions.certificate_files import made_files
from jialiang.functions.deed import permit, put_on_record
from jialiang.functions.platform_records import publish_certificate_record
from jialiang.governance.storage.current import current_store
from jialiang.information.verdicts import overall
from jialiang.kernel.text import Text
from jialiang.security.actor import Actor
from jialiang.security.keys.errors import SealMissing
from jialiang.security.keys.selectors import SealView, seal_by_id
from jialiang.vocabulary.statuses import CertificateState

Step = Callable[[str], object]
STEPS = (
    "read",
    "made xml",
    "stored xml",
    "made pdf_zh",
    "stored pdf_zh",
    "made pdf_en",
    "stored pdf_en",
    "registered",
    "published",
)


def _go_on(_: str) -> None:
    """Do nothing between two steps."""


def finish(
    *, actor: Actor, certificate_id: UUID, now: datetime, after_step: Step = _go_on
) -> selectors.Certificate:
    """Finish a certificate; one that is finished or void is left alone. Event ``certificate.issued``.

    ``after_step`` is called with each name of :data:`STEPS` as the step is done (``registered`` inside the
    transaction, before its commit); what it raises stops the work there, and running again completes it.
    """
    certificate = selectors.certificate(certificate_id)
    permit(actor, "certificate.finish", certificate)
    if certificate.state != CertificateState.ISSUING:
        return certificate
    if certificate.signing_key_id is None:
        raise SealMissing(tenant=str(certificate.tenant_id))
    content = content_of(certificate)
    seal = seal_by_id(certificate.signing_key_id)
    after_step("read")
    files = list(_stored_files(content, seal, after_step))
    certificate = _registered(actor, certificate_id, files, now, after_step)
    after_step("published")
    return certificate


def _stored_files(
    content: CertificateContent, seal: SealView, after_step: Step
) -> Iterator[services.IssuedFile]:
    store = current_store()
    for made in made_files(content, seal):
        after_step(f"made {made.kind}")
        digest = store.put(made.data)
        after_step(f"stored {made.kind}")
        yield services.IssuedFile(made.kind, digest, len(made.data), made.file_name)


@transaction.atomic
def _registered(
    actor: Actor,
    certificate_id: UUID,
    files: list[services.IssuedFile],
    now: datetime,
    after_step: Step,
) -> selectors.Certificate:
    """Register everything at once; whoever comes second finds the certificate finished and changes nothing."""
    before = services.locked(certificate_id).state
    certificate = services.finish(certificate_id, files, actor=actor, now=now)
    if before != CertificateState.ISSUING:
        return certificate
    _record_evidence(certificate, now)
    publish_certificate_record(actor, certificate.id, now)
    put_on_record(
        actor,
        "certificate.finish",
        certificate,
        now,
        event="certificate.issued",
        data={"number": certificate.number},
        number=certificate.number,
        files={file.kind: file.sha256 for file in files},
    )
    after_step("registered")
    return certificate


def _record_evidence(certificate: selectors.Certificate, now: datetime) -> None:
    content = content_of(certificate)
    outcomes = [outcome for table in content.results for c in table.columns for outcome in c.conformities]
    traceability.record_instrument_evidence(
        instrument_id=certificate.instrument_id,
        certificate_id=certificate.id,
        conformity=overall(outcomes),
        valid_from=date.fromisoformat(content.end_date),
        valid_until=certificate.due_date,
        now=now,
    )
    if certificate.supersedes_id is not None:
        reason = Text(f"由 {certificate.number} 替代", f"superseded by {certificate.number}")
        traceability.end_certificate_evidence(certificate.supersedes_id, reason=reason.zh, now=now)
