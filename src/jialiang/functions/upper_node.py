"""Verbs towards the node above: is it reachable, apply there for a prefix, and look what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings

from jialiang.base.organizations.selectors import own_organization
from jialiang.functions.deed import put_on_record
from jialiang.functions.node_reports import READ, operate
from jialiang.governance.node_reports.current import current_granting_node, current_upper_node
from jialiang.governance.node_reports.port import OutgoingApplication, OutgoingDocument
from jialiang.kernel.errors import JialiangError
from jialiang.security.actor import Actor

APPLY = "upper_node.apply"


@dataclass(frozen=True, slots=True)
class Reach:
    """What is set, and what the node above said just now; ``problem`` is None where it answered."""

    address: str
    node: str
    problem: JialiangError | None

    @property
    def is_reached(self) -> bool:
        """Tell whether it answered and took the token."""
        return self.problem is None


@dataclass(frozen=True, slots=True)
class UpperApplication:
    """An application as the node above tells of it; ``granted`` is the prefix where it tells that."""

    id: str
    state: str
    wished_code: str
    purpose: str
    submitted_at: str
    reason: str
    granted_id: str


def reach(*, actor: Actor) -> Reach:
    """Ask the node above whether it is there and knows this node. Waits five seconds at most."""
    operate(actor, READ)
    address, node = settings.JIALIANG.upper_node, settings.JIALIANG.own_prefix
    try:
        current_upper_node().reach()
    except JialiangError as problem:
        return Reach(address, node, problem)
    return Reach(address, node, None)


def apply(
    *,
    actor: Actor,
    parent: str,
    purpose: str,
    wished_code: str = "",
    documents: Sequence[OutgoingDocument],
    now: datetime,
) -> UpperApplication:
    """Apply at the node above for a prefix below ``parent``. Event ``upper_node.applied``.

    Raises UpperNodeNotSet, UpperNodeSilent, UpperNodeForbids, UpperNodeRefuses (with what it said).
    """
    operate(actor, APPLY)
    upper = current_granting_node()
    told = upper.apply(OutgoingApplication(parent.strip(), purpose.strip(), wished_code.strip(), documents))
    row = _application(told)
    facts = {"application": row.id, "parent": parent.strip(), "address": upper.address}
    put_on_record(actor, APPLY, own_organization(), now, event="upper_node.applied", data=facts, **facts)
    return row


def applications(*, actor: Actor) -> list[UpperApplication]:
    """Return the applications of this enterprise at the node above, newest first. Raises as :func:`apply`."""
    operate(actor, APPLY)
    return [_application(each) for each in current_granting_node().applications()]


def _application(told: Any) -> UpperApplication:
    names = ("id", "state", "wished_code", "purpose", "submitted_at", "reason", "granted_id")
    return UpperApplication(**{name: str(told.get(name) or "")[:400] for name in names})
