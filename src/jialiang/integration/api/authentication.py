"""Who asks: a program by its token, a person by the session of the console, or a stranger."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware

from jialiang.integration.api.problems import FormNotTrusted, SignInNeeded
from jialiang.kernel.clock import local_date
from jialiang.security.accounts.selectors import actor_of
from jialiang.security.actor import Actor
from jialiang.security.tenancy.selectors import tenant
from jialiang.security.tokens.errors import TokenRefused
from jialiang.security.tokens.selectors import actor_by_token, shown_token
from jialiang.security.tokens.services import note_use

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def actor_of_request(request: HttpRequest, now: datetime) -> Actor | None:
    """Return who acts, None for a stranger. A token goes before a session.

    Raises TokenRefused for an Authorization that does not open the door, FormNotTrusted for a change by session
    without the token against forged requests.
    """
    given = request.headers.get("Authorization", "")
    if given:
        scheme, _, text = given.partition(" ")
        if scheme.lower() != "bearer":
            raise TokenRefused()
        shown = shown_token(text.strip(), now)
        actor = actor_by_token(shown, now)
        note_use(shown, now)
        return actor
    if not request.user.is_authenticated:
        return None
    if request.method not in SAFE_METHODS:
        _require_own_page(request)
    person: Any = request.user
    return actor_of(person.pk, local_date(now, tenant(person.tenant_id).time_zone), "api")


class ForgeryCheck(CsrfViewMiddleware):
    """Django's check of the token against forged requests, whose refusal is no page."""

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:
        return HttpResponse(reason, status=403)


def _nothing(request: HttpRequest) -> HttpResponse:
    """Stand for the view that is protected."""
    return HttpResponse(status=204)


def _require_own_page(request: HttpRequest) -> None:
    check = ForgeryCheck(_nothing)
    check.process_request(request)
    if check.process_view(request, _nothing, (), {}) is not None:
        raise FormNotTrusted()


class BearerToken:
    """Shown as ``Authorization: Bearer jl_…``; the door has read it already."""

    openapi_security_schema = {
        "type": "http",
        "scheme": "bearer",
        "description": "An API token of a person, made by `POST /api/v1/tokens`.",
    }

    def __call__(self, request: HttpRequest) -> Actor:
        """Return the actor. Raises SignInNeeded."""
        actor = getattr(request, "actor", None)
        if not isinstance(actor, Actor):
            raise SignInNeeded()
        return actor


class ConsoleSession(BearerToken):
    """The session of the console, whose changes carry ``X-CSRFToken``."""

    openapi_security_schema = {
        "type": "apiKey",
        "in": "cookie",
        "name": "sessionid",
        "description": "The session of the console; changes carry the header X-CSRFToken.",
    }
