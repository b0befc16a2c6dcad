"""The list of subordinate nodes and the page of one: its days, what was found, and the servers it told of."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, gettext_noop

from jialiang.console.asking import this_day
from jialiang.console.downloads import attachment
from jialiang.console.requests import who
from jialiang.console.scope_of_reading import may
from jialiang.console.shell import page
from jialiang.formats.node_report.header import KINDS
from jialiang.functions import received_reports
from jialiang.functions import subordinate_nodes as verbs
from jialiang.governance.subordinate_nodes.selectors import ReportQuery
from jialiang.kernel.clock import utc_now
from jialiang.kernel.text import Text
from jialiang.vocabulary.statuses import SiteProposalState, SubordinateNodeState

USUAL_DAYS = 31
WORDS = {
    "registrations": gettext_noop("Registrations"),
    "resolutions": gettext_noop("Resolutions"),
    "templates": gettext_noop("Templates"),
    "routes": gettext_noop("Routes"),
}


@login_required
def subordinate_nodes(request: HttpRequest) -> HttpResponse:
    """List nodes with what each reported last."""
    actor = who(request)
    found = verbs.read_nodes(actor=actor, now=utc_now())
    rows = [(each, [(each.last[kind], kind in each.late) for kind in KINDS]) for each in found]
    context = {
        "rows": rows,
        "kinds": _kinds(),
        "may_register": may(actor, "subordinate_node.register"),
        "may_receive": may(actor, received_reports.RECEIVE),
    }
    return page(request, "subordinate_nodes/list.html", context)


@login_required
def subordinate_node(request: HttpRequest, node_id: UUID) -> HttpResponse:
    """Show one node, ``?until=`` the last day of its calendar."""
    actor = who(request)
    row = verbs.read_node(actor=actor, node_id=node_id)
    until = _day(request.GET.get("until", "")) or this_day()
    since = until - timedelta(days=USUAL_DAYS - 1)
    days = received_reports.read_calendar(
        actor=actor, node_id=node_id, since=since, until=until, now=utc_now()
    )
    newest = received_reports.read_reports(actor=actor, query=ReportQuery(node_id), size=USUAL_DAYS)
    is_active = row.state == SubordinateNodeState.ACTIVE
    context = {
        "row": row,
        "kinds": _kinds(),
        "days": [
            (each.day, [(each.reports[kind], kind in each.late) for kind in KINDS]) for each in days
        ],
        "until": until,
        "earlier": since - timedelta(days=1),
        "found": [(report, _kind(report.kind), _told(report)) for report in newest if report.findings],
        "proposals": [
            (each, each.state == SiteProposalState.OPEN)
            for each in verbs.read_proposals(actor=actor, node_id=node_id)
        ],
        "may_decide": may(actor, "subordinate_node.accept_site"),
        "may_renew": may(actor, "subordinate_node.renew_token"),
        "may_receive": is_active and may(actor, received_reports.RECEIVE),
        "may_suspend": is_active and may(actor, "subordinate_node.suspend"),
        "may_resume": not is_active and may(actor, "subordinate_node.resume"),
    }
    return page(request, "subordinate_nodes/one.html", context)


@login_required
def report_file(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Hand out a report as it was received."""
    name, data = received_reports.report_file(actor=who(request), report_id=report_id)
    return attachment(name, data)


def _kinds() -> list[str]:
    return [_kind(kind) for kind in KINDS]


def _kind(kind: str) -> str:
    return gettext(WORDS[kind])


def _told(report: Any) -> list[Text]:
    return [Text.from_json(each) for each in report.findings]


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if date(2000, 3, 1) <= day <= date(2999, 12, 30) else None
