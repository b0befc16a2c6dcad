"""Each source of a template, with numbers by hand: units converted, shapes kept, what is missing named or left out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from tests.information.budget_templates.test_shipped_templates import in_use
from tests.information.evaluation_tasks import CELSIUS, IN_GRAMS, STANDARD, comparison_task

from jialiang.information.budget_facts import gathered_key
from jialiang.information.budget_templates.errors import SourceMissing
from jialiang.information.evaluation import evaluate
from jialiang.kernel.errors import InvalidInput
from jialiang.science.units import convert

NOW = datetime(2026, 6, 16, tzinfo=UTC)
ROOT3 = 3**0.5
READINGS = {"name": "x", "readings": ["0"], "from": {"source": "readings", "quantity": "indication - standard"}}


def evaluated(*inputs, expr="x", unit=CELSIUS, settings=None, **task):
    """The point of a comparison evaluated by a template of these inputs."""
    document = {"model": {"expr": {"E": expr}}, "inputs": [READINGS, *inputs], "settings": settings or {}}
    template = in_use("repeated_comparison", unit=unit, document=document)
    asked = comparison_task(**task)
    asked = replace(asked, templates=(template,))
    return evaluate(asked, validated=False)["points"][0]


def row(point, symbol):
    return next(row for row in point["contributions"] if row["symbol"] == symbol)


def u(point, symbol):
    return float(row(point, symbol)["standard_uncertainty"])


def test_readings_are_formed_exactly_and_have_their_own_scatter():
    point = evaluated()
    assert float(point["deviation_exact"]) == 0.018
    assert u(point, "x") == pytest.approx(0.001 / ROOT3, rel=1e-12)
    assert point["origins"]["x"]["count"] == "3"
    assert [item["readings"] for item in point["document"]["inputs"]] == [["0.018", "0.019", "0.017"]]


def test_a_quantity_may_use_the_point_and_parameters():
    item = READINGS | {"from": {"source": "readings", "quantity": "indication - point + 2*bath_uniformity"}}
    certificate = {"name": "d", "from": {"source": "certificate"}}
    document = {"model": {"expr": {"E": "x + d"}}, "inputs": [item, certificate]}
    task = comparison_task(parameters={"bath_uniformity": "0.1"})
    point = evaluate(replace(task, templates=(in_use("repeated_comparison", document=document),)))["points"][0]
    assert float(point["deviation_exact"]) == 0.231


def test_the_certificate_gives_u_over_k():
    point = evaluated({"name": "d", "from": {"source": "certificate"}}, expr="x + d")
    assert u(point, "d") == pytest.approx(0.003, rel=1e-15)
    assert row(point, "d")["source"] == "GJ-1"
    assert point["origins"]["d"]["serial_number"] == "S-1"


def test_another_standard_is_found_by_the_quantity_of_the_input():
    balance = replace(IN_GRAMS, serial_number="B-7", certificate_number="GJ-9", expanded_uncertainty="0.0040")
    item = {"name": "m", "unit": "mg", "from": {"source": "certificate", "standard": "other"}}
    point = evaluated(item, expr="x + 0.001'\\degreecelsius\\per\\milli\\gram'*m", other_standards=(STANDARD, balance))
    assert u(point, "m") == pytest.approx(2.0, rel=1e-12)  # 0.0040 g with k = 2, in milligrams
    assert row(point, "m")["source"] == "GJ-9"
    assert float(row(point, "m")["contribution"]) == pytest.approx(0.002, rel=1e-12)


def test_without_such_a_standard_the_evaluation_says_which_input_misses_it():
    item = {"name": "m", "unit": "mg", "from": {"source": "certificate", "standard": "other"}}
    with pytest.raises(SourceMissing) as refused:
        evaluated(item, expr="x", other_standards=(STANDARD,))
    assert refused.value.facts == {"input": "m", "source": "certificate", "point": "20"}


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({}, 0.002 / ROOT3),
        ({"distribution": "rectangular"}, 0.002 / ROOT3),
        ({"distribution": "triangular"}, 0.002 / 6**0.5),
        ({"distribution": "arcsine"}, 0.002 / 2**0.5),
        ({"distribution": "normal"}, 0.002 / ROOT3),
    ],
)
def test_a_width_takes_the_shape_that_the_template_chose(members, expected):
    point = evaluated({"name": "d", "from": {"source": "drift"}} | members, expr="x + d")
    assert u(point, "d") == pytest.approx(expected, rel=1e-12)


def test_half_a_step_of_the_display():
    point = evaluated({"name": "d", "from": {"source": "resolution"}}, expr="x + d", displayed_resolution="0.003")
    assert u(point, "d") == pytest.approx(0.0015 / ROOT3, rel=1e-12)
    assert point["origins"]["d"]["step"] == "0.003"


SPAN = {"temperature": {"minimum": "22.9", "maximum": "23.3"}, "humidity": {"minimum": "45", "maximum": "45"}}


def test_the_conditions_of_the_record_between_their_ends():
    """α (T − 20 °C) with T between 22.9 and 23.3: 0.001 × 3.1 = 0.0031, u = 0.001 × 0.2/√3."""
    item = {"name": "T", "unit": "\\degreecelsius", "from": {"source": "environment", "quantity": "temperature"}}
    expr = "x + 0.001*(T - 20'\\degreecelsius')"
    point = evaluated(item, expr=expr, environment=SPAN)
    assert float(point["deviation_exact"]) == pytest.approx(0.018 + 0.0031, rel=1e-12)
    assert u(point, "T") == pytest.approx(0.2 / ROOT3, rel=1e-9)
    assert point["origins"]["T"] | {"minimum": "22.9", "maximum": "23.3"} == point["origins"]["T"]


def test_temperature_in_kelvin_where_the_template_counts_in_kelvin():
    item = {"name": "T", "unit": "K", "from": {"source": "environment", "quantity": "temperature"}}
    point = evaluated(item, expr="x*(T/296.25'K')", environment=SPAN)
    assert float(point["deviation_exact"]) == pytest.approx(0.018, rel=1e-9)
    assert float(row(point, "T")["estimate"]) == pytest.approx(296.25, rel=1e-12)


def test_conditions_that_did_not_change_are_exact():
    item = {"name": "h", "unit": "\\percent", "from": {"source": "environment", "quantity": "humidity"}}
    point = evaluated(item, expr="x + 0.0001'\\degreecelsius\\per\\percent'*h", environment=SPAN)
    assert float(point["deviation_exact"]) == pytest.approx(0.018 + 0.0045, rel=1e-12)
    assert [each["symbol"] for each in point["contributions"]] == ["x"]


def test_conditions_that_nobody_noted_are_missing():
    item = {"name": "p", "unit": "kPa", "from": {"source": "environment", "quantity": "pressure"}}
    with pytest.raises(SourceMissing):
        evaluated(item, expr="x", environment=SPAN)
    left = evaluated(
        {"name": "p", "from": item["from"] | {"when_missing": "leave_out"}}, expr="x + p", environment=SPAN
    )
    assert left["left_out"] == ["p"]
    assert float(left["deviation_exact"]) == 0.018


@pytest.mark.parametrize(
    ("kind", "expected"), [("half_width", 0.005 / ROOT3), ("u", 0.005), ("value", None)]
)
def test_a_parameter_is_a_width_an_uncertainty_or_a_value(kind, expected):
    item = {"name": "d", "from": {"source": "parameter", "name": "bath_uniformity", "as": kind}}
    point = evaluated(item, expr="x + d", parameters={"bath_uniformity": "0.005"})
    if expected is None:
        assert float(point["deviation_exact"]) == pytest.approx(0.023, rel=1e-12)
        assert [each["symbol"] for each in point["contributions"]] == ["x"]
    else:
        assert u(point, "d") == pytest.approx(expected, rel=1e-12)


def test_the_point_is_exact_and_checked_for_its_dimension():
    item = {"name": "t", "from": {"source": "point"}}
    point = evaluated(item, expr="x + 0.0001*t")
    assert float(point["deviation_exact"]) == pytest.approx(0.020, rel=1e-12)
    with pytest.raises(InvalidInput):
        evaluated(item, expr="x + t*t")


def test_an_input_without_a_source_is_what_the_template_says():
    item = {"name": "c", "unit": CELSIUS, "distribution": "triangular", "mean": "0.01", "half_width": "0.006"}
    point = evaluated(item, expr="x + c")
    assert float(point["deviation_exact"]) == pytest.approx(0.028, rel=1e-12)
    assert u(point, "c") == pytest.approx(0.006 / 6**0.5, rel=1e-12)
    assert point["origins"]["c"]["kind"] == "constant"


def test_a_gathered_value_of_the_standard_is_taken_with_its_uncertainty():
    item = {"name": "d", "mean": "0", "u": "1", "from": {"source": "standard_value"}}
    template = in_use("repeated_comparison")
    facts = {gathered_key(template, "d", "20"): {"value": "0.0040", "u": "0.0007", "certificates": "A, B, C"}}
    point = evaluated(item, expr="x - d", gathered=facts)
    assert float(point["deviation_exact"]) == pytest.approx(0.014, rel=1e-12)
    assert u(point, "d") == 0.0007
    assert row(point, "d")["source"] == "A, B, C"


def test_a_second_order_and_a_drawn_template_report_by_their_method():
    """E = x² at x = 0.018, u = 0.00058: first order 2 x u; second order adds ½·2·u² to the value."""
    square = "x**2/1'\\degreecelsius'"
    first = evaluated(expr=square)
    second = evaluated(expr=square, settings={"method": "lpu2"})
    scatter = 0.001 / ROOT3
    assert float(first["combined_standard_uncertainty"]) == pytest.approx(2 * 0.018 * scatter, rel=1e-9)
    assert float(second["deviation_exact"]) == pytest.approx(0.018**2 + scatter**2, rel=1e-6)
    drawn = evaluated(expr=square, settings={"method": "mc", "draws": "100000"})
    assert drawn["coverage_from"] == "monte_carlo"
    assert drawn["monte_carlo"] is None
    assert drawn["degrees_of_freedom"] == drawn["degrees_of_freedom_used"] == ""


def test_a_capability_is_never_undercut():
    """U would be 4.30 × 0.00058 = 0.0025; the capability says 0.1."""
    point = evaluated(settings={"smallest_expanded_uncertainty": "0.1"})
    assert (point["expanded_uncertainty"], float(point["expanded_uncertainty_exact"])) == ("0.10", 0.1)


def test_a_chosen_k_is_reported_as_chosen():
    point = evaluated(settings={"coverage_factor": "2"})
    assert (point["coverage_from"], point["coverage_factor"]) == ("fixed", "2.00")
    assert float(point["expanded_uncertainty_exact"]) == pytest.approx(2 * 0.001 / ROOT3, rel=1e-12)


def test_numbers_of_the_trial_never_reach_a_record():
    item = {"name": "d", "mean": "7", "u": "7", "U": "7", "k": "1", "dof": "3", "from": {"source": "certificate"}}
    point = evaluated(item, expr="x + d")
    assert float(point["deviation_exact"]) == 0.018
    assert (u(point, "d"), row(point, "d")["degrees_of_freedom"]) == (pytest.approx(0.003), "inf")


def test_a_standard_in_another_unit_is_converted():
    kelvin = replace(STANDARD, certificate_unit="\\milli\\kelvin", expanded_uncertainty="6")
    point = evaluated({"name": "d", "from": {"source": "certificate"}}, expr="x + d", standard=kelvin)
    assert u(point, "d") == pytest.approx(float(convert(3, source="\\milli\\kelvin", target="\\kelvin")), rel=1e-12)
