"""Time as a value that is passed in: nothing below the doors asks the machine for it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def utc_now() -> datetime:
    """Return the present moment in UTC, to the microsecond; only doors and the worker call this."""
    return datetime.now(UTC)


def local_date(moment: datetime, time_zone: str) -> date:
    """Return the calendar date of ``moment`` (aware) in the IANA ``time_zone``."""
    return moment.astimezone(ZoneInfo(time_zone)).date()


def iso_seconds(moment: datetime) -> str:
    """Write an aware moment as RFC 3339 in UTC with whole seconds: ``2026-06-16T07:47:30Z``."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
