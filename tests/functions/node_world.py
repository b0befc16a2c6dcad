"""A node in work: prefixes, records and their deeds on one day, counts, and the day frozen."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any

from tests.functions.prefix_verbs import SITE, add_prefix, add_template, customer, operator
from tests.ledger import World

from jialiang.formats.handle.count_log import Counted
from jialiang.formats.handle.values import HandleValue
from jialiang.formats.node_report.reading import read
from jialiang.functions import identifier_templates, identifiers, prefixes
from jialiang.functions.resolution_statistics import freeze_days
from jialiang.governance.node_reports.selectors import SentReport
from jialiang.governance.resolution_counts.services import count_here
from jialiang.governance.storage.current import current_store

ZONE = "Asia/Shanghai"
NODE = "88.101"
DAY = date(2026, 6, 16)
MIDNIGHT = datetime(2026, 6, 15, 16, tzinfo=UTC)
"""When the day begins in Shanghai."""
NOON = MIDNIGHT + timedelta(hours=12)
MORNING_AFTER = MIDNIGHT + timedelta(days=1, hours=2)
VALUES = (HandleValue(1, "URL", b"https://example.org/7"),)


def use_node(settings: Any, **changes: Any) -> None:
    """Let the installation be the node 88.101."""
    settings.JIALIANG = replace(settings.JIALIANG, **({"node_prefix": NODE} | changes))


def at(world: World, moment: datetime) -> World:
    """Return the same world at another moment."""
    return replace(world, now=moment)


def give_prefixes(world: World) -> None:
    """Give the node its own prefix, one that it keeps, one that another server answers for, and a stranger."""
    add_prefix(world, NODE, world.own_id)
    add_prefix(world, "88.101.5")
    add_prefix(world, "88.1010")
    elsewhere = add_prefix(world, "88.101.7", world.mill_id)
    prefixes.delegate(actor=operator(world), prefix_id=elsewhere.id, site=SITE, now=world.now)


def register(world: World, name: str, moment: datetime, **more: Any) -> None:
    """Register a name at a moment."""
    identifiers.register(actor=operator(world), name=name, values=VALUES, now=moment, **more)


def a_days_deeds(world: World) -> None:
    """Do one of everything under the node on the day, and something before, after and elsewhere."""
    who, hour = operator(world), timedelta(hours=1)
    register(world, "88.101.5/before", MIDNIGHT - timedelta(seconds=1))
    register(world, "88.101.5/ins-7", MIDNIGHT)
    register(world, "88.101.5/later", MIDNIGHT + hour, state="reserved")
    register(world, "88.1010/stranger", MIDNIGHT + hour)
    identifiers.activate(actor=who, name="88.101.5/later", now=MIDNIGHT + 2 * hour)
    identifiers.suspend(actor=who, name="88.101.5/ins-7", reason="丢失", now=MIDNIGHT + 3 * hour)
    identifiers.resume(actor=who, name="88.101.5/ins-7", now=MIDNIGHT + 4 * hour)
    identifiers.retire(actor=who, name="88.101.5/later", reason="报废", now=MIDNIGHT + 5 * hour)
    register(world, "88.101/own", MIDNIGHT + timedelta(hours=24) - timedelta(seconds=1))
    register(world, "88.101.5/after", MIDNIGHT + timedelta(hours=24))


DEEDS_OF_THE_DAY = [
    ("2026-06-15T16:00:00Z", "88.101.5/ins-7", "registered", "active", 1),
    ("2026-06-15T17:00:00Z", "88.101.5/later", "reserved", "reserved", 1),
    ("2026-06-15T18:00:00Z", "88.101.5/later", "activated", "active", 2),
    ("2026-06-15T19:00:00Z", "88.101.5/ins-7", "suspended", "suspended", 2),
    ("2026-06-15T20:00:00Z", "88.101.5/ins-7", "resumed", "active", 3),
    ("2026-06-15T21:00:00Z", "88.101.5/later", "retired", "retired", 3),
    ("2026-06-16T15:59:59Z", "88.101/own", "registered", "active", 1),
]


def a_days_counts() -> None:
    """Count questions of the day."""
    for counted, number in {
        Counted("page", "found", "qr", "CN-37", "88.101.5"): 900,
        Counted("handle_json", "found", "none", "", "88.101.5"): 100,
        Counted("native_udp", "not_found"): 7,
    }.items():
        count_here(counted, number, NOON)


def publish_template(world: World, code: str, moment: datetime) -> Any:
    """Publish a template of the dairy at a moment."""
    row = add_template(world, code)
    return identifier_templates.publish(actor=customer(world), template_id=row.id, now=moment)


def freeze(day: date = DAY, *, now: datetime = MORNING_AFTER) -> None:
    """Freeze a day, and those after it that are over."""
    freeze_days(first=day, time_zone=ZONE, now=now)


def lines_of(row: SentReport) -> list[dict[str, Any]]:
    """Return the lines of the file that is kept of a report."""
    return list(read(BytesIO(current_store().get(row.sha256)))[1])
