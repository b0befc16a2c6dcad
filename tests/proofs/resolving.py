"""Let thousands of connections resolve, verify and register at an offered rate, and compare every count.

    python -m tests.proofs.resolving --connections 5000 --seconds 300 --rate 1500 --seed 1 --database-url postgresql://…

An installation with many identifiers runs as ``jialiang serve``: front, two control processes, worker. Each connection
asks in turn: 69 of 100 requests resolve an identifier, 30 verify a certificate by number and check code, 1 registers an
identifier (through the door for business systems). With ``--kills`` processes of the installation are killed with
SIGKILL while it works. Afterwards: without kills the 99th percentile of each kind by itself lies below two seconds; no
registration that was acknowledged is missing; the statistics say what the clients counted (after a kill: at most a
second of each killed front less, and a gap for each).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.proofs.clerks import POSTGRES, django_environment, own_database
from tests.proofs.mixed_client import Book, Plan, Request, ask_all, request
from tests.serving import ROOT, free_port, served_environment, serving

IN_DJANGO = (
    "import sys, django; django.setup();from tests.proofs.resolving_world import main; main(sys.argv[1:])"
)
VERIFYING, REGISTERING = 0.30, 0.01
LONGEST_P99 = 2.0
RESOLVED, VERIFIED, REGISTERED = "resolve", "verify", "register"
COUNTED_AS = {RESOLVED: "handle_json/found", VERIFIED: "authenticity/found"}


def prove(connections: int, seconds: float, rate: float, identifiers: int, kills: int, seed: int, url: str) -> Any:
    """Run the proof and return its figures; ``problems`` is empty if everything held."""
    _many_files(connections)
    with _database(url) as database, tempfile.TemporaryDirectory(prefix="jialiang-resolving-") as folder:
        more = {"JIALIANG_WEB_PROCESSES": "2", **({"JIALIANG_DATABASE_URL": database} if database else {})}
        environment = served_environment(Path(folder), free_port(), more)
        world = _in_django(environment, "prepare", str(identifiers))
        dice = random.Random(seed)
        with serving(environment) as address:
            plan = Plan(connections, seconds, rate)
            book = _asked(address, plan, _requests(world, address, identifiers), dice, kills)
            time.sleep(2)
        found = _in_django(environment, "examine", given={"acknowledged": book.acknowledged})
    return figures(book, world, found, rate, kills)


def figures(book: Book, world: dict[str, Any], found: dict[str, Any], rate: float, kills: int) -> dict[str, Any]:
    """Return what is told of a run, and under ``problems`` what did not hold."""
    times = book.figures()
    told = {kind: len(book.seconds.get(kind, ())) for kind in (RESOLVED, VERIFIED)}
    counted = {kind: found["counted"].get(name, 0) for kind, name in COUNTED_AS.items()}
    registered = found["registered"] - world["registered_before"]
    slow = {kind: figure["p99"] for kind, figure in times.items() if figure["p99"] > LONGEST_P99 and not kills}
    problems = [f"{kind}: 99th percentile {p99} s" for kind, p99 in slow.items()]
    problems += [f"acknowledged and lost: {name}" for name in found["lost"]]
    problems += [f"acknowledged and not published: {name}" for name in found["unpublished"]]
    if not len(book.acknowledged) <= registered <= len(book.acknowledged) + len(book.unanswered):
        problems.append(f"{registered} registered, {len(book.acknowledged)} acknowledged")
    if kills:
        short = {kind: told[kind] - counted[kind] for kind in told}
        problems += [
            f"{kind}: {less} counted less" for kind, less in short.items() if not -rate <= less <= rate * kills
        ]
    else:
        problems += book.failures[:20]
        problems += [
            f"{kind}: {counted[kind]} counted, {told[kind]} answered"
            for kind in told
            if counted[kind] != told[kind]
        ]
        problems += [f"{found['gaps']} gaps without a kill"] if found["gaps"] else []
    return {
        "requests": sum(len(taken) for taken in book.seconds.values()),
        "answered": told | {REGISTERED: len(book.acknowledged)},
        "counted": counted | {REGISTERED: registered},
        "gaps": found["gaps"],
        "failures": len(book.failures),
        "seconds_of_requests": times,
        "problems": problems,
    }


def _requests(world: dict[str, Any], address: str, identifiers: int) -> Callable[[random.Random], Request]:
    host = address.removeprefix("http://")
    prefix = world["prefix"]
    checks = [Request(VERIFIED, request("GET", target, host), holds=b"genuine") for target in world["certificates"]]
    headers = {"Authorization": f"Bearer {world['token']}"}
    serial = iter(range(10**9))

    def chosen(dice: random.Random) -> Request:
        luck = dice.random()
        if luck < REGISTERING:
            name = f"{prefix}/new-{next(serial)}"
            value = {"index": 2000, "type": "name", "data": {"format": "string", "value": "压力表"}}
            body = json.dumps({"handle": name, "templateVersion": "1.0", "value": [value]}).encode()
            data = request("POST", "/identityv2/data", host, body, headers)
            return Request(REGISTERED, data, holds=b'"status": 1', tag=name)
        if luck < REGISTERING + VERIFYING:
            return dice.choice(checks)
        target = f"/api/handles/{prefix}/t{dice.randrange(identifiers)}"
        return Request(RESOLVED, request("GET", target, host), holds=b'"responseCode":1')

    return chosen


def _asked(
    address: str, plan: Plan, requests: Callable[[random.Random], Request], dice: random.Random, kills: int
) -> Book:
    async def both() -> Book:
        asking = asyncio.create_task(ask_all("127.0.0.1", int(address.rpartition(":")[2]), plan, requests, dice))
        for _ in range(kills):
            await asyncio.sleep(plan.seconds / (kills + 1))
            await asyncio.to_thread(_kill_one, dice)
        return await asking

    return asyncio.run(both())


def _kill_one(dice: random.Random) -> None:
    """Kill one process below ``jialiang serve``: front, control plane or worker."""
    listing = subprocess.run(["ps", "-eo", "pid=,args="], capture_output=True, text=True, check=True).stdout
    marks = ("jialiang.assembly.servers front", "jialiang.assembly.servers control", "jialiang.assembly.cli worker")
    mark = dice.choice(marks)
    found = [int(line.split()[0]) for line in listing.splitlines() if mark in line and "guarded" in line]
    for pid in found[:1]:
        os.kill(pid, signal.SIGKILL)


def _in_django(environment: dict[str, str], *words: str, given: Any = None) -> Any:
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


@contextmanager
def _database(url: str) -> Iterator[str]:
    if not url:
        yield ""
        return
    with own_database(url) as own:
        yield own


def _many_files(connections: int) -> None:
    """Let this process and those that it starts hold so many connections."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 4 * connections + 1024), most))


def main(words: Sequence[str]) -> int:
    """Return 0 if everything held, 1 if not; the figures are printed as JSON."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--connections", type=int, default=5000)
    options.add_argument("--seconds", type=float, default=300)
    options.add_argument("--rate", type=float, default=1500, help="requests a second of all connections together")
    options.add_argument("--identifiers", type=int, default=100_000)
    options.add_argument("--kills", type=int, default=0)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--database-url", default=os.environ.get("JIALIANG_TEST_POSTGRES", POSTGRES))
    given = options.parse_args(words)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # processes are stopped, the database is dropped
    found = prove(
        given.connections,
        given.seconds,
        given.rate,
        given.identifiers,
        given.kills,
        given.seed,
        given.database_url,
    )
    print(json.dumps(found, ensure_ascii=False, indent=1))
    return 1 if found["problems"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
