"""``POST /identity/token`` and ``/identity/token/v1``: from an identity and its secret to a token."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from jialiang.integration.snms.bodies import LONGEST_PASSWORD, LONGEST_USERNAME, object_body, text_member
from jialiang.integration.snms.door import guarded, read_body
from jialiang.integration.snms.envelope import BadRequest, answer
from jialiang.integration.snms.sessions import token_by_digest, token_by_secret
from jialiang.kernel.clock import utc_now
from jialiang.kernel.text import Text

Login = Callable[[str, str, datetime], str]


@csrf_exempt
def by_secret(request: HttpRequest) -> HttpResponse:
    """Log in with the secret as it is: ``{"username": "300:88.101.5/admin", "password": …}``."""
    return guarded(request, partial(_logged_in, token_by_secret))


@csrf_exempt
def by_digest(request: HttpRequest) -> HttpResponse:
    """Log in with ``sha256(sha256(secret) + day)`` in place of the secret."""
    return guarded(request, partial(_logged_in, token_by_digest))


def _logged_in(login: Login, request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        raise BadRequest(place=str(request.method), rule=Text("此地址只接受 POST", "only POST here"))
    body = object_body(read_body(request))
    username = text_member(body, "username", LONGEST_USERNAME)
    password = text_member(body, "password", LONGEST_PASSWORD)
    return answer({"token": login(username, password, utc_now())})
