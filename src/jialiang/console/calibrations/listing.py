"""The list of records: by state, mine first by a switch, the oldest waiting first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_safe

from jialiang.base.calibrations.selectors import calibrations, last_returns, waiting_counts
from jialiang.console.calibrations.access import READ
from jialiang.console.paging import PAGE_SIZE, Page, skipped_rows
from jialiang.console.requests import who
from jialiang.console.shell import NavEntry, Waiting, page, register
from jialiang.functions.deed import permit
from jialiang.security.actor import Actor
from jialiang.security.policy import allowed, roles_for
from jialiang.vocabulary.statuses import CalibrationState

VIEWS = {
    "mine": gettext_noop("Mine"),
    "draft": gettext_noop("Drafts"),
    "in_review": gettext_noop("To be reviewed"),
    "awaiting_approval": gettext_noop("To be approved"),
    "approved": gettext_noop("Approved"),
    "all": gettext_noop("All"),
}
LONGEST_SEARCH = 100


@dataclass(frozen=True, slots=True)
class View:
    """A saved view with its count, where it is small enough to count."""

    key: str
    label: str
    number: int | None
    current: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """One record, and when and why it was sent back, if it was."""

    record: Any
    state: str
    returned: Any


def waiting(actor: Actor, now: datetime) -> Waiting:
    """Count what waits for the person: own drafts, reviews, approvals (at most three counts)."""
    number = 0
    if allowed(actor, "calibration.record"):
        number += calibrations(state=CalibrationState.DRAFT, technician_id=actor.person_id).count()
    if allowed(actor, "calibration.review"):
        to_review = calibrations(state=CalibrationState.IN_REVIEW)
        number += to_review.exclude(calibrated_by_id=actor.person_id).count()
    if allowed(actor, "certificate.approve"):
        found = calibrations(state=CalibrationState.AWAITING_APPROVAL).exclude(
            calibrated_by_id=actor.person_id
        )
        number += found.exclude(reviewed_by_id=actor.person_id).count()
    return Waiting(number)


register(
    NavEntry(
        gettext_noop("Calibration records"),
        "calibrations",
        "calibrations",
        "work",
        20,
        roles=roles_for(READ) - {"system"},
        count=waiting,
        thumb=gettext_noop("Records"),
    )
)


@login_required
@require_safe
def list_records(request: HttpRequest) -> HttpResponse:
    """List records; ``?view=`` chooses a saved view, ``?q=`` narrows by number or serial number."""
    actor = who(request)
    permit(actor, READ)
    default = "mine" if allowed(actor, "calibration.record") else "all"
    chosen = request.GET.get("view", "")
    chosen = chosen if chosen in VIEWS else default
    searched = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    context = {
        "views": _views(actor, chosen),
        "chosen": chosen,
        "searched": searched,
        "list_page": _page(request, actor, chosen, searched),
        "may_start": allowed(actor, "calibration.start"),
    }
    return page(request, "calibrations/list.html", context, fragment="calibrations/rows.html")


def _views(actor: Actor, chosen: str) -> list[View]:
    counts = waiting_counts()
    mine = calibrations(technician_id=actor.person_id).exclude(state=CalibrationState.APPROVED).count()
    numbers: dict[str, int | None] = {"mine": mine, **counts}
    shown = [key for key in VIEWS if key != "mine" or allowed(actor, "calibration.record")]
    return [View(key, gettext(VIEWS[key]), numbers.get(key), key == chosen) for key in shown]


def _page(request: HttpRequest, actor: Actor, chosen: str, searched: str) -> Page:
    mine = actor.person_id if chosen == "mine" else None
    state = chosen if chosen in set(CalibrationState) else ""
    found = calibrations(state=state, technician_id=mine, search=searched)
    if chosen == "mine":
        found = found.exclude(state=CalibrationState.APPROVED)
    if chosen in {"all", "approved"}:
        found = found.order_by("-created_at", "-id")
    skipped = skipped_rows(request)
    total = found.count()
    rows = list(found[skipped : skipped + PAGE_SIZE])
    returned = last_returns(row.id for row in rows)
    listed = [_listed(row, returned.get(row.id)) for row in rows]
    more = skipped + len(rows) < total
    return Page(listed, total, skipped, str(rows[-1].id) if more else "")


def _listed(row: Any, returned: Any) -> Listed:
    back = returned if row.state == CalibrationState.DRAFT else None
    return Listed(row, "returned" if back else row.state, back)
