"""Objects in a local folder, ``ab/cd/<sha256>``: the embedded default of the port.

A file appears whole or not at all: it is written beside, forced to the disk and renamed, then the folder is forced.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from jialiang.formats.canonical import sha256_hex
from jialiang.governance.storage.errors import ObjectDamaged, ObjectNotFound
from jialiang.governance.storage.port import DIGEST, checked_digest
from jialiang.kernel.durable_files import copy_durably, force_folder, write_durably

UNFINISHED = ".unfinished-"


class FolderStore:
    """An :class:`ObjectStore` in a folder; any number of processes may use it at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, data: bytes) -> str:
        """Keep the bytes; a damaged file under the same digest is mended."""
        digest = sha256_hex(data)
        path = self._path(digest)
        if path.is_file() and path.read_bytes() == data:
            return digest
        path.parent.mkdir(parents=True, exist_ok=True)
        write_durably(path, data, beside=f"{UNFINISHED}{secrets.token_hex(8)}", mode=0o444)
        force_folder(path.parent.parent)
        force_folder(self._folder)
        return digest

    def put_file(self, file: IO[bytes]) -> str:
        """Keep a file without holding it in memory: beside first, under its digest once that is known."""
        self._folder.mkdir(parents=True, exist_ok=True)
        beside = self._folder / f"{UNFINISHED}{secrets.token_hex(8)}"
        try:
            digest = copy_durably(file, beside, mode=0o444)
            path = self._path(digest)
            path.parent.mkdir(parents=True, exist_ok=True)
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
        for folder in (path.parent, path.parent.parent, self._folder):
            force_folder(folder)
        return digest

    def get(self, sha256: str) -> bytes:
        """Return the bytes after recomputing their digest."""
        path = self._path(checked_digest(sha256))
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            raise ObjectNotFound(digest=sha256) from None
        if sha256_hex(data) != sha256:
            raise ObjectDamaged(digest=sha256, file=str(path))
        return data

    def exists(self, sha256: str) -> bool:
        """Tell whether a file is there."""
        return self._path(checked_digest(sha256)).is_file()

    def all_digests(self) -> Iterator[str]:
        """Go through the folder in order."""
        for path in sorted(self._folder.glob("??/??/*")):
            if DIGEST.fullmatch(path.name) and path == self._path(path.name) and path.is_file():
                yield path.name

    def loose_files(self) -> Iterator[Path]:
        """Go through files that no digest leads to: what a power cut left of writing, or strangers put there."""
        for path in sorted(p for p in self._folder.rglob("*") if p.is_file()):
            if not DIGEST.fullmatch(path.name) or path != self._path(path.name):
                yield path

    def _path(self, digest: str) -> Path:
        return self._folder / digest[:2] / digest[2:4] / digest
