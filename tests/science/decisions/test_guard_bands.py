"""Guard bands by rule and solved for a risk."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from jialiang.science.decisions.guard_bands import RULES, factor_for, managed, rp10, rss, specific
from jialiang.science.decisions.risk import risk_of_ratio
from jialiang.science.errors import ParameterNotAllowed
from jialiang.science.solving import NoSolution

FEW = settings(max_examples=25)


@FEW
@given(st.floats(0.6, 0.99), st.floats(1.1, 15), st.floats(1e-5, 0.2))
def test_the_solved_factor_has_exactly_the_risk_asked_for(itp, tur, target):
    if target >= (1 - itp) * 0.999:
        return
    factor = factor_for(itp, tur, target)
    assert risk_of_ratio(itp, tur, factor).pfa == pytest.approx(target, rel=1e-9)


@FEW
@given(st.floats(0.6, 0.99), st.floats(1.1, 15), st.floats(1e-4, 0.3))
def test_the_same_for_false_rejection(itp, tur, target):
    factor = factor_for(itp, tur, target, "pfr")
    assert risk_of_ratio(itp, tur, factor).pfr == pytest.approx(target, rel=1e-8)


def test_two_percent_of_z5403_needs_a_guard_band_at_two_to_one_and_none_at_four_to_one():
    assert factor_for(0.8, 2, 0.02) < 1
    assert factor_for(0.95, 4, 0.02) > 1
    assert risk_of_ratio(0.95, 4).pfa < 0.01


def test_the_managed_guard_band_keeps_two_percent_whatever_the_process():
    """Dobbert's claim: no in-tolerance probability makes the PFA exceed 2 %."""
    for tur in (1.5, 2, 3, 4):
        worst = max(risk_of_ratio(itp / 100, tur, managed(tur)).pfa for itp in range(40, 100, 2))
        assert 0.015 < worst < 0.0202, tur


def test_the_guard_band_of_a_specific_risk_puts_that_risk_on_the_limit():
    for tur, risk in ((4, 0.025), (2, 0.05), (1.5, 0.5)):
        factor = specific(tur, risk)
        assert norm.sf((1 - factor) * 2 * tur) == pytest.approx(risk, rel=1e-12)
    assert specific(3, 0.5) == 1


def test_the_rules_agree_where_they_must():
    assert rss(1) == 0
    assert rp10(4) == 1
    assert RULES["test95"](2) == 0.5
    assert all(rule(1000) == pytest.approx(1, abs=0.26) for rule in RULES.values())
    assert rss(4) == pytest.approx(math.sqrt(15) / 4)


@pytest.mark.parametrize("target", [0.3, 0.2001])
def test_a_risk_that_no_limit_can_have_is_named(target):
    with pytest.raises(NoSolution) as problem:
        factor_for(0.8, 2, target)
    assert "guard_band_factor" in problem.value.what.en
    assert problem.value.way_out.zh


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: rss(0.9),
        lambda: rss(math.inf),
        lambda: rp10(0),
        lambda: managed(-1),
        lambda: specific(2, 0),
        lambda: factor_for(0.9, 2, 0),
        lambda: factor_for(0.9, 0, 0.01),
        lambda: factor_for(0.9, 2, 1),
    ],
)
def test_parameters_outside_their_domain_are_refused(wrong):
    with pytest.raises(ParameterNotAllowed):
        wrong()
