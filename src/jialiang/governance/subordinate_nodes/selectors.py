"""Reads of subordinate nodes, their reports and proposals; of the whole installation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Max, QuerySet

from jialiang.formats.handle.names import folded
from jialiang.governance.subordinate_nodes.errors import NodeUnknown, ProposalUnknown, ReportUnknown
from jialiang.governance.subordinate_nodes.models import ReceivedReport, SiteProposal, SubordinateNode
from jialiang.kernel.text import is_one_line
from jialiang.security.tenancy.paging import DEFAULT_SIZE, Page, cursor
from jialiang.vocabulary.statuses import SiteProposalState

MOST_PROPOSALS = 200


@dataclass(frozen=True, slots=True)
class ReportQuery:
    """Which reports are wanted: of one node, of a kind, of the days from ``since`` to ``until``, both included."""

    node_id: UUID | None = None
    kind: str = ""
    since: date | None = None
    until: date | None = None


def node(node_id: UUID) -> SubordinateNode:
    """Return a node: one query by primary key. Raises :class:`NodeUnknown`."""
    found = SubordinateNode.objects.filter(pk=node_id).first()
    if found is None:
        raise NodeUnknown(wanted=str(node_id))
    return found


def node_by_prefix(prefix: str) -> SubordinateNode | None:
    """Return the node of a prefix, whatever the case of its letters: one query by its unique index."""
    if not is_one_line(prefix):  # no database holds it
        return None
    return SubordinateNode.objects.filter(folded=folded(prefix)).first()


def node_of_person(person_id: UUID) -> SubordinateNode | None:
    """Return the node whose program acts as a person: one query by its unique index."""
    return SubordinateNode.objects.filter(person_id=person_id).first()


def nodes() -> list[SubordinateNode]:
    """Return all nodes by prefix: one query. There are as many as prefixes were given to other installations."""
    return list(SubordinateNode.objects.order_by("folded"))


def report(report_id: UUID) -> ReceivedReport:
    """Return a report with its node: one query by primary key. Raises :class:`ReportUnknown`."""
    found = ReceivedReport.objects.select_related("node").filter(pk=report_id).first()
    if found is None:
        raise ReportUnknown(wanted=str(report_id))
    return found


def same_bytes(node_id: UUID, sha256: str) -> ReceivedReport | None:
    """Return the report of a node with these bytes: one query by ``received_report_bytes``."""
    return ReceivedReport.objects.select_related("node").filter(node_id=node_id, sha256=sha256).first()


def highest_revision(node_id: UUID, kind: str, day: date) -> int:
    """Return the highest revision received of a day, 0 for none: one query by ``received_report_once``."""
    rows = ReceivedReport.objects.filter(node_id=node_id, kind=kind, day=day)
    return rows.aggregate(highest=Max("revision"))["highest"] or 0


def reports(query: ReportQuery, *, after: str = "", size: int = DEFAULT_SIZE) -> Page[ReceivedReport]:
    """Return a page of reports, newest first: one query by primary key. Raises BadCursor."""
    rows = _asked(query).order_by("-id")
    if after:
        rows = rows.filter(id__lt=cursor(after))
    found = list(rows[: size + 1])
    return Page(tuple(found[:size]), found[size - 1].id.hex if len(found) > size else "")


def reports_in_force(query: ReportQuery) -> list[ReceivedReport]:
    """Return the highest revision of each day, kind and node, by day: one query by ``received_report_day``."""
    rows = _asked(query).order_by("day", "kind", "node__folded", "revision")
    return list({(row.day, row.kind, row.node_id): row for row in rows}.values())


def last_days() -> dict[tuple[UUID, str], date]:
    """Return the last day reported of each node and kind: one query over all reports by ``received_report_once``."""
    rows = ReceivedReport.objects.values_list("node_id", "kind").annotate(last=Max("day")).order_by()
    return {(node_id, kind): last for node_id, kind, last in rows}


def stored_files() -> Iterator[tuple[str, str, int]]:
    """Yield name, SHA-256 and size in bytes of the file of every report: one query."""
    for row in ReceivedReport.objects.select_related("node").order_by("id").iterator():
        yield f"{row.node.prefix} {row.day} {row.kind} r{row.revision}", row.sha256, row.size


def proposal(proposal_id: UUID) -> SiteProposal:
    """Return a proposal with its node: one query by primary key. Raises :class:`ProposalUnknown`."""
    found = SiteProposal.objects.select_related("node").filter(pk=proposal_id).first()
    if found is None:
        raise ProposalUnknown(wanted=str(proposal_id))
    return found


def proposals_of(node_id: UUID) -> list[SiteProposal]:
    """Return what a node told of its servers, newest first: one query by ``site_proposal_node``."""
    rows = SiteProposal.objects.select_related("node").filter(node_id=node_id)
    return list(rows.order_by("-made_at", "-id")[:MOST_PROPOSALS])


def open_proposals() -> int:
    """Count the proposals that await a decision: one query by ``site_proposal_state``."""
    return SiteProposal.objects.filter(state=SiteProposalState.OPEN).count()


def open_proposals_by_node() -> dict[UUID, int]:
    """Return how many proposals of each node await a decision: one query by ``site_proposal_state``."""
    rows = SiteProposal.objects.filter(state=SiteProposalState.OPEN).values_list("node_id")
    return dict(rows.annotate(number=Count("id")).order_by())


def _asked(query: ReportQuery) -> QuerySet[ReceivedReport]:
    wanted = {
        "node_id": query.node_id,
        "kind": query.kind,
        "day__gte": query.since,
        "day__lte": query.until,
    }
    rows = ReceivedReport.objects.select_related("node")
    return rows.filter(**{name: value for name, value in wanted.items() if value})
