"""Archives: a gzip-compressed tar whose first member, ``manifest.json``, names size and SHA-256 of every other.

Reading believes nothing: names have one of four forms, members are plain files, none is larger than the manifest
says, all are there once, every digest is recomputed; only then is anything handed on. Writing gives the same bytes for
the same content, and a whole file or none.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import re
import secrets
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO, cast

from jialiang.assembly.archive_errors import (
    ArchiveDamaged,
    ArchiveExists,
    ArchiveUnreadable,
    ForeignArchive,
    NoRoom,
)
from jialiang.kernel.durable_files import force_folder
from jialiang.kernel.text import Text

MANIFEST = "manifest.json"
OBJECTS = "objects"
VERSION = 1
LARGEST_MANIFEST = 64 * 1024 * 1024
SLACK = 64 * 1024
CHUNK = 1024 * 1024
NAME = re.compile(
    r"tables/[a-z_]{1,60}\.[a-z]{1,60}\.ndjson|objects/[0-9a-f]{64}|keys/[a-z0-9][a-z0-9-]{0,98}[a-z0-9]\.pem"
)
MISSING = Text("清单所列的文件缺失", "named in the manifest and not there")
STRANGE = Text("名称或类型不允许", "name or type not allowed")
TWICE = Text("出现了两次", "there twice")
CHANGED = Text("内容与清单中的摘要不符", "does not have the digest in the manifest")
OTHER_SIZE = Text("大小与清单不符", "does not have the size in the manifest")
BAD_MANIFEST = Text("清单不完整或格式不对", "not a whole manifest")
TOO_MUCH = Text("内容超过所声明的大小", "holds more than it declares")
TRUNCATED = Text("压缩数据不完整或已损坏", "compressed data are cut off or damaged")


@dataclass(frozen=True, slots=True)
class Member:
    """A file of an archive: its name in it, its size and digest, and how to open it."""

    name: str
    size: int
    sha256: str
    open: Callable[[], BinaryIO]


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A verified archive, its members as files in a private folder."""

    folder: Path
    manifest: Mapping[str, Any]

    def names(self, kind: str) -> list[str]:
        """Return the members under ``tables/``, ``objects/`` or ``keys/``, in order."""
        return sorted(m["name"] for m in self.manifest["members"] if m["name"].startswith(f"{kind}/"))


def private_folder(folder: Path) -> Path:
    """Return a folder after making it, for its owner only, where it is missing."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def file_member(name: str, path: Path) -> Member:
    """Return the member that carries a file."""
    digest = sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return Member(name, path.stat().st_size, digest.hexdigest(), lambda: path.open("rb"))


def write_archive(target: Path, kind: str, facts: Mapping[str, Any], members: Iterable[Member]) -> int:
    """Write an archive durably, readable by its owner only; return how many members. Raises ArchiveExists."""
    if target.exists():
        raise ArchiveExists(archive=target)
    listed = sorted(members, key=lambda member: member.name)
    manifest = {
        "format": kind,
        "version": VERSION,
        **facts,
        "members": [{"name": m.name, "size": m.size, "sha256": m.sha256} for m in listed],
    }
    head = json.dumps(manifest, ensure_ascii=False, sort_keys=True, indent=1).encode()
    unfinished = target.with_name(f".unfinished-{secrets.token_hex(8)}")
    try:
        _write(unfinished, head, listed)
        unfinished.rename(target)
    except OSError as problem:
        raise ArchiveUnreadable(archive=target, reason=problem.strerror or str(problem)) from problem
    finally:
        unfinished.unlink(missing_ok=True)
    force_folder(target.absolute().parent)
    return len(listed)


def _write(path: Path, head: bytes, members: Sequence[Member]) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        with (
            gzip.GzipFile("", "wb", compresslevel=6, fileobj=file, mtime=0) as zipped,
            tarfile.open(fileobj=zipped, mode="w|", format=tarfile.GNU_FORMAT) as tar,
        ):
            tar.addfile(_entry(MANIFEST, len(head)), io.BytesIO(head))
            for member in members:
                with member.open() as content:
                    tar.addfile(_entry(member.name, member.size), content)
        file.flush()
        os.fsync(file.fileno())


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    return entry


@contextmanager
def unpacked(archive: Path, kind: str, beside: Path) -> Iterator[Unpacked]:
    """Verify an archive of a ``kind`` and lay its members out in a private folder in ``beside`` while in use.

    Raises ArchiveUnreadable, ArchiveDamaged, ForeignArchive, NoRoom; nothing is left behind.
    """
    folder = Path(tempfile.mkdtemp(prefix=".unpacked-", dir=beside))
    try:
        with _opened(archive) as stream:
            manifest = _verified(stream, kind, folder)
        yield Unpacked(folder, manifest)
    finally:
        shutil.rmtree(folder)


@contextmanager
def _opened(archive: Path) -> Iterator[_Bounded]:
    try:
        with gzip.open(archive, "rb") as zipped:
            yield _Bounded(cast(BinaryIO, zipped))
    except (gzip.BadGzipFile, tarfile.ReadError) as problem:
        raise ArchiveUnreadable(archive=archive, reason=str(problem)) from problem
    except (EOFError, zlib.error, tarfile.TarError) as problem:
        raise ArchiveDamaged(member=archive.name, reason=TRUNCATED) from problem
    except OSError as problem:
        raise ArchiveUnreadable(archive=archive, reason=problem.strerror or str(problem)) from problem


class _Bounded(io.RawIOBase):
    """Gives no more bytes than were allowed: what a small archive unpacks to is not believed beforehand."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self.allowed = SLACK

    def read(self, size: int = -1) -> bytes:
        """Return up to ``size`` bytes. Raises ArchiveDamaged beyond what is allowed."""
        wanted = self.allowed + 1 if size < 0 else size
        data = self._source.read(min(wanted, self.allowed + 1))
        self.allowed -= len(data)
        if self.allowed < 0:
            raise ArchiveDamaged(member="tar", reason=TOO_MUCH)
        return data


def _verified(stream: _Bounded, kind: str, folder: Path) -> dict[str, Any]:
    with tarfile.open(fileobj=stream, mode="r|") as tar:
        manifest = _manifest(tar, stream, kind)
        declared = {member["name"]: member for member in manifest["members"]}
        _require_room(sum(member["size"] for member in declared.values()), folder)
        while (entry := _next(tar, stream)) is not None:
            member = declared.pop(entry.name, None)
            if member is None or not NAME.fullmatch(entry.name):
                raise ArchiveDamaged(member=entry.name[:120], reason=STRANGE)
            _unpack(tar, stream, entry, member, folder)
    stream.allowed = SLACK
    while stream.read(4096):
        pass
    for name in declared:
        raise ArchiveDamaged(member=name, reason=MISSING)
    return manifest


def _next(tar: tarfile.TarFile, stream: _Bounded) -> tarfile.TarInfo | None:
    stream.allowed = SLACK
    entry = tar.next()
    if entry is not None and (entry.type not in (tarfile.REGTYPE, tarfile.AREGTYPE) or entry.issparse()):
        raise ArchiveDamaged(member=entry.name[:120], reason=STRANGE)
    return entry


def _manifest(tar: tarfile.TarFile, stream: _Bounded, kind: str) -> dict[str, Any]:
    entry = _next(tar, stream)
    if entry is None or entry.name != MANIFEST or entry.size > LARGEST_MANIFEST:
        raise ArchiveDamaged(member=MANIFEST, reason=BAD_MANIFEST)
    stream.allowed = entry.size + SLACK
    content = tar.extractfile(entry)
    try:
        manifest = json.loads(content.read() if content else b"")
        found = (str(manifest["format"]), manifest["version"])
    except (ValueError, KeyError, TypeError, RecursionError) as problem:
        raise ArchiveDamaged(member=MANIFEST, reason=BAD_MANIFEST) from problem
    if found != (kind, VERSION):
        raise ForeignArchive(wanted=f"{kind} {VERSION}", found=f"{found[0][:60]} {found[1]!r:.20}")
    if not _is_whole(manifest):
        raise ArchiveDamaged(member=MANIFEST, reason=BAD_MANIFEST)
    return cast(dict[str, Any], manifest)


def _is_whole(manifest: dict[str, Any]) -> bool:
    members = manifest.get("members")
    if not isinstance(members, list):
        return False
    whole = all(
        isinstance(m, dict)
        and set(m) == {"name", "size", "sha256"}
        and isinstance(m["name"], str)
        and type(m["size"]) is int
        and m["size"] >= 0
        and isinstance(m["sha256"], str)
        for m in members
    )
    return whole and len({m["name"] for m in members}) == len(members)


def _require_room(needed: int, folder: Path) -> None:
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise NoRoom(needed=needed, free=free, folder=folder.parent)


def _unpack(
    tar: tarfile.TarFile, stream: _Bounded, entry: tarfile.TarInfo, member: Mapping[str, Any], folder: Path
) -> None:
    if entry.size != member["size"]:
        raise ArchiveDamaged(member=entry.name, reason=OTHER_SIZE)
    stream.allowed = entry.size + SLACK
    path = folder / entry.name
    private_folder(path.parent)
    digest = sha256()
    content = tar.extractfile(entry)
    with path.open("xb") as file:
        while content and (chunk := content.read(CHUNK)):
            digest.update(chunk)
            file.write(chunk)
    found = digest.hexdigest()
    if found != member["sha256"] or (path.parent.name == OBJECTS and found != path.name):
        raise ArchiveDamaged(member=entry.name, reason=CHANGED)
