"""D-SI elements of any version as writings: every form there is, with the text of the file."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from lxml import etree

from jialiang.formats.dcc.quantities.model import Uncertainty, UncertaintyForm, Writing
from jialiang.formats.xml.children import children_of

SI = "https://ptb.de/si"
WRITINGS = frozenset({
    "real", "constant", "complex", "list", "hybrid", "realList", "complexList", "realListXMLList",
    "complexListXMLList",
})  # fmt: skip
_LISTS = frozenset({"list", "realList", "complexList"})

_FORMS: dict[str, UncertaintyForm] = {
    "standardMU": "standard",
    "expandedMU": "expanded",
    "expandedUnc": "expanded",
    "coverageIntervalMU": "coverage_interval",
    "coverageInterval": "coverage_interval",
    "ellipsoidalRegion": "ellipsoidal",
    "rectangularRegion": "rectangular",
    "ellipsoidalRegionMU": "ellipsoidal",
    "rectangularRegionMU": "rectangular",
}
_AROUND = frozenset({
    "measurementUncertaintyUnivariate", "measurementUncertaintyUnivaraite", "measurementUncertaintyMultivariate",
    "measurementUncertaintyBivariate", "listMeasurementUncertaintyUnivariate", "listUnivariateUnc",
    "listBivariateUnc",
})  # fmt: skip
_MEMBERS = {
    "valueStandardMU": "standard_uncertainty",
    "standardUnc": "standard_uncertainty",
    "valueExpandedMU": "expanded_uncertainty",
    "uncertainty": "expanded_uncertainty",
    "coverageFactor": "coverage_factor",
    "coverageProbability": "coverage_probability",
    "intervalMin": "interval_min",
    "intervalMax": "interval_max",
    "distribution": "distribution",
}
_NO_UNCERTAINTY = Uncertainty()
_VALUES = {"value": "values", "valueReal": "values", "valueMagnitude": "values", "valueImag": "second",
           "valuePhase": "second", "unit": "unit", "listUnit": "unit", "unitPhase": "second_unit",
           "listUnitPhase": "second_unit", "label": "label", "significantDigit": "significant_digits",
           "listsignificantDigit": "significant_digits", "dateTime": "date_time"}  # fmt: skip


def writing_of(element: etree._Element) -> Writing:
    """Return one D-SI element; of a hybrid, its writings are the members."""
    said: dict[str, tuple[str, ...]] = {}
    members: list[Writing] = []
    uncertainties: list[Uncertainty] = []
    form: Literal["", "cartesian", "polar"] = ""
    for child in _children(element):
        role, member = _role_of(child.tag)
        if role == "member":
            said[member] = tokens_of(child)
            form = _complex_form(child.tag, form)
        elif role == "writing":
            members.append(writing_of(child))
        elif role == "uncertainty":
            uncertainties.append(uncertainty_of(child))
    kind = local_name(element)
    own = uncertainties[0] if uncertainties else _of_constant(element, kind)
    shared = uncertainties[1] if len(uncertainties) > 1 else _NO_UNCERTAINTY
    return Writing(
        kind=kind, complex_form=form, members=tuple(members), uncertainty=own,
        shared_uncertainty=shared, **said,
    )  # fmt: skip


@lru_cache(maxsize=1024)
def _role_of(tag: str) -> tuple[str, str]:
    """Return what an element inside a D-SI element is for, and the member of a writing that it gives."""
    name = _local(tag)
    if name in WRITINGS:
        return "writing", ""
    if stem(name) in _FORMS or stem(name) in _AROUND:
        return "uncertainty", ""
    if stem(name) in _VALUES:
        return "member", _VALUES[stem(name)]
    return ("member", "quantity_kind") if "uantityType" in name else ("", "")


def uncertainty_of(element: etree._Element) -> Uncertainty:
    """Return an uncertainty in whichever element it stands: D-SI 1.x and 2.0 names, or those of 2.2."""
    if _stem_of(element.tag) in _AROUND:
        inside = next(iter(_children(element)), None)
        return uncertainty_of(inside) if inside is not None else Uncertainty()
    said: dict[str, tuple[str, ...]] = {}
    covariance: list[tuple[int, int, tuple[str, ...], tuple[str, ...]]] = []
    for child in _children(element):
        name = _stem_of(child.tag)
        if name in _MEMBERS:
            said[_MEMBERS[name]] = tokens_of(child)
        elif name == "covarianceMatrix":
            covariance = _covariance(child)
    form = _FORMS.get(_stem_of(element.tag), "")
    return Uncertainty(form=form, covariance=tuple(covariance), **said)


def _of_constant(element: etree._Element, kind: str) -> Uncertainty:
    # A constant carries its standard uncertainty beside its value: ``uncertainty`` until 2.1, then another name.
    if kind != "constant":
        return _NO_UNCERTAINTY
    said = {stem(local_name(child)): tokens_of(child) for child in _children(element)}
    standard = said.get("valueStandardMU", ()) or said.get("uncertainty", ())
    if not standard:
        return _NO_UNCERTAINTY
    return Uncertainty("standard", standard_uncertainty=standard, distribution=said.get("distribution", ()))


def _covariance(matrix: etree._Element) -> list[tuple[int, int, tuple[str, ...], tuple[str, ...]]]:
    entries = []
    for column, of_column in enumerate(_children(matrix), start=1):
        for row, entry in enumerate(_children(of_column), start=1):
            said = {stem(local_name(child)): tokens_of(child) for child in _children(entry)}
            entries.append((column, row, said.get("value", ()), said.get("unit", ())))
    return entries


def _complex_form(
    tag: str, known: Literal["", "cartesian", "polar"]
) -> Literal["", "cartesian", "polar"]:
    name = _stem_of(tag)
    if name == "valueReal":
        return "cartesian"
    return "polar" if name == "valueMagnitude" and not known else known


def tokens_of(element: etree._Element) -> tuple[str, ...]:
    """Return the text of an element: the members of an XML list, else the one text without blanks around it."""
    text = "".join(map(str, element.itertext())).strip() if len(element) else (element.text or "").strip()
    if not text:
        return ()
    return tuple(text.split()) if element.tag.endswith("XMLList") else (text,)


def stem(name: str) -> str:
    """Return a D-SI name without the ending that marks an XML list."""
    return name.removesuffix("XMLList")


def local_name(element: etree._Element) -> str:
    """Return the name of an element without its namespace."""
    return _local(element.tag)


@lru_cache(maxsize=1024)
def _local(tag: str) -> str:
    return str(tag).rpartition("}")[2]


@lru_cache(maxsize=1024)
def _stem_of(tag: str) -> str:
    return stem(_local(tag))


def _children(element: etree._Element) -> list[etree._Element]:
    return [child for child in children_of(element) if isinstance(child.tag, str)]
