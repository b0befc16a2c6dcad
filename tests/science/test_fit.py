"""The straight line."""

import json
import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from jialiang.science.errors import LengthsDiffer, PointsCoincide, TooFewObservations
from jialiang.science.fit import fit_straight_line


@pytest.fixture(scope="module")
def h3(oracles):
    return json.loads((oracles / "uncertainty" / "gum-h3-thermometer-line.json").read_text())


@pytest.fixture(scope="module")
def h3_line(h3):
    return fit_straight_line(h3["data"]["t"], h3["data"]["b"], reference_point=h3["model"]["t0"])


def test_gum_h3_values_uncertainties_and_correlation(h3, h3_line):
    expected = h3["expected"]
    assert h3_line.intercept == pytest.approx(expected["y1"]["value"], rel=1e-9)
    assert h3_line.intercept_standard_uncertainty == pytest.approx(expected["y1"]["u"], rel=1e-9)
    assert h3_line.slope == pytest.approx(expected["y2"]["value"], rel=1e-9)
    assert h3_line.slope_standard_uncertainty == pytest.approx(expected["y2"]["u"], rel=1e-9)
    assert h3_line.correlation == pytest.approx(expected["r_y1_y2"]["value"], rel=1e-9)
    assert h3_line.residual_standard_deviation == pytest.approx(expected["s_residual"]["value"], rel=1e-9)
    assert h3_line.degrees_of_freedom == expected["dof"]


def test_gum_h3_prediction_at_30_degrees_keeps_the_covariance(h3, h3_line):
    expected = h3["expected"]["b30"]
    prediction = h3_line.predict(30.0)
    assert prediction.value == pytest.approx(expected["value"], rel=1e-9)
    assert prediction.standard_uncertainty == pytest.approx(expected["u"], rel=1e-9)
    assert prediction.degrees_of_freedom == 9
    without = math.hypot(h3_line.intercept_standard_uncertainty, 10 * h3_line.slope_standard_uncertainty)
    assert without > 1.7 * prediction.standard_uncertainty


@given(st.floats(-50, 100))
def test_the_prediction_is_the_covariance_formula_of_the_gum(point):
    line = fit_straight_line([21.5, 22.0, 23.5, 26.5], [-0.171, -0.169, -0.166, -0.160], reference_point=20.0)
    distance = point - 20.0
    variance = (
        line.intercept_standard_uncertainty**2
        + (distance * line.slope_standard_uncertainty) ** 2
        + 2 * distance * line.covariance
    )
    assert line.predict(point).standard_uncertainty ** 2 == pytest.approx(variance, rel=1e-6)


@given(st.floats(-100, 100))
def test_the_choice_of_the_reference_point_changes_no_prediction(reference_point):
    points, ordinates = [1.0, 2.0, 3.0, 4.0], [0.9, 2.2, 2.8, 4.1]
    here = fit_straight_line(points, ordinates, reference_point=reference_point).predict(2.7)
    there = fit_straight_line(points, ordinates).predict(2.7)
    assert here.value == pytest.approx(there.value, rel=1e-9)
    assert here.standard_uncertainty == pytest.approx(there.standard_uncertainty, rel=1e-9)


@given(st.lists(st.tuples(st.floats(-100, 100), st.floats(-10, 10)), min_size=4, max_size=30))
def test_the_line_is_the_one_numpy_finds(pairs):
    points, ordinates = [p for p, _ in pairs], [o for _, o in pairs]
    assume(np.std(points) > 0.1)
    line = fit_straight_line(points, ordinates)
    slope, intercept = np.polyfit(points, ordinates, 1)
    assert line.slope == pytest.approx(slope, abs=1e-8)
    assert line.intercept == pytest.approx(intercept, abs=1e-7)
    assert math.fsum(line.residuals) == pytest.approx(0, abs=1e-9)


def test_at_the_mean_point_the_uncertainty_is_that_of_a_mean(h3_line):
    prediction = h3_line.predict(h3_line.mean_point)
    assert prediction.standard_uncertainty == pytest.approx(
        h3_line.residual_standard_deviation / math.sqrt(11)
    )


def test_a_reference_point_far_away_does_not_spoil_the_digits():
    seconds = [1.8e9 + 86400 * day for day in range(20)]
    line = fit_straight_line(seconds, [0.001 * day + (-1) ** day * 1e-5 for day in range(20)])
    assert line.predict(seconds[10]).standard_uncertainty == pytest.approx(
        line.residual_standard_deviation * math.sqrt(1 / 20 + 0.25 / 665), rel=1e-9
    )


def test_a_perfect_line_has_no_scatter():
    line = fit_straight_line([0.0, 1.0, 2.0], [1.0, 3.0, 5.0])
    assert (line.intercept, line.slope, line.residual_standard_deviation) == (1.0, 2.0, 0.0)
    assert line.coefficient_of_determination == 1.0
    assert fit_straight_line([0.0, 1.0, 2.0], [1.0, 1.0, 1.0]).coefficient_of_determination == 1.0


def test_extrapolation_is_known(h3_line):
    assert h3_line.is_extrapolated(21.0)
    assert h3_line.is_extrapolated(27.0)
    assert not h3_line.is_extrapolated(21.521)
    assert not h3_line.is_extrapolated(24.0)


def test_too_few_points_unequal_columns_and_one_single_place_are_refused():
    with pytest.raises(TooFewObservations):
        fit_straight_line([1.0, 2.0], [1.0, 2.0])
    with pytest.raises(LengthsDiffer):
        fit_straight_line([1.0, 2.0, 3.0], [1.0, 2.0])
    with pytest.raises(PointsCoincide) as caught:
        fit_straight_line([0.1] * 3, [1.0, 2.0, 3.0])
    assert caught.value.facts["abscissa"] == 0.1
