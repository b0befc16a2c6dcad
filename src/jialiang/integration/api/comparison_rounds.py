"""Comparison rounds: registration, participants, results, evaluation and report."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status
from pydantic import Field

from jialiang.base.comparison_rounds import selectors
from jialiang.base.comparison_rounds.facts import ArtefactFacts, ParticipantFacts, ResultFacts, RoundFacts
from jialiang.functions import comparison_rounds as verbs
from jialiang.information.comparison_report import report_of, report_table
from jialiang.integration.api.access import acting, readable
from jialiang.integration.api.members import Body, Decimal, Short, View, facts_from, members_of
from jialiang.integration.api.paging import Listed, PageQuery, listed
from jialiang.kernel.clock import utc_now
from jialiang.kernel.text import Text
from jialiang.vocabulary.statuses import AssignedValueMethod, ComparisonRoundState

router = Router(tags=["comparison rounds"])
READ = "comparison_round.read"
ROUND = "/comparison-rounds/{uuid:round_id}"
CSV = "text/csv; charset=utf-8"
TABLE = {
    "responses": {
        200: {"description": "One row a result and artefact.", "content": {"text/csv": {"schema": {"type": "string"}}}}
    }
}


@members_of(ArtefactFacts)
class NewArtefact(Body):
    """What travels; value, U and k only where the reference laboratory states them."""

    assigned_value: Decimal = ""
    expanded_uncertainty: Decimal = ""
    coverage_factor: Decimal = ""


@members_of(RoundFacts)
class NewRound(Body):
    """A round with its artefacts: one, or two alike for a Youden plot."""

    assigned_by: AssignedValueMethod
    standard_deviation_for_assessment: Decimal = ""
    artefacts: Annotated[tuple[NewArtefact, ...], Field(max_length=2)] = ()


@members_of(ParticipantFacts)
class NewParticipant(Body):
    """A laboratory: an organization of the register, or a name; without a code it gets the next one."""

    code: Annotated[str, Field(max_length=20)] = ""


class NewResult(Body):
    """What a participant measured on an artefact, in the unit of the round."""

    participant_id: UUID
    artefact: Annotated[int, Field(ge=1, le=2)] = 1
    measured_value: Decimal
    expanded_uncertainty: Decimal = ""
    coverage_factor: Decimal = ""


class ReportWish(Body):
    """The digest of the evaluation that was looked at."""

    evaluation_digest: Annotated[str, Field(max_length=64)]


class CallOff(Body):
    """Why a round is given up."""

    reason: Short


class ArtefactView(View):
    """What travels."""

    position: int
    name: Text
    assigned_value: str
    expanded_uncertainty: str
    coverage_factor: str


class ParticipantView(View):
    """A laboratory in a round."""

    id: UUID
    position: int
    code: str
    organization_id: UUID | None
    name: Text
    enrolled_at: datetime


class ComparisonResultView(View):
    """What a participant measured on an artefact."""

    participant_id: UUID
    artefact: int
    measured_value: str
    expanded_uncertainty: str
    coverage_factor: str
    entered_by_name: str
    entered_at: datetime


class RoundLine(View):
    """A round as a list shows it."""

    id: UUID
    number: str
    name: Text
    quantity: Text
    unit: str
    assigned_by: str
    standard_deviation_for_assessment: str
    note: str
    state: str
    state_since: datetime
    state_reason: str
    evaluation_digest: str
    opened_by_name: str
    opened_at: datetime
    reported_by_name: str
    reported_at: datetime | None


class RoundView(RoundLine):
    """A round with its artefacts, participants and results."""

    artefacts: list[ArtefactView]
    participants: list[ParticipantView]
    results: list[ComparisonResultView]


class RoundQuery(PageQuery):
    """What a list of rounds is narrowed by."""

    text: str = ""
    state: ComparisonRoundState | None = None


@router.get("/comparison-rounds", response=Listed[RoundLine], summary="List comparison rounds")
def list_comparison_rounds(request: HttpRequest, response: HttpResponse, query: Query[RoundQuery]) -> Any:
    """Rounds of the institute, newest first. Permission `comparison_round.read`."""
    readable(request, READ, None)
    found = selectors.comparison_rounds(
        text=query.text, state=query.state or "", after=query.after, size=query.limit
    )
    return listed(request, response, found, RoundLine.of)


@router.post("/comparison-rounds", response={201: RoundView}, summary="Open a comparison round")
def open_comparison_round(request: HttpRequest, response: HttpResponse, body: NewRound) -> Any:
    """Open a round with its artefacts; its number is gap-free. Permission `comparison_round.open`."""
    row = verbs.open_round(
        actor=acting(request),
        facts=facts_from(RoundFacts, body),
        artefacts=[facts_from(ArtefactFacts, each) for each in body.artefacts],
        now=utc_now(),
    )
    response["Location"] = f"{request.path}/{row.id}"
    return Status(201, _view(row))


@router.get(ROUND, response=RoundView, summary="Read a comparison round")
def read_comparison_round(request: HttpRequest, round_id: UUID) -> Any:
    """One round with artefacts, participants and results. Permission `comparison_round.read`."""
    return _view(readable(request, READ, selectors.comparison_round(round_id)))


@router.post(f"{ROUND}/participants", response={201: ParticipantView}, summary="Enrol a participant")
def enrol_participant(request: HttpRequest, round_id: UUID, body: NewParticipant) -> Any:
    """Enrol a laboratory in a round that is not evaluated. Permission `comparison_round.enrol`."""
    row = verbs.enrol(
        actor=acting(request), round_id=round_id, facts=facts_from(ParticipantFacts, body), now=utc_now()
    )
    return Status(201, ParticipantView.of(row))


@router.post(f"{ROUND}/results", response=ComparisonResultView, summary="Enter a result of a comparison")
def enter_comparison_result(request: HttpRequest, round_id: UUID, body: NewResult) -> Any:
    """Enter or correct a result; an evaluation made before is dropped. Permission `comparison_round.enter_result`."""
    participant = selectors.participant_of(round_id, body.participant_id)
    row = verbs.enter_result(
        actor=acting(request),
        participant_id=participant.id,
        artefact=body.artefact,
        facts=facts_from(ResultFacts, body),
        now=utc_now(),
    )
    return _result(row)


@router.post(f"{ROUND}/evaluation", response=RoundView, summary="Evaluate a comparison round")
def evaluate_comparison_round(request: HttpRequest, round_id: UUID) -> Any:
    """Evaluate the results that stand. Permission `comparison_round.evaluate`."""
    return _view(verbs.evaluate(actor=acting(request), round_id=round_id, now=utc_now()))


@router.post(f"{ROUND}/report", response=RoundView, summary="Report a comparison round")
def report_comparison_round(request: HttpRequest, round_id: UUID, body: ReportWish) -> Any:
    """Report the evaluation that was seen; nothing changes afterwards. Permission `comparison_round.report`."""
    return _view(
        verbs.report(
            actor=acting(request), round_id=round_id, seen_digest=body.evaluation_digest, now=utc_now()
        )
    )


@router.post(f"{ROUND}/cancellation", response=RoundView, summary="Cancel a comparison round")
def cancel_comparison_round(request: HttpRequest, round_id: UUID, body: CallOff) -> Any:
    """Give a round up before it is reported. Permission `comparison_round.cancel`."""
    return _view(verbs.cancel(actor=acting(request), round_id=round_id, reason=body.reason, now=utc_now()))


@router.get(f"{ROUND}/report", response=dict[str, Any], summary="Read the report of a comparison round")
def read_comparison_report(request: HttpRequest, round_id: UUID) -> Any:
    """The report as JSON, every number as decimal text. Permission `comparison_round.read`."""
    return report_of(readable(request, READ, selectors.comparison_round(round_id)))


@router.get(
    f"{ROUND}/report.csv",
    response={200: None},
    openapi_extra=TABLE,
    summary="Read the report of a comparison round as a table",
)
def read_comparison_table(request: HttpRequest, round_id: UUID) -> HttpResponse:
    """The report as CSV, one row a result and artefact. Permission `comparison_round.read`."""
    row = readable(request, READ, selectors.comparison_round(round_id))
    response = HttpResponse(report_table(row), content_type=CSV)
    response["Content-Disposition"] = f'attachment; filename="{row.number}.csv"'
    return response


def _view(row: Any) -> Any:
    return RoundView.of(
        row,
        artefacts=[ArtefactView.of(each) for each in selectors.artefacts_of(row.id)],
        participants=[ParticipantView.of(each) for each in selectors.participants_of(row.id)],
        results=[_result(each) for each in selectors.results_of(row.id)],
    )


def _result(row: Any) -> Any:
    return ComparisonResultView.of(row, artefact=row.artefact.position)
