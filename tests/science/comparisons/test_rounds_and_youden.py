"""A round from participants to report, and the Youden plot."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.science.comparisons.robust import algorithm_a
from jialiang.science.comparisons.rounds import AssignedValue, Participation, assigned_value, score_round
from jialiang.science.comparisons.youden import youden_plot
from jialiang.science.errors import DuplicateSymbol, LengthsDiffer, ParameterNotAllowed, TooFewObservations

PARTICIPANTS = [
    Participation("A", 10.012, 0.010),
    Participation("B", 10.001, 0.008),
    Participation("C", 9.998),
    Participation("D", 10.050, 0.010, 2.5),
]
REFERENCE = AssignedValue(10.0, 0.003, "reference")


def test_scores_of_a_round_with_a_reference_value():
    report = score_round(PARTICIPANTS, REFERENCE, sigma_pt=0.02)
    by_code = {row.participation.code: {s.name: s.score for s in row.scores} for row in report.rows}
    assert by_code["A"]["en"] == pytest.approx(0.012 / math.hypot(0.010, 0.006))
    assert by_code["A"]["zeta"] == pytest.approx(0.012 / math.hypot(0.005, 0.003))
    assert by_code["D"]["en"] == pytest.approx(0.05 / math.hypot(0.010, 2.5 * 0.003))
    assert by_code["D"]["zeta"] == pytest.approx(0.05 / math.hypot(0.004, 0.003))
    assert set(by_code["C"]) == {"z"}
    assert by_code["C"]["z"] == pytest.approx(-0.1)
    assert report.summary["en"] == {"unsatisfactory": 2, "satisfactory": 1}
    assert report.summary["z"] == {"satisfactory": 3, "questionable": 1}


def test_an_uncertain_assigned_value_brings_zprime():
    report = score_round(PARTICIPANTS, AssignedValue(10.0, 0.01, "reference"), sigma_pt=0.02)
    assert {s.name for s in report.rows[2].scores} == {"z", "zprime"}


def test_the_consensus_is_algorithm_a_or_the_weighted_mean():
    robust = assigned_value(PARTICIPANTS, "algorithm-a")
    expected = algorithm_a([each.x for each in PARTICIPANTS])
    assert (robust.x, robust.standard_uncertainty) == (expected.mean, expected.standard_uncertainty)
    weighted = assigned_value(PARTICIPANTS, "weighted-mean")
    w = [1 / 0.005**2, 1 / 0.004**2, 1 / 0.004**2]
    assert weighted.x == pytest.approx(
        sum(a * x for a, x in zip(w, (10.012, 10.001, 10.05), strict=True)) / sum(w)
    )
    with pytest.raises(TooFewObservations):
        assigned_value([Participation("A", 1.0, 0.1), Participation("B", 1.0)], "weighted-mean")


def test_a_code_stands_for_one_participant_and_a_round_has_some():
    with pytest.raises(DuplicateSymbol):
        score_round([Participation("A", 1.0), Participation("A", 2.0)], REFERENCE)
    with pytest.raises(TooFewObservations):
        score_round([], REFERENCE)


def test_laboratories_that_err_alike_lie_on_the_diagonal():
    shifts = [0.0, 0.3, -0.2, 0.5, -0.6]
    found = youden_plot([10 + s for s in shifts], [20 + s for s in shifts])
    assert all(abs(point.across) < 1e-12 for point in found.points)
    assert found.sd_along == pytest.approx(math.sqrt(2) * np.std(shifts, ddof=1))
    assert found.centre == (10.0, 20.0)
    assert found.points[3].along == pytest.approx(0.5 * math.sqrt(2))


def test_with_random_errors_alone_the_circle_holds_its_share():
    rng = np.random.default_rng(5)
    a, b = rng.standard_normal((2, 20_000))
    found = youden_plot(a.tolist(), b.tolist())
    assert found.radius == pytest.approx(2.4477 * found.sd_across, rel=1e-4)
    assert len(found.outside) / 20_000 == pytest.approx(0.05, abs=0.006)
    assert found.sd_along == pytest.approx(found.sd_across, rel=0.03)


@given(st.lists(st.tuples(st.floats(-5, 5), st.floats(-5, 5)), min_size=3, max_size=20))
def test_turning_keeps_distances_and_exchanging_items_mirrors(pairs):
    a, b = ([p[i] for p in pairs] for i in (0, 1))
    found, mirrored = youden_plot(a, b), youden_plot(b, a)
    for point, other in zip(found.points, mirrored.points, strict=True):
        centred = math.hypot(point.first - found.centre[0], point.second - found.centre[1])
        assert point.distance == pytest.approx(centred, abs=1e-9)
        assert other.across == pytest.approx(-point.across, abs=1e-12)
        assert other.along == pytest.approx(point.along, abs=1e-12)


def test_youden_needs_pairs():
    with pytest.raises(LengthsDiffer):
        youden_plot([1.0], [1.0, 2.0])
    with pytest.raises(TooFewObservations):
        youden_plot([1.0, 2.0], [1.0, 2.0])
    with pytest.raises(ParameterNotAllowed):
        youden_plot([1.0, 2.0, 3.0], [1.0, 2.0, 3.0], probability=1)
