"""The page of a record: entry for its technician, everything to read for the others.

Saving keeps every cell that can be read and tells beside its field what cannot. With script each change is saved at
once (``act=live``) and the computed part comes back; without script the whole page is computed anew on saving.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from jialiang.base.calibrations.errors import RecordChanged
from jialiang.base.certificates.selectors import certificate_of_record
from jialiang.base.readings.views import CellEntry
from jialiang.console.calibrations.access import is_technician, may_approve, may_review, opened
from jialiang.console.calibrations.entries import Understood, understood
from jialiang.console.calibrations.sheet import Entries, sheet_of
from jialiang.console.calibrations.words import PLACES, action_name, shown_state, step_names
from jialiang.console.requests import who
from jialiang.console.shell import page
from jialiang.console.wording import in_words
from jialiang.functions import calibrations
from jialiang.information.record_view import RecordView
from jialiang.kernel.clock import utc_now
from jialiang.kernel.errors import JialiangError, NotAllowed
from jialiang.vocabulary.statuses import CalibrationState

GRANTED = 25  # the level of a notice that something was done


@dataclass(frozen=True, slots=True)
class Clash:
    """A field that somebody changed meanwhile: what it is now, and mine."""

    label: str
    now: str
    mine: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a form: entries to show again, the error as a whole, clashes, and the status of the answer."""

    entries: Entries = field(default_factory=Entries)
    problem: JialiangError | None = None
    clashes: tuple[Clash, ...] = ()
    status: int = 200
    saved: bool = False


@login_required
@require_http_methods(["GET", "POST"])
def record(request: HttpRequest, calibration_id: UUID) -> HttpResponse:
    """Show a record, or save and submit it; whoever reviews or approves it is led to that page."""
    view = opened(request, calibration_id)
    actor = who(request)
    if request.method == "POST":
        return _posted(request, view)
    if request.GET.get("view") != "record":
        if may_review(actor, view.record):
            return HttpResponseRedirect(reverse("calibration_review", args=[calibration_id]))
        if may_approve(actor, view.record):
            return HttpResponseRedirect(reverse("calibration_approval", args=[calibration_id]))
    return _page(request, view, Outcome())


@login_required
@require_POST
def amend(request: HttpRequest, calibration_id: UUID) -> HttpResponse:
    """Amend one submitted reading: cell, new text, reason; the old one stays and is shown struck through."""
    view = opened(request, calibration_id)
    row, _, column = request.POST.get("cell", "").partition("-")
    text, reason = request.POST.get("text", "").strip(), request.POST.get("reason", "").strip()[:300]
    entry = CellEntry(int(row) if row.isdecimal() else 0, column, text)
    try:
        calibrations.amend_reading(
            actor=who(request), calibration_id=calibration_id, entry=entry, reason=reason, now=utc_now()
        )
    except NotAllowed:
        raise
    except JialiangError as problem:
        return _page(request, view, Outcome(problem=problem, status=problem.http_status))
    messages.add_message(request, GRANTED, gettext("The reading is amended; the record is reviewed anew."))
    return HttpResponseRedirect(reverse("calibration", args=[calibration_id]))


def _posted(request: HttpRequest, view: RecordView) -> HttpResponse:
    form = understood(request.POST, view)
    act = request.POST.get("act", "save")
    outcome = _saved(request, view, form)
    if outcome.problem is None and act == "submit" and not form.errors:
        outcome = _submitted(request, view, form)
        if outcome.problem is None:
            messages.add_message(request, GRANTED, gettext("Submitted for review; the reviewers see it now."))
            return HttpResponseRedirect(reverse("calibration", args=[view.record.id]))
    fresh = opened(request, view.record.id)
    if act == "live" and request.headers.get("HX-Request"):
        return _live(request, fresh, outcome)
    if outcome.status == 200:
        messages.add_message(request, GRANTED, gettext("The draft is saved."))
        return HttpResponseRedirect(reverse("calibration", args=[view.record.id]))
    return _page(request, fresh, outcome)


def _saved(request: HttpRequest, view: RecordView, form: Understood) -> Outcome:
    if "reason" in form.errors:
        return Outcome(form.entries, status=422)
    try:
        calibrations.record(
            actor=who(request), calibration_id=view.record.id, entry=form.entry(), now=utc_now()
        )
    except NotAllowed:
        raise
    except RecordChanged as problem:
        return Outcome(form.entries, problem, _clashes(view, form), problem.http_status)
    except JialiangError as problem:
        return Outcome(form.entries, problem, status=problem.http_status)
    return Outcome(form.entries, status=422 if form.errors else 200, saved=True)


def _submitted(request: HttpRequest, view: RecordView, form: Understood) -> Outcome:
    try:
        calibrations.submit(actor=who(request), calibration_id=view.record.id, now=utc_now())
    except NotAllowed:
        raise
    except JialiangError as problem:
        return Outcome(form.entries, problem, status=problem.http_status, saved=True)
    return Outcome()


def _clashes(view: RecordView, form: Understood) -> tuple[Clash, ...]:
    """Compare what was typed with what is stored now, cell by cell: the person chooses."""
    labels = {cell.name: cell.label for row in sheet_of(view).rows for cell in row.cells}
    stored = {cell.name: cell.text for row in sheet_of(view).rows for cell in row.cells}
    return tuple(
        Clash(labels[name], stored[name] or "—", form.typed[name] or "—")
        for name in labels
        if name in form.typed and form.typed[name].strip() != stored[name]
    )


def _page(request: HttpRequest, view: RecordView, outcome: Outcome) -> HttpResponse:
    return page(
        request, "calibrations/record.html", context_of(request, view, outcome), status=outcome.status
    )


def _live(request: HttpRequest, view: RecordView, outcome: Outcome) -> HttpResponse:
    context = context_of(request, view, outcome) | {"live": True}
    return render(request, "calibrations/live.html", context, status=outcome.status)


def context_of(request: HttpRequest, view: RecordView, outcome: Outcome) -> dict[str, Any]:
    """Return what the page of a record shows."""
    record, actor = view.record, who(request)
    own = is_technician(actor, record)
    frozen = record.reading_set.frozen_at is not None
    issued = certificate_of_record(record.id)
    return {
        "view": view,
        "record": record,
        "instrument": record.item.instrument,
        "commission": record.item.commission,
        "sheet": sheet_of(view, outcome.entries),
        "state": shown_state(record.state, view.steps),
        "returned": next(
            (step for step in reversed(view.steps) if step.action == "calibration.return"), None
        ),
        "steps": step_names(),
        "place": 4
        if issued is not None and issued.state == "issuing"
        else PLACES[CalibrationState(record.state)],
        "line": [(step, action_name(step.action)) for step in reversed(view.steps)],
        "editable": own and record.state == CalibrationState.DRAFT,
        "amendable": own and record.state in {CalibrationState.IN_REVIEW, CalibrationState.AWAITING_APPROVAL},
        "frozen": frozen,
        "certificate": issued,
        "outcome": outcome,
        "errors": dict(outcome.entries.errors),
        "reason": outcome.entries.typed.get("reason", ""),
        "wrong": [(name, words) for name, words in outcome.entries.errors.items()],
        "stopped": [line for line in view.standards if in_words(line.problem)],
        "saved_at": timezone.localtime(utc_now()) if outcome.saved else None,
        "may_review": may_review(actor, record),
        "may_approve": may_approve(actor, record),
    }
