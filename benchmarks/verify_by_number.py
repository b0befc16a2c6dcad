"""``python -m benchmarks.verify_by_number``: the public check by number and code, measured on this machine.

Requests a second and p99 at 256 connections, CPU of the front a request, the ratio to Django under WSGI giving the
same answer in the same run, p99 while certificates are issued, and how long a withdrawal takes to be told.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import shlex
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.load import Load, load
from benchmarks.processes import cpu_seconds, free_port, running

ROOT = Path(__file__).resolve().parent.parent
CONNECTIONS = 256
CERTIFICATES = 1000
PAUSE_MS = 100  # 256 connections that rest 0.1 s between two questions: about 2 500 a second
AIMS = {
    "front_cpu_us_per_request": (60.0, "at most"),
    "ratio_to_django_wsgi": (6.0, "at least"),
    "p99_ms_while_issuing": (50.0, "at most"),
    "withdrawal_seen_seconds_max": (1.0, "at most"),
}
SERVE = """
from jialiang.assembly.serving import serve
from jialiang.assembly.settings import current_settings
serve(current_settings(), worker=(), control="benchmarks.django_same_answer:served")
"""


def main() -> int:
    """Measure everything, print a table and leave it as JSON. Returns 1 when an aim is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=8, help="length of each load run")
    parser.add_argument("--rate", type=float, default=2.0, help="certificates a second in the issuing run")
    parser.add_argument("--issuing", default="", help="command that issues until it is ended; default: ours")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "bench" / "verify_by_number.json")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="jl-bench-") as folder:
        figures = measured(Path(folder), chosen)
    chosen.out.parent.mkdir(parents=True, exist_ok=True)
    chosen.out.write_text(json.dumps(figures, indent=2) + "\n")
    return report(figures)


def measured(folder: Path, chosen: argparse.Namespace) -> dict[str, object]:
    """Return every figure by name."""
    port, django_port = free_port(), free_port()
    given = {"JIALIANG_DEMO": "1", "JIALIANG_DATA_DIR": str(folder), "JIALIANG_PORT": str(port)}
    given |= {"JIALIANG_NATIVE_PORT": "0"}
    others = {name: text for name, text in os.environ.items() if not name.startswith("JIALIANG_")}
    environment = others | given | {"PYTHONPATH": str(ROOT)}
    os.environ.update(given)
    from benchmarks import register  # after the settings it reads

    register.create(CERTIFICATES)
    one, many = [register.address(0)], [register.address(serial) for serial in range(CERTIFICATES)]
    front = f"http://127.0.0.1:{port}"
    figures: dict[str, object] = {"machine": f"{os.cpu_count()} cores", "connections": CONNECTIONS}
    with running([sys.executable, "-c", SERVE], environment, port):
        figures |= hot(front, one, chosen.seconds)
        spread = load(front, many, connections=CONNECTIONS, seconds=chosen.seconds)
        figures |= {
            "thousand_numbers_per_second": spread.per_second,
            "thousand_numbers_p99_ms": spread.p99_ms,
        }
        figures |= withdrawal_delays(port, register)
        words = shlex.split(chosen.issuing) or [sys.executable, "-m", "benchmarks.issuing", str(chosen.rate)]
        figures |= while_issuing(front, many, words, environment, chosen)
    with django_server(django_port, environment):
        same = load(f"http://127.0.0.1:{django_port}", one, connections=CONNECTIONS, seconds=chosen.seconds)
    figures |= {"django_wsgi_per_second": same.per_second, "django_wsgi_p99_ms": same.p99_ms}
    figures["ratio_to_django_wsgi"] = float(str(figures["per_second"])) / same.per_second
    figures["failures"] = int(str(figures["failures"])) + spread.failures + same.failures
    return figures


def hot(front: str, paths: list[str], seconds: int) -> dict[str, object]:
    """Measure one certificate that everyone asks for, and what it costs the front."""
    load(front, paths, connections=CONNECTIONS, seconds=1)
    before = cpu_seconds("jialiang.assembly.servers", "front")
    seen: Load = load(front, paths, connections=CONNECTIONS, seconds=seconds)
    used = cpu_seconds("jialiang.assembly.servers", "front") - before
    return {
        "load_tool": seen.tool,
        "per_second": seen.per_second,
        "p50_ms": seen.p50_ms,
        "p99_ms": seen.p99_ms,
        "front_cpu_us_per_request": 1e6 * used / seen.requests,
        "failures": seen.failures,
    }


def while_issuing(
    front: str, paths: list[str], words: list[str], environment: dict[str, str], chosen: argparse.Namespace
) -> dict[str, object]:
    """Measure again while certificates are issued on the same machine, counting those that were."""
    log = Path(environment["JIALIANG_DATA_DIR"]) / "issuing.log"
    command = ["sh", "-c", f'exec "$@" > {shlex.quote(str(log))}', "issuing", *words]
    with running(command, environment):
        deadline = time.monotonic() + 30
        while not (log.exists() and log.read_text()) and time.monotonic() < deadline:
            time.sleep(0.1)
        before, began = len(log.read_text().splitlines()), time.monotonic()
        paced = load(front, paths, connections=CONNECTIONS, seconds=chosen.seconds, pause_ms=PAUSE_MS)
        rate = (len(log.read_text().splitlines()) - before) / (time.monotonic() - began)
        saturated = load(front, paths, connections=CONNECTIONS, seconds=chosen.seconds)
    return {
        "issued_per_second": rate,
        "per_second_while_issuing": paced.per_second,
        "p99_ms_while_issuing": paced.p99_ms,
        "saturated_per_second_while_issuing": saturated.per_second,
        "saturated_p99_ms_while_issuing": saturated.p99_ms,
    }


def withdrawal_delays(port: int, register: object, times: int = 20) -> dict[str, object]:
    """Withdraw and reinstate a certificate that is being asked for, and time how long each takes to be told."""
    delays = []
    line = http.client.HTTPConnection("127.0.0.1", port)
    for turn in range(times):
        verdict = "withdrawn" if turn % 2 == 0 else "genuine"
        time.sleep(0.037 * (turn % 11))  # so that changes fall anywhere in the time an answer is trusted
        register.issue(1, verdict)
        committed = time.perf_counter()
        while _verdict(line, register.address(1)) != verdict:
            time.sleep(0.002)
        delays.append(time.perf_counter() - committed)
    line.close()
    return {"withdrawal_seen_seconds_max": max(delays), "withdrawal_seen_seconds_mean": sum(delays) / times}


def _verdict(line: http.client.HTTPConnection, path: str) -> str:
    line.request("GET", path)
    return json.loads(line.getresponse().read())["verdict"]


@contextmanager
def django_server(port: int, environment: dict[str, str]) -> Iterator[None]:
    """Serve the same answer by Django under WSGI: one process, as the front is one process."""
    words = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port), "--http", "1"]
    words += [
        "--blocking-threads",
        "4",
        "--log-level",
        "warning",
        "benchmarks.django_same_answer:application",
    ]
    with running(words, environment, port):
        yield


def report(figures: dict[str, object]) -> int:
    """Print the figures with their aims. Returns 1 when one is missed."""
    missed = 0
    for name, figure in figures.items():
        text = f"{figure:.2f}" if isinstance(figure, float) else str(figure)
        if name in AIMS:
            aim, sense = AIMS[name]
            holds = float(str(figure)) <= aim if sense == "at most" else float(str(figure)) >= aim
            missed += not holds
            text += f"   (aim: {sense} {aim:g}: {'holds' if holds else 'MISSED'})"
        print(f"{name:32} {text}")
    return 1 if missed or figures["failures"] else 0


if __name__ == "__main__":
    sys.exit(main())
