"""What has to be evaluated: a record's stored texts as one frozen value, gathered from the base."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Context, Decimal
from typing import Any

from jialiang.base.calibrations.errors import NoReferenceStandard, StandardOfAnotherQuantity
from jialiang.base.calibrations.selectors import Calibration, CalibrationStandard, calibration, standards_used
from jialiang.base.readings.selectors import readings_of
from jialiang.base.readings.views import Readings
from jialiang.formats.canonical import canonical_json, sha256_hex
from jialiang.information.budget_facts import Gathered, gathered_facts
from jialiang.information.budget_templates.in_force import templates_by_id, templates_for
from jialiang.information.budget_templates.in_use import TemplateInUse, chosen
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
            expanded_uncertainty=width_in(unit, self.expanded_uncertainty, self.certificate_unit),
            drift_half_width=width_in(unit, self.drift_half_width, self.unit),
            minimum=point_in(unit, self.minimum, self.unit),
            maximum=point_in(unit, self.maximum, self.unit),
            certificate_unit=unit,
            unit=unit,
        )


@dataclass(frozen=True, slots=True)
class EvaluationTask:
    """Everything that an evaluation depends on, as decimal texts; equal tasks give equal evaluations.

    ``maximum_permissible_error`` is the half-width without its sign ±, empty where none is stated. ``templates`` are
    the budgets that hold for the record; a point that none of them covers is evaluated the way of its procedure.
    ``environment``, ``other_standards`` and ``gathered`` (facts from earlier records and certificates, by input and
    point) are what templates may ask for beside the rest.
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
    templates: tuple[TemplateInUse, ...] = ()
    environment: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    other_standards: tuple[StandardInUse, ...] = ()
    gathered: Gathered = field(default_factory=dict)

    def template_for(self, point: str) -> TemplateInUse | None:
        """Return the budget that a point is evaluated by, None where its procedure says it."""
        return chosen(self.templates, point)

    @property
    def readings_digest(self) -> str:
        """SHA-256 of the canonical JSON of the cells as they stand, amendments included."""
        cells = [[c.row, c.column, c.text, len(c.amendments)] for c in self.readings.cells]
        return sha256_hex(canonical_json({"layout": self.readings.layout, "cells": cells}))

    def inputs_plain(self) -> dict[str, Any]:
        """Return what the evaluation used beside the readings, for the record."""
        plain = {
            "standard": _standard_plain(self.standard),
            "displayed_resolution": self.displayed_resolution,
            "maximum_permissible_error": self.maximum_permissible_error,
            "decision_rule": self.decision_rule,
            "parameters": dict(self.parameters),
        }
        if not self.templates:
            return plain
        return plain | {
            "templates": [template.plain() for template in self.templates],
            "environment": {name: dict(span) for name, span in self.environment.items()},
            "other_standards": [_standard_plain(standard) for standard in self.other_standards],
            "gathered": {key: dict(facts) for key, facts in self.gathered.items()},
        }


def task_of(calibration_id: Any) -> EvaluationTask:
    """Gather the task of a record as it is evaluated now, by the budgets that are in force.

    Nine queries, and those of earlier records that a budget takes its scatter or its drift from. Raises
    NoReferenceStandard, UnknownProcedure.
    """
    record, task = _without_templates(calibration_id)
    task = replace(task, templates=templates_for(task.procedure, task.unit, task.points))
    return replace(task, gathered=gathered_facts(record, task.templates, task.unit, task.points))


def task_as_evaluated(calibration_id: Any) -> EvaluationTask:
    """Gather the task of a record as it was evaluated: by the versions and gathered facts that its evaluation names.

    What has been put into force, approved or added since changes nothing. A record that was never evaluated is
    gathered as :func:`task_of` does.
    """
    record, task = _without_templates(calibration_id)
    if not record.evaluation:
        return task_of(calibration_id)
    inputs = record.evaluation["inputs"]
    ids = [template["id"] for template in inputs.get("templates", [])]
    return replace(task, templates=templates_by_id(ids), gathered=inputs.get("gathered", {}))


def _without_templates(calibration_id: Any) -> tuple[Calibration, EvaluationTask]:
    record = calibration(calibration_id)
    instrument, commission = record.item.instrument, record.item.commission
    standards = standards_used(record.id)
    used = next((u for u in standards if u.is_reference), None)
    if used is None:
        raise NoReferenceStandard()
    return record, EvaluationTask(
        procedure=procedure(record.procedure).key,
        unit=instrument.unit or used.standard.unit,
        readings=readings_of(record.reading_set_id),
        points=tuple(record.points),
        parameters=dict(record.parameters),
        standard=_in_use(used),
        displayed_resolution=instrument.displayed_resolution,
        maximum_permissible_error=instrument.maximum_permissible_error.lstrip("±").strip(),
        decision_rule=commission.decision_rule,
        environment=dict(record.environment),
        other_standards=tuple(_in_use(other) for other in standards if not other.is_reference),
    )


def _in_use(used: CalibrationStandard) -> StandardInUse:
    return StandardInUse(
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


def _standard_plain(standard: StandardInUse) -> dict[str, str]:
    return {
        "serial_number": standard.serial_number,
        "certificate_number": standard.certificate_number,
        "expanded_uncertainty": standard.expanded_uncertainty,
        "coverage_factor": standard.coverage_factor,
        "certificate_unit": standard.certificate_unit,
        "unit": standard.unit,
        "drift_half_width": standard.drift_half_width,
    }


def require_same_quantity(serial_number: str, standard_unit: str, instrument_unit: str) -> None:
    """Refuse a standard whose unit cannot be converted to the instrument's: it measures another quantity.

    An instrument without a unit takes the standard's. Raises StandardOfAnotherQuantity, and what reading a unit raises.
    """
    if instrument_unit and not are_convertible(standard_unit, instrument_unit):
        raise StandardOfAnotherQuantity(
            serial_number=serial_number, standard_unit=_shown(standard_unit), instrument_unit=_shown(instrument_unit)
        )


def width_in(unit: str, text: str, source: str) -> str:
    """Return an uncertainty or a half-width in another unit: 0.1 °C is 0.1 K."""
    if not text or convert(1, source=source, target=unit, difference=True) == 1:
        return text
    return str(_rounded(convert(read_decimal(text).number, source=source, target=unit, difference=True)))


def point_in(unit: str, text: str, source: str) -> str:
    """Return an end of a measuring interval in another unit: 0 °C is 273.15 K."""
    if not text or source == unit:
        return text
    return plain_text(_rounded(convert(read_decimal(text).number, source=source, target=unit)))


def _rounded(number: Decimal) -> Decimal:
    """Cut a conversion that never ends (seconds to minutes) to more digits than a float holds."""
    return Context(prec=20).plus(number)


def _shown(unit: str) -> Text:
    return Text(display_unit(unit, "zh"), display_unit(unit, "en"))
