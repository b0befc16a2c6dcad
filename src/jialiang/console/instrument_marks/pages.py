"""The codes and seals of an instrument: what it carries, what was checked, and the forms for both."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext

from jialiang.base.instrument_marks.selectors import identity_checks, instrument_mark, marks_of
from jialiang.base.instruments.selectors import instrument as instrument_row
from jialiang.console.asking import Crumb, FormPage, done, form_page, posted
from jialiang.console.noun_forms import (
    NounForm,
    carried_out,
    day_field,
    facts_from,
    fill_choices,
    options,
    text_field,
)
from jialiang.console.requests import who
from jialiang.console.scope_of_reading import may
from jialiang.console.shell import page
from jialiang.console.wording import in_words
from jialiang.formats.codes.found_marks import CarriedCode
from jialiang.functions import instrument_marks as verbs
from jialiang.functions.deed import permit
from jialiang.kernel.clock import utc_now
from jialiang.vocabulary.statuses import MarkRole, MarkState, label

RECORD, REMOVE, CHECK = "instrument_mark.record", "instrument_mark.remove", "instrument_mark.check"
RECORDED = tuple(role for role in MarkRole if role != MarkRole.IDENTIFIER)
ANY = "any_role"


class MarkForm(NounForm):
    """A code or seal that an instrument carries."""

    noun = "instrument_mark"
    at_field = {"JL-MRK-002": "code"}
    role = forms.ChoiceField()
    code = text_field(100, required=True, autocomplete="off")
    put_by = text_field(100)
    put_on = day_field(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = {role.value for role in RECORDED}
        fill_choices(self, "role", [(value, words) for value, words in options(MarkRole) if value in known])


class RemovalForm(NounForm):
    """Why a code or seal was taken off."""

    noun = "instrument_mark"
    state_reason = text_field(200, required=True)


class FoundForm(NounForm):
    """The codes that somebody found, one a line under what they are for."""

    at_field = {"JL-MRK-005": ANY}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for role in RECORDED:
            self.fields[role.value] = _lines(in_words(label(role)))
        self.fields[ANY] = _lines(gettext("Codes of which you cannot tell what they are for"))
        self.fields[ANY].help_text = gettext("A scanner types here; one code a line.")

    def found(self) -> list[CarriedCode]:
        """Return the codes of a valid form with their roles."""
        names = {role.value: role.value for role in RECORDED} | {ANY: ""}
        return [
            CarriedCode(role, line.strip())
            for name, role in names.items()
            for line in self.cleaned_data[name].splitlines()
            if line.strip()
        ]


@login_required
def instrument_marks(request: HttpRequest, instrument_id: UUID) -> HttpResponse:
    """Show what an instrument carries and carried, and the checks of its identity."""
    actor, row = who(request), instrument_row(instrument_id)
    permit(actor, "instrument.read", row)
    marks = marks_of(row.id)
    context = {
        "row": row,
        "marks": [(mark, in_words(label(MarkRole(mark.role)))) for mark in marks],
        "checks": [(check, [_shown(finding) for finding in check.findings]) for check in identity_checks(row.id)],
        "may_record": may(actor, RECORD, row),
        "may_remove": may(actor, REMOVE, row),
        "may_check": any(mark.state == MarkState.IN_PLACE for mark in marks) and may(actor, CHECK, row),
    }
    return page(request, "instrument_marks/list.html", context)


@login_required
def record_mark(request: HttpRequest, instrument_id: UUID) -> HttpResponse:
    """Ask for a code or seal, then record it."""
    actor, row = who(request), instrument_row(instrument_id)
    permit(actor, RECORD, row)
    form = MarkForm(posted(request))

    def act(cleaned: dict[str, Any]) -> Any:
        return verbs.record(
            actor=actor, instrument_id=row.id, facts=facts_from(verbs.MarkFacts, cleaned), now=utc_now()
        )

    if request.method == "POST" and carried_out(form, act) is not None:
        return done(request, gettext("The code is recorded."), _page_of(row))
    title = gettext("Record a code or seal")
    return form_page(request, form, FormPage(title, title, _page_of(row), _crumbs(row)))


@login_required
def remove_mark(request: HttpRequest, mark_id: UUID) -> HttpResponse:
    """Ask why a code or seal was taken off, then note it."""
    actor, mark = who(request), instrument_mark(mark_id)
    permit(actor, REMOVE, mark.instrument)
    form = RemovalForm(posted(request))

    def act(cleaned: dict[str, Any]) -> Any:
        return verbs.remove(actor=actor, mark_id=mark.id, reason=cleaned["state_reason"], now=utc_now())

    if request.method == "POST" and carried_out(form, act) is not None:
        return done(request, gettext("It is noted that the code was taken off."), _page_of(mark.instrument))
    title = gettext("Take off %(code)s") % {"code": mark.code}
    around = FormPage(title, gettext("Note it"), _page_of(mark.instrument), _crumbs(mark.instrument))
    return form_page(request, form, around)


@login_required
def check_identity(request: HttpRequest, instrument_id: UUID) -> HttpResponse:
    """Ask which codes were found on the instrument, then say which one differs."""
    actor, row = who(request), instrument_row(instrument_id)
    permit(actor, CHECK, row)
    form = FoundForm(posted(request))

    def act(_cleaned: dict[str, Any]) -> Any:
        return verbs.check_identity(actor=actor, instrument_id=row.id, found=form.found(), now=utc_now())

    if request.method == "POST":
        kept = carried_out(form, act)
        if kept is not None:
            said = gettext("All codes agree.") if kept.agrees else gettext("Not all codes agree; see below.")
            return done(request, said, f"{_page_of(row)}#checks")
    title = gettext("Check the identity")
    intro = gettext("Enter every code and seal that you find on the instrument, without looking at the record.")
    return form_page(request, form, FormPage(title, gettext("Compare them"), _page_of(row), _crumbs(row), intro))


def _shown(finding: dict[str, Any]) -> dict[str, Any]:
    role = in_words(label(MarkRole(finding["role"]))) if finding["role"] else "—"
    return finding | {"role": role}


def _lines(words: str) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 2, "spellcheck": "false", "autocomplete": "off"})
    return forms.CharField(required=False, max_length=5000, label=words, widget=widget)


def _crumbs(row: Any) -> tuple[Crumb, ...]:
    return (
        Crumb(gettext("Instruments"), reverse("instruments")),
        Crumb(f"{in_words(row.name)} {row.serial_number}", reverse("instrument", args=[row.id])),
        Crumb(gettext("Codes and seals"), _page_of(row)),
    )


def _page_of(row: Any) -> str:
    return reverse("instrument_marks", args=[row.id])
