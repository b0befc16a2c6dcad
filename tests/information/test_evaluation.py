"""Evaluations of records: comparisons, weights, verdicts, and that the same readings give the same JSON."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.information.evaluation_tasks import CELSIUS, GRAMS, IN_GRAMS, STANDARD, comparison_task, task_for

from jialiang.base.calibrations.errors import (
    BadEntry,
    PointNotCovered,
    StandardOfAnotherQuantity,
    UnknownProcedure,
)
from jialiang.formats.canonical import canonical_json
from jialiang.information.certificate_results import conclusion_of, result_table, statements_of
from jialiang.information.evaluation import evaluate, require_covered
from jialiang.information.procedures import procedure, procedures
from jialiang.science.errors import TooFewObservations


def test_a_comparison_gives_the_mean_difference_with_the_whole_budget():
    (point,) = evaluate(comparison_task())["points"]
    assert float(point["deviation_exact"]) == pytest.approx(0.018, abs=1e-15)
    # u² = (0.001/√3)² + 0.003² + (0.002/√3)² + (0.0005/√3)²
    expected = (0.001**2 / 3 + 0.003**2 + 0.002**2 / 3 + 0.0005**2 / 3) ** 0.5
    assert float(point["combined_standard_uncertainty"]) == pytest.approx(expected, rel=1e-12)
    assert point["deviation"] == "0.0180"
    assert point["expanded_uncertainty"] == "0.0064"
    assert (point["reference"], point["indication"]) == ("20.0130", "20.0310")
    assert point["conformity"] == "pass"
    assert point["monte_carlo"]["agrees"]


def test_the_same_readings_give_the_same_bytes():
    assert canonical_json(evaluate(comparison_task())) == canonical_json(evaluate(comparison_task()))


def test_a_point_with_an_empty_cell_waits_and_the_others_are_computed():
    columns = {"standard": ["20.013", "20.012", "30.001", ""], "indication": ["20.031", "20.030", "30.02", "30.02"]}
    task = task_for("repeated_comparison", columns, ("20", "30"), parameters={"repeats": "2"})
    assert [point["point"] for point in evaluate(task, validated=False)["points"]] == ["20"]


def test_one_reading_a_point_needs_a_pooled_standard_deviation():
    columns = {"standard": ["20.013"], "indication": ["20.031"]}
    with pytest.raises(TooFewObservations):
        evaluate(task_for("repeated_comparison", columns, ("20",), parameters={"repeats": "1"}))
    pooled = {"repeats": "1", "pooled_standard_deviation": "0.001", "pooled_degrees_of_freedom": "9"}
    (point,) = evaluate(task_for("repeated_comparison", columns, ("20",), parameters=pooled))["points"]
    assert point["contributions"][0]["standard_uncertainty"] == "0.001"
    assert point["contributions"][0]["degrees_of_freedom"] == "9.0"


def test_a_weight_has_the_value_of_the_standard_plus_the_mean_difference():
    parameters = {"repeats": "3", "standard_value": "1000.0012", "buoyancy_half_width": "0.0001"}
    task = task_for(
        "mass_comparison",
        {"difference": ["0.0010", "0.0012", "0.0011"]},
        ("1000",),
        parameters=parameters,
        unit="\\gram",
        maximum_permissible_error="0.005",
        displayed_resolution="0.0001",
        standard=IN_GRAMS,
    )
    evaluation = evaluate(task)
    (point,) = evaluation["points"]
    assert float(point["deviation_exact"]) == pytest.approx(0.0023, abs=1e-15)
    assert point["indication"] == "1000.0023"
    assert "delta_buoyancy" in {c["symbol"] for c in point["contributions"]}
    table = result_table(evaluation, ("standard-1",), ("method",))
    assert [column.ref_type for column in table.columns] == [
        "basic_nominalValue", "basic_measuredValue", "jl_nominalDeviation",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("limit", "rule", "outcome"),
    [
        ("0.050", "guard_band_u", "pass"),
        ("0.020", "guard_band_u", "conditionalPass"),  # 0.0180 ≤ 0.020 < 0.0180 + 0.0064
        ("0.017", "guard_band_u", "conditionalFail"),
        ("0.010", "guard_band_u", "fail"),
        ("0.020", "simple_acceptance", "pass"),
        ("0.0180", "simple_acceptance", "pass"),
        ("0.017", "simple_acceptance", "fail"),
        ("0.050", "none", ""),
        ("", "guard_band_u", ""),
    ],
)
def test_the_agreed_rule_decides(limit, rule, outcome):
    task = comparison_task(maximum_permissible_error=limit, decision_rule=rule)
    evaluation = evaluate(task, validated=False)
    assert evaluation["points"][0]["conformity"] == outcome
    assert bool(conclusion_of(evaluation, "calibration")) == bool(outcome)
    conformities = [s.conformity for s in statements_of(evaluation) if s.conformity]
    assert conformities == ([outcome] if outcome else [])


def test_a_rejected_verification_says_so():
    failed = evaluate(comparison_task(maximum_permissible_error="0.001"), validated=False)
    assert conclusion_of(failed, "legal_verification").zh == "不合格"
    passed = evaluate(comparison_task(), validated=False)
    assert conclusion_of(passed, "legal_verification").zh == "合格"


def test_a_point_outside_the_standards_interval_is_refused():
    with pytest.raises(PointNotCovered) as refused:
        require_covered(comparison_task(standard=replace(STANDARD, maximum="19.9")))
    assert "19.9" in refused.value.what.en


def test_what_is_not_in_the_budget_is_a_warning():
    bare = comparison_task(standard=replace(STANDARD, drift_half_width=""), displayed_resolution="")
    words = [warning["zh"] for warning in evaluate(bare, validated=False)["warnings"]]
    assert len(words) == 2
    assert "漂移" in words[0]


def test_a_standard_in_kilograms_gives_a_weight_in_grams_the_same_budget():
    """1 mg and 0.3 mg, once written in grams and once in kilograms."""
    parameters = {"repeats": "3", "standard_value": "1000.0012"}
    columns = {"difference": ["0.0010", "0.0012", "0.0011"]}
    in_grams = replace(
        STANDARD, expanded_uncertainty="0.0010", drift_half_width="0.0003", minimum="1", maximum="2000", **GRAMS
    )
    in_kilograms = replace(
        in_grams,
        expanded_uncertainty="0.0000010",
        drift_half_width="0.0000003",
        minimum="0.001",
        maximum="2",
        unit="\\kilogram",
        certificate_unit="\\kilogram",
    )
    found = []
    for standard in (in_grams, in_kilograms):
        task = task_for("mass_comparison", columns, ("1000",), parameters=parameters, unit="\\gram", standard=standard)
        require_covered(task)
        found.append(evaluate(task)["points"])
    assert found[0] == found[1]
    # U/k = 0.5 mg, drift 0.3/√3 mg, s/√3 = 0.0577 mg, resolution 1/√12 mg
    expected = (0.0005**2 + 0.0003**2 / 3 + 0.0001**2 / 3 + 0.0005**2 / 3) ** 0.5
    assert float(found[0][0]["combined_standard_uncertainty"]) == pytest.approx(expected, rel=1e-9)


def test_certificate_and_ledger_of_a_standard_may_use_different_units():
    mixed = replace(STANDARD, expanded_uncertainty="6", certificate_unit="\\milli\\kelvin")
    both = [evaluate(comparison_task(standard=standard))["points"] for standard in (STANDARD, mixed)]
    assert both[0] == both[1]


def test_the_interval_of_a_standard_in_kelvin_covers_points_in_degrees_celsius():
    in_kelvin = replace(
        STANDARD, minimum="283.15", maximum="313.15", unit="\\kelvin", certificate_unit="\\kelvin"
    )  # 10 °C to 40 °C
    require_covered(comparison_task(standard=in_kelvin))
    with pytest.raises(PointNotCovered) as refused:
        require_covered(comparison_task(standard=replace(in_kelvin, maximum="293.14")))
    assert refused.value.facts["maximum"] == "19.99"


def test_a_conversion_that_never_ends_is_computed_to_the_last_place_of_a_float():
    """A stopwatch read in minutes against a standard kept in seconds: 0.01 s is 0.000 166 66… min."""
    seconds = replace(STANDARD, expanded_uncertainty="0.01", drift_half_width="0.000001", minimum="1", maximum="100000")
    seconds = replace(seconds, unit="\\second", certificate_unit="\\second")
    task = comparison_task(standard=seconds, unit="\\minute")
    require_covered(task)
    (point,) = evaluate(task, validated=False)["points"]
    widths = {c["symbol"]: float(c["standard_uncertainty"]) for c in point["contributions"]}
    assert widths["delta_standard"] == pytest.approx(0.01 / 60 / 2, rel=1e-15)
    assert widths["delta_drift"] == pytest.approx(1e-6 / 60 / 3**0.5, rel=1e-15)
    with pytest.raises(PointNotCovered) as refused:
        require_covered(replace(task, standard=replace(seconds, maximum="100")))
    assert refused.value.facts["maximum"].startswith("1.6666")


def test_the_highest_coverage_probability_that_can_be_asked_for_can_be_validated():
    task = comparison_task(parameters={"coverage_probability": "0.999"})
    (point,) = evaluate(task)["points"]
    assert float(point["coverage_factor"]) > 3
    assert "agrees" in point["monte_carlo"]


@pytest.mark.parametrize("member", ["unit", "certificate_unit"])
def test_a_standard_of_another_quantity_is_refused_by_name_before_anything_is_computed(member):
    foreign = comparison_task(standard=replace(STANDARD, **{member: "\\kilogram"}))
    for act in (evaluate, require_covered):
        with pytest.raises(StandardOfAnotherQuantity) as refused:
            act(foreign)
        assert "S-1" in refused.value.what.zh
        assert "kg" in refused.value.what.en


def test_the_record_keeps_the_standards_figures_as_its_keeper_wrote_them():
    in_millikelvin = replace(STANDARD, expanded_uncertainty="6", certificate_unit="\\milli\\kelvin")
    kept = evaluate(comparison_task(standard=in_millikelvin), validated=False)["inputs"]["standard"]
    assert (kept["expanded_uncertainty"], kept["certificate_unit"]) == ("6", "\\milli\\kelvin")
    assert kept["unit"] == CELSIUS


def test_every_procedure_lays_out_its_table():
    for key, plan in procedures().items():
        layout = plan.layout(("1", "2"), plan.parameters_with({}), CELSIUS)
        assert [column["key"] for column in layout["columns"]] == [column.key for column in plan.columns], key
        assert layout["rows"] >= 2


@pytest.mark.parametrize(
    "given",
    [
        {"colour": "1"},
        {"rows": "0"},
        {"rows": "2.5"},
        {"bath_uniformity": "-1"},
        {"coverage_probability": "95"},
        {"coverage_probability": "0.9999"},
        {"coverage_probability": "0"},
    ],
)
def test_parameters_that_make_no_sense_are_refused(given):
    with pytest.raises(BadEntry):
        procedure("thermometer_line").parameters_with(given)


def test_an_unknown_procedure_is_named_with_the_known_ones():
    with pytest.raises(UnknownProcedure) as refused:
        procedure("palmistry")
    assert "mass_comparison" in refused.value.rule.en
