"""What happens around every request: who asks, in which institute and language; what every answer carries."""

from __future__ import annotations

import logging
from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from jialiang.console.messages import error_page
from jialiang.console.requests import completed
from jialiang.kernel.clock import local_date, utc_now
from jialiang.kernel.errors import JialiangError
from jialiang.security.accounts.selectors import actor_of
from jialiang.security.tenancy.scope import scope
from jialiang.security.tenancy.selectors import tenant as tenant_of

Answer = Callable[[HttpRequest], HttpResponse]
log = logging.getLogger("jialiang.console")

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; img-src 'self' data:;"
    " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
}


class SecurityHeaders:
    """Every answer carries the same strict headers; only an answer that set one itself keeps its own."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add the headers that the answer does not have."""
        response = self.get_response(request)
        for name, value in SECURITY_HEADERS.items():
            response.headers.setdefault(name, value)
        return response


class SignedIn:
    """For a signed-in person: the institute in scope, the actor, language and time zone; nothing is cached."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Set ``request.actor`` and ``request.tenant`` (both None for a stranger) and open the institute's scope."""
        signed_in = completed(request)
        signed_in.actor = signed_in.tenant = None
        person = request.user
        if not person.is_authenticated:
            return self.get_response(request)
        tenant = tenant_of(person.tenant_id)
        now = utc_now()
        signed_in.tenant = tenant
        with scope(tenant.id), timezone.override(ZoneInfo(tenant.time_zone)):
            signed_in.actor = actor_of(person.pk, on=local_date(now, tenant.time_zone), door="console")
            with translation.override(_language(request, person.language)):
                response = self.get_response(request)
                if hasattr(response, "render") and not getattr(response, "is_rendered", True):
                    response = response.render()
        response.headers.setdefault("Cache-Control", "no-store")
        return response


class ErrorPages:
    """An error of the house that a page raises becomes a page with code, rule and way out."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer errors of the house outside the API, which has its own form for them."""
        if isinstance(exception, JialiangError) and not request.path.startswith("/api/"):
            return error_page(request, exception)
        return None


def _language(request: HttpRequest, of_person: str) -> str:
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    known = dict(settings.LANGUAGES)
    return chosen if chosen in known else of_person if of_person in known else settings.LANGUAGE_CODE
