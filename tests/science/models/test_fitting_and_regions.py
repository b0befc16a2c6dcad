"""Least squares with a model of one's own, coverage regions, and the check of dimensions term by term."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from jialiang.science.errors import LengthsDiffer, ModelNotFinite, PointsCoincide, TooFewObservations
from jialiang.science.expression.errors import EquationNotSolved
from jialiang.science.fit import fit_straight_line
from jialiang.science.models.fitting import FitTask, fit
from jialiang.science.models.regions import regions_of


def task(expression, parameters, points, ordinates, **more):
    members = {"constants": {}, "starts": {}} | more
    return FitTask(expression, parameters, {"t": points}, ordinates, **members)


def test_a_line_is_that_of_the_straight_line_module():
    points, ordinates = [1.0, 2.0, 3.5, 5.0, 7.0], [2.0, 4.1, 6.8, 10.3, 13.9]
    ours = fit(task("p + q*(t-3)", ("p", "q"), points, ordinates))
    line = fit_straight_line(points, ordinates, reference_point=3.0)
    assert ours.estimates == pytest.approx((line.intercept, line.slope), rel=1e-12)
    assert ours.standard_uncertainties == pytest.approx(
        (line.intercept_standard_uncertainty, line.slope_standard_uncertainty), rel=1e-11
    )
    assert ours.correlation[0, 1] == pytest.approx(line.correlation, rel=1e-11)
    assert ours.residual_standard_deviation == pytest.approx(line.residual_standard_deviation, rel=1e-12)
    assert ours.residuals == pytest.approx(line.residuals, abs=1e-13)
    assert ours.degrees_of_freedom == 3


@settings(max_examples=30)
@given(st.integers(0, 10**6), st.integers(4, 12), st.floats(-100, 100))
def test_a_parabola_is_that_of_numpy(seed, count, shift):
    rng = np.random.default_rng(seed)
    points = [float(x) for x in np.arange(count) + rng.uniform(0, 0.5, count) + shift / 50]
    ordinates = [float(y) for y in rng.standard_normal(count)]
    ours = fit(task("a + b*t + c*t**2", ("a", "b", "c"), points, ordinates))
    c, b, a = np.polyfit(points, ordinates, 2)
    scale = max(map(abs, (a, b, c)))
    assert ours.estimates == pytest.approx((a, b, c), rel=1e-6, abs=1e-7 * scale)


def test_stated_uncertainties_weigh_the_points():
    points, ordinates, stated = [0.0, 1.0, 2.0, 3.0], [1.0, 2.1, 2.9, 4.2], [0.1, 0.2, 0.1, 0.4]
    ours = fit(task("p + q*t", ("p", "q"), points, ordinates, uncertainties=stated))
    (q, p), covariance = np.polyfit(points, ordinates, 1, w=1 / np.array(stated), cov="unscaled")
    assert ours.estimates == pytest.approx((p, q), rel=1e-10)
    assert ours.standard_uncertainties == pytest.approx(
        (math.sqrt(covariance[1, 1]), math.sqrt(covariance[0, 0])), rel=1e-9
    )
    assert ours.degrees_of_freedom == math.inf


def test_a_mean_is_the_smallest_fit():
    ours = fit(task("m + 0*t", ("m",), [1.0, 2.0, 3.0, 4.0, 5.0], [10.0, 12.0, 11.0, 13.0, 14.0]))
    assert ours.estimates == (12.0,)
    assert ours.standard_uncertainties[0] == pytest.approx(math.sqrt(2.5 / 5), rel=1e-13)


def test_a_curve_from_a_far_start_gets_there_by_halved_steps():
    t = list(np.linspace(0, 4, 12))
    b = [3 / (1 + math.exp(-2 * (x - 1.5))) for x in t]
    ours = fit(task("a/(1+exp(-k*(t-m)))", ("a", "k", "m"), t, b, starts={"a": 2.0, "k": 0.7, "m": 2.5}))
    assert ours.estimates == pytest.approx((3, 2, 1.5), rel=1e-7)
    assert ours.residual_standard_deviation < 1e-8


@pytest.mark.parametrize(
    ("given_task", "error"),
    [
        (task("p+q*t", ("p", "q"), [1.0, 2.0], [1.0, 2.0]), TooFewObservations),
        (task("p+q*t", ("p", "q"), [1.0, 2.0], [1.0, 2.0, 3.0]), LengthsDiffer),
        (task("p+q*t", ("p", "q"), [1.0, 1.0, 1.0], [1.0, 2.0, 3.0]), PointsCoincide),
        (task("p+q+t", ("p", "q"), [1.0, 2.0, 3.0], [1.0, 2.0, 3.0]), PointsCoincide),
        (task("p*t", ("p", "q"), [1.0, 2.0, 3.0], [1.0, 2.0, 3.0]), PointsCoincide),
        (task("log(p)*t", ("p",), [1.0, 2.0, 3.0], [1.0, 2.0, 3.0]), ModelNotFinite),
        (task("p*t", ("p",), [1.0, 2.0], [1.0, 2.0], uncertainties=[1.0]), LengthsDiffer),
        (task("p*t", ("p",), [1.0, 2.0], [1.0, 2.0], uncertainties=[1.0, 0.0]), ModelNotFinite),
    ],
)
def test_fits_that_cannot_be_made_say_why(given_task, error):
    with pytest.raises(error):
        fit(given_task)


def test_a_minimum_at_infinity_is_no_fit():
    with pytest.raises((EquationNotSolved, PointsCoincide, ModelNotFinite)):
        fit(task("exp(p)*t", ("p",), [1.0, 2.0, 3.0], [-1.0, -2.0, -3.5], starts={"p": 0.0}))


# --- coverage regions of two outputs -------------------------------------------------------------------------


def joint(r, count=200_000, seed=1):
    rng = np.random.default_rng(seed)
    a, b = rng.standard_normal((2, count))
    return np.array([3 + a, -1 + 2 * (r * a + math.sqrt(1 - r * r) * b)])


@pytest.mark.parametrize("r", [0.0, 0.5, -0.9])
def test_the_ellipse_of_normal_outputs_has_the_factor_of_chi_squared(r):
    """JCGM 102, 6.5.2: k_p² is the quantile of χ² with two degrees of freedom, 2.45² for 95 %."""
    regions = regions_of(("a", "b"), joint(r), 0.95)
    assert regions.ellipsoid.factor == pytest.approx(math.sqrt(stats.chi2(2).ppf(0.95)), rel=0.01)
    assert regions.ellipsoid.centre == pytest.approx((3, -1), abs=0.03)
    assert np.array(regions.ellipsoid.covariance) == pytest.approx(
        np.array([[1, 2 * r], [2 * r, 4]]), abs=0.05
    )


def test_the_box_of_independent_normal_outputs():
    """Each side holds √0.95: k = 2.236."""
    regions = regions_of(("a", "b"), joint(0.0), 0.95)
    k = float(stats.norm.ppf((1 + math.sqrt(0.95)) / 2))
    assert regions.box.factor == pytest.approx(k, rel=0.01)
    assert regions.box.high == pytest.approx((3 + k, -1 + 2 * k), rel=0.03)


@pytest.mark.parametrize("r", [0.0, 0.8])
def test_the_smallest_region_is_no_larger_than_the_ellipse_and_holds_the_probability(r):
    regions = regions_of(("a", "b"), joint(r), 0.95)
    ellipse = math.pi * regions.ellipsoid.factor**2 * 2 * math.sqrt(1 - r * r)
    assert regions.smallest.probability == pytest.approx(0.95, abs=0.002)
    assert regions.smallest.volume == pytest.approx(ellipse, rel=0.12)
    box = math.prod(h - low for low, h in zip(regions.box.low, regions.box.high, strict=True))
    assert regions.smallest.volume < box


def test_outputs_in_two_places_have_a_smallest_region_in_two_places():
    rng = np.random.default_rng(3)
    side = np.where(rng.random(100_000) < 0.5, -5.0, 5.0)
    draws = np.array([side + 0.3 * rng.standard_normal(100_000), rng.standard_normal(100_000)])
    smallest = regions_of(("a", "b"), draws, 0.9).smallest
    middles = {round(0.5 * (smallest.edges[0][i] + smallest.edges[0][i + 1])) for i, _ in smallest.cells}
    assert min(map(abs, middles)) >= 3


def test_outputs_that_follow_from_one_another_have_no_ellipse():
    a = np.random.default_rng(4).standard_normal(10_000)
    regions = regions_of(("a", "b"), np.array([a, 2 * a]), 0.95)
    assert regions.ellipsoid is None
    assert regions.box is not None


def test_certain_outputs_have_no_region_at_all():
    regions = regions_of(("a", "b"), np.array([np.zeros(100), np.arange(100.0)]), 0.95)
    assert (regions.ellipsoid, regions.box, regions.smallest) == (None, None, None)
