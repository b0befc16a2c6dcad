"""D-SI elements to decimal texts, in whichever of its writings a quantity comes."""

from __future__ import annotations

from dataclasses import dataclass, replace

from lxml import etree

from jialiang.formats.dsi.units import KELVIN
from jialiang.formats.dsi.writing import SI, RealList

_LISTS = ("measurementUncertaintyUnivariateXMLList/{0}expandedMUXMLList", "expandedUncXMLList")
_SINGLE = ("measurementUncertaintyUnivariate/{0}expandedMU", "expandedUnc")
_STANDARD = "measurementUncertaintyUnivariate{1}/{0}standardMU{1}"


@dataclass(frozen=True, slots=True)
class _Names:
    """How the members are called in a single value or in an XML list."""

    quantity: str
    unit: str
    uncertainties: tuple[str, ...]
    suffix: str


_LIST_NAMES = _Names("valueXMLList", "unitXMLList", _LISTS, "XMLList")
_SINGLE_NAMES = _Names("value", "unit", _SINGLE, "")


def real_lists(parent: etree._Element) -> list[RealList]:
    """Return the writings of the quantity in ``parent``, those that people read first (kelvin last).

    Read are ``si:real``, ``si:realListXMLList``, ``si:constant`` and ``si:hybrid`` of them; other forms (complex
    quantities, nested lists) give nothing.
    """
    hybrid = parent.find(_si("hybrid"))
    holder = parent if hybrid is None else hybrid
    found: list[RealList] = []
    for element in holder.iterchildren(tag=etree.Element):
        if element.tag == _si("realListXMLList"):
            found.append(_read(element, _LIST_NAMES))
        elif element.tag in (_si("real"), _si("constant")):
            found.append(_read(element, _SINGLE_NAMES))
    return sorted(found, key=lambda values: values.unit == KELVIN)


def _read(element: etree._Element, names: _Names) -> RealList:
    quantity_values = _tokens(element, names.quantity)
    units = _tokens(element, names.unit)
    rows = len(quantity_values)
    stated = _first(element, names.uncertainties)
    if stated is None:
        return _with_standard(element, names, RealList(quantity_values, units[0] if units else ""))
    kept = _tokens(stated, f"valueExpandedMU{names.suffix}") or _tokens(stated, f"uncertainty{names.suffix}")
    return RealList(
        quantity_values=quantity_values,
        unit=units[0] if units else "",
        expanded_uncertainties=_a_row_each(kept, rows),
        coverage_factors=_a_row_each(_tokens(stated, f"coverageFactor{names.suffix}"), rows),
        coverage_probability=_for_all(_tokens(stated, f"coverageProbability{names.suffix}")),
        distribution=_for_all(_tokens(stated, f"distribution{names.suffix}")),
    )


def _with_standard(element: etree._Element, names: _Names, values: RealList) -> RealList:
    stated = _first(element, (_STANDARD.replace("{1}", names.suffix),))
    if stated is None:
        return values
    kept = _tokens(stated, f"valueStandardMU{names.suffix}")
    return replace(
        values,
        standard_uncertainties=_a_row_each(kept, len(values.quantity_values)),
        distribution=_for_all(_tokens(stated, f"distribution{names.suffix}")),
    )


def _for_all(tokens: tuple[str, ...]) -> str:
    """Return what holds for all values once, else one entry a value."""
    return tokens[0] if len(set(tokens)) == 1 else " ".join(tokens)


def _a_row_each(tokens: tuple[str, ...], rows: int) -> tuple[str, ...]:
    # D-SI lets one entry stand for all rows.
    return tokens * rows if len(tokens) == 1 else tokens


def _first(element: etree._Element, paths: tuple[str, ...]) -> etree._Element | None:
    found = (element.find(_si(path.format(f"{{{SI}}}"))) for path in paths)
    return next((each for each in found if each is not None), None)


def _tokens(element: etree._Element, name: str) -> tuple[str, ...]:
    found = element.find(_si(name))
    return tuple((found.text or "").split()) if found is not None else ()


def _si(name: str) -> str:
    return f"{{{SI}}}{name}"
