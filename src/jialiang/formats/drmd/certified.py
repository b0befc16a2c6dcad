"""Certified values without uncertainty: which forms the rules of the DRMD look at, and which they leave out."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from jialiang.formats.dcc.quantities.writings import SI, local_name
from jialiang.formats.drmd.names import CERTIFICATE, drmd

FORMS = {"real": "RMC-006", "list/real": "RMC-007", "realListXMLList": "RMC-008", "hybrid/real": "RMC-009"}
"""The rules of the DRMD by the form that they look at; for all other forms our own rule holds."""

_UNCERTAINTIES = ("measurementUncertaintyUnivariate", "expandedUnc", "coverageInterval")
_OF_COMPLEX = (
    "measurementUncertaintyBivariate", "measurementUncertaintyMultivariate", "ellipsoidalRegion", "rectangularRegion",
)  # fmt: skip
_VALUED = ("real", "realListXMLList", "complex", "complexListXMLList")

Found = tuple[etree._Element, str]


def certified_without_uncertainty(document: etree._Element, kinds: frozenset[str]) -> Iterator[Found]:
    """Yield the certified quantities of a certificate that lack an uncertainty, each with its form.

    A quantity with several forms, which no valid document has, is looked at in the first of them that the rules
    name: one pattern of rules judges an element once.
    """
    if CERTIFICATE not in kinds:
        return
    for properties in document.iter(drmd("properties")):
        if properties.get("isCertified") == "true":
            for quantity in properties.iter(drmd("quantity")):
                yield from _of(quantity)


def _of(quantity: etree._Element) -> Iterator[Found]:
    names = [str(each.tag) for each in quantity.iterancestors()]
    if names[:2] == [drmd("data"), drmd("result")]:
        around = ""
    elif names[:3] == [drmd("list"), drmd("data"), drmd("result")]:
        around = "list/"
    else:
        return
    for form in ("real", "realListXMLList", "hybrid", "complex", "complexListXMLList"):
        written = quantity.findall(f"{{{SI}}}{form}")
        if written:
            yield from ((quantity, f"{around}{missing}") for missing in _missing(form, written))
            return


def _missing(form: str, written: list[etree._Element]) -> Iterator[str]:
    """Yield the forms in which an uncertainty is missing; of several equal elements one that has it is enough."""
    if form != "hybrid":
        if not any(map(_is_stated, written)):
            yield form
        return
    inside = [each for hybrid in written for each in hybrid.iterchildren(tag=etree.Element)]
    for name in _VALUED:
        members = [each for each in inside if each.tag == f"{{{SI}}}{name}"]
        if not all(map(_is_stated, members)):
            yield f"hybrid/{name}"


def _is_stated(element: etree._Element) -> bool:
    ending = "XMLList" if local_name(element).endswith("XMLList") else ""
    names = _OF_COMPLEX if local_name(element).startswith("complex") else _UNCERTAINTIES
    return any(element.find(f"{{{SI}}}{name}{ending}") is not None for name in names)
