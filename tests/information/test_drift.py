"""What the certificates of an instrument say about each point over the years."""

from __future__ import annotations

from datetime import date

import pytest
from tests.base.bench_rows import build_bench
from tests.information.evidence_rows import certificate

from jialiang.base.calibrations.models import Calibration
from jialiang.base.certificates.models import Certificate
from jialiang.information.drift import drift_of
from jialiang.kernel.ids import new_id
from jialiang.kernel.text import Text
from jialiang.security.tenancy.scope import everywhere, scope
from jialiang.security.tenancy.services import create_tenant

CELSIUS, KELVIN = "\\degreecelsius", "\\kelvin"


@pytest.fixture
def bench(world):
    return build_bench(world)


@pytest.fixture
def item_id(bench):
    return bench.record().item_id


def stated(point, deviation):
    return {
        "point": point, "deviation": deviation, "expanded_uncertainty": "0.010", "coverage_factor": "2.00",
        "maximum_permissible_error": "0.2", "conformity": "pass",
    }  # fmt: skip


@pytest.fixture
def issue(bench, item_id):
    """Issue one more certificate of the instrument."""

    def issued(end, *points, unit=CELSIUS, procedure="thermometer_line", state="in_force"):
        record = bench.record(state="approved", item_id=item_id, end_date=end, procedure=procedure)
        evaluation = {"unit": unit, "points": [stated(*each) for each in points]} if points else None
        Calibration.objects.filter(pk=record.pk).update(evaluation=evaluation)
        row = certificate(bench.world, record.item.instrument, calibration=record, state=state)
        Certificate.objects.filter(pk=row.pk).update(issue_date=end or date(2026, 1, 1))
        return row

    return issued


@pytest.fixture
def instrument_id(bench, item_id):
    return Calibration.objects.filter(item_id=item_id)[0].item.instrument_id


def test_every_point_has_its_series_oldest_first_and_points_ascend_as_numbers(issue, instrument_id):
    issue(date(2025, 6, 1), ("100", "-0.10"), ("22", "-0.16"))
    latest = issue(date(2026, 6, 1), ("22", "-0.17"), ("100", "-0.12"))
    issue(date(2024, 6, 1), ("22", "-0.15"), ("-5.0", "0.01"))
    series = drift_of(instrument_id)
    assert [each.point for each in series] == ["-5.0", "22", "100"]
    assert [[(p.day.year, p.deviation) for p in each.points] for each in series] == [
        [(2024, "0.01")], [(2024, "-0.15"), (2025, "-0.16"), (2026, "-0.17")], [(2025, "-0.10"), (2026, "-0.12")],
    ]  # fmt: skip
    last = series[1].points[-1]
    assert (last.certificate_id, last.number, last.expanded_uncertainty, last.coverage_factor) == (
        latest.id, latest.number, "0.010", "2.00",
    )  # fmt: skip
    assert (last.maximum_permissible_error, last.conformity, last.margin) == ("0.2", "pass", "0.03")


@pytest.mark.parametrize(
    ("state", "counts"),
    [("in_force", True), ("issuing", True), ("superseded", False), ("withdrawn", False), ("void", False)],
)
def test_only_certificates_that_hold_count(issue, instrument_id, state, counts):
    issue(date(2026, 6, 1), ("22", "-0.17"), state=state)
    assert bool(drift_of(instrument_id)) is counts


def test_another_unit_or_procedure_is_a_series_of_its_own(issue, instrument_id):
    issue(date(2024, 6, 1), ("22", "-0.15"))
    issue(date(2025, 6, 1), ("22", "-0.16"), unit=KELVIN)
    issue(date(2026, 6, 1), ("22", "-0.17"), procedure="repeated_comparison")
    found = drift_of(instrument_id)
    assert {(each.unit, each.quantity.zh, each.points[0].deviation) for each in found} == {
        (CELSIUS, "修正值", "-0.15"), (KELVIN, "修正值", "-0.16"), (CELSIUS, "示值误差", "-0.17"),
    }  # fmt: skip


def test_points_that_read_differently_are_different_points(issue, instrument_id):
    issue(date(2025, 6, 1), ("22", "-0.15"))
    issue(date(2026, 6, 1), ("22.0", "-0.16"))
    assert sorted(each.point for each in drift_of(instrument_id)) == ["22", "22.0"]


def test_without_an_evaluation_or_a_certificate_there_is_no_drift(bench, issue, instrument_id):
    assert drift_of(instrument_id) == ()
    issue(date(2026, 6, 1))
    assert drift_of(instrument_id) == ()
    assert drift_of(new_id(bench.world.now)) == ()


def test_the_day_is_that_of_the_work_and_of_the_issue_only_where_none_is_known(issue, instrument_id):
    row = issue(date(2026, 6, 1), ("22", "-0.17"))
    Certificate.objects.filter(pk=row.pk).update(issue_date=date(2026, 6, 9))
    assert drift_of(instrument_id)[0].points[0].day == date(2026, 6, 1)
    Calibration.objects.filter(pk=row.calibration_id).update(end_date=None)
    assert drift_of(instrument_id)[0].points[0].day == date(2026, 6, 9)


def test_another_institute_sees_no_drift(bench, issue, instrument_id):
    issue(date(2026, 6, 1), ("22", "-0.17"))
    with everywhere("a second institute for the test"):
        other = create_tenant(slug="other-institute", name=Text("另一机构"), now=bench.world.now)
    with scope(other.id):
        assert drift_of(instrument_id) == ()
