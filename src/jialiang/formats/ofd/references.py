"""Which parts of an OFD refer to which others, and whether those are there."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping

from lxml import etree

from jialiang.formats.ofd.findings import OfdFindings
from jialiang.formats.ofd.names import ENTRANCE, resolved, tag

_TEXTS = (
    "DocRoot", "Signatures", "PublicRes", "DocumentRes", "Annotations", "CustomTags", "Attachments", "Extensions",
    "FontFile", "MediaFile", "FileLoc", "SignedValue", "BaseLoc",
)  # fmt: skip
_ATTRIBUTES = ("Page", "TemplatePage", "Signature")
_BASED = ("FontFile", "MediaFile")  # counted from the BaseLoc of the resources that they stand in


class References:
    """Follows the references of parts, reports those that lead nowhere, and remembers which parts are used."""

    def __init__(self, parts: Mapping[str, bytes], findings: OfdFindings) -> None:
        self.used = {ENTRANCE}
        self._parts = parts
        self._findings = findings

    def follow(self, part: str, root: etree._Element) -> None:
        """Look at every reference that stands in a part."""
        for element, location in _locations(root):
            base = root.get("BaseLoc", "") if etree.QName(element).localname in _BASED else ""
            found = resolved(location, part, base)
            name = etree.QName(element).localname
            if not found:
                self._findings.add("OFD-PART-OUTSIDE", part, element, name=name, found=location)
            elif found not in self._parts:
                self._findings.add("OFD-PART-MISSING", part, element, name=name, found=found)
            else:
                self.used.add(found)

    def named(self, part: str, root: etree._Element, *names: str) -> Iterator[str]:
        """Give the parts that elements of these names refer to, where they are there; each once."""
        given: set[str] = set()
        for name in names:
            for element in root.iter(tag(name)):
                found = resolved(element.text or "", part)
                if found in self._parts and found not in given:
                    given.add(found)
                    yield found

    def take_folders_of(self, part: str, root: etree._Element, name: str) -> None:
        """Count what lies beside a part that is not read as used: its own references are not followed."""
        for element in root.iter(tag(name)):
            found = resolved(element.get("BaseLoc") or element.text or "", part)
            folder = posixpath.dirname(found)
            if folder and folder != posixpath.dirname(part):
                self.used |= {each for each in self._parts if each.startswith(folder + "/")}


def _locations(root: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    for name in _TEXTS:
        for element in root.iter(tag(name)):
            if element is not root:
                yield element, (element.text or "").strip()
    for name in _ATTRIBUTES:
        for element in root.iter(tag(name)):
            if element is not root and element.get("BaseLoc") is not None:
                yield element, element.get("BaseLoc", "")
