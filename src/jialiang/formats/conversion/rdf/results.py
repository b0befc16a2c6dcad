"""The quantities of a certificate as observations with values, units and uncertainties."""

from __future__ import annotations

from itertools import count

from jialiang.formats.conversion.rdf.describing import Names
from jialiang.formats.conversion.rdf.terms import Statements
from jialiang.formats.conversion.rows import entry
from jialiang.formats.dcc.quantities.model import MeasurementResult, Uncertainty, Writing
from jialiang.formats.dsi.unit_codes import read_unit
from jialiang.science.errors import UnitSyntax, UnknownUnit

_UNCERTAINTY = {
    "standard_uncertainty": "jl:standardUncertainty",
    "expanded_uncertainty": "jl:expandedUncertainty",
    "coverage_factor": "jl:coverageFactor",
    "coverage_probability": "jl:coverageProbability",
    "interval_min": "jl:intervalMinimum",
    "interval_max": "jl:intervalMaximum",
}
_LINKS = {
    "items": "sosa:hasFeatureOfInterest",
    "methods": "sosa:usedProcedure",
    "equipment": "jl:usedEquipment",
    "conditions": "jl:condition",
    "software": "jl:software",
}
_SECOND = {"cartesian": "jl:imaginaryPart", "polar": "jl:phase"}


def describe_quantity(said: Statements, names: Names, quantity: MeasurementResult) -> str:
    """State a quantity with all its values; return its IRI."""
    subject = names.at(quantity.path, quantity.id)
    said.types(subject, "jl:Quantity", *(["sosa:Observation"] if quantity.role == "result" else []))
    said.link(names.certificate, "jl:quantity", subject)
    said.words(subject, "schema:name", quantity.name)
    for ref_type in quantity.ref_type:
        said.say(subject, "jl:refType", ref_type)
    said.say(subject, "jl:role", quantity.role)
    said.say(subject, "jl:path", quantity.path)
    said.say(subject, "jl:kind", quantity.kind)
    said.words(subject, "jl:words", quantity.words)
    for formula in quantity.formulas:
        said.say(subject, f"jl:{formula.notation}", formula.text)
    for member, predicate in _LINKS.items():
        for link in getattr(quantity, member):
            said.link(subject, predicate, names.at(link.path, link.id))
    _values(said, subject, quantity)
    return subject


def _values(said: Statements, subject: str, quantity: MeasurementResult) -> None:
    writings = [part for writing in quantity.writings for part in writing.flat()]
    for number, writing in enumerate(writings, start=1):
        for row in range(len(writing.values)):
            value = f"{subject}/value-{number}-{row + 1}"
            _value(said, value, writing, row)
            _about_row(said, value, quantity, (number, row))
            said.link(subject, "sosa:hasResult", value)
    for row, text in enumerate(quantity.chars):
        value = f"{subject}/value-1-{row + 1}"
        said.types(value, "sosa:Result")
        said.say(value, "schema:value", text)
        _about_row(said, value, quantity, (1, row))
        said.link(subject, "sosa:hasResult", value)
    shared = [inner for writing in quantity.writings for inner in _with_shared(writing)]
    for number, uncertainty in enumerate(shared, start=1):
        target = f"{subject}/shared-{number}"
        said.link(subject, "jl:sharedUncertainty", target)
        said.types(target, "jl:Uncertainty")
        _uncertainty(said, target, uncertainty, 0)


def _with_shared(writing: Writing) -> list[Uncertainty]:
    own = [writing.uncertainty] if writing.members and writing.uncertainty.form else []
    own += [writing.shared_uncertainty] if writing.shared_uncertainty.form else []
    return own + [inner for member in writing.members for inner in _with_shared(member)]


def _about_row(said: Statements, value: str, quantity: MeasurementResult, place: tuple[int, int]) -> None:
    writing, row = place
    said.say(value, "jl:writing", str(writing), "xsd:integer")
    said.say(value, "jl:row", str(row + 1), "xsd:integer")
    said.say(value, "jl:conformity", entry(quantity.conformity, row))
    relative = quantity.relative_uncertainty
    if relative is not None:
        said.number(value, "jl:relativeUncertainty", entry(relative.values, row))
        said.say(value, "jl:relativeUncertaintyUnit", entry(relative.unit, row))


def _value(said: Statements, value: str, writing: Writing, row: int) -> None:
    text = writing.values[row]
    said.types(value, "qudt:QuantityValue", "sosa:Result")
    said.number(value, "qudt:numericValue", text)
    said.say(value, "jl:exactText", text)
    _unit(said, value, entry(writing.unit, row))
    second = entry(writing.second, row)
    if second:
        said.number(value, _SECOND.get(writing.complex_form, "jl:secondValue"), second)
        said.say(value, "jl:secondUnit", entry(writing.second_unit, row))
    said.say(value, "jl:label", entry(writing.label, row))
    said.moment(value, "jl:dateTime", entry(writing.date_time, row))
    said.say(value, "jl:quantityKind", entry(writing.quantity_kind, row))
    said.number(value, "jl:significantDigits", entry(writing.significant_digits, row))
    _uncertainty(said, value, writing.uncertainty, row)


def _unit(said: Statements, value: str, text: str) -> None:
    said.say(value, "jl:unit", text)
    try:
        unit = read_unit(text)
    except (UnknownUnit, UnitSyntax):
        return
    said.say(value, "jl:ucum", unit.ucum or "")
    for predicate, known in (("qudt:hasUnit", unit.qudt), ("jl:siUnit", unit.si_reference_point)):
        if known is not None:
            said.link(value, predicate, known)


def _uncertainty(said: Statements, value: str, uncertainty: Uncertainty, row: int) -> None:
    said.say(value, "jl:uncertaintyForm", uncertainty.form)
    for member, predicate in _UNCERTAINTY.items():
        said.number(value, predicate, entry(getattr(uncertainty, member), row))
    said.say(value, "jl:distribution", entry(uncertainty.distribution, row))
    numbers = count(1)
    for column, line, texts, units in uncertainty.covariance:
        target = f"{value}/covariance-{next(numbers)}"
        said.link(value, "jl:covariance", target)
        said.types(target, "jl:Covariance")
        said.say(target, "jl:column", str(column), "xsd:integer")
        said.say(target, "jl:line", str(line), "xsd:integer")
        said.number(target, "qudt:numericValue", entry(texts, row))
        said.say(target, "jl:unit", entry(units, row))
