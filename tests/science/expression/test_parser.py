"""Reading expressions: ranks, forms, what is refused, and the limits."""

import math

import pytest

from jialiang.science.expression.errors import (
    CircularModel,
    DefinedTwice,
    ExpressionSyntax,
    ExpressionTooLarge,
    ModelTooSlow,
    NotReal,
    ShapesDiffer,
    UnknownFunction,
    UnknownName,
    WrongArguments,
)
from jialiang.science.expression.limits import Limits, Meter
from jialiang.science.expression.parser import parse
from jialiang.science.expression.syntax import Chain, Power, Unary
from jialiang.science.models.model import ModelText, read_model

VALUES = {"a": 2.0, "b": 3.0, "c": 5.0, "d": 7.0}


def value(source, **more):
    given = VALUES | more
    (found,) = read_model(ModelText({"result": source}, list(given)))(given)
    return float(found)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a+b*c", 17),
        ("(a+b)*c", 25),
        ("a-b-c", -6),
        ("a-(b-c)", 4),
        ("d/a/b", 7 / 6),
        ("a*b/c*d", 2 * 3 / 5 * 7),
        ("-a**2", -4),
        ("(-a)**2", 4),
        ("a**-1", 0.5),
        ("a**b**2", 2**9),
        ("a^b", 8),
        ("--a", 2),
        ("+a - -b", 5),
        ("2*-a", -4),
        ("a·b", 6),
        ("a×b÷c", 6 / 5),
        ("a−b", -1),
        ("1e3*a", 2000),
        (".5*a + 1.", 2),
        ("pi", math.pi),
        ("e", math.e),
        ("2*π", 2 * math.pi),
        ("[a,b,c][1]", 3),
        ("[a,b,c][-1]", 5),
        ("[[a,b],[c,d]][1][0]", 5),
        ("where(a<b, c, d)", 5),
        ("where(a>b or not c==5, c, d)", 7),
        ("where(a<=2 and b>=3 and c!=1, c, d)", 5),
        ("where(not a<b and a<b or c<d, 1, 2)", 1),
        ("min(a,b,c) + max([a,b,c])", 7),
        ("if(a<b, 1, 0)", 1),
    ],
)
def test_operators_have_the_ranks_of_mathematics(source, expected):
    assert value(source) == pytest.approx(expected, rel=1e-15)


@pytest.mark.parametrize("name", ["x1", "_x", "Δθ", "温度", "dL_s", "ρ_a"])
def test_symbols_may_be_written_in_any_script(name):
    assert value(f"2*{name}", **{name: 4.0}) == 8


def test_an_input_goes_before_a_constant_of_the_same_name():
    assert value("e*pi", e=2.0, pi=5.0) == 10


@pytest.mark.parametrize(
    "source",
    [
        "",
        " ",
        "a b",
        "a+",
        "*a",
        "(a",
        "a)",
        "a,b",
        "f(a",
        "[a",
        "a[",
        "a[b]",
        "a[1.5]",
        "1..2",
        "a b(",
        "a$b",
    ]
    + [
        "a not b",
        "not",
        "a<b<c",
        "and",
        "a and",
        "@",
        "a;b",
        "'kg'",
        '1"',
        "1e99999",
        "lambda: 1",
        "a.b",
        "`a`",
    ],
)
def test_what_is_no_expression_is_refused_with_its_place(source):
    with pytest.raises(ExpressionSyntax) as refused:
        parse(source)
    assert int(refused.value.facts["place"]) >= 1
    assert refused.value.way_out.zh


@pytest.mark.parametrize(
    "source",
    [
        "__import__('os')",
        "().__class__",
        "a.__class__",
        "open('x')",
        "exec('1')",
        "[x for x in a]",
        "{a}",
        "f'{a}'",
    ],
)
def test_nothing_of_python_is_understood(source):
    with pytest.raises((ExpressionSyntax, UnknownFunction, UnknownName)):
        value(source)


def test_sums_and_products_are_flat_and_keep_the_order_of_writing():
    tree = parse("a+b-c+d")
    assert isinstance(tree, Chain)
    assert [operator for operator, _ in tree.tail] == ["+", "-", "+"]
    assert isinstance(parse("a**b"), Power)
    assert isinstance(parse("-a"), Unary)
    assert tree.span.text == "a+b-c+d"


def test_a_long_sum_is_not_deep():
    assert value("+".join(["a"] * 3000)) == 6000


# --- limits --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("opening", ["(", "sin(", "-", "[", "not ", "2**", "abs("])
def test_nesting_stops_at_64_levels(opening):
    closing = {"(": ")", "[": "]"}.get(opening[-1], "")
    parse(opening * 64 + "a" + closing * 64)
    with pytest.raises(ExpressionTooLarge) as refused:
        parse(opening * 65 + "a" + closing * 65)
    assert refused.value.facts["limit"] == 64


@pytest.mark.parametrize(
    "source", ["+".join(["a"] * 10_001), "[" + "1," * 10_000 + "1]", "f(" + "a," * 10_000 + "a)"]
)
def test_ten_thousand_nodes_are_the_most(source):
    with pytest.raises(ExpressionTooLarge):
        parse(source)


def test_a_text_of_a_hundred_thousand_characters_is_the_longest():
    with pytest.raises(ExpressionTooLarge):
        parse("a" * 100_001)
    parse("a" * 100_000)


def test_arrays_that_multiply_count_as_what_they_become():
    """Each level doubles the work: the tape has the limit, not only the text."""
    square = {"x0": "[a,b,a,b,a,b,a,b,a,b]"}
    square |= {f"x{k}": f"[x{k - 1},x{k - 1},x{k - 1},x{k - 1}]*1.{k}" for k in range(1, 9)}
    with pytest.raises(ExpressionTooLarge):
        read_model(ModelText(square | {"y": "sum(x8[0])"}, ["a", "b"]))


def test_chains_of_definitions_are_nesting_too():
    expressions = {"x0": "a"} | {f"x{k}": f"x{k - 1}+1" for k in range(1, 200)}
    with pytest.raises(ExpressionTooLarge):
        read_model(ModelText({"y": "x199"} | dict(reversed(expressions.items())), ["a"]))


def test_processor_time_is_limited():
    meter = Meter(Limits(seconds=-1.0))
    with pytest.raises(ModelTooSlow) as refused:
        parse("+".join(["a"] * 200), meter)
    assert refused.value.facts["seconds"] == -1.0


# --- meaning -------------------------------------------------------------------------------------------------


def test_an_unknown_symbol_is_named_with_those_that_are_known():
    with pytest.raises(UnknownName) as refused:
        value("a + bb")
    assert refused.value.facts["name"] == "bb"
    assert "a, b, c, d" in refused.value.facts["known"]


def test_an_unknown_function_gets_a_suggestion():
    with pytest.raises(UnknownFunction) as refused:
        value("sqr(a)")
    assert refused.value.facts["suggestion"] == "sqrt"


@pytest.mark.parametrize(
    "source",
    [
        "sin()",
        "sin(a,b)",
        "atan2(a)",
        "where(a<b, c)",
        "pow(a)",
        "polyfit([1],[1],a)",
        "polyfit([1,2],[1,2],9)",
    ]
    + ["solve(a)", "solve(a, 1, 2)", "solve(solve(x-y,x,1)-a, y, 1)", "count()", "interp(a, [1,2])"],
)
def test_functions_say_what_they_take(source):
    with pytest.raises(WrongArguments) as refused:
        value(source)
    assert refused.value.facts["takes"]


def test_quantities_that_define_one_another_are_refused_with_the_circle():
    with pytest.raises(CircularModel) as refused:
        read_model(ModelText({"x": "y+a", "y": "z*2", "z": "x"}, ["a"]))
    assert refused.value.facts["names"] == "x → y → z → x"


@pytest.mark.parametrize(
    "source", ["a<b", "[a<b]", "(a<b)+1", "sin(a<b)", "where(a, b, c)", "where([a],b,c)"]
)
def test_truths_stand_in_conditions_only(source):
    with pytest.raises(NotReal):
        value(source)


@pytest.mark.parametrize(
    "source",
    [
        "[1,2]+[1,2,3]",
        "[1,2][2]",
        "[1,2][-3]",
        "sum([])",
        "mean(a)",
        "dot([1],[1,2])",
        "slope([1],[1])",
        "stdev([1])",
    ]
    + ["interp(a,[1,2],[1])", "polyfit([1,2],[1,2,3],1)", "polyfit([1,2],[1,2],2)", "max([])", "a[0]"],
)
def test_arrays_that_do_not_fit_are_refused(source):
    with pytest.raises(ShapesDiffer):
        value(source)


@pytest.mark.parametrize(
    ("expressions", "inputs"),
    [({"a": "1"}, ["a"]), ({"y": "1"}, ["a", "a"]), ({"not": "1"}, []), ({"y": "1"}, ["and"])],
)
def test_a_name_stands_for_one_thing(expressions, inputs):
    with pytest.raises(DefinedTwice):
        read_model(ModelText(expressions, inputs))
