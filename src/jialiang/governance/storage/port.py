"""The port behind which files are kept; every adapter passes the same conformance test."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO, Protocol

from jialiang.governance.storage.errors import BadDigest

DIGEST = re.compile(r"[0-9a-f]{64}")


class ObjectStore(Protocol):
    """Keeps bytes under their SHA-256 digest (lower-case hexadecimal); what is kept never changes."""

    def put(self, data: bytes) -> str:
        """Keep the bytes and return their digest; after the return they survive a power cut. Repeatable."""
        ...

    def put_file(self, file: IO[bytes]) -> str:
        """Keep what a file holds from where it stands, a part at a time, as :meth:`put` does."""
        ...

    def get(self, sha256: str) -> bytes:
        """Return the bytes, verified. Raises ``ObjectNotFound``, ``ObjectDamaged``, ``BadDigest``."""
        ...

    def exists(self, sha256: str) -> bool:
        """Tell whether something is kept under the digest (without verifying it)."""
        ...

    def all_digests(self) -> Iterator[str]:
        """Go through all digests in ascending order."""
        ...


def checked_digest(sha256: str) -> str:
    """Return the digest, or raise :class:`BadDigest`; nothing else ever becomes part of a path."""
    if not DIGEST.fullmatch(sha256):
        raise BadDigest(digest=sha256[:80])
    return sha256
