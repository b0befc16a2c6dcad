"""Uncertainty budgets of the institute: versions, their review, and the templates in them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status
from pydantic import Field

from jialiang.base.uncertainty_budgets import selectors
from jialiang.base.uncertainty_budgets.facts import BudgetFacts, VersionFacts
from jialiang.functions import uncertainty_budgets as verbs
from jialiang.information.budget_templates.difference import changes_between
from jialiang.information.budget_templates.shipped_templates import shipped_template
from jialiang.integration.api.access import acting, done, of_all
from jialiang.integration.api.conditions import remember_version, version_read
from jialiang.integration.api.members import Bilingual, Body, Decimal, Version, View
from jialiang.integration.api.paging import Listed, PageQuery, listed
from jialiang.kernel.clock import utc_now
from jialiang.kernel.text import Text
from jialiang.vocabulary.statuses import BudgetState

router = Router(tags=["uncertainty budgets"])
READ = "uncertainty_budget.read"
BUDGET = "/uncertainty-budgets/{uuid:budget_id}"
VERSION = "/budget-versions/{uuid:version_id}"


class VersionBody(Body):
    """What a version says: where it holds (decimal texts in `unit`), its template, and why it was changed."""

    unit: Annotated[str, Field(max_length=60)]
    minimum: Decimal = ""
    maximum: Decimal = ""
    quantity_kind: Annotated[str, Field(max_length=60)] = ""
    document: dict[str, Any]
    change_note: Annotated[str, Field(max_length=400)] = ""


class NewBudget(VersionBody):
    """A budget with its first version."""

    name: Bilingual
    procedure: Annotated[str, Field(max_length=40)]


class BudgetChange(VersionBody):
    """A draft written again, or the next version; `version` is that of the version which was read."""

    version: Version = None


class BudgetSubmission(Body):
    """The version that its author looked at."""

    version: Version = None


class BudgetApproval(Body):
    """`seen_digest` is the digest of the version that the reviewer looked at."""

    seen_digest: Annotated[str, Field(max_length=64)]


class BudgetReason(Body):
    """Why a version is returned or withdrawn."""

    reason: Annotated[str, Field(max_length=400)]


class BudgetVersionView(View):
    """A version: scope, document with its digest, state, who wrote and who approved it."""

    id: UUID
    budget_id: UUID
    number: int
    state: str
    quantity_kind: str
    unit: str
    minimum: str
    maximum: str
    document: dict[str, Any]
    digest: str
    change_note: str
    written_by: Text
    written_at: datetime
    submitted_at: datetime | None
    approved_by: Text
    approved_at: datetime | None
    ended_at: datetime | None
    version: int


class BudgetView(View):
    """A budget and the states of its versions, the newest first."""

    id: UUID
    code: str
    name: Text
    procedure: str
    created_at: datetime
    versions: list[dict[str, Any]]


class BudgetStepView(View):
    """Who moved which version when, from where to where, and why."""

    number: int
    at: datetime
    action: str
    from_state: str
    to_state: str
    person_name: str
    reason: str


class ChangedMemberView(View):
    """A member of the template that differs from the version before; empty where it is not."""

    path: str
    before: str
    after: str


class BudgetQuery(PageQuery):
    """What a list of budgets is narrowed by."""

    text: str = ""
    procedure: Annotated[str, Field(max_length=40)] = ""
    state: BudgetState | None = None


@router.get("/uncertainty-budgets", response=Listed[BudgetView], summary="List uncertainty budgets")
def list_uncertainty_budgets(
    request: HttpRequest, response: HttpResponse, query: Query[BudgetQuery]
) -> Any:
    """Budgets, newest first; `state` is that of one of their versions. Permission `uncertainty_budget.read`."""
    of_all(request, READ)
    found = selectors.uncertainty_budgets(
        text=query.text,
        procedure=query.procedure,
        state=query.state or "",
        after=query.after,
        size=query.limit,
    )
    return listed(request, response, found, _budget)


@router.post("/uncertainty-budgets", response={201: BudgetView}, summary="Create an uncertainty budget")
def create_uncertainty_budget(request: HttpRequest, response: HttpResponse, body: NewBudget) -> Any:
    """Create a budget with its first version, a draft. Permission `uncertainty_budget.create`."""
    facts = BudgetFacts(name=body.name, procedure=body.procedure)
    row = verbs.create(actor=acting(request), facts=facts, first=_facts(body), now=utc_now())
    response["Location"] = f"{request.path}/{row.budget_id}"
    return Status(201, _budget(row.budget))


@router.get(BUDGET, response=BudgetView, summary="Read an uncertainty budget")
def read_uncertainty_budget(request: HttpRequest, budget_id: UUID) -> Any:
    """One budget with the states of its versions. Permission `uncertainty_budget.read`."""
    of_all(request, READ)
    return _budget(selectors.uncertainty_budget(budget_id))


@router.post(f"{BUDGET}/versions", response=BudgetVersionView, summary="Change an uncertainty budget")
def change_uncertainty_budget(request: HttpRequest, budget_id: UUID, body: BudgetChange) -> Any:
    """Write the draft again; where the last version holds or has ended, a new one is begun.

    Permission `uncertainty_budget.change`.
    """
    newest = selectors.versions_of(selectors.uncertainty_budget(budget_id).id)[0]
    row = verbs.change(
        actor=acting(request),
        budget_id=budget_id,
        facts=_facts(body),
        expected_version=version_read(request, body.version, newest.version, needed=False),
        now=utc_now(),
    )
    return BudgetVersionView.of(row)


@router.get(f"{BUDGET}/steps", response=list[BudgetStepView], summary="Read the history of a budget")
def read_budget_steps(request: HttpRequest, budget_id: UUID) -> Any:
    """Who moved which version when, oldest first. Permission `uncertainty_budget.read`."""
    of_all(request, READ)
    selectors.uncertainty_budget(budget_id)
    steps = selectors.budget_steps(budget_id)
    return [BudgetStepView.of(row, number=row.budget_version.number) for row in steps]


@router.get(VERSION, response=BudgetVersionView, summary="Read a version of a budget")
def read_budget_version(request: HttpRequest, version_id: UUID) -> Any:
    """One version with its document. Permission `uncertainty_budget.read`."""
    of_all(request, READ)
    row = selectors.budget_version(version_id)
    remember_version(request, row.version)
    return BudgetVersionView.of(row)


@router.get(
    f"{VERSION}/difference", response=list[ChangedMemberView], summary="Compare a version with the one before"
)
def read_budget_difference(request: HttpRequest, version_id: UUID) -> Any:
    """Every member of the template that differs from the version before. Permission `uncertainty_budget.read`."""
    of_all(request, READ)
    row = selectors.budget_version(version_id)
    before = selectors.version_before(row)
    found = changes_between(before.document if before else {}, row.document)
    return [ChangedMemberView.of(change) for change in found]


@router.get(
    "/procedures/{slug:procedure}/budget-template",
    response=dict[str, Any],
    summary="Read the shipped template of a procedure",
)
def read_shipped_template(request: HttpRequest, procedure: str) -> Any:
    """The template to begin with; it gives the digits of the procedure. Permission `uncertainty_budget.read`."""
    of_all(request, READ)
    return shipped_template(procedure)


@router.post(f"{VERSION}/submission", response=BudgetVersionView, summary="Submit a budget for review")
def submit_budget(request: HttpRequest, version_id: UUID, body: BudgetSubmission) -> Any:
    """Hand a draft to review, once it can be evaluated by its trial numbers. Permission `uncertainty_budget.submit`."""
    stored = selectors.budget_version(version_id)
    expected = version_read(request, body.version, stored.version, needed=False)
    return BudgetVersionView.of(done(request, verbs.submit, version_id=version_id, expected_version=expected))


@router.post(f"{VERSION}/release", response=BudgetVersionView, summary="Put a budget into force")
def approve_budget(request: HttpRequest, version_id: UUID, body: BudgetApproval) -> Any:
    """Put a version into force; whoever wrote it does not. Permission `uncertainty_budget.approve`."""
    row = done(request, verbs.approve, version_id=version_id, seen_digest=body.seen_digest)
    return BudgetVersionView.of(row)


@router.post(f"{VERSION}/return", response=BudgetVersionView, summary="Return a budget to its author")
def return_budget(request: HttpRequest, version_id: UUID, body: BudgetReason) -> Any:
    """Return a version, with a reason. Permission `uncertainty_budget.return`."""
    return BudgetVersionView.of(done(request, verbs.return_budget, version_id=version_id, reason=body.reason))


@router.post(f"{VERSION}/retraction", response=BudgetVersionView, summary="Withdraw a version of a budget")
def withdraw_budget(request: HttpRequest, version_id: UUID, body: BudgetReason) -> Any:
    """Withdraw a version; records evaluated by it keep it. Permission `uncertainty_budget.withdraw`."""
    return BudgetVersionView.of(done(request, verbs.withdraw, version_id=version_id, reason=body.reason))


def _facts(body: VersionBody) -> VersionFacts:
    return VersionFacts(**{name: getattr(body, name) for name in VersionBody.model_fields})


def _budget(row: selectors.UncertaintyBudget) -> Any:
    members = ("id", "number", "state", "unit", "minimum", "maximum", "digest")
    versions = [{name: getattr(version, name) for name in members} for version in row.versions.all()]
    return BudgetView.of(row, versions=sorted(versions, key=lambda version: -version["number"]))
