"""Verbs on measurement standards, their certificates and their checks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from jialiang.base.measurement_standards import services
from jialiang.base.measurement_standards.errors import StandardMember
from jialiang.base.measurement_standards.facts import CertificateFacts, CheckFacts, StandardFacts, refused
from jialiang.base.measurement_standards.selectors import (
    CheckObservation,
    MeasurementStandard,
    StandardCertificate,
    standard,
    standard_view,
)
from jialiang.base.traceability.services import record_standard_evidence
from jialiang.functions.deed import permit, put_on_record
from jialiang.governance.storage.current import current_store
from jialiang.information.standard_certificates import facts_from_dcc
from jialiang.security.actor import Actor
from jialiang.security.keys.selectors import authority_certificate, crl, has_authority

ADD_CERTIFICATE = "measurement_standard.add_certificate"


@transaction.atomic
def register(*, actor: Actor, facts: StandardFacts, now: datetime) -> MeasurementStandard:
    """Register a measurement standard; it carries no work until it has a certificate.

    Event ``measurement_standard.registered``. Raises StandardIncomplete, which names all that is missing.
    """
    permit(actor, "measurement_standard.register")
    row = services.register(facts, now=now)
    put_on_record(
        actor,
        "measurement_standard.register",
        row,
        now,
        event="measurement_standard.registered",
        data={"name": row.name, "serial_number": row.serial_number},
        name=row.name,
        model=row.model,
        serial_number=row.serial_number,
    )
    return row


@transaction.atomic
def add_certificate(
    *, actor: Actor, standard_id: UUID, facts: CertificateFacts, file: bytes = b"", now: datetime
) -> StandardCertificate:
    """Add a certificate from what the keeper typed: of paper, or of a ``file`` (PDF) that is kept with its digest.

    Event ``measurement_standard.certificate_added``.
    """
    permit(actor, ADD_CERTIFICATE)
    if facts.form == "dcc":
        raise _digital_only(facts)
    if file:
        digest = current_store().put(file)
        facts = replace(facts, form="pdf", digest_procedure="sha256", digest=digest, stored_digest=digest)
    else:
        facts = replace(facts, form="paper", digest_procedure="analogue", digest="", stored_digest="")
    return _add(actor, standard_id, facts, now)


@transaction.atomic
def add_digital_certificate(
    *, actor: Actor, standard_id: UUID, xml: bytes, valid_until: date | None = None, now: datetime
) -> StandardCertificate:
    """Add a DCC: values, U, k, validity and the link upward are read from it, its signature is examined.

    The bytes are kept; ``valid_until`` is needed where the file gives no due date. Raises what
    ``information.standard_certificates.facts_from_dcc`` raises. Event ``measurement_standard.certificate_added``.
    """
    permit(actor, ADD_CERTIFICATE)
    known = has_authority()
    facts = facts_from_dcc(
        xml,
        standard_view(standard_id),
        trusted=[authority_certificate()] if known else [],
        revocation_lists=[crl()] if known else [],
        at=now,
        valid_until=valid_until,
    )
    # Stored before the rows: a rolled back verb leaves at most a file that nothing names, never the reverse.
    current_store().put(xml)
    return _add(actor, standard_id, facts, now)


def record_check(
    *, actor: Actor, standard_id: UUID, facts: CheckFacts, now: datetime
) -> CheckObservation:
    """Record one check observation (期间核查), as entered. Event ``measurement_standard.checked``."""
    return record_checks(actor=actor, standard_id=standard_id, observations=[facts], now=now)[0]


@transaction.atomic
def record_checks(
    *, actor: Actor, standard_id: UUID, observations: Sequence[CheckFacts], now: datetime
) -> list[CheckObservation]:
    """Record a history of check observations in one act, in their order. Event ``measurement_standard.checked``."""
    permit(actor, "measurement_standard.record_check")
    added = services.record_checks(standard_id, observations, actor=actor, now=now)
    if added:
        span = {"first": added[0].sequence, "last": added[-1].sequence}
        put_on_record(
            actor,
            "measurement_standard.record_check",
            standard(standard_id),
            now,
            event="measurement_standard.checked",
            data=span,
            **span,
            latest={"observed_on": added[-1].observed_on, "measured_value": added[-1].measured_value},
        )
    return added


@transaction.atomic
def suspend(*, actor: Actor, standard_id: UUID, reason: str, now: datetime) -> MeasurementStandard:
    """Take a standard out of use: work with it stops. Event ``measurement_standard.suspended``."""
    permit(actor, "measurement_standard.suspend")
    row = services.suspend(standard_id, reason=reason)
    put_on_record(
        actor,
        "measurement_standard.suspend",
        row,
        now,
        event="measurement_standard.suspended",
        data={"reason": reason},
        reason=reason,
    )
    return row


@transaction.atomic
def resume(*, actor: Actor, standard_id: UUID, reason: str, now: datetime) -> MeasurementStandard:
    """Take a suspended standard into use again. Event ``measurement_standard.resumed``."""
    permit(actor, "measurement_standard.resume")
    row = services.resume(standard_id, reason=reason)
    put_on_record(
        actor,
        "measurement_standard.resume",
        row,
        now,
        event="measurement_standard.resumed",
        data={"reason": reason},
        reason=reason,
    )
    return row


def _add(actor: Actor, standard_id: UUID, facts: CertificateFacts, now: datetime) -> StandardCertificate:
    row = services.add_certificate(standard_id, facts, actor=actor, now=now)
    record_standard_evidence(
        standard_id=standard_id,
        standard_certificate_id=row.id,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        now=now,
    )
    put_on_record(
        actor,
        ADD_CERTIFICATE,
        standard(standard_id),
        now,
        event="measurement_standard.certificate_added",
        data={"certificate_id": row.id, "number": row.number, "valid_until": row.valid_until},
        certificate_id=row.id,
        number=row.number,
        form=row.form,
        digest=row.digest,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        signature_holds=bool(row.signature_findings.get("holds")),
    )
    return row


def _digital_only(facts: CertificateFacts) -> StandardMember:
    return refused("standard_certificate", "form", facts.form, "dcc_is_uploaded")
