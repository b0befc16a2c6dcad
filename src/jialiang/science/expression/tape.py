"""A model as a tape: a list of real operations, each on results that stand before it.

Equal operations are written once. Arrays and complex numbers are already taken apart; what is left are numbers,
so evaluation, derivatives and the check of units are each one loop over the list.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from jialiang.science.expression.functions import FUNCTIONS
from jialiang.science.expression.limits import Meter
from jialiang.science.expression.syntax import Span

BINARY = {
    "add": np.add,
    "sub": np.subtract,
    "mul": np.multiply,
    "div": np.divide,
    "pow": np.power,
    "atan2": np.arctan2,
    "min": np.minimum,
    "max": np.maximum,
}
TRUTHS = {
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "==": np.equal,
    "!=": np.not_equal,
    "and": np.logical_and,
    "or": np.logical_or,
    "not": np.logical_not,
}


@dataclass(frozen=True, slots=True)
class Operation:
    """One line of a tape: what is done, on which earlier lines, and the term of the source that asked for it.

    ``kind`` is ``input``, ``constant``, a name of FUNCTIONS, BINARY or TRUTHS, ``where``, ``solve`` (a system of
    equations) or ``unknown`` (one number of its solution). ``written`` tells a number of the source from our own.
    """

    kind: str
    operands: tuple[int, ...] = ()
    value: float = 0.0
    name: str = ""
    written: bool = False
    unit: str | None = None
    span: Span | None = None
    system: ImplicitSystem | None = None


@dataclass(frozen=True, slots=True)
class ImplicitSystem:
    """Equations F(unknowns, outer) = 0 on a tape of their own: its lines of the unknowns, outer values, equations.

    The operands of the ``solve`` operation are the outer values, then the starts of the unknowns.
    """

    tape: Tape
    names: tuple[str, ...]
    unknowns: tuple[int, ...]
    outer: tuple[int, ...]
    equations: tuple[int, ...]


@dataclass(slots=True)
class Tape:
    """The operations of a model in order; ``inputs`` tells the line of each input symbol."""

    meter: Meter
    operations: list[Operation] = field(default_factory=list)
    inputs: dict[str, int] = field(default_factory=dict)
    _seen: dict[tuple[object, ...], int] = field(default_factory=dict)

    def input(self, symbol: str) -> int:
        """Return the line of an input; written on first use."""
        if symbol not in self.inputs:
            self.inputs[symbol] = self._append(Operation("input", name=symbol))
        return self.inputs[symbol]

    def constant(self, value: float, span: Span | None = None, unit: str | None = None) -> int:
        """Return the line of a number; one with a ``span`` stands in the source."""
        written = span is not None
        self.meter.operation()
        key = ("constant", repr(value), written, unit)
        found = Operation("constant", value=value, written=written, span=span, unit=unit)
        return self._once(key, found)

    def apply(self, kind: str, *operands: int, span: Span | None = None) -> int:
        """Return the line of an operation; one on plain numbers is done at once."""
        self.meter.operation()
        numbers = [self.operations[line] for line in operands]
        if kind not in TRUTHS and all(n.kind == "constant" and n.unit is None for n in numbers):
            return self._folded(kind, numbers, span)
        return self._once((kind, operands), Operation(kind, operands, span=span))

    def solve(self, system: ImplicitSystem, operands: tuple[int, ...], span: Span | None) -> list[int]:
        """Return the lines of the unknowns of a system of equations."""
        self.meter.operation()
        line = self._append(Operation("solve", operands, span=span, system=system))
        return [
            self._append(Operation("unknown", (line,), value=float(k), span=span, system=system))
            for k in range(len(system.equations))
        ]

    def is_number(self, line: int, value: float | None = None) -> bool:
        """Whether a line is a constant, and this one."""
        operation = self.operations[line]
        return operation.kind == "constant" and value in (None, operation.value)

    def _folded(self, kind: str, numbers: Sequence[Operation], span: Span | None) -> int:
        values = [number.value for number in numbers]
        with np.errstate(all="ignore"):
            if kind == "where":
                result = values[1] if values[0] else values[2]
            elif kind in BINARY:
                result = float(BINARY[kind](np.float64(values[0]), np.float64(values[1])))
            else:
                result = float(FUNCTIONS[kind].value(np.float64(values[0])))
        written = any(number.written for number in numbers)
        return self.constant(result, (span or numbers[0].span) if written else None)

    def _once(self, key: tuple[object, ...], operation: Operation) -> int:
        if key not in self._seen:
            self._seen[key] = self._append(operation)
        return self._seen[key]

    def _append(self, operation: Operation) -> int:
        self.operations.append(operation)
        return len(self.operations) - 1
