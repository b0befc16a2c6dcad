"""Functions of arrays, least squares among them; each becomes operations on the elements, so derivatives are exact."""

from __future__ import annotations

from collections.abc import Sequence

from jialiang.science.expression.arithmetic import Arithmetic
from jialiang.science.expression.errors import ShapesDiffer, WrongArguments
from jialiang.science.expression.syntax import Span
from jialiang.science.expression.values import Array, Quantity, Real, elements_of

_HIGHEST_DEGREE = 6


def total(on: Arithmetic, given: Sequence[Quantity], span: Span) -> Quantity:
    """Return Σ x."""
    found, *rest = elements_of(given[0], span)
    for element in rest:
        found = on.add(found, element, span)
    return found


def product(on: Arithmetic, given: Sequence[Quantity], span: Span) -> Quantity:
    """Return Π x."""
    found, *rest = elements_of(given[0], span)
    for element in rest:
        found = on.mul(found, element, span)
    return found


def count(on: Arithmetic, given: Sequence[Quantity], span: Span) -> Quantity:
    """Return the number of elements."""
    return on.number(float(len(elements_of(given[0], span))))


def mean(on: Arithmetic, given: Sequence[Quantity], span: Span) -> Quantity:
    """Return Σ x / n."""
    return on.div(total(on, given, span), count(on, given, span), span)


def standard_deviation(on: Arithmetic, given: Sequence[Quantity], span: Span) -> Quantity:
    """Return the root of Σ (x - mean)² / (n - 1)."""
    items = elements_of(given[0], span)
    if len(items) < 2:
        raise ShapesDiffer(term=span.text)
    away = on.sub(given[0], mean(on, given, span), span)
    squares = total(on, (on.mul(away, away, span),), span)
    return on.square_root(on.div(squares, on.number(len(items) - 1.0), span), span)


def dot(on: Arithmetic, given: Sequence[Quantity], span: Span) -> Quantity:
    """Return Σ x y."""
    elements_of(given[0], span)
    elements_of(given[1], span)
    return total(on, (on.mul(given[0], given[1], span),), span)


def polynomial(on: Arithmetic, given: Sequence[Quantity], span: Span) -> Quantity:
    """Return c0 + c1 x + c2 x² + … (Horner)."""
    found, *rest = reversed(elements_of(given[0], span))
    for coefficient in rest:
        found = on.add(on.mul(found, given[1], span), coefficient, span)
    return found


def interpolated(on: Arithmetic, given: Sequence[Quantity], span: Span) -> Quantity:
    """Return y at x on the broken line through the points; beyond the ends the last piece goes on."""
    x, points, ordinates = given[0], elements_of(given[1], span), elements_of(given[2], span)
    if len(points) != len(ordinates) or len(points) < 2:
        raise ShapesDiffer(term=span.text)
    found: Quantity | None = None
    for k in range(len(points) - 1, 0, -1):
        run, rise = on.sub(points[k], points[k - 1], span), on.sub(ordinates[k], ordinates[k - 1], span)
        along = on.sub(x, points[k - 1], span)
        piece = on.add(ordinates[k - 1], on.div(on.mul(rise, along, span), run, span), span)
        if found is None:
            found = piece
        else:
            below = on.tape.apply("<", *(_line(on, q, span) for q in (x, points[k])), span=span)
            found = Real(
                on.tape.apply("where", below, _line(on, piece, span), _line(on, found, span), span=span)
            )
    return found if found is not None else on.number(0.0)


def slope(on: Arithmetic, given: Sequence[Quantity], span: Span) -> Quantity:
    """Return the slope of the least-squares line, with equal weights or the given ones."""
    return _line_of(on, given[0], given[1], given[2] if len(given) > 2 else None, span)[2]


def intercept(on: Arithmetic, given: Sequence[Quantity], span: Span) -> Quantity:
    """Return the value of the least-squares line at x0 (zero if not given)."""
    weights = given[3] if len(given) > 3 else None
    centre, height, rate = _line_of(on, given[0], given[1], weights, span)
    away = on.sub(given[2], centre, span) if len(given) > 2 else on.neg(centre, span)
    return on.add(height, on.mul(rate, away, span), span)


def polynomial_fit(on: Arithmetic, given: Sequence[Quantity], span: Span) -> Quantity:
    """Return the coefficients c0 … cn of the least-squares polynomial, equal weights.

    The columns are made orthogonal one after the other (Gram–Schmidt about the mean), which stays exact where
    normal equations would lose their digits.
    """
    points, degree = elements_of(given[0], span), _degree(on, given[2], span)
    if len(points) != len(elements_of(given[1], span)) or len(points) <= degree:
        raise ShapesDiffer(term=span.text)
    centre = mean(on, given[:1], span)
    away = on.sub(given[0], centre, span)
    ones: Quantity = Array((on.number(1.0),) * len(points))
    basis: list[
        tuple[Quantity, list[Quantity]]
    ] = []  # values at the points, coefficients in powers of x - centre
    found: list[Quantity] = [on.number(0.0)] * (degree + 1)
    rest = given[1]
    for order in range(degree + 1):
        values = ones
        powers: list[Quantity] = [on.number(float(k == order)) for k in range(degree + 1)]
        if order:
            values = on.mul(basis[-1][0], away, span)
            powers = [on.number(0.0), *basis[-1][1][:-1]]
        for earlier, coefficients in basis:
            share = _projection(on, values, earlier, span)
            values = on.sub(values, on.mul(share, earlier, span), span)
            powers = [
                on.sub(p, on.mul(share, c, span), span) for p, c in zip(powers, coefficients, strict=True)
            ]
        basis.append((values, powers))
        height = _projection(on, rest, values, span)
        rest = on.sub(rest, on.mul(height, values, span), span)
        found = [on.add(f, on.mul(height, p, span), span) for f, p in zip(found, powers, strict=True)]
    return Array(tuple(_shifted(on, found, centre, span)))


def _projection(on: Arithmetic, values: Quantity, onto: Quantity, span: Span) -> Quantity:
    return on.div(dot(on, (values, onto), span), dot(on, (onto, onto), span), span)


def _shifted(
    on: Arithmetic, coefficients: Sequence[Quantity], centre: Quantity, span: Span
) -> list[Quantity]:
    """Return the coefficients in powers of x from those in powers of x - centre (repeated synthetic division)."""
    found = list(coefficients)
    for start in range(len(found) - 1):
        for k in range(len(found) - 2, start - 1, -1):
            found[k] = on.sub(found[k], on.mul(centre, found[k + 1], span), span)
    return found


def _line_of(
    on: Arithmetic, points: Quantity, ordinates: Quantity, weights: Quantity | None, span: Span
) -> tuple[Quantity, Quantity, Quantity]:
    """Return the centre of the points, the height of the line there, and its slope."""
    if len(elements_of(points, span)) < 2:
        raise ShapesDiffer(term=span.text)
    if weights is None:
        weights = Array((on.number(1.0),) * len(elements_of(points, span)))
    whole = total(on, (weights,), span)
    centre = on.div(dot(on, (weights, points), span), whole, span)
    height = on.div(dot(on, (weights, ordinates), span), whole, span)
    away = on.sub(points, centre, span)
    levers = on.mul(weights, away, span)
    rate = on.div(
        dot(on, (levers, on.sub(ordinates, height, span)), span), dot(on, (levers, away), span), span
    )
    return centre, height, rate


def _degree(on: Arithmetic, quantity: Quantity, span: Span) -> int:
    if isinstance(quantity, Real) and on.tape.is_number(quantity.line):
        degree = on.tape.operations[quantity.line].value
        if degree.is_integer() and 0 <= degree <= _HIGHEST_DEGREE:
            return int(degree)
    raise WrongArguments(name="polyfit", takes=f"array of x, array of y, degree 0 … {_HIGHEST_DEGREE}")


def _line(on: Arithmetic, quantity: Quantity, span: Span) -> int:
    return on.apply("add", quantity, on.number(0.0), span=span).line
