"""What is told of a day: who registered, how often was resolved, and what came of it (the node's daily statistics)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from jialiang.base.certificates.selectors import number_issued
from jialiang.base.identifiers.selectors import number_registered
from jialiang.base.organizations.selectors import number_of_organizations
from jialiang.governance.resolution_counts.selectors import Total, bounds, gaps, sums

TOLD_BY = ("kind", "outcome", "carrier", "region", "hour")
PAGES = frozenset({"page", "redirect"})


@dataclass(frozen=True, slots=True)
class Statistics:
    """Sums by what was asked for, and the gaps of the time: each lacks at most one second of one process."""

    since: datetime
    until: datetime
    by: tuple[str, ...]
    totals: tuple[Total, ...]
    gaps: int


def statistics(since: datetime, until: datetime, by: tuple[str, ...] = ()) -> Statistics:
    """Return how often was resolved in the hours of a time: two queries."""
    return Statistics(since, until, by, tuple(sums(since, until, by)), len(gaps(since, until)))


def daily_content(day: date, time_zone: str) -> dict[str, Any]:
    """Return the statistics of a day, every member made of stored counts, so that they can be made again.

    ``registered``: organizations, identifiers (a user's registration and its codes); ``visits``: questions answered, by
    each of :data:`TOLD_BY`; ``conversion``: checks of authenticity that found a certificate, for 1 000 pages shown;
    ``benefit``: certificates issued. Eight queries.
    """
    since, until = bounds(day, time_zone)
    visits = {name: _told(sums(since, until, (name,))) for name in TOLD_BY}
    return {
        "day": day.isoformat(),
        "time_zone": time_zone,
        "registered": {
            "organizations": number_of_organizations(since, until),
            "identifiers": number_registered(since, until),
        },
        "visits": {"total": sum(visits["kind"].values()), **{f"by_{name}": visits[name] for name in TOLD_BY}},
        "conversion": _conversion(sums(since, until, ("kind", "outcome"))),
        "benefit": {"certificates_issued": number_issued(since, until)},
        "gaps": [{"process": gap.process, "after": gap.after.isoformat()} for gap in gaps(since, until)],
    }


def _told(totals: list[Total]) -> dict[str, int]:
    return {total.by[0]: total.number for total in totals}


def _conversion(totals: list[Total]) -> Mapping[str, int]:
    found = {total.by: total.number for total in totals}
    pages = sum(number for (kind, outcome), number in found.items() if kind in PAGES and outcome == "found")
    checks = found.get(("authenticity", "found"), 0)
    return {"pages": pages, "checks": checks, "per_1000_pages": round(1000 * checks / pages) if pages else 0}
