"""XML as plain data and back, with nothing lost that canonical XML keeps: order, prefixes, comments, every blank.

The one form that may become XML again. An element is ``{"name", "declares", "attributes", "content"}``: the
name with its prefix, pairs (prefix, namespace), pairs (name with prefix, text), and a list of texts, elements,
``{"comment"}`` and ``{"instruction"}``. Members that are empty are left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from lxml import etree

from jialiang.formats.conversion.errors import NotLossless
from jialiang.formats.xml.nodes import (
    OUTERMOST,
    Comment,
    Instruction,
    Node,
    nodes_of,
    scope_of,
    written_attributes,
)
from jialiang.formats.xml.parsing import DEFAULT_LIMITS, parse_xml

FORMAT = "jialiang.lossless-xml/1"

_FIRST = (
    "A-Za-z_\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_NCNAME = rf"[{_FIRST}][{_FIRST}0-9.\-\u00b7\u0300-\u036f\u203f\u2040]*"
_QNAME = re.compile(rf"(?:{_NCNAME}:)?{_NCNAME}")
_PREFIX = re.compile(rf"(?:{_NCNAME})?")
_IN_TEXT = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;", ord("\r"): "&#13;"}
_IN_ATTRIBUTE = {**_IN_TEXT, ord('"'): "&quot;", ord("\t"): "&#9;", ord("\n"): "&#10;"}
_DEEPEST = DEFAULT_LIMITS.depth


def to_lossless(tree: etree._ElementTree) -> dict[str, Any]:
    """Return a document as plain data; :func:`from_lossless` makes XML of it with the same canonical form."""
    document = nodes_of(tree)
    before, after = map(_outside, document.before), map(_outside, document.after)
    return {"format": FORMAT, "nodes": [*before, _element(document.root, OUTERMOST), *after]}


def from_lossless(data: Any) -> bytes:
    """Write the XML (UTF-8) of what :func:`to_lossless` made. Raises NotLossless and the errors of ``formats.xml``.

    The data may come from anybody: names are checked, texts are escaped, and the result is parsed once before it
    is handed out.
    """
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise NotLossless(reason=f"“format” is not {FORMAT}")
    nodes = data.get("nodes")
    if not isinstance(nodes, list):
        raise NotLossless(reason="“nodes” is not a list")
    parts: list[str] = ['<?xml version="1.0" encoding="UTF-8"?>']
    for node in nodes:
        parts.append("\n")
        _write(node, parts, 0)
    xml = "".join(parts).encode("utf-8", "surrogatepass")
    parse_xml(xml, replace(DEFAULT_LIMITS, size=max(len(xml), DEFAULT_LIMITS.size)))
    return xml


def _element(node: Node, around: Mapping[str, str]) -> dict[str, Any]:
    scope = scope_of(node, around)
    members = {
        "declares": [list(pair) for pair in node.namespaces],
        "attributes": [list(pair) for pair in written_attributes(node, scope)],
        "content": [_part(part, scope) for part in node.content],
    }
    return {"name": node.written_name} | {member: given for member, given in members.items() if given}


def _part(part: Node | Comment | Instruction | str, scope: Mapping[str, str]) -> Any:
    if isinstance(part, Node):
        return _element(part, scope)
    return part if isinstance(part, str) else _outside(part)


def _outside(part: Comment | Instruction) -> dict[str, Any]:
    return {"comment": part.text} if isinstance(part, Comment) else {"instruction": [part.target, part.text]}


def _write(node: Any, parts: list[str], depth: int) -> None:
    if depth > _DEEPEST:
        raise NotLossless(reason=f"elements are nested deeper than {_DEEPEST} levels")
    if isinstance(node, str):
        parts.append(_escaped(node, _IN_TEXT))
    elif not isinstance(node, dict):
        raise NotLossless(reason="a node is neither text nor an object")
    else:
        kind = next((each for each in _WRITERS if each in node), None)
        if kind is None:
            raise NotLossless(reason="an object is neither element, comment nor instruction")
        _WRITERS[kind](node, parts, depth)


def _write_comment(node: dict[str, Any], parts: list[str], depth: int) -> None:
    text = _text(node["comment"])
    if "--" in text or text.endswith("-"):
        raise NotLossless(reason="a comment holds “--”")
    parts.append(f"<!--{text}-->")


def _write_instruction(node: dict[str, Any], parts: list[str], depth: int) -> None:
    given = node["instruction"]
    if not isinstance(given, list) or len(given) != 2:
        raise NotLossless(reason="an instruction is not a pair of target and text")
    target, text = _name(given[0]), _text(given[1])
    if "?>" in text:
        raise NotLossless(reason="an instruction holds “?>”")
    parts.append(f"<?{target} {text}?>" if text else f"<?{target}?>")


def _write_element(node: dict[str, Any], parts: list[str], depth: int) -> None:
    name = _name(node["name"])
    parts.append(f"<{name}")
    for prefix, namespace in _pairs(node.get("declares", [])):
        if _PREFIX.fullmatch(prefix) is None:
            raise NotLossless(reason=f"“{prefix[:40]}” is no prefix")
        attribute = f"xmlns:{prefix}" if prefix else "xmlns"
        parts.append(f' {attribute}="{_escaped(namespace, _IN_ATTRIBUTE)}"')
    for attribute, text in _pairs(node.get("attributes", [])):
        if attribute == "xmlns" or attribute.startswith("xmlns:"):
            raise NotLossless(reason="namespaces stand in “declares”, not among the attributes")
        parts.append(f' {_name(attribute)}="{_escaped(text, _IN_ATTRIBUTE)}"')
    content = node.get("content", [])
    if not isinstance(content, list):
        raise NotLossless(reason="“content” is not a list")
    if not content:
        parts.append("/>")
        return
    parts.append(">")
    for child in content:
        _write(child, parts, depth + 1)
    parts.append(f"</{name}>")


_WRITERS: dict[str, Callable[[dict[str, Any], list[str], int], None]] = {
    "name": _write_element,
    "comment": _write_comment,
    "instruction": _write_instruction,
}


def _pairs(given: Any) -> list[tuple[str, str]]:
    if not isinstance(given, list):
        raise NotLossless(reason="“declares” and “attributes” are lists of pairs")
    pairs = []
    for pair in given:
        if not isinstance(pair, list) or len(pair) != 2:
            raise NotLossless(reason="“declares” and “attributes” are lists of pairs")
        pairs.append((_text(pair[0]), _text(pair[1])))
    return pairs


def _name(given: Any) -> str:
    if not isinstance(given, str) or _QNAME.fullmatch(given) is None:
        raise NotLossless(reason=f"“{str(given)[:40]}” is no XML name")
    return given


def _text(given: Any) -> str:
    if not isinstance(given, str):
        raise NotLossless(reason="a text is no text")
    return given


def _escaped(text: str, table: dict[int, str]) -> str:
    return text.translate(table)
