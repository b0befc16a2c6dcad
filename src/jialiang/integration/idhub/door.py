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
from jialiang.integration.idhub.envelope import BadRequest, NotAuthenticated, fault, log, refusal
from jialiang.integration.idhub.sessions import actor_of_session
from jialiang.kernel.clock import utc_now
from jialiang.kernel.text import Text
from jialiang.security.actor import Actor
from jialiang.security.tenancy.scope import scope

ENVELOPE = Envelope(BadRequest, refusal, fault, log)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as a view gets it: the JSON of its body (None without one), its query, the moment, and who asks."""

    body: Any
    query: Mapping[str, str]
    now: datetime
    actor: Actor | None = None

    @property
    def known_actor(self) -> Actor:
        """Who asks. Raises NotAuthenticated for a stranger."""
        if self.actor is None:
            raise NotAuthenticated()
        return self.actor


View = Callable[[Asked], HttpResponse]


def address(*, public: bool = False, **views: View) -> Callable[[HttpRequest], HttpResponse]:
    """Return the view of an address from one function a method; ``public`` ones are open to strangers."""
    named = {method.upper(): view for method, view in views.items()}
    return csrf_exempt(partial(_guarded, named, public))


def text_of(members: Mapping[str, Any], name: str, longest: int) -> str:
    """Return a member that must be a text of 1 to ``longest`` characters. Raises BadRequest."""
    found = members.get(name)
    if not isinstance(found, str) or not 1 <= len(found) <= longest:
        raise BadRequest(
            place=name, rule=Text(f"应为 1 至 {longest} 个字符的文本", f"a text of 1 to {longest} characters")
        )
    return found


def object_of(value: Any, place: str) -> Mapping[str, Any]:
    """Return what must be an object. Raises BadRequest."""
    if not isinstance(value, dict):
        raise BadRequest(place=place, rule=Text("应为 JSON 对象", "a JSON object"))
    return value


def _guarded(views: Mapping[str, View], public: bool, request: HttpRequest) -> HttpResponse:
    return ENVELOPE.guarded(request, partial(_answered, views, public))


def _answered(views: Mapping[str, View], public: bool, request: HttpRequest) -> HttpResponse:
    view = ENVELOPE.view_of(views, request)
    now, query = utc_now(), request.GET.dict()
    if public or (request.method == "GET" and not request.headers.get("Authorization")):
        return view(Asked(ENVELOPE.body(request), query, now))
    token = bearer_token(request)
    if token is None:
        raise NotAuthenticated()
    actor = actor_of_session(token, now)
    with scope(actor.tenant_id):
        return view(Asked(ENVELOPE.body(request), query, now, actor))
