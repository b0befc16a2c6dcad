"""Arithmetic and functions on real and complex quantities, written to a tape as real operations.

A complex operation becomes operations on real and imaginary parts, so its derivatives and its covariance (GUM-S2)
need nothing of their own.
"""

from __future__ import annotations

from collections.abc import Callable

from jialiang.science.expression.errors import NotReal
from jialiang.science.expression.syntax import Span
from jialiang.science.expression.tape import Tape
from jialiang.science.expression.values import Array, Complex, Quantity, Real, Truth, real_line, spread

_LARGEST_POWER = 64


class Arithmetic:
    """Writes operations to one tape; every method takes the span of the term that asks for it."""

    def __init__(self, tape: Tape) -> None:
        """Write to ``tape``."""
        self.tape = tape

    def number(self, value: float) -> Real:
        """Return a number of our own."""
        return Real(self.tape.constant(value))

    def apply(self, kind: str, *quantities: Quantity, span: Span) -> Real:
        """Apply a real operation. Raises NotReal."""
        return Real(self.tape.apply(kind, *(real_line(q, span) for q in quantities), span=span))

    def where(self, truth: Quantity, a: Quantity, b: Quantity, span: Span) -> Quantity:
        """Return a where the condition holds, else b. Raises NotReal where the condition is no comparison."""
        if not isinstance(truth, Truth):
            raise NotReal(term=span.text)
        if isinstance(a, Complex) or isinstance(b, Complex):
            c, d = self.parts(a, span), self.parts(b, span)
            pairs = ((c.re, d.re), (c.im, d.im))
            return Complex(*(self.tape.apply("where", truth.line, x, y, span=span) for x, y in pairs))
        lines = real_line(a, span), real_line(b, span)
        return Real(self.tape.apply("where", truth.line, *lines, span=span))

    def add(self, a: Quantity, b: Quantity, span: Span) -> Quantity:
        """Return a + b."""
        return self._linear("add", a, b, span)

    def sub(self, a: Quantity, b: Quantity, span: Span) -> Quantity:
        """Return a - b."""
        return self._linear("sub", a, b, span)

    def neg(self, a: Quantity, span: Span) -> Quantity:
        """Return -a."""
        if isinstance(a, Array):
            return Array(tuple(self.neg(x, span) for x in a.elements))
        if isinstance(a, Complex):
            return Complex(self._one("neg", a.re, span), self._one("neg", a.im, span))
        return self.apply("neg", a, span=span)

    def mul(self, a: Quantity, b: Quantity, span: Span) -> Quantity:
        """Return a b."""
        return spread(lambda x, y: self._product(x, y, span), a, b, span)

    def div(self, a: Quantity, b: Quantity, span: Span) -> Quantity:
        """Return a / b."""
        return spread(lambda x, y: self._quotient(x, y, span), a, b, span)

    def power(self, a: Quantity, b: Quantity, span: Span) -> Quantity:
        """Return a ** b; whole powers become products, so that they are right for negative numbers and zero."""
        return spread(lambda x, y: self._raised(x, y, span), a, b, span)

    def parts(self, a: Quantity, span: Span) -> Complex:
        """Return a quantity as a complex one."""
        if isinstance(a, Complex):
            return a
        return Complex(real_line(a, span), self.tape.constant(0.0))

    def squared_modulus(self, a: Complex, span: Span) -> Real:
        """Return |a|²."""
        squares = [self.tape.apply("mul", part, part, span=span) for part in (a.re, a.im)]
        return Real(self.tape.apply("add", *squares, span=span))

    def _one(self, kind: str, line: int, span: Span) -> int:
        return self.tape.apply(kind, line, span=span)

    def _linear(self, kind: str, a: Quantity, b: Quantity, span: Span) -> Quantity:
        def joined(x: Quantity, y: Quantity) -> Quantity:
            if not isinstance(x, Complex) and not isinstance(y, Complex):
                return self.apply(kind, x, y, span=span)
            c, d = self.parts(x, span), self.parts(y, span)
            tape = self.tape
            return Complex(tape.apply(kind, c.re, d.re, span=span), tape.apply(kind, c.im, d.im, span=span))

        return spread(joined, a, b, span)

    def _product(self, a: Quantity, b: Quantity, span: Span) -> Quantity:
        tape = self.tape
        if isinstance(a, Complex) and isinstance(b, Complex):
            products = [
                tape.apply("mul", x, y, span=span)
                for x, y in ((a.re, b.re), (a.im, b.im), (a.re, b.im), (a.im, b.re))
            ]
            return Complex(
                tape.apply("sub", *products[:2], span=span), tape.apply("add", *products[2:], span=span)
            )
        if isinstance(b, Complex):
            a, b = b, a
        if isinstance(a, Complex):
            factor = real_line(b, span)
            return Complex(*(tape.apply("mul", part, factor, span=span) for part in (a.re, a.im)))
        return self.apply("mul", a, b, span=span)

    def _quotient(self, a: Quantity, b: Quantity, span: Span) -> Quantity:
        if isinstance(b, Complex):
            below = self.squared_modulus(b, span)
            conjugate = Complex(b.re, self._one("neg", b.im, span))
            return self._quotient(self._product(a, conjugate, span), below, span)
        if isinstance(a, Complex):
            line = real_line(b, span)
            return Complex(*(self.tape.apply("div", part, line, span=span) for part in (a.re, a.im)))
        return self.apply("div", a, b, span=span)

    def _raised(self, a: Quantity, b: Quantity, span: Span) -> Quantity:
        if isinstance(b, Real) and self.tape.is_number(b.line):
            exponent = self.tape.operations[b.line].value
            if exponent == 0.5:
                return self.square_root(a, span)
            if exponent.is_integer() and 1 <= abs(exponent) <= _LARGEST_POWER:
                whole = self._whole_power(a, int(abs(exponent)), span)
                return whole if exponent > 0 else self._quotient(self.number(1.0), whole, span)
        if isinstance(a, Complex) or isinstance(b, Complex):
            logarithm = self.logarithm(self.parts(a, span), span)
            return self.exponential(self.parts(self._product(b, logarithm, span), span), span)
        return self.apply("pow", a, b, span=span)

    def _whole_power(self, a: Quantity, exponent: int, span: Span) -> Quantity:
        result: Quantity | None = None
        factor = a
        while True:
            if exponent % 2:
                result = factor if result is None else self._product(result, factor, span)
            exponent //= 2
            if not exponent:
                return result if result is not None else self.number(1.0)
            factor = self._product(factor, factor, span)

    # --- functions that have a complex meaning ---------------------------------------------------------------

    def modulus(self, a: Quantity, span: Span) -> Quantity:
        """Return |a|."""
        if isinstance(a, Complex):
            return self.apply("sqrt", self.squared_modulus(a, span), span=span)
        return self.apply("abs", a, span=span)

    def phase(self, a: Quantity, span: Span) -> Quantity:
        """Return the argument of a, in radians."""
        z = self.parts(a, span)
        return Real(self.tape.apply("atan2", z.im, z.re, span=span))

    def polar(self, modulus: Quantity, phase: Quantity, span: Span) -> Quantity:
        """Return the complex quantity of a modulus and a phase."""
        cosine, sine = self.apply("cos", phase, span=span), self.apply("sin", phase, span=span)
        return Complex(
            self.apply("mul", modulus, cosine, span=span).line,
            self.apply("mul", modulus, sine, span=span).line,
        )

    def exponential(self, a: Quantity, span: Span) -> Quantity:
        """Return exp a."""
        if isinstance(a, Complex):
            return self.polar(self.apply("exp", Real(a.re), span=span), Real(a.im), span)
        return self.apply("exp", a, span=span)

    def logarithm(self, a: Quantity, span: Span) -> Quantity:
        """Return the natural logarithm, the principal one of a complex quantity."""
        if isinstance(a, Complex):
            half = self.apply("log", self.squared_modulus(a, span), span=span)
            real = self.apply("mul", half, self.number(0.5), span=span)
            return Complex(real.line, self.tape.apply("atan2", a.im, a.re, span=span))
        return self.apply("log", a, span=span)

    def square_root(self, a: Quantity, span: Span) -> Quantity:
        """Return the square root, the principal one of a complex quantity."""
        if isinstance(a, Complex):
            half = self.number(0.5)
            root = self.apply("sqrt", self.modulus(a, span), span=span)
            return self.polar(root, self.apply("mul", self.phase(a, span), half, span=span), span)
        return self.apply("sqrt", a, span=span)

    def complex_rule(self, name: str) -> Callable[[Quantity, Span], Quantity] | None:
        """Return what a function of one variable means for complex quantities, if it does."""
        return {
            "abs": self.modulus,
            "exp": self.exponential,
            "log": self.logarithm,
            "sqrt": self.square_root,
        }.get(name)
