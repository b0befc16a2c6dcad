"""The object store of this installation."""

from __future__ import annotations

from django.conf import settings

from jialiang.governance.storage.folder import FolderStore
from jialiang.governance.storage.port import ObjectStore


def current_store() -> ObjectStore:
    """Return the store that the settings name: the folder ``objects`` in the data folder."""
    return FolderStore(settings.JIALIANG.object_dir)
