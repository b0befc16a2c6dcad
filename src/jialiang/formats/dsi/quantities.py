"""Quantities of the D-SI 1.0.1 to 2.2.1 as values: every form, every number exactly as it is written.

Texts are kept as texts (``1.250`` is not ``1.25``). A field that is absent is None. ``form`` of an uncertainty or a
region says how it is spelled, which changed between the versions: the names of its elements from the quantity down.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from lxml import etree

from jialiang.formats.dsi.errors import NotAQuantity
from jialiang.formats.dsi.members import (
    SI,
    TextList,
    columns,
    entries,
    form_of,
    number,
    quantities,
    read_fields,
    text,
    write_fields,
)
from jialiang.formats.xml.nodes import Node, node_of, written_node


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardUncertainty:
    """u of one value."""

    form: str
    standard_uncertainty: str = number("valueStandardMU", needed=True)
    distribution: str | None = text("distribution")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpandedUncertainty:
    """U of one value with k and p; from 2.2 on."""

    form: str
    expanded_uncertainty: str = number("valueExpandedMU", needed=True)
    coverage_factor: str = number("coverageFactor", needed=True)
    coverage_probability: str = number("coverageProbability", needed=True)
    distribution: str | None = text("distribution")


@dataclass(frozen=True, slots=True, kw_only=True)
class OlderExpandedUncertainty:
    """U of one value with k and p, as all versions spell it; in 1.0.1 without an element of its own."""

    form: str
    expanded_uncertainty: str = number("uncertainty", needed=True)
    coverage_factor: str = number("coverageFactor", needed=True)
    coverage_probability: str = number("coverageProbability", needed=True)
    distribution: str | None = text("distribution")


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageInterval:
    """An interval with p, and u; from 2.2 on."""

    form: str
    standard_uncertainty: str = number("valueStandardMU", needed=True)
    lower: str = number("intervalMin", needed=True)
    upper: str = number("intervalMax", needed=True)
    coverage_probability: str = number("coverageProbability", needed=True)
    distribution: str | None = text("distribution")


@dataclass(frozen=True, slots=True, kw_only=True)
class OlderCoverageInterval:
    """An interval with p, and u, as all versions spell it; in 1.0.1 with the kind of interval instead of u."""

    form: str
    standard_uncertainty: str | None = number("standardUnc")
    interval_kind: str | None = text("intervalType")
    lower: str = number("intervalMin", needed=True)
    upper: str = number("intervalMax", needed=True)
    coverage_probability: str = number("coverageProbability", needed=True)
    distribution: str | None = text("distribution")


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardUncertaintyList:
    """u of each value of an XML list, or one for all."""

    form: str
    standard_uncertainties: TextList = entries("valueStandardMUXMLList", needed=True)
    distributions: TextList | None = entries("distributionXMLList")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpandedUncertaintyList:
    """U, k and p of each value of an XML list, or one for all."""

    form: str
    expanded_uncertainties: TextList = entries("valueExpandedMUXMLList", needed=True)
    coverage_factors: TextList = entries("coverageFactorXMLList", needed=True)
    coverage_probabilities: TextList = entries("coverageProbabilityXMLList", needed=True)
    distributions: TextList | None = entries("distributionXMLList")


@dataclass(frozen=True, slots=True, kw_only=True)
class OlderExpandedUncertaintyList:
    """U, k and p of each value of an XML list, or one for all, as 2.1 spells it."""

    form: str
    expanded_uncertainties: TextList = entries("uncertaintyXMLList", needed=True)
    coverage_factors: TextList = entries("coverageFactorXMLList", needed=True)
    coverage_probabilities: TextList = entries("coverageProbabilityXMLList", needed=True)
    distributions: TextList | None = entries("distributionXMLList")


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageIntervalList:
    """Intervals of the values of an XML list."""

    form: str
    standard_uncertainties: TextList = entries("valueStandardMUXMLList", needed=True)
    lowers: TextList = entries("intervalMinXMLList", needed=True)
    uppers: TextList = entries("intervalMaxXMLList", needed=True)
    coverage_probabilities: TextList = entries("coverageProbabilityXMLList", needed=True)
    distributions: TextList | None = entries("distributionXMLList")


@dataclass(frozen=True, slots=True, kw_only=True)
class OlderCoverageIntervalList:
    """Intervals of the values of an XML list, as 2.1 spells it."""

    form: str
    standard_uncertainties: TextList = entries("standardUncXMLList", needed=True)
    lowers: TextList = entries("intervalMinXMLList", needed=True)
    uppers: TextList = entries("intervalMaxXMLList", needed=True)
    coverage_probabilities: TextList = entries("coverageProbabilityXMLList", needed=True)
    distributions: TextList | None = entries("distributionXMLList")


@dataclass(frozen=True, slots=True, kw_only=True)
class Covariance:
    """One entry of a covariance matrix."""

    covariance: str = number("value", needed=True)
    unit: str = text("unit", needed=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class CovarianceList:
    """One entry of the covariance matrices of an XML list: a number for each value."""

    covariances: TextList = entries("valueXMLList", needed=True)
    units: TextList = entries("unitXMLList", needed=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A coverage region of several values: ellipsoidal or rectangular, by the last name of ``form``."""

    form: str
    covariance_columns: tuple[tuple[Covariance, ...], ...] = columns("column", "covariance", Covariance)
    coverage_factor: str = number("coverageFactor", needed=True)
    coverage_probability: str = number("coverageProbability", needed=True)
    distribution: str | None = text("distribution")


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionList:
    """The coverage regions of the values of an XML list."""

    form: str
    covariance_columns: tuple[tuple[CovarianceList, ...], ...] = columns(
        "columnXMLList", "covarianceXMLList", CovarianceList
    )
    coverage_factors: TextList = entries("coverageFactorXMLList", needed=True)
    coverage_probabilities: TextList = entries("coverageProbabilityXMLList", needed=True)
    distributions: TextList | None = entries("distributionXMLList")


@dataclass(frozen=True, slots=True, kw_only=True)
class EmptyStatement:
    """An element for uncertainties in which nothing stands."""

    form: str


Uncertainty = (
    StandardUncertainty
    | ExpandedUncertainty
    | OlderExpandedUncertainty
    | CoverageInterval
    | OlderCoverageInterval
)
UncertaintyList = (
    StandardUncertaintyList
    | ExpandedUncertaintyList
    | OlderExpandedUncertaintyList
    | CoverageIntervalList
    | OlderCoverageIntervalList
)

_OLDER: Mapping[str, type[Any]] = {
    "expandedUnc": OlderExpandedUncertainty,
    "coverageInterval": OlderCoverageInterval,
}
_INLINE: Mapping[str, type[Any]] = {"": OlderExpandedUncertainty}
_NEWER: Mapping[str, type[Any]] = {
    "standardMU": StandardUncertainty,
    "expandedMU": ExpandedUncertainty,
    "coverageIntervalMU": CoverageInterval,
}


def _within(wrapper: str, forms: Mapping[str, type[Any]]) -> dict[str, type[Any]]:
    return {f"{wrapper}/{name}": of_class for name, of_class in forms.items()}


_OF_ONE = {
    **_within("measurementUncertaintyUnivariate", _NEWER),
    **_within("measurementUncertaintyUnivaraite", _NEWER),  # so the D-SI spells it inside lists
    **_OLDER,
    **_INLINE,
}
_OF_LIST = {
    **_within(
        "listMeasurementUncertaintyUnivariate", {**_NEWER, "coverageIntervalMU": OlderCoverageInterval}
    ),
    **_within("listMeasurementUncertaintyUnivariate", _OLDER),
}
_OF_XML_LIST = {
    **_within(
        "measurementUncertaintyUnivariateXMLList",
        {
            "standardMUXMLList": StandardUncertaintyList,
            "expandedMUXMLList": ExpandedUncertaintyList,
            "coverageIntervalMUXMLList": CoverageIntervalList,
        },
    ),
    "expandedUncXMLList": OlderExpandedUncertaintyList,
    "coverageIntervalXMLList": OlderCoverageIntervalList,
}
_REGION = {"ellipsoidalRegion": Region, "rectangularRegion": Region}
_REGION_OF_EACH = {**_within("listBivariateUnc", _REGION), "listBivariateUnc": EmptyStatement}
_REGIONS = {"ellipsoidalRegionMUXMLList": RegionList, "rectangularRegionMUXMLList": RegionList}
_BIVARIATE = {
    **_within("measurementUncertaintyBivariateXMLList", _REGIONS),
    "measurementUncertaintyBivariateXMLList": EmptyStatement,
}
_MULTIVARIATE = {
    **_within("measurementUncertaintyMultivariateXMLList", _REGIONS),
    "measurementUncertaintyMultivariateXMLList": EmptyStatement,
}
_MULTIVARIATE_REAL = {**_MULTIVARIATE, "ellipsoidalRegionXMLList": Region, "rectangularRegionXMLList": Region}


@dataclass(frozen=True, slots=True, kw_only=True)
class Real:
    """A real quantity; inside a list its unit may be that of the list."""

    label: str | None = text("label")
    quantity_kind: str | None = text("quantityTypeQUDT")
    quantity_value: str = number("value", needed=True)
    unit: str | None = text("unit")
    significant_digits: str | None = number("significantDigit")
    date_time: str | None = text("dateTime")
    uncertainty: Uncertainty | None = form_of(_OF_ONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Constant:
    """A constant: of nature, or agreed."""

    label: str | None = text("label")
    quantity_kind: str | None = text("quantityTypeQUDT")
    quantity_value: str = number("value", needed=True)
    unit: str | None = text("unit")
    significant_digits: str | None = number("significantDigit")
    date_time: str | None = text("dateTime")
    standard_uncertainty: str | None = number("valueStandardMU")
    older_standard_uncertainty: str | None = number("uncertainty")
    distribution: str | None = text("distribution")


@dataclass(frozen=True, slots=True, kw_only=True)
class Complex:
    """A complex quantity: real and imaginary part, or magnitude and phase."""

    label: str | None = text("label")
    quantity_kind: str | None = text("quantityTypeQUDT")
    real_part: str | None = number("valueReal")
    imaginary_part: str | None = number("valueImag")
    magnitude: str | None = number("valueMagnitude")
    phase: str | None = number("valuePhase")
    unit: str | None = text("unit")
    unit_of_phase: str | None = text("unitPhase")
    date_time: str | None = text("dateTime")
    region: Region | None = form_of(_REGION)


@dataclass(frozen=True, slots=True, kw_only=True)
class RealListXMLList:
    """Real quantities as XML lists: the n-th entries belong together, a single entry counts for all."""

    labels: TextList | None = entries("labelXMLList")
    quantity_kind: str | None = text("quantityTypeQUDTXMLList")
    quantity_values: TextList = entries("valueXMLList", needed=True)
    units: TextList = entries("unitXMLList", needed=True)
    significant_digits: TextList | None = entries("significantDigitXMLList")
    date_times: TextList | None = entries("dateTimeXMLList")
    uncertainty: UncertaintyList | None = form_of(_OF_XML_LIST)
    region: Region | RegionList | EmptyStatement | None = form_of(_MULTIVARIATE_REAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplexListXMLList:
    """Complex quantities as XML lists."""

    labels: TextList | None = entries("labelXMLList")
    quantity_kind: str | None = text("quantityTypeQUDTXMLList")
    real_parts: TextList | None = entries("valueRealXMLList")
    imaginary_parts: TextList | None = entries("valueImagXMLList")
    magnitudes: TextList | None = entries("valueMagnitudeXMLList")
    phases: TextList | None = entries("valuePhaseXMLList")
    units: TextList = entries("unitXMLList", needed=True)
    units_of_phase: TextList | None = entries("unitPhaseXMLList")
    date_times: TextList | None = entries("dateTimeXMLList")
    region_of_each: RegionList | EmptyStatement | None = form_of(_BIVARIATE)
    region: RegionList | EmptyStatement | None = form_of(_MULTIVARIATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class RealList:
    """Real quantities one after another, with what holds for all of them."""

    label: str | None = text("label")
    date_time: str | None = text("dateTime")
    quantity_kind: str | None = text("listQuantityTypeQUDT")
    unit: str | None = text("listUnit")
    significant_digits: str | None = number("listsignificantDigit")
    uncertainty: Uncertainty | None = form_of(_OF_LIST)
    older_uncertainty: Uncertainty | None = form_of(_within("listUnivariateUnc", _OLDER))
    quantities: tuple[Real, ...] = quantities(lambda: {"real": Real})
    region: Region | None = form_of(_REGION)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplexList:
    """Complex quantities one after another, with what holds for all of them."""

    label: str | None = text("label")
    date_time: str | None = text("dateTime")
    quantity_kind: str | None = text("listQuantityTypeQUDT")
    unit: str | None = text("listUnit")
    unit_of_phase: str | None = text("listUnitPhase")
    region_of_each: Region | EmptyStatement | None = form_of(_REGION_OF_EACH)
    quantities: tuple[Complex, ...] = quantities(lambda: {"complex": Complex})
    region: Region | None = form_of(_REGION)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuantityList:
    """``si:list``: lists inside a list; up to 1.3 the quantities themselves with what holds for all of them."""

    label: str | None = text("label")
    date_time: str | None = text("dateTime")
    unit: str | None = text("listUnit")
    older_uncertainty: Uncertainty | None = form_of({**_within("listUnivariateUnc", _OLDER), **_INLINE})
    unit_of_phase: str | None = text("listUnitPhase")
    region_of_each: Region | EmptyStatement | None = form_of(_REGION_OF_EACH)
    quantities: tuple[Quantity, ...] = quantities(lambda: QUANTITIES)
    region: Region | None = form_of(_REGION)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hybrid:
    """One quantity in several units."""

    quantities: tuple[Quantity, ...] = quantities(lambda: QUANTITIES)


@dataclass(frozen=True, slots=True, kw_only=True)
class CharacterSeparated:
    """``si:realCS`` of 1.0.1: values in one text, in the order that ``pattern`` tells."""

    pattern: str = text("pattern", needed=True)
    quantity_values: str = text("values", needed=True)


Quantity = (
    Real
    | Constant
    | Complex
    | RealListXMLList
    | ComplexListXMLList
    | RealList
    | ComplexList
    | QuantityList
    | Hybrid
    | CharacterSeparated
)
"""A quantity in one of the forms of the D-SI."""

QUANTITIES: Mapping[str, type[Any]] = {
    "real": Real, "constant": Constant, "complex": Complex, "realListXMLList": RealListXMLList,
    "complexListXMLList": ComplexListXMLList, "realList": RealList, "complexList": ComplexList,
    "list": QuantityList, "hybrid": Hybrid, "realCS": CharacterSeparated,
}  # fmt: skip
"""The form that each element of the D-SI has."""


def read_quantity(element: etree._Element | Node) -> Quantity:
    """Read a ``si:`` element. Raises NotAQuantity for an element of another name."""
    node = element if isinstance(element, Node) else node_of(element)
    if node.local not in QUANTITIES:
        raise NotAQuantity(element=node.local, line=node.line)
    return cast("Quantity", read_fields(QUANTITIES[node.local], node))


def read_real(element: etree._Element | Node) -> Real:
    """Read an element of another name that holds a real quantity, such as ``dcc:positionCoordinate1``."""
    return read_fields(Real, element if isinstance(element, Node) else node_of(element))


def read_real_list(element: etree._Element | Node) -> RealListXMLList:
    """Read an element of another name that holds XML lists, such as ``dcc:relativeUncertaintyXmlList``."""
    return read_fields(RealListXMLList, element if isinstance(element, Node) else node_of(element))


def quantity_node(quantity: Quantity) -> Node:
    """Write a quantity as an element of the D-SI."""
    names = {of_class: name for name, of_class in QUANTITIES.items()}
    content = tuple(write_fields(quantity))
    return Node(f"{{{SI}}}{names[type(quantity)]}", "si", namespaces=(("si", SI),), content=content)


def write_quantity(quantity: Quantity) -> etree._Element:
    """Write a quantity as an element of ``lxml``."""
    return etree.fromstring(written_node(quantity_node(quantity)))
