"""The XML parts of an OFD, parsed under limits, with errors that name part, line and column."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from lxml import etree

from jialiang.formats.ofd.errors import ContainerTooLarge, NotADocument, PartMissing, PartUnreadable
from jialiang.formats.ofd.model import Box
from jialiang.formats.ofd.names import tag
from jialiang.formats.xml.parsing import XmlLimits, parse_xml
from jialiang.kernel.errors import InvalidInput
from jialiang.kernel.text import Text

XML_LIMITS = XmlLimits(size=8 * 1024 * 1024, depth=60, attributes=64, elements=200_000)
MOST_XML = 48 * 1024 * 1024
"""Bytes of XML that are parsed of one file in all."""

_NUMBER = re.compile(r"[+-]?(?:\d{1,20}(?:\.\d{0,30})?|\.\d{1,30})(?:[eE][+-]?\d{1,3})?", re.ASCII)
_MOST_STEPS = 20_000


class Trees:
    """Parses the parts of one container; none is kept, and all together may not be too many."""

    def __init__(self, parts: Mapping[str, bytes]) -> None:
        self.parts = parts
        self._parsed = 0

    def root(self, part: str, wanted_by: str, expected: str) -> etree._Element:
        """Return the root of a part. Raises PartMissing, PartUnreadable, NotADocument, ContainerTooLarge."""
        if part not in self.parts:
            raise PartMissing(part=part or "–", wanted_by=wanted_by)
        data = self.parts[part]
        self._parsed += len(data)
        if self._parsed > MOST_XML:
            what = Text("XML 总字节数", "bytes of XML in all")
            raise ContainerTooLarge(what=what, found=self._parsed, limit=MOST_XML, part=part)
        try:
            root = parse_xml(data, XML_LIMITS).getroot()
        except InvalidInput as problem:
            where = {name: problem.facts.get(name, 1) for name in ("line", "column")}
            raise PartUnreadable(part=part, reason=problem.what, **where) from None
        if root.tag != tag(expected):
            shown = etree.QName(root).localname[:80]
            raise NotADocument(part=part, line=root.sourceline or 1, root=shown, expected=expected)
        return root


def child(element: etree._Element | None, *path: str) -> etree._Element | None:
    """Return the first element at a path of names below an element."""
    if element is None:
        return None
    return element.find("/".join(tag(step) for step in path))


def text_of(element: etree._Element | None, *path: str) -> str:
    """Return the text of the element at a path, without blanks around it; empty where there is none."""
    found = child(element, *path)
    return (found.text or "").strip() if found is not None else ""


def number(text: str | None) -> float | None:
    """Return a finite decimal number, None for anything else."""
    if text is None or not _NUMBER.fullmatch(text.strip()):
        return None
    found = float(text)
    return found if math.isfinite(found) else None


def numbers(text: str | None) -> tuple[float, ...] | None:
    """Return the numbers of a list, None if one is none."""
    found = [number(each) for each in (text or "").split()[:_MOST_STEPS]]
    kept = tuple(each for each in found if each is not None)
    return kept if len(kept) == len(found) else None


def box(text: str | None) -> Box | None:
    """Return a box ``x y width height``, None for anything else."""
    found = numbers(text)
    if found is None or len(found) != 4 or found[2] < 0 or found[3] < 0:
        return None
    return Box(*found)


def steps(text: str | None, letters: int) -> tuple[float, ...] | None:
    """Return the steps between letters; ``g n d`` stands for n times d. None if it cannot be read.

    At most one step more than ``letters`` is returned, so that a wrong count shows without costing anything.
    """
    words = (text or "").split()[:_MOST_STEPS]
    found: list[float] = []
    at = 0
    while at < len(words) and len(found) <= letters:
        if words[at] == "g":
            count, step = (
                number(words[at + 1] if at + 1 < len(words) else ""),
                number(" ".join(words[at + 2 : at + 3])),
            )
            if count is None or step is None or count < 0:
                return None
            found += [step] * int(min(count, letters + 1))
            at += 3
            continue
        single = number(words[at])
        if single is None:
            return None
        found.append(single)
        at += 1
    return tuple(found[: letters + 1])
