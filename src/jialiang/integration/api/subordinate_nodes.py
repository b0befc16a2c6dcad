"""Subordinate nodes: registered with a token of their own, watched day by day; the servers that they tell of."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Status
from pydantic import Field

from jialiang.functions import received_reports
from jialiang.functions import subordinate_nodes as verbs
from jialiang.functions.subordinate_nodes import NodeWithToken
from jialiang.governance.subordinate_nodes.selectors import SiteProposal, SubordinateNode
from jialiang.information.subordinate_days import NodeDay, NodeStanding, NodeSums
from jialiang.integration.api.access import acting, done
from jialiang.integration.api.members import Bilingual, Body, Day, Reason, Short, View
from jialiang.kernel.clock import utc_now
from jialiang.security.tenancy.calendar import today

router = Router(tags=["subordinate nodes"])
NODE = "/subordinate-nodes/{uuid:node_id}"
PROPOSAL = "/site-proposals/{uuid:proposal_id}"
USUAL_DAYS = 31


class NewSubordinateNode(Body):
    """The node of a prefix; `root` is empty, its root as JSON text or its certificate (HS_CERT)."""

    prefix: Annotated[str, Field(max_length=60)]
    name: Reason
    root: Annotated[str, Field(max_length=20_000)] = ""


class NodeReason(Body):
    """Why something is done to a node."""

    reason: Short


class NodeRemark(Body):
    """What is said about a deed that needs no reason."""

    reason: Short = ""


class SubordinateNodeView(View):
    """A node; `has_root` tells whether signatures can be checked."""

    id: UUID
    prefix: str
    name: Bilingual
    holder: Bilingual
    state: str
    state_reason: str
    state_since: datetime
    has_root: bool
    registered_by_name: str
    registered_at: datetime


class MadeSubordinateNode(SubordinateNodeView):
    """A node just registered, or with a new token; `token` is told this once."""

    token: str


class NodeStandingView(View):
    """A node with the last day reported of each kind, the kinds that are late, and how many proposals wait."""

    node: SubordinateNodeView
    last: dict[str, date | None]
    late: list[str]
    open_proposals: int


class NodeStandingsView(View):
    """All nodes, by prefix."""

    items: list[NodeStandingView]


class NodeDayView(View):
    """A day: the id of the report in force of each kind, null where there is none, and the kinds that are late."""

    day: date
    reports: dict[str, UUID | None]
    late: list[str]


class NodeDaysView(View):
    """Days, newest first."""

    items: list[NodeDayView]


class NodeSumsView(View):
    """What a node reported of a time; `missing` are the days that lack a daily report though they are due."""

    node: str
    registrations: int
    resolutions: int
    days: int
    missing: list[date]


class NodeSumsOfTimeView(View):
    """The sums of a time, one of each node, by prefix."""

    since: date
    until: date
    items: list[NodeSumsView]


class SiteProposalView(View):
    """A server that a node told of, as HS_SITE in its JSON form, and what became of it."""

    id: UUID
    node_id: UUID
    report_id: UUID
    site: dict[str, Any]
    state: str
    made_at: datetime
    decided_at: datetime | None
    decided_by_name: str
    reason: str


class SiteProposalsView(View):
    """Proposals of a node, newest first."""

    items: list[SiteProposalView]


@router.get("/subordinate-nodes", response=NodeStandingsView, summary="List subordinate nodes")
def list_subordinate_nodes(request: HttpRequest) -> Any:
    """All nodes with what they reported last and what is late. Permission `subordinate_node.read`."""
    found = verbs.read_nodes(actor=acting(request), now=utc_now())
    return NodeStandingsView(items=[_standing(each) for each in found])


@router.post("/subordinate-nodes", response={201: MadeSubordinateNode}, summary="Register a subordinate node")
def register_subordinate_node(
    request: HttpRequest, response: HttpResponse, body: NewSubordinateNode
) -> Any:
    """Register the node of a prefix; its token is made here and told once.

    An Idempotency-Key is not used here, because the answer would have to be kept.
    Permission `subordinate_node.register`.
    """
    made = done(request, verbs.register, prefix=body.prefix, name=body.name, root=body.root)
    response["Location"] = f"{request.path}/{made.row.id}"
    return Status(201, _made(made))


@router.get("/subordinate-nodes/sums", response=NodeSumsOfTimeView, summary="Read what subordinate nodes add up to")
def read_subordinate_sums(request: HttpRequest, since: Day | None = None, until: Day | None = None) -> Any:
    """What each node reported of the days from `since` to `until`, both included (the last 31).

    Permission `subordinate_node.read`.
    """
    first, last = _time(since, until)
    found = received_reports.read_sums(actor=acting(request), since=first, until=last, now=utc_now())
    return NodeSumsOfTimeView(since=first, until=last, items=[_sums(each) for each in found])


@router.get(NODE, response=SubordinateNodeView, summary="Read a subordinate node")
def read_subordinate_node(request: HttpRequest, node_id: UUID) -> Any:
    """One node. Permission `subordinate_node.read`."""
    return _node(verbs.read_node(actor=acting(request), node_id=node_id))


@router.get(f"{NODE}/days", response=NodeDaysView, summary="Read the days of a subordinate node")
def read_subordinate_days(
    request: HttpRequest, node_id: UUID, since: Day | None = None, until: Day | None = None
) -> Any:
    """The days from `since` to `until`, both included (the last 31). Permission `subordinate_node.read`."""
    first, last = _time(since, until)
    found = received_reports.read_calendar(
        actor=acting(request), node_id=node_id, since=first, until=last, now=utc_now()
    )
    return NodeDaysView(items=[_day(each) for each in found])


@router.post(f"{NODE}/suspension", response=SubordinateNodeView, summary="Suspend a subordinate node")
def suspend_subordinate_node(request: HttpRequest, node_id: UUID, body: NodeReason) -> Any:
    """Take no more reports of a node. Permission `subordinate_node.suspend`."""
    return _node(done(request, verbs.suspend, node_id=node_id, reason=body.reason))


@router.post(f"{NODE}/resumption", response=SubordinateNodeView, summary="Resume a subordinate node")
def resume_subordinate_node(request: HttpRequest, node_id: UUID, body: NodeRemark) -> Any:
    """Take reports of a node again. Permission `subordinate_node.resume`."""
    return _node(done(request, verbs.resume, node_id=node_id, reason=body.reason))


@router.post(f"{NODE}/token", response={201: MadeSubordinateNode}, summary="Renew the token of a subordinate node")
def renew_node_token(request: HttpRequest, node_id: UUID) -> Any:
    """Make a new token, told once, and end the one before. Permission `subordinate_node.renew_token`."""
    return Status(201, _made(done(request, verbs.renew_token, node_id=node_id)))


@router.get(f"{NODE}/site-proposals", response=SiteProposalsView, summary="List the servers a node told of")
def list_site_proposals(request: HttpRequest, node_id: UUID) -> Any:
    """Servers that differ from the delegated one, newest first. Permission `subordinate_node.read`."""
    verbs.read_node(actor=acting(request), node_id=node_id)
    found = verbs.read_proposals(actor=acting(request), node_id=node_id)
    return SiteProposalsView(items=[SiteProposalView.of(each) for each in found])


@router.post(f"{PROPOSAL}/acceptance", response=SiteProposalView, summary="Accept the server a node told of")
def accept_node_site(request: HttpRequest, proposal_id: UUID, body: NodeRemark) -> Any:
    """Delegate the prefix of the node to this server. Permissions `subordinate_node.accept_site`, `prefix.delegate`."""
    return _proposal(done(request, verbs.accept_site, proposal_id=proposal_id, reason=body.reason))


@router.post(f"{PROPOSAL}/refusal", response=SiteProposalView, summary="Refuse the server a node told of")
def refuse_node_site(request: HttpRequest, proposal_id: UUID, body: NodeReason) -> Any:
    """Leave the delegation as it is. Permission `subordinate_node.refuse_site`."""
    return _proposal(done(request, verbs.refuse_site, proposal_id=proposal_id, reason=body.reason))


def _time(since: date | None, until: date | None) -> tuple[date, date]:
    last = until or today(utc_now())
    return since or date.fromordinal(max(last.toordinal() - USUAL_DAYS + 1, 1)), last


def _node(row: SubordinateNode) -> Any:
    return SubordinateNodeView.of(row, has_root=bool(row.root))


def _made(made: NodeWithToken) -> Any:
    return MadeSubordinateNode.of(made.row, has_root=bool(made.row.root), token=made.token)


def _standing(each: NodeStanding) -> Any:
    return NodeStandingView.of(each, node=_node(each.node), last=dict(each.last), late=list(each.late))


def _day(each: NodeDay) -> Any:
    reports = {kind: row.id if row else None for kind, row in each.reports.items()}
    return NodeDayView(day=each.day, reports=reports, late=list(each.late))


def _sums(each: NodeSums) -> Any:
    return NodeSumsView.of(each, node=each.node.prefix, missing=list(each.missing))


def _proposal(row: SiteProposal) -> Any:
    return SiteProposalView.of(row)
