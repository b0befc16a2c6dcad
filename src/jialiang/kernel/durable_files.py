"""Files that appear whole or not at all, and stay after a power cut."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path
from typing import IO

PART = 1024 * 1024


def write_durably(path: Path, data: bytes, *, beside: str, mode: int = 0o600, replace: bool = True) -> None:
    """Write ``data`` to ``path`` by way of the file ``beside`` in the same folder.

    The bytes are forced to the disk before the file gets its name and the folder after it; ``mode`` holds from the
    start. Without ``replace`` a file that is already there stays, and FileExistsError is raised.
    """
    temporary = path.with_name(beside)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if replace:
            temporary.replace(path)
        else:
            path.hardlink_to(temporary)
    finally:
        temporary.unlink(missing_ok=True)
    force_folder(path.parent)


def copy_durably(source: IO[bytes], path: Path, *, mode: int = 0o600) -> str:
    """Write what ``source`` holds from where it stands to the new file ``path``, and return its SHA-256 (hexadecimal).

    The bytes are forced to the disk; the folder is not. Raises FileExistsError.
    """
    digest = sha256()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        while part := source.read(PART):
            digest.update(part)
            file.write(part)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()


def force_folder(folder: Path) -> None:
    """Force the entries of a folder to the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
