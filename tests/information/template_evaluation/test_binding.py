"""A template bound to a point without evaluating it: what stays of it, what comes from where, what is fixed."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from tests.information.budget_templates.test_shipped_templates import in_use, line_task
from tests.information.evaluation_tasks import CELSIUS, STANDARD, comparison_task

from jialiang.information.budget_facts import gathered_key
from jialiang.information.budget_templates.errors import SourceMissing
from jialiang.information.budget_templates.template import read_template
from jialiang.information.evaluation import evaluate
from jialiang.information.template_evaluation.binding import KEPT, bound_document
from jialiang.information.template_evaluation.place import Place
from jialiang.kernel.errors import InvalidInput

CELLS = {"standard": ["20.013", "20.012", "20.014"], "indication": ["20.031", "20.031", "20.031"]}
READINGS = {"name": "x", "readings": ["0"], "from": {"source": "readings", "quantity": "indication - standard"}}
DRIFT = {"name": "d", "from": {"source": "drift"}}
KELVIN = "\\kelvin"


def bind(*inputs, task=None, line=None, validated=False, model=None, point="20", **members):
    """Bind a template of these inputs to a point of a comparison."""
    document = {"model": model or {"expr": {"E": "x"}}, "inputs": [READINGS, *inputs]} | members
    template = in_use("repeated_comparison", document=document)
    place = Place(task or comparison_task(), template, point, {} if line else CELLS, line)
    return bound_document(read_template(document), place, validated=validated)


def entry(found, name):
    return next(item for item in found.document["inputs"] if item["name"] == name)


def test_the_document_names_version_measurand_and_unit_of_the_record():
    found = bind(title={"zh": "误差", "en": "Error"})
    assert found.document["id"] == "UB-2026-0001/1"
    assert found.document["title"] == {"zh": "误差", "en": "Error"}
    assert found.document["model"]["outputs"] == ["E"]
    assert found.document["model"]["unit"] == {"E": CELSIUS}
    assert found.left_out == ()


def test_the_trial_is_replaced_and_what_describes_an_input_stays():
    described = {name: f"kept {name}" for name in KEPT - {"name", "unit"}}
    trial = {"mean": "7", "u": "7", "dof": "7", "half_width": "7", "low": "7", "high": "7", "source": "trial"}
    found = entry(bind(DRIFT | trial | described | {"unit": CELSIUS}), "d")
    assert {name: found[name] for name in described} == described
    assert found["half_width"] == "0.002"
    assert "7" not in found.values()
    assert found["source"] == "S-1"
    assert set(found) == set(described) | {"name", "unit", "source", "distribution", "mean", "half_width"}


def test_an_input_without_source_stays_whole_and_gets_the_unit_of_the_record():
    item = {"name": "c", "mean": "0.01", "u": "0.002", "dof": "9", "colour": "red"}
    assert entry(bind(item), "c") == item | {"unit": CELSIUS}
    assert bind(item).origins["c"] == {"kind": "constant", "common": "false"}


@pytest.mark.parametrize("missing", ["drift", "resolution"])
def test_what_may_be_left_out_is_zero_in_the_model_and_named(missing):
    bare = comparison_task(displayed_resolution="", standard=replace(STANDARD, drift_half_width=""))
    item = {"name": "d", "from": {"source": missing, "when_missing": "leave_out"}}
    found = bind(item, task=bare, model={"expr": {"E": "x + d"}})
    assert found.left_out == ("d",)
    assert found.document["model"]["expr"]["d"] == "0"
    assert [each["name"] for each in found.document["inputs"]] == ["x"]
    assert "d" not in found.origins
    with pytest.raises(SourceMissing) as refused:
        bind(item | {"from": {"source": missing}}, task=bare)
    assert refused.value.facts == {"input": "d", "source": missing, "point": "20"}


@pytest.mark.parametrize(
    ("stated", "common"),
    [({}, "true"), ({"common_to_points": False}, "false"), ({"common_to_points": True}, "true")],
)
def test_the_budget_may_say_otherwise_what_is_common_to_points(stated, common):
    assert bind(DRIFT | stated).origins["d"]["common"] == common


@pytest.mark.parametrize(
    ("source", "common"),
    [
        ({"source": "certificate"}, "true"),
        ({"source": "drift"}, "true"),
        ({"source": "resolution"}, "false"),
        ({"source": "point"}, "false"),
        ({"source": "readings", "quantity": "indication"}, "false"),
    ],
)
def test_only_what_belongs_to_the_standard_is_common_of_itself(source, common):
    assert bind({"name": "d", "from": source}).origins["d"]["common"] == common


EXPRESSIONS = [
    ({"expr": "E = x + 1'K'"}, "E", {"E": " x + 1'K'"}),
    ({"expr": "2*x"}, "y", {"y": "2*x"}),
    ({"expr": {"E": "a", "a": "2*x"}}, "E", {"E": "a", "a": "2*x"}),
    ({"expr": {"a": "2*x", "E": "a"}, "outputs": ["a", "E"]}, "a", {"a": "2*x", "E": "a"}),
]


@pytest.mark.parametrize(("model", "measurand", "expressions"), EXPRESSIONS)
def test_expressions_stand_by_their_names_and_only_the_measurand_is_an_output(model, measurand, expressions):
    found = bind(model=model).document["model"]
    assert {name: text.strip() for name, text in found["expr"].items()} == {
        name: text.strip() for name, text in expressions.items()
    }
    assert found["outputs"] == [measurand]


def test_units_of_other_outputs_stay_and_an_empty_one_is_dropped():
    model = {"expr": {"E": "x", "a": "x", "b": "x"}, "unit": {"E": "K", "a": "mK", "b": ""}}
    assert bind(model=model).document["model"]["unit"] == {"E": CELSIUS, "a": "mK"}


def test_the_seed_is_of_the_readings_and_p_of_the_record():
    task = comparison_task()
    settings = bind(task=task, validated=True).document["settings"]
    assert settings == {
        "method": "lpu", "draws": "200000", "digits": "1", "interval_kind": "symmetric", "probability": "0.95",
        "seed": str(int(task.readings_digest[:8], 16)), "validate": True,
    }  # fmt: skip
    assert bind(task=task).document["settings"]["validate"] is False


def test_settings_of_the_template_hold_but_not_for_p_seed_and_validation():
    wished = {"method": "mc", "draws": "9000", "probability": "0.5", "seed": "1", "validate": True, "digits": "2"}
    task = comparison_task(parameters={"coverage_probability": "0.99"})
    settings = bind(task=task, settings=wished).document["settings"]
    assert (settings["method"], settings["draws"], settings["digits"]) == ("mc", "9000", "2")
    assert (settings["probability"], settings["validate"]) == ("0.99", False)
    assert settings["seed"] == str(int(task.readings_digest[:8], 16)) != "1"


def test_p_of_the_template_holds_where_the_record_states_none():
    task = replace(comparison_task(), parameters={})
    assert bind(task=task, settings={"probability": "0.9"}).document["settings"]["probability"] == "0.9"
    assert bind(task=task).document["settings"]["probability"] == "0.95"


def test_the_coefficient_of_the_line_takes_the_place_of_the_trials_and_others_stay():
    task = line_task()
    fitted = evaluate(replace(task, templates=(in_use("thermometer_line"),)), validated=False)["points"][0]
    names = {item["name"] for item in fitted["document"]["inputs"]}
    assert {"y1", "y2"} <= names
    ((first, second, r),) = fitted["document"]["correlation"]
    assert {first, second} == {"y1", "y2"}
    assert float(r) == pytest.approx(-0.930, abs=5e-4)  # GUM H.3.5


def test_of_the_line_the_slope_has_the_unit_of_a_ratio():
    point = evaluate(replace(line_task(), templates=(in_use("thermometer_line"),)), validated=False)["points"][0]
    units = {item["name"]: item["unit"] for item in point["document"]["inputs"]}
    assert units["y1"] == CELSIUS
    assert units["y2"] in ("1", f"{CELSIUS}\\per{CELSIUS}")


def test_pairs_beside_the_line_stay_as_the_template_says():
    pairs = [["x", "d", "0.3"]]
    assert bind(DRIFT, correlation=pairs).document["correlation"] == pairs
    assert "correlation" not in bind(DRIFT).document


@pytest.mark.parametrize(
    ("unit", "term"),
    [(CELSIUS, "(20'\\degreecelsius')"), ("", "(20'\\degreecelsius')"), ("°C", "(20'\\degreecelsius')")],
)
def test_the_point_is_an_exact_term_in_the_model(unit, term):
    found = bind({"name": "t", "unit": unit, "from": {"source": "point"}})
    assert found.document["model"]["expr"]["t"] == term
    assert found.origins["t"] == {"kind": "point", "common": "false", "point": "20"}


@pytest.mark.parametrize(
    ("unit", "number"), [("K", "293.15"), (KELVIN, "293.15"), ("mK", "293150"), (CELSIUS, "20")]
)
def test_the_point_is_converted_to_the_unit_that_the_input_counts_in(unit, number):
    found = bind({"name": "t", "unit": unit, "from": {"source": "point"}})
    term = found.document["model"]["expr"]["t"]
    assert term.startswith(f"({number}'")


def test_a_point_in_kelvin_gives_the_figures_of_the_same_point_in_degrees():
    """E = x + 1e-6 t: with t = 293.15 K, 0.018 + 0.00029315."""
    item = {"name": "t", "unit": "K", "from": {"source": "point"}}
    document = {"model": {"expr": {"E": "x + 1e-6*t"}}, "inputs": [READINGS, item]}
    task = replace(comparison_task(), templates=(in_use("repeated_comparison", document=document),))
    point = evaluate(task, validated=False)["points"][0]
    assert float(point["deviation_exact"]) == pytest.approx(0.018 + 0.00029315, rel=1e-12)


def test_a_point_in_the_unit_of_another_quantity_is_refused():
    with pytest.raises(InvalidInput):
        bind({"name": "t", "unit": "kg", "from": {"source": "point"}})


def test_a_gathered_scatter_goes_before_that_of_the_readings_and_says_from_how_many_records():
    source = READINGS["from"] | {"scatter": "history", "of": "instrument"}
    item = {"name": "h", "readings": ["0"], "from": source}
    key = gathered_key(in_use("repeated_comparison"), "h", "20")
    task = comparison_task(gathered={key: {"s": "0.004", "dof": "11.0", "records": "5"}})
    found = bind(item, task=task)
    assert entry(found, "h")["pooled"] == {"s": "0.004", "dof": "11.0"}
    assert found.origins["h"] | {"records": "5", "scatter": "history", "count": "3"} == found.origins["h"]
    without = bind(item)
    assert "pooled" not in entry(without, "h")
    assert without.origins["h"]["scatter"] == "readings"


@pytest.mark.parametrize(
    ("parameters", "pooled"),
    [
        ({"pooled_standard_deviation": "0.004", "pooled_degrees_of_freedom": "8"}, {"s": "0.004", "dof": "8"}),
        ({"pooled_standard_deviation": "0.004"}, None),
        ({"pooled_degrees_of_freedom": "8"}, None),
        ({}, None),
    ],
)
def test_the_typed_scatter_counts_with_both_its_halves_only(parameters, pooled):
    item = {"name": "p", "readings": ["0"], "from": READINGS["from"] | {"scatter": "record"}}
    task = replace(comparison_task(), parameters=parameters)
    assert entry(bind(item, task=task), "p").get("pooled") == pooled


def test_a_bound_document_is_json_without_floats():
    found = bind(DRIFT, {"name": "r", "from": {"source": "resolution"}}, validated=True)

    def refuse(text: str) -> None:
        raise AssertionError(text)

    assert json.loads(json.dumps(found.document), parse_float=refuse) == found.document


def test_binding_changes_neither_template_nor_its_document():
    document = {"model": {"expr": {"E": "x + d"}}, "inputs": [READINGS, DRIFT], "settings": {"draws": "5000"}}
    before = json.dumps(document, sort_keys=True)
    place = Place(comparison_task(), in_use("repeated_comparison", document=document), "20", CELLS)
    first = bound_document(read_template(document), place, validated=True)
    second = bound_document(read_template(document), place, validated=True)
    assert json.dumps(document, sort_keys=True) == before
    assert first == second
