"""The real ``jialiang serve`` with all its processes, on a free port of this machine, as users start it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
READY_SECONDS = 120.0
STOP_SECONDS = 30.0


def free_port() -> int:
    """Return a port of the loopback address that nobody listens on."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def without_settings() -> dict[str, str]:
    """Return this process's environment without the settings of its own test run."""
    ours = ("JIALIANG_", "DJANGO_", "PYTEST_")
    return {name: text for name, text in os.environ.items() if not name.startswith(ours)}


def served_environment(data: Path, port: int, more: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of an installation of the demonstration's kind, on 127.0.0.1."""
    return without_settings() | {
        "JIALIANG_DEMO": "1",
        "JIALIANG_DATA_DIR": str(data),
        "JIALIANG_PORT": str(port),
        "JIALIANG_NATIVE_PORT": "0",
        "JIALIANG_PUBLIC_URL": f"http://127.0.0.1:{port}",
        **more,
    }


@contextmanager
def serving(environment: Mapping[str, str]) -> Iterator[str]:
    """Run ``jialiang serve`` until the block ends; gives the public address once everything answers."""
    address = environment["JIALIANG_PUBLIC_URL"]
    with tempfile.TemporaryFile() as said:
        command = [sys.executable, "-m", "jialiang.assembly.cli", "serve", "--lang", "en"]
        process = subprocess.Popen(command, cwd=ROOT, env=dict(environment), stdout=said, stderr=said)
        try:
            _wait(process, f"{address}/sign-in/")
            yield address
        except BaseException:
            said.seek(0)
            sys.stderr.write(said.read().decode(errors="replace")[-8000:])
            raise
        finally:
            _stop(process)


def _wait(process: subprocess.Popen[bytes], page: str) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"jialiang serve ended with {process.returncode}")
        try:
            with urllib.request.urlopen(page, timeout=10) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"jialiang serve did not answer within {READY_SECONDS:g} s")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
