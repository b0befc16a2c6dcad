"""What a certificate says by the Chinese profile: its kind, its fields, and what it lacks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lxml import etree

from jialiang.formats.dcc.chinese_profile.catalogue import Field, Kind, fields, kinds, profile_id
from jialiang.formats.dcc.profile import DCC, KIND
from jialiang.kernel.text import Text

_NAMES: dict[str, str] = {"": DCC}
_STATEMENT = f"administrativeData/statements/statement[@refType='{KIND}']"


@dataclass(frozen=True, slots=True)
class FieldReading:
    """The values of a field in the order of the file; ``places`` are the elements that they stand in."""

    field: Field
    values: tuple[Text, ...]
    elements: tuple[etree._Element, ...]


@dataclass(frozen=True, slots=True)
class ProfileReading:
    """A certificate by the profile; ``kind`` is None where its title is none of the profile's."""

    is_claimed: bool
    kind: Kind | None
    title: Text
    convention: str
    fields: dict[str, FieldReading]

    @property
    def missing(self) -> tuple[Field, ...]:
        """The fields that this kind of certificate should have and this one has not."""
        if self.kind is None:
            return ()
        kind = self.kind.id
        return tuple(
            each.field for each in self.fields.values() if not each.values and kind in each.field.levels
        )

    def first(self, field: str) -> Text:
        """Return the first value of a field, empty if there is none."""
        return next(iter(self.fields[field].values), Text())

    def to_json(self) -> dict[str, Any]:
        """Return kind, fields and what is missing, ready for JSON."""
        found = {
            id_: [value.to_json() for value in each.values]
            for id_, each in self.fields.items()
            if each.values
        }
        return {
            "profile": profile_id(), "claimed": self.is_claimed, "kind": self.kind.id if self.kind else "",
            "title": self.title.to_json(), "fields": found, "missing": [each.id for each in self.missing],
        }  # fmt: skip


def profile_of(tree: etree._ElementTree) -> ProfileReading:
    """Read a certificate by the profile; what it does not have is empty, and nothing is raised."""
    root = tree.getroot()
    statement = root.find(_STATEMENT, _NAMES)
    declared = statement.find("declaration", _NAMES) if statement is not None else None
    title = said_in(declared) if declared is not None else Text()
    convention = _plain(statement, "convention")
    return ProfileReading(
        is_claimed=claims(tree),
        kind=_kind(title, convention),
        title=title,
        convention=convention,
        fields={id_: _reading(root, field) for id_, field in fields().items()},
    )


def claims(tree: etree._ElementTree) -> bool:
    """Tell whether a certificate says that it keeps to the profile: as a reference of its ``jl_kind`` statement."""
    stated = tree.getroot().iterfind(f"{_STATEMENT}/reference", _NAMES)
    return any((each.text or "").strip() == profile_id() for each in stated)


def said_in(element: etree._Element) -> Text:
    """Return the texts of an element: those of its ``content`` by language, else its own text for both.

    A ``content`` without a language counts as Chinese too; one in a third language as nothing.
    """
    contents = element.findall("content", _NAMES)
    if not contents:
        own = (element.text or "").strip()
        return Text(own, own)
    said: dict[str, str] = {}
    for each in contents:
        said.setdefault(each.get("lang", ""), (each.text or "").strip())
    neutral = said.get("", "")
    return Text(said.get("zh", neutral), said.get("en", neutral))


def _kind(title: Text, convention: str) -> Kind | None:
    """Return the kind whose title it is; a title in no words of the profile goes by the kind of work alone."""
    by_title = next((kind for kind in kinds().values() if title.zh in kind.titles), None)
    if by_title is not None or title.zh:
        return by_title
    fitting = [kind for kind in kinds().values() if convention == kind.convention]
    return fitting[0] if fitting else None


def _reading(root: etree._Element, field: Field) -> FieldReading:
    for place in field.places:
        found = [(element, said_in(element)) for element in root.iterfind(place, _NAMES)]
        kept = [(element, said) for element, said in found if said or len(element)]
        if kept:
            return FieldReading(field, tuple(said for _, said in kept), tuple(element for element, _ in kept))
    return FieldReading(field, (), ())


def _plain(element: etree._Element | None, name: str) -> str:
    return (element.findtext(name, "", _NAMES) or "").strip() if element is not None else ""
