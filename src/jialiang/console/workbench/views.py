"""The pages of the workbench. Files live for the request; the page carries them to the next step."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_noop
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from jialiang.console.authenticity.limits import count
from jialiang.console.downloads import attachment
from jialiang.console.preferences import keep_language
from jialiang.console.shell import page
from jialiang.console.wording import reading_language
from jialiang.console.workbench.carrying import MOST_CARRIED, MOST_FILES, HandedIn, files_of
from jialiang.console.workbench.documents import MOST_DOCUMENTS, Document, documents_in
from jialiang.console.workbench.errors import WorkedTooOften
from jialiang.console.workbench.results import RESULTS, chosen_part
from jialiang.console.workbench.taking import TAKEN
from jialiang.formats.conversion.converters import Wish
from jialiang.formats.conversion.encodings import ENCODINGS
from jialiang.formats.documents import deeds
from jialiang.formats.documents.archives import STRANGERS
from jialiang.formats.documents.envelopes import ENVELOPES, known_suffixes
from jialiang.formats.documents.kinds import KINDS
from jialiang.formats.documents.notations import known_notations
from jialiang.formats.documents.reports import Report, check_part
from jialiang.functions.certificate_files import with_fonts
from jialiang.kernel.clock import utc_now
from jialiang.kernel.errors import JialiangError

STEPS_A_MINUTE = 40
STEPS = {
    "see": (gettext_noop("See"), "file"),
    "check": (gettext_noop("Examine"), "check"),
    "genuineness": (gettext_noop("Is it genuine?"), "key"),
    "compare": (gettext_noop("Compare"), "columns"),
    "convert": (gettext_noop("Convert"), "download"),
    "migrate": (gettext_noop("Migrate"), "forward"),
    "chain": (gettext_noop("Chain"), "traceability"),
}
DOWNLOADS = {
    "converted": "convert",
    "migrated": "migrate",
    "report": "check",
    "report-json": "check",
    "difference-json": "compare",
    "difference-svg": "compare",
    "chain-json": "chain",
    "chain-svg": "chain",
}
"""What is taken away, and the step whose page tells why where it cannot be."""
LONGEST_WISH = 40
LONGEST_DID = 300
FORM = "work"


@csrf_exempt  # changes nothing and reads no session: what a stranger hands in is looked at and forgotten
@require_http_methods(["GET", "POST"])
def workbench(request: HttpRequest, step: str = "see") -> HttpResponse:
    """Show the workbench, or do one step with the files of the form and show what came out.

    The switch of the language is a button of that form, whose address names the language: it does the step again.
    """
    language = request.GET.get("page_language", "")
    if language not in dict(settings.LANGUAGES):
        return _worked(request, step)
    with translation.override(language):
        response = _worked(request, step)
    keep_language(response, language)
    return response


def _worked(request: HttpRequest, step: str) -> HttpResponse:
    if step not in STEPS and step not in DOWNLOADS:
        raise Http404
    if request.method == "GET":
        return _page(request, step if step in STEPS else "see")
    files: list[HandedIn] = []
    documents: list[Document] = []
    shown = DOWNLOADS.get(step, step)
    try:
        count(request, "workbench", STEPS_A_MINUTE, WorkedTooOften)
        files = files_of(request)
        documents = documents_in(files)
        if step in DOWNLOADS:
            return _download(request, step, documents)
        result = RESULTS[step](documents, request.POST)
    except JialiangError as problem:
        return _page(request, shown, files, documents, problem=problem)
    return _page(request, shown, files, documents, result)


def _page(
    request: HttpRequest,
    step: str,
    files: list[HandedIn] | None = None,
    documents: list[Document] | None = None,
    result: dict[str, Any] | None = None,
    problem: JialiangError | None = None,
) -> HttpResponse:
    context = {
        "step": step,
        "carries_on": {"form": FORM, "address": reverse("workbench_step", args=[step])} if files else None,
        "steps": [(name, *told) for name, told in STEPS.items()],
        "files": files or [],
        "documents": documents or [],
        "problem": problem,
        "notations": known_notations(),
        "encodings": ENCODINGS.items(),
        "kinds": KINDS,
        "envelopes": ENVELOPES,
        "accept": ",".join(known_suffixes()),
        "limits": limits_in_words(),
        **(result or {}),
    }
    return page(request, "workbench/page.html", context, status=problem.http_status if problem else 200)


def limits_in_words() -> dict[str, int]:
    """Return the limits that the page states: sizes in megabytes, numbers, and uses a minute."""
    megabyte = 1024 * 1024
    return {
        "files": MOST_FILES,
        "documents": MOST_DOCUMENTS,
        "together": settings.JIALIANG.max_upload_bytes // megabyte,
        "each": STRANGERS.xml.size // megabyte,
        "unpacked": STRANGERS.all_bytes // megabyte,
        "carried": MOST_CARRIED // megabyte,
        "a_minute": STEPS_A_MINUTE,
    }


def _download(request: HttpRequest, step: str, documents: list[Document]) -> HttpResponse:
    given = request.POST
    if step == "converted":
        language = given.get("language", "") if given.get("language") in ("zh", "en") else reading_language()
        issuer = given.get("issuer", "")[:LONGEST_DID].strip()
        wish = Wish(language, given.get("encoding", deeds.UTF_8)[:LONGEST_WISH], issuer=issuer)
        part, notation = chosen_part(documents, given, "convert"), given.get("to", "")[:LONGEST_WISH]
        made = deeds.converted(part, notation, with_fonts(wish, notation, utc_now()))
        return attachment(made.name, made.data)
    if step == "migrated":
        migrated = deeds.migrated(chosen_part(documents, given, "migrate"))
        return attachment(f"{deeds.stem(migrated.file)}.3.3.0.xml", migrated.xml)
    if step in TAKEN:
        name, data = TAKEN[step](documents)
        return attachment(name, data)
    today = utc_now().date()
    reports = [check_part(each.part, today=today) for each in documents if each.part is not None]
    return _report(request, step, reports, [each for each in documents if each.problem is not None])


def _report(
    request: HttpRequest, step: str, reports: list[Report], unread: list[Document]
) -> HttpResponse:
    if step == "report-json":
        told = [{"kind": report.kind} | report.to_json() for report in reports]
        told += [{"kind": "", "file": each.name, "valid": False, "problem": each.problem.to_json()}
                 for each in unread if each.problem is not None]  # fmt: skip
        return attachment("report.json", json.dumps(told, ensure_ascii=False, indent=1).encode())
    context = {"reports": reports, "unread": unread, "made_at": utc_now()}
    return attachment("report.html", render_to_string("workbench/report.html", context, request).encode())
