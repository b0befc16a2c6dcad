"""Two people at the same moment on one thing: one of them succeeds, the other is told, and nothing is done twice."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from tests.ledger import AGREED, PAPER, build_world

from jialiang.base.commissions.facts import ItemFacts
from jialiang.base.commissions.models import CommissionItem, CustodyEvent
from jialiang.base.commissions.selectors import items_of
from jialiang.base.instruments.models import Instrument, InstrumentChange
from jialiang.base.instruments.selectors import instrument
from jialiang.base.measurement_standards.facts import CheckFacts
from jialiang.base.measurement_standards.selectors import certificates_of, check_observations
from jialiang.base.organizations.selectors import organization
from jialiang.functions import commissions, instruments, measurement_standards, organizations
from jialiang.governance.counters.selectors import account, gaps
from jialiang.kernel.errors import JialiangError
from jialiang.kernel.text import Text
from jialiang.security.audit.models import AuditRecord
from jialiang.security.audit.selectors import verify_chain
from jialiang.security.tenancy.scope import scope
from jialiang.security.tenancy.services import create_tenant
from jialiang.vocabulary.statuses import CustodyState

pytestmark = pytest.mark.django_db(transaction=True)
CLERKS = 3


@pytest.fixture
def world(transactional_db, now):
    tenant = create_tenant(slug="at-once", name=Text("云泽市计量测试院", "Yunze"), now=now)
    with scope(tenant.id):
        yield build_world(tenant.id, now)


def at_once(world, *deeds: Callable[[], Any]) -> list[str]:
    """Let every deed begin at the same moment, each in a thread of its own; "done" or the code of its refusal."""
    start = Barrier(len(deeds))

    def run(deed: Callable[[], Any]) -> str:
        try:
            with scope(world.tenant_id):
                start.wait(timeout=30)
                deed()
                return "done"
        except JialiangError as refused:
            return refused.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return sorted(pool.map(run, deeds), reverse=True)


def test_two_commissions_do_not_take_one_instrument_both(world):
    row = world.instrument()
    opened = [world.commission(agreement=None) for _ in range(CLERKS)]

    def take(commission):
        desk, facts = world.person("receptionist"), ItemFacts(instrument_id=row.id)
        return lambda: commissions.add_item(
            actor=desk, commission_id=commission.id, facts=facts, now=world.now
        )

    assert at_once(world, *map(take, opened)) == ["done", "JL-COM-006", "JL-COM-006"]
    assert CommissionItem.objects.filter(instrument=row).count() == 1


def test_one_change_from_one_version_is_written_and_the_others_are_told_what_changed(world):
    row = world.instrument()

    def rename(model):
        return lambda: instruments.change(
            actor=world.person("receptionist"), instrument_id=row.id, changes={"model": model}, expected_version=1,
            now=world.now,
        )  # fmt: skip

    assert at_once(world, rename("A"), rename("B"), rename("C")) == ["done", "JL-INS-409", "JL-INS-409"]
    assert instrument(row.id).version == 2
    assert InstrumentChange.objects.filter(instrument=row, action="instrument.change").count() == 1
    assert AuditRecord.objects.filter(action="instrument.change").count() == 1


def test_an_organization_is_changed_from_the_version_that_was_read_by_one(world):
    def call(phone):
        return lambda: organizations.change(
            actor=world.person("receptionist"), organization_id=world.dairy_id, changes={"phone": phone},
            expected_version=1, now=world.now,
        )  # fmt: skip

    assert at_once(world, call("1"), call("2")) == ["done", "JL-ORG-409"]
    assert organization(world.dairy_id).version == 2


def test_an_item_is_received_once_and_its_instrument_goes_away_once(world):
    row = world.instrument()
    (item,) = items_of(world.commission(row).id)

    def receive():
        commissions.receive(actor=world.person("receptionist"), item_id=item.id, now=world.now)

    assert at_once(world, receive, receive, receive) == ["done", "JL-COM-007", "JL-COM-007"]
    assert CustodyEvent.objects.filter(item=item).count() == 1
    assert InstrumentChange.objects.filter(instrument=row, action="item.receive").count() == 1


def test_of_going_to_the_laboratory_and_back_to_the_owner_one_happens(world):
    row = world.instrument()
    (item,) = items_of(world.commission(row).id)
    commissions.receive(actor=world.person("receptionist"), item_id=item.id, now=world.now)

    def hand(to):
        desk = world.person("receptionist")
        return lambda: commissions.hand_over(actor=desk, item_id=item.id, to=to, now=world.now)

    outcome = at_once(world, hand(CustodyState.RETURNED), hand(CustodyState.RETURNED))
    assert outcome == ["done", "JL-COM-007"]
    assert Instrument.objects.get(pk=row.id).state == "registered"


def test_accepting_and_cancelling_at_once_leave_one_state_and_one_record_of_it(world):
    row = world.commission(world.instrument(), agreement=None)
    desk = world.person("receptionist")

    def accept():
        commissions.accept(
            actor=desk, commission_id=row.id, agreement=AGREED, expected_version=1, now=world.now
        )

    outcome = at_once(world, accept, accept)
    assert outcome[0] == "done"
    assert outcome[1] in ("JL-COM-005", "JL-COM-409")
    assert AuditRecord.objects.filter(action="commission.accept").count() == 1


def test_checks_of_several_hands_are_numbered_without_gap_or_double(world):
    standard = world.standard()

    def check(value):
        facts = CheckFacts(observed_on="2026-01-15", measured_value=value, unit="\\degreecelsius")
        keeper = world.person("standards_keeper")
        return lambda: measurement_standards.record_check(
            actor=keeper, standard_id=standard.id, facts=facts, now=world.now
        )

    assert at_once(world, check("25.01"), check("25.02"), check("25.03")) == ["done"] * 3
    assert [row.sequence for row in check_observations(standard.id)] == [1, 2, 3]


def test_one_certificate_added_by_two_keepers_is_there_once(world):
    standard = world.standard()

    def add():
        measurement_standards.add_certificate(
            actor=world.person("standards_keeper"), standard_id=standard.id, facts=PAPER, now=world.now
        )

    assert at_once(world, add, add) == ["done", "JL-STD-005"]
    assert len(certificates_of(standard.id)) == 1


def test_numbers_taken_at_once_have_no_gap_and_the_trail_no_fork(world):
    deeds = [lambda: world.commission(agreement=None)] * CLERKS
    assert at_once(world, *deeds) == ["done"] * CLERKS
    assert [line.number for line in account("commission", 2026)] == [
        f"YZ-W-2026-{serial:06d}" for serial in range(1, CLERKS + 1)
    ]
    assert gaps() == []
    assert verify_chain(world.tenant_id) == []
