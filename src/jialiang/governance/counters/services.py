"""Taking numbers without a gap, and voiding those that cannot be used."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from jialiang.governance.counters.errors import (
    BadNumberPattern,
    NumberAlreadyVoid,
    NumberNotFound,
    ReasonMissing,
)
from jialiang.governance.counters.models import NumberAllocation, NumberSeries
from jialiang.kernel.ids import new_id
from jialiang.kernel.text import Text
from jialiang.security.tenancy.scope import current_tenant_id


@transaction.atomic
def take(*, kind: str, year: int, pattern: str, subject_id: UUID, now: datetime) -> NumberAllocation:
    """Take the next number of a series, e.g. ``pattern`` ``"JLX-{year}-{serial:05d}"``.

    The series stays locked until the caller's transaction ends; if that is rolled back the number was never taken.
    Keep the transaction short, and take the number before writing to the audit trail: everybody locks in the same
    order. Raises :class:`BadNumberPattern`.
    """
    series = _locked_series(kind, year, now)
    series.last += 1
    number = _number(pattern, year=year, serial=series.last, kind=kind)
    series.save(update_fields=["last"])
    return NumberAllocation.objects.create(
        id=new_id(now),
        series=series,
        serial=series.last,
        number=number,
        subject_id=subject_id,
        allocated_at=now,
    )


@transaction.atomic
def void(
    number: NumberAllocation | str, reason: Text, now: datetime, *, kind: str | None = None
) -> NumberAllocation:
    """Void a taken number, with the reason that its account will show; ``kind`` tells equal texts apart.

    Raises :class:`NumberNotFound`, :class:`NumberAlreadyVoid`, :class:`ReasonMissing`.
    """
    if not reason.zh.strip() and not reason.en.strip():
        raise ReasonMissing(number=str(getattr(number, "number", number)))
    rows = NumberAllocation.objects.select_for_update(of=("self",))
    rows = rows.filter(number=number) if isinstance(number, str) else rows.filter(pk=number.pk)
    if kind is not None:
        rows = rows.filter(series__kind=kind)
    found = list(rows[:2])
    if len(found) != 1:
        raise NumberNotFound(number=str(getattr(number, "number", number)), found=len(found))
    row = found[0]
    if row.state == "void":
        raise NumberAlreadyVoid(number=row.number, reason=row.reason)
    row.state, row.voided_at, row.reason_zh, row.reason_en = "void", now, reason.zh, reason.en
    row.save(update_fields=["state", "voided_at", "reason_zh", "reason_en"])
    return row


def _locked_series(kind: str, year: int, now: datetime) -> NumberSeries:
    tenant_id = current_tenant_id()
    locked = NumberSeries.objects.select_for_update().filter(kind=kind, year=year)
    series = locked.first()
    if series is None:
        NumberSeries.objects.get_or_create(
            tenant_id=tenant_id, kind=kind, year=year, defaults={"id": new_id(now)}
        )
        series = locked.get()
    return series


def _number(pattern: str, *, year: int, serial: int, kind: str) -> str:
    try:
        number = pattern.format(year=year, serial=serial, kind=kind)
        following = pattern.format(year=year, serial=serial + 1, kind=kind)
    except (KeyError, IndexError, ValueError, AttributeError, TypeError) as problem:
        raise BadNumberPattern(pattern=pattern) from problem
    if number == following or len(number) > 80:
        raise BadNumberPattern(pattern=pattern)
    return number
