"""A technician leaves: another takes the draft over, and what was entered stays the work of whoever entered it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.functions import record_world
from tests.functions.record_world import World, build_world

from jialiang.base.calibrations import selectors
from jialiang.base.calibrations.errors import (
    NothingToTakeOver,
    NotTheTechnician,
    ReasonNeeded,
    SamePerson,
    WrongState,
)
from jialiang.base.readings.selectors import people_of, readings_of
from jialiang.base.readings.views import CellEntry
from jialiang.functions import calibrations, certificates
from jialiang.functions.calibrations import RecordEntry
from jialiang.governance.outbox.models import OutboxEvent
from jialiang.kernel.text import Text
from jialiang.security.accounts.services import deactivate, grant_role
from jialiang.security.actor import Actor
from jialiang.security.audit.selectors import history
from jialiang.security.policy import NotAuthorized

REASON = "李小量已离职，由赵接手续做"


@pytest.fixture
def world(in_tenant, now) -> World:
    return build_world(in_tenant, now)


@pytest.fixture
def successor(world) -> Actor:
    return record_world._person(world.tenant, "technician", "赵接手", "-b", world.now)


def _take_over(world: World, actor: Actor, record_id, reason: str = REASON):
    moment = world.now + timedelta(minutes=10)
    return calibrations.take_over(actor=actor, calibration_id=record_id, reason=reason, now=moment)


def _begun(world: World):
    """A draft in which the first technician has typed one row."""
    record_id = record_world.start_record(world, record_world.open_item(world))
    cells = (CellEntry(1, "indication", "21.521"), CellEntry(1, "correction", "-0.171"))
    technician = world.people["technician"]
    calibrations.record(
        actor=technician, calibration_id=record_id, entry=RecordEntry(cells=cells), now=world.now
    )
    return record_id


def _also(actor: Actor, role: str, world: World) -> Actor:
    grant_role(person_id=actor.person_id, role=role, valid_from=world.now.date(), granted_by_id=None, now=world.now)
    return replace(actor, roles=actor.roles | {role})


def test_the_successor_goes_on_and_each_reading_keeps_its_person(world, successor):
    record_id = _begun(world)
    taken = _take_over(world, successor, record_id)
    assert (taken.calibrated_by_id, taken.calibrated_by_zh, taken.state) == (
        successor.person_id, "赵接手", "draft",
    )  # fmt: skip
    with pytest.raises(NotTheTechnician):  # the first technician has handed it over for good
        record_world.fill_record(world, record_id)
    first, world.people["technician"] = world.people["technician"], successor
    record_world.fill_record(world, record_id)
    record = calibrations.submit(actor=successor, calibration_id=record_id, now=world.now)
    readings = readings_of(record.reading_set_id)
    assert {c.person_name for c in readings.cells if c.row == 1} == {"李小量"}
    assert {c.person_name for c in readings.cells if c.row > 1} == {"赵接手"}
    assert people_of(record.reading_set_id) == {first.person_id, successor.person_id}


def test_the_taking_over_stands_in_the_steps_the_audit_and_the_events(world, successor):
    record_id = _begun(world)
    _take_over(world, successor, record_id)
    (step,) = selectors.steps_of(record_id)
    assert (step.action, step.person_name, step.reason) == ("calibration.take_over", "赵接手", REASON)
    assert (step.from_state, step.to_state) == ("draft", "draft")
    entry = history("calibration", record_id)[-1]
    assert (entry.action, entry.actor_id, entry.detail["reason"]) == (
        "calibration.take_over", successor.person_id, REASON,
    )  # fmt: skip
    assert entry.detail["before"]["zh"] == "李小量"
    assert entry.detail["before_id"] == str(world.people["technician"].person_id)
    event = OutboxEvent.objects.get(name="calibration.taken_over")
    assert (event.subject_id, event.data) == (record_id, {"reason": REASON})


def test_the_amending_record_of_a_technician_who_left_can_be_finished(world, successor):
    issued = record_world.issued_certificate(world)
    first = world.people["technician"]
    deactivate(person_id=first.person_id, now=world.now)
    copy = certificates.amend(
        actor=world.people["signatory"], certificate_id=issued.id, reason=Text("第 1 点有误", "Point 1"), now=world.now
    )
    entry = RecordEntry(cells=(CellEntry(1, "correction", "-0.170"),))
    with pytest.raises(NotTheTechnician):
        calibrations.record(actor=successor, calibration_id=copy.id, entry=entry, now=world.now)
    _take_over(world, successor, copy.id)
    calibrations.record(actor=successor, calibration_id=copy.id, entry=entry, now=world.now)
    submitted = calibrations.submit(actor=successor, calibration_id=copy.id, now=world.now)
    readings = readings_of(submitted.reading_set_id)
    assert readings.cell(1, "correction").person_name == "赵接手"
    assert readings.cell(2, "correction").person_name == "李小量"
    record_world.pass_review(world, copy.id)
    second = record_world.approve(world, copy.id)
    content = certificates.read(actor=world.people["signatory"], certificate_id=second.id)
    assert content.supersedes_id == issued.id


def test_neither_of_the_two_technicians_reviews_or_returns(world, successor):
    record_id = _begun(world)
    _take_over(world, successor, record_id)
    first = _also(world.people["technician"], "reviewer", world)
    second = _also(successor, "reviewer", world)
    world.people["technician"] = successor
    record_world.fill_record(world, record_id)
    digest = calibrations.submit(actor=successor, calibration_id=record_id, now=world.now).evaluation_digest
    for actor in (first, second):
        with pytest.raises(SamePerson):
            calibrations.review(actor=actor, calibration_id=record_id, seen_digest=digest, now=world.now)
        with pytest.raises(SamePerson):
            calibrations.return_record(actor=actor, calibration_id=record_id, reason="有疑问", now=world.now)


def test_neither_of_the_two_technicians_approves(world, successor):
    record_id = _begun(world)
    _take_over(world, successor, record_id)
    first = _also(world.people["technician"], "signatory", world)
    second = _also(successor, "signatory", world)
    world.people["technician"] = successor
    record_world.fill_record(world, record_id)
    calibrations.submit(actor=successor, calibration_id=record_id, now=world.now)
    record_world.pass_review(world, record_id)
    for actor in (first, second):
        world.people["signatory"] = actor
        with pytest.raises(SamePerson):
            record_world.approve(world, record_id)


def test_who_only_amended_a_reading_before_the_taking_over_does_not_review(world, successor):
    """The first technician's cells are typed over after the return; the amendment still names both."""
    record_id = record_world.submitted_record(world)
    calibrations.return_record(
        actor=world.people["reviewer"], calibration_id=record_id, reason="请核对", now=world.now
    )
    _take_over(world, successor, record_id)
    entry = RecordEntry(cells=(CellEntry(1, "correction", "-0.170"),), reason="核对原始记录")
    calibrations.record(actor=successor, calibration_id=record_id, entry=entry, now=world.now)
    digest = calibrations.submit(actor=successor, calibration_id=record_id, now=world.now).evaluation_digest
    first = _also(world.people["technician"], "reviewer", world)
    with pytest.raises(SamePerson):
        calibrations.review(actor=first, calibration_id=record_id, seen_digest=digest, now=world.now)
    record_world.pass_review(world, record_id)  # the reviewer who returned it has entered nothing


def test_only_a_draft_is_taken_over(world, successor):
    record_id = record_world.submitted_record(world)
    with pytest.raises(WrongState):
        _take_over(world, successor, record_id)
    assert selectors.calibration(record_id).calibrated_by_zh == "李小量"


def test_taking_over_needs_the_role_a_reason_and_another_person(world, successor):
    record_id = _begun(world)
    with pytest.raises(NotAuthorized):
        _take_over(world, world.people["reviewer"], record_id)
    with pytest.raises(ReasonNeeded):
        _take_over(world, successor, record_id, "  ")
    with pytest.raises(NothingToTakeOver) as refused:
        _take_over(world, world.people["technician"], record_id)
    assert "李小量" in refused.value.what.zh
    assert selectors.steps_of(record_id) == []


def test_a_stale_window_of_the_first_technician_does_not_write_after_the_taking_over(world, successor):
    record_id = _begun(world)
    version = selectors.calibration(record_id).version
    assert _take_over(world, successor, record_id).version == version + 1
