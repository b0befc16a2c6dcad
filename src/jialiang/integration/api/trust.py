"""Whom to trust: the root certificate of this installation, its revocation list, and the keys of its institutes."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from cryptography.hazmat.primitives.serialization import Encoding
from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router
from pydantic import BaseModel, Field

from jialiang.formats.credential.dids import did_document
from jialiang.formats.handle.trust_documents import trust_document
from jialiang.functions.certificate_attestation import institute_did
from jialiang.functions.identifier_trust import trust_report
from jialiang.integration.api.members import View
from jialiang.kernel.clock import utc_now
from jialiang.security.keys.selectors import authority, crl, public_keys
from jialiang.security.tenancy.selectors import tenant_by_slug

router = Router(tags=["trust"], auth=None)
PEM, CRL, DID = "application/x-pem-file", "application/pkix-crl", "application/did+json"


class NameQuery(BaseModel):
    """Of which record."""

    name: Annotated[str, Field(min_length=3, max_length=2048, description="`prefix/suffix`.")]


class FindingView(View):
    """One thing that is wrong; `certificate` counts those of the chain from 1, 0 where it is of none."""

    code: str
    certificate: int
    zh: str
    en: str


class ChainCertificateView(View):
    """One certificate of the chain, as identities `index:handle`."""

    subject: str
    issuer: str
    valid_from: str
    expires: str


class SignatureView(View):
    """What the check found; the four lists are indexes of values."""

    verdict: Literal["holds", "partly", "changed", "not_in_force", "unknown_root", "chain_broken", "not_signed"]
    trusted: bool
    title: dict[str, str]
    remedy: dict[str, str]
    findings: list[FindingView]
    verified: list[int]
    changed: list[int]
    missing: list[int]
    unsigned: list[int]
    signed_by: str
    signed_at: str
    expires: str
    chain: list[ChainCertificateView]


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


@router.get("/trust/identifier-signature", response=SignatureView, summary="Check the signature of an identifier")
def check_identifier_signature(request: HttpRequest, query: Query[NameQuery]) -> Any:
    """Whether the public values of a record stand as the institute signed them, with every finding in both languages.

    `verdict` is `holds`, `partly` (some values are not signed), `changed` (since they were signed), `not_in_force`,
    `unknown_root`, `chain_broken` or `not_signed`; the chain goes from the signer up to the root of this installation.
    """
    return trust_document(trust_report(query.name, utc_now()))


@router.get(
    "/institutes/{slug}/did.json",
    response={200: None},
    openapi_extra={"responses": {200: {"content": {DID: {"schema": {"type": "object"}}}}}},
    summary="Read the DID document of an institute",
)
def read_did_document(request: HttpRequest, slug: Annotated[str, Path(max_length=60)]) -> HttpResponse:
    """The keys with which an institute signs conformity credentials, revoked ones left out; its did:web leads here."""
    institute = tenant_by_slug(slug)
    document = did_document(institute_did(institute.slug), public_keys(institute))
    return HttpResponse(json.dumps(document), content_type=DID)
