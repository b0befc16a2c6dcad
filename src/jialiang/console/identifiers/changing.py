"""Changing the values of a record, and moving it through its states."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop

from jialiang.base.identifier_templates.selectors import record_template, template_by_code
from jialiang.base.identifiers.records import StoredRecord
from jialiang.base.identifiers.selectors import record_by_id
from jialiang.console.asking import Crumb, FormPage, done, form_page, posted
from jialiang.console.identifiers.forms import ChangeForm, ReasonForm, RemarkForm, values_at_first
from jialiang.console.noun_forms import NounForm, carried_out
from jialiang.console.requests import who
from jialiang.formats.identifier_templates.items import RecordTemplate
from jialiang.functions import identifiers as verbs
from jialiang.functions.deed import permit
from jialiang.kernel.clock import utc_now
from jialiang.vocabulary.statuses import IdentifierState

RESERVED, ACTIVE, SUSPENDED, RETIRED = IdentifierState
Act = Callable[..., Any]
DEEDS: dict[str, tuple[tuple[IdentifierState, ...], type[NounForm], Act, str, str]] = {
    # from which states, form, verb, title, what it means
    "activate": (
        (RESERVED,),
        RemarkForm,
        verbs.activate,
        gettext_noop("Activate the identifier"),
        gettext_noop("From now on everyone can resolve it."),
    ),
    "suspend": (
        (ACTIVE,),
        ReasonForm,
        verbs.suspend,
        gettext_noop("Suspend the identifier"),
        gettext_noop("It is not resolved until it is resumed; its values stay."),
    ),
    "resume": (
        (SUSPENDED,),
        RemarkForm,
        verbs.resume,
        gettext_noop("Resume the identifier"),
        gettext_noop("It is resolved again."),
    ),
    "retire": (
        (RESERVED, ACTIVE, SUSPENDED),
        ReasonForm,
        verbs.retire,
        gettext_noop("Retire the identifier"),
        gettext_noop("For good: its history stays, its name is never given again."),
    ),
}


@login_required
def change_identifier(request: HttpRequest, identifier_id: UUID) -> HttpResponse:
    """Show the values as they are, or write new ones."""
    actor, record = who(request), record_by_id(identifier_id)
    permit(actor, "identifier.change", record)
    template = template_of(record)
    form = ChangeForm(
        posted(request),
        template=template,
        before=record.record.values,
        initial=values_at_first(record, template),
    )

    def act(cleaned: dict[str, Any]) -> Any:
        return verbs.replace_values(
            actor=actor,
            name=record.name,
            values=form.values(),
            codes=cleaned["codes"],
            expected_version=cleaned["version"],
            now=utc_now(),
        )

    here = reverse("identifier", args=[record.id])
    if request.method == "POST" and carried_out(form, act) is not None:
        return done(request, gettext("The values are saved."), here)
    title = gettext("Change the values")
    intro = gettext("The version before stays in the history.")
    return form_page(request, form, FormPage(title, gettext("Save the values"), here, _crumbs(record), intro))


@login_required
def move_identifier(request: HttpRequest, identifier_id: UUID, deed: str) -> HttpResponse:
    """Ask for the reason of a deed, then do it."""
    if deed not in DEEDS:
        raise Http404
    _, form_kind, verb, title, intro = DEEDS[deed]
    actor, record = who(request), record_by_id(identifier_id)
    permit(actor, f"identifier.{deed}", record)
    form = form_kind(posted(request))

    def act(cleaned: dict[str, Any]) -> Any:
        return verb(actor=actor, name=record.name, reason=cleaned["reason"], now=utc_now())

    here = reverse("identifier", args=[record.id])
    if request.method == "POST" and carried_out(form, act) is not None:
        said = gettext("%(deed)s: %(name)s") % {"deed": gettext(title), "name": record.name}
        return done(request, said, here)
    around = FormPage(gettext(title), gettext(title), here, _crumbs(record), gettext(intro))
    return form_page(request, form, around)


def template_of(record: StoredRecord) -> RecordTemplate | None:
    """Return the template of a record, None where it has none or one that is not kept here."""
    row = template_by_code(record.name.partition("/")[0], record.template) if record.template else None
    return record_template(row) if row else None


def _crumbs(record: StoredRecord) -> tuple[Crumb, ...]:
    return (
        Crumb(gettext("Identifiers"), reverse("identifiers")),
        Crumb(record.name, reverse("identifier", args=[record.id])),
    )
