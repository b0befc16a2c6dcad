"""Reads of resolution statistics."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Sum

from jialiang.governance.resolution_counts.models import CollectedLog, FrozenDay, ResolutionCount

DIMENSIONS = ("hour", "kind", "outcome", "carrier", "region", "prefix")


@dataclass(frozen=True, slots=True)
class Total:
    """A sum: the words of the dimensions asked for, in their order, and the number."""

    by: tuple[str, ...]
    number: int


@dataclass(frozen=True, slots=True)
class Gap:
    """A process died after this moment without closing its log: at most its last second is not counted."""

    process: str
    after: datetime


def bounds(day: date, time_zone: str) -> tuple[datetime, datetime]:
    """Return the first moment of a day and of the next (UTC), as the zone has them."""
    zone = ZoneInfo(time_zone)
    first, following = (datetime(d.year, d.month, d.day, tzinfo=zone) for d in (day, day + timedelta(days=1)))
    return first.astimezone(UTC), following.astimezone(UTC)


def sums(since: datetime, until: datetime, by: Iterable[str] = ()) -> list[Total]:
    """Return the sums of the hours from ``since`` up to, not with, ``until``, in order: one query by hour.

    ``by`` names some of :data:`DIMENSIONS`; an hour is written ``2026-06-16T07``. Raises ValueError for another name.
    """
    names = tuple(by)
    if not set(names) <= set(DIMENSIONS):
        raise ValueError(f"not among {DIMENSIONS}: {names}")
    rows = ResolutionCount.objects.filter(hour__gte=since, hour__lt=until)
    if not names:
        total = rows.aggregate(total=Sum("number"))["total"] or 0
        return [Total((), total)]
    found = rows.values_list(*names).annotate(total=Sum("number")).order_by(*names)
    return [Total(tuple(_word(word) for word in row[:-1]), row[-1]) for row in found]


def gaps(since: datetime, until: datetime) -> list[Gap]:
    """Return the gaps of a time, in order: one query by ``collected_log_gap``."""
    rows = CollectedLog.objects.filter(gap_after__gte=since, gap_after__lt=until).order_by("gap_after", "process")
    return [Gap(row.process, row.gap_after) for row in rows if row.gap_after is not None]


def offset_of(process: str) -> tuple[int, int]:
    """Return how many bytes and lines of a process's log have been collected: one query by primary key."""
    found = CollectedLog.objects.filter(pk=process).values_list("offset", "lines").first()
    return found or (0, 0)


def frozen(day: date) -> FrozenDay | None:
    """Return the statistics of a day as they were frozen, None before that: one query by primary key."""
    return FrozenDay.objects.filter(pk=day).first()


def frozen_days(since: date, until: date) -> list[FrozenDay]:
    """Return the frozen days from ``since`` to ``until``, both included, in order: one query by primary key."""
    return list(FrozenDay.objects.filter(day__gte=since, day__lte=until).order_by("day"))


def _word(word: object) -> str:
    return word.astimezone(UTC).strftime("%Y-%m-%dT%H") if isinstance(word, datetime) else str(word)
