"""A certificate under migration: its elements, and the list of what was changed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from lxml import etree

from jialiang.formats.dcc.profile import DCC
from jialiang.formats.xml.places import Places
from jialiang.kernel.text import Text


@dataclass(frozen=True, slots=True)
class Change:
    """One change: its kind (a stable id), where it is in the new document, the texts before and after, and why."""

    kind: str
    path: str
    before: str
    after: str
    text: Text

    def to_json(self) -> dict[str, Any]:
        """Return the change ready for JSON."""
        return {"kind": self.kind, "path": self.path, "before": self.before, "after": self.after,
                "text": self.text.to_json()}  # fmt: skip


@dataclass
class Work:
    """The root of the new document, changed in place, and the changes so far."""

    root: etree._Element
    _noted: list[tuple[str, etree._Element, str, str]] = field(default_factory=list)

    def note(self, kind: str, element: etree._Element, before: str = "", after: str = "") -> None:
        """Remember a change at an element of the new document."""
        self._noted.append((kind, element, before, after))

    def changes(self) -> tuple[Change, ...]:
        """Return the changes with their places as they are in the finished document."""
        places = Places()
        return tuple(
            Change(kind, places.path(element), before, after, words()[kind])
            for kind, element, before, after in self._noted
        )

    def each(self, *names: str) -> Iterator[etree._Element]:
        """Yield the DCC elements with these names; a copy of the list, so that they may be changed."""
        return iter(list(self.root.iter(*(f"{{{DCC}}}{name}" for name in names))))

    def rename(self, element: etree._Element, name: str, kind: str) -> None:
        """Give an element another name in its namespace."""
        before = etree.QName(element)
        element.tag = f"{{{before.namespace}}}{name}"
        self.note(kind, element, before.localname, name)


def remove(element: etree._Element) -> None:
    """Take an element out, with the text after it where that is only a line break."""
    parent, before = element.getparent(), element.getprevious()
    if parent is None:
        return
    if before is not None:
        before.tail = element.tail
    else:
        parent.text = element.tail
    parent.remove(element)


def insert_after(anchor: etree._Element, name: str, text: str = "") -> etree._Element:
    """Put a new DCC element behind another, on a line of its own."""
    element: etree._Element = anchor.makeelement(f"{{{DCC}}}{name}")
    element.text = text or None
    element.tail, parent = anchor.tail, anchor.getparent()
    if parent is not None:
        anchor.tail = parent.text if parent.text and not parent.text.strip() else anchor.tail
        parent.insert(parent.index(anchor) + 1, element)
    return element


def insert_first(parent: etree._Element, name: str, text: str = "") -> etree._Element:
    """Put a new DCC element before the other children, on a line of its own."""
    element: etree._Element = parent.makeelement(f"{{{DCC}}}{name}")
    element.text, element.tail = text or None, parent.text
    parent.insert(0, element)
    return element


@cache
def words() -> dict[str, Text]:
    """Return what the kinds of changes are called and why they are made."""
    file = resources.files("jialiang.formats.dcc.migration") / "words.json"
    raw = json.loads(file.read_text(encoding="utf-8"))
    return {kind: Text.from_json(pair) for kind, pair in raw.items()}
