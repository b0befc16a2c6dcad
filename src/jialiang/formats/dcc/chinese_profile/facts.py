"""A certificate prepared for the rules of the profile, and what they say about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from jialiang.formats.dcc.chinese_profile.reading import ProfileReading, profile_of
from jialiang.formats.dcc.profile import DCC
from jialiang.formats.findings import Severity
from jialiang.kernel.text import Text

_NAMES: dict[str, str] = {"": DCC}


@dataclass(frozen=True, slots=True)
class ProfileBreach:
    """A rule of the profile broken at an element; ``severity`` only where the rule alone does not settle it."""

    rule: str
    element: etree._Element
    facts: Mapping[str, object] = field(default_factory=dict)
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class ProfileDocument:
    """The root of a certificate and what it says by the profile."""

    root: etree._Element
    reading: ProfileReading

    @classmethod
    def of(cls, tree: etree._ElementTree) -> ProfileDocument:
        """Read a certificate."""
        return cls(tree.getroot(), profile_of(tree))

    @property
    def kind(self) -> str:
        """The id of the kind, empty where it is none of the profile's."""
        return self.reading.kind.id if self.reading.kind is not None else ""

    @property
    def kind_name(self) -> Text:
        """What people call the kind."""
        return self.reading.kind.name if self.reading.kind is not None else Text()

    def element(self, field_id: str) -> etree._Element:
        """Return the first element of a field, the root where there is none."""
        return next(iter(self.reading.fields[field_id].elements), self.root)

    def found(self, field_id: str) -> Iterator[tuple[etree._Element, Text]]:
        """Yield the elements of a field with what they say."""
        reading = self.reading.fields[field_id]
        return zip(reading.elements, reading.values, strict=True)

    def all(self, path: str) -> list[etree._Element]:
        """Return the elements at a path of DCC names."""
        return self.root.findall(path, _NAMES)


def child_text(element: etree._Element, path: str) -> str:
    """Return the text of the first element at a path below, without blanks around it."""
    return (element.findtext(path, "", _NAMES) or "").strip()


def child_of(element: etree._Element, path: str) -> etree._Element | None:
    """Return the first element at a path below."""
    return element.find(path, _NAMES)
