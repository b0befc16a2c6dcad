"""ZIP archives of unknown origin: counted before they are unpacked, unpacked in memory, never onto a disk."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

from jialiang.formats.documents.errors import ArchiveTooLarge, ArchiveUnreadable
from jialiang.formats.xml.parsing import DEFAULT_LIMITS, XmlLimits
from jialiang.kernel.text import Text

ENCRYPTED = 0x1
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """How much an archive may hold: files, bytes of one of them unpacked, bytes of all, times the packed size.

    Text packs well; DEFLATE cannot do more than 1032 times, and real certificates stay below 50 times. ``xml`` are
    the limits of each document.
    """

    files: int = 200
    file_bytes: int = 64 * 1024 * 1024
    all_bytes: int = 256 * 1024 * 1024
    ratio: int = 200
    xml: XmlLimits = DEFAULT_LIMITS


IN_MEMORY = ArchiveLimits()
STRANGERS = ArchiveLimits(
    files=100,
    file_bytes=20 * 1024 * 1024,
    all_bytes=40 * 1024 * 1024,
    xml=XmlLimits(size=10 * 1024 * 1024, elements=100_000, namespace_work=30_000_000),
)
"""What anyone may hand in at once over the network."""
BULK = ArchiveLimits(files=200_000, all_bytes=64 * 1024**3)


class Archive:
    """An open archive whose directory keeps the limits."""

    def __init__(self, opened: zipfile.ZipFile, limits: ArchiveLimits) -> None:
        self._opened = opened
        self._members = {info.filename: info for info in opened.infolist() if not info.is_dir()}
        _keep_limits(list(self._members.values()), limits)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the files in their order in the directory; of files of one name only the last is there."""
        return tuple(self._members)

    def __contains__(self, name: object) -> bool:
        """Tell whether a file of this name is in the archive."""
        return name in self._members

    def read(self, name: str) -> bytes:
        """Unpack one file; no more bytes come than the directory says. Raises ArchiveUnreadable."""
        info = self._members[name]
        if info.flag_bits & ENCRYPTED:
            raise ArchiveUnreadable(file=name[:200], reason=Text("已加密", "it is encrypted"))
        if info.compress_type not in METHODS:
            reason = Text(f"压缩方法 {info.compress_type}", f"packed by method {info.compress_type}")
            raise ArchiveUnreadable(file=name[:200], reason=reason)
        with _problems_of(name):
            return self._opened.read(info)


@contextmanager
def opened_archive(
    source: bytes | BinaryIO, name: str, limits: ArchiveLimits = IN_MEMORY
) -> Iterator[Archive]:
    """Open an archive from bytes or from an open file. Raises ArchiveUnreadable and ArchiveTooLarge."""
    with _problems_of(name):
        opened = zipfile.ZipFile(BytesIO(source) if isinstance(source, bytes) else source)
    with opened:
        yield Archive(opened, limits)


def is_archive(data: bytes) -> bool:
    """Tell whether bytes begin as a ZIP archive does, also an empty one."""
    return data[:4] in (b"PK\x03\x04", b"PK\x05\x06")


def has_member(data: bytes, member: str) -> bool:
    """Tell whether bytes are a ZIP archive that can be opened and has a member of this name."""
    if not is_archive(data) or member.encode() not in data:
        return False
    try:
        with _problems_of(member), zipfile.ZipFile(BytesIO(data)) as opened:
            return member in opened.namelist()
    except ArchiveUnreadable:
        return False


def _keep_limits(members: list[zipfile.ZipInfo], limits: ArchiveLimits) -> None:
    if len(members) > limits.files:
        raise _refused("压缩包中的文件数", "The number of files in the archive", len(members), limits.files)
    for info in members:
        if info.file_size > limits.file_bytes:
            raise _refused(*_named(info), info.file_size, limits.file_bytes)
        if info.file_size > limits.ratio * max(info.compress_size, 1024):
            raise _refused(*_named(info), info.file_size, limits.ratio * max(info.compress_size, 1024))
    total = sum(info.file_size for info in members)
    if total > limits.all_bytes:
        raise _refused("压缩包解开后的大小", "The archive unpacked", total, limits.all_bytes)


def _named(info: zipfile.ZipInfo) -> tuple[str, str]:
    name = info.filename[:200]
    return f"压缩包中的文件 {name}", f"The file {name} in the archive"


def _refused(zh: str, en: str, size: int, limit: int) -> ArchiveTooLarge:
    return ArchiveTooLarge(thing=Text(zh, en), size=size, limit=limit)


@contextmanager
def _problems_of(name: str) -> Iterator[None]:
    try:
        yield
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        IndexError,
        NotImplementedError,
        OSError,
        OverflowError,
        RuntimeError,
        ValueError,
    ) as problem:
        said = str(problem).replace("{", "(").replace("}", ")")[:200] or type(problem).__name__
        raise ArchiveUnreadable(file=name[:200], reason=Text(said, said)) from problem
