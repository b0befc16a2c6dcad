"""Load over HTTP: ``wrk`` where it is installed, otherwise a small client of our own."""

from __future__ import annotations

import asyncio
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from urllib.parse import urlsplit

UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60000.0}
SCRIPT = """
local paths = {%s}
local turn = 0
local pause = %d
function request() turn = turn %% #paths + 1; return wrk.format("GET", paths[turn]) end
if pause > 0 then function delay() return math.random(0, 2 * pause) end end
"""


@dataclass(frozen=True)
class Load:
    """What a load run saw; ``failures`` are answers other than 2xx and 3xx, and broken connections."""

    requests: int
    per_second: float
    p50_ms: float
    p99_ms: float
    failures: int
    tool: str


def load(base: str, paths: Sequence[str], *, connections: int, seconds: int, pause_ms: int = 0) -> Load:
    """Ask ``paths`` in turn over so many connections, each waiting for its answer before it asks again.

    ``pause_ms`` is how long a connection rests on average between two questions; at 0 they ask as fast as they can,
    and what is measured then is also how three or four busy programs share the cores.
    """
    if wrk := shutil.which("wrk"):
        return _wrk([wrk, f"-c{connections}", f"-d{seconds}s"], base, paths, pause_ms)
    return asyncio.run(_own(base, paths, connections, seconds, pause_ms))


def scripted(base: str, script: str, *, connections: int, seconds: int) -> Load:
    """Run wrk with a script of one's own; it has to be installed."""
    return _run_wrk(["wrk", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s"], base, script)


def _wrk(command: list[str], base: str, paths: Sequence[str], pause_ms: int) -> Load:
    return _run_wrk(command, base, SCRIPT % (",".join(f'"{path}"' for path in paths), pause_ms))


def _run_wrk(command: list[str], base: str, lua: str) -> Load:
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "script.lua"
        script.write_text(lua)
        words = [*command, "-t1", "--latency", "-s", str(script), base]
        text = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    failures = sum(int(count) for count in re.findall(r"(?:connect|read|write|timeout) (\d+)", text))
    failures += sum(int(count) for count in re.findall(r"Non-2xx or 3xx responses: (\d+)", text))
    requests = int(_found(r"(\d+) requests in", text))
    return Load(
        requests,
        float(_found(r"Requests/sec:\s+([\d.]+)", text)),
        _time(50, text),
        _time(99, text),
        failures,
        "wrk",
    )


def _found(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    if found is None:
        raise RuntimeError(f"wrk said: {text}")
    return found[1]


def _time(percent: int, text: str) -> float:
    found = re.search(rf"{percent}%\s+([\d.]+)(us|ms|s|m)", text)
    if found is None:
        raise RuntimeError(f"wrk said: {text}")
    return float(found[1]) * UNITS[found[2]]


async def _own(base: str, paths: Sequence[str], connections: int, seconds: int, pause_ms: int) -> Load:
    parts = urlsplit(base)
    turn, times, failed = cycle(paths), [], []
    end = time.perf_counter() + seconds

    async def client() -> None:
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        while time.perf_counter() < end:
            began = time.perf_counter()
            writer.write(f"GET {next(turn)} HTTP/1.1\r\nHost: {parts.netloc}\r\n\r\n".encode())
            head = await reader.readuntil(b"\r\n\r\n")
            await reader.readexactly(int(re.search(rb"content-length: (\d+)", head.lower())[1]))
            times.append(time.perf_counter() - began)
            if head[9:10] not in b"23":
                failed.append(head)
            await asyncio.sleep(pause_ms / 1000)
        writer.close()

    began = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(connections)))
    took = time.perf_counter() - began
    times.sort()
    p50, p99 = (1000 * times[int(len(times) * share)] for share in (0.5, 0.99))
    return Load(len(times), len(times) / took, p50, p99, len(failed), "own client")
