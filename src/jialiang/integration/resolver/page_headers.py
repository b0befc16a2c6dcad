"""Headers of the public pages that the front makes itself, and the frame of a page in the reader's language."""

from __future__ import annotations

from typing import Literal
from urllib.parse import quote, urlencode

from jialiang.formats.identifier_page.page import PageFrame
from jialiang.integration.resolver.addresses import chosen_language
from jialiang.integration.resolver.answers import Headers
from jialiang.integration.resolver.handover import Scope
from jialiang.integration.resolver.preferences import preferred

LD_JSON = "application/ld+json"
_HTML = frozenset({"text/html", "application/xhtml+xml", "text/*", "*/*"})
_JSON = frozenset({"application/json", "application/*"})
PAGE_HEADERS: Headers = [
    ("content-type", "text/html; charset=utf-8"),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    (
        "content-security-policy",
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'",
    ),
    ("vary", "Accept, Accept-Language, Cookie"),
]

Form = Literal["page", "json", "ld"]


def wanted_form(accept: str) -> Form:
    """Return whether a page, Handle JSON or JSON-LD is preferred; a page where nothing is said."""
    for wish in preferred(accept):
        if wish in _HTML:
            return "page"
        if wish == LD_JSON:
            return "ld"
        if wish in _JSON:
            return "json"
    return "page"


def frame_of(scope: Scope, given: dict[str, str]) -> PageFrame:
    """Return the frame of a page: ``lang`` in the query first, then the cookie, then Accept-Language, then Chinese."""
    language = given.get("lang", "")[:2].lower()
    if language not in {"zh", "en"}:
        headers = scope.headers
        language = chosen_language(headers.get("cookie", ""), headers.get("accept-language", ""))
    others = urlencode({**given, "lang": "zh" if language == "en" else "en"})
    return PageFrame("en" if language == "en" else "zh", f"{quote(scope.path)}?{others}")
