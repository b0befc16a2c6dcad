"""Verbs on identifiers: what every door, for people and for machines, does with a record.

Each verb asks the permission of the house (on the holder of the prefix), changes the record, keeps the version before,
publishes what is public of it, and leaves an audit record and an event, in one transaction. Values are never written
into the audit trail, for keys are among them: it names their indexes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from jialiang.base.identifiers import checks, selectors, services
from jialiang.base.identifiers.errors import (
    IdentifierRetired,
    IdentifierSuspended,
    IdentifierTaken,
    IdentifierUnknown,
    ReasonMissing,
)
from jialiang.base.identifiers.public_reads import record_anywhere, record_at
from jialiang.base.identifiers.records import RecordCode, StoredRecord
from jialiang.base.identifiers.rows_read import stored
from jialiang.base.identifiers.selectors import Identifier
from jialiang.base.identifiers.services import Edit, NewRecord
from jialiang.formats.handle.names import parsed_handle
from jialiang.formats.handle.values import ADMIN_READ, PUBLIC_READ, HandleRecord, HandleValue
from jialiang.functions.deed import permit, put_on_record
from jialiang.functions.identifier_answers import Changed, changed, publish_records
from jialiang.functions.identifier_batches import BatchItem as BatchItem
from jialiang.functions.identifier_batches import ItemOutcome as ItemOutcome
from jialiang.functions.identifier_batches import register_many as register_many
from jialiang.functions.identifier_codes import known_codes
from jialiang.functions.identifier_minting import minted_name as minted_name
from jialiang.functions.identifier_prefixes import open_prefix, require_room
from jialiang.functions.identifier_rights import may_read_all as may_read_all
from jialiang.functions.identifier_rights import require_not_suspended, require_to_change, require_to_register
from jialiang.functions.identifier_signing import Signing
from jialiang.functions.identifier_template_rules import Templates
from jialiang.functions.identifier_unique_values import claim_values
from jialiang.security.actor import Actor
from jialiang.security.policy import OwnedBy
from jialiang.vocabulary.statuses import IdentifierState

Edited = Callable[[str, Sequence[HandleValue]], tuple[HandleValue, ...]]
EVENTS = {
    "identifier.change": "identifier.changed",
    "identifier.activate": "identifier.activated",
    "identifier.suspend": "identifier.suspended",
    "identifier.resume": "identifier.resumed",
    "identifier.retire": "identifier.retired",
}


@transaction.atomic
def register(
    *,
    actor: Actor,
    name: str,
    values: Iterable[HandleValue],
    state: str = "active",
    template: str | None = None,
    codes: Iterable[RecordCode] = (),
    overwrite: bool = False,
    now: datetime,
) -> StoredRecord:
    """Register a name with its values, ``active`` or ``reserved``. Event ``identifier.registered``.

    With ``overwrite`` a record that is there gets these values, codes and template instead of its own. Raises
    BadHandle, BadValue, BadCode, PrefixForbids, QuotaReached, IdentifierTaken (also for a retired one: no name is given
    twice), CodeTaken, TemplateBroken, ValueRepeated, and for an identity InsufficientRight.
    """
    permit(actor, "identifier.register")
    held = open_prefix(checks.checked_name(name).prefix)
    permit(actor, "identifier.register", OwnedBy(held.organization_id))
    values, codes = tuple(values), known_codes(codes)
    if overwrite and selectors.is_taken(name):
        row = services.locked(name)
        if row.state == IdentifierState.RETIRED:
            raise IdentifierTaken(identifier=row.name)
        permit(actor, "identifier.change", row)
        edit = Edit(values=values, codes=codes, template=template)
        return _written(actor, row, edit, "identifier.change", "", now)
    require_to_register(actor, held.prefix)
    require_room(held, adding=1, now=now)
    templates = Templates()
    templates.require(name, template or "", values, registering=True)
    new = NewRecord(
        name, values, services.first_state(state), template or "", codes, organization_id=held.organization_id
    )
    new = replace(new, values=Signing(actor, now).signed(new))
    row = services.register(new, actor=actor, now=now)
    record = stored(row)
    claim_values(actor, None, record, templates, now)
    publish_records([Changed(record)], now)
    put_on_record(
        actor,
        "identifier.register",
        row,
        now,
        event="identifier.registered",
        data={"identifier": record.name, "state": record.state.value},
        identifier=record.name,
        state=record.state.value,
        indexes=[value.index for value in record.record.values],
        codes=[[code.system, code.code] for code in record.codes],
    )
    return record


@transaction.atomic
def replace_values(
    *,
    actor: Actor,
    name: str,
    values: Iterable[HandleValue],
    expected_version: int | None = None,
    codes: Iterable[RecordCode] | None = None,
    template: str | None = None,
    now: datetime,
) -> StoredRecord:
    """Give a record these values instead of its own, and codes and template where they are told. Event
    ``identifier.changed``.

    A change that changes nothing leaves neither a version nor a record. Raises IdentifierUnknown, IdentifierChanged,
    IdentifierStateForbids, BadValue, BadCode, CodeTaken, TemplateBroken, ValueRepeated.
    """
    row = _mine(actor, name, "identifier.change", expected_version)
    told = None if codes is None else known_codes(codes)
    edit = Edit(values=tuple(values), codes=told, template=template)
    return _written(actor, row, edit, "identifier.change", "", now)


@transaction.atomic
def put_values(
    *, actor: Actor, name: str, values: Iterable[HandleValue], overwrite: bool = True, now: datetime
) -> StoredRecord:
    """Put values into a record, in place of those of the same indexes. Event ``identifier.changed``.

    Raises ValueTaken where an index is taken and ``overwrite`` is not said.
    """
    given = tuple(values)
    return _edited(actor, name, lambda n, old: checks.put(n, old, given, overwrite=overwrite), now)


@transaction.atomic
def add_values(*, actor: Actor, name: str, values: Iterable[HandleValue], now: datetime) -> StoredRecord:
    """Add values under indexes that are free. Event ``identifier.changed``. Raises ValueTaken."""
    given = tuple(values)
    return _edited(actor, name, lambda n, old: checks.put(n, old, given, overwrite=False), now)


@transaction.atomic
def modify_values(*, actor: Actor, name: str, values: Iterable[HandleValue], now: datetime) -> StoredRecord:
    """Replace values by their indexes. Event ``identifier.changed``. Raises ValueUnknown."""
    given = tuple(values)
    return _edited(actor, name, lambda n, old: checks.modified(n, old, given), now)


@transaction.atomic
def remove_values(*, actor: Actor, name: str, indexes: Iterable[int], now: datetime) -> StoredRecord:
    """Take values out of a record. Event ``identifier.changed``. Raises ValueUnknown."""
    gone = tuple(indexes)
    return _edited(actor, name, lambda n, old: checks.removed(n, old, gone), now)


@transaction.atomic
def activate(*, actor: Actor, name: str, reason: str = "", now: datetime) -> StoredRecord:
    """Let a reserved record be resolved. Event ``identifier.activated``."""
    return _moved(actor, name, "identifier.activate", IdentifierState.ACTIVE, reason, now)


@transaction.atomic
def suspend(*, actor: Actor, name: str, reason: str = "", now: datetime) -> StoredRecord:
    """Stop an active record from being resolved, with a reason. Event ``identifier.suspended``.

    Raises ReasonMissing.
    """
    return _moved(actor, name, "identifier.suspend", IdentifierState.SUSPENDED, reason, now)


@transaction.atomic
def resume(*, actor: Actor, name: str, reason: str = "", now: datetime) -> StoredRecord:
    """Let a suspended record be resolved again. Event ``identifier.resumed``."""
    return _moved(actor, name, "identifier.resume", IdentifierState.ACTIVE, reason, now)


@transaction.atomic
def retire(*, actor: Actor, name: str, reason: str = "", now: datetime) -> StoredRecord:
    """Retire a record for good: its history stays, its name is never given again, its codes are free for another.

    Event ``identifier.retired``. Machines of the Handle System have no words for a reason; people are asked for one by
    the screens.
    """
    return _moved(actor, name, "identifier.retire", IdentifierState.RETIRED, reason, now)


def resolve_identifier(
    *,
    actor: Actor,
    name: str,
    indexes: Iterable[int] = (),
    types: Iterable[str] = (),
    at: datetime | None = None,
    now: datetime,
) -> StoredRecord:
    """Return what the actor may read of a record, now or as it stood at the moment ``at``.

    Who has ``identifier.read`` on it sees what an administrator may read, in every state and at every moment; everyone
    else what is public now. Codes in other systems are public. Raises BadHandle, IdentifierUnknown,
    IdentifierSuspended, IdentifierRetired, and without the right to it NotAuthorized for the past.
    """
    parsed_handle(name)
    record = record_anywhere(name)
    if record is None:
        raise IdentifierUnknown(identifier=name[:80])
    if at is not None and at < now:
        permit(actor, "identifier.read", record)
        past = record_at(record, at)
        if past is None:
            raise IdentifierUnknown(identifier=name[:80])
        record = past
    seen = as_read_by(actor, record)
    return replace(seen, record=seen.record.chosen(indexes, types))


def as_read_by(actor: Actor, record: StoredRecord) -> StoredRecord:
    """Return a record with the values that an actor may read. Raises as :func:`resolve_identifier` does."""
    return replace(record, record=HandleRecord(record.name, readable_values(actor, record)))


def readable_values(actor: Actor, record: StoredRecord) -> tuple[HandleValue, ...]:
    """Return the values of a record that an actor may read. Raises as :func:`resolve_identifier` does."""
    if may_read_all(actor, record):
        return tuple(v for v in record.record.values if v.permissions & (ADMIN_READ | PUBLIC_READ))
    match record.state:
        case IdentifierState.ACTIVE:
            return Templates().shown(record, str(actor.organization_id or "")).public().values
        case IdentifierState.SUSPENDED:
            raise IdentifierSuspended(identifier=record.name)
        case IdentifierState.RETIRED:
            raise IdentifierRetired(identifier=record.name)
    raise IdentifierUnknown(identifier=record.name)


def _mine(actor: Actor, name: str, action: str, expected_version: int | None = None) -> Identifier:
    permit(actor, action)
    checked = checks.checked_name(name)
    row = services.locked(checked.text, expected_version)
    permit(actor, action, row)
    open_prefix(checked.prefix)
    return row


def _edited(actor: Actor, name: str, edited: Edited, now: datetime) -> StoredRecord:
    row = _mine(actor, name, "identifier.change")
    services.require_state(row, "identifier.change")
    before = stored(row).record.values
    return _written(actor, row, Edit(values=edited(row.name, before)), "identifier.change", "", now)


def _moved(
    actor: Actor, name: str, action: str, to: IdentifierState, reason: str, now: datetime
) -> StoredRecord:
    row = _mine(actor, name, action)
    if to == IdentifierState.SUSPENDED and not reason.strip():
        raise ReasonMissing(limit=services.LONGEST_REASON)
    return _written(actor, row, Edit(state=to), action, reason, now)


def _written(
    actor: Actor, row: Identifier, edit: Edit, action: str, reason: str, now: datetime
) -> StoredRecord:
    before = stored(row)
    if action == "identifier.change":
        require_not_suspended(actor, row)
    edit = Signing(actor, now).after(row, edit)
    if not services.change(row, edit, action=action, reason=reason, actor=actor, now=now):
        return before
    record = stored(row)
    require_to_change(actor, before, record)
    templates = Templates()
    if edit.values is not None or edit.template is not None:
        registering = record.template != before.template
        templates.require(record.name, record.template, record.record.values, registering=registering)
    claim_values(actor, before, record, templates, now)
    publish_records([changed(before, record)], now)
    put_on_record(
        actor,
        action,
        row,
        now,
        event=EVENTS[action],
        data={"identifier": record.name, "state": record.state.value, "version": record.version},
        identifier=record.name,
        version=record.version,
        state=record.state.value,
        reason=row.reason,
        indexes=_changed_indexes(before, record),
    )
    return record


def _changed_indexes(before: StoredRecord, after: StoredRecord) -> list[int]:
    old, new = set(before.record.values), set(after.record.values)
    return sorted({value.index for value in old ^ new})

