"""A certificate prepared for checking, and what rules say about its elements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from lxml import etree

from jialiang.formats.dcc.profile import DCC
from jialiang.formats.dcc.quantities.model import Writing
from jialiang.formats.dcc.quantities.survey import Survey
from jialiang.formats.dcc.quantities.writings import local_name

_DATE_LETTERS = 10


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule broken at an element (or one of its attributes), with the facts for its words."""

    rule: str
    element: etree._Element
    facts: Mapping[str, object] = field(default_factory=dict)
    attribute: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A certificate and the day at which it is judged; ``today`` is None where no clock may judge."""

    survey: Survey
    today: date | None = None

    @property
    def root(self) -> etree._Element:
        """The root of the certificate."""
        return self.survey.root

    def dcc(self, *names: str) -> Iterator[etree._Element]:
        """Yield the DCC elements with these names."""
        return self.survey.dcc(*names)

    def si(self, *names: str) -> Iterator[etree._Element]:
        """Yield the D-SI elements with these names."""
        return self.survey.si(*names)

    def writing(self, element: etree._Element) -> Writing:
        """Return what one D-SI element says."""
        return self.survey.writing(element)

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
    return next(element.iterchildren(f"{{{namespace}}}{name}"), None)


def date_of(text: str) -> date | None:
    """Return the day of an ``xs:date`` or ``xs:dateTime``; a time zone after it is left aside."""
    try:
        return date.fromisoformat(text[:_DATE_LETTERS])
    except ValueError:
        return None


def is_inside(element: etree._Element, name: str) -> bool:
    """Whether an element stands inside a DCC element with this name."""
    return any(local_name(around) == name for around in element.iterancestors())
