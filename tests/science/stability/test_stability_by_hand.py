"""Allan deviations of tiny records, changes of level and drift: all of it with a pencil."""

import math

import numpy as np
import pytest

from jialiang.science.errors import LengthsDiffer, ParameterNotAllowed, PointsCoincide, TooFewObservations
from jialiang.science.solving import NoSolution
from jialiang.science.stability.allan import (
    FAMILY,
    averaging_factor,
    deviation,
    octaves,
    phase_record,
    record_of_frequency,
)
from jialiang.science.stability.allan_confidence import confidence, equivalent_degrees, noise_type
from jialiang.science.stability.change_points import change_points
from jialiang.science.stability.drift import DriftRate, drift_of_history, value_on_day
from jialiang.science.stability.polynomial import fit_curve

# second differences of the phase 0 1 3 2 6 at m = 1: 1, -3, 5; third: -4, 8; at m = 2: 6 - 2·3 + 0 = 0
TINY = [0.0, 1.0, 3.0, 2.0, 6.0]


@pytest.mark.parametrize(
    ("kind", "phase", "tau", "variance"),
    [
        ("adev", TINY, 1.0, (1 + 9 + 25) / 3 / 2),
        ("oadev", TINY, 1.0, (1 + 9 + 25) / 3 / 2),
        ("mdev", TINY, 1.0, (1 + 9 + 25) / 3 / 2),
        ("tdev", TINY, 1.0, (1 + 9 + 25) / 3 / 2 / 3),
        ("hdev", TINY, 1.0, (16 + 64) / 2 / 6),
        ("ohdev", TINY, 1.0, (16 + 64) / 2 / 6),
        ("htotdev", TINY, 1.0, (16 + 64) / 2 / 6),
        ("totdev", TINY, 1.0, (1 + 9 + 25) / 3 / 2),  # inner points only: the record itself at m = 1
        ("adev", TINY, 2.0, 0.0),
        ("oadev", TINY, 2.0, 0.0),
        ("adev", [0, 1, 3, 2, 6, 4], 2.0, 0.0),
        ("oadev", [0, 1, 3, 2, 6, 4], 2.0, (0 + 1) / 2 / 8),  # 4 - 2·2 + 1 = 1
        ("mdev", [0, 1, 3, 2, 6, 4], 2.0, 0.25 / 8),  # mean of 0 and 1, squared
        ("tdev", [0, 1, 3, 2, 6, 4], 2.0, 4 * 0.25 / 8 / 3),
        ("hdev", [0, 0, 0, 0, 0, 0, 6], 2.0, 36 / 6 / 4),
        ("ohdev", [0, 0, 0, 0, 0, 0, 6, 0], 2.0, (36 + 0) / 2 / 6 / 4),
        ("adev", [0, 0, 1], 1.0, 1 / 2),
        ("oadev", [0, 0, 1], 1.0, 1 / 2),
        ("totdev", [0, 0, 1], 1.0, 1 / 2),
        ("totdev", [0, 1, 0], 2.0, 16 / 2 / 4),  # continued to -1 0 1 0 -1: at the middle -1 - 2 - 1
        ("adev", [5, 5, 5, 5], 1.0, 0.0),
    ],
)
def test_a_tiny_record_by_hand(kind, phase, tau, variance):
    found = deviation(phase_record(phase, 1.0), kind, tau)
    assert found == pytest.approx(math.sqrt(variance), abs=1e-15)


@pytest.mark.parametrize("kind", FAMILY)
@pytest.mark.parametrize("tau0", [0.01, 1.0, 60.0])
def test_a_longer_spacing_makes_the_same_phase_a_smaller_frequency(kind, tau0):
    plain = deviation(phase_record(TINY, 1.0), kind, 1.0)
    found = deviation(phase_record(TINY, tau0), kind, tau0)
    scale = 1.0 if kind == "tdev" else tau0
    assert found * scale == pytest.approx(plain)


RECORD = [0.0, 1.0, 3.0, 2.0, 6.0, 4.0, 9.0, 7.0, 8.0, 13.0, 11.0, 12.0, 10.0]


@pytest.mark.parametrize("kind", FAMILY)
@pytest.mark.parametrize("m", [1, 2, 3])
@pytest.mark.parametrize(
    ("offset", "rate", "sign"),
    [(0.0, 0.0, -1), (1e3, 0.0, 1), (0.0, 7.0, 1), (-5.0, -0.125, 1), (2.0, 1.0, -1)],
)
def test_phase_offset_frequency_offset_and_sign_do_not_matter(kind, m, offset, rate, sign):
    plain = deviation(phase_record(RECORD, 1.0), kind, float(m))
    moved = [sign * x + offset + rate * i for i, x in enumerate(RECORD)]
    assert deviation(phase_record(moved, 1.0), kind, float(m)) == pytest.approx(plain, rel=1e-9)


@pytest.mark.parametrize("kind", sorted(set(FAMILY) - {"totdev", "htotdev"}))
@pytest.mark.parametrize("m", [1, 2, 3])
def test_time_may_run_backwards(kind, m):
    plain = deviation(phase_record(RECORD[: 12 // m * m + 1], 1.0), kind, float(m))
    turned = deviation(phase_record(RECORD[: 12 // m * m + 1][::-1], 1.0), kind, float(m))
    assert turned == pytest.approx(plain)


@pytest.mark.parametrize("kind", ["hdev", "ohdev", "htotdev"])
@pytest.mark.parametrize("m", [1, 2, 3])
def test_the_hadamard_family_does_not_see_drift_of_frequency(kind, m):
    plain = deviation(phase_record(RECORD, 1.0), kind, float(m))
    drifting = [x + 0.5 * i * i for i, x in enumerate(RECORD)]
    assert deviation(phase_record(drifting, 1.0), kind, float(m)) == pytest.approx(plain, rel=1e-9)


@pytest.mark.parametrize(("kind", "m"), [("adev", 1), ("oadev", 2), ("mdev", 2), ("adev", 3), ("oadev", 3)])
def test_the_allan_family_sees_drift_as_its_size_over_root_two(kind, m):
    """x = D t²/2 has the second difference D τ²: σ = D τ/√2."""
    record = phase_record([0.3 * i * i / 2 for i in range(13)], 1.0)
    assert deviation(record, kind, float(m)) == pytest.approx(0.3 * m / math.sqrt(2))


@pytest.mark.parametrize(
    ("kind", "count", "m", "is_there"),
    [
        ("adev", 5, 2, True),
        ("adev", 4, 2, False),
        ("oadev", 5, 2, True),
        ("oadev", 4, 2, False),
        ("mdev", 6, 2, True),
        ("mdev", 5, 2, False),
        ("tdev", 6, 2, True),
        ("tdev", 5, 2, False),
        ("hdev", 7, 2, True),
        ("hdev", 6, 2, False),
        ("ohdev", 7, 2, True),
        ("ohdev", 6, 2, False),
        ("totdev", 5, 4, True),
        ("totdev", 5, 5, False),
        ("htotdev", 7, 2, True),
        ("htotdev", 6, 2, False),
    ],
)
def test_how_long_a_record_must_be(kind, count, m, is_there):
    found = deviation(phase_record([float(i % 3) for i in range(count)], 1.0), kind, float(m))
    assert (found is not None) is is_there


@pytest.mark.parametrize(
    ("tau", "tau0", "factor"),
    [(1.0, 1.0, 1), (0.3, 0.1, 3), (1e-3, 1e-3, 1), (86400.0, 1.0, 86400), (0.7, 0.1, 7), (2.5, 0.5, 5)],
)
def test_the_averaging_factor(tau, tau0, factor):
    assert averaging_factor(tau, tau0) == factor


@pytest.mark.parametrize(("tau", "tau0"), [(0.5, 1.0), (1.5, 1.0), (0.0, 1.0), (-1.0, 1.0), (1.0001, 1.0)])
def test_no_whole_multiple_is_no_averaging_time(tau, tau0):
    with pytest.raises(ParameterNotAllowed) as raised:
        averaging_factor(tau, tau0)
    assert raised.value.facts["parameter"] == "tau"


@pytest.mark.parametrize(
    ("count", "taus"),
    [(3, (2,)), (4, (2,)), (5, (2, 4)), (8, (2, 4)), (9, (2, 4, 8)), (16, (2, 4, 8)), (17, (2, 4, 8, 16))],
)
def test_octaves_as_far_as_the_record_carries(count, taus):
    record = phase_record([float(i) for i in range(count)], 2.0)
    assert octaves(record) == taus
    assert all(deviation(record, "adev", tau) is not None for tau in taus)
    assert deviation(record, "adev", 2.0 * taus[-1]) is None


def test_frequency_becomes_phase():
    """Frequencies 1, 2, 6 have the mean 3: phase 0, -2, -3, 0 times τ0."""
    record = record_of_frequency([1.0, 2.0, 6.0], 0.5)
    assert record.phase.tolist() == pytest.approx([0.0, -1.0, -1.5, 0.0])
    assert record.count == 4
    # Allan variance of y itself: half the mean square of neighbouring differences 1 and 4
    assert deviation(record, "adev", 0.5) == pytest.approx(math.sqrt((1 + 16) / 2 / 2))


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (lambda: phase_record([0.0, 1.0], 1.0), TooFewObservations),
        (lambda: phase_record([[0.0, 1.0, 2.0]], 1.0), TooFewObservations),
        (lambda: phase_record([0.0, 1.0, math.nan], 1.0), ParameterNotAllowed),
        (lambda: phase_record([0.0, 1.0, 2.0], 0.0), ParameterNotAllowed),
        (lambda: record_of_frequency([1.0], 1.0), TooFewObservations),
        (lambda: record_of_frequency([1.0, math.inf], 1.0), ParameterNotAllowed),
        (lambda: record_of_frequency([1.0, 2.0], -1.0), ParameterNotAllowed),
        (lambda: deviation(phase_record(TINY, 1.0), "gdev", 1.0), ParameterNotAllowed),
        (lambda: equivalent_degrees("gdev", 0, 1, 100), ParameterNotAllowed),
        (lambda: equivalent_degrees("adev", -3, 1, 100), ParameterNotAllowed),
        (lambda: equivalent_degrees("ohdev", -5, 1, 100), ParameterNotAllowed),
        (lambda: equivalent_degrees("adev", 3, 1, 100), ParameterNotAllowed),
        (lambda: confidence(phase_record(TINY, 1.0), "adev", 1.0, 1.0, probability=1.0), ParameterNotAllowed),
    ],
)
def test_records_that_carry_no_deviation(wrong, error):
    with pytest.raises(error):
        wrong()


@pytest.mark.parametrize(
    ("alpha", "m", "count", "degrees"),
    [
        # total deviation: 1.5 T/τ, 1.16832 T/τ - 0.222, 0.92715 T/τ - 0.358 with T/τ = (count - 1)/m
        (0, 10, 101, 15.0),
        (0, 1, 11, 15.0),
        (-1, 10, 101, 11.4612),
        (-2, 10, 101, 8.9135),
        (-2, 100, 101, 1.0),  # 0.569 is less than one
    ],
)
def test_degrees_of_the_total_deviation_by_hand(alpha, m, count, degrees):
    assert equivalent_degrees("totdev", alpha, m, count) == pytest.approx(degrees)


@pytest.mark.parametrize("kind", ["adev", "oadev", "mdev", "hdev", "ohdev"])
@pytest.mark.parametrize("alpha", [2, 0, -2])
def test_longer_records_know_more_and_longer_averages_less(kind, alpha):
    by_count = [equivalent_degrees(kind, alpha, 4, count) for count in (50, 100, 200, 400)]
    by_factor = [equivalent_degrees(kind, alpha, m, 400) for m in (1, 4, 16, 64)]
    assert by_count == sorted(by_count)
    assert by_factor == sorted(by_factor, reverse=True)
    assert min(*by_count, *by_factor) >= 1


def test_overlapping_uses_the_record_better():
    for alpha in (2, 1, 0, -1, -2):
        assert equivalent_degrees("oadev", alpha, 8, 256) >= equivalent_degrees("adev", alpha, 8, 256)


def test_white_frequency_noise_of_plain_steps_by_hand():
    """Neighbouring differences of y correlate by -1/2, their squares by 1/4: ν = N/(1 + 2 (1 - 1/N)/4) for N."""
    m = 400  # phase averaged over 1/m of a step is phase at a point
    for terms in (2, 10, 100):
        expected = terms / (1 + (1 - 1 / terms) / 2)
        assert equivalent_degrees("adev", 0, m, m * (terms + 1) + 1) == pytest.approx(expected, rel=2e-3)


@pytest.mark.parametrize(
    ("probability", "low", "high"), [(0.9, 3.940299, 18.307038), (0.95, 3.246973, 20.483177)]
)
def test_the_interval_by_the_table_of_chi_squared(probability, low, high):
    """Total deviation, white frequency noise, 101 phases at m = 15: ν = 10."""
    record = phase_record([float(i % 2) for i in range(101)], 1.0)
    found = confidence(record, "totdev", 15.0, 2.0, alpha=0, probability=probability)
    assert found.degrees_of_freedom == pytest.approx(10.0)
    assert found.low == pytest.approx(2 * math.sqrt(10 / high), rel=1e-6)
    assert found.high == pytest.approx(2 * math.sqrt(10 / low), rel=1e-6)
    assert found.alpha == 0


@pytest.mark.parametrize(("times", "alpha"), [(0, 2), (1, 0), (2, -2)])
def test_each_summation_lowers_the_noise_by_two(times, alpha):
    x = np.random.default_rng(5).standard_normal(4096)
    for _ in range(times):
        x = np.cumsum(x)
    assert noise_type(x, 1) == alpha
    assert noise_type(7.0 * x + 3.0, 1) == alpha


# --- changes of level


@pytest.mark.parametrize(
    ("series", "shortest", "changes"),
    [
        ([0.0] * 5 + [9.0] * 5, 2, (5,)),
        ([0.0, 0.1] * 4 + [9.0, 9.1] * 4, 2, (8,)),
        ([0.0, 0.1] * 4 + [9.0, 9.1] * 4 + [0.0, 0.1] * 4, 2, (8, 16)),
        ([0.0, 0.1] * 6 + [9.0] + [0.0, 0.1] * 6, 1, (12, 13)),  # one wild value is a stretch of its own
        ([0.0, 0.1] * 6, 2, ()),
    ],
)
def test_levels_with_known_scatter(series, shortest, changes):
    found = change_points(series, sd=0.1, shortest=shortest)
    assert found.change_points == changes
    assert found.penalty == pytest.approx(3 * math.log(len(series)))


def test_stretches_carry_mean_and_u():
    found = change_points([1.0, 3.0, 1.0, 3.0, 21.0, 23.0], sd=1.0)
    first, second = found.stretches
    assert (first.first, first.last, first.mean, first.standard_uncertainty) == (0, 3, 2.0, 0.5)
    assert (second.first, second.last, second.mean) == (4, 5, 22.0)
    assert second.standard_uncertainty == pytest.approx(1 / math.sqrt(2))


@pytest.mark.parametrize(("step", "changed"), [(1.9, False), (2.1, True)])
def test_a_change_pays_when_it_saves_more_than_its_price(step, changed):
    """Two pairs apart by d save d² (2·2/4)/σ²; the price is 4."""
    found = change_points([0.0, 0.0, step, step], sd=1.0, penalty=4.0)
    assert bool(found.change_points) is changed


def test_scatter_is_told_from_neighbours():
    """Differences are ±2 alike, quartiles -2 and 2: σ = 4/1.3489795/√2."""
    found = change_points([0.0, 2.0, 0.0, 2.0, 0.0, 2.0, 0.0, 2.0, 0.0])
    assert found.sd == pytest.approx(4 / 1.3489795 / math.sqrt(2))
    assert found.change_points == ()


@pytest.mark.parametrize(
    ("series", "settings", "error"),
    [
        ([0.0] * 3, {}, TooFewObservations),
        ([0.0] * 5, {"shortest": 3}, TooFewObservations),
        ([0.0] * 9, {"shortest": 0}, ParameterNotAllowed),
        ([0.0] * 9, {"sd": -1.0}, ParameterNotAllowed),
        ([0.0] * 9, {"sd": math.nan}, ParameterNotAllowed),
        ([0.0] * 9, {"penalty": -1.0}, ParameterNotAllowed),
        ([0.0] * 20_001, {}, ParameterNotAllowed),
    ],
)
def test_series_that_cannot_be_parted(series, settings, error):
    with pytest.raises(error):
        change_points(series, **settings)


# --- drift


@pytest.mark.parametrize(
    ("days", "rate", "u_rate", "instability", "value", "u"),
    [
        (0, 0.1, 0.5, 0.0, 10.0, 3.0),
        (8, 0.1, 0.5, 0.0, 10.8, 5.0),  # 3, 4, 5
        (8, -0.1, 0.5, 12.0, 9.2, 13.0),  # 5, 12, 13
        (100, 0.0, 0.0, 0.0, 10.0, 3.0),
        (4, 0.0, 1.0, 0.0, 10.0, 5.0),  # drift only known to be small
    ],
)
def test_the_value_on_a_day_by_hand(days, rate, u_rate, instability, value, u):
    found = value_on_day(10.0, 3.0, days, DriftRate(rate, u_rate), instability=instability)
    assert found.value == pytest.approx(value)
    assert found.standard_uncertainty == pytest.approx(u)
    assert (found.from_certificate, found.from_drift) == (3.0, days * u_rate)
    assert found.from_instability == instability


def test_a_history_of_three_by_hand():
    """Values 0, 1, 2 on days 0, 1, 2 with u = 1: slope 1 ± 1/√2, on day 2 u² = 1/3 + 1/2."""
    found = drift_of_history([0, 1, 2], [0, 1, 2], [1.0, 1.0, 1.0])
    assert found.excess == 0.0
    assert (found.rate.rate, found.rate.standard_uncertainty) == pytest.approx((1.0, math.sqrt(0.5)))
    assert not found.is_significant
    assert found.on(2).value == pytest.approx(2.0)
    assert found.on(2).standard_uncertainty == pytest.approx(math.sqrt(5 / 6))
    assert found.on(3).standard_uncertainty == pytest.approx(math.sqrt(1 / 3 + 4 / 2))


def test_a_common_part_moves_all_alike():
    """u = 5 with 4 in common: own parts 3, the slope is ± 3/√2, the day's u has 4 added."""
    found = drift_of_history([0, 1, 2], [0, 1, 2], [5.0] * 3, common_uncertainty=4.0)
    assert found.rate.standard_uncertainty == pytest.approx(3 / math.sqrt(2))
    assert found.on(1).standard_uncertainty == pytest.approx(math.sqrt(9 / 3 + 16))


def test_an_excess_makes_chi_squared_its_degrees_of_freedom():
    """0, 3, 0 about the mean 1: squares 6 with ν = 1, so u² + excess² = 6."""
    found = drift_of_history([0, 1, 2], [0, 3, 0], [1.0, 1.0, 1.0])
    assert found.excess == pytest.approx(math.sqrt(5))
    assert found.curve.chi_squared == pytest.approx(1.0)
    assert found.on(1).standard_uncertainty == pytest.approx(math.sqrt(6 / 3 + 5))


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (lambda: DriftRate(math.nan, 0.0), ParameterNotAllowed),
        (lambda: DriftRate(0.0, -1.0), ParameterNotAllowed),
        (lambda: value_on_day(1.0, 0.0, 1.0, DriftRate(0.0, 0.0)), ParameterNotAllowed),
        (lambda: value_on_day(1.0, 1.0, -1.0, DriftRate(0.0, 0.0)), ParameterNotAllowed),
        (lambda: value_on_day(1.0, 1.0, 1.0, DriftRate(0.0, 0.0), instability=-1.0), ParameterNotAllowed),
        (lambda: drift_of_history([0, 1, 2], [0, 1, 2], [1.0]), LengthsDiffer),
        (lambda: drift_of_history([0, 1], [0, 1, 2], [1.0, 1.0]), LengthsDiffer),
        (lambda: drift_of_history([0, 0, 0], [0, 1, 2], [1.0] * 3), PointsCoincide),
        (
            lambda: drift_of_history([0, 1, 2], [0, 1, 2], [1.0] * 3, common_uncertainty=1.0),
            ParameterNotAllowed,
        ),
        (lambda: drift_of_history([], [], []), TooFewObservations),
    ],
)
def test_histories_and_rates_that_cannot_be(wrong, error):
    with pytest.raises(error):
        wrong()


# --- curves


@pytest.mark.parametrize(
    ("points", "ordinates", "order", "lowest", "coefficients", "square"),
    [
        ([0, 1, 2], [1, 3, 5], 1, 0, (1, 2), 0),
        ([0, 1, 2], [0, 3, 0], 1, 0, (1, 0), 6),
        ([0, 1, 2, 3], [0, 1, 4, 9], 2, 0, (0, 0, 1), 0),
        ([1, 1], [1, 3], 0, 0, (2,), 2),
        ([1, 2], [2, 4], 1, 1, (2,), 0),
        ([1, 2], [1, 0], 1, 1, (0.2,), 0.8),  # Σxy/Σx² = 1/5; 1 - 2/5 + 5/25
        (["0.1", "0.2", "0.3"], ["0.3", "0.6", "0.9"], 1, 0, (0, 3), 0),
    ],
)
def test_curves_by_hand(points, ordinates, order, lowest, coefficients, square):
    curve = fit_curve(points, ordinates, order=order, lowest_power=lowest)
    assert curve.coefficients == pytest.approx(coefficients, abs=1e-15)
    assert curve.residual_standard_deviation == pytest.approx(math.sqrt(square / curve.degrees_of_freedom))
    assert curve.degrees_of_freedom == len(points) - len(coefficients)


def test_a_line_read_backwards_by_hand():
    """y = 1 + 2 x exactly, u = 0.6 at the reading: u(x) = 0.3 since the curve is sure."""
    curve = fit_curve([0, 1, 2], [1, 3, 5], order=1)
    found = curve.solve(4.0, standard_uncertainty=0.6)
    assert (found.value, found.standard_uncertainty) == pytest.approx((1.5, 0.3))
    for outside in (0.9, 5.1):
        with pytest.raises(NoSolution):
            curve.solve(outside)


@pytest.mark.parametrize(("point", "slope"), [(0.0, 1.0), (1.0, 3.0), (-0.5, 0.0)])
def test_the_slope_of_a_parabola(point, slope):
    curve = fit_curve([-1, 0, 1, 2], [0, 0, 2, 6], order=2)  # x + x²
    assert curve.slope(point) == pytest.approx(slope, abs=1e-12)
    assert curve.predict(point).value == pytest.approx(point + point * point, abs=1e-12)


def test_weights_by_hand():
    """A constant of 0 (u = 1) and 5 (u = 2): weights 4 : 1, mean 1, u² = 4/5, χ² = 1 + 16/4."""
    curve = fit_curve([1, 2], [0, 5], order=0, uncertainties=[1, 2])
    assert curve.coefficients == pytest.approx((1.0,))
    assert curve.standard_uncertainties == pytest.approx((math.sqrt(0.8),))
    assert curve.chi_squared == pytest.approx(5.0)
    assert curve.probability == pytest.approx(0.0253473, rel=1e-5)


@pytest.mark.parametrize(
    ("settings", "error"),
    [
        ({"order": 10}, ParameterNotAllowed),
        ({"order": -1}, ParameterNotAllowed),
        ({"order": 1, "lowest_power": 2}, ParameterNotAllowed),
        ({"order": 0, "lowest_power": 1}, ParameterNotAllowed),
        ({"order": 2}, TooFewObservations),
        ({"order": 1, "uncertainties": [1, 1]}, LengthsDiffer),
        ({"order": 1, "uncertainties": [1, 1, 0]}, ParameterNotAllowed),
    ],
)
def test_curves_that_three_points_do_not_carry(settings, error):
    with pytest.raises(error):
        fit_curve([0, 1, 2], [0, 1, 2], **settings)
