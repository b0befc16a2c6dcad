"""A record from start to approval's door: who may do what, and what is kept."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from tests.functions import record_world
from tests.functions.record_world import World, build_world

from jialiang.base.calibrations import selectors
from jialiang.base.calibrations.errors import (
    ItemNotReady,
    NotTheTechnician,
    PointNotCovered,
    ReasonNeeded,
    RecordChanged,
    RecordIncomplete,
    SamePerson,
    StandardOfAnotherQuantity,
    WrongState,
)
from jialiang.base.measurement_standards.errors import StandardExpired
from jialiang.base.readings.errors import NothingAmended, ReadingsFrozen, ReasonMissing
from jialiang.base.readings.selectors import frozen_digest, readings_of
from jialiang.base.readings.services import enter
from jialiang.base.readings.views import CellEntry
from jialiang.functions import calibrations
from jialiang.functions.calibrations import RecordEntry
from jialiang.security.audit.selectors import history
from jialiang.security.policy import NotAuthorized

TECHNICIAN, REVIEWER = "technician", "reviewer"


@pytest.fixture
def world(in_tenant, now) -> World:
    return build_world(in_tenant, now)


def test_a_record_keeps_the_readings_exactly_as_typed(world):
    record_id = record_world.start_record(world, record_world.open_item(world))
    entry = RecordEntry(
        cells=(CellEntry(1, "indication", " ２１．５２１０ "), CellEntry(1, "correction", "−0.171"))
    )
    calibrations.record(actor=world.people[TECHNICIAN], calibration_id=record_id, entry=entry, now=world.now)
    readings = readings_of(selectors.calibration(record_id).reading_set_id)
    assert readings.cell(1, "indication").text == "２１．５２１０"
    assert readings.cell(1, "indication").decimal_text == "21.5210"
    assert readings.cell(1, "correction").decimal_text == "-0.171"
    assert readings.cell(1, "indication").person_name == "李小量"


def test_work_starts_only_when_the_commission_is_accepted_and_the_item_received(world):
    clerk = world.people["receptionist"]
    commission = record_world.commissions.open_commission(
        actor=clerk,
        facts=record_world.CommissionFacts(customer_id=world.customer_id, kind="calibration"),
        now=world.now,
    )
    item = record_world.commissions.add_item(
        actor=clerk,
        commission_id=commission.id,
        facts=record_world.ItemFacts(instrument_id=world.thermometer_id),
        now=world.now,
    )
    with pytest.raises(ItemNotReady) as refused:
        record_world.start_record(world, item.id)
    assert commission.number in refused.value.what.zh


def test_an_item_whose_record_is_still_being_written_gets_no_second_one(world):
    item_id = record_world.open_item(world)
    first = selectors.calibration(record_world.start_record(world, item_id))
    with pytest.raises(ItemNotReady) as refused:
        record_world.start_record(world, item_id)
    assert first.number in refused.value.what.zh
    assert f"its record {first.number} is still being written" in refused.value.what.en
    assert [record.id for record in selectors.records_of_item(item_id)] == [first.id]
    record_world.fill_record(world, first.id)
    calibrations.submit(actor=world.people["technician"], calibration_id=first.id, now=world.now)
    second = selectors.calibration(record_world.start_record(world, item_id))
    assert int(second.number[-6:]) == int(first.number[-6:]) + 1  # the refused start has taken no number


def test_a_receptionist_cannot_start_a_record(world):
    item_id = record_world.open_item(world)
    world.people[TECHNICIAN], technician = world.people["receptionist"], world.people[TECHNICIAN]
    with pytest.raises(NotAuthorized):
        record_world.start_record(world, item_id)
    world.people[TECHNICIAN] = technician


def test_an_incomplete_record_is_not_submitted_and_everything_missing_is_named(world):
    record_id = record_world.start_record(world, record_world.open_item(world))
    with pytest.raises(RecordIncomplete) as refused:
        calibrations.submit(actor=world.people[TECHNICIAN], calibration_id=record_id, now=world.now)
    # 22 cells, two conditions, the date
    assert refused.value.facts["count"] == 25
    assert "环境温度" in refused.value.what.zh
    assert selectors.calibration(record_id).state == "draft"


def test_the_evaluation_gives_the_figures_of_gum_h3(world, oracles):
    expected = json.loads((oracles / "uncertainty" / "gum-h3-thermometer-line.json").read_text())["expected"]
    record = selectors.calibration(record_world.submitted_record(world))
    line = record.evaluation["line"]
    assert float(line["y1"]) == pytest.approx(expected["y1"]["value"], rel=1e-9)
    assert float(line["u_y1"]) == pytest.approx(expected["y1"]["u"], rel=1e-9)
    assert float(line["y2"]) == pytest.approx(expected["y2"]["value"], rel=1e-9)
    assert float(line["u_y2"]) == pytest.approx(expected["y2"]["u"], rel=1e-9)
    assert float(line["r"]) == pytest.approx(expected["r_y1_y2"]["value"], rel=1e-9)
    assert float(line["b_check"]) == pytest.approx(expected["b30"]["value"], rel=1e-9)
    assert float(line["u_b_check"]) == pytest.approx(expected["b30"]["u"], rel=1e-9)
    assert line["degrees_of_freedom"] == expected["dof"]
    assert [point["point"] for point in record.evaluation["points"]] == ["22", "24", "26"]
    for point in record.evaluation["points"]:
        assert point["monte_carlo"]["agrees"]
        assert sum(float(c["share"]) for c in point["contributions"]) == pytest.approx(100, abs=0.5)
        assert {c["symbol"] for c in point["contributions"]} == {
            "y1", "y2", "delta_standard", "delta_drift", "delta_resolution", "delta_bath",
        }  # fmt: skip


def test_submitting_freezes_the_readings_and_their_digest_never_changes(world):
    record_id = record_world.submitted_record(world)
    record = selectors.calibration(record_id)
    with pytest.raises(ReadingsFrozen):
        enter(
            record.reading_set_id,
            [CellEntry(1, "indication", "99")],
            actor=world.people[TECHNICIAN],
            now=world.now,
        )
    before = readings_of(record.reading_set_id).digest
    _amend(world, record_id, "-0.170", "转录时看错一格")
    assert readings_of(record.reading_set_id).digest == before == frozen_digest(record.reading_set_id)


def _amend(world: World, record_id, text: str, reason: str, person: str = TECHNICIAN):
    return calibrations.amend_reading(
        actor=world.people[person],
        calibration_id=record_id,
        entry=CellEntry(1, "correction", text),
        reason=reason,
        now=world.now + timedelta(minutes=5),
    )


def test_an_amendment_keeps_old_new_why_who_and_when_and_the_record_is_evaluated_anew(world):
    record_id = record_world.submitted_record(world)
    before = selectors.calibration(record_id).evaluation_digest
    after = _amend(world, record_id, "-0.170", "转录时看错一格")
    cell = readings_of(after.reading_set_id).cell(1, "correction")
    assert (cell.text, cell.first_text) == ("-0.170", "-0.171")
    (amendment,) = cell.amendments
    assert (amendment.old_text, amendment.new_text, amendment.reason) == (
        "-0.171",
        "-0.170",
        "转录时看错一格",
    )
    assert (amendment.person_name, amendment.at) == ("李小量", world.now + timedelta(minutes=5))
    assert after.evaluation_digest != before
    actions = [row.action for row in history("calibration", record_id)]
    assert actions[-1] == "calibration.amend_reading"


def test_an_amendment_needs_a_reason_and_a_difference(world):
    record_id = record_world.submitted_record(world)
    with pytest.raises(ReasonMissing):
        _amend(world, record_id, "-0.170", "  ")
    with pytest.raises(NothingAmended):
        _amend(world, record_id, "-0.171", "没有变化")


def test_only_the_technician_of_the_record_amends(world):
    record_id = record_world.submitted_record(world)
    with pytest.raises(NotAuthorized):
        _amend(world, record_id, "-0.170", "核验时改动", person=REVIEWER)
    world.people["technician"] = record_world._person(world.tenant, "technician", "赵另人", "-b", world.now)
    with pytest.raises(NotTheTechnician):
        _amend(world, record_id, "-0.170", "换人改动")


def test_an_amendment_while_approval_is_awaited_sends_the_record_back_to_review(world):
    record_id = record_world.submitted_record(world)
    record_world.pass_review(world, record_id)
    reviewed = selectors.calibration(record_id)
    amended = _amend(world, record_id, "-0.170", "转录时看错一格")
    assert (reviewed.state, amended.state) == ("awaiting_approval", "in_review")
    assert amended.reviewed_by_id is None
    assert amended.reviewed_digest == reviewed.evaluation_digest != amended.evaluation_digest


def test_whoever_calibrated_does_not_review_even_with_both_roles(world):
    record_id = record_world.submitted_record(world)
    both = record_world.replace(world.people[TECHNICIAN], roles=frozenset({"technician", "reviewer"}))
    digest = selectors.calibration(record_id).evaluation_digest
    with pytest.raises(SamePerson):
        calibrations.review(actor=both, calibration_id=record_id, seen_digest=digest, now=world.now)


def test_a_review_holds_for_what_was_seen(world):
    record_id = record_world.submitted_record(world)
    seen = selectors.calibration(record_id).evaluation_digest
    _amend(world, record_id, "-0.170", "转录时看错一格")
    with pytest.raises(RecordChanged):
        calibrations.review(
            actor=world.people[REVIEWER], calibration_id=record_id, seen_digest=seen, now=world.now
        )


def test_a_return_needs_a_reason_and_later_changes_are_amendments(world):
    record_id = record_world.submitted_record(world)
    reviewer, technician = world.people[REVIEWER], world.people[TECHNICIAN]
    with pytest.raises(ReasonNeeded):
        calibrations.return_record(actor=reviewer, calibration_id=record_id, reason="", now=world.now)
    later = [world.now + timedelta(minutes=n) for n in range(4)]
    calibrations.return_record(actor=reviewer, calibration_id=record_id, reason="第 1 行有疑问", now=later[1])
    changed = RecordEntry(cells=(CellEntry(1, "correction", "-0.170"),))
    with pytest.raises(ReasonMissing):
        calibrations.record(actor=technician, calibration_id=record_id, entry=changed, now=world.now)
    with_reason = record_world.replace(changed, reason="核对原始数据后更正")
    calibrations.record(actor=technician, calibration_id=record_id, entry=with_reason, now=later[2])
    record = calibrations.submit(actor=technician, calibration_id=record_id, now=later[3])
    assert readings_of(record.reading_set_id).cell(1, "correction").first_text == "-0.171"
    assert record.state == "in_review"
    assert [step.action for step in selectors.steps_of(record_id)] == [
        "calibration.submit", "calibration.return", "calibration.amend_reading", "calibration.submit",
    ]  # fmt: skip


def test_a_draft_is_not_reviewed(world):
    record_id = record_world.start_record(world, record_world.open_item(world))
    with pytest.raises(WrongState) as refused:
        calibrations.review(
            actor=world.people[REVIEWER], calibration_id=record_id, seen_digest="", now=world.now
        )
    assert "填写中" in refused.value.what.zh


def test_an_expired_standard_stops_the_start_and_says_which_and_since_when(in_tenant, now):
    world = build_world(in_tenant, now, valid_until=date(2026, 6, 15))
    item_id = record_world.open_item(world)
    with pytest.raises(StandardExpired) as stopped:
        record_world.start_record(world, item_id)
    assert "PRT-25-07" in stopped.value.what.zh
    assert "2026-06-16" in stopped.value.what.zh


def test_a_standard_that_expires_between_start_and_submission_stops_the_submission(in_tenant, now):
    world = build_world(in_tenant, now, valid_until=date(2026, 6, 16))
    record_id = record_world.start_record(world, record_world.open_item(world))
    record_world.fill_record(world, record_id)
    tomorrow = world.now + timedelta(days=1)
    with pytest.raises(StandardExpired):
        calibrations.submit(actor=world.people[TECHNICIAN], calibration_id=record_id, now=tomorrow)
    calibrations.submit(actor=world.people[TECHNICIAN], calibration_id=record_id, now=world.now)


def test_a_standard_of_another_quantity_is_refused_when_the_work_starts(world):
    keeper = world.people["standards_keeper"]
    weight = record_world.measurement_standards.register(
        actor=keeper,
        facts=record_world.StandardFacts(
            name=record_world.Text("克组砝码", "Weight set"),
            level="working",
            model="E2",
            serial_number="W-1",
            quantity=record_world.Text("质量", "Mass"),
            unit="\\gram",
            measuring_interval=record_world.Text("1 g ~ 1 kg", "1 g to 1 kg"),
            measuring_interval_minimum="1",
            measuring_interval_maximum="1000",
        ),
        now=world.now,
    )
    item_id = record_world.open_item(world)
    with pytest.raises(StandardOfAnotherQuantity) as refused:
        record_world.start_record(world, item_id, reference_standard_id=weight.id)
    assert "W-1" in refused.value.what.zh
    assert selectors.records_of_item(item_id) == []


def test_a_line_is_not_extrapolated(world):
    record_id = record_world.start_record(world, record_world.open_item(world), points=("22", "30"))
    record_world.fill_record(world, record_id)
    with pytest.raises(PointNotCovered) as refused:
        calibrations.submit(actor=world.people[TECHNICIAN], calibration_id=record_id, now=world.now)
    assert "30" in refused.value.what.en


def test_two_windows_of_one_record_do_not_overwrite_each_other(world):
    record_id = record_world.start_record(world, record_world.open_item(world))
    technician = world.people[TECHNICIAN]
    entry = RecordEntry(cells=(CellEntry(1, "indication", "21.521"),), expected_version=1)
    calibrations.record(actor=technician, calibration_id=record_id, entry=entry, now=world.now)
    with pytest.raises(RecordChanged):
        calibrations.record(actor=technician, calibration_id=record_id, entry=entry, now=world.now)
