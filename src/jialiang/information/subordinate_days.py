"""What subordinate nodes reported day by day: which days are there, which are late, and what they add up to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from jialiang.formats.node_report.header import KINDS, REGISTRATIONS, RESOLUTIONS
from jialiang.governance.subordinate_nodes.selectors import (
    ReceivedReport,
    ReportQuery,
    SubordinateNode,
    last_days,
    nodes,
    open_proposals_by_node,
    reports_in_force,
)
from jialiang.security.tenancy.calendar import today as day_of

DAILY = (REGISTRATIONS, RESOLUTIONS)
"""Kinds that are reported of every day, also of one on which nothing happened."""
PATIENCE = timedelta(days=2)
"""A day is late when no report of it came before the day after the next began."""


@dataclass(frozen=True, slots=True)
class NodeStanding:
    """A node, the last day reported of each kind (None: never), the kinds that are late, and what waits."""

    node: SubordinateNode
    last: Mapping[str, date | None]
    late: tuple[str, ...]
    open_proposals: int


@dataclass(frozen=True, slots=True)
class NodeDay:
    """A day: the report in force of each kind, None where there is none, and the kinds that are late."""

    day: date
    reports: Mapping[str, ReceivedReport | None]
    late: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NodeSums:
    """What a node reported of a time; ``missing`` are the days that lack a daily report though they are due."""

    node: SubordinateNode
    registrations: int
    resolutions: int
    days: int
    missing: tuple[date, ...] = field(default=())


def standings(today: date) -> list[NodeStanding]:
    """Return all nodes by prefix with what is late: three queries."""
    last, waiting = last_days(), open_proposals_by_node()
    return [_standing(node, last, waiting.get(node.id, 0), today) for node in nodes()]


def calendar(node: SubordinateNode, since: date, until: date, today: date) -> list[NodeDay]:
    """Return the days of a time, newest first: one query."""
    found = {(row.day, row.kind): row for row in reports_in_force(ReportQuery(node.id, "", since, until))}
    due = _due_days(node, since, until, today)
    return [
        NodeDay(
            day,
            {kind: found.get((day, kind)) for kind in KINDS},
            tuple(kind for kind in DAILY if day in due and (day, kind) not in found),
        )
        for day in reversed(_days(since, until))
    ]


def sums_of_time(since: date, until: date, today: date) -> list[NodeSums]:
    """Return what each node reported of a time, by prefix: two queries."""
    found: dict[UUID, list[ReceivedReport]] = {}
    for row in reports_in_force(ReportQuery(since=since, until=until)):
        found.setdefault(row.node_id, []).append(row)
    return [_sums(node, found.get(node.id, ()), _due_days(node, since, until, today)) for node in nodes()]


def _standing(
    node: SubordinateNode, last: Mapping[tuple[UUID, str], date], waiting: int, today: date
) -> NodeStanding:
    own = {kind: last.get((node.id, kind)) for kind in KINDS}
    newest_due = today - PATIENCE
    is_due = newest_due >= day_of(node.registered_at)
    late = tuple(kind for kind in DAILY if is_due and (own[kind] or date.min) < newest_due)
    return NodeStanding(node, own, late, waiting)


def _sums(node: SubordinateNode, rows: Sequence[ReceivedReport], due: frozenset[date]) -> NodeSums:
    told = {kind: {row.day: row.sums.get("total", 0) for row in rows if row.kind == kind} for kind in DAILY}
    whole = set.intersection(*(set(days) for days in told.values()))
    return NodeSums(
        node,
        registrations=sum(told[REGISTRATIONS].values()),
        resolutions=sum(told[RESOLUTIONS].values()),
        days=len(whole),
        missing=tuple(sorted(due - whole)),
    )


def _due_days(node: SubordinateNode, since: date, until: date, today: date) -> frozenset[date]:
    first = max(since, day_of(node.registered_at))
    return frozenset(_days(first, min(until, today - PATIENCE)))


def _days(since: date, until: date) -> list[date]:
    return [since + timedelta(days=at) for at in range((until - since).days + 1)]
