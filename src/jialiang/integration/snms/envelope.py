"""The envelope of every answer of this door: ``{"status", "message", "data"}``, always with HTTP status 200.

Business systems read ``status`` and compare some messages letter by letter (``success``, ``标识已存在``), so these are
part of the interface; every other message is what the error says in Chinese: what, and the way out.
"""

from __future__ import annotations

import logging
from enum import IntEnum
from typing import Any

from django.http import JsonResponse

from jialiang.base.identifiers.errors import IdentifierTaken, IdentifierUnknown
from jialiang.kernel.errors import InvalidInput, JialiangError, NotAllowed

log = logging.getLogger("jialiang.snms")
SUCCESS = "success"
TAKEN = "标识已存在"
UNKNOWN = "没有找到标识"
SAYINGS: dict[type[JialiangError], str] = {IdentifierTaken: TAKEN, IdentifierUnknown: UNKNOWN}


class Status(IntEnum):
    """The states of an answer, by their numbers."""

    SUCCESS = 1
    NOT_LOGGED_IN = -1
    FAILED = -2
    FORBIDDEN = -3
    INTERNAL = -4


class NotLoggedIn(NotAllowed):
    """The request carries no token, or one that has run out."""

    code = "JL-SNM-001"


class BadRequest(InvalidInput):
    """A member of the request is missing or breaks its rule; facts: ``place``, ``rule``."""

    code = "JL-SNM-002"


class TooManyRecords(InvalidInput):
    """A batch is longer than allowed; facts: ``number``, ``limit``."""

    code = "JL-SNM-003"


class LoginRefused(NotAllowed):
    """User name or password is wrong; which of them is not told."""

    code = "JL-SNM-004"


def answer(data: Any, *, status: Status = Status.SUCCESS, message: str = SUCCESS) -> JsonResponse:
    """Return an answer in the envelope."""
    body = {"message": message, "status": int(status), "data": data}
    response = JsonResponse(body, json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = "no-store"
    return response


def refusal(error: JialiangError) -> JsonResponse:
    """Return the answer that tells an error."""
    return answer(None, status=status_of(error), message=saying(error))


def fault() -> JsonResponse:
    """Return the answer to a fault of the program, of which nothing is told but that it is one."""
    return answer(None, status=Status.INTERNAL, message="系统内部错误")


def status_of(error: JialiangError) -> Status:
    """Return the status that an error has here."""
    if isinstance(error, NotLoggedIn):
        return Status.NOT_LOGGED_IN
    if isinstance(error, LoginRefused):
        return Status.FAILED
    if error.http_status >= 500:
        return Status.INTERNAL
    return Status.FORBIDDEN if isinstance(error, NotAllowed) else Status.FAILED


def saying(error: JialiangError) -> str:
    """Return the message of an error: the agreed one where there is one, else what it says in Chinese."""
    for kind, agreed in SAYINGS.items():
        if isinstance(error, kind):
            return agreed
    return f"{error.what.zh}{error.way_out.zh}"
