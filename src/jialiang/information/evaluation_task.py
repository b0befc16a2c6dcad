"""What has to be evaluated: a record's stored texts as one frozen value, gathered from the base."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Context, Decimal
from typing import Any

from jialiang.base.calibrations.errors import NoReferenceStandard, StandardOfAnotherQuantity
from jialiang.base.calibrations.selectors import calibration, standards_used
from jialiang.base.readings.selectors import readings_of
from jialiang.base.readings.views import Readings
from jialiang.formats.canonical import canonical_json, sha256_hex
from jialiang.information.procedures import procedure
from jialiang.kernel.text import Text
from jialiang.science.decimal_text import read_decimal
from jialiang.science.rounding import plain_text
from jialiang.science.units import are_convertible, convert, display_unit


@dataclass(frozen=True, slots=True)
class StandardInUse:
    """The reference standard of a record: U and k of its certificate, its drift, and what it covers.

    U is in ``certificate_unit``, drift and ends of the measuring interval are in ``unit``, as their keeper wrote them.
    """

    serial_number: str
    certificate_number: str
    expanded_uncertainty: str
    coverage_factor: str
    certificate_unit: str
    unit: str
    drift_half_width: str
    minimum: str
    maximum: str

    def expressed_in(self, unit: str) -> StandardInUse:
        """Return the same standard with every figure in another unit of its quantity, for computing.

        What is in that unit already keeps its digits. Raises StandardOfAnotherQuantity.
        """
        require_same_quantity(self.serial_number, self.unit, unit)
        require_same_quantity(self.serial_number, self.certificate_unit, unit)
        return replace(
            self,
            expanded_uncertainty=_width_in(unit, self.expanded_uncertainty, self.certificate_unit),
            drift_half_width=_width_in(unit, self.drift_half_width, self.unit),
            minimum=_point_in(unit, self.minimum, self.unit),
            maximum=_point_in(unit, self.maximum, self.unit),
            certificate_unit=unit,
            unit=unit,
        )


@dataclass(frozen=True, slots=True)
class EvaluationTask:
    """Everything that an evaluation depends on, as decimal texts; equal tasks give equal evaluations.

    ``maximum_permissible_error`` is the half-width without its sign ±, empty where none is stated.
    """

    procedure: str
    unit: str
    readings: Readings
    points: tuple[str, ...]
    parameters: dict[str, str]
    standard: StandardInUse
    displayed_resolution: str
    maximum_permissible_error: str
    decision_rule: str

    @property
    def readings_digest(self) -> str:
        """SHA-256 of the canonical JSON of the cells as they stand, amendments included."""
        cells = [[c.row, c.column, c.text, len(c.amendments)] for c in self.readings.cells]
        return sha256_hex(canonical_json({"layout": self.readings.layout, "cells": cells}))

    def inputs_plain(self) -> dict[str, Any]:
        """Return what the evaluation used beside the readings, for the record."""
        standard = self.standard
        return {
            "standard": {
                "serial_number": standard.serial_number,
                "certificate_number": standard.certificate_number,
                "expanded_uncertainty": standard.expanded_uncertainty,
                "coverage_factor": standard.coverage_factor,
                "certificate_unit": standard.certificate_unit,
                "unit": standard.unit,
                "drift_half_width": standard.drift_half_width,
            },
            "displayed_resolution": self.displayed_resolution,
            "maximum_permissible_error": self.maximum_permissible_error,
            "decision_rule": self.decision_rule,
            "parameters": dict(self.parameters),
        }


def task_of(calibration_id: Any) -> EvaluationTask:
    """Gather the task of a record: seven queries. Raises NoReferenceStandard, UnknownProcedure."""
    record = calibration(calibration_id)
    instrument, commission = record.item.instrument, record.item.commission
    used = next((u for u in standards_used(record.id) if u.is_reference), None)
    if used is None:
        raise NoReferenceStandard()
    standard = StandardInUse(
        serial_number=used.standard.serial_number,
        certificate_number=used.certificate.number,
        expanded_uncertainty=used.certificate.expanded_uncertainty,
        coverage_factor=used.certificate.coverage_factor,
        certificate_unit=used.certificate.unit,
        unit=used.standard.unit,
        drift_half_width=used.standard.drift_half_width,
        minimum=used.standard.measuring_interval_minimum,
        maximum=used.standard.measuring_interval_maximum,
    )
    return EvaluationTask(
        procedure=procedure(record.procedure).key,
        unit=instrument.unit or used.standard.unit,
        readings=readings_of(record.reading_set_id),
        points=tuple(record.points),
        parameters=dict(record.parameters),
        standard=standard,
        displayed_resolution=instrument.displayed_resolution,
        maximum_permissible_error=instrument.maximum_permissible_error.lstrip("±").strip(),
        decision_rule=commission.decision_rule,
    )


def require_same_quantity(serial_number: str, standard_unit: str, instrument_unit: str) -> None:
    """Refuse a standard whose unit cannot be converted to the instrument's: it measures another quantity.

    An instrument without a unit takes the standard's. Raises StandardOfAnotherQuantity, and what reading a unit raises.
    """
    if instrument_unit and not are_convertible(standard_unit, instrument_unit):
        raise StandardOfAnotherQuantity(
            serial_number=serial_number, standard_unit=_shown(standard_unit), instrument_unit=_shown(instrument_unit)
        )


def _width_in(unit: str, text: str, source: str) -> str:
    """Return an uncertainty or a half-width in another unit: 0.1 °C is 0.1 K."""
    if not text or convert(1, source=source, target=unit, difference=True) == 1:
        return text
    return str(_rounded(convert(read_decimal(text).number, source=source, target=unit, difference=True)))


def _point_in(unit: str, text: str, source: str) -> str:
    """Return an end of a measuring interval in another unit: 0 °C is 273.15 K."""
    if not text or source == unit:
        return text
    return plain_text(_rounded(convert(read_decimal(text).number, source=source, target=unit)))


def _rounded(number: Decimal) -> Decimal:
    """Cut a conversion that never ends (seconds to minutes) to more digits than a float holds."""
    return Context(prec=20).plus(number)


def _shown(unit: str) -> Text:
    return Text(display_unit(unit, "zh"), display_unit(unit, "en"))
