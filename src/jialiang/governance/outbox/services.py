"""Writing events with the change that made them, and handing them on.

Handing on is at least once: a handler's writes to the database and the mark that the event was handed on are one
transaction, so they happen once; what a handler does outside may happen again. Events of one subject go in their
order; different subjects do not wait for each other.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery

from jialiang.governance.outbox.errors import EventNotParked
from jialiang.governance.outbox.models import OutboxEvent
from jialiang.kernel.events import Event
from jialiang.kernel.plain import json_ready
from jialiang.kernel.text import storable
from jialiang.security.tenancy.scope import current_tenant_id, everywhere, scope

Handler = Callable[[Event], object]
Handlers = Mapping[str, Iterable[Handler]]

EVERY_EVENT = "*"
MOST_ATTEMPTS = 8
LONGEST_WAIT = timedelta(minutes=15)
LONGEST_ERROR = 2000

logger = logging.getLogger(__name__)


def publish(event: Event) -> None:
    """Write an event of the institute in scope; it exists if and only if the running transaction commits."""
    OutboxEvent.objects.create(
        tenant_id=current_tenant_id(),
        name=event.name,
        subject_id=event.subject_id,
        happened_at=event.happened_at,
        data=json_ready(event.data),
    )


def dispatch(handlers: Handlers, now: datetime, limit: int = 100) -> int:
    """Hand on up to ``limit`` waiting events and return how many went through.

    ``handlers`` maps the name of an event (or ``*``) to functions, run in the event's scope. When one raises, its
    event waits longer each time and is parked after :data:`MOST_ATTEMPTS`; a parked event no longer holds up the
    later ones of its subject.
    """
    handed_on = 0
    for _ in range(limit):
        outcome = _dispatch_next(handlers, now)
        if outcome is None:
            break
        handed_on += outcome
    return handed_on


@transaction.atomic
def release(event_id: int) -> None:
    """Let a parked event of the institute in scope be tried again. Raises :class:`EventNotParked`."""
    parked = OutboxEvent.objects.filter(pk=event_id).exclude(parked_at=None)
    if not parked.update(parked_at=None, attempts=0, not_before=None):
        raise EventNotParked(event=event_id)


def _dispatch_next(handlers: Handlers, now: datetime) -> bool | None:
    with everywhere("hand on events"):
        if not _waiting(now).exists():
            return None
        with transaction.atomic():
            row = _waiting(now).select_for_update(skip_locked=True, of=("self",)).order_by("id").first()
            return None if row is None else _hand_on(row, handlers, now)


def _hand_on(row: OutboxEvent, handlers: Handlers, now: datetime) -> bool:
    event = Event(row.name, row.subject_id, row.happened_at, row.data)
    row.attempts += 1
    try:
        with scope(row.tenant_id), transaction.atomic():
            for handler in (*handlers.get(row.name, ()), *handlers.get(EVERY_EVENT, ())):
                handler(event)
    except Exception as problem:
        logger.exception("event %s %s was not handed on", row.id, row.name)
        row.last_error = storable(f"{type(problem).__name__}: {problem}", LONGEST_ERROR)
        row.not_before = now + min(timedelta(seconds=2**row.attempts), LONGEST_WAIT)
        row.parked_at = now if row.attempts >= MOST_ATTEMPTS else None
    else:
        row.dispatched_at = now
    row.save(force_update=True)
    return row.dispatched_at is not None


def _waiting(now: datetime) -> QuerySet[OutboxEvent]:
    """Return what may be handed on: nothing earlier of the same subject waits, and its own wait is over.

    A wait longer than the longest possible one comes from a clock that was wrong, and does not count. What is earlier
    is asked as a value and not by EXISTS, which PostgreSQL turns into a join of the whole backlog with itself.
    """
    open_events = OutboxEvent.objects.filter(dispatched_at=None, parked_at=None)
    same_subject = open_events.filter(tenant_id=OuterRef("tenant_id"), subject_id=OuterRef("subject_id"))
    waited = Q(not_before=None) | Q(not_before__lte=now) | Q(not_before__gt=now + LONGEST_WAIT)
    return open_events.filter(waited, id=Subquery(same_subject.order_by("id").values("id")[:1]))
