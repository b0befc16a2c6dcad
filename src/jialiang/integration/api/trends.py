"""Trends of what was calibrated, and proposals of calibration intervals from them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import Field

from jialiang.functions import trends as verbs
from jialiang.information.drift import DriftPoint, DriftSeries
from jialiang.information.interval_proposals import IntervalProposal, Wanted
from jialiang.information.trends import Forecast, PointTrend
from jialiang.integration.api.access import acting
from jialiang.integration.api.members import Body, Day, Decimal, View
from jialiang.kernel.clock import utc_now
from jialiang.kernel.text import Text
from jialiang.science.decimal_text import exact_float
from jialiang.security.tenancy.calendar import today

router = Router(tags=["trends"])
Name = Annotated[str, Field(max_length=100)]


class ScopeQuery(Body):
    """Of what: one instrument, or a maker (Chinese name as in the ledger) and one of its models; at which point."""

    instrument_id: UUID | None = None
    manufacturer: Name = ""
    model: Name = ""
    point: Name = ""
    unit: Name = ""


class TrendQuery(ScopeQuery):
    """The day to predict to (today)."""

    on: Day | None = None


class ProposalQuery(ScopeQuery):
    """The share in tolerance at the end of the interval, and the longest interval that the law allows, if known."""

    target: Decimal = "0.95"
    legal_maximum_days: Decimal = ""


class PointView(View):
    """A point of which certificates in force tell, and how many of them."""

    point: str
    unit: str
    results: int


class ResultView(View):
    """What one certificate found, as reported."""

    instrument_id: UUID | None
    certificate_id: UUID
    number: str
    day: date
    deviation: str
    expanded_uncertainty: str
    coverage_factor: str
    maximum_permissible_error: str


class ForecastView(View):
    """What one instrument is expected to show on the day, with its standard uncertainty."""

    instrument_id: UUID | None
    deviation: str
    standard_uncertainty: str


class TrendView(View):
    """The trend at one point; figures in `unit`, `rate_per_year` empty where too little is known."""

    points: list[PointView]
    point: str
    unit: str
    quantity: Text
    verdict: str
    rate_per_year: str
    rate_standard_uncertainty: str
    steps: list[date]
    results: list[ResultView]
    on: date
    forecasts: list[ForecastView]


NOTHING = TrendView(
    points=[],
    point="",
    unit="",
    quantity=Text("", ""),
    verdict="unknown",
    rate_per_year="",
    rate_standard_uncertainty="",
    steps=[],
    results=[],
    on=date.min,
    forecasts=[],
)
"""What is told of a scope of which no certificate in force tells anything."""


class ProposalView(View):
    """One method's proposal in days, empty where it has none; `why_not` says why."""

    method: str
    proposed_days: str
    unbounded_days: str
    held_by: str | None
    evidence: dict[str, Any]
    why_not: Text | None


class SurveyView(View):
    """The proposals, the interval they start from, and the legal maximum that none exceeds; empty where unknown."""

    current_days: str
    legal_maximum_days: str
    legal_from: str
    proposals: list[ProposalView]


@router.get("/trends", response=TrendView, summary="Read the trend of an instrument, a model or a maker")
def read_trend(request: HttpRequest, query: Query[TrendQuery]) -> Any:
    """Drift, steps and prediction from the certificates in force; without a point the one calibrated most often.

    A customer's trends are of the own organization's instruments. Permission `instrument.read`.
    """
    trends, series = _chosen(request, query)
    now = today(utc_now())
    if series is None:
        return NOTHING.model_copy(update={"on": query.on or now})
    on = query.on or max(now, *(point.day for point in series.points))
    return _trend(trends, verbs.expected_on(series, on), on)


@router.get("/interval-proposals", response=SurveyView, summary="Read proposals of a calibration interval")
def read_interval_proposals(request: HttpRequest, query: Query[ProposalQuery]) -> Any:
    """Intervals by A3 and S2 from what was found in tolerance, for one instrument by regression at the point too.

    Permission `instrument.read`.
    """
    trends, series = _chosen(request, query)
    if series is None:
        return SurveyView(current_days="", legal_maximum_days="", legal_from="", proposals=[])
    legal = exact_float(query.legal_maximum_days) if query.legal_maximum_days else None
    survey = verbs.survey_of(trends, series, Wanted(exact_float(query.target), legal))
    days = {name: _figure(getattr(survey, name)) for name in ("current_days", "legal_maximum_days")}
    return SurveyView.of(survey, proposals=[_proposal(each) for each in survey.proposals], **days)


def _chosen(request: HttpRequest, query: ScopeQuery) -> tuple[verbs.Trends, DriftSeries | None]:
    scope = verbs.TrendScope(query.instrument_id, query.manufacturer, query.model)
    trends = verbs.read_trends(actor=acting(request), scope=scope)
    return trends, trends.chosen(query.point, query.unit) if query.point else trends.fullest()


def _trend(trends: verbs.Trends, trend: PointTrend, on: date) -> TrendView:
    series = trend.series
    points = [PointView(point=s.point, unit=s.unit, results=len(s.points)) for s in trends.series]
    return TrendView(
        points=points,
        point=series.point,
        unit=series.unit,
        quantity=series.quantity,
        verdict=trend.verdict,
        rate_per_year=_figure(trend.rate),
        rate_standard_uncertainty=_figure(trend.rate_uncertainty),
        steps=list(trend.steps),
        results=[_result(point) for point in series.points],
        on=on,
        forecasts=[_forecast(each) for each in trend.forecasts],
    )


def _result(point: DriftPoint) -> ResultView:
    found: ResultView = ResultView.of(point)
    return found


def _forecast(forecast: Forecast) -> ForecastView:
    expected = forecast.expected
    return ForecastView(
        instrument_id=forecast.instrument_id,
        deviation=repr(expected.value),
        standard_uncertainty=repr(expected.standard_uncertainty),
    )


def _proposal(proposal: IntervalProposal) -> ProposalView:
    days = {name: _figure(getattr(proposal, name)) for name in ("proposed_days", "unbounded_days")}
    found: ProposalView = ProposalView.of(proposal, **days)
    return found


def _figure(number: float | None) -> str:
    return "" if number is None else repr(number)
