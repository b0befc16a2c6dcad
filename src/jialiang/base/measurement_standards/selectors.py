"""Reading measurement standards, their certificates and checks, of the institute in scope."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import cast
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from jialiang.base.measurement_standards.errors import (
    StandardCertificateUnknown,
    StandardExpired,
    StandardSuspended,
    StandardUnknown,
    StandardUnproven,
)
from jialiang.base.measurement_standards.models import (
    CheckObservation as CheckObservation,
)
from jialiang.base.measurement_standards.models import (
    MeasurementStandard as MeasurementStandard,
)
from jialiang.base.measurement_standards.models import (
    StandardCertificate as StandardCertificate,
)
from jialiang.base.measurement_standards.views import (
    DigestProcedure,
    StandardCertificateView,
    StandardView,
)
from jialiang.formats.canonical import from_plain
from jialiang.formats.content import CertificateReference
from jialiang.kernel.text import Text
from jialiang.security.tenancy.calendar import today
from jialiang.security.tenancy.paging import DEFAULT_SIZE, Page, page
from jialiang.vocabulary.statuses import StandardState, label

ONE_DAY = timedelta(days=1)
MOST_NUMBERED = 100


def standard(standard_id: UUID) -> MeasurementStandard:
    """Return one standard: one query by primary key. Raises :class:`StandardUnknown`."""
    found = MeasurementStandard.objects.filter(pk=standard_id).first()
    if found is None:
        raise StandardUnknown(wanted=str(standard_id))
    return found


def standard_view(standard_id: UUID) -> StandardView:
    """Return one standard as a plain value: one query by primary key. Raises :class:`StandardUnknown`."""
    row = standard(standard_id)
    return StandardView(
        id=row.id,
        code=row.code,
        name=row.name,
        level=row.level,
        manufacturer=Text(row.manufacturer_zh, row.manufacturer_en),
        model=row.model,
        serial_number=row.serial_number,
        inventory_number=row.inventory_number,
        quantity=Text(row.quantity_zh, row.quantity_en),
        unit=row.unit,
        measuring_interval=Text(row.measuring_interval_zh, row.measuring_interval_en),
        drift_half_width=row.drift_half_width,
        state=row.state,
        state_reason=row.state_reason,
    )


def standards(
    *, text: str = "", state: str = "", after: str = "", size: int = DEFAULT_SIZE
) -> Page[MeasurementStandard]:
    """Return a page of standards, newest first, their certificates at hand: two queries."""
    rows = _matching(text, state).prefetch_related(_ordered_certificates())
    return page(rows, after=after, size=size)


def count_standards(*, text: str = "", state: str = "") -> int:
    """Count what :func:`standards` lists: one query."""
    return _matching(text, state).count()


def standards_numbered(number: str) -> list[MeasurementStandard]:
    """Return the standards whose serial number, inventory number or code is ``number``, newest first: one query.

    It counts as written, in capitals or in small letters.
    """
    written = {number, number.upper(), number.lower()}
    known = Q(serial_number__in=written) | Q(inventory_number__in=written) | Q(code__in=written)
    rows = MeasurementStandard.objects.filter(known)
    return list(rows.order_by("-id")[:MOST_NUMBERED])


def standards_in_use() -> list[MeasurementStandard]:
    """Return every standard in use, oldest first, its certificates at hand: two queries."""
    rows = MeasurementStandard.objects.filter(state=StandardState.IN_USE).order_by("id")
    return list(rows.prefetch_related(_ordered_certificates()))


def standards_kept() -> list[MeasurementStandard]:
    """Return every standard that is not retired, oldest first, its certificates at hand: two queries.

    A suspended one is among them: whoever looks for it is told why it may not be used.
    """
    rows = MeasurementStandard.objects.exclude(state=StandardState.RETIRED).order_by("id")
    return list(rows.prefetch_related(_ordered_certificates()))


def certificates_of(standard_id: UUID) -> list[StandardCertificate]:
    """Return the certificates of a standard, latest validity first: one query by foreign key."""
    return list(_by_validity(StandardCertificate.objects.filter(standard_id=standard_id)))


def standard_certificate(certificate_id: UUID) -> StandardCertificateView:
    """Return one certificate of a standard: one query. Raises :class:`StandardCertificateUnknown`."""
    found = StandardCertificate.objects.filter(pk=certificate_id).first()
    if found is None:
        raise StandardCertificateUnknown(wanted=str(certificate_id))
    return certificate_view(found)


def certificate_in_force(standard_id: UUID, on: date) -> StandardCertificateView:
    """Return the certificate that carries a standard on a day: two queries, by primary and by foreign key.

    Of several the one whose validity began last. Raises StandardUnknown, :class:`StandardSuspended`,
    :class:`StandardUnproven` (none has begun yet) and :class:`StandardExpired`, which names the certificate and
    since when it no longer holds: the day after its last, or the day of its revocation if that was earlier.
    """
    row = standard(standard_id)
    named = {"name": row.name, "serial_number": row.serial_number}
    if row.state != StandardState.IN_USE:
        state = label(StandardState(row.state))
        raise StandardSuspended(**named, state=state, reason=row.state_reason or "—")
    return _in_force(row, certificates_of(standard_id), on)


def carrying(row: MeasurementStandard, on: date) -> StandardCertificate | None:
    """Return the certificate that carries a standard on a day from those at hand (``standards``): no query."""
    return next((c for c in row.certificates.all() if ends_on(c) >= on >= c.valid_from), None)


def carried_until(row: MeasurementStandard, on: date) -> date | None:
    """Return the last day to which a standard is carried without a gap from ``on``, None where it is not: no query.

    A certificate that follows on the day after another one carries on; one that begins later does not.
    """
    until, found = None, carrying(row, on)
    while found is not None:
        until = ends_on(found)
        found = carrying(row, until + ONE_DAY) if until < date.max else None
    return until


def carried_to(row: MeasurementStandard, on: date) -> date | None:
    """Return the last day of what has begun by ``on``, from the certificates at hand, None where none has: no query."""
    return max((ends_on(c) for c in row.certificates.all() if c.valid_from <= on), default=None)


def latest(row: MeasurementStandard) -> StandardCertificate | None:
    """Return the certificate whose validity began last, from those at hand (``standards``): no query."""
    return next(iter(row.certificates.all()), None)


def stored_digests() -> list[str]:
    """Return the digests of all files that are kept for certificates of standards: one query."""
    kept = StandardCertificate.objects.exclude(stored_digest="")
    return list(kept.values_list("stored_digest", flat=True))


def ends_on(certificate: StandardCertificate) -> date:
    """Return the last day on which a certificate holds: of its validity, or before its revocation.

    The day of a revocation is that of the institute's own calendar: one query then, by primary key.
    """
    if certificate.revoked_at is None:
        return certificate.valid_until
    return min(certificate.valid_until, today(certificate.revoked_at) - ONE_DAY)


def check_observations(standard_id: UUID) -> list[CheckObservation]:
    """Return the check observations of a standard in their order: one query by ``check_observation_once``."""
    return list(CheckObservation.objects.filter(standard_id=standard_id).order_by("sequence"))


def certificate_view(row: StandardCertificate) -> StandardCertificateView:
    """Return a row as a plain value: no query."""
    return StandardCertificateView(
        id=row.id,
        standard_id=row.standard_id,
        number=row.number,
        issuer=row.issuer,
        form=row.form,
        digest_procedure=cast(DigestProcedure, row.digest_procedure),
        digest=row.digest,
        stored_digest=row.stored_digest,
        expanded_uncertainty=row.expanded_uncertainty,
        coverage_factor=row.coverage_factor,
        unit=row.unit,
        measured_values=tuple(row.measured_values),
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        upward=from_plain(CertificateReference, row.upward) if row.upward else None,
        signature_findings=row.signature_findings,
    )


def _in_force(
    row: MeasurementStandard, certificates: Iterable[StandardCertificate], on: date
) -> StandardCertificateView:
    begun = [c for c in certificates if c.valid_from <= on]
    named = {"name": row.name, "serial_number": row.serial_number, "on": on}
    if not begun:
        raise StandardUnproven(**named)
    found = next((c for c in begun if on <= ends_on(c)), None)
    if found is None:
        last = max(begun, key=ends_on)
        raise StandardExpired(**named, certificate=last.number, since=ends_on(last) + ONE_DAY)
    return certificate_view(found)


def _matching(text: str, state: str) -> QuerySet[MeasurementStandard]:
    rows = MeasurementStandard.objects.all()
    if state:
        rows = rows.filter(state=state)
    if wanted := text.strip():
        rows = rows.filter(
            Q(name_zh__icontains=wanted)
            | Q(name_en__icontains=wanted)
            | Q(model__icontains=wanted)
            | Q(serial_number__icontains=wanted)
            | Q(code__iexact=wanted)
            | Q(inventory_number__icontains=wanted)
        )
    return rows


def _by_validity(rows: QuerySet[StandardCertificate]) -> QuerySet[StandardCertificate]:
    return rows.order_by("-valid_from", "-added_at", "-id")


def _ordered_certificates() -> Prefetch[str, QuerySet[StandardCertificate], str]:
    return Prefetch("certificates", _by_validity(StandardCertificate.objects.all()))
