"""A long backlog is handed on event by event without looking at all of it each time."""

from __future__ import annotations

import json
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jialiang.governance.outbox.models import OutboxEvent
from jialiang.governance.outbox.selectors import waiting
from jialiang.governance.outbox.services import dispatch
from jialiang.kernel.ids import new_id

pytestmark = pytest.mark.django_db
EVENTS = 600


@pytest.fixture
def backlog(in_tenant, now) -> list[UUID]:
    """Half of the subjects have two events, as if a worker had been away for a day."""
    subjects = [new_id(now) for _ in range(EVENTS * 2 // 3)]
    names = [(subject, "a") for subject in subjects] + [(subject, "b") for subject in subjects[: EVENTS // 3]]
    OutboxEvent.objects.bulk_create(
        OutboxEvent(tenant_id=in_tenant.id, name=name, subject_id=subject, happened_at=now)
        for subject, name in names
    )
    return subjects


def _plan(query: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {query}")
        return json.dumps(cursor.fetchone()[0])


def _rows_read(node: dict) -> int:
    read = node["Actual Loops"] * (node["Actual Rows"] + node.get("Rows Removed by Filter", 0))
    read += node["Actual Loops"] * node.get("Rows Removed by Join Filter", 0)
    return read + sum(_rows_read(child) for child in node.get("Plans", []))


def test_the_events_of_a_subject_come_in_their_order_and_all_come(backlog, now):
    seen: dict[UUID, list[str]] = {}
    handed_on = dispatch(
        {"*": [lambda event: seen.setdefault(event.subject_id, []).append(event.name)]}, now, EVENTS + 9
    )
    assert (handed_on, waiting()) == (EVENTS, 0)
    assert seen == {s: ["a", "b"] if n < EVENTS // 3 else ["a"] for n, s in enumerate(backlog)}


def test_the_next_event_is_found_by_reading_a_few_rows(postgres, backlog, now):
    with CaptureQueriesContext(connection) as asked:
        assert dispatch({}, now, 1) == 1
    picking = [q["sql"] for q in asked.captured_queries if "SKIP LOCKED" in q["sql"]]
    assert len(picking) == 1
    (plan,) = json.loads(_plan(picking[0]))
    assert _rows_read(plan["Plan"]) < 20, json.dumps(plan, indent=1)
