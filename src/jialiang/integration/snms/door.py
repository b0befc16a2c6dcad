"""What every address of this door has around it: the method, the body, who asks, and every error in the envelope."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from jialiang.integration.enveloped import Envelope, bearer_token
from jialiang.integration.snms.envelope import BadRequest, NotLoggedIn, fault, log, refusal
from jialiang.integration.snms.sessions import actor_of_session
from jialiang.kernel.clock import utc_now
from jialiang.security.actor import Actor
from jialiang.security.tenancy.scope import scope

ENVELOPE = Envelope(BadRequest, refusal, fault, log)
guarded, read_body = ENVELOPE.guarded, ENVELOPE.body


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as a view gets it: who asks, the JSON of its body (None without one), its query, and the moment."""

    actor: Actor
    body: Any
    query: Mapping[str, str]
    now: datetime


View = Callable[[Asked], HttpResponse]


def address(**views: View) -> Callable[[HttpRequest], HttpResponse]:
    """Return the view of an address from one function a method: ``address(get=detail, post=create)``."""
    return csrf_exempt(partial(_answered, {method.upper(): view for method, view in views.items()}))


def _answered(views: Mapping[str, View], request: HttpRequest) -> HttpResponse:
    return guarded(request, partial(_within_scope, views))


def _within_scope(views: Mapping[str, View], request: HttpRequest) -> HttpResponse:
    view = ENVELOPE.view_of(views, request)
    now, token = utc_now(), bearer_token(request)
    if token is None:
        raise NotLoggedIn()
    actor = actor_of_session(token, now)
    with scope(actor.tenant_id):
        return view(Asked(actor, read_body(request), request.GET.dict(), now))
