"""Handing out issued files and what to trust, to anyone who can name them."""

from __future__ import annotations

import re

from cryptography.hazmat.primitives.serialization import Encoding
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from jialiang.console.downloads import attachment
from jialiang.console.messages import PageNotFound
from jialiang.functions.authenticity import check_by_identifier, issued_file
from jialiang.kernel.clock import utc_now
from jialiang.security.keys.selectors import authority, crl, has_authority

DIGEST = re.compile(r"[0-9a-fA-F]{64}")
KINDS = {"xml": ".xml", "zh.pdf": ".zh.pdf", "en.pdf": ".en.pdf"}


@require_safe
def by_digest(request: HttpRequest, sha256: str) -> HttpResponse:
    """Answer an issued file by its digest, which only a checked answer tells."""
    found = issued_file(sha256=sha256) if DIGEST.fullmatch(sha256) else None
    if found is None:
        raise PageNotFound(address=request.path)
    return attachment(*found)


@require_safe
def by_code(request: HttpRequest, prefix: str, suffix: str, kind: str) -> HttpResponse:
    """Answer ``xml``, ``zh.pdf`` or ``en.pdf`` of a certificate to whoever gives its check code as ``?k=``."""
    code = request.GET.get("k", "").strip()
    answer = check_by_identifier(identifier=f"{prefix}/{suffix}", code=code, now=utc_now()) if code else None
    files = answer.certificate.files if answer and answer.certificate else ()
    for file in files:
        found = issued_file(sha256=file.sha256)
        if found is not None and kind in KINDS and found[0].endswith(KINDS[kind]):
            return attachment(*found)
    raise PageNotFound(address=request.path)


@require_safe
def trust_root(request: HttpRequest) -> HttpResponse:
    """Answer the certificate of this installation's authority as PEM."""
    _require_authority(request)
    return attachment("jialiang-ca.pem", authority().certificate_pem.encode())


@require_safe
def revocations(request: HttpRequest) -> HttpResponse:
    """Answer the latest revocation list in DER (RFC 5280); it may be kept for five minutes."""
    _require_authority(request)
    response = attachment("jialiang.crl", crl().public_bytes(Encoding.DER))
    response["Cache-Control"] = "public, max-age=300"
    return response


def _require_authority(request: HttpRequest) -> None:
    if not has_authority():
        raise PageNotFound(address=request.path)
