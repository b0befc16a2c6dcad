"""The answers of a certificate, written in the transaction of the verb that changes it.

A certificate is asked for by number or by identifier, each with the check code, in three forms; one with a due date
has a second row that takes over when the day has ended.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from urllib.parse import quote, urlencode

from jialiang.base.certificates.models import Certificate
from jialiang.base.certificates.public_answers import (
    answer_of,
    content_of,
    end_of_validity,
    standing_now,
    standing_of,
)
from jialiang.base.certificates.selectors import files_of, successor_of
from jialiang.formats.content import CertificateContent
from jialiang.formats.public_keys import (
    CHECKED_AT_MARKER,
    FORMS,
    Form,
    after_key,
    key_by_identifier,
    key_by_number,
    unknown_key,
)
from jialiang.formats.public_page.answer import PublicAnswer
from jialiang.formats.public_page.page import answer_json, render_page
from jialiang.governance.publication.answers import Answer
from jialiang.governance.publication.selectors import answer
from jialiang.governance.publication.services import publish

CHECK_ADDRESS = "/check"
_COMMON = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "vary": "accept, accept-language, cookie",
}
JSON_HEADERS = _COMMON | {"content-type": "application/json; charset=utf-8"}
PAGE_HEADERS = _COMMON | {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
}


def publish_answers(certificate: Certificate, now: datetime) -> None:
    """Publish what the public is told of a certificate from now on."""
    content = content_of(certificate)
    publish(list(_answers(certificate, content)), now)


def publish_unknown(domain: str, now: datetime) -> None:
    """Publish the one answer to every question that has none; done when an installation is made."""
    unknown = PublicAnswer(verdict="unknown", status="not_checked", checks=(), domain=domain)
    publish([Answer(unknown_key(form), *_body(unknown, form, CHECK_ADDRESS)) for form in FORMS], now)


def missing_answers(certificate: Certificate) -> list[str]:
    """Return the keys that should be published for a finished certificate and are not: for ``check``."""
    content = content_of(certificate)
    return [key for form in FORMS for key, _ in _keys(content, form) if answer(key) is None]


def _answers(certificate: Certificate, content: CertificateContent) -> Iterator[Answer]:
    files = files_of(certificate.id)
    successor = successor_of(certificate.id)
    standing = standing_of(certificate, successor, None)
    current = answer_of(content, files, standing)
    ends = end_of_validity(certificate, content) if standing.verdict == "genuine" else None
    later = standing_now(certificate, successor, ends) if ends else None
    for form in FORMS:
        for key, address in _keys(content, form):
            body, headers = _body(current, form, address)
            yield Answer(key, body, headers, ends)
            if later is not None:
                body, headers = _body(answer_of(content, files, later), form, address)
                yield Answer(after_key(key), body, headers)


def _keys(content: CertificateContent, form: Form) -> tuple[tuple[str, str], tuple[str, str]]:
    """Return both keys of a form, each with the address that leads to it."""
    code = content.check_code
    by_number = "/check?" + urlencode({"number": content.number, "code": code})
    by_identifier = f"/c/{quote(content.identifier)}?" + urlencode({"k": code})
    return (
        (key_by_number(content.number, code, form), by_number),
        (key_by_identifier(content.identifier, code, form), by_identifier),
    )


def _body(given: PublicAnswer, form: Form, address: str) -> tuple[bytes, dict[str, str]]:
    checked_at = CHECKED_AT_MARKER.decode()
    if form == "json":
        return answer_json(given, checked_at=checked_at), dict(JSON_HEADERS)
    other = "en" if form == "zh" else "zh"
    link = f"{address}{'&' if '?' in address else '?'}lang={other}"
    page = render_page(given, form, checked_at=checked_at, language_link=link)
    return page, PAGE_HEADERS | {"content-language": "zh-Hans" if form == "zh" else "en"}
