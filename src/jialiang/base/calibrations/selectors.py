"""Reads of calibration records."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from jialiang.base.calibrations.errors import CalibrationUnknown, StandardCertificateRevoked
from jialiang.base.calibrations.models import (
    Calibration as Calibration,
)
from jialiang.base.calibrations.models import (
    CalibrationStandard as CalibrationStandard,
)
from jialiang.base.calibrations.models import (
    CalibrationStep,
)
from jialiang.base.measurement_standards.selectors import certificate_in_force
from jialiang.vocabulary.statuses import CalibrationState

_WHOLE = (
    "item__commission__customer",
    "item__instrument__owner",
    "reading_set",
    "site",
)


def calibration(calibration_id: UUID) -> Calibration:
    """Return a record with item, commission, customer, instrument and site: one query by primary key."""
    found = Calibration.objects.select_related(*_WHOLE).filter(pk=calibration_id).first()
    if found is None:
        raise CalibrationUnknown(calibration=calibration_id)
    return found


def calibration_by_number(number: str) -> Calibration:
    """Return a record by its number: one query by the unique index (tenant, number)."""
    found = Calibration.objects.select_related(*_WHOLE).filter(number=number).first()
    if found is None:
        raise CalibrationUnknown(calibration=number)
    return found


def calibrations(*, state: str = "", technician_id: UUID | None = None, search: str = "") -> QuerySet[Calibration]:
    """Return records, the oldest waiting first: one query, index (tenant, state); slice it for a page."""
    found = Calibration.objects.select_related(*_WHOLE)
    if state:
        found = found.filter(state=state)
    if technician_id is not None:
        found = found.filter(calibrated_by_id=technician_id)
    if search:
        found = found.filter(number__icontains=search) | found.filter(
            item__instrument__serial_number__icontains=search
        )
    return found.order_by("created_at", "id")


def waiting_counts() -> dict[str, int]:
    """Return how many records stand in each state that is not final: one query a state, index (tenant, state)."""
    open_states = [state for state in CalibrationState if state is not CalibrationState.APPROVED]
    return {state.value: Calibration.objects.filter(state=state).count() for state in open_states}


def standards_used(calibration_id: UUID) -> list[CalibrationStandard]:
    """Return the standards of a record with their certificates, the reference first: one query."""
    found = CalibrationStandard.objects.select_related("standard", "certificate").filter(calibration_id=calibration_id)
    return list(found.order_by("-is_reference", "id"))


def steps_of(calibration_id: UUID) -> list[CalibrationStep]:
    """Return who moved the record when and why, oldest first: one query by foreign key."""
    return list(CalibrationStep.objects.filter(calibration_id=calibration_id))


def records_of_item(item_id: UUID) -> list[Calibration]:
    """Return the records of an item, oldest first: one query by foreign key."""
    return list(Calibration.objects.filter(item_id=item_id).order_by("created_at"))


def items_with_records(item_ids: Iterable[UUID]) -> frozenset[UUID]:
    """Return those of the items that have a record: one query by foreign key."""
    found = Calibration.objects.filter(item_id__in=list(item_ids)).order_by()
    return frozenset(found.values_list("item_id", flat=True))


def last_returns(calibration_ids: Iterable[UUID]) -> dict[UUID, CalibrationStep]:
    """Return the last time each record was returned, of those that were: one query by foreign key."""
    found = CalibrationStep.objects.filter(calibration_id__in=list(calibration_ids), action="calibration.return")
    return {step.calibration_id: step for step in found.order_by("at", "id")}


def previous_record(record: Calibration) -> Calibration | None:
    """Return the last approved record of the same instrument and procedure before this one: one query.

    A record that this one amends is the same work, not an earlier one, and is left out.
    """
    found = Calibration.objects.filter(
        item__instrument_id=record.item.instrument_id,
        procedure=record.procedure,
        state=CalibrationState.APPROVED,
        created_at__lt=record.created_at,
    )
    if record.amends_certificate_id is not None:
        found = found.exclude(certificates__id=record.amends_certificate_id)
    return found.select_related(*_WHOLE).order_by("-end_date", "-created_at").first()


def earlier_records(record: Calibration, *, of_instrument: bool, most: int) -> list[Calibration]:
    """Return the approved records of the same procedure before this one, the latest first: one query.

    Only those of the same instrument where ``of_instrument`` is true. A record that this one amends is the same work.
    """
    found = Calibration.objects.filter(
        procedure=record.procedure, state=CalibrationState.APPROVED, created_at__lt=record.created_at
    )
    if of_instrument:
        found = found.filter(item__instrument_id=record.item.instrument_id)
    if record.amends_certificate_id is not None:
        found = found.exclude(certificates__id=record.amends_certificate_id)
    return list(found.order_by("-created_at", "-id")[:most])


def open_amendment_of(certificate_id: UUID) -> Calibration | None:
    """Return the amending record of a certificate that has not been approved yet, if there is one: one query."""
    found = Calibration.objects.filter(amends_certificate_id=certificate_id)
    return found.exclude(state=CalibrationState.APPROVED).first()


def records_using_certificate(standard_certificate_id: UUID) -> QuerySet[Calibration]:
    """Return the records whose results rest on a standard's certificate: one query by foreign key."""
    return Calibration.objects.filter(standards_used__certificate_id=standard_certificate_id).order_by("created_at")


def require_standards_in_force(calibration_id: UUID, on: date) -> None:
    """Stop the work if a standard of the record is not fit on ``on``: one query, and two for each standard.

    A newer certificate of the standard keeps it in force; the one that was used must not have been revoked.
    Raises StandardExpired, StandardSuspended, StandardUnproven and :class:`StandardCertificateRevoked`.
    """
    for used in standards_used(calibration_id):
        if used.certificate.revoked_at is not None:
            raise StandardCertificateRevoked(
                standard=used.standard.name,
                serial_number=used.standard.serial_number,
                certificate=used.certificate.number,
                reason=used.certificate.revocation_reason,
            )
        certificate_in_force(used.standard_id, on)
