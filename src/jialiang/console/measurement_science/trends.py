"""Trends of stored calibrations: choose an instrument, a model or a maker, and see drift, steps and intervals."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, gettext_noop, ngettext
from django.views.decorators.http import require_safe

from jialiang.base.instruments.selectors import instruments_by_serial
from jialiang.console.asking import this_day
from jialiang.console.charts.trends import trend_drawing
from jialiang.console.charts.zoom_numbers import trend_numbers
from jialiang.console.charts.zoomable import zoomable
from jialiang.console.figures import readable, significant
from jialiang.console.measurement_science.wording import sentence
from jialiang.console.numbers import on_screen
from jialiang.console.requests import who
from jialiang.console.scope_of_reading import own_or_all
from jialiang.console.shell import page, thing_url
from jialiang.console.units import symbol_of
from jialiang.console.wording import in_words, reading_language
from jialiang.functions.trends import (
    READ,
    Trends,
    TrendScope,
    expected_on,
    read_models,
    read_trends,
    survey_of,
)
from jialiang.information.drift import DriftSeries
from jialiang.information.interval_proposals import IntervalProposal, Survey, Wanted
from jialiang.information.trends import PointTrend
from jialiang.kernel.errors import InvalidInput
from jialiang.science.decimal_text import exact_float

A_YEAR = timedelta(days=365)
MOST_FORECASTS = 50
METHODS = {
    "A3": gettext_noop("Method A3: share found in tolerance at the present interval"),
    "S2": gettext_noop("Method S2: reliability over time"),
    "variables": gettext_noop("Regression of the deviation at this point"),
    "staircase": gettext_noop("Staircase from the latest calibration"),
}
HELD = {
    "legal_maximum": gettext_noop("held by the legal maximum"),
    "maximum": gettext_noop("held by the longest interval"),
    "minimum": gettext_noop("held by the shortest interval"),
}
LEGAL = {
    "given": gettext_noop("as typed here"),
    "certificate": gettext_noop("from a certificate of legal verification"),
    "present_interval": gettext_noop("the present interval: verification is compulsory and no other limit is known"),
}
EVIDENCE = {
    "n": gettext_noop("calibrations"),
    "in_tolerance": gettext_noop("found in tolerance"),
    "interval_days": gettext_noop("interval / d"),
    "observed_reliability": gettext_noop("share in tolerance"),
    "times": gettext_noop("times / d"),
    "best": gettext_noop("model"),
    "days": gettext_noop("days between"),
    "delta": gettext_noop("changes found"),
    "error": gettext_noop("deviation"),
    "mpe": gettext_noop("maximum permissible error"),
    "step": gettext_noop("step of the rule"),
}


@login_required
@require_safe
def trends(request: HttpRequest) -> HttpResponse:
    """Show what ``?instrument=`` or ``?maker=&model=`` say at ``?point=&unit=`` to the day ``?on=``."""
    actor = who(request)
    models = read_models(actor=actor)
    asked = {name: request.GET.get(name, "").strip()[:100] for name in ("serial", "maker", "model", "on")}
    asked |= {name: request.GET.get(name, "").strip()[:60] for name in ("target", "legal", "point", "unit")}
    context: dict[str, Any] = {
        "asked": asked,
        "makers": sorted({each.manufacturer for each in models}),
        "models": sorted({each.model for each in models}),
        "instrument": _instrument_id(request),
    }
    if asked["serial"]:
        found = instruments_by_serial(asked["serial"], own_or_all(actor, READ))
        context |= {"found": found, "looked_for": True}
        if len(found) == 1:
            context["instrument"] = found[0].id
    status = 200
    scope = _scope(context["instrument"], asked)
    if scope is not None:
        try:
            context |= _answered(read_trends(actor=actor, scope=scope), asked)
        except InvalidInput as problem:
            context["fault"], status = sentence(problem), 422
    return page(request, "measurement_science/trends.html", context, status=status)


def _scope(instrument_id: UUID | None, asked: Mapping[str, str]) -> TrendScope | None:
    """Return whose trends are asked for: an instrument's before a model's; None where neither is named."""
    if instrument_id is not None:
        return TrendScope(instrument_id, "", "")
    return TrendScope(None, asked["maker"], asked["model"]) if asked["maker"] else None


def _instrument_id(request: HttpRequest) -> UUID | None:
    with suppress(ValueError):
        return UUID(request.GET.get("instrument", ""))
    return None


def _answered(found: Trends, asked: dict[str, str]) -> dict[str, Any]:
    context: dict[str, Any] = {"trends": found, "alone": next(iter(found.instruments.values()), None)}
    fullest = found.fullest()
    if len(found.instruments) != 1:
        context["alone"] = None
    if fullest is None:
        return context
    series = found.chosen(asked["point"], asked["unit"]) if asked["point"] else fullest
    latest = max(point.day for point in series.points)
    on = _day(asked["on"]) or max(latest, this_day()) + A_YEAR
    trend = expected_on(series, on)
    target = exact_float(asked["target"]) if asked["target"] else 0.95
    legal = exact_float(asked["legal"]) if asked["legal"] else None
    survey = survey_of(found, series, Wanted(target, legal))
    unit = symbol_of(series.unit)
    verdict = _verdict(trend, unit)
    label = f"{_title(series, unit)}: {verdict}"
    return context | {
        "series": series,
        "unit": unit,
        "on": on,
        "verdict": verdict,
        "state": {"steady": "passed", "unknown": "not_checked"}.get(trend.verdict, "warning"),
        "chart": zoomable(
            trend_drawing(trend, unit, on, label=label, language=reading_language()),
            trend_numbers(trend, unit, on, _names(found), label=label),
        ),
        "forecasts": _forecasts(trend, found),
        "survey": survey,
        "legal_from": gettext(LEGAL[survey.legal_from]) if survey.legal_from else "",
        "proposals": _proposals(survey),
        "rows": [(point, _name(found, point.instrument_id)) for point in series.points],
    }


def _day(text: str) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(text)
    return None


def _title(series: DriftSeries, unit: str) -> str:
    return f"{in_words(series.quantity)} @ {on_screen(series.point)} {unit}".strip()


def _verdict(trend: PointTrend, unit: str) -> str:
    """Return the verdict in words, with the figures that it rests on."""
    count = len({point.instrument_id for point in trend.series.points})
    results = {"n": len(trend.series.points), "m": count}
    parts = [
        ngettext("%(n)s results of %(m)s instrument.", "%(n)s results of %(m)s instruments.", count) % results
    ]
    if trend.verdict == "step":
        days = ", ".join(day.isoformat() for day in trend.steps)
        parts.append(
            gettext("The level changed by %(days)s: a step explains the results better than a drift.")
            % {"days": days}
        )
    if trend.rate is None or trend.rate_uncertainty is None:
        parts.append(gettext("Too few calibrations to tell a drift."))
        return " ".join(parts)
    facts = {
        "rate": on_screen(significant(repr(trend.rate), 2), signed=True),
        "u": on_screen(significant(repr(trend.rate_uncertainty), 2)),
        "unit": unit,
    }
    said = {
        "drift": gettext("It drifts: %(rate)s %(unit)s a year, standard uncertainty %(u)s %(unit)s a year."),
        "step": gettext(
            "Drift told apart from it: %(rate)s %(unit)s a year, standard uncertainty %(u)s %(unit)s a year."
        ),
    }
    steady = gettext("No drift can be told: %(rate)s %(unit)s a year, standard uncertainty %(u)s %(unit)s a year.")
    parts.append(said.get(trend.verdict, steady) % facts)
    return " ".join(parts)


def _forecasts(trend: PointTrend, found: Trends) -> list[dict[str, Any]]:
    """Return the lines of what is expected, the largest deviations first."""
    ordered = sorted(trend.forecasts, key=lambda each: -abs(each.expected.value))
    lines = []
    for each in ordered[:MOST_FORECASTS]:
        expanded = significant(repr(2 * each.expected.standard_uncertainty), 2)
        places = len(expanded.partition(".")[2])
        limit = each.last.maximum_permissible_error
        reach = abs(each.expected.value) + 2 * each.expected.standard_uncertainty
        lines.append(
            {
                "name": _name(found, each.instrument_id),
                "url": thing_url("instrument", each.instrument_id) if each.instrument_id else "",
                "expected": f"{each.expected.value:.{places}f}",
                "expanded": expanded,
                "limit": limit,
                "is_within": reach <= abs(exact_float(limit)) if limit else None,
            }
        )
    return lines


def _names(found: Trends) -> dict[object, str]:
    return {instrument_id: row.serial_number for instrument_id, row in found.instruments.items()}


def _name(found: Trends, instrument_id: UUID | None) -> str:
    row = found.instruments.get(instrument_id) if instrument_id else None
    return row.serial_number if row else "—"


def _proposals(survey: Survey) -> list[dict[str, Any]]:
    return [
        {
            "method": gettext(METHODS[each.method]),
            "days": f"{each.proposed_days:.0f}" if each.proposed_days is not None else "",
            "months": f"{each.proposed_days / 30.4375:.1f}" if each.proposed_days is not None else "",
            "held": gettext(HELD[each.held_by]) if each.held_by else "",
            "evidence": _evidence(each),
            "why_not": each.why_not,
        }
        for each in survey.proposals
    ]


def _evidence(proposal: IntervalProposal) -> str:
    return "; ".join(
        f"{gettext(EVIDENCE[name])}: {_shown(value)}" for name, value in proposal.evidence.items() if name in EVIDENCE
    )


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_shown(each) for each in value)
    return on_screen(readable(value, 4)) if isinstance(value, float) else str(value)
