"""Registering and changing an instrument, and taking it out of use, back, or away for good."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop

from jialiang.base.instruments.facts import InstrumentFacts
from jialiang.base.instruments.selectors import instrument as instrument_row
from jialiang.base.instruments.selectors import ledger_facts
from jialiang.base.organizations.selectors import organization, organizations
from jialiang.console.asking import Crumb, FormPage, done, form_page, posted, way_back
from jialiang.console.instruments.forms import ChangeForm, MoveForm, RegisterForm, province_options
from jialiang.console.merging import Merge, as_read, collision
from jialiang.console.noun_forms import carried_out, facts_from, members_changed
from jialiang.console.requests import who
from jialiang.console.units import by_symbol
from jialiang.console.wording import in_words
from jialiang.functions import instruments as verbs
from jialiang.functions.deed import permit
from jialiang.governance.data_elements import columns
from jialiang.kernel.clock import utc_now
from jialiang.kernel.errors import NotFound
from jialiang.security.actor import Actor
from jialiang.security.policy import limit
from jialiang.security.tenancy.paging import LARGEST_SIZE

MOVES = {
    "suspend": (
        verbs.suspend,
        gettext_noop("Take out of use"),
        gettext_noop("From now on it counts as out of use, whatever its certificates say."),
    ),
    "restore": (
        verbs.restore,
        gettext_noop("Put back into service"),
        gettext_noop("Whether it is fit for use follows from its certificates, not from this decision."),
    ),
    "retire": (
        verbs.retire,
        gettext_noop("Scrap for good"),
        gettext_noop(
            "This cannot be undone: the record and its history stay,"
            " nothing can be done with the instrument any more."
        ),
    ),
}


@login_required
def register_instrument(request: HttpRequest) -> HttpResponse:
    """Show the empty record, or register what was typed."""
    actor = who(request)
    permit(actor, "instrument.register")
    owners = _owners(actor, request.GET.get("owner", ""))
    first = {"owner_id": request.GET.get("owner", owners[0][0] if len(owners) == 1 else "")}
    form = RegisterForm(posted(request), owners=owners, initial=first)
    if request.method == "POST":
        row = carried_out(form, lambda cleaned: _registered(actor, cleaned))
        if row is not None:
            said = gettext("Registered: %(name)s") % {"name": in_words(row.name)}
            return done(request, said, way_back(request, reverse("instrument", args=[row.id])))
    ledger = reverse("instruments")
    around = FormPage(
        title=gettext("Register an instrument"),
        verb=gettext("Register the instrument"),
        back=ledger,
        crumbs=(Crumb(gettext("Instruments"), ledger),),
        intro=gettext("One record for each instrument, as on its type plate."),
    )
    return form_page(request, form, around, **_lists())


@login_required
def change(request: HttpRequest, instrument_id: UUID) -> HttpResponse:
    """Show the record for changing, or change what differs; a collision with another person is shown and asked."""
    actor, row = who(request), instrument_row(instrument_id)
    permit(actor, "instrument.change", row)
    stored = columns(ledger_facts(instrument_id))
    first = stored | {"version": row.version, "as_read": as_read(stored)}
    form = ChangeForm(posted(request), initial=first)
    if request.method == "POST" and form.is_valid():
        merge = form.merge(stored, row.version)
        if merge.clashes:
            return collision(request, form, merge, stored=stored, version=row.version, title=row.name)
        if (
            carried_out(form, lambda cleaned: _changed(actor, row, stored, merge, cleaned["reason"]))
            is not None
        ):
            return done(
                request, gettext("The record is changed; the old values stay in the history."), _page_of(row)
            )
    around = FormPage(
        title=gettext("Change the record"),
        verb=gettext("Save the changes"),
        back=_page_of(row),
        crumbs=_crumbs(row),
    )
    return form_page(request, form, around, **_lists())


@login_required
def move(request: HttpRequest, instrument_id: UUID, verb: str) -> HttpResponse:
    """Ask for the reason, then suspend, restore or retire."""
    if verb not in MOVES:
        raise Http404
    act, title, intro = MOVES[verb]
    actor, row = who(request), instrument_row(instrument_id)
    permit(actor, f"instrument.{verb}", row)
    form = MoveForm(posted(request))
    if (
        request.method == "POST"
        and carried_out(
            form,
            lambda cleaned: act(actor=actor, instrument_id=row.id, reason=cleaned["reason"], now=utc_now()),
        )
        is not None
    ):
        said = gettext("%(deed)s: %(name)s") % {"deed": gettext(title), "name": in_words(row.name)}
        return done(request, said, _page_of(row))
    around = FormPage(
        title=gettext(title),
        verb=gettext(title),
        back=_page_of(row),
        crumbs=_crumbs(row),
        intro=gettext(intro),
    )
    return form_page(request, form, around)


def _registered(actor: Actor, cleaned: dict[str, Any]) -> Any:
    owner_id = UUID(cleaned["owner_id"])
    return verbs.register(
        actor=actor, facts=facts_from(InstrumentFacts, cleaned), owner_id=owner_id, now=utc_now()
    )


def _changed(actor: Actor, row: Any, stored: dict[str, Any], merge: Merge, reason: str) -> Any:
    return verbs.change(
        actor=actor,
        instrument_id=row.id,
        changes=members_changed(InstrumentFacts, stored, merge.changes),
        expected_version=row.version,
        reason=reason,
        now=utc_now(),
    )


def _owners(actor: Actor, given: str) -> list[tuple[str, str]]:
    narrowed = limit(actor, "instrument.register")
    if narrowed is not None:
        own = narrowed.organization_id
        return [(str(own), in_words(organization(own).name))] if own else []
    rows = {str(row.id): in_words(row.name) for row in organizations(size=LARGEST_SIZE)}
    if given and given not in rows:
        with suppress(ValueError, NotFound):
            rows[given] = in_words(organization(UUID(given)).name)
    first = [("", gettext("Choose…"))] if len(rows) > 1 else []
    return first + sorted(rows.items(), key=lambda pair: pair[1])


def _lists() -> dict[str, Any]:
    return {"units": sorted(by_symbol()), "provinces": province_options()}


def _page_of(row: Any) -> str:
    return reverse("instrument", args=[row.id])


def _crumbs(row: Any) -> tuple[Crumb, ...]:
    return Crumb(gettext("Instruments"), reverse("instruments")), Crumb(in_words(row.name), _page_of(row))
