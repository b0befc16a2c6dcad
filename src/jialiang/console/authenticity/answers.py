"""Answering strangers: the page of a verdict, with the headers and the size that the front's own answers have."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse

from jialiang.base.certificates.publishing import JSON_HEADERS, PAGE_HEADERS
from jialiang.console.wording import reading_language
from jialiang.formats.public_page.answer import PublicAnswer
from jialiang.formats.public_page.page import answer_json, render_page
from jialiang.kernel.clock import iso_seconds, utc_now
from jialiang.kernel.text import Language

NOT_FOUND = 404


def language_of(request: HttpRequest) -> Language:
    """Return the language asked for in the address, else that of the page."""
    asked = request.GET.get("lang", "")[:2].lower()
    if asked == "zh":
        return "zh"
    return "en" if asked == "en" else "en" if reading_language() == "en" else "zh"


def other_language_address(request: HttpRequest, language: Language) -> str:
    """Return the same address in the other language."""
    given = {name: value for name, value in request.GET.items() if name != "lang"}
    return f"{request.path}?{urlencode(given | {'lang': 'en' if language == 'zh' else 'zh'})}"


def shown(request: HttpRequest, answer: PublicAnswer, *, linked: bool = True) -> HttpResponse:
    """Answer as page, or as JSON to whoever prefers it; ``unknown`` is a 404, as at the front."""
    now = iso_seconds(utc_now())
    status = NOT_FOUND if answer.verdict == "unknown" else 200
    if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
        return HttpResponse(answer_json(answer, checked_at=now), status=status, headers=JSON_HEADERS)
    language = language_of(request)
    link = other_language_address(request, language) if linked else ""
    page = render_page(answer, language, checked_at=now, language_link=link)
    headers = PAGE_HEADERS | {"content-language": "zh-Hans" if language == "zh" else "en"}
    return HttpResponse(page, status=status, headers=headers)
