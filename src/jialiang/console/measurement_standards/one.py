"""The page of one standard: what carries it, what was found about its signature, its checks on a chart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_noop

from jialiang.base.measurement_standards.errors import TooFewObservations
from jialiang.base.measurement_standards.selectors import (
    certificate_view,
    certificates_of,
    check_observations,
    ends_on,
    standard,
    standard_view,
)
from jialiang.base.measurement_standards.views import StandardCertificateView
from jialiang.console.asking import this_day
from jialiang.console.charts.control import control_chart_drawing
from jialiang.console.figures import significant
from jialiang.console.measurement_standards.listing import look
from jialiang.console.numbers import on_screen
from jialiang.console.requests import who
from jialiang.console.scope_of_reading import may
from jialiang.console.shell import page, thing_url
from jialiang.console.units import symbol_of
from jialiang.console.wording import in_words
from jialiang.functions.deed import permit
from jialiang.information.control_charts import FEWEST, ControlChart, control_chart
from jialiang.kernel.text import Text
from jialiang.security.accounts.selectors import name_of
from jialiang.vocabulary.statuses import StandardLevel, StandardState, label

SHOWN_CHECKS = 12
QUESTIONS = {
    "integrity": gettext_noop("Nothing in it was changed since it was signed"),
    "signer": gettext_noop("The signature names its certificate"),
    "chain": gettext_noop("The signer's certificate leads to a root we trust"),
    "time": gettext_noop("It was valid when it signed"),
    "revocation": gettext_noop("It was not revoked"),
}
OUTCOMES = {"ok": "passed", "warning": "warning", "failed": "failed"}


@dataclass(frozen=True, slots=True)
class Examined:
    """One question about a signature: its outcome as a state of checks, the sentence, what was found."""

    state: str
    question: str
    found: Text


@dataclass(frozen=True, slots=True)
class CertificateLine:
    """A certificate of the standard with its last day and what was found about its signature."""

    view: StandardCertificateView
    ends: date
    is_carrying: bool
    is_revoked: bool
    unit: str
    checks: list[Examined]


@dataclass(frozen=True, slots=True)
class Charted:
    """The control chart and the sentence that it tells."""

    drawing: SafeString
    finding: str
    state: str


@login_required
def measurement_standard(request: HttpRequest, standard_id: UUID) -> HttpResponse:
    """Show one standard; ``?checks=all`` shows every observation."""
    actor, on = who(request), this_day()
    row = standard(standard_id)
    permit(actor, "measurement_standard.read", row)
    lines = [_line(each, on) for each in certificates_of(row.id)]
    carrying = next((line for line in lines if line.is_carrying), None)
    newest = carrying or next((line for line in lines if line.view.valid_from <= on), None)
    checks = list(reversed(check_observations(row.id)))
    whole = request.GET.get("checks") == "all"
    context = {
        "row": row,
        "view": standard_view(row.id),
        "level": in_words(label(StandardLevel(row.level))),
        "unit": symbol_of(row.unit),
        "keeper": in_words(name_of(row.keeper_id)),
        "look": look(row.state, newest.ends if newest else None, on),
        "lines": lines,
        "newest": newest,
        "chart": _charted(row, len(checks)),
        "checks": checks if whole else checks[:SHOWN_CHECKS],
        "more_checks": 0 if whole else max(len(checks) - SHOWN_CHECKS, 0),
        "fewest": FEWEST,
        "chain_url": thing_url("measurement_standard_chain", row.id),
        "may_add": row.state != StandardState.RETIRED
        and may(actor, "measurement_standard.add_certificate", row),
        "may_check": row.state != StandardState.RETIRED
        and may(actor, "measurement_standard.record_check", row),
        "may_suspend": row.state == StandardState.IN_USE and may(actor, "measurement_standard.suspend", row),
        "may_resume": row.state == StandardState.SUSPENDED and may(actor, "measurement_standard.resume", row),
    }
    return page(request, "measurement_standards/one.html", context)


def _line(row: Any, on: date) -> CertificateLine:
    ends = ends_on(row)
    return CertificateLine(
        view=certificate_view(row),
        ends=ends,
        is_carrying=row.valid_from <= on <= ends,
        is_revoked=row.revoked_at is not None,
        unit=symbol_of(row.unit),
        checks=_examined(row.signature_findings),
    )


def _examined(findings: dict[str, Any]) -> list[Examined]:
    return [
        Examined(
            OUTCOMES.get(findings[key]["outcome"], "not_checked"),
            gettext(question),
            Text.from_json(findings[key]["what"]),
        )
        for key, question in QUESTIONS.items()
        if isinstance(findings.get(key), dict)
    ]


def _charted(row: Any, count: int) -> Charted | None:
    if count < FEWEST:
        return None
    try:
        found = control_chart(row.id)
    except TooFewObservations:
        return None
    unit = symbol_of(found.unit)
    finding, state = _finding(found, unit)
    axis = gettext("Time of the check in years (upwards: value / %(unit)s)") % {"unit": unit}
    return Charted(control_chart_drawing(found.chart, label=finding, axis=axis), finding, state)


def _finding(found: ControlChart, unit: str) -> tuple[str, str]:
    chart = found.chart
    facts = {
        "count": len(chart.observations),
        "outside": len(chart.outside),
        "slope": on_screen(significant(chart.drift.slope, 2), signed=True),
        "u": on_screen(significant(chart.drift.slope_standard_uncertainty, 2)),
        "unit": unit,
    }
    parts = [
        gettext("%(count)s checks, %(outside)s beyond the limits of three standard deviations.") % facts,
        gettext("Drift %(slope)s %(unit)s a year, standard uncertainty %(u)s %(unit)s a year.") % facts,
    ]
    if found.latest_is_outside:
        parts.append(gettext("The latest lies outside: do not work with it before this is explained."))
        return " ".join(parts), "failed"
    if chart.drift_is_significant:
        parts.append(gettext("The drift is more than twice its uncertainty."))
        return " ".join(parts), "warning"
    return " ".join(parts), "passed"
