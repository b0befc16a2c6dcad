"""Let many clerks take in and issue at the same time over HTTP, and prove that no number is doubled or lost.

    python -m tests.proofs.clerks --clerks 100 --jobs 20 --seed 1 --database-url postgresql://…

A throw-away PostgreSQL database gets an institute with one clerk for each program. Reviewed records lie ready before
the clock starts. Then ``jialiang serve`` runs with its front, two control processes and the worker, and each clerk
takes in ``jobs`` instruments (open, accept, receive) and issues ``jobs`` certificates (preview, approve with the
password) through the REST interface; the worker signs, sets and publishes. Afterwards: no failed request, no number
twice, none unaccounted for, every certificate in force with its files, the audit chain whole.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from tests.proofs.clerks_desk import Book, at_once
from tests.serving import ROOT, free_port, served_environment, serving

POSTGRES = "postgresql://postgres@127.0.0.1:5432/postgres"
CONTROL_PROCESSES = "2"
IN_DJANGO = (
    "import sys, django; django.setup();from tests.proofs.clerks_world import main; main(sys.argv[1:])"
)


def prove(clerks: int, jobs: int, seed: int, database_url: str) -> dict[str, Any]:
    """Run the proof and return its figures; ``problems`` is empty if everything held."""
    with own_database(database_url) as url, tempfile.TemporaryDirectory(prefix="jialiang-clerks-") as folder:
        more = {"JIALIANG_DATABASE_URL": url, "JIALIANG_WEB_PROCESSES": CONTROL_PROCESSES}
        environment = served_environment(Path(folder), free_port(), more)
        began = time.monotonic()
        world = in_django(environment, "prepare", str(clerks), str(jobs))
        prepared = time.monotonic() - began
        shuffle(world, random.Random(seed))
        with serving(environment) as address:
            book, worked, finished = asyncio.run(at_once(address, world))
        expected = {
            "commissions": book.commissions,
            "certificates": book.certificates,
            "commissions_before": world["commissions_before"],
        }
        problems = in_django(environment, "examine", given=expected)
    wanted = clerks * jobs
    if (len(book.commissions), len(book.certificates)) != (wanted, wanted):
        problems.append(
            f"{len(book.commissions)} intakes and {len(book.certificates)} issues of {wanted} each"
        )
    return {
        "clerks": clerks,
        "jobs": jobs,
        "seed": seed,
        "intakes": len(book.commissions),
        "certificates": len(book.certificates),
        "requests": sum(len(taken) for taken in book.seconds.values()),
        "repeated_requests": book.repeated,
        "failed_requests": len(book.failures),
        "seconds_of_preparation": round(prepared, 1),
        "seconds_of_clerks": round(worked, 1),
        "seconds_until_all_in_force": round(finished, 1),
        "seconds_of_requests": latencies(book),
        "problems": book.failures[:20] + problems,
    }


def latencies(book: Book) -> dict[str, dict[str, float]]:
    """Return median, 99th percentile and longest time of each kind of request, in seconds."""
    return {
        kind: {
            "median": round(statistics.median(taken), 3),
            "p99": round(sorted(taken)[max(0, int(0.99 * len(taken)) - 1)], 3),
            "longest": round(max(taken), 3),
        }
        for kind, taken in book.seconds.items()
        if kind != "look"
    }


def shuffle(world: dict[str, Any], dice: random.Random) -> None:
    """Deal the desks anew, so that neighbours in the database lie on different desks."""
    for heap in ("instruments", "records"):
        dealt = [thing for tasks in world["clerks"] for thing in tasks[heap]]
        dice.shuffle(dealt)
        each = len(dealt) // len(world["clerks"])
        for number, tasks in enumerate(world["clerks"]):
            tasks[heap] = dealt[number * each : (number + 1) * each]


def in_django(environment: Mapping[str, str], *words: str, given: Any = None) -> Any:
    """Run a step of :mod:`tests.proofs.clerks_world` in a process of its own and return what it answers."""
    ran = subprocess.run(
        [sys.executable, "-c", IN_DJANGO, *words],
        cwd=ROOT,
        env=django_environment(environment),
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode:
        raise RuntimeError(f"{words[0]} failed:\n{ran.stderr[-4000:]}")
    return json.loads(ran.stdout)


def django_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a process that finds the tests and sets Django up."""
    paths = [str(ROOT), environment.get("PYTHONPATH", "")]
    more = {
        "DJANGO_SETTINGS_MODULE": "jialiang.assembly.django_settings",
        "PYTHONPATH": os.pathsep.join(path for path in paths if path),
    }
    return {**environment, **more}


@contextmanager
def own_database(url: str) -> Iterator[str]:
    """Create a database beside that of ``url``, and drop it afterwards."""
    base, _, _ = url.rpartition("/")
    name = f"jialiang_clerks_{os.getpid()}"
    with psycopg.connect(f"{base}/postgres", autocommit=True) as administrator:
        administrator.execute(f'CREATE DATABASE "{name}"')
    try:
        yield f"{base}/{name}"
    finally:
        with psycopg.connect(f"{base}/postgres", autocommit=True) as administrator:
            administrator.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def main(words: Sequence[str]) -> int:
    """Return 0 if everything held, 1 if not; the figures are printed as JSON."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--clerks", type=int, default=100)
    options.add_argument("--jobs", type=int, default=20)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--database-url", default=os.environ.get("JIALIANG_TEST_POSTGRES", POSTGRES))
    given = options.parse_args(words)
    signal.signal(
        signal.SIGTERM, lambda *_: sys.exit(1)
    )  # the processes are stopped and the database dropped
    found = prove(given.clerks, given.jobs, given.seed, given.database_url)
    print(json.dumps(found, ensure_ascii=False, indent=1))
    return 1 if found["problems"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
