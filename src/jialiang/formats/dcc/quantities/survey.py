"""A document gone through once: its elements by name and by id, their places, and their D-SI writings.

Rules and quantities ask the same elements for the same things; whoever does both hands one survey to both.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator

from lxml import etree

from jialiang.formats.dcc.profile import DCC
from jialiang.formats.dcc.quantities.model import Writing
from jialiang.formats.dcc.quantities.writings import SI, writing_of
from jialiang.formats.xml.places import Places


class Survey:
    """The elements of a tree in document order; the tree must not be changed while it is in use."""

    def __init__(self, root: etree._Element) -> None:
        self.root = root
        self.places = Places()
        self.by_id: dict[str, etree._Element] = {}
        self.with_id: list[etree._Element] = []
        self.with_ref_id: list[etree._Element] = []
        self.with_ref_type: list[etree._Element] = []
        self._by_tag: dict[str, list[etree._Element]] = defaultdict(list)
        self._writings: dict[etree._Element, Writing] = {}
        for element in root.iter(etree.Element):
            self._by_tag[element.tag].append(element)
            if names := element.keys():
                self._note_attributes(element, names)

    def _note_attributes(self, element: etree._Element, names: Collection[str | bytes]) -> None:
        if "id" in names:
            self.with_id.append(element)
            self.by_id.setdefault(element.get("id", ""), element)
        if "refId" in names:
            self.with_ref_id.append(element)
        if "refType" in names:
            self.with_ref_type.append(element)

    def dcc(self, *names: str) -> Iterator[etree._Element]:
        """Yield the DCC elements with these names."""
        for name in names:
            yield from self._by_tag.get(f"{{{DCC}}}{name}", ())

    def si(self, *names: str) -> Iterator[etree._Element]:
        """Yield the D-SI elements with these names."""
        for name in names:
            yield from self._by_tag.get(f"{{{SI}}}{name}", ())

    def si_names(self) -> Iterator[str]:
        """Yield the names of all D-SI elements that the document has."""
        return (tag.removeprefix(f"{{{SI}}}") for tag in self._by_tag if tag.startswith(f"{{{SI}}}"))

    def writing(self, element: etree._Element) -> Writing:
        """Return what one D-SI element says; read at the first time it is asked for."""
        if element not in self._writings:
            self._writings[element] = writing_of(element)
        return self._writings[element]
