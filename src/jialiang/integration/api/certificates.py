"""Certificates: preview, approval, reading, files, amendment, withdrawal, and the account of numbers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router, Status
from pydantic import Field

from jialiang.base.certificates import selectors
from jialiang.formats.canonical import to_plain
from jialiang.formats.conversion.converters import Wish
from jialiang.functions import certificates as verbs
from jialiang.functions.certificate_attestation import AttestationFacts, attest
from jialiang.functions.certificate_forms import form_of
from jialiang.functions.certificate_numbering import series_of
from jialiang.governance.counters.selectors import account
from jialiang.integration.api.access import acting, narrowed, of_all
from jialiang.integration.api.calibrations import RecordView
from jialiang.integration.api.conditions import remember_version
from jialiang.integration.api.document_answers import MADE, file_answer
from jialiang.integration.api.members import Bilingual, Body, Day, Reason, View
from jialiang.integration.api.paging import Listed, PageQuery, listed, page_of
from jialiang.kernel.clock import utc_now
from jialiang.kernel.text import Text
from jialiang.security.tenancy.paging import page
from jialiang.vocabulary.statuses import CertificateState, WorkKind

router = Router(tags=["certificates"])
READ = "certificate.read"
CERTIFICATE = "/certificates/{uuid:certificate_id}"
RECORD = "/calibrations/{uuid:calibration_id}"
Secret = Annotated[str, Field(max_length=200, json_schema_extra={"format": "password"})]
FileKind = Literal["xml", "pdf_zh", "pdf_en", "dcoc", "credential"]
PDF, XML, TOKEN = "application/pdf", "application/xml", "application/vc+jwt"
MEDIA_TYPES = {"xml": XML, "dcoc": XML, "credential": TOKEN}
PAGES = {"responses": {200: {"content": {PDF: {"schema": {"type": "string", "format": "binary"}}}}}}
FILES = {
    "responses": {
        200: {"content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in (XML, PDF, TOKEN)}}
    }
}
FORMS = {"responses": {200: MADE}}
CONTENT = {"responses": {200: {"content": {"application/json": {"schema": {"type": "object"}}}}}}


class Approval(Body):
    """`seen_digest` is that of the preview; the second confirmation is the own password or a one-time code."""

    seen_digest: Annotated[str, Field(max_length=64)]
    password: Secret = ""
    totp: Annotated[str, Field(max_length=12)] = ""


class Withdrawal(Body):
    """Why a certificate is withdrawn, confirmed by the own password or a one-time code."""

    reason: Reason
    password: Secret = ""
    totp: Annotated[str, Field(max_length=12)] = ""


class Attestation(Body):
    """Under which scheme conformity is attested, confirmed by the own password or a one-time code.

    Without `category_title` the category is the instrument's name; the credential tells the scheme where version and
    day are given.
    """

    scheme_number: Annotated[str, Field(max_length=120)] = ""
    scheme_title: Bilingual = Text()
    scheme_uri: Annotated[str, Field(max_length=300)] = ""
    scheme_version: Annotated[str, Field(max_length=60)] = ""
    scheme_valid_from: Day | None = None
    category_code: Annotated[str, Field(max_length=120)] = ""
    category_title: Bilingual = Text()
    password: Secret = ""
    totp: Annotated[str, Field(max_length=12)] = ""


class Ground(Body):
    """Why a certificate is amended, or a number voided."""

    reason: Reason


class PreviewView(View):
    """What would be issued now; approve it with `digest`."""

    digest: str
    differs_from_review: bool
    content: dict[str, Any]


class FileView(View):
    """A file as issued."""

    kind: str
    file_name: str
    sha256: str
    size: int


class CertificateView(View):
    """A certificate with its status; it is `issuing` until the worker has signed, set and published it."""

    id: UUID
    number: str
    identifier: str
    kind: str
    state: str
    status_since: datetime
    status_reason: Text
    calibration_id: UUID
    customer_id: UUID
    instrument_id: UUID
    content_digest: str
    issue_date: date
    due_date: date | None
    signing_time: datetime
    numbered_at: datetime
    published_at: datetime | None
    supersedes_id: UUID | None
    version: int


class StatusChangeView(View):
    """A change of a certificate's status."""

    at: datetime
    from_state: str
    to_state: str
    person_name: str
    reason: Text


class AccountView(View):
    """What became of one number."""

    serial: int
    number: str
    state: str
    subject_id: UUID | None
    reason: Text
    allocated_at: datetime | None
    voided_at: datetime | None


class CertificateQuery(PageQuery):
    """What a list of certificates is narrowed by."""

    text: str = ""
    state: CertificateState | None = None
    customer_id: UUID | None = None


@router.get(f"{RECORD}/preview", response=PreviewView, summary="Preview the certificate of a record")
def preview_certificate(request: HttpRequest, calibration_id: UUID) -> Any:
    """The content that would be issued now, made by the function that makes what is issued.

    Permission `certificate.preview`.
    """
    seen = verbs.preview(actor=acting(request), calibration_id=calibration_id, now=utc_now())
    return PreviewView.of(seen, content=to_plain(seen.content))


@router.get(
    f"{RECORD}/preview-pages",
    response={200: None},
    openapi_extra=PAGES,
    summary="Preview the pages of a record",
)
def preview_pages(
    request: HttpRequest, calibration_id: UUID, language: Literal["zh", "en"] = "zh"
) -> HttpResponse:
    """The pages that would be issued now, as PDF with a watermark. Permission `certificate.preview`."""
    pages = verbs.preview_pages(
        actor=acting(request), calibration_id=calibration_id, language=language, now=utc_now()
    )
    return HttpResponse(pages, content_type=PDF)


@router.post(f"{RECORD}/approval", response={201: CertificateView}, summary="Approve and issue")
def approve_certificate(
    request: HttpRequest, response: HttpResponse, calibration_id: UUID, body: Approval
) -> Any:
    """Approve what was seen: the number is taken and the content frozen; the worker signs, sets and publishes it.

    Nobody approves what he calibrated or reviewed. Permission `certificate.approve`.
    """
    row = verbs.approve(
        actor=acting(request),
        calibration_id=calibration_id,
        seen_digest=body.seen_digest,
        confirmation=verbs.Confirmation(password=body.password, totp=body.totp),
        now=utc_now(),
    )
    response["Location"] = f"/api/v1/certificates/{row.id}"
    return Status(201, _view(selectors.certificate(row.id)))


@router.get("/certificates", response=Listed[CertificateView], summary="List certificates")
def list_certificates(request: HttpRequest, response: HttpResponse, query: Query[CertificateQuery]) -> Any:
    """Certificates, newest first; a customer sees those of the own organization. Permission `certificate.read`."""
    own = narrowed(request, READ)
    rows = selectors.certificates(
        state=query.state or "", customer_id=own or query.customer_id, search=query.text.strip()
    )
    return listed(request, response, page(rows, after=query.after, size=query.limit), _view)


@router.get(CERTIFICATE, response=CertificateView, summary="Read a certificate")
def read_certificate(request: HttpRequest, certificate_id: UUID) -> Any:
    """One certificate with its status. Permission `certificate.read`."""
    row = verbs.read(actor=acting(request), certificate_id=certificate_id)
    remember_version(request, row.version)
    return _view(row)


@router.get(
    f"{CERTIFICATE}/content", response={200: None}, openapi_extra=CONTENT, summary="Read the frozen content"
)
def read_content(request: HttpRequest, certificate_id: UUID) -> HttpResponse:
    """The content as it was frozen, byte for byte: its SHA-256 is `content_digest`. Permission `certificate.read`."""
    row = verbs.read(actor=acting(request), certificate_id=certificate_id)
    response = HttpResponse(row.content, content_type="application/json")
    response["ETag"] = f'"{row.content_digest}"'
    return response


@router.get(
    f"{CERTIFICATE}/status-changes", response=list[StatusChangeView], summary="Read the status changes"
)
def read_status_changes(request: HttpRequest, certificate_id: UUID) -> Any:
    """Every change of status, oldest first. Permission `certificate.read`."""
    verbs.read(actor=acting(request), certificate_id=certificate_id)
    return [StatusChangeView.of(row) for row in selectors.status_changes(certificate_id)]


@router.get(f"{CERTIFICATE}/files", response=list[FileView], summary="List the files of a certificate")
def list_files(request: HttpRequest, certificate_id: UUID) -> Any:
    """The files as issued with their digests, the XML first. Permission `certificate.read`."""
    verbs.read(actor=acting(request), certificate_id=certificate_id)
    return [FileView.of(row) for row in selectors.files_of(certificate_id)]


@router.get(
    f"{CERTIFICATE}/files/{{kind}}", response={200: None}, openapi_extra=FILES, summary="Download a file"
)
def download_file(request: HttpRequest, certificate_id: UUID, kind: Path[FileKind]) -> HttpResponse:
    """One file as issued, its digest verified: `xml`, `pdf_zh`, `pdf_en`; where it was attested `dcoc`, `credential`.

    Permission `certificate.read`.
    """
    name, data = verbs.file_of(actor=acting(request), certificate_id=certificate_id, kind=kind)
    response = HttpResponse(data, content_type=MEDIA_TYPES.get(kind, PDF))
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@router.get(
    "/certificates/{number}/forms/{notation}",
    response={200: None},
    openapi_extra=FORMS,
    summary="Download a certificate in any form",
)
def download_form(
    request: HttpRequest,
    number: Annotated[str, Path(max_length=80)],
    notation: Annotated[str, Path(max_length=40)],
    lang: Literal["zh", "en"] = "zh",
    encoding: Annotated[str, Query(max_length=40)] = "utf-8",
) -> HttpResponse:
    """A certificate, by number or id, in a notation of the registry (`GET /documents/kinds`), from its one XML.

    `xml`, `pdf` and, where conformity was attested, `dcoc` and `credential` are the issued files byte for byte; the
    others are made now. Permission `certificate.read`.
    """
    wish = Wish(lang, encoding)
    return file_answer(form_of(actor=acting(request), certificate=number, name=notation, wish=wish))


@router.post(f"{CERTIFICATE}/amendment", response={201: RecordView}, summary="Open an amending record")
def amend_certificate(
    request: HttpRequest, response: HttpResponse, certificate_id: UUID, body: Ground
) -> Any:
    """Open a copy of the record for amendment; the certificate issued from it supersedes this one.

    Permission `certificate.amend`.
    """
    row = verbs.amend(actor=acting(request), certificate_id=certificate_id, reason=body.reason, now=utc_now())
    response["Location"] = f"/api/v1/calibrations/{row.id}"
    return Status(201, RecordView.of(row))


@router.post(f"{CERTIFICATE}/withdrawal", response=CertificateView, summary="Withdraw a certificate")
def withdraw_certificate(request: HttpRequest, certificate_id: UUID, body: Withdrawal) -> Any:
    """Withdraw a certificate; whoever checks it sees that within a second. Permission `certificate.withdraw`."""
    row = verbs.withdraw(
        actor=acting(request),
        certificate_id=certificate_id,
        reason=body.reason,
        confirmation=verbs.Confirmation(password=body.password, totp=body.totp),
        now=utc_now(),
    )
    return _view(selectors.certificate(row.id))


@router.post(
    f"{CERTIFICATE}/attestation", response={201: CertificateView}, summary="Attest conformity by a certificate"
)
def attest_certificate(
    request: HttpRequest, response: HttpResponse, certificate_id: UUID, body: Attestation
) -> Any:
    """Issue D-CoC (signed XML) and conformity credential (vc+jwt) by a certificate in force that states conformity.

    Once a certificate; both are files of it from then on. Permission `certificate.attest`.
    """
    facts = AttestationFacts(
        scheme_number=body.scheme_number,
        scheme_title=body.scheme_title,
        scheme_uri=body.scheme_uri,
        scheme_version=body.scheme_version,
        scheme_valid_from=body.scheme_valid_from.isoformat() if body.scheme_valid_from else "",
        category_code=body.category_code,
        category_title=body.category_title,
    )
    row = attest(
        actor=acting(request),
        certificate_id=certificate_id,
        facts=facts,
        confirmation=verbs.Confirmation(password=body.password, totp=body.totp),
        now=utc_now(),
    )
    response["Location"] = f"/api/v1/certificates/{row.id}"
    return Status(201, _view(selectors.certificate(row.id)))


@router.post(f"{CERTIFICATE}/voiding", response=CertificateView, summary="Void a number")
def void_certificate(request: HttpRequest, certificate_id: UUID, body: Ground) -> Any:
    """Void a number that cannot be finished; its record waits for approval again. Permission `certificate.void`."""
    row = verbs.void(actor=acting(request), certificate_id=certificate_id, reason=body.reason, now=utc_now())
    return _view(selectors.certificate(row.id))


@router.get(
    "/certificate-numbers/{kind}/{year}", response=Listed[AccountView], summary="Read the account of numbers"
)
def read_account(
    request: HttpRequest,
    response: HttpResponse,
    kind: Path[WorkKind],
    year: Annotated[int, Path(ge=1900, le=9999)],
    query: Query[PageQuery],
) -> Any:
    """What became of every number of a kind and year, from the first on: used, or void with its reason.

    Permission `number.read`.
    """
    of_all(request, "number.read")
    found = page_of(account(series_of(kind), year), lambda line: str(line.serial), query)
    return listed(request, response, found, AccountView.of)


def _view(row: Any) -> Any:
    return CertificateView.of(row, identifier=row.identifier.text)
