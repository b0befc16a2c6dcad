"""One budget from inputs to report."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.kernel.text import Text
from jialiang.science.budget import Budget, Correlation, InputQuantity, budget_from_plain, budget_to_plain
from jialiang.science.distributions import Normal, Rectangular, StudentT
from jialiang.science.errors import ParameterNotAllowed, UncertaintyNotPositive
from jialiang.science.evaluation import EvaluationSettings, evaluate


def an_input(symbol, distribution, **members):
    members = {"sensitivity": 1.0} | members
    return InputQuantity(symbol, Text(), "\\gram", members.pop("estimate", 0.0), distribution, **members)


def a_budget(*inputs, r=(), estimate=10000.025):
    return Budget("m", Text(), "\\gram", inputs, tuple(r), estimate=estimate)


EA_S2 = a_budget(
    an_input("standard", Normal(0.0225)),
    an_input("drift", Rectangular(0.015)),
    an_input("difference", Normal(0.0144)),
    an_input("comparator", Rectangular(0.01)),
    an_input("buoyancy", Rectangular(0.01)),
)


def test_ten_kilogram_weight_of_ea_4_02_is_reported_with_k_2():
    found = evaluate(EA_S2, settings=EvaluationSettings(convention="fixed"))
    assert found.propagation.combined_standard_uncertainty == pytest.approx(0.029245113551953715, rel=1e-12)
    assert (found.reported.value_text, found.reported.uncertainty_text) == ("10000.025", "0.058")
    assert (found.coverage_factor_text, found.coverage_from) == ("2.00", "fixed")
    assert found.simulation is None
    assert found.validation is None


def test_the_evaluation_with_a_seed_is_validated_at_its_own_probability():
    found = evaluate(EA_S2, settings=EvaluationSettings(convention="fixed", seed=7, draws=200_000))
    assert found.simulation.coverage_probability == found.coverage.coverage_probability
    assert found.validation.ok
    assert found.validation.seed == 7


def test_recomputing_from_the_stored_record_gives_identical_digits():
    settings = EvaluationSettings(seed=20261121, draws=50_000)
    stored = budget_from_plain(budget_to_plain(EA_S2))
    assert evaluate(stored, settings=settings) == evaluate(EA_S2, settings=settings)


def test_undefined_degrees_of_freedom_take_k_from_monte_carlo():
    inputs = an_input("a", StudentT(1.0, 5.0)), an_input("b", StudentT(1.0, 9.0))
    budget = a_budget(*inputs, r=[Correlation("a", "b", 0.5)])
    found = evaluate(budget, settings=EvaluationSettings(seed=1))
    assert found.coverage_from == "monte_carlo"
    assert found.coverage.degrees_of_freedom_used is None
    assert 1.96 < found.coverage.coverage_factor < 2.57
    low, high = found.simulation.symmetric_interval
    assert found.coverage.expanded_uncertainty == (high - low) / 2
    assert found.validation is None
    assert evaluate(budget).coverage_from == "monte_carlo"


def test_a_fixed_k_needs_no_degrees_of_freedom():
    inputs = an_input("a", StudentT(1.0, 5.0)), an_input("b", Normal(1.0))
    budget = a_budget(*inputs, r=[Correlation("a", "b", 0.5)])
    assert evaluate(budget, settings=EvaluationSettings(convention="fixed")).coverage.coverage_factor == 2.0


def test_no_certificate_goes_below_the_laboratorys_capability():
    settings = EvaluationSettings(convention="fixed", smallest_expanded_uncertainty=0.08)
    found = evaluate(EA_S2, settings=settings)
    assert found.reported.uncertainty_text == "0.080"
    assert found.expanded_uncertainty == 0.08
    assert found.coverage.expanded_uncertainty == pytest.approx(0.0584902)


def test_the_laboratorys_rounding_rules_are_followed():
    up = evaluate(EA_S2, settings=EvaluationSettings(convention="fixed", rounding_rule="up"))
    assert up.reported.uncertainty_text == "0.059"
    one = evaluate(EA_S2, settings=EvaluationSettings(convention="fixed", digits=1))
    assert (one.reported.value_text, one.reported.uncertainty_text) == ("10000.02", "0.06")


def test_a_budget_without_any_uncertainty_cannot_be_reported():
    with pytest.raises(UncertaintyNotPositive):
        evaluate(a_budget(an_input("a", Normal(0.0))), settings=EvaluationSettings(convention="fixed"))
    with pytest.raises(ParameterNotAllowed):
        evaluate(a_budget(an_input("a", Normal(0.0))))


def test_a_nonlinear_model_fails_its_validation_and_says_so():
    budget = a_budget(an_input("x", Normal(0.3), estimate=1.0))
    found = evaluate(budget, lambda x: np.exp(3 * x), EvaluationSettings(seed=1, draws=100_000))
    assert not found.validation.ok
    assert found.validation.d_high > found.validation.delta


@given(st.floats(1.0, 3.0), st.floats(0.01, 1.0))
def test_expanded_uncertainty_grows_with_k(k, more):
    small, large = (
        evaluate(EA_S2, settings=EvaluationSettings(convention="fixed", fixed_factor=factor))
        for factor in (k, k + more)
    )
    assert large.expanded_uncertainty > small.expanded_uncertainty
    assert float(large.reported.uncertainty_text) >= float(small.reported.uncertainty_text)


@given(st.lists(st.floats(0.001, 10), min_size=1, max_size=5), st.integers(-6, 6))
def test_scaling_the_unit_scales_the_result(uncertainties, exponent):
    factor = 10.0**exponent

    def total(scale):
        inputs = [an_input(f"x{i}", Normal(u * scale), sensitivity=1.0) for i, u in enumerate(uncertainties)]
        return evaluate(a_budget(*inputs, estimate=3.0 * scale)).expanded_uncertainty

    assert total(factor) == pytest.approx(total(1.0) * factor)


def test_k_of_a_small_sample_comes_from_t():
    found = evaluate(a_budget(an_input("a", StudentT(1.0, 4.0))))
    assert found.coverage_factor_text == "2.78"
    assert found.coverage.degrees_of_freedom_used == 4
    assert not math.isinf(found.propagation.degrees_of_freedom)
