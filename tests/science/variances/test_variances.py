"""Analysis of variance, effective degrees of freedom, gauge studies, JJF 1033."""

import math
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import f as fisher
from scipy.stats import f_oneway

from jialiang.science.errors import LengthsDiffer, ParameterNotAllowed, TooFewObservations
from jialiang.science.solving import ModelUnsuitable
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

FEW = settings(max_examples=40)
seeds = st.integers(0, 2**32 - 1)


@FEW
@given(seeds, st.integers(2, 8), st.integers(2, 6))
def test_one_way_agrees_with_scipy(seed, groups, size):
    data = np.random.default_rng(seed).standard_normal((groups, size))
    found = one_way(data.tolist())
    expected = f_oneway(*data)
    assert found.f_ratio == pytest.approx(expected.statistic, rel=1e-9)
    assert found.probability == pytest.approx(expected.pvalue, rel=1e-7)
    assert found.critical(0.99) == pytest.approx(fisher.ppf(0.99, groups - 1, groups * (size - 1)), rel=1e-9)
    pooled_u, nu = found.u_of_mean_if_pooled
    assert pooled_u == pytest.approx(data.std(ddof=1) / math.sqrt(data.size), rel=1e-9)
    assert nu == data.size - 1
    assert found.u_of_mean[0] == pytest.approx(data.mean(axis=1).std(ddof=1) / math.sqrt(groups), rel=1e-9)


def test_components_of_variance_are_found_again():
    rng = np.random.default_rng(3)
    data = 100 + 2 * rng.standard_normal((3000, 1)) + rng.standard_normal((3000, 4))
    found = one_way(data.tolist())
    assert found.between == pytest.approx(2, rel=0.05)
    assert found.within == pytest.approx(1, rel=0.03)


def test_groups_alike_have_nothing_between_them():
    found = one_way([[1.0, 2.0, 3.0], [3.0, 1.0, 2.0], [2.0, 3.0, 1.0]])
    assert (found.between, found.f_ratio, found.probability) == (0, 0, 1)
    still = one_way([[1.0, 1.0], [2.0, 2.0]])
    assert (still.f_ratio, still.probability) == (math.inf, 0)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (lambda: one_way([[1.0, 2.0]]), TooFewObservations),
        (lambda: one_way([[1.0, 2.0], [1.0]]), LengthsDiffer),
        (lambda: one_way([[1.0], [2.0]]), TooFewObservations),
        (lambda: one_way_of_summaries([1.0, 2.0], [0.1], 3), LengthsDiffer),
        (lambda: one_way_of_summaries([1.0, 2.0], [0.1, 0.1], 1), TooFewObservations),
        (lambda: one_way([[1.0, 2.0], [1.0, 3.0]]).critical(1), ParameterNotAllowed),
        (lambda: welch_satterthwaite([1.0], [1, 2]), LengthsDiffer),
        (lambda: welch_satterthwaite([], []), TooFewObservations),
        (lambda: welch_satterthwaite([-1.0], [1]), ParameterNotAllowed),
        (lambda: welch_satterthwaite([1.0], [0]), ParameterNotAllowed),
        (lambda: welch_satterthwaite([0.0], [1]), ParameterNotAllowed),
    ],
)
def test_what_has_no_variance_is_refused(wrong, error):
    with pytest.raises(error):
        wrong()


@FEW
@given(
    st.lists(st.tuples(st.floats(0.01, 10), st.integers(1, 100)), min_size=1, max_size=8),
    st.floats(1e-6, 1e6),
)
def test_effective_degrees_lie_between_the_smallest_and_the_sum(parts, scale):
    u, nu = zip(*parts, strict=True)
    combined, effective = welch_satterthwaite(u, nu)
    assert min(nu) * (1 - 1e-9) <= effective <= sum(nu) * (1 + 1e-9)
    again = welch_satterthwaite([scale * x for x in u], nu)
    assert again == (pytest.approx(scale * combined), pytest.approx(effective))


def test_infinite_degrees_alone_stay_infinite():
    assert welch_satterthwaite([0.3, 0.4], [math.inf, math.inf]) == (pytest.approx(0.5), math.inf)


def test_a_crossed_study_against_sums_of_squares_written_out():
    rng = np.random.default_rng(10)
    data = (
        10
        + rng.standard_normal((6, 1, 1))
        + 0.3 * rng.standard_normal((1, 3, 1))
        + 0.2 * rng.standard_normal((6, 3, 2))
    )
    found = crossed_study(data.tolist(), pooling_from=1.0)
    grand = data.mean()
    ss_part = 6 * sum((data[i].mean() - grand) ** 2 for i in range(6))
    ss_operator = 12 * sum((data[:, j].mean() - grand) ** 2 for j in range(3))
    ss_error = sum(((data[i, j] - data[i, j].mean()) ** 2).sum() for i in range(6) for j in range(3))
    ss_total = ((data - grand) ** 2).sum()
    ss_inter = ss_total - ss_part - ss_operator - ss_error
    squares = [effect.sum_of_squares for effect in found.table]
    assert squares == pytest.approx([ss_part, ss_operator, ss_inter, ss_error], rel=1e-9)
    assert [effect.degrees_of_freedom for effect in found.table] == [5, 2, 10, 18]
    assert found.repeatability == pytest.approx(math.sqrt(ss_error / 18))
    assert found.table[2].probability == pytest.approx(
        fisher.sf(ss_inter / 10 / (ss_error / 18), 10, 18), rel=1e-9
    )
    base = ss_inter / 10
    assert found.parts == pytest.approx(math.sqrt(max(ss_part / 5 - base, 0) / 6))


def test_an_interaction_that_is_not_there_is_pooled():
    rng = np.random.default_rng(2)
    data = (rng.standard_normal((10, 1, 1)) + 0.1 * rng.standard_normal((10, 3, 3))).tolist()
    found = crossed_study(data, pooling_from=0.0)
    assert found.interaction_pooled
    assert found.interaction == 0
    error = found.table[3]
    assert error.degrees_of_freedom == 60 + 18
    assert found.repeatability == pytest.approx(0.1, rel=0.15)
    assert found.distinct_categories >= 5
    assert found.gauge**2 + found.parts**2 == pytest.approx(found.total**2)
    assert found.share_of_tolerance(6.0) == pytest.approx(found.gauge)


def test_a_large_study_finds_its_components():
    rng = np.random.default_rng(6)
    parts, operators = 3 * rng.standard_normal((60, 1, 1)), 2 * rng.standard_normal((1, 60, 1))
    both = 1 * rng.standard_normal((60, 60, 1))
    found = crossed_study((parts + operators + both + 0.5 * rng.standard_normal((60, 60, 2))).tolist())
    figures = (found.parts, found.operators, found.interaction, found.repeatability)
    assert figures == pytest.approx((3, 2, 1, 0.5), rel=0.2)


def test_a_nested_study_finds_its_levels():
    rng = np.random.default_rng(7)
    runs, days = 2 * rng.standard_normal((300, 1, 1)), rng.standard_normal((300, 5, 1))
    found = nested_study((50 + runs + days + 0.5 * rng.standard_normal((300, 5, 6))).tolist())
    assert (found.runs, found.days, found.levels[0]) == pytest.approx((2, 1, 0.5), rel=0.1)
    assert found.degrees == (300 * 5 * 5, 300 * 4, 299)
    assert found.levels[1] ** 2 == pytest.approx(found.days**2 + found.levels[0] ** 2 / 6)
    assert found.standard_deviation(repetitions=6, days=5, runs=1) == pytest.approx(found.levels[2])
    assert found.standard_deviation(repetitions=1) > found.standard_deviation(repetitions=6)


def test_two_runs_of_two_days_by_hand():
    found = nested_study([[[1.0, 3.0], [2.0, 4.0]], [[5.0, 5.0], [7.0, 9.0]]])
    assert found.levels[0] == pytest.approx(math.sqrt((2 + 2 + 0 + 2) / 4))
    assert found.levels[1] == pytest.approx(math.sqrt((0.5 + 4.5) / 2))
    assert found.levels[2] == pytest.approx(4 / math.sqrt(2))


@pytest.mark.parametrize("evaluate", [crossed_study, nested_study])
def test_studies_with_holes_are_refused(evaluate):
    with pytest.raises(LengthsDiffer):
        evaluate([[[1.0, 2.0], [1.0]], [[1.0, 2.0], [1.0, 2.0]]])
    with pytest.raises(LengthsDiffer):
        evaluate([[[1.0, 2.0]], [[1.0, 2.0], [1.0, 2.0]]])
    with pytest.raises(TooFewObservations):
        evaluate([[[1.0, 2.0], [1.0, 2.0]]])
    with pytest.raises(TooFewObservations):
        evaluate([])


def test_a_study_without_scatter_and_odd_settings_are_refused():
    same = [[[1.0, 1.0], [1.0, 1.0]], [[2.0, 2.0], [2.0, 2.0]]]
    with pytest.raises(ModelUnsuitable):
        crossed_study(same)
    fine = [[[1.0, 1.1], [1.0, 1.2]], [[2.0, 2.1], [2.0, 2.2]]]
    with pytest.raises(ParameterNotAllowed):
        crossed_study(fine, pooling_from=2)
    with pytest.raises(ParameterNotAllowed):
        crossed_study(fine).share_of_tolerance(0)
    with pytest.raises(ParameterNotAllowed):
        nested_study(fine).standard_deviation(repetitions=0)


def test_stability_by_jjf1033_is_decimal():
    assert stability_of_new([10.0011, 10.00125, 10.00098, 10.00131]) == Decimal("0.00033")
    assert stability_in_use(["10.0", "9.9", "10.05"]) == Decimal("0.15")
    assert judged_by_mpe(Decimal("0.3"), "0.3").holds is False
    assert judged_by_mpe(Decimal("0.2999"), "-0.3").holds is True
    assert judged_by_correction(Decimal("0.3"), "0.3").holds is False
    with pytest.raises(ParameterNotAllowed):
        judged_by_correction(Decimal("0.3"), 0)
    with pytest.raises(TooFewObservations):
        stability_of_new([1, 2, 3])
    with pytest.raises(TooFewObservations):
        stability_in_use([1])


@FEW
@given(st.floats(-1, 1), st.floats(0.01, 1), st.floats(0.01, 1), st.integers(2, 20))
def test_verification_follows_its_two_rules(shift, expanded, other, laboratories):
    shift = round(shift, 6)
    transfer = verified_by_transfer(shift, expanded, 0, other)
    assert transfer.holds == (abs(shift) <= math.hypot(expanded, other) * (1 + 1e-15))
    mean = verified_by_comparison(shift, expanded, 0, laboratories)
    assert mean.limit == pytest.approx(expanded * math.sqrt(1 - 1 / laboratories))
    assert mean.difference == abs(shift)


def test_verification_needs_partners():
    with pytest.raises(ParameterNotAllowed):
        verified_by_comparison(1, 0.1, 1, 1)
    with pytest.raises(ParameterNotAllowed):
        verified_by_transfer(1, 0, 1, 0)
