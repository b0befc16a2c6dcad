"""Partial derivatives of the operations of two quantities, and the derivative of a tape by one of its inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from jialiang.science.expression.functions import FUNCTIONS
from jialiang.science.expression.tape import BINARY, TRUTHS, Operation, Tape


def callable_of(operation: Operation) -> Any:
    """Return what computes an operation from its operands."""
    kind = operation.kind
    if kind in BINARY:
        return BINARY[kind]
    if kind in TRUTHS:
        return TRUTHS[kind]
    return FUNCTIONS[kind].value if kind in FUNCTIONS else np.where


def partials(operation: Operation, values: Sequence[Any], result: Any) -> Sequence[Any]:
    """Return ∂result/∂operand of each operand, for numbers or arrays; truths have none."""
    kind = operation.kind
    if kind in FUNCTIONS:
        return (FUNCTIONS[kind].derivatives(values[0], result)[0],)
    if kind in _RULES:
        found: Sequence[Any] = _RULES[kind](*values, result)
        return found
    return (0.0,) * len(values)


def _power(a: Any, b: Any, result: Any) -> Sequence[Any]:
    return b * np.power(a, b - 1), np.where(a > 0, result * np.log(np.where(a > 0, a, 1.0)), 0.0)


def _direction(a: Any, b: Any, result: Any) -> Sequence[Any]:
    square = a * a + b * b
    return b / square, -a / square


def _chosen(first: Any) -> Sequence[Any]:
    return np.where(first, 1.0, 0.0), np.where(first, 0.0, 1.0)


_RULES: dict[str, Any] = {
    "add": lambda a, b, result: (1.0, 1.0),
    "sub": lambda a, b, result: (1.0, -1.0),
    "mul": lambda a, b, result: (b, a),
    "div": lambda a, b, result: (1 / b, -result / b),
    "pow": _power,
    "atan2": _direction,
    "min": lambda a, b, result: _chosen(a <= b),
    "max": lambda a, b, result: _chosen(a >= b),
    "where": lambda truth, a, b, result: (0.0, *_chosen(truth)),
}


def directional(
    tape: Tape, outputs: Sequence[int], inputs: Mapping[str, Any], symbol: str
) -> tuple[list[Any], list[Any]]:
    """Return the outputs and their derivatives by one input, at numbers or arrays; no equations inside."""
    values: list[Any] = []
    slopes: list[Any] = []
    with np.errstate(all="ignore"):
        for operation in tape.operations[: max(outputs) + 1]:
            if operation.kind == "input":
                values.append(inputs[operation.name])
                slopes.append(1.0 if operation.name == symbol else 0.0)
            elif operation.kind == "constant":
                values.append(np.float64(operation.value))
                slopes.append(0.0)
            else:
                operands = [values[line] for line in operation.operands]
                values.append(callable_of(operation)(*operands))
                slopes.append(_slope(operation, operands, values[-1], slopes))
    return [values[line] for line in outputs], [slopes[line] for line in outputs]


def _slope(operation: Operation, operands: Sequence[Any], result: Any, slopes: Sequence[Any]) -> Any:
    moving = [slopes[line] for line in operation.operands]
    if not any(np.any(slope) for slope in moving):
        return 0.0
    rates = partials(operation, operands, result)
    return sum(np.where(slope == 0, 0.0, rate * slope) for rate, slope in zip(rates, moving, strict=True))
