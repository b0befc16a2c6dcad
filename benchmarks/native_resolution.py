"""``python -m benchmarks.native_resolution``: lookups in the native Handle protocol, one server process, this machine.

A table of published records (10⁴ by default) is served by the real process; one client pipelines lookups over TCP, then
asks one after the other over TCP and over UDP. Told are lookups a second, processor time of the server per lookup, and
memory. Each answer is counted and its response code looked at: a wrong one ends the run.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.native_protocol.client import Client, content, question
from tests.native_protocol.running import VALUES, Published
from tests.serving import free_port, without_settings

ROOT = Path(__file__).resolve().parent.parent
BATCH = 500
AIMS = {"pipelined_lookups_a_second": (20_000.0, "at least"), "server_microseconds_of_cpu": (35.0, "at most")}
TICKS = os.sysconf("SC_CLK_TCK")


def measured(folder: Path, records: int, seconds: float, seed: int) -> dict[str, Any]:
    """Return every figure by name."""
    (folder / "data").mkdir()
    table = Published(folder / "data" / "jialiang.sqlite3")
    table.prefix("88.101.5")
    for at in range(records):
        table.record(f"88.101.5/ins-{at:07d}", VALUES)
    table.close()
    port = free_port()
    environment = without_settings() | {
        "JIALIANG_DEMO": "1",
        "JIALIANG_DATA_DIR": str(folder / "data"),
        "JIALIANG_NATIVE_PORT": str(port),
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-m", "jialiang.assembly.native", "replica"]
    with subprocess.Popen(command, env=environment) as server:
        try:
            _wait(port)
            return _figures(server.pid, port, records, seconds, random.Random(seed))
        finally:
            server.send_signal(signal.SIGTERM)


def _figures(pid: int, port: int, records: int, seconds: float, rng: random.Random) -> dict[str, Any]:
    _read_all(port, records)  # from the table; what is counted comes from memory
    before = _processor(pid)
    number, took = _pipelined(port, records, seconds, rng)
    used = _processor(pid) - before
    one_by_one = {kind: _one_by_one(port, kind, records, seconds / 4, rng) for kind in ("tcp", "udp")}
    return {
        "records": records,
        "lookups": number,
        "pipelined_lookups_a_second": round(number / took),
        "server_microseconds_of_cpu": round(used / number * 1e6, 2),
        "one_by_one_a_second": one_by_one,
        "server_mebibytes": round(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096 / 2**20),
        "load_of_the_machine": os.getloadavg()[0],
        "processors": os.cpu_count(),
    }


def _read_all(port: int, records: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as connection:
        for first in range(0, records, BATCH):
            batch = range(first, min(first + BATCH, records))
            connection.sendall(b"".join(_frame(record, record) for record in batch))
            _take(connection, len(batch))


def _pipelined(port: int, records: int, seconds: float, rng: random.Random) -> tuple[int, float]:
    batches = [
        b"".join(_frame(rng.randrange(records), at) for at in range(BATCH))
        for _ in range(max(1, records // BATCH))
    ]
    number, began = 0, time.perf_counter()
    with socket.create_connection(("127.0.0.1", port)) as connection:
        while time.perf_counter() - began < seconds:
            for batch in batches:
                connection.sendall(batch)
                _take(connection, BATCH)
                number += BATCH
        return number, time.perf_counter() - began


def _take(connection: socket.socket, number: int) -> None:
    data = bytearray()
    while number:
        data += connection.recv(1 << 20)
        at = 0
        while len(data) - at >= 28 and len(data) - at >= (
            end := 20 + struct.unpack_from(">I", data, at + 16)[0]
        ):
            if data[at + 24 : at + 28] != b"\0\0\0\1":
                raise SystemExit(f"a wrong answer: {bytes(data[at : at + end]).hex()}")
            at += end
            number -= 1
        del data[:at]


def _one_by_one(port: int, transport: str, records: int, seconds: float, rng: random.Random) -> int:
    times, began = [], time.perf_counter()
    with Client("127.0.0.1", port, transport) as client:
        while time.perf_counter() - began < seconds:
            started = time.perf_counter()
            assert client.resolve(f"88.101.5/ins-{rng.randrange(records):07d}").code == 1
            times.append(time.perf_counter() - started)
    return round(1 / statistics.median(times))


def _frame(record: int, number: int) -> bytes:
    rest = content(1, question(f"88.101.5/ins-{record:07d}"))
    return struct.pack(">4B4I", 2, 3, 2, 10, 0, number, 0, len(rest)) + rest


def _processor(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _wait(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit("the server did not start")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, write ``build/bench/native_resolution.json`` and say what misses its aim."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "bench" / "native_resolution.json")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        figures = measured(Path(folder), chosen.records, chosen.seconds, chosen.seed)
    chosen.out.parent.mkdir(parents=True, exist_ok=True)
    chosen.out.write_text(json.dumps(figures, indent=2) + "\n")
    print(json.dumps(figures, indent=2))
    missed = [
        name
        for name, (aim, side) in AIMS.items()
        if (figures[name] < aim if side == "at least" else figures[name] > aim)
    ]
    print("missed: " + ", ".join(missed) if missed else "every aim is met")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
