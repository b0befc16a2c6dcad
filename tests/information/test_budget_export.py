"""A stored point as a budget document: evaluated anew by the document reader it has the same digits."""

import json

import pytest
from tests.functions import record_world
from tests.functions.record_world import build_world

from jialiang.assembly.cli import main
from jialiang.information.budget_export import budget_document
from jialiang.information.evaluation import evaluate
from jialiang.information.evaluation_task import task_of
from jialiang.kernel.text import Text
from jialiang.science.budget import Budget, InputQuantity, budget_to_plain
from jialiang.science.distributions import Arcsine, Normal, Rectangular, StudentT, Trapezoidal, Triangular
from jialiang.science.errors import UnknownDistribution
from jialiang.science.evaluation import EvaluationSettings
from jialiang.science.evaluation import evaluate as evaluate_budget


def by_command(document, tmp_path, capsys):
    file = tmp_path / "budget.json"
    file.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    assert main(["uncertainty", "evaluate", str(file), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def same(point, result):
    (found,) = result["outputs"].values()
    assert repr(found["value"]) == point["deviation_exact"]
    assert repr(found["u"]) == point["combined_standard_uncertainty"]
    assert repr(found["U"]) == point["expanded_uncertainty_exact"]
    assert found["reported"]["value"] == point["deviation"]
    assert found["reported"]["U"] == point["expanded_uncertainty"]
    assert found["reported"]["k"] == point["coverage_factor"]
    nu = "inf" if found["nu_eff"] == "inf" else repr(found["nu_eff"])
    assert nu == point["degrees_of_freedom"]
    (rows,) = result["contributions"].values()
    told = {row["symbol"]: row["contribution"] for row in point["contributions"]}
    assert {row["name"]: repr(row["contribution"]) for row in rows} == told
    drawn = point["monte_carlo"]
    (simulated,) = result["simulation"]["outputs"].values()
    assert [repr(end) for end in simulated["interval"]] == [drawn["simulated_low"], drawn["simulated_high"]]
    (verdict,) = result["validation"].values()
    assert verdict["validated"] is drawn["agrees"]
    assert (repr(verdict["d_low"]), repr(verdict["d_high"])) == (drawn["d_low"], drawn["d_high"])


def test_every_point_of_a_record_has_its_digits_again(in_tenant, now, tmp_path, capsys):
    world = build_world(in_tenant, now)
    record_id = record_world.start_record(world, record_world.open_item(world))
    record_world.fill_record(world, record_id)
    evaluation = evaluate(task_of(record_id))
    assert len(evaluation["points"]) >= 2
    for point in evaluation["points"]:
        same(point, by_command(budget_document(point, number="R-1"), tmp_path, capsys))


SHAPES = [
    Normal(0.3), StudentT(0.2, 5.0), StudentT(0.2, 5.0, "standard_deviation"), Rectangular(0.5), Triangular(0.4),
    Arcsine(0.25),
]  # fmt: skip


def point_of(*shapes, coverage_from="t"):
    inputs = tuple(
        InputQuantity(f"x{k}", Text(f"量{k}", f"x{k}"), "", 0.1 * k, shape, sensitivity=1.1 - k / 3)
        for k, shape in enumerate(shapes)
    )
    budget = Budget("b", Text("修正值", "correction"), "", inputs, estimate=0.123456789)
    rules = EvaluationSettings(seed=5, draws=20_000, convention=coverage_from, fixed_factor=2.0)
    found = evaluate_budget(budget, settings=rules)
    return found, {
        "point": "20",
        "budget": budget_to_plain(budget),
        "coverage_probability": "0.95",
        "coverage_from": coverage_from,
        "combined_standard_uncertainty": repr(found.propagation.combined_standard_uncertainty),
        "expanded_uncertainty_exact": repr(found.expanded_uncertainty),
        "monte_carlo": {"draws": 20_000, "seed": 5, "interval_kind": "symmetric"} if coverage_from == "t" else None,
    }


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.kind)
def test_each_distribution_is_said_again_digit_for_digit(shape, tmp_path, capsys):
    found, point = point_of(Normal(0.1), shape)
    result = by_command(budget_document(point, number="R"), tmp_path, capsys)
    (output,) = result["outputs"].values()
    assert output["u"] == found.propagation.combined_standard_uncertainty
    assert output["U"] == found.expanded_uncertainty
    (simulated,) = result["simulation"]["outputs"].values()
    assert tuple(simulated["interval"]) == found.simulation.symmetric_interval


def test_a_chosen_factor_goes_along(tmp_path, capsys):
    found, point = point_of(Normal(0.1), Rectangular(0.2), coverage_from="fixed")
    result = by_command(budget_document(point, number="R"), tmp_path, capsys)
    (output,) = result["outputs"].values()
    assert output["coverage_from"] == "fixed"
    assert output["U"] == pytest.approx(found.expanded_uncertainty, rel=1e-15)
    assert result["validation"] is None


def test_a_distribution_that_documents_cannot_say_is_refused():
    _, point = point_of(Trapezoidal(0.4, 0.5))
    with pytest.raises(UnknownDistribution):
        budget_document(point, number="R")


def test_the_output_never_takes_the_name_of_an_input():
    _, point = point_of(Normal(0.1))
    point["budget"]["symbol"] = "x0"
    assert list(budget_document(point, number="R")["model"]["expr"]) == ["x0_out"]
