"""The control chart of a standard, on the kilogram history of NIST (CROARKIN.DAT, e-Handbook chapter 2)."""

import json
from dataclasses import replace

import pytest
from tests.ledger import REFERENCE_THERMOMETER

from jialiang.base.measurement_standards.errors import StandardUnknown, TooFewObservations
from jialiang.base.measurement_standards.facts import CheckFacts
from jialiang.functions.measurement_standards import record_checks
from jialiang.information.control_charts import control_chart
from jialiang.kernel.ids import new_id
from jialiang.kernel.text import Text


@pytest.fixture
def nist(oracles):
    vector = json.loads((oracles / "metrology" / "check-standard-kilogram-croarkin.json").read_text(encoding="utf-8"))
    lines = (oracles / "metrology" / "nist_dataplot" / "CROARKIN.DAT").read_text(encoding="ascii").splitlines()
    rows = [line.split() for line in lines[vector["skip_lines"] :] if line.strip()]
    return vector["expected"], rows


def kilogram(world):
    return world.standard(
        name=Text("千克核查标准", "Kilogram check standard"), model="kg", serial_number="41",
        quantity=Text("质量", "mass"), unit="\\milli\\gram", measuring_interval=Text("1 kg", "1 kg"),
        measuring_interval_minimum="", measuring_interval_maximum="", drift_half_width="",
    )  # fmt: skip


def observe(world, row, checks):
    record_checks(actor=world.person("standards_keeper"), standard_id=row.id, observations=checks, now=world.now)


def test_the_nist_history_gives_the_published_figures_from_its_texts(world, nist):
    expected, rows = nist
    row = kilogram(world)
    observe(world, row, [
        CheckFacts(observed_on=year, measured_value=mass, standard_deviation=s, unit="\\milli\\gram")
        for mass, year, s, *_ in rows
    ])  # fmt: skip
    before_85 = expected["baseline_before_85"]
    found = control_chart(row.id, baseline_count=before_85["n"])
    chart = found.chart
    assert len(found.texts) == expected["n"]
    assert (found.labels[0], found.texts[0]) == (rows[0][1], rows[0][0])
    assert chart.baseline.centre == pytest.approx(before_85["center"], rel=1e-12)
    assert chart.baseline.standard_deviation == pytest.approx(before_85["sd"], rel=1e-9)
    assert chart.action_limits == pytest.approx((before_85["LCL3"], before_85["UCL3"]), rel=1e-9)
    assert chart.drift.slope == pytest.approx(expected["drift_all"]["slope"], rel=1e-9)
    assert not found.latest_is_outside


def test_observations_in_another_unit_are_charted_in_the_standard_s(world):
    row = kilogram(world)
    checks = [CheckFacts(observed_on=f"20{n}", measured_value=f"-19.{n}", unit="\\milli\\gram") for n in range(10, 19)]
    observe(world, row, [*checks, CheckFacts(observed_on="2020", measured_value="-0.0195", unit="\\gram")])
    assert control_chart(row.id).chart.observations[-1] == pytest.approx(-19.5)


def test_the_latest_observation_far_out_is_called_out(world):
    row = world.standard()
    steady = CheckFacts(observed_on="2026", measured_value="25.0", unit=REFERENCE_THERMOMETER.unit)
    checks = [replace(steady, observed_on=str(2000 + n), measured_value=f"25.0{n % 3}") for n in range(12)]
    observe(world, row, [*checks, replace(steady, measured_value="25.90")])
    found = control_chart(row.id, baseline_count=12)
    assert found.latest_is_outside
    assert found.chart.outside == (12,)


def test_too_few_observations_make_no_chart(world):
    row = world.standard()
    steady = CheckFacts(observed_on="2026-01-01", measured_value="25.0", unit=REFERENCE_THERMOMETER.unit)
    observe(world, row, [steady] * 9)
    with pytest.raises(TooFewObservations) as refused:
        control_chart(row.id)
    assert (refused.value.facts["given"], refused.value.facts["needed"]) == (9, 10)
    with pytest.raises(StandardUnknown):
        control_chart(new_id(world.now))
