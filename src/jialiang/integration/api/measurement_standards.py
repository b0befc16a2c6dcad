"""Measurement standards, their certificates and their checks."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Query, Router, Status
from ninja.files import UploadedFile
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from jialiang.base.measurement_standards import selectors
from jialiang.base.measurement_standards.facts import CertificateFacts, CheckFacts, StandardFacts
from jialiang.formats.canonical import to_plain
from jialiang.functions import measurement_standards as verbs
from jialiang.information.control_charts import control_chart
from jialiang.integration.api.access import acting, of_all
from jialiang.integration.api.conditions import remember_version
from jialiang.integration.api.members import Body, Day, View, facts_from, members_of, view_of
from jialiang.integration.api.paging import Listed, PageQuery, listed
from jialiang.integration.api.problems import BodyUnreadable
from jialiang.kernel.clock import utc_now
from jialiang.kernel.text import Text
from jialiang.science.charts.check_standard import CheckStandardChart
from jialiang.vocabulary.statuses import StandardLevel, StandardState

router = Router(tags=["measurement standards"])
READ = "measurement_standard.read"
FOUND_OUT = ("form", "digest_procedure", "digest", "stored_digest", "signature_findings")
STANDARD = "/measurement-standards/{uuid:standard_id}"


@members_of(StandardFacts)
class NewStandard(Body):
    """A measurement standard; it carries no work until it has a certificate."""

    level: StandardLevel


@members_of(CertificateFacts, without=(*FOUND_OUT, "measured_values"))
class NewStandardCertificate(Body):
    """What a certificate on paper or in a PDF says; a DCC is uploaded and says it itself."""

    measured_values: tuple[dict[str, Annotated[str, Field(max_length=60)]], ...] = ()


@members_of(CheckFacts)
class NewCheck(Body):
    """One check observation, as read."""


class NewChecks(Body):
    """Check observations in their order, recorded in one act."""

    observations: Annotated[tuple[NewCheck, ...], Field(min_length=1, max_length=1000)]


class Suspension(Body):
    """Why a standard is taken out of use, or taken into use again."""

    reason: Annotated[str, Field(max_length=200)]


class DigitalCertificateForm(BaseModel):
    """What a digital certificate does not always say itself."""

    model_config = ConfigDict(extra="forbid")

    valid_until: Day | None = None


class DocumentForm(BaseModel):
    """What the PDF says, as the JSON of a new standard certificate."""

    model_config = ConfigDict(extra="forbid")

    facts: Annotated[str, Field(max_length=100_000)]


@view_of(StandardFacts)
class StandardView(View):
    """A measurement standard."""

    id: UUID
    state: str
    state_reason: str
    created_at: datetime
    version: int


class StandardCertificateView(View):
    """A certificate of a standard; `upward` is the reference to the one above it, `signature_findings` of a DCC."""

    id: UUID
    number: str
    issuer: Text
    form: str
    digest_procedure: str
    digest: str
    expanded_uncertainty: str
    coverage_factor: str
    unit: str
    measured_values: list[dict[str, str]]
    valid_from: date
    valid_until: date
    upward: dict[str, Any] | None
    signature_findings: dict[str, Any]


@view_of(CheckFacts)
class CheckView(View):
    """A check observation with its place in the history."""

    id: UUID
    sequence: int
    person_name: str
    entered_at: datetime


class ControlChartView(View):
    """The control chart: its limits as texts of the computed numbers, its points as entered."""

    name: Text
    unit: str
    labels: list[str]
    texts: list[str]
    centre: str
    standard_deviation: str
    warning_limits: list[str]
    action_limits: list[str]
    warned: list[int]
    outside: list[int]
    drift_per_year: str
    drift_is_significant: bool
    latest_is_outside: bool


class StandardQuery(PageQuery):
    """What a list of standards is narrowed by."""

    text: str = ""
    state: StandardState | None = None


@router.get("/measurement-standards", response=Listed[StandardView], summary="List measurement standards")
def list_standards(request: HttpRequest, response: HttpResponse, query: Query[StandardQuery]) -> Any:
    """Standards, newest first; `text` is looked for in names and numbers. Permission `measurement_standard.read`."""
    of_all(request, READ)
    found = selectors.standards(text=query.text, state=query.state or "", after=query.after, size=query.limit)
    return listed(request, response, found, StandardView.of)


@router.post(
    "/measurement-standards", response={201: StandardView}, summary="Register a measurement standard"
)
def register_standard(request: HttpRequest, response: HttpResponse, body: NewStandard) -> Any:
    """Register a standard; work with it needs a certificate in force. Permission `measurement_standard.register`."""
    row = verbs.register(actor=acting(request), facts=facts_from(StandardFacts, body), now=utc_now())
    response["Location"] = f"{request.path}/{row.id}"
    return Status(201, StandardView.of(row))


@router.get(STANDARD, response=StandardView, summary="Read a measurement standard")
def read_standard(request: HttpRequest, standard_id: UUID) -> Any:
    """One standard with its state. Permission `measurement_standard.read`."""
    of_all(request, READ)
    row = selectors.standard(standard_id)
    remember_version(request, row.version)
    return StandardView.of(row)


@router.get(
    f"{STANDARD}/certificates",
    response=list[StandardCertificateView],
    summary="List the certificates of a standard",
)
def list_standard_certificates(request: HttpRequest, standard_id: UUID) -> Any:
    """The certificates of a standard, latest validity first. Permission `measurement_standard.read`."""
    of_all(request, READ)
    selectors.standard(standard_id)
    return [_certificate(row) for row in selectors.certificates_of(standard_id)]


@router.post(
    f"{STANDARD}/certificates", response={201: StandardCertificateView}, summary="Add a certificate on paper"
)
def add_paper_certificate(request: HttpRequest, standard_id: UUID, body: NewStandardCertificate) -> Any:
    """Add a certificate from what its paper says. Permission `measurement_standard.add_certificate`."""
    row = verbs.add_certificate(
        actor=acting(request), standard_id=standard_id, facts=_facts(body), now=utc_now()
    )
    return Status(201, _certificate(row))


@router.post(
    f"{STANDARD}/digital-certificates",
    response={201: StandardCertificateView},
    summary="Upload a digital certificate",
)
def add_digital_certificate(
    request: HttpRequest, standard_id: UUID, file: File[UploadedFile], form: Form[DigitalCertificateForm]
) -> Any:
    """Upload a DCC: values, U, k, validity and the link upward are read from it, and its signature is examined.

    `valid_until` is needed where the file gives no due date. Permission `measurement_standard.add_certificate`.
    """
    row = verbs.add_digital_certificate(
        actor=acting(request),
        standard_id=standard_id,
        xml=file.read(),
        valid_until=form.valid_until,
        now=utc_now(),
    )
    return Status(201, _certificate(row))


@router.post(
    f"{STANDARD}/documents", response={201: StandardCertificateView}, summary="Upload a certificate as PDF"
)
def add_document(
    request: HttpRequest, standard_id: UUID, file: File[UploadedFile], form: Form[DocumentForm]
) -> Any:
    """Upload a PDF with what it says (`facts`, JSON as for paper); it is kept with its SHA-256.

    Permission `measurement_standard.add_certificate`.
    """
    try:
        body = NewStandardCertificate.model_validate_json(form.facts)
    except ValidationError as fault:
        raise BodyUnreadable(reason=f"facts: {fault.error_count()} ×") from fault
    row = verbs.add_certificate(
        actor=acting(request), standard_id=standard_id, facts=_facts(body), file=file.read(), now=utc_now()
    )
    return Status(201, _certificate(row))


@router.get(f"{STANDARD}/checks", response=list[CheckView], summary="List the checks of a standard")
def list_checks(request: HttpRequest, standard_id: UUID) -> Any:
    """The check observations in their order, as entered. Permission `measurement_standard.read`."""
    of_all(request, READ)
    selectors.standard(standard_id)
    return [CheckView.of(row) for row in selectors.check_observations(standard_id)]


@router.post(f"{STANDARD}/checks", response={201: list[CheckView]}, summary="Record checks of a standard")
def record_checks(request: HttpRequest, standard_id: UUID, body: NewChecks) -> Any:
    """Record check observations (期间核查), as entered. Permission `measurement_standard.record_check`."""
    observations = [facts_from(CheckFacts, entry) for entry in body.observations]
    added = verbs.record_checks(
        actor=acting(request), standard_id=standard_id, observations=observations, now=utc_now()
    )
    return Status(201, [CheckView.of(row) for row in added])


@router.get(f"{STANDARD}/control-chart", response=ControlChartView, summary="Read the control chart")
def read_control_chart(
    request: HttpRequest,
    standard_id: UUID,
    baseline: Annotated[
        int | None, Query(ge=10, le=100_000, description="Observations that set the limits.")
    ] = None,
) -> Any:
    """The control chart of a standard's checks, in its unit. Permission `measurement_standard.read`."""
    of_all(request, READ)
    drawn = control_chart(standard_id, baseline_count=baseline)
    return ControlChartView.of(drawn, **_limits(drawn.chart), latest_is_outside=drawn.latest_is_outside)


@router.post(f"{STANDARD}/suspension", response=StandardView, summary="Take a standard out of use")
def suspend_standard(request: HttpRequest, standard_id: UUID, body: Suspension) -> Any:
    """Take a standard out of use, with a reason: work with it stops. Permission `measurement_standard.suspend`."""
    row = verbs.suspend(actor=acting(request), standard_id=standard_id, reason=body.reason, now=utc_now())
    return StandardView.of(row)


@router.post(f"{STANDARD}/resumption", response=StandardView, summary="Take a standard into use again")
def resume_standard(request: HttpRequest, standard_id: UUID, body: Suspension) -> Any:
    """End a suspension, with a reason. Permission `measurement_standard.resume`."""
    row = verbs.resume(actor=acting(request), standard_id=standard_id, reason=body.reason, now=utc_now())
    return StandardView.of(row)


def _facts(body: Any) -> CertificateFacts:
    return facts_from(CertificateFacts, body)


def _certificate(row: Any) -> Any:
    view = selectors.certificate_view(row)
    upward = to_plain(view.upward) if view.upward else None
    return StandardCertificateView.of(view, upward=upward, measured_values=list(view.measured_values))


def _limits(chart: CheckStandardChart) -> dict[str, Any]:
    """Return the computed numbers as texts: the shortest that read back to the same bits."""
    return {
        "centre": repr(chart.baseline.centre),
        "standard_deviation": repr(chart.baseline.standard_deviation),
        "warning_limits": [repr(limit) for limit in chart.warning_limits],
        "action_limits": [repr(limit) for limit in chart.action_limits],
        "warned": list(chart.warned),
        "outside": list(chart.outside),
        "drift_per_year": repr(chart.drift.slope),
        "drift_is_significant": chart.drift_is_significant,
    }
