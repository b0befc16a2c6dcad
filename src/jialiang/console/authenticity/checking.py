"""Checking a certificate by number, by identifier or by file. Nothing is kept, no cookie is needed."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from jialiang.console.authenticity.answers import shown
from jialiang.console.authenticity.limits import TooManyFiles, count
from jialiang.console.authenticity.pages import public_page
from jialiang.functions.authenticity import check_by_code, check_by_identifier, check_file
from jialiang.kernel.clock import utc_now
from jialiang.kernel.errors import InvalidInput, JialiangError, TooMany

FILES_A_MINUTE = 20
LONGEST_NAME = 200


class NoFileGiven(InvalidInput):
    """The form came without a file."""

    code = "JL-SCR-001"


class FileTooLarge(InvalidInput):
    """The file is larger than this installation takes."""

    code = "JL-SCR-002"
    http_status = 413


@require_safe
def check(request: HttpRequest) -> HttpResponse:
    """Show the form, or answer a question by number and check code (the front does it before us, as a rule)."""
    number, code = request.GET.get("number", "").strip(), request.GET.get("code", "").strip()
    if number and code:
        return shown(request, check_by_code(number=number, code=code, now=utc_now()))
    return public_page(request, "authenticity/check.html", {"number": number})


@require_safe
def by_identifier(request: HttpRequest, prefix: str, suffix: str) -> HttpResponse:
    """Answer the address of a QR symbol; without its code the form asks for it."""
    identifier, code = f"{prefix}/{suffix}", request.GET.get("k", "").strip()
    if not code:
        return public_page(request, "authenticity/code.html", {"identifier": identifier})
    return shown(request, check_by_identifier(identifier=identifier, code=code, now=utc_now()))


@csrf_exempt  # changes nothing and reads no cookie; its form also stands on pages that the front keeps ready
@require_http_methods(["GET", "POST"])
def check_upload(request: HttpRequest) -> HttpResponse:
    """Examine a file in memory and forget it; what is wrong with it comes back on the form."""
    if request.method == "GET":
        return public_page(request, "authenticity/check.html", {})
    try:
        count(request, "file", FILES_A_MINUTE, TooManyFiles)
        name, data = _file(request)
        found = check_file(data=data, name=name, now=utc_now())
    except (InvalidInput, TooMany) as problem:
        return _refused(request, problem)
    return shown(request, found.answer, linked=False)


def _file(request: HttpRequest) -> tuple[str, bytes]:
    given = request.FILES.get("file")
    if given is None or not given.name:
        raise NoFileGiven()
    largest = settings.JIALIANG.max_upload_bytes
    if given.size is None or given.size > largest:
        raise FileTooLarge(size=_megabytes(given.size or 0), largest=_megabytes(largest))
    return given.name[:LONGEST_NAME], given.read()


def _refused(request: HttpRequest, problem: JialiangError) -> HttpResponse:
    return public_page(request, "authenticity/check.html", {"problem": problem}, status=problem.http_status)


def _megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:.1f}"
