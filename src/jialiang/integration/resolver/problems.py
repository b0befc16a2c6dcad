"""An error as an answer: RFC 9457 problem details for machines, a plain page for people."""

from __future__ import annotations

import json
from html import escape

from jialiang.integration.resolver.answers import Headers
from jialiang.kernel.errors import JialiangError

SAFE_HEADERS: Headers = [
    ("cache-control", "no-store"),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    (
        "content-security-policy",
        "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    ),
]
PROBLEM = ("content-type", "application/problem+json")
PAGE = ("content-type", "text/html; charset=utf-8")
BACK = {"zh": "重新查验", "en": "Check again"}


class AnswerUnknown(JialiangError):
    """No published answer belongs to what was asked."""

    code = "JL-SRV-009"
    http_status = 404


def problem(error: JialiangError, *, as_json: bool, language: str) -> tuple[int, Headers, bytes]:
    """Return status, headers and body that tell of ``error``; a fact ``seconds`` becomes Retry-After."""
    headers = [*SAFE_HEADERS, PROBLEM if as_json else PAGE]
    if "seconds" in error.facts:
        headers.append(("retry-after", str(error.facts["seconds"])))
    body = _details(error, language) if as_json else _page(error, language)
    return error.http_status, headers, body.encode()


def _details(error: JialiangError, language: str) -> str:
    words = error.to_json()
    words.pop("facts")  # a reason may name hosts and files: it goes to the log, not to strangers
    return json.dumps(
        {
            "type": f"urn:jialiang:error:{error.code}",
            "title": words["what"][language],
            "status": error.http_status,
            "detail": words["way_out"][language],
            **words,
        },
        ensure_ascii=False,
    )


def _page(error: JialiangError, language: str) -> str:
    words = error.to_json()
    what, rule, way_out = (escape(words[member][language]) for member in ("what", "rule", "way_out"))
    return (
        f'<!doctype html><html lang="{"zh-Hans" if language == "zh" else "en"}"><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{what} · 嘉量</title>'
        f"<main><h1>{what}</h1><p>{rule}</p><p>{way_out}</p>"
        f'<p><a href="/check">{BACK[language]}</a></p><p><small>{error.code}</small></p></main></html>'
    )
