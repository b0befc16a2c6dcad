"""Whom to trust: the root certificate of this installation and its revocation list."""

from __future__ import annotations

from cryptography.hazmat.primitives.serialization import Encoding
from django.http import HttpRequest, HttpResponse
from ninja import Router

from jialiang.security.keys.selectors import authority, crl

router = Router(tags=["trust"], auth=None)
PEM, CRL = "application/x-pem-file", "application/pkix-crl"


def _download(media_type: str) -> dict[str, object]:
    schema = {"type": "string", "format": "binary"}
    return {"responses": {200: {"description": "The file", "content": {media_type: {"schema": schema}}}}}


@router.get(
    "/trust/ca.pem",
    response={200: None},
    openapi_extra=_download(PEM),
    summary="Download the root certificate",
)
def read_authority(request: HttpRequest) -> HttpResponse:
    """The root certificate (PEM); compare its fingerprint with the one printed on a certificate before trusting it."""
    response = HttpResponse(authority().certificate_pem, content_type=PEM)
    response["Content-Disposition"] = 'attachment; filename="ca.pem"'
    return response


@router.get(
    "/trust/crl", response={200: None}, openapi_extra=_download(CRL), summary="Download the revocation list"
)
def read_revocation_list(request: HttpRequest) -> HttpResponse:
    """The latest revocation list (RFC 5280, DER) of the seals that were issued here."""
    return HttpResponse(crl().public_bytes(Encoding.DER), content_type=CRL)
