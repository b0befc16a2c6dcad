"""Statements of conformity worked by hand: every rule at and around every limit, and the risks from printed tables."""

import math
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.science.decisions.statements import (
    Limits,
    conformance_probability,
    decide,
    guard_band_width,
    nonconformance,
    worst,
)
from jialiang.science.errors import LimitsInconsistent, NotANumber, ParameterNotAllowed

P, CP, CF, F = "pass", "conditionalPass", "conditionalFail", "fail"

# Limits ±1, w = 0.2: measured | simple | guarded | four outcomes
TWO_SIDED = [
    ("0", P, P, P),
    ("0.7999", P, P, P),
    ("0.8", P, P, P),
    ("0.8001", P, F, CP),
    ("0.9", P, F, CP),
    ("1", P, F, CP),
    ("1.0000000001", F, F, CF),
    ("1.1", F, F, CF),
    ("1.2", F, F, CF),
    ("1.2000000001", F, F, F),
    ("7", F, F, F),
    ("-0.8", P, P, P),
    ("-0.8001", P, F, CP),
    ("-1", P, F, CP),
    ("-1.0001", F, F, CF),
    ("-1.2", F, F, CF),
    ("-1.2001", F, F, F),
]
RULES = ("simple", "guarded", "non_binary")


@pytest.mark.parametrize("rule", range(3), ids=RULES)
@pytest.mark.parametrize("row", TWO_SIDED, ids=lambda row: row[0])
def test_every_rule_around_two_limits(row, rule):
    limits = Limits(Decimal(-1), Decimal(1))
    decision = decide(row[0], limits, rule=RULES[rule], guard_band="0.2")
    assert decision.outcome == row[1 + rule]
    assert decision.guard_band == (0 if RULES[rule] == "simple" else Decimal("0.2"))


# Only an upper limit of 10, w = 0.5
UPPER = [
    ("-1000", P, P, P),
    ("9.5", P, P, P),
    ("9.51", P, F, CP),
    ("10", P, F, CP),
    ("10.5", F, F, CF),
    ("10.51", F, F, F),
]
# Only a lower limit of 10, w = 0.5
LOWER = [
    ("1000", P, P, P),
    ("10.5", P, P, P),
    ("10.49", P, F, CP),
    ("10", P, F, CP),
    ("9.5", F, F, CF),
    ("9.49", F, F, F),
]


@pytest.mark.parametrize("rule", range(3), ids=RULES)
@pytest.mark.parametrize(
    ("limits", "row"),
    [(Limits(upper=Decimal(10)), row) for row in UPPER] + [(Limits(lower=Decimal(10)), row) for row in LOWER],
)
def test_every_rule_at_one_limit(limits, row, rule):
    assert decide(row[0], limits, rule=RULES[rule], guard_band="0.5").outcome == row[1 + rule]


@pytest.mark.parametrize(
    ("lower", "upper", "width", "measured", "guarded", "four"),
    [
        # a guard band wider than half of the tolerance leaves nothing to pass
        ("-1", "1", "1.5", "0", F, CP),
        ("-1", "1", "1", "0", P, P),
        ("-1", "1", "1.0001", "0", F, CP),
        # no guard band at all: the limit itself passes, the next step fails
        ("-1", "1", "0", "1", P, P),
        ("-1", "1", "0", "1.01", F, F),
        # an unsymmetric tolerance: the nearer limit counts
        ("0", "10", "1", "8.9", P, P),
        ("0", "10", "1", "9.1", F, CP),
        ("0", "10", "1", "0.9", F, CP),
        ("0", "10", "1", "-0.9", F, CF),
        ("-0.3", "-0.1", "0.05", "-0.15", P, P),
        ("-0.3", "-0.1", "0.05", "-0.14", F, CP),
        # numbers that no binary float holds
        ("-0.3", "0.3", "0.1", "0.2", P, P),
        ("-1.1", "1.1", "0.3", "0.8", P, P),
        ("-1E-9", "1E-9", "1E-10", "9E-10", P, P),
        ("-1E+9", "1E+9", "0.1", "999999999.9", P, P),
        ("-1E+9", "1E+9", "0.1", "999999999.91", F, CP),
    ],
)
def test_guard_bands_of_every_width(lower, upper, width, measured, guarded, four):
    limits = Limits(Decimal(lower), Decimal(upper))
    assert decide(measured, limits, rule="guarded", guard_band=width).outcome == guarded
    assert decide(measured, limits, rule="non_binary", guard_band=width).outcome == four


@pytest.mark.parametrize(("measured", "outcome"), [("1.1", P), ("1.1001", F), ("-1.1", P), ("0", P)])
def test_a_negative_guard_band_accepts_so_far_beyond_the_limit(measured, outcome):
    decision = decide(measured, Limits.symmetric(1), rule="guarded", guard_band="-0.1")
    assert (decision.outcome, decision.guard_band) == (outcome, Decimal("-0.1"))


def test_four_outcomes_have_no_negative_bands():
    with pytest.raises(LimitsInconsistent) as refused:
        decide("0", Limits.symmetric(1), rule="non_binary", guard_band="-0.1")
    assert refused.value.facts == {"limits": "w = -0.1"}


@pytest.mark.parametrize(
    ("lower", "upper"),
    [(None, None), ("1", "1"), ("1", "-1"), ("0.3", "0.30"), ("1E1", "10.0")],
)
def test_limits_that_leave_nothing_between_them_are_refused(lower, upper):
    with pytest.raises(LimitsInconsistent):
        Limits(None if lower is None else Decimal(lower), None if upper is None else Decimal(upper))


@pytest.mark.parametrize(
    ("mpe", "half"), [("0.3", "0.3"), ("-0.3", "0.3"), (0.3, "0.3"), (5, "5"), ("1E-3", "0.001")]
)
def test_a_maximum_permissible_error_has_no_sign(mpe, half):
    assert Limits.symmetric(mpe) == Limits(-Decimal(half), Decimal(half))


@pytest.mark.parametrize("junk", ["", "abc", "NaN", "1,5", float("nan"), float("inf")])
@pytest.mark.parametrize("place", ["measured", "limit", "guard band"])
def test_what_is_no_number_decides_nothing(place, junk):
    with pytest.raises(NotANumber):
        decide(
            junk if place == "measured" else "0",
            Limits.symmetric(junk if place == "limit" else 1),
            rule="guarded",
            guard_band=junk if place == "guard band" else 0,
        )


@pytest.mark.parametrize(
    ("uncertainty", "multiple", "width"),
    [
        ("0.10", 1, "0.10"),
        ("0.10", "0.83", "0.0830"),
        ("0.10", 0, "0.00"),
        (0.018, 1, "0.018"),
        ("1E-3", "0.5", "0.0005"),
    ],
)
def test_a_guard_band_is_a_multiple_of_u(uncertainty, multiple, width):
    assert guard_band_width(uncertainty, multiple) == Decimal(width)


@pytest.mark.parametrize(
    ("outcomes", "of_all"),
    [((P,), P), ((P, CP), CP), ((CP, CF), CF), ((CF, F), F), ((F, P, P), F), ((P, P), P), ((CF, CP, P), CF)],
)
def test_an_instrument_is_as_good_as_its_worst_point(outcomes, of_all):
    assert worst(outcomes) == worst(outcomes[::-1]) == of_all


def test_the_four_outcomes_are_ordered_in_every_pair():
    order = (P, CP, CF, F)
    for one, other in product(order, repeat=2):
        assert worst((one, other)) == order[max(order.index(one), order.index(other))]


# --- risks ---------------------------------------------------------------------------------------------------

# The normal distribution as printed in tables: distance in standard deviations, share below.
PHI = {0.0: 0.5, 0.5: 0.691462, 1.0: 0.841345, 1.5: 0.933193, 1.6449: 0.950005, 1.96: 0.975002, 2.0: 0.977250,
       2.3263: 0.989999, 3.0: 0.998650, 4.0: 0.999968}  # fmt: skip


@pytest.mark.parametrize(("distance", "share"), PHI.items())
def test_the_chance_to_conform_at_one_limit_is_that_of_the_tables(distance, share):
    limits = Limits(upper=Decimal(10))
    assert conformance_probability(10 - 0.4 * distance, 0.4, limits) == pytest.approx(share, abs=1e-6)
    assert conformance_probability(10 + 0.4 * distance, 0.4, limits) == pytest.approx(1 - share, abs=1e-6)
    mirrored = Limits(lower=Decimal(10))
    assert conformance_probability(10 + 0.4 * distance, 0.4, mirrored) == pytest.approx(share, abs=1e-6)


@pytest.mark.parametrize(
    ("half_width", "share"),
    [(1, 0.682689), (1.96, 0.950004), (2, 0.954500), (2.5758, 0.990000), (3, 0.997300)],
)
def test_the_chance_to_conform_in_the_middle_of_two_limits_is_that_of_the_tables(half_width, share):
    limits = Limits.symmetric(str(half_width))
    assert conformance_probability(0, 1, limits) == pytest.approx(share, abs=1e-6)


# Closed forms of the t-distribution: for 1 degree 1/2 + atan(t)/π, for 2 degrees 1/2 + t/(2√(2 + t²)).
@pytest.mark.parametrize("distance", [0.0, 0.5, 1.0, 2.0, 6.314, 12.706])
def test_few_degrees_of_freedom_have_the_heavy_tails_of_their_closed_forms(distance):
    limits = Limits(upper=Decimal(0))
    one = conformance_probability(-distance, 1, limits, degrees_of_freedom=1)
    two = conformance_probability(-distance, 1, limits, degrees_of_freedom=2)
    assert one == pytest.approx(0.5 + math.atan(distance) / math.pi, abs=1e-12)
    assert two == pytest.approx(0.5 + distance / (2 * math.sqrt(2 + distance**2)), abs=1e-12)


@pytest.mark.parametrize(
    ("measured", "rule", "risk"),
    [
        # limits ±1, u = 0.5: the share beyond both limits where accepted, the share within where rejected
        ("1", "simple", 0.5 + 0.0000316712),
        ("0", "simple", 0.0455003),
        ("1.5", "simple", 0.1586553 - 0.0000003),
        ("0.5", "guarded", 0.1586553 + 0.0013499),
        ("0.9", "guarded", 0.5792597 - 0.0000723),
        ("0.9", "non_binary", 0.4207403 + 0.0000723),
        ("1.1", "non_binary", 0.4207403 - 0.0000133),
    ],
)
def test_the_risk_is_that_of_the_decision_taken(measured, rule, risk):
    decision = decide(measured, Limits.symmetric(1), rule=rule, guard_band="0.3", standard_uncertainty=0.5)
    assert decision.specific_risk == pytest.approx(risk, abs=2e-6)


def test_small_risks_keep_their_digits():
    """Six standard deviations: 9.865876e-10 by the tables; one minus a number near one would lose it."""
    below, above = nonconformance(0, 1, Limits(Decimal(-6), Decimal(6)))
    assert below == above == pytest.approx(9.865876e-10, rel=1e-6)
    assert nonconformance(0, 1, Limits(upper=Decimal(6)))[0] == 0.0


@pytest.mark.parametrize("u", [0, -0.1, float("nan")])
def test_a_risk_needs_an_uncertainty_above_zero(u):
    with pytest.raises(ParameterNotAllowed):
        decide("0", Limits.symmetric(1), rule="simple", standard_uncertainty=u)


@given(st.floats(-5, 5), st.floats(0.01, 3), st.sampled_from(RULES))
def test_accepting_and_rejecting_share_one_probability(measured, u, rule):
    decision = decide(measured, Limits.symmetric(1), rule=rule, guard_band="0.2", standard_uncertainty=u)
    assert decision.conformance_probability is not None
    accepted = decision.outcome in (P, CP)
    expected = 1 - decision.conformance_probability if accepted else decision.conformance_probability
    assert decision.specific_risk == expected
    assert -1e-12 <= expected <= 1


@given(st.floats(-3, 3), st.floats(0.01, 2))
def test_without_a_guard_band_a_wrong_acceptance_is_never_likelier_than_a_right_one_at_one_limit(measured, u):
    decision = decide(measured, Limits(upper=Decimal(1)), rule="simple", standard_uncertainty=u)
    assert decision.specific_risk is not None
    assert decision.specific_risk <= 0.5 + 1e-12
