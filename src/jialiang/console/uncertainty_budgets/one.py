"""One version of a budget: what it says, what it changed, its way, and the decision of its review."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_http_methods, require_safe

from jialiang.base.uncertainty_budgets.selectors import (
    BudgetVersion,
    budget_steps,
    budget_version,
    uncertainty_budget,
    version_before,
    versions_of,
)
from jialiang.console.asking import done
from jialiang.console.measurement_science.budget_faults import fault_of
from jialiang.console.measurement_science.budget_result import shown_result
from jialiang.console.measurement_science.budget_sheet import BudgetSheet, sheet_of_document
from jialiang.console.requests import who
from jialiang.console.scope_of_reading import may
from jialiang.console.shell import page
from jialiang.console.uncertainty_budgets.wording import input_line, interval_words
from jialiang.console.units import symbol_of
from jialiang.functions import uncertainty_budgets as verbs
from jialiang.functions.deed import permit
from jialiang.information.budget_templates.difference import changes_between
from jialiang.information.budget_templates.template import read_template
from jialiang.information.procedures import procedure
from jialiang.information.science_questions import evaluate_budget
from jialiang.kernel.clock import utc_now
from jialiang.kernel.errors import InvalidInput, JialiangError, NotAllowed
from jialiang.security.actor import Actor
from jialiang.vocabulary.statuses import BudgetState

READ = "uncertainty_budget.read"
STEPS = {
    "uncertainty_budget.create": gettext_noop("Draft begun"),
    "uncertainty_budget.change": gettext_noop("Draft written"),
    "uncertainty_budget.submit": gettext_noop("Submitted for review"),
    "uncertainty_budget.return": gettext_noop("Returned to its author"),
    "uncertainty_budget.approve": gettext_noop("Put into force"),
    "uncertainty_budget.supersede": gettext_noop("Superseded by a new version"),
    "uncertainty_budget.withdraw": gettext_noop("Withdrawn"),
}
SAID = {
    "submit": gettext_noop("The budget waits for its review."),
    "approve": gettext_noop("The budget is in force: calibrations are evaluated by it from now on."),
    "return": gettext_noop("The budget went back to its author, with your reason."),
    "withdraw": gettext_noop("The budget is withdrawn; records evaluated by it keep it."),
}


@login_required
@require_safe
def budget_of_institute(request: HttpRequest, budget_id: UUID) -> HttpResponse:
    """Go on to the newest version of a budget."""
    row = uncertainty_budget(budget_id)
    permit(who(request), READ, row)
    return HttpResponseRedirect(reverse("budget_version", args=[versions_of(row.id)[0].id]))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def version_page(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Show a version; POST submits, approves, returns or withdraws it (``act``)."""
    row = budget_version(version_id)
    permit(who(request), READ, row)
    if request.method == "POST":
        return _decided(request, row)
    return _page(request, row)


@login_required
@require_safe
def version_document(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Hand out the template of a version as a file."""
    row = budget_version(version_id)
    permit(who(request), READ, row)
    response = JsonResponse(row.document, json_dumps_params={"ensure_ascii": False, "indent": 2})
    name = f"{row.budget.code}-{row.number}.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _decided(request: HttpRequest, row: BudgetVersion) -> HttpResponse:
    act, reason = request.POST.get("act", ""), request.POST.get("reason", "")
    actor, now = who(request), utc_now()
    try:
        if act == "submit":
            verbs.submit(actor=actor, version_id=row.id, now=now)
        elif act == "approve":
            verbs.approve(actor=actor, version_id=row.id, seen_digest=request.POST.get("seen", ""), now=now)
        elif act == "return":
            verbs.return_budget(actor=actor, version_id=row.id, reason=reason, now=now)
        elif act == "withdraw":
            verbs.withdraw(actor=actor, version_id=row.id, reason=reason, now=now)
        else:
            raise Http404
    except NotAllowed:
        raise
    except JialiangError as problem:
        return _page(request, budget_version(row.id), problem=problem)
    return done(request, gettext(SAID[act]), reverse("budget_version", args=[row.id]))


def _page(
    request: HttpRequest, row: BudgetVersion, *, problem: JialiangError | None = None
) -> HttpResponse:
    actor, before = who(request), version_before(row)
    steps = [(step, gettext(STEPS.get(step.action, step.action))) for step in budget_steps(row.budget_id)]
    versions = versions_of(row.budget_id)
    context = {
        "row": row,
        "problem": problem,
        "procedure": procedure(row.budget.procedure),
        "interval": interval_words(row.minimum, row.maximum),
        "unit": symbol_of(row.unit),
        "versions": versions,
        "before": before,
        "changes": changes_between(before.document, row.document) if before else (),
        "steps": [pair for pair in reversed(steps) if pair[0].budget_version_id == row.id],
        "formulas": _formulas(row),
        "inputs": [input_line(item) for item in read_template(row.document).inputs],
        "reason": request.POST.get("reason", ""),
        **_deeds(actor, row, is_newest=versions[0].id == row.id),
        **_tried(row),
    }
    status = problem.http_status if problem else 200
    return page(request, "uncertainty_budgets/one.html", context, status=status)


def _deeds(actor: Actor, row: BudgetVersion, *, is_newest: bool) -> dict[str, bool]:
    """Say what the person may do with the version now."""
    is_waiting = row.state == BudgetState.IN_REVIEW
    return {
        "may_edit": is_newest and not is_waiting and may(actor, "uncertainty_budget.change"),
        "may_submit": row.state == BudgetState.DRAFT and may(actor, "uncertainty_budget.submit"),
        "may_review": is_waiting and may(actor, "uncertainty_budget.approve"),
        "may_withdraw": row.ended_at is None and may(actor, "uncertainty_budget.withdraw"),
    }


def _formulas(row: BudgetVersion) -> list[tuple[str, str]]:
    given = row.document["model"].get("expr") or {}
    return [("", str(given))] if isinstance(given, str) else [(str(n), str(e)) for n, e in given.items()]


def _tried(row: BudgetVersion) -> dict[str, Any]:
    """Return the result of the trial numbers in the form of the desk, or what is wrong with them."""
    try:
        document = _with_unit(row)
        return {"sheet": sheet_of_document(document), "result": shown_result(evaluate_budget(document))}
    except InvalidInput as problem:
        return {"sheet": BudgetSheet(), "faults": [fault_of(problem, BudgetSheet())]}


def _with_unit(row: BudgetVersion) -> dict[str, Any]:
    """Return the document with the version's unit at each result that names none: the trial numbers are in it."""
    document: dict[str, Any] = row.document
    units = document["model"].get("unit")
    if not row.unit or not isinstance(units, dict):
        return document
    stated = {name: unit or row.unit for name, unit in units.items()}
    return document | {"model": document["model"] | {"unit": stated}}
