"""The control chart of a measurement standard, from its check observations (期间核查)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from jialiang.base.measurement_standards.errors import TooFewObservations
from jialiang.base.measurement_standards.facts import moment_of
from jialiang.base.measurement_standards.selectors import CheckObservation, check_observations, standard
from jialiang.kernel.text import Text
from jialiang.science.charts.check_standard import CheckStandardChart, baseline_of, check_standard_chart
from jialiang.science.decimal_text import exact_float
from jialiang.science.units import convert

FEWEST = 10


@dataclass(frozen=True, slots=True)
class ControlChart:
    """The chart with what its points stand for: ``labels`` and ``texts`` as entered, ``unit`` of the axis (D-SI)."""

    name: Text
    unit: str
    labels: tuple[str, ...]
    texts: tuple[str, ...]
    chart: CheckStandardChart

    @property
    def latest_is_outside(self) -> bool:
        """Whether the latest observation lies beyond the action limits: the standard should not be used."""
        return len(self.texts) - 1 in self.chart.outside


def control_chart(standard_id: UUID, *, baseline_count: int | None = None) -> ControlChart:
    """Chart a standard's checks in the order of their sequence: two queries.

    Limits come from the first ``baseline_count`` observations (the time when the process was known to be good), or
    from all. Observations in other units are converted into that of the standard. Raises StandardUnknown,
    :class:`TooFewObservations`.
    """
    row = standard(standard_id)
    rows = check_observations(standard_id)
    count = len(rows) if baseline_count is None else baseline_count
    if min(count, len(rows)) < FEWEST:
        raise TooFewObservations(name=row.name, given=min(count, len(rows)), needed=FEWEST)
    values = [in_unit(entry, row.unit) for entry in rows]
    times = [moment_of(entry.observed_on) or 0.0 for entry in rows]
    return ControlChart(
        name=row.name,
        unit=row.unit,
        labels=tuple(entry.observed_on for entry in rows),
        texts=tuple(entry.measured_value for entry in rows),
        chart=check_standard_chart(times, values, baseline_of(values[:count])),
    )


def in_unit(entry: CheckObservation, unit: str) -> float:
    """Return an observation in another unit of its quantity, as a difference. Raises UnitsNotConvertible."""
    if entry.unit == unit:
        return exact_float(entry.measured_value)
    return float(convert(entry.measured_value, source=entry.unit, target=unit, difference=True))
