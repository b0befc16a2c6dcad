"""Files inside a certificate: pictures that are safe to show, and what is said about every other file."""

from __future__ import annotations

import hashlib
import struct
from typing import Literal

from jialiang.formats.dcc.common_parts import ByteData
from jialiang.formats.reading_view.blocks import Block, Fact, Facts, Picture, Said
from jialiang.formats.reading_view.texts import Reader, named, said
from jialiang.formats.reading_view.wording import own

LARGEST_PICTURE = 5 * 1024 * 1024
_MOST_PIXELS = 24_000_000
_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG_FRAMES = frozenset({0xC0, 0xC1, 0xC2})
_KIBI = 1024
_Mime = Literal["image/png", "image/jpeg"]


def file_blocks(part: ByteData, reader: Reader) -> list[Block]:
    """Return a picture where the file is one that is safe to show, and always name, kind, size and digest."""
    data = part.bytes()
    name = reader.say(part.name) or said(part.file_name)
    facts = [Fact(named("file.name", reader.language), said(part.file_name) or name)]
    description = reader.tell(part.description)
    if description:
        facts.append(Fact(named("field.description", reader.language), description))
    if part.mime_type:
        facts.append(Fact(named("file.mime_type", reader.language), said(part.mime_type)))
    if data is None:
        facts.append(Fact(named("file.content", reader.language), named("file.unreadable", reader.language)))
        return [Facts(tuple(facts))]
    digest = hashlib.sha256(data).hexdigest()
    facts.append(Fact(named("file.size", reader.language), said(_size(len(data)))))
    facts.append(Fact(named("file.digest", reader.language), said(digest)))
    picture = picture_of(data, name or named("file", reader.language))
    shown: list[Block] = [picture] if picture else []
    return [*shown, Facts(tuple(facts))]


def picture_of(data: bytes, name: Said) -> Picture | None:
    """Return a PNG or JPEG of moderate size as its own first bytes tell; None for anything else."""
    if len(data) > LARGEST_PICTURE:
        return None
    mime: _Mime
    if data.startswith(_PNG):
        mime, size = "image/png", _png_size(data)
    elif data.startswith(b"\xff\xd8\xff"):
        mime, size = "image/jpeg", _jpeg_size(data)
    else:
        return None
    width, height = size
    if not 0 < width * height <= _MOST_PIXELS:
        return None
    return Picture(name, mime, data, width, height)


def _png_size(data: bytes) -> tuple[int, int]:
    if len(data) < 33 or data[12:16] != b"IHDR":
        return 0, 0
    width, height = struct.unpack(">II", data[16:24])
    return width, height


def _jpeg_size(data: bytes) -> tuple[int, int]:
    at = 2
    while at + 9 < len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker in _JPEG_FRAMES:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return 0, 0


def _size(size: int) -> str:
    return f"{size} B" if size < _KIBI else f"{size / _KIBI:.1f} KiB"


def file_title(reader: Reader) -> str:
    """Return the heading over a file."""
    return own("file", reader.language)
