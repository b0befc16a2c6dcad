"""Reports of subordinate nodes: taken whole or not at all, and listed so that a node finds what is missing."""

from __future__ import annotations

import re
from base64 import b64decode
from datetime import date, datetime
from tempfile import SpooledTemporaryFile
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status
from pydantic import Field

from jialiang.formats.node_report.header import KINDS, MEDIA_TYPE
from jialiang.functions import received_reports as verbs
from jialiang.governance.subordinate_nodes.errors import DigestDiffers
from jialiang.governance.subordinate_nodes.selectors import ReceivedReport, ReportQuery
from jialiang.integration.api.access import acting
from jialiang.integration.api.members import Day, View
from jialiang.integration.api.negotiation import REPORT_FORMS
from jialiang.integration.api.paging import Listed, PageQuery, listed
from jialiang.kernel.clock import utc_now
from jialiang.kernel.text import storable

router = Router(tags=["node reports"])
REPORT = "/node-reports/{uuid:report_id}"
PART = 1024 * 1024
IN_MEMORY = 1024 * 1024
_SHA256 = re.compile(r"(?:^|,)\s*sha-256=:([^:,]*):")
_KINDS = f"^({'|'.join(KINDS)})$"
_BYTES = {"schema": {"type": "string", "format": "binary"}}
BODY = {
    "requestBody": {
        "required": True,
        "description": "The report, its gzip as it is; see docs/reference/node-report.md.",
        "content": dict.fromkeys(REPORT_FORMS, _BYTES),
    },
    "parameters": [
        {
            "name": name,
            "in": "header",
            "required": False,
            "description": words,
            "schema": {"type": "string"},
        }
        for name, words in (
            ("Content-Digest", "`sha-256=:<base64>:` (RFC 9530) of the bytes."),
            ("Report-Signature", "The JWT of the root of the node over the report."),
        )
    ],
}
FILE = {"responses": {200: {"description": "The report as it was received.", "content": {MEDIA_TYPE: _BYTES}}}}


class ReportFindingView(View):
    """Something told of a report beside its numbers."""

    kind: str
    zh: str
    en: str


class ReportReceiptView(View):
    """A report that was accepted; `digest` is `sha-256:` and the hexadecimal digest of its bytes."""

    id: UUID
    node: str
    kind: str
    day: date
    revision: int
    digest: str
    size: int
    lines: int
    state: str
    signature: str
    sums: dict[str, Any]
    findings: list[ReportFindingView]
    received_at: datetime


class ReportsQuery(PageQuery):
    """Which reports are listed: of the node with a prefix, of a kind, of the days from `since` to `until`."""

    node: Annotated[str, Field(max_length=60)] = ""
    kind: Annotated[str, Field(pattern=_KINDS)] | None = None
    since: Day | None = None
    until: Day | None = None


@router.post(
    "/node-reports",
    response={200: ReportReceiptView, 201: ReportReceiptView},
    openapi_extra=BODY,
    summary="Report to the upper node",
)
def receive_report(request: HttpRequest, response: HttpResponse) -> Any:
    """Take a report: 201 where it is new, 200 and the same receipt where the same bytes were received before.

    Nothing is kept of a report that breaks a rule. Permission `node_report.receive`; the token is that of the node.
    """
    with SpooledTemporaryFile(max_size=IN_MEMORY) as file:
        while part := request.read(PART):
            file.write(part)
        file.seek(0)
        receipt = verbs.receive(
            actor=acting(request),
            file=file,
            signature=request.headers.get("Report-Signature", ""),
            told_sha256=told_digest(request.headers.get("Content-Digest", "")),
            now=utc_now(),
        )
    response["Location"] = f"{request.path}/{receipt.report.id}"
    return Status(201 if receipt.is_new else 200, receipt_view(receipt.report))


@router.get("/node-reports", response=Listed[ReportReceiptView], summary="List received reports")
def list_received_reports(request: HttpRequest, response: HttpResponse, query: Query[ReportsQuery]) -> Any:
    """Receipts, newest first; a node's program sees those of its node. Permission `node_report.read_received`."""
    asked = ReportQuery(verbs.node_asked(query.node), query.kind or "", query.since, query.until)
    found = verbs.read_reports(actor=acting(request), query=asked, after=query.after, size=query.limit)
    return listed(request, response, found, receipt_view)


@router.get(REPORT, response=ReportReceiptView, summary="Read the receipt of a report")
def read_received_report(request: HttpRequest, report_id: UUID) -> Any:
    """One receipt. Permission `node_report.read_received`."""
    return receipt_view(verbs.read_report(actor=acting(request), report_id=report_id))


@router.get(
    f"{REPORT}/file", response={200: None}, openapi_extra=FILE, summary="Download a received report"
)
def download_received_report(request: HttpRequest, report_id: UUID) -> Any:
    """The report as it was received. Permission `node_report.read_received`."""
    name, data = verbs.report_file(actor=acting(request), report_id=report_id)
    response = HttpResponse(data, content_type=MEDIA_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def receipt_view(row: ReceivedReport) -> Any:
    """Return a report as its receipt."""
    findings = [ReportFindingView(**{"zh": "", "en": ""} | each) for each in row.findings]
    return ReportReceiptView.of(
        row, node=row.node.prefix, digest=f"sha-256:{row.sha256}", state="accepted", findings=findings
    )


def told_digest(header: str) -> str:
    """Return the SHA-256 (hexadecimal) that Content-Digest tells, empty for none. Raises DigestDiffers."""
    found = _SHA256.search(header)
    if found is None:
        return ""
    try:
        return b64decode(found[1], validate=True).hex()
    except ValueError as problem:  # also for letters that are not of ASCII
        raise DigestDiffers(told=storable(found[1], 64), found="-") from problem
