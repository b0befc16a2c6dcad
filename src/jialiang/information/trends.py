"""The trend at one point of one instrument, or of many alike: verdict, rate, days of change, values to be expected."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from jialiang.information.drift import DriftPoint, DriftSeries
from jialiang.science.decimal_text import exact_float
from jialiang.science.fit import Prediction
from jialiang.science.trend import Calibrated, CommonDrift, Trend, Verdict, common_drift, trend_of

DAYS_OF_A_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class Forecast:
    """What one instrument will show on a day, in the unit of the series."""

    instrument_id: UUID | None
    last: DriftPoint
    expected: Prediction


@dataclass(frozen=True, slots=True)
class PointTrend:
    """The trend of a series: ``rate`` and its u per year (None where too little is known), ``steps`` the days of the
    first calibrations after a change of level, ``found`` what it was taken from."""

    series: DriftSeries
    verdict: Verdict
    rate: float | None
    rate_uncertainty: float | None
    steps: tuple[date, ...]
    forecasts: tuple[Forecast, ...]
    found: Trend | CommonDrift

    @property
    def is_of_one(self) -> bool:
        """Whether all results are of one instrument."""
        return isinstance(self.found, Trend)


def trend_at(series: DriftSeries, on: date) -> PointTrend:
    """Return the trend of a series with what is expected on a day; instruments' own levels are told apart."""
    histories = by_instrument(series.points)
    calibrated = {key: [calibration_of(point) for point in points] for key, points in histories.items()}
    lasts = {key: points[-1] for key, points in histories.items()}
    if len(histories) == 1:
        (history,) = calibrated.values()
        return _of_one(series, trend_of(history), lasts, on)
    return _of_many(series, common_drift(list(calibrated.values())), lasts, on)


def by_instrument(points: Iterable[DriftPoint]) -> dict[UUID | None, list[DriftPoint]]:
    """Return the points of each instrument, each oldest first."""
    found: dict[UUID | None, list[DriftPoint]] = {}
    for point in sorted(points, key=lambda each: each.day):
        found.setdefault(point.instrument_id, []).append(point)
    return found


def calibration_of(point: DriftPoint) -> Calibrated:
    """Return a certificate's result as the fit takes it, its day counted from the beginning of the calendar."""
    return Calibrated(
        float(point.day.toordinal()),
        exact_float(point.deviation),
        point.standard_uncertainty,
        point.from_reference,
    )


def _of_one(series: DriftSeries, found: Trend, lasts: dict[UUID | None, DriftPoint], on: date) -> PointTrend:
    rate = found.line.rate if found.line else None
    ordered = sorted(series.points, key=lambda each: each.day)
    expected = found.on(on.toordinal())
    return PointTrend(
        series=series,
        verdict=found.verdict,
        rate=rate.rate * DAYS_OF_A_YEAR if rate else None,
        rate_uncertainty=rate.standard_uncertainty * DAYS_OF_A_YEAR if rate else None,
        steps=tuple(ordered[at].day for at in found.partition.change_points) if found.partition else (),
        forecasts=tuple(Forecast(key, last, expected) for key, last in lasts.items() if expected),
        found=found,
    )


def _of_many(
    series: DriftSeries, found: CommonDrift, lasts: dict[UUID | None, DriftPoint], on: date
) -> PointTrend:
    curve = found.model.curve if found.model else None
    steps = found.partition.change_points if found.partition else ()
    expected = ((key, last, found.on(on.toordinal(), calibration_of(last))) for key, last in lasts.items())
    return PointTrend(
        series=series,
        verdict=found.verdict,
        rate=curve.coefficients[0] * DAYS_OF_A_YEAR if curve else None,
        rate_uncertainty=curve.standard_uncertainties[0] * DAYS_OF_A_YEAR if curve else None,
        steps=tuple(dict.fromkeys(date.fromordinal(int(found.days[at])) for at in steps)),
        forecasts=tuple(Forecast(key, last, value) for key, last, value in expected if value),
        found=found,
    )
