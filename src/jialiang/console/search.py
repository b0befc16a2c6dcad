"""One search for everything: a code that is scanned or typed opens the thing, words list what fits."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path

from jialiang.console.requests import who
from jialiang.console.shell import page, thing_url
from jialiang.information.search import Found
from jialiang.information.search import search as find

LONGEST_SEARCH = 200
ICONS = {
    "calibration": "calibrations",
    "certificate": "certificates",
    "commission": "commissions",
    "comparison_round": "uncertainty",
    "instrument": "instruments",
    "measurement_standard": "standards",
    "organization": "organization",
    "uncertainty_budget": "uncertainty",
}


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found, with its page and its icon."""

    found: Found
    url: str
    icon: str


@login_required
def search(request: HttpRequest) -> HttpResponse:
    """Open the one thing whose number was given, or list what fits."""
    text = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    found = find(who(request), text) if text else ()
    hits = [Hit(thing, thing_url(thing.noun, thing.id), ICONS.get(thing.noun, "file")) for thing in found]
    exact = [hit.url for hit in hits if hit.found.exact and hit.url]
    if len(exact) == 1:
        return HttpResponseRedirect(exact[0])
    return page(request, "search/search.html", {"hits": hits, "searched_for": text})


urlpatterns = [path("search", search, name="search")]
