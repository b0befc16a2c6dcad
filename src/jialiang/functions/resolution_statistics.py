"""Verbs on the statistics of resolution: read them, freeze a day."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from jialiang.functions.deed import permit
from jialiang.governance.resolution_counts import selectors, services
from jialiang.governance.resolution_counts.selectors import DIMENSIONS
from jialiang.information.resolution_statistics import Statistics, daily_content
from jialiang.information.resolution_statistics import statistics as statistics_of
from jialiang.kernel.clock import local_date
from jialiang.kernel.errors import InvalidInput
from jialiang.security.actor import Actor

READ = "resolution_statistics.read"
LONGEST_TIME = timedelta(days=366)
DAYS_LOOKED_BACK = 31
SETTLING = timedelta(minutes=10)
"""A day is frozen this long after its end, when what its processes counted has been collected."""


class BadStatisticsQuestion(InvalidInput):
    """The time or a dimension asked for cannot be answered; facts: ``given``, ``known``, ``longest``."""

    code = "JL-CNT-003"


@dataclass(frozen=True, slots=True)
class Day:
    """A day as it was frozen, and whether the counts of today still say the same."""

    day: date
    content: dict[str, Any]
    digest: str
    frozen_at: datetime
    is_reproduced: bool


def read_statistics(*, actor: Actor, since: datetime, until: datetime, by: tuple[str, ...] = ()) -> Statistics:
    """Return the sums of a time, at most 366 days long. Raises BadStatisticsQuestion."""
    permit(actor, READ)
    unknown = sorted(set(by) - set(DIMENSIONS))
    if unknown or not timedelta(0) < until - since <= LONGEST_TIME:
        raise BadStatisticsQuestion(
            given=", ".join(unknown) or f"{since:%Y-%m-%d} – {until:%Y-%m-%d}",
            known=", ".join(DIMENSIONS),
            longest=LONGEST_TIME.days,
        )
    return statistics_of(since, until, by)


def read_days(*, actor: Actor, since: date, until: date) -> list[Day]:
    """Return the frozen days of a time, each compared with what its counts say today."""
    permit(actor, READ)
    if not timedelta(0) <= until - since <= LONGEST_TIME:
        raise BadStatisticsQuestion(
            given=f"{since} – {until}", known=", ".join(DIMENSIONS), longest=LONGEST_TIME.days
        )
    return [_day(row) for row in selectors.frozen_days(since, until)]


@transaction.atomic
def freeze_days(*, first: date | None = None, time_zone: str, now: datetime) -> list[date]:
    """Freeze each of the last 31 days (or from ``first`` on) that is over and not frozen yet; return which were.

    The worker calls it; a day without any count is frozen too, so that its silence is told.
    """
    today = local_date(now - SETTLING, time_zone)
    day = first or today - timedelta(days=DAYS_LOOKED_BACK)
    done: list[date] = []
    while day < today:
        if selectors.frozen(day) is None:
            services.freeze(day, daily_content(day, time_zone), time_zone=time_zone, now=now)
            done.append(day)
        day += timedelta(days=1)
    return done


def _day(row: Any) -> Day:
    made_again = json.dumps(
        daily_content(row.day, row.time_zone), ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    return Day(row.day, json.loads(row.content), row.digest, row.frozen_at, made_again == row.content)
