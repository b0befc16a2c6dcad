"""Bytes that are not of the encoding that their document declares: where, and which encoding fits them."""

from __future__ import annotations

import codecs
import re

from jialiang.formats.xml.errors import EncodingMismatch, EncodingRefused

CODECS = {
    "UTF-8": "utf-8", "UTF8": "utf-8", "UTF-16": "utf-16", "UTF-16LE": "utf-16-le", "UTF-16BE": "utf-16-be",
    "GB18030": "gb18030", "GBK": "gbk", "GB2312": "gb2312", "US-ASCII": "ascii", "ASCII": "ascii",
    "ISO-8859-1": "latin-1",
}  # fmt: skip
"""The encodings that are read, by the names that declarations give them."""

_DECLARATION = re.compile(rb"<\?xml\s[^>]*?encoding\s*=\s*[\"']([^\"']*)[\"'][^>]*?\?>")
_TEXT_DECLARATION = re.compile(r"<\?xml\s[^>]*?\?>\s*", re.DOTALL)
_BROAD = ("UTF-8", "GB18030", "UTF-16LE", "UTF-16BE")
_WITHOUT_MARK = ((b"<\0", codecs.BOM_UTF16_LE), (b"\0<", codecs.BOM_UTF16_BE))


def marked(data: bytes) -> bytes:
    """Return ``data`` with the mark of UTF-16 that it lacks: what begins with ``<`` and a zero byte is nothing else."""
    if data[2:4] == b"\0\0" or data[:3] == b"\0\0\0":
        return data
    return next((mark + data for start, mark in _WITHOUT_MARK if data.startswith(start)), data)


def read_as(data: bytes, encoding: str) -> bytes:
    """Return a document whose encoding is known from elsewhere in UTF-8; its declaration is left out.

    Raises EncodingRefused for an encoding that is not read here, and EncodingMismatch.
    """
    name = encoding.strip().upper().replace("_", "-")
    if name not in CODECS:
        raise EncodingRefused(encoding=encoding[:40], line=1, column=1)
    try:
        text = data.decode(CODECS[name])
    except UnicodeDecodeError as problem:
        raise _located(data, name, problem) from None
    text = text.removeprefix("\ufeff")
    declaration = _TEXT_DECLARATION.match(text)
    return text[declaration.end() if declaration else 0 :].encode()


def mismatch(data: bytes) -> EncodingMismatch | None:
    """Return what is wrong if the bytes are not of the encoding that the document declares, or of UTF-8 without one."""
    name = declared_encoding(data)
    if name.startswith("UTF-16") and data.startswith(b"<?xml"):
        column = max(data.upper().find(name.encode(), 0, 200) + 1, 1)
        fitting = _fitting(data, name)
        return EncodingMismatch(encoding=name, byte="0x3C", line=1, column=column, fitting=fitting)
    try:
        data.decode(CODECS.get(name, "utf-8"))
    except UnicodeDecodeError as problem:
        return _located(data, name, problem)
    return None


def declared_encoding(data: bytes) -> str:
    """Return the encoding by mark or declaration, in capitals; UTF-8 where neither says one."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "UTF-16"
    declaration = _DECLARATION.match(data.removeprefix(codecs.BOM_UTF8))
    if declaration is None or data.startswith(codecs.BOM_UTF8):
        return "UTF-8"
    return declaration.group(1).decode("ascii", "replace").upper()


def _located(data: bytes, name: str, problem: UnicodeDecodeError) -> EncodingMismatch:
    before = data[: problem.start].decode(CODECS.get(name, "utf-8"), "replace")
    byte = f"0x{data[problem.start]:02X}" if problem.start < len(data) else "–"
    return EncodingMismatch(
        encoding=name,
        byte=byte,
        line=before.count("\n") + 1,
        column=len(before) - before.rfind("\n"),
        fitting=_fitting(data, name),
    )


def _fitting(data: bytes, name: str) -> str:
    return ", ".join(each for each in _BROAD if each != name and _fits(data, CODECS[each])) or "–"


def _fits(data: bytes, codec: str) -> bool:
    try:
        text = data.decode(codec)
    except UnicodeDecodeError:
        return False
    return text.lstrip("\ufeff \t\r\n").startswith("<") and "\0" not in text
