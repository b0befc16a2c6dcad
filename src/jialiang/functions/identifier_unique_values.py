"""Values that a template lets stand in one record only: who has them, and what is said to who wants one a second time.

A value is taken in the transaction that writes it and let go when it changes or its record retires. A change that
leaves a value as it was asks nothing of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from jialiang.base.identifiers.errors import ValueRepeated
from jialiang.base.identifiers.records import StoredRecord
from jialiang.base.identifiers.unique_values import Moved, holders_of_values, move
from jialiang.base.identifiers.value_claims import ValueClaim
from jialiang.functions.identifier_rights import may_read_all
from jialiang.functions.identifier_template_rules import Templates
from jialiang.kernel.text import Text, storable
from jialiang.security.actor import Actor
from jialiang.vocabulary.statuses import IdentifierState

LONGEST_GIVEN = 60
MOST_REMEMBERED = 200_000
UNTOLD = "—"


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has a value: a stored record, or one that the running call is to write."""

    identifier_id: UUID
    name: str
    record: StoredRecord | None = None


@dataclass(slots=True)
class ValuesHeld:
    """Who has which values while many records are decided upon: what is stored, and what was decided since.

    A trial in parts keeps one of these, so that a part knows what the parts before would have written.
    """

    stored: dict[ValueClaim, StoredRecord] = field(default_factory=dict)
    decided: dict[ValueClaim, Holder | None] = field(default_factory=dict)

    def load(self, claims: Iterable[ValueClaim]) -> None:
        """Read who has claims: one query a thousand."""
        self.stored = holders_of_values(claims)

    def holder(self, claim: ValueClaim) -> Holder | None:
        """Return who has a claim, None where it is free."""
        if claim in self.decided:
            return self.decided[claim]
        record = self.stored.get(claim)
        return None if record is None else Holder(record.id, record.name, record)

    def note(self, name: str, moved: Moved) -> None:
        """Remember what a record lets go and takes."""
        if len(self.decided) >= MOST_REMEMBERED:
            return
        for claim in moved.gone:
            holder = self.holder(claim)
            if holder is None or holder.identifier_id == moved.identifier_id:  # None: no item of this part asked
                self.decided[claim] = None
        self.decided |= dict.fromkeys(moved.taken, Holder(moved.identifier_id, name))


def moved_values(before: StoredRecord | None, after: StoredRecord, templates: Templates) -> Moved:
    """Return what a record lets go and takes when it becomes ``after``; None before is a new one."""
    old = () if before is None else templates.claims(before.name, before.template, before.record.values)
    living = after.state != IdentifierState.RETIRED
    new = templates.claims(after.name, after.template, after.record.values) if living else ()
    return Moved(after.id, frozenset(old) - frozenset(new), tuple(claim for claim in new if claim not in old))


def require_free(
    actor: Actor, record: StoredRecord, claims: Sequence[ValueClaim], held: ValuesHeld, templates: Templates
) -> None:
    """Let values pass that no other record has. Raises ValueRepeated for the first that one has."""
    for claim in claims:
        holder = held.holder(claim)
        if holder is not None and holder.identifier_id != record.id:
            raise _repeated(actor, record, claim, holder, templates)


def claim_values(
    actor: Actor, before: StoredRecord | None, after: StoredRecord, templates: Templates, now: datetime
) -> None:
    """Take and let go the values of one record that was written; of two who want one at once the database lets one.

    No query where nothing unique changes. Raises ValueRepeated.
    """
    moved = moved_values(before, after, templates)
    if not moved.gone and not moved.taken:
        return
    _require_free_now(actor, after, moved, templates)
    try:
        with transaction.atomic():
            move([moved], now)
    except IntegrityError:
        _require_free_now(actor, after, moved, templates)
        raise


def _require_free_now(actor: Actor, record: StoredRecord, moved: Moved, templates: Templates) -> None:
    held = ValuesHeld()
    held.load(moved.taken)
    require_free(actor, record, moved.taken, held, templates)


def _repeated(
    actor: Actor, record: StoredRecord, claim: ValueClaim, holder: Holder, templates: Templates
) -> ValueRepeated:
    item = templates.item(record.name, record.template, claim.index)
    given = next(value for value in record.record.values if value.index == claim.index)
    name = Text() if item is None else item.name
    return ValueRepeated(
        identifier=record.name[:80],
        template=record.template[:80],
        index=claim.index,
        item=Text(name.zh or name.en, name.en or name.zh),
        given=storable(given.text or "", LONGEST_GIVEN),
        holder=holder.name if _may_be_told(actor, holder, claim.index, templates) else UNTOLD,
    )


def _may_be_told(actor: Actor, holder: Holder, index: int, templates: Templates) -> bool:
    """Tell whether an actor may read a value in the record that has it: as everyone may, or by a right of its own."""
    record = holder.record
    if record is None or may_read_all(actor, record):
        return True
    if record.state != IdentifierState.ACTIVE:
        return False
    shown = templates.shown(record, str(actor.organization_id or "")).public()
    return any(value.index == index for value in shown.values)
