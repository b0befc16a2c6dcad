"""What the certificates of an instrument say about one point over the years, for its drift chart."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from jialiang.base.calibrations.selectors import calibration
from jialiang.base.certificates.selectors import certificates_of_instrument
from jialiang.information.certificate_results import words
from jialiang.kernel.text import Text
from jialiang.science.rounding import as_decimal
from jialiang.vocabulary.statuses import CertificateState

COUNTING = (CertificateState.IN_FORCE, CertificateState.ISSUING)
_QUANTITIES = {
    "thermometer_line": "column.correction",
    "repeated_comparison": "column.error",
    "mass_comparison": "column.deviation",
}


@dataclass(frozen=True, slots=True)
class DriftPoint:
    """One certificate's word on a point: decimal texts as reported, U with its k."""

    certificate_id: UUID
    number: str
    day: date
    deviation: str
    expanded_uncertainty: str
    coverage_factor: str
    maximum_permissible_error: str
    conformity: str

    @property
    def margin(self) -> str:
        """What is left between |deviation| and the limit as decimal text, empty where there is no limit."""
        if not self.maximum_permissible_error:
            return ""
        return str(as_decimal(self.maximum_permissible_error) - abs(as_decimal(self.deviation)))


@dataclass(frozen=True, slots=True)
class DriftSeries:
    """The deviations at one point, oldest first; ``point`` and all figures are in ``unit`` (D-SI)."""

    point: str
    unit: str
    quantity: Text
    points: list[DriftPoint] = field(default_factory=list)


def drift_of(instrument_id: UUID) -> tuple[DriftSeries, ...]:
    """Return a series for each point, ascending: one query, and one for each certificate that counts.

    Certificates that were superseded, withdrawn or voided do not count; a point in another unit or found by another
    procedure is a series of its own.
    """
    found: dict[tuple[str, str, str], DriftSeries] = {}
    for issued in reversed(certificates_of_instrument(instrument_id)):
        if issued.state not in COUNTING:
            continue
        record = calibration(issued.calibration_id)
        evaluation = record.evaluation or {}
        for point in evaluation.get("points", []):
            key = (point["point"], evaluation["unit"], record.procedure)
            quantity = words(_QUANTITIES[record.procedure])
            series = found.setdefault(key, DriftSeries(point["point"], evaluation["unit"], quantity))
            series.points.append(_drift_point(issued, record.end_date or issued.issue_date, point))
    return tuple(sorted(found.values(), key=lambda series: as_decimal(series.point)))


def _drift_point(issued: Any, day: date, point: dict[str, Any]) -> DriftPoint:
    return DriftPoint(
        certificate_id=issued.id,
        number=issued.number,
        day=day,
        deviation=point["deviation"],
        expanded_uncertainty=point["expanded_uncertainty"],
        coverage_factor=point["coverage_factor"],
        maximum_permissible_error=point["maximum_permissible_error"],
        conformity=point["conformity"],
    )
