"""Reading uncertainty budgets and their versions, of the institute in scope."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from jialiang.base.uncertainty_budgets.errors import BudgetUnknown
from jialiang.base.uncertainty_budgets.models import (
    BudgetStep as BudgetStep,
)
from jialiang.base.uncertainty_budgets.models import (
    BudgetVersion as BudgetVersion,
)
from jialiang.base.uncertainty_budgets.models import (
    UncertaintyBudget as UncertaintyBudget,
)
from jialiang.security.tenancy.paging import DEFAULT_SIZE, Page, page
from jialiang.vocabulary.statuses import BudgetState


def uncertainty_budget(budget_id: UUID) -> UncertaintyBudget:
    """Return one budget: one query by primary key. Raises :class:`BudgetUnknown`."""
    found = UncertaintyBudget.objects.filter(pk=budget_id).first()
    if found is None:
        raise BudgetUnknown(wanted=str(budget_id))
    return found


def uncertainty_budgets(
    *, text: str = "", procedure: str = "", state: str = "", after: str = "", size: int = DEFAULT_SIZE
) -> Page[UncertaintyBudget]:
    """Return a page of budgets, newest first, their versions at hand: two queries."""
    rows = _matching(text, procedure, state).prefetch_related(
        Prefetch("versions", BudgetVersion.objects.order_by("-number"))
    )
    return page(rows, after=after, size=size)


def count_uncertainty_budgets(*, text: str = "", procedure: str = "", state: str = "") -> int:
    """Count what :func:`uncertainty_budgets` lists: one query."""
    return _matching(text, procedure, state).count()


def versions_of(budget_id: UUID) -> list[BudgetVersion]:
    """Return the versions of a budget, the newest first: one query by ``budget_version_once``."""
    return list(BudgetVersion.objects.select_related("budget").filter(budget_id=budget_id).order_by("-number"))


def budget_version(version_id: UUID) -> BudgetVersion:
    """Return one version with its budget: one query by primary key. Raises :class:`BudgetUnknown`."""
    found = BudgetVersion.objects.select_related("budget").filter(pk=version_id).first()
    if found is None:
        raise BudgetUnknown(wanted=str(version_id))
    return found


def budget_versions(version_ids: Iterable[UUID]) -> list[BudgetVersion]:
    """Return versions by their ids, with their budgets, by code: one query by primary key."""
    found = BudgetVersion.objects.select_related("budget").filter(pk__in=list(version_ids))
    return list(found.order_by("budget__code", "number"))


def version_before(row: BudgetVersion) -> BudgetVersion | None:
    """Return the version that held before a given one, else the one numbered before it: one query."""
    earlier = BudgetVersion.objects.select_related("budget").filter(budget_id=row.budget_id, number__lt=row.number)
    known = list(earlier.order_by("-number"))
    held = (version for version in known if version.approved_at is not None)
    return next(held, known[0] if known else None)


def versions_in_force(procedure: str) -> list[BudgetVersion]:
    """Return the versions in force for a procedure, by code: one query, index (tenant, state)."""
    found = BudgetVersion.objects.select_related("budget").filter(
        state=BudgetState.IN_FORCE, budget__procedure=procedure
    )
    return list(found.order_by("budget__code"))


def versions_waiting() -> list[BudgetVersion]:
    """Return the versions in review, the oldest first: one query, index (tenant, state)."""
    found = BudgetVersion.objects.select_related("budget").filter(state=BudgetState.IN_REVIEW)
    return list(found.order_by("submitted_at", "id"))


def budget_steps(budget_id: UUID) -> list[BudgetStep]:
    """Return who moved the versions of a budget when and why, oldest first: one query by foreign keys."""
    found = BudgetStep.objects.select_related("budget_version").filter(budget_version__budget_id=budget_id)
    return list(found.order_by("at", "id"))


def _matching(text: str, procedure: str, state: str) -> QuerySet[UncertaintyBudget]:
    rows = UncertaintyBudget.objects.all()
    if procedure:
        rows = rows.filter(procedure=procedure)
    if state:
        rows = rows.filter(pk__in=BudgetVersion.objects.filter(state=state).values("budget_id"))
    if wanted := text.strip():
        rows = rows.filter(Q(code__icontains=wanted) | Q(name_zh__icontains=wanted) | Q(name_en__icontains=wanted))
    return rows
