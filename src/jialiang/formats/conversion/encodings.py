"""Texts in the encodings that are asked for in China: UTF-8, GB 18030, and GBK, which does not have every letter."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import Any

from lxml import etree

from jialiang.formats.conversion.errors import NotEncodable, UnknownEncoding

ENCODINGS = {"utf-8": "UTF-8", "gb18030": "GB18030", "gbk": "GBK"}
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Encoded:
    """Bytes, and the letters that the encoding does not have, in the order of their first appearance."""

    data: bytes
    unmapped: tuple[str, ...] = ()


def encode_xml(tree: etree._ElementTree, encoding: str) -> Encoded:
    """Write a document in an encoding; letters it lacks become character references, so that nothing is lost.

    ``unmapped`` names them. Raises UnknownEncoding, and NotEncodable where they stand in a name, a comment or an
    instruction, which know no references.
    """
    name = _known(encoding)
    unmapped = _unmapped("".join(_everything(tree)), name)
    if unmapped:
        unquotable = _unmapped("".join(_unquotable(tree)), name)
        if unquotable:
            raise NotEncodable(encoding=name, characters=" ".join(unquotable[:_SHOWN]))
    data: Any = etree.tostring(tree, encoding=name, xml_declaration=True)
    return Encoded(data, unmapped)


def encode_text(text: str, encoding: str, replacement: str = "?") -> Encoded:
    """Write a text in an encoding; letters it lacks become the ``replacement``, and ``unmapped`` names them.

    UTF-8 gets the mark at its beginning by which spreadsheet programs know it.
    """
    name = _known(encoding)
    unmapped = _unmapped(text, name)
    kept = text.translate({ord(letter): replacement for letter in unmapped})
    mark = codecs.BOM_UTF8 if name == "UTF-8" else b""
    return Encoded(mark + kept.encode(name), unmapped)


def _known(encoding: str) -> str:
    name = ENCODINGS.get(encoding.lower().replace("_", "-"))
    if name is None:
        raise UnknownEncoding(encoding=encoding[:40], known=", ".join(ENCODINGS.values()))
    return name


def _unmapped(text: str, encoding: str) -> tuple[str, ...]:
    if encoding != "GBK":
        return ()
    return tuple(letter for letter in dict.fromkeys(text) if not _has(letter, encoding))


def _has(letter: str, encoding: str) -> bool:
    try:
        letter.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _everything(tree: etree._ElementTree) -> list[str]:
    parts = [*_unquotable(tree)]
    for node in tree.getroot().iter(etree.Element):
        parts += [node.text or "", node.tail or "", *map(str, node.attrib.values())]
    return parts


def _unquotable(tree: etree._ElementTree) -> list[str]:
    parts: list[str] = []
    for node in tree.iter():
        if isinstance(node.tag, str):
            parts += [node.tag, *map(str, node.attrib)]
        else:
            parts += [node.text or ""]
    return parts
