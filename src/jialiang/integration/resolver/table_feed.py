"""The feed of changes of the table of published answers, for answers of which there are millions.

A single answer that is asked for all the time may be compared with the table by itself (see ``answers``). Of a million
identifiers each is asked for rarely, and comparing each by itself would cost a lookup every time. So the feed asks the
table every ``LOOK_SECONDS`` for its newest row. While that is the same, whatever was current is still current; when it
is another, the keys of the newer rows are fetched, and only what was read under them is compared.

An answer remembers the ``mark`` at which it was last found current. Rows of identifiers are never deleted, they are
emptied; so that a row removed by hand is noticed as well, everything is compared anew every ``COMPARE_ALL_SECONDS``.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from jialiang.integration.resolver.reader import AnswerReader

LOOK_SECONDS = 0.3
COMPARE_ALL_SECONDS = 300.0
MOST_REMEMBERED = 20_000
MARK_LENGTH = 6  # bytes: three marks a second last for three million years


@dataclass(frozen=True, slots=True)
class Pulse:
    """The newest row: ``version`` and ``changed_at`` (0 and empty in an empty table).

    ``history`` differs when another table carries the name: another file, another connection, a table written anew.
    """

    history: str
    version: int
    changed_at: str


class FeedReader(AnswerReader, Protocol):
    """A reader that can also say what changed."""

    async def pulse(self) -> Pulse:
        """Return the newest row (one lookup in the unique index of ``version``). Raises ``AnswersUnavailable``."""

    async def changed_after(self, version: int, limit: int) -> list[str]:
        """Return the keys of at most ``limit`` rows above ``version``. Raises ``AnswersUnavailable``."""


class TableFeed:
    """Tells whether what was read at a ``mark`` is still current."""

    def __init__(self, reader: FeedReader, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._reader = reader
        self._monotonic = monotonic
        self._pulse: Pulse | None = None
        self._changed: dict[str, int] = {}
        self._floor = 0
        self._doubts = 0
        self._compare_all_at = 0.0
        self._looking: asyncio.Task[None] | None = None
        self.mark = 0
        self.mark_bytes = bytes(MARK_LENGTH)
        self.trusted_until = 0.0
        """Up to this moment of the monotonic clock, what was found current at ``mark`` may be given."""

    async def look(self) -> int:
        """Look at the table if it is time, and return the mark. Raises ``AnswersUnavailable``.

        Many who ask at the same moment wait for one look.
        """
        while self._monotonic() >= self.trusted_until:
            if self._looking is None or self._looking.done():
                self._looking = asyncio.get_running_loop().create_task(self._look())
            await asyncio.shield(self._looking)
        return self.mark

    def doubt(self) -> None:
        """Look again before anything else is given: a write has just passed through this process."""
        self._doubts += 1
        self.trusted_until = 0.0

    def is_touched(self, key_of: Callable[[str], str], name: str, mark: int) -> bool:
        """Tell whether the row of ``name`` may have changed since ``mark``; its key is made only if that matters."""
        if mark == self.mark or mark < self._floor:
            return mark < self._floor
        return self._changed.get(key_of(name), 0) > mark

    async def _look(self) -> None:
        began, doubts = self._monotonic(), self._doubts
        pulse, before = await self._reader.pulse(), self._pulse
        if pulse != before or began >= self._compare_all_at:
            await self._move_on(before, pulse, began)
        self._pulse = pulse
        if doubts == self._doubts:  # else it was written while this look was under way
            self.trusted_until = began + LOOK_SECONDS

    async def _move_on(self, before: Pulse | None, pulse: Pulse, began: float) -> None:
        keys = await self._newer(before, pulse) if began < self._compare_all_at else None
        self.mark += 1
        self.mark_bytes = self.mark.to_bytes(MARK_LENGTH, "big")
        room = len(self._changed) + len(keys or ()) <= MOST_REMEMBERED
        if keys is None or not room or any(key.startswith("p:") for key in keys):
            # A prefix rules over all its names; and what cannot be told apart is compared.
            self._floor = self.mark
            self._changed.clear()
            self._compare_all_at = began + COMPARE_ALL_SECONDS
        else:
            self._changed.update(dict.fromkeys(keys, self.mark))

    async def _newer(self, before: Pulse | None, pulse: Pulse) -> list[str] | None:
        """Return the changed keys; None where the rows are no continuation of those seen before, or too many."""
        if before is None or pulse.history != before.history or pulse.version <= before.version:
            return None
        keys = await self._reader.changed_after(before.version, MOST_REMEMBERED + 1)
        return keys if len(keys) <= MOST_REMEMBERED else None
