"""Opening a round, enrolling laboratories, entering results, giving a round up."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from jialiang.base.comparison_rounds.facts import ParticipantFacts, ResultFacts, RoundFacts
from jialiang.base.comparison_rounds.selectors import (
    ComparisonRound,
    artefacts_of,
    comparison_round,
    participant_of,
    participants_of,
)
from jialiang.base.organizations.selectors import organizations
from jialiang.console.asking import Crumb, FormPage, done, form_page, posted
from jialiang.console.comparison_rounds.forms import CallOffForm, ParticipantForm, ResultForm, RoundForm
from jialiang.console.noun_forms import carried_out, facts_from
from jialiang.console.requests import who
from jialiang.console.units import by_symbol
from jialiang.functions import comparison_rounds as verbs
from jialiang.functions.deed import permit
from jialiang.kernel.clock import utc_now
from jialiang.kernel.text import Text
from jialiang.security.tenancy.paging import LARGEST_SIZE


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def open_round(request: HttpRequest) -> HttpResponse:
    """Show the empty form, or open a round with its artefacts."""
    actor = who(request)
    permit(actor, "comparison_round.open")
    form = RoundForm(posted(request))

    def act(cleaned: dict[str, Any]) -> ComparisonRound:
        facts = facts_from(RoundFacts, cleaned)
        return verbs.open_round(actor=actor, facts=facts, artefacts=form.artefacts, now=utc_now())

    if request.method == "POST":
        row = carried_out(form, act)
        if row is not None:
            said = gettext("Comparison %(number)s is open; enrol its participants.") % {"number": row.number}
            return done(request, said, reverse("comparison_round", args=[row.id]))
    ledger = reverse("comparison_rounds")
    around = FormPage(
        title=gettext("Open a comparison round"),
        verb=gettext("Open the round"),
        back=ledger,
        crumbs=(Crumb(gettext("Comparison rounds"), ledger),),
    )
    return form_page(request, form, around, units=sorted(by_symbol()))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: HttpRequest, round_id: UUID) -> HttpResponse:
    """Show the form of a participant, or enrol it."""
    actor, row = who(request), comparison_round(round_id)
    permit(actor, "comparison_round.enrol", row)
    form = ParticipantForm(posted(request), organizations=list(organizations(size=LARGEST_SIZE)))

    def act(cleaned: dict[str, Any]) -> Any:
        chosen = UUID(cleaned["organization"]) if cleaned["organization"] else None
        name = Text(cleaned["name_zh"], cleaned["name_en"])
        facts = ParticipantFacts(organization_id=chosen, name=name, code=cleaned["code"])
        return verbs.enrol(actor=actor, round_id=row.id, facts=facts, now=utc_now())

    if request.method == "POST":
        added = carried_out(form, act)
        if added is not None:
            return done(request, gettext("%(code)s is enrolled.") % {"code": added.code}, _home(row))
    around = _around(row, gettext("Enrol a participant"), gettext("Enrol"))
    return form_page(request, form, around)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def enter_results(request: HttpRequest, round_id: UUID) -> HttpResponse:
    """Show the form of a result, or enter it; it stays open for the next one."""
    actor, row = who(request), comparison_round(round_id)
    permit(actor, "comparison_round.enter_result", row)
    first = {"participant": request.GET.get("participant", ""), "artefact": request.GET.get("artefact", "1")}
    form = ResultForm(
        posted(request),
        initial=first,
        participants=participants_of(row.id),
        artefacts=artefacts_of(row.id),
    )

    def act(cleaned: dict[str, Any]) -> Any:
        return verbs.enter_result(
            actor=actor,
            participant_id=participant_of(row.id, UUID(cleaned["participant"])).id,
            artefact=int(cleaned["artefact"]),
            facts=facts_from(ResultFacts, cleaned),
            now=utc_now(),
        )

    if request.method == "POST" and carried_out(form, act) is not None:
        return done(request, gettext("The result is entered."), _home(row))
    around = _around(row, gettext("Enter a result"), gettext("Enter"))
    return form_page(request, form, around)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, round_id: UUID) -> HttpResponse:
    """Ask for the reason, or give the round up."""
    actor, row = who(request), comparison_round(round_id)
    permit(actor, "comparison_round.cancel", row)
    form = CallOffForm(posted(request))

    def act(cleaned: dict[str, Any]) -> ComparisonRound:
        return verbs.cancel(actor=actor, round_id=row.id, reason=cleaned["reason"], now=utc_now())

    if request.method == "POST" and carried_out(form, act) is not None:
        return done(request, gettext("The comparison is cancelled."), _home(row))
    around = _around(row, gettext("Cancel the comparison"), gettext("Cancel the comparison"))
    return form_page(request, form, around)


def _home(row: ComparisonRound) -> str:
    return reverse("comparison_round", args=[row.id])


def _around(row: ComparisonRound, title: str, verb: str) -> FormPage:
    ledger = reverse("comparison_rounds")
    crumbs = (Crumb(gettext("Comparison rounds"), ledger), Crumb(row.number, _home(row)))
    return FormPage(title=title, verb=verb, back=_home(row), crumbs=crumbs)
