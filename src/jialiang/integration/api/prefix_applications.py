"""Applications for prefixes: handed in with documents, decided by the operator."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from ninja import File, Form, Query, Router, Status
from ninja.files import UploadedFile
from pydantic import Field

from jialiang.base.organizations.selectors import own_organization
from jialiang.base.prefixes import selectors
from jialiang.base.prefixes.facts import ApplicationFacts, UploadedDocument
from jialiang.base.prefixes.selectors import PrefixApplication
from jialiang.functions import prefixes as verbs
from jialiang.integration.api.access import acting, narrowed, readable
from jialiang.integration.api.conditions import remember_version
from jialiang.integration.api.members import Body, Short, Version, View
from jialiang.integration.api.paging import Listed, PageQuery, listed
from jialiang.integration.api.prefixes import PrefixRemark, Quota
from jialiang.kernel.clock import utc_now
from jialiang.vocabulary.statuses import PrefixApplicationState

router = Router(tags=["prefix applications"])
READ = "prefix.read"
APPLICATION = "/prefix-applications/{uuid:application_id}"


class NewApplication(Body):
    """An application below a prefix, by its id or its text (`parent`).

    Without `organization_id` it is the own organization's, the institute's for its people.
    """

    parent_id: UUID | None = None
    parent: Annotated[str, Field(max_length=60)] = ""
    purpose: Annotated[str, Field(max_length=400)]
    wished_code: Annotated[str, Field(max_length=20)] = ""
    organization_id: UUID | None = None


class Grant(Body):
    """What is granted: `code` in place of the wished one (empty: the next number), and a quota."""

    code: Annotated[str | None, Field(max_length=20)] = None
    quota: Quota = None
    version: Version = None


class Refusal(Body):
    """Why an application is refused."""

    reason: Short
    version: Version = None


class ApplicationDocumentView(View):
    """A document of an application."""

    position: int
    name: str
    media_type: str
    size: int
    sha256: str


class ApplicationView(View):
    """An application; `granted_id` is the prefix of an approved one."""

    id: UUID
    organization_id: UUID
    parent_id: UUID
    wished_code: str
    purpose: str
    state: str
    applicant_name: str
    submitted_at: datetime
    decided_by_name: str
    decided_at: datetime | None
    reason: str
    granted_id: UUID | None
    version: int


class ApplicationWithDocuments(ApplicationView):
    """An application with what was handed in."""

    documents: list[ApplicationDocumentView]


class ApplicationQuery(PageQuery):
    """What a list of applications is narrowed by."""

    state: PrefixApplicationState | None = None


@router.get(
    "/prefix-applications", response=Listed[ApplicationView], summary="List applications for prefixes"
)
def list_applications(request: HttpRequest, response: HttpResponse, query: Query[ApplicationQuery]) -> Any:
    """Applications, newest first; a customer sees those of the own organization. Permission `prefix.read`."""
    found = selectors.applications(
        state=query.state or "",
        only_organization=narrowed(request, READ),
        after=query.after,
        size=query.limit,
    )
    return listed(request, response, found, ApplicationView.of)


@router.post("/prefix-applications", response={201: ApplicationWithDocuments}, summary="Apply for a prefix")
def apply_for_prefix(
    request: HttpRequest,
    response: HttpResponse,
    file: File[list[UploadedFile]],
    form: Form[NewApplication],
) -> Any:
    """Apply for a prefix, with one or more documents (PDF, PNG, JPEG). Nothing exists before it is approved.

    A customer applies for the own organization. Permission `prefix.apply`.
    """
    actor = acting(request)
    facts = ApplicationFacts(
        organization_id=form.organization_id or actor.organization_id or own_organization().id,
        parent_id=form.parent_id or selectors.prefix_of(form.parent).pk,
        purpose=form.purpose,
        wished_code=form.wished_code,
    )
    documents = [UploadedDocument(part.name or "", part.read()) for part in file]
    row = verbs.apply(actor=actor, facts=facts, documents=documents, now=utc_now())
    response["Location"] = f"{request.path}/{row.id}"
    return Status(201, _whole(row))


@router.get(APPLICATION, response=ApplicationWithDocuments, summary="Read an application")
def read_application(request: HttpRequest, application_id: UUID) -> Any:
    """One application with its documents and its version. Permission `prefix.read`."""
    row = readable(request, READ, selectors.application(application_id))
    remember_version(request, row.version)
    return _whole(row)


DOCUMENT = {
    "responses": {
        200: {
            "description": "The document as it was handed in.",
            "content": {
                kind: {"schema": {"type": "string", "format": "binary"}}
                for kind in ("application/pdf", "image/png", "image/jpeg")
            },
        }
    }
}


@router.get(
    f"{APPLICATION}/documents/{{int:position}}",
    response={200: None},
    openapi_extra=DOCUMENT,
    summary="Download a document of an application",
)
def download_application_document(request: HttpRequest, application_id: UUID, position: int) -> Any:
    """A document as it was handed in. Permission `prefix.read`."""
    name, media_type, data = verbs.document(
        actor=acting(request), application_id=application_id, position=position
    )
    response = HttpResponse(data, content_type=media_type)
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


@router.post(f"{APPLICATION}/grant", response=ApplicationView, summary="Approve an application")
def approve_application(request: HttpRequest, application_id: UUID, body: Grant) -> Any:
    """Grant the prefix: it is there and published from now on. Permission `prefix.approve`."""
    row = verbs.approve(
        actor=acting(request),
        application_id=application_id,
        code=body.code,
        quota=body.quota,
        expected_version=body.version,
        now=utc_now(),
    )
    return ApplicationView.of(row)


@router.post(f"{APPLICATION}/refusal", response=ApplicationView, summary="Refuse an application")
def refuse_application(request: HttpRequest, application_id: UUID, body: Refusal) -> Any:
    """Refuse an application, with a reason. Permission `prefix.refuse`."""
    row = verbs.refuse(
        actor=acting(request),
        application_id=application_id,
        reason=body.reason,
        expected_version=body.version,
        now=utc_now(),
    )
    return ApplicationView.of(row)


@router.post(f"{APPLICATION}/retraction", response=ApplicationView, summary="Take an application back")
def withdraw_application(request: HttpRequest, application_id: UUID, body: PrefixRemark) -> Any:
    """Take an application back before it is decided. Permission `prefix.withdraw_application`."""
    row = verbs.withdraw_application(
        actor=acting(request), application_id=application_id, reason=body.reason, now=utc_now()
    )
    return ApplicationView.of(row)


def _whole(row: PrefixApplication) -> Any:
    kept = [ApplicationDocumentView.of(document) for document in selectors.documents_of(row.pk)]
    return ApplicationWithDocuments.of(row, documents=kept)
