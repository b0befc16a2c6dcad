"""Intervals of a crossed gauge study, checked against simulated studies and against hand calculation."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from jialiang.science.errors import ParameterNotAllowed
from jialiang.science.variances.gauge import crossed_study
from jialiang.science.variances.gauge_intervals import deviation_interval, gauge_degrees, sureness

# two parts (0 and 10), two operators (0 and 2), trials ±1: no interaction; mean squares 200, 8, 0 and 8/5
GAUGE = [[[-1.0, 1.0], [1.0, 3.0]], [[9.0, 11.0], [11.0, 13.0]]]


@pytest.mark.parametrize(("degrees", "confidence"), [(4, 0.95), (30, 0.9), (2.388, 0.99)])
def test_an_interval_holds_sigma_by_chi_squared(degrees, confidence):
    low, high = deviation_interval(3.0, degrees, confidence)
    tail = (1 - confidence) / 2
    assert low == pytest.approx(3 * math.sqrt(degrees / stats.chi2.ppf(1 - tail, degrees)))
    assert high == pytest.approx(3 * math.sqrt(degrees / stats.chi2.ppf(tail, degrees)))
    assert low < 3.0 < high


@pytest.mark.parametrize("confidence", [0.0, 1.0, -0.5, 95.0, math.nan])
def test_a_confidence_is_a_probability(confidence):
    with pytest.raises(ParameterNotAllowed):
        deviation_interval(1.0, 3, confidence)


def test_more_confidence_is_a_wider_interval():
    ends = [deviation_interval(1.0, 5, p) for p in (0.5, 0.8, 0.95, 0.99)]
    assert sorted(ends, reverse=True) == ends
    assert sorted(high for _, high in ends) == [high for _, high in ends]


def test_degrees_of_a_pooled_study_with_a_pencil():
    """GRR² = 8/4 + 1.6 (1 - 1/4) = 3.2; ν = 3.2² / (2²/1 + 1.2²/5)."""
    found = crossed_study(GAUGE)
    assert found.interaction_pooled
    assert gauge_degrees(found) == pytest.approx(3.2**2 / (4 + 1.44 / 5))


def test_degrees_of_a_study_without_operators_are_those_of_the_trials():
    found = crossed_study([[[1.0, 2.0], [1.0, 2.0]], [[5.0, 6.0], [5.0, 6.0]]])
    assert found.operators == 0
    assert gauge_degrees(found) == pytest.approx(found.table[-1].degrees_of_freedom)


def test_degrees_of_a_study_that_keeps_its_interaction():
    """Only the interaction speaks: GRR² = 200/2 + 2 (1 - 1/2) = 101; ν = 101² / (100²/1 + 1²/4)."""
    found = crossed_study([[[4.0, 6.0], [-6.0, -4.0]], [[-6.0, -4.0], [4.0, 6.0]]])
    assert not found.interaction_pooled
    assert found.gauge**2 == pytest.approx(101.0)
    assert gauge_degrees(found) == pytest.approx(101**2 / (100**2 + 1 / 4))


@pytest.mark.parametrize("pooling_from", [0.0, 0.25, 1.0])
def test_the_mean_squares_that_degrees_are_taken_of_add_up_to_the_gauge(pooling_from):
    rng = np.random.default_rng(3)
    parts, operators, trials = 6, 4, 3
    cells = (
        rng.normal(0, 5, (parts, 1, 1))
        + rng.normal(0, 1, (1, operators, 1))
        + rng.normal(0, 1, (parts, operators, 1))
        + rng.normal(0, 1, (parts, operators, trials))
    )
    found = crossed_study(cells.tolist(), pooling_from=pooling_from)
    assert found.operators
    ms = {effect.name: effect.mean_square for effect in found.table}
    nu = {effect.name: effect.degrees_of_freedom for effect in found.table}
    a = 1 / (parts * trials)
    if found.interaction_pooled:
        terms = [(a * ms["operators"], nu["operators"]), ((1 - a) * ms["repeatability"], nu["repeatability"])]
    else:
        assert found.interaction
        terms = [
            (a * ms["operators"], nu["operators"]),
            ((1 / trials - a) * ms["interaction"], nu["interaction"]),
            ((1 - 1 / trials) * ms["repeatability"], nu["repeatability"]),
        ]
    assert sum(part for part, _ in terms) == pytest.approx(found.gauge**2)
    expected = sum(part for part, _ in terms) ** 2 / sum(part**2 / degrees for part, degrees in terms)
    assert gauge_degrees(found) == pytest.approx(expected)


def test_intervals_of_repeatability_hold_as_often_as_they_say():
    """400 studies of known σ: the share that holds it is within 4 standard deviations of the confidence."""
    rng = np.random.default_rng(11)
    held = 0
    for _ in range(400):
        cells = rng.normal(0, 4, (5, 1, 1)) + rng.normal(0, 1, (1, 3, 1)) + rng.normal(0, 2, (5, 3, 2))
        low, high = sureness(crossed_study(cells.tolist(), pooling_from=1.0), confidence=0.9).repeatability
        held += low <= 2.0 <= high
    assert abs(held / 400 - 0.9) < 4 * math.sqrt(0.9 * 0.1 / 400)


def test_categories_at_the_ends_go_the_other_way():
    found = crossed_study(GAUGE)
    sure = sureness(found)
    fewest, most = sure.categories
    assert fewest <= found.distinct_categories <= most
    assert fewest == found.categories_at(sure.gauge[1])
    assert most == found.categories_at(sure.gauge[0])
    assert found.categories_at(0.0) == 0
