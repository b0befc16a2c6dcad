"""Statements of conformity."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from jialiang.science.decisions.statements import (
    Limits,
    conformance_probability,
    decide,
    guard_band_width,
    nonconformance,
    worst,
)
from jialiang.science.errors import LimitsInconsistent, ParameterNotAllowed

BANDS = json.loads((Path(__file__).parents[2] / "vectors" / "ilac_g8_bands.json").read_text(encoding="utf-8"))
OUTCOMES = {
    "pass": "pass",
    "conditional_pass": "conditionalPass",
    "conditional_fail": "conditionalFail",
    "fail": "fail",
}
ORDER = ("pass", "conditionalPass", "conditionalFail", "fail")
decimals = st.decimals(min_value=-1000, max_value=1000, places=3)
widths = st.decimals(min_value=0, max_value=100, places=3)


def test_four_outcomes_of_ilac_g8_at_and_around_the_limits(oracles):
    vector = json.loads((oracles / "metrology" / "decision-rules-ilac-g8.json").read_text())
    for case in vector["cases"]:
        width = guard_band_width(case["U"], case["r"])
        found = decide(case["y"], Limits(upper=Decimal(str(case["TL"]))), rule="non_binary", guard_band=width)
        assert found.outcome == OUTCOMES[case["statement"]], case


@pytest.mark.parametrize(("measured", "outcome"), BANDS["rows"])
def test_two_sided_bands_of_ilac_g8(measured, outcome):
    limits = Limits(Decimal(BANDS["lower"]), Decimal(BANDS["upper"]))
    assert decide(measured, limits, rule="non_binary", guard_band=BANDS["guard_band"]).outcome == outcome


def test_the_specific_risk_at_the_acceptance_limit_is_that_of_the_table(oracles):
    vector = json.loads((oracles / "metrology" / "decision-rules-ilac-g8.json").read_text())
    for row in vector["rows"]:
        width = guard_band_width("0.2", row["r"])
        at_acceptance_limit = Decimal(10) - width
        found = decide(
            at_acceptance_limit,
            Limits(upper=Decimal(10)),
            rule="guarded",
            guard_band=width,
            standard_uncertainty=0.1,
        )
        assert found.outcome == "pass"
        assert found.specific_risk == pytest.approx(row["specific_PFA_at_AL"], rel=1e-9)


def test_specific_probabilities_of_the_literature(oracles):
    vector = json.loads((oracles / "metrology" / "risk-specific.json").read_text())
    for case in vector["cases"]:
        limits = Limits(Decimal(case["TL"]), Decimal(case["TU"]))
        below, above = nonconformance(case["mean"], case["u"], limits)
        assert below == pytest.approx(case["p_below"], rel=1e-9)
        assert above == pytest.approx(case["p_above"], rel=1e-9)
        assert conformance_probability(case["mean"], case["u"], limits) == pytest.approx(
            1 - case["p_nc"], rel=1e-9
        )


def test_limits_are_compared_in_decimal_not_in_binary():
    assert 0.2 > 0.3 - 0.1
    limits = Limits(upper=Decimal("0.3"))
    assert decide("0.2", limits, rule="guarded", guard_band="0.1").outcome == "pass"
    assert decide(0.2, limits, rule="guarded", guard_band=0.1).outcome == "pass"
    assert decide("0.2000000001", limits, rule="guarded", guard_band="0.1").outcome == "fail"


def test_simple_acceptance_ignores_the_guard_band_and_passes_on_the_limit():
    limits = Limits.symmetric("0.5")
    assert decide("0.5", limits, rule="simple", guard_band="0.2").outcome == "pass"
    assert decide("-0.5", limits, rule="simple").outcome == "pass"
    assert decide("-0.5001", limits, rule="simple").outcome == "fail"
    assert decide("0.5", limits, rule="simple", guard_band="0.2").guard_band == 0


def test_the_risk_of_simple_acceptance_on_the_limit_is_one_half():
    found = decide("10", Limits(upper=Decimal(10)), rule="simple", standard_uncertainty=0.1)
    assert found.specific_risk == pytest.approx(0.5)
    rejected = decide("10.2", Limits(upper=Decimal(10)), rule="simple", standard_uncertainty=0.1)
    assert rejected.outcome == "fail"
    assert rejected.specific_risk == pytest.approx(norm.cdf(-2))


def test_a_negative_guard_band_accepts_beyond_the_limit_but_not_in_the_four_outcome_rule():
    limits = Limits(upper=Decimal(10))
    assert decide("10.1", limits, rule="guarded", guard_band="-0.2").outcome == "pass"
    with pytest.raises(LimitsInconsistent):
        decide("10.1", limits, rule="non_binary", guard_band="-0.2")


@given(decimals, decimals.filter(lambda d: d != 0), widths)
def test_the_four_outcomes_refine_simple_and_guarded_acceptance(measured, mpe, width):
    limits = Limits.symmetric(mpe)
    fine = decide(measured, limits, rule="non_binary", guard_band=width).outcome
    simple = decide(measured, limits, rule="simple").outcome
    guarded = decide(measured, limits, rule="guarded", guard_band=width).outcome
    assert (fine in ("pass", "conditionalPass")) == (simple == "pass")
    assert (fine == "pass") == (guarded == "pass")


@given(decimals, decimals.filter(lambda d: d != 0), widths, st.decimals(min_value=0, max_value=10, places=3))
def test_a_wider_guard_band_never_makes_a_pass_of_a_fail(measured, mpe, width, more):
    limits = Limits.symmetric(mpe)
    narrow, wide = (
        decide(measured, limits, rule="guarded", guard_band=w).outcome for w in (width, width + more)
    )
    assert ORDER.index(wide) >= ORDER.index(narrow)


@given(decimals, decimals.filter(lambda d: d != 0), widths)
def test_the_decision_does_not_depend_on_the_sign(measured, mpe, width):
    limits = Limits.symmetric(mpe)
    one, other = (
        decide(y, limits, rule="non_binary", guard_band=width).outcome for y in (measured, -measured)
    )
    assert one == other


@given(st.floats(-5, 5), st.floats(0.01, 5), st.floats(1, 100))
def test_probabilities_add_up_and_t_has_the_heavier_tails(measured, u, nu):
    limits = Limits(Decimal(-1), Decimal(1))
    below, above = nonconformance(measured, u, limits)
    inside = conformance_probability(measured, u, limits)
    assert below + above + inside == pytest.approx(1)
    assert 0 <= conformance_probability(measured, u, limits, degrees_of_freedom=nu) <= 1
    centred = conformance_probability(0.0, 0.2, limits, degrees_of_freedom=nu)
    assert centred <= conformance_probability(0.0, 0.2, limits)


def test_one_limit_leaves_the_other_side_free():
    assert nonconformance(5.0, 1.0, Limits(lower=Decimal(4)))[1] == 0
    assert nonconformance(5.0, 1.0, Limits(upper=Decimal(4)), 5.0)[0] == 0


def test_an_instrument_is_as_good_as_its_worst_point():
    assert worst(("pass", "conditionalFail", "conditionalPass")) == "conditionalFail"
    assert worst(("pass", "pass")) == "pass"
    with pytest.raises(LimitsInconsistent):
        worst(())


def test_missing_and_crossed_limits_and_a_zero_uncertainty_are_refused():
    with pytest.raises(LimitsInconsistent):
        Limits()
    with pytest.raises(LimitsInconsistent):
        Limits(Decimal(1), Decimal(1))
    with pytest.raises(LimitsInconsistent):
        Limits.symmetric(0)
    with pytest.raises(ParameterNotAllowed):
        decide("1", Limits.symmetric(2), rule="simple", standard_uncertainty=0.0)


def test_without_an_uncertainty_no_risk_is_invented():
    assert decide("1", Limits.symmetric(2), rule="simple").specific_risk is None
