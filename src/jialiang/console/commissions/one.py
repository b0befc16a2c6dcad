"""The page of one commission: items and where they are, what was agreed, records and certificates; its slip."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse

from jialiang.base.calibrations.selectors import records_of_item
from jialiang.base.certificates.selectors import certificates_of_records
from jialiang.base.commissions.facts import CUSTODY_STEPS
from jialiang.base.commissions.selectors import commission as commission_row
from jialiang.base.commissions.selectors import custody_events, items_of
from jialiang.base.organizations.selectors import has_own_organization, own_organization, party_of
from jialiang.console.pictures import embedded_png
from jialiang.console.requests import who
from jialiang.console.scope_of_reading import may
from jialiang.console.shell import page, thing_url
from jialiang.console.units import symbol_of
from jialiang.console.wording import in_words
from jialiang.formats.symbols import qr_png
from jialiang.functions.deed import permit
from jialiang.security.actor import Actor
from jialiang.vocabulary.statuses import (
    CommissionState,
    CustodyState,
    DecisionRule,
    FeeKind,
    WorkKind,
    label,
)


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One item: where it is and was, what was made of it, and what may be done with it now."""

    row: Any
    unit: str
    events: list[Any]
    records: list[tuple[Any, str]]
    certificates: list[tuple[Any, str]]
    may_receive: bool
    may_hand_over: bool


@login_required
def commission(request: HttpRequest, commission_id: UUID) -> HttpResponse:
    """Show one commission."""
    actor, row = who(request), commission_row(commission_id)
    permit(actor, "commission.read", row)
    lines = [_line(actor, row, item) for item in items_of(row.id)]
    is_open = row.state == CommissionState.OPEN
    context = {
        **_words(row),
        "row": row,
        "lines": lines,
        "events": sorted(
            ((e, line.row) for line in lines for e in line.events), key=lambda pair: pair[0].at, reverse=True
        ),
        "may_accept": is_open and may(actor, "commission.accept", row),
        "may_add": is_open and may(actor, "commission.add_item", row),
        "may_cancel": row.state in (CommissionState.OPEN, CommissionState.ACCEPTED)
        and may(actor, "commission.cancel", row),
    }
    return page(request, "commissions/one.html", context)


@login_required
def slip(request: HttpRequest, commission_id: UUID) -> HttpResponse:
    """Show the intake slip: what was taken in and what was agreed, to be printed and signed by both."""
    actor, row = who(request), commission_row(commission_id)
    permit(actor, "commission.read", row)
    context = {
        **_words(row),
        "row": row,
        "items": [(item, symbol_of(item.instrument.unit)) for item in items_of(row.id)],
        "customer": party_of(row.customer_id),
        "own": party_of(own_organization().id) if has_own_organization() else None,
        "code": embedded_png(qr_png(row.number, 4)),
    }
    return page(request, "commissions/slip.html", context)


def _line(actor: Actor, row: Any, item: Any) -> ItemLine:
    records = records_of_item(item.id)
    certificates = certificates_of_records(record.id for record in records)
    sees_records = may(actor, "calibration.read")
    accepted = row.state == CommissionState.ACCEPTED
    return ItemLine(
        row=item,
        unit=symbol_of(item.instrument.unit),
        events=custody_events(item.id),
        records=[(r, thing_url("calibration", r.id)) for r in records] if sees_records else [],
        certificates=[(c, thing_url("certificate", c.id)) for c in certificates],
        may_receive=accepted and item.custody == CustodyState.EXPECTED and may(actor, "item.receive", item),
        may_hand_over=bool(steps_from(item)) and may(actor, "item.hand_over", item),
    )


def steps_from(item: Any) -> list[CustodyState]:
    """Return where an item that was taken in may go next."""
    if item.custody == CustodyState.EXPECTED:
        return []
    return list(CUSTODY_STEPS[CustodyState(item.custody)])


def _words(row: Any) -> dict[str, str]:
    """Return what was ordered and agreed, in words."""
    return {
        "kind": in_words(label(WorkKind(row.kind))),
        "decision_rule": in_words(label(DecisionRule(row.decision_rule))) if row.decision_rule else "",
        "fee": in_words(label(FeeKind(row.fee_kind))) if row.fee_kind else "",
    }
