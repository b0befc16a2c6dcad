"""Verbs on reports of subordinate nodes: take one whole or not at all, and read what was taken."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import IO, Any
from uuid import UUID

from django.db import transaction

from jialiang.base.prefixes.errors import BadSite
from jialiang.base.prefixes.selectors import prefix_by_text
from jialiang.base.prefixes.sites import checked_site
from jialiang.formats.handle.names import folded
from jialiang.formats.node_report.examining import Examined, ReportBreaksRule, examine
from jialiang.formats.node_report.header import NodeReportHeader
from jialiang.formats.node_report.reading import read
from jialiang.formats.node_report.signing import judged
from jialiang.functions.deed import put_on_record
from jialiang.functions.node_reports import operate, operates_node
from jialiang.functions.node_roots import kept_root
from jialiang.functions.report_findings import Told, findings_of
from jialiang.governance.storage.current import current_store
from jialiang.governance.subordinate_nodes import selectors, services
from jialiang.governance.subordinate_nodes.errors import (
    BadReportQuestion,
    DigestDiffers,
    NodeNotAdmitted,
    NodeUnknown,
    ReportUnknown,
    SignatureRefused,
)
from jialiang.governance.subordinate_nodes.selectors import ReceivedReport, ReportQuery, SubordinateNode
from jialiang.governance.subordinate_nodes.services import SUSPENDED, Arrival
from jialiang.information.subordinate_days import NodeDay, NodeSums, calendar, sums_of_time
from jialiang.kernel.text import Text, storable
from jialiang.security.actor import Actor
from jialiang.security.policy import allowed
from jialiang.security.tenancy.calendar import today
from jialiang.security.tenancy.paging import DEFAULT_SIZE, Page
from jialiang.vocabulary.statuses import ReportSignature, SubordinateNodeState

RECEIVE, READ = "node_report.receive", "node_report.read_received"
OVERSEES = "subordinate_node.read"
LONGEST_TIME = timedelta(days=366)
PART = 1024 * 1024
NOT_REGISTERED = Text("该前缀未登记下级节点", "no subordinate node is registered for this prefix")
ANOTHERS_TOKEN = Text("所用令牌不是该节点的", "the token is not that of the node")


@dataclass(frozen=True, slots=True)
class Receipt:
    """A report that stands, and whether it was received just now."""

    report: ReceivedReport
    is_new: bool


def receive(
    *, actor: Actor, file: IO[bytes], signature: str = "", told_sha256: str = "", now: datetime
) -> Receipt:
    """Take a report, read to its end and examined before anything of it is kept. Event ``node_report.received``.

    ``file`` is the gzip at its beginning and can be read again. The same bytes once more are the same receipt. Raises
    NodeNotAdmitted, DigestDiffers, SignatureRefused, RevisionNotHigher, ReportBreaksRule, and what reading raises.
    """
    operate(actor, RECEIVE)
    digest, size = _digest(file)
    if told_sha256 and told_sha256 != digest:
        raise DigestDiffers(told=storable(told_sha256, 64), found=digest)
    header, lines = read(file)
    node = _admitted(actor, header.node)
    known = selectors.same_bytes(node.id, digest)
    if known is not None:
        return Receipt(known, is_new=False)
    arrival = Arrival(
        kind=header.kind,
        day=header.day,
        time_zone=header.time_zone,
        revision=header.revision,
        made_at=header.made_at,
        sha256=digest,
        size=size,
        lines=header.lines,
        signature=_verdict(node, header, digest, signature.strip()),
    )
    examined = _examined(header, lines, now)
    file.seek(0)
    current_store().put_file(file)  # a file that no row names harms nobody
    return _kept(actor, node, replace(arrival, sums=examined.sums), examined, now)


def read_reports(
    *, actor: Actor, query: ReportQuery, after: str = "", size: int = DEFAULT_SIZE
) -> Page[ReceivedReport]:
    """Return a page of reports, newest first; a node's program sees its own only. Raises BadCursor."""
    return selectors.reports(_own_or_all(actor, query), after=after, size=size)


def read_report(*, actor: Actor, report_id: UUID) -> ReceivedReport:
    """Return one report. Raises ReportUnknown, also for another node's."""
    own = _own_or_all(actor, ReportQuery())
    row = selectors.report(report_id)
    if own.node_id not in (None, row.node_id):
        raise ReportUnknown(wanted=str(report_id))
    return row


def report_file(*, actor: Actor, report_id: UUID) -> tuple[str, bytes]:
    """Return name and bytes of a report as it was received. Raises ReportUnknown, ObjectDamaged."""
    row = read_report(actor=actor, report_id=report_id)
    name = f"{row.node.prefix}_{row.day.isoformat()}_{row.kind}_r{row.revision}.ndjson.gz"
    return name, current_store().get(row.sha256)


def read_calendar(
    *, actor: Actor, node_id: UUID, since: date, until: date, now: datetime
) -> list[NodeDay]:
    """Return the days of a time with the report in force of each kind and what is late. Raises BadReportQuestion."""
    operate(actor, OVERSEES)
    _check_time(since, until)
    return calendar(selectors.node(node_id), since, until, today(now))


def read_sums(*, actor: Actor, since: date, until: date, now: datetime) -> list[NodeSums]:
    """Return what each node reported of a time: registrations, resolutions, and the days without a report."""
    operate(actor, OVERSEES)
    _check_time(since, until)
    return sums_of_time(since, until, today(now))


def operates(actor: Actor) -> bool:
    """Tell whether the actor may look at subordinate nodes: by role, and of the institute that operates the node."""
    return allowed(actor, OVERSEES) and operates_node(actor)


def node_asked(prefix: str) -> UUID | None:
    """Return the id of the node of a prefix for a question, None where none is asked for. Raises NodeUnknown."""
    if not prefix:
        return None
    found = selectors.node_by_prefix(prefix)
    if found is None:
        raise NodeUnknown(wanted=storable(prefix, 60))
    return found.id


@transaction.atomic
def _kept(actor: Actor, node: SubordinateNode, arrival: Arrival, examined: Examined, now: datetime) -> Receipt:
    site = _new_site(node, examined)
    before = selectors.reports_in_force(ReportQuery(node.id, arrival.kind, arrival.day, arrival.day))
    told = Told(
        arrival,
        has_root=bool(node.root),
        before=before[0].sums.get("total") if before else None,
        site_differs=site is not None,
    )
    whole = replace(arrival, findings=findings_of(told, now))
    row, is_new = services.accept(node.id, whole, actor=actor, now=now)
    if not is_new:
        return Receipt(row, is_new=False)
    if site is not None:
        services.propose(row, site, now=now)
    said: dict[str, Any] = {"prefix": node.prefix, "kind": row.kind, "day": row.day, "revision": row.revision}
    put_on_record(
        actor,
        RECEIVE,
        row,
        now,
        event="node_report.received",
        data=said,
        **said,
        sha256=row.sha256,
        lines=row.lines,
        signature=row.signature,
    )
    return Receipt(row, is_new=True)


def _admitted(actor: Actor, prefix: str) -> SubordinateNode:
    row = selectors.node_by_prefix(prefix)
    if row is None:
        raise NodeNotAdmitted(prefix=storable(prefix, 60), reason=NOT_REGISTERED)
    if not allowed(actor, OVERSEES) and row.person_id != actor.person_id:
        raise NodeNotAdmitted(prefix=row.prefix, reason=ANOTHERS_TOKEN)
    if row.state != SubordinateNodeState.ACTIVE:
        raise NodeNotAdmitted(prefix=row.prefix, reason=SUSPENDED)
    return row


def _own_or_all(actor: Actor, query: ReportQuery) -> ReportQuery:
    operate(actor, READ)
    if allowed(actor, OVERSEES):
        return query
    own = selectors.node_of_person(actor.person_id) if actor.person_id else None
    if own is None or query.node_id not in (None, own.id):
        raise NodeNotAdmitted(prefix=own.prefix if own else "-", reason=ANOTHERS_TOKEN)
    return replace(query, node_id=own.id)


def _verdict(node: SubordinateNode, header: NodeReportHeader, digest: str, signature: str) -> ReportSignature:
    if not signature:
        return ReportSignature.NONE
    root = kept_root(node.root)
    found = judged(signature, header, digest, root.key if root else None)
    if found is None:
        raise SignatureRefused(reason=Text("不是可读的 JWT", "it is no JWT that can be read"))
    if not found.of_this_report:
        raise SignatureRefused(reason=Text("它说的不是这份报告", "it does not speak of this report"))
    if root is None:
        return ReportSignature.UNPROVEN
    if folded(found.issuer) != folded(root.identity.text) or not found.holds:
        raise SignatureRefused(reason=Text("不是以节点的根签发的", "it was not made by the root of the node"))
    return ReportSignature.VALID


def _examined(header: NodeReportHeader, lines: Iterator[dict[str, Any]], now: datetime) -> Examined:
    examined = examine(header, lines, now)
    try:
        if examined.own_site is not None:
            checked_site(examined.own_site)
    except BadSite as problem:
        raise ReportBreaksRule(line=2, reason=problem.facts["reason"]) from problem
    return examined


def _new_site(node: SubordinateNode, examined: Examined) -> dict[str, Any] | None:
    """Return the server that a node tells of itself where another one, or none, is delegated."""
    if examined.own_site is None:
        return None
    prefix = prefix_by_text(node.prefix)
    told = dict(examined.own_site)
    return None if prefix is None or prefix.site == told else told


def _digest(file: IO[bytes]) -> tuple[str, int]:
    found, size = sha256(), 0
    while part := file.read(PART):
        found.update(part)
        size += len(part)
    file.seek(0)
    return found.hexdigest(), size


def _check_time(since: date, until: date) -> None:
    if not timedelta(0) <= until - since < LONGEST_TIME:
        raise BadReportQuestion(given=f"{since} – {until}", longest=LONGEST_TIME.days)
