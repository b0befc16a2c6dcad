"""Statistics of resolution: sums of a time, and the days as they were frozen."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router

from jialiang.functions import resolution_statistics as verbs
from jialiang.integration.api.access import acting
from jialiang.integration.api.members import Day, View
from jialiang.kernel.clock import utc_now
from jialiang.security.tenancy.calendar import first_moment, today

router = Router(tags=["statistics"])
USUAL_DAYS = 7


class SumView(View):
    """A sum: the words of the dimensions asked for, by name, and the number."""

    by: dict[str, str]
    number: int


class StatisticsView(View):
    """The sums of a time. `gaps` counts processes that died: each lacks at most its last second."""

    since: datetime
    until: datetime
    sums: list[SumView]
    gaps: int


class FrozenDayView(View):
    """The statistics of a day as they were frozen; `is_reproduced` says whether the counts still say the same."""

    day: date
    content: dict[str, Any]
    digest: str
    frozen_at: datetime
    is_reproduced: bool


class DaysView(View):
    """Frozen days, in order."""

    items: list[FrozenDayView]


@router.get("/resolution-statistics", response=StatisticsView, summary="Read how often was resolved")
def read_resolution_statistics(
    request: HttpRequest,
    since: Day | None = None,
    until: Day | None = None,
    by: Annotated[list[str], Query()] = [],  # noqa: B006 the framework copies it
) -> Any:
    """The sums of the days from `since` to `until`, both included (the last 7), by any of the dimensions hour, kind,
    outcome, carrier, region and prefix. Permission `resolution_statistics.read`."""
    last = until or today(utc_now())
    first = since or last - timedelta(days=USUAL_DAYS - 1)
    found = verbs.read_statistics(
        actor=acting(request),
        since=first_moment(first),
        until=first_moment(last + timedelta(days=1)),
        by=tuple(by),
    )
    sums = [SumView(by=dict(zip(found.by, total.by, strict=True)), number=total.number) for total in found.totals]
    return StatisticsView(since=found.since, until=found.until, sums=sums, gaps=found.gaps)


@router.get("/resolution-statistics/days", response=DaysView, summary="Read frozen days")
def read_frozen_days(request: HttpRequest, since: Day | None = None, until: Day | None = None) -> Any:
    """The days as they were frozen, at most 366. Permission `resolution_statistics.read`."""
    last = until or today(utc_now())
    first = since or last - timedelta(days=USUAL_DAYS - 1)
    days = verbs.read_days(actor=acting(request), since=first, until=last)
    return DaysView(items=[FrozenDayView.of(day) for day in days])
