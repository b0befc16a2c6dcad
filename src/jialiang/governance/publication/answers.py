"""A published answer as a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """Ready bytes under a key, with HTTP headers (names in lower case).

    From ``not_after`` on the row ``formats.public_keys.after_key(key)`` is served instead of this one.
    """

    key: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    not_after: datetime | None = None


@dataclass(frozen=True, slots=True)
class StoredAnswer(Answer):
    """An answer as it stands in the table, with its place in the feed of changes."""

    version: int = 0
    changed_at: datetime | None = None
