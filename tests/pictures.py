"""The whole database as one value, to show that something changed nothing at all; and what a deed left behind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.backends.utils import CursorWrapper

from jialiang.governance.outbox.models import OutboxEvent
from jialiang.security.audit.models import AuditRecord


def picture() -> dict[str, list[str]]:
    """Every row of every table of the house, by table."""
    tables = [model._meta for model in apps.get_models() if model.__module__.startswith("jialiang.")]
    with connection.cursor() as cursor:
        return {table.label: sorted(map(repr, _rows(cursor, table.db_table))) for table in tables}


def _rows(cursor: CursorWrapper, table: str) -> list[tuple[Any, ...]]:
    """Read as the database has it: what models make of it would cost the most of a test."""
    cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
    return cursor.fetchall()


@contextmanager
def nothing_changes() -> Iterator[None]:
    """Fail where the block leaves any row other than it was; say in which tables."""
    before = picture()
    yield
    after = picture()
    assert [label for label in before if before[label] != after[label]] == []


@dataclass
class Left:
    """What a deed left: audit records and events, oldest first."""

    audit: list[AuditRecord] = field(default_factory=list)
    events: list[OutboxEvent] = field(default_factory=list)

    @property
    def told(self) -> list[tuple[str, dict[str, Any]]]:
        """Name and data of each event."""
        return [(event.name, event.data) for event in self.events]

    @property
    def recorded(self) -> list[tuple[str, dict[str, Any]]]:
        """Action and detail of each audit record."""
        return [(record.action, record.detail) for record in self.audit]


@contextmanager
def what_is_left() -> Iterator[Left]:
    """Collect the audit records and events that the block leaves in the institute in scope."""
    last_event = OutboxEvent.objects.order_by("-id").values_list("id", flat=True).first() or 0
    last_record = AuditRecord.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
    left = Left()
    yield left
    left.audit += AuditRecord.objects.filter(seq__gt=last_record).order_by("seq")
    left.events += OutboxEvent.objects.filter(id__gt=last_event).order_by("id")
