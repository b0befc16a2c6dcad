"""Taking in at the desk in one act: open the commission, accept it on what was agreed, receive what lies there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from jialiang.base.commissions.facts import Agreement, CommissionFacts, ItemFacts
from jialiang.base.commissions.selectors import Commission, CommissionItem, items_of
from jialiang.functions.commissions import accept, add_item, open_commission, receive
from jialiang.security.actor import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What is done at once: accepted if an ``agreement`` is given, received at ``place`` if ``is_here``."""

    agreement: Agreement | None = None
    is_here: bool = False
    place: str = ""


@transaction.atomic
def take_in(
    *, actor: Actor, facts: CommissionFacts, items: Sequence[ItemFacts], intake: Intake, now: datetime
) -> Commission:
    """Open, accept and receive as one: all of it happens, or nothing.

    Each step is the verb of its own name, with its permission, audit record and event; raises what they raise.
    Instruments that are calibrated at the owner's place are accepted and stay there.
    """
    row = open_commission(actor=actor, facts=facts, items=items, now=now)
    if intake.agreement is not None:
        row = accept(actor=actor, commission_id=row.id, agreement=intake.agreement, now=now)
    if intake.is_here:
        for item in items_of(row.id):
            if not item.instrument.on_site:
                receive(
                    actor=actor,
                    item_id=item.id,
                    condition=item.condition,
                    accessories=item.accessories,
                    place=intake.place,
                    now=now,
                )
    return row


@transaction.atomic
def add_items(
    *, actor: Actor, commission_id: UUID, items: Sequence[ItemFacts], now: datetime
) -> list[CommissionItem]:
    """Add several instruments to an open commission: all of them, or none. Raises what adding each of them raises."""
    return [add_item(actor=actor, commission_id=commission_id, facts=facts, now=now) for facts in items]
