"""Several signatories at the same moment: no number twice, none missing; one record is never issued twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from tests.functions import record_world
from tests.functions.record_world import build_world

from jialiang.base.calibrations.errors import WrongState
from jialiang.base.certificates import selectors
from jialiang.base.certificates.errors import AlreadyIssued
from jialiang.functions import certificates
from jialiang.governance.counters.selectors import account, gaps
from jialiang.kernel.errors import JialiangError
from jialiang.kernel.text import Text
from jialiang.security.tenancy.scope import scope
from jialiang.security.tenancy.services import create_tenant

pytestmark = pytest.mark.django_db(transaction=True)
CLERKS = 5


@pytest.fixture
def world(transactional_db, now):
    tenant = create_tenant(slug="clerks", name=Text("云泽市计量测试院", "Yunze"), now=now)
    return build_world(tenant, now)


def _ready_record(world, serial: str):
    instrument = record_world.another_thermometer(world, serial)
    record_id = record_world.start_record(world, record_world.open_item(world, instrument_id=instrument))
    record_world.fill_record(world, record_id)
    record_world.calibrations.submit(
        actor=world.people["technician"], calibration_id=record_id, now=world.now
    )
    record_world.pass_review(world, record_id)
    return record_id


def _in_thread(world, work):
    def run(argument):
        try:
            with scope(world.tenant.id):
                return work(argument)
        finally:
            connection.close()

    return run


def test_clerks_at_once_take_different_numbers_without_a_gap(world):
    with scope(world.tenant.id):
        records = [_ready_record(world, f"T-{n}") for n in range(CLERKS)]
    approve = _in_thread(world, lambda record_id: record_world.approve(world, record_id).number)
    with ThreadPoolExecutor(CLERKS) as pool:
        numbers = list(pool.map(approve, records))
    assert sorted(numbers) == [f"YZ-2026-C-{serial:06d}" for serial in range(1, CLERKS + 1)]
    with scope(world.tenant.id):
        assert gaps() == []


def test_one_record_approved_by_several_at_once_gets_one_number(world):
    with scope(world.tenant.id):
        record_id = _ready_record(world, "T-0")

    def work(_):
        try:
            return record_world.approve(world, record_id).number
        except (AlreadyIssued, WrongState) as refused:
            return refused.code

    with ThreadPoolExecutor(3) as pool:
        outcomes = sorted(pool.map(_in_thread(world, work), range(3)))
    assert outcomes[-1] == "YZ-2026-C-000001"
    assert {outcome[:2] for outcome in outcomes[:-1]} == {"JL"}
    with scope(world.tenant.id):
        assert len(account("certificate.calibration", 2026)) == 1


def test_two_workers_on_one_certificate_make_one_whole_certificate(world):
    with scope(world.tenant.id):
        numbered = record_world.approve(world, _ready_record(world, "T-0"))

    def work(_):
        try:
            later = world.now + timedelta(seconds=1)
            done = certificates.finish(actor=world.worker(), certificate_id=numbered.id, now=later)
            return done.state
        except JialiangError as refused:
            return refused.code

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(_in_thread(world, work), range(2))) == ["in_force", "in_force"]
    with scope(world.tenant.id):
        assert len(selectors.files_of(numbered.id)) == 3
        assert [c.to_state for c in selectors.status_changes(numbered.id)] == ["issuing", "in_force"]
