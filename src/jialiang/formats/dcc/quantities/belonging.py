"""What a quantity belongs to: items, methods, equipment, conditions and software, by id or by where it stands.

A ``refId`` says it for one quantity or one list. Where none does, what is declared nearest holds: in the quantity
itself, in the lists around it, in the measurement result, and since 3.3.0 beside the measurement results.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

from jialiang.formats.dcc.profile import DCC
from jialiang.formats.dcc.quantities.model import Link, Words
from jialiang.formats.dcc.quantities.writings import local_name
from jialiang.formats.xml.places import Places

_GROUPS = {
    "methods": ("usedMethods", "usedMethod"),
    "equipment": ("measuringEquipments", "measuringEquipment"),
    "conditions": ("influenceConditions", "influenceCondition"),
    "software": ("usedSoftware", "software"),
}
_KINDS = {entry: member for member, (_, entry) in _GROUPS.items()} | {"item": "items"}
_OF_ITEMS = ("items", "subItems")


@dataclass
class Belonging:
    """The declared things of one document, found once."""

    root: etree._Element
    _by_id: dict[str, etree._Element] = field(default_factory=dict)
    _links: dict[etree._Element, Link] = field(default_factory=dict)
    _places: Places = field(default_factory=Places)
    _levels: dict[tuple[etree._Element, str], tuple[Link, ...] | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for element in self.root.iter(etree.Element):
            if (id_ := element.get("id")) is not None:
                self._by_id.setdefault(id_, element)

    def of(self, quantity: etree._Element) -> dict[str, tuple[Link, ...]]:
        """Return the links of a quantity: ``items``, ``methods``, ``equipment``, ``conditions``, ``software``."""
        around = [quantity, *quantity.iterancestors()]
        named = self._named(quantity, around)
        links = {member: named.get(member) or self._nearest(around, member) for member in _GROUPS}
        return {"items": named.get("items") or self._items(around), **links}

    def _named(self, quantity: etree._Element, around: list[etree._Element]) -> dict[str, tuple[Link, ...]]:
        ids: list[str] = []
        for element in (*around, *quantity.findall(f"{{{DCC}}}measurementMetaData/{{{DCC}}}metaData")):
            ids += element.get("refId", "").split()
        found: dict[str, dict[str, Link]] = {}
        for id_ in dict.fromkeys(ids):
            target = self._by_id.get(id_)
            member = _KINDS.get(local_name(target)) if target is not None else None
            if member is not None and target is not None:
                found.setdefault(member, {})[id_] = self._link(target)
        return {member: tuple(links.values()) for member, links in found.items()}

    def _nearest(self, around: list[etree._Element], member: str) -> tuple[Link, ...]:
        for element in around:
            declared = self._declared(element, member)
            if declared is not None:
                return declared
        return ()

    def _declared(self, element: etree._Element, member: str) -> tuple[Link, ...] | None:
        key = (element, member)
        if key not in self._levels:
            group, entry = _GROUPS[member]
            declared = element.find(f"{{{DCC}}}{group}")
            entries = declared.findall(f"{{{DCC}}}{entry}") if declared is not None else []
            self._levels[key] = tuple(map(self._link, entries)) if declared is not None else None
        return self._levels[key]

    def _items(self, around: list[etree._Element]) -> tuple[Link, ...]:
        own = next((element for element in around if local_name(element) == "item"), None)
        if own is not None:
            return (self._link(own),)
        if not any(local_name(element) == "measurementResults" for element in around):
            return ()
        all_items = self.root.findall(f"{{{DCC}}}administrativeData/{{{DCC}}}items/{{{DCC}}}item")
        return tuple(map(self._link, all_items))

    def _link(self, element: etree._Element) -> Link:
        if element not in self._links:
            self._links[element] = Link(
                id=element.get("id", ""),
                ref_type=tuple(element.get("refType", "").split()),
                name=words_of(element.find(f"{{{DCC}}}name")),
                status=_status(element),
                path=self._places.path(element),
            )
        return self._links[element]


def words_of(element: etree._Element | None) -> Words:
    """Return the ``dcc:content`` texts of an element with their languages, blanks at the ends taken off."""
    if element is None:
        return ()
    contents = element.iterchildren(f"{{{DCC}}}content")
    return tuple((content.get("lang", ""), (content.text or "").strip()) for content in contents)


def _status(element: etree._Element) -> str:
    # Until 2.4.0 the status of an influence condition was called state.
    found = (element.find(f"{{{DCC}}}{name}") for name in ("status", "state"))
    return next(((each.text or "").strip() for each in found if each is not None), "")
