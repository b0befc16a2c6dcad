"""Writing a budget: begun from the shipped template, edited in rows with live evaluation, saved as a draft."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from jialiang.base.uncertainty_budgets.facts import BudgetFacts, VersionFacts
from jialiang.base.uncertainty_budgets.selectors import BudgetVersion, budget_version
from jialiang.console.asking import Crumb, FormPage, done, form_page, posted
from jialiang.console.measurement_science.budget_faults import Fault, faults_of_sheet
from jialiang.console.measurement_science.budget_sheet import (
    BudgetSheet,
    document_of_sheet,
    sheet_of_document,
    sheet_of_form,
)
from jialiang.console.measurement_science.budgets import MORE_ROWS, editor_context, evaluated
from jialiang.console.measurement_science.certificate_inputs import ACTS, with_certificate
from jialiang.console.noun_forms import carried_out
from jialiang.console.requests import who
from jialiang.console.shell import page
from jialiang.console.uncertainty_budgets.forms import BudgetForm
from jialiang.console.units import by_symbol, symbol_of
from jialiang.console.wording import in_words
from jialiang.functions import uncertainty_budgets as verbs
from jialiang.functions.deed import permit
from jialiang.information.budget_templates.shipped_templates import shipped_template
from jialiang.kernel.clock import utc_now
from jialiang.kernel.errors import JialiangError, NotAllowed
from jialiang.kernel.text import Text

SCOPE = ("minimum", "maximum", "change_note")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def begin_budget(request: HttpRequest) -> HttpResponse:
    """Show the empty form, or begin a budget from the shipped template of its procedure."""
    actor = who(request)
    permit(actor, "uncertainty_budget.create")
    form = BudgetForm(posted(request))

    def act(cleaned: dict[str, Any]) -> BudgetVersion:
        facts = BudgetFacts(name=Text(cleaned["name_zh"], cleaned["name_en"]), procedure=cleaned["procedure"])
        scope = {name: cleaned[name] for name in ("unit", "minimum", "maximum", "quantity_kind")}
        document = shipped_template(cleaned["procedure"])
        first = VersionFacts(**scope, document=document, change_note="")
        return verbs.create(actor=actor, facts=facts, first=first, now=utc_now())

    if request.method == "POST":
        row = carried_out(form, act)
        if row is not None:
            said = gettext("%(code)s is begun from the shipped template; change it and submit it for review.")
            return done(request, said % {"code": row.budget.code}, reverse("budget_version_edit", args=[row.id]))
    ledger = reverse("uncertainty_budgets")
    around = FormPage(
        title=gettext("Begin an uncertainty budget"),
        verb=gettext("Begin the draft"),
        back=ledger,
        crumbs=(Crumb(gettext("Uncertainty budgets"), ledger),),
    )
    return form_page(request, form, around, units=sorted(by_symbol()))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_version(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Show the editor with a version; evaluate what was sent with its trial numbers, or save it as a draft."""
    row = budget_version(version_id)
    permit(who(request), "uncertainty_budget.change", row)
    if request.method != "POST":
        sheet = sheet_of_document(row.document)
        return _evaluated(request, row, sheet)
    sheet = sheet_of_form(request.POST)
    if request.POST.get("act") == "rows":
        return _page(request, row, sheet.padded(MORE_ROWS), {})
    if request.POST.get("act") in ACTS:
        found = with_certificate(request, sheet)
        return _page(request, row, sheet.padded(), found, status=422 if "faults" in found else 200)
    if request.POST.get("act") == "save":
        return _saved(request, row, sheet)
    return _evaluated(request, row, sheet)


def _evaluated(request: HttpRequest, row: BudgetVersion, sheet: BudgetSheet) -> HttpResponse:
    found = evaluated(sheet)
    return _page(request, row, sheet, found, status=422 if "faults" in found else 200)


def _saved(request: HttpRequest, row: BudgetVersion, sheet: BudgetSheet) -> HttpResponse:
    document = document_of_sheet(sheet)
    if sheet.wrong:
        return _page(request, row, sheet, {"faults": faults_of_sheet(sheet)}, status=422)
    scope = {name: request.POST.get(name, "").strip() for name in SCOPE}
    facts = VersionFacts(
        unit=row.unit, quantity_kind=row.quantity_kind, document=_with_both_languages(document, row), **scope
    )
    seen = request.POST.get("version", "")
    try:
        saved = verbs.change(
            actor=who(request),
            budget_id=row.budget_id,
            facts=facts,
            now=utc_now(),
            expected_version=int(seen) if seen.isdecimal() and len(seen) < len("9999999999") else None,
        )
    except NotAllowed:
        raise
    except JialiangError as problem:
        fault = Fault("further", f"{in_words(problem.what)} {in_words(problem.way_out)} ({problem.code})")
        return _page(request, row, sheet, {"faults": [fault]}, status=problem.http_status)
    said = gettext("Version %(number)s is saved as a draft.") % {"number": saved.number}
    return done(request, said, reverse("budget_version", args=[saved.id]))


def _with_both_languages(document: dict[str, Any], row: BudgetVersion) -> dict[str, Any]:
    """Keep the title in both languages where the one on the page was not changed."""
    title = row.document.get("title")
    if isinstance(title, Mapping) and document.get("title") == in_words(Text.from_json(dict(title))):
        return document | {"title": dict(title)}
    return document


def _page(
    request: HttpRequest, row: BudgetVersion, sheet: BudgetSheet, more: dict[str, Any], status: int = 200
) -> HttpResponse:
    asked = request.POST if request.method == "POST" else None
    scope = {name: asked.get(name, "") if asked else getattr(row, name) for name in SCOPE}
    context = editor_context(request, sheet.padded(), more) | {
        "row": row,
        "unit": symbol_of(row.unit),
        "scope": scope if asked or row.state == "draft" else scope | {"change_note": ""},
        "editor_url": reverse("budget_version_edit", args=[row.id]),
        "seen_version": asked.get("version", "") if asked else row.version,
    }
    template, fragment = "uncertainty_budgets/edit.html", "measurement_science/parts/budget_answer.html"
    return page(request, template, context, fragment=fragment, status=status)
