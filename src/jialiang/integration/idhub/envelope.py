"""The envelope of every answer of this door: ``{"code", "message", "data"}``, always with HTTP status 200.

Programs read ``code``: 1 for a read and 10000 for a write that was done; else one of :class:`Code`. ``data`` is left
out where there is none.
"""

from __future__ import annotations

import logging
from enum import IntEnum
from typing import Any

from django.http import JsonResponse

from jialiang.base.handle_identities.errors import IdentityLocked
from jialiang.base.identifiers.errors import (
    IdentifierRetired,
    IdentifierSuspended,
    IdentifierTaken,
    IdentifierUnknown,
    PrefixForbids,
    ValueRepeated,
)
from jialiang.kernel.errors import InvalidInput, JialiangError, NotAllowed, NotFound
from jialiang.security.policy import NotOwnOrganization

log = logging.getLogger("jialiang.idhub")


class Code(IntEnum):
    """The codes of an answer, by their numbers."""

    READ = 1
    WRITTEN = 10000
    INVALID_REQUEST = 101
    CLIENT_REFUSED = 102
    NOT_AUTHORIZED = 103
    NOT_FOUND = 104
    EXISTS = 105
    BAD_INPUT = 106
    REFUSED = 200
    NOT_AUTHENTICATED = 401
    NOT_READABLE = 403
    OPERATION_UNKNOWN = 404
    OPERATION_UNSUPPORTED = 405
    NOT_EDITABLE = 406
    OTHER = 500
    TEMPLATE_UNPUBLISHED = 600
    ITEM_WRONG = 601
    ITEM_UNKNOWN = 603
    TEMPLATE_UNKNOWN = 604
    TEMPLATE_NOT_MANAGED = 605
    NOT_DELETABLE = 700
    NOT_OWN = 701
    NOT_ALLOWED = 702
    BAD_HANDLE = 40508


class DoorError(InvalidInput):
    """An error that this door itself finds; ``door_code`` is what it answers."""

    door_code = Code.INVALID_REQUEST


class BadRequest(DoorError):
    """A member of the request is missing or breaks its rule; facts: ``place``, ``rule``."""

    code = "JL-IDH-001"


class NotAuthenticated(DoorError):
    """The request carries no token, or one that has run out."""

    code = "JL-IDH-002"
    door_code = Code.NOT_AUTHENTICATED


class SignatureRefused(DoorError):
    """The signature does not answer the challenge, or the name is none; which of them is not told."""

    code = "JL-IDH-003"
    door_code = Code.CLIENT_REFUSED


class OperationUnknown(DoorError):
    """There is no such operation here; facts: ``given``, ``known``."""

    code = "JL-IDH-004"
    door_code = Code.OPERATION_UNKNOWN


class BadObjectName(DoorError):
    """The name of an object is none; facts: ``given``."""

    code = "JL-IDH-005"
    door_code = Code.BAD_HANDLE


class ItemUnknown(DoorError):
    """The content names an item that the template has not; facts: ``given``, ``template``."""

    code = "JL-IDH-006"
    door_code = Code.ITEM_UNKNOWN


class TemplateMissing(DoorError):
    """There is no published template of this name; facts: ``given``."""

    code = "JL-IDH-007"
    door_code = Code.TEMPLATE_UNKNOWN


CODES: tuple[tuple[type[JialiangError], Code], ...] = (
    (IdentifierTaken, Code.EXISTS),
    (IdentifierUnknown, Code.NOT_FOUND),
    (IdentifierSuspended, Code.NOT_FOUND),
    (IdentifierRetired, Code.NOT_FOUND),
    (ValueRepeated, Code.ITEM_WRONG),
    (PrefixForbids, Code.NOT_OWN),
    (NotOwnOrganization, Code.NOT_OWN),
    (IdentityLocked, Code.REFUSED),
    (NotAllowed, Code.NOT_AUTHORIZED),
    (NotFound, Code.NOT_FOUND),
)


def answer(data: Any = None, *, code: int = Code.READ, message: str = "成功") -> JsonResponse:
    """Return an answer in the envelope."""
    body = {"code": int(code), "message": message} | ({} if data is None else {"data": data})
    response = JsonResponse(body, json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = "no-store"
    return response


def refusal(error: JialiangError) -> JsonResponse:
    """Return the answer that tells an error, in Chinese: what, and the way out."""
    return answer(code=code_of(error), message=f"{error.what.zh}{error.way_out.zh}")


def fault() -> JsonResponse:
    """Return the answer to a fault of the program, of which nothing is told but that it is one."""
    return answer(code=Code.OTHER, message="系统内部错误")


def code_of(error: JialiangError) -> Code:
    """Return the code that an error has here."""
    if isinstance(error, DoorError):
        return error.door_code
    for kind, code in CODES:
        if isinstance(error, kind):
            return code
    return Code.OTHER if error.http_status >= 500 else Code.BAD_INPUT
