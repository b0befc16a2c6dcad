"""A PostgreSQL server of its own for the tests of the data plane."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.conftest import absent

OPTIONS = "-c listen_addresses='' -c fsync=off -c shared_buffers=16MB -c max_connections=20 -c timezone=Asia/Shanghai"


def _tool(name: str) -> str | None:
    places = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    return str(places[0]) if places else shutil.which(name)


@pytest.fixture(scope="session")
def postgres_address() -> Iterator[str]:
    """The address of a throw-away server on a Unix socket; as root it runs as postgres, for it refuses root."""
    initdb, control = _tool("initdb"), _tool("pg_ctl")
    as_other = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    if not initdb or not control or (as_other and not shutil.which("runuser")):
        absent("postgres", "no initdb and pg_ctl; install postgresql")
    with tempfile.TemporaryDirectory(prefix="jl-pg-", dir="/tmp") as folder:
        if as_other:
            shutil.chown(folder, "postgres")
        data = f"{folder}/data"
        quiet = {"check": True, "stdout": subprocess.DEVNULL, "cwd": folder}
        subprocess.run(
            [*as_other, initdb, "-D", data, "-U", "postgres", "-A", "trust", "-N", "-E", "UTF8"], **quiet
        )
        start = ["-o", f"{OPTIONS} -k {folder}", "-l", f"{folder}/log", "-w", "start"]
        subprocess.run([*as_other, control, "-D", data, *start], **quiet)
        try:
            yield f"host={folder} user=postgres dbname=postgres"
        finally:
            subprocess.run([*as_other, control, "-D", data, "-m", "immediate", "-w", "stop"], **quiet)
