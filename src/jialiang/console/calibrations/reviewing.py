"""The review of a record: what the machine checked, what changed, the certificate it would become, and the decision."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from jialiang.console.calibrations.access import opened
from jialiang.console.calibrations.recording import GRANTED, Outcome, context_of
from jialiang.console.calibrations.words import RETURN_REASONS
from jialiang.console.certificates.paper import paper_of
from jialiang.console.requests import who
from jialiang.console.shell import page
from jialiang.functions import calibrations, certificates
from jialiang.functions.deed import permit
from jialiang.information.record_view import RecordView
from jialiang.kernel.clock import utc_now
from jialiang.kernel.errors import JialiangError, NotAllowed

LONGEST_NOTE = 300


@login_required
@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, calibration_id: UUID) -> HttpResponse:
    """Show the record for its review; POST passes it on (``act=pass``) or returns it (``act=return``)."""
    view = opened(request, calibration_id)
    permit(who(request), "calibration.review", view.record)
    if request.method == "POST":
        return _decide(request, view)
    return _page(request, view)


def returned(request: HttpRequest, view: RecordView) -> JialiangError | str | None:
    """Return a record with the reason of the form: what is wrong with the form, the error, or None if it is done."""
    reason = reason_given(request)
    if not reason:
        return gettext("Say what the technician has to mend: a record is not returned without a reason.")
    try:
        calibrations.return_record(
            actor=who(request), calibration_id=view.record.id, reason=reason, now=utc_now()
        )
    except NotAllowed:
        raise
    except JialiangError as problem:
        return problem
    messages.add_message(
        request, GRANTED, gettext("The record went back to its technician, with your reason.")
    )
    return None


def reason_given(request: HttpRequest) -> str:
    """Return the reason chosen and the words written, as one sentence; empty while nothing was written or chosen."""
    place = request.POST.get("reason", "")
    chosen = (
        gettext(RETURN_REASONS[int(place)]) if place in {str(n) for n in range(len(RETURN_REASONS))} else ""
    )
    note = request.POST.get("note", "").strip()[:LONGEST_NOTE]
    if place == str(len(RETURN_REASONS) - 1):
        return note
    return gettext(": ").join(part for part in (chosen, note) if part)


def return_reasons() -> list[tuple[str, str]]:
    """Return the usual reasons for the choice."""
    return [(str(number), gettext(words)) for number, words in enumerate(RETURN_REASONS)]


def preview_context(request: HttpRequest, view: RecordView) -> dict[str, Any]:
    """Return the certificate as it would be issued now, or why there is none (no seal, institute incomplete)."""
    try:
        seen = certificates.preview(actor=who(request), calibration_id=view.record.id, now=utc_now())
    except NotAllowed:
        raise
    except JialiangError as problem:
        return {"preview_problem": problem}
    return {"paper": paper_of(seen.content, preview=True), "preview": seen}


def _decide(request: HttpRequest, view: RecordView) -> HttpResponse:
    if request.POST.get("act") == "return":
        wrong = returned(request, view)
        if isinstance(wrong, str):
            return _page(request, view, reason_error=wrong)
        if wrong is not None:
            return _page(request, view, problem=wrong)
        return HttpResponseRedirect(reverse("calibrations"))
    try:
        calibrations.review(
            actor=who(request),
            calibration_id=view.record.id,
            seen_digest=request.POST.get("seen", ""),
            now=utc_now(),
        )
    except NotAllowed:
        raise
    except JialiangError as problem:
        return _page(request, opened(request, view.record.id), problem=problem)
    messages.add_message(request, GRANTED, gettext("The review is passed; the record waits for approval."))
    return HttpResponseRedirect(reverse("calibrations"))


def _page(
    request: HttpRequest, view: RecordView, *, problem: JialiangError | None = None, reason_error: str = ""
) -> HttpResponse:
    status = problem.http_status if problem else 422 if reason_error else 200
    context = context_of(request, view, Outcome(problem=problem, status=status))
    context |= preview_context(request, view)
    context |= {
        "reasons": return_reasons(),
        "reason_error": reason_error,
        "note": request.POST.get("note", ""),
        "chosen_reason": request.POST.get("reason", ""),
    }
    return page(request, "calibrations/review.html", context, status=status)
