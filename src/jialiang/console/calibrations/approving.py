"""The approval: the final page, what differs from the reviewed record, and the second confirmation."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from jialiang.console.calibrations.access import opened
from jialiang.console.calibrations.recording import Outcome, context_of
from jialiang.console.calibrations.reviewing import preview_context, return_reasons, returned
from jialiang.console.requests import who
from jialiang.console.shell import page
from jialiang.functions import certificates
from jialiang.functions.certificates import Confirmation
from jialiang.functions.deed import permit
from jialiang.information.record_view import RecordView
from jialiang.kernel.clock import utc_now
from jialiang.kernel.errors import JialiangError, NotAllowed
from jialiang.kernel.text import LANGUAGES
from jialiang.security.accounts.errors import ConfirmationLocked, ConfirmationRefused


@login_required
@require_http_methods(["GET", "POST"])
def approval(request: HttpRequest, calibration_id: UUID) -> HttpResponse:
    """Show what would be issued; POST approves and issues it, or returns the record."""
    view = opened(request, calibration_id)
    permit(who(request), "certificate.approve", view.record)
    if request.method != "POST":
        return _page(request, view)
    if request.POST.get("act") == "return":
        wrong = returned(request, view)
        if isinstance(wrong, str):
            return _page(request, view, reason_error=wrong)
        if wrong is not None:
            return _page(request, view, problem=wrong)
        return HttpResponseRedirect(reverse("calibrations"))
    return _approve(request, view)


@login_required
@require_safe
def preview_pages(request: HttpRequest, calibration_id: UUID, language: str) -> HttpResponse:
    """Answer the pages that would be issued as PDF with a watermark, to be looked at in the browser."""
    if language not in LANGUAGES:
        raise Http404
    pdf = certificates.preview_pages(
        actor=who(request), calibration_id=calibration_id, language=language, now=utc_now()
    )
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="preview.{language}.pdf"'
    response["Cache-Control"] = "no-store"
    return response


def _approve(request: HttpRequest, view: RecordView) -> HttpResponse:
    confirmation = Confirmation(
        password=request.POST.get("password", ""), totp=request.POST.get("totp", "").strip()
    )
    try:
        issued = certificates.approve(
            actor=who(request),
            calibration_id=view.record.id,
            seen_digest=request.POST.get("seen", ""),
            confirmation=confirmation,
            now=utc_now(),
        )
    except (ConfirmationRefused, ConfirmationLocked) as problem:
        return _page(request, view, refused=problem)
    except NotAllowed:
        raise
    except JialiangError as problem:
        return _page(request, opened(request, view.record.id), problem=problem)
    return HttpResponseRedirect(reverse("certificate_issuing", args=[issued.id]))


def _page(
    request: HttpRequest,
    view: RecordView,
    *,
    problem: JialiangError | None = None,
    refused: JialiangError | None = None,
    reason_error: str = "",
) -> HttpResponse:
    status = problem.http_status if problem else 422 if reason_error or refused else 200
    context = context_of(request, view, Outcome(problem=problem, status=status))
    context |= preview_context(request, view)
    context |= {
        "reasons": return_reasons(),
        "reason_error": reason_error,
        "refused": refused,
        "note": request.POST.get("note", ""),
        "chosen_reason": request.POST.get("reason", ""),
    }
    return page(request, "calibrations/approval.html", context, status=status)
