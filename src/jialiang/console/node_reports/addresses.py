"""Addresses of the reports to the node above, and their place in the navigation."""

from __future__ import annotations

from datetime import datetime

from django.urls import path
from django.utils.translation import gettext_noop

from jialiang.console.node_reports.applying import apply, upper_applications
from jialiang.console.node_reports.showing import (
    make_again,
    node_report,
    node_report_file,
    node_report_signature,
    node_reports,
    send_again,
    send_now,
)
from jialiang.console.shell import NavEntry, Waiting, register
from jialiang.functions.node_reports import operates_node
from jialiang.governance.node_reports.selectors import count_refused
from jialiang.security.actor import Actor
from jialiang.security.policy import allowed, roles_for


def refused_reports(actor: Actor, _now: datetime) -> Waiting:
    """Count the reports that were refused, for those who can send them again."""
    return Waiting(count_refused() if allowed(actor, "node_report.send") else 0, stops=True)


register(
    NavEntry(
        gettext_noop("Node reports"),
        "node_reports",
        "upload",
        "organization",
        51,
        roles=roles_for("node_report.read"),
        opens=operates_node,
        count=refused_reports,
    )
)

_ONE = "node-reports/<uuid:report_id>/"
urlpatterns = [
    path("node-reports/", node_reports, name="node_reports"),
    path("node-reports/send", send_now, name="node_reports_send"),
    path("node-reports/make", make_again, name="node_reports_make"),
    path("node-reports/applications/", upper_applications, name="upper_applications"),
    path("node-reports/applications/new", apply, name="upper_apply"),
    path(_ONE, node_report, name="node_report"),
    path(f"{_ONE}files/report", node_report_file, name="node_report_file"),
    path(f"{_ONE}files/signature", node_report_signature, name="node_report_signature"),
    path(f"{_ONE}send", send_again, name="node_report_send"),
]
