"""What stands before the first element, looked at before any XML parser sees the bytes.

A DOCTYPE may stand nowhere else (XML 1.0, production 22), so a scan of the prolog finds every one before an
entity could be declared, whatever the encoding.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from jialiang.formats.xml.errors import DoctypeRefused, EncodingRefused, ProcessingInstructionRefused

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"<\0\0\0", "utf-32"),
    (b"\0\0\0<", "utf-32"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
_EBCDIC = b"\x4c\x6f\xa7\x94"  # “<?xm”: the one family of encodings in which markup is not ASCII
_ALLOWED = {
    "UTF-8", "UTF8", "UTF-16", "UTF-16LE", "UTF-16BE", "US-ASCII", "ASCII",
    "ISO-8859-1", "GB18030", "GBK", "GB2312",
}  # fmt: skip
_DECLARATION = re.compile(r"<\?xml\s[^>]*?\?>", re.DOTALL)
_ENCODING = re.compile(r"encoding\s*=\s*[\"']([^\"']*)[\"']")
_BLANK = re.compile(r"[ \t\r\n]+")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_INSTRUCTION = re.compile(r"<\?([^\s?]++).*?\?>", re.DOTALL)  # possessive: an open end costs one look, not n²


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a document: line and column, both from 1."""

    line: int
    column: int


def check_prolog(data: bytes) -> None:
    """Raise DoctypeRefused, EncodingRefused or ProcessingInstructionRefused, with line and column.

    What is merely broken passes: the parser says it better.
    """
    text = _decoded(data)
    at = _declaration_end(text)
    while at < len(text):
        match = _BLANK.match(text, at) or _COMMENT.match(text, at)
        if match is None and (match := _INSTRUCTION.match(text, at)) is not None:
            _check_instruction(match.group(1), _position(text, at))
        if match is None:
            break
        at = match.end()
    if text[at : at + 9].upper() == "<!DOCTYPE":
        raise DoctypeRefused(**_facts(_position(text, at)))


def _check_instruction(target: str, position: Position) -> None:
    if target != "xml-stylesheet":
        raise ProcessingInstructionRefused(target=target[:80], **_facts(position))


def _decoded(data: bytes) -> str:
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "latin-1")
    if encoding == "utf-32":
        raise EncodingRefused(encoding="UTF-32", line=1, column=1)
    if data.startswith(_EBCDIC):
        raise EncodingRefused(encoding="EBCDIC", line=1, column=1)
    # Bytes of UTF-8 and GB 18030 behind the ASCII range cannot be mistaken for markup, so latin-1 will do.
    readable = "latin-1" if encoding == "utf-8" else encoding
    text = data.decode(readable, errors="replace")
    return text.removeprefix("ï»¿").removeprefix("\ufeff")


def _declaration_end(text: str) -> int:
    declaration = _DECLARATION.match(text)
    if declaration is None:
        return 0
    named = _ENCODING.search(declaration.group())
    if named is not None and named.group(1).upper() not in _ALLOWED:
        raise EncodingRefused(encoding=named.group(1)[:40], line=1, column=named.start(1) + 1)
    return declaration.end()


def _position(text: str, at: int) -> Position:
    before = text[:at]
    return Position(line=before.count("\n") + 1, column=at - before.rfind("\n"))


def _facts(position: Position) -> dict[str, int]:
    return {"line": position.line, "column": position.column}
