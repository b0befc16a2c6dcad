"""Reading commissions, their items and where the items have been, of the institute in scope."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet

from jialiang.base.commissions.errors import CommissionUnknown
from jialiang.base.commissions.models import Commission as Commission
from jialiang.base.commissions.models import CommissionItem as CommissionItem
from jialiang.base.commissions.models import CustodyEvent as CustodyEvent
from jialiang.security.tenancy.paging import DEFAULT_SIZE, Page, page
from jialiang.vocabulary.statuses import CommissionState, CustodyState

Row = TypeVar("Row")
UNFINISHED = (CommissionState.OPEN, CommissionState.ACCEPTED)


@dataclass(frozen=True, slots=True)
class CommissionFilter:
    """What a list of commissions is narrowed by; empty members do not narrow."""

    text: str = ""
    customer_id: UUID | None = None
    state: str = ""
    kind: str = ""


def commission(commission_id: UUID) -> Commission:
    """Return one commission with its customer: one query by primary key. Raises :class:`CommissionUnknown`."""
    return _found(Commission.objects.select_related("customer").filter(pk=commission_id).first(), commission_id)


def commission_by_number(number: str) -> Commission:
    """Return one commission by its number: one query by ``commission_number_once``. Raises CommissionUnknown."""
    rows = Commission.objects.select_related("customer").filter(number=number.strip())
    return _found(rows.first(), number.strip()[:40])


def commissions(
    wanted: CommissionFilter = CommissionFilter(), *, after: str = "", size: int = DEFAULT_SIZE
) -> Page[Commission]:
    """Return a page of commissions, newest first, with customers and items at hand: two queries."""
    items = Prefetch("items", CommissionItem.objects.select_related("instrument").order_by("position"))
    return page(_matching(wanted).select_related("customer").prefetch_related(items), after=after, size=size)


def count_commissions(wanted: CommissionFilter = CommissionFilter()) -> int:
    """Count what :func:`commissions` lists: one query."""
    return _matching(wanted).count()


def counts_by_state(customer_id: UUID | None = None) -> dict[str, int]:
    """Return how many commissions are in each state, all states named: one query by ``commission_state``."""
    rows = _matching(CommissionFilter(customer_id=customer_id)).order_by()
    counted = dict(rows.values_list("state").annotate(Count("id")))
    return {state.value: counted.get(state.value, 0) for state in CommissionState}


def items_of(commission_id: UUID) -> list[CommissionItem]:
    """Return the items of a commission in their order, with their instruments: one query by foreign key."""
    rows = CommissionItem.objects.filter(commission_id=commission_id)
    return list(rows.select_related("instrument", "commission").order_by("position"))


def item(item_id: UUID) -> CommissionItem:
    """Return one item with commission, customer, instrument and owner: one query. Raises CommissionUnknown."""
    rows = CommissionItem.objects.select_related("commission__customer", "instrument__owner")
    return _found(rows.filter(pk=item_id).first(), item_id)


def items_in(*custodies: CustodyState, customer_id: UUID | None = None) -> list[CommissionItem]:
    """Return the items of unfinished commissions in one of these places, the longest waiting first.

    One query by ``commission_item_custody``.
    """
    rows = CommissionItem.objects.filter(custody__in=custodies, commission__state__in=UNFINISHED)
    if customer_id is not None:
        rows = rows.filter(commission__customer_id=customer_id)
    return list(rows.select_related("commission__customer", "instrument").order_by("custody_since", "id"))


def items_of_instrument(instrument_id: UUID) -> list[CommissionItem]:
    """Return every time an instrument was in a commission, latest first: one query by foreign key."""
    rows = CommissionItem.objects.filter(instrument_id=instrument_id).select_related("commission")
    return list(rows.order_by("-id"))


def custody_events(item_id: UUID) -> list[CustodyEvent]:
    """Return where an item has been, earliest first: one query by foreign key."""
    return list(CustodyEvent.objects.filter(item_id=item_id).order_by("at", "id"))


def unfinished_commission_of(instrument_id: UUID) -> Commission | None:
    """Return the unfinished commission that an instrument is in and has not come back from: one query."""
    rows = CommissionItem.objects.filter(instrument_id=instrument_id, commission__state__in=UNFINISHED)
    row = rows.exclude(custody=CustodyState.RETURNED).select_related("commission").first()
    return row.commission if row else None


def _matching(wanted: CommissionFilter) -> QuerySet[Commission]:
    exact = {"customer_id": wanted.customer_id, "state": wanted.state, "kind": wanted.kind}
    rows = Commission.objects.filter(**{name: value for name, value in exact.items() if value})
    if text := wanted.text.strip():
        # A subquery, not a join: a commission with several matching items is listed once.
        by_item = CommissionItem.objects.filter(
            Q(instrument__serial_number__icontains=text) | Q(instrument__name_zh__icontains=text)
        )
        rows = rows.filter(
            Q(number__icontains=text)
            | Q(customer__name_zh__icontains=text)
            | Q(customer__name_en__icontains=text)
            | Q(pk__in=by_item.values("commission_id"))
        )
    return rows


def _found(row: Row | None, wanted: object) -> Row:
    if row is None:
        raise CommissionUnknown(wanted=str(wanted))
    return row
