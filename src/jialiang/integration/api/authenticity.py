"""What anyone may ask without login: is this genuine, what does the register say, and this looks forged."""

from __future__ import annotations

import json
from base64 import b64encode
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import File, Query, Router, Status
from ninja.files import UploadedFile
from pydantic import Field

from jialiang.formats.authenticity.facts import RegisterFacts
from jialiang.formats.public_page.answer import PublicAnswer
from jialiang.formats.public_page.page import answer_json
from jialiang.functions import authenticity as verbs
from jialiang.integration.api import limits
from jialiang.integration.api.members import Body, View
from jialiang.integration.api.problems import MEDIA_TYPE
from jialiang.kernel.clock import iso_seconds, utc_now
from jialiang.kernel.text import Text

router = Router(tags=["public checks"], auth=None)
SHORTEST_CODE = 1
Code = Annotated[str, Query(min_length=SHORTEST_CODE, max_length=40)]
ANSWER = {"type": "object", "required": ["verdict", "status", "checked_at"]}
SHOWN = {200: {"description": "The answer", "content": {"application/json": {"schema": ANSWER}}}}
NOT_THERE = {
    "application/json": {"schema": ANSWER},
    MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}},
}
UNKNOWN = {404: {"description": "Not known here", "content": NOT_THERE}}
FOUND = {"responses": SHOWN | UNKNOWN}
CHECKED = {"responses": SHOWN}


class FakeReport(Body):
    """What a stranger saw: one of number and description is needed."""

    number: Annotated[str, Field(max_length=60)] = ""
    identifier: Annotated[str, Field(max_length=200)] = ""
    description: Annotated[str, Field(max_length=1000)] = ""
    contact: Annotated[str, Field(max_length=120)] = ""


class ReportView(View):
    """The report as it was taken in."""

    id: UUID


class RegisterView(View):
    """The register's word: status, since when and why, and what was issued."""

    status: str
    since: datetime | None
    reason: Text
    superseded_by: str
    due_date: str
    time_zone: str
    kind: str
    issued_digests: list[str]
    issued_content_digest: str
    issued_xml: str


@router.get(
    "/authenticity", response={200: None, 404: None}, openapi_extra=FOUND, summary="Check by number and code"
)
def check_by_number(
    request: HttpRequest, number: Annotated[str, Query(min_length=1, max_length=200)], code: Code
) -> HttpResponse:
    """Is the certificate with this number genuine and in force? A wrong code and an unknown number are answered alike.

    The front answers this address from published answers without entering the control plane.
    """
    limits.questions.admit(request)
    return _answered(request, verbs.check_by_code(number=number, code=code, now=utc_now()))


@router.get(
    "/authenticity/{prefix}/{suffix}",
    response={200: None, 404: None},
    openapi_extra=FOUND,
    summary="Check by identifier and code",
)
def check_by_identifier(request: HttpRequest, prefix: str, suffix: str, k: Code) -> HttpResponse:
    """Is the certificate with this identifier, as the QR symbol holds it, genuine and in force?"""
    limits.questions.admit(request)
    return _answered(
        request, verbs.check_by_identifier(identifier=f"{prefix}/{suffix}", code=k, now=utc_now())
    )


@router.post("/authenticity-checks", response={200: None}, openapi_extra=CHECKED, summary="Check a file")
def check_file(request: HttpRequest, file: File[UploadedFile]) -> HttpResponse:
    """Examine an XML or PDF and judge it by the register: one verdict, with every check named. The file is not kept.

    A PDF is genuine only if its own bytes are those issued.
    """
    limits.file_checks.admit(request)
    limits.file_checks.charge(request)
    now = utc_now()
    checked = verbs.check_file(data=file.read(), name=file.name or "", now=now)
    shown = json.loads(answer_json(checked.answer, checked_at=iso_seconds(now)))
    return _json(shown | checked.verdict.to_json(), 200)


@router.get("/register", response=RegisterView, summary="Ask the register about a file")
def ask_register(
    request: HttpRequest,
    sha256: Annotated[str, Query(max_length=64)] = "",
    content_digest: Annotated[str, Query(max_length=64)] = "",
    identifier: Annotated[str, Query(max_length=200)] = "",
    code: Annotated[str, Query(max_length=40)] = "",
) -> Any:
    """What the register says to whoever holds the certificate, for a checker on another machine.

    That is proved by the SHA-256 of an issued file, or by the identifier together with the digest of the signed
    content (canonical XML without signature) or with the check code. All else is `not_registered`.
    """
    limits.questions.admit(request)
    facts = verbs.register_facts(
        sha256=sha256, content_digest=content_digest, identifier=identifier, code=code
    )
    if facts.status == "not_registered":
        limits.questions.charge(request)
    return _register(facts)


@router.post("/fake-reports", response={201: ReportView}, summary="Report a fake")
def report_fake(request: HttpRequest, body: FakeReport) -> Any:
    """Tell the institute concerned of a paper or file that looks forged; how often is limited."""
    limits.fake_reports.admit(request)
    limits.fake_reports.charge(request)
    seen = verbs.FakeSeen(body.number, body.identifier, body.description, body.contact)
    return Status(201, ReportView(id=verbs.report_fake(seen=seen, now=utc_now())))


def _answered(request: HttpRequest, answer: PublicAnswer) -> HttpResponse:
    known = answer.verdict != "unknown"
    if not known:
        limits.questions.charge(request)
    return _json(json.loads(answer_json(answer, checked_at=iso_seconds(utc_now()))), 200 if known else 404)


def _json(body: Any, status: int) -> HttpResponse:
    shown = json.dumps(body, ensure_ascii=False)
    response = HttpResponse(shown, status=status, content_type="application/json")
    response["Cache-Control"] = "no-store"
    return response


def _register(facts: RegisterFacts) -> Any:
    xml = b64encode(facts.issued_xml).decode() if facts.issued_xml else ""
    return RegisterView.of(facts, issued_digests=list(facts.issued_digests), issued_xml=xml)
