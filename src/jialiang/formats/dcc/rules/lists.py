"""XML lists: one blank between entries, columns of one length, as many conclusions as values."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from jialiang.formats.dcc.profile import DCC
from jialiang.formats.dcc.quantities.model import Writing
from jialiang.formats.dcc.quantities.writings import SI, WRITINGS, local_name
from jialiang.formats.dcc.rules.document import Breach, Document

_DCC_LISTS = ("conformityXMLList", "charsXMLList", "validXMLList", "dateTimeXMLList")
_GAPS = re.compile(r"\s\s|^\s|\s$|^$")
_SHOWN = 6


def lists_spaced(document: Document) -> Iterator[Breach]:
    """Yield lists, refTypes and refIds whose entries are not separated by exactly one blank."""
    leaves = [name for name in document.survey.si_names() if name.endswith("XMLList")]
    for element in (*document.si(*leaves), *document.dcc(*_DCC_LISTS)):
        if len(element) == 0 and _GAPS.search(element.text or ""):
            yield Breach("DCC-LIST-SPACING", element, {"name": local_name(element)})
    for attribute, holders in (("refType", document.survey.with_ref_type), ("refId", document.survey.with_ref_id)):
        for element in holders:
            if _GAPS.search(element.get(attribute, "")):
                yield Breach("DCC-LIST-SPACING", element, {"name": attribute}, attribute)


def lists_even(document: Document) -> Iterator[Breach]:
    """Yield lists whose quantities have different numbers of values, and conclusions that do not match them."""
    for list_ in document.dcc("list"):
        counts = [_count(document, quantity) for quantity in list_.iterchildren(f"{{{DCC}}}quantity")]
        lengths = sorted({count for count in counts if count > 1})
        if len(lengths) > 1:
            facts = {"lengths": ", ".join(map(str, lengths[:_SHOWN]))}
            yield Breach("DCC-COLUMNS-UNEVEN", list_, facts)
    for conclusions in document.dcc("conformityXMLList"):
        given = len((conclusions.text or "").split())
        quantity = next(conclusions.iterancestors(f"{{{DCC}}}quantity"), None)
        needed = _count(document, quantity) if quantity is not None else 0
        if needed and given not in (1, needed):
            yield Breach("DCC-CONFORMITY-LENGTH", conclusions, {"given": given, "needed": needed})


def _count(document: Document, quantity: etree._Element) -> int:
    """Return how many values a quantity has; 0 for words."""
    for element in quantity.iterchildren(tag=etree.Element):
        if element.tag == f"{{{DCC}}}charsXMLList":
            return len((element.text or "").split())
        if element.tag.startswith(f"{{{SI}}}") and local_name(element) in WRITINGS:
            return _length(document.writing(element))
    return 0


def _length(writing: Writing) -> int:
    if not writing.members:
        return len(writing.values)
    lengths = [_length(member) for member in writing.members]
    return max(lengths) if writing.kind == "hybrid" else sum(lengths)
