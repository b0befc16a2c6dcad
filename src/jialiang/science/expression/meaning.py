"""From tree to tape: names get their meaning, functions are looked up, quantities defined by others are followed."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from jialiang.science.expression.arithmetic import Arithmetic
from jialiang.science.expression.catalogue import CATALOGUE
from jialiang.science.expression.errors import (
    CircularModel,
    ExpressionSyntax,
    NotReal,
    ShapesDiffer,
    UnknownFunction,
    UnknownName,
    WrongArguments,
)
from jialiang.science.expression.functions import ALIASES, CONSTANTS, FUNCTIONS
from jialiang.science.expression.limits import Meter
from jialiang.science.expression.syntax import (
    Call,
    Chain,
    Comparison,
    Element,
    Items,
    Name,
    Node,
    Number,
    Power,
    Span,
    Unary,
)
from jialiang.science.expression.tape import ImplicitSystem, Tape
from jialiang.science.expression.values import Array, Complex, Quantity, Real, Truth, elements_of, real_line
from jialiang.science.unit_text import read_unit

_TRUTH_OPERATORS = frozenset({"and", "or", "not"})


class Scope:
    """What names mean in a model: inputs, quantities given as they are, and definitions still to be followed."""

    def __init__(
        self,
        inputs: Sequence[str],
        definitions: Mapping[str, Node],
        arrays: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        """Know the inputs by symbol, the definitions by name, and the arrays by the symbols of their elements."""
        self.inputs = frozenset(inputs)
        self.definitions = definitions
        self.arrays = arrays or {}
        self.quantities: dict[str, Quantity] = {}

    @property
    def names(self) -> list[str]:
        """All names that may be used, in order."""
        return sorted({*self.inputs, *self.definitions, *self.arrays, *self.quantities})


class Translator:
    """Writes expressions of one model to a tape. Every quantity of the model is written once."""

    def __init__(
        self, scope: Scope, meter: Meter, *, inside_equation: bool = False, in_si_units: bool = False
    ) -> None:
        """Open a tape for a model; ``in_si_units`` turns numbers with a unit into SI units."""
        self.scope = scope
        self.tape = Tape(meter)
        self._on = Arithmetic(self.tape)
        self._following: list[str] = []
        self._inside_equation = inside_equation
        self._in_si_units = in_si_units

    def quantity(self, name: str, span: Span | None = None) -> Quantity:
        """Return what a name stands for. Raises UnknownName, CircularModel."""
        scope = self.scope
        if name in scope.quantities:
            return scope.quantities[name]
        if name in self._following:
            circle = (*self._following[self._following.index(name) :], name)
            raise CircularModel(names=" → ".join(circle))
        if name in scope.definitions:
            self._following.append(name)
            self.tape.meter.deeper(len(self._following))
            scope.quantities[name] = self.translate(scope.definitions[name])
            self._following.pop()
            return scope.quantities[name]
        if name in scope.inputs:
            return Real(self.tape.input(name))
        if name in scope.arrays:
            return Array(tuple(self.quantity(symbol) for symbol in scope.arrays[name]))
        if name in CONSTANTS:
            return Real(self.tape.constant(CONSTANTS[name]))
        raise UnknownName(name=name[:60], known=", ".join(scope.names)[:400])

    def polar(self, modulus: int, phase: int, span: Span) -> Quantity:
        """Return the complex quantity of the lines of its modulus and its phase."""
        return self._on.polar(Real(modulus), Real(phase), span)

    def translate(self, node: Node) -> Quantity:
        """Write the operations of one tree."""
        rules: dict[type, Callable[[Any], Quantity]] = {
            Number: self._number,
            Name: self._name,
            Chain: self._chain,
            Unary: self._unary,
            Power: self._power,
            Comparison: self._comparison,
            Call: self._call,
            Items: self._items,
            Element: self._element,
        }
        return rules[type(node)](node)

    def _name(self, node: Name) -> Quantity:
        return self.quantity(node.name, node.span)

    def _power(self, node: Power) -> Quantity:
        return self._on.power(self.translate(node.base), self.translate(node.exponent), node.span)

    def _items(self, node: Items) -> Quantity:
        return Array(tuple(self.translate(element) for element in node.elements))

    def _number(self, node: Number) -> Quantity:
        value, unit = node.value, node.unit
        if unit is not None and self._in_si_units:
            meaning = read_unit(unit)
            value = value * float(meaning.factor) + float(meaning.offset)
        line = self.tape.constant(value, node.span, unit)
        return Complex(self.tape.constant(0.0), line) if node.imaginary else Real(line)

    def _chain(self, node: Chain) -> Quantity:
        found = self.translate(node.head)
        for operator, operand in node.tail:
            found = self._joined(operator, found, self.translate(operand), node.span)
        return found

    def _joined(self, operator: str, a: Quantity, b: Quantity, span: Span) -> Quantity:
        if operator in _TRUTH_OPERATORS:
            return self._truth(operator, (a, b), span)
        rules = {"+": self._on.add, "-": self._on.sub, "*": self._on.mul, "/": self._on.div}
        return rules[operator](a, b, span)

    def _truth(self, operator: str, quantities: Sequence[Quantity], span: Span) -> Quantity:
        lines = [q.line for q in quantities if isinstance(q, Truth)]
        if len(lines) != len(quantities):
            raise NotReal(term=span.text)
        return Truth(self.tape.apply(operator, *lines, span=span))

    def _unary(self, node: Unary) -> Quantity:
        operand = self.translate(node.operand)
        if node.operator == "not":
            return self._truth("not", (operand,), node.span)
        return self._on.neg(operand, node.span) if node.operator == "-" else operand

    def _comparison(self, node: Comparison) -> Quantity:
        if node.operator == "=":
            raise ExpressionSyntax(place=node.span.start + 1, found="=", source=node.span.text)
        sides = [real_line(self.translate(side), side.span) for side in (node.left, node.right)]
        return Truth(self.tape.apply(node.operator, *sides, span=node.span))

    def _element(self, node: Element) -> Quantity:
        elements = elements_of(self.translate(node.array), node.span)
        if not -len(elements) <= node.index < len(elements):
            raise ShapesDiffer(term=node.span.text)
        return elements[node.index]

    def _call(self, node: Call) -> Quantity:
        name = ALIASES.get(node.function, node.function)
        if name == "solve":
            return self._solve(node)
        if name in CATALOGUE:
            return self._from_catalogue(name, node)
        if name not in FUNCTIONS or name == "neg":
            near = difflib.get_close_matches(node.function, [*FUNCTIONS, *CATALOGUE, *ALIASES, "solve"], n=1)
            raise UnknownFunction(name=node.function[:60], suggestion=near[0] if near else "–")
        if len(node.arguments) != 1:
            raise WrongArguments(name=name, takes="x")
        return self._of_one(name, self.translate(node.arguments[0]), node.span)

    def _of_one(self, name: str, quantity: Quantity, span: Span) -> Quantity:
        if isinstance(quantity, Array):
            return Array(tuple(self._of_one(name, element, span) for element in quantity.elements))
        rule = self._on.complex_rule(name)
        return rule(quantity, span) if rule else self._on.apply(name, quantity, span=span)

    def _from_catalogue(self, name: str, node: Call) -> Quantity:
        entry = CATALOGUE[name]
        if not entry.fewest <= len(node.arguments) <= entry.most:
            raise WrongArguments(name=name, takes=entry.takes)
        given = [self.translate(argument) for argument in node.arguments]
        if any(isinstance(q, Array) and not q.elements for q in given):
            raise ShapesDiffer(term=node.span.text)
        if name != "where" and any(isinstance(q, Truth) for q in given):
            raise NotReal(term=node.span.text)
        return entry.rule(self._on, given, node.span)

    def _solve(self, node: Call) -> Quantity:
        """Write ``solve(equation, unknown, start)``."""
        takes = "equation, unknown, start"
        if len(node.arguments) != 3 or not isinstance(node.arguments[1], Name):
            raise WrongArguments(name="solve", takes=takes)
        equation, unknown, start = node.arguments
        assert isinstance(unknown, Name)  # noqa: S101 -- seen above
        line = real_line(self.translate(start), start.span)
        return self.solve_system([equation], {unknown.name: line}, node.span)[0]

    def solve_system(self, equations: Sequence[Node], starts: Mapping[str, int], span: Span) -> list[Real]:
        """Write a system of equations; ``starts`` holds the line of the start of every unknown."""
        if self._inside_equation:
            raise WrongArguments(name="solve", takes="equations without another solve inside")
        scope = Scope([*self.scope.inputs, *starts], {}, self.scope.arrays)
        borrowed = _Borrowing(self, scope, frozenset(starts))
        lines = tuple(real_line(borrowed.equation(e), e.span) for e in equations)
        unknowns = tuple(borrowed.tape.input(name) for name in starts)
        outer = tuple(n for s, n in borrowed.tape.inputs.items() if s not in starts)
        system = ImplicitSystem(borrowed.tape, tuple(starts), unknowns, outer, lines)
        operands = tuple(borrowed.lent[borrowed.tape.operations[n].name] for n in outer)
        return [Real(n) for n in self.tape.solve(system, (*operands, *starts.values()), span)]


class _Borrowing(Translator):
    """Writes equations to a tape of their own; what they take from the model around becomes an outer value."""

    def __init__(self, outside: Translator, scope: Scope, unknowns: frozenset[str]) -> None:
        super().__init__(scope, outside.tape.meter, inside_equation=True, in_si_units=outside._in_si_units)
        self._outside = outside
        self._unknowns = unknowns
        self.lent: dict[str, int] = {}

    def equation(self, node: Node) -> Quantity:
        """Write ``left = right`` or an expression that has to vanish."""
        if isinstance(node, Comparison) and node.operator in ("=", "=="):
            left, right = self.translate(node.left), self.translate(node.right)
            return self._on.sub(left, right, node.span)
        return self.translate(node)

    def quantity(self, name: str, span: Span | None = None) -> Quantity:
        """Return an unknown, a number, or a line borrowed from outside."""
        if name in self._unknowns:
            return Real(self.tape.input(name))
        return self._lent(self._outside.quantity(name, span))

    def _lent(self, quantity: Quantity) -> Quantity:
        if isinstance(quantity, Array):
            return Array(tuple(self._lent(element) for element in quantity.elements))
        if isinstance(quantity, Complex):
            return Complex(self._line(quantity.re), self._line(quantity.im))
        if isinstance(quantity, Truth):
            raise NotReal(term="solve")
        return Real(self._line(quantity.line))

    def _line(self, line: int) -> int:
        operation = self._outside.tape.operations[line]
        if operation.kind == "constant":
            return self.tape.constant(operation.value, operation.span, operation.unit)
        symbol = f"#{line}"
        self.lent[symbol] = line
        return self.tape.input(symbol)
