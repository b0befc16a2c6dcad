"""Writes of traceability: a certificate becomes evidence for an instrument or a standard, and ceases to be."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from jialiang.base.traceability.models import Evidence
from jialiang.kernel.ids import new_id
from jialiang.security.tenancy.scope import current_tenant_id


def record_standard_evidence(
    *, standard_id: UUID, standard_certificate_id: UUID, valid_from: date, valid_until: date, now: datetime
) -> Evidence:
    """Record that a certificate carries a measurement standard; recorded twice, it stays one evidence."""
    evidence, _ = Evidence.objects.get_or_create(
        standard_certificate_id=standard_certificate_id,
        standard_id=standard_id,
        defaults={
            "id": new_id(now),
            "tenant_id": current_tenant_id(),
            "valid_from": valid_from,
            "valid_until": valid_until,
        },
    )
    return evidence


def record_instrument_evidence(
    *,
    instrument_id: UUID,
    certificate_id: UUID,
    conformity: str,
    valid_from: date,
    valid_until: date | None,
    now: datetime,
) -> Evidence:
    """Record that an issued certificate proves an instrument; ``conformity`` is the outcome, empty where none."""
    evidence, _ = Evidence.objects.get_or_create(
        certificate_id=certificate_id,
        instrument_id=instrument_id,
        defaults={
            "id": new_id(now),
            "tenant_id": current_tenant_id(),
            "conformity": conformity,
            "valid_from": valid_from,
            "valid_until": valid_until,
        },
    )
    return evidence


def end_certificate_evidence(certificate_id: UUID, *, reason: str, now: datetime) -> int:
    """End what a certificate proved (withdrawn, superseded); returns how many evidences ended."""
    open_evidence = Evidence.objects.filter(certificate_id=certificate_id, ended_at__isnull=True)
    return open_evidence.update(ended_at=now, end_reason=reason[:300])


def end_standard_evidence(standard_certificate_id: UUID, *, reason: str, now: datetime) -> int:
    """End what a standard's certificate proved (revoked); returns how many evidences ended."""
    open_evidence = Evidence.objects.filter(
        standard_certificate_id=standard_certificate_id, ended_at__isnull=True
    )
    return open_evidence.update(ended_at=now, end_reason=reason[:300])
