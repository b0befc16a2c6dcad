"""Opening a commission: choose the customer, then everything else on one page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext

from jialiang.base.commissions.facts import CommissionFacts
from jialiang.base.instruments.selectors import InstrumentFilter, instruments, instruments_by_id
from jialiang.base.organizations.selectors import contacts_of, organization, organizations
from jialiang.console.asking import done, posted, wanted_text
from jialiang.console.commissions.forms import DeskForm, OrderForm
from jialiang.console.noun_forms import NounForm, carried_out
from jialiang.console.requests import who
from jialiang.console.scope_of_reading import may, own_or_all
from jialiang.console.shell import page
from jialiang.functions.commissions import open_commission as open_verb
from jialiang.functions.deed import permit
from jialiang.functions.intake import Intake, take_in
from jialiang.kernel.clock import utc_now
from jialiang.security.actor import Actor
from jialiang.security.policy import OwnedBy
from jialiang.security.tenancy.paging import LARGEST_SIZE
from jialiang.vocabulary.statuses import InstrumentState

CHOSEN_FROM = 12


@login_required
def open_commission(request: HttpRequest) -> HttpResponse:
    """Ask for the customer where it is not known, else show or carry out the intake."""
    actor = who(request)
    permit(actor, "commission.open")
    customer = _customer(request, actor)
    if customer is None:
        return _choose_customer(request)
    permit(actor, "commission.open", OwnedBy(customer.id))
    at_desk = may(actor, "commission.accept")
    form = _form(request, customer, at_desk=at_desk)
    if request.method == "POST":
        row = carried_out(form, lambda cleaned: _opened(actor, form, customer.id, cleaned))
        if row is not None:
            said = gettext("Commission %(number)s is open.") % {"number": row.number}
            return done(request, said, reverse("commission", args=[row.id]))
    context = {"form": form, "customer": customer, "at_desk": at_desk, "searched": wanted_text(request)}
    context["may_register"] = may(actor, "instrument.register", OwnedBy(customer.id))
    return page(request, "commissions/new.html", context, status=form.status)


def choosable(customer_id: UUID, text: str = "", extra: tuple[UUID, ...] = ()) -> list[Any]:
    """Return the customer's instruments that may be sent in, those that were asked for first."""
    wanted = [row for row in instruments_by_id(extra).values() if row.owner_id == customer_id]
    found = instruments(InstrumentFilter(text=text, owner_id=customer_id), size=LARGEST_SIZE)
    rows = {row.id: row for row in (*wanted, *found)}
    busy = (InstrumentState.AWAY, InstrumentState.RETIRED)
    return [row for row in rows.values() if row.state not in busy]


def _customer(request: HttpRequest, actor: Actor) -> Any:
    own = own_or_all(actor, "commission.open")
    if own is not None:
        return organization(own)
    given = uuid_of(request.POST.get("customer") or request.GET.get("customer", ""))
    if given is None:
        first = next(iter(instruments_by_id(_asked(request)).values()), None)
        given = first.owner_id if first else None
    return organization(given) if given else None


def _choose_customer(request: HttpRequest) -> HttpResponse:
    text = wanted_text(request)
    found = organizations(text=text, size=CHOSEN_FROM)
    return page(request, "commissions/choose_customer.html", {"found": found, "searched": text})


def _form(request: HttpRequest, customer: Any, *, at_desk: bool) -> OrderForm:
    asked = _asked(request)
    contact = next(iter(contacts_of(customer.id)), None)
    first = {
        "kind": "calibration",
        "items": asked,
        "contact_name": contact.name if contact else "",
        "contact_phone": contact.phone if contact else "",
        "accept_now": True,
        "is_here": True,
        "due_date": "no",
        "fee_kind": "charged",
        "decision_rule": "none",
    }
    rows = choosable(customer.id, wanted_text(request), asked)
    kind = DeskForm if at_desk else OrderForm
    return kind(posted(request), instruments=rows, initial=first)


def _opened(actor: Actor, form: NounForm, customer_id: UUID, cleaned: dict[str, Any]) -> Any:
    if not isinstance(form, OrderForm):
        raise TypeError("the order is a form of orders")
    facts = CommissionFacts(
        customer_id=customer_id,
        kind=cleaned["kind"],
        contact_name=cleaned["contact_name"],
        contact_phone=cleaned["contact_phone"],
        note=" ".join(cleaned["note"].split()),
    )
    items = form.item_facts()
    if not isinstance(form, DeskForm):
        return open_verb(actor=actor, facts=facts, items=items, now=utc_now())
    intake = Intake(
        agreement=form.agreement if cleaned["accept_now"] else None,
        is_here=cleaned["is_here"],
        place=cleaned["place"],
    )
    return take_in(actor=actor, facts=facts, items=items, intake=intake, now=utc_now())


def _asked(request: HttpRequest) -> tuple[UUID, ...]:
    given = (uuid_of(text) for text in request.GET.getlist("item") + request.POST.getlist("items"))
    return tuple(key for key in given if key is not None)


def uuid_of(text: str) -> UUID | None:
    """Read an id from an address; None where it is none."""
    try:
        return UUID(text)
    except ValueError:
        return None
