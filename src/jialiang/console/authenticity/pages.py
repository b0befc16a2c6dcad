"""Pages for the public that are no verdict: small, one column, without script."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from jialiang.base.certificates.publishing import PAGE_HEADERS
from jialiang.console.authenticity.answers import language_of, other_language_address

LOCALES = {"zh": "zh-hans", "en": "en"}


def public_page(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Render a page in the language asked for; it sets no cookie unless its form needs one."""
    language = language_of(request)
    known = {
        "page_language": "zh-Hans" if language == "zh" else "en",
        "other_address": other_language_address(request, language),
        "domain": settings.JIALIANG.domain,
        "theme": "",
    }
    with translation.override(LOCALES[language]):
        response = render(request, template, known | context, status=status)
    for name, value in PAGE_HEADERS.items():
        response.headers.setdefault(name, value)
    return response
