"""Addresses of subordinate nodes, and their place in the navigation."""

from __future__ import annotations

from datetime import datetime

from django.urls import path
from django.utils.translation import gettext_noop

from jialiang.console.shell import NavEntry, Waiting, register
from jialiang.console.subordinate_nodes.changing import (
    accept_site,
    node_deed,
    receive_report,
    refuse_site,
    register_node,
    renew_token,
)
from jialiang.console.subordinate_nodes.showing import report_file, subordinate_node, subordinate_nodes
from jialiang.functions.node_reports import operates_node
from jialiang.governance.subordinate_nodes.selectors import open_proposals
from jialiang.security.actor import Actor
from jialiang.security.policy import allowed, roles_for


def _waiting(actor: Actor, now: datetime) -> Waiting:
    return Waiting(open_proposals() if allowed(actor, "subordinate_node.accept_site") else 0)


register(
    NavEntry(
        gettext_noop("Subordinate nodes"),
        "subordinate_nodes",
        "report",
        "organization",
        52,
        roles=roles_for("subordinate_node.read"),
        opens=operates_node,
        count=_waiting,
    )
)

urlpatterns = [
    path("subordinate-nodes/", subordinate_nodes, name="subordinate_nodes"),
    path("subordinate-nodes/new", register_node, name="subordinate_node_new"),
    path("subordinate-nodes/report", receive_report, name="node_report_receive"),
    path("subordinate-nodes/<uuid:node_id>/", subordinate_node, name="subordinate_node"),
    path("subordinate-nodes/<uuid:node_id>/token", renew_token, name="subordinate_node_token"),
    path("subordinate-nodes/<uuid:node_id>/<str:deed>", node_deed, name="subordinate_node_deed"),
    path("received-reports/<uuid:report_id>/file", report_file, name="received_report_file"),
    path("site-proposals/<uuid:proposal_id>/accept", accept_site, name="site_proposal_accept"),
    path("site-proposals/<uuid:proposal_id>/refuse", refuse_site, name="site_proposal_refuse"),
]
