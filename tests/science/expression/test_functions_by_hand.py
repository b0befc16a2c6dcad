"""Trees, values and slopes worked out by hand: how expressions group, and what each function is at a chosen point."""

import math

import numpy as np
import pytest

from jialiang.kernel.errors import JialiangError
from jialiang.science.expression.errors import ExpressionSyntax, NotReal
from jialiang.science.expression.limits import Limits
from jialiang.science.expression.parser import parse
from jialiang.science.expression.syntax import (
    Call,
    Chain,
    Comparison,
    Element,
    Items,
    Name,
    Number,
    Power,
    Unary,
)
from jialiang.science.models.model import ModelText, read_model

ROOT2, ROOT3, LN2, LN10, PI = math.sqrt(2), math.sqrt(3), math.log(2), math.log(10), math.pi


def grouped(node):
    """Write a tree with parentheses around everything that belongs together."""
    match node:
        case Number():
            unit = f"'{node.unit}'" if node.unit is not None else ""
            return f"{node.value:g}{'j' * node.imaginary}{unit}"
        case Name():
            return node.name
        case Chain():
            return "(" + grouped(node.head) + "".join(f" {o} {grouped(x)}" for o, x in node.tail) + ")"
        case Unary():
            return f"({node.operator} {grouped(node.operand)})"
        case Power():
            return f"({grouped(node.base)} ** {grouped(node.exponent)})"
        case Comparison():
            return f"({grouped(node.left)} {node.operator} {grouped(node.right)})"
        case Call():
            return f"{node.function}(" + ", ".join(map(grouped, node.arguments)) + ")"
        case Items():
            return "[" + ", ".join(map(grouped, node.elements)) + "]"
        case Element():
            return f"{grouped(node.array)}[{node.index}]"


@pytest.mark.parametrize(
    ("source", "tree"),
    [
        ("a", "a"),
        ("a+b-c", "(a + b - c)"),
        ("a-(b-c)", "(a - (b - c))"),
        ("a*b/c*d", "(a * b / c * d)"),
        ("a/(b*c)", "(a / (b * c))"),
        ("a+b*c-d", "(a + (b * c) - d)"),
        ("a*b+c*d", "((a * b) + (c * d))"),
        ("(a+b)*(c-d)", "((a + b) * (c - d))"),
        ("-a+b", "((- a) + b)"),
        ("-a*b", "((- a) * b)"),
        ("a*-b", "(a * (- b))"),
        ("a--b", "(a - (- b))"),
        ("a-+b", "(a - (+ b))"),
        ("-a**b", "(- (a ** b))"),
        ("(-a)**b", "((- a) ** b)"),
        ("a**-b", "(a ** (- b))"),
        ("a**-b**c", "(a ** (- (b ** c)))"),
        ("a**b**c", "(a ** (b ** c))"),
        ("(a**b)**c", "((a ** b) ** c)"),
        ("a^b*c", "((a ** b) * c)"),
        ("a*b^c", "(a * (b ** c))"),
        ("a·b×c÷d", "(a * b * c / d)"),
        ("−a − b", "((- a) - b)"),
        ("a[1]**b", "(a[1] ** b)"),
        ("a[-2][0]", "a[-2][0]"),
        ("f(a)[0]", "f(a)[0]"),
        ("[a, b + c][1]", "[a, (b + c)][1]"),
        ("f()", "f()"),
        ("f(a, g(b), -c)", "f(a, g(b), (- c))"),
        ("a < b + c", "(a < (b + c))"),
        ("a*b >= c", "((a * b) >= c)"),
        ("a == b", "(a == b)"),
        ("a = b", "(a = b)"),
        ("not a < b", "(not (a < b))"),
        ("not not a < b", "(not (not (a < b)))"),
        ("a < b and c < d", "((a < b) and (c < d))"),
        ("a < b or c < d and e < f", "((a < b) or ((c < d) and (e < f)))"),
        ("(a < b or c < d) and e < f", "(((a < b) or (c < d)) and (e < f))"),
        ("not a < b and c < d", "((not (a < b)) and (c < d))"),
        ("a < b and not c < d", "((a < b) and (not (c < d)))"),
        ("2j*a", "(2j * a)"),
        ("1.5'kg/m3' - a", "(1.5'kg/m3' - a)"),
        ('20"degC"', "20'degC'"),
        ("1e-3+.5+2.", "(0.001 + 0.5 + 2)"),
        (" a\t+\n b ", "(a + b)"),
    ],
)
def test_what_belongs_together(source, tree):
    assert grouped(parse(source)) == tree


@pytest.mark.parametrize(
    ("source", "place", "found"),
    [
        ("a +", 4, "∎"),
        ("+", 2, "∎"),
        ("", 1, "∎"),
        ("a b", 3, "b"),
        ("2 3", 3, "3"),
        ("2a", 2, "a"),
        ("a * * b", 5, "*"),
        ("(a", 3, "∎"),
        ("a)", 2, ")"),
        ("f(a,)", 5, ")"),
        ("f(,a)", 3, ","),
        ("f(a b)", 5, "b"),
        ("[a", 3, "∎"),
        ("a[b]", 3, "b"),
        ("a[1.5]", 3, "1.5"),
        ("a[]", 3, "]"),
        ("a[1", 4, "∎"),
        ("a < b < c", 10, "∎"),
        ("a $ b", 3, "$"),
        ("a ! b", 3, "!"),
        ("a; b", 2, ";"),
        ("a.b", 2, "."),
        ("1.2'kg", 4, "'"),
        ("and", 1, "and"),
        ("a and", 6, "∎"),
        ("1e9999", 1, "1e9999"),
        ("a ** ", 6, "∎"),
    ],
)
def test_a_wrong_word_is_named_with_its_place(source, place, found):
    with pytest.raises(ExpressionSyntax) as refused:
        parse(source)
    assert (refused.value.facts["place"], refused.value.facts["found"]) == (place, found)


# --- functions of one number ---------------------------------------------------------------------------------------


def value_and_slope(source, **at):
    value, slopes = read_model(ModelText({"y": source}, list(at))).gradient("y", at)
    return value, *slopes.values()


@pytest.mark.parametrize(
    ("name", "x", "value", "slope"),
    [
        ("abs", -3.0, 3, -1),
        ("abs", 3.0, 3, 1),
        ("sign", -2.0, -1, 0),
        ("sqrt", 9.0, 3, 1 / 6),
        ("cbrt", 27.0, 3, 1 / 27),
        ("cbrt", -8.0, -2, 1 / 12),
        ("exp", 0.0, 1, 1),
        ("exp", LN2, 2, 2),
        ("expm1", LN2, 1, 2),
        ("log", math.e, 1, 1 / math.e),
        ("ln", 0.5, -LN2, 2),
        ("log10", 1000.0, 3, 1 / (1000 * LN10)),
        ("lg", 0.01, -2, 100 / LN10),
        ("log2", 8.0, 3, 1 / (8 * LN2)),
        ("log1p", 1.0, LN2, 0.5),
        ("sin", PI / 6, 0.5, ROOT3 / 2),
        ("sin", PI, 0, -1),
        ("cos", PI / 3, 0.5, -ROOT3 / 2),
        ("cos", 0.0, 1, 0),
        ("tan", PI / 4, 1, 2),
        ("tan", PI / 3, ROOT3, 4),
        ("asin", 0.5, PI / 6, 2 / ROOT3),
        ("arcsin", -1 / ROOT2, -PI / 4, ROOT2),
        ("acos", 0.5, PI / 3, -2 / ROOT3),
        ("atan", 1.0, PI / 4, 0.5),
        ("arctan", -ROOT3, -PI / 3, 0.25),
        ("sinh", LN2, 0.75, 1.25),
        ("cosh", LN2, 1.25, 0.75),
        ("tanh", LN2, 0.6, 0.64),
        ("asinh", 0.75, LN2, 0.8),
        ("acosh", 1.25, LN2, 4 / 3),
        ("atanh", 0.6, LN2, 1 / 0.64),
        ("erf", 0.0, 0, 2 / math.sqrt(PI)),
        ("erf", 1 / ROOT2, 0.6826894921370859, 2 / math.sqrt(PI) * math.exp(-0.5)),
        ("erfc", 0.0, 1, -2 / math.sqrt(PI)),
        ("gamma", 5.0, 24, 24 * (25 / 12 - 0.5772156649015329)),
        ("gamma", 0.5, math.sqrt(PI), math.sqrt(PI) * (-0.5772156649015329 - 2 * LN2)),
        ("lgamma", 5.0, math.log(24), 25 / 12 - 0.5772156649015329),
        ("radians", 180.0, PI, PI / 180),
        ("degrees", PI / 2, 90, 180 / PI),
        ("re", 4.0, 4, 1),
        ("im", 4.0, 0, 0),
    ],
)
def test_each_function_at_a_known_point(name, x, value, slope):
    found = value_and_slope(f"{name}(a)", a=x)
    assert found == (pytest.approx(value, rel=1e-14, abs=1e-15), pytest.approx(slope, rel=1e-14, abs=1e-15))


@pytest.mark.parametrize("name", ["expm1", "log1p", "sin", "sinh", "tanh", "asinh", "atanh"])
def test_small_arguments_keep_all_their_digits(name):
    assert value_and_slope(f"{name}(a)", a=1e-17) == (pytest.approx(1e-17, rel=1e-15, abs=0), 1)


@pytest.mark.parametrize(
    ("source", "a", "b", "value", "by_a", "by_b"),
    [
        ("a+b", 2, 3, 5, 1, 1),
        ("a-b", 2, 3, -1, 1, -1),
        ("a*b", 2, 3, 6, 3, 2),
        ("a/b", 6, 3, 2, 1 / 3, -2 / 3),
        ("a**b", 2, 3, 8, 12, 8 * LN2),
        ("pow(a, b)", 4, 0.5, 2, 0.25, 2 * math.log(4)),
        ("power(a, 3) + 0*b", 2, 1, 8, 12, 0),
        ("a**-2 + 0*b", 2, 1, 0.25, -0.25, 0),
        ("atan2(a, b)", 1, 1, PI / 4, 0.5, -0.5),
        ("arctan2(a, b)", 0, -1, PI, -1, 0),
        ("hypot(a, b)", 3, 4, 5, 0.6, 0.8),
        ("norm([a, b, 12])", 3, 4, 13, 3 / 13, 4 / 13),
        ("min(a, b)", 2, 3, 2, 1, 0),
        ("max(a, b)", 2, 3, 3, 0, 1),
        ("maximum([a, b, 1])", 2, 3, 3, 0, 1),
        ("where(a < b, a**2, b)", 2, 3, 4, 4, 0),
        ("where(a >= b, a**2, b)", 2, 3, 3, 0, 1),
        ("iif(a != b and not b <= a, a*b, 0)", 2, 3, 6, 3, 2),
        ("sum([a, b, a])", 2, 3, 7, 2, 1),
        ("prod([a, b, a])", 2, 3, 12, 12, 4),
        ("mean([a, b])", 2, 3, 2.5, 0.5, 0.5),
        ("average([a, a, b, b])", 2, 3, 2.5, 0.5, 0.5),
        ("stdev([a, b])", 2, 6, 2 * ROOT2, -1 / ROOT2, 1 / ROOT2),
        ("count([a, b, 5])*a + b", 2, 3, 9, 3, 1),
        ("len([a])*a + b", 2, 3, 5, 1, 1),
        ("dot([a, b], [b, a])", 2, 3, 12, 6, 4),
        ("poly([1, a, b], 2)", 2, 3, 17, 2, 4),
        ("interp(a, [0, 10], [0, b])", 5, 8, 4, 0.8, 0.5),
        ("slope([0, 1, 2], [0, a, b])", 1, 2, 1, 0, 0.5),
        ("intercept([-1, 1], [a, b])", 1, 3, 2, 0.5, 0.5),
        ("intercept([0, 1], [a, b], 1)", 1, 3, 3, 0, 1),
        ("polyfit([0, 1], [a, b], 1)[1]", 1, 3, 2, -1, 1),
        ("abs(complex(a, b))", 3, 4, 5, 0.6, 0.8),
        ("re(complex(a, b)*complex(a, -b))", 3, 4, 25, 6, 8),
        ("im(complex(a, b)**2)", 3, 4, 24, 8, 6),
        ("phase(complex(a, b))", 1, 1, PI / 4, -0.5, 0.5),
        ("re(polar(a, b))", 2, PI / 3, 1, 0.5, -ROOT3),
        ("im(conj(complex(a, b)))", 3, 4, -4, 0, -1),
        ("im(1/complex(a, b))", 0, 2, -0.5, 0, 0.25),
        ("re(sqrt(complex(a, b)))", 3, 4, 2, 0.2, 0.1),
        ("re(log(complex(a, b)))", 3, 4, math.log(5), 0.12, 0.16),
        ("im(exp(complex(a, b)))", 0, PI / 6, 0.5, 0.5, ROOT3 / 2),
        ("re(2j*complex(a, b))", 3, 4, -8, 0, -2),
        ("solve(t**2 = a, t, 1)*b", 4, 3, 6, 0.75, 2),
        ("solve(t*b - a, t, 1)", 6, 3, 2, 1 / 3, -2 / 3),
    ],
)
def test_each_function_of_several_at_a_known_point(source, a, b, value, by_a, by_b):
    found = value_and_slope(source, a=a, b=b)
    assert found == pytest.approx((value, by_a, by_b), rel=1e-13, abs=1e-14)


@pytest.mark.parametrize(
    ("source", "at"),
    [
        ("log(a)", 0.0),
        ("log(a)", -1.0),
        ("sqrt(a)", -1.0),
        ("sqrt(a)", 0.0),
        ("1/a", 0.0),
        ("a**-3", 0.0),
        ("a**0.3", -1.0),
        ("asin(a)", 1.5),
        ("acos(a)", 1.0),
        ("acosh(a)", 0.5),
        ("atanh(a)", 1.0),
        ("gamma(a)", 0.0),
        ("exp(a)", 800.0),
        ("cbrt(a)", 0.0),
    ],
)
def test_a_point_without_value_or_slope_is_refused(source, at):
    with pytest.raises(JialiangError) as refused:
        value_and_slope(source, a=at)
    assert (refused.value.code, refused.value.facts["symbol"]) == ("JL-UNC-017", "y")


@pytest.mark.parametrize(
    "source",
    [
        "sin(2j)",
        "2j < a",
        "atan2(2j, a)",
        "max(a, 2j)",
        "where(2j, a, a)",
        "erf([a, 2j])",
        "solve(t = a, t, 2j)",
        "hypot(a < 1, a)",
    ],
)
def test_what_is_not_real_may_not_stand_where_a_real_number_has_to(source):
    with pytest.raises(NotReal):
        read_model(ModelText({"y": source}, ["a"]))


# --- limits, with smaller ones so that the tests stay quick --------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "limits", "measure"),
    [
        ("((a))", Limits(depth=1), "depth"),
        ("--a", Limits(depth=1), "depth"),
        ("a**a**a", Limits(depth=1), "depth"),
        ("sin(cos(a))", Limits(depth=1), "depth"),
        ("a+a+a+a", Limits(nodes=4), "nodes"),
        ("[a, a, a]", Limits(nodes=3), "nodes"),
        ("aaaa", Limits(characters=3), "characters"),
        ("a*a + a", Limits(operations=1), "operations"),
        ("sum([a,a]*[a,a])", Limits(operations=2), "operations"),
    ],
)
def test_a_model_beyond_a_limit_is_refused_with_the_measure(source, limits, measure):
    with pytest.raises(JialiangError) as refused:
        read_model(ModelText({"y": source}, ["a", "aaaa"]), limits)
    assert refused.value.code == "JL-EXPR-002"
    assert refused.value.facts["measure"] == measure
    assert refused.value.facts["limit"] == getattr(limits, measure)


@pytest.mark.parametrize(
    ("source", "limits"),
    [
        ("(a)", Limits(depth=1)),
        ("-a", Limits(depth=1)),
        ("a+a+a+a", Limits(nodes=5)),
        ("aaaa", Limits(characters=4)),
        ("a*a + a", Limits(operations=2)),
    ],
)
def test_a_model_at_its_limit_is_read(source, limits):
    assert read_model(ModelText({"y": source}, ["a", "aaaa"]), limits).outputs == ("y",)


def test_equal_terms_are_worked_out_once():
    model = read_model(ModelText({"y": "sin(a*b) + sin(a*b)", "z": "sin(a*b)"}, ["a", "b"]))
    kinds = [operation.kind for operation in model.tape.operations]
    assert (kinds.count("sin"), kinds.count("mul"), kinds.count("add")) == (1, 1, 1)


def test_numbers_are_joined_while_reading():
    model = read_model(ModelText({"y": "a*(2*3 + sqrt(16))"}, ["a"]))
    assert [o.value for o in model.tape.operations if o.kind == "constant"][-1] == 10
    assert "sqrt" not in {o.kind for o in model.tape.operations}


def test_only_used_inputs_count_and_unused_ones_have_no_slope():
    model = read_model(ModelText({"y": "2*a"}, ["a", "b"]))
    assert model.used_inputs == {"a"}
    assert model.gradient("y", {"a": 1.0, "b": 9.0}) == (2.0, {"a": 2.0, "b": 0.0})


def test_outputs_of_arrays_and_complex_quantities_are_taken_apart():
    model = read_model(ModelText({"v": "[a, 2*a]", "z": "complex(a, 1)", "w": "[2j*a]"}, ["a"]))
    assert model.outputs == ("v[0]", "v[1]", "z.real", "z.imag", "w[0].real", "w[0].imag")
    assert [float(x) for x in model({"a": 3.0})] == [3, 6, 3, 1, 0, 6]


def test_common_influences_add_to_an_input():
    """x + 2 δ and z - δ: their sum moves with δ once."""
    influences = {"x": {"d": 2.0}, "z": {"d": -1.0}}
    model = read_model(ModelText({"y": "x + z"}, ["x", "z", "d"], common_influences=influences))
    assert model.gradient("y", {"x": 1.0, "z": 2.0, "d": 10.0}) == (13.0, {"x": 1.0, "z": 1.0, "d": 1.0})


def test_draws_give_an_array_and_numbers_alone_a_number():
    model = read_model(ModelText({"y": "where(a > 0, a, -2*a)", "one": "1"}, ["a"]))
    y, one = model({"a": np.array([-1.0, 0.0, 3.0])})
    assert y.tolist() == [2, 0, 3]
    assert np.all(np.asarray(one) == 1)
