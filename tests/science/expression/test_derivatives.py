"""Derivatives are exact: against closed forms, against differences of the next lower order, and of each other."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from jialiang.science.errors import ModelNotFinite
from jialiang.science.expression.errors import EquationNotSolved
from jialiang.science.expression.functions import FUNCTIONS
from jialiang.science.models.model import ImplicitEquations, ModelText, read_model

POINTS = {
    "acosh": 1.7,
    "gamma": 2.3,
    "lgamma": 2.3,
    "sqrt": 1.9,
    "log": 0.8,
    "log10": 0.8,
    "log2": 0.8,
    "cbrt": 1.3,
}
SMOOTH = [name for name in FUNCTIONS if name not in ("sign",)]


def model_of(source, symbols="ab"):
    return read_model(ModelText({"y": source}, list(symbols)))


def series(source, point, direction):
    given_directions = {s: np.array([direction.get(s, 0.0)]) for s in point}
    return model_of(source, list(point)).taylor("y", point, given_directions)[:, 0]


@pytest.mark.parametrize("name", SMOOTH)
def test_each_function_has_the_slope_that_differences_show(name):
    x = POINTS.get(name, 0.4)
    model = model_of(f"{name}(a)" if name != "neg" else "-a", "a")
    value, slopes = model.gradient("y", {"a": x})
    step = 1e-5
    above, below = (model({"a": x + sign * step})[0] for sign in (1, -1))
    assert slopes["a"] == pytest.approx(float(above - below) / (2 * step), rel=1e-8, abs=1e-10)
    assert value == pytest.approx(float(model({"a": x})[0]), rel=1e-15)


@pytest.mark.parametrize("name", SMOOTH)
@pytest.mark.parametrize("order", [1, 2])
def test_each_higher_derivative_is_the_slope_of_the_lower_one(name, order):
    """f⁽ⁿ⁺¹⁾ by a central difference of the exact f⁽ⁿ⁾."""
    x, function = POINTS.get(name, 0.4), FUNCTIONS[name]

    def derivative(at):
        return float(
            function.derivatives(np.float64(at), np.float64(function.value(np.float64(at))))[order - 1]
        )

    wanted = float(function.derivatives(np.float64(x), np.float64(function.value(np.float64(x))))[order])
    step = 1e-5
    assert wanted == pytest.approx(
        (derivative(x + step) - derivative(x - step)) / (2 * step), rel=2e-7, abs=1e-6
    )


@pytest.mark.parametrize(
    ("source", "at", "exact"),
    [
        ("a**3", 2.0, (8, 12, 12, 6)),
        ("a**-1", 2.0, (0.5, -0.25, 0.25, -0.375)),
        ("exp(2*a)", 0.5, (math.e, 2 * math.e, 4 * math.e, 8 * math.e)),
        ("log(a)", 2.0, (math.log(2), 0.5, -0.25, 0.25)),
        ("sin(a)*cos(a)", 0.3, (math.sin(0.6) / 2, math.cos(0.6), -2 * math.sin(0.6), -4 * math.cos(0.6))),
        ("1/(1+a)", 1.0, (0.5, -0.25, 0.25, -0.375)),
        ("sqrt(a)", 4.0, (2, 0.25, -1 / 32, 3 / 256)),
        ("a**2.5", 4.0, (32, 20, 7.5, 1.875 / 2)),
        ("atan2(a, 1)", 0.5, (math.atan(0.5), 0.8, -0.64, 6 * 0.25 * 0.8**3 - 2 * 0.8**3)),
        ("a**2", 0.0, (0, 0, 2, 0)),
        ("a*a*a", 0.0, (0, 0, 0, 6)),
        ("2**a", 3.0, tuple(8 * math.log(2) ** k for k in range(4))),
        ("where(a>1, a**2, a**3)", 2.0, (4, 4, 2, 0)),
        ("min(a**2, 100)", 2.0, (4, 4, 2, 0)),
        ("max(a**2, 100)", 2.0, (100, 0, 0, 0)),
        ("abs(-a**3)", 2.0, (8, 12, 12, 6)),
    ],
)
def test_closed_forms_of_all_orders(source, at, exact):
    found = series(source, {"a": at}, {"a": 1.0})
    for order, wanted in enumerate(exact):
        assert found[order] * math.factorial(order) == pytest.approx(wanted, rel=1e-13, abs=1e-14)


@pytest.mark.parametrize("x", [(0.3, 0.4), (-0.3, 0.4), (0.3, -0.4), (-0.3, -0.4), (0.0, -1.0), (1.0, 0.0)])
def test_the_angle_is_smooth_in_all_quadrants(x):
    value, slopes = model_of("atan2(a,b)").gradient("y", {"a": x[0], "b": x[1]})
    square = x[0] ** 2 + x[1] ** 2
    assert value == math.atan2(*x)
    assert slopes == pytest.approx({"a": x[1] / square, "b": -x[0] / square}, rel=1e-14, abs=1e-15)


numbers = st.floats(0.2, 3.0)


@st.composite
def sources(draw, depth=3):
    """Smooth expressions of a and b, defined for positive values."""
    if depth == 0:
        return draw(st.sampled_from(["a", "b", "a*b", "2", "0.5"]))
    left, right = draw(sources(depth - 1)), draw(sources(depth - 1))
    form = draw(
        st.sampled_from(
            [
                "({0})+({1})",
                "({0})*({1})",
                "({0})/(1+({1})**2)",
                "sin({0})*cos({1})",
                "exp(-({0})**2)+({1})",
                "sqrt(1+({0})**2)-({1})",
                "atan2({0}, 1+({1})**2)",
                "log(2+({0})**2)*({1})",
                "({0})**2-({1})**3/9",
            ]
        )
    )
    return form.format(left, right)


@settings(max_examples=60)
@given(sources(), numbers, numbers)
def test_backwards_and_forwards_agree(source, a, b):
    point = {"a": a, "b": b}
    _, slopes = model_of(source).gradient("y", point)
    for symbol in "ab":
        assert series(source, point, {symbol: 1.0})[1] == pytest.approx(slopes[symbol], rel=1e-10, abs=1e-10)


@settings(max_examples=40)
@given(sources(), numbers, numbers)
def test_a_series_predicts_the_model_nearby(source, a, b):
    """Four Taylor coefficients leave an error of fourth order."""
    point, t = {"a": a, "b": b}, 1e-3
    coefficients = series(source, point, {"a": 0.6, "b": -0.8})
    predicted = sum(c * t**k for k, c in enumerate(coefficients))
    exact = float(model_of(source)({"a": a + 0.6 * t, "b": b - 0.8 * t})[0])
    scale = max(1.0, *np.abs(coefficients))
    assert predicted == pytest.approx(exact, abs=2e-9 * scale)


@settings(max_examples=40)
@given(sources(), numbers, numbers)
def test_draws_are_evaluated_as_single_points_are(source, a, b):
    model = model_of(source)
    together = np.broadcast_to(model({"a": np.array([a, b]), "b": np.array([b, a])})[0], 2)
    alone = [float(model({"a": x, "b": y})[0]) for x, y in ((a, b), (b, a))]
    assert together == pytest.approx(alone, rel=1e-13)


def test_the_input_arrays_are_left_as_they_were():
    a, b = np.array([1.0, 2.0]), np.array([3.0, 4.0])
    model_of("(a+b)*(a-b)/a + a")({"a": a, "b": b})
    assert a.tolist() == [1, 2]
    assert b.tolist() == [3, 4]


def test_an_output_that_is_an_intermediate_quantity_keeps_its_draws():
    """Results are written over when nothing needs them; an output is needed to the end."""
    model = read_model(ModelText({"x": "a+1", "y": "x*2", "z": "y+x"}, ["a"]))
    x, y, z = model({"a": np.array([1.0, 2.0, 3.0])})
    assert x.tolist() == [2, 3, 4]
    assert y.tolist() == [4, 6, 8]
    assert z.tolist() == [6, 9, 12]


# --- complex quantities --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "exact"),
    [
        ("z*w", lambda z, w: z * w),
        ("z/w", lambda z, w: z / w),
        ("z+w-1j", lambda z, w: z + w - 1j),
        ("z**3", lambda z, w: z**3),
        ("z**-2", lambda z, w: z**-2),
        ("z**w", lambda z, w: z**w),
        ("exp(z)", lambda z, w: np.exp(z)),
        ("log(z)", lambda z, w: np.log(z)),
        ("sqrt(z)", lambda z, w: np.sqrt(z)),
        ("conj(z)*2", lambda z, w: z.conjugate() * 2),
        ("2/z", lambda z, w: 2 / z),
        ("z*2.5", lambda z, w: z * 2.5),
        ("2.5*z", lambda z, w: z * 2.5),
        ("where(re(z)>0, z, w)", lambda z, w: z),
        ("-z", lambda z, w: -z),
        ("sum([z,w,z])", lambda z, w: 2 * z + w),
        ("complex(abs(z), phase(w))", lambda z, w: abs(z) + 1j * math.atan2(w.imag, w.real)),
        ("polar(abs(z), phase(z))", lambda z, w: z),
        ("re(z) + 1j*im(z)", lambda z, w: z),
    ],
)
def test_complex_arithmetic_is_that_of_python(source, exact):
    text = ModelText({"z": "complex(a,b)", "w": "complex(c,d)", "y": source}, list("abcd"), outputs=["y"])
    values = {"a": 0.7, "b": -1.2, "c": 0.4, "d": 0.9}
    model = read_model(text)
    wanted = exact(complex(0.7, -1.2), complex(0.4, 0.9))
    assert model.outputs == ("y.real", "y.imag")
    assert complex(*map(float, model(values))) == pytest.approx(wanted, rel=1e-14)


def test_an_analytic_function_obeys_cauchy_and_riemann():
    model = read_model(ModelText({"y": "exp(complex(a,b)**2)/complex(a,b)"}, ["a", "b"]))
    _, real = model.gradient("y.real", {"a": 0.6, "b": 0.3})
    _, imag = model.gradient("y.imag", {"a": 0.6, "b": 0.3})
    assert real["a"] == pytest.approx(imag["b"], rel=1e-13)
    assert real["b"] == pytest.approx(-imag["a"], rel=1e-13)


# --- arrays and least squares --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "exact"),
    [
        ("sum([a,b,3])", lambda a, b: a + b + 3),
        ("prod([a,b,3])", lambda a, b: a * b * 3),
        ("mean([a,b])", lambda a, b: (a + b) / 2),
        ("stdev([a,b,5])", lambda a, b: np.std([a, b, 5], ddof=1)),
        ("dot([a,b],[1,2])", lambda a, b: a + 2 * b),
        ("sum([a,b]*[1,2]/2)", lambda a, b: (a + 2 * b) / 2),
        ("sum(sin([a,b]))", lambda a, b: math.sin(a) + math.sin(b)),
        ("sum(-[a,b]**2)", lambda a, b: -a * a - b * b),
        ("count([a,b,1])", lambda a, b: 3),
        ("poly([1,a,b],2)", lambda a, b: 1 + 2 * a + 4 * b),
        ("hypot(a,b)", math.hypot),
        ("hypot([a,b,2])", lambda a, b: math.sqrt(a * a + b * b + 4)),
        ("interp(a,[0,1,2],[0,b,4])", lambda a, b: np.interp(a, [0, 1, 2], [0, b, 4])),
        ("slope([1,2,4],[a,b,7])", lambda a, b: np.polyfit([1, 2, 4], [a, b, 7], 1)[0]),
        ("intercept([1,2,4],[a,b,7])", lambda a, b: np.polyfit([1, 2, 4], [a, b, 7], 1)[1]),
        ("intercept([1,2,4],[a,b,7],3)", lambda a, b: np.polyval(np.polyfit([1, 2, 4], [a, b, 7], 1), 3)),
        (
            "slope([1,2,4],[a,b,7],[1,4,9])",
            lambda a, b: np.polyfit([1, 2, 4], [a, b, 7], 1, w=[1, 2, 3])[0],
        ),
        ("polyfit([1,2,4,5],[a,b,7,3],2)[0]", lambda a, b: np.polyfit([1, 2, 4, 5], [a, b, 7, 3], 2)[2]),
        ("polyfit([1,2,4,5],[a,b,7,3],2)[1]", lambda a, b: np.polyfit([1, 2, 4, 5], [a, b, 7, 3], 2)[1]),
        ("polyfit([1,2,4,5],[a,b,7,3],3)[3]", lambda a, b: np.polyfit([1, 2, 4, 5], [a, b, 7, 3], 3)[0]),
    ],
)
def test_functions_of_arrays_are_those_of_numpy(source, exact):
    found = float(model_of(source)({"a": 1.3, "b": 2.9})[0])
    assert found == pytest.approx(float(exact(1.3, 2.9)), rel=1e-11)


def test_interpolation_goes_on_beyond_the_ends():
    model = model_of("interp(a,[0,1,3],[0,b,4])")
    assert float(model({"a": -1.0, "b": 2.0})[0]) == -2
    assert float(model({"a": 5.0, "b": 2.0})[0]) == 6
    assert [float(model({"a": x, "b": 2.0})[0]) for x in (0.0, 0.5, 1.0, 2.0, 3.0)] == [0, 1, 2, 3, 4]


def test_a_polynomial_far_from_zero_keeps_its_digits():
    """Abscissae about 1000: normal equations in powers of x would lose ten digits."""
    x = [1000.0 + k for k in range(8)]
    y = [2 + 3 * (t - 1000) - 0.5 * (t - 1000) ** 2 for t in x]
    source = f"poly(polyfit({x}, {y}, 2), a)"
    assert float(model_of(source, "a")({"a": 1003.5})[0]) == pytest.approx(2 + 10.5 - 6.125, rel=1e-8)


# --- implicit models -----------------------------------------------------------------------------------------


def test_an_implicit_model_has_the_slopes_of_the_implicit_function_theorem():
    """y³ + a y = b: ∂y/∂a = -y/(3y²+a), ∂y/∂b = 1/(3y²+a)."""
    model = model_of("solve(y**3 + a*y = b, y, 1)")
    y, slopes = model.gradient("y", {"a": 2.0, "b": 5.0})
    assert y**3 + 2 * y == pytest.approx(5, rel=1e-15)
    assert slopes == pytest.approx({"a": -y / (3 * y * y + 2), "b": 1 / (3 * y * y + 2)}, rel=1e-14)


def test_an_implicit_model_has_the_series_of_its_explicit_form():
    """x e^x = a is Lambert's W."""
    found = series("solve(x*exp(x) - a, x, 1)", {"a": 2.0}, {"a": 1.0})
    w = special.lambertw(2.0).real
    first = w / (2 * (1 + w))
    assert found[0] == pytest.approx(w, rel=1e-14)
    assert found[1] == pytest.approx(first, rel=1e-13)
    assert found[2] == pytest.approx(
        series("a", {"a": 2.0}, {"a": 1.0})[2] - first**2 * (w + 2) / (2 * (1 + w)), rel=1e-11
    )


def test_every_draw_is_solved_by_itself():
    model = model_of("solve(y**2 = a, y, a)", "a")
    draws = np.random.default_rng(1).uniform(0.5, 900.0, 5000)
    assert model({"a": draws})[0] == pytest.approx(np.sqrt(draws), rel=1e-13)


def test_a_system_of_two_equations():
    system = ImplicitEquations(("p + q = a", "p*q = b"), {"p": 3.0, "q": 1.0})
    model = read_model(ModelText({"d": "p - q"}, ["a", "b"], implicit=(system,)))
    values = dict(zip(model.outputs, map(float, model({"a": 5.0, "b": 6.0})), strict=True))
    assert values == pytest.approx({"d": 1.0, "p": 3.0, "q": 2.0}, rel=1e-14)
    _, slopes = model.gradient("d", {"a": 5.0, "b": 6.0})
    assert slopes == pytest.approx({"a": 5.0, "b": -2.0}, rel=1e-12)  # d² = a² - 4b
    drawn = model({"a": np.array([5.0, 7.0]), "b": np.array([6.0, 10.0])})
    assert np.array(drawn) == pytest.approx(np.array([[1, 3], [3, 5], [2, 2]]), rel=1e-13)


def test_draws_stay_on_the_branch_of_the_middle():
    """x² = a has two solutions; from a start near zero Newton would throw draws to either side."""
    model = model_of("solve(x**2 = a, x, 0.1)", "a")
    draws = np.random.default_rng(2).normal(4.0, 0.5, 2000)
    assert model({"a": draws})[0] == pytest.approx(np.sqrt(draws), rel=1e-13)


@pytest.mark.parametrize(
    "source", ["solve(y**2 + 1 + a, y, 1)", "solve(a, y, 1)", "solve(log(y) - 1e9*a, y, -1)"]
)
def test_an_equation_without_solution_is_an_error(source):
    with pytest.raises(EquationNotSolved) as refused:
        model_of(source, "a").gradient("y", {"a": 2.0})
    assert refused.value.facts["unknowns"] == "y"


@pytest.mark.parametrize("source", ["log(a)", "1/(a+1)", "sqrt(a)", "acos(a-1.5)", "exp(1000-a)"])
def test_what_is_not_finite_at_the_estimates_is_an_error(source):
    with pytest.raises(ModelNotFinite):
        model_of(source, "a").gradient("y", {"a": -1.0})
