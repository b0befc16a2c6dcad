"""The key store of this installation."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.conf import settings

from jialiang.security.keys.encrypted_files import EncryptedFileKeyStore
from jialiang.security.keys.port import KeyStore


def current_key_store() -> KeyStore:
    """Return the store that the settings name: encrypted files in the folder ``keys`` of the data folder."""
    return _store(settings.JIALIANG.key_dir, settings.JIALIANG.key_passphrase)


@cache
def _store(folder: Path, passphrase: str) -> KeyStore:
    # Kept for the life of the process: opening a key file costs a quarter of a second by design.
    return EncryptedFileKeyStore(folder, passphrase)
