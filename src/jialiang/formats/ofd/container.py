"""The container of an OFD: a ZIP file whose parts are taken out under limits, and written the same way every time."""

from __future__ import annotations

import io
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

from jialiang.formats.ofd.errors import ContainerTooLarge, NotAContainer, PartRefused
from jialiang.kernel.text import Text, storable

FIRST = b"PK\x03\x04"
END = b"PK\x05\x06"
_WIDE_END = b"PK\x06\x07"  # where ZIP64 says other counts than the record that follows
_WIDE_SIZE = 20
_END_RECORD = struct.Struct("<4s4H2LH")
_LONGEST_COMMENT = 65_535
_LONGEST_NAME = 400
_ENTRY_ALLOWANCE = 1_000  # bytes of the directory that an entry may take on average
_MOMENT = (1980, 1, 1, 0, 0, 0)  # the earliest that a ZIP file can say; parts state no time of their own
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1

_REASONS = {
    "empty": Text("名称为空或过长", "its name is empty or too long"),
    "characters": Text("名称含控制字符或反斜杠", "its name has control characters or a backslash"),
    "outside": Text("路径指向容器之外", "its path leads out of the container"),
    "twice": Text("同一名称出现多次", "another part has the same name"),
    "encrypted": Text("已加密", "it is encrypted"),
    "method": Text("使用了其他压缩方法", "it is compressed by another method"),
    "link": Text("是符号链接", "it is a symbolic link"),
}


@dataclass(frozen=True, slots=True)
class ContainerLimits:
    """How much a container may have: entries, bytes packed, of one part, of all parts, and unpacked to packed.

    The ratio counts for parts over ``ratio_from`` bytes; smaller ones cannot do harm.
    """

    entries: int = 4_000
    packed: int = 64 * 1024 * 1024
    part: int = 64 * 1024 * 1024
    unpacked: int = 128 * 1024 * 1024
    ratio: int = 200
    ratio_from: int = 1024 * 1024


DEFAULT_LIMITS = ContainerLimits()


def read_container(data: bytes, limits: ContainerLimits = DEFAULT_LIMITS) -> dict[str, bytes]:
    """Return the parts by name, in the order of the container; folders are left out.

    Raises NotAContainer, ContainerTooLarge and PartRefused.
    """
    if len(data) > limits.packed:
        raise _too_large("size", len(data), limits.packed)
    _look_at_directory(data, limits)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [each for each in archive.infolist() if not each.is_dir()]
            _refuse(entries, limits)
            return {each.filename: archive.read(each) for each in entries}
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        struct.error,
        NotImplementedError,
        ValueError,
    ) as problem:
        raise NotAContainer(reason=_sentence(problem)) from None


def write_container(parts: Mapping[str, bytes]) -> bytes:
    """Return a container with the parts in the order given; the same parts always give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, part in parts.items():
            entry = zipfile.ZipInfo(name, _MOMENT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            archive.writestr(entry, part, compresslevel=9)
    return out.getvalue()


def _look_at_directory(data: bytes, limits: ContainerLimits) -> None:
    """Refuse what says of itself that it has too many entries, before the library reads them all."""
    if not data.startswith(FIRST):
        raise NotAContainer(reason="it does not begin with an entry of a ZIP file")
    at = data.rfind(END, max(0, len(data) - _LONGEST_COMMENT - _END_RECORD.size))
    if at < 0 or len(data) - at < _END_RECORD.size:
        raise NotAContainer(reason="its directory is missing")
    record = _END_RECORD.unpack_from(data, at)
    entries, directory = record[4], record[5]
    if data[max(0, at - _WIDE_SIZE) : at].startswith(_WIDE_END) or entries > limits.entries:
        raise _too_large("entries", entries, limits.entries)
    if directory > limits.entries * _ENTRY_ALLOWANCE:
        raise _too_large("directory", directory, limits.entries * _ENTRY_ALLOWANCE)


def _refuse(entries: list[zipfile.ZipInfo], limits: ContainerLimits) -> None:
    if len(entries) > limits.entries:
        raise _too_large("entries", len(entries), limits.entries)
    seen: set[str] = set()
    whole = 0
    for entry in entries:
        _refuse_entry(entry, seen)
        whole += entry.file_size
        if entry.file_size > limits.part:
            raise _too_large("part", entry.file_size, limits.part, entry.filename)
        if entry.file_size > max(limits.ratio_from, limits.ratio * max(entry.compress_size, 1)):
            raise _too_large(
                "ratio", entry.file_size // max(entry.compress_size, 1), limits.ratio, entry.filename
            )
        if whole > limits.unpacked:
            raise _too_large("unpacked", whole, limits.unpacked, entry.filename)


def _refuse_entry(entry: zipfile.ZipInfo, seen: set[str]) -> None:
    name = entry.orig_filename
    reason = _name_fault(name)
    folded = unicodedata.normalize("NFC", name).casefold()
    if not reason and folded in seen:
        reason = "twice"
    seen.add(folded)
    if not reason and entry.flag_bits & _ENCRYPTED:
        reason = "encrypted"
    if not reason and entry.compress_type not in _METHODS:
        reason = "method"
    if not reason and stat.S_ISLNK(entry.external_attr >> 16):
        reason = "link"
    if reason:
        raise PartRefused(part=_shown(name), reason=_REASONS[reason])


def _name_fault(name: str) -> str:
    if not name or len(name) > _LONGEST_NAME:
        return "empty"
    if "\\" in name or any(unicodedata.category(letter) in ("Cc", "Cs") for letter in name):
        return "characters"
    steps = name.split("/")
    if ":" in steps[0] or any(step in ("", ".", "..") for step in steps):
        return "outside"
    return ""


def _too_large(what: str, found: int, limit: int, part: str = "") -> ContainerTooLarge:
    return ContainerTooLarge(what=_MEASURES[what], found=found, limit=limit, part=_shown(part) or "ZIP")


_MEASURES = {
    "size": Text("文件字节数", "bytes of the file"),
    "entries": Text("条目数", "entries"),
    "directory": Text("目录字节数", "bytes of the directory"),
    "part": Text("部件字节数", "bytes of a part"),
    "ratio": Text("压缩比", "ratio of compression"),
    "unpacked": Text("展开后总字节数", "bytes unpacked in all"),
}


def _shown(name: str) -> str:
    return storable(name, 80).replace("\n", "\ufffd").replace("{", "(").replace("}", ")")


def _sentence(problem: Exception) -> str:
    return _shown(str(problem)).rstrip(".") or type(problem).__name__
