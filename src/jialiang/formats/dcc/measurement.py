"""``dcc:measurementResults``: with what, how, under which conditions, and what came out."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from jialiang.formats.content import CertificateContent, InfluenceCondition, Method
from jialiang.formats.dcc.elements import child, contents, optional, texts
from jialiang.formats.dcc.equipment import measuring_equipment
from jialiang.formats.dcc.errors import MissingContent, NotDecimalText
from jialiang.formats.dcc.profile import place, words
from jialiang.formats.dcc.tables import Links, result
from jialiang.formats.dsi import writing as dsi
from jialiang.formats.dsi.decimals import is_decimal
from jialiang.kernel.text import Text

_PTB_CONDITIONS = ("temperature", "humidityRelative")


@dataclass(frozen=True, slots=True)
class _Bound:
    """One end of the interval in which a condition stayed."""

    suffix: str
    name: Text
    bound: str


def measurement_results(parent: etree._Element, content: CertificateContent) -> None:
    """Append ``dcc:measurementResults`` with one measurement result about all items."""
    if not content.results:
        raise MissingContent(place=place("results"))
    items = " ".join(f"item_{position}" for position in range(1, len(content.items) + 1))
    element = child(child(parent, "measurementResults"), "measurementResult", refId=items)
    contents(child(element, "name"), words("results"))
    _methods(element, content.methods)
    if content.equipment:
        group = child(element, "measuringEquipments")
        for position, equipment in enumerate(content.equipment, start=1):
            measuring_equipment(group, equipment, f"mE_{position}")
    _conditions(element, content)
    results = child(element, "results")
    links = Links.of(content)
    for table in content.results:
        result(results, table, links)


def _methods(parent: etree._Element, methods: tuple[Method, ...]) -> None:
    if not methods:
        return
    group = child(parent, "usedMethods")
    for position, method in enumerate(methods, start=1):
        ref_type = "basic_uncertainty" if method.is_uncertainty_method else "gp_method"
        element = child(group, "usedMethod", id=f"uM_{position}", refType=ref_type)
        texts(element, "name", method.name, "method/name")
        if method.description:
            texts(element, "description", method.description, "method/description")
        optional(element, "norm", method.norm)


def _conditions(parent: etree._Element, content: CertificateContent) -> None:
    adjustments = sorted({table.adjustment for table in content.results if table.adjustment})
    if not (content.conditions or adjustments):
        return
    group = child(parent, "influenceConditions")
    for condition in content.conditions:
        _condition(group, condition)
    for adjustment in adjustments:
        element = child(group, "influenceCondition", id=f"iC_{adjustment}", refType="basic_adjustment")
        contents(child(element, "name"), words(adjustment))
        child(element, "status", adjustment)
        contents(child(child(element, "data"), "text"), words(adjustment))


def _condition(parent: etree._Element, condition: InfluenceCondition) -> None:
    prefix = "basic_" if condition.quantity in _PTB_CONDITIONS else "jl_"
    element = child(parent, "influenceCondition", refType=prefix + condition.quantity)
    texts(element, "name", condition.name, "influenceCondition/name")
    data = child(element, "data")
    for bound in (
        _Bound("Min", words("minimum"), condition.minimum),
        _Bound("Max", words("maximum"), condition.maximum),
    ):
        if not is_decimal(bound.bound):
            raise NotDecimalText(place=condition.name, text=bound.bound)
        quantity = child(data, "quantity", refType=prefix + condition.quantity + bound.suffix)
        contents(child(quantity, "name"), bound.name)
        dsi.real(quantity, bound.bound, condition.unit)
