"""Methods, software and conditions: declared once, at the measurement result, the list or the quantity."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from jialiang.formats.dcc.profile import DCC
from jialiang.formats.dcc.quantities.writings import local_name
from jialiang.formats.dcc.rules.document import Breach, Document, child_of, is_inside

_GROUPS = (
    ("usedMethods", "DCC-METHODS-MISSING"),
    ("usedSoftware", "DCC-SOFTWARE-MISSING"),
    ("influenceConditions", "DCC-CONDITIONS-MISSING"),
)
_RESULTS = ("measurementResult", "measurementResults", "list")


def declarations_missing(document: Document) -> Iterator[Breach]:
    """Yield lists and lone quantities of results for which a group is declared nowhere.

    As PTB has it, and wider: a declaration in an outer list, or beside the measurement results (3.3.0), counts.
    """
    lists = [each for each in document.dcc("list") if _is_result_list(each)]
    alone = [each for each in document.dcc("quantity") if _is_alone(each)]
    for group, rule in _GROUPS:
        for element in lists:
            quantities = element.findall(f"{{{DCC}}}quantity")
            own = sum(1 for quantity in quantities if child_of(quantity, group) is not None)
            if len(quantities) > own and not _is_declared(element, group):
                yield Breach(rule, element)
        yield from (Breach(rule, quantity) for quantity in alone if not _is_declared(quantity, group))


def _is_declared(element: etree._Element, group: str) -> bool:
    if child_of(element, group) is not None:
        return True
    around = (each for each in element.iterancestors() if local_name(each) in _RESULTS)
    return any(child_of(each, group) is not None for each in around)


def _is_result_list(element: etree._Element) -> bool:
    return is_inside(element, "measurementResults") and not is_inside(element, "metaData")


def _is_alone(quantity: etree._Element) -> bool:
    data = quantity.getparent()
    result = data.getparent() if data is not None and local_name(data) == "data" else None
    return result is not None and local_name(result) == "result"
