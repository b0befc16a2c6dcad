"""The law of propagation against the literature."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from vector_budgets import budget_of, models_of, vector

from jialiang.kernel.text import Text
from jialiang.science.budget import Budget, Correlation, InputQuantity
from jialiang.science.derivatives import sensitivity
from jialiang.science.distributions import Normal, Rectangular, StudentT
from jialiang.science.errors import BudgetUnreadable, ModelNotFinite
from jialiang.science.propagation import (
    IndependentTerm,
    effective_degrees_of_freedom,
    linear_model,
    propagate,
    propagate_jointly,
)


def an_input(symbol, distribution, **members):
    return InputQuantity(
        symbol, Text(en=symbol), "\\one", members.pop("estimate", 0.0), distribution, **members
    )


def a_budget(*inputs, correlations=(), **members):
    return Budget("y", Text(), "\\one", inputs, tuple(correlations), **members)


def total(**values):
    return sum(values.values())


def test_gum_h1_gauge_block_first_order(oracles):
    data = vector(oracles, "gum-h1-first-order")
    expected = data["expected"]["l"]
    found = propagate(budget_of(data), models_of(data)["l"])
    assert found.estimate == pytest.approx(expected["y"]["value"], abs=expected["y"]["tol"])
    assert found.combined_standard_uncertainty == pytest.approx(expected["u_first_order"]["value"], rel=1e-9)
    assert found.degrees_of_freedom == pytest.approx(expected["nu_eff"]["value"], rel=1e-9)
    rows = {row.input_quantity.symbol: abs(row.contribution) for row in found.contributions}
    published = expected["contributions"]
    assert rows["ls"] == pytest.approx(published["ls"], rel=1e-9)
    assert math.hypot(rows["d_obs"], rows["d1"], rows["d2"]) == pytest.approx(published["d"], rel=1e-9)
    # a difference of two values near 5e7 holds no more than eight digits of this small contribution
    assert rows["delta_alpha"] == pytest.approx(published["delta_alpha_times_theta_bar"], rel=1e-8)
    assert rows["delta_theta"] == pytest.approx(published["alpha_s_delta_theta"], rel=1e-9)


def test_gum_h2_three_outputs_of_simultaneous_observations(oracles):
    data = vector(oracles, "gum-h2-simultaneous")
    names = data["observations"]["columns"]
    derived = data["derived_inputs"]
    inputs = tuple(
        an_input(name, StudentT(u, 4.0), estimate=mean, evaluation="A", group="set")
        for name, mean, u in zip(names, derived["mean"], derived["u"], strict=True)
    )
    pairs = [Correlation(a, b, derived[f"r_{a}{b}"]) for a, b in (("V", "I"), ("V", "phi"), ("I", "phi"))]
    joint = propagate_jointly(a_budget(*inputs, correlations=pairs), models_of(data))
    for name in ("R", "X", "Z"):
        expected = data["expected"][name]
        assert joint.outputs[name].estimate == pytest.approx(expected["y"], rel=1e-9)
        assert joint.outputs[name].combined_standard_uncertainty == pytest.approx(expected["u"], rel=1e-9)
        assert joint.outputs[name].degrees_of_freedom == expected["dof"]
    for first, second in (("R", "X"), ("R", "Z"), ("X", "Z")):
        r = data["expected"]["correlation"][f"{first}_{second}"]
        assert joint.correlation[first, second] == pytest.approx(r, rel=1e-9)
        assert joint.correlation[second, first] == pytest.approx(r, rel=1e-9)


@pytest.mark.parametrize(
    ("name", "output", "member"),
    [
        ("gums1-9-3-mass-calibration", "dm", "lpu1"),
        ("nist-num-10-stefan-boltzmann", "sigma", "lpu"),
        ("ea-4-02-s2-weight-10kg", "mX", "mX"),
        ("gums1-9-2-2-additive-normal", "Y", "exact"),
        ("gums1-9-2-4-additive-rect-unequal", "Y", "lpu"),
    ],
)
def test_first_order_results_of_the_literature(oracles, name, output, member):
    data = vector(oracles, name)
    expected = data["expected"][member]
    found = propagate(budget_of(data), models_of(data)[output])
    assert found.estimate == pytest.approx(expected["y"], rel=1e-9, abs=1e-9)
    assert found.combined_standard_uncertainty == pytest.approx(expected["u"], rel=1e-9)


def test_cadmium_standard_of_quam_with_an_intermediate_volume(oracles):
    data = vector(oracles, "quam-a1-cd-standard")
    expected = data["expected"]["c"]
    found = propagate(budget_of(data), models_of(data)["c"])
    assert found.estimate == pytest.approx(expected["y"], rel=1e-9)
    assert found.combined_standard_uncertainty == pytest.approx(expected["u"], abs=expected["tol_u"])


def test_viscometer_and_logarithm_first_order(oracles):
    viscometer = vector(oracles, "nist-tn1900-e3-viscometer")
    found = propagate(budget_of(viscometer), models_of(viscometer)["mu_m"])
    assert found.estimate == pytest.approx(5.69, abs=0.01)
    assert found.combined_standard_uncertainty == pytest.approx(1.11, abs=0.1)
    logarithm = vector(oracles, "npl-ssfm6-log-rectangular")
    found = propagate(budget_of(logarithm), models_of(logarithm)["Y"])
    assert found.combined_standard_uncertainty == pytest.approx(1 / math.sqrt(12) / 0.6, rel=1e-9)


@pytest.mark.parametrize("case", ["x1_0.000-r_0.0", "x1_0.010-r_0.9", "x1_0.050-r_0.0", "x1_0.050-r_0.9"])
def test_comparison_loss_first_order(oracles, case):
    data = vector(oracles, f"gums1-9-4-comparison-loss-{case}")
    expected = data["expected"]["lpu1"]
    found = propagate(budget_of(data), models_of(data)["dY"])
    assert found.combined_standard_uncertainty == pytest.approx(expected["u"], rel=1e-9, abs=1e-18)
    assert found.estimate == pytest.approx(expected["y"], rel=1e-9)


def test_polar_transformation_gives_the_correlation_of_its_outputs(oracles):
    data = vector(oracles, "gums2-9-3-mag-phase-x_0.010-r_0.9")
    joint = propagate_jointly(budget_of(data), models_of(data))
    expected = data["expected"]["lpu_first_order"]
    assert joint.outputs["mag"].combined_standard_uncertainty == pytest.approx(expected["mag"]["u"], rel=1e-9)
    assert joint.outputs["phase"].combined_standard_uncertainty == pytest.approx(
        expected["phase"]["u"], rel=1e-6
    )
    assert joint.correlation["mag", "phase"] == pytest.approx(expected["r_mag_phase"], rel=1e-6)


def test_gum_g4_effective_degrees_of_freedom(oracles):
    data = vector(oracles, "gum-g4-welch-satterthwaite")
    rows = zip(data["inputs"]["relative_u_percent"], data["inputs"]["dof"], strict=True)
    terms = tuple(IndependentTerm((str(u),), u, float(nu), 0.0) for u, nu in rows)
    assert effective_degrees_of_freedom(terms) == pytest.approx(data["expected"]["nu_eff"]["value"], rel=1e-9)


def test_one_infinite_component_in_welch_satterthwaite(oracles):
    data = vector(oracles, "ws-two-components")
    rows = zip(data["inputs"]["u"], data["inputs"]["dof"], strict=True)
    terms = tuple(IndependentTerm((str(u),), u, math.inf if nu is None else float(nu), 0.0) for u, nu in rows)
    assert effective_degrees_of_freedom(terms) == pytest.approx(data["expected"]["nu_eff"]["value"], rel=1e-9)


def test_tiny_uncertainties_do_not_vanish_in_the_fourth_power():
    terms = (IndependentTerm(("a",), 3e-100, 5.0, 0.0), IndependentTerm(("b",), 4e-100, math.inf, 0.0))
    assert effective_degrees_of_freedom(terms) == pytest.approx(5 * (5 / 3) ** 4)


@given(st.lists(st.tuples(st.floats(0.01, 100), st.floats(1, 200)), min_size=1, max_size=8))
def test_effective_degrees_of_freedom_lie_between_the_smallest_and_the_sum(rows):
    terms = tuple(IndependentTerm((str(i),), u, nu, 0.0) for i, (u, nu) in enumerate(rows))
    found = effective_degrees_of_freedom(terms)
    assert min(nu for _, nu in rows) * (1 - 1e-9) <= found <= sum(nu for _, nu in rows) * (1 + 1e-9)


@given(st.lists(st.tuples(st.floats(-10, 10), st.floats(0, 10)), min_size=1, max_size=6), st.randoms())
def test_a_linear_model_gives_the_analytic_sum_in_any_order(rows, shuffler):
    inputs = [an_input(f"x{i}", Normal(u), sensitivity=c) for i, (c, u) in enumerate(rows)]
    analytic = math.sqrt(sum((c * u) ** 2 for c, u in rows))
    shuffled = shuffler.sample(inputs, len(inputs))
    one = propagate(a_budget(*inputs, estimate=1.0))
    other = propagate(a_budget(*shuffled, estimate=1.0))
    assert one.combined_standard_uncertainty == pytest.approx(analytic)
    assert one.combined_standard_uncertainty == other.combined_standard_uncertainty
    if one.combined_standard_uncertainty > 0:
        assert sum(row.share for row in one.contributions) == pytest.approx(1)


@given(st.floats(0.1, 10), st.floats(0.1, 10), st.floats(-1, 1))
def test_correlated_inputs_follow_the_law_of_cosines(first, second, r):
    inputs = an_input("a", Normal(first)), an_input("b", Normal(second))
    found = propagate(a_budget(*inputs, correlations=[Correlation("a", "b", r)]), total)
    variance = max(first**2 + second**2 + 2 * r * first * second, 0)
    assert found.combined_standard_uncertainty == pytest.approx(math.sqrt(variance), abs=1e-6)
    assert len(found.terms) == (2 if r == 0 else 1)


def test_shares_of_correlated_inputs_may_be_negative_and_sum_to_one():
    inputs = an_input("a", Normal(1.0)), an_input("b", Normal(0.5))
    found = propagate(a_budget(*inputs, correlations=[Correlation("a", "b", -0.9)]), total)
    shares = [row.share for row in found.contributions]
    assert min(shares) < 0
    assert sum(shares) == pytest.approx(1)
    assert found.terms[0].share == pytest.approx(1)


def test_correlated_inputs_with_finite_degrees_of_freedom_leave_them_unreported():
    inputs = an_input("a", StudentT(1.0, 5.0)), an_input("b", Normal(1.0)), an_input("c", StudentT(1.0, 9.0))
    correlated = a_budget(*inputs, correlations=[Correlation("a", "b", 0.5)])
    assert propagate(correlated, total).degrees_of_freedom is None
    assert propagate(a_budget(*inputs), total).degrees_of_freedom is not None


def test_correlated_inputs_known_exactly_leave_the_others_their_degrees_of_freedom():
    inputs = an_input("a", Normal(1.0)), an_input("b", Normal(1.0)), an_input("c", StudentT(1.0, 9.0))
    found = propagate(a_budget(*inputs, correlations=[Correlation("a", "b", 0.5)]), total)
    assert found.degrees_of_freedom == pytest.approx(9 * 4**2)


def test_a_group_keeps_its_degrees_of_freedom_and_combines_with_independent_inputs():
    inputs = (
        an_input("a", StudentT(1.0, 9.0), group="fit"),
        an_input("b", StudentT(1.0, 9.0), group="fit"),
        an_input("c", Normal(math.sqrt(0.2))),
    )
    found = propagate(a_budget(*inputs, correlations=[Correlation("a", "b", -0.9)]), total)
    assert found.terms[0].symbols == ("a", "b")
    assert found.terms[0].contribution == pytest.approx(math.sqrt(0.2))
    assert found.degrees_of_freedom == pytest.approx(4 * 9)


def test_a_group_correlated_with_an_outsider_has_no_degrees_of_freedom():
    inputs = (
        an_input("a", StudentT(1.0, 9.0), group="fit"),
        an_input("b", StudentT(1.0, 9.0), group="fit"),
        an_input("c", Normal(1.0)),
    )
    pairs = [Correlation("a", "b", 0.1), Correlation("b", "c", 0.1)]
    assert propagate(a_budget(*inputs, correlations=pairs), total).degrees_of_freedom is None


def test_at_a_stationary_point_the_law_gives_zero_and_no_degrees_of_freedom():
    found = propagate(a_budget(an_input("x", Normal(0.005))), lambda x: x**2)
    assert found.combined_standard_uncertainty == 0
    assert found.degrees_of_freedom is None
    assert [row.share for row in found.contributions] == [0.0]


@pytest.mark.parametrize(
    ("model", "derivative", "point"),
    [
        (np.exp, math.exp, 1.3),
        (np.sin, math.cos, 1.3),
        (lambda x: x**7, lambda x: 7 * x**6, 3.1),
        (lambda x: 1 / x, lambda x: -1 / x**2, 0.02),
        (np.log, lambda x: 1 / x, 1e-6),
        (lambda x: math.sqrt(x), lambda x: 0.5 / math.sqrt(x), 2.0),
        (lambda x: 5.0, lambda x: 0.0, 2.0),
    ],
)
@pytest.mark.parametrize("scale", [0.0, 1e-9, 1e-3, 0.5])
def test_derivatives_are_right_to_nine_digits_for_any_step(model, derivative, point, scale):
    found = sensitivity(lambda x: model(x), {"x": point}, "x", scale * point)
    assert found == pytest.approx(derivative(point), rel=2e-9, abs=1e-12)


def test_a_model_without_value_at_the_estimates_is_refused():
    with pytest.raises(ModelNotFinite) as caught:
        propagate(a_budget(an_input("x", Normal(0.1), estimate=-1.0)), lambda x: math.sqrt(x))
    assert caught.value.facts["symbol"] == "x"
    with pytest.raises(ModelNotFinite):
        propagate(a_budget(an_input("x", Normal(0.1), estimate=0.0)), lambda x: math.inf + x)


def test_a_model_undefined_at_the_end_of_the_uncertainty_gets_a_shorter_step():
    budget = a_budget(an_input("x", Rectangular(2.0), estimate=1.0))
    found = propagate(budget, lambda x: math.sqrt(x))
    assert found.contributions[0].sensitivity == pytest.approx(0.5, rel=1e-8)


def test_without_model_sensitivities_and_estimate_are_needed():
    with pytest.raises(BudgetUnreadable) as caught:
        propagate(a_budget(an_input("x", Normal(0.1)), estimate=1.0))
    assert "x" in caught.value.facts["member"]
    complete = an_input("x", Normal(0.1), sensitivity=1.0)
    with pytest.raises(BudgetUnreadable):
        propagate(a_budget(complete))
    with pytest.raises(BudgetUnreadable):
        linear_model(a_budget(complete))


def test_the_linear_model_has_the_sensitivities_it_was_made_from():
    budget = a_budget(
        an_input("a", Normal(0.1), estimate=2.0, sensitivity=3.0),
        an_input("b", Normal(0.2), sensitivity=-1.0),
        estimate=7.0,
    )
    by_model, by_hand = propagate(budget, linear_model(budget)), propagate(budget)
    assert by_model.estimate == by_hand.estimate == 7.0
    assert by_model.combined_standard_uncertainty == pytest.approx(by_hand.combined_standard_uncertainty)
