"""Calibration curves with covariance, drift with its own u, and changes of level."""

import math
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jialiang.science.errors import LengthsDiffer, ParameterNotAllowed, PointsCoincide, TooFewObservations
from jialiang.science.fit import fit_straight_line
from jialiang.science.solving import NoSolution
from jialiang.science.stability.change_points import change_points
from jialiang.science.stability.drift import DriftRate, drift_of_history, value_on_day
from jialiang.science.stability.polynomial import fit_curve

FEW = settings(max_examples=40)
grids = st.lists(st.integers(-30, 30), min_size=6, max_size=12, unique=True)


@FEW
@given(grids, st.lists(st.integers(-9, 9), min_size=1, max_size=4), st.integers(-5, 5))
def test_a_polynomial_is_found_again_exactly(points, coefficients, x0):
    y = [sum(b * (x - x0) ** j for j, b in enumerate(coefficients)) for x in points]
    found = fit_curve(points, y, order=len(coefficients) - 1, reference_point=x0)
    assert found.coefficients == tuple(map(float, coefficients))
    assert found.residual_standard_deviation == 0
    assert found.predict(7.0).value == pytest.approx(
        sum(b * (7 - x0) ** j for j, b in enumerate(coefficients))
    )


@FEW
@given(grids, st.integers(0, 2**32 - 1))
def test_a_line_is_the_straight_line_of_the_house(points, seed):
    y = np.random.default_rng(seed).standard_normal(len(points)).tolist()
    curve, line = (
        fit_curve(points, y, order=1, reference_point=3),
        fit_straight_line(points, y, reference_point=3),
    )
    assert curve.coefficients == pytest.approx((line.intercept, line.slope), rel=1e-9, abs=1e-12)
    uncertainties = (line.intercept_standard_uncertainty, line.slope_standard_uncertainty)
    assert curve.standard_uncertainties == pytest.approx(uncertainties, rel=1e-9)
    assert curve.covariance[0][1] == pytest.approx(line.covariance, rel=1e-7, abs=1e-12)
    for at in (-40.0, 0.0, 11.5):
        one, other = curve.predict(at), line.predict(at)
        assert (one.value, one.standard_uncertainty) == (
            pytest.approx(other.value, rel=1e-9, abs=1e-9),
            pytest.approx(other.standard_uncertainty, rel=1e-7),
        )


@FEW
@given(st.integers(0, 2**32 - 1), st.integers(1, 4))
def test_weighted_fits_agree_with_numpy(seed, order):
    rng = np.random.default_rng(seed)
    x, u = np.linspace(-1, 2, 12), rng.uniform(0.1, 2, 12)
    y = rng.standard_normal(12)
    found = fit_curve(x.tolist(), y.tolist(), order=order, uncertainties=u.tolist())
    design = np.vander(x, order + 1, increasing=True) / u[:, None]
    covariance = np.linalg.inv(design.T @ design)
    expected = covariance @ design.T @ (y / u)
    assert found.coefficients == pytest.approx(expected, rel=1e-7, abs=1e-9)
    assert np.asarray(found.covariance) == pytest.approx(covariance, rel=1e-7, abs=1e-9)
    assert found.chi_squared == pytest.approx(float(np.sum((y / u - design @ expected) ** 2)), rel=1e-8)
    assert 0 <= found.probability <= 1


def test_digits_survive_a_large_offset():
    """Years and milligrams: the normal equations in floats would lose half the digits."""
    x = [Decimal("2000.1") + i for i in range(8)]
    y = [Decimal("1000.000001") + Decimal("0.000002") * i for i in range(8)]
    found = fit_curve(x, y, order=2)
    assert found.coefficients[1] == pytest.approx(2e-6, rel=1e-12)
    assert found.coefficients[2] == 0
    assert found.residual_standard_deviation == 0


def test_a_high_degree_on_a_bad_interval_keeps_its_digits():
    """Degree nine on [-9, -4]: in floats the normal equations have a condition beyond 1e25."""
    points = [Fraction(i, 8) - 9 for i in range(40)]
    truth = [
        1,
        -2,
        Fraction(1, 2),
        3,
        -1,
        Fraction(1, 4),
        2,
        Fraction(-1, 8),
        Fraction(3, 2),
        Fraction(-1, 16),
    ]
    y = [sum(b * x**j for j, b in enumerate(truth)) for x in points]
    decimals = [Decimal(v.numerator) / Decimal(v.denominator) for v in points]
    with localcontext(Context(prec=80)):
        ordinates = [Decimal(v.numerator) / Decimal(v.denominator) for v in y]
    found = fit_curve(decimals, ordinates, order=9)
    assert found.coefficients == tuple(map(float, truth))


def test_without_intercept_the_curve_goes_through_zero():
    found = fit_curve([1, 2, 3], ["2.1", "3.9", "6.1"], order=1, lowest_power=1)
    assert found.coefficients[0] == pytest.approx((2.1 + 7.8 + 18.3) / 14)
    assert found.predict(0.0).value == 0
    assert found.degrees_of_freedom == 2
    assert found.slope(5.0) == found.coefficients[0]


def test_the_reading_of_a_curve_carries_u_of_curve_and_reading():
    curve = fit_curve([0, 1, 2, 3, 4], ["0.01", "2.00", "3.99", "6.02", "7.98"], order=1)
    found = curve.solve(5.0, standard_uncertainty=0.03)
    a, b = curve.coefficients
    assert found.value == pytest.approx((5 - a) / b)
    own = curve.predict(found.value).standard_uncertainty
    assert found.standard_uncertainty == pytest.approx(math.hypot(own, 0.03) / b)
    assert curve.predict(found.value).value == pytest.approx(5)


def test_a_curve_that_turns_has_no_single_reading():
    parabola = fit_curve([-2, -1, 0, 1, 2], [4, 1, 0, 1, 4], order=2)
    with pytest.raises(NoSolution):
        parabola.solve(1.0)
    with pytest.raises(NoSolution):
        parabola.solve(9.0)
    with pytest.raises(NoSolution):
        parabola.solve(0.0)


def test_significance_tells_terms_that_are_there_from_those_that_are_not():
    rng = np.random.default_rng(12)
    x = np.linspace(0, 1, 40)
    y = 1 + 2 * x + 0.01 * rng.standard_normal(40)
    found = fit_curve(x.tolist(), y.tolist(), order=2).significance()
    assert found[0] < 1e-20 < found[2]
    assert found[2] > 0.01
    with pytest.raises(TooFewObservations):
        fit_curve([0, 1], [0, 1], order=1, uncertainties=[1, 1]).significance()


def test_the_handed_on_curve_predicts_the_same():
    curve = fit_curve([1, 2, 3, 4], [1.1, 2.0, 2.9, 4.2], order=1, reference_point=2)
    data = curve.to_json()
    powers = np.array([1.0, 3.5 - data["reference_point"]])
    u = math.sqrt(powers @ np.array(data["covariance"]) @ powers)
    assert u == pytest.approx(curve.predict(3.5).standard_uncertainty)
    assert (data["dof"], data["interval"]) == (2, [1.0, 4.0])


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (lambda: fit_curve([1, 2], [1, 2], order=1), TooFewObservations),
        (lambda: fit_curve([1, 2, 3], [1, 2], order=1), LengthsDiffer),
        (lambda: fit_curve([1, 1, 1], [1, 2, 3], order=1), PointsCoincide),
        (lambda: fit_curve([0, 0, 0], [1, 2, 3], order=1, lowest_power=1), PointsCoincide),
        (lambda: fit_curve([1, 2, 3], [1, 2, 3], order=10), ParameterNotAllowed),
        (lambda: fit_curve([1, 2, 3], [1, 2, 3], order=0, lowest_power=1), ParameterNotAllowed),
        (lambda: fit_curve([1, 2, 3], [1, 2, 3], order=1, uncertainties=[1, 0, 1]), ParameterNotAllowed),
        (lambda: fit_curve([1, 2, 3], [1, 2, 3], order=1, uncertainties=[1, 1]), LengthsDiffer),
    ],
)
def test_what_cannot_be_fitted_is_refused(wrong, error):
    with pytest.raises(error):
        wrong()


def test_the_value_on_the_day_of_use():
    found = value_on_day(10.0, 0.003, 200, DriftRate(1e-5, 2e-5), instability=0.001)
    assert found.value == pytest.approx(10.002)
    assert found.from_drift == pytest.approx(0.004)
    assert found.standard_uncertainty == pytest.approx(math.sqrt(0.003**2 + 0.004**2 + 0.001**2))
    assert value_on_day(10.0, 0.003, 0, DriftRate(1.0, 1.0)).standard_uncertainty == 0.003


@FEW
@given(st.floats(0, 3000), st.floats(0.1, 1000))
def test_the_certainty_of_a_value_only_decays(days, more):
    rate = DriftRate(1e-6, 3e-6)
    early, late = (value_on_day(1.0, 1e-4, d, rate) for d in (days, days + more))
    assert late.standard_uncertainty > early.standard_uncertainty


def test_a_history_that_drifts_as_it_claims_needs_no_excess():
    days, values = [0, 365, 730, 1095], [10.0, 10.0101, 10.0199, 10.03]
    history = drift_of_history(days, values, [0.002] * 4)
    assert history.excess == 0
    assert history.rate.rate == pytest.approx(0.01 / 365, rel=0.02)
    assert history.is_significant
    at_last, later = history.on(1095.0), history.on(1460.0)
    assert later.value == pytest.approx(10.04, abs=0.001)
    assert later.standard_uncertainty > at_last.standard_uncertainty
    assert at_last.standard_uncertainty < 0.002


def test_what_all_certificates_share_does_not_average_out():
    own = drift_of_history([0, 365, 730], [1.0, 1.0, 1.0], [0.002] * 3)
    shared = drift_of_history([0, 365, 730], [1.0, 1.0, 1.0], [0.002] * 3, common_uncertainty=0.0019)
    assert shared.on(365.0).standard_uncertainty > 0.0019 > own.on(365.0).standard_uncertainty
    assert shared.rate.standard_uncertainty < own.rate.standard_uncertainty


def test_a_history_that_jumps_more_than_it_claims_gets_an_excess_that_explains_it():
    days, values = [0, 100, 200, 300, 400], [1.0, 1.05, 0.97, 1.06, 0.99]
    history = drift_of_history(days, values, [0.001] * 5)
    assert history.excess > 0.02
    assert history.curve.chi_squared == pytest.approx(3, rel=1e-6)
    assert not history.is_significant
    assert history.on(500.0).standard_uncertainty > history.excess


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (lambda: value_on_day(1, 0, 1, DriftRate(0, 0)), ParameterNotAllowed),
        (lambda: value_on_day(1, 1, -1, DriftRate(0, 0)), ParameterNotAllowed),
        (lambda: value_on_day(1, 1, 1, DriftRate(0, 0), instability=-1), ParameterNotAllowed),
        (lambda: DriftRate(math.nan, 0), ParameterNotAllowed),
        (lambda: DriftRate(0, -1), ParameterNotAllowed),
        (lambda: drift_of_history([0, 1, 2], [1, 1, 1], [1, 1]), LengthsDiffer),
        (
            lambda: drift_of_history([0, 1, 2], [1, 1, 1], [1, 1, 1], common_uncertainty=1),
            ParameterNotAllowed,
        ),
        (lambda: drift_of_history([0], [1], [1]), TooFewObservations),
    ],
)
def test_histories_that_say_nothing_are_refused(wrong, error):
    with pytest.raises(error):
        wrong()


def test_steps_are_found_where_they_are():
    rng = np.random.default_rng(21)
    levels = np.repeat([0.0, 3.0, 2.0, 6.0], [40, 30, 50, 20])
    found = change_points((levels + 0.4 * rng.standard_normal(140)).tolist())
    assert found.change_points == (40, 70, 120)
    assert [round(s.mean) for s in found.stretches] == [0, 3, 2, 6]
    assert found.sd == pytest.approx(0.4, rel=0.3)
    assert found.stretches[0].standard_uncertainty == pytest.approx(found.sd / math.sqrt(40))


def test_a_steady_series_has_no_change():
    quiet = sum(
        len(change_points(np.random.default_rng(seed).standard_normal(100).tolist(), sd=1.0).change_points)
        > 0
        for seed in range(60)
    )
    assert quiet <= 3


@FEW
@given(st.integers(0, 2**32 - 1), st.floats(0.01, 100), st.floats(-1e4, 1e4))
def test_changes_do_not_depend_on_unit_and_zero(seed, scale, shift):
    rng = np.random.default_rng(seed)
    series = np.concatenate([rng.standard_normal(20), 8 + rng.standard_normal(20)])
    plain, moved = change_points(series.tolist()), change_points((scale * series + shift).tolist())
    assert moved.change_points == plain.change_points
    assert 20 in plain.change_points


def test_the_partition_is_the_best_of_all():
    """Against every partition of a short series."""
    series = [0.0, 0.2, -0.1, 3.1, 2.9, 3.0, 2.8, 9.0, 9.1, 1.0, 1.1]
    price = 1.5

    def cost(cuts):
        ends = [0, *cuts, len(series)]
        pieces = [series[a:b] for a, b in zip(ends, ends[1:], strict=False)]
        if any(len(piece) < 2 for piece in pieces):
            return math.inf
        return sum(float(np.var(piece)) * len(piece) for piece in pieces) + price * len(cuts)

    every = [cuts for k in range(5) for cuts in combinations(range(1, len(series)), k)]
    assert change_points(series, sd=1.0, penalty=price).change_points == min(every, key=cost)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (lambda: change_points([1.0, 2.0]), TooFewObservations),
        (lambda: change_points([1.0] * 10, shortest=0), ParameterNotAllowed),
        (lambda: change_points([1.0] * 10, sd=-1.0), ParameterNotAllowed),
        (lambda: change_points([1.0] * 5, shortest=3), TooFewObservations),
    ],
)
def test_series_too_short_are_refused(wrong, error):
    with pytest.raises(error):
        wrong()
