"""Processes of a measurement: started for it, ended with it, their CPU time read from /proc."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


def free_port() -> int:
    """Return a port of the loopback address that nobody uses."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]


def cpu_seconds(*words: str) -> float:
    """Return the CPU time, user and system, of all processes whose command line holds every one of ``words``."""
    ticks = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if set(words) <= set((folder / "cmdline").read_text().split("\0")):
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
                ticks += int(fields[11]) + int(fields[12])
        except OSError:
            continue
    return ticks / TICK


def memory_bytes(*words: str) -> int:
    """Return the resident memory of the largest process whose command line holds every one of ``words``."""
    largest = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if set(words) <= set((folder / "cmdline").read_text().split("\0")):
                largest = max(largest, int((folder / "statm").read_text().split()[1]) * PAGE)
        except OSError:
            continue
    return largest


@contextmanager
def running(words: Sequence[str], environment: Mapping[str, str], port: int | None = None) -> Iterator[None]:
    """Run a program for the length of the block; with ``port``, wait until it listens there."""
    process = subprocess.Popen(list(words), env=dict(environment), start_new_session=True)
    try:
        if port is not None:
            _wait(port, process)
        yield
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while process.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"nothing listens on {port}")
