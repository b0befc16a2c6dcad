"""Scanning: a photograph, the live camera or a typed code, and the page of the thing that it belongs to."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods

from jialiang.console.middleware import SECURITY_HEADERS
from jialiang.console.requests import who
from jialiang.console.search import ICONS
from jialiang.console.shell import NavEntry, page, register, thing_url
from jialiang.formats.carriers.photographs import LARGEST, PhotographTooLarge
from jialiang.formats.codes.scanned_texts import LONGEST
from jialiang.information.scans import Scan, recognise, recognise_photograph
from jialiang.information.search import Found
from jialiang.kernel.errors import InvalidInput
from jialiang.security.actor import Actor
from jialiang.security.policy import roles_for

POLICY = "Permissions-Policy"
WITH_CAMERA = SECURITY_HEADERS[POLICY].replace("camera=()", "camera=(self)")
"""Only the page of scanning may ask for the camera."""

register(
    NavEntry(
        gettext_noop("Scan a code"),
        "scan",
        "scan",
        "quantities",
        5,
        roles=roles_for("instrument_mark.check") | {"standards_keeper"},
    )
)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing of a list, with its page and its icon."""

    thing: Found
    url: str
    icon: str


@login_required
@require_http_methods(["GET", "POST"])
def scan(request: HttpRequest) -> HttpResponse:
    """Ask for a code; of one that belongs to one thing open its page, else say what it may be."""
    given = request.POST.get("text", "").strip()
    context: dict[str, object] = {"given": given[:LONGEST], "asked": request.method == "POST"}
    status = 200
    if request.method == "POST":
        try:
            scans = _scans(who(request), request, given)
        except InvalidInput as problem:
            context["problem"], status = problem, problem.http_status
        else:
            lines = [(each, _lines(each)) for each in scans]
            if len(lines) == 1 and len(lines[0][1]) == 1:
                return _see_other(lines[0][1][0].url)
            context["lines"] = lines
    response = page(request, "scans/scan.html", context, status=status)
    response[POLICY] = WITH_CAMERA
    return response


def _scans(actor: Actor, request: HttpRequest, given: str) -> tuple[Scan, ...]:
    photograph = request.FILES.get("photograph")
    if photograph is None:
        return (recognise(actor, given),)
    if (photograph.size or 0) > LARGEST:
        raise PhotographTooLarge.of(photograph.size or 0)
    return recognise_photograph(actor, photograph.read())


def _lines(found: Scan) -> list[Line]:
    return [Line(each, thing_url(each.noun, each.id), ICONS.get(each.noun, "tag")) for each in found.found]


def _see_other(url: str) -> HttpResponse:
    response = HttpResponseRedirect(url)
    response.status_code = 303
    return response


urlpatterns = [path("scan", scan, name="scan")]
