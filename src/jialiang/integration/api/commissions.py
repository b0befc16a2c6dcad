"""Commissions, what is agreed before work starts, and the custody of their items."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status
from pydantic import Field

from jialiang.base.commissions import selectors
from jialiang.base.commissions.facts import Agreement, CommissionFacts, ItemFacts
from jialiang.functions import commissions as verbs
from jialiang.integration.api.access import acting, narrowed, readable
from jialiang.integration.api.conditions import remember_version, version_read
from jialiang.integration.api.members import (
    Bilingual,
    Body,
    Short,
    Version,
    View,
    facts_from,
    members_of,
)
from jialiang.integration.api.paging import Listed, PageQuery, listed
from jialiang.kernel.clock import utc_now
from jialiang.kernel.text import Text
from jialiang.vocabulary.statuses import CommissionState, CustodyState, DecisionRule, FeeKind, WorkKind

router = Router(tags=["commissions"])
READ = "commission.read"
COMMISSION = "/commissions/{uuid:commission_id}"
ITEM = "/items/{uuid:item_id}"
NOTHING_SAID = Text()


@members_of(ItemFacts)
class NewItem(Body):
    """An instrument of the customer."""


@members_of(CommissionFacts)
class NewCommission(Body):
    """An order, with its items if they are known."""

    kind: WorkKind
    items: Annotated[tuple[NewItem, ...], Field(max_length=200)] = ()


@members_of(Agreement)
class NewAgreement(Body):
    """What customer and institute agree before work starts (ISO/IEC 17025, 7.1.3 and 7.8.4.3)."""

    decision_rule: DecisionRule
    fee_kind: FeeKind
    version: Version = None


class Cancellation(Body):
    """Why a commission is cancelled."""

    reason: Short


class Receipt(Body):
    """How an item came in, and where it is put."""

    condition: Bilingual = NOTHING_SAID
    accessories: Short = ""
    place: Annotated[str, Field(max_length=100)] = ""


class HandOver(Body):
    """Where an item goes: the laboratory, back to the reception, or to its owner."""

    to: CustodyState
    place: Annotated[str, Field(max_length=100)] = ""
    note: Short = ""


class ItemView(View):
    """An instrument in a commission, and where it is."""

    id: UUID
    commission_id: UUID
    position: int
    instrument_id: UUID
    custody: str
    custody_since: datetime
    condition: Text
    accessories: str
    requested_points: list[str]


class CustodyView(View):
    """A change of custody."""

    at: datetime
    from_custody: str
    to_custody: str
    place: str
    person_name: str
    note: str


class CommissionView(View):
    """A commission with what was agreed and its items."""

    id: UUID
    number: str
    customer_id: UUID
    kind: str
    state: str
    state_since: datetime
    state_reason: str
    contact_name: str
    contact_phone: str
    note: str
    decision_rule: str
    decision_rule_agreed_at: datetime | None
    due_date_agreed: bool
    agreed_interval_months: int | None
    fee_kind: str
    promised_on: date | None
    opened_by_name: str
    opened_at: datetime
    accepted_by_name: str
    accepted_at: datetime | None
    version: int
    items: list[ItemView]


class CommissionQuery(PageQuery):
    """What a list of commissions is narrowed by."""

    text: str = ""
    customer_id: UUID | None = None
    state: CommissionState | None = None
    kind: WorkKind | None = None


@router.get("/commissions", response=Listed[CommissionView], summary="List commissions")
def list_commissions(request: HttpRequest, response: HttpResponse, query: Query[CommissionQuery]) -> Any:
    """Commissions, newest first; a customer sees those of the own organization. Permission `commission.read`."""
    own = narrowed(request, READ)
    wanted = selectors.CommissionFilter(
        text=query.text, customer_id=own or query.customer_id, state=query.state or "", kind=query.kind or ""
    )
    found = selectors.commissions(wanted, after=query.after, size=query.limit)
    return listed(request, response, found, lambda row: _view(row, row.items.all()))


@router.post("/commissions", response={201: CommissionView}, summary="Open a commission")
def open_commission(request: HttpRequest, response: HttpResponse, body: NewCommission) -> Any:
    """Open a commission; its number is gap-free. A customer opens for the own organization.

    Permission `commission.open`.
    """
    row = verbs.open_commission(
        actor=acting(request),
        facts=facts_from(CommissionFacts, body),
        items=[facts_from(ItemFacts, entry) for entry in body.items],
        now=utc_now(),
    )
    response["Location"] = f"{request.path}/{row.id}"
    return Status(201, _view(row))


@router.get(COMMISSION, response=CommissionView, summary="Read a commission")
def read_commission(request: HttpRequest, commission_id: UUID) -> Any:
    """One commission with its items. Permission `commission.read`."""
    row = readable(request, READ, selectors.commission(commission_id))
    remember_version(request, row.version)
    return _view(row)


@router.post(f"{COMMISSION}/items", response={201: ItemView}, summary="Add an item")
def add_item(request: HttpRequest, commission_id: UUID, body: NewItem) -> Any:
    """Add an instrument of the customer to an open commission. Permission `commission.add_item`."""
    row = verbs.add_item(
        actor=acting(request), commission_id=commission_id, facts=facts_from(ItemFacts, body), now=utc_now()
    )
    return Status(201, ItemView.of(row))


@router.post(f"{COMMISSION}/acceptance", response=CommissionView, summary="Accept a commission")
def accept_commission(request: HttpRequest, commission_id: UUID, body: NewAgreement) -> Any:
    """Accept a commission on what was agreed before work starts. Permission `commission.accept`."""
    stored = readable(request, "commission.accept", selectors.commission(commission_id))
    row = verbs.accept(
        actor=acting(request),
        commission_id=commission_id,
        agreement=facts_from(Agreement, body),
        expected_version=version_read(request, body.version, stored.version, needed=False),
        now=utc_now(),
    )
    return _view(row)


@router.post(f"{COMMISSION}/cancellation", response=CommissionView, summary="Cancel a commission")
def cancel_commission(request: HttpRequest, commission_id: UUID, body: Cancellation) -> Any:
    """Cancel a commission, with a reason. Permission `commission.cancel`."""
    return _view(
        verbs.cancel(actor=acting(request), commission_id=commission_id, reason=body.reason, now=utc_now())
    )


@router.get(ITEM, response=ItemView, summary="Read an item")
def read_item(request: HttpRequest, item_id: UUID) -> Any:
    """One item and where it is. Permission `commission.read`."""
    return ItemView.of(readable(request, READ, selectors.item(item_id)))


@router.get(f"{ITEM}/custody", response=list[CustodyView], summary="Read where an item has been")
def read_custody(request: HttpRequest, item_id: UUID) -> Any:
    """Every change of custody, earliest first. Permission `commission.read`."""
    readable(request, READ, selectors.item(item_id))
    return [CustodyView.of(row) for row in selectors.custody_events(item_id)]


@router.post(f"{ITEM}/receipt", response=ItemView, summary="Receive an item")
def receive_item(request: HttpRequest, item_id: UUID, body: Receipt) -> Any:
    """Take an item in and note its condition. Permission `item.receive`."""
    row = verbs.receive(
        actor=acting(request),
        item_id=item_id,
        condition=body.condition,
        accessories=body.accessories,
        place=body.place,
        now=utc_now(),
    )
    return ItemView.of(row)


@router.post(f"{ITEM}/hand-over", response=ItemView, summary="Hand an item over")
def hand_item_over(request: HttpRequest, item_id: UUID, body: HandOver) -> Any:
    """Hand an item on; with its last item returned a commission is completed. Permission `item.hand_over`."""
    row = verbs.hand_over(
        actor=acting(request), item_id=item_id, to=body.to, place=body.place, note=body.note, now=utc_now()
    )
    return ItemView.of(row)


def _view(row: Any, items: Any = None) -> Any:
    shown = selectors.items_of(row.id) if items is None else items
    return CommissionView.of(row, items=[ItemView.of(item) for item in shown])
