"""Lines of every kind of report, as true ones look, and ways to make files of them by hand."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

from jialiang.formats.node_report.header import NodeReportHeader
from jialiang.formats.node_report.reading import USUAL_LIMITS, ReportLimits, read
from jialiang.formats.node_report.writing import write

HEADER = NodeReportHeader(
    node="88.111.5",
    kind="registrations",
    day=date(2026, 11, 21),
    time_zone="Asia/Shanghai",
    revision=1,
    made_at=datetime(2026, 11, 22, 0, 10, tzinfo=UTC),
    lines=0,
)
REGISTRATION = {
    "at": "2026-11-21T01:02:03Z",
    "identifier": "88.111.5/温度计-7",
    "deed": "registered",
    "state": "active",
    "version": 1,
    "prefix": "88.111.5",
    "template": "",
}
RESOLUTION = {"by": "kind", "word": "handle_json", "number": 12}
TEMPLATE = {
    "prefix": "88.111.5",
    "code": "V1",
    "names": {"zh": "温度计", "en": "Thermometer"},
    "state": "published",
    "since": "2026-11-21T03:00:00Z",
    "schema": {"type": "object", "properties": {"SERIAL": {"x-index": 2000}}},
}
ROUTE = {
    "prefix": "88.111.5",
    "level": "enterprise",
    "parent": "88.111",
    "state": "delegated",
    "since": "2026-11-01T03:00:00Z",
    "holder": {"name": {"zh": "乳品厂", "en": "Dairy"}, "credit_code": "91370000MA0000001X"},
    "site": {"servers": [{"address": "192.0.2.7", "interfaces": [{"protocol": "TCP", "port": 2641}]}]},
}
LINES = {"registrations": REGISTRATION, "resolutions": RESOLUTION, "templates": TEMPLATE, "routes": ROUTE}


def written(*lines: dict[str, Any], kind: str = "registrations", **members: Any) -> bytes:
    """Return the file of a report with these lines."""
    header = replace(HEADER, kind=kind, lines=len(lines), **members)
    return b"".join(write(header, lines))


def by_hand(*lines: Any, header: dict[str, Any] | None = None) -> bytes:
    """Return the gzip of lines that need not be right; an object is written as JSON, bytes and text as they are."""
    told = replace(HEADER, lines=len(lines)).to_json() | (header or {})
    return gzip.compress(b"".join(_bytes(each) + b"\n" for each in (told, *lines)))


def read_all(data: bytes, limits: ReportLimits = USUAL_LIMITS) -> tuple[NodeReportHeader, list[dict[str, Any]]]:
    """Read a file to its end."""
    header, lines = read(BytesIO(data), limits)
    return header, list(lines)


def _bytes(each: Any) -> bytes:
    if isinstance(each, bytes):
        return each
    return each.encode() if isinstance(each, str) else json.dumps(each).encode()
