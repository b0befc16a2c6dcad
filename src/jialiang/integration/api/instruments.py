"""Measuring instruments: the ledger, its history, and fitness for use."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status
from pydantic import Field

from jialiang.base.instruments import selectors
from jialiang.base.instruments.facts import InstrumentFacts
from jialiang.functions import instruments as verbs
from jialiang.information.status import fitness_of
from jialiang.integration.api.access import acting, narrowed, readable
from jialiang.integration.api.conditions import remember_version, version_read
from jialiang.integration.api.members import (
    Body,
    Day,
    Short,
    Version,
    View,
    changed_members,
    changes_of,
    facts_from,
    members_of,
    view_of,
)
from jialiang.integration.api.paging import Listed, PageQuery, listed
from jialiang.kernel.clock import utc_now
from jialiang.kernel.text import Text
from jialiang.security.tenancy.calendar import today
from jialiang.vocabulary.statuses import InstrumentState, Purpose

router = Router(tags=["instruments"])
READ = "instrument.read"
INSTRUMENT = "/instruments/{uuid:instrument_id}"


@members_of(InstrumentFacts)
class NewInstrument(Body):
    """A ledger record; without `owner_id` the instrument is the own organization's."""

    owner_id: UUID | None = None
    purpose: Purpose


@changes_of(InstrumentFacts)
class InstrumentChange(Body):
    """Members to be changed; those left out stay as they are."""

    version: Version = None
    reason: Short = ""


class Decision(Body):
    """Why an instrument's administrative state is changed."""

    reason: Annotated[str, Field(max_length=200)]


@view_of(InstrumentFacts)
class InstrumentView(View):
    """The ledger record with its administrative state."""

    id: UUID
    owner_id: UUID
    state: str
    state_reason: str
    created_at: datetime
    version: int


class StatusView(View):
    """Fitness for use (合格, 限用, 停用, 新登记), derived from evidence: why, since when, until when, by what."""

    state: str
    reason: Text
    since: date | None
    due_date: date | None
    due_basis: str
    certificate_number: str
    certificate_id: UUID | None
    limitation: Text


class ChangeView(View):
    """One entry of the history."""

    at: datetime
    action: str
    person_name: str
    old: dict[str, Any]
    new: dict[str, Any]
    reason: str


class InstrumentQuery(PageQuery):
    """What a list of instruments is narrowed by."""

    text: str = ""
    owner_id: UUID | None = None
    state: InstrumentState | None = None
    purpose: Purpose | None = None
    compulsory: bool | None = None


@router.get("/instruments", response=Listed[InstrumentView], summary="List instruments")
def list_instruments(request: HttpRequest, response: HttpResponse, query: Query[InstrumentQuery]) -> Any:
    """Instruments, newest first; a customer sees those of the own organization. Permission `instrument.read`."""
    own = narrowed(request, READ)
    wanted = selectors.InstrumentFilter(
        text=query.text,
        owner_id=own or query.owner_id,
        state=query.state or "",
        purpose=query.purpose or "",
        compulsory=query.compulsory,
    )
    found = selectors.instruments(wanted, after=query.after, size=query.limit)
    return listed(request, response, found, InstrumentView.of)


@router.post("/instruments", response={201: InstrumentView}, summary="Register an instrument")
def register_instrument(request: HttpRequest, response: HttpResponse, body: NewInstrument) -> Any:
    """Enter an instrument into the ledger; it gets an identifier. A customer registers for the own organization.

    Permission `instrument.register`.
    """
    actor = acting(request)
    row = verbs.register(
        actor=actor,
        facts=facts_from(InstrumentFacts, body),
        owner_id=body.owner_id or actor.organization_id,
        now=utc_now(),
    )
    response["Location"] = f"{request.path}/{row.id}"
    return Status(201, InstrumentView.of(row))


@router.get(INSTRUMENT, response=InstrumentView, summary="Read an instrument")
def read_instrument(request: HttpRequest, instrument_id: UUID) -> Any:
    """The ledger record with its version. Permission `instrument.read`."""
    row = readable(request, READ, selectors.instrument(instrument_id))
    remember_version(request, row.version)
    return InstrumentView.of(row)


@router.patch(INSTRUMENT, response=InstrumentView, summary="Change an instrument")
def change_instrument(request: HttpRequest, instrument_id: UUID, body: InstrumentChange) -> Any:
    """Change the members named, from the version that was read (`If-Match` or `version`).

    Permission `instrument.change`.
    """
    stored = readable(request, "instrument.change", selectors.instrument(instrument_id))
    row, _ = verbs.change(
        actor=acting(request),
        instrument_id=instrument_id,
        changes=changed_members(body),
        expected_version=version_read(request, body.version, stored.version) or 0,
        reason=body.reason,
        now=utc_now(),
    )
    return InstrumentView.of(row)


@router.get(f"{INSTRUMENT}/history", response=list[ChangeView], summary="Read an instrument's history")
def read_history(request: HttpRequest, instrument_id: UUID) -> Any:
    """Every change, latest first: what was, what is, who, when, why. Permission `instrument.read`."""
    readable(request, READ, selectors.instrument(instrument_id))
    return [ChangeView.of(row) for row in selectors.history(instrument_id)]


@router.get(f"{INSTRUMENT}/status", response=StatusView, summary="Read an instrument's fitness for use")
def read_status(request: HttpRequest, instrument_id: UUID, on: Day | None = None) -> Any:
    """Whether the instrument may be used on a day (today), derived from its evidence. Permission `instrument.read`."""
    readable(request, READ, selectors.instrument(instrument_id))
    fitness = fitness_of(instrument_id, on or today(utc_now()))
    return StatusView.of(fitness, due_date=fitness.due.date, due_basis=fitness.due.basis)


@router.post(f"{INSTRUMENT}/suspension", response=InstrumentView, summary="Take an instrument out of use")
def suspend_instrument(request: HttpRequest, instrument_id: UUID, body: Decision) -> Any:
    """Take an instrument out of use by decision. Permission `instrument.suspend`."""
    return _moved(verbs.suspend, request, instrument_id, body)


@router.post(f"{INSTRUMENT}/restoration", response=InstrumentView, summary="End a suspension")
def restore_instrument(request: HttpRequest, instrument_id: UUID, body: Decision) -> Any:
    """End a suspension; fitness for use still follows from evidence. Permission `instrument.restore`."""
    return _moved(verbs.restore, request, instrument_id, body)


@router.post(f"{INSTRUMENT}/retirement", response=InstrumentView, summary="Scrap an instrument")
def retire_instrument(request: HttpRequest, instrument_id: UUID, body: Decision) -> Any:
    """Scrap an instrument for good; its record and history stay. Permission `instrument.retire`."""
    return _moved(verbs.retire, request, instrument_id, body)


def _moved(verb: Any, request: HttpRequest, instrument_id: UUID, body: Decision) -> Any:
    row = verb(actor=acting(request), instrument_id=instrument_id, reason=body.reason, now=utc_now())
    return InstrumentView.of(row)
