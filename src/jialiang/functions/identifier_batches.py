"""Writing many records by one call: each item has its own outcome, and none depends on another.

The call is idempotent: sent again it finds its own work done and says ``unchanged``. It reads in a few queries what all
items need, decides item by item without a query, and writes in a few queries what was decided. One batch, one audit
record and one event stand for the call; the history of each record points at the batch.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from typing import Literal, get_args
from uuid import UUID

from django.db import IntegrityError, transaction

from jialiang.base.identifiers import batch_services, services
from jialiang.base.identifiers.checks import checked_codes, checked_name
from jialiang.base.identifiers.code_claims import Claim, claims_of
from jialiang.base.identifiers.counting import registered_under
from jialiang.base.identifiers.errors import (
    BadCode,
    CodeTaken,
    GivenTwice,
    IdentifierTaken,
    IdentifierUnknown,
    TooManyItems,
    UnknownMode,
)
from jialiang.base.identifiers.records import RecordCode, StoredRecord, read_codes, written_codes
from jialiang.base.identifiers.rows_read import stored
from jialiang.base.identifiers.selectors import Identifier
from jialiang.base.identifiers.services import Edit, NewRecord
from jialiang.base.identifiers.stored_values import written_values
from jialiang.base.identifiers.unique_values import Moved, move
from jialiang.formats.handle.names import folded, name_digest
from jialiang.formats.handle.values import HandleValue
from jialiang.functions.deed import permit, put_on_record
from jialiang.functions.identifier_answers import Changed, publish_records
from jialiang.functions.identifier_codes import known_codes
from jialiang.functions.identifier_prefixes import HeldPrefix, open_prefix, require_room_beside
from jialiang.functions.identifier_rights import require_not_suspended, require_to_change, require_to_register
from jialiang.functions.identifier_signing import Signing
from jialiang.functions.identifier_template_rules import Templates
from jialiang.functions.identifier_unique_values import ValuesHeld, moved_values, require_free
from jialiang.kernel.errors import JialiangError
from jialiang.kernel.ids import new_id
from jialiang.security.actor import Actor
from jialiang.security.policy import OwnedBy
from jialiang.security.tenancy.scope import current_tenant_id
from jialiang.vocabulary.statuses import IdentifierState

Mode = Literal["create", "update", "delete"]
Outcome = Literal["created", "updated", "deleted", "unchanged", "refused"]
MODES: tuple[Mode, ...] = get_args(Mode)
MOST_ITEMS = 5000
MOST_RACES = 3
ACTIONS = {"create": "identifier.register", "update": "identifier.change", "delete": "identifier.retire"}


@dataclass(frozen=True, slots=True)
class BatchItem:
    """One item: a name and, unless it is to be deleted, what its record shall hold."""

    name: str
    values: tuple[HandleValue, ...] = ()
    codes: tuple[RecordCode, ...] = ()
    template: str = ""
    state: IdentifierState = IdentifierState.ACTIVE


@dataclass(frozen=True, slots=True)
class ItemOutcome:
    """What became of the item at a place (from 0); ``error`` says why it was refused."""

    place: int
    name: str
    outcome: Outcome
    error: JialiangError | None = None

    @property
    def done(self) -> bool:
        """Whether the record stands as the item says."""
        return self.outcome != "refused"


@dataclass(slots=True)
class _Plan:
    """What is to be written, as it is decided item by item."""

    actor: Actor
    mode: Mode
    now: datetime
    rows: dict[str, Identifier]
    code_holders: dict[Claim, batch_services.CodeHolder]
    templates: Templates
    values_held: ValuesHeld
    signing: Signing
    batch_id: UUID | None = None
    prefixes: dict[str, HeldPrefix | JialiangError] = field(default_factory=dict)
    used: dict[str, int] = field(default_factory=dict)
    seen: dict[str, tuple[int, BatchItem]] = field(default_factory=dict)
    refused: dict[int, JialiangError] = field(default_factory=dict)
    new: list[Identifier] = field(default_factory=list)
    changed: list[batch_services.Rewritten] = field(default_factory=list)
    moved: list[Moved] = field(default_factory=list)


@transaction.atomic
def register_many(
    *,
    actor: Actor,
    items: Iterable[BatchItem],
    mode: str,
    dry_run: bool = False,
    trial: ValuesHeld | None = None,
    now: datetime,
) -> list[ItemOutcome]:
    """Create, update or delete (retire) the records of up to :data:`MOST_ITEMS` items; each has its outcome.

    An item that asks for what is there already is ``unchanged``. With ``dry_run`` nothing is written and the outcomes
    say what would become; ``trial`` remembers from part to part of one whose unique values they would be. Event
    ``identifier.batch_completed``. Raises UnknownMode, TooManyItems, and what ``permit`` raises where the
    actor may not do this at all.
    """
    if mode not in MODES:
        raise UnknownMode(given=mode[:40])
    permit(actor, ACTIONS[mode])
    wanted = list(items)
    if len(wanted) > MOST_ITEMS:
        raise TooManyItems(given=len(wanted), limit=MOST_ITEMS)
    if dry_run:
        return _decided(wanted, _plan(actor, mode, wanted, now, trial, publishes=False))
    for _ in range(MOST_RACES - 1):
        try:
            with transaction.atomic():
                return _written(wanted, actor, mode, now)
        except IntegrityError:  # somebody took one of the names, codes or values meanwhile: look again
            continue
    return _written(wanted, actor, mode, now)


def _written(items: Sequence[BatchItem], actor: Actor, mode: Mode, now: datetime) -> list[ItemOutcome]:
    plan = _plan(actor, mode, items, now)
    plan.batch_id = new_id(now)
    outcomes = _decided(items, plan)
    if not plan.new and not plan.changed:
        return outcomes
    digest = sha256("\n".join(content_of(item) for item in items).encode()).hexdigest()
    batch = batch_services.begin_batch(plan.batch_id, mode, digest, actor=actor, now=now)
    batch_services.insert(plan.new, now)
    batch_services.rewrite(plan.changed, now)
    move(plan.moved, now)
    fresh = [Changed(stored(row)) for row in plan.new]
    publish_records([*fresh, *(_changed(one) for one in plan.changed)], now)
    counts: dict[str, int] = dict(Counter(outcome.outcome for outcome in outcomes))
    batch_services.end_batch(batch, counts)
    put_on_record(
        actor,
        ACTIONS[mode],
        batch,
        now,
        event="identifier.batch_completed",
        data={"mode": mode, "counts": counts},
        mode=mode,
        counts=counts,
        items_sha256=digest,
    )
    return outcomes


def _plan(
    actor: Actor,
    mode: Mode,
    items: Sequence[BatchItem],
    now: datetime,
    trial: ValuesHeld | None = None,
    *,
    publishes: bool = True,
) -> _Plan:
    codes = [code for item in items for code in _those_known(item)]
    templates, held = Templates(), trial or ValuesHeld()
    if mode != "delete":
        held.load(claim for item in items for claim in templates.claims(item.name, item.template, item.values))
    return _Plan(
        actor,
        mode,
        now,
        rows=batch_services.rows_named(item.name for item in items),
        code_holders=batch_services.holders_of_codes(codes),
        templates=templates,
        values_held=held,
        signing=Signing(actor, now, publishes, templates),
    )


def _decided(items: Sequence[BatchItem], plan: _Plan) -> list[ItemOutcome]:
    outcomes = []
    for place, item in enumerate(items):
        try:
            outcomes.append(ItemOutcome(place, item.name, _decide(place, item, plan)))
        except JialiangError as problem:
            plan.refused[place] = problem
            outcomes.append(ItemOutcome(place, item.name, "refused", problem))
    return outcomes


def _decide(place: int, item: BatchItem, plan: _Plan) -> Outcome:
    name = checked_name(item.name)
    digest = name_digest(name.text)
    first = plan.seen.setdefault(digest, (place, item))
    if first[0] != place:
        if plan.mode != "delete" and content_of(first[1]) != content_of(item):
            raise GivenTwice(identifier=item.name, place=first[0] + 1)
        if first[0] in plan.refused:
            raise plan.refused[first[0]]
        return "unchanged"
    row = plan.rows.get(digest)
    if plan.mode == "create":
        return _create(item, row, _held(name.prefix, plan), plan)
    if row is None or row.tenant_id != current_tenant_id():
        raise IdentifierUnknown(identifier=item.name[:80])
    permit(plan.actor, ACTIONS[plan.mode], row)
    _held(name.prefix, plan)
    return _update(item, row, plan) if plan.mode == "update" else _delete(row, plan)


def _create(item: BatchItem, row: Identifier | None, held: HeldPrefix, plan: _Plan) -> Outcome:
    permit(plan.actor, "identifier.register", OwnedBy(held.organization_id))
    codes = known_codes(item.codes)
    if row is not None and row.tenant_id == current_tenant_id() and row.state == item.state and _says(row, item):
        return "unchanged"
    state = services.first_state(item.state)
    plan.templates.require(item.name, item.template, item.values, registering=row is None)
    new = NewRecord(
        item.name, item.values, state, item.template, codes, organization_id=held.organization_id
    )
    before = stored(row).record.values if row is not None else ()
    new = replace(new, values=plan.signing.signed(new, before))
    fresh = services.unsaved(new, actor=plan.actor, now=plan.now)
    if row is not None:
        if row.tenant_id == current_tenant_id() and _stands(row, fresh):
            return "unchanged"
        raise IdentifierTaken(identifier=item.name)
    used = _used(held, plan)
    moved = _moved(None, fresh, plan)
    _take_codes(fresh, plan)
    _note(fresh, moved, plan)
    plan.used[held.prefix] = used + 1
    services.sign(fresh, "identifier.register", "", plan.actor, plan.batch_id)
    plan.new.append(fresh)
    return "created"


def _update(item: BatchItem, row: Identifier, plan: _Plan) -> Outcome:
    if _says(row, item):
        return "unchanged"
    require_not_suspended(plan.actor, row)
    registering = item.template != row.template
    plan.templates.require(item.name, item.template, item.values, registering=registering)
    edit = Edit(values=item.values, codes=known_codes(item.codes), template=item.template)
    return "updated" if _change(row, edit, plan) else "unchanged"


def _delete(row: Identifier, plan: _Plan) -> Outcome:
    if row.state == IdentifierState.RETIRED:
        return "unchanged"
    return "deleted" if _change(row, Edit(state=IdentifierState.RETIRED), plan) else "unchanged"


def _change(row: Identifier, edit: Edit, plan: _Plan) -> bool:
    action = ACTIONS[plan.mode]
    past = services.begun(row, action)
    before = stored(row)
    edit = plan.signing.after(row, edit)
    now = max(plan.now, row.changed_at)
    codes = services.apply(row, edit, now)
    if services.same(row, past):
        return False
    require_to_change(plan.actor, before, stored(row))
    moved = _moved(before, row, plan)
    if codes and row.state != IdentifierState.RETIRED:
        _take_codes(row, plan)
    _note(row, moved, plan)
    services.finished(row, past, now)
    services.sign(row, action, "", plan.actor, plan.batch_id)
    plan.changed.append(batch_services.Rewritten(row, past, codes is not None))
    return True


def _held(prefix: str, plan: _Plan) -> HeldPrefix:
    key = folded(prefix)
    if key not in plan.prefixes:
        try:
            held = open_prefix(prefix)
            if plan.mode == "create":
                require_to_register(plan.actor, held.prefix)
            plan.prefixes[key] = held
        except JialiangError as problem:
            plan.prefixes[key] = problem
    found = plan.prefixes[key]
    if isinstance(found, JialiangError):
        raise found
    return found


def _used(held: HeldPrefix, plan: _Plan) -> int:
    """Return how many names there are under a prefix, those of this call with them. Raises QuotaReached."""
    if held.quota is None:
        return 0
    used = plan.used.get(held.prefix)
    if used is None:
        used = registered_under(held.prefix, plan.now)
    require_room_beside(held, used=used, adding=1)
    return used


def _take_codes(row: Identifier, plan: _Plan) -> None:
    claims = claims_of(read_codes(row.codes_text))
    for claim, code in claims.items():
        holder = plan.code_holders.get(claim)
        if holder is not None and holder.identifier_id != row.id:
            raise CodeTaken(system=code.system, given=code.code, identifier=holder.shown)
    plan.code_holders |= dict.fromkeys(claims, batch_services.CodeHolder(row.id, row.name))


def _moved(before: StoredRecord | None, row: Identifier, plan: _Plan) -> Moved:
    """Return which unique values a record lets go and takes. Raises ValueRepeated."""
    after = stored(row)
    moved = moved_values(before, after, plan.templates)
    require_free(plan.actor, after, moved.taken, plan.values_held, plan.templates)
    return moved


def _note(row: Identifier, moved: Moved, plan: _Plan) -> None:
    if moved.gone or moved.taken:
        plan.values_held.note(row.name, moved)
        plan.moved.append(moved)


def _those_known(item: BatchItem) -> tuple[RecordCode, ...]:
    try:
        return known_codes(item.codes)
    except BadCode:  # told when its turn comes
        return ()


def _changed(one: batch_services.Rewritten) -> Changed:
    answered = one.past.state == IdentifierState.ACTIVE
    return Changed(stored(one.row), read_codes(one.past.codes_text) if answered else ())


def _says(row: Identifier, item: BatchItem) -> bool:
    """Tell whether a record holds what an item says already, whatever rules came after it."""
    if item.template != row.template or _plain(item.values) != _plain(stored(row).record.values):
        return False
    codes = known_codes(item.codes)
    return written_codes(checked_codes(codes)) == row.codes_text


def _stands(row: Identifier, fresh: Identifier) -> bool:
    return (
        row.state == fresh.state
        and (row.codes_text, row.template) == (fresh.codes_text, fresh.template)
        and _plain(stored(row).record.values) == _plain(stored(fresh).record.values)
    )


def _plain(values: Iterable[HandleValue]) -> str:
    return written_values(replace(value, timestamp=0) for value in values)


def content_of(item: BatchItem) -> str:
    """Return what an item asks for as text: two of one name whose texts are equal ask for the same."""
    told = [folded(item.name), item.state, item.template, _plain(item.values), written_codes(item.codes)]
    return json.dumps(told, ensure_ascii=False)
