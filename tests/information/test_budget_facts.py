"""What a budget takes from earlier records: s pooled over them, of the same instrument or of all, at the same point."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.functions import record_world
from tests.functions.budget_world import in_force
from tests.functions.record_world import build_world

from jialiang.base.calibrations.models import Calibration
from jialiang.base.calibrations.selectors import calibration, earlier_records
from jialiang.base.commissions.models import CommissionItem
from jialiang.base.readings.views import CellEntry
from jialiang.functions import calibrations
from jialiang.functions.calibrations import RecordEntry
from jialiang.information.budget_templates.shipped_templates import shipped_template
from jialiang.information.evaluation import evaluate
from jialiang.information.evaluation_task import task_as_evaluated, task_of
from jialiang.science.type_a import pooled_deviation

pytestmark = pytest.mark.django_db

FIRST = ("20.018", "20.019", "20.017")  # s = 0.001, ν = 2
SECOND = ("20.014", "20.018", "20.016")  # s = 0.002, ν = 2


@pytest.fixture
def world(in_tenant, now):
    return build_world(in_tenant, now)


def history(of):
    document = shipped_template("repeated_comparison")
    document["inputs"][0]["from"] |= {"scatter": "history", "of": of}
    return document


def compared(world, indications, *, days, instrument_id=None, point="20", state="approved"):
    """A record of repeated comparison at one point, so many days before now."""
    wanted = instrument_id or world.thermometer_id
    known = CommissionItem.objects.filter(instrument_id=wanted).first()
    item = known.id if known else record_world.open_item(world, instrument_id=wanted)
    record_id = record_world.start_record(
        world, item, procedure="repeated_comparison", points=(point,), parameters={"repeats": str(len(indications))}
    )
    cells = tuple(
        CellEntry(row, column, text)
        for row, indication in enumerate(indications, start=1)
        for column, text in (("standard", "20.000"), ("indication", indication))
    )
    entry = RecordEntry(
        cells=cells,
        environment={"temperature": {"minimum": "22", "maximum": "23"}, "humidity": {"minimum": "40", "maximum": "41"}},
        begin_date=world.now.date(),
        end_date=world.now.date(),
    )
    technician = world.people["technician"]
    calibrations.record(actor=technician, calibration_id=record_id, entry=entry, now=world.now)
    calibrations.submit(actor=technician, calibration_id=record_id, now=world.now)
    changes = {"created_at": world.now - timedelta(days=days), "state": state}
    Calibration.objects.filter(pk=record_id).update(**changes)
    return record_id


def facts_of(record_id):
    return next(iter(task_of(record_id).gathered.values()), None)


def test_s_is_pooled_over_the_earlier_records_of_the_instrument(world):
    compared(world, FIRST, days=20)
    compared(world, SECOND, days=10)
    in_force(world, "repeated_comparison", document=history("instrument"))
    record_id = compared(world, ("20.015",), days=0, state="draft")
    pooled = pooled_deviation([0.001, 0.002], [2, 2])
    facts = facts_of(record_id)
    assert float(facts["s"]) == pytest.approx(pooled.standard_deviation, rel=1e-12)
    assert float(facts["s"]) == pytest.approx((2.5e-6) ** 0.5, rel=1e-12)
    assert (facts["dof"], facts["records"]) == ("4.0", "2")
    point = evaluate(task_of(record_id))["points"][0]
    scatter = point["contributions"][0]
    assert float(scatter["standard_uncertainty"]) == pytest.approx((2.5e-6) ** 0.5, rel=1e-12)
    assert scatter["degrees_of_freedom"] == "4.0"
    assert point["origins"]["x_mean"]["records"] == "2"


def test_another_instrument_counts_only_where_the_budget_asks_for_the_procedure(world):
    other = record_world.another_thermometer(world, "T-2")
    compared(world, SECOND, days=20, instrument_id=other)
    in_force(world, "repeated_comparison", document=history("instrument"))
    alone = compared(world, FIRST, days=0, state="draft")
    assert facts_of(alone) is None
    own = evaluate(task_of(alone))["points"][0]["contributions"][0]
    assert float(own["standard_uncertainty"]) == pytest.approx(0.001 / 3**0.5, rel=1e-12)


def test_of_the_procedure_takes_every_instrument(world):
    other = record_world.another_thermometer(world, "T-2")
    compared(world, SECOND, days=20, instrument_id=other)
    in_force(world, "repeated_comparison", document=history("procedure"))
    facts = facts_of(compared(world, FIRST, days=0, state="draft"))
    assert float(facts["s"]) == pytest.approx(0.002, rel=1e-12)


@pytest.mark.parametrize(
    "more", [{"point": "30"}, {"state": "in_review"}, {"days": -1}], ids=["another point", "not approved", "later"]
)
def test_what_is_no_earlier_evidence_for_the_point_does_not_count(world, more):
    compared(world, SECOND, **({"days": 20} | more))
    in_force(world, "repeated_comparison", document=history("instrument"))
    assert facts_of(compared(world, FIRST, days=0, state="draft")) is None


def test_what_is_approved_later_does_not_change_what_was_evaluated(world):
    compared(world, FIRST, days=20)
    in_force(world, "repeated_comparison", document=history("instrument"))
    record_id = compared(world, ("20.015", "20.016"), days=5, state="in_review")
    stored = calibration(record_id).evaluation
    compared(world, SECOND, days=10)
    assert facts_of(record_id)["records"] == "2"
    assert evaluate(task_as_evaluated(record_id)) == stored
    assert next(iter(stored["inputs"]["gathered"].values()))["records"] == "1"


def test_earlier_records_are_the_latest_of_the_procedure(world):
    ids = [compared(world, FIRST, days=days) for days in (30, 20, 10)]
    record = calibration(compared(world, FIRST, days=0, state="draft"))
    found = earlier_records(record, of_instrument=True, most=2)
    assert [row.id for row in found] == [ids[2], ids[1]]
