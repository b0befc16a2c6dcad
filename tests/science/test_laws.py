"""Laws that hold for every budget, line and series of readings, whatever the numbers: units, order, copies."""

import math
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jialiang.kernel.text import Text
from jialiang.science.budget import Budget, Correlation, InputQuantity, budget_from_plain, budget_to_plain
from jialiang.science.coverage import (
    coverage_factor,
    expand,
    expand_with_fixed_factor,
    usable_degrees_of_freedom,
)
from jialiang.science.derivatives import model_value, sensitivity
from jialiang.science.distributions import (
    Arcsine,
    CurvilinearTrapezoidal,
    Normal,
    Rectangular,
    StudentT,
    Trapezoidal,
    Triangular,
    degrees_of_freedom_from_reliability,
)
from jialiang.science.errors import (
    ModelNotFinite,
    PointsCoincide,
)
from jialiang.science.evaluation import EvaluationSettings, evaluate
from jialiang.science.fit import fit_straight_line
from jialiang.science.montecarlo import MonteCarloSettings, shortest_interval, simulate, symmetric_interval
from jialiang.science.propagation import linear_model, propagate, propagate_jointly
from jialiang.science.repeated_comparison import ComparisonPoint, evaluate_comparison
from jialiang.science.type_a import pooled_deviation, repeatability, repeatability_with
from jialiang.science.type_b import (
    certificate_uncertainty,
    displayed_resolution,
    drift,
    other_influence,
    uniformity,
)

SIZES = st.floats(1e-3, 1e3)
EXPONENTS = st.integers(-6, 6)
bounded = settings(max_examples=60, deadline=None)


def an_input(symbol, u, *, c=1.0, nu=None, estimate=0.0):
    return InputQuantity(
        symbol, Text(), "\\one", estimate, Normal(u), sensitivity=c, stated_degrees_of_freedom=nu
    )


ROWS = st.lists(
    st.tuples(SIZES, st.floats(-10, 10).filter(lambda c: abs(c) > 1e-3), st.none() | st.floats(1, 100)),
    min_size=1, max_size=5,
)  # fmt: skip


def budget_of(rows, estimate=1.0, correlations=()):
    items = tuple(an_input(f"x{n}", u, c=c, nu=nu) for n, (u, c, nu) in enumerate(rows))
    return Budget("y", Text(), "\\one", items, correlations, estimate=estimate)


# --- the law of propagation ----------------------------------------------------------------------------------


@bounded
@given(ROWS, EXPONENTS)
def test_another_unit_changes_the_digits_before_the_power_of_ten_only(rows, exponent):
    factor = 10.0**exponent
    here = propagate(budget_of(rows))
    there = propagate(budget_of([(u * factor, c, nu) for u, c, nu in rows], estimate=factor))
    assert there.combined_standard_uncertainty == pytest.approx(
        here.combined_standard_uncertainty * factor, rel=1e-12
    )
    assert there.degrees_of_freedom == pytest.approx(here.degrees_of_freedom, rel=1e-9)
    for a, b in zip(here.contributions, there.contributions, strict=True):
        assert b.share == pytest.approx(a.share, rel=1e-9)


@bounded
@given(ROWS)
def test_the_sign_of_a_sensitivity_does_not_matter_without_correlation(rows):
    here, there = propagate(budget_of(rows)), propagate(budget_of([(u, -c, nu) for u, c, nu in rows]))
    assert here.combined_standard_uncertainty == there.combined_standard_uncertainty
    assert here.degrees_of_freedom == there.degrees_of_freedom
    assert [-row.contribution for row in here.contributions] == [
        row.contribution for row in there.contributions
    ]


@bounded
@given(ROWS, SIZES)
def test_a_further_input_never_makes_the_uncertainty_smaller_and_none_never_changes_it(rows, u):
    here = propagate(budget_of(rows))
    more = propagate(budget_of([*rows, (u, 1.0, None)]))
    nothing = propagate(budget_of([*rows, (0.0, 1.0, 5.0)]))
    assert more.combined_standard_uncertainty >= here.combined_standard_uncertainty
    assert nothing.combined_standard_uncertainty == here.combined_standard_uncertainty
    assert nothing.degrees_of_freedom == here.degrees_of_freedom


@bounded
@given(ROWS)
def test_shares_of_independent_inputs_are_squares_over_the_sum_of_squares(rows):
    found = propagate(budget_of(rows))
    total = math.fsum((u * c) ** 2 for u, c, _ in rows)
    assert math.fsum(row.share for row in found.contributions) == pytest.approx(1)
    for (u, c, _), row in zip(rows, found.contributions, strict=True):
        assert row.contribution == u * c
        assert row.share == pytest.approx((u * c) ** 2 / total, rel=1e-9)


@bounded
@given(SIZES, SIZES, st.floats(-1, 1))
def test_a_difference_of_fully_correlated_inputs_knows_more_than_their_sum(first, second, r):
    def combined(sign):
        rows = [(first, 1.0, None), (second, sign, None)]
        return propagate(
            budget_of(rows, correlations=(Correlation("x0", "x1", r),))
        ).combined_standard_uncertainty

    plus, minus = combined(1.0), combined(-1.0)
    assert plus**2 + minus**2 == pytest.approx(2 * (first**2 + second**2), rel=1e-9)
    assert (plus >= minus * (1 - 1e-9)) if r >= 0 else (minus >= plus * (1 - 1e-9))


@bounded
@given(ROWS, st.integers(0, 4), st.floats(0.1, 3))
def test_two_measurands_that_are_multiples_are_fully_correlated(rows, _, factor):
    budget = budget_of([(u, c, None) for u, c, _ in rows])
    model = linear_model(budget)
    joint = propagate_jointly(budget, {"a": model, "b": lambda **x: -factor * model(**x)})
    assert joint.correlation["a", "a"] == pytest.approx(1)
    assert joint.correlation["a", "b"] == joint.correlation["b", "a"] == pytest.approx(-1)


@bounded
@given(ROWS, EXPONENTS)
def test_a_report_in_another_unit_is_the_same_report_shifted(rows, exponent):
    here = evaluate(budget_of(rows)).reported
    scaled = [(u * 10.0**exponent, c, nu) for u, c, nu in rows]
    there = evaluate(budget_of(scaled, estimate=10.0**exponent)).reported
    assert Decimal(there.uncertainty_text) == Decimal(here.uncertainty_text).scaleb(exponent)


@bounded
@given(ROWS)
def test_a_budget_read_from_its_document_is_evaluated_to_the_same_digits(rows):
    budget = budget_of(rows)
    assert evaluate(budget_from_plain(budget_to_plain(budget))) == evaluate(budget)


# --- coverage ------------------------------------------------------------------------------------------------


@bounded
@given(st.floats(0.6, 0.9999), st.floats(1, 500))
def test_a_factor_from_t_has_the_probability_it_was_asked_for(p, nu):
    k = coverage_factor(p, nu)
    assert expand_with_fixed_factor(1.0, nu, factor=k).coverage_probability == pytest.approx(p, abs=1e-9)


@given(st.floats(0.5, 5000))
def test_truncated_degrees_of_freedom_are_whole_and_never_more_than_there_are(nu):
    used = usable_degrees_of_freedom(nu)
    assert used == math.floor(used)
    assert 1 <= used <= max(nu * 1.005, 1)
    assert usable_degrees_of_freedom(used) == used
    assert usable_degrees_of_freedom(nu, "real") == nu
    assert expand(1.0, nu, coverage_probability=0.95).coverage_factor >= (
        expand(1.0, max(nu, 1) * 1.005, coverage_probability=0.95, rule="real").coverage_factor - 1e-12
    )


@bounded
@given(SIZES, st.floats(-1e3, 1e3), st.floats(1.0, 3.0))
def test_an_interval_has_its_estimate_in_the_middle_and_twice_u_as_length(u, estimate, k):
    low, high = expand_with_fixed_factor(u, None, factor=k).interval(estimate)
    assert (low + high) / 2 == pytest.approx(estimate, abs=1e-9)
    assert high - low == pytest.approx(2 * k * u, abs=1e-9)


@bounded
@given(SIZES, SIZES)
def test_the_reported_uncertainty_is_never_below_that_of_the_capability(u, smallest):
    found = evaluate(
        budget_of([(u, 1.0, None)]), settings=EvaluationSettings(smallest_expanded_uncertainty=smallest)
    )
    assert found.expanded_uncertainty == max(smallest, found.coverage.expanded_uncertainty)
    assert found.coverage.expanded_uncertainty == pytest.approx(u * found.coverage.coverage_factor)


# --- distributions -------------------------------------------------------------------------------------------


@given(SIZES, st.floats(0, 1), st.floats(0, 1))
def test_shapes_between_the_same_limits_are_ordered_by_how_far_out_they_lie(a, top, share):
    order = [
        Triangular(a),
        Trapezoidal(a, top),
        Rectangular(a),
        CurvilinearTrapezoidal(a, share * a),
        Arcsine(a),
    ]
    found = [shape.standard_uncertainty for shape in order]
    assert all(inner <= outer * (1 + 1e-12) for inner, outer in pairwise(found))
    assert [Trapezoidal(a, 0).standard_uncertainty, Trapezoidal(a, 1).standard_uncertainty] == pytest.approx(
        [found[0], found[2]]
    )
    assert CurvilinearTrapezoidal(a, 0).standard_uncertainty == pytest.approx(found[2])


@pytest.mark.parametrize(
    "shape",
    [Normal(2.0), Rectangular(2.0), Triangular(2.0), Arcsine(2.0), Trapezoidal(2.0, 0.4),
     CurvilinearTrapezoidal(2.0, 1.5), StudentT(2.0, 7.0), StudentT(2.0, 7.0, "standard_deviation")],
    ids=lambda shape: shape.kind,
)  # fmt: skip
def test_draws_are_symmetric_and_spread_as_the_shape_says(shape):
    draws = shape.sample(np.random.default_rng(20261121), 200_000)
    assert draws.mean() == pytest.approx(0, abs=0.02)
    assert draws.std() == pytest.approx(shape.standard_deviation, rel=0.02)
    low, high = np.quantile(draws, [0.1, 0.9])
    assert -low == pytest.approx(high, rel=0.03)


@given(st.floats(0.01, 2.0))
def test_the_degrees_of_freedom_of_a_judgement_fall_with_the_square_of_its_doubt(r):
    assert degrees_of_freedom_from_reliability(2 * r) == pytest.approx(
        degrees_of_freedom_from_reliability(r) / 4
    )
    assert degrees_of_freedom_from_reliability(0) == math.inf


# --- derivatives ---------------------------------------------------------------------------------------------


@bounded
@given(st.floats(-5, 5), st.floats(-5, 5), st.floats(-5, 5), st.floats(1e-4, 1))
def test_the_sensitivity_of_a_line_is_its_slope_and_that_of_a_parabola_is_exact(point, slope, bend, scale):
    line = sensitivity(lambda x: slope * x + 1, {"x": point}, "x", scale)
    assert line == pytest.approx(slope, abs=1e-8)
    parabola = sensitivity(lambda x: bend * x**2, {"x": point}, "x", scale)
    assert parabola == pytest.approx(2 * bend * point, abs=1e-7)


@pytest.mark.parametrize("symbol", ["x", "y"])
def test_only_the_named_input_moves(symbol):
    found = sensitivity(lambda x, y: x * 3 + y * 5 + x * y, {"x": 2.0, "y": 4.0}, symbol, 0.1)
    assert found == pytest.approx({"x": 7.0, "y": 7.0}[symbol])


def test_a_step_out_of_the_domain_is_shortened_until_it_fits():
    assert sensitivity(lambda x: math.log(x), {"x": 1e-3}, "x", 100.0) == pytest.approx(1000, rel=1e-6)
    with pytest.raises(ModelNotFinite) as refused:
        sensitivity(lambda x: math.sqrt(-x), {"x": 1.0}, "x", 0.1)
    assert refused.value.facts == {"symbol": "x"}


@pytest.mark.parametrize(
    "model", [lambda x: 1 / x, lambda x: math.log(x), lambda x: math.sqrt(x - 1), lambda x: 10.0 ** (1e6 + x)]
)
def test_a_model_that_has_no_value_gives_nan_and_no_exception(model):
    assert math.isnan(model_value(model, {"x": 0.0}))


# --- lines and repeated readings -----------------------------------------------------------------------------

POINTS = st.lists(
    st.tuples(st.integers(-1000, 1000), st.integers(-1000, 1000)), min_size=3, max_size=12
).filter(lambda rows: len({x for x, _ in rows}) > 1)


@bounded
@given(POINTS, st.integers(-500, 500), st.integers(-500, 500), EXPONENTS)
def test_a_line_moves_and_stretches_with_its_points(rows, right, up, exponent):
    xs, ys = zip(*rows, strict=True)
    factor = 10.0**exponent
    here = fit_straight_line(xs, ys)
    moved = fit_straight_line([x + right for x in xs], [(y + up) * factor for y in ys])
    assert moved.slope == pytest.approx(here.slope * factor, rel=1e-9, abs=1e-9 * factor)
    value = (here.predict(3.0).value + up) * factor
    assert moved.predict(3.0 + right).value == pytest.approx(value, rel=1e-9, abs=1e-6 * factor)
    assert moved.predict(3.0 + right).standard_uncertainty == pytest.approx(
        here.predict(3.0).standard_uncertainty * factor, rel=1e-6, abs=1e-9 * factor
    )


@bounded
@given(POINTS)
def test_residuals_sum_to_nothing_and_lean_to_neither_side(rows):
    xs, ys = zip(*rows, strict=True)
    line = fit_straight_line(xs, ys)
    assert math.fsum(line.residuals) == pytest.approx(0, abs=1e-7)
    assert math.fsum(r * x for r, x in zip(line.residuals, xs, strict=True)) == pytest.approx(0, abs=1e-4)
    assert 0 <= line.coefficient_of_determination <= 1 + 1e-12
    assert abs(line.correlation) <= 1 + 1e-12
    assert (line.lowest, line.highest) == (min(xs), max(xs))


@bounded
@given(POINTS, st.floats(-100, 100))
def test_the_line_is_surest_at_its_mean_point(rows, away):
    line = fit_straight_line(*zip(*rows, strict=True))
    here, there = line.predict(line.mean_point), line.predict(line.mean_point + away)
    assert here.standard_uncertainty <= there.standard_uncertainty * (1 + 1e-12)


@pytest.mark.parametrize("abscissae", [[5.0, 5.0, 5.0], [1e-300, 1e-300, 1e-300]])
def test_points_above_one_another_have_no_line_and_say_where_they_are(abscissae):
    with pytest.raises(PointsCoincide) as refused:
        fit_straight_line(abscissae, [1.0, 2.0, 3.0])
    assert refused.value.facts["abscissa"] == abscissae[0]


READINGS = st.lists(st.integers(-(10**6), 10**6), min_size=2, max_size=12)


@bounded
@given(READINGS)
def test_repeatability_is_that_of_exact_arithmetic(readings):
    found = repeatability([Fraction(r, 1000) for r in readings])
    mean = Fraction(sum(readings), 1000 * len(readings))
    variance = sum((Fraction(r, 1000) - mean) ** 2 for r in readings) / (len(readings) - 1)
    assert found.mean == float(mean)
    assert found.standard_deviation == pytest.approx(math.sqrt(variance), rel=1e-15)
    assert (found.count, found.degrees_of_freedom) == (len(readings), len(readings) - 1)


@bounded
@given(READINGS, READINGS)
def test_a_pooled_deviation_lies_between_those_that_were_pooled(one, other):
    a, b = repeatability(one), repeatability(other)
    pooled = pooled_deviation(
        [a.standard_deviation, b.standard_deviation], [a.degrees_of_freedom, b.degrees_of_freedom]
    )
    low, high = sorted([a.standard_deviation, b.standard_deviation])
    assert low * (1 - 1e-12) <= pooled.standard_deviation <= high * (1 + 1e-12)
    assert pooled.degrees_of_freedom == a.degrees_of_freedom + b.degrees_of_freedom
    now = repeatability_with(pooled, one)
    assert now.mean == a.mean
    assert now.standard_uncertainty_of_mean == pooled.standard_deviation / math.sqrt(len(one))


@bounded
@given(READINGS, st.integers(-(10**6), 10**6), st.integers(-(10**6), 10**6))
def test_an_error_does_not_depend_on_a_shift_of_readings_and_reference_alike(readings, reference, shift):
    def error(by):
        point = ComparisonPoint(
            "\\volt", f"{(reference + by) / 1000:.3f}", tuple(f"{(r + by) / 1000:.3f}" for r in readings),
            (displayed_resolution(unit="\\volt", step=0.001, source="s"),),
        )  # fmt: skip
        return evaluate_comparison(point)

    here, there = error(0), error(shift)
    assert there.indication_error == here.indication_error
    assert there.evaluation.reported == here.evaluation.reported
    assert here.indication_error == pytest.approx(
        float(Fraction(sum(readings), 1000 * len(readings)) - Fraction(reference, 1000))
    )


def test_type_b_inputs_are_centred_on_zero_and_add_up_as_they_are():
    made = [
        certificate_uncertainty(unit="\\volt", expanded_uncertainty=0.2, coverage_factor=2, source="c"),
        drift(unit="\\volt", half_width=0.3, source="d"),
        displayed_resolution(unit="\\volt", step=0.2, source="r"),
        uniformity(unit="\\volt", half_width=0.6, source="u"),
        other_influence(symbol="o", name=Text(en="o"), unit="\\volt", distribution=Arcsine(0.2), source="o"),
    ]
    root3 = math.sqrt(3)
    assert [item.standard_uncertainty for item in made] == pytest.approx(
        [0.1, 0.3 / root3, 0.1 / root3, 0.6 / root3, 0.2 / math.sqrt(2)]
    )
    assert {(item.estimate, item.sensitivity, item.evaluation, item.unit) for item in made} == {
        (0.0, 1.0, "B", "\\volt")
    }
    assert len({item.symbol for item in made}) == 5
    assert [item.source for item in made] == ["c", "d", "r", "u", "o"]


# --- Monte Carlo ---------------------------------------------------------------------------------------------


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 2**40))
def test_a_seed_gives_its_draws_and_none_of_its_neighbours(seed):
    budget = budget_of([(1.0, 1.0, None), (0.5, 2.0, None)])
    run = [
        simulate(budget, linear_model(budget), MonteCarloSettings(seed=s, draws=10_000))
        for s in (seed, seed, seed + 1)
    ]
    assert run[0] == run[1]
    assert run[0].estimate != run[2].estimate
    assert run[0].standard_uncertainty == pytest.approx(math.sqrt(2), rel=0.05)


@bounded
@given(st.lists(st.floats(-1e6, 1e6), min_size=20, max_size=200), st.floats(0.1, 0.95))
def test_the_shortest_interval_is_no_longer_than_the_symmetric_one_and_both_hold_their_share(values, p):
    ordered = np.sort(np.array(values))
    shortest, symmetric = shortest_interval(ordered, p), symmetric_interval(ordered, p)
    assert shortest[1] - shortest[0] <= symmetric[1] - symmetric[0]
    for low, high in (shortest, symmetric):
        assert np.count_nonzero((ordered >= low) & (ordered <= high)) >= round(p * len(ordered))


@bounded
@given(st.lists(st.floats(-1e6, 1e6), min_size=20, max_size=100), st.integers(1, 30))
def test_a_wider_probability_has_a_wider_interval(values, percent):
    ordered = np.sort(np.array(values))
    narrow, wide = (symmetric_interval(ordered, p) for p in (percent / 100 + 0.2, percent / 100 + 0.5))
    assert wide[0] <= narrow[0] <= narrow[1] <= wide[1]
