"""Kill the issuing of certificates at random moments, again and again, and prove that nothing is half-made.

    python -m tests.proofs.kill_issuing --kills 100 --seed 1 [--database-url postgresql://…]

A worker in a process of its own approves records (taking numbers) and finishes certificates (signing, rendering,
storing, publishing) until it is killed with SIGKILL; the next one goes on. After the last kill one worker is let
finish. Then: every record has one certificate in force, no number is missing or doubled, every stored file has its
digest, every answer is published, every event happened once, the audit chain holds.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
START = datetime(2026, 6, 16, 7, 47, 30, tzinfo=UTC)
LEASE_SECONDS = 2.0
LONGEST_LIFE = 1.2  # seconds of work before the kill


def clock() -> datetime:
    """The proof's time: begins on the day of the readings and runs like the machine's."""
    return START + timedelta(seconds=time.time() - float(os.environ["PROOF_EPOCH"]))


def worker(until_done: bool) -> None:
    """Approve what waits and finish what is numbered, until killed, or until nothing is left."""
    _setup()
    from jialiang.functions.job_handlers import HANDLERS
    from jialiang.governance.jobs.selectors import counts, dead_jobs
    from jialiang.governance.jobs.services import claim, complete, revive
    from jialiang.security.tenancy.scope import scope

    world = _known_world()
    print("ready", flush=True)
    while True:
        with scope(world.tenant.id):
            approved = _approve_next(world)
        leased = claim(f"worker-{os.getpid()}", list(HANDLERS), clock(), LEASE_SECONDS)
        if leased is not None:
            HANDLERS[leased.kind](leased, clock())
            complete(leased, clock())
        elif not approved:
            with scope(world.tenant.id):
                for job in dead_jobs():
                    revive(job.id, clock())  # killed as often as the rule allows: here that is the point
                busy = counts()
            if until_done and not busy["ready"] and not busy["leased"]:
                return
            time.sleep(0.05)


def prove(kills: int, seed: int, database_url: str) -> dict[str, object]:
    """Run the series and return what was found."""
    os.environ |= {"PROOF_EPOCH": repr(time.time()), "JIALIANG_DEMO": "1", "PYTHONPATH": str(ROOT)}
    os.environ["JIALIANG_DATA_DIR"] = tempfile.mkdtemp(prefix="jialiang-kill-")
    if database_url:
        os.environ["JIALIANG_DATABASE_URL"] = _own_database(database_url)
    else:
        os.environ.pop("JIALIANG_DATABASE_URL", None)
    _setup()
    records = _prepare(2 * kills + 2)
    dice = random.Random(seed)
    began = time.monotonic()
    states = [_kill_one(dice.uniform(0, LONGEST_LIFE)) for _ in range(kills)]
    subprocess.run(_command("--until-done"), check=True, timeout=60 + 5 * records, stdout=subprocess.DEVNULL)
    problems = _problems(records)
    if database_url:
        _drop_database(os.environ["JIALIANG_DATABASE_URL"])
    return {
        "kills": kills,
        "seed": seed,
        "certificates": records,
        "in_issuing_at_a_kill": sum(1 for issuing in states if issuing),
        "seconds": round(time.monotonic() - began, 1),
        "problems": problems,
    }


def _kill_one(life: float) -> int:
    process = subprocess.Popen(_command(), stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline().strip() == b"ready"
    time.sleep(life)
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    return _half_made()


def _half_made() -> int:
    """Return how many certificates stand at ``issuing``; any other trace of half-made work is an error at once."""
    from jialiang.base.certificates import selectors
    from jialiang.security.tenancy.scope import scope

    with scope(_tenant().id):
        issuing = list(selectors.certificates(state="issuing"))
        for certificate in issuing:
            assert selectors.files_of(certificate.id) == [], certificate.number
            assert certificate.published_at is None, certificate.number
        for certificate in selectors.certificates(state="in_force"):
            assert len(selectors.files_of(certificate.id)) == 3, certificate.number
    return len(issuing)


def _problems(records: int) -> list[str]:
    from jialiang.base.certificates import selectors
    from jialiang.functions.register_check import verify_stored_files
    from jialiang.governance.counters.selectors import account
    from jialiang.governance.jobs.selectors import counts
    from jialiang.governance.outbox.models import OutboxEvent
    from jialiang.security.audit.selectors import verify_chain
    from jialiang.security.tenancy.scope import scope

    problems = [f"{f.kind} {f.subject}" for f in verify_stored_files(clock())]
    tenant = _tenant()
    with scope(tenant.id):
        certificates = list(selectors.certificates())
        if {c.state for c in certificates} != {"in_force"} or len(certificates) != records:
            problems.append(f"{len(certificates)} certificates of {records}, {[c.state for c in certificates]}")
        if len({c.calibration_id for c in certificates}) != records:
            problems.append("a record has two certificates")
        wanted = [f"YZ-2026-C-{serial:06d}" for serial in range(1, records + 1)]
        lines = account("certificate.calibration", 2026)
        if [line.number for line in lines] != wanted or {line.state for line in lines} != {"used"}:
            problems.append("the account of numbers is not whole")
        for certificate in certificates:
            changes = [change.to_state for change in selectors.status_changes(certificate.id)]
            if changes != ["issuing", "in_force"]:
                problems.append(f"{certificate.number} went through {changes}")
        for name in ("certificate.numbered", "certificate.issued"):
            subjects = list(OutboxEvent.objects.filter(name=name).values_list("subject_id", flat=True))
            if len(subjects) != records or len(set(subjects)) != records:
                problems.append(f"{name} happened {len(subjects)} times for {records}")
        if set(counts()) != {"done"}:
            problems.append(f"jobs {dict(counts())}")
        problems += [f"audit {fault}" for fault in verify_chain(tenant.id)]
    return problems


def _approve_next(world: object) -> bool:
    from tests.functions import record_world

    from jialiang.base.calibrations import selectors

    waiting = selectors.calibrations(state="awaiting_approval").first()
    if waiting is None:
        return False
    record_world.approve(record_world.replace(world, now=clock()), waiting.id)
    return True


def _prepare(records: int) -> int:
    from django.core.management import call_command
    from tests.functions import record_world

    from jialiang.kernel.text import Text
    from jialiang.security.tenancy.scope import scope
    from jialiang.security.tenancy.services import create_tenant

    call_command("migrate", verbosity=0)
    tenant = create_tenant(slug="proof", name=Text("云泽市计量测试院", "Yunze"), now=START)
    world = record_world.build_world(tenant, START)
    with scope(tenant.id):
        for number in range(records):
            instrument = record_world.another_thermometer(world, f"T-{number:04d}")
            item = record_world.open_item(world, instrument_id=instrument)
            record_id = record_world.start_record(world, item)
            record_world.fill_record(world, record_id)
            record_world.calibrations.submit(
                actor=world.people["technician"], calibration_id=record_id, now=world.now
            )
            record_world.pass_review(world, record_id)
    return records


def _known_world() -> object:
    from tests.functions.record_world import ROLES, World

    from jialiang.base.measurement_standards.selectors import standards_in_use
    from jialiang.security.accounts.models import Person
    from jialiang.security.accounts.selectors import actor_of
    from jialiang.security.tenancy.scope import scope

    tenant = _tenant()
    with scope(tenant.id):
        people = {
            role: actor_of(Person.objects.get(username=role.replace("_", "-")).id, START.date(), "console")
            for role in ROLES
        }
        standard = standards_in_use()[0]
        return World(tenant, people, tenant.id, tenant.id, standard.id, tenant.id, START)


def _tenant() -> object:
    from jialiang.security.tenancy.selectors import tenant_by_slug

    return tenant_by_slug("proof")


def _own_database(url: str) -> str:
    import psycopg

    base, _, _ = url.rpartition("/")
    name = f"jialiang_kill_{os.getpid()}"
    with psycopg.connect(f"{base}/postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return f"{base}/{name}"


def _drop_database(url: str) -> None:
    import psycopg
    from django.db import connection

    connection.close()
    base, _, name = url.rpartition("/")
    with psycopg.connect(f"{base}/postgres", autocommit=True) as administrator:
        administrator.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _command(*more: str) -> list[str]:
    return [sys.executable, "-m", "tests.proofs.kill_issuing", "--worker", *more]


def _setup() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jialiang.assembly.django_settings")
    os.chdir(ROOT)
    django.setup()


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--kills", type=int, default=100)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--database-url", default="")
    options.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    options.add_argument("--until-done", action="store_true", help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.worker:
        worker(given.until_done)
    else:
        found = prove(given.kills, given.seed, given.database_url)
        print(json.dumps(found, ensure_ascii=False, indent=1))
        sys.exit(1 if found["problems"] else 0)
