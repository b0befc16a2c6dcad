"""The addresses of uncertainty budgets, and their entry in the navigation."""

from __future__ import annotations

from datetime import datetime

from django.urls import path
from django.utils.translation import gettext_noop

from jialiang.base.uncertainty_budgets.selectors import versions_waiting
from jialiang.console.shell import NavEntry, Waiting, register
from jialiang.console.uncertainty_budgets.listing import budgets_of_institute
from jialiang.console.uncertainty_budgets.one import budget_of_institute, version_document, version_page
from jialiang.console.uncertainty_budgets.writing import begin_budget, edit_version
from jialiang.security.actor import Actor
from jialiang.security.policy import allowed


def waiting(actor: Actor, _now: datetime) -> Waiting:
    """Count the versions that wait for a review, for those who may review them."""
    return Waiting(len(versions_waiting()) if allowed(actor, "uncertainty_budget.approve") else 0)


register(
    NavEntry(
        gettext_noop("Uncertainty budgets"),
        "uncertainty_budgets",
        "uncertainty",
        "quantities",
        40,
        roles=frozenset(
            {"technician", "reviewer", "signatory", "standards_keeper", "quality_manager", "auditor"}
        ),
        count=waiting,
    )
)

urlpatterns = [
    path("budgets/", budgets_of_institute, name="uncertainty_budgets"),
    path("budgets/new", begin_budget, name="uncertainty_budget_new"),
    path("budgets/<uuid:budget_id>/", budget_of_institute, name="uncertainty_budget"),
    path("budgets/versions/<uuid:version_id>/", version_page, name="budget_version"),
    path("budgets/versions/<uuid:version_id>/edit", edit_version, name="budget_version_edit"),
    path("budgets/versions/<uuid:version_id>/document", version_document, name="budget_version_document"),
]
