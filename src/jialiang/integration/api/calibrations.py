"""Calibration records: readings exactly as typed, the evaluation, review and return."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status
from pydantic import Field

from jialiang.base.calibrations import selectors
from jialiang.base.readings.selectors import readings_of
from jialiang.base.readings.views import CellEntry
from jialiang.functions import calibrations as verbs
from jialiang.information.procedures import procedures
from jialiang.information.record_view import record_view
from jialiang.integration.api.access import acting, of_all
from jialiang.integration.api.conditions import remember_version, version_read
from jialiang.integration.api.members import Bilingual, Body, Day, Decimal, Version, View
from jialiang.integration.api.paging import Listed, PageQuery, listed
from jialiang.kernel.clock import utc_now
from jialiang.kernel.text import Text
from jialiang.security.tenancy.calendar import today
from jialiang.security.tenancy.paging import page
from jialiang.vocabulary.statuses import CalibrationState, ReadingSource

router = Router(tags=["calibrations"])
READ = "calibration.read"
RECORD = "/calibrations/{uuid:calibration_id}"
Why = Annotated[str, Field(max_length=300)]


class NewRecord(Body):
    """What a record is started with; `points` are decimal texts in the unit of the instrument."""

    item_id: UUID
    procedure: Annotated[str, Field(max_length=40)]
    method: Bilingual
    method_norm: Annotated[str, Field(max_length=60)] = ""
    reference_standard_id: UUID
    other_standard_ids: Annotated[tuple[UUID, ...], Field(max_length=20)] = ()
    points: Annotated[tuple[Decimal, ...], Field(max_length=400)]
    parameters: dict[str, Decimal] = {}
    site_id: UUID | None = None


class NewCell(Body):
    """What was read into one cell, exactly as it stands on the instrument: `10.000` is not `10`."""

    row: Annotated[int, Field(ge=1, le=32767)]
    column: Annotated[str, Field(max_length=40)]
    text: Annotated[str, Field(max_length=40)]
    source: ReadingSource = ReadingSource.MANUAL


class Span(Body):
    """A condition of the surroundings, from the least to the greatest value seen."""

    minimum: Decimal = ""
    maximum: Decimal = ""


class Entry(Body):
    """What is saved at once; members left out stay as they are. `reason` is needed after a return."""

    cells: Annotated[tuple[NewCell, ...], Field(max_length=4000)] = ()
    environment: dict[Literal["temperature", "humidity", "pressure"], Span] | None = None
    begin_date: Day | None = None
    end_date: Day | None = None
    reason: Why = ""
    version: Version = None


class Submission(Body):
    """The version that the technician looked at."""

    version: Version = None


class ReadingAmendment(NewCell):
    """A reading to be amended after submission, and why."""

    reason: Why


class Review(Body):
    """`seen_digest` is the evaluation's digest that the reviewer looked at."""

    seen_digest: Annotated[str, Field(max_length=64)]


class Return(Body):
    """Why a record goes back to its technician."""

    reason: Annotated[str, Field(max_length=400)]


class Takeover(Body):
    """Why another technician goes on with a record."""

    reason: Annotated[str, Field(max_length=400)]


class RecordView(View):
    """A record: what, by which method and standards, who did what when, and its digests."""

    id: UUID
    number: str
    item_id: UUID
    kind: str
    state: str
    procedure: str
    method: Text
    method_norm: str
    site_id: UUID | None
    points: list[str]
    parameters: dict[str, str]
    environment: dict[str, dict[str, str]]
    begin_date: date | None
    end_date: date | None
    calibrated_by: Text
    submitted_at: datetime | None
    reviewed_by: Text
    reviewed_at: datetime | None
    approved_by: Text
    approved_at: datetime | None
    evaluation_digest: str
    reviewed_digest: str
    amends_certificate_id: UUID | None
    amendment_reason: Text
    created_at: datetime
    version: int


class AmendmentView(View):
    """What a reading was and is, why, who and when."""

    old_text: str
    new_text: str
    reason: str
    person_name: str
    at: datetime


class CellView(View):
    """A cell as it stands: `text` as typed, `first_text` as first typed, and its amendments."""

    row: int
    column: str
    text: str
    first_text: str
    decimal_text: str
    unit: str
    source: str
    person_name: str
    entered_at: datetime
    amendments: list[AmendmentView]


class ReadingsView(View):
    """The readings of a record with the table that they were typed into; `digest` is that of the frozen ones."""

    layout: dict[str, Any]
    frozen_at: datetime | None
    digest: str
    cells: list[CellView]


class EvaluationView(View):
    """The evaluation: points with U, k, budget and Monte Carlo validation; every computed number is text.

    For a draft it is that of the rows that are complete; `problem` says why nothing could be computed yet.
    """

    digest: str
    evaluation: dict[str, Any]
    problem: Text
    warnings: list[Text]
    missing: list[Text]
    differs_from_review: bool


class StepView(View):
    """Who moved the record when, from where to where, and why."""

    at: datetime
    action: str
    from_state: str
    to_state: str
    person_name: str
    reason: str


class ProcedureView(View):
    """An evaluation procedure: its columns, and its parameters with the usual texts."""

    key: str
    name: Text
    description: Text
    columns: list[dict[str, Any]]
    parameters: list[dict[str, Any]]


class RecordQuery(PageQuery):
    """What a list of records is narrowed by."""

    state: CalibrationState | None = None
    text: str = ""


@router.get("/procedures", response=list[ProcedureView], summary="List evaluation procedures")
def list_procedures(request: HttpRequest) -> Any:
    """The procedures by which records are evaluated. Permission `calibration.read`."""
    of_all(request, READ)
    return [
        ProcedureView.of(
            plan,
            columns=[{"key": c.key, "name": c.name.to_json()} for c in plan.columns],
            parameters=[
                {"key": p.key, "name": p.name.to_json(), "default": p.default} for p in plan.parameters
            ],
        )
        for plan in procedures().values()
    ]


@router.get("/calibrations", response=Listed[RecordView], summary="List calibration records")
def list_calibrations(request: HttpRequest, response: HttpResponse, query: Query[RecordQuery]) -> Any:
    """Records, newest first; `text` is looked for in record and serial numbers. Permission `calibration.read`."""
    of_all(request, READ)
    rows = selectors.calibrations(state=query.state or "", search=query.text.strip())
    return listed(request, response, page(rows, after=query.after, size=query.limit), RecordView.of)


@router.post("/calibrations", response={201: RecordView}, summary="Start a record")
def start_calibration(request: HttpRequest, response: HttpResponse, body: NewRecord) -> Any:
    """Take an item to the bench; stops where a standard has no certificate in force, and says which since when.

    Permission `calibration.start`.
    """
    new = verbs.NewCalibration(**{name: getattr(body, name) for name in NewRecord.model_fields})
    row = verbs.start(actor=acting(request), new=new, now=utc_now())
    response["Location"] = f"{request.path}/{row.id}"
    return Status(201, RecordView.of(row))


@router.get(RECORD, response=RecordView, summary="Read a record")
def read_calibration(request: HttpRequest, calibration_id: UUID) -> Any:
    """One record with its state, persons and digests. Permission `calibration.read`."""
    of_all(request, READ)
    row = selectors.calibration(calibration_id)
    remember_version(request, row.version)
    return RecordView.of(row)


@router.patch(RECORD, response=RecordView, summary="Record readings, conditions and dates")
def record_calibration(request: HttpRequest, calibration_id: UUID, body: Entry) -> Any:
    """Save a draft of one's own. After a return a changed cell becomes an amendment and needs a reason.

    Permission `calibration.record`.
    """
    stored = selectors.calibration(calibration_id)
    environment = body.environment
    entry = verbs.RecordEntry(
        cells=tuple(_cell(cell) for cell in body.cells),
        environment={name: span.model_dump() for name, span in environment.items()} if environment else None,
        begin_date=body.begin_date,
        end_date=body.end_date,
        reason=body.reason,
        expected_version=version_read(request, body.version, stored.version, needed=False),
    )
    return RecordView.of(
        verbs.record(actor=acting(request), calibration_id=calibration_id, entry=entry, now=utc_now())
    )


@router.get(f"{RECORD}/readings", response=ReadingsView, summary="Read the readings of a record")
def read_readings(request: HttpRequest, calibration_id: UUID) -> Any:
    """Every cell as typed, with who, when, source and amendments. Permission `calibration.read`."""
    of_all(request, READ)
    readings = readings_of(selectors.calibration(calibration_id).reading_set_id)
    cells = [
        CellView.of(cell, amendments=[AmendmentView.of(entry) for entry in cell.amendments])
        for cell in readings.cells
    ]
    return ReadingsView.of(readings, cells=cells)


@router.get(f"{RECORD}/evaluation", response=EvaluationView, summary="Read the evaluation of a record")
def read_evaluation(request: HttpRequest, calibration_id: UUID) -> Any:
    """Results with U and k, the budget of each point and its validation. Permission `calibration.read`."""
    of_all(request, READ)
    view = record_view(calibration_id, today(utc_now()))
    return EvaluationView.of(
        view,
        digest=view.record.evaluation_digest,
        warnings=list(view.warnings),
        missing=list(view.missing),
    )


@router.get(f"{RECORD}/steps", response=list[StepView], summary="Read the steps of a record")
def read_steps(request: HttpRequest, calibration_id: UUID) -> Any:
    """Who moved the record when, oldest first. Permission `calibration.read`."""
    of_all(request, READ)
    selectors.calibration(calibration_id)
    return [StepView.of(row) for row in selectors.steps_of(calibration_id)]


@router.post(f"{RECORD}/takeover", response=RecordView, summary="Take a draft over from another technician")
def take_over_calibration(request: HttpRequest, calibration_id: UUID, body: Takeover) -> Any:
    """Go on with a draft whose technician cannot; what was entered keeps its person.

    Permission `calibration.take_over`.
    """
    row = verbs.take_over(
        actor=acting(request), calibration_id=calibration_id, reason=body.reason, now=utc_now()
    )
    return RecordView.of(row)


@router.post(f"{RECORD}/submission", response=RecordView, summary="Submit a record for review")
def submit_calibration(request: HttpRequest, calibration_id: UUID, body: Submission) -> Any:
    """Freeze the readings and evaluate them. Permission `calibration.submit`."""
    stored = selectors.calibration(calibration_id)
    row = verbs.submit(
        actor=acting(request),
        calibration_id=calibration_id,
        expected_version=version_read(request, body.version, stored.version, needed=False),
        now=utc_now(),
    )
    return RecordView.of(row)


@router.post(f"{RECORD}/amendments", response=RecordView, summary="Amend a reading after submission")
def amend_reading(request: HttpRequest, calibration_id: UUID, body: ReadingAmendment) -> Any:
    """Amend one reading: old, new, why, who and when are kept, and the record is reviewed anew.

    Permission `calibration.amend_reading`.
    """
    row = verbs.amend_reading(
        actor=acting(request),
        calibration_id=calibration_id,
        entry=_cell(body),
        reason=body.reason,
        now=utc_now(),
    )
    return RecordView.of(row)


@router.post(f"{RECORD}/review", response=RecordView, summary="Pass a record on for approval")
def review_calibration(request: HttpRequest, calibration_id: UUID, body: Review) -> Any:
    """Pass the review (核验); nobody reviews what he calibrated. Permission `calibration.review`."""
    row = verbs.review(
        actor=acting(request), calibration_id=calibration_id, seen_digest=body.seen_digest, now=utc_now()
    )
    return RecordView.of(row)


@router.post(f"{RECORD}/return", response=RecordView, summary="Return a record to its technician")
def return_calibration(request: HttpRequest, calibration_id: UUID, body: Return) -> Any:
    """Return a record, with a reason. Permission `calibration.return`."""
    row = verbs.return_record(
        actor=acting(request), calibration_id=calibration_id, reason=body.reason, now=utc_now()
    )
    return RecordView.of(row)


def _cell(cell: NewCell) -> CellEntry:
    return CellEntry(cell.row, cell.column, cell.text, cell.source)
