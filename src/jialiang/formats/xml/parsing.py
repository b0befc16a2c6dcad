"""The one safe parser of XML: no DTD, no entities, no XInclude, no network, and limits on everything that grows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from lxml import etree

from jialiang.formats.xml.encodings import marked, mismatch
from jialiang.formats.xml.errors import (
    DoctypeRefused,
    ProcessingInstructionRefused,
    TooManyAttributes,
    TooManyElements,
    TooManyNamespaces,
    XIncludeRefused,
    XmlNotWellFormed,
    XmlTooDeep,
    XmlTooLarge,
)
from jialiang.formats.xml.prolog import check_prolog

XINCLUDE = "http://www.w3.org/2001/XInclude"
# Blanks stand before every attribute; possessive, so that no text makes the search look at a letter twice.
_PREFIX = re.compile(rb"\sxmlns:?+([^\s=]*+)\s*+=")


@dataclass(frozen=True, slots=True)
class XmlLimits:
    """How much of everything a document may have; the defaults fit any real certificate."""

    size: int = 20 * 1024 * 1024
    depth: int = 200
    attributes: int = 256
    elements: int = 500_000
    namespace_work: int = 300_000_000


DEFAULT_LIMITS = XmlLimits()


def parse_xml(data: bytes, limits: XmlLimits = DEFAULT_LIMITS) -> etree._ElementTree:
    """Parse ``data`` to a tree that refers to nothing outside itself.

    Comments stay in the tree (canonicalization drops them); CDATA becomes text. Raises the errors of
    ``formats.xml.errors``, each with line and column.
    """
    if len(data) > limits.size:
        raise XmlTooLarge(size=len(data), limit=limits.size, line=1, column=1)
    check_prolog(data)
    tree = _parsed(data)
    _refuse_doctype(tree)
    # Markup and the letters of its names are ASCII in every allowed encoding, so what stands in these bytes bounds
    # from above what stands in the tree; only where a bound does not settle it is the tree searched.
    letters = data.replace(b"\0", b"")
    _refuse_growth(letters, tree, limits)
    _refuse_namespaces(letters, tree, limits)
    if letters.count(b"<?") > letters.startswith((b"<?xml", b"\xef\xbb\xbf<?xml")):
        _refuse_instructions(tree)
    return tree


def _parsed(data: bytes) -> etree._ElementTree:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False,
        attribute_defaults=False, huge_tree=False, recover=False, collect_ids=False,
    )  # fmt: skip
    try:
        return etree.fromstring(marked(data), parser).getroottree()
    except etree.XMLSyntaxError as error:
        wrong = mismatch(data)
        if wrong is not None:
            raise wrong from None
        line, column = error.position if error.position else (1, 1)
        detail = (error.msg or "empty document").replace("{", "(").replace("}", ")")
        if "xcessive depth" in detail:
            raise XmlTooDeep(line=line, column=column, limit=DEFAULT_LIMITS.depth) from None
        raise XmlNotWellFormed(line=max(line, 1), column=max(column, 1), detail=detail) from None


def _refuse_doctype(tree: etree._ElementTree) -> None:
    # The prolog was scanned already; this is the second wall, should a parser see a DOCTYPE that the scan did not.
    if tree.docinfo.internalDTD is not None or tree.docinfo.doctype:
        raise DoctypeRefused(line=1, column=1)


def _refuse_growth(letters: bytes, tree: etree._ElementTree, limits: XmlLimits) -> None:
    if _holds(tree, "/*" * (limits.depth + 1)):
        deep = _first(tree, "/*" * (limits.depth + 1))
        raise XmlTooDeep(limit=limits.depth, **_place(deep))
    if _holds(tree, f"//*/@*[{limits.attributes + 1}]"):
        wide = _first(tree, f"//*[count(@*) > {limits.attributes}]")
        raise TooManyAttributes(limit=limits.attributes, **_place(wide))
    if letters.count(b"<") > limits.elements:
        surplus = _first(tree, f"(//*)[{limits.elements + 1}]")
        if surplus is not None:
            raise TooManyElements(limit=limits.elements, **_place(surplus))
    if b"XInclude" in letters or b"&#" in letters:  # a reference to a letter may hide it
        included = _first(tree, f"//*[namespace-uri() = '{XINCLUDE}']")
        if included is not None:
            raise XIncludeRefused(**_place(included))


def _refuse_namespaces(letters: bytes, tree: etree._ElementTree, limits: XmlLimits) -> None:
    # Canonicalization compares, on every element, each prefix in scope with each other: 150 prefixes around
    # 200 000 elements cost 14 s. The distinct prefixes bound those in scope from above.
    most = letters.count(b"xmlns")
    if most <= limits.attributes and most**2 * letters.count(b"<") <= limits.namespace_work:
        return
    prefixes = len(set(_PREFIX.findall(letters)))
    elements = sum(1 for _ in tree.iter(etree.Element))
    if prefixes > limits.attributes or prefixes**2 * elements > limits.namespace_work:
        raise TooManyNamespaces(prefixes=prefixes, elements=elements, line=1, column=1)


def _refuse_instructions(tree: etree._ElementTree) -> None:
    for node in _nodes(tree, "//processing-instruction()"):
        if node.target != "xml-stylesheet" or node.getparent() is not None:
            raise ProcessingInstructionRefused(target=node.target[:80], **_place(node))


@lru_cache(maxsize=16)
def _compiled(path: str) -> etree.XPath:
    return etree.XPath(f"boolean({path})")


def _holds(tree: etree._ElementTree, path: str) -> bool:
    return bool(_compiled(path)(tree))


def _first(tree: etree._ElementTree, path: str) -> etree._Element | None:
    found = _nodes(tree, f"({path})[1]")
    return found[0] if found else None


def _nodes(tree: etree._ElementTree, path: str) -> list[Any]:
    found = tree.xpath(path)
    return found if isinstance(found, list) else []


def _place(node: etree._Element | None) -> dict[str, Any]:
    # libxml2 keeps the line of a node, not its column.
    line = node.sourceline if node is not None else None
    return {"line": line or 1, "column": 1}
