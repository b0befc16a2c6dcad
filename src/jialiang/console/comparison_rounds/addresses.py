"""The addresses of comparison rounds, and their entry in the navigation."""

from __future__ import annotations

from django.urls import path
from django.utils.translation import gettext_noop

from jialiang.console.comparison_rounds.listing import rounds
from jialiang.console.comparison_rounds.one import round_page
from jialiang.console.comparison_rounds.reporting import report_file, report_page
from jialiang.console.comparison_rounds.writing import cancel, enrol, enter_results, open_round
from jialiang.console.shell import NavEntry, register
from jialiang.security.policy import roles_for

register(
    NavEntry(
        gettext_noop("Comparison rounds"),
        "comparison_rounds",
        "uncertainty",
        "quantities",
        45,
        roles=roles_for("comparison_round.read"),
    )
)

urlpatterns = [
    path("comparisons/", rounds, name="comparison_rounds"),
    path("comparisons/new", open_round, name="comparison_round_new"),
    path("comparisons/<uuid:round_id>/", round_page, name="comparison_round"),
    path("comparisons/<uuid:round_id>/participants", enrol, name="comparison_round_enrol"),
    path("comparisons/<uuid:round_id>/results", enter_results, name="comparison_round_results"),
    path("comparisons/<uuid:round_id>/cancel", cancel, name="comparison_round_cancel"),
    path("comparisons/<uuid:round_id>/report", report_page, name="comparison_round_report"),
    path("comparisons/<uuid:round_id>/report.<str:ending>", report_file, name="comparison_round_file"),
]
