"""The language against Python's own ranks in exact fractions, with exact slopes; places of errors in both languages."""

import itertools
import math
import random
from fractions import Fraction

import pytest

from jialiang.science.expression.errors import ExpressionSyntax, ExpressionTooLarge, NotReal, ShapesDiffer
from jialiang.science.expression.limits import Limits, Meter
from jialiang.science.expression.parser import parse
from jialiang.science.models.model import ModelText, read_model

POINT = {"a": Fraction(3, 2), "b": Fraction(-5, 4), "c": Fraction(7, 8), "d": Fraction(2)}
FLOATS = {name: float(value) for name, value in POINT.items()}


class Dual:
    """An exact number with its exact slopes by a, b, c and d."""

    def __init__(self, value, slopes=None):
        self.value, self.slopes = Fraction(value), slopes or {}

    def _with(self, value, own, other=None, share=0):
        slopes = {name: own * slope for name, slope in self.slopes.items()}
        for name, slope in (other.slopes if other else {}).items():
            slopes[name] = slopes.get(name, 0) + share * slope
        return Dual(value, slopes)

    def __add__(self, other):
        return self._with(self.value + other.value, 1, other, 1)

    def __sub__(self, other):
        return self._with(self.value - other.value, 1, other, -1)

    def __mul__(self, other):
        return self._with(self.value * other.value, other.value, other, self.value)

    def __truediv__(self, other):
        quotient = self.value / other.value
        return self._with(quotient, 1 / other.value, other, -quotient / other.value)

    def __neg__(self):
        return self._with(-self.value, -1)

    def __pos__(self):
        return self

    def __pow__(self, exponent):
        """Whole exponents only; a sign before one is a method of :class:`Whole`."""
        whole = exponent.number
        if whole < 0 and not self.value:
            raise ZeroDivisionError
        return self._with(self.value**whole, whole * self.value ** (whole - 1))


class Whole:
    """A whole number that stands as an exponent."""

    def __init__(self, number):
        self.number = number

    def __neg__(self):
        return Whole(-self.number)

    def __pos__(self):
        return self

    def __pow__(self, other):
        return Whole(self.number**other.number)


DUALS = {name: Dual(value, {name: Fraction(1)}) for name, value in POINT.items()}
EXPONENTS = {"p": Whole(2), "q": Whole(3)}


def by_python(source):
    return eval(source, {"__builtins__": {}}, DUALS | EXPONENTS)


def by_us(source):
    written = source.replace("p", "2").replace("q", "3")
    return read_model(ModelText({"y": written}, list(POINT))).gradient("y", FLOATS)


def written(rng, depth):
    """A source text with brackets here and there: any text that both sides can read."""
    if depth == 0:
        return rng.choice("abcd")
    kind = rng.randrange(8)
    if kind < 4:
        sign = rng.choice(["+", "-", "*", "/", " - ", " / ", "*", "+"])
        return written(rng, depth - 1) + sign + written(rng, depth - 1)
    if kind == 4:
        return rng.choice("+-") + written(rng, depth - 1)
    if kind == 5:
        return f"({written(rng, depth - 1)})"
    if kind == 6:
        exponent = rng.choice(["p", "q", "-p", "-q", "+p", "--q", "p**p"])
        return f"{rng.choice('abcd')}**{exponent}"
    return f"({written(rng, depth - 1)})**{rng.choice(['p', 'q', '-p'])}"


@pytest.mark.parametrize("seed", range(12))
def test_texts_mean_what_they_mean_to_python_in_exact_fractions(seed):
    rng = random.Random(seed)
    read = 0
    while read < 25:
        source = written(rng, 4)
        try:
            exact = by_python(source)
        except ZeroDivisionError:
            continue
        sizes = [abs(exact.value), *map(abs, exact.slopes.values())]
        if max(sizes) > 1e9:
            continue
        value, slopes = by_us(source)
        tolerance = 1e-9 * float(max(1, *sizes))
        assert value == pytest.approx(float(exact.value), rel=1e-9, abs=tolerance), source
        wanted = {name: float(exact.slopes.get(name, 0)) for name in POINT}
        assert {name: slopes.get(name, 0.0) for name in POINT} == pytest.approx(
            wanted, rel=1e-9, abs=tolerance
        )
        read += 1


SIGNS = ["+", "-", "*", "/"]


@pytest.mark.parametrize("signs", list(itertools.product(SIGNS, repeat=3)), ids="".join)
def test_every_row_of_three_operators(signs):
    source = "".join(itertools.chain(*zip("abcd", (*signs, ""), strict=True)))
    exact = by_python(source)
    value, slopes = by_us(source)
    assert value == pytest.approx(float(exact.value), rel=1e-14)
    assert slopes == pytest.approx({n: float(s) for n, s in exact.slopes.items()}, rel=1e-13, abs=1e-15)


@pytest.mark.parametrize("outer", ["", "-", "+", "--", "-+-"])
@pytest.mark.parametrize("inner", ["p", "-p", "+q", "--p", "p**q", "-p**p"])
@pytest.mark.parametrize("rest", ["", "*b", "/b", "-b"])
def test_signs_before_and_behind_a_power(outer, inner, rest):
    source = f"{outer}a**{inner}{rest}"
    exact = by_python(source)
    value, slopes = by_us(source)
    assert value == pytest.approx(float(exact.value), rel=1e-13)
    assert slopes["a"] == pytest.approx(float(exact.slopes["a"]), rel=1e-13)


# --- conditions -----------------------------------------------------------------------------------------------------

COMPARED = ["a<b", "a>b", "a<=a", "b!=c", "a==a", "c>=d", "not a<b", "not not c<d"]


@pytest.mark.parametrize("joined", list(itertools.product(COMPARED, ["and", "or"], COMPARED)), ids=" ".join)
def test_conditions_are_joined_as_python_joins_them(joined):
    first, word, second = joined
    for source in (f"{first} {word} {second}", f"not ({first} {word} {second})"):
        wanted = 1.0 if eval(source, {"__builtins__": {}}, POINT) else 2.0
        found = read_model(ModelText({"y": f"where({source}, 1, 2)"}, list(POINT)))(FLOATS)
        assert float(found[0]) == wanted, source


@pytest.mark.parametrize(
    "source",
    [
        "a<b or b<c and c<d",
        "a<b and b<c or c<d",
        "(a<b or b<c) and c<d",
        "not a<b and b<c",
        "not (a<b and b<c)",
        "not a<b or not b<c and not c<d",
        "a+b<c*d",
        "a-b-c<d and a*b/c!=d",
        "-a<-b or a**2>b**2",
        "a<b or a<b or c<d and a<b or b<c",
        "not a<b and not b<c and not c<d",
        "a < b and (b < c or (c < d and not a == d))",
    ],
)
def test_ranks_among_words_comparisons_and_sums(source):
    for a, b, c, d in itertools.product((1.0, 2.0, 3.0), repeat=4):
        point = {"a": a, "b": b, "c": c, "d": d}
        wanted = 1.0 if eval(source, {"__builtins__": {}}, point) else 2.0
        model = MODELS.setdefault(source, read_model(ModelText({"y": f"where({source}, 1, 2)"}, list(point))))
        assert float(model(point)[0]) == wanted, point


MODELS: dict = {}


def test_only_the_branch_that_is_taken_has_a_slope():
    model = read_model(ModelText({"y": "where(a<b, a**2, 3*b)"}, ["a", "b"]))
    assert model.gradient("y", {"a": 1.0, "b": 2.0}) == (1.0, pytest.approx({"a": 2.0, "b": 0.0}))
    assert model.gradient("y", {"a": 5.0, "b": 2.0}) == (6.0, pytest.approx({"a": 0.0, "b": 3.0}))


# --- numbers --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0.0),
        ("007", 7.0),
        ("1.", 1.0),
        (".5", 0.5),
        ("1e0", 1.0),
        ("1E+2", 100.0),
        ("1.5e-3", 0.0015),
        ("0.1", 0.1),
        ("1e308", 1e308),
        ("1e-400", 0.0),
        ("9" * 40, float("9" * 40)),
        ("0." + "3" * 40, 1 / 3),
        ("6.62607015e-34", 6.62607015e-34),
    ],
)
def test_numbers_are_read_to_the_nearest_float(text, value):
    found = read_model(ModelText({"y": f"a*0 + {text}"}, ["a"]))({"a": 1.0})
    assert float(found[0]) == value


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("a**0", 1.0),
        ("a**1", 1.5),
        ("a**64", 1.5**64),
        ("a**65", 1.5**65),
        ("a**-64", 1.5**-64),
        ("a**0.5", math.sqrt(1.5)),
    ],
)
def test_whole_and_broken_powers_meet(source, value):
    found = read_model(ModelText({"y": source}, ["a"]))({"a": 1.5})
    assert float(found[0]) == pytest.approx(value, rel=1e-14)


@pytest.mark.parametrize("exponent", [1, 2, 3, 7, 8, 15, 31, 63, 64])
def test_whole_powers_of_negative_numbers_have_value_and_slope(exponent):
    value, slopes = read_model(ModelText({"y": f"a**{exponent}"}, ["a"])).gradient("y", {"a": -1.25})
    exact = Fraction(-5, 4) ** exponent
    assert value == pytest.approx(float(exact), rel=1e-13)
    assert slopes["a"] == pytest.approx(float(exponent * exact / Fraction(-5, 4)), rel=1e-13)


# --- places of errors -----------------------------------------------------------------------------------------------


def refused(source):
    with pytest.raises(ExpressionSyntax) as refusal:
        parse(source)
    return refusal.value


@pytest.mark.parametrize(
    ("source", "place", "found"),
    [
        ("", 1, "∎"),
        ("   ", 4, "∎"),
        ("a +", 4, "∎"),
        ("a b", 3, "b"),
        ("a + * b", 5, "*"),
        ("(a", 3, "∎"),
        ("a)", 2, ")"),
        ("f(a,)", 5, ")"),
        ("f(,a)", 3, ","),
        ("f(a b)", 5, "b"),
        ("[a, b", 6, "∎"),
        ("a[b]", 3, "b"),
        ("a[1.5]", 3, "1.5"),
        ("a[1", 4, "∎"),
        ("a[--1]", 4, "-"),
        ("a ** ", 6, "∎"),
        ("a < b < c", 10, "∎"),
        ("2a", 2, "a"),
        ("2(a)", 2, "("),
        ("a and", 6, "∎"),
        ("and a", 1, "and"),
        ("a not b", 3, "not"),
        ("a $ b", 3, "$"),
        ("a ! b", 3, "!"),
        ("a # b", 3, "#"),
        ("甲 + ￥", 5, "￥"),
        ("a\n+\n%b", 5, "%"),
        ("1 'kg", 3, "'"),
        ("a 'kg'", 3, "kg"),
        ("1e999", 1, "1e999"),
        ("a := b", 3, ":"),
        ("a; b", 2, ";"),
        ("a.b", 2, "."),
        ("a{0}", 2, "{"),
    ],
)
def test_places_count_characters_from_one_and_both_languages_say_them(source, place, found):
    error = refused(source)
    assert (error.facts["place"], error.facts["found"]) == (place, found)
    assert f"第 {place} 个字符" in error.what.zh
    assert f"character {place} of" in error.what.en
    assert f"“{found}”" in error.what.zh
    assert f"“{found}”" in error.what.en
    assert error.code == "JL-EXPR-001"
    assert all((error.rule.zh, error.rule.en, error.way_out.zh, error.way_out.en))


@pytest.mark.parametrize(
    "before", ["", "a + ", "(a) * ", "[a, b][0] - ", "a\n+ \t", "甲乙 / ", "a" * 300 + " + "]
)
@pytest.mark.parametrize("wrong", ["$", "?", "@", "&", "|", "~", "`", "\\", "。", "½"])
def test_a_letter_that_is_none_is_found_wherever_it_stands(before, wrong):
    error = refused(before + wrong)
    assert (error.facts["place"], error.facts["found"]) == (len(before) + 1, wrong)
    assert len(str(error.facts["source"])) <= 60


@pytest.mark.parametrize(
    ("source", "error", "term"),
    [
        ("a + [a, b]*[a]", ShapesDiffer, "[a, b]*[a]"),
        ("sqrt([a, b][2])", ShapesDiffer, "[a, b][2]"),
        ("a[0]", ShapesDiffer, "a[0]"),
        ("[a, b][-3]", ShapesDiffer, "[a, b][-3]"),
        ("dot([a, b], [a])", ShapesDiffer, "dot([a, b], [a])"),
        ("mean(a)", ShapesDiffer, "mean(a)"),
        ("stdev([a])", ShapesDiffer, "stdev([a])"),
        ("sum([])", ShapesDiffer, "sum([])"),
        ("where(a, b, a)", NotReal, "where(a, b, a)"),
        ("sin(1j*a)", NotReal, "sin(1j*a)"),
        ("a + (a<b)", NotReal, "a + (a<b)"),
        ("where(a<1j, a, b)", NotReal, "1j"),
        ("where(a and b<a, a, b)", NotReal, "a and b<a"),
        ("max(1j, a)", NotReal, "max(1j, a)"),
    ],
)
def test_the_term_that_does_not_fit_is_named_as_written(source, error, term):
    with pytest.raises(error) as refusal:
        read_model(ModelText({"y": source}, ["a", "b"]))
    assert refusal.value.facts["term"] == term
    assert f"“{term}”" in refusal.value.what.zh
    assert f"“{term}”" in refusal.value.what.en


# --- limits ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "measure"),
    [
        (lambda n: "(" * n + "a" + ")" * n, "depth"),
        (lambda n: "-" * n + "a", "depth"),
        (lambda n: "a" + "**a" * n, "depth"),
        (lambda n: "f(" * n + "a" + ")" * n, "depth"),
        (lambda n: "[" * n + "a" + "]" * n, "depth"),
        (lambda n: "not " * n + "a", "depth"),
        (lambda n: "a" + "[0]" * n, "depth"),
    ],
    ids=["brackets", "signs", "powers", "calls", "arrays", "denials", "elements"],
)
@pytest.mark.parametrize("most", [1, 5, 64])
def test_every_kind_of_nesting_stops_at_the_same_depth(make, measure, most):
    limits = Limits(depth=most)
    parse(make(most), Meter(limits))
    with pytest.raises(ExpressionTooLarge) as refusal:
        parse(make(most + 1), Meter(limits))
    assert refusal.value.facts == {"measure": measure, "limit": most}
    assert str(most) in refusal.value.what.zh
    assert str(most) in refusal.value.what.en


@pytest.mark.parametrize("most", [1, 2, 3, 10, 99])
def test_nodes_and_characters_stop_at_their_number(most):
    text = "[" + ",".join("a" * (most - 1)) + "]"  # an array and its elements
    parse(text, Meter(Limits(nodes=most)))
    parse(text, Meter(Limits(characters=len(text))))
    with pytest.raises(ExpressionTooLarge) as refusal:
        parse(text, Meter(Limits(nodes=most - 1)))
    assert refusal.value.facts == {"measure": "nodes", "limit": most - 1}
    with pytest.raises(ExpressionTooLarge) as refusal:
        parse(text, Meter(Limits(characters=len(text) - 1)))
    assert refusal.value.facts == {"measure": "characters", "limit": len(text) - 1}
