"""Registering a standard, giving it certificates, recording checks, suspending and resuming."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop

from jialiang.base.measurement_standards.facts import CheckFacts, StandardFacts
from jialiang.base.measurement_standards.selectors import standard
from jialiang.console.asking import Crumb, FormPage, done, form_page, posted, this_day
from jialiang.console.measurement_standards.forms import (
    CheckForm,
    DigitalForm,
    MoveForm,
    PaperForm,
    StandardForm,
    content_of_upload,
)
from jialiang.console.noun_forms import carried_out, facts_from
from jialiang.console.requests import who
from jialiang.console.units import by_symbol
from jialiang.console.wording import in_words
from jialiang.functions import measurement_standards as verbs
from jialiang.functions.deed import permit
from jialiang.kernel.clock import utc_now

ADD = "measurement_standard.add_certificate"
MOVES = {
    "suspend": (
        verbs.suspend,
        gettext_noop("Suspend"),
        gettext_noop("Work with it stops at once, in drafts too."),
    ),
    "resume": (
        verbs.resume,
        gettext_noop("Take into use again"),
        gettext_noop("Its certificate still decides."),
    ),
}


@login_required
def register_standard(request: HttpRequest) -> HttpResponse:
    """Show the empty record, or register what was typed."""
    actor = who(request)
    permit(actor, "measurement_standard.register")
    form = StandardForm(posted(request))
    if request.method == "POST":
        row = carried_out(
            form,
            lambda cleaned: verbs.register(
                actor=actor, facts=facts_from(StandardFacts, cleaned), now=utc_now()
            ),
        )
        if row is not None:
            said = gettext("Registered: %(name)s. It carries no work until it has a certificate.")
            return done(request, said % {"name": in_words(row.name)}, _page_of(row))
    ledger = reverse("measurement_standards")
    around = FormPage(
        title=gettext("Register a measurement standard"),
        verb=gettext("Register the standard"),
        back=ledger,
        crumbs=(Crumb(gettext("Measurement standards"), ledger),),
    )
    return form_page(request, form, around, units=sorted(by_symbol()))


@login_required
def add_digital_certificate(request: HttpRequest, standard_id: UUID) -> HttpResponse:
    """Take a DCC: read it, examine its signature, keep it."""
    actor, row = who(request), standard(standard_id)
    permit(actor, ADD, row)
    form = DigitalForm(posted(request), request.FILES or None)

    def act(cleaned: dict[str, Any]) -> Any:
        return verbs.add_digital_certificate(
            actor=actor,
            standard_id=row.id,
            xml=content_of_upload(cleaned["file"]),
            valid_until=cleaned["valid_until"],
            now=utc_now(),
        )

    if request.method == "POST":
        added = carried_out(form, act)
        if added is not None:
            return done(
                request,
                gettext("Certificate %(number)s is read and kept.") % {"number": added.number},
                _page_of(row),
            )
    intro = gettext("Number, validity, values, U and k are read from the file; its signature is examined.")
    around = _around(
        row, gettext("Add a digital certificate"), gettext("Read the certificate"), intro, multipart=True
    )
    return form_page(request, form, around)


@login_required
def add_certificate(request: HttpRequest, standard_id: UUID) -> HttpResponse:
    """Take a certificate of paper or PDF."""
    actor, row = who(request), standard(standard_id)
    permit(actor, ADD, row)
    form = PaperForm(
        posted(request), request.FILES or None, initial={"unit": row.unit, "coverage_factor": "2"}
    )

    def act(cleaned: dict[str, Any]) -> Any:
        upload = content_of_upload(cleaned["file"])
        return verbs.add_certificate(
            actor=actor, standard_id=row.id, facts=form.facts, file=upload, now=utc_now()
        )

    if request.method == "POST":
        added = carried_out(form, act)
        if added is not None:
            return done(
                request, gettext("Certificate %(number)s is kept.") % {"number": added.number}, _page_of(row)
            )
    intro = gettext("For a DCC take its file instead: nothing has to be typed, and the chain can be proven.")
    around = _around(
        row,
        gettext("Add a certificate of paper or PDF"),
        gettext("Add the certificate"),
        intro,
        multipart=True,
    )
    return form_page(request, form, around, units=sorted(by_symbol()))


@login_required
def record_check(request: HttpRequest, standard_id: UUID) -> HttpResponse:
    """Record one check observation."""
    actor, row = who(request), standard(standard_id)
    permit(actor, "measurement_standard.record_check", row)
    form = CheckForm(posted(request), initial={"unit": row.unit, "observed_on": this_day().isoformat()})

    def act(cleaned: dict[str, Any]) -> Any:
        said = cleaned | {"observed_on": cleaned["observed_on"].isoformat()}
        return verbs.record_check(
            actor=actor, standard_id=row.id, facts=facts_from(CheckFacts, said), now=utc_now()
        )

    if request.method == "POST" and carried_out(form, act) is not None:
        return done(request, gettext("The check is recorded."), _page_of(row) + "#checks")
    intro = gettext("As read off, with all its digits; the chart below the standard judges it.")
    around = _around(row, gettext("Record a check"), gettext("Record the check"), intro)
    return form_page(request, form, around, units=sorted(by_symbol()))


@login_required
def move(request: HttpRequest, standard_id: UUID, verb: str) -> HttpResponse:
    """Ask for the reason, then suspend or resume."""
    if verb not in MOVES:
        raise Http404
    act, title, intro = MOVES[verb]
    actor, row = who(request), standard(standard_id)
    permit(actor, f"measurement_standard.{verb}", row)
    form = MoveForm(posted(request))
    if (
        request.method == "POST"
        and carried_out(
            form,
            lambda cleaned: act(actor=actor, standard_id=row.id, reason=cleaned["reason"], now=utc_now()),
        )
        is not None
    ):
        said = gettext("%(deed)s: %(name)s") % {"deed": gettext(title), "name": in_words(row.name)}
        return done(request, said, _page_of(row))
    return form_page(request, form, _around(row, gettext(title), gettext(title), gettext(intro)))


def _around(row: Any, title: str, verb: str, intro: str, *, multipart: bool = False) -> FormPage:
    crumbs = (
        Crumb(gettext("Measurement standards"), reverse("measurement_standards")),
        Crumb(in_words(row.name), _page_of(row)),
    )
    return FormPage(title, verb, _page_of(row), crumbs, intro, multipart)


def _page_of(row: Any) -> str:
    return reverse("measurement_standard", args=[row.id])
