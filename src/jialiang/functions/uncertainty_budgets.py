"""The verbs of an uncertainty budget: create, change, submit, approve, return, withdraw.

A budget is written by one person and reviewed by another. A version in force is never written again: a change makes a
new version, and what was evaluated by an old one stays so.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from jialiang.base.uncertainty_budgets import selectors, services
from jialiang.base.uncertainty_budgets.errors import BudgetChanged, TrialFails
from jialiang.base.uncertainty_budgets.facts import BudgetFacts, VersionFacts
from jialiang.base.uncertainty_budgets.selectors import BudgetVersion
from jialiang.functions.deed import permit, put_on_record
from jialiang.governance.counters.services import take
from jialiang.information.budget_templates.numbers import numbers_as_texts
from jialiang.information.budget_templates.template import read_template, require_fits
from jialiang.information.procedures import procedure
from jialiang.information.science_questions import evaluate_budget
from jialiang.kernel.clock import local_date
from jialiang.kernel.errors import InvalidInput
from jialiang.kernel.ids import new_id
from jialiang.security.actor import Actor
from jialiang.security.tenancy.selectors import tenant

BUDGET_NUMBERS = "uncertainty_budget"
BUDGET_PATTERN = "UB-{year}-{serial:04d}"


@transaction.atomic
def create(*, actor: Actor, facts: BudgetFacts, first: VersionFacts, now: datetime) -> BudgetVersion:
    """Create a budget with its first version, a draft. Event ``uncertainty_budget.created``.

    Raises UnknownProcedure, TemplateUnreadable, NotAnExactTerm, BudgetMember.
    """
    permit(actor, "uncertainty_budget.create")
    checked = _checked(facts.procedure, first)
    budget_id = new_id(now)
    year = local_date(now, tenant(actor.tenant_id).time_zone).year
    code = take(kind=BUDGET_NUMBERS, year=year, pattern=BUDGET_PATTERN, subject_id=budget_id, now=now).number
    row = services.create(code, budget_id, facts, checked, actor=actor, now=now)
    _record(actor, "uncertainty_budget.create", row, now, event="uncertainty_budget.created")
    return row


@transaction.atomic
def change(
    *, actor: Actor, budget_id: UUID, facts: VersionFacts, now: datetime, expected_version: int | None = None
) -> BudgetVersion:
    """Write the draft of a budget, or begin a new version where the last one holds or has ended.

    Raises what :func:`create` raises, BudgetChanged, BudgetWrongState (in review: have it returned), NothingChanged.
    """
    budget = selectors.uncertainty_budget(budget_id)
    permit(actor, "uncertainty_budget.change", budget)
    checked = _checked(budget.procedure, facts)
    row = services.change(budget_id, checked, actor=actor, now=now, expected_version=expected_version)
    _record(actor, "uncertainty_budget.change", row, now)
    return row


@transaction.atomic
def submit(
    *, actor: Actor, version_id: UUID, now: datetime, expected_version: int | None = None
) -> BudgetVersion:
    """Hand a draft to review; it has to be evaluable with its trial numbers. Event ``uncertainty_budget.submitted``.

    Raises TrialFails, BudgetChanged, BudgetWrongState.
    """
    row = selectors.budget_version(version_id)
    permit(actor, "uncertainty_budget.submit", row)
    if expected_version is not None and row.version != expected_version:
        raise BudgetChanged(code=row.budget.code, number=row.number)
    _require_evaluable(row)
    row = services.step(version_id, "uncertainty_budget.submit", actor=actor, now=now)
    _record(actor, "uncertainty_budget.submit", row, now, event="uncertainty_budget.submitted")
    return row


@transaction.atomic
def approve(*, actor: Actor, version_id: UUID, seen_digest: str, now: datetime) -> BudgetVersion:
    """Put a version into force; the one before is superseded. Event ``uncertainty_budget.approved``.

    ``seen_digest`` is that of the version which the reviewer looked at. Raises AuthorApproves, BudgetChanged,
    ScopeTaken, BudgetWrongState.
    """
    seen = selectors.budget_version(version_id)
    permit(actor, "uncertainty_budget.approve", seen)
    services.lock_procedure(seen.budget.procedure)
    row = services.locked(version_id)
    services.require_other_person(row, actor)
    if seen_digest != row.digest:
        raise BudgetChanged(code=row.budget.code, number=row.number)
    services.require_possible(row, "uncertainty_budget.approve")
    services.require_free_scope(row)
    superseded = services.supersede(row.budget_id, actor=actor, now=now)
    row = services.step(version_id, "uncertainty_budget.approve", actor=actor, now=now)
    _record(
        actor, "uncertainty_budget.approve", row, now, event="uncertainty_budget.approved", superseded=superseded
    )
    return row


@transaction.atomic
def return_budget(*, actor: Actor, version_id: UUID, reason: str, now: datetime) -> BudgetVersion:
    """Return a version to its author (``uncertainty_budget.return``). Raises AuthorApproves, BudgetReasonNeeded."""
    row = selectors.budget_version(version_id)
    permit(actor, "uncertainty_budget.return", row)
    services.require_other_person(row, actor)
    row = services.step(version_id, "uncertainty_budget.return", actor=actor, now=now, reason=reason)
    _record(
        actor, "uncertainty_budget.return", row, now, event="uncertainty_budget.returned", reason=reason.strip()
    )
    return row


@transaction.atomic
def withdraw(*, actor: Actor, version_id: UUID, reason: str, now: datetime) -> BudgetVersion:
    """Withdraw a version for good; records evaluated by it keep it. Event ``uncertainty_budget.withdrawn``.

    Raises BudgetReasonNeeded, BudgetWrongState.
    """
    row = selectors.budget_version(version_id)
    permit(actor, "uncertainty_budget.withdraw", row)
    row = services.step(version_id, "uncertainty_budget.withdraw", actor=actor, now=now, reason=reason)
    _record(
        actor, "uncertainty_budget.withdraw", row, now, event="uncertainty_budget.withdrawn", reason=reason.strip()
    )
    return row


def _checked(key: str, facts: VersionFacts) -> VersionFacts:
    """Return the facts with the document as it is stored; refuse one that records of the procedure cannot fill."""
    plan = procedure(key)
    document = numbers_as_texts(facts.document)
    require_fits(read_template(document), plan)
    return replace(facts, document=document)


def _require_evaluable(row: BudgetVersion) -> None:
    try:
        evaluate_budget(row.document)
    except InvalidInput as problem:
        raise TrialFails(code=row.budget.code, number=row.number, reason=problem.what) from problem


def _record(
    actor: Actor, action: str, row: BudgetVersion, now: datetime, *, event: str = "", **detail: object
) -> None:
    said = {"code": row.budget.code, "number": row.number}
    put_on_record(actor, action, row, now, event=event, data=said, digest=row.digest, **said, **detail)
