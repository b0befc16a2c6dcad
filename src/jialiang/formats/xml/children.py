"""The children of an element, at once."""

from __future__ import annotations

from typing import Any

from lxml import etree


def children_of(element: etree._Element) -> list[etree._Element]:
    """Return all children, comments and instructions among them; a slice costs half of what the iterator does."""
    sliced: Any = element
    found: list[etree._Element] = sliced[:]
    return found
