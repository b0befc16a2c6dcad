"""Exact derivatives of a tape: the gradient backwards, and Taylor series along straight lines forwards.

Backwards, one sweep gives ∂y/∂x for all inputs (reverse accumulation). Forwards, every operation maps the first
four Taylor coefficients of its operands along many directions at once; second and third derivatives follow from
them without any step size.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from jialiang.science.expression.forward import callable_of, partials
from jialiang.science.expression.functions import FUNCTIONS
from jialiang.science.expression.implicit import jacobian, solved
from jialiang.science.expression.running import apply
from jialiang.science.expression.tape import TRUTHS, ImplicitSystem, Operation, Tape

Series: TypeAlias = NDArray[np.float64]
"""Taylor coefficients c0 … c3, one row each, a column for each direction."""

ORDERS = 4


def values_of(tape: Tape, inputs: Mapping[str, float]) -> list[Any]:
    """Return the result of every line at one point."""
    results: list[Any] = []
    with np.errstate(all="ignore"):
        for operation in tape.operations:
            tape.meter.time()
            if operation.kind == "input":
                results.append(np.float64(inputs[operation.name]))
            elif operation.kind == "constant":
                results.append(np.float64(operation.value))
            else:
                operands = [results[line] for line in operation.operands]
                results.append(apply(operation, callable_of(operation), operands))
    return results


def gradient(tape: Tape, output: int, inputs: Mapping[str, float]) -> tuple[float, dict[str, float]]:
    """Return y and ∂y/∂x of every input that the tape has, exactly."""
    results = values_of(tape, inputs)
    return float(results[output]), backwards(tape, results, {output: 1.0})


def backwards(tape: Tape, results: Sequence[Any], seeds: Mapping[int, float]) -> dict[str, float]:
    """Return the derivatives of Σ seed × line with respect to the inputs, from results at one point."""
    adjoint: list[Any] = [0.0] * len(tape.operations)
    for line, seed in seeds.items():
        adjoint[line] += seed
    found = dict.fromkeys(tape.inputs, 0.0)
    with np.errstate(all="ignore"):
        for line in range(len(tape.operations) - 1, -1, -1):
            operation, weight = tape.operations[line], adjoint[line]
            if operation.kind == "input":
                found[operation.name] = float(weight)
            elif operation.operands and np.any(weight):
                for operand, share in zip(
                    operation.operands, _shares(operation, results, line, weight), strict=True
                ):
                    adjoint[operand] = adjoint[operand] + share
    return found


def _shares(operation: Operation, results: Sequence[Any], line: int, weight: Any) -> Sequence[Any]:
    """Return what an operation hands on to each operand: weight × partial derivative."""
    kind = operation.kind
    values = [results[operand] for operand in operation.operands]
    if kind == "unknown":
        vector = np.zeros(len(values[0]))
        vector[int(operation.value)] = weight
        return [vector]
    if kind == "solve":
        return _solve_shares(operation, values, results[line], weight)
    return [weight * partial for partial in partials(operation, values, results[line])]


def _solve_shares(
    operation: Operation, values: Sequence[Any], solution: Sequence[Any], weight: Any
) -> Sequence[Any]:
    """Return the shares by the implicit function theorem: -Fᵤ⁻ᵀ weight, taken back through F to the outer values."""
    system = _system(operation)
    inner = _inner_inputs(system, values, solution)
    multipliers = np.linalg.lstsq(jacobian(system, inner).T, np.asarray(weight), rcond=None)[0]
    seeds: dict[int, float] = {}
    for equation, multiplier in zip(system.equations, multipliers, strict=True):
        seeds[equation] = seeds.get(equation, 0.0) - float(multiplier)
    found = backwards(system.tape, values_of(system.tape, inner), seeds)
    outer = [found[system.tape.operations[line].name] for line in system.outer]
    return [*outer, *([0.0] * len(system.unknowns))]


def _inner_inputs(system: ImplicitSystem, values: Sequence[Any], solution: Sequence[Any]) -> dict[str, Any]:
    operations = system.tape.operations
    inner = {operations[n].name: v for n, v in zip(system.unknowns, solution, strict=True)}
    return inner | {operations[n].name: v for n, v in zip(system.outer, values, strict=False)}


def _system(operation: Operation) -> ImplicitSystem:
    assert operation.system is not None  # noqa: S101 -- a tape is made so
    return operation.system


# --- Taylor series -------------------------------------------------------------------------------------------


def taylor(tape: Tape, output: int, inputs: Mapping[str, float], directions: Mapping[str, Series]) -> Series:
    """Return the Taylor coefficients of one line along x + t d; ``directions`` holds d of each input, by column."""
    columns = len(next(iter(directions.values()))) if directions else 1
    started = {}
    for symbol, point in inputs.items():
        series = np.zeros((ORDERS, columns))
        series[0] = point
        series[1] = directions.get(symbol, 0.0)
        started[symbol] = series
    return _series_of(tape, started, columns, (output,))[0]


def _series_of(
    tape: Tape, inputs: Mapping[str, Series], columns: int, outputs: Sequence[int]
) -> list[Series]:
    results: list[Any] = []
    with np.errstate(all="ignore"):
        for operation in tape.operations[: max(outputs) + 1]:
            tape.meter.time()
            if operation.kind == "input":
                results.append(inputs[operation.name])
            elif operation.kind == "constant":
                series = np.zeros((ORDERS, columns))
                series[0] = operation.value
                results.append(series)
            else:
                operands = [results[line] for line in operation.operands]
                results.append(_series(operation, operands, tape))
    return [results[line] for line in outputs]


def _series(operation: Operation, operands: Sequence[Any], tape: Tape) -> Any:
    kind = operation.kind
    if kind in _ARITHMETIC:
        return _ARITHMETIC[kind](*operands)
    if kind in FUNCTIONS:
        function = FUNCTIONS[kind]
        value = function.value(operands[0][0])
        return _composed(operands[0], value, function.derivatives(operands[0][0], value))
    if kind in TRUTHS:
        return callable_of(operation)(*(o if o.dtype == bool else o[0] for o in operands))
    if kind == "unknown":
        return operands[0][int(operation.value)]
    return _solved_series(_system(operation), operands)


def _composed(a: Series, value: Any, derivatives: tuple[Any, Any, Any]) -> Series:
    """Return f(a(t)) from f and its derivatives at a(0) (Faà di Bruno); a constant stays one, whatever f′ is."""
    first, second, third = derivatives
    found = np.empty_like(a)
    found[0] = value
    found[1] = _times(first, a[1])
    found[2] = _times(first, a[2]) + _times(second, a[1] ** 2) / 2
    found[3] = _times(first, a[3]) + _times(second, a[1] * a[2]) + _times(third, a[1] ** 3) / 6
    return found


def _times(derivative: Any, coefficient: Any) -> Any:
    """Return the product, zero where the coefficient is zero even if the derivative is infinite."""
    return np.where(coefficient == 0, 0.0, derivative * coefficient)


def _product(a: Series, b: Series) -> Series:
    found = np.zeros_like(a)
    for order in range(ORDERS):
        for k in range(order + 1):
            found[order] += a[k] * b[order - k]
    return found


def _quotient(a: Series, b: Series) -> Series:
    found = np.zeros_like(a)
    for order in range(ORDERS):
        rest = a[order].copy()
        for k in range(order):
            rest -= found[k] * b[order - k]
        found[order] = rest / b[0]
    return found


def _power(a: Series, b: Series) -> Series:
    n = b[0]
    if not b[1:].any():
        rates = (n * a[0] ** (n - 1), n * (n - 1) * a[0] ** (n - 2), n * (n - 1) * (n - 2) * a[0] ** (n - 3))
        return _composed(a, a[0] ** n, rates)
    logarithm = _composed(a, np.log(a[0]), FUNCTIONS["log"].derivatives(a[0], None))
    exponent = _product(b, logarithm)
    value = np.power(a[0], n)
    return _composed(exponent, value, (value, value, value))


def _direction(a: Series, b: Series) -> Series:
    """Return atan2(a, b): the angle at t = 0 plus the arctangent of the small turn from there."""
    up = _product(a, np.array([b[0], *np.zeros_like(b[1:])])) - _product(
        b, np.array([a[0], *np.zeros_like(a[1:])])
    )
    along = _product(a, np.array([a[0], *np.zeros_like(a[1:])])) + _product(
        b, np.array([b[0], *np.zeros_like(b[1:])])
    )
    turn = _quotient(up, along)
    return _composed(turn, np.arctan2(a[0], b[0]), (1.0, 0.0, -2.0))


def _chosen(truth: Any, a: Series, b: Series) -> Series:
    return np.where(truth, a, b)


_ARITHMETIC: dict[str, Any] = {
    "add": np.add,
    "sub": np.subtract,
    "mul": _product,
    "div": _quotient,
    "pow": _power,
    "atan2": _direction,
    "where": _chosen,
    "min": lambda a, b: _chosen(a[0] <= b[0], a, b),
    "max": lambda a, b: _chosen(a[0] >= b[0], a, b),
}


def _solved_series(system: ImplicitSystem, operands: Sequence[Series]) -> list[Series]:
    """Return the series of the unknowns: each order from the one before, because F must vanish order by order."""
    columns = operands[0].shape[1] if operands else 1
    constants = [series[0, 0] for series in operands]
    solution = solved(system, constants)
    inverse = np.linalg.pinv(jacobian(system, _inner_inputs(system, constants, solution)))
    unknowns = [np.zeros((ORDERS, columns)) for _ in solution]
    for series, value in zip(unknowns, solution, strict=True):
        series[0] = value
    for order in range(1, ORDERS):
        inner = _inner_inputs(system, operands, unknowns)
        residuals = np.array([s[order] for s in _series_of(system.tape, inner, columns, system.equations)])
        for series, step in zip(unknowns, inverse @ residuals, strict=True):
            series[order] -= step
    return unknowns
