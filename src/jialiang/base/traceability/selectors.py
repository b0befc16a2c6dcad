"""Reads of traceability: which certificate proves which thing, on which day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from jialiang.base.traceability.models import Evidence as Evidence
from jialiang.security.tenancy.calendar import first_moment
from jialiang.vocabulary.statuses import InstrumentState


def evidence_of_instrument(instrument_id: UUID) -> list[Evidence]:
    """Return all evidence of an instrument with its certificate, newest first: one query by foreign key."""
    found = Evidence.objects.select_related("certificate").filter(instrument_id=instrument_id)
    return list(found.order_by("-valid_from", "-id"))


def evidence_of_instruments(instrument_ids: Iterable[UUID]) -> dict[UUID, list[Evidence]]:
    """Return the evidence of several instruments, newest first; who has none is left out: one query."""
    found = Evidence.objects.select_related("certificate").filter(instrument_id__in=list(instrument_ids))
    by_instrument: dict[UUID, list[Evidence]] = {}
    for row in found.order_by("-valid_from", "-id"):
        if row.instrument_id is not None:
            by_instrument.setdefault(row.instrument_id, []).append(row)
    return by_instrument


def evidence_of_standard(standard_id: UUID) -> list[Evidence]:
    """Return all evidence of a standard with its certificate, newest first: one query by foreign key."""
    found = Evidence.objects.select_related("standard_certificate").filter(standard_id=standard_id)
    return list(found.order_by("-valid_from", "-id"))


def instrument_evidence_on(instrument_id: UUID, on: date) -> Evidence | None:
    """Return the evidence of an instrument in force on a day of the institute, the newest of several: two queries."""
    found = _in_force(Evidence.objects.select_related("certificate").filter(instrument_id=instrument_id), on)
    return found.order_by("-valid_from", "-id").first()


def standard_evidence_on(standard_id: UUID, on: date) -> Evidence | None:
    """Return the evidence of a standard in force on a day of the institute, the newest of several: two queries."""
    found = _in_force(Evidence.objects.select_related("standard_certificate").filter(standard_id=standard_id), on)
    return found.order_by("-valid_from", "-id").first()


def evidence_to_renew(until: date, *, owner_id: UUID | None = None) -> list[Evidence]:
    """Return the latest evidence of each working instrument that may end by ``until``, the earliest end first.

    One query, index ``evidence_end``. Where the certificate states no end, the evidence is returned if the owner has
    set an interval: whether that is over is for the caller to reckon. Scrapped instruments and ended evidence are
    left out.
    """
    stated = Q(valid_until__lte=until)
    by_owner = Q(valid_until__isnull=True, instrument__interval_months__isnull=False, valid_from__lte=until)
    later = Q(valid_from__gt=OuterRef("valid_from")) | Q(valid_from=OuterRef("valid_from"), id__gt=OuterRef("id"))
    newer = Evidence.objects.filter(later, instrument_id=OuterRef("instrument_id"), ended_at__isnull=True)
    found = Evidence.objects.filter(stated | by_owner, ~Exists(newer), ended_at__isnull=True)
    found = found.filter(instrument__isnull=False).exclude(instrument__state=InstrumentState.RETIRED)
    if owner_id is not None:
        found = found.filter(instrument__owner_id=owner_id)
    return list(found.select_related("certificate", "instrument__owner").order_by("valid_until", "id"))


def evidence_of_certificate(certificate_id: UUID) -> list[Evidence]:
    """Return what an issued certificate proves: one query by foreign key."""
    return list(Evidence.objects.select_related("instrument").filter(certificate_id=certificate_id))


def _in_force(found: QuerySet[Evidence], on: date) -> QuerySet[Evidence]:
    open_end = Q(valid_until__isnull=True) | Q(valid_until__gte=on)
    not_ended = Q(ended_at__isnull=True) | Q(ended_at__gte=first_moment(on + timedelta(days=1)))
    return found.filter(open_end, not_ended, valid_from__lte=on)
