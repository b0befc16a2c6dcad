"""Dimensions term by term, affine and logarithmic units, and regions of a few draws counted by hand."""

import math
from fractions import Fraction

import numpy as np
import pytest

from jialiang.kernel.errors import JialiangError
from jialiang.science.coverage_intervals import shortest_interval, symmetric_interval
from jialiang.science.documents.evaluating import evaluate_document
from jialiang.science.documents.reading import read_document
from jialiang.science.errors import ParameterNotAllowed
from jialiang.science.logarithmic import from_level, level_uncertainty, to_level
from jialiang.science.models.regions import regions_of
from jialiang.science.stopping import BLOCKS, Doubt, PrintedRule, doubt, fewest_draws, numerical_tolerance
from jialiang.science.unit_text import read_unit

LN10 = math.log(10)


def document(expr, units, out=None, **model):
    inputs = [{"name": name, "unit": unit, "mean": 2, "u": 0.1} for name, unit in units.items()]
    declared = {"unit": {"y": out}} if out else {}
    settings = {"validate": False}
    return {"model": {"expr": {"y": expr}, **declared, **model}, "inputs": inputs, "settings": settings}


def refusal(data):
    with pytest.raises(JialiangError) as refused:
        read_document(data)
    return refused.value


# --- unlike terms: which term, which unit, what it met --------------------------------------------------------------


@pytest.mark.parametrize(
    ("expr", "units", "term", "unit", "other", "other_unit"),
    [
        ("a + b", {"a": "mm", "b": "s"}, "a", "mm", "b", "s"),
        ("a - b", {"a": "mm", "b": "m"}, "a", "mm", "b", "m"),
        ("a*b + c", {"a": "m", "b": "m", "c": "m"}, "a*b", "m2", "c", "m"),
        ("a + b*c", {"a": "V", "b": "A", "c": "A"}, "a", "V", "b*c", "A2"),
        ("sqrt(a) + b", {"a": "m2", "b": "s"}, "sqrt(a)", "m", "b", "s"),
        ("a + b**2", {"a": "s", "b": "s"}, "a", "s", "b**2", "s2"),
        ("min(a, b)", {"a": "K", "b": "s"}, "a", "K", "b", "s"),
        ("where(a < b, a, a)", {"a": "K", "b": "s"}, "a", "K", "b", "s"),
        ("where(a < 1, a, b)", {"a": "K", "b": "s"}, "a", "K", "b", "s"),
        ("atan2(a, b)", {"a": "m", "b": "mm"}, "a", "m", "b", "mm"),
        ("hypot(a, b)", {"a": "m", "b": "s"}, None, None, None, None),
        ("a + 1'mm'", {"a": "m"}, "a", "m", "1'mm'", "mm"),
        ("[a, b] + [a, a]", {"a": "m", "b": "s"}, "b", "s", "a", "m"),
        ("sum([a, b])", {"a": "m", "b": "s"}, "a", "m", "b", "s"),
        ("complex(a, a) + b", {"a": "m", "b": "s"}, "complex(a, a)", "m", "b", "s"),
        ("a + b", {"a": "dBm", "b": "W"}, "a", "dBm", "b", "W"),
        ("-a + b", {"a": "m", "b": "s"}, "-a", "m", "b", "s"),
        ("abs(a) + b", {"a": "m", "b": "s"}, "abs(a)", "m", "b", "s"),
    ],
)
def test_the_error_names_both_terms_with_their_units(expr, units, term, unit, other, other_unit):
    refused = refusal(document(expr, units))
    assert refused.code == "JL-EXPR-010"
    if term is not None:
        found = tuple(refused.facts[name] for name in ("term", "unit", "other", "other_unit"))
        assert found == (term, unit, other, other_unit)


@pytest.mark.parametrize(
    ("expr", "units", "out", "found"),
    [
        ("a*b", {"a": "m", "b": "s"}, "m/s", "m s"),
        ("a/b", {"a": "m", "b": "s"}, "m s", "m s-1"),
        ("a", {"a": "mm"}, "m", "mm"),
        ("a**2", {"a": "V"}, "W", "m4 kg2 s-6 A-2"),
        ("a**0.5", {"a": "m"}, "m", "m1/2"),
        ("cbrt(a)", {"a": "m3"}, "m2", "m"),
        ("sin(a)", {"a": "rad"}, "m", "1"),
        ("a/a", {"a": "m"}, "%", "1"),
    ],
)
def test_a_declared_unit_has_to_be_that_of_the_model(expr, units, out, found):
    refused = refusal(document(expr, units, out))
    assert refused.code == "JL-EXPR-010"
    assert (refused.facts["unit"], refused.facts["other"]) == (found, out)


@pytest.mark.parametrize(
    ("expr", "unit", "term", "function"),
    [
        ("sin(a)", "m", "a", "sin"),
        ("exp(a*a)", "s", "a*a", "exp"),
        ("log(a)", "kg", "a", "log"),
        ("2**a", "m", "a", "**"),
        ("a**a", "m", "a", "**"),
        ("erf(a)", "%", "a", "erf"),
        ("cos(a)", "°", "a", "cos"),
        ("gamma(a + a)", "K", "a + a", "gamma"),
    ],
)
def test_a_function_of_numbers_names_the_term_with_a_unit(expr, unit, term, function):
    refused = refusal(document(expr, {"a": unit}))
    assert refused.code == "JL-EXPR-011"
    assert (refused.facts["term"], refused.facts["function"]) == (term, function)


@pytest.mark.parametrize(
    ("expr", "units", "found"),
    [
        ("a*b", {"a": "N", "b": "m"}, "m2 kg s-2"),
        ("a/b", {"a": "m", "b": "m"}, "1"),
        ("a/b", {"a": "mm", "b": "m"}, "0.001 × 1"),
        ("a/b", {"a": "km", "b": "h"}, "0.277778 × m s-1"),
        ("sqrt(a)", {"a": "m2"}, "m"),
        ("abs(-a)", {"a": "mm"}, "mm"),
        ("sign(a)", {"a": "mm"}, "1"),
        ("a**-1", {"a": "s"}, "s-1"),
        ("2*a", {"a": "mm"}, "mm"),
        ("a + a", {"a": "dBm"}, "dBm"),
        ("atan2(a, a)", {"a": "m"}, "1"),
        ("mean([a, a])", {"a": "mm"}, "mm"),
        ("a*2 + 2*a", {"a": "mm"}, "mm"),
        ("2/a", {"a": "s"}, "s-1"),
    ],
)
def test_the_unit_of_an_output_follows_from_the_model(expr, units, found):
    assert read_document(document(expr, units)).units.outputs["y"] in (
        found,
        found.replace("0.001 × m", "mm"),
    )


# --- affine units --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("unit", "number", "out", "value", "u"),
    [
        ("degC", 20, "K", 293.15, 0.1),
        ("K", 293.15, "degC", 20, 0.1),
        ("degF", 212, "degC", 100, 0.1 * 5 / 9),
        ("degF", -40, "degC", -40, 0.1 * 5 / 9),
        ("°F", 32, "K", 273.15, 0.1 * 5 / 9),
        ("degC", 37, "degF", 98.6, 0.18),
        ("degC", -273.15, "K", 0, 0.1),
        ("mm", 5, "inch", 5 / 25.4, 0.1 / 25.4),
        ("bar", 1, "kPa", 100, 10),
        ("h", 1, "s", 3600, 360),
        ("%", 50, "1", 0.5, 0.001),
    ],
)
def test_a_model_between_quantities_turns_one_unit_into_another(unit, number, out, value, u):
    data = document("a", {"a": unit}, out, equation="quantity")
    data["inputs"][0]["mean"] = number
    found = evaluate_document(read_document(data)).outputs["y"]
    assert found.value == pytest.approx(value, rel=1e-13, abs=1e-12)
    assert found.standard_uncertainty == pytest.approx(u, rel=1e-13)


@pytest.mark.parametrize(("difference", "value"), [(True, 4), (False, 550.3)])
def test_the_words_of_an_array_hold_for_each_of_its_elements(difference, value):
    data = document("sum(a)", {"a": "degC"}, "K", equation="quantity")
    data["inputs"] = [{"name": "a", "unit": "degC", "mean": [1, 3], "u": 0.1, "difference": difference}]
    assert evaluate_document(read_document(data)).outputs["y"].value == pytest.approx(value, rel=1e-14)


@pytest.mark.parametrize(
    ("members", "symbol"),
    [
        ({"mean": [1, 2], "u": 1}, "x_0"),
        ({"re": 1, "im": 2, "u": 1}, "x_re"),
        ({"mag": 1, "phase_rad": 2, "u_mag": 1, "u_phase": 1}, "x_mag"),
        ({"mean": 1, "u": 1}, "x"),
    ],
)
def test_a_kind_of_quantity_is_checked_for_every_part_of_an_input(members, symbol):
    item = {"name": "x", "unit": "V", **members}
    data = {"model": {"expr": {"y": "1"}}, "inputs": [item | {"quantity_kind": "pressure"}]}
    refused = refusal(data)
    assert (refused.code, refused.facts["source"]) == ("JL-UNIT-002", f"{symbol}: V")
    data["inputs"] = [item | {"unit": "mbar", "quantity_kind": "pressure"}]
    assert read_document(data).notes == ()


@pytest.mark.parametrize(
    ("members", "u"),
    [
        ({"phase_deg": 0, "u_phase": 180}, math.pi),
        ({"phase_deg": 0, "u_phase_deg": 180}, math.pi),
        ({"phase_deg": 0, "u_phase_rad": 0.5}, 0.5),
        ({"phase_rad": 0, "u_phase": 0.5}, 0.5),
        ({"phase_rad": 0, "u_phase_rad": 0.5}, 0.5),
        ({"phase_rad": 0, "u_phase_deg": 180}, math.pi),
        ({"phase": 0, "u_phase": 0.5, "k": 2}, 0.25),
    ],
)
def test_the_unit_of_u_of_a_phase_is_that_of_its_name(members, u):
    data = document("im(z)", {})
    data["inputs"] = [{"name": "z", "mag": 1, "u_mag": 0.1, **members}]
    assert evaluate_document(read_document(data)).outputs["y"].standard_uncertainty == pytest.approx(
        u, rel=1e-15
    )


# --- logarithmic units ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("level", "unit", "kind", "quantity"),
    [
        (10, "dB", "power", 10),
        (20, "dB", "field", 10),
        (-3, "dB", "power", 10**-0.3),
        (0, "dB", "field", 1),
        (1, "B", "power", 10),
        (2, "B", "field", 10),
        (1, "Np", "field", math.e),
        (1, "Np", "power", math.e**2),
        (0, "dBm", "power", 0.001),
        (30, "dBm", "power", 1),
        (0, "dBW", "power", 1),
        (-30, "dBW", "power", 0.001),
        (0, "dBV", "field", 1),
        (20, "dBV", "field", 10),
        (120, "dBuV", "field", 1),
        (60, "dBµV", "field", 1e-3),
    ],
)
def test_levels_and_their_quantities(level, unit, kind, quantity):
    assert from_level(level, unit, kind) == pytest.approx(quantity, rel=1e-14)
    assert to_level(quantity, unit, kind) == pytest.approx(level, rel=1e-14, abs=1e-13)


@pytest.mark.parametrize(
    ("unit", "kind", "u"),
    [
        ("dB", "power", 0.1 / LN10),
        ("dB", "field", 0.2 / LN10),
        ("B", "power", 0.01 / LN10),
        ("dBm", "power", 0.1 / LN10),
        ("dBV", "field", 0.2 / LN10),
        ("Np", "field", 0.01),
        ("Np", "power", 0.005),
    ],
)
def test_one_percent_of_a_quantity_in_its_level(unit, kind, u):
    assert level_uncertainty(0.01, unit, kind) == pytest.approx(u, rel=1e-14)


@pytest.mark.parametrize(
    ("ratio", "unit"), [(0.0, "dB"), (-1.0, "dB"), (math.inf, "dB"), (math.nan, "dB"), (1.0, "V"), (1.0, "m")]
)
def test_what_has_no_level(ratio, unit):
    with pytest.raises(ParameterNotAllowed):
        to_level(ratio, unit, "power")


@pytest.mark.parametrize(
    ("text", "factor"),
    [
        ("Tm24", Fraction(10**288)),
        ("1/Tm24", Fraction(1, 10**288)),
        ("m99", Fraction(1)),
        ("km/km", Fraction(1)),
        ("mm3", Fraction(1, 10**9)),
        ("1/(mm mm)", Fraction(10**6)),
        ("g/(cm cm cm)", Fraction(1000)),
        ("m/s/s", Fraction(1)),
    ],
)
def test_factors_of_units_are_exact(text, factor):
    assert read_unit(text).factor == factor


# --- regions, intervals and stopping, counted by hand ---------------------------------------------------------------


def square():
    """Draws at the corners (±1, ±2), as often each: u = 2/√3 and 4/√3 for four draws."""
    return np.array([[-1.0, -1.0, 1.0, 1.0], [-2.0, 2.0, -2.0, 2.0]])


def test_regions_of_the_four_corners_of_a_rectangle():
    """Standardized corners lie at ±√3/2 in both outputs: k_q = √3/2, k_p = √(3/4 + 3/4)."""
    regions = regions_of(("a", "b"), square(), 0.95)
    assert regions.ellipsoid.centre == (0, 0)
    assert regions.ellipsoid.factor == pytest.approx(math.sqrt(1.5), rel=1e-14)
    assert np.array(regions.ellipsoid.covariance) == pytest.approx(np.diag([4 / 3, 16 / 3]), rel=1e-14)
    assert regions.box.factor == pytest.approx(math.sqrt(3) / 2, rel=1e-14)
    assert (regions.box.low, regions.box.high) == (pytest.approx((-1, -2)), pytest.approx((1, 2)))


@pytest.mark.parametrize(
    ("p", "cells", "held"), [(0.95, 4, 1), (0.75, 3, 0.75), (0.7, 3, 0.75), (0.2, 1, 0.25)]
)
def test_the_smallest_region_takes_the_fewest_cells(p, cells, held):
    """4096 cells for two outputs: 64 by 64 over 2 by 4."""
    smallest = regions_of(("a", "b"), square(), p).smallest
    assert (len(smallest.cells), smallest.probability) == (cells, held)
    assert smallest.volume == pytest.approx(cells * (2 / 64) * (4 / 64), rel=1e-12)
    assert {len(edges) for edges in smallest.edges} == {65}


def test_regions_move_and_grow_with_the_outputs():
    rng = np.random.default_rng(8)
    draws = rng.standard_normal((2, 4000))
    plain = regions_of(("a", "b"), draws, 0.9)
    moved = regions_of(("a", "b"), draws * np.array([[2.0], [0.5]]) + np.array([[10.0], [-1.0]]), 0.9)
    assert moved.ellipsoid.factor == pytest.approx(plain.ellipsoid.factor, rel=1e-12)
    assert moved.box.factor == pytest.approx(plain.box.factor, rel=1e-12)
    assert moved.box.low[0] == pytest.approx(2 * plain.box.low[0] + 10, rel=1e-12)
    assert moved.smallest.volume == pytest.approx(plain.smallest.volume, rel=1e-9)


@pytest.mark.parametrize("p", [0.5, 0.9, 0.95, 0.99])
def test_the_ellipse_and_the_box_of_two_normal_outputs(p):
    """k_p² = −2 ln(1 − p); the box of independent outputs has a side for √p of each."""
    draws = np.random.default_rng(11).standard_normal((2, 200_000))
    regions = regions_of(("a", "b"), draws, p)
    assert regions.ellipsoid.factor == pytest.approx(math.sqrt(-2 * math.log(1 - p)), rel=0.012)
    inside = np.all(np.abs(draws) <= np.array(regions.box.high)[:, None], axis=0).mean()
    assert inside == pytest.approx(p, abs=0.005)
    assert math.erf(regions.box.factor / math.sqrt(2)) ** 2 == pytest.approx(p, abs=0.005)


def test_five_outputs_have_no_grid():
    draws = np.random.default_rng(1).standard_normal((5, 200))
    regions = regions_of(tuple("abcde"), draws, 0.9)
    assert regions.smallest is None
    assert len(regions.ellipsoid.centre) == len(regions.box.low) == 5


@pytest.mark.parametrize(
    ("count", "p", "ends"),
    [(100, 0.95, (3, 98)), (100, 0.9, (5, 95)), (1000, 0.95, (25, 975)), (20, 0.5, (5, 15))],
)
def test_the_symmetric_interval_of_numbers_in_order(count, p, ends):
    """1 … n: so many of n lie between the ranks r and r + pn with r = (n − pn)/2, rounded up at a half."""
    assert symmetric_interval(np.arange(1.0, count + 1), p) == ends


def test_the_shortest_interval_of_few_draws_begins_where_they_crowd():
    ordered = np.array([0.0, 5, 6, 7, 8, 9, 9.5, 10, 10.5, 30])
    assert shortest_interval(ordered, 0.5) == (7, 10.5)  # five ranks on
    assert shortest_interval(ordered, 0.8) == (0, 10.5)  # not 5 … 30


@pytest.mark.parametrize(("p", "fewest"), [(0.5, 10_000), (0.95, 10_000), (0.99, 10_000), (0.999, 100_000)])
def test_the_fewest_draws_of_a_probability(p, fewest):
    assert fewest_draws(p) in (fewest, fewest + 1)


@pytest.mark.parametrize(
    ("u", "digits", "delta"),
    [
        (0.35e-9, 1, 0.05e-9),
        (0.35e-9, 2, 0.005e-9),
        (0.96, 1, 0.5),
        (996.0, 2, 50),
        (1.0, 1, 0.5),
        (0.0, 2, 0),
    ],
)
def test_the_tolerance_of_figures_that_round_up(u, digits, delta):
    """0.96 with one digit is 1, whose last place is 1: δ = 0.5; 996 with two is 1000: δ = 50."""
    assert numerical_tolerance(u, digits) == pytest.approx(delta, rel=1e-15)


def test_the_doubt_of_a_mean_is_its_standard_deviation():
    """±1 alternating: σ = 1, so 2.6/√n; every block is alike, so u is not in doubt."""
    values = np.tile([-1.0, 1.0], 8 * BLOCKS * 100)
    found = doubt(values, np.sort(values), 0.95)
    assert found.estimate == pytest.approx(2.6 / math.sqrt(len(values)), rel=1e-14)
    assert found.standard_uncertainty == 0
    assert (found.of("symmetric"), found.of("shortest")) == (0, 0)
    assert found.largest == found.estimate


def test_the_doubt_of_the_ends_is_told_by_kind():
    found = Doubt(1.0, 2.0, 3.0, 4.0)
    assert (found.largest, found.of("symmetric"), found.of("shortest")) == (4, 3, 4)


@pytest.mark.parametrize(("away", "met"), [(0.0, True), (0.4, True), (0.6, False)])
def test_the_printed_rule_counts_twice_the_standard_deviation_of_the_mean(away, met):
    """Means a distance d apart: s = d/√2, that of their mean is d/2, and twice that has to be within δ = 0.5."""
    rule = PrintedRule(0.95, 1, "symmetric")
    values = np.linspace(-1.0, 1.0, rule.batch)
    rule.add(values - away / 2)
    rule.add(values + away / 2)
    assert rule.is_met(1.0) is met
