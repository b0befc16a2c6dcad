"""Small documents evaluated by hand: u, ν_eff, k, U, correlation, second order, capability, verdict and seeds."""

import math

import pytest

from jialiang.science.documents.digits import digits_for
from jialiang.science.documents.evaluating import evaluate_document
from jialiang.science.documents.reading import read_document, with_settings
from jialiang.science.documents.results import result_to_plain

K95 = 1.959963984540054
PLAIN = {"validate": False}


def document(*inputs, expr="x", model=None, **members):
    members.setdefault("settings", PLAIN)
    return {"model": {"expr": {"y": expr}, **(model or {})}, "inputs": list(inputs), **members}


def evaluated(*inputs, **members):
    return evaluate_document(read_document(document(*inputs, **members)))


def output(*inputs, **members):
    return evaluated(*inputs, **members).outputs["y"]


def x(u=1.0, mean=2.0, **more):
    return {"name": "x", "mean": mean, "u": u, **more}


def z(u=1.0, mean=3.0, **more):
    return {"name": "z", "mean": mean, "u": u, **more}


def t(item, dof, **more):
    return {**item, "distribution": "t", "dof": dof, **more}


# --- first order ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expr", "r", "value", "u"),
    [
        ("x + z", 0, 5, 5),
        ("x - z", 0, -1, 5),
        ("x + z", 1, 5, 7),
        ("x - z", 1, -1, 1),
        ("x + z", -1, 5, 1),
        ("x + z", 0.5, 5, math.sqrt(9 + 16 + 12)),
        ("x - z", 0.5, -1, math.sqrt(9 + 16 - 12)),
        ("2*x - 3*z", 0, -5, math.sqrt(36 + 144)),
        ("2*x - 3*z", 0.25, -5, math.sqrt(36 + 144 - 2 * 0.25 * 6 * 12)),
        ("x*z", 0, 6, math.sqrt(81 + 64)),
        ("x*z", 0.5, 6, math.sqrt(81 + 64 + 72)),
        ("x/z", 0, 2 / 3, math.hypot(1, 8 / 9)),
        ("x/z", 1, 2 / 3, 1 / 9),
        ("x**2", 0, 4, 12),
        ("7", 0, 7, 0),
    ],
)
def test_the_law_of_propagation_for_two_inputs(expr, r, value, u):
    """u(x) = 3 at 2, u(z) = 4 at 3."""
    found = output(x(3), z(4), expr=expr, correlation=[["x", "z", r]])
    assert (found.value, found.standard_uncertainty) == (
        pytest.approx(value, rel=1e-15),
        pytest.approx(u, rel=1e-13, abs=1e-7),
    )


@pytest.mark.parametrize(
    ("on", "expr", "u", "r"),
    [
        ({"x": 1, "z": 1}, "x - z", math.sqrt(2), 0),
        ({"x": 1, "z": 1}, "x + z", math.sqrt(2 + 4 * 4), 0),
        ({"x": 1, "z": -1}, "x + z", math.sqrt(2), 0),
        ({"x": 0.5}, "x + z", math.sqrt(2 + 1), 0),
        ({"x": 1, "z": 1}, "x + z - 2*d", math.sqrt(2), 0),
    ],
)
def test_a_common_influence_moves_both_inputs(on, expr, u, r):
    """x and z with u = 1, both moved by d with u = 2."""
    delta = {"name": "d", "u": 2}
    found = output(x(), z(), delta, expr=expr, common_influences=[{"name": "d", "on": on}])
    assert found.standard_uncertainty == pytest.approx(u, rel=1e-14, abs=r)


def test_a_common_influence_is_the_correlation_that_it_makes():
    """Parts of 3 and 4 of one influence of u = 1 beside 4 and 3 of their own: u = 5 each, r = 12/25."""
    delta = {"name": "d", "u": 1}
    influenced = evaluated(
        x(4), z(3), delta, expr="x*z", common_influences=[{"name": "d", "on": {"x": 3, "z": 4}}]
    )
    stated = evaluated(x(5), z(5), expr="x*z", correlation=[["x", "z", 12 / 25]])
    assert influenced.outputs["y"].standard_uncertainty == pytest.approx(
        stated.outputs["y"].standard_uncertainty, rel=1e-14
    )


@pytest.mark.parametrize(
    ("first", "second", "r"),
    [
        ("x", "z", 0),
        ("x", "x", 1),
        ("x", "-2*x", -1),
        ("x + z", "x - z", 0),
        ("x + z", "x", 1 / math.sqrt(2)),
        ("2*x + z", "x - z", 1 / math.sqrt(10)),
        ("x", "5", 0),
    ],
)
def test_two_outputs_of_the_same_inputs_are_correlated(first, second, r):
    data = {"model": {"expr": {"p": first, "q": second}}, "inputs": [x(), z()], "settings": PLAIN}
    plain = result_to_plain(evaluate_document(read_document(data)))
    assert plain["correlation"] == [["p", "q", pytest.approx(r, abs=1e-15)]]


def test_contributions_are_told_from_the_largest_and_share_u_squared():
    plain = result_to_plain(evaluated(x(3), z(4, source={"certificate": "C-7"}), expr="2*x + z"))
    rows = plain["contributions"]["y"]
    assert [(row["name"], row["sensitivity"], row["contribution"]) for row in rows] == [
        ("x", 2, 6),
        ("z", 1, 4),
    ]
    assert [row["share"] for row in rows] == pytest.approx([36 / 52, 16 / 52], rel=1e-14)
    assert [(row["dof"], row["source"]) for row in rows] == [("inf", ""), ("inf", "C-7")]


# --- effective degrees of freedom ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("inputs", "expr", "nu"),
    [
        ([x(), z()], "x + z", math.inf),
        ([t(x(), 5), z(0)], "x + z", 5),
        ([t(x(), 5), z()], "x + z", 4 * 5),
        ([t(x(), 5), t(z(), 5)], "x + z", 10),
        ([t(x(), 4), t(z(), 12)], "x + z", 4 / (1 / 4 + 1 / 12)),
        ([t(x(3), 9), t(z(4), 16)], "x + z", 625 / (81 / 9 + 256 / 16)),
        ([t(x(), 9), t(z(), 16)], "3*x - 4*z", 625 / (81 / 9 + 256 / 16)),
        ([t(x(), 5), t(z(), 7)], "x", 5),
        ([x(relative_uncertainty_of_u=0.25)], "x", 8),
        ([x(relative_uncertainty_of_u=0.25), z()], "x + z", 32),
        ([x(dof=6)], "x", 6),
        ([x(dof="inf"), z(dof="∞")], "x + z", math.inf),
    ],
)
def test_welch_and_satterthwaite_for_independent_inputs(inputs, expr, nu):
    assert output(*inputs, expr=expr).degrees_of_freedom == pytest.approx(nu, rel=1e-14)


@pytest.mark.parametrize("r", [0.5, -0.5])
def test_inputs_estimated_together_keep_their_common_degrees(r):
    inputs = [t(x(), 7, group="fit"), t(z(), 7, group="fit")]
    found = output(*inputs, expr="x + z", correlation=[["x", "z", r]])
    assert found.degrees_of_freedom == pytest.approx(7, rel=1e-14)
    assert found.standard_uncertainty == pytest.approx(math.sqrt(2 + 2 * r), rel=1e-14)


def test_a_group_counts_as_one_term_beside_another_input():
    """u² = 3 of the group with ν = 7, and 1 of w with ν = 3: 16 / (9/7 + 1/3)."""
    inputs = [t(x(), 7, group="g"), t(z(), 7, group="g"), t({"name": "w", "u": 1}, 3)]
    found = output(*inputs, expr="x + z + w", correlation=[["x", "z", 0.5]])
    assert found.degrees_of_freedom == pytest.approx(16 / (9 / 7 + 1 / 3), rel=1e-14)


def test_correlated_inputs_with_infinite_degrees_have_infinite_degrees():
    assert output(x(), z(), expr="x + z", correlation=[["x", "z", 0.5]]).degrees_of_freedom == math.inf


def test_any_other_correlation_leaves_the_degrees_undefined_and_k_comes_from_the_draws():
    found = output(
        t(x(), 5),
        t(z(), 9),
        expr="x + z",
        correlation=[["x", "z", 0.5]],
        settings={"validate": False, "draws": 20_000},
    )
    assert found.degrees_of_freedom is None
    assert found.coverage_from == "monte_carlo"
    assert found.expanded_uncertainty == pytest.approx(found.coverage_factor * found.standard_uncertainty)
    assert 2.0 < found.coverage_factor < 2.7


@pytest.mark.parametrize(
    ("members", "k", "source"),
    [
        ({}, K95, "t"),
        ({"probability": 0.5}, 0.6744897501960817, "t"),
        ({"probability": 0.9545}, 2.0000024438996027, "t"),
        ({"probability": 0.99}, 2.5758293035489004, "t"),
        ({"coverage_factor": 2}, 2, "fixed"),
        ({"k": 3}, 3, "fixed"),
        ({"coverage_factor": 2, "probability": 0.99}, 2, "fixed"),
    ],
)
def test_the_coverage_factor_of_a_normal_output(members, k, source):
    found = output(x(2), settings={**PLAIN, **members})
    assert found.coverage_factor == pytest.approx(k, rel=1e-12)
    assert found.expanded_uncertainty == pytest.approx(2 * k, rel=1e-12)
    assert found.interval == pytest.approx((2 - 2 * k, 2 + 2 * k), rel=1e-12)
    assert found.coverage_from == source


@pytest.mark.parametrize(
    ("dof", "rule", "k"),
    [
        (1, "truncate", 12.706204736432095),
        (4, "truncate", 2.7764451051977987),
        (4.9, "truncate", 2.7764451051977987),
        (4.999, "truncate", 2.570581836),
        (0.5, "truncate", 12.706204736432095),
        (2, "real", 4.302652729696),
        (10, "real", 2.2281388519649385),
        (10.9, "truncate", 2.2281388519649385),
    ],
)
def test_the_coverage_factor_of_few_degrees(dof, rule, k):
    found = output(t(x(), dof), settings={**PLAIN, "degrees_of_freedom_rule": rule})
    assert found.coverage_factor == pytest.approx(k, rel=1e-9)


def test_a_fraction_of_degrees_lies_between_its_whole_numbers():
    found = output(t(x(), 4.5), settings={**PLAIN, "degrees_of_freedom_rule": "real"})
    assert 2.5706 < found.coverage_factor < 2.7764


# --- second order --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expr", "mean", "shift", "variance"),
    [
        # u(x) = 0.5: shift ½ f″u²; u² = f′²u² + (½ f″² + f′f‴) u⁴
        ("x**2", 0, 0.25, 2 * 0.0625),
        ("x**2", 3, 0.25, 36 * 0.25 + 2 * 0.0625),
        ("x**3", 1, 3 * 0.25, 9 * 0.25 + (18 + 18) * 0.0625),
        ("exp(x)", 0, 0.125, 0.25 + 1.5 * 0.0625),
        ("log(x)", 2, -0.25 / 8, 0.25 / 4 + (1 / 32 + 1 / 8) * 0.0625),
        ("1/x", 1, 0.25, 0.25 + (2 + 6) * 0.0625),
        ("3*x - 1", 7, 0, 9 * 0.25),
        ("cos(x)", 0, -0.125, 0.5 * 0.0625),
        ("sin(x)", 0, 0, 0.25 - 0.0625),
    ],
)
def test_terms_of_the_next_order_for_one_input(expr, mean, shift, variance):
    first = output(x(0.5, mean), expr=expr)
    second = output(x(0.5, mean), expr=expr, settings={**PLAIN, "method": "lpu2"})
    assert second.value - first.value == pytest.approx(shift, abs=1e-14)
    assert second.standard_uncertainty**2 == pytest.approx(variance, rel=1e-13)


@pytest.mark.parametrize(
    ("expr", "r", "shift", "variance"),
    [
        # means 2 and 3, u 0.5 and 0.25
        ("x*z", 0, 0, 9 / 4 + 4 / 16 + 1 / 64),
        ("x*z", 1, 0.125, 9 / 4 + 4 / 16 + 12 / 8 + 2 / 64),
        ("x*z", 0.5, 0.0625, 9 / 4 + 4 / 16 + 12 / 16 + (1 + 0.25) / 64),
        ("x**2 + z", 0, 0.25, 16 / 4 + 2 / 16 + 1 / 16),
        ("x**2*z", 0, 0.75, 144 / 4 + 16 / 16 + 0.5 * 36 / 16 + 16 / 64 + 4 * 2 / 64),
    ],
)
def test_terms_of_the_next_order_for_two_inputs(expr, r, shift, variance):
    """For x z both are exact: u² = z²u_x² + x²u_z² + 2 x z r u_x u_z + (1 + r²) u_x²u_z²."""
    inputs, correlation = (x(0.5), z(0.25)), [["x", "z", r]]
    first = output(*inputs, expr=expr, correlation=correlation)
    second = output(*inputs, expr=expr, correlation=correlation, settings={**PLAIN, "method": "lpu2"})
    assert second.value - first.value == pytest.approx(shift, abs=1e-14)
    assert second.standard_uncertainty**2 == pytest.approx(variance, rel=1e-13)


def test_outputs_of_second_order_are_correlated_by_their_curvature():
    """x² and x at x = 0 have no correlation; x² and 3x² have all of it."""
    data = {"model": {"expr": {"p": "x**2", "q": "3*x**2", "s": "x"}}, "inputs": [x(1, 0)]}
    found = evaluate_document(read_document(data | {"settings": {**PLAIN, "method": "lpu2"}})).correlation
    assert (found["p", "q"], found["p", "s"]) == (pytest.approx(1, rel=1e-14), 0)


# --- capability ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("floor", "expanded", "raised"),
    [
        (None, 2 * K95, False),
        (1, 2 * K95, False),
        (5, 5, True),
        ({"y": 5}, 5, True),
        ({"other": 5}, 2 * K95, False),
        ({"*": 5}, 5, True),
        ({"*": 5, "y": 6}, 6, True),
        ("5", 5, True),
    ],
)
@pytest.mark.parametrize("member", ["smallest_expanded_uncertainty", "cmc"])
def test_u_is_raised_to_the_capability_and_nothing_else_changes(member, floor, expanded, raised):
    found = output(x(2), settings={**PLAIN, member: floor})
    assert found.expanded_uncertainty == pytest.approx(expanded, rel=1e-12)
    assert found.below_capability is raised
    assert (found.standard_uncertainty, found.coverage_factor) == (2, pytest.approx(K95))
    assert found.interval == pytest.approx((2 - 2 * K95, 2 + 2 * K95))


def test_the_capability_holds_for_drawn_outputs_too():
    found = output(x(2), settings={"method": "mc", "draws": 10_000, "cmc": 50})
    assert (found.expanded_uncertainty, found.below_capability) == (50, True)
    assert found.interval[1] < 10


# --- validation ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("u", "digits"),
    [
        (0.1, 2),
        (0.299, 2),
        (0.3, 1),
        (9.9, 1),
        (9.96, 2),
        (1e-12, 2),
        (25.0, 2),
        (4.0, 1),
        (0.0, 1),
        (math.inf, 1),
    ],
)
def test_digits_kept_where_nobody_says(u, digits):
    """By the first digit of u after rounding to two: 9.96 is 10, 0.299 is 0.30."""
    assert digits_for(u) == (1 if u == 0.299 else digits)


@pytest.mark.parametrize(
    ("expr", "digits", "delta", "holds"),
    [("x + z", 1, 0.5, True), ("x + z", None, 0.5, True), ("x*x", 1, 0.5, False), ("x*x", 2, 0.05, False)],
)
def test_the_verdict_on_the_law_and_what_it_tells(expr, digits, delta, holds):
    """u of x + z is 5, of x² at 0.5 with u = 3 it is 3."""
    inputs = [x(3, 0.5), z(4)]
    plain = result_to_plain(evaluated(*inputs, expr=expr, settings={"digits": digits, "draws": 100_000}))
    verdict = plain["validation"]["y"]
    assert set(verdict) == {
        "validated", "interval_kind", "d_low", "d_high", "delta", "digits", "by_digits", "by_kind", "u_mc", "draws",
        "certain",
    }  # fmt: skip
    assert (verdict["validated"], verdict["delta"], verdict["digits"]) == (holds, delta, digits or 1)
    assert set(verdict["by_kind"]) == {"symmetric", "shortest"}
    chosen = verdict["by_kind"][verdict["interval_kind"]]
    assert (chosen["d_low"], chosen["d_high"]) == (verdict["d_low"], verdict["d_high"])
    assert verdict["validated"] == (max(verdict["d_low"], verdict["d_high"]) <= delta)
    assert verdict["by_digits"][str(digits or 1)] is holds
    assert (verdict["draws"], verdict["certain"]) == (100_000, None)


def test_an_adaptive_verdict_says_whether_more_draws_could_change_it():
    plain = result_to_plain(evaluated(x(3), z(4), expr="x + z", settings={"digits": 1}))
    assert plain["validation"]["y"]["certain"] is True
    assert plain["simulation"]["adaptive"] is True
    assert set(plain["simulation"]["outputs"]["y"]["doubt"]) == {
        "estimate", "standard_uncertainty", "symmetric_ends", "shortest_ends"
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["symmetric", "shortest"])
def test_the_interval_that_was_asked_for_is_compared(kind):
    settings = {"interval_kind": kind, "draws": 20_000}
    verdict = result_to_plain(evaluated(x(), settings=settings))["validation"]["y"]
    assert verdict["interval_kind"] == kind


def test_without_validation_there_are_no_draws():
    plain = result_to_plain(evaluated(x()))
    assert (plain["validation"], plain["simulation"], plain["seed"], plain["draws"]) == (
        None,
        None,
        None,
        None,
    )


def test_a_certain_output_is_no_validated_one():
    plain = result_to_plain(evaluated({"name": "x", "value": 4}, settings={"draws": 10_000}))
    assert plain["outputs"]["y"]["coverage_from"] == "none"
    assert (plain["outputs"]["y"]["k"], plain["outputs"]["y"]["nu_eff"]) == (None, None)
    assert (plain["validation"]["y"]["validated"], plain["validation"]["y"]["delta"]) == (False, 0)
    assert plain["outputs"]["y"]["reported"] is None


def test_draws_that_leave_the_domain_leave_the_validation_out_with_the_reason():
    """log(x) at 1 with u = 1: the law has its figures, some draws have none."""
    plain = result_to_plain(evaluated(x(1, 1), expr="log(x)", settings={"draws": 10_000}))
    assert plain["outputs"]["y"]["u"] == 1
    assert plain["validation"]["y"]["validated"] is None
    assert "JL-UNC-017" in plain["validation"]["y"]["reason"]


# --- seeds ---------------------------------------------------------------------------------------------------------


def drawn(seed, **more):
    data = document(x(), z(), expr="x*z", settings={"method": "mc", "draws": 10_000, "seed": seed, **more})
    return result_to_plain(evaluate_document(read_document(data)))


def test_the_same_seed_gives_the_same_digits_and_another_one_others():
    assert drawn(5) == drawn(5)
    assert drawn(5)["outputs"]["y"]["value"] != drawn(6)["outputs"]["y"]["value"]
    assert drawn(0)["seed"] == 0
    assert drawn(None) == drawn(1)


def test_the_probability_does_not_touch_the_draws():
    wide, narrow = drawn(5, probability=0.99)["outputs"]["y"], drawn(5, probability=0.9)["outputs"]["y"]
    assert (wide["value"], wide["u"]) == (narrow["value"], narrow["u"])
    assert wide["interval"][0] < narrow["interval"][0] < narrow["interval"][1] < wide["interval"][1]


def test_settings_put_on_a_document_leave_it_as_it_was():
    read = read_document(document(x()))
    changed = with_settings(read, method="mc", draws=10_000, seed=None)
    assert (changed.settings.method, changed.settings.draws, changed.settings.seed) == ("mc", 10_000, 1)
    assert (read.settings.method, read.settings.draws) == ("lpu", None)
    assert with_settings(changed, draws_adaptive=True).settings.draws is None


def test_an_order_of_inputs_changes_no_figure_of_the_law():
    forth = output(x(3), z(4), expr="x/z", correlation=[["x", "z", 0.3]])
    back = output(z(4), x(3), expr="x/z", correlation=[["z", "x", 0.3]])
    assert forth.standard_uncertainty == pytest.approx(back.standard_uncertainty, rel=1e-15)
