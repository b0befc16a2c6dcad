"""The calendar of the institute in scope: its day begins at midnight of its own time zone."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from jialiang.kernel.clock import local_date
from jialiang.security.tenancy.scope import current_tenant_id
from jialiang.security.tenancy.selectors import tenant


def today(now: datetime) -> date:
    """Return the date that it is for the institute in scope at the moment ``now``: one query by primary key."""
    return local_date(now, tenant(current_tenant_id()).time_zone)


def first_moment(day: date) -> datetime:
    """Return the moment (UTC) at which a day begins for the institute in scope: one query by primary key."""
    zone = ZoneInfo(tenant(current_tenant_id()).time_zone)
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
