"""What an expression stands for while it becomes a tape: a real line, a complex pair of lines, or an array of these."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from jialiang.science.expression.errors import NotReal, ShapesDiffer
from jialiang.science.expression.syntax import Span


@dataclass(frozen=True, slots=True)
class Real:
    """A real quantity: one line of the tape."""

    line: int


@dataclass(frozen=True, slots=True)
class Complex:
    """A complex quantity: the lines of its real and imaginary parts."""

    re: int
    im: int


@dataclass(frozen=True, slots=True)
class Truth:
    """The outcome of a comparison, for ``where``."""

    line: int


@dataclass(frozen=True, slots=True)
class Array:
    """Quantities in order."""

    elements: tuple[Quantity, ...]


Quantity: TypeAlias = Real | Complex | Truth | Array


def real_line(quantity: Quantity, span: Span) -> int:
    """Return the line of a real quantity. Raises NotReal."""
    if not isinstance(quantity, Real):
        raise NotReal(term=span.text)
    return quantity.line


def elements_of(quantity: Quantity, span: Span) -> tuple[Quantity, ...]:
    """Return the elements of an array. Raises ShapesDiffer where there is none."""
    if not isinstance(quantity, Array) or not quantity.elements:
        raise ShapesDiffer(term=span.text)
    return quantity.elements


def spread(
    operation: Callable[[Quantity, Quantity], Quantity], a: Quantity, b: Quantity, span: Span
) -> Quantity:
    """Apply an operation element by element; a single quantity meets every element of the other array."""
    if not isinstance(a, Array) and not isinstance(b, Array):
        return operation(a, b)
    pairs = _pairs(a, b)
    if pairs is None:
        raise ShapesDiffer(term=span.text)
    return Array(tuple(spread(operation, x, y, span) for x, y in pairs))


def _pairs(a: Quantity, b: Quantity) -> list[tuple[Quantity, Quantity]] | None:
    """Return what meets what; None where two arrays differ in length."""
    if not isinstance(a, Array):
        return [(a, y) for y in b.elements] if isinstance(b, Array) else [(a, b)]
    if not isinstance(b, Array):
        return [(x, b) for x in a.elements]
    return list(zip(a.elements, b.elements, strict=True)) if len(a.elements) == len(b.elements) else None
