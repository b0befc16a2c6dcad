"""Keeping reports, and writing down what became of them.

Whoever sends holds a report by its lease: :func:`begin` gives it to one, and what that one writes afterwards counts
only while nobody else has begun. A sender that was killed loses nothing: after the lease another begins, and the node
above answers the same bytes with the same receipt.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from jialiang.formats.node_report.header import NodeReportHeader
from jialiang.governance.node_reports.errors import ReportBeingSent
from jialiang.governance.node_reports.models import SentReport
from jialiang.governance.node_reports.selectors import OUTSTANDING, sent_report
from jialiang.kernel.clock import iso_seconds
from jialiang.kernel.ids import new_id
from jialiang.kernel.text import Text, storable
from jialiang.vocabulary.statuses import NodeReportState

LEASE = timedelta(minutes=1)  # who takes longer may be overtaken: the node above answers the same bytes alike
SHORTEST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=1)
LONGEST_PROBLEM = 2000


@dataclass(frozen=True, slots=True)
class StoredFile:
    """The gzip of a report as it lies in the object store; ``content_digest`` is the SHA-256 of its lines."""

    sha256: str
    content_digest: str
    size: int


def keep(header: NodeReportHeader, file: StoredFile, signature: str, now: datetime) -> SentReport:
    """Store a report that was made. Raises IntegrityError where another made the same revision at the same time."""
    return SentReport.objects.create(
        id=new_id(now),
        node=header.node,
        kind=header.kind,
        day=header.day,
        time_zone=header.time_zone,
        revision=header.revision,
        sha256=file.sha256,
        content_digest=file.content_digest,
        size=file.size,
        lines=header.lines,
        signature=signature,
        not_before=now,
        made_at=header.made_at,
    )


def begin(report_id: UUID, now: datetime) -> SentReport | None:
    """Take a report to send it, or None where it is not to be sent, not yet, or somebody else sends it."""
    free = Q(state=NodeReportState.MADE, not_before__lte=now) | Q(state=NodeReportState.SENDING, lease_until__lte=now)
    taken = SentReport.objects.filter(free, pk=report_id).update(
        state=NodeReportState.SENDING, attempts=F("attempts") + 1, lease_until=now + LEASE, tried_at=now
    )
    return sent_report(report_id) if taken else None


def accept(row: SentReport, receipt: Mapping[str, Any], now: datetime) -> bool:
    """Write down that the node above took the report; tell whether the row was still ours."""
    told = {"state": NodeReportState.ACCEPTED, "receipt": dict(receipt), "answered_at": now}
    return _finish(row, **told, **_problem(Text()))


def refuse(row: SentReport, problem: Text, now: datetime) -> bool:
    """Write down that the node above refused the report for good; tell whether the row was still ours."""
    return _finish(row, state=NodeReportState.REFUSED, answered_at=now, **_problem(problem))


def give_back(row: SentReport, problem: Text, now: datetime) -> bool:
    """Write down that an attempt failed, and when to try again; tell whether the row was still ours."""
    wait = min(SHORTEST_WAIT * 2 ** min(row.attempts - 1, 10), LONGEST_WAIT)
    return _finish(row, state=NodeReportState.MADE, not_before=now + wait, **_problem(problem))


@transaction.atomic
def send_again(report_id: UUID, now: datetime) -> SentReport:
    """Let a report go at once, whatever became of it before. Raises SentReportUnknown, ReportBeingSent."""
    row = SentReport.objects.select_for_update().filter(pk=report_id).first() or sent_report(report_id)
    if row.state == NodeReportState.SENDING and row.lease_until is not None and row.lease_until > now:
        raise ReportBeingSent(report=str(row), until=iso_seconds(row.lease_until))
    row.state, row.attempts, row.not_before, row.lease_until = NodeReportState.MADE, 0, now, None
    row.save(force_update=True)
    return row


def hurry(now: datetime) -> int:
    """Let everything outstanding be tried at once, and return how many there are."""
    rows = SentReport.objects.filter(state__in=OUTSTANDING)
    rows.filter(state=NodeReportState.MADE).update(not_before=now)
    return rows.count()


def _finish(row: SentReport, **columns: Any) -> bool:
    held = SentReport.objects.filter(pk=row.pk, state=NodeReportState.SENDING, attempts=row.attempts)
    return held.update(lease_until=None, **columns) > 0


def _problem(problem: Text) -> dict[str, str]:
    zh, en = (storable(words, LONGEST_PROBLEM) for words in (problem.zh, problem.en))
    return {"problem_zh": zh, "problem_en": en}
