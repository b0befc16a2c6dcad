"""Looking into the outbox of the institute in scope."""

from __future__ import annotations

from jialiang.governance.outbox.models import OutboxEvent


def events_after(cursor: int, *, limit: int = 100) -> list[OutboxEvent]:
    """Return the events after the number ``cursor`` in their order, handed on or not (one query, primary key)."""
    return list(OutboxEvent.objects.filter(id__gt=cursor).order_by("id")[:limit])


def waiting() -> int:
    """Return how many events wait to be handed on (one query, partial index ``outbox_waiting``)."""
    return OutboxEvent.objects.filter(dispatched_at=None, parked_at=None).count()


def parked() -> list[OutboxEvent]:
    """Return the events that handlers kept failing on, oldest first (one query)."""
    return list(OutboxEvent.objects.exclude(parked_at=None).order_by("id"))
