"""Repeated observations."""

import json
import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.science.errors import LengthsDiffer, TooFewObservations
from jialiang.science.type_a import PooledDeviation, pooled_deviation, repeatability, repeatability_with

series = st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=30)


def test_jjf_1033_repeatability_by_bessel(oracles):
    vector = json.loads((oracles / "metrology" / "jjf1033-repeatability-stability.json").read_text())[
        "repeatability"
    ]
    found = repeatability(vector["y"])
    assert found.mean == pytest.approx(vector["mean"], rel=1e-14)
    assert found.standard_deviation == pytest.approx(vector["s"], rel=1e-9)
    assert (found.count, found.degrees_of_freedom) == (vector["n"], vector["n"] - 1)


def test_simultaneous_observations_of_gum_h2_have_the_published_scatter(oracles):
    vector = json.loads((oracles / "uncertainty" / "gum-h2-simultaneous.json").read_text())
    columns = zip(*vector["observations"]["rows"], strict=True)
    derived = vector["derived_inputs"]
    for column, mean, u in zip(columns, derived["mean"], derived["u"], strict=True):
        found = repeatability(column)
        assert found.mean == pytest.approx(mean, rel=1e-12)
        assert found.standard_uncertainty_of_mean == pytest.approx(u, rel=1e-9)


def test_daily_series_of_gum_h5_pool_to_the_published_within_day_scatter(oracles):
    vector = json.loads((oracles / "uncertainty" / "gum-h5-anova-zener.json").read_text())
    data, expected = vector["data"], vector["expected"]
    means = repeatability(data["daily_mean_V"])
    assert means.mean == pytest.approx(expected["grand_mean"]["value"], rel=1e-12)
    assert means.standard_deviation == pytest.approx(expected["s_of_daily_means"]["value"], rel=1e-9)
    assert means.standard_uncertainty_of_mean == pytest.approx(
        expected["u_mean_if_between_day"]["value"], rel=1e-9
    )
    within = pooled_deviation(data["daily_s_V"], [data["per_day"] - 1] * data["days"])
    assert within.standard_deviation == pytest.approx(expected["s_b_within"]["value"], rel=1e-9)
    assert within.degrees_of_freedom == 40


@given(st.floats(-1e12, 1e12), st.integers(2, 20))
def test_equal_readings_have_no_scatter_at_all(reading, count):
    found = repeatability([reading] * count)
    assert found.standard_deviation == 0
    assert found.mean == reading


@given(series)
def test_the_order_of_the_readings_does_not_matter(readings):
    assert repeatability(readings) == repeatability(readings[::-1])


@given(series, st.integers(-5, 5))
def test_scaling_the_unit_scales_mean_and_scatter(readings, exponent):
    factor = 2.0**exponent
    scaled = repeatability([Fraction(r) * Fraction(factor) for r in readings])
    plain = repeatability(readings)
    assert scaled.mean == pytest.approx(plain.mean * factor)
    assert scaled.standard_deviation == pytest.approx(plain.standard_deviation * factor)


def test_one_reading_needs_a_pooled_deviation():
    with pytest.raises(TooFewObservations) as caught:
        repeatability([1.0])
    assert caught.value.facts == {"needed": 2, "given": 1}
    found = repeatability_with(PooledDeviation(0.02, 40), [1.0])
    assert (found.mean, found.standard_uncertainty_of_mean, found.degrees_of_freedom) == (1.0, 0.02, 40)
    with pytest.raises(TooFewObservations):
        repeatability_with(PooledDeviation(0.02, 40), [])


def test_a_pooled_deviation_divides_by_the_root_of_the_readings_taken_now():
    found = repeatability_with(PooledDeviation(0.02, 40), [1.0, 1.1, 0.9, 1.0])
    assert found.standard_uncertainty_of_mean == pytest.approx(0.01)
    assert math.isclose(found.mean, 1.0)


def test_pooling_weighs_by_degrees_of_freedom():
    assert pooled_deviation([1.0, 3.0], [9, 1]).standard_deviation == pytest.approx(math.sqrt(1.8))
    with pytest.raises(LengthsDiffer):
        pooled_deviation([1.0], [1, 2])
    with pytest.raises(TooFewObservations):
        pooled_deviation([], [])
