"""What a worker of this installation does: jobs, subscriptions to events, and the timetable."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from jialiang.assembly.collecting import collect_counts, freeze_finished_days
from jialiang.assembly.settings import current_settings
from jialiang.assembly.working import Appointment, EventHandler, Worker
from jialiang.functions.job_handlers import HANDLERS
from jialiang.functions.node_report_rounds import make_changed, make_due, send_due
from jialiang.governance.idempotency.services import forget
from jialiang.kernel.clock import utc_now
from jialiang.kernel.events import Event
from jialiang.security.keys.selectors import has_authority
from jialiang.security.keys.services import renew_crl

logger = logging.getLogger(__name__)


def noted(event: Event) -> None:
    """Write every event to the log: the trail of what the platform did."""
    logger.info("%s %s", event.name, event.subject_id)


def keep_revocation_list_fresh(now: datetime) -> None:
    """Write the next revocation list, well before the last one runs out."""
    if has_authority():
        renew_crl(now)


def forget_kept_answers(now: datetime) -> None:
    """Delete the answers to repeated requests whose day is over."""
    logger.info("%d kept answers forgotten", forget(now))


def count_resolutions(now: datetime) -> None:
    """Collect what the processes of this machine counted."""
    collect_counts(current_settings().count_dir)


def make_node_reports(now: datetime) -> None:
    """Make the reports of finished days that are missing."""
    for row in make_due(now):
        logger.info("node report %s made", row)


def make_late_node_reports(now: datetime) -> None:
    """Make reports again whose counts came late."""
    for row in make_changed(now):
        logger.info("node report %s made again", row)


def send_node_reports(now: datetime) -> None:
    """Send what is outstanding to the node above."""
    send_due()


SUBSCRIPTIONS: dict[str, tuple[EventHandler, ...]] = {"*": (noted,)}
TIMETABLE = (
    Appointment("keys.renew_crl", timedelta(hours=6), keep_revocation_list_fresh),
    Appointment("idempotency.forget", timedelta(hours=1), forget_kept_answers),
    Appointment("resolutions.collect", timedelta(seconds=10), count_resolutions),
    Appointment("resolutions.freeze", timedelta(minutes=15), freeze_finished_days),
    Appointment("node_reports.make", timedelta(minutes=15), make_node_reports),
    Appointment("node_reports.compare", timedelta(hours=24), make_late_node_reports),
    Appointment("node_reports.send", timedelta(minutes=1), send_node_reports),
)


def worker(clock: Callable[[], datetime] = utc_now) -> Worker:
    """Return the worker with everything that this installation asks of it."""
    return Worker(jobs=HANDLERS, events=SUBSCRIPTIONS, timetable=TIMETABLE, clock=clock)
