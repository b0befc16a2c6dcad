"""Counting what a process answered, beside the hot path: a number in memory, one line of a file a second.

``count`` is called for every answer and does no more than add one. ``write_down`` takes what has gathered, starts
anew and appends a line (see ``formats.handle.count_log``); whoever serves calls it each second, and ``close`` at the
end. The file is held by a lock while its process lives, so that who collects can tell a dead one.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from uuid import uuid4

from jialiang.formats.handle.count_log import (
    CARRIERS,
    Counted,
    CountLine,
    count_line,
    first_line,
    last_line,
)

SUFFIX = ".counts"
SECONDS_OF_A_FILE = 3600


class Counts:
    """What one process counts; ``folder`` holds the logs of all processes of the installation."""

    def __init__(self, folder: Path, *, clock: Callable[[], float] = time.time) -> None:
        self._folder = folder
        self._clock = clock
        self._gathered: dict[Counted, int] = {}
        self._descriptor: int | None = None
        self._begun = int(clock())
        self._opened_at = 0
        self._sequence = 0

    def count(self, counted: Counted) -> None:
        """Add one."""
        self._gathered[counted] = self._gathered.get(counted, 0) + 1

    def write_down(self) -> None:
        """Append what came since the last time, if anything did; touch the file either way. Raises OSError.

        What cannot be written stays gathered and is written the next time.
        """
        now = int(self._clock())
        gathered, self._gathered = self._gathered, {}
        try:
            self._write(gathered, now)
        except OSError:
            for counted, number in gathered.items():
                self._gathered[counted] = self._gathered.get(counted, 0) + number
            raise
        if now // SECONDS_OF_A_FILE != self._opened_at // SECONDS_OF_A_FILE:
            self._end(now)

    def close(self) -> None:
        """Write down what is left and end the log in order."""
        self.write_down()
        self._end(int(self._clock()))

    def _write(self, gathered: Mapping[Counted, int], now: int) -> None:
        if not gathered:
            os.utime(self._open(now))
            return
        self._open(now)
        self._append(count_line(CountLine(self._sequence + 1, self._begun, now, gathered)))
        self._sequence += 1
        self._begun = now

    def _end(self, now: int) -> None:
        if self._descriptor is None:
            return
        self._append(last_line(now))
        os.close(self._descriptor)
        self._descriptor = None

    def _open(self, now: int) -> int:
        if self._descriptor is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            process = uuid4().hex
            path = self._folder / f"{process}{SUFFIX}"
            self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o640)
            fcntl.flock(self._descriptor, fcntl.LOCK_EX)
            self._sequence = 0
            self._opened_at = now
            self._append(first_line(process, self._begun))
        return self._descriptor

    def _append(self, line: bytes) -> None:
        descriptor = self._open(int(self._clock()))
        written = os.write(descriptor, line)
        if written != len(line):  # a full disk: what stands there is no line, and the next try is a line of its own
            os.ftruncate(descriptor, os.fstat(descriptor).st_size - written)
            raise OSError("the line of counts was cut off")


def carrier_of(query: str) -> str:
    """Return the carrier that a symbol's address names by ``via=``, else ``none``."""
    if "via=" not in query:
        return "none"
    for part in query.split("&"):
        name, _, named = part.partition("=")
        if name == "via" and named in CARRIERS:
            return named
    return "none"
