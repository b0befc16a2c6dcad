"""Stored files, addressed by their digest."""

from jialiang.governance.storage.current import current_store
from jialiang.governance.storage.port import ObjectStore

__all__ = ["ObjectStore", "current_store"]
