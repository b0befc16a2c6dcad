"""Scores, consensus values and rounds on sets small enough for a pencil."""

import math
from fractions import Fraction

import numpy as np
import pytest

from jialiang.science.comparisons.consistent_mean import (
    WeightedMean,
    covariance_of,
    dersimonian_laird,
    mandel_paule,
    weighted_mean,
)
from jialiang.science.comparisons.key_comparison import key_comparison, largest_consistent_subset
from jialiang.science.comparisons.robust import algorithm_a, scaled_mad, winsorized
from jialiang.science.comparisons.rounds import (
    AssignedValue,
    Participation,
    assigned_value,
    score_round,
)
from jialiang.science.comparisons.scores import (
    Score,
    difference,
    en_score,
    prefers_zprime,
    z_score,
    zeta_score,
    zprime_score,
)
from jialiang.science.comparisons.youden import youden_plot
from jialiang.science.errors import (
    DuplicateSymbol,
    LengthsDiffer,
    ParameterNotAllowed,
    TooFewObservations,
)
from jialiang.science.solving import ModelUnsuitable


@pytest.mark.parametrize(
    ("x", "expanded", "x_ref", "expanded_ref", "score", "verdict"),
    [
        ("10.05", 0.03, "10.00", 0.04, 1.0, "satisfactory"),  # √(9 + 16) = 5
        ("9.95", 0.03, "10.00", 0.04, -1.0, "satisfactory"),
        ("10.0500001", 0.03, "10.00", 0.04, 1.000002, "unsatisfactory"),
        ("9.9499999", 0.03, "10.00", 0.04, -1.000002, "unsatisfactory"),
        ("10.00", 0.03, "10.00", 0.04, 0.0, "satisfactory"),
        ("10.13", 0.05, "10.00", 0.12, 1.0, "satisfactory"),  # 5, 12, 13
        ("10.26", 0.05, "10.00", 0.12, 2.0, "unsatisfactory"),
        ("1.5", 0.0, "1.0", 1.0, 0.5, "satisfactory"),
        ("1.5", 1.0, "1.0", 0.0, 0.5, "satisfactory"),
        ("100000000000000000000.1", 0.1, "100000000000000000000.0", 0.0, 1.0, "satisfactory"),
    ],
)
def test_en_by_hand(x, expanded, x_ref, expanded_ref, score, verdict):
    found = en_score(x, expanded, x_ref, expanded_ref)
    assert found.score == pytest.approx(score, rel=1e-12)
    assert (found.name, found.verdict) == ("en", verdict)


@pytest.mark.parametrize(
    ("score", "verdict"),
    [
        (0.0, "satisfactory"),
        (1.999, "satisfactory"),
        (2.0, "satisfactory"),
        (-2.0, "satisfactory"),
        (2.0000001, "questionable"),
        (-2.5, "questionable"),
        (2.9999999, "questionable"),
        (3.0, "unsatisfactory"),
        (-3.0, "unsatisfactory"),
        (99.0, "unsatisfactory"),
    ],
)
@pytest.mark.parametrize("name", ["z", "zprime", "zeta"])
def test_two_and_three_part_the_verdicts(name, score, verdict):
    assert Score(name, score).verdict == verdict


@pytest.mark.parametrize(
    ("found", "name", "score"),
    [
        (zeta_score("10.05", 0.03, "10.00", 0.04), "zeta", 1.0),
        (zeta_score("9.87", 0.05, "10.00", 0.12), "zeta", -1.0),
        (z_score("10.6", "10.0", 0.2), "z", 3.0),
        (z_score("9.6", "10.0", 0.2), "z", -2.0),
        (z_score("0.3", "0.1", 0.1), "z", 2.0),
        (z_score("11.2", "10.0", 0.4), "z", 3.0),  # 2.9999999999999996 in binary fractions
        (zprime_score("10.5", "10.0", 0.3, 0.4), "zprime", 1.0),
        (zprime_score("10.5", "10.0", 0.25, 0.0), "zprime", 2.0),
    ],
)
def test_other_scores_by_hand(found, name, score):
    assert found.name == name
    assert found.score == pytest.approx(score, rel=1e-14)


def test_a_score_on_the_limit_is_not_pushed_over_it_by_binary_fractions():
    assert (0.3 - 0.1) / 0.1 < 2  # what binary fractions make of it
    assert z_score(0.3, 0.1, 0.1).score == 2.0
    assert 1.2 / 0.4 < 3
    assert z_score("11.2", "10.0", 0.4).verdict == "unsatisfactory"
    assert zeta_score("10.6", 0.12, "10.0", 0.16).score == 3.0
    assert en_score("10.3", 0.18, "10.0", 0.24).score == 1.0
    assert not prefers_zprime(0.1, 0.03)
    assert difference(1.00005, 1.0) == 0.00005


@pytest.mark.parametrize(
    ("sigma", "u", "prime"), [(1.0, 0.3, False), (1.0, 0.3001, True), (0.5, 0.2, True), (2.0, 0.0, False)]
)
def test_when_the_assigned_value_is_too_uncertain_for_z(sigma, u, prime):
    assert prefers_zprime(sigma, u) is prime


@pytest.mark.parametrize(
    ("wrong", "parameter"),
    [
        (lambda: en_score(1, 0.0, 1, 0.0), "U"),
        (lambda: en_score(1, -0.1, 1, 0.2), "U"),
        (lambda: en_score(1, math.inf, 1, 0.2), "U"),
        (lambda: zeta_score(1, 0.0, 1, 0.0), "u"),
        (lambda: zeta_score(1, 0.1, 1, math.nan), "u"),
        (lambda: z_score(1, 1, 0.0), "sigma_pt"),
        (lambda: zprime_score(1, 1, -1.0, 0.1), "sigma_pt"),
        (lambda: zprime_score(1, 1, 1.0, -0.1), "u_ref"),
        (lambda: prefers_zprime(0.0, 0.1), "sigma_pt"),
    ],
)
def test_a_score_over_nothing_is_refused_by_name(wrong, parameter):
    with pytest.raises(ParameterNotAllowed) as raised:
        wrong()
    assert raised.value.facts["parameter"] == parameter


# --- Algorithm A


@pytest.mark.parametrize(
    ("results", "mad"),
    [
        ([5.0], 0.0),
        ([1.0, 3.0], 1.0),
        ([1.0, 2.0, 3.0], 1.0),
        ([1.0, 2.0, 4.0, 8.0], 1.5),  # median 3, distances 2 1 1 5
        ([0.0, 0.0, 0.0, 100.0], 0.0),
        ([10.0, 20.0, 30.0, 40.0, 1000.0], 10.0),
    ],
)
def test_the_scaled_median_distance(results, mad):
    assert scaled_mad(results) == pytest.approx(1.483 * mad)


def test_values_are_drawn_in_to_the_edge():
    assert winsorized([-9.0, -1.0, 0.0, 1.0, 9.0], 0.0, 2.0) == [-2.0, -1.0, 0.0, 1.0, 2.0]
    assert winsorized([1.0, 5.0], 3.0, 0.0) == [3.0, 3.0]


def test_the_first_step_of_algorithm_a_with_a_pencil():
    """0 1 2 3 14: median 2, distances 2 1 0 1 12, MAD 1; δ = 2.2245; 14 is drawn in to 4.2245."""
    found = algorithm_a([0.0, 1.0, 2.0, 3.0, 14.0])
    assert found.steps[0] == pytest.approx((2.0, 1.483))
    drawn = [0.0, 1.0, 2.0, 3.0, 4.2245]
    mean = 10.2245 / 5
    square = sum((x - mean) ** 2 for x in drawn)
    assert found.steps[1] == pytest.approx((mean, 1.134 * math.sqrt(square / 4)))
    assert found.replaced == (4,)


def test_the_end_of_algorithm_a_solves_its_own_equations():
    """One value above and none below: x* = (6 + x* + 1.5 s*)/5, so 4 x* = 6 + 1.5 s*."""
    found = algorithm_a([0.0, 1.0, 2.0, 3.0, 14.0])
    assert 4 * found.mean == pytest.approx(6 + 1.5 * found.standard_deviation, rel=1e-12)
    edge = found.mean + 1.5 * found.standard_deviation
    drawn = [0.0, 1.0, 2.0, 3.0, edge]
    assert found.standard_deviation == pytest.approx(1.134 * float(np.std(drawn, ddof=1)), rel=1e-12)
    assert found.standard_uncertainty == pytest.approx(1.25 * found.standard_deviation / math.sqrt(5))


@pytest.mark.parametrize("far", [100.0, 1e6, 1e12])
def test_how_far_an_outlier_lies_does_not_matter(far):
    near = algorithm_a([0.0, 1.0, 2.0, 3.0, 14.0])
    found = algorithm_a([0.0, 1.0, 2.0, 3.0, far])
    assert (found.mean, found.standard_deviation) == pytest.approx((near.mean, near.standard_deviation))


@pytest.mark.parametrize(("shift", "scale"), [(1000.0, 1.0), (0.0, 0.001), (-5.0, 7.0), (1e9, 1.0)])
def test_robust_figures_follow_zero_and_unit(shift, scale):
    data = [0.0, 1.0, 2.0, 3.5, 14.0, 2.5]
    plain = algorithm_a(data)
    moved = algorithm_a([shift + scale * x for x in data])
    assert moved.mean == pytest.approx(shift + scale * plain.mean, rel=1e-9)
    assert moved.standard_deviation == pytest.approx(scale * plain.standard_deviation, rel=1e-6)
    assert moved.replaced == plain.replaced


def test_a_symmetric_set_keeps_its_centre():
    """Five within: s*² = 1.134² (2 · 2.25 s*² + 2.5)/6."""
    found = algorithm_a([-50.0, -1.0, -0.5, 0.0, 0.5, 1.0, 50.0])
    assert found.mean == pytest.approx(0.0, abs=1e-12)
    assert found.replaced == (0, 6)
    share = 1.134**2 / 6
    assert found.standard_deviation == pytest.approx(math.sqrt(2.5 * share / (1 - 4.5 * share)), rel=1e-9)


def test_where_more_than_half_agree_there_is_no_scatter():
    found = algorithm_a([7.0, 7.0, 7.0, 9.0])
    assert (found.mean, found.standard_deviation, found.replaced) == (7.0, 0.0, (3,))


@pytest.mark.parametrize(("ask", "data"), [(algorithm_a, []), (algorithm_a, [1.0]), (scaled_mad, [])])
def test_too_few_for_robust_figures(ask, data):
    with pytest.raises(TooFewObservations):
        ask(data)


# --- weighted means


@pytest.mark.parametrize(
    ("results", "u", "mean", "u_mean", "chi"),
    [
        ([10.0, 12.0], [1.0, 1.0], 11.0, math.sqrt(1 / 2), 2.0),
        ([10.0, 12.0], [1.0, 2.0], 10.4, math.sqrt(4 / 5), 0.16 + 0.64),  # weights 4 : 1
        ([1.0, 2.0, 3.0], [1.0, 1.0, 1.0], 2.0, math.sqrt(1 / 3), 2.0),
        ([0.0, 6.0, 0.0], [2.0, 1.0, 2.0], 4.0, math.sqrt(2 / 3), 4 + 4 + 4),  # weights 1 : 4 : 1
        ([5.0], [0.3], 5.0, 0.3, 0.0),
        ([5.0, 5.0], [3.0, 4.0], 5.0, 2.4, 0.0),  # 3·4/5
    ],
)
def test_weighted_means_by_hand(results, u, mean, u_mean, chi):
    found = weighted_mean(results, u)
    assert found.mean == pytest.approx(mean)
    assert found.standard_uncertainty == pytest.approx(u_mean)
    assert found.chi_squared == pytest.approx(chi, abs=1e-12)
    assert found.degrees_of_freedom == len(results) - 1
    assert math.fsum(found.weights) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("chi", "nu", "probability"),
    [
        (2 * math.log(2), 2, 0.5),  # for ν = 2 it is exp(-χ²/2)
        (2 * math.log(20), 2, 0.05),
        (3.841458821, 1, 0.05),
        (7.814727903, 3, 0.05),
        (0.0, 4, 1.0),
    ],
)
def test_the_consistency_test_by_the_table_of_chi_squared(chi, nu, probability):
    found = WeightedMean(0.0, 1.0, (), chi, nu)
    assert found.probability == pytest.approx(probability, rel=1e-8)
    assert WeightedMean(0.0, 1.0, (), chi * 0.999, nu).is_consistent
    assert WeightedMean(0.0, 1.0, (), chi * 1.001, nu).is_consistent is (probability > 0.06)


@pytest.mark.parametrize(
    ("chi", "nu", "ratio", "external"),
    [(8.0, 2, 2.0, 1.0), (0.5, 2, 0.5, 0.5), (9.0, 1, 3.0, 1.5), (0.0, 0, 1.0, 0.5)],
)
def test_the_birge_ratio_only_ever_widens(chi, nu, ratio, external):
    found = WeightedMean(0.0, 0.5, (), chi, nu)
    assert found.birge_ratio == pytest.approx(ratio)
    assert found.external_uncertainty == pytest.approx(external)


@pytest.mark.parametrize("r", [0.0, 0.5, -0.5, 0.9])
def test_two_correlated_results_by_hand(r):
    """u = 1 and 2: w1 = (4 - 2r)/(5 - 4r), u² = 4 (1 - r²)/(5 - 4r), χ² = d²/(5 - 4r)."""
    found = weighted_mean([10.0, 13.0], [1.0, 2.0], covariance=covariance_of([1.0, 2.0], [[1, r], [r, 1]]))
    below = 5 - 4 * r
    assert found.weights == pytest.approx(((4 - 2 * r) / below, (1 - 2 * r) / below), abs=1e-12)
    assert found.standard_uncertainty == pytest.approx(math.sqrt(4 * (1 - r * r) / below))
    assert found.chi_squared == pytest.approx(9 / below)
    assert found.mean == pytest.approx(10 + 3 * (1 - 2 * r) / below)


@pytest.mark.parametrize("ends", [(1e-200, 1e-200), (1e200, 1e200), (1e-160, 1e150)])
def test_weights_neither_overflow_nor_vanish(ends):
    found = weighted_mean([1.0, 1.0], list(ends))
    assert found.mean == 1.0
    assert found.standard_uncertainty == pytest.approx(
        min(ends) / (math.sqrt(2) if ends[0] == ends[1] else 1)
    )


def test_mandel_paule_of_two_equal_uncertainties_by_hand():
    """χ² = (d²/2)/(u² + τ²) = 1, so τ² = d²/2 - u²; here 8 - 1."""
    found = mandel_paule([0.0, 4.0], [1.0, 1.0])
    assert found.between == pytest.approx(math.sqrt(7))
    assert found.mean == pytest.approx(2.0)
    assert found.standard_uncertainty == pytest.approx(2.0)


def test_dersimonian_laird_of_equal_uncertainties_is_the_same():
    """Three values 0, 3, 6 with u = 1: χ² = 18, ν = 2, Σw - Σw²/Σw = 2, so τ² = 8; Mandel–Paule 18/(1+τ²) = 2."""
    for estimate in (mandel_paule, dersimonian_laird):
        found = estimate([0.0, 3.0, 6.0], [1.0, 1.0, 1.0])
        assert found.between == pytest.approx(math.sqrt(8))
        assert found.standard_uncertainty == pytest.approx(math.sqrt(3))
        assert found.weights == pytest.approx((1 / 3,) * 3)


@pytest.mark.parametrize("estimate", [mandel_paule, dersimonian_laird])
def test_results_that_agree_get_nothing_between_them(estimate):
    found = estimate([1.0, 1.5, 1.2], [1.0, 2.0, 1.0])
    plain = weighted_mean([1.0, 1.5, 1.2], [1.0, 2.0, 1.0])
    assert found.between == 0.0
    assert (found.mean, found.standard_uncertainty) == (plain.mean, plain.standard_uncertainty)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (lambda: weighted_mean([1.0], [1.0, 2.0]), LengthsDiffer),
        (lambda: weighted_mean([], []), TooFewObservations),
        (lambda: weighted_mean([1.0], [0.0]), ParameterNotAllowed),
        (lambda: weighted_mean([1.0, 2.0], [1.0, 1.0], covariance=np.eye(3)), LengthsDiffer),
        (lambda: weighted_mean([1.0, 2.0], [1.0, 1.0], covariance=np.ones((2, 2))), ModelUnsuitable),
        (lambda: covariance_of([1.0, 1.0], [[1.0]]), LengthsDiffer),
        (lambda: covariance_of([1.0, 1.0], [[1, 0.5], [0.4, 1]]), ParameterNotAllowed),
        (lambda: covariance_of([1.0, 1.0], [[1, 1.5], [1.5, 1]]), ParameterNotAllowed),
        (lambda: covariance_of([1.0, 1.0], [[2, 0], [0, 2]]), ParameterNotAllowed),
        (lambda: mandel_paule([1.0], [1.0]), TooFewObservations),
        (lambda: dersimonian_laird([1.0], [1.0]), TooFewObservations),
    ],
)
def test_columns_that_make_no_mean_are_refused(wrong, error):
    with pytest.raises(error):
        wrong()


# --- key comparisons


def test_degrees_of_equivalence_by_hand():
    """10, 12, 20 with u = 1, 1, 2 where the third does not contribute: reference 11, u² = 1/2."""
    found = key_comparison([10.0, 12.0, 20.0], [1.0, 1.0, 2.0], contributing=[0, 1])
    assert (found.reference_value, found.standard_uncertainty) == pytest.approx((11.0, math.sqrt(0.5)))
    assert [d.difference for d in found.degrees] == pytest.approx([-1.0, 1.0, 9.0])
    expected = [2 * math.sqrt(1 - 0.5)] * 2 + [2 * math.sqrt(4 + 0.5)]
    assert [d.expanded_uncertainty for d in found.degrees] == pytest.approx(expected)
    assert found.contributing == (0, 1)
    assert found.consistency.chi_squared == pytest.approx(2.0)


def test_pairs_of_laboratories_by_hand():
    pairs = key_comparison([10.0, 12.0, 20.0], [3.0, 4.0, 12.0]).pairs
    assert pairs[0][1].difference == -2.0
    assert pairs[0][1].expanded_uncertainty == pytest.approx(10.0)
    assert (pairs[1][1].difference, pairs[1][1].expanded_uncertainty) == (0.0, 0.0)
    for i in range(3):
        for j in range(3):
            assert pairs[i][j].difference == -pairs[j][i].difference
            assert pairs[i][j].expanded_uncertainty == pairs[j][i].expanded_uncertainty


@pytest.mark.parametrize(
    ("results", "chosen"),
    [
        ([10.0, 10.5, 11.0], (0, 1, 2)),
        ([10.0, 10.5, 99.0], (0, 1)),
        ([99.0, 10.0, 10.5, -99.0, 10.2], (1, 2, 4)),
        ([0.0, 0.5, 10.0, 10.1], (2, 3)),  # two pairs agree: that of the smaller χ²
    ],
)
def test_the_largest_subset_that_agrees(results, chosen):
    assert largest_consistent_subset(results, [1.0] * len(results), range(len(results))) == chosen


def test_two_that_differ_by_far_leave_no_subset():
    with pytest.raises(ModelUnsuitable) as raised:
        largest_consistent_subset([0.0, 10.0], [1.0, 1.0], [0, 1])
    assert "agree" in raised.value.facts["reason"]


def test_a_between_laboratory_variance_enters_the_degrees():
    """0, 4 with u = 1: τ² = 7, u(ref) = 2, so u² of a difference is 8 (1 - 2/2) + 4."""
    found = key_comparison([0.0, 4.0], [1.0, 1.0], method="mandel-paule")
    assert [d.expanded_uncertainty for d in found.degrees] == pytest.approx([4.0, 4.0])


def test_the_median_of_two_is_their_mean_and_the_seed_is_kept():
    first = key_comparison([1.0, 3.0], [0.1, 0.1], method="median", draws=20_000, seed=7)
    again = key_comparison([1.0, 3.0], [0.1, 0.1], method="median", draws=20_000, seed=7)
    assert first == again
    assert first.reference_value == pytest.approx(2.0, abs=0.002)
    assert first.standard_uncertainty == pytest.approx(0.1 / math.sqrt(2), rel=0.03)


@pytest.mark.parametrize("contributing", [[], [0], [0, 0], [0, 3], [-1, 0]])
def test_who_contributes_must_be_there(contributing):
    with pytest.raises(ParameterNotAllowed):
        key_comparison([1.0, 2.0, 3.0], [1.0, 1.0, 1.0], contributing=contributing)


# --- rounds


def _three():
    return [
        Participation("A", 10.0, 0.6),
        Participation("B", 10.4, 0.8, 2.0),
        Participation("C", 11.2),
    ]


def test_a_round_against_a_reference_by_hand():
    report = score_round(_three(), AssignedValue(10.0, 0.3, "reference"), sigma_pt=0.4)
    first, second, third = ({s.name: s.score for s in row.scores} for row in report.rows)
    assert first == {"en": 0, "zeta": 0, "z": 0, "zprime": 0}
    assert second == pytest.approx({"en": 0.4, "zeta": 0.8, "z": 1.0, "zprime": 0.8})
    assert third == pytest.approx({"z": 3.0, "zprime": 2.4})
    assert report.summary == {
        "en": {"satisfactory": 2},
        "zeta": {"satisfactory": 2},
        "z": {"satisfactory": 2, "unsatisfactory": 1},
        "zprime": {"satisfactory": 2, "questionable": 1},
    }


def test_a_sure_reference_needs_no_zprime_and_no_sigma_no_z():
    sure = score_round(_three(), AssignedValue(10.0, 0.01, "reference"), sigma_pt=0.4)
    assert [s.name for s in sure.rows[2].scores] == ["z"]
    without = score_round(_three(), AssignedValue(10.0, 0.3, "reference"))
    assert [[s.name for s in row.scores] for row in without.rows] == [["en", "zeta"], ["en", "zeta"], []]


def test_the_consensus_weighted_by_those_who_stated_u():
    """10.0 with u = 0.3 and 10.4 with u = 0.4: weights 16 : 9 over 25."""
    found = assigned_value(_three(), "weighted-mean")
    assert found.x == pytest.approx(float(Fraction(16 * 100 + 9 * 104, 250)))
    assert found.standard_uncertainty == pytest.approx(0.24)


def test_the_robust_consensus_takes_all():
    found = assigned_value(_three(), "algorithm-a")
    robust = algorithm_a([10.0, 10.4, 11.2])
    assert (found.x, found.standard_uncertainty) == (robust.mean, robust.standard_uncertainty)


def test_rounds_that_cannot_be_scored():
    with pytest.raises(TooFewObservations):
        score_round([], AssignedValue(1.0, 0.1, "reference"))
    with pytest.raises(DuplicateSymbol) as raised:
        score_round([*_three(), Participation("B", 1.0)], AssignedValue(1.0, 0.1, "reference"))
    assert raised.value.facts["symbol"] == "B"
    with pytest.raises(TooFewObservations):
        assigned_value([Participation("A", 1.0, 0.1), Participation("B", 2.0)], "weighted-mean")


# --- Youden


def test_a_youden_plot_by_hand():
    """Medians 2 and 20; on the diagonal the deviation across is zero."""
    plot = youden_plot([1.0, 2.0, 3.0, 2.0, 2.0], [19.0, 20.0, 21.0, 22.0, 18.0])
    root = math.sqrt(2)
    assert plot.centre == (2.0, 20.0)
    assert [p.along for p in plot.points] == pytest.approx([-root, 0, root, root, -root])
    assert [p.across for p in plot.points] == pytest.approx([0, 0, 0, root, -root], abs=1e-15)
    assert [p.distance for p in plot.points] == pytest.approx([root, 0, root, 2, 2])
    assert plot.sd_across == pytest.approx(1.0)
    assert plot.sd_along == pytest.approx(math.sqrt(2))
    assert plot.radius == pytest.approx(2.4477468)
    assert plot.outside == ()


@pytest.mark.parametrize(("probability", "radius"), [(0.5, 1.1774100), (0.95, 2.4477468), (0.99, 3.0348543)])
def test_the_radius_for_a_probability(probability, radius):
    plot = youden_plot([1, 2, 3, 2, 2], [19, 20, 21, 22, 18], probability=probability)
    assert plot.radius == pytest.approx(radius, rel=1e-7)
    assert plot.outside == ((0, 2, 3, 4) if probability == 0.5 else ())


def test_exchanging_the_items_mirrors_across_the_diagonal():
    first, second = [1.0, 2.5, 3.0, 7.0], [2.0, 2.0, 4.0, 1.0]
    plot, mirrored = youden_plot(first, second), youden_plot(second, first)
    assert [p.along for p in plot.points] == pytest.approx([p.along for p in mirrored.points])
    assert [p.across for p in plot.points] == pytest.approx([-p.across for p in mirrored.points])
    assert plot.radius == pytest.approx(mirrored.radius)


@pytest.mark.parametrize(
    ("first", "second", "probability", "error"),
    [
        ([1.0, 2.0], [1.0, 2.0], 0.95, TooFewObservations),
        ([1.0, 2.0, 3.0], [1.0, 2.0], 0.95, LengthsDiffer),
        ([1.0, 2.0, 3.0], [1.0, 2.0, 3.0], 1.0, ParameterNotAllowed),
        ([1.0, 2.0, 3.0], [1.0, 2.0, 3.0], 0.0, ParameterNotAllowed),
    ],
)
def test_plots_that_cannot_be_drawn(first, second, probability, error):
    with pytest.raises(error):
        youden_plot(first, second, probability=probability)
