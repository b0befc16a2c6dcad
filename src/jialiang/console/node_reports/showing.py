"""What this node reports upwards: days and kinds with their states, one report, and letting it go again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from jialiang.console.asking import FormPage, done, form_page, posted, this_day
from jialiang.console.downloads import attachment
from jialiang.console.node_reports.forms import DayForm
from jialiang.console.node_reports.words import KINDS, kind_name
from jialiang.console.noun_forms import carried_out
from jialiang.console.requests import who
from jialiang.console.scope_of_reading import may
from jialiang.console.shell import page
from jialiang.functions import node_reports as verbs
from jialiang.functions.upper_node import reach
from jialiang.governance.node_reports.selectors import SentReport, count_outstanding, last_accepted_at
from jialiang.kernel.clock import utc_now

SHOWN_DAYS = 31


@dataclass(frozen=True, slots=True)
class DayRow:
    """A day: for each kind its newest report, None where none was made."""

    day: date
    reports: tuple[SentReport | None, ...]


@login_required
def node_reports(request: HttpRequest) -> HttpResponse:
    """Show the last 31 days; ``?ask=1`` asks the upper node whether it answers."""
    actor, until = who(request), this_day()
    rows = verbs.read_reports(actor=actor, since=until - timedelta(days=SHOWN_DAYS), until=until)
    own = settings.JIALIANG
    context = {
        "days": _by_day(rows),
        "kinds": [gettext(name) for name in KINDS.values()],
        "address": own.upper_node,
        "node": own.own_prefix,
        "is_set": bool(own.upper_node and own.upper_node_token),
        "reached": reach(actor=actor) if "ask" in request.GET else None,
        "outstanding": count_outstanding(),
        "last_accepted": last_accepted_at(),
        "may_send": may(actor, "node_report.send"),
        "may_make": may(actor, "node_report.make"),
        "may_apply": may(actor, "upper_node.apply"),
    }
    return page(request, "node_reports/list.html", context)


@login_required
def node_report(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Show one report and what the upper node said."""
    actor = who(request)
    row = verbs.read_report(actor=actor, report_id=report_id)
    findings = (row.receipt or {}).get("findings")
    context = {
        "row": row,
        "kind": kind_name(row.kind),
        "findings": findings if isinstance(findings, list) else [],
        "may_send": may(actor, "node_report.send"),
    }
    return page(request, "node_reports/one.html", context)


@login_required
def node_report_file(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Hand out the file."""
    return attachment(*verbs.report_file(actor=who(request), report_id=report_id))


@login_required
def node_report_signature(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Hand out the signature."""
    return attachment(*verbs.report_signature(actor=who(request), report_id=report_id))


@login_required
@require_POST
def send_again(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Let one report go."""
    verbs.send(actor=who(request), report_id=report_id, now=utc_now())
    return done(request, gettext("The report goes within a minute."), reverse("node_report", args=[report_id]))


@login_required
@require_POST
def send_now(request: HttpRequest) -> HttpResponse:
    """Let everything outstanding go."""
    number = verbs.hurry(actor=who(request), now=utc_now())
    said = gettext("%(number)d reports go within a minute.") % {"number": number}
    return done(request, said, reverse("node_reports"))


@login_required
def make_again(request: HttpRequest) -> HttpResponse:
    """Ask for a day, then report it (again)."""
    actor = who(request)
    verbs.operate(actor, verbs.MAKE)
    form = DayForm(posted(request), initial={"day": this_day() - timedelta(days=1)})
    if request.method == "POST":
        rows = carried_out(
            form, lambda cleaned: verbs.make(actor=actor, day=cleaned["day"], now=utc_now())
        )
        if rows is not None:
            said = gettext("The reports of the day are made; a new revision where something changed.")
            return done(request, said, reverse("node_reports"))
    around = FormPage(
        gettext("Report a day"),
        gettext("Make the reports"),
        reverse("node_reports"),
        intro=gettext("What changed since the last revision becomes the next one; what did not stays as it is."),
    )
    return form_page(request, form, around)


def _by_day(rows: Sequence[SentReport]) -> list[DayRow]:
    newest = {(row.day, row.kind): row for row in rows}  # revisions come from the first
    days = dict.fromkeys(row.day for row in rows)
    return [DayRow(day, tuple(newest.get((day, kind)) for kind in KINDS)) for day in days]
