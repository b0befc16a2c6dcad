"""What a node tells the one above it of a day, line by line, made of what is stored."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from jialiang.base.identifier_templates.node_reads import told_templates
from jialiang.base.identifier_templates.selectors import IdentifierTemplate, record_template
from jialiang.base.identifiers.deeds import RecordDeed, deeds_between
from jialiang.base.prefixes.node_reads import prefixes_under
from jialiang.base.prefixes.selectors import Prefix
from jialiang.formats.handle.names import folded
from jialiang.formats.identifier_templates.json_schema import json_schema
from jialiang.formats.node_report.header import REGISTRATIONS, RESOLUTIONS, ROUTES, TEMPLATES
from jialiang.formats.node_report.members import moment_text
from jialiang.governance.resolution_counts.selectors import bounds
from jialiang.information.resolution_statistics import TOLD_BY, daily_content
from jialiang.vocabulary.statuses import IdentifierState, PrefixLevel, PrefixState

Line = dict[str, Any]
DEEDS = {
    "identifier.register": "registered",
    "identifier.change": "changed",
    "identifier.sign": "changed",
    "identifier.activate": "activated",
    "identifier.suspend": "suspended",
    "identifier.resume": "resumed",
    "identifier.retire": "retired",
    "prefix.transfer": "transferred",
}
LEVELS = (PrefixLevel.NATIONAL, PrefixLevel.SECOND_LEVEL, PrefixLevel.ENTERPRISE)


@dataclass(frozen=True, slots=True)
class ReportedDay:
    """What is told: the day of a time zone, the prefix of the node, the site at which it answers (HS_SITE or None).

    ``everything`` tells all templates, as a first report does, and not those of the day alone; ``made_at`` is the
    moment from which the node is told to answer where no prefix says it.
    """

    day: date
    time_zone: str
    node: str
    site: Mapping[str, Any] | None
    everything: bool
    made_at: datetime


def report_lines(kind: str, told: ReportedDay) -> Iterator[Line]:
    """Yield the lines of a report of one of the kinds. One to eight queries; registrations are read in parts."""
    return _KINDS[kind](told)


def _registrations(told: ReportedDay) -> Iterator[Line]:
    since, until = bounds(told.day, told.time_zone)
    return map(_registration, deeds_between(since, until, told.node))


def _registration(deed: RecordDeed) -> Line:
    reserved = deed.action == "identifier.register" and deed.state == IdentifierState.RESERVED
    return {
        "at": moment_text(deed.at),
        "identifier": deed.name,
        "deed": "reserved" if reserved else DEEDS.get(deed.action, "changed"),
        "state": deed.state,
        "version": deed.version,
        "prefix": deed.prefix,
        "template": deed.template,
    }


def _resolutions(told: ReportedDay) -> Iterator[Line]:
    content = daily_content(told.day, told.time_zone)
    yield _count("total", "", content["visits"]["total"])
    for by in TOLD_BY:
        yield from (_count(by, word, number) for word, number in content["visits"][f"by_{by}"].items())
    for by in ("registered", "conversion", "benefit"):
        yield from (_count(by, word, number) for word, number in content[by].items())
    for gap in content["gaps"]:
        yield _count("gap", moment_text(datetime.fromisoformat(gap["after"])), 1)


def _count(by: str, word: str, number: int) -> Line:
    return {"by": by, "word": word, "number": number}


def _templates(told: ReportedDay) -> Iterator[Line]:
    since, until = bounds(told.day, told.time_zone)
    return map(_template, told_templates(told.node, None if told.everything else since, until))


def _template(row: IdentifierTemplate) -> Line:
    return {
        "prefix": row.prefix,
        "code": row.code,
        "names": {"zh": row.name_zh, "en": row.name_en},
        "state": row.state,
        "since": moment_text(row.state_since),
        "schema": json_schema(record_template(row)),
    }


def _routes(told: ReportedDay) -> Iterator[Line]:
    rows = prefixes_under(told.node)
    own = next((row for row in rows if row.folded == folded(told.node)), None)
    site = None if told.site is None else dict(told.site)
    yield (_route(own) if own else _unheld(told)) | {"site": site}
    yield from (_route(row) for row in rows if row is not own)


def _route(row: Prefix) -> Line:
    holder = {"name": {"zh": row.holder.name_zh, "en": row.holder.name_en}, "credit_code": row.holder.credit_code}
    return {
        "prefix": row.text,
        "level": row.level,
        "parent": row.text.rpartition(".")[0],
        "state": row.state,
        "since": moment_text(row.state_since),
        "holder": holder,
        "site": row.site if row.state == PrefixState.DELEGATED else None,
    }


def _unheld(told: ReportedDay) -> Line:
    """Return the line of the node itself where it keeps no row of its own prefix."""
    dots = told.node.count(".")
    return {
        "prefix": told.node,
        "level": LEVELS[min(dots, len(LEVELS) - 1)],
        "parent": told.node.rpartition(".")[0],
        "state": PrefixState.ACTIVE,
        "since": moment_text(told.made_at),
        "holder": {"name": {"zh": "", "en": ""}, "credit_code": ""},
    }


_KINDS: Mapping[str, Callable[[ReportedDay], Iterator[Line]]] = {
    REGISTRATIONS: _registrations,
    RESOLUTIONS: _resolutions,
    TEMPLATES: _templates,
    ROUTES: _routes,
}
