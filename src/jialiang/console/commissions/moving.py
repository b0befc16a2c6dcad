"""What happens to a commission and its items: accepted, more items, received, handed over, cancelled."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext

from jialiang.base.commissions.selectors import commission as commission_row
from jialiang.base.commissions.selectors import item as item_row
from jialiang.base.commissions.selectors import items_of
from jialiang.console.asking import Crumb, FormPage, done, form_page, posted, wanted_text
from jialiang.console.commissions.forms import (
    AddItemForm,
    AgreementForm,
    CancelForm,
    HandOverForm,
    ReceiveForm,
)
from jialiang.console.commissions.one import steps_from
from jialiang.console.commissions.opening import choosable
from jialiang.console.noun_forms import carried_out
from jialiang.console.requests import who
from jialiang.console.shell import page
from jialiang.console.wording import in_words
from jialiang.functions import commissions as verbs
from jialiang.functions.deed import permit
from jialiang.functions.intake import add_items
from jialiang.kernel.clock import utc_now
from jialiang.kernel.text import Text
from jialiang.vocabulary.statuses import CustodyState, WorkKind


@login_required
def accept(request: HttpRequest, commission_id: UUID) -> HttpResponse:
    """Ask what was agreed, then accept."""
    actor, row = who(request), commission_row(commission_id)
    permit(actor, "commission.accept", row)
    is_verification = row.kind == WorkKind.LEGAL_VERIFICATION
    first = {"version": row.version, "due_date": "yes" if is_verification else "no", "fee_kind": "charged"}
    first |= {"decision_rule": "simple_acceptance" if is_verification else "none"}
    form = AgreementForm(posted(request), initial=first)

    def act(cleaned: dict[str, Any]) -> Any:
        return verbs.accept(
            actor=actor,
            commission_id=row.id,
            agreement=form.agreement,
            expected_version=cleaned["version"],
            now=utc_now(),
        )

    if request.method == "POST" and carried_out(form, act) is not None:
        said = gettext("Commission %(number)s is accepted.") % {"number": row.number}
        return done(request, said, _page_of(row))
    around = _around(row, gettext("Accept the commission"), gettext("Accept on these terms"))
    return form_page(request, form, around)


@login_required
def add_item(request: HttpRequest, commission_id: UUID) -> HttpResponse:
    """Offer the customer's other instruments, then add those that were chosen."""
    actor, row = who(request), commission_row(commission_id)
    permit(actor, "commission.add_item", row)
    there = {item.instrument_id for item in items_of(row.id)}
    rows = [each for each in choosable(row.customer_id, wanted_text(request)) if each.id not in there]
    form = AddItemForm(posted(request), instruments=rows)

    def act(_cleaned: dict[str, Any]) -> Any:
        return add_items(actor=actor, commission_id=row.id, items=form.item_facts(), now=utc_now())

    if request.method == "POST" and carried_out(form, act) is not None:
        return done(request, gettext("The items are added."), _page_of(row))
    context = {"form": form, "row": row, "searched": wanted_text(request)}
    return page(request, "commissions/add_items.html", context, status=form.status)


@login_required
def cancel(request: HttpRequest, commission_id: UUID) -> HttpResponse:
    """Ask for the reason, then cancel."""
    actor, row = who(request), commission_row(commission_id)
    permit(actor, "commission.cancel", row)
    form = CancelForm(posted(request))
    if (
        request.method == "POST"
        and carried_out(
            form,
            lambda cleaned: verbs.cancel(
                actor=actor, commission_id=row.id, reason=cleaned["reason"], now=utc_now()
            ),
        )
        is not None
    ):
        said = gettext("Commission %(number)s is cancelled.") % {"number": row.number}
        return done(request, said, _page_of(row))
    intro = gettext("Its number stays taken; items that are here go back to the customer.")
    return form_page(
        request, form, _around(row, gettext("Cancel the commission"), gettext("Cancel the commission"), intro)
    )


@login_required
def receive(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Note the condition, then take the item in."""
    actor, item = who(request), item_row(item_id)
    permit(actor, "item.receive", item)
    first = {
        "condition_zh": item.condition_zh,
        "condition_en": item.condition_en,
        "accessories": item.accessories,
    }
    form = ReceiveForm(posted(request), initial=first)

    def act(cleaned: dict[str, Any]) -> Any:
        condition = Text(cleaned["condition_zh"], cleaned["condition_en"])
        return verbs.receive(
            actor=actor,
            item_id=item.id,
            condition=condition,
            accessories=cleaned["accessories"],
            place=cleaned["place"],
            now=utc_now(),
        )

    if request.method == "POST" and carried_out(form, act) is not None:
        return done(
            request, gettext("Taken in: %(name)s") % {"name": _named(item)}, _page_of(item.commission)
        )
    intro = gettext(
        "Anything unusual is noted before the work starts; doubts are settled with the customer first."
    )
    title = gettext("Take in %(name)s") % {"name": _named(item)}
    return form_page(request, form, _around(item.commission, title, gettext("Take the item in"), intro))


@login_required
def hand_over(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Say where the item goes, then move it."""
    actor, item = who(request), item_row(item_id)
    permit(actor, "item.hand_over", item)
    form = HandOverForm(posted(request), places=steps_from(item))

    def act(cleaned: dict[str, Any]) -> Any:
        return verbs.hand_over(
            actor=actor,
            item_id=item.id,
            to=CustodyState(cleaned["to"]),
            place=cleaned["place"],
            note=cleaned["note"],
            now=utc_now(),
        )

    if request.method == "POST" and carried_out(form, act) is not None:
        return done(
            request, gettext("Handed over: %(name)s") % {"name": _named(item)}, _page_of(item.commission)
        )
    title = gettext("Hand over %(name)s") % {"name": _named(item)}
    intro = gettext("With its last item back at the customer a commission is completed.")
    return form_page(request, form, _around(item.commission, title, gettext("Hand the item over"), intro))


def _around(row: Any, title: str, verb: str, intro: str = "") -> FormPage:
    crumbs = (
        Crumb(gettext("Commissions and items"), reverse("commissions")),
        Crumb(row.number, _page_of(row)),
    )
    return FormPage(title=title, verb=verb, back=_page_of(row), crumbs=crumbs, intro=intro)


def _page_of(row: Any) -> str:
    return reverse("commission", args=[row.id])


def _named(item: Any) -> str:
    return f"{in_words(item.instrument.name)} {item.instrument.serial_number}"
