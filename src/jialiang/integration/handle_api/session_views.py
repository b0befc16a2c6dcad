"""``/api/sessions``: beginning, authenticating and ending a challenge session."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from jialiang.formats.handle.values import ResponseCode
from jialiang.integration.handle_api import sessions
from jialiang.integration.handle_api.answers import BadRequest, answer, refusal
from jialiang.kernel.clock import utc_now
from jialiang.kernel.errors import JialiangError

_DONE = {"responseCode": int(ResponseCode.SUCCESS)}


@csrf_exempt
def all_sessions(request: HttpRequest) -> HttpResponse:
    """Begin a session, with a nonce to sign."""
    if request.method != "POST":
        return refusal(BadRequest(member="method", given=request.method), "")
    return answer({**_DONE, **sessions.told(sessions.begin())}, 201)


@csrf_exempt
def this_session(request: HttpRequest) -> HttpResponse:
    """Tell of the session that Authorization names, authenticate it, or end it."""
    scheme, _, rest = request.headers.get("Authorization", "").partition(" ")
    given = sessions.parameters(rest) if scheme.lower() == "handle" else {}
    try:
        store = sessions.session(given.get("sessionId", ""))
        if request.method == "DELETE":
            sessions.end(store)
            return answer(_DONE)
        if request.method in {"PUT", "POST"}:
            sessions.actor_of_session(given, utc_now())
            store = sessions.session(given["sessionId"])
        elif request.method not in {"GET", "HEAD"}:
            raise BadRequest(member="method", given=request.method)
        return answer({**_DONE, **sessions.told(store)})
    except JialiangError as error:
        return refusal(error, "")
