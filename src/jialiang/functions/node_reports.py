"""Verbs on reports to the node above: make them of a day, read them, and let them go at once.

What the worker does by the timetable stands in ``node_report_rounds``; a report is one row and one file either way.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from jialiang.formats.node_report.header import KINDS
from jialiang.functions.deed import permit, put_on_record
from jialiang.functions.node_report_making import make_report
from jialiang.governance.node_reports import selectors, services
from jialiang.governance.node_reports.errors import DayNotReportable, ReportKindUnknown
from jialiang.governance.node_reports.selectors import SentReport
from jialiang.governance.resolution_counts.selectors import frozen
from jialiang.governance.storage.current import current_store
from jialiang.kernel.errors import InvalidInput, NotAllowed
from jialiang.security.actor import Actor
from jialiang.security.tenancy.selectors import first_founded

READ, MAKE, SEND = "node_report.read", "node_report.make", "node_report.send"
LONGEST_TIME = timedelta(days=366)


class BadReportTime(InvalidInput):
    """The time asked for is turned round or too long; facts: ``since``, ``until``, ``longest`` (days)."""

    code = "JL-UPN-009"


class AnotherOperates(NotAllowed):
    """The actor's institute does not operate the node; facts: ``actor``, ``operator``."""

    code = "JL-UPN-010"


def operate(actor: Actor, action: str) -> None:
    """Let pass who may do an action and belongs to the institute that operates the node. Raises AnotherOperates."""
    permit(actor, action)
    operator = first_founded()
    if operator is not None and operator.pk != actor.tenant_id:
        raise AnotherOperates(actor=actor.name, operator=operator.name)


def operates_node(actor: Actor) -> bool:
    """Tell whether an actor belongs to the institute that operates the node."""
    operator = first_founded()
    return operator is None or operator.pk == actor.tenant_id


def read_reports(*, actor: Actor, since: date, until: date) -> list[SentReport]:
    """Return the reports of some days, both included, at most 366, newest day first. Raises BadReportTime."""
    operate(actor, READ)
    if not timedelta(0) <= until - since <= LONGEST_TIME:
        raise BadReportTime(since=since, until=until, longest=LONGEST_TIME.days)
    return selectors.reports_between(since, until)


def read_report(*, actor: Actor, report_id: UUID) -> SentReport:
    """Return one report. Raises SentReportUnknown."""
    operate(actor, READ)
    return selectors.sent_report(report_id)


def report_file(*, actor: Actor, report_id: UUID) -> tuple[str, bytes]:
    """Return name and gzip of a report. Raises SentReportUnknown, ObjectNotFound, ObjectDamaged."""
    row = read_report(actor=actor, report_id=report_id)
    return row.file_name, current_store().get(row.sha256)


def report_signature(*, actor: Actor, report_id: UUID) -> tuple[str, bytes]:
    """Return name and bytes of the signature of a report, empty where it has none. Raises SentReportUnknown."""
    row = read_report(actor=actor, report_id=report_id)
    return row.header.signature_name, row.signature.encode()


@transaction.atomic
def make(*, actor: Actor, day: date, kinds: Sequence[str] = (), now: datetime) -> list[SentReport]:
    """Report a frozen day (again) and return the newest report of each kind; none named means those that are set.

    Where nothing changed since the last revision, that one is returned and nothing is made. Event ``node_report.made``.
    Raises DayNotReportable, ReportKindUnknown.
    """
    operate(actor, MAKE)
    chosen = tuple(kinds) or settings.JIALIANG.node_report_kinds
    for kind in chosen:
        if kind not in KINDS:
            raise ReportKindUnknown(given=kind[:40], known=", ".join(KINDS))
    frozen_day = frozen(day)
    if frozen_day is None:
        raise DayNotReportable(day=day.isoformat())
    rows = []
    for kind in sorted(chosen, key=KINDS.index):
        row, is_new = make_report(kind, day, frozen_day.time_zone, now)
        rows.append(row)
        if is_new:
            put_on_record(actor, MAKE, row, now, event="node_report.made", data=_told(row), **_told(row))
    return rows


@transaction.atomic
def send(*, actor: Actor, report_id: UUID, now: datetime) -> SentReport:
    """Let a report go at once, also one that was accepted or refused; the worker sends it.

    Event ``node_report.queued``. Raises SentReportUnknown, ReportBeingSent.
    """
    operate(actor, SEND)
    row = services.send_again(report_id, now)
    put_on_record(actor, SEND, row, now, event="node_report.queued", data=_told(row), **_told(row))
    return row


@transaction.atomic
def hurry(*, actor: Actor, now: datetime) -> int:
    """Let everything outstanding be tried at once and return how many reports there are; none wait longer."""
    operate(actor, SEND)
    waiting = services.hurry(now)
    first = next(iter(selectors.outstanding()), None)
    if first is not None:
        put_on_record(actor, SEND, first, now, event="node_report.queued", data=_told(first), waiting=waiting)
    return waiting


def _told(row: SentReport) -> dict[str, object]:
    return {"kind": row.kind, "day": row.day.isoformat(), "revision": row.revision, "digest": row.sha256}
