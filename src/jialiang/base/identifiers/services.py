"""Writing records: a name is given once, never again; a change keeps what it replaces."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from jialiang.base.identifiers.checks import (
    checked_codes,
    checked_name,
    checked_template,
    checked_values,
    stamped,
)
from jialiang.base.identifiers.code_claims import claims_of
from jialiang.base.identifiers.counting import count_up
from jialiang.base.identifiers.errors import (
    BadFirstState,
    CodeTaken,
    IdentifierChanged,
    IdentifierStateForbids,
    IdentifierTaken,
    IdentifierUnknown,
    ReasonMissing,
)
from jialiang.base.identifiers.models import (
    LONGEST_REASON,
    Identifier,
    IdentifierCode,
    IdentifierVersion,
)
from jialiang.base.identifiers.records import RecordCode, StoredRecord, written_codes
from jialiang.base.identifiers.rows_read import stored
from jialiang.base.identifiers.selectors import is_taken, parsed
from jialiang.base.identifiers.stored_values import written_values
from jialiang.formats.handle.names import folded, name_digest
from jialiang.formats.handle.values import HandleValue
from jialiang.kernel.ids import CROCKFORD, new_id
from jialiang.kernel.text import Text, is_one_line
from jialiang.security.actor import Actor
from jialiang.security.tenancy.scope import current_tenant_id, everywhere
from jialiang.vocabulary.statuses import IdentifierState, label

LETTERS_OF_AN_ID = 26  # 26 × 5 = 130 bits hold the 128 of a UUID
OF_A_VERSION = (
    "version", "state", "values_text", "codes_text", "template",
    "changed_at", "action", "reason", "actor_id", "actor_name", "batch_id",
)  # fmt: skip
OPEN_STATES = (IdentifierState.RESERVED, IdentifierState.ACTIVE, IdentifierState.SUSPENDED)
FROM_STATES: dict[str, tuple[IdentifierState, ...]] = {
    "identifier.change": OPEN_STATES,
    "identifier.sign": OPEN_STATES,
    "identifier.activate": (IdentifierState.RESERVED,),
    "identifier.suspend": (IdentifierState.ACTIVE,),
    "identifier.resume": (IdentifierState.SUSPENDED,),
    "identifier.retire": OPEN_STATES,
}


@dataclass(frozen=True, slots=True)
class NewRecord:
    """What a record is registered with; ``organization_id`` is its owner, None for the institute's own."""

    name: str
    values: tuple[HandleValue, ...] = ()
    state: IdentifierState = IdentifierState.ACTIVE
    template: str = ""
    codes: tuple[RecordCode, ...] = ()
    organization_id: UUID | None = None
    subject_kind: str = ""
    subject_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """What a change sets; None leaves a member as it is."""

    values: tuple[HandleValue, ...] | None = None
    codes: tuple[RecordCode, ...] | None = None
    template: str | None = None
    state: IdentifierState | None = None


def register(new: NewRecord, *, actor: Actor | None, now: datetime) -> Identifier:
    """Store a new record; of two who register a name at once the database lets one.

    Raises BadHandle, BadValue, BadCode, IdentifierTaken, CodeTaken.
    """
    row = unsaved(new, actor=actor, now=now)
    if is_taken(row.name):
        raise IdentifierTaken(identifier=row.name)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as problem:
        raise IdentifierTaken(identifier=row.name) from problem
    count_up(row.prefix, 1, now)
    record = stored(row)
    _set_codes(record, record.codes, now)
    return row


def first_state(state: str) -> IdentifierState:
    """Return the state that a record begins in, active or reserved. Raises BadFirstState."""
    if state not in (IdentifierState.ACTIVE, IdentifierState.RESERVED):
        raise BadFirstState(given=state[:40])
    return IdentifierState(state)


def unsaved(new: NewRecord, *, actor: Actor | None, now: datetime) -> Identifier:
    """Return the row of a new record, checked but not stored. Raises BadHandle, BadValue, BadCode."""
    name = checked_name(new.name)
    values = stamped(checked_values(new.values), (), now)
    row = Identifier(
        id=new_id(now),
        tenant_id=current_tenant_id(),
        name=name.text,
        digest=name_digest(name.text),
        prefix=folded(name.prefix),
        organization_id=new.organization_id,
        subject_kind=new.subject_kind,
        subject_id=new.subject_id,
        created_at=now,
        state=new.state,
        template=checked_template(name.text, new.template),
        values_text=written_values(values),
        codes_text=written_codes(checked_codes(new.codes)),
        changed_at=now,
    )
    sign(row, "identifier.register", "", actor)
    return row


def locked(name: str, expected_version: int | None = None) -> Identifier:
    """Return the row of a record of the institute in scope, locked until commit: one query by the unique digest.

    Raises IdentifierUnknown, IdentifierChanged where another version was read.
    """
    row = Identifier.objects.select_for_update().filter(digest=name_digest(name)).first()
    if row is None:
        raise IdentifierUnknown(identifier=name[:80])
    if expected_version is not None and row.version != expected_version:
        raise IdentifierChanged(
            identifier=row.name, read=expected_version, stored=row.version, who=row.actor_name or "—"
        )
    return row


def change(row: Identifier, edit: Edit, *, action: str, reason: str = "", actor: Actor, now: datetime) -> bool:
    """Write the next version of a locked record and return whether anything changed.

    Raises IdentifierStateForbids, BadValue, BadCode, CodeTaken, ReasonMissing (a reason that no column holds).
    """
    reason = checked_reason(reason, needed=False)
    past = begun(row, action)
    now = max(now, row.changed_at)  # a clock that went back must not turn history round
    codes = apply(row, edit, now)
    if same(row, past):
        return False
    finished(row, past, now)
    sign(row, action, reason, actor)
    past.save(force_insert=True)
    row.save(force_update=True)
    if codes is not None:
        _set_codes(stored(row), () if row.state == IdentifierState.RETIRED else codes, now)
    return True


def apply(row: Identifier, edit: Edit, now: datetime) -> tuple[RecordCode, ...] | None:
    """Set in a row what an edit says and return the codes whose rows must follow, None where they may stay."""
    if edit.values is not None:
        before = stored(row).record.values
        row.values_text = written_values(stamped(checked_values(edit.values), before, now))
    if edit.template is not None:
        row.template = checked_template(row.name, edit.template)
    retires = edit.state == IdentifierState.RETIRED
    if edit.state is not None:
        row.state = edit.state
    if edit.codes is None:
        return () if retires else None
    codes = checked_codes(edit.codes)
    row.codes_text = written_codes(codes)
    return codes


def begun(row: Identifier, action: str) -> IdentifierVersion:
    """Return the entry of history for a row as it stands, not stored. Raises IdentifierStateForbids."""
    require_state(row, action)
    return past_of(row)


def past_of(row: Identifier) -> IdentifierVersion:
    """Return the entry of history for a row as it stands, not stored and without an id."""
    columns = {member: getattr(row, member) for member in (*OF_A_VERSION, "organization_id")}
    return IdentifierVersion(identifier_id=row.id, tenant_id=row.tenant_id, **columns)


def finished(row: Identifier, past: IdentifierVersion, now: datetime) -> None:
    """Make a changed row the next version after ``past``, which gets the id that it lacked."""
    past.id = new_id(now)
    row.version += 1
    row.changed_at = now


def sign(row: Identifier, action: str, reason: str, actor: Actor | None, batch_id: UUID | None = None) -> None:
    """Note in a row who made its version, by which verb and why."""
    row.action, row.reason, row.batch_id = action, reason, batch_id
    row.actor_id = actor.person_id if actor else None
    row.actor_name = actor_name_of(actor) if actor else ""


def actor_name_of(actor: Actor) -> str:
    """Return the name by which history speaks of an actor."""
    return (actor.name.zh or actor.name.en)[:100]


def require_state(row: Identifier, action: str) -> None:
    """Let a deed pass in the states that allow it. Raises IdentifierStateForbids."""
    allowed = FROM_STATES[action]
    if row.state not in allowed:
        names = [label(state) for state in allowed]
        raise IdentifierStateForbids(
            identifier=row.name,
            state=label(IdentifierState(row.state)),
            allowed=Text("、".join(n.zh for n in names), ", ".join(n.en for n in names)),
        )


def checked_reason(reason: str, *, needed: bool) -> str:
    """Return a reason as one line. Raises ReasonMissing where one is needed, or it is no line that a column holds."""
    line = " ".join(reason.split())
    if (needed and not line) or len(line) > LONGEST_REASON or not is_one_line(line):
        raise ReasonMissing(limit=LONGEST_REASON)
    return line


def mint(*, suffix: str, subject_kind: str, subject_id: UUID, now: datetime, prefix: str = "") -> Identifier:
    """Give ``prefix/suffix`` (lower case) to a thing; without a prefix, the installation's own.

    The record has no values yet. The code is refused if any institute of the installation has it; of two who ask at
    once the database lets one. Raises BadIdentifier, IdentifierTaken.
    """
    prefix, suffix = parsed(f"{prefix or settings.JIALIANG.identifier_prefix}/{suffix}")
    new = NewRecord(f"{prefix}/{suffix}", subject_kind=subject_kind, subject_id=subject_id)
    return register(new, actor=None, now=now)


def suffix_of(subject_id: UUID) -> str:
    """Return the suffix made from a thing's own id: 26 letters of Crockford's base 32, lower case."""
    letters = (CROCKFORD[subject_id.int >> 5 * i & 31] for i in reversed(range(LETTERS_OF_AN_ID)))
    return "".join(letters).lower()


def refuse_taken_codes(codes: Iterable[RecordCode], own_id: UUID | None) -> None:
    """Refuse codes that name another record, or lead where it answers, in whichever institute: one query.

    Raises CodeTaken.
    """
    wanted = claims_of(codes)
    if not wanted:
        return
    with everywhere("a code names one thing on the whole installation"):
        rows = IdentifierCode.objects.filter(code__in=[code for _, code in wanted]).select_related("identifier")
        taken = [row for row in rows if (row.system, row.code) in wanted and row.identifier_id != own_id]
    for row in taken:
        ours, code = row.tenant_id == current_tenant_id(), wanted[(row.system, row.code)]
        raise CodeTaken(system=code.system, given=code.code, identifier=row.identifier.name if ours else "—")


def _set_codes(record: StoredRecord, codes: tuple[RecordCode, ...], now: datetime) -> None:
    refuse_taken_codes(codes, record.id)
    IdentifierCode.objects.filter(identifier_id=record.id).delete()
    rows = [
        IdentifierCode(
            id=new_id(now), tenant_id=record.tenant_id, identifier_id=record.id,
            system=system, code=claimed, primary=code.primary,
        )
        for (system, claimed), code in claims_of(codes).items()
    ]  # fmt: skip
    try:
        with transaction.atomic():
            IdentifierCode.objects.bulk_create(rows)
    except IntegrityError:
        refuse_taken_codes(codes, record.id)
        raise


def same(row: Identifier, past: IdentifierVersion) -> bool:
    """Tell whether a row says what its past version said."""
    members = ("state", "values_text", "codes_text", "template")
    return all(getattr(row, member) == getattr(past, member) for member in members)
