"""The shipped templates say what the procedures do: stored in a budget, they give the digits of the procedure."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from tests.functions.record_world import H3
from tests.information.evaluation_tasks import CELSIUS, IN_GRAMS, comparison_task, task_for

from jialiang.information.budget_templates.in_use import TemplateInUse
from jialiang.information.budget_templates.shipped_templates import shipped_template
from jialiang.information.budget_templates.template import read_template, require_fits
from jialiang.information.evaluation import evaluate
from jialiang.information.procedures import procedure, procedures
from jialiang.information.science_questions import evaluate_budget

GRAM = "\\gram"
OF_THE_BUDGET = {"template", "document", "origins", "left_out"}
DRAWN = {"simulated_low", "simulated_high", "d_low", "d_high"}


def in_use(key, unit=CELSIUS, **more):
    given = {"version_id": "00000000-0000-0000-0000-000000000001", "code": "UB-2026-0001", "number": 1}
    scope = {"digest": "d", "unit": unit, "minimum": "", "maximum": "", "document": shipped_template(key)}
    return TemplateInUse(**(given | scope | more))


def line_task(**more):
    columns = {"indication": [i for i, _ in H3], "correction": [c for _, c in H3]}
    parameters = {"rows": "11", "bath_uniformity": "0.005"}
    return task_for("thermometer_line", columns, ("22", "24", "26"), **({"parameters": parameters} | more))


def mass_task(**more):
    columns = {"difference": ["0.00123", "0.00119", "0.00121", "0.00120", "0.00124", "0.00118"]}
    parameters = {"repeats": "6", "standard_value": "20.000017", "buoyancy_half_width": "0.00012"}
    given = {"unit": GRAM, "standard": IN_GRAMS, "displayed_resolution": "0.00001", "parameters": parameters}
    return task_for("mass_comparison", columns, ("20",), **(given | more))


TASKS = {
    "thermometer of GUM H.3": (line_task, "thermometer_line", CELSIUS),
    "a comparison": (comparison_task, "repeated_comparison", CELSIUS),
    "weights": (mass_task, "mass_comparison", GRAM),
}


def both(make, key, unit, **more):
    task = make(**more)
    return evaluate(task), evaluate(replace(task, templates=(in_use(key, unit),)))


def require_same_digits(ours, theirs):
    assert [point["point"] for point in ours["points"]] == [point["point"] for point in theirs["points"]]
    assert ours["points"]
    for one, other in zip(ours["points"], theirs["points"], strict=True):
        plain = set(one) - {"monte_carlo", "budget", "contributions"}
        assert {key: one[key] for key in plain} == {key: other[key] for key in plain}
        assert set(other) - set(one) == OF_THE_BUDGET
        figures = ("symbol", "unit", "evaluation", "distribution", "standard_uncertainty", "degrees_of_freedom",
                   "sensitivity", "contribution", "share", "source")  # fmt: skip
        assert [[row[f] for f in figures] for row in one["contributions"]] == [
            [row[f] for f in figures] for row in other["contributions"]
        ]
        assert one["budget"]["correlations"] == other["budget"]["correlations"]
        drawn, anew = one["monte_carlo"], other["monte_carlo"]
        assert {k: drawn[k] for k in set(drawn) - DRAWN} == {k: anew[k] for k in set(anew) - DRAWN}
        for end in DRAWN:  # the sum of the model is added up in another order than the linear one
            assert float(drawn[end]) == pytest.approx(float(anew[end]), rel=1e-9, abs=1e-15)


@pytest.mark.parametrize("name", TASKS)
def test_a_shipped_template_gives_the_digits_of_its_procedure(name):
    ours, theirs = both(*TASKS[name])
    require_same_digits(ours, theirs)


@pytest.mark.parametrize("name", TASKS)
def test_what_the_record_does_not_have_is_left_out_alike(name):
    make, key, unit = TASKS[name]
    bare = make()
    parameters = {k: v for k, v in bare.parameters.items() if k not in ("bath_uniformity", "buoyancy_half_width")}
    parameters |= dict.fromkeys(set(bare.parameters) - set(parameters), "")
    bare = replace(
        bare, displayed_resolution="", standard=replace(bare.standard, drift_half_width=""), parameters=parameters
    )
    ours, theirs = evaluate(bare), evaluate(replace(bare, templates=(in_use(key, unit),)))
    for point, other in zip(ours["points"], theirs["points"], strict=True):
        assert point["expanded_uncertainty_exact"] == other["expanded_uncertainty_exact"]
        assert len(other["left_out"]) == 3
        assert len(point["contributions"]) == len(other["contributions"])
    assert len(theirs["warnings"]) == len(theirs["points"])


def test_a_pooled_deviation_of_the_record_goes_before_the_scatter_of_three_readings():
    parameters = {"pooled_standard_deviation": "0.0020", "pooled_degrees_of_freedom": "24"}
    ours, theirs = both(comparison_task, "repeated_comparison", CELSIUS, parameters=parameters)
    require_same_digits(ours, theirs)
    origin = theirs["points"][0]["origins"]["x_mean"]
    assert (origin["scatter"], origin["s"], origin["dof"]) == ("record", "0.0020", "24")


def test_every_procedure_has_a_template_that_fits_it_and_can_be_tried_out():
    for key, plan in procedures().items():
        document = shipped_template(key)
        require_fits(read_template(document), plan)
        (output,) = evaluate_budget(document).outputs.values()
        assert output.expanded_uncertainty > 0


def test_the_trial_numbers_of_the_comparison_are_the_arithmetic_by_hand():
    """Mean 0.018, s/√3 = 0.000577; U/k = 0.003; ±0.002/√3, ±0.0005/√3, ±0.005/√3."""
    (output,) = evaluate_budget(shipped_template("repeated_comparison")).outputs.values()
    squares = Fraction(1, 3) * Fraction("0.001") ** 2 + Fraction("0.003") ** 2
    squares += sum(Fraction(w) ** 2 for w in ("0.002", "0.0005", "0.005")) / 3
    assert output.value == pytest.approx(0.018, rel=1e-12)
    assert output.standard_uncertainty == pytest.approx(float(squares) ** 0.5, rel=1e-12)


def test_a_copy_of_a_shipped_template_may_be_changed_without_touching_the_next():
    first = shipped_template("mass_comparison")
    first["inputs"].clear()
    assert shipped_template("mass_comparison")["inputs"]


def test_the_bound_document_is_the_evaluation(tmp_path):
    """What is stored with a point evaluates by itself to the point's digits."""
    task = replace(line_task(), templates=(in_use("thermometer_line"),))
    for point in evaluate(task)["points"]:
        (output,) = evaluate_budget(point["document"]).outputs.values()
        assert repr(output.value) == point["deviation_exact"]
        assert repr(output.standard_uncertainty) == point["combined_standard_uncertainty"]
        assert repr(output.expanded_uncertainty) == point["expanded_uncertainty_exact"]


def test_a_procedure_without_a_budget_is_evaluated_as_before():
    task = comparison_task()
    assert evaluate(task) == evaluate(replace(task, templates=()))
    assert not OF_THE_BUDGET & set(evaluate(task)["points"][0])
    assert procedure("repeated_comparison").key
