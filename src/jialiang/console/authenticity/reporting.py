"""Reporting a fake: a form for anyone, limited by address, kept for the institute concerned."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from jialiang.console.authenticity.limits import TooManyReports, count
from jialiang.console.authenticity.pages import public_page
from jialiang.functions.authenticity import FakeSeen, report_fake
from jialiang.kernel.clock import utc_now
from jialiang.kernel.errors import InvalidInput, TooMany

REPORTS_AN_HOUR = 5
HOUR = 60 * 60


class ReportForm(forms.Form):
    """What a stranger tells."""

    number = forms.CharField(label=gettext_lazy("Certificate number you saw"), max_length=60, required=False)
    identifier = forms.CharField(label=gettext_lazy("Identifier you saw"), max_length=120, required=False)
    description = forms.CharField(
        label=gettext_lazy("What looks wrong, and where you saw it"), max_length=1000, required=False
    )
    contact = forms.CharField(
        label=gettext_lazy("How the institute may reach you"), max_length=120, required=False
    )


@require_http_methods(["GET", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """Show the form, or take a report and thank for it."""
    if request.method == "GET":
        lengths = {"number": 60, "identifier": 120}
        form = ReportForm(initial={name: request.GET.get(name, "")[:most] for name, most in lengths.items()})
        return _form_page(request, "authenticity/report.html", {"form": form})
    form = ReportForm(request.POST)
    if not form.is_valid():
        return _form_page(request, "authenticity/report.html", {"form": form}, status=422)
    try:
        count(request, "report", REPORTS_AN_HOUR, TooManyReports, seconds=HOUR)
        report_fake(seen=FakeSeen(**form.cleaned_data), now=utc_now())
    except (InvalidInput, TooMany) as problem:
        shown = {"form": form, "problem": problem}
        return _form_page(request, "authenticity/report.html", shown, status=problem.http_status)
    return _form_page(request, "authenticity/reported.html", {"number": form.cleaned_data["number"]})


def _form_page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Render a page whose form comes back: without a referrer browsers send it from nowhere, and it is refused."""
    response = public_page(request, template, context, status=status)
    response.headers["referrer-policy"] = "same-origin"
    return response
