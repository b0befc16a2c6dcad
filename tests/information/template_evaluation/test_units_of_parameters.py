"""A parameter of the record in the unit of an input: points move with the zero, widths do not, counts have no unit."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.functions.record_world import H3
from tests.information.budget_templates.test_shipped_templates import in_use
from tests.information.evaluation_tasks import CELSIUS, IN_GRAMS, comparison_task, task_for

from jialiang.information.budget_templates.template import read_template
from jialiang.information.evaluation import evaluate
from jialiang.information.procedures import procedures
from jialiang.information.template_evaluation import sources
from jialiang.information.template_evaluation.place import Place
from jialiang.kernel.errors import InvalidInput

KELVIN, MILLIKELVIN = "\\kelvin", "\\milli\\kelvin"
GRAM, MILLIGRAM, KILOGRAM = "\\gram", "\\milli\\gram", "\\kilo\\gram"


def taken(task, name: str, way: str, unit: str = "") -> dict[str, str]:
    """What an input with this unit takes from a parameter of a task."""
    source = {"source": "parameter", "name": name, "as": way}
    document = {
        "model": {"expr": {"y": "d"}},
        "inputs": [{"name": "d", "mean": "0", "u": "1", "from": source} | ({"unit": unit} if unit else {})],
    }
    (item,) = read_template(document).inputs
    place = Place(task, in_use(task.procedure, document=document), task.points[0])
    bound = sources.bound(place, item, unit or task.unit)
    assert bound is not None
    assert bound.origin == {"parameter": name}
    return dict(bound.members)


def line_record(**parameters: str):
    columns = {"indication": [i for i, _ in H3], "correction": [c for _, c in H3]}
    return task_for("thermometer_line", columns, ("24",), parameters={"rows": "11"} | parameters)


def weighed(unit: str = GRAM, **parameters: str):
    columns = {"difference": ["0.0012", "0.0010", "0.0011"]}
    task = task_for("mass_comparison", columns, ("20",), parameters={"repeats": "3"} | parameters)
    standard = replace(IN_GRAMS, unit=unit, certificate_unit=unit)
    return replace(task, unit=unit, standard=standard)


POINTS = [
    ("20", KELVIN, "293.15"),
    ("-273.15", KELVIN, "0"),
    ("0", KELVIN, "273.15"),
    ("0.01", KELVIN, "273.16"),
    ("20", MILLIKELVIN, "293150"),
    ("20.50", CELSIUS, "20.50"),
]


@pytest.mark.parametrize(("text", "unit", "expected"), POINTS)
def test_the_reference_point_of_a_line_is_a_temperature(text, unit, expected):
    assert taken(line_record(reference_point=text), "reference_point", "value", unit) == {"value": expected}


WIDTHS = [
    ("0.005", KELVIN, "0.005"),
    ("0.005", MILLIKELVIN, "5"),
    ("0.0050", CELSIUS, "0.0050"),
    ("1.5", MILLIKELVIN, "1500"),
]


@pytest.mark.parametrize(("text", "unit", "expected"), WIDTHS)
@pytest.mark.parametrize("way", ["value", "half_width", "u"])
def test_the_uniformity_of_a_bath_is_a_difference_of_temperatures(text, unit, expected, way):
    found = taken(line_record(bath_uniformity=text), "bath_uniformity", way, unit)
    member = "value" if way == "value" else way
    assert Decimal(found[member]) == Decimal(expected)
    assert unit != CELSIUS or found[member] == text
    if way == "half_width":
        assert (found["distribution"], found["mean"]) == ("rectangular", "0")
    if way == "u":
        assert found["mean"] == "0"


MASSES = [
    ("20.000017", GRAM, MILLIGRAM, "20000.017"),
    ("20.000017", GRAM, KILOGRAM, "0.020000017"),
    ("20000.017", MILLIGRAM, GRAM, "20.000017"),
    ("20.000017", GRAM, GRAM, "20.000017"),
]


@pytest.mark.parametrize(("text", "unit", "wanted", "expected"), MASSES)
def test_the_conventional_mass_of_a_standard_weight_is_converted(text, unit, wanted, expected):
    found = taken(weighed(unit, standard_value=text), "standard_value", "value", wanted)
    assert Decimal(found["value"]) == Decimal(expected)


def test_where_no_mass_is_stated_it_is_the_nominal_one_converted_too():
    assert Decimal(taken(weighed(), "standard_value", "value", MILLIGRAM)["value"]) == 20000


@pytest.mark.parametrize(
    ("name", "text"),
    [("repeats", "3"), ("pooled_degrees_of_freedom", "12"), ("coverage_probability", "0.95")],
)
@pytest.mark.parametrize("unit", ["1", MILLIGRAM])
def test_counts_and_probabilities_stay_what_they_are(name, text, unit):
    task = weighed(pooled_standard_deviation="0.1", pooled_degrees_of_freedom="12")
    assert taken(task, name, "value", unit) == {"value": text}


def test_a_pooled_deviation_is_a_width():
    task = weighed(pooled_standard_deviation="0.00002", pooled_degrees_of_freedom="12")
    assert Decimal(taken(task, "pooled_standard_deviation", "value", MILLIGRAM)["value"]) == Decimal("0.02")
    warm = comparison_task(
        parameters={"pooled_standard_deviation": "0.004", "pooled_degrees_of_freedom": "12"}
    )
    assert Decimal(taken(warm, "pooled_standard_deviation", "value", MILLIKELVIN)["value"]) == 4


@pytest.mark.parametrize("way", ["value", "half_width", "u"])
def test_a_unit_of_another_quantity_is_refused_in_words(way):
    with pytest.raises(InvalidInput) as refused:
        taken(line_record(bath_uniformity="0.005"), "bath_uniformity", way, "\\metre")
    assert refused.value.what.zh
    assert refused.value.way_out.en


def test_every_parameter_of_every_procedure_is_a_point_a_number_or_a_width():
    known = {parameter.key for plan in procedures().values() for parameter in plan.parameters}
    assert set(sources._AT_POINTS) | set(sources._PURE_NUMBERS) <= known
    widths = known - set(sources._AT_POINTS) - set(sources._PURE_NUMBERS)
    assert widths == {"bath_uniformity", "buoyancy_half_width", "pooled_standard_deviation"}


@given(st.decimals(-250, 2000, places=4, allow_nan=False))
def test_a_point_and_a_width_there_and_back_keep_every_digit(number):
    text = format(number, "f")
    there = sources._value_in(KELVIN, "reference_point", text, CELSIUS)
    assert Decimal(there) == number + Decimal("273.15")
    assert Decimal(sources._value_in(CELSIUS, "reference_point", there, KELVIN)) == number
    width = sources._value_in(MILLIKELVIN, "bath_uniformity", text, CELSIUS)
    assert Decimal(width) == number * 1000


def measured(unit: str, expr: str, way: str = "value", **parameters: str):
    """A comparison at 20 °C with one more input in its own unit, evaluated."""
    item = {"name": "d", "unit": unit, "from": {"source": "parameter", "name": "bath_uniformity", "as": way}}
    readings = {
        "name": "x",
        "readings": ["0"],
        "from": {"source": "readings", "quantity": "indication - standard"},
    }
    document = {"model": {"expr": {"E": expr}}, "inputs": [readings, item]}
    task = comparison_task(parameters={"bath_uniformity": "0.005"} | parameters)
    return evaluate(replace(task, templates=(in_use("repeated_comparison", document=document),)))["points"][0]


@pytest.mark.parametrize(
    ("unit", "expr"),
    [
        (CELSIUS, "x + d"),
        (KELVIN, "x + d*1'\\degreecelsius\\per\\kelvin'"),
        ("mK", "x + 0.001'\\degreecelsius\\per\\milli\\kelvin'*d"),
    ],
)
def test_the_evaluation_is_the_same_in_whatever_unit_the_input_is(unit, expr):
    """0.018 + 0.005 °C."""
    point = measured(unit, expr)
    assert float(point["deviation_exact"]) == pytest.approx(0.023, rel=1e-12)
    assert [row["symbol"] for row in point["contributions"]] == ["x"]


def test_a_line_about_a_point_in_kelvin_gives_the_correction_of_the_line_in_celsius():
    """GUM H.3: b(24 °C) = y1 + y2 (24 − 20); with t and t0 in kelvin the difference is the same."""

    def correction(unit: str) -> float:
        document = {
            "measurand": "b",
            "model": {"expr": {"b": f"y1 + y2*(t - t0)*1'\\degreecelsius\\per{unit}'"}},
            "inputs": [
                {"name": "t", "unit": unit, "value": "0", "from": {"source": "point"}},
                {"name": "t0", "unit": unit, "value": "0",
                 "from": {"source": "parameter", "name": "reference_point", "as": "value"}},
                {"name": "y1", "mean": "0", "u": "1", "from": {"source": "line", "part": "intercept"}},
                {"name": "y2", "mean": "0", "u": "1", "from": {"source": "line", "part": "slope"}},
            ],
        }  # fmt: skip
        task = line_record(reference_point="20")
        found = evaluate(replace(task, templates=(in_use("thermometer_line", document=document),)))["points"][
            0
        ]
        return float(found["deviation_exact"])

    assert correction(CELSIUS) == pytest.approx(-0.1712 + 0.00218 * 4, abs=2e-4)
    assert correction(KELVIN) == pytest.approx(correction(CELSIUS), rel=1e-12)
