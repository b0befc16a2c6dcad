"""What a quantity belongs to: items, methods, equipment, conditions and software, by id or by where it stands.

A ``refId`` says it for one quantity or one list. Where none does, what is declared nearest holds: in the quantity
itself, in the lists around it, in the measurement result, and since 3.3.0 beside the measurement results.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from lxml import etree

from jialiang.formats.dcc.profile import DCC
from jialiang.formats.dcc.quantities.model import Link, Words
from jialiang.formats.dcc.quantities.writings import local_name
from jialiang.formats.xml.children import children_of
from jialiang.formats.xml.places import Places

_GROUPS = {
    "methods": ("usedMethods", "usedMethod"),
    "equipment": ("measuringEquipments", "measuringEquipment"),
    "conditions": ("influenceConditions", "influenceCondition"),
    "software": ("usedSoftware", "software"),
}
_KINDS = {entry: member for member, (_, entry) in _GROUPS.items()} | {"item": "items"}
_MEMBERS = {f"{{{DCC}}}{group}": member for member, (group, _) in _GROUPS.items()}
_ENTRIES = {f"{{{DCC}}}{group}": f"{{{DCC}}}{entry}" for group, entry in _GROUPS.values()}
_METADATA_OF_MEASUREMENT, _METADATA = f"{{{DCC}}}measurementMetaData", f"{{{DCC}}}metaData"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What holds for everything directly inside one element: ids that it names, and the nearest declarations.

    ``outer`` is the nearest element around it that names ids; together they are a chain, so nothing is copied.
    """

    ids: tuple[str, ...]
    outer: Surroundings | None
    nearest: dict[str, tuple[Link, ...]]
    item: etree._Element | None
    in_results: bool


_NOWHERE = Surroundings((), None, {}, None, in_results=False)


@dataclass
class Belonging:
    """The declared things of one document, found once; ``by_id`` are its elements that have an id."""

    root: etree._Element
    by_id: dict[str, etree._Element]
    places: Places
    _links: dict[etree._Element, Link] = field(default_factory=dict)
    _surroundings: dict[etree._Element, Surroundings] = field(default_factory=dict)

    def of(self, quantity: etree._Element) -> dict[str, tuple[Link, ...]]:
        """Return the links of a quantity: ``items``, ``methods``, ``equipment``, ``conditions``, ``software``."""
        around = self._around(quantity)
        named = self._named(quantity, around)
        links = {member: named.get(member) or around.nearest.get(member, ()) for member in _GROUPS}
        return {"items": named.get("items") or self._items(around), **links}

    def _around(self, element: etree._Element) -> Surroundings:
        """Return what holds inside an element, itself included."""
        unknown: list[etree._Element] = []
        at: etree._Element | None = element
        while at is not None and at not in self._surroundings:
            unknown.append(at)
            at = at.getparent()
        found = self._surroundings[at] if at is not None else _NOWHERE
        for inner in reversed(unknown):
            found = self._surroundings[inner] = self._inside(inner, found)
        return found

    def _inside(self, element: etree._Element, outer: Surroundings) -> Surroundings:
        declared = {
            _MEMBERS[group.tag]: tuple(map(self._link, group.iterchildren(_ENTRIES[group.tag])))
            for group in reversed(children_of(element))
            if group.tag in _MEMBERS
        }
        name = local_name(element)
        return Surroundings(
            ids=tuple(element.get("refId", "").split()),
            outer=outer if outer.ids else outer.outer,
            nearest={**outer.nearest, **declared} if declared else outer.nearest,
            item=element if name == "item" else outer.item,
            in_results=outer.in_results or name == "measurementResults",
        )

    def _named(self, quantity: etree._Element, around: Surroundings) -> dict[str, tuple[Link, ...]]:
        ids: list[str] = []
        level: Surroundings | None = around
        while level is not None:
            ids += level.ids
            level = level.outer
        for group in quantity.iterchildren(_METADATA_OF_MEASUREMENT):
            for metadata in group.iterchildren(_METADATA):
                ids += metadata.get("refId", "").split()
        found: dict[str, dict[str, Link]] = {}
        for id_ in dict.fromkeys(ids):
            target = self.by_id.get(id_)
            member = _KINDS.get(local_name(target)) if target is not None else None
            if member is not None and target is not None:
                found.setdefault(member, {})[id_] = self._link(target)
        return {member: tuple(links.values()) for member, links in found.items()}

    def _items(self, around: Surroundings) -> tuple[Link, ...]:
        if around.item is not None:
            return (self._link(around.item),)
        return self._all_items if around.in_results else ()

    @cached_property
    def _all_items(self) -> tuple[Link, ...]:
        found = self.root.findall(f"{{{DCC}}}administrativeData/{{{DCC}}}items/{{{DCC}}}item")
        return tuple(map(self._link, found))

    def _link(self, element: etree._Element) -> Link:
        if element not in self._links:
            self._links[element] = Link(
                id=element.get("id", ""),
                ref_type=tuple(element.get("refType", "").split()),
                name=words_of(element.find(f"{{{DCC}}}name")),
                status=_status(element),
                path=self.places.path(element),
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
