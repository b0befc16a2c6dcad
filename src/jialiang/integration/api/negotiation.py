"""Whether a request is in a form that is read here, and its answer in one that is wanted (RFC 9110, 12)."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from jialiang.integration.api.problems import BodyTooLarge, FormNotAccepted, FormNotOffered, InputRejected

JSON = "application/json"
UPLOAD = "multipart/form-data"
UPLOADS = ("/authenticity-checks", "/digital-certificates", "/documents", "/prefix-applications")
"""Addresses that take a file."""
DOCUMENTS = (
    "application/xml",
    "text/xml",
    "application/json",
    "application/cbor",
    "application/msgpack",
    "application/pdf",
    "application/ofd",
    "application/ld+json",
    "application/rdf+xml",
    "application/vc",
    "application/vc+jwt",
    "application/zip",
    "application/octet-stream",
)
"""What a document is sent as where it is the whole body."""
REPORTS = "/api/v1/node-reports"
REPORT_FORMS = ("application/vnd.jialiang.node-report+gzip", "application/gzip", "application/octet-stream")
BUDGETS = "/api/v1/science/uncertainty/convert"
CERTIFICATES = "/api/v1/science/uncertainty/certificate-"
_XML = ("application/xml", "text/xml")
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MOST_DIGITS = 18
"""Of a length that somebody states; no number of more is turned into one."""


def check_request(request: HttpRequest) -> None:
    """Let a request pass whose body has a form and a size that are read here, and whose address is text.

    Raises BodyTooLarge, FormNotAccepted, InputRejected.
    """
    largest = settings.JIALIANG.max_upload_bytes
    length = request.headers.get("Content-Length", "")
    size = int(length[:_MOST_DIGITS]) if length.isdecimal() else 0
    if size > largest:
        raise BodyTooLarge(size=size, largest=largest)
    if size and request.method in ("POST", "PUT", "PATCH", "DELETE"):
        accepted = _accepted(request.path)
        if request.content_type not in accepted:
            given = (request.content_type or "")[:80] or "—"
            raise FormNotAccepted(given=given, accepted=", ".join(accepted))
    if "%00" in request.META.get("QUERY_STRING", "") or "\0" in request.path:
        raise InputRejected(members="U+0000")


def _accepted(path: str) -> tuple[str, ...]:
    if path.startswith("/api/v1/documents/"):
        return (UPLOAD, *DOCUMENTS)
    if path.startswith(CERTIFICATES):
        return _XML
    if path == BUDGETS:
        return (JSON, *_XML, _WORKBOOK)
    if path == REPORTS:
        return REPORT_FORMS
    return (UPLOAD,) if path.endswith(UPLOADS) else (JSON,)


def check_answer(request: HttpRequest, response: HttpResponse) -> None:
    """Let an answer pass that Accept admits. Raises FormNotOffered; call it for methods that change nothing."""
    offered = response.get("Content-Type", "").partition(";")[0]
    accept = request.headers.get("Accept", "")
    if offered and not admits(accept, offered):
        raise FormNotOffered(accept=accept[:120], offered=offered)


def admits(accept: str, media_type: str) -> bool:
    """Tell whether an Accept header admits a media type: the most specific range decides, quality 0 refuses."""
    if not accept.strip():
        return True
    general = f"{media_type.partition('/')[0]}/*"
    rank = {media_type: 3, general: 2, "*/*": 1}
    best, admitted = 0, False
    for part in accept.split(","):
        name, _, parameters = part.replace(" ", "").lower().partition(";")
        if rank.get(name, 0) > best:
            best, admitted = rank[name], _quality(parameters) > 0
    return admitted


def _quality(parameters: str) -> float:
    for parameter in parameters.split(";"):
        name, _, text = parameter.partition("=")
        if name == "q":
            return float(text) if text.replace(".", "", 1).isdecimal() and text.isascii() else 0.0
    return 1.0
