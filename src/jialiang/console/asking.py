"""Who asks, when, and where a page stands: what the screens of the ledgers have in common."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.http import url_has_allowed_host_and_scheme

from jialiang.console.noun_forms import NounForm
from jialiang.console.paging import Page, skipped_rows
from jialiang.console.shell import page
from jialiang.kernel.clock import utc_now
from jialiang.security.tenancy.calendar import today
from jialiang.security.tenancy.paging import Page as Rows


@dataclass(frozen=True, slots=True)
class Crumb:
    """One step of the way to a page."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class View:
    """A saved view of a list: its name in the address, its label, how many it holds."""

    key: str
    label: str
    number: int
    current: bool


@dataclass(frozen=True, slots=True)
class FormPage:
    """What a page with one form says around it: title, the way to it, its verb, and where leaving it leads."""

    title: str
    verb: str
    back: str
    crumbs: tuple[Crumb, ...] = ()
    intro: str = ""
    multipart: bool = False


def posted(request: HttpRequest) -> QueryDict | None:
    """Return what a form sent, None where a page is only asked for: an empty form that was sent is checked too."""
    return request.POST if request.method == "POST" else None


def this_day() -> date:
    """Return today in the institute's time zone."""
    return today(utc_now())


def listed(request: HttpRequest, rows: Rows[Any], total: int) -> Page:
    """Return a page of a selector as a page of a list."""
    return Page(rows.rows, total, skipped_rows(request), rows.next_after)


def chosen(request: HttpRequest, name: str, known: Any, default: str = "") -> str:
    """Return a parameter of the address if it is one of the known values."""
    given = request.GET.get(name, "")
    return given if given in known else default


def wanted_text(request: HttpRequest) -> str:
    """Return what is looked for in a list."""
    return request.GET.get("q", "").strip()[:100]


def form_page(request: HttpRequest, form: NounForm, around: FormPage, **more: Any) -> HttpResponse:
    """Answer with a page that holds one form, with the status that the form's errors ask for."""
    context = {"form": form, "around": around, **more}
    return page(request, "ledger/form.html", context, status=form.status)


def done(request: HttpRequest, said: str, url: str) -> HttpResponse:
    """Say what was done and go on to a page."""
    messages.success(request, said)
    return HttpResponseRedirect(url)


def way_back(request: HttpRequest, default: str) -> str:
    """Return the address in ``next`` if it is one of ours."""
    given = request.POST.get("next") or request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(given, {request.get_host()}, require_https=request.is_secure())
    return given if given and safe else default
