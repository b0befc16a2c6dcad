"""The files of a visit: handed in now, or carried by the page itself from one step to the next.

The server keeps nothing. What a page shows, it also holds, packed, in hidden fields of its form, and the next request
brings it back; it is read then as any file of a stranger is, so it needs no signature. Files that are too large to be
carried have to be handed in again for the next step, and the page says so.
"""

from __future__ import annotations

import binascii
import zlib
from base64 import b64decode, b64encode
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError

from jialiang.console.workbench.errors import (
    CarriedDamaged,
    HandedInTooLarge,
    NothingHandedIn,
    TooManyHandedIn,
)
from jialiang.formats.documents.archives import STRANGERS

MOST_FILES = 20
MOST_CARRIED = 3 * 1024 * 1024
"""Letters of hidden fields in a page: about 30 MB of XML, which packs ten to one."""
LONGEST_NAME = 120
FIELD, CARRIED = "file", "carried"


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A file: its name and bytes, and how the page carries it (empty if it is too large for that)."""

    name: str
    data: bytes
    packed: str


def files_of(request: HttpRequest) -> list[HandedIn]:
    """Return the files that were chosen among those carried, and those handed in now.

    Raises NothingHandedIn, TooManyHandedIn, HandedInTooLarge, CarriedDamaged.
    """
    carried, handed_in = _fields(request)
    files = [_unpacked(text) for text in carried[: MOST_FILES + 1]]
    files += [(_named(file.name or ""), file.read()) for file in handed_in[: MOST_FILES + 1] if file.size]
    if not files:
        raise NothingHandedIn()
    if len(files) > MOST_FILES:
        raise TooManyHandedIn(given=len(files), most=MOST_FILES)
    size, largest = sum(len(data) for _, data in files), settings.JIALIANG.max_upload_bytes
    if size > largest:
        raise HandedInTooLarge(size=_megabytes(size), largest=_megabytes(largest))
    return _carried(files)


def _fields(request: HttpRequest) -> tuple[list[str], list[UploadedFile[bytes]]]:
    try:
        return request.POST.getlist(CARRIED), request.FILES.getlist(FIELD)
    except TooManyFilesSent as problem:
        raise TooManyHandedIn(given=f"> {MOST_FILES}", most=MOST_FILES) from problem
    except (RequestDataTooBig, TooManyFieldsSent, MultiPartParserError) as problem:
        raise CarriedDamaged() from problem


def _carried(files: list[tuple[str, bytes]]) -> list[HandedIn]:
    left, found = MOST_CARRIED, []
    for name, data in dict.fromkeys(files):
        packed = _packed(name, data) if len(data) <= STRANGERS.file_bytes else ""
        packed = packed if len(packed) <= left else ""
        left -= len(packed)
        found.append(HandedIn(name, data, packed))
    return found


def _packed(name: str, data: bytes) -> str:
    return b64encode(zlib.compress(name.encode() + b"\0" + data, 6)).decode()


def _unpacked(text: str) -> tuple[str, bytes]:
    if len(text) > MOST_CARRIED:
        raise CarriedDamaged()
    inflater = zlib.decompressobj()
    try:
        whole = inflater.decompress(b64decode(text.encode(), validate=True), STRANGERS.file_bytes + 1024)
        name, mark, data = whole.partition(b"\0")
        decoded = name.decode()
    except (binascii.Error, zlib.error, UnicodeError, ValueError) as problem:
        raise CarriedDamaged() from problem
    if not mark or not inflater.eof or len(data) > STRANGERS.file_bytes:
        raise CarriedDamaged()
    return _named(decoded), data


def _named(name: str) -> str:
    shown = "".join(letter if letter.isprintable() else "\ufffd" for letter in name)
    return shown[-LONGEST_NAME:] or "document"


def _megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:.1f}"
