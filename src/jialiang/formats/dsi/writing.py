"""Quantities to D-SI elements, with the decimal text exactly as it was reported."""

from __future__ import annotations

from dataclasses import dataclass, replace

from lxml import etree

from jialiang.formats.dsi.decimals import celsius_to_kelvin
from jialiang.formats.dsi.units import DEGREE_CELSIUS, KELVIN, squared_unit

SI = "https://ptb.de/si"


@dataclass(frozen=True, slots=True)
class RealList:
    """Values of one quantity: decimal texts (``NaN`` for none), U and k, or u, one a value or one for all.

    ``coverage_probability`` is one text, with blanks between several; the distribution holds for all values.
    ``covariances`` are the columns of the covariance matrix of the values, in the square of ``unit``, and
    ``region_factor`` is k of the ellipsoid that holds all values at once with the same probability.
    """

    quantity_values: tuple[str, ...]
    unit: str
    expanded_uncertainties: tuple[str, ...] = ()
    coverage_factors: tuple[str, ...] = ()
    coverage_probability: str = ""
    distribution: str = ""
    standard_uncertainties: tuple[str, ...] = ()
    covariances: tuple[tuple[str, ...], ...] = ()
    region_factor: str = ""

    def with_unit(self, unit: str) -> RealList:
        """Return the same numbers in another unit."""
        return replace(self, unit=unit)

    def in_kelvin(self) -> RealList:
        """Return the same temperatures in kelvin; U is that of an interval and does not change."""
        kelvins = tuple(v if v == "NaN" else celsius_to_kelvin(v) for v in self.quantity_values)
        return replace(self, quantity_values=kelvins, unit=KELVIN)


def real_list(parent: etree._Element, values: RealList) -> None:
    """Append ``si:realListXMLList``: values, the uncertainty of each, and how they hang together."""
    element = _child(parent, "realListXMLList")
    _child(element, "valueXMLList", " ".join(values.quantity_values))
    _child(element, "unitXMLList", values.unit)
    if values.expanded_uncertainties or values.standard_uncertainties:
        _of_each(element, values)
    if values.covariances:
        _of_all(element, values)


def _of_each(element: etree._Element, values: RealList) -> None:
    stated = _child(element, "measurementUncertaintyUnivariateXMLList")
    if values.standard_uncertainties:
        standard = _child(stated, "standardMUXMLList")
        _child(standard, "valueStandardMUXMLList", " ".join(values.standard_uncertainties))
        _distribution(standard, values)
        return
    expanded = _child(stated, "expandedMUXMLList")
    _child(expanded, "valueExpandedMUXMLList", " ".join(values.expanded_uncertainties))
    _child(expanded, "coverageFactorXMLList", " ".join(values.coverage_factors))
    _child(expanded, "coverageProbabilityXMLList", values.coverage_probability)
    _distribution(expanded, values)


def _of_all(element: etree._Element, values: RealList) -> None:
    """Append the covariance matrix, column by column: the form of 2.2, for the older one is marked as deprecated."""
    stated = _child(element, "measurementUncertaintyMultivariateXMLList")
    region = _child(stated, "ellipsoidalRegionMUXMLList")
    matrix, unit = _child(region, "covarianceMatrixXMLList"), squared_unit(values.unit)
    for entries in values.covariances:
        column = _child(matrix, "columnXMLList")
        for entry in entries:
            covariance = _child(column, "covarianceXMLList")
            _child(covariance, "valueXMLList", entry)
            _child(covariance, "unitXMLList", unit)
    _child(region, "coverageFactorXMLList", values.region_factor)
    _child(region, "coverageProbabilityXMLList", values.coverage_probability)
    _distribution(region, values)


def _distribution(element: etree._Element, values: RealList) -> None:
    if values.distribution:
        _child(element, "distributionXMLList", values.distribution)


def temperature_list(parent: etree._Element, values: RealList) -> None:
    """Append a Celsius temperature as ``si:hybrid``: kelvin first, as good practice has it, then degrees Celsius."""
    hybrid = _child(parent, "hybrid")
    real_list(hybrid, values.in_kelvin())
    real_list(hybrid, values)


def real(parent: etree._Element, quantity_value: str, unit: str) -> None:
    """Append one value: ``si:real``, or ``si:hybrid`` in kelvin and degrees Celsius for a temperature."""
    if unit != DEGREE_CELSIUS:
        _real(parent, quantity_value, unit)
        return
    hybrid = _child(parent, "hybrid")
    _real(hybrid, celsius_to_kelvin(quantity_value), KELVIN)
    _real(hybrid, quantity_value, unit)


def _real(parent: etree._Element, quantity_value: str, unit: str) -> None:
    element = _child(parent, "real")
    _child(element, "value", quantity_value)
    _child(element, "unit", unit)


def _child(parent: etree._Element, name: str, text: str = "") -> etree._Element:
    child = etree.SubElement(parent, f"{{{SI}}}{name}")
    if text:
        child.text = text
    return child
