"""The budget editor: a document in rows, evaluated as it is changed, opened from a file and kept as one."""

from __future__ import annotations

import re
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from jialiang.console.measurement_science.budget_faults import Fault, fault_of, faults_of_sheet
from jialiang.console.measurement_science.budget_result import shown_result
from jialiang.console.measurement_science.budget_sheet import (
    BLANK_ROWS,
    BudgetSheet,
    document_of_sheet,
    sheet_of_document,
    sheet_of_form,
)
from jialiang.console.measurement_science.certificate_inputs import ACTS, with_certificate
from jialiang.console.measurement_science.wording import DISTRIBUTIONS, distribution_name
from jialiang.console.measurement_science.worked_examples import ORDER, example_document, examples
from jialiang.console.shell import page
from jialiang.formats.budget_exchange.notations import MEDIA_TYPES, SUFFIXES, Notation
from jialiang.information.science_questions import MOST_BYTES, convert_budget, evaluate_budget, open_budget
from jialiang.kernel.errors import InvalidInput
from jialiang.science.documents.errors import DocumentTooLarge
from jialiang.science.errors import BudgetUnreadable

MORE_ROWS = 6
METHODS = ("lpu", "lpu2", "mc")
DOWNLOADS: dict[str, Notation] = {
    "download": "json", "download-xlsx": "xlsx", "download-gtc": "gtc", "download-dcc": "dcc",
}  # fmt: skip
UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def budget(request: HttpRequest) -> HttpResponse:
    """Show the editor with an example or empty; evaluate, open or hand out what was sent."""
    if request.method != "POST":
        return _asked(request)
    act = request.POST.get("act", "")
    if act == "open":
        return _opened(request)
    sheet = sheet_of_form(request.POST)
    if act in DOWNLOADS:
        return _download(request, sheet, DOWNLOADS[act])
    if act == "rows":
        return _page(request, sheet.padded(MORE_ROWS), {})
    if act in ACTS:
        found = with_certificate(request, sheet)
        return _page(request, sheet.padded(), found, status=422 if "faults" in found else 200)
    return _evaluated(request, sheet)


def _asked(request: HttpRequest) -> HttpResponse:
    key = request.GET.get("example", "")
    if not key:
        return _page(request, BudgetSheet().padded(2 * BLANK_ROWS), {})
    if key not in ORDER:
        raise Http404
    return _evaluated(request, sheet_of_document(example_document(key)))


def _opened(request: HttpRequest) -> HttpResponse:
    """Lay out the document of an uploaded file and evaluate it."""
    upload = request.FILES.get("file")
    if not isinstance(upload, UploadedFile):
        fault = Fault("file", gettext("Choose a file first."))
        return _page(request, sheet_of_form(request.POST).padded(), {"faults": [fault]}, status=422)
    try:
        if (upload.size or 0) > MOST_BYTES:
            raise DocumentTooLarge(limit=MOST_BYTES)
        sheet = sheet_of_document(open_budget(upload.read()))
        if not sheet.formulas and not sheet.further:
            raise BudgetUnreadable(member="model.expr")
    except InvalidInput as problem:
        fault = fault_of(problem, BudgetSheet()).at("file")
        return _page(request, sheet_of_form(request.POST).padded(), {"faults": [fault]}, status=422)
    return _evaluated(request, sheet)


def _download(request: HttpRequest, sheet: BudgetSheet, notation: Notation) -> HttpResponse:
    """Hand out the document as a file; one with cells that cannot be read would be another, so it is refused."""
    document = document_of_sheet(sheet)
    if sheet.wrong:
        return _page(request, sheet.padded(), {"faults": faults_of_sheet(sheet)}, status=422)
    try:
        written = convert_budget(document, notation)
    except InvalidInput as problem:
        fault = fault_of(problem, sheet)
        return _page(request, sheet.padded(), {"faults": [fault]}, status=422)
    name = UNSAFE.sub("-", str(document.get("id") or sheet.title)).strip("-.")[:60] or "budget"
    response = HttpResponse(written, content_type=MEDIA_TYPES[notation])
    response["Content-Disposition"] = f'attachment; filename="{name}{SUFFIXES[notation]}"'
    return response


def _evaluated(request: HttpRequest, sheet: BudgetSheet) -> HttpResponse:
    found = evaluated(sheet)
    return _page(request, sheet.padded(), found, status=422 if "faults" in found else 200)


def evaluated(sheet: BudgetSheet) -> dict[str, Any]:
    """Return what a sheet evaluates to: ``result``, ``faults`` (noted beside their fields), or ``empty``."""
    document = document_of_sheet(sheet)
    if sheet.wrong:
        return {"faults": faults_of_sheet(sheet)}
    if not sheet.formulas and not sheet.further:
        return {"empty": True}
    try:
        return {"result": shown_result(evaluate_budget(document))}
    except InvalidInput as problem:
        fault = fault_of(problem, sheet)
        sheet.wrong[fault.where] = problem.what
        return {"faults": [fault]}


def _page(request: HttpRequest, sheet: BudgetSheet, more: dict[str, Any], status: int = 200) -> HttpResponse:
    template, fragment = "measurement_science/budget.html", "measurement_science/parts/budget_answer.html"
    context = editor_context(request, sheet, more) | {"editor_url": reverse("science_budget")}
    return page(request, template, context, fragment=fragment, status=status)


def editor_context(request: HttpRequest, sheet: BudgetSheet, more: dict[str, Any]) -> dict[str, Any]:
    """Return what the editor's template shows, wherever it stands."""
    known = [(kind, distribution_name(kind)) for kind in DISTRIBUTIONS]
    others = dict.fromkeys(row["distribution"] for row in sheet.inputs)
    known += [(kind, kind) for kind in others if kind and kind not in DISTRIBUTIONS]
    return {
        "sheet": sheet,
        "distributions": known,
        "methods": METHODS,
        "examples": examples(),
        "chosen_example": request.GET.get("example", ""),
        "is_fragment": bool(request.headers.get("HX-Request")),
        **more,
    }
