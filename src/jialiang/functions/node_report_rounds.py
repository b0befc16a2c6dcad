"""What the worker does with reports by the timetable: make those of finished days, look for late counts, send.

Reports go in the order of their days. The node above is asked for nothing more in a round once it is silent or turns
this node away; what it refuses for good stands aside, and the rest goes on.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from jialiang.formats.node_report.header import KINDS, REGISTRATIONS, RESOLUTIONS
from jialiang.functions.node_report_making import make_report
from jialiang.governance.node_reports import selectors, services
from jialiang.governance.node_reports.current import current_upper_node
from jialiang.governance.node_reports.errors import (
    UpperNodeForbids,
    UpperNodeNotSet,
    UpperNodeRefuses,
    UpperNodeSilent,
)
from jialiang.governance.node_reports.port import OutgoingReport, UpperNode
from jialiang.governance.node_reports.selectors import SentReport
from jialiang.governance.resolution_counts.selectors import FrozenDay, frozen_days
from jialiang.governance.storage.current import current_store
from jialiang.kernel.clock import local_date, utc_now
from jialiang.kernel.errors import JialiangError
from jialiang.kernel.text import Text
from jialiang.vocabulary.statuses import NodeReportState

logger = logging.getLogger(__name__)
DAYS_LOOKED_BACK = 31
DAYS_COMPARED = 7
MOST_AT_ONCE = 200
LONGEST_ROUND = timedelta(seconds=20)  # the worker has other work to do
COUNTED_LATE = (REGISTRATIONS, RESOLUTIONS)
"""Kinds that can be made of a day again at any time; the others tell how things stand when they are made."""


def make_due(now: datetime) -> list[SentReport]:
    """Make the reports that are missing of the frozen days from the first reported one on, at most 31 days back.

    Where nothing was ever reported, the last frozen day is the first. Nothing is made before the hour that is set.
    """
    node = settings.JIALIANG.own_prefix
    missing = [
        (kind, day)
        for day in _reported_days(now)
        for kind in _kinds()
        if selectors.latest(node, kind, day.day) is None
    ]
    return [make_report(kind, day.day, day.time_zone, now)[0] for kind, day in missing]


def make_changed(now: datetime) -> list[SentReport]:
    """Make the next revision of each report of the last seven days whose counts came later; return those made."""
    days = [day for day in _reported_days(now) if day.day > now.date() - timedelta(days=DAYS_COMPARED + 1)]
    again = [kind for kind in _kinds() if kind in COUNTED_LATE]
    done = [make_report(kind, day.day, day.time_zone, now) for day in days for kind in again]
    return [row for row, is_new in done if is_new]


def send_due(clock: Callable[[], datetime] = utc_now, node: UpperNode | None = None) -> list[SentReport]:
    """Send what is outstanding, oldest day first, at most 200 reports in 20 s; return those that were accepted.

    Stops at a report that is not due yet, at silence, and where this node is turned away. Without a node above nothing
    happens.
    """
    try:
        upper = node or current_upper_node()
    except UpperNodeNotSet:
        return []
    end, answered = clock() + LONGEST_ROUND, []
    for waiting in selectors.outstanding()[:MOST_AT_ONCE]:
        row = services.begin(waiting.pk, clock()) if clock() < end else None
        if row is None or not _sent(upper, row, clock):
            break
        answered.append(selectors.sent_report(row.pk))
    return [row for row in answered if row.state == NodeReportState.ACCEPTED]


def _sent(upper: UpperNode, row: SentReport, clock: Callable[[], datetime]) -> bool:
    """Send one report and write down what came of it; tell whether the next may go."""
    try:
        data = current_store().get(row.sha256)
        receipt = upper.send(OutgoingReport(row.header, row.sha256, data, row.signature))
    except (UpperNodeSilent, UpperNodeForbids) as problem:
        logger.warning("node report %s waits: %s", row, problem)
        services.give_back(row, _words(problem), clock())
        return False
    except (UpperNodeRefuses, JialiangError) as problem:
        logger.warning("node report %s refused: %s", row, problem)
        services.refuse(row, _words(problem), clock())
        return True
    services.accept(row, receipt, clock())
    logger.info("node report %s accepted", row)
    return True


def _words(problem: JialiangError) -> Text:
    what, code = problem.what, problem.code
    return Text(f"{what.zh}（{code}）", f"{what.en} ({code})")


def _reported_days(now: datetime) -> list[FrozenDay]:
    """Return the frozen days whose reports are due, in order."""
    today = now.date()
    days = [day for day in frozen_days(today - timedelta(days=DAYS_LOOKED_BACK), today) if _is_due(day, now)]
    first = selectors.first_day(settings.JIALIANG.own_prefix)
    return [day for day in days if day.day >= first] if first else days[-1:]


def _is_due(day: FrozenDay, now: datetime) -> bool:
    """Tell whether the hour has come at which a day is reported, on the next day of its zone."""
    local = now.astimezone(ZoneInfo(day.time_zone))
    following: date = day.day + timedelta(days=1)
    today = local_date(now, day.time_zone)
    return today > following or (today == following and local.hour >= settings.JIALIANG.node_report_hour)


def _kinds() -> list[str]:
    return [kind for kind in KINDS if kind in settings.JIALIANG.node_report_kinds]
