"""Canonical XML: the bytes that are digested and signed.

Of a whole document, Canonical XML 1.0 and 1.1 are the same bytes; they differ only in what a part inherits from
the elements around it (``xml:id``, ``xml:base``). Where anything ``xml:…`` could be inherited, a part is refused
rather than canonicalized in one of two ways.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import replace

from lxml import etree

from jialiang.formats.xml.errors import NotCanonicalizable
from jialiang.formats.xml.parsing import DEFAULT_LIMITS, parse_xml

C14N_10 = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
C14N_11 = "http://www.w3.org/2006/12/xml-c14n11"
C14N_EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
CANONICALIZATIONS = (C14N_10, C14N_11, C14N_EXCLUSIVE)

_XML_ATTRIBUTE = "{http://www.w3.org/XML/1998/namespace}"


class AmbiguousInheritance(ValueError):
    """A part stands inside elements with ``xml:`` attributes, which the two versions inherit differently."""


def canonical_document(tree: etree._ElementTree, algorithm: str = C14N_11) -> bytes:
    """Return the canonical bytes of the whole document without comments; raises NotCanonicalizable."""
    return _canonical(tree, exclusive=_is_exclusive(algorithm))


def canonical_element(element: etree._Element, algorithm: str = C14N_11) -> bytes:
    """Return the canonical bytes of one element in its document; raises AmbiguousInheritance,
    NotCanonicalizable.

    Namespaces of the elements around it are rendered on it, as inclusive canonicalization wants.
    """
    exclusive = _is_exclusive(algorithm)
    if not exclusive and any(_has_xml_attribute(around) for around in element.iterancestors()):
        raise AmbiguousInheritance(str(element.tag))
    return _canonical(element, exclusive=exclusive)


def without_element(tree: etree._ElementTree, element: etree._Element) -> etree._ElementTree:
    """Return a copy of ``tree`` without ``element``, all text around it kept (the enveloped transform)."""
    return without_elements(tree, [element])


def without_elements(tree: etree._ElementTree, elements: Sequence[etree._Element]) -> etree._ElementTree:
    """Return a copy of ``tree`` without ``elements`` (none inside another), all text around them kept."""
    taken = set(elements)
    rest = copy.deepcopy(tree)
    pairs = zip(tree.iter(etree.Element), rest.iter(etree.Element), strict=True)
    for twin in [twin for original, twin in pairs if original in taken]:
        _take_out(twin)
    return rest


def _take_out(removed: etree._Element) -> None:
    parent, before = removed.getparent(), removed.getprevious()
    if parent is None:
        raise ValueError("the root cannot be taken out of its document")
    if removed.tail and before is not None:
        before.tail = (before.tail or "") + removed.tail
    elif removed.tail:
        parent.text = (parent.text or "") + removed.tail
    removed.tail = None
    parent.remove(removed)


def serialized(tree: etree._ElementTree) -> bytes:
    """Write a tree in the one way of this house, which follows from its canonical form alone.

    UTF-8, declaration with double quotes, attributes in canonical order, no comments, no declaration twice, empty
    elements short, one line end at the end. So whatever canonicalization would forgive shows in the bytes.
    """
    canonical = canonical_document(tree)
    plain = parse_xml(canonical, replace(DEFAULT_LIMITS, size=max(len(canonical), DEFAULT_LIMITS.size)))
    body: bytes = etree.tostring(plain, encoding="UTF-8", xml_declaration=False)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + body.rstrip(b"\n") + b"\n"


def _canonical(node: etree._Element | etree._ElementTree, *, exclusive: bool) -> bytes:
    try:
        canonical: bytes = etree.tostring(
            node, method="c14n", exclusive=exclusive, with_comments=False, with_tail=False
        )
    except etree.C14NError:
        raise NotCanonicalizable() from None
    return canonical


def _is_exclusive(algorithm: str) -> bool:
    if algorithm not in CANONICALIZATIONS:
        raise ValueError(f"unknown canonicalization {algorithm}")
    return algorithm == C14N_EXCLUSIVE


def _has_xml_attribute(element: etree._Element) -> bool:
    return any(str(name).startswith(_XML_ATTRIBUTE) for name in element.attrib)
