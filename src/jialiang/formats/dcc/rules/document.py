"""A certificate prepared for checking: its elements by name, walked once, and what rules say about them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from lxml import etree

from jialiang.formats.dcc.profile import DCC
from jialiang.formats.dcc.quantities.writings import SI, local_name

_DATE_LETTERS = 10


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule broken at an element (or one of its attributes), with the facts for its words."""

    rule: str
    element: etree._Element
    facts: Mapping[str, object] = field(default_factory=dict)
    attribute: str = ""


class Document:
    """The elements of a certificate by name, in document order; ``today`` is None where no clock may judge."""

    def __init__(self, tree: etree._ElementTree, today: date | None = None) -> None:
        self.root = tree.getroot()
        self.today = today
        self._by_tag: dict[str, list[etree._Element]] = defaultdict(list)
        self.with_id: list[etree._Element] = []
        self.with_ref_id: list[etree._Element] = []
        self.with_ref_type: list[etree._Element] = []
        for element in self.root.iter(etree.Element):
            self._by_tag[str(element.tag)].append(element)
            if element.attrib:
                self._note_attributes(element)

    def _note_attributes(self, element: etree._Element) -> None:
        for attribute, holders in (("id", self.with_id), ("refId", self.with_ref_id),
                                   ("refType", self.with_ref_type)):  # fmt: skip
            if element.get(attribute) is not None:
                holders.append(element)

    def dcc(self, *names: str) -> Iterator[etree._Element]:
        """Yield the DCC elements with these names."""
        for name in names:
            yield from self._by_tag.get(f"{{{DCC}}}{name}", ())

    def si(self, *names: str) -> Iterator[etree._Element]:
        """Yield the D-SI elements with these names."""
        for name in names:
            yield from self._by_tag.get(f"{{{SI}}}{name}", ())

    def si_names(self) -> Iterator[str]:
        """Yield the names of all D-SI elements that the certificate has."""
        return (tag.removeprefix(f"{{{SI}}}") for tag in self._by_tag if tag.startswith(f"{{{SI}}}"))

    def declared_languages(self) -> list[str]:
        """Return the used languages as declared, repetitions included."""
        return [text_of(element) for element in self.dcc("usedLangCodeISO639_1")]

    def core_date(self, name: str) -> tuple[etree._Element, date] | None:
        """Return a date of the core data with its element; None where there is none, or none that is a date."""
        for element in self.dcc(name):
            day = date_of(text_of(element))
            if day is not None:
                return element, day
        return None


def text_of(element: etree._Element | None) -> str:
    """Return the text of an element without blanks around it."""
    return (element.text or "").strip() if element is not None else ""


def child_of(element: etree._Element, name: str, namespace: str = DCC) -> etree._Element | None:
    """Return the first child with this name."""
    return element.find(f"{{{namespace}}}{name}")


def date_of(text: str) -> date | None:
    """Return the day of an ``xs:date`` or ``xs:dateTime``; a time zone after it is left aside."""
    try:
        return date.fromisoformat(text[:_DATE_LETTERS])
    except ValueError:
        return None


def is_inside(element: etree._Element, name: str) -> bool:
    """Whether an element stands inside a DCC element with this name."""
    return any(local_name(around) == name for around in element.iterancestors())
