"""Where an element stands in its document, as people and programs write it down."""

from __future__ import annotations

from typing import Any

from lxml import etree

PREFIXES = {
    "https://ptb.de/dcc": "dcc",
    "https://ptb.de/si": "si",
    "http://www.w3.org/2000/09/xmldsig#": "ds",
    "http://www.w3.org/1998/Math/MathML": "mml",
}
"""Prefixes that are written whatever a document calls its namespaces; others stand as in the document."""


class Places:
    """Paths of the elements of one document; positions among siblings are counted once a parent."""

    def __init__(self) -> None:
        self._positions: dict[etree._Element, dict[etree._Element, int]] = {}
        self._paths: dict[etree._Element, str] = {}

    def path(self, element: etree._Element, attribute: str = "") -> str:
        """Return ``/dcc:digitalCalibrationCertificate/dcc:measurementResults[1]/…`` and ``/@name`` if given."""
        unknown: list[etree._Element] = []
        at: etree._Element | None = element
        while at is not None and at not in self._paths:
            unknown.append(at)
            at = at.getparent()
        path = self._paths[at] if at is not None else ""
        for step in reversed(unknown):
            path = self._paths[step] = f"{path}/{qualified_name(step)}{self._numbered(at, step)}"
            at = step
        return f"{path}/@{attribute}" if attribute else path

    def _numbered(self, parent: etree._Element | None, element: etree._Element) -> str:
        if parent is None:
            return ""
        if parent not in self._positions:
            self._positions[parent] = _counted(parent)
        return f"[{self._positions[parent][element]}]"


def line_of(element: etree._Element) -> int | None:
    """Return the line of an element in its file, from 1; None for one that was made here."""
    line: Any = element.sourceline
    return line if isinstance(line, int) else None


def qualified_name(element: etree._Element) -> str:
    """Return ``prefix:name``, with the prefixes of :data:`PREFIXES` where they apply."""
    namespace, _, local = str(element.tag).rpartition("}")
    prefix = PREFIXES.get(namespace[1:]) or element.prefix
    return f"{prefix}:{local}" if prefix else local


def _counted(parent: etree._Element) -> dict[etree._Element, int]:
    counts: dict[str, int] = {}
    positions: dict[etree._Element, int] = {}
    for child in parent.iterchildren(tag=etree.Element):
        name = str(child.tag)
        counts[name] = counts.get(name, 0) + 1
        positions[child] = counts[name]
    return positions
