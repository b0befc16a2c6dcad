"""The steps of the demonstration's main job: who does what, when, and in which order."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.ledger import PAPER

from jialiang.base.calibrations.selectors import calibration, records_of_item, steps_of
from jialiang.base.commissions.selectors import commission, item, items_of
from jialiang.base.readings.selectors import readings_of
from jialiang.business.demonstration import job
from jialiang.business.demonstration.cast import hire
from jialiang.formats.content import CertificateReference
from jialiang.kernel.text import Text
from jialiang.security.policy import NotAuthorized

TEAM = job.Team(reception="reception", technician="technician", reviewer="reviewer", signatory="signatory")
READINGS = (
    {"indication": "21.521", "correction": "-0.171"},
    {"correction": "-0.169", "indication": "22.012"},
)


@pytest.fixture
def institute(world):
    return hire(world.person("system_administrator"), "yz", world.now)


@pytest.fixture
def work(world):
    upward = CertificateReference(Text("国家基准（虚构）"), "T-1990", "analogue", "")
    standard = world.standard(replace(PAPER, upward=upward))
    return job.Work(
        customer_id=world.dairy_id,
        instrument_id=world.instrument().id,
        procedure="thermometer_line",
        method=Text("数字温度计校准方法", "Calibration of thermometers"),
        method_norm="YZ-TM-07",
        points=("21.6", "22"),
        readings=READINGS,
        reference_standard_id=standard.id,
        parameters={"rows": "2"},
        condition=Text("完好", "in good order"),
    )


@pytest.fixture
def day(world):
    return job.Day(world.now)


def test_each_deed_happens_a_little_later_than_the_one_before(world, day):
    moments = [day.next() for _ in range(3)]
    assert moments == [world.now + timedelta(minutes=6 * n) for n in (1, 2, 3)]
    assert day.now == moments[-1]


def test_readings_become_cells_row_by_row_with_every_digit():
    found = job.cells([{"indication": "21.500", "correction": "-0.10"}, {"indication": "22"}])
    assert [(cell.row, cell.column, cell.text) for cell in found] == [
        (1, "indication", "21.500"), (1, "correction", "-0.10"), (2, "indication", "22"),
    ]  # fmt: skip
    assert job.cells([]) == ()


def test_a_request_waits_at_the_desk_with_its_points(institute, work, day):
    waiting = commission(job.request(institute, "reception", work, day))
    (entry,) = items_of(waiting.id)
    assert (waiting.state, waiting.kind, entry.custody) == ("open", "calibration", "expected")
    assert entry.requested_points == ["21.6", "22"]


@pytest.mark.parametrize(("months", "is_agreed"), [(None, False), (12, True)])
def test_what_is_taken_in_is_accepted_on_its_terms_and_received(institute, work, day, months, is_agreed):
    terms = replace(work, due_months=months)
    taken = item(job.take_in(institute, TEAM, terms, day))
    agreed = taken.commission
    assert (agreed.state, agreed.due_date_agreed, agreed.agreed_interval_months) == (
        "accepted",
        is_agreed,
        months,
    )
    assert (agreed.decision_rule, agreed.fee_kind) == ("none", "charged")
    assert (taken.custody, taken.condition.en, taken.instrument.state) == (
        "received",
        "in good order",
        "away",
    )
    assert agreed.opened_at < agreed.accepted_at < taken.custody_since


def test_a_record_is_a_draft_with_readings_conditions_and_the_day_of_the_institute(institute, work, day):
    record_id = job.record(institute, TEAM, work, job.take_in(institute, TEAM, work, day), day)
    record = calibration(record_id)
    assert (record.state, record.points, record.method_norm) == ("draft", ["21.6", "22"], "YZ-TM-07")
    assert (record.begin_date, record.end_date) == (date(2026, 6, 16), date(2026, 6, 16))
    assert record.environment == job.ENVIRONMENT
    assert readings_of(record.reading_set_id).column("indication") == ["21.521", "22.012"]
    assert records_of_item(record.item_id) == [record]


def test_two_readings_are_too_few_for_a_line_and_the_job_stops_there(institute, work, day):
    record_id = job.record(institute, TEAM, work, job.take_in(institute, TEAM, work, day), day)
    with pytest.raises(Exception, match="observations"):
        job.submit(institute, TEAM, record_id, day)
    assert steps_of(record_id) == []


def test_nobody_of_the_team_does_the_work_of_another(institute, work, day):
    mixed = job.Team(
        reception="reviewer", technician="reception", reviewer="technician", signatory="reviewer"
    )
    with pytest.raises(NotAuthorized):
        job.request(institute, mixed.reception, work, day)
    item_id = job.take_in(institute, TEAM, work, day)
    with pytest.raises(NotAuthorized):
        job.record(institute, mixed, work, item_id, day)
    with pytest.raises(KeyError):
        institute.actor("nobody", day.now)
