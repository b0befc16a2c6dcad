"""How far a bulk check is: a bar on a terminal, else a line at times."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import IO

WIDTH = 30
EACH_SECONDS = 0.2
LINES = 10


class Progress:
    """Tells on ``out`` how many of ``total`` are done; ``seconds`` is a clock that only goes forward."""

    def __init__(self, out: IO[str], total: int, *, seconds: Callable[[], float] = time.monotonic) -> None:
        self._out, self._total, self._seconds = out, total, seconds
        self._bar = out.isatty()
        self._began = self._told = seconds()
        self._done = 0

    def step(self, invalid: int) -> None:
        """Count one more and tell, not too often."""
        self._done += 1
        now = self._seconds()
        if self._bar:
            if now - self._told >= EACH_SECONDS:
                self._told = now
                self._draw(invalid, now)
        elif self._done % max(self._total // LINES, 1000) == 0:
            self._out.write(f"{self._done} / {self._total}\n")
            self._out.flush()

    def end(self, invalid: int) -> None:
        """Tell the last state."""
        if self._bar and self._done:
            self._draw(invalid, self._seconds())
            self._out.write("\n")
            self._out.flush()

    def _draw(self, invalid: int, now: float) -> None:
        total = max(self._total, self._done, 1)
        filled = WIDTH * self._done // total
        bar = "█" * filled + "·" * (WIDTH - filled)
        rate = self._done / max(now - self._began, 1e-9)
        self._out.write(f"\r{bar} {self._done}/{total}  {rate:.0f}/s  ✗ {invalid} ")
        self._out.flush()
