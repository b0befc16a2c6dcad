"""What the clerks work with, made before the clock starts, and what is examined after it has stopped.

Run in a process of its own with Django set up, so that the clerks' process knows nothing but HTTP.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from tests.functions import record_world
from tests.functions.record_world import PASSWORD, World

from jialiang.assembly.founding import migrate, publish_unknown_answers
from jialiang.base.certificates import selectors as certificates
from jialiang.base.commissions import selectors as commissions
from jialiang.base.commissions.facts import Agreement, CommissionFacts, ItemFacts
from jialiang.functions import calibrations
from jialiang.functions import commissions as commission_verbs
from jialiang.functions.calibrations import RecordEntry
from jialiang.functions.register_check import verify_stored_files
from jialiang.governance.counters.selectors import account, gaps, series
from jialiang.governance.jobs.selectors import counts
from jialiang.governance.outbox.selectors import parked
from jialiang.information.evaluation_task import EvaluationTask
from jialiang.kernel.clock import local_date, utc_now
from jialiang.kernel.text import Text
from jialiang.security.accounts.selectors import actor_of
from jialiang.security.accounts.services import create_person, grant_role
from jialiang.security.audit.selectors import verify_chain
from jialiang.security.tenancy.scope import scope
from jialiang.security.tenancy.selectors import tenant_by_slug
from jialiang.security.tenancy.services import create_tenant
from jialiang.security.tokens.services import create_token

SLUG = "clerks"
ANY_SET = UUID(int=0)
BATCH = 100  # items of one commission, records of one transaction
FILES_OF_A_CERTIFICATE = 3
COMMISSIONS, CERTIFICATES = "commission", "certificate.calibration"


def prepare(clerks: int, jobs: int) -> dict[str, Any]:
    """Found an institute with ``clerks`` people; for each ``jobs`` instruments, and as many reviewed records."""
    migrate()
    now = utc_now()
    publish_unknown_answers(now)
    tenant = create_tenant(slug=SLUG, name=Text("云泽市计量测试院", "Yunze"), now=now)
    world = record_world.build_world(tenant, now, valid_until=now.date() + timedelta(days=300))
    with scope(tenant.id):
        tokens = [_clerk(world, number) for number in range(clerks)]
        instruments = list(_thermometers(world, "I", clerks * jobs))
        records = list(_reviewed_records(world, clerks * jobs))
        before = commissions.count_commissions()
        _counted()
    return {
        "customer": str(world.customer_id),
        "password": PASSWORD,
        "commissions_before": before,
        "clerks": [
            {"token": token, "instruments": instruments[own], "records": records[own]}
            for token, own in ((t, slice(n * jobs, (n + 1) * jobs)) for n, t in enumerate(tokens))
        ],
    }


def examine(expected: dict[str, Any]) -> list[str]:
    """Return what is wrong; ``expected`` tells how many there must be and which numbers the clerks were told."""
    tenant = tenant_by_slug(SLUG)
    findings = [f"{f.kind} {f.subject}" for f in verify_stored_files(utc_now())]
    with scope(tenant.id):
        findings += _of_certificates(expected["certificates"])
        findings += _of_numbers(COMMISSIONS, expected["commissions"], expected["commissions_before"])
        findings += _of_numbers(CERTIFICATES, expected["certificates"], 0)
        findings += [f"serial {g.serial} of {g.kind} {g.year} is missing" for g in gaps()]
        findings += [f"event {event.name} is parked" for event in parked()]
        if set(counts()) != {"done"}:
            findings.append(f"jobs {dict(counts())}")
    return findings + [f"audit {fault}" for fault in verify_chain(tenant.id)]


def _of_certificates(told: Sequence[str]) -> Iterator[str]:
    stored = list(certificates.certificates())
    states = Counter(certificate.state for certificate in stored)
    if states != {"in_force": len(told)}:
        yield f"{len(told)} certificates were issued, stored are {dict(states)}"
    if len({certificate.calibration_id for certificate in stored}) != len(stored):
        yield "a record has two certificates"
    for certificate in stored:
        files = certificates.files_of(certificate.id)
        if len(files) != FILES_OF_A_CERTIFICATE or certificate.published_at is None:
            yield f"{certificate.number} has {len(files)} files, published {certificate.published_at}"


def _of_numbers(kind: str, told: Sequence[str], before: int) -> Iterator[str]:
    lines = [line for one in series() if one.kind == kind for line in account(kind, one.year)]
    numbers = [line.number for line in lines]
    doubled = [number for number, times in Counter(told).items() if times > 1]
    if doubled:
        yield f"{kind}: told twice: {doubled[:5]}"
    if len(set(numbers)) != len(numbers) or len(numbers) != len(told) + before:
        yield f"{kind}: {len(numbers)} numbers on account, {len(told)} told and {before} taken before"
    if not set(told) <= set(numbers):
        yield f"{kind}: told but not on account: {sorted(set(told) - set(numbers))[:5]}"
    if {line.state for line in lines} != {"used"}:
        yield f"{kind}: {Counter(line.state for line in lines)}"


def _clerk(world: World, number: int) -> str:
    """Add a clerk who takes in and signs, and return the token of the clerk's program."""
    now, today = world.now, local_date(world.now, world.tenant.time_zone)
    person = create_person(
        tenant_id=world.tenant.id,
        username=f"clerk-{number:03d}",
        password=PASSWORD,
        name=Text(f"文员 {number}", f"Clerk {number}"),
        now=now,
    )
    for role in ("receptionist", "signatory"):
        grant_role(person_id=person.id, role=role, valid_from=today, granted_by_id=None, now=now)
    return create_token(actor=actor_of(person.id, today, "api"), name="proof", days=1, now=now)[1]


def _counted() -> None:
    """Let the database count its rows, as its autovacuum does where it has a minute's time."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _thermometers(world: World, mark: str, count: int) -> Iterator[str]:
    for start in range(0, count, BATCH):
        _counted()
        with transaction.atomic():
            for number in range(start, min(start + BATCH, count)):
                yield str(record_world.another_thermometer(world, f"{mark}-{number:05d}"))


def _reviewed_records(world: World, count: int) -> Iterator[str]:
    """Bring ``count`` records to the signatory by the same verbs as people do, many items a commission."""
    instruments = [UUID(text) for text in _thermometers(world, "R", count)]
    computed = calibrations.evaluate
    calibrations.evaluate = _evaluated_once(computed)
    try:
        for start in range(0, count, BATCH):
            _counted()
            with transaction.atomic():
                for item_id in _received_items(world, instruments[start : start + BATCH]):
                    yield str(_reviewed_record(world, item_id))
    finally:
        calibrations.evaluate = computed


def _evaluated_once(evaluate: Callable[[EvaluationTask], Any]) -> Callable[[EvaluationTask], Any]:
    """Equal tasks give equal evaluations: here all are equal, and one Monte Carlo run is enough."""
    tasks: dict[str, EvaluationTask] = {}

    @cache
    def once(key: str) -> Any:
        return evaluate(tasks[key])

    def evaluated(task: EvaluationTask) -> Any:
        same = replace(task.readings, reading_set_id=ANY_SET, digest="", cells=(), frozen_at=None)
        key = repr((task.readings_digest, replace(task, readings=same)))
        tasks[key] = task
        return once(key)

    return evaluated


def _received_items(world: World, instruments: Sequence[UUID]) -> list[UUID]:
    clerk, now = world.people["receptionist"], world.now
    row = commission_verbs.open_commission(
        actor=clerk,
        facts=CommissionFacts(customer_id=world.customer_id, kind="calibration"),
        items=[ItemFacts(instrument_id=i) for i in instruments],
        now=now,
    )
    agreed = Agreement(decision_rule="guard_band_u", due_date_agreed=False, fee_kind="charged")
    commission_verbs.accept(actor=clerk, commission_id=row.id, agreement=agreed, now=now)
    items = [item.id for item in commissions.items_of(row.id)]
    for item_id in items:
        commission_verbs.receive(
            actor=clerk, item_id=item_id, condition=Text("完好", "in good order"), now=now
        )
    return items


def _reviewed_record(world: World, item_id: UUID) -> UUID:
    record_id = record_world.start_record(world, item_id)
    today = local_date(world.now, world.tenant.time_zone)
    technician = world.people["technician"]
    entry = RecordEntry(
        cells=record_world.h3_cells(),
        environment={
            "temperature": {"minimum": "22.9", "maximum": "23.3"},
            "humidity": {"minimum": "43", "maximum": "47"},
        },
        begin_date=today,
        end_date=today,
    )
    calibrations.record(actor=technician, calibration_id=record_id, entry=entry, now=world.now)
    calibrations.submit(actor=technician, calibration_id=record_id, now=world.now)
    record_world.pass_review(world, record_id)
    return record_id


def main(words: Sequence[str]) -> None:
    """``prepare CLERKS JOBS`` or ``examine`` (what to expect comes in as JSON); the answer goes out as JSON."""
    if words[0] == "prepare":
        answer: Any = prepare(int(words[1]), int(words[2]))
    else:
        answer = examine(json.load(sys.stdin))
    json.dump(answer, sys.stdout, ensure_ascii=False)
