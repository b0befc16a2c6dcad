"""The account of numbers: every serial of every series, used or void, with the reason; a gap would show in red."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_safe

from jialiang.console.paging import page_of
from jialiang.console.requests import who
from jialiang.console.shell import NavEntry, page, register, thing_url
from jialiang.console.wording import in_words
from jialiang.functions.deed import permit
from jialiang.governance.counters.selectors import AccountLine, account, series
from jialiang.security.policy import roles_for
from jialiang.vocabulary.statuses import WorkKind, label

READ = "number.read"
KINDS = {
    "calibration_record": gettext_noop("Calibration records"),
    "commission": gettext_noop("Commissions"),
}
CERTIFICATES = "certificate."

register(
    NavEntry(
        gettext_noop("Account of numbers"),
        "numbers",
        "columns",
        "business",
        30,
        roles=roles_for(READ) - {"system"},
    )
)


@dataclass(frozen=True, slots=True)
class Series:
    """A series with its name in words and how far it is."""

    key: str
    kind: str
    name: Any
    year: int
    last: int
    current: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A serial, and the page of what it was given to."""

    serial: int
    line: AccountLine
    url: str


@login_required
@require_safe
def numbers(request: HttpRequest) -> HttpResponse:
    """Show the account of one series, the newest serial first; ``?series=`` is kind and year."""
    permit(who(request), READ)
    rows = sorted(series(), key=lambda row: (not row.kind.startswith(CERTIFICATES), row.kind, -row.year))
    chosen = next((row for row in rows if f"{row.kind}:{row.year}" == request.GET.get("series")), None)
    chosen = chosen or (rows[0] if rows else None)
    lines = account(chosen.kind, chosen.year)[::-1] if chosen else []
    context = {
        "series": [
            Series(f"{row.kind}:{row.year}", row.kind, _name(row.kind), row.year, row.last, row == chosen)
            for row in rows
        ],
        "chosen": chosen,
        "list_page": page_of(
            [_line(chosen.kind, line) for line in lines] if chosen else [], request, key="serial"
        ),
        "used": sum(line.state == "used" for line in lines),
        "void": sum(line.state == "void" for line in lines),
        "missing": sum(line.state == "missing" for line in lines),
    }
    return page(request, "certificates/numbers.html", context)


def _name(kind: str) -> Any:
    if kind.startswith(CERTIFICATES):
        return gettext("Certificates: %(kind)s") % {"kind": _work(kind.removeprefix(CERTIFICATES))}
    return gettext(KINDS[kind]) if kind in KINDS else kind


def _work(kind: str) -> str:
    return in_words(label(WorkKind(kind)))


def _line(kind: str, line: AccountLine) -> Line:
    leads = line.subject_id is not None and kind.startswith(CERTIFICATES)
    return Line(line.serial, line, thing_url("certificate", line.subject_id) if leads else "")
