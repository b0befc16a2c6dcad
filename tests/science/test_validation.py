"""Validation of the law of propagation by Monte Carlo."""

import pytest
from vector_budgets import budget_of, models_of, vector

from jialiang.science.coverage import Coverage, expand
from jialiang.science.errors import ParameterNotAllowed
from jialiang.science.montecarlo import MonteCarloSettings, simulate
from jialiang.science.propagation import propagate
from jialiang.science.validation import validate


def verdict(data, output, *, digits, kind="symmetric", draws=1_000_000, seed=20261121):
    budget, model = budget_of(data), models_of(data)[output]
    propagation = propagate(budget, model)
    nu = propagation.degrees_of_freedom
    u = propagation.combined_standard_uncertainty
    coverage = expand(u, nu, coverage_probability=0.95) if u else Coverage(0.95, 1.96, 0.0, None)
    simulation = simulate(budget, model, MonteCarloSettings(seed=seed, draws=draws))
    return validate(propagation, coverage, simulation, digits=digits, interval_kind=kind)


def test_mass_calibration_first_order_is_not_valid(oracles):
    data = vector(oracles, "gums1-9-3-mass-calibration")
    expected = data["expected"]["lpu1"]
    found = verdict(data, "dm", digits=data["expected"]["ndig"], kind="shortest")
    assert found.ok is expected["validated"] is False
    assert found.delta == data["expected"]["delta"]
    assert found.d_low == pytest.approx(expected["d_low_published"], abs=0.003)
    assert found.d_high == pytest.approx(expected["d_high_published"], abs=0.003)


def test_a_dominant_rectangular_input_is_not_valid(oracles):
    data = vector(oracles, "gums1-9-2-4-additive-rect-unequal")
    found = verdict(data, "Y", digits=2)
    assert found.ok is data["expected"]["lpu_validated"] is False
    assert found.propagated_interval == pytest.approx(data["expected"]["lpu"]["interval95"], abs=0.05)
    assert found.simulated_interval == pytest.approx(
        data["expected"]["mcm"]["interval95_symmetric"], abs=0.05
    )


@pytest.mark.parametrize("seed", range(5))
def test_four_normal_inputs_are_valid_at_two_digits(oracles, seed):
    data = vector(oracles, "gums1-9-2-2-additive-normal")
    found = verdict(data, "Y", digits=2, seed=seed)
    assert found.ok
    assert (found.delta, found.draws, found.seed) == (0.05, 1_000_000, seed)
    assert "jialiang.science" in found.engine_version


def test_an_uncertainty_of_zero_at_a_stationary_point_is_never_valid(oracles):
    found = verdict(vector(oracles, "gums1-9-4-comparison-loss-x1_0.000-r_0.0"), "dY", digits=1)
    assert not found.ok
    assert found.delta == 0


def test_the_comparison_loss_fails_by_its_bias_even_far_from_the_stationary_point(oracles):
    found = verdict(vector(oracles, "gums1-9-4-comparison-loss-x1_0.050-r_0.0"), "dY", digits=1)
    assert found.delta == pytest.approx(5e-5)
    assert not found.ok
    assert max(found.d_low, found.d_high) < 2e-4


def test_a_model_that_does_not_depend_on_its_inputs_is_not_called_valid(oracles):
    data = vector(oracles, "gums1-9-2-2-additive-normal")
    budget = budget_of(data)
    propagation = propagate(budget, lambda **_: 3.0)
    simulation = simulate(budget, lambda **_: 3.0, MonteCarloSettings(seed=1, draws=10_000))
    found = validate(propagation, Coverage(0.95, 1.96, 0.0, None), simulation)
    assert (found.d_low, found.d_high) == (0.0, 0.0)
    assert not found.ok


def test_intervals_of_different_probability_are_not_compared(oracles):
    data = vector(oracles, "gums1-9-2-2-additive-normal")
    budget, model = budget_of(data), models_of(data)["Y"]
    propagation = propagate(budget, model)
    coverage = expand(propagation.combined_standard_uncertainty, 9.0, coverage_probability=0.99)
    simulation = simulate(budget, model, MonteCarloSettings(seed=1, draws=10_000))
    with pytest.raises(ParameterNotAllowed):
        validate(propagation, coverage, simulation)
