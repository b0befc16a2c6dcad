"""The sources of a template's inputs: readings, line, certificates, drift, display, surroundings, parameters, point.

Each takes the place, the input and the unit that the input is in, and returns what it gives, or None where the
calibration does not have it. Numbers are the texts of the record; nothing is rounded on the way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from jialiang.information.budget_facts import gathered_key, names_at
from jialiang.information.budget_templates.exact_terms import exact_quantity
from jialiang.information.budget_templates.template import TemplateInput
from jialiang.information.evaluation_task import StandardInUse, point_in, width_in
from jialiang.information.template_evaluation.place import Bound, Place
from jialiang.science.calibration_line import GROUP
from jialiang.science.rounding import as_decimal, plain_text
from jialiang.science.units import are_convertible

CONDITION_UNITS = {"temperature": "\\degreecelsius", "humidity": "\\percent", "pressure": "\\kilo\\pascal"}
_WIDTHS = ("rectangular", "triangular", "arcsine", "trapezoidal")
_AT_POINTS = ("reference_point", "standard_value")
_PURE_NUMBERS = ("rows", "repeats", "pooled_degrees_of_freedom", "coverage_probability")
Taking = Callable[[Place, TemplateInput, str], Bound | None]


def bound(place: Place, item: TemplateInput, unit: str) -> Bound | None:
    """Return what the source of an input gives in ``unit``; None where the calibration does not have it."""
    return None if item.source is None else _SOURCES[item.source.kind](place, item, unit)


def _readings(place: Place, item: TemplateInput, _unit: str) -> Bound:
    words = _words(item)
    names = names_at(place.point, place.task.parameters)
    rows = zip(*place.cells.values(), strict=True)
    keys = tuple(place.cells)
    values = [exact_quantity(words["quantity"], names | dict(zip(keys, row, strict=True))) for row in rows]
    found = {"quantity": words["quantity"], "count": str(len(values))}
    pooled = _pooled(place, item)
    if not pooled:
        return Bound({"readings": values}, "readings", found | {"scatter": "readings"})
    scatter = {"scatter": words["scatter"], "s": pooled["s"], "dof": pooled["dof"]}
    records = {"records": pooled["records"]} if "records" in pooled else {}
    members = {"readings": values, "pooled": {"s": pooled["s"], "dof": pooled["dof"]}}
    return Bound(members, "readings", found | scatter | records)


def _pooled(place: Place, item: TemplateInput) -> Mapping[str, str]:
    """Return s of earlier series: typed into the record, or pooled from earlier records; else the readings speak."""
    scatter = _words(item)["scatter"]
    if scatter == "history":
        return place.task.gathered.get(gathered_key(place.template, item.symbol, place.point), {})
    s = place.task.parameters.get("pooled_standard_deviation")
    degrees = place.task.parameters.get("pooled_degrees_of_freedom")
    return {"s": s, "dof": degrees} if scatter == "record" and s and degrees else {}


def _line(place: Place, item: TemplateInput, _unit: str) -> Bound | None:
    line = place.line
    if line is None:
        return None
    if _words(item)["part"] == "intercept":
        value, u = line.intercept, line.intercept_standard_uncertainty
    else:
        value, u = line.slope, line.slope_standard_uncertainty
    members = {"distribution": "t", "mean": repr(value), "u": repr(u), "dof": str(line.degrees_of_freedom)}
    return Bound(members | {"type": "A", "group": GROUP}, "fit", {"part": _words(item)["part"]})


def _certificate(place: Place, item: TemplateInput, unit: str) -> Bound | None:
    standard = _standard(place, item, unit)
    if standard is None:
        return None
    members = {"mean": "0", "U": standard.expanded_uncertainty, "k": standard.coverage_factor}
    origin = {"serial_number": standard.serial_number, "certificate": standard.certificate_number}
    return Bound(members, standard.certificate_number, origin)


def _drift(place: Place, item: TemplateInput, unit: str) -> Bound | None:
    standard = _standard(place, item, unit)
    if standard is None or not standard.drift_half_width:
        return None
    members = _of_width(item, standard.drift_half_width)
    return Bound(members, standard.serial_number, {"serial_number": standard.serial_number})


def _standard(place: Place, item: TemplateInput, unit: str) -> StandardInUse | None:
    """Return the reference standard, or the first other one that measures the quantity of the input."""
    if _words(item)["standard"] == "reference":
        return place.task.standard.expressed_in(unit)
    found = (s for s in place.task.other_standards if are_convertible(s.unit, unit))
    standard = next(found, None)
    return None if standard is None else standard.expressed_in(unit)


def _standard_value(place: Place, item: TemplateInput, unit: str) -> Bound | None:
    known = place.task.gathered.get(gathered_key(place.template, item.symbol, place.point))
    if not known:
        return None
    record = place.task.unit
    value, u = (width_in(unit, known[name], record) for name in ("value", "u"))
    return Bound({"mean": value, "u": u}, known["certificates"], {"certificates": known["certificates"]})


def _resolution(place: Place, item: TemplateInput, unit: str) -> Bound | None:
    step = place.task.displayed_resolution
    if not step:
        return None
    half = plain_text(as_decimal(width_in(unit, step, place.task.unit)) / 2)
    return Bound(_of_width(item, half), "instrument", {"step": step})


def _environment(place: Place, item: TemplateInput, unit: str) -> Bound | None:
    key = _words(item)["quantity"]
    span = place.task.environment.get(key, {})
    low, high = span.get("minimum", ""), span.get("maximum", "")
    if not low or not high:
        return None
    ends = [point_in(unit, text, CONDITION_UNITS[key]) for text in (low, high)]
    origin = {"quantity": key, "minimum": low, "maximum": high}
    if as_decimal(ends[0]) == as_decimal(ends[1]):
        return Bound({"value": ends[0]}, "record", origin)
    kind = item.members.get("distribution")
    shape = kind if kind in _WIDTHS else "rectangular"
    return Bound({"distribution": shape, "low": ends[0], "high": ends[1]}, "record", origin)


def _parameter(place: Place, item: TemplateInput, unit: str) -> Bound | None:
    words = _words(item)
    text = names_at(place.point, place.task.parameters).get(words["name"], "")
    if not text:
        return None
    origin = {"parameter": words["name"]}
    if words["as"] == "value":
        return Bound({"value": _value_in(unit, words["name"], text, place.task.unit)}, "record", origin)
    width = width_in(unit, text, place.task.unit)
    return Bound({"mean": "0", "u": width} if words["as"] == "u" else _of_width(item, width), "record", origin)


def _value_in(unit: str, parameter: str, text: str, source: str) -> str:
    """Return the value of a parameter in a unit: points move with its zero, widths do not, counts have no unit."""
    if parameter in _PURE_NUMBERS:
        return text
    return point_in(unit, text, source) if parameter in _AT_POINTS else width_in(unit, text, source)


def _point(place: Place, _item: TemplateInput, unit: str) -> Bound:
    value = point_in(unit, place.point, place.task.unit)
    return Bound({"value": value}, "record", {"point": place.point})


def _of_width(item: TemplateInput, half_width: str) -> dict[str, str]:
    """Return a half-width with the shape that the template chose, rectangular where it chose none."""
    kind = item.members.get("distribution")
    return {"distribution": kind if kind in _WIDTHS else "rectangular", "mean": "0", "half_width": half_width}


def _words(item: TemplateInput) -> Mapping[str, str]:
    return item.source.words if item.source is not None else {}


_SOURCES: Mapping[str, Taking] = {
    "readings": _readings,
    "line": _line,
    "certificate": _certificate,
    "drift": _drift,
    "standard_value": _standard_value,
    "resolution": _resolution,
    "environment": _environment,
    "parameter": _parameter,
    "point": _point,
}
