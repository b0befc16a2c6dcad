"""The list of comparison rounds, the newest first."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from jialiang.base.comparison_rounds.selectors import (
    comparison_rounds,
    count_comparison_rounds,
    counts_of_rounds_by_state,
)
from jialiang.console.asking import View, chosen, listed, wanted_text
from jialiang.console.paging import PAGE_SIZE
from jialiang.console.requests import who
from jialiang.console.scope_of_reading import may
from jialiang.console.shell import page
from jialiang.console.wording import in_words
from jialiang.functions.deed import permit
from jialiang.vocabulary.statuses import ComparisonRoundState, label

ALL = "all"
VIEWS = (ALL, *(state.value for state in ComparisonRoundState))


@login_required
@require_safe
def rounds(request: HttpRequest) -> HttpResponse:
    """List the rounds of the institute, by state and by words."""
    actor = who(request)
    permit(actor, "comparison_round.read")
    text, view = wanted_text(request), chosen(request, "view", VIEWS, ALL)
    state = "" if view == ALL else view
    found = comparison_rounds(text=text, state=state, after=request.GET.get("after", ""), size=PAGE_SIZE)
    context = {
        "views": _views(view),
        "view": view,
        "searched": text,
        "list_page": listed(request, found, count_comparison_rounds(text=text, state=state)),
        "may_open": may(actor, "comparison_round.open"),
    }
    return page(request, "comparison_rounds/list.html", context)


def _views(current: str) -> list[View]:
    counts = counts_of_rounds_by_state()
    named = [(ALL, gettext("All"), sum(counts.values()))]
    named += [(state.value, in_words(label(state)), counts[state.value]) for state in ComparisonRoundState]
    return [View(key, name, number, key == current) for key, name, number in named]
