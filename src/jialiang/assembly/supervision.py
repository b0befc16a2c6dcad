"""Keeping programs alive: starts them, starts again what ends, stops them all, leaves no orphan."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

log = logging.getLogger(__name__)

FIRST_PAUSE = 0.2
LONGEST_PAUSE = 10.0
STEADY_SECONDS = 30.0  # whoever ran this long starts again at once
GRACE_SECONDS = 10.0
LOOK_SECONDS = 0.1
NICEST = 19  # the most that Linux knows


@dataclass(frozen=True, slots=True)
class Program:
    """A Python module to keep running, with its arguments; the nicer it is, the more it lets others go first."""

    name: str
    module: str
    arguments: tuple[str, ...] = ()
    niceness: int = 0

    @property
    def command(self) -> list[str]:
        """The command line: the module runs guarded, it ends when the supervisor ends."""
        return [sys.executable, "-m", "jialiang.assembly.guarded", self.module, *self.arguments]


class Kept:
    """One program: its process, and when to start it again."""

    def __init__(self, program: Program, environment: Mapping[str, str]) -> None:
        self.program = program
        self.starts = 0
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None
        self._pause = FIRST_PAUSE
        self._due = 0.0
        self._started = 0.0

    @property
    def pid(self) -> int:
        """The process running now, 0 if there is none."""
        return self._process.pid if self._process is not None else 0

    def look(self, now: float) -> None:
        """Start it if it is due; note its end, clear away its children and plan the next start."""
        if self._process is None:
            if now >= self._due:
                self._start(now)
            return
        code = self._process.poll()
        if code is None:
            return
        self._kill_group()
        self._process = None
        steady = now - self._started >= STEADY_SECONDS
        self._pause = FIRST_PAUSE if steady else min(LONGEST_PAUSE, 2 * self._pause)
        self._due = now + self._pause
        log.warning("%s ended with %s; it starts again in %.1f s", self.program.name, code, self._pause)

    def ask_to_stop(self) -> None:
        """Send SIGTERM."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def end(self, patience: float) -> None:
        """Wait ``patience`` seconds for its end, then kill it and all its children."""
        if self._process is None:
            return
        try:
            self._process.wait(max(0.0, patience))
        except subprocess.TimeoutExpired:
            log.warning("%s did not stop and is killed", self.program.name)
        self._kill_group()
        self._process.wait()
        self._process = None

    def _start(self, now: float) -> None:
        # A session of its own: Ctrl-C reaches the supervisor alone, and the whole group can be cleared away.
        self._process = subprocess.Popen(  # noqa: S603 our own interpreter and modules
            self.program.command, env=dict(self._environment), start_new_session=True
        )
        if self.program.niceness:
            nicer = min(NICEST, os.getpriority(os.PRIO_PROCESS, 0) + self.program.niceness)
            os.setpriority(os.PRIO_PROCESS, self._process.pid, nicer)
        self._started = now
        self.starts += 1

    def _kill_group(self) -> None:
        if self._process is not None:
            try:
                os.killpg(self._process.pid, signal.SIGKILL)
            except ProcessLookupError:
                return  # nobody is left in it


class Supervisor:
    """Keeps ``programs`` running."""

    def __init__(self, programs: Sequence[Program], environment: Mapping[str, str]) -> None:
        self.kept = [Kept(program, environment) for program in programs]

    def run(self, stopped: Callable[[], bool], each_time: Callable[[], None]) -> None:
        """Keep everything alive until ``stopped()``, then end everything. ``each_time`` is called ten times a second.

        Whatever ``each_time`` raises ends everything as well and is passed on.
        """
        try:
            while not stopped():
                for kept in self.kept:
                    kept.look(time.monotonic())
                each_time()
                time.sleep(LOOK_SECONDS)
        finally:
            self._end_all()

    def _end_all(self) -> None:
        deadline = time.monotonic() + GRACE_SECONDS
        for kept in self.kept:
            kept.ask_to_stop()
        for kept in self.kept:
            kept.end(deadline - time.monotonic())
