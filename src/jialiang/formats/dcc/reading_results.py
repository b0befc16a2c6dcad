"""Results, methods, equipment and conditions of a DCC as views."""

from __future__ import annotations

from lxml import etree

from jialiang.formats.dcc.profile import DCC
from jialiang.formats.dcc.reading_parts import all_of, identifications_of, plain, text_of
from jialiang.formats.dcc.view import (
    ConditionView,
    EquipmentView,
    MethodView,
    QuantityView,
    ReferenceView,
    TableView,
)
from jialiang.formats.dsi.reading import real_lists
from jialiang.formats.dsi.writing import RealList


def tables_of(measurement_result: etree._Element) -> list[TableView]:
    """Return one table for each list of quantities; quantities that stand alone in a result are one table."""
    tables: list[TableView] = []
    for result in all_of(measurement_result, "results/result"):
        name, note = text_of(result, "name"), text_of(result, "description")
        for data in all_of(result, "data"):
            alone = tuple(quantity_of(e) for e in all_of(data, "quantity"))
            lists = (each for each in data.iter(f"{{{DCC}}}list") if _belongs_to_results(each, data))
            groups = [tuple(quantity_of(e) for e in all_of(each, "quantity")) for each in lists]
            tables += [TableView(name, quantities, note) for quantities in (alone, *groups) if quantities]
    return tables


def quantity_of(element: etree._Element) -> QuantityView:
    """Return a quantity as a column; words instead of numbers are taken as they are."""
    written = real_lists(element)
    best = written[0] if written else RealList(_words(element), "")
    return QuantityView(
        ref_type=element.get("refType", ""),
        name=text_of(element, "name"),
        unit=best.unit,
        quantity_values=_without_nan(best.quantity_values),
        expanded_uncertainties=_without_nan(best.expanded_uncertainties),
        coverage_factors=_without_nan(best.coverage_factors),
        coverage_probability=best.coverage_probability,
        distribution=best.distribution,
        conformities=_conformities(element),
        ref_ids=tuple(element.get("refId", "").split()),
    )


def _without_nan(texts: tuple[str, ...]) -> tuple[str, ...]:
    # D-SI has no empty entries in its lists; what is not known stands as NaN.
    return tuple("" if text == "NaN" else text for text in texts)


def method_of(element: etree._Element) -> MethodView:
    """Return a used method as a view."""
    norms = tuple((e.text or "").strip() for e in all_of(element, "norm"))
    return MethodView(text_of(element, "name"), norms, element.get("refType", ""))


def equipment_of(element: etree._Element) -> EquipmentView:
    """Return a measuring equipment with its certificate, and that one's certificate, and so on."""
    certificates = all_of(element, "certificate")
    return EquipmentView(
        id=element.get("id", ""),
        name=text_of(element, "name"),
        model=plain(element, "model"),
        ref_type=element.get("refType", ""),
        identifications=identifications_of(element),
        certificate=reference_of(certificates[0]) if certificates else None,
    )


def reference_of(element: etree._Element) -> ReferenceView:
    """Return a reference to another certificate; the parser's limit of depth ends the recursion."""
    linked = all_of(element, "linkedReport")
    return ReferenceView(
        referral=text_of(element, "referral"),
        number=plain(element, "referralID"),
        procedure=plain(element, "procedure"),
        digest=plain(element, "value"),
        in_validity=_truth(plain(element, "inValidityRange")),
        traceable=_truth(plain(element, "traceable")),
        linked=reference_of(linked[0]) if linked else None,
    )


def condition_of(element: etree._Element) -> ConditionView:
    """Return an influence condition as a view."""
    quantities = tuple(quantity_of(e) for e in all_of(element, "data/quantity"))
    return ConditionView(text_of(element, "name"), element.get("refType", ""), quantities)


def _belongs_to_results(list_: etree._Element, data: etree._Element) -> bool:
    # A list inside the metadata of a quantity (limits, calibration points) is no table of its own.
    for around in list_.iterancestors():
        if around is data:
            return True
        if around.tag != f"{{{DCC}}}list":
            return False
    return False


def _conformities(element: etree._Element) -> tuple[str, ...]:
    stated = [
        plain(meta, "conformityXMLList") or plain(meta, "conformity")
        for meta in all_of(element, "measurementMetaData/metaData")
    ]
    return tuple(next((each for each in stated if each), "").split())


def _words(element: etree._Element) -> tuple[str, ...]:
    listed = plain(element, "charsXMLList")
    if listed:
        return tuple(listed.split())
    return tuple((content.text or "").strip() for content in all_of(element, "noQuantity/content"))


def _truth(text: str) -> bool | None:
    return {"true": True, "1": True, "false": False, "0": False}.get(text)
