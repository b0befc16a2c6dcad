"""The first line of a report, its kinds, and the name of its file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from jialiang.formats.node_report import members
from jialiang.formats.node_report.errors import BadReportHeader, fault
from jialiang.formats.node_report.members import Test, first_fault, moment_text, parsed_moment

FORMAT, VERSION = "jialiang-node-report", 1
MEDIA_TYPE = "application/vnd.jialiang.node-report+gzip"
REGISTRATIONS, RESOLUTIONS, TEMPLATES, ROUTES = KINDS = ("registrations", "resolutions", "templates", "routes")
DEEDS = ("registered", "changed", "suspended", "resumed", "retired", "transferred", "reserved", "activated")
COUNTED_BY = ("total", "kind", "outcome", "carrier", "region", "hour", "registered", "conversion", "benefit", "gap")
"""What a line of ``resolutions`` counts. The numbers by kind, outcome, carrier, region and hour each make the total."""
HEADER_MEMBERS: Mapping[str, Test] = {
    "format": members.one_of((FORMAT,)),
    "version": members.number(1),
    "node": members.prefix,
    "kind": members.one_of(KINDS),
    "day": members.day,
    "time_zone": members.time_zone,
    "revision": members.number(1),
    "made_at": members.moment,
    "lines": members.number(0),
}
LINE_MEMBERS: Mapping[str, Mapping[str, Test]] = {
    REGISTRATIONS: {
        "at": members.moment,
        "identifier": members.filled,
        "deed": members.one_of(DEEDS),
        "state": members.filled,
        "version": members.number(1),
        "prefix": members.prefix,
        "template": members.text,
    },
    RESOLUTIONS: {"by": members.one_of(COUNTED_BY), "word": members.text, "number": members.number(0)},
    TEMPLATES: {
        "prefix": members.prefix,
        "code": members.filled,
        "names": members.names,
        "state": members.filled,
        "since": members.moment,
        "schema": members.content,
    },
    ROUTES: {
        "prefix": members.prefix,
        "level": members.filled,
        "parent": members.prefix_or_empty,
        "state": members.filled,
        "since": members.moment,
        "holder": members.holder,
        "site": members.content_or_null,
    },
}


@dataclass(frozen=True, slots=True)
class NodeReportHeader:
    """What a report says of itself: ``node`` is the prefix of the reporting node, ``day`` a day of ``time_zone``.

    ``revision`` counts from 1; a higher one replaces what was reported of the day. ``made_at`` has whole seconds.
    """

    node: str
    kind: str
    day: date
    time_zone: str
    revision: int
    made_at: datetime
    lines: int

    def to_json(self) -> dict[str, Any]:
        """Return the header as its line holds it."""
        return {
            "format": FORMAT,
            "version": VERSION,
            "node": self.node,
            "kind": self.kind,
            "day": self.day.isoformat(),
            "time_zone": self.time_zone,
            "revision": self.revision,
            "made_at": moment_text(self.made_at),
            "lines": self.lines,
        }

    @property
    def file_name(self) -> str:
        """Name of the file of the report: ``88.111.5_2026-11-21_registrations_r1.ndjson.gz``."""
        return f"{self.node}_{self.day.isoformat()}_{self.kind}_r{self.revision}.ndjson.gz"

    @property
    def signature_name(self) -> str:
        """Name of the file of its signature, which lies beside it."""
        return f"{self.file_name}.jwt"


def parsed_header(given: Mapping[str, Any]) -> NodeReportHeader:
    """Return the header in an object of JSON. Raises :class:`BadReportHeader` with the first member that is wrong."""
    wrong = first_fault(given, HEADER_MEMBERS)
    if wrong is None and given["version"] != VERSION:
        wrong = "version", fault("version", expected=VERSION)
    if wrong is not None:
        raise BadReportHeader(line=1, member=wrong[0], fault=wrong[1])
    return NodeReportHeader(
        node=given["node"],
        kind=given["kind"],
        day=date.fromisoformat(given["day"]),
        time_zone=given["time_zone"],
        revision=given["revision"],
        made_at=parsed_moment(given["made_at"]),
        lines=given["lines"],
    )
