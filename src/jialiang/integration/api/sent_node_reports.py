"""Reports of this node to the one above: what was made, the files, and what became of each."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from ninja import Router, Status
from pydantic import Field

from jialiang.formats.node_report.header import MEDIA_TYPE
from jialiang.functions import node_reports as verbs
from jialiang.functions.upper_node import reach
from jialiang.integration.api.access import acting
from jialiang.integration.api.members import Bilingual, Body, Day, View
from jialiang.kernel.clock import utc_now
from jialiang.kernel.text import Text
from jialiang.security.tenancy.calendar import today

router = Router(tags=["node reports"])
USUAL_DAYS = 31
SENT = "/node-reports/sent"
REPORT = f"{SENT}/{{uuid:report_id}}"
SIGNATURE_TYPE = "application/jwt"


class SentReportView(View):
    """A report; `problem` is why the last attempt failed, `receipt` what the upper node answered."""

    id: UUID
    node: str
    kind: str
    day: date
    time_zone: str
    revision: int
    sha256: str
    size: int
    lines: int
    file_name: str
    is_signed: bool
    state: str
    attempts: int
    problem: Bilingual
    receipt: dict[str, Any] | None
    made_at: datetime
    tried_at: datetime | None
    answered_at: datetime | None

    @classmethod
    def of(cls, row: object, **more: Any) -> Any:
        """Read the members from a row."""
        return super().of(row, is_signed=bool(getattr(row, "signature", "")), **more)


class SentReportsView(View):
    """Reports, newest day first, kinds in their order, revisions from the first."""

    items: list[SentReportView]


class ReportsToMake(Body):
    """Which day is to be reported (again); without `kinds` those that are set."""

    day: Day
    kinds: Annotated[list[Annotated[str, Field(max_length=20)]], Field(max_length=4)] = []


class WaitingReports(View):
    """How many reports are to be sent."""

    waiting: int


class UpperNodeView(View):
    """The upper node as it is set, and whether it answers; the token is never told."""

    address: str
    node: str
    is_reached: bool
    problem: Bilingual


@router.get(SENT, response=SentReportsView, summary="List reports to the upper node")
def list_sent_node_reports(request: HttpRequest, since: Day | None = None, until: Day | None = None) -> Any:
    """The reports of the days from `since` to `until`, both included (the last 31). Permission `node_report.read`."""
    last = until or today(utc_now())
    rows = verbs.read_reports(
        actor=acting(request), since=since or last - timedelta(days=USUAL_DAYS - 1), until=last
    )
    return SentReportsView(items=[SentReportView.of(row) for row in rows])


@router.post(SENT, response={201: SentReportsView}, summary="Make reports of a day")
def make_node_reports(request: HttpRequest, body: ReportsToMake) -> Any:
    """The newest report of each kind; a next revision where something changed. Permission `node_report.make`."""
    rows = verbs.make(actor=acting(request), day=body.day, kinds=body.kinds, now=utc_now())
    return Status(201, SentReportsView(items=[SentReportView.of(row) for row in rows]))


@router.get(REPORT, response=SentReportView, summary="Read a report to the upper node")
def read_sent_node_report(request: HttpRequest, report_id: UUID) -> Any:
    """One report and what became of it. Permission `node_report.read`."""
    return SentReportView.of(verbs.read_report(actor=acting(request), report_id=report_id))


def _file(description: str, media_type: str) -> dict[str, Any]:
    content = {media_type: {"schema": {"type": "string", "format": "binary"}}}
    return {"responses": {200: {"description": description, "content": content}}}


@router.get(
    f"{REPORT}/file",
    response={200: None},
    openapi_extra=_file("The gzip of the report.", MEDIA_TYPE),
    summary="Download a report to the upper node",
)
def download_sent_node_report(request: HttpRequest, report_id: UUID) -> Any:
    """The file as it is sent. Permission `node_report.read`."""
    name, data = verbs.report_file(actor=acting(request), report_id=report_id)
    return _download(name, data, MEDIA_TYPE)


@router.get(
    f"{REPORT}/signature",
    response={200: None},
    openapi_extra=_file("The signature (JWT), empty where there is none.", SIGNATURE_TYPE),
    summary="Download the signature of a report",
)
def download_node_report_signature(request: HttpRequest, report_id: UUID) -> Any:
    """The signature that goes with the file. Permission `node_report.read`."""
    name, data = verbs.report_signature(actor=acting(request), report_id=report_id)
    return _download(name, data, SIGNATURE_TYPE)


@router.post(f"{REPORT}/sending", response=SentReportView, summary="Send a report again")
def send_node_report_again(request: HttpRequest, report_id: UUID) -> Any:
    """Let a report go at once, whatever became of it before. Permission `node_report.send`."""
    return SentReportView.of(verbs.send(actor=acting(request), report_id=report_id, now=utc_now()))


@router.post("/node-reports/sending", response=WaitingReports, summary="Send everything outstanding")
def send_outstanding_node_reports(request: HttpRequest) -> Any:
    """Let everything outstanding be tried at once. Permission `node_report.send`."""
    return WaitingReports(waiting=verbs.hurry(actor=acting(request), now=utc_now()))


@router.get("/upper-node", response=UpperNodeView, summary="Look whether the upper node answers")
def read_upper_node(request: HttpRequest) -> Any:
    """The upper node that is set, asked just now. Permission `node_report.read`."""
    found = reach(actor=acting(request))
    return UpperNodeView.of(found, problem=Text() if found.problem is None else found.problem.what)


def _download(name: str, data: bytes, media_type: str) -> HttpResponse:
    response = HttpResponse(data, content_type=media_type)
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response
