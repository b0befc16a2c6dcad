"""Checks what stands on a page: boxes, fonts, pictures, and whether texts have a place for each letter."""

from __future__ import annotations

from collections.abc import Set

from lxml import etree

from jialiang.formats.ofd.findings import OfdFindings
from jialiang.formats.ofd.model import Page
from jialiang.formats.ofd.names import tag
from jialiang.formats.ofd.trees import box, number, steps

_OBJECTS = ("TextObject", "PathObject", "ImageObject", "CompositeObject")


def check_page(
    page: Page, root: etree._Element, fonts: Set[str], media: Set[str], findings: OfdFindings
) -> None:
    """Check the objects of a page against its box and the resources of the document."""
    for element in root.iter(*(tag(name) for name in _OBJECTS)):
        _check_box(page, element, findings)
    for element in root.iter(tag("TextObject")):
        _check_text(page.part, element, fonts, findings)
    for element in root.iter(tag("ImageObject")):
        resource = element.get("ResourceID", "")
        if resource not in media:
            findings.add("OFD-IMAGE-UNKNOWN", page.part, element, found=resource)


def _check_box(page: Page, element: etree._Element, findings: OfdFindings) -> None:
    name, stated = etree.QName(element).localname, element.get("Boundary", "")
    area = box(stated)
    if area is None:
        findings.add("OFD-BOX", page.part, element, name=name, found=stated)
    elif not page.box.holds(area):
        findings.add("OFD-OUTSIDE-PAGE", page.part, element, name=name, found=stated)


def _check_text(part: str, element: etree._Element, fonts: Set[str], findings: OfdFindings) -> None:
    font, size = element.get("Font", ""), number(element.get("Size"))
    if font not in fonts:
        findings.add("OFD-FONT-UNKNOWN", part, element, found=font)
    if size is None or size <= 0:
        findings.add("OFD-FONT-SIZE", part, element, found=element.get("Size", ""))
    codes = list(element.iterchildren(tag("TextCode")))
    if codes and (number(codes[0].get("X")) is None or number(codes[0].get("Y")) is None):
        findings.add("OFD-TEXT-START", part, codes[0])
    for code in codes:
        _check_steps(part, code, findings)


def _check_steps(part: str, code: etree._Element, findings: OfdFindings) -> None:
    """Compare the count of steps with that of letters; either way of counting letters beyond plane 0 is fine."""
    text, stated = code.text or "", code.get("DeltaX")
    if stated is None:
        return
    units = len(text.encode("utf-16-le", "surrogatepass")) // 2
    found = steps(stated, units)
    if found is None or len(found) not in (len(text) - 1, units - 1):
        shown = len(found) if found is not None else stated
        findings.add("OFD-TEXT-STEPS", part, code, found=shown, expected=len(text))
