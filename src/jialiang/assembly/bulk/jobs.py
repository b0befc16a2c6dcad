"""Which files a bulk check reads: files, those of folders and those of ZIP archives, in a fixed order."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from jialiang.assembly.command_errors import FileUnreadable
from jialiang.assembly.document_files import bytes_of
from jialiang.formats.documents.archives import BULK, Archive, opened_archive
from jialiang.formats.documents.envelopes import envelope_of, is_known
from jialiang.formats.documents.errors import NothingInside, SizeRefused
from jialiang.formats.documents.parts import Part
from jialiang.formats.xml.encodings import read_as
from jialiang.kernel.errors import JialiangError

LARGEST = BULK.file_bytes


@dataclass(frozen=True, slots=True)
class Job:
    """One file to check: on the disk, or a member of an archive."""

    path: Path
    member: str = ""

    @property
    def name(self) -> str:
        """The name that a report calls it by."""
        return f"{self.path}/{self.member}" if self.member else str(self.path)

    def read(self) -> bytes:
        """Return its bytes.

        Raises FileUnreadable, SizeRefused, ArchiveUnreadable, ArchiveTooLarge, NothingInside.
        """
        if self.member:
            with _archive_at(self.path) as archive:
                return _unpacked(archive, self)
        if self.path.is_dir():
            raise NothingInside(file=str(self.path)[-200:])
        if self.path.is_file() and self.path.stat().st_size > LARGEST:
            size = self.path.stat().st_size
            raise SizeRefused(file=str(self.path)[-200:], size=size, limit=LARGEST, line=1)
        return bytes_of(self.path)


@dataclass(frozen=True, slots=True)
class Selection:
    """The files of a bulk check in order, and how many were passed over because no document looks like that."""

    jobs: tuple[Job, ...]
    passed_over: int = 0


def is_many(paths: Sequence[Path]) -> bool:
    """Tell whether paths name more than single files."""
    return any(path.is_dir() or path.suffix.lower() == ".zip" for path in paths)


def selected(paths: Sequence[Path]) -> Selection:
    """Return what a bulk check of these paths reads: folders with all below, archives by their directories.

    A path that is neither stands for itself, also if it does not exist or cannot be opened, and so does a folder
    without any document: its report says so.
    """
    jobs: list[Job] = []
    passed_over = 0
    for path in paths:
        if path.is_dir():
            files = sorted(_below(path))
            known = [each for each in files if is_known(each.relative_to(path).as_posix())] or [path]
            passed_over += len(files) - len(known) if known != [path] else len(files)
        else:
            known = [path]
        for each in known:
            members, left_out = _members(each)
            jobs += members
            passed_over += left_out
    return Selection(tuple(jobs), passed_over)


def loaded(jobs: Sequence[Job]) -> Iterator[tuple[Job, bytes | JialiangError | None]]:
    """Yield the jobs with the bytes of members of archives, each archive opened once; files come with None.

    A member that cannot be unpacked comes with its error, and so do all of an archive that is gone by now.
    """
    at = 0
    while at < len(jobs):
        job = jobs[at]
        if not job.member:
            yield job, None
            at += 1
            continue
        end = next((n for n in range(at, len(jobs)) if jobs[n].path != job.path), len(jobs))
        yield from _loaded_from(job.path, jobs[at:end])
        at = end


def in_utf_8(name: str, data: bytes, encoding: str) -> bytes:
    """Return a document whose encoding is known from elsewhere in UTF-8; PDFs and other wrappings stay as they are.

    Raises EncodingRefused, EncodingMismatch.
    """
    return read_as(data, encoding) if encoding and envelope_of(Part(name, data)) is None else data


def _loaded_from(path: Path, jobs: Sequence[Job]) -> Iterator[tuple[Job, bytes | JialiangError]]:
    left = list(reversed(jobs))
    try:
        with _archive_at(path) as archive:
            while left:
                each = left.pop()
                try:
                    yield each, _unpacked(archive, each)
                except JialiangError as problem:
                    yield each, problem
    except JialiangError as problem:
        yield from ((each, problem) for each in reversed(left))


@contextmanager
def _archive_at(path: Path) -> Iterator[Archive]:
    """Open an archive on the disk. Raises FileUnreadable, ArchiveUnreadable, ArchiveTooLarge."""
    try:
        file = path.open("rb")
    except OSError as problem:
        raise FileUnreadable(file=path, reason=problem.strerror or str(problem)) from problem
    with file, opened_archive(file, str(path), BULK) as archive:
        yield archive


def _unpacked(archive: Archive, job: Job) -> bytes:
    if job.member not in archive:
        raise NothingInside(file=job.name[-200:])
    return archive.read(job.member)


def _below(folder: Path) -> Iterator[Path]:
    """Yield the files of a folder and of those below it; links to folders are not followed, closed folders passed."""
    for where, _, names in os.walk(folder):
        yield from (Path(where, name) for name in names)


def _members(path: Path) -> tuple[list[Job], int]:
    if path.suffix.lower() != ".zip" or not path.is_file():
        return [Job(path)], 0
    try:
        with path.open("rb") as file, opened_archive(file, str(path), BULK) as archive:
            known = [name for name in archive.names if is_known(name)]
            return [Job(path, name) for name in known], len(archive.names) - len(known)
    except (JialiangError, OSError):
        return [Job(path)], 0
