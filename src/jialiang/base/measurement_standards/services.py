"""Writing measurement standards, in the transaction of the verb."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max

from jialiang.base.measurement_standards.errors import (
    ReasonMissing,
    StandardCertificateExists,
    StandardExists,
    StandardMember,
    StandardUnknown,
    StateForbids,
)
from jialiang.base.measurement_standards.facts import (
    CertificateFacts,
    CheckFacts,
    StandardFacts,
    certificate_columns,
    check_columns,
    refused,
    standard_columns,
)
from jialiang.base.measurement_standards.models import (
    CheckObservation,
    MeasurementStandard,
    StandardCertificate,
)
from jialiang.governance import data_elements as elements
from jialiang.kernel.ids import new_id
from jialiang.science.units import are_convertible, convert
from jialiang.security.actor import Actor
from jialiang.vocabulary.statuses import StandardState, label


def register(facts: StandardFacts, *, now: datetime) -> MeasurementStandard:
    """Store a new standard; of two who register it at once the database lets one.

    Raises StandardIncomplete (naming all that is missing), StandardMember, StandardExists.
    """
    written = standard_columns(facts)
    _refuse_twice(written)
    row = MeasurementStandard(id=new_id(now), created_at=now, **written)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        _refuse_twice(written)
        raise
    return row


def add_certificate(
    standard_id: UUID, facts: CertificateFacts, *, actor: Actor, now: datetime
) -> StandardCertificate:
    """Store a certificate of a standard; earlier ones stay as they are.

    Raises StandardUnknown, StandardIncomplete (naming all), StandardMember, StandardCertificateExists, StateForbids
    (a retired standard).
    """
    row = _locked(standard_id)
    if row.state == StandardState.RETIRED:
        raise _forbidden(row)
    written = certificate_columns(facts)
    _require_unit_of(row, written["unit"])
    if row.certificates.filter(number=written["number"]).exists():
        raise StandardCertificateExists(number=written["number"], name=row.name)
    return StandardCertificate.objects.create(
        id=new_id(now),
        standard=row,
        added_by_id=actor.person_id,
        added_by_name=actor.name.zh or actor.name.en,
        added_at=now,
        **written,
    )


def record_checks(
    standard_id: UUID, observations: Sequence[CheckFacts], *, actor: Actor, now: datetime
) -> list[CheckObservation]:
    """Append check observations in the order given; none is ever changed. Raises as the checks of facts do."""
    row = _locked(standard_id)
    last = row.check_observations.aggregate(last=Max("sequence"))["last"] or 0
    entered = [
        CheckObservation(
            id=new_id(now),
            tenant_id=row.tenant_id,
            standard=row,
            sequence=last + place,
            person_id=actor.person_id,
            person_name=actor.name.zh or actor.name.en,
            entered_at=now,
            **check_columns(facts),
        )
        for place, facts in enumerate(observations, start=1)
    ]
    return CheckObservation.objects.bulk_create(entered)


def suspend(standard_id: UUID, *, reason: str) -> MeasurementStandard:
    """Take a standard out of use: it stops the work that day. Raises StandardUnknown, ReasonMissing, StateForbids."""
    return _move(standard_id, StandardState.IN_USE, StandardState.SUSPENDED, reason)


def resume(standard_id: UUID, *, reason: str) -> MeasurementStandard:
    """Take a suspended standard into use again. Raises StandardUnknown, ReasonMissing, StateForbids."""
    return _move(standard_id, StandardState.SUSPENDED, StandardState.IN_USE, reason)


def _move(standard_id: UUID, source: StandardState, target: StandardState, reason: str) -> MeasurementStandard:
    row = _locked(standard_id)
    text = " ".join(reason.split())
    if not text:
        raise ReasonMissing()
    why = elements.refusal(MeasurementStandard, "state_reason", text)
    if why is not None:
        member = elements.element_name("measurement_standard", "reason")
        raise StandardMember(member=member, given=elements.beginning(text), reason=why)
    if row.state != source:
        raise _forbidden(row)
    row.state, row.version = target.value, row.version + 1
    row.state_reason = text if target == StandardState.SUSPENDED else ""
    row.save(update_fields=["state", "state_reason", "version"])
    return row


def _locked(standard_id: UUID) -> MeasurementStandard:
    row = MeasurementStandard.objects.select_for_update().filter(pk=standard_id).first()
    if row is None:
        raise StandardUnknown(wanted=str(standard_id))
    return row


def _refuse_twice(written: Mapping[str, Any]) -> None:
    same = {"model": written["model"], "serial_number": written["serial_number"]}
    taken = MeasurementStandard.objects.filter(**same).first()
    if taken is not None:
        raise StandardExists(name=taken.name, **same)


def _require_unit_of(row: MeasurementStandard, unit: str) -> None:
    """Refuse a U in a unit of another size than the standard's: the ledger shows both beside one unit."""
    if not are_convertible(unit, row.unit) or convert(1, source=unit, target=row.unit, difference=True) != 1:
        raise refused("standard_certificate", "unit", unit, "not_the_standards_unit", wanted=row.unit)


def _forbidden(row: MeasurementStandard) -> StateForbids:
    state = label(StandardState(row.state))
    return StateForbids(name=row.name, serial_number=row.serial_number, state=state)
