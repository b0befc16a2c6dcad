"""What a budget takes from the past: the scatter of earlier records, and a standard's value from its certificates.

Both are gathered once, when a record is evaluated, and stored with the evaluation: recomputing needs no past.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from jialiang.base.calibrations.selectors import Calibration, earlier_records, standards_used
from jialiang.base.measurement_standards.selectors import StandardCertificate, certificates_of, ends_on
from jialiang.base.readings.selectors import readings_of
from jialiang.base.readings.views import Readings
from jialiang.information.budget_templates.exact_terms import exact_quantity
from jialiang.information.budget_templates.in_use import TemplateInUse, chosen, is_same_unit
from jialiang.information.budget_templates.template import TemplateInput, read_template
from jialiang.kernel.errors import InvalidInput
from jialiang.science.decimal_text import exact_float, read_decimal
from jialiang.science.rounding import as_decimal
from jialiang.science.stability.drift import drift_of_history
from jialiang.science.type_a import pooled_deviation, repeatability
from jialiang.science.units import are_convertible, convert

Gathered = Mapping[str, Mapping[str, str]]
MOST_RECORDS = 12
FEWEST_CERTIFICATES = 3


@dataclass(frozen=True, slots=True)
class _Series:
    """The readings of one record, its points and its parameters."""

    readings: Readings
    points: tuple[str, ...]
    parameters: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Said:
    """What one certificate of a standard said about a point: measured minus nominal value, and its u."""

    number: str
    valid_from: date
    deviation: Decimal
    uncertainty: float


def gathered_key(template: TemplateInUse, symbol: str, point: str) -> str:
    """Return the name under which the fact of an input at a point is kept."""
    return f"{template.version_id}/{symbol}/{point}"


def gathered_facts(
    record: Calibration, templates: Iterable[TemplateInUse], unit: str, points: Iterable[str]
) -> dict[str, dict[str, str]]:
    """Return what the templates take from earlier records and certificates, by input and point."""
    found: dict[str, dict[str, str]] = {}
    known = tuple(templates)
    past = _Past(record, unit)
    for point in points:
        template = chosen(known, point)
        if template is None:
            continue
        for item in read_template(template.document).inputs:
            facts = past.of(item, point)
            if facts:
                found[gathered_key(template, item.symbol, point)] = facts
    return found


def names_at(point: str, parameters: Mapping[str, str]) -> dict[str, str]:
    """Return the names that a quantity of the readings may use beside its columns.

    The conventional mass of a standard weight that is not stated is the nominal one, the point itself.
    """
    return {"point": point, "standard_value": point} | {key: text for key, text in parameters.items() if text}


class _Past:
    """Reads the past of one record, each part of it at most once."""

    def __init__(self, record: Calibration, unit: str) -> None:
        self._record, self._unit = record, unit
        self._series: dict[str, list[_Series]] = {}
        self._certificates: list[StandardCertificate] | None = None

    def of(self, item: TemplateInput, point: str) -> dict[str, str]:
        """Return the facts of an input at a point; nothing where its source is not the past, or there is none."""
        if item.source is None:
            return {}
        if item.source.kind == "readings" and item.source.words["scatter"] == "history":
            return self._scatter(item.source.words, point)
        return self._standard_value(point) if item.source.kind == "standard_value" else {}

    def _scatter(self, words: Mapping[str, str], point: str) -> dict[str, str]:
        """Pool s of every earlier record at this point, weighted by its degrees of freedom."""
        of = words["of"]
        if of not in self._series:
            self._series[of] = self._earlier(of)
        series = [_values_at(entry, words["quantity"], point) for entry in self._series[of]]
        found = [repeatability([Fraction(t) for t in texts]) for texts in series if len(texts) > 1]
        if not found:
            return {}
        pooled = pooled_deviation([r.standard_deviation for r in found], [r.degrees_of_freedom for r in found])
        nu = pooled.degrees_of_freedom
        return {"s": repr(pooled.standard_deviation), "dof": repr(nu), "records": str(len(found))}

    def _earlier(self, of: str) -> list[_Series]:
        records = earlier_records(self._record, of_instrument=of == "instrument", most=MOST_RECORDS)
        return [
            _Series(readings_of(r.reading_set_id), tuple(r.points), r.parameters)
            for r in records
            if r.evaluation and is_same_unit(r.evaluation["unit"], self._unit)
        ]

    def _standard_value(self, point: str) -> dict[str, str]:
        """Carry the deviation of the standard to the day of use, by the line through three or more certificates.

        With fewer the last certificate alone speaks, and the drift is another input.
        """
        day = self._record.end_date or self._record.begin_date or self._record.created_at.date()
        told = [(c, _told(c, point, self._unit)) for c in self._valid(day)]
        known = [_Said(c.number, c.valid_from, *value) for c, value in told if value is not None]
        if len(known) >= FEWEST_CERTIFICATES:
            return _on_the_line(known, day)
        if not known:
            return {}
        last = known[-1]
        return {"value": str(last.deviation), "u": repr(last.uncertainty), "certificates": last.number}

    def _valid(self, day: date) -> list[StandardCertificate]:
        """Return the reference standard's certificates that had begun by a day and were not revoked, oldest first."""
        if self._certificates is None:
            used = next(u for u in standards_used(self._record.id) if u.is_reference)
            self._certificates = certificates_of(used.standard_id)[::-1]
        return [c for c in self._certificates if c.valid_from <= day and ends_on(c) >= c.valid_from]


def _on_the_line(known: list[_Said], day: date) -> dict[str, str]:
    """Predict the deviation on a day from the line through what several certificates said."""
    first = known[0].valid_from
    history = drift_of_history(
        [float((said.valid_from - first).days) for said in known],
        [float(said.deviation) for said in known],
        [said.uncertainty for said in known],
    )
    found = history.on(float((day - first).days))
    names = ", ".join(said.number for said in known)
    return {"value": repr(found.value), "u": repr(found.standard_uncertainty), "certificates": names}


def _values_at(series: _Series, quantity: str, point: str) -> list[str]:
    """Return the values of a quantity at a point of an earlier record; rows with an empty cell are left out."""
    labels = series.readings.layout.get("row_points", [])
    names = names_at(point, series.parameters)
    found = []
    for row, label in enumerate(labels, start=1):
        cells = {key: series.readings.cell(row, key) for key in series.readings.columns}
        if as_decimal(label) == as_decimal(point) and all(cell and cell.text for cell in cells.values()):
            texts = {key: cell.text for key, cell in cells.items() if cell}
            found.append(exact_quantity(quantity, names | texts))
    return found


def _told(certificate: StandardCertificate, point: str, unit: str) -> tuple[Decimal, float] | None:
    """Return measured minus nominal and its u, in ``unit``, where a certificate speaks of the point."""
    if not are_convertible(certificate.unit, unit):
        return None
    for entry in certificate.measured_values:
        try:
            nominal, measured = read_decimal(entry["nominal"]).number, read_decimal(entry["measured"]).number
        except InvalidInput:
            continue
        if convert(nominal, source=certificate.unit, target=unit) == as_decimal(point):
            deviation = _width(measured - nominal, certificate.unit, unit)
            expanded = _width(read_decimal(entry["expanded_uncertainty"]).number, certificate.unit, unit)
            return deviation, float(expanded) / exact_float(entry["coverage_factor"])
    return None


def _width(number: Decimal, source: str, target: str) -> Decimal:
    return convert(number, source=source, target=target, difference=True)

