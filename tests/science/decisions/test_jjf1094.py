"""The decision rule of JJF 1094, at and around every limit."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.science.decisions.probability import conformance, process_capability, tolerance_ratio
from jialiang.science.decisions.statements import Limits, decide, decide_by_jjf1094, worst
from jialiang.science.errors import LimitsInconsistent, NotANumber, ParameterNotAllowed

MPE = Limits.symmetric("0.30")


@pytest.mark.parametrize(
    ("error", "uncertainty", "outcome"),
    [
        ("0.30", "0.10", "pass"),  # U is exactly a third: neglected
        ("-0.30", "0.10", "pass"),
        ("0.3000001", "0.10", "fail"),
        ("0.30", "0.1000001", "undecided"),  # just above a third: counts
        ("0.1999999", "0.1000001", "pass"),
        ("0.1999998", "0.1000002", "pass"),
        ("0.2", "0.1000001", "undecided"),
        ("0.15", "0.15", "pass"),  # |error| = MPEV - U
        ("0.1500001", "0.15", "undecided"),
        ("-0.1500001", "0.15", "undecided"),
        ("0.4499999", "0.15", "undecided"),
        ("0.45", "0.15", "fail"),  # |error| = MPEV + U
        ("-0.45", "0.15", "fail"),
        ("0.00", "0.30", "pass"),  # MPEV - U = 0
        ("0.00", "0.31", "undecided"),  # nothing can pass any more
        ("0.61", "0.31", "fail"),
        ("0", "0", "pass"),
    ],
)
def test_the_limits_of_the_rule(error, uncertainty, outcome):
    assert decide_by_jjf1094(error, MPE, expanded_uncertainty=uncertainty).outcome == outcome
    assert decide(error, MPE, rule="jjf1094", guard_band=uncertainty).outcome == outcome


def test_a_third_is_compared_without_dividing():
    """0.1 · 3 is 0.30000000000000004 in binary; in decimal it is 0.3."""
    assert 0.1 * 3 > 0.3
    assert decide_by_jjf1094(0.3, Limits.symmetric(0.3), expanded_uncertainty=0.1).outcome == "pass"
    assert (
        decide_by_jjf1094("1", Limits.symmetric("1"), expanded_uncertainty="0.3333333333333333").outcome
        == "pass"
    )
    assert (
        decide_by_jjf1094("1", Limits.symmetric("1"), expanded_uncertainty="0.3333333333333334").outcome
        == "undecided"
    )


def test_forty_digits_decide():
    long = "0." + "3" * 39
    assert decide_by_jjf1094(long, Limits.symmetric(long), expanded_uncertainty="0.01").outcome == "pass"
    assert (
        decide_by_jjf1094(long + "1", Limits.symmetric(long), expanded_uncertainty="0.01").outcome == "fail"
    )
    limits = Limits(Decimal("1e-30"), Decimal("1e10"))
    assert decide("1e-30", limits, rule="guarded", guard_band="1e-45").outcome == "fail"
    assert decide("1.000000000000001e-30", limits, rule="guarded", guard_band="1e-45").outcome == "pass"


def test_asymmetric_limits_have_half_their_width_as_mpev():
    limits = Limits(Decimal("9.8"), Decimal("10.4"))
    assert limits.half_width == Decimal("0.3")
    assert decide_by_jjf1094("10.4", limits, expanded_uncertainty="0.1").outcome == "pass"
    assert decide_by_jjf1094("9.7999", limits, expanded_uncertainty="0.1").outcome == "fail"
    assert decide_by_jjf1094("10.3", limits, expanded_uncertainty="0.2").outcome == "undecided"


def test_no_risk_is_claimed_for_what_is_not_decided():
    undecided = decide_by_jjf1094("0.3", MPE, expanded_uncertainty="0.2", standard_uncertainty=0.1)
    assert undecided.outcome == "undecided"
    assert undecided.specific_risk is None
    assert undecided.conformance_probability == pytest.approx(0.5, abs=1e-8)
    passed = decide_by_jjf1094("0.0", MPE, expanded_uncertainty="0.2", standard_uncertainty=0.1)
    assert passed.specific_risk == pytest.approx(0.0026998, rel=1e-4)


def test_one_limit_has_no_mpev_and_u_is_not_negative():
    with pytest.raises(LimitsInconsistent):
        decide_by_jjf1094("1", Limits(upper=Decimal(2)), expanded_uncertainty="0.1")
    with pytest.raises(LimitsInconsistent):
        decide_by_jjf1094("1", MPE, expanded_uncertainty="-0.1")
    with pytest.raises(NotANumber):
        decide_by_jjf1094("one", MPE, expanded_uncertainty="0.1")


def test_undecided_is_worse_than_a_conditional_pass_and_better_than_a_fail():
    assert worst(("pass", "undecided", "conditionalPass")) == "undecided"
    assert worst(("undecided", "fail")) == "fail"


decimals = st.decimals(min_value=-10, max_value=10, places=4)
widths = st.decimals(min_value=0, max_value=5, places=4)


@given(decimals, st.decimals(min_value="0.001", max_value=5, places=4), widths)
def test_pass_is_never_outside_and_fail_never_inside(error, mpe, uncertainty):
    outcome = decide_by_jjf1094(error, Limits.symmetric(mpe), expanded_uncertainty=uncertainty).outcome
    if outcome == "pass":
        assert abs(error) <= mpe
    if outcome == "fail":
        assert abs(error) > mpe or abs(error) >= mpe + uncertainty
    assert (
        outcome == decide_by_jjf1094(-error, Limits.symmetric(mpe), expanded_uncertainty=uncertainty).outcome
    )


@given(decimals, st.decimals(min_value="0.001", max_value=5, places=4), widths)
def test_where_u_counts_the_rule_is_guarded_acceptance_and_guarded_rejection(error, mpe, uncertainty):
    limits = Limits.symmetric(mpe)
    if uncertainty * 3 <= mpe:
        return
    found = decide_by_jjf1094(error, limits, expanded_uncertainty=uncertainty).outcome
    guarded = decide(error, limits, rule="guarded", guard_band=uncertainty).outcome
    assert (found == "pass") == (guarded == "pass")


@given(st.floats(-3, 3), st.floats(0.05, 2))
def test_conformance_adds_up_and_indices_follow_their_definitions(measured, u):
    limits = Limits.symmetric(1)
    found = conformance(measured, u, limits)
    assert found.inside + found.outside == pytest.approx(1)
    assert process_capability(measured, u, limits) == pytest.approx(
        (1 - abs(measured)) / (3 * u), rel=1e-9, abs=1e-12
    )
    assert tolerance_ratio(limits, 2 * u) == pytest.approx(1 / (2 * u))


def test_indices_need_an_uncertainty():
    with pytest.raises(ParameterNotAllowed):
        tolerance_ratio(MPE, 0)
    with pytest.raises(ParameterNotAllowed):
        process_capability(0.0, 0.0, MPE)
    assert process_capability(1.0, 0.5, Limits(lower=Decimal(-2))) == pytest.approx(2)
