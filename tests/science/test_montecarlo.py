"""Monte Carlo against the literature."""

import math

import numpy as np
import pytest
from vector_budgets import budget_of, models_of, vector

from jialiang.kernel.text import Text
from jialiang.science.budget import Budget, Correlation, InputQuantity
from jialiang.science.distributions import Normal, Rectangular, StudentT
from jialiang.science.errors import ModelNotFinite, ParameterNotAllowed, UncertaintyNotPositive
from jialiang.science.montecarlo import (
    MOST_DRAWS,
    MonteCarloSettings,
    Watch,
    fewest_draws,
    numerical_tolerance,
    shortest_interval,
    simulate,
    simulate_jointly,
    symmetric_interval,
)

CASES = [
    # vector, output, tolerance of mean and u, of intervals
    ("gums1-9-3-mass-calibration", "dm", 5e-4, 3e-3),
    ("gums1-9-2-4-additive-rect-unequal", "Y", 0.03, 0.05),
    ("gums1-9-5-gauge-block", "dL", 0.15, 1.5),
    ("gums1-9-4-comparison-loss-x1_0.000-r_0.0", "dY", 1e-6, 8e-6),
    ("gums1-9-4-comparison-loss-x1_0.010-r_0.9", "dY", 2e-6, 8e-6),
    ("gums1-9-4-comparison-loss-x1_0.050-r_0.0", "dY", 2e-6, 2e-5),
    ("gums1-9-4-comparison-loss-x1_0.050-r_0.9", "dY", 2e-6, 2e-5),
    ("nist-tn1900-e11-step-attenuator", "Lx", 5e-4, 2e-3),
    ("nist-tn1900-e3-viscometer", "mu_m", 0.02, 0.1),
    ("npl-ssfm6-log-rectangular", "Y", 2e-3, 0.02),
]


def one_input(distribution, estimate=0.0):
    return Budget("y", Text(), "\\one", (InputQuantity("x", Text(), "\\one", estimate, distribution),))


@pytest.mark.parametrize(("name", "output", "moment", "end"), CASES, ids=[case[0] for case in CASES])
def test_monte_carlo_meets_the_reference_draws(oracles, name, output, moment, end):
    data = vector(oracles, name)
    reference = data["reference_mc"]
    for row in reference["intervals"]:
        settings = MonteCarloSettings(seed=20261121, coverage_probability=row["p"], draws=500_000)
        found = simulate(budget_of(data), models_of(data)[output], settings)
        assert found.estimate == pytest.approx(reference["y"], abs=moment)
        assert found.standard_uncertainty == pytest.approx(reference["u"], abs=moment)
        assert found.symmetric_interval == pytest.approx(row["probabilistically_symmetric"], abs=end)
        assert found.shortest_interval == pytest.approx(row["shortest"], abs=end)


@pytest.mark.parametrize("seed", range(5))
def test_four_normal_inputs_give_the_exact_interval(oracles, seed):
    data = vector(oracles, "gums1-9-2-2-additive-normal")
    exact, tolerance = data["expected"]["exact"], data["expected"]["mcm"]["tol"]
    found = simulate(budget_of(data), models_of(data)["Y"], MonteCarloSettings(seed=seed))
    assert found.estimate == pytest.approx(exact["y"], abs=tolerance["y"])
    assert found.standard_uncertainty == pytest.approx(exact["u"], abs=tolerance["u"])
    assert found.symmetric_interval == pytest.approx(exact["interval95"], abs=tolerance["interval"])
    assert found.coverage_factor() == pytest.approx(1.96, abs=0.01)


def test_the_shortest_interval_of_a_logarithm_is_not_the_symmetric_one(oracles):
    data = vector(oracles, "npl-ssfm6-log-rectangular")
    found = simulate(budget_of(data), models_of(data)["Y"], MonteCarloSettings(seed=1))
    exact = data["expected"]["exact"]
    assert found.interval("shortest")[1] == pytest.approx(exact["shortest95_upper"], abs=1e-4)
    assert found.interval("shortest")[0] == pytest.approx(exact["shortest95_lower"], abs=0.01)
    assert found.interval("symmetric")[0] < found.interval("shortest")[0]


def test_a_group_of_one_fit_gives_the_t_interval_of_its_degrees_of_freedom():
    inputs = tuple(InputQuantity(s, Text(), "\\one", 0.0, StudentT(1.0, 9.0), group="fit") for s in "ab")
    budget = Budget("y", Text(), "\\one", inputs, (Correlation("a", "b", -0.93),))
    found = simulate(budget, lambda a, b: a + b, MonteCarloSettings(seed=1))
    u = math.sqrt(2 * (1 - 0.93))
    assert found.symmetric_interval == pytest.approx((-2.262157 * u, 2.262157 * u), abs=0.006)


def test_a_budget_drawn_twice_gives_identical_bits():
    settings = MonteCarloSettings(seed=42, draws=100_000)
    one, other = (simulate(one_input(Normal(1.0)), lambda x: np.exp(x), settings) for _ in range(2))
    assert one == other
    assert (one.draws, one.seed) == (100_000, 42)
    assert "numpy" in one.engine_version


@pytest.mark.parametrize(
    ("u", "digits", "delta"),
    [
        (0.0539, 1, 0.005),
        (0.0539, 2, 0.0005),
        (0.0996, 2, 0.005),
        (0.0996, 1, 0.05),
        (35.8, 1, 5.0),
        (2.0, 2, 0.05),
        (0.0, 2, 0.0),
    ],
)
def test_the_numerical_tolerance_is_half_a_unit_of_the_last_digit(u, digits, delta):
    assert numerical_tolerance(u, digits) == delta


def test_intervals_of_few_sorted_draws_can_be_counted_by_hand():
    draws = np.array([0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 100.0])
    assert symmetric_interval(draws, 0.8) == (0.0, 8.0)
    assert shortest_interval(draws, 0.8) == (0.0, 8.0)
    skewed = np.array([0.0, 10.0, 20.0, 21.0, 22.0, 23.0, 24.0, 25.0, 26.0, 27.0])
    assert shortest_interval(skewed, 0.7) == (20.0, 27.0)


@pytest.mark.parametrize("kind", ["symmetric", "shortest"])
def test_adaptive_draws_keep_one_digit_in_every_run(oracles, kind):
    data = vector(oracles, "gums1-9-3-mass-calibration")
    row = data["reference_mc"]["intervals"][0]
    wanted = row["probabilistically_symmetric" if kind == "symmetric" else "shortest"]
    for seed in range(20):
        settings = MonteCarloSettings(seed=seed, draws=None, digits=1, interval_kind=kind)
        found = simulate(budget_of(data), models_of(data)["dm"], settings)
        assert found.converged
        assert found.draws >= 65536
        assert found.interval(kind) == pytest.approx(wanted, abs=data["expected"]["delta"])


def test_adaptive_draws_go_on_until_two_digits_hold():
    coarse, fine = (
        simulate(one_input(Normal(0.09)), lambda x: x, MonteCarloSettings(seed=3, draws=None, digits=digits))
        for digits in (1, 2)
    )
    assert coarse.draws < fine.draws
    assert fine.symmetric_interval == pytest.approx((-0.1763967, 0.1763967), abs=0.0005)


def test_adaptive_draws_admit_that_they_did_not_converge():
    settings = MonteCarloSettings(
        seed=3, draws=None, digits=2, largest_draws=1 << 18, interval_kind="shortest"
    )
    found = simulate(one_input(Normal(1.0)), lambda x: np.exp(2 * x), settings)
    assert found.converged is False
    assert found.draws == 1 << 18


def test_a_high_probability_asks_for_more_draws():
    assert fewest_draws(0.95) == 10_000
    assert fewest_draws(0.9999) >= 1_000_000
    settings = MonteCarloSettings(seed=1, draws=None, digits=1, coverage_probability=0.999)
    assert simulate(one_input(Normal(1.0)), lambda x: x, settings).draws >= 16 * fewest_draws(0.999)


def test_a_model_that_gives_one_number_for_all_draws_is_spread_over_them():
    found = simulate(one_input(Normal(1.0)), lambda x: 3.0, MonteCarloSettings(seed=1, draws=10_000))
    assert (found.estimate, found.standard_uncertainty) == (3.0, 0.0)
    with pytest.raises(UncertaintyNotPositive):
        found.coverage_factor()


def test_a_draw_outside_the_domain_of_the_model_is_an_error_not_a_hole():
    with pytest.raises(ModelNotFinite):
        simulate(one_input(Rectangular(1.0)), lambda x: np.log(x), MonteCarloSettings(seed=1, draws=10_000))


@pytest.mark.parametrize(
    "members",
    [
        {"draws": 9_999},
        {"coverage_probability": 1.0},
        {"coverage_probability": 0.9999, "draws": 20_000},
        {"seed": -1},
        {"largest_draws": 100_000},
        {"draws": MOST_DRAWS + 1},
        {"draws": None, "largest_draws": MOST_DRAWS + 1},
    ],
)
def test_settings_that_cannot_hold_are_refused(members):
    with pytest.raises(ParameterNotAllowed):
        MonteCarloSettings(**({"seed": 1} | members))


def test_the_ends_of_the_shortest_interval_are_more_doubtful_than_the_symmetric_ones():
    settings = MonteCarloSettings(seed=3, draws=None, digits=1)
    joint = simulate_jointly(one_input(Normal(0.09)), ("y",), lambda values: (values["x"],), settings)
    doubts = joint.doubts["y"]
    assert doubts.shortest_ends > doubts.symmetric_ends > doubts.estimate
    assert doubts.largest <= numerical_tolerance(joint.outputs["y"].standard_uncertainty, 1)


def test_several_outputs_of_the_same_draws_keep_their_correlation():
    settings = MonteCarloSettings(seed=3, draws=50_000)
    joint = simulate_jointly(
        one_input(Normal(1.0)), ("a", "b"), lambda v: (v["x"] * 2 + 1, -v["x"]), settings
    )
    assert joint.correlation["a", "b"] == pytest.approx(-1.0, abs=1e-12)
    assert joint.outputs["a"].standard_uncertainty == pytest.approx(
        2 * joint.outputs["b"].standard_uncertainty, rel=1e-12
    )
    assert joint.outputs["a"].estimate == pytest.approx(1 - 2 * joint.outputs["b"].estimate, rel=1e-9)


def test_draws_of_all_outputs_can_be_watched_before_they_are_sorted():
    seen = []
    settings = MonteCarloSettings(seed=3, draws=10_000)
    simulate_jointly(
        one_input(Normal(1.0)),
        ("a", "b"),
        lambda v: (v["x"], v["x"] ** 2),
        settings,
        Watch(keep=lambda values: seen.append(values.copy())),
    )
    assert np.array_equal(seen[0][0] ** 2, seen[0][1])
    assert not np.array_equal(seen[0][0], np.sort(seen[0][0]))


def test_the_printed_rule_stops_in_whole_batches_and_says_so():
    settings = MonteCarloSettings(seed=3, draws=None, digits=1, rule="s1")
    found = simulate(one_input(Normal(0.09)), lambda x: x, settings)
    assert found.converged is True
    assert found.draws % fewest_draws(0.95) == 0
    limited = MonteCarloSettings(seed=3, draws=None, digits=2, rule="s1", largest_draws=1 << 18)
    assert simulate(one_input(Normal(1.0)), lambda x: np.exp(2 * x), limited).converged is False
