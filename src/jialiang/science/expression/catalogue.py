"""The functions of the language that take several quantities, complex ones or arrays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from jialiang.science.expression.arithmetic import Arithmetic
from jialiang.science.expression.array_functions import (
    count,
    dot,
    intercept,
    interpolated,
    mean,
    polynomial,
    polynomial_fit,
    product,
    slope,
    standard_deviation,
    total,
)
from jialiang.science.expression.syntax import Span
from jialiang.science.expression.values import Array, Complex, Quantity, Real

Rule: TypeAlias = Callable[[Arithmetic, Sequence[Quantity], Span], Quantity]


@dataclass(frozen=True, slots=True)
class Entry:
    """A function: the words for its arguments, how many it takes, and what it writes to the tape."""

    takes: str
    fewest: int
    most: int
    rule: Rule


def _extreme(kind: str) -> Rule:
    def rule(on: Arithmetic, given: Sequence[Quantity], span: Span) -> Quantity:
        items = given[0].elements if len(given) == 1 and isinstance(given[0], Array) else given
        found = items[0]
        for item in items[1:]:
            found = on.apply(kind, found, item, span=span)
        return found

    return rule


def _hypot(on: Arithmetic, given: Sequence[Quantity], span: Span) -> Quantity:
    items = given[0].elements if len(given) == 1 and isinstance(given[0], Array) else given
    squares: Quantity = on.number(0.0)
    for item in items:
        squares = on.add(squares, on.mul(item, item, span), span)
    return on.square_root(squares, span)


def _complex(on: Arithmetic, given: Sequence[Quantity], span: Span) -> Quantity:
    return on.add(
        given[0], on.mul(Complex(on.tape.constant(0.0), on.tape.constant(1.0)), given[1], span), span
    )


def _part(which: str) -> Rule:
    def rule(on: Arithmetic, given: Sequence[Quantity], span: Span) -> Quantity:
        if isinstance(given[0], Array):
            return Array(tuple(rule(on, (item,), span) for item in given[0].elements))
        z = on.parts(given[0], span)
        return Real(z.re if which == "re" else z.im)

    return rule


def _conjugate(on: Arithmetic, given: Sequence[Quantity], span: Span) -> Quantity:
    z = on.parts(given[0], span)
    return Complex(z.re, on.tape.apply("neg", z.im, span=span))


CATALOGUE: dict[str, Entry] = {
    "atan2": Entry("y, x", 2, 2, lambda on, given, span: on.apply("atan2", *given, span=span)),
    "pow": Entry("base, exponent", 2, 2, lambda on, given, span: on.power(given[0], given[1], span)),
    "min": Entry("a, b, … or an array", 1, 10_000, _extreme("min")),
    "max": Entry("a, b, … or an array", 1, 10_000, _extreme("max")),
    "hypot": Entry("a, b, … or an array", 1, 10_000, _hypot),
    "complex": Entry("real part, imaginary part", 2, 2, _complex),
    "polar": Entry("modulus, phase", 2, 2, lambda on, given, span: on.polar(given[0], given[1], span)),
    "re": Entry("a complex quantity", 1, 1, _part("re")),
    "im": Entry("a complex quantity", 1, 1, _part("im")),
    "conj": Entry("a complex quantity", 1, 1, _conjugate),
    "phase": Entry("a complex quantity", 1, 1, lambda on, given, span: on.phase(given[0], span)),
    "where": Entry(
        "condition, then, else", 3, 3, lambda on, given, span: on.where(given[0], given[1], given[2], span)
    ),
    "sum": Entry("an array", 1, 1, total),
    "prod": Entry("an array", 1, 1, product),
    "mean": Entry("an array", 1, 1, mean),
    "stdev": Entry("an array", 1, 1, standard_deviation),
    "count": Entry("an array", 1, 1, count),
    "dot": Entry("two arrays", 2, 2, dot),
    "poly": Entry("coefficients, x", 2, 2, polynomial),
    "interp": Entry("x, array of x in rising order, array of y", 3, 3, interpolated),
    "slope": Entry("array of x, array of y, (array of weights)", 2, 3, slope),
    "intercept": Entry("array of x, array of y, (x0, (array of weights))", 2, 4, intercept),
    "polyfit": Entry("array of x, array of y, degree", 3, 3, polynomial_fit),
}
