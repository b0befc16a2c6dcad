"""Requests of the native Handle protocol as verbs of ``functions``, and their errors as response codes.

    create, delete                register (with the flag OVERWRITE also replace), retire
    add, remove, modify           the verbs on values
    list                          the names under a prefix, as far as the actor may list
    home, unhome                  resume or suspend a prefix that is kept here; a new one is applied for
    resolve                       what the actor may read; what it knows no more of than everyone, the server answers
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from jialiang.base.handle_identities.errors import IdentityRefused
from jialiang.base.identifiers import errors, selectors
from jialiang.base.prefixes.errors import PrefixUnknown, QuotaReached
from jialiang.base.prefixes.selectors import Prefix, prefix_by_text, prefix_of, prefixes
from jialiang.formats.handle.names import BadHandle, folded
from jialiang.formats.handle.octets import text_octets
from jialiang.formats.handle.values import HandleRecord, ResponseCode
from jialiang.formats.handle.wire.bodies import Body, Name, Names, Question, Record, Removal
from jialiang.formats.handle.wire.codes import OpCode, OpFlag
from jialiang.formats.handle.wire.conversation import read_request
from jialiang.formats.handle.wire.messages import Message
from jialiang.functions import identifiers
from jialiang.functions import prefixes as prefix_verbs
from jialiang.functions.deed import permit
from jialiang.integration.resolver.native_door import HandedReply
from jialiang.kernel.errors import InvalidInput, JialiangError, NotAllowed, NotFound, TooMany, Unavailable
from jialiang.security.actor import Actor
from jialiang.security.policy import OwnedBy
from jialiang.vocabulary.statuses import IdentifierState, PrefixState

MOST_LISTED = 20_000
PAGE = 200
PREFIX_RECORDS = "0.na/"
UNHOMED = "unhomed in the native protocol"
AS_PUBLISHED = HandedReply(ResponseCode.SERVER_NOT_RESPONSIBLE)
"""The server answers as it answers everyone: by referral, by its site, or that the prefix is suspended."""

_CODES: tuple[tuple[type[JialiangError], ResponseCode], ...] = (
    (BadHandle, ResponseCode.INVALID_HANDLE),
    (errors.BadIdentifier, ResponseCode.INVALID_HANDLE),
    (errors.IdentifierTaken, ResponseCode.HANDLE_ALREADY_EXISTS),
    (errors.ValueTaken, ResponseCode.VALUE_ALREADY_EXISTS),
    (errors.ValueUnknown, ResponseCode.VALUES_NOT_FOUND),
    (errors.PrefixForbids, ResponseCode.INSUFFICIENT_PERMISSIONS),
    (QuotaReached, ResponseCode.PREFIX_LIMIT),
    (IdentityRefused, ResponseCode.AUTHENTICATION_FAILED),
    (NotAllowed, ResponseCode.INSUFFICIENT_PERMISSIONS),
    (NotFound, ResponseCode.HANDLE_NOT_FOUND),
    (InvalidInput, ResponseCode.INVALID_VALUE),
    (TooMany, ResponseCode.SERVER_BUSY),
    (Unavailable, ResponseCode.SERVER_BUSY),
)


def done(actor: Actor, message: Message, now: datetime) -> HandedReply:
    """Do what a request asks, as ``actor``. Raises what the verbs raise, and BadOctets."""
    deed = _DEEDS.get(message.header.op)
    if deed is None:
        return HandedReply(ResponseCode.OPERATION_NOT_SUPPORTED, text_octets("this operation is not supported"))
    return deed(actor, read_request(message), message, now)


def refused(error: JialiangError) -> HandedReply:
    """Return an error as response code and words in both languages."""
    code = next((code for kind, code in _CODES if isinstance(error, kind)), ResponseCode.ERROR)
    return HandedReply(code, text_octets(f"{error.code} {error.what.en} {error.what.zh}"))


def _create(actor: Actor, body: Body, message: Message, now: datetime) -> HandedReply:
    record = _record(body)
    overwrite = bool(message.header.flags & OpFlag.OVERWRITE)
    made = identifiers.register(
        actor=actor, name=record.handle, values=record.values, overwrite=overwrite, now=now
    )
    return HandedReply(ResponseCode.SUCCESS, Name(made.name).octets())


def _delete(actor: Actor, body: Body, message: Message, now: datetime) -> HandedReply:
    identifiers.retire(actor=actor, name=_name(body), now=now)
    return HandedReply(ResponseCode.SUCCESS)


def _add(actor: Actor, body: Body, message: Message, now: datetime) -> HandedReply:
    record = _record(body)
    overwrite = bool(message.header.flags & OpFlag.OVERWRITE)
    identifiers.put_values(
        actor=actor, name=record.handle, values=record.values, overwrite=overwrite, now=now
    )
    return HandedReply(ResponseCode.SUCCESS)


def _modify(actor: Actor, body: Body, message: Message, now: datetime) -> HandedReply:
    record = _record(body)
    identifiers.modify_values(actor=actor, name=record.handle, values=record.values, now=now)
    return HandedReply(ResponseCode.SUCCESS)


def _remove(actor: Actor, body: Body, message: Message, now: datetime) -> HandedReply:
    if not isinstance(body, Removal):
        raise _unexpected(body)
    identifiers.remove_values(actor=actor, name=body.handle, indexes=body.indexes, now=now)
    return HandedReply(ResponseCode.SUCCESS)


def _resolve(actor: Actor, body: Body, message: Message, now: datetime) -> HandedReply:
    if not isinstance(body, Question):
        raise _unexpected(body)
    try:
        found = identifiers.resolve_identifier(
            actor=actor, name=body.handle, indexes=body.indexes, types=body.types, now=now
        )
    except errors.IdentifierUnknown:
        return AS_PUBLISHED
    if found.organization_id != actor.organization_id and not _is_in_force(found.name):
        return AS_PUBLISHED
    if found.state == IdentifierState.RETIRED:
        raise errors.IdentifierRetired(identifier=found.name)
    if not found.record.values:
        return HandedReply(ResponseCode.VALUES_NOT_FOUND, text_octets("values not found"))
    return HandedReply(ResponseCode.SUCCESS, Record(HandleRecord(body.handle, found.record.values)).octets())


def _is_in_force(name: str) -> bool:
    prefix = prefix_by_text(name.partition("/")[0])
    return prefix is not None and prefix.state == PrefixState.ACTIVE


def _list(actor: Actor, body: Body, message: Message, now: datetime) -> HandedReply:
    prefix = _prefix(body)
    permit(actor, "identifier.read", OwnedBy(None if prefix.shared else prefix.holder_id))
    return HandedReply(ResponseCode.SUCCESS, Names(tuple(_names_under(prefix.text))).octets())


def _home(actor: Actor, body: Body, message: Message, now: datetime) -> HandedReply:
    prefix = _prefix(body)
    permit(actor, "prefix.read", OwnedBy(prefix.holder_id))
    if prefix.state != PrefixState.ACTIVE:
        prefix_verbs.resume(actor=actor, prefix_id=prefix.pk, now=now)
    return HandedReply(ResponseCode.SUCCESS)


def _unhome(actor: Actor, body: Body, message: Message, now: datetime) -> HandedReply:
    prefix_verbs.suspend(actor=actor, prefix_id=_prefix(body).pk, reason=UNHOMED, now=now)
    return HandedReply(ResponseCode.SUCCESS)


def _list_prefixes(actor: Actor, body: Body, message: Message, now: datetime) -> HandedReply:
    permit(actor, "prefix.read", OwnedBy(actor.organization_id))
    held: list[str] = []
    after = ""
    while len(held) < MOST_LISTED:
        page = prefixes(only_holder=actor.organization_id, after=after, size=PAGE)
        held += [f"0.NA/{own.text}" for own in page.rows if own.state == PrefixState.ACTIVE]
        after = page.next_after
        if not after:
            break
    return HandedReply(ResponseCode.SUCCESS, Names(tuple(held)).octets())


def _names_under(prefix: str) -> Iterator[str]:
    after, listed = "", 0
    while listed < MOST_LISTED:
        page = selectors.records(prefix=prefix, after=after, size=PAGE)
        yield from (record.name for record in page.rows)
        listed += len(page.rows)
        after = page.next_after
        if not after:
            return


def _record(body: Body) -> HandleRecord:
    if not isinstance(body, Record):
        raise _unexpected(body)
    return body.record


def _name(body: Body) -> str:
    if not isinstance(body, Name):
        raise _unexpected(body)
    return body.handle


def _unexpected(body: Body) -> TypeError:
    """Return the fault that reading by operation makes impossible."""
    return TypeError(f"a body of another operation: {type(body).__name__}")


def _prefix(body: Body) -> Prefix:
    """Return the prefix that is named, ``88.101.5`` or ``0.NA/88.101.5``. Raises PrefixUnknown."""
    name = _name(body)
    text = name[len(PREFIX_RECORDS) :] if folded(name).startswith(PREFIX_RECORDS) else name.partition("/")[0]
    if not text:
        raise PrefixUnknown(wanted=name[:80])
    return prefix_of(text)


_Deed = Callable[[Actor, Body, Message, datetime], HandedReply]
_DEEDS: dict[int, _Deed] = {
    OpCode.RESOLVE: _resolve,
    OpCode.CREATE: _create,
    OpCode.DELETE: _delete,
    OpCode.ADD_VALUES: _add,
    OpCode.REMOVE_VALUES: _remove,
    OpCode.MODIFY_VALUES: _modify,
    OpCode.LIST_HANDLES: _list,
    OpCode.HOME_PREFIX: _home,
    OpCode.UNHOME_PREFIX: _unhome,
    OpCode.LIST_PREFIXES: _list_prefixes,
}
