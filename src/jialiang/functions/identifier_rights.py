"""To which rights of the Handle System an identity is held when it writes or reads a record.

What it may do follows from what changes: a value that is added, changed or taken out needs its bit, and HS_ADMIN values
need those of administrators. People and the program are held to the permissions of the house alone.
"""

from __future__ import annotations

from collections.abc import Sequence

from jialiang.base.identifiers.errors import IdentifierStateForbids
from jialiang.base.identifiers.public_reads import record_anywhere
from jialiang.base.identifiers.records import StoredRecord
from jialiang.base.identifiers.selectors import Identifier
from jialiang.formats.handle.values import HandleValue
from jialiang.functions.handle_rights import (
    InsufficientRight,
    require_handle_right,
    require_prefix_right,
    require_value_right,
)
from jialiang.kernel.errors import NotAllowed
from jialiang.kernel.text import Text
from jialiang.security import policy
from jialiang.security.actor import Actor
from jialiang.vocabulary.statuses import IdentifierState, label


def values_of(name: str) -> Sequence[HandleValue]:
    """Return all values of a record, none where there is no such record: where lists of administrators stand."""
    found = record_anywhere(name)
    return () if found is None else found.record.values


def require_to_register(actor: Actor, prefix: str) -> None:
    """Let an identity register a name under a prefix. Raises InsufficientRight."""
    require_prefix_right(actor, prefix, "add_handle", lookup=values_of)


def require_to_change(actor: Actor, before: StoredRecord, after: StoredRecord) -> None:
    """Let an identity turn a record into another one, by what differs. Raises InsufficientRight."""
    if not actor.identity:
        return
    for deed in sorted(_deeds(actor, before, after)):
        require_handle_right(actor, before.record.values, deed, lookup=values_of)


def may_read_values(actor: Actor, record: StoredRecord) -> bool:
    """Tell whether an identity reads more than the public values of a record; others do, by their permission."""
    try:
        require_handle_right(actor, record.record.values, "read_value", lookup=values_of)
    except InsufficientRight:
        return False
    return True


def require_not_suspended(actor: Actor, row: Identifier) -> None:
    """Let an identity change a record that is not suspended, by whichever door: what was stopped is not mended past
    whom it was stopped by. People correct it and resume it. Raises IdentifierStateForbids.
    """
    if actor.identity and row.state == IdentifierState.SUSPENDED:
        names = [label(state) for state in (IdentifierState.RESERVED, IdentifierState.ACTIVE)]
        raise IdentifierStateForbids(
            identifier=row.name[:80],
            state=label(IdentifierState.SUSPENDED),
            allowed=Text("、".join(n.zh for n in names), ", ".join(n.en for n in names)),
        )


def may_read_all(actor: Actor, record: StoredRecord) -> bool:
    """Tell whether an actor sees more of a record than everyone: by the permission ``identifier.read`` on it.

    An identity needs the right of the Handle System to read its values besides.
    """
    try:
        policy.require(actor, "identifier.read", record)
    except NotAllowed:
        return False
    return may_read_values(actor, record)


def _deeds(actor: Actor, before: StoredRecord, after: StoredRecord) -> set[str]:
    if before.state != after.state:
        return {"delete_handle" if after.state == IdentifierState.RETIRED else "modify_value"}
    old = {value.index: value for value in before.record.values}
    new = {value.index: value for value in after.record.values}
    deeds = set() if (before.codes, before.template) == (after.codes, after.template) else {"modify_value"}
    for index in old.keys() | new.keys():
        was, becomes = old.get(index), new.get(index)
        if was == becomes:
            continue
        if was is not None:
            require_value_right(actor, was, write=True)
        deeds |= _deeds_on(was, becomes)
    return deeds


def _deeds_on(was: HandleValue | None, becomes: HandleValue | None) -> set[str]:
    verb = "add" if was is None else "remove" if becomes is None else "modify"
    return {
        f"{verb}_{'admin' if value.has_type('HS_ADMIN') else 'value'}"
        for value in (was, becomes)
        if value is not None
    }
