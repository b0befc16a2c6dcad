"""The identifiers of a document: whole numbers, each once, none above ``MaxUnitID``."""

from __future__ import annotations

from lxml import etree

from jialiang.formats.ofd.findings import OfdFindings
from jialiang.formats.ofd.names import tag

_IDENTIFIED = (
    "Page", "TemplatePage", "Font", "ColorSpace", "DrawParam", "MultiMedia", "CompositeGraphicUnit", "Layer",
    "PageBlock", "TextObject", "PathObject", "ImageObject", "CompositeObject",
)  # fmt: skip
_LONGEST = 15


class Identifiers:
    """Takes the identifiers of all parts of a document and reports what is wrong with them."""

    def __init__(self, maximum: int | None, findings: OfdFindings) -> None:
        self._maximum = maximum
        self._findings = findings
        self._seen: set[int] = set()

    def take(self, part: str, root: etree._Element) -> None:
        """Look at the identifiers in a part."""
        for element in root.iter(*(tag(name) for name in _IDENTIFIED)):
            if element is not root:
                self._look_at(part, element)

    def _look_at(self, part: str, element: etree._Element) -> None:
        name = etree.QName(element).localname
        text = element.get("ID", "")
        if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST and int(text) > 0):
            self._findings.add("OFD-ID-MISSING", part, element, name=name, found=text)
            return
        found = int(text)
        if found in self._seen:
            self._findings.add("OFD-ID-TWICE", part, element, name=name, found=found)
        if self._maximum is not None and found > self._maximum:
            facts = {"name": name, "found": found, "expected": self._maximum}
            self._findings.add("OFD-ID-ABOVE-MAX", part, element, **facts)
        self._seen.add(found)
