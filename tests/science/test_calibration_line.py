"""The thermometer of GUM H.3, from decimal text to a report with a whole budget."""

import json
import math

import pytest

from jialiang.kernel.text import Text
from jialiang.science.budget import budget_from_plain, budget_to_plain
from jialiang.science.calibration_line import (
    CorrectionReading,
    LineCalibration,
    evaluate_line,
    fitted_line,
    line_budget,
)
from jialiang.science.distributions import Arcsine, Normal
from jialiang.science.errors import DecimalComma, TooFewObservations
from jialiang.science.evaluation import EvaluationSettings
from jialiang.science.type_b import (
    certificate_uncertainty,
    displayed_resolution,
    drift,
    other_influence,
    uniformity,
)

K = "\\kelvin"
TYPE_B = (
    certificate_uncertainty(unit=K, expanded_uncertainty=0.004, coverage_factor=2.0, source="certificate"),
    drift(unit=K, half_width=0.002, source="history"),
    displayed_resolution(unit=K, step=0.001, source="display"),
    uniformity(unit=K, half_width=0.003, source="bath record"),
)


@pytest.fixture(scope="module")
def h3(oracles):
    return json.loads((oracles / "uncertainty" / "gum-h3-thermometer-line.json").read_text())


@pytest.fixture(scope="module")
def calibration(h3):
    rows = zip(h3["data"]["t"], h3["data"]["b"], strict=True)
    readings = tuple(CorrectionReading(f"{t:.3f}", f"{b:.3f}") for t, b in rows)
    return LineCalibration(readings, "20", "\\degreecelsius", K, TYPE_B)


def test_readings_as_typed_give_the_figures_of_the_gum(h3, calibration):
    line, expected = fitted_line(calibration), h3["expected"]
    assert line.intercept == pytest.approx(expected["y1"]["value"], rel=1e-9)
    assert line.slope == pytest.approx(expected["y2"]["value"], rel=1e-9)
    assert line.correlation == pytest.approx(expected["r_y1_y2"]["value"], rel=1e-9)
    assert line.predict(30.0).standard_uncertainty == pytest.approx(expected["b30"]["u"], rel=1e-9)


def test_without_type_b_the_point_at_30_degrees_is_that_of_the_gum_with_nine_degrees_of_freedom(
    h3, calibration
):
    bare = LineCalibration(calibration.readings, "20", "\\degreecelsius", K)
    point = evaluate_line(bare, ["30"]).points[0]
    propagation = point.evaluation.propagation
    assert propagation.estimate == pytest.approx(h3["expected"]["b30"]["value"], rel=1e-9)
    assert propagation.combined_standard_uncertainty == pytest.approx(h3["expected"]["b30"]["u"], rel=1e-9)
    assert propagation.degrees_of_freedom == pytest.approx(9, rel=1e-12)
    assert point.evaluation.coverage_factor_text == "2.26"
    assert point.is_extrapolated
    assert (point.evaluation.reported.value_text, point.evaluation.reported.uncertainty_text) == (
        "-0.1494",
        "0.0094",
    )


def test_the_whole_budget_adds_type_b_to_the_line_in_quadrature(calibration):
    point = evaluate_line(calibration, ["24.0"]).points[0]
    type_b = math.sqrt(0.002**2 + 0.002**2 / 3 + 0.0005**2 / 3 + 0.003**2 / 3)
    combined = math.hypot(point.type_a.standard_uncertainty, type_b)
    propagation = point.evaluation.propagation
    assert propagation.combined_standard_uncertainty == pytest.approx(combined, rel=1e-9)
    expected_nu = 9 * (combined / point.type_a.standard_uncertainty) ** 4
    assert propagation.degrees_of_freedom == pytest.approx(expected_nu, rel=1e-6)
    assert propagation.terms[0].symbols == ("y1", "y2")
    assert propagation.terms[0].contribution == pytest.approx(point.type_a.standard_uncertainty, rel=1e-9)


def test_every_point_carries_value_uncertainty_and_k_as_reported(calibration):
    found = evaluate_line(calibration, ["22", "24", "26"], EvaluationSettings(seed=1, draws=100_000))
    texts = [
        (p.point, p.evaluation.reported.value_text, p.evaluation.reported.uncertainty_text)
        for p in found.points
    ]
    assert texts == [("22", "-0.1668", "0.0067"), ("24", "-0.1625", "0.0061"), ("26", "-0.1581", "0.0066")]
    assert not any(p.is_extrapolated for p in found.points)
    assert all(p.evaluation.validation.ok for p in found.points)


def test_the_draws_of_the_line_keep_its_covariance(calibration):
    bare = LineCalibration(calibration.readings, "20", "\\degreecelsius", K)
    evaluation = (
        evaluate_line(bare, ["30"], EvaluationSettings(seed=1, validation_digits=2)).points[0].evaluation
    )
    low, high = evaluation.simulation.symmetric_interval
    assert (high - low) / 2 == pytest.approx(evaluation.expanded_uncertainty, rel=0.01)
    assert evaluation.validation.ok


def test_the_slope_has_the_unit_of_correction_over_indication(calibration):
    budget = line_budget(calibration, fitted_line(calibration), "24")
    assert [item.unit for item in budget.inputs[:2]] == [K, "\\kelvin\\per\\degreecelsius"]
    assert budget.inputs[1].sensitivity == 4.0
    assert budget.name.zh == "24 处的修正值"
    assert budget_from_plain(budget_to_plain(budget)) == budget


def test_the_same_record_gives_the_same_evaluation(calibration):
    settings = EvaluationSettings(seed=5, draws=20_000)
    assert evaluate_line(calibration, ["25"], settings) == evaluate_line(calibration, ["25"], settings)


def test_readings_on_a_perfect_line_leave_type_b_alone():
    readings = tuple(CorrectionReading(t, "0.5") for t in ("0", "1", "2"))
    influence = other_influence(
        symbol="cycling", name=Text(en="cycling"), unit=K, distribution=Arcsine(0.01), source="log"
    )
    found = evaluate_line(
        LineCalibration(readings, "0", "\\degreecelsius", K, (influence,)),
        ["1"],
        EvaluationSettings(seed=1, draws=20_000),
    )
    evaluation = found.points[0].evaluation
    assert evaluation.propagation.combined_standard_uncertainty == pytest.approx(0.01 / math.sqrt(2))
    assert evaluation.propagation.degrees_of_freedom == math.inf
    assert isinstance(evaluation.budget.inputs[0].distribution, Normal)


def test_wrong_readings_are_refused_with_their_own_words(calibration):
    with pytest.raises(DecimalComma):
        fitted_line(LineCalibration((CorrectionReading("21,5", "0"),), "20", "\\degreecelsius", K))
    with pytest.raises(TooFewObservations):
        fitted_line(LineCalibration(calibration.readings[:2], "20", "\\degreecelsius", K))


def test_type_b_inputs_have_the_literature_uncertainty():
    uncertainties = [item.standard_uncertainty for item in TYPE_B]
    assert uncertainties == pytest.approx(
        [0.002, 0.002 / math.sqrt(3), 0.0005 / math.sqrt(3), 0.003 / math.sqrt(3)]
    )
    assert len({item.symbol for item in TYPE_B}) == 4
    assert all(item.name.zh and item.name.en and item.evaluation == "B" for item in TYPE_B)
