"""Scores with their verdicts, and Algorithm A with its laws."""

import math
from statistics import median, stdev

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from jialiang.science.comparisons.robust import algorithm_a, scaled_mad, winsorized
from jialiang.science.comparisons.scores import (
    Score,
    difference,
    en_score,
    prefers_zprime,
    z_score,
    zeta_score,
    zprime_score,
)
from jialiang.science.errors import ParameterNotAllowed, TooFewObservations

values = st.floats(-100, 100).map(lambda x: round(x, 3))
positive = st.floats(0.001, 10)


@pytest.mark.parametrize(
    ("name", "score", "verdict"),
    [
        ("en", 1.0, "satisfactory"),
        ("en", -1.0, "satisfactory"),
        ("en", 1.0000001, "unsatisfactory"),
        ("z", 2.0, "satisfactory"),
        ("z", -2.0000001, "questionable"),
        ("zeta", 2.999, "questionable"),
        ("zeta", 3.0, "unsatisfactory"),
        ("zprime", -3.5, "unsatisfactory"),
        ("zprime", 0.0, "satisfactory"),
    ],
)
def test_verdicts_at_their_limits(name, score, verdict):
    assert Score(name, score).verdict == verdict


def test_differences_are_decimal():
    assert 1.00005 - 1.0 != 0.00005
    assert difference(1.00005, 1.0) == 0.00005
    assert difference("10.000", "9.9995") == 0.0005
    assert en_score("1.00005", 2e-5, "1", 2e-5).score == pytest.approx(5e-5 / math.sqrt(8e-10), rel=1e-15)


@given(values, values, positive, positive)
def test_en_is_half_of_zeta_for_k_two_and_both_turn_their_sign(x, x_ref, u, u_ref):
    en, zeta = en_score(x, 2 * u, x_ref, 2 * u_ref), zeta_score(x, u, x_ref, u_ref)
    assert zeta.score == pytest.approx(2 * en.score, rel=1e-12, abs=1e-12)
    assert en_score(x_ref, 2 * u_ref, x, 2 * u).score == pytest.approx(-en.score, rel=1e-12, abs=1e-12)


@given(values, values, positive, st.floats(0, 10))
def test_zprime_is_never_larger_than_z(x, x_ref, sigma, u_ref):
    assert abs(zprime_score(x, x_ref, sigma, u_ref).score) <= abs(z_score(x, x_ref, sigma).score) * (
        1 + 1e-12
    )
    assert prefers_zprime(sigma, u_ref) == (u_ref > 0.3 * sigma)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: z_score(1, 0, 0),
        lambda: z_score(1, 0, -1),
        lambda: en_score(1, 0, 0, 0),
        lambda: en_score(1, -1, 0, 1),
        lambda: zeta_score(1, math.inf, 0, 1),
        lambda: zprime_score(1, 0, 1, -0.1),
        lambda: prefers_zprime(0, 1),
    ],
)
def test_scores_need_a_scale(wrong):
    with pytest.raises(ParameterNotAllowed):
        wrong()


results = st.lists(st.floats(-50, 50).map(lambda x: round(x, 4)), min_size=3, max_size=25)


def test_the_first_steps_of_the_brief_and_the_fixed_point():
    data = [4.5, 4.9, 5.6, 4.2, 6.2, 5.2, 9.9]
    found = algorithm_a(data)
    assert found.steps[0] == (5.2, pytest.approx(1.0381))
    assert found.steps[1] == (pytest.approx(5.336735714285714), pytest.approx(1.0386927803119796))
    again = winsorized(data, found.mean, 1.5 * found.standard_deviation)
    assert math.fsum(again) / len(again) == pytest.approx(found.mean, rel=1e-13)
    assert 1.134 * stdev(again) == pytest.approx(found.standard_deviation, rel=1e-12)
    assert found.replaced == (6,)
    assert found.standard_uncertainty == pytest.approx(1.25 * found.standard_deviation / math.sqrt(7))


@given(results, st.floats(0.01, 100), st.floats(-1000, 1000))
def test_algorithm_a_follows_shift_and_scale(data, scale, shift):
    assume(scaled_mad(data) > 0.01)
    plain = algorithm_a(data)
    moved = algorithm_a([scale * x + shift for x in data])
    assert moved.mean == pytest.approx(scale * plain.mean + shift, rel=1e-8, abs=1e-7 * scale)
    assert moved.standard_deviation == pytest.approx(scale * plain.standard_deviation, rel=1e-6, abs=1e-9)


@given(results)
def test_algorithm_a_does_not_mind_the_order(data):
    forward, backward = algorithm_a(data), algorithm_a(data[::-1])
    assert forward.mean == pytest.approx(backward.mean, abs=1e-10)
    assert forward.standard_deviation == pytest.approx(backward.standard_deviation, abs=1e-9)
    assert min(data) <= forward.mean <= max(data)


@given(st.floats(20, 1e9))
def test_one_wild_result_moves_nothing_however_wild(outlier):
    calm = [9.8, 9.9, 10.0, 10.05, 10.1, 10.2, 9.95]
    found, reference = algorithm_a([*calm, outlier]), algorithm_a([*calm, 20.0])
    assert found.mean == pytest.approx(reference.mean, rel=1e-9)
    assert found.standard_deviation == pytest.approx(reference.standard_deviation, rel=1e-9)
    assert 7 in found.replaced


def test_where_most_agree_there_is_no_scatter():
    found = algorithm_a([5.0, 5.0, 5.0, 5.0, 9.0])
    assert (found.mean, found.standard_deviation) == (5.0, 0.0)
    assert found.replaced == (4,)


def test_large_offsets_cost_no_digits():
    small = [1e-6 * d for d in (3, 1, 4, 1, 5, 9, 2, 6)]
    found, offset = algorithm_a(small), algorithm_a([1000 + x for x in small])
    assert offset.standard_deviation == pytest.approx(found.standard_deviation, rel=1e-6)
    assert offset.mean - 1000 == pytest.approx(found.mean, rel=1e-6)


def test_normal_samples_give_their_own_mean_and_deviation():
    from scipy.stats import norm

    data = [10 + 2 * float(norm.ppf((i + 0.5) / 4000)) for i in range(4000)]
    found = algorithm_a(data)
    assert found.mean == pytest.approx(10, abs=1e-6)
    assert found.standard_deviation == pytest.approx(2, rel=0.01)


def test_scaled_mad_and_empty_data():
    assert scaled_mad([1.0, 2.0, 4.0]) == pytest.approx(1.483 * median([1, 0, 2]))
    with pytest.raises(TooFewObservations):
        scaled_mad([])
    with pytest.raises(TooFewObservations):
        algorithm_a([1.0])
