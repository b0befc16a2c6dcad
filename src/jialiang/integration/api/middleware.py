"""The frame of the REST door: who asks, in which institute, in which form, once; and every error as a problem."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from jialiang.integration.api.authentication import SAFE_METHODS, actor_of_request
from jialiang.integration.api.conditions import tagged
from jialiang.integration.api.negotiation import JSON, admits, check_answer, check_request
from jialiang.integration.api.problems import (
    MEDIA_TYPE,
    AddressUnknown,
    BodyUnreadable,
    FormNotOffered,
    MethodUnknown,
    UnexpectedFault,
    problem,
)
from jialiang.integration.api.questions import refused_question
from jialiang.integration.api.repetition import done_once
from jialiang.kernel.clock import utc_now
from jialiang.kernel.errors import JialiangError
from jialiang.security.actor import Actor
from jialiang.security.tenancy.scope import scope

ROOT = "/api/v1/"
OTHER_DOORS = ("/api/v1/doip", "/api/v1/open/", "/api/v1/single-handle/")  # addresses that IDHub fixed
log = logging.getLogger("jialiang.api")
Answer = Callable[[HttpRequest], HttpResponse]


class Door:
    """Stands around everything under :data:`ROOT` and lets the rest pass untouched."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request; nothing but JSON, files and problems leaves this door."""
        if not request.path.startswith(ROOT) or request.path.startswith(OTHER_DOORS):
            return self.get_response(request)
        try:
            response = self._answered(request, utc_now())
        except JialiangError as error:
            response = problem(request, error)
        if response.status_code >= 400:
            response = as_problem(request, response)
        patch_vary_headers(response, ("Accept", "Accept-Language", "Authorization", "Cookie"))
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return response

    def _answered(self, request: HttpRequest, now: datetime) -> HttpResponse:
        check_request(request)
        actor = actor_of_request(request, now)
        request.actor = actor  # type: ignore[attr-defined]
        if request.method not in SAFE_METHODS and not admits(request.headers.get("Accept", ""), JSON):
            raise FormNotOffered(accept=request.headers["Accept"][:120], offered=JSON)
        response = refused_question(request) if actor is not None else None
        if response is not None:
            return response
        with ExitStack() as within:
            if actor is not None:
                within.enter_context(scope(actor.tenant_id))
            response = self._done(request, actor, now)
        if request.method in SAFE_METHODS and response.status_code < 400:
            check_answer(request, response)
        return tagged(request, response)

    def _done(self, request: HttpRequest, actor: Actor | None, now: datetime) -> HttpResponse:
        if request.method == "HEAD":
            return self._head(request)
        if actor is None or actor.person_id is None:
            return self.get_response(request)
        return done_once(request, actor.person_id, self.get_response, now)

    def _head(self, request: HttpRequest) -> HttpResponse:
        """Answer as to GET; the server leaves the body out (RFC 9110, 9.3.2)."""
        request.method = "GET"
        try:
            return self.get_response(request)
        finally:
            request.method = "HEAD"


def as_problem(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Turn a refusal that came from below the door (no such address, no such method) into a problem."""
    if response.get("Content-Type", "").startswith((MEDIA_TYPE, JSON)):
        return response  # a view said it: a problem, or the answer that nothing is known of what was asked
    if response.status_code == 405:
        allowed = _with_head(response.get("Allow", ""))
        refused = problem(request, MethodUnknown(method=request.method, allowed=allowed))
        refused["Allow"] = allowed
        return refused
    if response.status_code == 404:
        return problem(request, AddressUnknown(address=request.path[:200]))
    if response.status_code < 500:
        return problem(request, BodyUnreadable(reason=str(response.status_code)))
    log.error("%s %s failed below the door", request.method, request.path)
    return problem(request, UnexpectedFault())


def _with_head(allowed: str) -> str:
    methods = [method.strip() for method in allowed.split(",") if method.strip()]
    if "GET" in methods and "HEAD" not in methods:
        methods.insert(methods.index("GET") + 1, "HEAD")
    return ", ".join(methods)
