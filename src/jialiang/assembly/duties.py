"""What a worker of this installation does: jobs, subscriptions to events, and the timetable."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from jialiang.assembly.collecting import collect_counts, freeze_finished_days
from jialiang.assembly.settings import current_settings
from jialiang.assembly.working import Appointment, EventHandler, Worker
from jialiang.functions.job_handlers import HANDLERS
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


SUBSCRIPTIONS: dict[str, tuple[EventHandler, ...]] = {"*": (noted,)}
TIMETABLE = (
    Appointment("keys.renew_crl", timedelta(hours=6), keep_revocation_list_fresh),
    Appointment("idempotency.forget", timedelta(hours=1), forget_kept_answers),
    Appointment("resolutions.collect", timedelta(seconds=10), count_resolutions),
    Appointment("resolutions.freeze", timedelta(minutes=15), freeze_finished_days),
)


def worker(clock: Callable[[], datetime] = utc_now) -> Worker:
    """Return the worker with everything that this installation asks of it."""
    return Worker(jobs=HANDLERS, events=SUBSCRIPTIONS, timetable=TIMETABLE, clock=clock)
