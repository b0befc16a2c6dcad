"""One comparison round: its artefacts, participants and results, and what is done next."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from jialiang.base.comparison_rounds.selectors import (
    ComparisonRound,
    artefacts_of,
    comparison_round,
    participants_of,
    results_of,
)
from jialiang.console.asking import done
from jialiang.console.comparison_rounds.reporting import shown_evaluation
from jialiang.console.requests import who
from jialiang.console.scope_of_reading import may
from jialiang.console.shell import page
from jialiang.console.units import symbol_of
from jialiang.functions import comparison_rounds as verbs
from jialiang.functions.deed import permit
from jialiang.kernel.clock import utc_now
from jialiang.kernel.errors import JialiangError, NotAllowed
from jialiang.vocabulary.statuses import AssignedValueMethod, label
from jialiang.vocabulary.statuses import ComparisonRoundState as State


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def round_page(request: HttpRequest, round_id: UUID) -> HttpResponse:
    """Show a round; POST evaluates or reports it (``act``)."""
    row = comparison_round(round_id)
    permit(who(request), "comparison_round.read", row)
    if request.method == "POST":
        return _decided(request, row)
    return _page(request, row)


def _decided(request: HttpRequest, row: ComparisonRound) -> HttpResponse:
    act, actor, now = request.POST.get("act", ""), who(request), utc_now()
    try:
        if act == "evaluate":
            verbs.evaluate(actor=actor, round_id=row.id, now=now)
            said = gettext("The results are evaluated; look at the report before it goes out.")
        elif act == "report":
            seen = request.POST.get("seen", "")
            verbs.report(actor=actor, round_id=row.id, seen_digest=seen, now=now)
            said = gettext("The comparison is reported; it does not change any more.")
        else:
            raise Http404
    except NotAllowed:
        raise
    except JialiangError as problem:
        return _page(request, comparison_round(row.id), problem)
    return done(request, said, reverse("comparison_round", args=[row.id]))


def _page(request: HttpRequest, row: ComparisonRound, problem: JialiangError | None = None) -> HttpResponse:
    actor = who(request)
    is_measured, is_evaluated = row.state == State.MEASURING, row.state == State.EVALUATED
    takes_results = is_measured or is_evaluated or row.state == State.OPEN
    artefacts, participants = artefacts_of(row.id), participants_of(row.id)
    context = {
        "row": row,
        "problem": problem,
        "artefacts": artefacts,
        "lines": _lines(row, artefacts, participants),
        "unit": symbol_of(row.unit),
        "assigned_by": label(AssignedValueMethod(row.assigned_by)),
        "evaluation": shown_evaluation(row),
        "may_enrol": takes_results and not is_evaluated and may(actor, "comparison_round.enrol"),
        "may_enter": takes_results and participants and may(actor, "comparison_round.enter_result"),
        "may_evaluate": (is_measured or is_evaluated) and may(actor, "comparison_round.evaluate"),
        "may_report": is_evaluated and may(actor, "comparison_round.report"),
        "may_cancel": takes_results and may(actor, "comparison_round.cancel"),
    }
    status = problem.http_status if problem else 200
    return page(request, "comparison_rounds/one.html", context, status=status)


def _lines(row: ComparisonRound, artefacts: list[Any], participants: list[Any]) -> list[dict[str, Any]]:
    """Return a line a participant: itself, and its result on each artefact, None where there is none."""
    found = {(each.participant_id, each.artefact_id): each for each in results_of(row.id)}
    return [
        {"participant": each, "results": [(item, found.get((each.id, item.id))) for item in artefacts]}
        for each in participants
    ]
