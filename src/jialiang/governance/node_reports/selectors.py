"""Reads of reports to the node above."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from jialiang.formats.node_report.header import KINDS
from jialiang.governance.node_reports.errors import SentReportUnknown
from jialiang.governance.node_reports.models import SentReport as SentReport
from jialiang.vocabulary.statuses import NodeReportState

OUTSTANDING = (NodeReportState.MADE, NodeReportState.SENDING)


def sent_report(report_id: UUID) -> SentReport:
    """Return one report: one query by primary key. Raises SentReportUnknown."""
    found = SentReport.objects.filter(pk=report_id).first()
    if found is None:
        raise SentReportUnknown(wanted=str(report_id))
    return found


def latest(node: str, kind: str, day: date) -> SentReport | None:
    """Return the newest revision of a day and kind, None without one: one query by ``sent_report_once``."""
    return SentReport.objects.filter(node=node, kind=kind, day=day).order_by("-revision").first()


def first_day(node: str, kind: str = "") -> date | None:
    """Return the first day of which a report (of a kind) was made, None before that: one query."""
    rows = SentReport.objects.filter(node=node, kind=kind) if kind else SentReport.objects.filter(node=node)
    return rows.order_by("day").values_list("day", flat=True).first()


def reports_between(since: date, until: date) -> list[SentReport]:
    """Return the reports of the days from ``since`` to ``until``, newest day first, kinds in their order: one query."""
    rows = SentReport.objects.filter(day__gte=since, day__lte=until)
    return sorted(rows, key=lambda row: (-row.day.toordinal(), _place(row), row.revision))


def outstanding() -> list[SentReport]:
    """Return what is to be sent, in the order in which it goes: one query by ``sent_report_outstanding``."""
    return sorted(_outstanding(), key=lambda row: (row.day, _place(row), row.revision))


def count_outstanding() -> int:
    """Count what is to be sent: one query by ``sent_report_outstanding``."""
    return _outstanding().count()


def count_refused() -> int:
    """Count the reports that were refused and of which no later revision was made: one query."""
    later = SentReport.objects.filter(
        node=OuterRef("node"), kind=OuterRef("kind"), day=OuterRef("day"), revision__gt=OuterRef("revision")
    )
    return SentReport.objects.filter(~Exists(later), state=NodeReportState.REFUSED).count()


def last_accepted_at() -> datetime | None:
    """Return when the node above accepted something last, None if it never did: one query."""
    rows = SentReport.objects.filter(state=NodeReportState.ACCEPTED)
    return rows.order_by("-answered_at").values_list("answered_at", flat=True).first()


def stored_files() -> Iterator[tuple[str, str, int]]:
    """Yield name, SHA-256 and size in bytes of the file of every report: one query."""
    for row in SentReport.objects.order_by("id").iterator():
        yield row.file_name, row.sha256, row.size


def _outstanding() -> QuerySet[SentReport]:
    return SentReport.objects.filter(state__in=OUTSTANDING)


def _place(row: SentReport) -> int:
    return KINDS.index(row.kind)
