"""Components of variance with a pencil, decimals that are not rounded, and quadrature of known integrals."""

import math
from decimal import Decimal

import numpy as np
import pytest

from jialiang.science.errors import LengthsDiffer, ParameterNotAllowed, TooFewObservations
from jialiang.science.exact_decimals import (
    difference,
    halved,
    opposite,
    product,
    quotient,
    root_of_squares,
    size,
)
from jialiang.science.solving import ModelUnsuitable, gauss_legendre, integral
from jialiang.science.variances.anova import one_way, one_way_of_summaries
from jialiang.science.variances.effective_degrees import welch_satterthwaite
from jialiang.science.variances.gauge import crossed_study, nested_study
from jialiang.science.variances.jjf1033 import (
    judged_by_correction,
    judged_by_mpe,
    stability_in_use,
    stability_of_new,
    verified_by_comparison,
    verified_by_transfer,
)

# --- analysis of variance


def test_three_groups_of_two_by_hand():
    """Means 1, 3, 5 about 3; within each ±1: s_b² = 2, s_a² = 2 · 4 = 8, F = 4, s_B² = (8 - 2)/2 = 3."""
    found = one_way([[0.0, 2.0], [2.0, 4.0], [4.0, 6.0]])
    assert (found.grand_mean, found.groups, found.per_group) == (3.0, 3, 2)
    assert found.within == pytest.approx(math.sqrt(2))
    assert found.from_means == pytest.approx(math.sqrt(8))
    assert found.f_ratio == pytest.approx(4.0)
    assert (found.degrees_between, found.degrees_within) == (2, 3)
    assert found.between == pytest.approx(math.sqrt(3))
    # Pr(F(2, 3) > f) = (1 + 2f/3)^(-3/2)
    assert found.probability == pytest.approx((1 + 8 / 3) ** -1.5)
    assert found.u_of_mean == (pytest.approx(2 / math.sqrt(3)), 2)
    # all six about 3: 9 + 1 + 1 + 1 + 1 + 9 = 22
    assert found.u_of_mean_if_pooled == (pytest.approx(math.sqrt(22 / 5 / 6)), 5)


@pytest.mark.parametrize(("p", "critical"), [(0.95, 9.552094), (0.99, 30.816520), (0.5, 0.881102)])
def test_critical_values_of_f_by_the_table(p, critical):
    assert one_way([[0.0, 2.0], [2.0, 4.0], [4.0, 6.0]]).critical(p) == pytest.approx(critical, rel=1e-6)


def test_groups_that_do_not_scatter_within():
    found = one_way([[1.0, 1.0], [2.0, 2.0]])
    assert (found.f_ratio, found.probability) == (math.inf, 0.0)
    assert found.between == pytest.approx(math.sqrt(0.5))


def test_less_between_than_within_is_nothing_between():
    found = one_way([[0.0, 4.0], [1.0, 3.0], [2.0, 2.0]])
    assert (found.f_ratio, found.between) == (0.0, 0.0)
    assert found.probability == 1.0


@pytest.mark.parametrize(("shift", "scale"), [(1e6, 1.0), (0.0, 1e-6), (-3.0, -2.0)])
def test_f_knows_neither_zero_nor_unit(shift, scale):
    groups = [[0.0, 2.5], [2.0, 4.0], [4.0, 6.0]]
    moved = one_way([[shift + scale * x for x in group] for group in groups])
    assert moved.f_ratio == pytest.approx(one_way(groups).f_ratio, rel=1e-6)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (lambda: one_way([[1.0, 2.0]]), TooFewObservations),
        (lambda: one_way([]), TooFewObservations),
        (lambda: one_way([[1.0, 2.0], [1.0]]), LengthsDiffer),
        (lambda: one_way([[1.0], [2.0]]), TooFewObservations),
        (lambda: one_way_of_summaries([1.0, 2.0], [1.0], 3), LengthsDiffer),
        (lambda: one_way_of_summaries([1.0, 2.0], [1.0, 1.0], 1), TooFewObservations),
        (lambda: one_way([[0.0, 1.0], [1.0, 2.0]]).critical(1.0), ParameterNotAllowed),
        (lambda: one_way([[0.0, 1.0], [1.0, 2.0]]).critical(0.0), ParameterNotAllowed),
    ],
)
def test_groups_that_carry_no_analysis(wrong, error):
    with pytest.raises(error):
        wrong()


# --- effective degrees of freedom


@pytest.mark.parametrize(
    ("contributions", "degrees", "combined", "effective"),
    [
        ([2.0], [7], 2.0, 7.0),
        ([1.0, 1.0], [4, 4], math.sqrt(2), 8.0),
        ([1.0, 1.0, 1.0], [5, 5, 5], math.sqrt(3), 15.0),
        ([3.0, 4.0], [9, math.inf], 5.0, 625 / 9),
        ([3.0, 4.0], [math.inf, math.inf], 5.0, math.inf),
        ([3.0, 4.0], [2, 4], 5.0, 625 / (81 / 2 + 256 / 4)),
        ([0.0, 4.0], [1, 4], 4.0, 4.0),
        ([1e-200, 1e-200], [4, 4], math.sqrt(2) * 1e-200, 8.0),
    ],
)
def test_effective_degrees_by_hand(contributions, degrees, combined, effective):
    assert welch_satterthwaite(contributions, degrees) == pytest.approx(
        (combined, effective), rel=1e-12, abs=0
    )


@pytest.mark.parametrize(
    ("contributions", "degrees", "error"),
    [
        ([], [], TooFewObservations),
        ([1.0], [1, 2], LengthsDiffer),
        ([-1.0], [1], ParameterNotAllowed),
        ([math.inf], [1], ParameterNotAllowed),
        ([math.nan], [1], ParameterNotAllowed),
        ([1.0], [0], ParameterNotAllowed),
        ([1.0], [math.nan], ParameterNotAllowed),
        ([0.0, 0.0], [1, 1], ParameterNotAllowed),
    ],
)
def test_components_that_combine_to_nothing(contributions, degrees, error):
    with pytest.raises(error):
        welch_satterthwaite(contributions, degrees)


# --- gauge studies

# two parts (0 and 10), two operators (0 and 2), trials ±1: no interaction
GAUGE = [[[-1.0, 1.0], [1.0, 3.0]], [[9.0, 11.0], [11.0, 13.0]]]


def test_a_crossed_study_with_a_pencil():
    """Sums of squares: parts 8·25, operators 8·1, interaction 0, trials 8; pooled error 8 over 4 + 1."""
    found = crossed_study(GAUGE)
    assert found.interaction_pooled
    assert [(e.name, e.degrees_of_freedom) for e in found.table] == [
        ("parts", 1),
        ("operators", 1),
        ("interaction", 1),
        ("repeatability", 5),
    ]
    assert [e.sum_of_squares for e in found.table] == pytest.approx([200.0, 8.0, 0.0, 8.0])
    assert found.repeatability**2 == pytest.approx(1.6)
    assert found.operators**2 == pytest.approx((8 - 1.6) / 4)
    assert found.parts**2 == pytest.approx((200 - 1.6) / 4)
    assert found.interaction == 0.0
    assert found.gauge**2 == pytest.approx(1.6 + 1.6)
    assert found.total**2 == pytest.approx(3.2 + 49.6)
    assert found.distinct_categories == 5  # √2 · √(49.6/3.2) = 5.57
    assert found.share_of_tolerance(60.0) == pytest.approx(math.sqrt(3.2) / 10)
    assert found.table[0].f_ratio == pytest.approx(125.0)


def test_an_interaction_that_is_kept_is_the_measure_of_the_rest():
    """Without pooling the mean square of the interaction, 0 here, is below the trials: nothing for it."""
    found = crossed_study(GAUGE, pooling_from=1.0)
    assert not found.interaction_pooled
    assert found.repeatability**2 == pytest.approx(2.0)
    assert found.operators**2 == pytest.approx(8 / 4)
    assert found.parts**2 == pytest.approx(200 / 4)
    assert found.table[0].f_ratio is None  # nothing to test it against


def test_an_interaction_alone():
    """Cells ±5 crosswise: interaction 8·25 over 1, trials 8 over 4; s² of it (200 - 2)/2."""
    found = crossed_study([[[4.0, 6.0], [-6.0, -4.0]], [[-6.0, -4.0], [4.0, 6.0]]])
    assert not found.interaction_pooled
    assert found.interaction**2 == pytest.approx(99.0)
    assert (found.operators, found.parts) == (0.0, 0.0)
    assert found.reproducibility == found.interaction
    assert found.distinct_categories == 1  # never less than one


def test_a_nested_study_with_a_pencil():
    """Runs 0 and 10, days ±3, repetitions ±1: s1² = 2, s2² = 18, s3² = 50."""
    study = [[[-4.0, -2.0], [2.0, 4.0]], [[6.0, 8.0], [12.0, 14.0]]]
    found = nested_study(study)
    assert [s**2 for s in found.levels] == pytest.approx([2.0, 18.0, 50.0])
    assert found.degrees == (4, 2, 1)
    assert found.days**2 == pytest.approx(18 - 2 / 2)
    assert found.runs**2 == pytest.approx(50 - 18 / 2)
    assert found.standard_deviation(repetitions=1) ** 2 == pytest.approx(41 + 17 + 2)
    assert found.standard_deviation(repetitions=2, days=2, runs=2) ** 2 == pytest.approx(
        41 / 2 + 17 / 4 + 2 / 8
    )


@pytest.mark.parametrize("counts", [(0, 1, 1), (1, 0, 1), (1, 1, 0)])
def test_a_result_of_no_repetitions(counts):
    found = nested_study(GAUGE)
    with pytest.raises(ParameterNotAllowed):
        found.standard_deviation(repetitions=counts[0], days=counts[1], runs=counts[2])


@pytest.mark.parametrize("evaluate", [crossed_study, nested_study])
@pytest.mark.parametrize(
    ("study", "error"),
    [
        ([], TooFewObservations),
        ([[]], TooFewObservations),
        ([[[1.0, 2.0], [1.0, 2.0]]], TooFewObservations),
        ([[[1.0], [2.0]], [[1.0], [2.0]]], TooFewObservations),
        ([[[1.0, 2.0]], [[1.0, 2.0]]], TooFewObservations),
        ([[[1.0, 2.0], [1.0, 2.0]], [[1.0, 2.0]]], LengthsDiffer),
        ([[[1.0, 2.0], [1.0, 2.0]], [[1.0, 2.0], [1.0]]], LengthsDiffer),
    ],
)
def test_studies_with_holes(evaluate, study, error):
    with pytest.raises(error):
        evaluate(study)


def test_settings_of_a_gauge_study():
    with pytest.raises(ParameterNotAllowed):
        crossed_study(GAUGE, pooling_from=1.1)
    with pytest.raises(ParameterNotAllowed):
        crossed_study(GAUGE).share_of_tolerance(0.0)
    with pytest.raises(ModelUnsuitable):
        crossed_study([[[1.0, 1.0], [2.0, 2.0]], [[3.0, 3.0], [4.0, 4.0]]])


# --- measurement standards


@pytest.mark.parametrize(
    ("means", "change"),
    [
        (["10.01", "10.03", "9.99", "10.00"], "0.04"),
        (["0.1", "0.3", "0.2", "0.2"], "0.2"),
        ([0.1, 0.3, 0.2, 0.2], "0.2"),
        (["-1", "-1", "-1", "-1"], "0"),
        (["1", "2", "3", "4", "9"], "8"),
    ],
)
def test_the_range_of_the_group_means(means, change):
    assert stability_of_new(means) == Decimal(change)


@pytest.mark.parametrize(
    ("means", "change"),
    [(["1", "3"], "2"), (["9", "1", "0.7"], "0.3"), ([0.3, 0.1], "0.2"), (["1", "1"], "0")],
)
def test_the_change_of_the_last_year(means, change):
    assert stability_in_use(means) == Decimal(change)


@pytest.mark.parametrize(
    ("change", "limit", "holds"),
    [
        ("0.2", "0.3", True),
        ("0.3", "0.3", False),
        ("0.29999999999999999999", "0.3", True),
        ("0.31", "0.3", False),
    ],
)
def test_a_change_must_be_less_than_its_limit(change, limit, holds):
    for found in (judged_by_mpe(Decimal(change), "-" + limit), judged_by_correction(Decimal(change), limit)):
        assert (found.holds, found.limit) == (holds, Decimal(limit))


@pytest.mark.parametrize(
    ("y", "expanded", "y0", "expanded0", "holds"),
    [
        ("10.05", 0.03, "10.00", 0.04, True),
        ("9.95", 0.03, "10.00", 0.04, True),
        ("10.0501", 0.03, "10.00", 0.04, False),
        ("10.3", 0.18, "10", 0.24, True),
        ("10", 0.0, "10", 0.1, True),
    ],
)
def test_verification_by_transfer(y, expanded, y0, expanded0, holds):
    assert verified_by_transfer(y, expanded, y0, expanded0).holds is holds


@pytest.mark.parametrize(
    ("difference_", "laboratories", "limit"),
    [("0.1", 2, math.sqrt(0.5)), ("0.9", 4, math.sqrt(0.75)), ("0.9", 10, 0.9486833)],
)
def test_verification_by_comparison(difference_, laboratories, limit):
    found = verified_by_comparison("1" + difference_[1:], 1.0, "1", laboratories)
    assert found.limit == pytest.approx(limit)
    assert found.difference == float(difference_)
    assert found.holds is (float(difference_) <= limit)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (lambda: stability_of_new(["1", "2", "3"]), TooFewObservations),
        (lambda: stability_in_use(["1"]), TooFewObservations),
        (lambda: judged_by_correction(Decimal(1), "0"), ParameterNotAllowed),
        (lambda: judged_by_correction(Decimal(1), "-1"), ParameterNotAllowed),
        (lambda: verified_by_transfer("1", 0.0, "1", 0.0), ParameterNotAllowed),
        (lambda: verified_by_comparison("1", 1.0, "1", 1), ParameterNotAllowed),
        (lambda: verified_by_comparison("1", 0.0, "1", 3), ParameterNotAllowed),
    ],
)
def test_standards_that_cannot_be_verified(wrong, error):
    with pytest.raises(error):
        wrong()


# --- exact decimals and quadrature

LONG = "1." + "0" * 60 + "1"


@pytest.mark.parametrize(
    ("found", "exact"),
    [
        (difference(Decimal(LONG), Decimal(1)), "1e-61"),
        (difference(Decimal("1e40"), Decimal("1e-40")), "9" * 40 + "." + "9" * 40),
        (difference(Decimal("0.3"), Decimal("0.1")), "0.2"),
        (product(Decimal(LONG), Decimal(2)), "2." + "0" * 60 + "2"),
        (product(Decimal("0.1"), Decimal(3)), "0.3"),
        (halved(Decimal(LONG)), "0.5" + "0" * 60 + "5"),
        (size(Decimal("-" + LONG)), LONG),
        (opposite(Decimal(LONG)), "-" + LONG),
        (opposite(Decimal("-2")), "2"),
        (quotient(Decimal("1.2"), Decimal("0.4")), "3"),
        (quotient(Decimal(1), Decimal(3)), "0." + "3" * 60),
        (root_of_squares(Decimal("0.03"), Decimal("-0.04")), "0.05"),
        (root_of_squares(Decimal("1e300"), Decimal(0)), "1e300"),
        (root_of_squares(Decimal("5e-320"), Decimal("12e-320")), "13e-320"),
    ],
)
def test_no_digit_is_rounded_away(found, exact):
    assert found == Decimal(exact)


@pytest.mark.parametrize(
    ("function", "breaks", "expected"),
    [
        (lambda x: np.ones_like(x), (2.0, 5.0), 3.0),
        (lambda x: x**79, (0.0, 1.0), 1 / 80),  # exact up to degree 79 with 40 nodes
        (np.exp, (0.0, 1.0), math.e - 1),
        (np.abs, (-1.0, 0.0, 2.0), 2.5),
        (np.abs, (2.0, -1.0, 0.0, 0.0), 2.5),  # breaks in any order, twice
        (np.sin, (0.0, math.pi), 2.0),
        (np.exp, (1.0,), 0.0),
        (np.exp, (), 0.0),
    ],
)
def test_integrals_that_are_known(function, breaks, expected):
    assert integral(function, breaks) == pytest.approx(expected, rel=1e-12, abs=1e-15)


@pytest.mark.parametrize("count", [1, 2, 5, 40])
def test_weights_of_the_quadrature(count):
    nodes, weights = gauss_legendre(count)
    assert weights.sum() == pytest.approx(2.0)
    assert nodes == pytest.approx(-nodes[::-1], abs=1e-15)
