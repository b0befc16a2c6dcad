"""Does a model add like to like? Units go through the tape; the error names the two terms that do not agree.

Numbers in a model may carry units that nobody wrote (``rho - 1.2``, ``1000*m/V``). So a number takes the unit of
what it is added to, and where a product does not come out, the check is made again with its larger numbers as
factors of unknown unit: only what no number can explain is an error, the rest is a note.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

import numpy as np

from jialiang.science.expression.errors import DimensionsDiffer, UnitNotForFunction
from jialiang.science.expression.functions import FUNCTIONS
from jialiang.science.expression.tape import TRUTHS, Operation, Tape
from jialiang.science.unit_text import UnitMeaning, read_unit
from jialiang.science.units import BASE_QUANTITIES, DIMENSIONLESS, Dimension

_CLOSE = 1e-12
_LARGEST_PURE_NUMBER = 9.0


@dataclass(frozen=True, slots=True)
class TermUnit:
    """The unit of one line: dimension, factor to SI units, and whether it is a level in decibels or nepers."""

    dimension: Dimension = DIMENSIONLESS
    factor: float = 1.0
    level: bool = False
    label: str = ""

    @property
    def words(self) -> str:
        """The unit for people: as it was written, else from base units."""
        if self.label:
            return self.label
        named = zip(BASE_QUANTITIES, self.dimension, strict=True)
        text = " ".join(f"{unit}{'' if power == 1 else power}" for unit, power in named if power)
        scale = "" if abs(self.factor - 1) < _CLOSE else f"{self.factor:g} × "
        return scale + (text or "1")

    def agrees(self, other: TermUnit) -> bool:
        """Whether numbers in both units may be added."""
        same = math.isclose(self.factor, other.factor, rel_tol=_CLOSE)
        return self.dimension == other.dimension and self.level == other.level and same


ONE = TermUnit()
Known = TermUnit | None | Literal["number"]
"""The unit of a line; None where it cannot be known, ``number`` for a bare number, which fits to anything added."""


def term_unit(unit: UnitMeaning) -> TermUnit:
    """Return the unit of an input."""
    return TermUnit(unit.dimension, float(unit.factor), bool(unit.level), unit.text)


def check_dimensions(
    tape: Tape,
    inputs: Mapping[str, UnitMeaning | None],
    outputs: Mapping[int, UnitMeaning | None],
    *,
    strict: bool,
) -> tuple[dict[int, TermUnit | None], bool]:
    """Return the unit of every output and whether all of it is sure (no number had to explain anything).

    Raises DimensionsDiffer or UnitNotForFunction. ``strict`` takes every number for a pure one and
    all units for SI units (a model between quantities).
    """
    try:
        return _Check(tape, inputs, numbers_are_pure=True, si=strict).outputs(outputs), True
    except (DimensionsDiffer, UnitNotForFunction):
        if strict:
            raise
    return _Check(tape, inputs, numbers_are_pure=False, si=False).outputs(outputs), False


class _Check:
    def __init__(
        self, tape: Tape, inputs: Mapping[str, UnitMeaning | None], *, numbers_are_pure: bool, si: bool
    ) -> None:
        self._tape = tape
        self._si = si
        self._pure = numbers_are_pure
        self._units: list[Known] = []
        for operation in tape.operations:
            self._units.append(self._unit_of(operation, inputs))

    def outputs(self, wanted: Mapping[int, UnitMeaning | None]) -> dict[int, TermUnit | None]:
        """Return the units of the outputs, compared with those that were declared."""
        found: dict[int, TermUnit | None] = {}
        for line, declared in wanted.items():
            unit = self._units[line]
            if declared is not None and isinstance(unit, TermUnit) and not unit.agrees(term_unit(declared)):
                self._refuse(line, unit, declared.text, term_unit(declared))
            found[line] = unit if isinstance(unit, TermUnit) else None
        return found

    def _unit_of(self, operation: Operation, inputs: Mapping[str, UnitMeaning | None]) -> Known:
        kind = operation.kind
        if kind == "input":
            unit = inputs.get(operation.name)
            return None if unit is None else term_unit(unit)
        if kind == "constant":
            return self._number(operation)
        if kind in FUNCTIONS:
            return self._function(operation)
        rule = self._rules().get(kind)
        return rule(operation) if rule else None

    def _rules(self) -> dict[str, Callable[[Operation], Known]]:
        added = dict.fromkeys(("add", "sub", "min", "max"), self._sum)
        compared = dict.fromkeys(("<", "<=", ">", ">=", "==", "!="), self._sum)
        return {
            **added,
            **compared,
            "mul": lambda o: self._product(o, 1),
            "div": lambda o: self._product(o, -1),
            "pow": self._power,
            "atan2": self._direction,
            "where": lambda o: self._agreed(o.operands[1:], o),
        }

    def _number(self, operation: Operation) -> Known:
        return "number" if operation.unit is None else self._stated(operation.unit)

    def _stated(self, unit: str) -> TermUnit:
        found = term_unit(read_unit(unit))
        return replace(found, factor=1.0) if self._si else found

    def _factor(self, line: int) -> TermUnit | None:
        """Return the unit that a line has in a product."""
        unit = self._units[line]
        if unit != "number":
            return unit
        operation = self._tape.operations[line]
        size = abs(operation.value)
        small = size <= _LARGEST_PURE_NUMBER and (size * 2).is_integer()
        return ONE if self._pure or not operation.written or small else None

    def _product(self, operation: Operation, sign: int) -> Known:
        first, second = operation.operands
        if self._units[first] == self._units[second] == "number":
            return "number"
        a, b = self._factor(first), self._factor(second)
        if a is None or b is None:
            return None
        if b == ONE:
            return a
        if a == ONE and sign > 0:
            return b
        dimension = tuple(x + sign * y for x, y in zip(a.dimension, b.dimension, strict=True))
        level = (a.level or b.level) and sign > 0 or (a.level and not b.level)
        return TermUnit(dimension, a.factor * _raised(b.factor, sign), level)

    def _power(self, operation: Operation) -> Known:
        base, exponent = (self._units[line] for line in operation.operands)
        number = self._tape.operations[operation.operands[1]]
        if isinstance(exponent, TermUnit):
            self._require_one(operation.operands[1], exponent, "**")
        if base == "number" or base is None:
            return base if exponent == "number" else None
        if number.kind == "constant" and math.isfinite(number.value):
            power = Fraction(number.value).limit_denominator(1000)
            return TermUnit(tuple(x * power for x in base.dimension), _raised(base.factor, number.value))
        self._require_one(operation.operands[0], base, "**")
        return ONE

    def _function(self, operation: Operation) -> Known:
        line = operation.operands[0]
        unit, rule = self._units[line], FUNCTIONS[operation.kind].unit
        if rule == "sign":
            return ONE
        if rule == "same" or unit is None:
            return unit
        if unit == "number":
            return ONE
        if rule in ("root", "cube_root"):
            power = Fraction(1, 2 if rule == "root" else 3)
            return TermUnit(tuple(x * power for x in unit.dimension), _raised(unit.factor, float(power)))
        if operation.kind != "radians":
            self._require_one(line, unit, operation.kind)
        return ONE

    def _require_one(self, line: int, unit: TermUnit, function: str) -> None:
        if not TermUnit(unit.dimension, unit.factor).agrees(ONE):
            raise UnitNotForFunction(term=self._term(line), unit=unit.words, function=function)

    def _direction(self, operation: Operation) -> Known:
        self._agreed(operation.operands, operation)
        return ONE

    def _sum(self, operation: Operation) -> Known:
        unit = self._agreed(operation.operands, operation)
        return None if operation.kind in TRUTHS else unit

    def _agreed(self, lines: Sequence[int], operation: Operation) -> Known:
        known = [(line, self._units[line]) for line in lines]
        units = [(line, unit) for line, unit in known if isinstance(unit, TermUnit)]
        for line, unit in units[1:]:
            if not unit.agrees(units[0][1]):
                self._refuse(units[0][0], units[0][1], self._term(line), unit)
        if units:
            return units[0][1]
        return None if any(unit is None for _, unit in known) else "number"

    def _refuse(self, line: int, unit: TermUnit, other: str, other_unit: TermUnit) -> None:
        raise DimensionsDiffer(
            term=self._term(line), unit=unit.words, other=other, other_unit=other_unit.words
        )

    def _term(self, line: int) -> str:
        operation = self._tape.operations[line]
        if operation.span is not None:
            return operation.span.text
        return operation.name or f"{operation.value:g}"


def _raised(factor: float, power: float) -> float:
    """Return a power, also one that is too large or too small for a number."""
    with np.errstate(all="ignore"):
        return float(np.power(np.float64(factor), power))
