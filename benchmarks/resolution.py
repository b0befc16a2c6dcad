"""``python -m benchmarks.resolution``: resolving identifiers by their JSON interface, measured on this machine.

A front with bulk-made published rows is asked at random by wrk, beside nginx that gives a constant: requests a second,
p99, CPU of the front a request and its memory, at each number of connections; then the same with rows that memory
cannot hold, at each of some numbers of records, which shows the growth. PostgreSQL is measured beside SQLite, in a
database made on the server of ``--postgres`` and dropped afterwards; an absent server is told by name.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path

import psycopg
from tests.proofs.clerks import POSTGRES, own_database

from benchmarks.identifier_rows import PREFIX, filled_postgres, filled_sqlite, postgres_bytes
from benchmarks.load import Load, scripted
from benchmarks.processes import cpu_seconds, free_port, memory_bytes, running

ROOT = Path(__file__).resolve().parent.parent
SERVER = ("jialiang.assembly.servers", "front")
AIMS = {
    "hot_256_cpu_us": (35.0, "at most"),
    "hot_256_per_second": (40_000.0, "at least"),
    "hot_5000_per_second": (30_000.0, "at least"),
    "hot_5000_p99_ms": (400.0, "at most"),
    "hot_failures": (0.0, "at most"),
    "cold_cpu_us": (150.0, "at most"),
    "cold_failures": (0.0, "at most"),
    "memory_mb": (600.0, "at most"),
}
LEADING = re.compile(r"^(postgres_)?(\d+_)?")
RANDOM = """
local stem, count = "/api/handles/%s/ins-", %d
function init() math.randomseed(os.time() + tonumber(tostring({}):sub(10), 16) %% 100000) end
function request() return wrk.format("GET", stem .. math.random(0, count - 1)) end
"""
IN_TURN = """
local stem, count, turn = "/api/handles/%s/ins-", %d, %d
function request() turn = (turn + 1) %% count; return wrk.format("GET", stem .. turn) end
"""
CONSTANT = 'function request() return wrk.format("GET", "/") end'
NGINX = """
worker_processes 2; daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log;
events {{ worker_connections 16384; }}
http {{ access_log off; server {{ listen 127.0.0.1:{port} backlog=4096; keepalive_requests 100000000;
  location / {{ default_type application/json; return 200 '{body}'; }} }} }}
"""
BODY = '{"responseCode":1,"handle":"88.101.5/ins-1","values":[]}'


def main() -> int:
    """Measure, print a table and leave it as JSON. Returns 1 when an aim is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--identifiers", type=int, default=1_000_000, help="published records of the hot runs"
    )
    parser.add_argument(
        "--cold",
        default="100000,1000000,10000000",
        help="numbers of published records of the cold runs, separated by commas",
    )
    parser.add_argument(
        "--connections", default="256,5000", help="numbers of connections, separated by commas"
    )
    parser.add_argument("--seconds", type=int, default=10, help="length of each run")
    parser.add_argument("--processes", type=int, default=2, help="processes of the front")
    parser.add_argument(
        "--postgres",
        default=os.environ.get("JIALIANG_TEST_POSTGRES", POSTGRES),
        help="address of a database of a PostgreSQL server; empty for SQLite alone",
    )
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "bench" / "resolution.json")
    chosen = parser.parse_args()
    if not shutil.which("wrk"):
        print("wrk is not installed: nothing was measured (Debian package wrk)")
        return 1
    most_files()
    with database_on(chosen.postgres) as chosen.postgres:
        figures = measured(chosen)
    chosen.out.parent.mkdir(parents=True, exist_ok=True)
    chosen.out.write_text(json.dumps(figures, indent=2) + "\n")
    return report(figures)


@contextmanager
def database_on(server: str) -> Iterator[str]:
    """Make a database on a server for the time of the block; yield its address, empty where there is no server."""
    if server:
        try:
            psycopg.connect(server, connect_timeout=5).close()
        except psycopg.OperationalError as problem:
            print(f"PostgreSQL is absent, only SQLite is measured: {problem}", file=sys.stderr)
            server = ""
    if not server:
        yield ""
        return
    with own_database(server) as own:
        yield own


def measured(chosen: argparse.Namespace) -> dict[str, object]:
    """Return every figure by name."""
    figures: dict[str, object] = {
        "machine": f"{os.cpu_count()} cores", "identifiers": chosen.identifiers, "processes": chosen.processes,
    }  # fmt: skip
    connections = [int(text) for text in chosen.connections.split(",")]
    with tempfile.TemporaryDirectory(prefix="jl-bench-") as folder:
        figures |= nginx_figures(Path(folder), connections, chosen.seconds)
        figures |= hot(Path(folder), "", connections, chosen)
        if chosen.postgres:
            found = hot(Path(folder), chosen.postgres, connections, chosen)
            figures |= {f"postgres_{name}": what for name, what in found.items()}
    databases = {"": "", "postgres_": chosen.postgres} if chosen.postgres else {"": ""}
    for count, prefix in product([int(text) for text in chosen.cold.split(",") if text], databases):
        with tempfile.TemporaryDirectory(prefix="jl-bench-") as folder:
            found = cold(Path(folder), databases[prefix], count, chosen)
        figures |= {f"{prefix}{count}_{name}": what for name, what in found.items()}
    return figures


def hot(folder: Path, postgres: str, connections: list[int], chosen: argparse.Namespace) -> dict[str, object]:
    """Measure rows that memory holds: each is asked once in turn before the runs at random begin."""
    count = chosen.identifiers
    figures: dict[str, object] = {}
    with front(folder, postgres, count, chosen.processes, memory=2 * 1024**3) as base:
        warm(base, count, chosen.processes)
        figures["memory_mb"] = memory_bytes(*SERVER) / 1e6
        failures = 0
        for number in connections:
            seen, cpu = run(base, RANDOM % (PREFIX, count), number, chosen.seconds)
            failures += seen.failures
            figures |= {
                f"hot_{number}_per_second": seen.per_second, f"hot_{number}_p50_ms": seen.p50_ms,
                f"hot_{number}_p99_ms": seen.p99_ms, f"hot_{number}_cpu_us": cpu,
            }  # fmt: skip
        figures["hot_failures"] = failures
    return figures


def cold(folder: Path, postgres: str, count: int, chosen: argparse.Namespace) -> dict[str, object]:
    """Measure rows of which memory holds a small part: nearly every question is one to the database."""
    with front(folder, postgres, count, chosen.processes, memory=64 * 1024**2) as base:
        seen, cpu = run(base, RANDOM % (PREFIX, count), 256, chosen.seconds)
        size = postgres_bytes(postgres) if postgres else sum(file.stat().st_size for file in folder.glob("*.sqlite3*"))
    return {
        "cold_per_second": seen.per_second, "cold_p99_ms": seen.p99_ms, "cold_cpu_us": cpu,
        "cold_failures": seen.failures, "cold_database_bytes_each": size / count,
    }  # fmt: skip


@contextmanager
def front(folder: Path, postgres: str, count: int, processes: int, *, memory: int) -> Iterator[str]:
    """Fill a database and serve it by a front alone; yield its address."""
    began = time.monotonic()
    if postgres:
        url = filled_postgres(postgres, count)
    else:
        filled_sqlite(folder / "jialiang.sqlite3", count)
        url = ""
    print(f"{count} rows in {time.monotonic() - began:.0f} s", file=sys.stderr)
    port = free_port()
    others = {name: text for name, text in os.environ.items() if not name.startswith("JIALIANG_")}
    environment = others | {
        "JIALIANG_DEMO": "1", "JIALIANG_DATA_DIR": str(folder), "JIALIANG_PORT": str(port), "PYTHONPATH": str(ROOT),
        "JIALIANG_FRONT_PROCESSES": str(processes), "JIALIANG_IDENTIFIER_MEMORY_BYTES": str(memory),
        "JIALIANG_CONTROL_PLANE": "http://127.0.0.1:9", "JIALIANG_DATABASE_URL": url,
    }  # fmt: skip
    command = [sys.executable, "-m", *SERVER, "jialiang.assembly.front:application"]
    with running(command, environment, port):
        yield f"http://127.0.0.1:{port}"


def warm(base: str, count: int, processes: int) -> None:
    """Ask every record in turn, so often that each process has read nearly all of them (1 of 2^passes is left out)."""
    asked, passes = 0, 1 if processes == 1 else 5
    while asked < passes * count:
        script = IN_TURN % (PREFIX, count, asked % count - 1)
        asked += scripted(base, script, connections=16 * processes, seconds=5).requests


def run(base: str, script: str, connections: int, seconds: int) -> tuple[Load, float]:
    """Return what a run saw, and the CPU time of the front a request in microseconds."""
    scripted(base, script, connections=connections, seconds=1)
    before = cpu_seconds(*SERVER)
    seen = scripted(base, script, connections=connections, seconds=seconds)
    return seen, 1e6 * (cpu_seconds(*SERVER) - before) / seen.requests


def nginx_figures(folder: Path, connections: list[int], seconds: int) -> dict[str, object]:
    """Measure nginx that gives a constant: what the machine and the load tool can do at most."""
    nginx = shutil.which("nginx") or ("/usr/sbin/nginx" if Path("/usr/sbin/nginx").exists() else "")
    if not nginx:
        return {"nginx": "not installed (Debian package nginx-light): no upper bound was measured"}
    port, configuration = free_port(), folder / "nginx.conf"
    configuration.write_text(NGINX.format(folder=folder, port=port, body=BODY))
    figures: dict[str, object] = {}
    with running([nginx, "-c", str(configuration)], dict(os.environ), port):
        for number in connections:
            seen = scripted(f"http://127.0.0.1:{port}", CONSTANT, connections=number, seconds=seconds)
            figures |= {f"nginx_{number}_per_second": seen.per_second, f"nginx_{number}_p99_ms": seen.p99_ms}
    return figures


def most_files() -> None:
    """Let this process and those it starts open as many connections as the machine allows."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def report(figures: dict[str, object]) -> int:
    """Print the figures; those with an aim say whether it holds. Returns 1 when one is missed."""
    holds: dict[str, Callable[[float, float], bool]] = {
        "at most": lambda value, aim: value <= aim, "at least": lambda value, aim: value >= aim,
    }  # fmt: skip
    missed = 0
    for name, value in figures.items():
        shown = f"{value:,.1f}" if isinstance(value, float) else str(value)
        said = ""
        stated = AIMS.get(LEADING.sub("", name))
        if stated:
            aim, kind = stated
            good = holds[kind](float(str(value)), aim)
            missed += not good
            said = f"   aim: {kind} {aim:,.0f} {'met' if good else 'MISSED'}"
        print(f"{name:34} {shown}{said}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
