"""Texts in the encodings that are asked for in China: UTF-8, UTF-16, GB 18030, and GBK, which lacks letters."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from lxml import etree

from jialiang.formats.conversion.errors import NotEncodable, UnknownEncoding

ENCODINGS = {"utf-8": "UTF-8", "utf-16": "UTF-16", "gb18030": "GB18030", "gbk": "GBK"}
Instead = Literal["", "reference", "escape", "replacement"]
"""What stands for a letter that an encoding lacks: ``&#181;``, ``\\u00b5``, or a mark that says nothing more."""

_SHOWN = 20
_CHARSET = re.compile(r"""(<meta\s[^>]*?charset\s*=\s*["']?)[A-Za-z0-9_-]+""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Encoded:
    """Bytes, the letters that the encoding lacks in the order of their first appearance, and what stands for them."""

    data: bytes
    unmapped: tuple[str, ...] = ()
    instead: Instead = ""


def encode_xml(tree: etree._ElementTree, encoding: str) -> Encoded:
    """Write a document in an encoding; letters it lacks become character references, so that nothing is lost.

    ``unmapped`` names them. Raises UnknownEncoding, and NotEncodable where they stand in a name, a comment or an
    instruction, which know no references.
    """
    name = known_encoding(encoding)
    unmapped = _unmapped("".join(_everything(tree)), name)
    if unmapped:
        unquotable = _unmapped("".join(_unquotable(tree)), name)
        if unquotable:
            raise NotEncodable(encoding=name, characters=" ".join(unquotable[:_SHOWN]))
    data: Any = etree.tostring(tree, encoding=name, xml_declaration=True)
    return _encoded(data, unmapped, "reference")


def encode_text(text: str, encoding: str, replacement: str = "?") -> Encoded:
    """Write a text in an encoding; letters it lacks become the ``replacement``, and ``unmapped`` names them.

    UTF-8 gets the mark at its beginning by which spreadsheet programs know it; UTF-16 always has one.
    """
    name = known_encoding(encoding)
    unmapped = _unmapped(text, name)
    kept = text.translate({ord(letter): replacement for letter in unmapped})
    mark = codecs.BOM_UTF8 if name == "UTF-8" else b""
    return _encoded(mark + _bytes(kept, name), unmapped, "replacement")


def encode_json(data: Any, encoding: str) -> Encoded:
    """Write JSON in an encoding; letters it lacks become ``\\uXXXX``, so that nothing is lost."""
    name = known_encoding(encoding)
    text = json.dumps(data, ensure_ascii=False, indent=1) + "\n"
    unmapped = _unmapped(text, name)
    escapes = {ord(letter): json.dumps(letter)[1:-1] for letter in unmapped}
    return _encoded(_bytes(text.translate(escapes), name), unmapped, "escape")


def encode_html(page: str, encoding: str) -> Encoded:
    """Write a page in an encoding, which its ``<meta charset>`` then names; letters it lacks become references."""
    name = known_encoding(encoding)
    named = _CHARSET.sub(lambda found: found.group(1) + name.lower(), page, count=1)
    unmapped = _unmapped(named, name)
    references = {ord(letter): f"&#{ord(letter)};" for letter in unmapped}
    return _encoded(_bytes(named.translate(references), name), unmapped, "reference")


def decode_text(data: bytes) -> str:
    """Return the text of bytes in one of the encodings: by mark, else UTF-8, else GB 18030 (with GBK).

    Raises UnicodeDecodeError where they are of none.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030")


def known_encoding(encoding: str) -> str:
    """Return the name of an encoding as declarations write it. Raises UnknownEncoding."""
    name = ENCODINGS.get(encoding.lower().replace("_", "-"))
    if name is None:
        raise UnknownEncoding(encoding=encoding[:40], known=", ".join(ENCODINGS.values()))
    return name


def _encoded(data: bytes, unmapped: tuple[str, ...], instead: Instead) -> Encoded:
    return Encoded(data, unmapped, instead if unmapped else "")


def _bytes(text: str, name: str) -> bytes:
    # Always in one order of bytes, whichever machine writes.
    return codecs.BOM_UTF16_LE + text.encode("utf-16-le") if name == "UTF-16" else text.encode(name)


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
    for node in tree.getroot().iter():
        parts += [node.text or "", node.tail or "", *map(str, node.attrib.values())]
    return parts


def _unquotable(tree: etree._ElementTree) -> list[str]:
    parts: list[str] = []
    for node in _nodes(tree.getroot()):
        if isinstance(node.tag, str):
            parts += [node.tag, *map(str, node.attrib), *(prefix or "" for prefix in node.nsmap)]
        else:
            parts += [getattr(node, "target", ""), node.text or ""]
    return parts


def _nodes(root: etree._Element) -> Iterator[etree._Element]:
    """Yield every node of a document, those around the root included."""
    yield from root.itersiblings(preceding=True)
    yield from root.iter()
    yield from root.itersiblings()
