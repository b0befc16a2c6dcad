"""Published answers from SQLite: a read-only connection inside the process.

A lookup by primary key takes about ten microseconds and never waits for a writer (WAL), less than handing it to a
thread and back; so it is done right in the event loop.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jialiang.integration.resolver.reader import TABLE, UNCHANGED, AnswersUnavailable, Row, Unchanged
from jialiang.integration.resolver.table_feed import Pulse

STAMP = f"SELECT version || ' ' || changed_at FROM {TABLE} WHERE key = ?"  # noqa: S608 a constant
WHOLE = f"SELECT version || ' ' || changed_at, body, headers, not_after FROM {TABLE} WHERE key = ?"  # noqa: S608
NEWEST = f"SELECT version, changed_at FROM {TABLE} ORDER BY version DESC LIMIT 1"  # noqa: S608
NEWER = f"SELECT key FROM {TABLE} WHERE version > ? ORDER BY version LIMIT ?"  # noqa: S608
LOOK_FOR_ANOTHER_FILE = 0.5  # seconds


def opened(described: Mapping[str, Any]) -> SqliteReader:
    """Make the reader of a database described as in Django's DATABASES."""
    return SqliteReader(Path(described["NAME"]))


class SqliteReader:
    """An :class:`~jialiang.integration.resolver.reader.AnswerReader` of the SQLite file at ``path``."""

    def __init__(self, path: Path, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._path = path
        self._monotonic = monotonic
        self._connection: sqlite3.Connection | None = None
        self._file: tuple[int, int] | None = None
        self._looked_at = 0.0

    async def read(self, key: str, known_stamp: str | None) -> Row | Unchanged | None:
        """Read one row by its primary key; a known stamp is compared before the body is touched."""
        try:
            connection = self._connected()
            if known_stamp is not None:
                found = connection.execute(STAMP, (key,)).fetchone()
                if found is None:
                    return None
                if found[0] == known_stamp:
                    return UNCHANGED
            found = connection.execute(WHOLE, (key,)).fetchone()
        except (sqlite3.Error, OSError) as problem:
            self._drop()
            raise AnswersUnavailable(reason=str(problem)) from problem
        return None if found is None else Row(found[0], bytes(found[1]), found[2], seconds(found[3]))

    async def pulse(self) -> Pulse:
        """Return the newest row; another file is another history."""
        newest = self._rows(NEWEST, ())
        return Pulse(str(self._file), *(newest[0] if newest else (0, "")))

    async def changed_after(self, version: int, limit: int) -> list[str]:
        """Return the keys of at most ``limit`` rows above ``version``."""
        return [row[0] for row in self._rows(NEWER, (version, limit))]

    async def close(self) -> None:
        """Close the file."""
        self._drop()

    def _rows(self, query: str, given: tuple[int, ...]) -> list[tuple[Any, ...]]:
        try:
            return self._connected().execute(query, given).fetchall()
        except (sqlite3.Error, OSError) as problem:
            self._drop()
            raise AnswersUnavailable(reason=str(problem)) from problem

    def _connected(self) -> sqlite3.Connection:
        now = self._monotonic()
        if self._connection is None or now >= self._looked_at + LOOK_FOR_ANOTHER_FILE:
            # After a restore another file carries the name; the old one, kept open, would answer for ever.
            self._looked_at = now
            status = self._path.stat()
            if self._file != (status.st_dev, status.st_ino):
                self._drop()
                self._file = (status.st_dev, status.st_ino)
        if self._connection is None:
            address = f"{self._path.resolve().as_uri()}?mode=ro"
            self._connection = sqlite3.connect(address, uri=True, isolation_level=None, timeout=0.25)
            self._connection.execute("PRAGMA query_only = ON")
        return self._connection

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None
        self._file = None


def seconds(text: str | None) -> float | None:
    """Turn a stored UTC date and time (``2026-06-16 07:47:30``, no zone) into seconds since 1970."""
    return None if text is None else datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()
