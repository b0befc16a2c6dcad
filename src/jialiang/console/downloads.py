"""Answers that are files: always an attachment, never guessed at, never run."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from urllib.parse import quote

from django.http import HttpResponse

MEDIA_TYPES = {
    "xml": "application/xml; charset=utf-8",
    "pdf": "application/pdf",
    "jwt": "application/vc+jwt",
    "pem": "application/x-pem-file",
    "gz": "application/gzip",
    "crl": "application/pkix-crl",
}


def attachment(name: str, data: bytes) -> HttpResponse:
    """Answer bytes as an attachment under a name, with their digest (RFC 9530) for whoever wants to compare."""
    ending = name.rpartition(".")[2].lower()
    response = HttpResponse(data, content_type=MEDIA_TYPES.get(ending, "application/octet-stream"))
    plain = name.encode("ascii", "replace").decode().replace('"', "_").replace("?", "_").replace("\\", "_")
    response["Content-Disposition"] = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Repr-Digest"] = f"sha-256=:{_base64(sha256(data).digest())}:"
    return response


def _base64(digest: bytes) -> str:
    return b64encode(digest).decode()
