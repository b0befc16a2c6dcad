"""What waits, what is found, and what was done: queue, search and audit trail."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from jialiang.information.queue import queue_for
from jialiang.information.search import search
from jialiang.integration.api.access import acting, of_all
from jialiang.integration.api.members import View
from jialiang.integration.api.paging import Listed, PageQuery, listed
from jialiang.kernel.clock import utc_now
from jialiang.kernel.text import Text
from jialiang.security.audit import selectors as audit
from jialiang.security.tenancy.paging import BadCursor, Page

router = Router(tags=["desk"])
MOST_DIGITS = 18


class QueueEntryView(View):
    """One thing that waits: what to do with what, since when, until when, and what blocks it."""

    kind: str
    title: Text
    subject: Text
    noun: str
    ids: list[str]
    state: str
    due: date | None
    waiting_since: datetime | None
    blocked_by: Text | None


class QueueView(View):
    """All that waits for whoever asks, the overdue first; `cut` says that there is more."""

    entries: list[QueueEntryView]
    cut: bool


class FoundView(View):
    """A thing that fits the search; `exact` where its number was given."""

    noun: str
    id: UUID
    title: Text
    detail: Text
    exact: bool


class AuditView(View):
    """One act of the trail; `hash` is over all else and the hash before it."""

    seq: int
    at: datetime
    actor_id: UUID | None
    actor_name: Text
    door: str
    action: str
    subject_type: str
    subject_id: str
    detail: dict[str, Any]
    previous_hash: str
    hash: str


class AuditQuery(PageQuery):
    """What a page of the trail is narrowed by."""

    action: str = ""
    actor_id: UUID | None = None


@router.get("/queue", response=QueueView, summary="Read the own queue")
def read_queue(request: HttpRequest) -> Any:
    """What waits for whoever asks, by the roles held today: overdue first, then what has waited longest."""
    queue = queue_for(acting(request), utc_now())
    entries = [
        QueueEntryView.of(entry, noun=entry.url_name, ids=list(entry.url_args)) for entry in queue.entries
    ]
    return QueueView.of(queue, entries=entries)


@router.get("/search", response=list[FoundView], summary="Search")
def search_everything(request: HttpRequest, text: Annotated[str, Query(min_length=2, max_length=200)]) -> Any:
    """Things whose number, identifier or name fits, of the nouns that the actor may read; exact ones first."""
    return [FoundView.of(found) for found in search(acting(request), text)]


@router.get("/audit", response=Listed[AuditView], summary="Read the audit trail")
def read_audit(request: HttpRequest, response: HttpResponse, query: Query[AuditQuery]) -> Any:
    """Every act, newest first, of one action or one person if asked. Permission `audit.read`."""
    of_all(request, "audit.read")
    rows = audit.page(
        before=_place(query.after), limit=query.limit + 1, action=query.action, actor_id=query.actor_id
    )
    shown = tuple(rows[: query.limit])
    more = str(shown[-1].seq) if len(rows) > query.limit else ""
    return listed(request, response, Page(shown, more), AuditView.of)


@router.get(
    "/audit/{subject_type}/{uuid:subject_id}", response=list[AuditView], summary="Read the acts on a thing"
)
def read_audit_of(
    request: HttpRequest, subject_type: Annotated[str, Field(max_length=60)], subject_id: UUID
) -> Any:
    """Every act on one thing, oldest first; `subject_type` is its noun. Permission `audit.read`."""
    of_all(request, "audit.read")
    return [AuditView.of(row) for row in audit.history(subject_type, subject_id)]


def _place(after: str) -> int | None:
    if not after:
        return None
    if not (after.isascii() and after.isdecimal() and len(after) <= MOST_DIGITS):
        raise BadCursor(given=after[:60])
    return int(after)
