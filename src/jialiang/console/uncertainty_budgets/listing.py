"""The list of uncertainty budgets: what waits for a review first, then the newest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, gettext_noop

from jialiang.base.uncertainty_budgets.selectors import (
    count_uncertainty_budgets,
    uncertainty_budgets,
)
from jialiang.console.asking import View, chosen, listed, wanted_text
from jialiang.console.paging import PAGE_SIZE
from jialiang.console.requests import who
from jialiang.console.scope_of_reading import may
from jialiang.console.shell import page
from jialiang.console.uncertainty_budgets.wording import interval_words
from jialiang.console.units import symbol_of
from jialiang.functions.deed import permit
from jialiang.information.procedures import procedures
from jialiang.kernel.text import Text
from jialiang.security.tenancy.paging import Page
from jialiang.vocabulary.statuses import BudgetState

ALL = "all"
VIEWS = {
    ALL: gettext_noop("All"),
    BudgetState.IN_FORCE.value: gettext_noop("In force"),
    BudgetState.IN_REVIEW.value: gettext_noop("Waiting for review"),
    BudgetState.DRAFT.value: gettext_noop("Drafts"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A budget of the list: its newest version, and the one in force where that is another."""

    row: Any
    newest: Any
    held: Any
    procedure: Text
    interval: str
    unit: str


@login_required
def budgets_of_institute(request: HttpRequest) -> HttpResponse:
    """List the budgets of the institute."""
    actor = who(request)
    permit(actor, "uncertainty_budget.read")
    text = wanted_text(request)
    view = chosen(request, "view", VIEWS, ALL)
    state = "" if view == ALL else view
    found = uncertainty_budgets(text=text, state=state, after=request.GET.get("after", ""), size=PAGE_SIZE)
    lines = Page(tuple(_line(row) for row in found), found.next_after)
    numbers = {key: count_uncertainty_budgets(state="" if key == ALL else key) for key in VIEWS}
    context = {
        "views": [View(key, gettext(name), numbers[key], key == view) for key, name in VIEWS.items()],
        "view": view,
        "searched": text,
        "list_page": listed(request, lines, count_uncertainty_budgets(text=text, state=state)),
        "may_create": may(actor, "uncertainty_budget.create"),
    }
    return page(request, "uncertainty_budgets/list.html", context)


def _line(row: Any) -> Line:
    versions = sorted(row.versions.all(), key=lambda version: -version.number)
    newest = versions[0]
    held = next((version for version in versions if version.state == BudgetState.IN_FORCE), None)
    plan = procedures().get(row.procedure)
    return Line(
        row=row,
        newest=newest,
        held=held,
        procedure=plan.name if plan else Text(row.procedure, row.procedure),
        interval=interval_words(newest.minimum, newest.maximum),
        unit=symbol_of(newest.unit),
    )
