"""Writing nodes, their reports and proposals. Permissions and the reading of reports are up to the verbs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from jialiang.formats.canonical import sha256_hex
from jialiang.formats.handle.names import folded
from jialiang.governance.subordinate_nodes.errors import (
    NodeMember,
    NodeNotAdmitted,
    NodeStateForbids,
    NodeTaken,
    NodeUnknown,
    ProposalDecided,
    ProposalUnknown,
    RevisionNotHigher,
)
from jialiang.governance.subordinate_nodes.models import ReceivedReport, SiteProposal, SubordinateNode
from jialiang.governance.subordinate_nodes.selectors import highest_revision, node_by_prefix, same_bytes
from jialiang.kernel.ids import new_id
from jialiang.kernel.text import Text, is_one_line, storable
from jialiang.security.actor import Actor
from jialiang.vocabulary.statuses import SiteProposalState, SubordinateNodeState, label

LONGEST_NAME, LONGEST_REASON = 100, 200
NAME, REASON = Text("节点名称", "name of the node"), Text("理由", "reason")
SUSPENDED = Text("该节点已暂停报送", "reports of the node are suspended")


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A report that was read to its end and holds: what is stored of it."""

    kind: str
    day: date
    time_zone: str
    revision: int
    made_at: datetime
    sha256: str
    size: int
    lines: int
    signature: str
    sums: Mapping[str, Any] = field(default_factory=dict)
    findings: tuple[Mapping[str, Any], ...] = ()


@transaction.atomic
def register(
    *, prefix: str, name: Text, holder: Text, root: str, person_id: UUID, actor: Actor, now: datetime
) -> SubordinateNode:
    """Store a node. Raises :class:`NodeTaken`, :class:`NodeMember`."""
    _check_name(name)
    if node_by_prefix(prefix) is not None:
        raise NodeTaken(prefix=prefix)
    row = SubordinateNode(
        id=new_id(now),
        prefix=prefix,
        folded=folded(prefix),
        name_zh=name.zh.strip(),
        name_en=name.en.strip(),
        holder_zh=holder.zh,
        holder_en=holder.en,
        root=root,
        state_since=now,
        person_id=person_id,
        registered_by_name=_name(actor),
        registered_at=now,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as problem:  # somebody registered it in the meantime
        raise NodeTaken(prefix=prefix) from problem
    return row


def suspend(node_id: UUID, *, reason: str, now: datetime) -> SubordinateNode:
    """Take no more reports of a node. Raises :class:`NodeMember`, :class:`NodeStateForbids`, :class:`NodeUnknown`."""
    why = _reason(reason, needed=True)
    return _moved(node_id, SubordinateNodeState.ACTIVE, SubordinateNodeState.SUSPENDED, why, now)


def resume(node_id: UUID, *, reason: str = "", now: datetime) -> SubordinateNode:
    """Take reports of a node again. Raises :class:`NodeStateForbids`, :class:`NodeUnknown`."""
    why = _reason(reason, needed=False)
    return _moved(node_id, SubordinateNodeState.SUSPENDED, SubordinateNodeState.ACTIVE, why, now)


@transaction.atomic
def accept(node_id: UUID, arrival: Arrival, *, actor: Actor, now: datetime) -> tuple[ReceivedReport, bool]:
    """Store a report and tell whether it is new; the same bytes once more are the report that is there.

    The node stays locked until the end of the transaction: of two who send at once one waits for the other. Raises
    :class:`NodeNotAdmitted` (suspended meanwhile), :class:`RevisionNotHigher`, :class:`NodeUnknown`.
    """
    row = locked(node_id)
    if row.state != SubordinateNodeState.ACTIVE:
        raise NodeNotAdmitted(prefix=row.prefix, reason=SUSPENDED)
    known = same_bytes(node_id, arrival.sha256)
    if known is not None:
        return known, False
    highest = highest_revision(node_id, arrival.kind, arrival.day)
    if arrival.revision <= highest:
        day = arrival.day.isoformat()
        raise RevisionNotHigher(
            prefix=row.prefix, kind=arrival.kind, day=day, revision=arrival.revision, highest=highest
        )
    made = ReceivedReport.objects.create(
        id=new_id(now),
        node=row,
        kind=arrival.kind,
        day=arrival.day,
        time_zone=arrival.time_zone,
        revision=arrival.revision,
        made_at=arrival.made_at,
        sha256=arrival.sha256,
        size=arrival.size,
        lines=arrival.lines,
        signature=arrival.signature,
        sums=dict(arrival.sums),
        findings=[dict(each) for each in arrival.findings],
        door=actor.door,
        received_by_name=_name(actor),
        received_at=now,
    )
    return made, True


def propose(report: ReceivedReport, site: Mapping[str, Any], *, now: datetime) -> SiteProposal | None:
    """Keep a server that a report tells of, to be decided; None where just this was told last.

    An older proposal that still waits is superseded.
    """
    digest = site_digest(site)
    told = SiteProposal.objects.filter(node_id=report.node_id).order_by("-made_at", "-id")
    last = told.first()
    if last is not None and last.site_digest == digest and last.state != SiteProposalState.ACCEPTED:
        return None
    told.filter(state=SiteProposalState.OPEN).update(state=SiteProposalState.SUPERSEDED, decided_at=now)
    return SiteProposal.objects.create(
        id=new_id(now),
        node_id=report.node_id,
        report=report,
        site=dict(site),
        site_digest=digest,
        made_at=now,
    )


def decide(
    proposal_id: UUID, state: SiteProposalState, *, reason: str = "", actor: Actor, now: datetime
) -> SiteProposal:
    """Note what became of a proposal. Raises ProposalUnknown, ProposalDecided, NodeMember (no reason to refuse)."""
    why = _reason(reason, needed=state == SiteProposalState.REFUSED)
    row = SiteProposal.objects.select_for_update(of=("self",)).filter(pk=proposal_id).first()
    if row is None:
        raise ProposalUnknown(wanted=str(proposal_id))
    if row.state != SiteProposalState.OPEN:
        raise ProposalDecided(prefix=row.node.prefix, state=label(SiteProposalState(row.state)))
    row.state, row.reason, row.decided_at, row.decided_by_name = state, why, now, _name(actor)
    row.save(update_fields=["state", "reason", "decided_at", "decided_by_name"])
    return row


def locked(node_id: UUID) -> SubordinateNode:
    """Return a node that nobody else changes until the transaction ends. Raises :class:`NodeUnknown`."""
    row = SubordinateNode.objects.select_for_update().filter(pk=node_id).first()
    if row is None:
        raise NodeUnknown(wanted=str(node_id))
    return row


def site_digest(site: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a site, whatever the order of its members."""
    return sha256_hex(json.dumps(site, ensure_ascii=False, sort_keys=True).encode())


@transaction.atomic
def _moved(
    node_id: UUID, old: SubordinateNodeState, new: SubordinateNodeState, reason: str, now: datetime
) -> SubordinateNode:
    row = locked(node_id)
    if row.state != old:
        current = label(SubordinateNodeState(row.state))
        raise NodeStateForbids(prefix=row.prefix, state=current, allowed=label(old))
    row.state, row.state_reason, row.state_since = new, reason, now
    row.save(update_fields=["state", "state_reason", "state_since"])
    return row


def _check_name(name: Text) -> None:
    if not name.zh.strip():
        raise _refused(NAME, "", Text("不能为空", "it may not be empty"))
    for _, text in name.items():
        _check_line(NAME, text, LONGEST_NAME)


def _reason(reason: str, *, needed: bool) -> str:
    text = " ".join(reason.split())
    if needed and not text:
        raise _refused(REASON, "", Text("须说明理由", "a reason is needed"))
    _check_line(REASON, text, LONGEST_REASON)
    return text


def _check_line(member: Text, text: str, longest: int) -> None:
    if not is_one_line(text):
        raise _refused(member, text, Text("含有控制字符", "it holds a control character"))
    if len(text.strip()) > longest:
        raise _refused(member, text, Text(f"超过 {longest} 个字符", f"it is longer than {longest} letters"))


def _refused(member: Text, given: str, reason: Text) -> NodeMember:
    return NodeMember(member=member, given=storable(given, 40), reason=reason)


def _name(actor: Actor) -> str:
    return (actor.name.zh or actor.name.en)[:100]
