"""The addresses of the desk over measurement science, and its entry in the navigation."""

from __future__ import annotations

from django.urls import path
from django.utils.translation import gettext_noop

from jialiang.console.measurement_science.budgets import budget
from jialiang.console.measurement_science.desk import desk
from jialiang.console.measurement_science.gauge import gauge
from jialiang.console.measurement_science.questions import question
from jialiang.console.measurement_science.risk import risk
from jialiang.console.measurement_science.trends import trends
from jialiang.console.shell import NavEntry, register

register(
    NavEntry(
        gettext_noop("Uncertainty and decisions"),
        "measurement_science",
        "uncertainty",
        "quantities",
        50,
        roles=frozenset(
            {"technician", "reviewer", "signatory", "standards_keeper", "quality_manager", "auditor"}
        ),
    )
)

urlpatterns = [
    path("science/", desk, name="measurement_science"),
    path("science/budget", budget, name="science_budget"),
    path("science/gauge", gauge, name="science_gauge"),
    path("science/risk", risk, name="science_risk"),
    path("science/trends", trends, name="science_trends"),
    path("science/<slug:group>/<slug:key>", question, name="science_question"),
]
