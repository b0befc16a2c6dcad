"""What the certificates of instruments say about each point over the years: for drift charts and trends."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from jialiang.base.certificates.selectors import certificates_with_records
from jialiang.information.certificate_results import words
from jialiang.kernel.text import Text
from jialiang.science.decimal_text import exact_float
from jialiang.science.rounding import as_decimal
from jialiang.vocabulary.statuses import WorkKind

MOST_CERTIFICATES = 2000
_FROM_REFERENCE = "delta_standard"
_QUANTITIES = {
    "thermometer_line": "column.correction",
    "repeated_comparison": "column.error",
    "mass_comparison": "column.deviation",
}


@dataclass(frozen=True, slots=True)
class DriftPoint:
    """One certificate's word on a point: decimal texts as reported, U with its k.

    ``from_reference`` is the part of u that comes from the standard's certificate; ``valid_days`` how long a
    certificate of legal verification holds, None of any other.
    """

    certificate_id: UUID
    number: str
    day: date
    deviation: str
    expanded_uncertainty: str
    coverage_factor: str
    maximum_permissible_error: str
    conformity: str
    instrument_id: UUID | None = None
    standard_uncertainty: float = 0.0
    from_reference: float = 0.0
    valid_days: int | None = None

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
    """Return a series for each point of one instrument, ascending: one query."""
    return drift_of_many([instrument_id])


def drift_of_many(instrument_ids: Iterable[UUID]) -> tuple[DriftSeries, ...]:
    """Return a series for each point, ascending, each oldest first, of the latest 2000 certificates: one query.

    Certificates that were superseded, withdrawn or voided do not count; a point in another unit or found by another
    procedure is a series of its own.
    """
    found: dict[tuple[str, str, str], DriftSeries] = {}
    for issued in reversed(certificates_with_records(instrument_ids, most=MOST_CERTIFICATES)):
        record = issued.calibration
        evaluation = record.evaluation or {}
        for point in evaluation.get("points", []):
            key = (point["point"], evaluation["unit"], record.procedure)
            quantity = words(_QUANTITIES[record.procedure])
            series = found.setdefault(key, DriftSeries(point["point"], evaluation["unit"], quantity))
            series.points.append(_drift_point(issued, record.end_date or issued.issue_date, point))
    for series in found.values():
        series.points.sort(key=lambda each: each.day)
    return tuple(sorted(found.values(), key=lambda series: as_decimal(series.point)))


def _drift_point(issued: Any, day: date, point: dict[str, Any]) -> DriftPoint:
    expanded, factor = point["expanded_uncertainty"], point["coverage_factor"]
    exact = point.get("combined_standard_uncertainty")
    is_legal = issued.kind == WorkKind.LEGAL_VERIFICATION and issued.due_date is not None
    return DriftPoint(
        certificate_id=issued.id,
        number=issued.number,
        day=day,
        deviation=point["deviation"],
        expanded_uncertainty=expanded,
        coverage_factor=factor,
        maximum_permissible_error=point["maximum_permissible_error"],
        conformity=point["conformity"],
        instrument_id=issued.instrument_id,
        standard_uncertainty=float(exact) if exact else exact_float(expanded) / exact_float(factor),
        from_reference=_from_reference(point),
        valid_days=(issued.due_date - day).days + 1 if is_legal else None,
    )


def _from_reference(point: dict[str, Any]) -> float:
    shares = (each for each in point.get("contributions", ()) if each["symbol"] == _FROM_REFERENCE)
    return max((abs(float(each["contribution"])) for each in shares), default=0.0)
