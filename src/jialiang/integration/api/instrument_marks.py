"""Codes and seals on instruments, and the check of identity by them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Status
from pydantic import Field

from jialiang.base.instrument_marks import selectors
from jialiang.base.instruments.selectors import instrument
from jialiang.formats.codes.found_marks import CarriedCode
from jialiang.functions import instrument_marks as verbs
from jialiang.integration.api.access import acting, readable
from jialiang.integration.api.members import Body, Day, View, facts_from
from jialiang.kernel.clock import utc_now

router = Router(tags=["codes and seals"])
MARKS = "/instruments/{uuid:instrument_id}/marks"
CHECKS = "/instruments/{uuid:instrument_id}/identity-checks"
Role = Literal["production", "repair", "verification", "seal"]


class NewMark(Body):
    """A code or seal: what it is for, the code, who put it on and when."""

    role: Role
    code: Annotated[str, Field(min_length=1, max_length=100)]
    put_by: Annotated[str, Field(max_length=100)] = ""
    put_on: Day | None = None


class MarkRemoval(Body):
    """Why a code or seal was taken off."""

    reason: Annotated[str, Field(max_length=200)]


class FoundCode(Body):
    """A code that was found; without a role where its finder cannot tell."""

    code: Annotated[str, Field(min_length=1, max_length=300)]
    role: Role | Literal[""] = ""


class FoundCodes(Body):
    """Every code and seal that was found on the instrument."""

    found: Annotated[tuple[FoundCode, ...], Field(max_length=verbs.MOST_FOUND)]


class MarkView(View):
    """A code or seal; one that was taken off stays with its reason."""

    id: UUID
    instrument_id: UUID
    role: str
    code: str
    put_by: str
    put_on: date | None
    state: str
    state_reason: str
    created_at: datetime
    removed_at: datetime | None


class MarkFindingView(View):
    """What is said of one code: agrees, differs, missing, foreign, other_role or unknown."""

    outcome: str
    role: str
    found: str
    expected: str
    instrument: str


class IdentityCheckView(View):
    """A check: whether all codes agree, and what is said of each."""

    id: UUID
    instrument_id: UUID
    at: datetime
    person_name: str
    agrees: bool
    findings: list[MarkFindingView]


@router.get(MARKS, response=list[MarkView], summary="List codes and seals")
def list_instrument_marks(request: HttpRequest, instrument_id: UUID) -> Any:
    """What the instrument carries and carried. Permission `instrument.read`."""
    readable(request, "instrument.read", instrument(instrument_id))
    return [MarkView.of(row) for row in selectors.marks_of(instrument_id)]


@router.post(MARKS, response={201: MarkView}, summary="Record a code or seal")
def record_instrument_mark(request: HttpRequest, instrument_id: UUID, body: NewMark) -> Any:
    """Record what the instrument carries. Permission `instrument_mark.record`."""
    facts = facts_from(verbs.MarkFacts, body)
    row = verbs.record(actor=acting(request), instrument_id=instrument_id, facts=facts, now=utc_now())
    return Status(201, MarkView.of(row))


@router.post("/instrument-marks/{uuid:mark_id}/removal", response=MarkView, summary="Take off a code or seal")
def remove_instrument_mark(request: HttpRequest, mark_id: UUID, body: MarkRemoval) -> Any:
    """Note that a code or seal was taken off. Permission `instrument_mark.remove`."""
    row = verbs.remove(actor=acting(request), mark_id=mark_id, reason=body.reason, now=utc_now())
    return MarkView.of(row)


@router.get(CHECKS, response=list[IdentityCheckView], summary="List checks of identity")
def list_identity_checks(request: HttpRequest, instrument_id: UUID) -> Any:
    """The latest fifty checks, latest first. Permission `instrument.read`."""
    readable(request, "instrument.read", instrument(instrument_id))
    return [IdentityCheckView.of(row) for row in selectors.identity_checks(instrument_id)]


@router.post(CHECKS, response={201: IdentityCheckView}, summary="Check the identity of an instrument")
def check_instrument_identity(request: HttpRequest, instrument_id: UUID, body: FoundCodes) -> Any:
    """Compare what was found with the record; the answer says which one differs, and is kept.

    Permission `instrument_mark.check`.
    """
    found = [CarriedCode(each.role, each.code) for each in body.found]
    kept = verbs.check_identity(actor=acting(request), instrument_id=instrument_id, found=found, now=utc_now())
    return Status(201, IdentityCheckView.of(kept))
