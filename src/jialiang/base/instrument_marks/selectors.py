"""Reading codes and seals of instruments of the institute in scope."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from jialiang.base.instrument_marks.errors import MarkUnknown
from jialiang.base.instrument_marks.models import IdentityCheck as IdentityCheck
from jialiang.base.instrument_marks.models import InstrumentMark as InstrumentMark
from jialiang.formats.codes.found_marks import folded_code
from jialiang.vocabulary.statuses import MarkRole, MarkState

MOST_CHECKS = 50


def instrument_mark(mark_id: UUID) -> InstrumentMark:
    """Return one code or seal with its instrument: one query by primary key. Raises :class:`MarkUnknown`."""
    found = InstrumentMark.objects.select_related("instrument").filter(pk=mark_id).first()
    if found is None:
        raise MarkUnknown(wanted=str(mark_id))
    return found


def marks_of(instrument_id: UUID) -> list[InstrumentMark]:
    """Return everything that an instrument carries or carried, by role, newest first: one query by foreign key."""
    order = list(MarkRole)
    rows = InstrumentMark.objects.filter(instrument_id=instrument_id).order_by("-id")
    return sorted(rows, key=lambda row: order.index(MarkRole(row.role)))


def marks_in_place(instrument_id: UUID) -> list[InstrumentMark]:
    """Return what an instrument carries now, by role: one query by foreign key."""
    return [row for row in marks_of(instrument_id) if row.state == MarkState.IN_PLACE]


def carriers_of(codes: Iterable[str]) -> dict[str, set[UUID]]:
    """Return, by folded code, the instruments that carry it now: one query by ``instrument_mark_code``."""
    wanted = {folded_code(code) for code in codes}
    rows = InstrumentMark.objects.filter(code_folded__in=wanted, state=MarkState.IN_PLACE)
    found: dict[str, set[UUID]] = {}
    for row in rows:
        found.setdefault(row.code_folded, set()).add(row.instrument_id)
    return found


def identity_checks(instrument_id: UUID) -> list[IdentityCheck]:
    """Return the latest fifty checks of an instrument, latest first: one query by foreign key."""
    return list(IdentityCheck.objects.filter(instrument_id=instrument_id)[:MOST_CHECKS])
