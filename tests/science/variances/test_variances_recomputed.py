"""Components of variance computed a second way: sums of squares in fractions, projections, the tests of scipy."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from jialiang.science.topics.registry import evaluate_topic
from jialiang.science.type_a import pooled_deviation, repeatability
from jialiang.science.variances.effective_degrees import welch_satterthwaite

numbers = st.integers(-200, 200)


def of_shape(*shape: int):
    return st.lists(numbers, min_size=math.prod(shape), max_size=math.prod(shape)).map(
        lambda flat: np.asarray(flat, dtype=object).reshape(shape)
    )


def plain(table) -> list:
    return (table / 8).astype(float).tolist()


@given(st.sampled_from([(2, 2), (3, 2), (2, 5), (4, 3)]).flatmap(lambda shape: of_shape(*shape)))
def test_one_way_in_fractions_and_by_scipy(table):
    groups, size = table.shape
    means = [Fraction(sum(row), size) for row in table.tolist()]
    grand = sum(means) / groups
    within = sum((x - m) ** 2 for row, m in zip(table.tolist(), means, strict=True) for x in row)
    between = size * sum((m - grand) ** 2 for m in means)
    assume(within > 0 and between > 0)
    found = evaluate_topic("anova", {"data": plain(table)})
    ratio = (between / (groups - 1)) / (within / (groups * (size - 1)))
    assert found["F"] == pytest.approx(float(ratio), rel=1e-10)
    assert found["grand_mean"] == pytest.approx(float(grand) / 8, abs=1e-12)
    assert found["s_within"] == pytest.approx(math.sqrt(within / (groups * (size - 1))) / 8, rel=1e-12)
    component = (between / (groups - 1) - within / (groups * (size - 1))) / size
    assert found["s_between"] == pytest.approx(math.sqrt(max(component, 0)) / 8, rel=1e-6, abs=1e-6)
    total = sum((x - grand) ** 2 for row in table.tolist() for x in row)
    assert found["u_mean_if_pooled"] == pytest.approx(
        math.sqrt(total / (groups * size - 1) / (groups * size)) / 8, rel=1e-12
    )
    assert found["u_mean_if_between"] == pytest.approx(
        math.sqrt(between / size / (groups - 1) / groups) / 8, rel=1e-12
    )
    told = stats.f_oneway(*plain(table))
    assert found["probability"] == pytest.approx(float(told.pvalue), abs=1e-9)
    assert found["significant"] == (float(ratio) > stats.f.ppf(0.95, groups - 1, groups * (size - 1)))


@given(of_shape(3, 2, 2), st.sampled_from([0, 0.25, 1]))
def test_a_crossed_study_by_projections(table, alpha):
    parts, operators, trials = table.shape
    cells = table.astype(float) / 8
    y = cells.ravel()

    def averaging(n: int) -> np.ndarray:
        return np.full((n, n), 1 / n)

    def projected(a, b, c) -> float:
        return float(y @ np.kron(np.kron(a, b), c) @ y)

    of_part, of_operator, of_trial = (averaging(n) for n in table.shape)
    rest_p, rest_o, rest_t = (np.eye(n) - averaging(n) for n in table.shape)
    squares = [
        projected(rest_p, of_operator, of_trial),
        projected(of_part, rest_o, of_trial),
        projected(rest_p, rest_o, of_trial),
        projected(np.eye(parts), np.eye(operators), rest_t),
    ]
    assume(squares[3] > 1e-9)
    interaction = (squares[2] / 2) / (squares[3] / 6)
    p = float(stats.f.sf(interaction, 2, 6))
    assume(abs(p - alpha) > 1e-9)
    found = evaluate_topic("gauge-study", {"data": cells.tolist(), "alpha": alpha})
    pooled = p > alpha
    assert found["interaction_pooled"] == pooled
    error = ((squares[2] + squares[3]) / 8) if pooled else squares[3] / 6
    base = error if pooled else squares[2] / 2
    assert found["repeatability"] == pytest.approx(math.sqrt(error), rel=1e-9)
    near = {"rel": 1e-6, "abs": 1e-5}
    assert found["interaction"] == pytest.approx(0 if pooled else math.sqrt(max(base - error, 0) / 2), **near)
    assert found["operators"] == pytest.approx(math.sqrt(max(squares[1] / 1 - base, 0) / 6), **near)
    assert found["parts"] == pytest.approx(math.sqrt(max(squares[0] / 2 - base, 0) / 4), **near)
    assert found["grr"] == pytest.approx(
        math.sqrt(found["repeatability"] ** 2 + found["operators"] ** 2 + found["interaction"] ** 2)
    )
    told = [row["ss"] for row in found["table"]]
    assert told[:3] == pytest.approx(squares[:3], abs=1e-7)
    assert told[3] == pytest.approx(squares[3] + (squares[2] if pooled else 0), rel=1e-9)
    total = float(np.sum((y - y.mean()) ** 2))
    assert math.fsum(squares) == pytest.approx(total)


@given(of_shape(3, 2, 4))
def test_a_nested_study_in_fractions(table):
    runs, days, repetitions = table.shape
    rows = [[[Fraction(x, 8) for x in day] for day in run] for run in table.tolist()]
    day_means = [[sum(day) / repetitions for day in run] for run in rows]
    run_means = [sum(run) / days for run in day_means]
    grand = sum(run_means) / runs
    v1 = sum(
        (x - day_means[i][j]) ** 2 for i, run in enumerate(rows) for j, day in enumerate(run) for x in day
    ) / (runs * days * (repetitions - 1))
    v2 = sum((m - run_means[i]) ** 2 for i, run in enumerate(day_means) for m in run) / (runs * (days - 1))
    v3 = sum((m - grand) ** 2 for m in run_means) / (runs - 1)
    floats = [[[float(x) for x in day] for day in run] for run in rows]
    found = evaluate_topic("gauge-study", {"design": "nested", "data": floats})
    near = {"rel": 1e-9, "abs": 1e-6}
    assert [found["s1"], found["s2"], found["s3"]] == pytest.approx(
        [math.sqrt(v) for v in (v1, v2, v3)], **near
    )
    assert found["s_days"] == pytest.approx(math.sqrt(max(v2 - v1 / repetitions, 0)), rel=1e-6, abs=1e-5)
    assert found["s_runs"] == pytest.approx(math.sqrt(max(v3 - v2 / days, 0)), rel=1e-6, abs=1e-5)
    assert found["dof"] == [18, 3, 2]


@given(st.lists(numbers, min_size=2, max_size=40), st.integers(-10, 10))
def test_repeatability_of_decimals_is_exact_whatever_is_added(values, exponent):
    texts = [f"{x}e{exponent}" for x in values]
    found = evaluate_topic("repeatability", {"data": texts})
    exact = [Fraction(x) * Fraction(10) ** exponent for x in values]
    mean = sum(exact) / len(exact)
    variance = sum((x - mean) ** 2 for x in exact) / (len(exact) - 1)
    assert found["mean"] == float(mean)
    assert found["s"] == pytest.approx(math.sqrt(variance), rel=1e-15)
    assert found["s_of_mean"] == pytest.approx(math.sqrt(variance / len(exact)), rel=1e-15)
    assert found["enough_for_jjf1033"] == (len(values) >= 10)


@given(st.lists(st.lists(numbers, min_size=2, max_size=6), min_size=1, max_size=5))
def test_a_pooled_deviation_is_that_of_all_residuals(series):
    each = [repeatability([x / 4 for x in row]) for row in series]
    found = pooled_deviation([r.standard_deviation for r in each], [r.degrees_of_freedom for r in each])
    squares = sum((Fraction(x) - Fraction(sum(row), len(row))) ** 2 for row in series for x in row)
    degrees = sum(len(row) - 1 for row in series)
    assert found.standard_deviation == pytest.approx(math.sqrt(squares / degrees) / 4, rel=1e-12)
    assert found.degrees_of_freedom == degrees


contributions = st.lists(
    st.tuples(st.integers(0, 900), st.one_of(st.integers(1, 60), st.just(math.inf))), min_size=1, max_size=8
)


@given(contributions)
def test_welch_satterthwaite_in_fractions(rows):
    squares = [Fraction(u) ** 2 for u, _ in rows]
    assume(sum(squares))
    shares = sum(square**2 / nu for square, (_, nu) in zip(squares, rows, strict=True) if nu != math.inf)
    u, nu = welch_satterthwaite([float(u) for u, _ in rows], [float(nu) for _, nu in rows])
    assert u == pytest.approx(math.sqrt(sum(squares)), rel=1e-14)
    assert nu == (pytest.approx(float(sum(squares) ** 2 / shares), rel=1e-12) if shares else math.inf)
    asked = {"u": [u for u, _ in rows], "dof": [None if nu == math.inf else nu for _, nu in rows]}
    found = evaluate_topic("welch-satterthwaite", asked | {"rule": "real", "probability": 0.9})
    k = stats.norm.ppf(0.95) if nu == math.inf else stats.t.ppf(0.95, nu)
    assert found["k"] == pytest.approx(float(k), rel=1e-8)
    assert found["U"] == pytest.approx(found["k"] * u, rel=1e-12)


@given(st.lists(numbers, min_size=4, max_size=12), st.integers(1, 500))
def test_stability_as_decimals_say_it(thousandths, limit):
    texts = [f"{x / 1000:.3f}" for x in thousandths]
    new = evaluate_topic("stability-jjf1033", {"group_means": texts, "mpe": f"{limit / 1000:.3f}"})
    change = max(thousandths) - min(thousandths)
    assert new["stability"] == change / 1000
    assert new["ok_without_correction"] == (change < limit)
    yearly = {"kind": "in-use", "yearly_means": texts, "U_correction": f"{limit / 1000:.3f}"}
    used = evaluate_topic("stability-jjf1033", yearly)
    change = abs(thousandths[-1] - thousandths[-2])
    assert used["stability"] == change / 1000
    assert used["ok_with_correction"] == (change < limit)
