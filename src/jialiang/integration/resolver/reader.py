"""What the front asks of a database: one row of the table of published answers, by key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from jialiang.kernel.errors import Unavailable

TABLE = "published_answer"


class AnswersUnavailable(Unavailable):
    """The table of published answers cannot be read just now."""

    code = "JL-SRV-004"


@dataclass(frozen=True, slots=True)
class Row:
    """A published answer as stored. ``not_after`` is in seconds since 1970, UTC; ``stamp`` differs after any change."""

    stamp: str
    body: bytes
    headers: str
    not_after: float | None


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The row still carries the stamp that the caller holds."""


UNCHANGED = Unchanged()


class AnswerReader(Protocol):
    """Reads published answers; safe to call from many tasks of one event loop."""

    async def read(self, key: str, known_stamp: str | None) -> Row | Unchanged | None:
        """Return the row, UNCHANGED when it still has ``known_stamp``, None when there is none.

        Raises :class:`AnswersUnavailable`.
        """

    async def close(self) -> None:
        """Let go of the connection."""
