"""Evaluating a tape on numbers or on draws; arrays that are no longer needed are written over.

What is undefined becomes NaN or infinite and is the caller's to refuse.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from jialiang.science.expression.forward import callable_of
from jialiang.science.expression.functions import FUNCTIONS
from jialiang.science.expression.implicit import solved
from jialiang.science.expression.tape import BINARY, Operation, Tape

Value: TypeAlias = Any  # a number or an array of draws

_IN_PLACE = frozenset(BINARY) | (frozenset(FUNCTIONS) - {"erf", "erfc", "gamma", "lgamma"})


@dataclass(frozen=True, slots=True)
class _Step:
    line: int
    operation: Operation
    call: Any
    reuse: tuple[int, ...]
    free: tuple[int, ...]


class Program:
    """The part of a tape that leads to the outputs, with a plan of which results are needed how long."""

    def __init__(self, tape: Tape, outputs: Sequence[int]) -> None:
        """Plan the evaluation of the lines ``outputs``."""
        self.outputs = tuple(outputs)
        needed = sorted(_needed(tape, outputs))
        self._steps = tuple(_planned(tape, needed, frozenset(outputs)))
        operations = tape.operations
        self._inputs = {n: operations[n].name for n in needed if operations[n].kind == "input"}
        self._numbers = {n: operations[n].value for n in needed if operations[n].kind == "constant"}
        self._size = len(operations)

    @property
    def symbols(self) -> frozenset[str]:
        """The inputs that the outputs depend on."""
        return frozenset(self._inputs.values())

    def __call__(self, values: Mapping[str, Value]) -> list[Value]:
        """Return the outputs at numbers or at arrays of draws."""
        results: list[Value] = [None] * self._size
        for line, symbol in self._inputs.items():
            results[line] = values[symbol]
        for line, number in self._numbers.items():
            results[line] = number
        with np.errstate(all="ignore"):
            for step in self._steps:
                results[step.line] = _result(step, results)
                for line in step.free:
                    results[line] = None
        return [results[line] for line in self.outputs]


def apply(operation: Operation, call: Any, operands: Sequence[Value]) -> Value:
    """Return the result of one operation."""
    if operation.kind == "solve":
        assert operation.system is not None  # noqa: S101 -- a tape is made so
        return solved(operation.system, operands)
    if operation.kind == "unknown":
        return operands[0][int(operation.value)]
    return call(*operands)


def _result(step: _Step, results: list[Value]) -> Value:
    operands = [results[line] for line in step.operation.operands]
    for line in step.reuse:
        kept = results[line]
        if isinstance(kept, np.ndarray):
            return step.call(*operands, out=kept)
    return apply(step.operation, step.call, operands)


def _needed(tape: Tape, outputs: Sequence[int]) -> set[int]:
    found: set[int] = set()
    waiting = list(outputs)
    while waiting:
        line = waiting.pop()
        if line not in found:
            found.add(line)
            waiting.extend(tape.operations[line].operands)
    return found


def _planned(tape: Tape, needed: Sequence[int], kept: frozenset[int]) -> Iterator[_Step]:
    last: dict[int, int] = {}
    for line in needed:
        for operand in tape.operations[line].operands:
            last[operand] = line
    for line in needed:
        operation = tape.operations[line]
        if operation.kind in ("input", "constant"):
            continue
        ending = {o for o in operation.operands if last[o] == line and o not in kept}
        ours = tuple(o for o in ending if _is_ours(tape.operations[o]))
        reuse = ours if operation.kind in _IN_PLACE else ()
        yield _Step(line, operation, callable_of(operation), reuse, tuple(ending))


def _is_ours(operation: Operation) -> bool:
    """Whether a result is a fresh array of numbers, free to be written over."""
    return operation.kind in BINARY or operation.kind in FUNCTIONS
