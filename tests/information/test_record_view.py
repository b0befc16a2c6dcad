"""What the screens of a record are given, for technician and reviewer."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.functions import record_world
from tests.functions.record_world import World, build_world

from jialiang.base.calibrations.models import Calibration
from jialiang.base.commissions.selectors import items_of_instrument
from jialiang.base.instruments.selectors import instrument
from jialiang.base.readings.views import CellEntry
from jialiang.formats.canonical import canonical_json, sha256_hex
from jialiang.functions import calibrations, instruments, measurement_standards
from jialiang.functions.calibrations import RecordEntry
from jialiang.information.record_view import record_view
from jialiang.vocabulary.statuses import CustodyState

TODAY = date(2026, 6, 16)


@pytest.fixture
def world(in_tenant, now) -> World:
    return build_world(in_tenant, now)


def test_an_empty_draft_says_what_is_missing_and_why_nothing_is_computed(world):
    view = record_view(record_world.start_record(world, record_world.open_item(world)), TODAY)
    assert len(view.missing) == 25
    assert view.results == ()
    assert view.problem.en == "There are only 0 observations"
    assert [line.certificate_number for line in view.standards] == ["GJ-2026-C-000312"]
    assert not view.standards[0].problem
    assert view.actions == (
        "calibration.record", "calibration.take_over", "calibration.submit", "calibration.amend_reading",
    )  # fmt: skip
    assert view.checks == ()


def test_a_draft_is_computed_from_the_rows_that_are_complete(world):
    record_id = record_world.start_record(world, record_world.open_item(world))
    entry = RecordEntry(cells=record_world.h3_cells()[:12])
    calibrations.record(actor=world.people["technician"], calibration_id=record_id, entry=entry, now=world.now)
    view = record_view(record_id, TODAY)
    assert [line.point for line in view.results] == ["22", "24", "26"]
    assert all(line.deviation.startswith("-0.1") for line in view.results)
    assert view.results[2].facts["is_extrapolated"]
    assert view.rows[0].cells[0].text == "21.521"
    assert view.rows[10].cells == (None, None)
    assert any("26" in warning.zh for warning in view.warnings)


def test_the_reviewer_sees_the_changed_cell_and_that_the_record_differs_from_the_review(world):
    record_id = record_world.submitted_record(world)
    record_world.pass_review(world, record_id)
    assert not record_view(record_id, TODAY).differs_from_review
    calibrations.amend_reading(
        actor=world.people["technician"],
        calibration_id=record_id,
        entry=CellEntry(5, "correction", "-0.162"),
        reason="末位看错",
        now=world.now,
    )
    view = record_view(record_id, TODAY)
    assert view.differs_from_review
    (changed,) = view.amendments
    assert (changed.number, changed.row, changed.column.zh) == (1, 5, "修正值")
    assert (changed.old_text, changed.new_text, changed.reason) == ("-0.164", "-0.162", "末位看错")
    assert view.rows[4].cells[1].is_amended


def test_the_machine_checks_hold_and_fall_with_the_standard(world):
    record_id = record_world.submitted_record(world)
    assert [check.holds for check in record_view(record_id, TODAY).checks] == [True, True, True, True]
    after_its_end = record_view(record_id, date(2027, 3, 2))
    assert [check.holds for check in after_its_end.checks] == [True, False, True, True]
    assert "PRT-25-07" in after_its_end.standards[0].problem.zh


def test_a_suspended_standard_is_named_with_its_reason_and_fails_its_check(world):
    record_id = record_world.submitted_record(world)
    keeper = world.people["standards_keeper"]
    measurement_standards.suspend(actor=keeper, standard_id=world.standard_id, reason="跌落", now=world.now)
    view = record_view(record_id, TODAY)
    assert "跌落" in view.standards[0].problem.zh
    alike, in_force, complete, validated = view.checks
    assert [check.holds for check in (alike, in_force, complete, validated)] == [True, False, True, True]
    assert in_force.evidence == view.standards[0].problem


def test_an_instrument_that_became_another_quantitys_shows_the_record_and_not_an_error(world):
    """The ledger was changed after the submission: the figures are not recomputed alike, and the page says so."""
    record_id = record_world.submitted_record(world)
    instruments.change(
        actor=world.people["receptionist"], instrument_id=world.thermometer_id, changes={"unit": "\\gram"},
        expected_version=instrument(world.thermometer_id).version, now=world.now,
    )  # fmt: skip
    view = record_view(record_id, TODAY)
    assert [check.holds for check in view.checks] == [False, True, True, True]
    assert len(view.results) == 3


def test_a_stored_figure_or_digest_that_was_changed_by_hand_is_not_recomputed_alike(world):
    record_id = record_world.submitted_record(world)
    stored = Calibration.objects.get(pk=record_id)
    evaluation = dict(stored.evaluation)
    evaluation["points"] = [dict(point) for point in evaluation["points"]]
    evaluation["points"][0]["deviation"] = "-0.100"
    by_hand = {"evaluation": evaluation, "evaluation_digest": sha256_hex(canonical_json(evaluation))}
    for columns in (by_hand, {"evaluation_digest": "0" * 64}):
        Calibration.objects.filter(pk=record_id).update(
            evaluation=stored.evaluation, evaluation_digest=stored.evaluation_digest
        )
        assert record_view(record_id, TODAY).checks[0].holds
        Calibration.objects.filter(pk=record_id).update(**columns)
        assert not record_view(record_id, TODAY).checks[0].holds


def test_last_years_deviation_stands_beside_this_years_with_the_change(world):
    record_world.issued_certificate(world)
    clerk = world.people["receptionist"]
    instrument = record_world.another_thermometer(world, "T2104-0999")
    later = record_world.replace(world, now=world.now + timedelta(days=1))
    other = record_world.start_record(later, record_world.open_item(later, instrument_id=instrument))
    assert record_view(other, TODAY).previous is None
    item_id = _returned_and_received_again(later, clerk)
    record_id = record_world.start_record(later, item_id)
    record_world.fill_record(later, record_id)
    view = record_view(record_id, TODAY)
    assert view.previous is not None
    assert [line.previous_deviation for line in view.results] == [line.deviation for line in view.results]
    assert {line.change.strip("0.") for line in view.results} == {""}


def _returned_and_received_again(world: World, clerk):
    first = items_of_instrument(world.thermometer_id)[0]
    for place in (CustodyState.RECEIVED, CustodyState.RETURNED):
        record_world.commissions.hand_over(actor=clerk, item_id=first.id, to=place, now=world.now)
    return record_world.open_item(world)
