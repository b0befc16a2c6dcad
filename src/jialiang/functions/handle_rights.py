"""The rights of the Handle System, to which an identity ``index:handle`` is held beside the permissions of the house.

A record names its administrators in HS_ADMIN values, each with twelve bits; an administrator is the identity itself or
an HS_VLIST that lists it, at once or through further lists. A record that names none is administered by the identities
of its owner. Under a prefix the values of ``0.NA/<prefix>`` count; where no such record is kept, the identities of the
holder administer it, and they are what ``200:0.NA/<prefix>`` lists, as clients of the Handle System expect.

People and the program itself are not held to any of this: for them the permissions of the house are the whole answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from jialiang.base.prefixes.selectors import Prefix, prefix_by_text
from jialiang.formats.handle.admins import AdminPermission, AdminRecord, read_admin, read_value_list
from jialiang.formats.handle.names import folded
from jialiang.formats.handle.octets import BadOctets
from jialiang.formats.handle.values import (
    ADMIN_READ,
    ADMIN_WRITE,
    PUBLIC_READ,
    PUBLIC_WRITE,
    HandleReference,
    HandleValue,
    ResponseCode,
    parsed_identity,
)
from jialiang.kernel.errors import NotAllowed
from jialiang.security.actor import Actor

Lookup = Callable[[str], Sequence[HandleValue]]
"""All values of a record by its name, none where there is no such record."""

PREFIX_RECORD = "0.NA/"
PREFIX_LIST_INDEX = 200
DEEPEST_LIST = 8
MOST_LISTS = 200  # records read for one answer: whoever writes a list must not make others read thousands
DEEDS = {permission.name.lower(): permission for permission in AdminPermission if permission.name}


class InsufficientRight(NotAllowed):
    """The identity has not the right of the Handle System for this deed; facts: ``identity``, ``deed``."""

    code = "JL-HID-010"
    response_code = ResponseCode.INSUFFICIENT_PERMISSIONS


class TooManyLists(InsufficientRight):
    """The lists of administrators lead to more records than are read for one answer; facts: ``limit`` besides."""

    code = "JL-HID-011"


class _ListReader:
    """Records that hold lists, each read once for one answer and :data:`MOST_LISTS` of them at most."""

    def __init__(self, lookup: Lookup, actor: Actor, deed: str) -> None:
        self._lookup, self._actor, self._deed = lookup, actor, deed
        self._read: dict[str, dict[int, HandleValue]] = {}

    def value_at(self, reference: HandleReference) -> HandleValue | None:
        """Return the value that a reference means, None where there is none. Raises TooManyLists."""
        name = folded(reference.handle)
        if name not in self._read:
            if len(self._read) == MOST_LISTS:
                raise TooManyLists(identity=self._actor.identity, deed=self._deed, limit=MOST_LISTS)
            self._read[name] = {value.index: value for value in self._lookup(reference.handle)}
        return self._read[name].get(reference.index)


def no_records(name: str) -> Sequence[HandleValue]:
    """Return nothing: the lookup where lists in other records are not followed."""
    return ()


def require_handle_right(
    actor: Actor, values: Sequence[HandleValue], deed: str, *, lookup: Lookup = no_records
) -> None:
    """Let an identity do ``deed`` (one of :data:`DEEDS`) to a record with these values, or raise InsufficientRight.

    Raises TooManyLists where :data:`MOST_LISTS` records of lists do not tell.
    """
    permission = DEEDS[deed]
    if not actor.identity:
        return
    admins = list(_admins(values))
    named = [admin.identity for admin in admins if admin.allows(permission)]
    if admins and not _names(named, actor, _ListReader(lookup, actor, deed)):
        raise InsufficientRight(identity=actor.identity, deed=deed)


def require_prefix_right(
    actor: Actor, prefix: Prefix | str, deed: str, *, lookup: Lookup = no_records
) -> None:
    """Let an identity do ``deed`` under a prefix (``add_handle``, ``list_handles`` …), or raise InsufficientRight."""
    text = prefix if isinstance(prefix, str) else prefix.text
    values = lookup(PREFIX_RECORD + text) if actor.identity else ()
    if any(_admins(values)):
        require_handle_right(actor, values, deed, lookup=lookup)
    elif actor.identity and not _holds(actor, prefix_by_text(text) if isinstance(prefix, str) else prefix):
        raise InsufficientRight(identity=actor.identity, deed=deed)


def require_value_right(actor: Actor, value: HandleValue, *, write: bool) -> None:
    """Let an identity read or write a value by the value's own four bits, or raise InsufficientRight."""
    bits = ADMIN_WRITE | PUBLIC_WRITE if write else ADMIN_READ | PUBLIC_READ
    if actor.identity and not value.permissions & bits:
        raise InsufficientRight(identity=actor.identity, deed="modify_value" if write else "read_value")


def _admins(values: Sequence[HandleValue]) -> Iterator[AdminRecord]:
    for value in values:
        if value.has_type("HS_ADMIN"):
            try:
                yield read_admin(value.data)
            except BadOctets:  # what cannot be read names nobody, but the record does not become everybody's
                yield AdminRecord("", 0, AdminPermission(0))


def _names(administrators: Sequence[HandleReference], actor: Actor, reader: _ListReader) -> bool:
    """Tell whether the actor is an administrator or stands in their lists, each list being read once."""
    shown = parsed_identity(actor.identity)
    level = {_key(named): named for named in administrators}
    seen = set(level)
    for _ in range(DEEPEST_LIST + 1):
        if shown is not None and _key(shown) in level:
            return True
        following: dict[tuple[int, str], HandleReference] = {}
        for own in level.values():
            value = reader.value_at(own)
            if value is None and _is_usual_list(own) and _holds(actor, _prefix_of_list(own)):
                return True
            if value is not None and value.has_type("HS_VLIST"):
                following |= {_key(member): member for member in _members(value)}
        level = {key: member for key, member in following.items() if key not in seen}
        seen |= level.keys()
    return False


def _is_usual_list(reference: HandleReference) -> bool:
    return reference.index == PREFIX_LIST_INDEX and folded(reference.handle).startswith(folded(PREFIX_RECORD))


def _prefix_of_list(reference: HandleReference) -> Prefix | None:
    return prefix_by_text(folded(reference.handle).removeprefix(folded(PREFIX_RECORD)))


def _key(reference: HandleReference) -> tuple[int, str]:
    return reference.index, folded(reference.handle)


def _members(value: HandleValue) -> Sequence[HandleReference]:
    try:
        return read_value_list(value.data)
    except BadOctets:
        return ()


def _holds(actor: Actor, prefix: Prefix | None) -> bool:
    return prefix is not None and prefix.holder_id == actor.organization_id
