"""The budgets of the institute as templates: those in force for a procedure, and those that a record names."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from jialiang.base.uncertainty_budgets.selectors import BudgetVersion, budget_versions, versions_in_force
from jialiang.information.budget_templates.in_use import TemplateInUse, chosen, is_same_unit


def templates_for(procedure: str, unit: str, points: Iterable[str]) -> tuple[TemplateInUse, ...]:
    """Return the templates in force that hold for one of the points, in the unit of the record: one query."""
    known = [template_of(row) for row in versions_in_force(procedure) if is_same_unit(row.unit, unit)]
    needed = {template.version_id for point in points if (template := chosen(known, point)) is not None}
    return tuple(template for template in known if template.version_id in needed)


def templates_by_id(version_ids: Iterable[str]) -> tuple[TemplateInUse, ...]:
    """Return the versions that a stored evaluation names, whatever became of them since: at most one query."""
    wanted = [UUID(version_id) for version_id in version_ids]
    return tuple(template_of(row) for row in budget_versions(wanted)) if wanted else ()


def template_of(row: BudgetVersion) -> TemplateInUse:
    """Return a version as a plain value."""
    return TemplateInUse(
        version_id=str(row.id),
        code=row.budget.code,
        number=row.number,
        digest=row.digest,
        unit=row.unit,
        minimum=row.minimum,
        maximum=row.maximum,
        document=row.document,
    )
