"""Verbs on the nodes below this one: registered for a prefix that was given here, each with a token of its own."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction

from jialiang.base.prefixes.selectors import prefix_of
from jialiang.formats.handle.names import folded
from jialiang.functions import prefixes
from jialiang.functions.deed import put_on_record
from jialiang.functions.node_reports import operate
from jialiang.functions.node_roots import checked_root
from jialiang.governance.subordinate_nodes import selectors, services
from jialiang.governance.subordinate_nodes.selectors import SiteProposal, SubordinateNode
from jialiang.information.subordinate_days import NodeStanding, standings
from jialiang.kernel.text import Text
from jialiang.security.accounts.selectors import actor_of
from jialiang.security.accounts.services import create_person, grant_role
from jialiang.security.actor import Actor
from jialiang.security.tenancy.calendar import today
from jialiang.security.tenancy.scope import current_tenant_id
from jialiang.security.tokens.selectors import tokens_of
from jialiang.security.tokens.services import LONGEST_DAYS, create_token, revoke_token
from jialiang.vocabulary.statuses import SiteProposalState

READ = "subordinate_node.read"
ROLE = "subordinate_node"
TOKEN_NAME = "node reports"  # noqa: S105 the name of a token


@dataclass(frozen=True, slots=True)
class NodeWithToken:
    """A node and its token, which is shown once and kept nowhere."""

    row: SubordinateNode
    token: str = field(repr=False)


@transaction.atomic
def register(*, actor: Actor, prefix: str, name: Text, root: str = "", now: datetime) -> NodeWithToken:
    """Register the node that answers for a prefix of the institute. Event ``subordinate_node.registered``.

    Its token reports for this prefix and does nothing else. ``root`` is empty, the root of the node as JSON or as its
    certificate. Raises PrefixUnknown, NodeTaken, NodeMember, BadNodeRoot, UsernameTaken.
    """
    operate(actor, "subordinate_node.register")
    given = prefix_of(prefix)
    kept = checked_root(root, given.text)
    person = create_person(
        tenant_id=current_tenant_id(),
        username=f"node-{folded(given.text)}",
        password=secrets.token_urlsafe(32),
        name=Text(given.text, given.text),
        now=now,
    )
    grant_role(
        person_id=person.pk, role=ROLE, valid_from=today(now), granted_by_id=actor.person_id, now=now
    )
    row = services.register(
        prefix=given.text,
        name=name,
        holder=given.holder.name,
        root=kept,
        person_id=person.pk,
        actor=actor,
        now=now,
    )
    made = NodeWithToken(row, _token(row, now))
    told = {"prefix": row.prefix}
    put_on_record(
        actor,
        "subordinate_node.register",
        row,
        now,
        event="subordinate_node.registered",
        data=told,
        **told,
        name=row.name,
        username=person.username,
        has_root=bool(kept),
    )
    return made


@transaction.atomic
def renew_token(*, actor: Actor, node_id: UUID, now: datetime) -> NodeWithToken:
    """Make a new token for a node and end those before. Event ``subordinate_node.token_renewed``."""
    operate(actor, "subordinate_node.renew_token")
    row = services.locked(node_id)
    for old in tokens_of(row.person_id):
        revoke_token(old.pk, now=now)
    made = NodeWithToken(row, _token(row, now))
    told = {"prefix": row.prefix}
    put_on_record(
        actor,
        "subordinate_node.renew_token",
        row,
        now,
        event="subordinate_node.token_renewed",
        data=told,
        **told,
    )
    return made


@transaction.atomic
def suspend(*, actor: Actor, node_id: UUID, reason: str, now: datetime) -> SubordinateNode:
    """Take no more reports of a node, with a reason. Event ``subordinate_node.suspended``."""
    operate(actor, "subordinate_node.suspend")
    row = services.suspend(node_id, reason=reason, now=now)
    told = {"prefix": row.prefix, "reason": row.state_reason}
    put_on_record(
        actor, "subordinate_node.suspend", row, now, event="subordinate_node.suspended", data=told, **told
    )
    return row


@transaction.atomic
def resume(*, actor: Actor, node_id: UUID, reason: str = "", now: datetime) -> SubordinateNode:
    """Take reports of a node again. Event ``subordinate_node.resumed``."""
    operate(actor, "subordinate_node.resume")
    row = services.resume(node_id, reason=reason, now=now)
    told = {"prefix": row.prefix, "reason": row.state_reason}
    put_on_record(
        actor, "subordinate_node.resume", row, now, event="subordinate_node.resumed", data=told, **told
    )
    return row


@transaction.atomic
def accept_site(*, actor: Actor, proposal_id: UUID, reason: str = "", now: datetime) -> SiteProposal:
    """Delegate the prefix of a node to the server that it told of. Event ``subordinate_node.site_accepted``.

    The delegation is the verb of prefixes, with its permission and its record. Raises ProposalDecided, BadSite,
    PrefixStateForbids, PrefixUnknown.
    """
    operate(actor, "subordinate_node.accept_site")
    row = services.decide(proposal_id, SiteProposalState.ACCEPTED, reason=reason, actor=actor, now=now)
    prefixes.delegate(
        actor=actor, prefix_id=prefix_of(row.node.prefix).id, site=row.site, reason=row.reason, now=now
    )
    told = {"prefix": row.node.prefix, "reason": row.reason}
    put_on_record(
        actor,
        "subordinate_node.accept_site",
        row,
        now,
        event="subordinate_node.site_accepted",
        data=told,
        **told,
        site_digest=row.site_digest,
    )
    return row


@transaction.atomic
def refuse_site(*, actor: Actor, proposal_id: UUID, reason: str, now: datetime) -> SiteProposal:
    """Leave the delegation as it is, with a reason. Event ``subordinate_node.site_refused``."""
    operate(actor, "subordinate_node.refuse_site")
    row = services.decide(proposal_id, SiteProposalState.REFUSED, reason=reason, actor=actor, now=now)
    told = {"prefix": row.node.prefix, "reason": row.reason}
    put_on_record(
        actor,
        "subordinate_node.refuse_site",
        row,
        now,
        event="subordinate_node.site_refused",
        data=told,
        **told,
        site_digest=row.site_digest,
    )
    return row


def read_nodes(*, actor: Actor, now: datetime) -> list[NodeStanding]:
    """Return all nodes with what was reported last and what is late: three queries."""
    operate(actor, READ)
    return standings(today(now))


def read_node(*, actor: Actor, node_id: UUID) -> SubordinateNode:
    """Return one node. Raises NodeUnknown."""
    operate(actor, READ)
    return selectors.node(node_id)


def read_proposals(*, actor: Actor, node_id: UUID) -> list[SiteProposal]:
    """Return what a node told of its servers, newest first."""
    operate(actor, READ)
    return selectors.proposals_of(node_id)


def _token(row: SubordinateNode, now: datetime) -> str:
    holder = actor_of(row.person_id, today(now), "api")
    return create_token(actor=holder, name=TOKEN_NAME, days=LONGEST_DAYS, roles=(ROLE,), now=now)[1]
