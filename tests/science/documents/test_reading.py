"""Documents are read generously: spellings, forms of inputs, constants, fits, equations; and refused clearly."""

import math

import numpy as np
import pytest

from jialiang.kernel.errors import JialiangError
from jialiang.science.documents.evaluating import evaluate_document
from jialiang.science.documents.reading import read_document, with_settings
from jialiang.science.documents.type_a import grouped_repeatability
from jialiang.science.errors import (
    BudgetUnreadable,
    DuplicateSymbol,
    ImpossibleCorrelation,
    LengthsDiffer,
    ParameterNotAllowed,
    TooFewObservations,
    UnknownSymbol,
)


def document(*inputs, expr="x", **more):
    model = {"expr": {"y": expr}} | more.pop("model", {})
    return {"model": model, "inputs": list(inputs), "settings": {"validate": False}} | more


def found(*inputs, **more):
    return evaluate_document(read_document(document(*inputs, **more))).outputs["y"]


def u_of(**members):
    return found({"name": "x", **members}).standard_uncertainty


# --- distributions -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("members", "u"),
    [
        ({"distribution": "normal", "mean": 1, "u": 0.3}, 0.3),
        ({"distribution": "Gaussian", "value": 1, "sd": 0.3}, 0.3),
        ({"mean": 1, "standard_uncertainty": 0.3}, 0.3),
        ({"mean": "1", "u": "0.3"}, 0.3),
        ({"distribution": "normal", "mean": 1, "U": 0.6, "k": 2}, 0.3),
        ({"distribution": "normal", "mean": 1, "U": 0.6}, 0.3),
        ({"distribution": "normal", "mean": 50, "u_rel": 0.01}, 0.5),
        ({"distribution": "t", "mean": 1, "u": 0.3, "dof": 5}, 0.3),
        ({"distribution": "student-t", "mean": 1, "u": 0.3, "nu": 5}, 0.3),
        ({"distribution": "t", "mean": 1, "u": 0.3, "dof": None}, 0.3),
        ({"distribution": "t_scaled", "location": 1, "scale": 0.3, "dof": 5}, 0.3),
        ({"distribution": "t_by_mean_sd", "mean": 1, "sd": 0.3, "dof": 5}, 0.3),
        ({"distribution": "rectangular", "mean": 1, "half_width": 3}, math.sqrt(3)),
        ({"distribution": "uniform", "low": -2, "high": 4}, math.sqrt(3)),
        ({"distribution": "rect", "a": -2, "b": 4}, math.sqrt(3)),
        ({"distribution": "rectangular", "mean": 1, "u": 0.3}, 0.3),
        ({"distribution": "rectangular", "mean": 1, "full_width": 6}, math.sqrt(3)),
        ({"half_width": 3}, math.sqrt(3)),
        ({"distribution": "triangular", "mean": 1, "half_width": 6}, math.sqrt(6)),
        ({"distribution": "triangular", "low": 0, "mode": 0, "high": 3}, math.sqrt(0.5)),
        ({"distribution": "arcsine", "low": -1, "high": 3}, math.sqrt(2)),
        ({"distribution": "u-shaped", "mean": 1, "half_width": 2}, math.sqrt(2)),
        ({"distribution": "trapezoidal", "mean": 1, "half_width": 6, "top_share": 0}, math.sqrt(6)),
        ({"distribution": "trapezoid", "low": -3, "high": 3, "top_half_width": 3}, math.sqrt(3)),
        ({"distribution": "ctrap", "a": -1, "b": 1, "d": 0.3}, math.sqrt(1 / 3 + 0.01)),
        ({"distribution": "exponential", "mean": 2}, 2.0),
        ({"distribution": "exponential", "rate": 0.5, "low": 1}, 2.0),
        ({"distribution": "gamma", "shape": 9, "scale": 2}, 6.0),
        ({"distribution": "gamma", "mean": 9, "u": 3}, 3.0),
        ({"distribution": "beta", "alpha": 1, "beta": 1, "low": 0, "high": 6}, math.sqrt(3)),
        ({"distribution": "lognormal", "mean": 9, "u": 3}, 3.0),
        (
            {"distribution": "log-normal", "mu": 0, "sigma": 0.1},
            math.exp(0.005) * math.sqrt(math.expm1(0.01)),
        ),
        ({"distribution": "truncated_normal", "mean": 0, "u": 1, "low": 0}, math.sqrt(1 - 2 / math.pi)),
        ({"distribution": "empirical", "values": [1, 3]}, 1.0),
        ({"distribution": "constant", "value": 4}, 0.0),
        ({"value": 4}, 0.0),
    ],
)
def test_distributions_by_any_of_their_names(members, u):
    assert u_of(**members) == pytest.approx(u, rel=1e-13)


def test_inputs_may_be_an_object_by_name_and_numbers_alone_are_constants():
    data = {"model": {"expr": "y = a*x"}, "inputs": {"x": {"mean": 2, "u": 0.1}, "a": 3}}
    evaluation = evaluate_document(read_document(data))
    assert evaluation.outputs["y"].standard_uncertainty == pytest.approx(0.3)


@pytest.mark.parametrize("expression", ["y = 2*x", {"y": "2*x"}, "2*x"])
def test_one_expression_may_be_written_in_three_ways(expression):
    data = {"model": {"expr": expression}, "inputs": [{"name": "x", "u": 1}], "settings": {"validate": False}}
    assert evaluate_document(read_document(data)).outputs["y"].standard_uncertainty == 2


def test_degrees_of_a_type_b_input_may_come_from_its_reliability():
    """GUM G.4.2: u known to 25 % has 8 degrees of freedom."""
    output = found({"name": "x", "half_width": 1, "relative_uncertainty_of_u": 0.25})
    assert output.degrees_of_freedom == pytest.approx(8)


# --- type A --------------------------------------------------------------------------------------------------


def test_readings_give_mean_scatter_and_degrees():
    output = found({"name": "x", "readings": [10, 12, 11, 13, 14]})
    assert output.value == 12
    assert output.standard_uncertainty == pytest.approx(math.sqrt(2.5 / 5), rel=1e-15)
    assert output.degrees_of_freedom == 4


def test_a_bayesian_type_a_widens_u_and_leaves_no_degrees_to_count():
    """u = s/√n √((n-1)/(n-3)), the standard deviation of the scaled t."""
    output = found({"name": "x", "readings": [10, 12, 11, 13, 14], "type_a": "bayesian"})
    assert output.standard_uncertainty == pytest.approx(math.sqrt(2.5 / 5 * 4 / 2), rel=1e-14)
    assert output.degrees_of_freedom == math.inf
    with pytest.raises(ParameterNotAllowed):
        found({"name": "x", "readings": [1, 2, 3], "type_a": "bayesian"})


def test_the_bayesian_option_draws_what_the_other_one_draws():
    one, other = (
        evaluate_document(
            with_settings(
                read_document(document({"name": "x", "readings": [10, 12, 11, 13, 14], "type_a": kind})),
                method="mc",
                draws=10_000,
            )
        ).outputs["y"]
        for kind in ("gum", "bayesian")
    )
    assert one.interval == pytest.approx(other.interval, rel=1e-12)


def test_a_pooled_deviation_serves_few_readings():
    output = found({"name": "x", "readings": [10, 12], "pooled": {"s": 0.5, "dof": 20}})
    assert output.standard_uncertainty == pytest.approx(0.5 / math.sqrt(2))
    assert output.degrees_of_freedom == 20


def test_equal_readings_leave_no_scatter():
    assert found({"name": "x", "readings": [5, 5, 5]}).standard_uncertainty == 0


def test_grouped_readings_are_analysed_for_scatter_between_groups():
    apart = grouped_repeatability([[10, 10.1, 9.9], [11, 11.1, 10.9], [12, 12.1, 11.9]])
    assert (apart.mean, apart.count, apart.degrees_of_freedom) == (11, 3, 2)
    assert apart.standard_uncertainty_of_mean == pytest.approx(1 / math.sqrt(3))
    together = grouped_repeatability([[10, 12, 11], [11, 10, 12], [12, 11, 10]])
    assert (together.count, together.degrees_of_freedom) == (9, 8)
    assert together.standard_uncertainty_of_mean == pytest.approx(math.sqrt(6 / 8 / 9))


def test_the_zener_reference_of_h5_takes_the_scatter_between_days():
    """Groups made to have the daily means and deviations of GUM H.5: u = 18 µV with 9 degrees of freedom."""
    means = [172, 116, 13, 144, 106, 31, 60, 125, 163, 41]
    deviations = [60, 77, 111, 101, 67, 93, 80, 73, 88, 86]
    pattern = np.array([-1.0, -1.0, 0.0, 1.0, 1.0])
    groups = [list(m + s * pattern / pattern.std(ddof=1)) for m, s in zip(means, deviations, strict=True)]
    output = found({"name": "x", "readings": groups})
    assert output.standard_uncertainty == pytest.approx(18.05328532745598, rel=1e-9)
    assert output.degrees_of_freedom == 9


# --- several inputs at once ----------------------------------------------------------------------------------


def test_an_array_of_inputs_is_one_name():
    output = found(
        {
            "name": "m",
            "unit": "g",
            "mean": [1, 2, 3],
            "u": [0.1, 0.2, 0.2],
            "dof": [5, None, 7],
            "distribution": "t",
        },
        expr="sum(m) + m[0]",
    )
    assert output.value == 7
    assert output.standard_uncertainty == pytest.approx(math.sqrt(0.04 + 0.04 + 0.04))
    assert output.unit == "g"


def test_a_multivariate_normal_by_its_covariance():
    joint = {
        "distribution": "multivariate_normal",
        "names": ["a", "b"],
        "mean": [1, 2],
        "covariance": [[4, 1], [1, 9]],
    }
    assert found(joint, expr="a+b").standard_uncertainty == pytest.approx(math.sqrt(15))
    drawn = evaluate_document(
        with_settings(read_document(document(joint, expr="a-b")), method="mc", draws=200_000)
    ).outputs["y"]
    assert drawn.standard_uncertainty == pytest.approx(math.sqrt(11), rel=0.01)


def test_a_multivariate_t_keeps_its_degrees():
    joint = {
        "distribution": "multivariate_normal",
        "names": ["a", "b"],
        "mean": [1, 2],
        "u": [2, 3],
        "correlation": [[1, 0.5], [0.5, 1]],
        "dof": 7,
    }
    output = found(joint, expr="a+b")
    assert output.standard_uncertainty == pytest.approx(math.sqrt(4 + 9 + 6))
    assert output.degrees_of_freedom == 7


@pytest.mark.parametrize(
    "given",
    [
        [["a", "b", 0.5]],
        [{"a": "a", "b": "b", "r": 0.5}],
        [{"between": ["a", "b"], "coefficient": 0.5}],
        {"order": ["a", "b"], "matrix": [[1, 0.5], [0.5, 1]]},
    ],
)
def test_correlation_may_be_written_in_four_ways(given):
    output = found({"name": "a", "u": 1}, {"name": "b", "u": 1}, expr="a+b", correlation=given)
    assert output.standard_uncertainty == pytest.approx(math.sqrt(3))


def test_complex_inputs_by_parts_or_by_modulus_and_phase():
    cartesian = {"name": "z", "re": 3, "im": 4, "u_re": 0.1, "u_im": 0.1}
    polar = {
        "name": "z",
        "mag": 5,
        "phase_deg": 53.13010235415598,
        "u_mag": 0.1,
        "u_phase": 1.145915590261646,
    }
    for entry in (cartesian, polar):
        output = found(entry, expr="abs(z)")
        assert output.value == pytest.approx(5)
        assert output.standard_uncertainty == pytest.approx(0.1)
    assert found(polar, expr="re(z)").standard_uncertainty == pytest.approx(math.hypot(0.06, 0.08), rel=1e-9)


def test_an_output_that_is_complex_has_two_parts():
    data = document({"name": "z", "re": 3, "im": 4, "u": 0.1, "r": 0.5}, expr="z*z")
    evaluation = evaluate_document(read_document(data))
    assert set(evaluation.outputs) == {"y.real", "y.imag"}
    assert evaluation.outputs["y.real"].value == -7
    assert evaluation.outputs["y.imag"].value == 24


@pytest.mark.parametrize("r", [0.0, 0.6, -0.6])
@pytest.mark.parametrize("expr", ["re(z)", "re(z) + 2*im(z)", "abs(z)", "re(z**2)"])
def test_both_parts_of_a_complex_input_keep_the_degrees_of_freedom_of_their_observations(r, expr):
    """One set of five observations has ν = 4 whatever is computed from it, as in GUM H.2; nothing jumps at r = 0."""
    item = {"name": "z", "re": 3, "im": 4, "u_re": 0.1, "u_im": 0.2, "r": r, "dof": 4}
    assert found(item, expr=expr).degrees_of_freedom == pytest.approx(4)


def test_a_complex_input_with_finite_degrees_is_one_term_beside_others():
    """u = 3 from the complex input with ν = 4 and u = 4 from another with ν = 9."""
    item = {"name": "z", "re": 3, "im": 4, "u_re": 3, "u_im": 0, "dof": 4}
    output = found(item, {"name": "b", "mean": 0, "u": 4, "dof": 9}, expr="re(z) + b")
    assert output.standard_uncertainty == pytest.approx(5)
    assert output.degrees_of_freedom == pytest.approx(625 / (81 / 4 + 256 / 9))


def test_parts_of_a_complex_input_without_stated_degrees_stay_infinite():
    item = {"name": "z", "re": 3, "im": 4, "u_re": 0.1, "u_im": 0.2, "r": 0.5}
    assert found(item, expr="re(z) + im(z)").degrees_of_freedom == math.inf


# --- fits and equations --------------------------------------------------------------------------------------

LINE = {"t": [1, 2, 3, 4, 5], "b": [2.1, 3.9, 6.2, 7.8, 10.1]}


def test_a_fit_member_gives_correlated_parameters_to_the_model():
    data = {
        "fit": {"model": "b = p + q*t", "data": LINE},
        "model": {"expr": {"at6": "p + 6*q"}},
        "settings": {"validate": False},
    }
    evaluation = evaluate_document(read_document(data))
    (q, p), covariance = np.polyfit(LINE["t"], LINE["b"], 1, cov=True)
    assert evaluation.outputs["q"].value == pytest.approx(q, rel=1e-12)
    assert evaluation.outputs["p"].value == pytest.approx(p, rel=1e-11)
    # polyfit scales by the same n - 2
    variance = covariance[1, 1] + 36 * covariance[0, 0] + 12 * covariance[0, 1]
    assert evaluation.outputs["at6"].standard_uncertainty == pytest.approx(math.sqrt(variance), rel=1e-9)
    assert evaluation.outputs["at6"].degrees_of_freedom == 3


def test_a_fit_with_stated_uncertainties_has_infinite_degrees():
    data = {
        "fit": {"model": "b = p + q*t", "data": LINE | {"ub": [0.1] * 5}, "uncertainty": "ub"},
        "model": {},
        "settings": {"validate": False},
    }
    evaluation = evaluate_document(read_document(data))
    assert evaluation.outputs["q"].standard_uncertainty == pytest.approx(0.1 / math.sqrt(10), rel=1e-12)
    assert evaluation.outputs["q"].degrees_of_freedom == math.inf


def test_a_fit_that_is_not_linear_needs_a_start_and_finds_its_parameters():
    t = [0.0, 0.5, 1.0, 1.5, 2.0, 3.0]
    b = [5 * math.exp(-0.7 * x) + 0.01 * (-1) ** k for k, x in enumerate(t)]
    data = {
        "fit": {"model": "b = A*exp(-k*t)", "data": {"t": t, "b": b}, "start": {"A": 4, "k": 1}},
        "model": {"expr": {"half_life": "log(2)/k"}},
        "settings": {"validate": False},
    }
    evaluation = evaluate_document(read_document(data))
    assert evaluation.outputs["A"].value == pytest.approx(5, abs=0.05)
    assert evaluation.outputs["k"].value == pytest.approx(0.7, abs=0.02)
    assert evaluation.outputs["half_life"].degrees_of_freedom == 4


def test_points_that_do_not_tell_the_parameters_are_refused():
    for data in ({"t": [1, 1, 1, 1], "b": [1, 2, 3, 4]}, {"t": [0, 0, 0], "b": [1, 2, 3]}):
        with pytest.raises(JialiangError) as refused:
            read_document({"fit": {"model": "b = p + q*t", "data": data}, "model": {}})
        assert refused.value.code == "JL-UNC-007"
    with pytest.raises(TooFewObservations):
        read_document({"fit": {"model": "b = p + q*t", "data": {"t": [1, 2], "b": [1, 2]}}, "model": {}})


def test_an_implicit_model_in_a_document():
    data = document(
        {"name": "a", "mean": 2, "u": 0.01},
        expr="2*x",
        model={"implicit": {"equations": ["x**2 = a"], "unknowns": {"x": 1}}},
    )
    evaluation = evaluate_document(read_document(data))
    assert evaluation.outputs["y"].value == pytest.approx(2 * math.sqrt(2), rel=1e-14)
    assert evaluation.outputs["x"].standard_uncertainty == pytest.approx(0.01 / (2 * math.sqrt(2)), rel=1e-12)


# --- units ---------------------------------------------------------------------------------------------------


def with_units(expr, units, out=None, **model):
    inputs = [{"name": n, "unit": u, "mean": 2, "u": 0.1} for n, u in units.items()]
    return document(*inputs, expr=expr, model=({"unit": {"y": out}} if out else {}) | model)


@pytest.mark.parametrize(
    ("expr", "units", "out", "term"),
    [
        ("a + b", {"a": "mm", "b": "m"}, None, "a"),
        ("a + b", {"a": "mm", "b": "s"}, None, "a"),
        ("a*c + b", {"a": "m", "b": "m", "c": "m"}, None, "a*c"),
        ("a - b/c", {"a": "V", "b": "A", "c": "ohm"}, None, "a"),
        ("a*b", {"a": "m", "b": "s"}, "m/s", "a*b"),
        ("sqrt(a)", {"a": "m2"}, "m2", "sqrt(a)"),
        ("where(a < b, a, a)", {"a": "m", "b": "s"}, None, "a"),
        ("max(a, b)", {"a": "m", "b": "s"}, None, "a"),
        ("a + b", {"a": "dB", "b": "1"}, None, "a"),
    ],
)
def test_unlike_terms_are_refused_and_named(expr, units, out, term):
    with pytest.raises(JialiangError) as refused:
        read_document(with_units(expr, units, out))
    assert refused.value.code == "JL-EXPR-010"
    assert refused.value.facts["term"] == term
    assert refused.value.facts["unit"] != refused.value.facts["other_unit"]


@pytest.mark.parametrize(
    ("expr", "units"),
    [
        ("sin(a)", {"a": "°"}),
        ("log(a)", {"a": "m"}),
        ("2**a", {"a": "s"}),
        ("exp(a*b)", {"a": "m", "b": "m"}),
    ],
)
def test_functions_of_numbers_refuse_units(expr, units):
    with pytest.raises(JialiangError) as refused:
        read_document(with_units(expr, units))
    assert refused.value.code == "JL-EXPR-011"


@pytest.mark.parametrize(
    ("expr", "units", "out"),
    [
        ("a*b", {"a": "V", "b": "A"}, "W"),
        ("a/b", {"a": "m", "b": "s"}, "m/s"),
        ("sqrt(a*b)", {"a": "m", "b": "m"}, "m"),
        ("a**2/b", {"a": "V", "b": "ohm"}, "W"),
        ("a - 273.15", {"a": "K"}, "K"),
        ("sin(radians(a))*b", {"a": "°", "b": "m"}, "m"),
        ("log(a/b)", {"a": "m", "b": "m"}, "1"),
        ("a*(b - c)", {"a": "1/K", "b": "degC", "c": "K"}, "1"),
        ("hypot(a, b)", {"a": "mm", "b": "mm"}, "mm"),
        ("atan2(a, b)", {"a": "mm", "b": "mm"}, "rad"),
        ("a + b - c", {"a": "dBm", "b": "dB", "c": "dB"}, "dBm"),
        ("mean([a, b])", {"a": "mm", "b": "mm"}, "mm"),
        ("slope([a,b,c],[c,b,a])", {"a": "mm", "b": "mm", "c": "mm"}, "1"),
    ],
)
def test_models_that_are_right_pass_without_a_note(expr, units, out):
    read = read_document(with_units(expr, units, out))
    assert read.notes == ()
    assert read.units.outputs["y"] == out


def test_units_of_outputs_follow_from_the_model_where_nobody_declares_them():
    assert read_document(with_units("a*b", {"a": "V", "b": "A"})).units.outputs["y"] == "m2 kg s-3"
    assert read_document(with_units("a+b", {"a": "mm", "b": "mm"})).units.outputs["y"] == "mm"


def test_a_number_that_carries_a_unit_gives_a_note_not_an_error():
    read = read_document(with_units("1000*a/b", {"a": "mg", "b": "mL"}, "mg/L"))
    assert "1.2'kg/m3'" in read.notes[0].en
    assert evaluate_document(read).outputs["y"].value == 1000


def test_a_number_with_its_unit_is_checked():
    assert read_document(with_units("a - 1.2'kg/m3'", {"a": "kg/m3"})).notes == ()
    with pytest.raises(JialiangError):
        read_document(with_units("a - 1.2'kg/m3'", {"a": "kg"}))


def test_an_unknown_unit_is_a_note_between_numbers_and_an_error_between_quantities():
    assert "“furlongs”" in read_document(with_units("a", {"a": "furlongs"})).notes[0].en
    with pytest.raises(JialiangError) as refused:
        read_document(with_units("a", {"a": "furlongs"}, equation="quantity"))
    assert refused.value.code == "JL-UNIT-001"


@pytest.mark.parametrize(
    ("expr", "units", "out", "value", "u"),
    [
        ("a + b", {"a": "mm", "b": "m"}, "cm", 200.2, math.hypot(10, 0.01)),
        ("a", {"a": "degC"}, "K", 275.15, 0.1),
        ("a + 1'K'", {"a": "degC"}, "degC", 3.0, 0.1),
        ("a/b", {"a": "km", "b": "min"}, "m/s", 100 / 6, 100 / 6 * 0.05 * math.sqrt(2)),
        ("a*1.2'g/mL'", {"a": "mL"}, "g", 2.4, 0.12),
        ("sin(a)", {"a": "°"}, "1", math.sin(math.radians(2)), math.cos(math.radians(2)) * math.radians(0.1)),
        ("a", {"a": "inch"}, "mm", 50.8, 2.54),
    ],
)
def test_a_model_between_quantities_converts_by_itself(expr, units, out, value, u):
    output = evaluate_document(read_document(with_units(expr, units, out, equation="quantity"))).outputs["y"]
    assert output.value == pytest.approx(value, rel=1e-12)
    assert output.standard_uncertainty == pytest.approx(u, rel=1e-12)


def test_a_difference_of_temperatures_has_no_offset():
    inputs = [{"name": "d", "unit": "degC", "mean": 5, "u": 0.1, "difference": True}]
    model = {"expr": {"y": "d"}, "unit": {"y": "K"}, "equation": "quantity"}
    output = evaluate_document(read_document({"model": model, "inputs": inputs})).outputs["y"]
    assert (output.value, output.standard_uncertainty) == (5, 0.1)


def test_a_kind_of_quantity_has_to_fit_its_unit():
    read_document(document({"name": "x", "u": 1, "unit": "mbar", "quantity_kind": "pressure"}))
    with pytest.raises(JialiangError) as refused:
        read_document(document({"name": "x", "u": 1, "unit": "N", "quantity_kind": "pressure"}))
    assert refused.value.code == "JL-UNIT-002"
    with pytest.raises(BudgetUnreadable):
        read_document(document({"name": "x", "u": 1, "unit": "N", "quantity_kind": "charm"}))


# --- what is refused -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "error"),
    [
        ([], BudgetUnreadable),
        ({"model": {"expr": {"y": "x"}}, "inputs": "x"}, BudgetUnreadable),
        ({"model": {"expr": {"y": "x"}}, "inputs": [3]}, BudgetUnreadable),
        ({"model": {"expr": {"y": "x"}}, "inputs": [{}]}, BudgetUnreadable),
        ({"model": {"expr": {"y": []}}, "inputs": []}, BudgetUnreadable),
        (
            {"model": {"expr": {"y": "x"}, "equation": "guess"}, "inputs": [{"name": "x", "u": 1}]},
            BudgetUnreadable,
        ),
        (document({"name": "x", "mean": math.nan, "u": 1}), BudgetUnreadable),
        (document({"name": "x", "mean": True, "u": 1}), BudgetUnreadable),
        (document({"name": "x", "u": "many"}), BudgetUnreadable),
        (document({"name": "x", "distribution": "normal"}), BudgetUnreadable),
        (document({"name": "x", "u": -1}), ParameterNotAllowed),
        (document({"name": "x", "distribution": "rectangular", "low": 2, "high": 1}), ParameterNotAllowed),
        (document({"name": "x", "distribution": "t", "u": 1, "dof": -3}), ParameterNotAllowed),
        (document({"name": "x", "readings": [1]}), TooFewObservations),
        (document({"name": "x", "readings": "1,2"}), BudgetUnreadable),
        (document({"name": "x", "mean": [1, 2], "u": [1]}), LengthsDiffer),
        (document({"name": "x", "u": 1}, {"name": "x", "u": 2}), JialiangError),
        (document({"name": "x", "u": 1}, correlation=[["x", "q", 0.5]]), UnknownSymbol),
        (document({"name": "x", "u": 1}, correlation=[["x", "x", 0.5]]), ImpossibleCorrelation),
        (
            document({"name": "x", "u": 1}, {"name": "z", "u": 1}, correlation=[["x", "z", 1.5]]),
            ImpossibleCorrelation,
        ),
        (document({"name": "x", "u": 1}, {"name": "z", "u": 1}, correlation=[["x", "z"]]), BudgetUnreadable),
        (
            document(
                {"name": "x", "u": 1}, {"name": "z", "u": 1}, correlation=[["x", "z", 0], ["z", "x", 0]]
            ),
            DuplicateSymbol,
        ),
        (document({"name": "x", "u": 1}, settings={"probability": 0}), ParameterNotAllowed),
        (document({"name": "x", "u": 1}, settings={"method": "guess"}), BudgetUnreadable),
        (document({"name": "x", "u": 1}, settings={"draws": 1.5}), BudgetUnreadable),
        (document({"name": "x", "u": 1}, settings={"digits": 3}), JialiangError),
        ({"model": {}, "inputs": [], "observations": {"columns": ["a"], "rows": [[1]]}}, TooFewObservations),
        (
            {"model": {}, "inputs": [], "observations": {"columns": ["a"], "rows": [[1], [1, 2]]}},
            LengthsDiffer,
        ),
        ({"model": {"fit": "p + q*t"}, "data": {}}, BudgetUnreadable),
        ({"model": {"fit": "b = p + q*t"}, "data": {"t": [1]}}, BudgetUnreadable),
    ],
)
def test_what_is_wrong_is_refused_with_the_member_that_is(data, error):
    with pytest.raises(error) as refused:
        read_document(data)
    assert refused.value.code.startswith("JL-")
    assert refused.value.what.zh
    assert refused.value.way_out.en


@pytest.mark.parametrize(
    ("given", "seed"),
    [({}, 1), ({"seed": None}, 1), ({"seed": 0}, 0), ({"seed": "0"}, 0), ({"seed": "17"}, 17)],
)
def test_a_seed_is_the_number_given_and_one_without(given, seed):
    document = {
        "model": {"expr": {"y": "x"}},
        "inputs": [{"name": "x", "mean": 1, "u": 1}],
        "settings": given,
    }
    assert read_document(document).settings.seed == seed
