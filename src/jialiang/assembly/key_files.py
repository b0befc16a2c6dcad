"""Key files inside archives: always as encrypted as they lie, and only where this installation can open them."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from jialiang.assembly.archive_files import Member, Unpacked, file_member
from jialiang.kernel.durable_files import write_durably
from jialiang.security.keys.encrypted_files import EncryptedFileKeyStore
from jialiang.security.keys.errors import KeyExists

PROBE = b"jialiang"


def key_members() -> Iterator[Member]:
    """Yield every key file of this installation."""
    for path in sorted(settings.JIALIANG.key_dir.glob("*.pem")):
        yield file_member(f"keys/{path.name}", path)


def checked_keys(source: Unpacked) -> list[Path]:
    """Return the key files of an archive after opening each with the passphrase of this installation.

    Raises KeyLocked for another passphrase, KeyDamaged, and KeyExists where a key of that name is here already.
    """
    files = [source.folder / member for member in source.names("keys")]
    store = EncryptedFileKeyStore(source.folder / "keys", settings.JIALIANG.key_passphrase)
    for file in files:
        if (settings.JIALIANG.key_dir / file.name).exists():
            raise KeyExists(name=file.stem)
        store.sign(file.stem, PROBE)
    return files


def put_keys(files: list[Path]) -> None:
    """Write key files into the key folder, durably; a key is never overwritten."""
    folder = settings.JIALIANG.key_dir
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for file in files:
        beside = f".unfinished-{secrets.token_hex(8)}"
        write_durably(folder / file.name, file.read_bytes(), beside=beside, replace=False)
