"""An environment of its own for each peer, made from the package index; its side is asked over a pipe in JSON.

No peer is imported here: two of them are GPL and stay outside the product, and each has the versions it wants.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ENVIRONMENTS = HERE.parents[1] / "build" / "peers"
SECONDS_TO_INSTALL, SECONDS_TO_ANSWER = 900, 1800


@dataclass(frozen=True)
class Peer:
    """A package, what else its side needs, and under which licence it stands."""

    name: str
    packages: tuple[str, ...]
    licence: str


PEERS = (
    Peer("GTC", ("GTC",), "MIT"),
    Peer("metrolopy", ("metrolopy",), "GPL-3"),
    Peer("suncal", ("suncal",), "GPL-3"),
    Peer("uncertainties", ("uncertainties", "numpy"), "BSD-3"),
    Peer("allantools", ("allantools",), "LGPL-3"),
)


class PeerAbsent(Exception):
    """A peer cannot be installed or does not answer: its name, and why."""


def python_of(peer: Peer, *, folder: Path = ENVIRONMENTS) -> Path:
    """Return the interpreter of a peer's environment, whether or not it is there."""
    return folder / peer.name.lower() / "bin" / "python"


def install(peer: Peer, *, folder: Path = ENVIRONMENTS) -> Path:
    """Make the environment unless it stands already; return its interpreter. Raises PeerAbsent."""
    python, made = python_of(peer, folder=folder), folder / peer.name.lower() / "installed"
    if made.is_file():
        return python
    folder.mkdir(parents=True, exist_ok=True)
    _run(peer, [sys.executable, "-m", "venv", "--clear", str(python.parents[1])])
    quiet = ["-q", "--disable-pip-version-check", "--only-binary", ":all:"]
    try:
        _run(peer, [str(python), "-m", "pip", "install", *quiet, *peer.packages])
    except PeerAbsent:  # some come as a source only
        _run(peer, [str(python), "-m", "pip", "install", *quiet[:2], *peer.packages])
    made.write_text("\n".join(peer.packages) + "\n", encoding="utf-8")
    return python


def ask(peer: Peer, models: Sequence[dict[str, Any]], *, folder: Path = ENVIRONMENTS) -> dict[str, Any]:
    """Let the side of a peer answer every model: ``{"version", "answers"}``. Raises PeerAbsent."""
    side = HERE / "sides" / f"{peer.name.lower()}_side.py"
    told = _run(peer, [str(python_of(peer, folder=folder)), str(side)], json.dumps(list(models)))
    try:
        found: dict[str, Any] = json.loads(told)
    except ValueError as problem:
        raise PeerAbsent(f"{peer.name}: its answer is no JSON: {told[:200]!r}") from problem
    return found


def _run(peer: Peer, command: list[str], text: str = "") -> str:
    """Run a command apart from our own environment; return what it wrote."""
    own = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    limit = SECONDS_TO_ANSWER if text else SECONDS_TO_INSTALL
    try:
        ran = subprocess.run(
            command, input=text, env=own, capture_output=True, text=True, check=False, timeout=limit
        )
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise PeerAbsent(f"{peer.name}: {problem}") from problem
    if ran.returncode:
        reason = (ran.stderr.strip() or ran.stdout.strip() or f"exit {ran.returncode}").splitlines()[-1]
        raise PeerAbsent(f"{peer.name}: {reason[:300]}")
    return ran.stdout
