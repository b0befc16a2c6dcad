"""To whom records belong when their prefix passes to another organization."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from jialiang.base.identifiers import batch_services
from jialiang.base.identifiers.services import checked_reason
from jialiang.functions.deed import put_on_record
from jialiang.kernel.ids import new_id
from jialiang.security.actor import Actor

MODE, ACTION = "transfer", "prefix.transfer"


def hand_over(actor: Actor, prefix: str, *, old: UUID, new: UUID, reason: str, now: datetime) -> int:
    """Give the records under a prefix from its old holder to the new one, in the transaction that transfers the prefix.

    Returns how many; none leaves neither a batch nor a record. What is public of a record does not depend on its owner,
    so nothing is published anew. Event ``identifier.batch_completed``. Raises ReasonMissing.
    """
    line = checked_reason(reason, needed=True)
    batch_id = new_id(now)
    moved = batch_services.give(
        prefix, old=old, new=new, action=ACTION, reason=line, actor=actor, batch_id=batch_id, now=now
    )
    if not moved:
        return 0
    counts = {"updated": moved}
    batch = batch_services.begin_batch(batch_id, MODE, "", actor=actor, now=now)
    batch_services.end_batch(batch, counts)
    put_on_record(
        actor,
        ACTION,
        batch,
        now,
        event="identifier.batch_completed",
        data={"mode": MODE, "counts": counts},
        mode=MODE,
        counts=counts,
        prefix=prefix,
        old_organization_id=old,
        new_organization_id=new,
    )
    return moved
