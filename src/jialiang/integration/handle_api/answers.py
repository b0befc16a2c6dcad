"""Errors of the house as the pairs of HTTP status and response code that clients of the Handle System know."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse

from jialiang.base.handle_identities.errors import IdentityLocked, IdentityRefused
from jialiang.base.identifiers.errors import (
    IdentifierRetired,
    IdentifierSuspended,
    IdentifierTaken,
    IdentifierUnknown,
    ValueTaken,
    ValueUnknown,
)
from jialiang.formats.handle.json_values import compact, refusal_json
from jialiang.formats.handle.names import BadHandle
from jialiang.formats.handle.values import ResponseCode
from jialiang.kernel.errors import Conflict, InvalidInput, JialiangError, NotAllowed, TooMany, Unavailable

log = logging.getLogger("jialiang.handles")
JSON = "application/json;charset=UTF-8"
CHALLENGE = 'Basic realm="handle"'


class AuthenticationNeeded(NotAllowed):
    """Nobody has shown who asks."""

    code = "JL-HDL-030"
    http_status = 401


class BadRequest(InvalidInput):
    """The query of a request cannot be used; facts: ``member``, ``given``."""

    code = "JL-HDL-031"


PAIRS: Mapping[type[JialiangError], tuple[int, ResponseCode]] = {
    AuthenticationNeeded: (401, ResponseCode.AUTHENTICATION_NEEDED),
    IdentityRefused: (403, ResponseCode.AUTHENTICATION_FAILED),
    IdentityLocked: (403, ResponseCode.AUTHENTICATION_FAILED),
    NotAllowed: (403, ResponseCode.INSUFFICIENT_PERMISSIONS),
    IdentifierTaken: (409, ResponseCode.HANDLE_ALREADY_EXISTS),
    ValueTaken: (409, ResponseCode.VALUE_ALREADY_EXISTS),
    IdentifierUnknown: (404, ResponseCode.HANDLE_NOT_FOUND),
    IdentifierSuspended: (404, ResponseCode.HANDLE_NOT_FOUND),
    IdentifierRetired: (410, ResponseCode.HANDLE_NOT_FOUND),
    ValueUnknown: (400, ResponseCode.VALUES_NOT_FOUND),
    BadHandle: (400, ResponseCode.INVALID_HANDLE),
    BadRequest: (400, ResponseCode.ERROR),
    InvalidInput: (400, ResponseCode.INVALID_VALUE),
    Conflict: (409, ResponseCode.ERROR),
    TooMany: (429, ResponseCode.SERVER_BUSY),
    Unavailable: (503, ResponseCode.SERVER_BUSY),
    JialiangError: (500, ResponseCode.ERROR),
}


def pair_of(error: JialiangError) -> tuple[int, ResponseCode]:
    """Return HTTP status and response code of an error, by the nearest of its kinds in :data:`PAIRS`."""
    return next(PAIRS[kind] for kind in type(error).__mro__ if kind in PAIRS)


def answer(said: Mapping[str, Any] | bytes, status: int = 200) -> HttpResponse:
    """Return JSON that pages of any origin may read and nobody keeps."""
    body = said if isinstance(said, bytes) else compact(said)
    response = HttpResponse(body, status=status, content_type=JSON)
    response["Cache-Control"] = "no-store"
    response["Access-Control-Allow-Origin"] = "*"
    return response


def success(handle: str, status: int = 200, **more: Any) -> HttpResponse:
    """Return the answer to a deed that was done."""
    return answer({"responseCode": int(ResponseCode.SUCCESS), "handle": handle, **more}, status)


def refusal(error: JialiangError, handle: str) -> HttpResponse:
    """Return the answer to what was refused: code, English message, and the words of the house beside them."""
    status, code = pair_of(error)
    if status >= 500:
        log.error("%s: %s", handle[:80], error)
    words = error.to_json()
    words.pop("facts")
    response = answer({**refusal_json(code, handle[:200], _message(error)), "error": words}, status)
    if status == 401:
        response["WWW-Authenticate"] = CHALLENGE
    if "seconds" in error.facts:
        response["Retry-After"] = str(error.facts["seconds"])
    return response


def fault(handle: str) -> HttpResponse:
    """Return the answer to a fault of the program, without telling its inside."""
    return answer(refusal_json(ResponseCode.ERROR, handle[:200], "Internal error"), 500)


def _message(error: JialiangError) -> str:
    return f"{error.what.en} {error.way_out.en}".strip()
