"""The bounds of one request, and the distribution drawn for a picture."""

import math

import numpy as np
import pytest

from jialiang.information.budget_distribution import DRAWS, output_distributions
from jialiang.information.science_errors import AskedTooMuch
from jialiang.information.science_questions import (
    MOST_DRAWS,
    Wishes,
    bounded,
    evaluate_budget,
    evaluate_question,
)
from jialiang.information.simulated_distribution import COLUMNS
from jialiang.science.documents.errors import NotANumberOfDraws
from jialiang.science.documents.reading import read_document


def document(inputs=1, outputs=1, **settings):
    return {
        "model": {"expr": {f"y{k}": "2*x0" for k in range(outputs)}},
        "inputs": [{"name": f"x{k}", "mean": 1, "u": 1} for k in range(inputs)],
        "settings": settings,
    }


@pytest.mark.parametrize(
    ("inputs", "outputs", "most"),
    [
        (1, 1, MOST_DRAWS),
        (50, 1, MOST_DRAWS),
        (100, 1, 500_000),
        (200, 1, 250_000),
        (1, 4, MOST_DRAWS),
        (1, 20, 200_000),
    ],
)
def test_adaptive_draws_end_at_a_bound_of_what_is_drawn_and_kept(inputs, outputs, most):
    assert bounded(read_document(document(inputs, outputs))).settings.largest_draws == most


@pytest.mark.parametrize(
    ("data", "member", "most"),
    [
        (document(draws=MOST_DRAWS + 1), "settings.draws", MOST_DRAWS),
        (document(100, draws=500_001), "settings.draws", 500_000),
        (document(1, 20, draws=200_001), "settings.draws", 200_000),
        (document(201), "inputs", 200),
        (document(61, method="lpu2"), "inputs", 60),
        (document(1, 21), "model.outputs", 20),
        (document(probability=0.9974), "settings.probability", "0.9973"),
    ],
)
def test_more_than_a_bound_is_refused_with_the_bound(data, member, most):
    with pytest.raises(AskedTooMuch) as refused:
        evaluate_budget(data)
    assert (refused.value.facts["member"], refused.value.facts["most"]) == (member, most)
    assert str(most) in refused.value.what.zh


def test_what_is_at_its_bound_passes():
    found = evaluate_budget(document(60, method="lpu2", validate=False, probability=0.9973))
    assert found.outputs["y0"].standard_uncertainty == 2


@pytest.mark.parametrize("draws", ["-1", "1e6", "many", "１００００", "9" * 11, ""])
def test_a_wish_for_draws_is_a_number_or_adaptive(draws):
    with pytest.raises(NotANumberOfDraws):
        evaluate_budget(document(), Wishes(draws=draws))


def test_wishes_go_before_the_settings():
    found = evaluate_budget(
        document(method="lpu", seed=1), Wishes(method="mc", draws="20000", seed=9, probability=0.9)
    )
    assert (found.settings.method, found.settings.draws, found.settings.seed) == ("mc", 20_000, 9)
    assert found.settings.probability == 0.9


@pytest.mark.parametrize(
    ("topic", "data", "member"),
    [
        ("repeatability", {"data": [1] * 20_001}, "data"),
        ("anova", {"data": [[[1] * 100] * 100, [1] * 10_001]}, "data"),
        ("interval-s2", {"times": [1] * 301}, "times"),
        ("drift", {"days": [1] * 5_001}, "days"),
        ("allan", {"taus": [1] * 201}, "taus"),
        ("allan", {"phase": [1] * 20_001}, "phase"),
        ("comparison-round", {"participants": [{"code": "a", "x": 1}] * 251}, "participants"),
        ("calibration-curve", {"order": 10}, "order"),
        ("key-comparison", {"draws": "100001"}, "draws"),
    ],
)
def test_long_lists_are_refused_before_the_calculation_begins(topic, data, member):
    with pytest.raises(AskedTooMuch) as refused:
        evaluate_question(topic, data)
    assert refused.value.facts["member"] == member


def test_lists_at_their_bound_are_answered():
    assert evaluate_question("repeatability", {"data": [0, 1] * 10_000})["mean"] == 0.5


# --- the distribution of an output


def drawn(expr, *inputs, **settings):
    data = {"model": {"expr": {"y": expr}}, "inputs": list(inputs), "settings": settings}
    evaluation = evaluate_budget(data)
    return evaluation, output_distributions(evaluation).get("y")


def test_columns_hold_nearly_all_draws_and_the_curve_is_that_of_the_law():
    evaluation, found = drawn("x", {"name": "x", "mean": 5, "u": 2})
    width = np.diff(found.edges)
    assert len(found.densities) == COLUMNS
    assert float(np.dot(width, found.densities)) == pytest.approx(1, abs=2e-3)
    assert (found.estimate, found.uncertainty) == (5, 2)
    low, high = found.propagated
    assert (low, high) == pytest.approx((5 - 1.959964 * 2, 5 + 1.959964 * 2), rel=1e-6)
    assert found.simulated == evaluation.simulation.outputs["y"].symmetric_interval


def test_the_same_seed_gives_the_same_columns_and_another_seed_others():
    row = {"name": "x", "mean": 5, "u": 2}
    once, again, other = (drawn("x", row, seed=seed)[1] for seed in (4, 4, 5))
    assert once == again
    assert once.densities != other.densities


def test_a_skew_distribution_is_shown_whole():
    _, found = drawn(
        "x**2", {"name": "x", "distribution": "rectangular", "low": 0, "high": 1}, method="mc", draws=20_000
    )
    assert found.edges[0] < 0.01
    assert found.edges[-1] > 0.99
    assert found.densities[0] <= found.densities[-1] or found.edges[0] < 0


def test_far_tails_do_not_squash_the_rest():
    _, found = drawn("x", {"name": "x", "distribution": "t", "mean": 0, "u": 1, "dof": 1.5})
    assert found.edges[-1] < 400


def test_without_validation_the_interval_comes_from_the_draws_of_the_picture():
    evaluation, found = drawn("x", {"name": "x", "mean": 0, "u": 1}, validate=False)
    assert evaluation.simulation is None
    assert found.draws == DRAWS
    assert found.simulated == pytest.approx((-1.96, 1.96), abs=0.03)


@pytest.mark.parametrize("expr", ["0*x", "2"])
def test_outputs_without_uncertainty_have_no_picture(expr):
    assert drawn(expr, {"name": "x", "mean": 1, "u": 1}, validate=False)[1] is None


def test_draws_that_are_no_numbers_have_no_picture():
    evaluation, found = drawn("log(x)", {"name": "x", "mean": 1, "u": 1})
    assert found is None
    assert not math.isnan(evaluation.outputs["y"].value)
