"""Solving implicit equations F(u, x) = 0 by Newton's method, for one point or for every draw at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jialiang.science.expression.errors import EquationNotSolved
from jialiang.science.expression.forward import directional
from jialiang.science.expression.tape import ImplicitSystem

_STEPS = 80
_HALVINGS = 30
_CLOSE = 4e-15


def solved(system: ImplicitSystem, operands: Sequence[Any]) -> list[Any]:
    """Return the unknowns for outer values and starts (numbers, or arrays of draws). Raises EquationNotSolved."""
    shape = np.broadcast_shapes(*(np.shape(operand) for operand in operands))
    outer, starts = operands[: len(system.outer)], operands[len(system.outer) :]
    names = [system.tape.operations[line].name for line in system.outer]
    inputs = dict(zip(names, (np.asarray(value, dtype=float).ravel() for value in outer), strict=True))
    draws = int(np.prod(shape))
    unknowns = np.array([np.broadcast_to(np.asarray(s, dtype=float).ravel(), draws) for s in starts])
    found = _newton(system, inputs, _from_the_middle(system, inputs, unknowns))
    return [row.reshape(shape)[()] for row in found]


def _from_the_middle(
    system: ImplicitSystem, inputs: Mapping[str, Any], starts: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the solution at the middle of the draws as their start, so that all of them follow one branch."""
    draws = starts.shape[1]
    if draws == 1:
        return starts
    middle = {name: np.atleast_1d(np.mean(values)) for name, values in inputs.items()}
    try:
        solution = _newton(system, middle, starts.mean(axis=1, keepdims=True))
    except EquationNotSolved:
        return starts
    return np.repeat(solution, draws, axis=1)


def jacobian(system: ImplicitSystem, inputs: Mapping[str, Any]) -> NDArray[np.float64]:
    """Return ∂F/∂u at one point, a row for each equation."""
    _, slopes = _with_slopes(system, inputs)
    return np.asarray(slopes)[..., 0] if np.ndim(slopes) == 3 else np.asarray(slopes)


def _newton(
    system: ImplicitSystem, inputs: Mapping[str, Any], unknowns: NDArray[np.float64]
) -> NDArray[np.float64]:
    for _ in range(_STEPS):
        system.tape.meter.time()
        residuals, slopes = _at(system, inputs, unknowns)
        step = _solved_linear(slopes, residuals)
        unknowns, moved = _damped(system, inputs, (unknowns, residuals), step)
        if np.all(moved <= _CLOSE * np.maximum(np.abs(unknowns), np.finfo(float).tiny)):
            return unknowns
    residuals, slopes = _at(system, inputs, unknowns)
    last = np.abs(_solved_linear(slopes, residuals))
    if np.all(last <= 1e-9 * np.maximum(np.abs(unknowns), np.finfo(float).tiny) + 1e-300):
        return unknowns  # rounding noise keeps it from standing still
    raise EquationNotSolved(unknowns=", ".join(system.names))


def _damped(
    system: ImplicitSystem,
    inputs: Mapping[str, Any],
    now: tuple[NDArray[np.float64], NDArray[np.float64]],
    step: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Take the step, halved for those draws where the residual grows or is undefined."""
    unknowns, residuals = now
    if not np.all(np.isfinite(step)):
        raise EquationNotSolved(unknowns=", ".join(system.names))
    size = np.abs(residuals).max(axis=0)
    length = np.ones_like(size)
    for _ in range(_HALVINGS):
        tried = unknowns - length * step
        larger = np.abs(_at(system, inputs, tried)[0]).max(axis=0)
        worse = ~(larger <= size) & (length * np.abs(step) > 1e-12 * np.abs(unknowns)).any(axis=0)
        if not worse.any():
            break
        length = np.where(worse, length / 2, length)
    return unknowns - length * step, np.abs(length * step)


def _at(
    system: ImplicitSystem, inputs: Mapping[str, Any], unknowns: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    names = [system.tape.operations[line].name for line in system.unknowns]
    given = dict(inputs) | dict(zip(names, unknowns, strict=True))
    residuals, slopes = _with_slopes(system, given)
    draws = unknowns.shape[1]
    full = np.array([np.broadcast_to(r, draws) for r in residuals])
    return full, np.array([[np.broadcast_to(s, draws) for s in row] for row in slopes])


def _with_slopes(system: ImplicitSystem, inputs: Mapping[str, Any]) -> tuple[list[Any], list[list[Any]]]:
    """Return F and ∂F/∂u; one pass for each unknown."""
    columns = []
    residuals: list[Any] = []
    for line in system.unknowns:
        symbol = system.tape.operations[line].name
        residuals, slopes = directional(system.tape, system.equations, inputs, symbol)
        columns.append(slopes)
    return residuals, [list(row) for row in zip(*columns, strict=True)]


def _solved_linear(slopes: NDArray[np.float64], residuals: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return J⁻¹ F of every draw; NaN where J is singular."""
    with np.errstate(all="ignore"):
        if len(residuals) == 1:
            return np.where(residuals == 0, 0.0, residuals / slopes[0])
        stacked = np.moveaxis(slopes, -1, 0)
        try:
            return np.asarray(np.linalg.solve(stacked, residuals.T[..., None])[..., 0].T, dtype=np.float64)
        except np.linalg.LinAlgError:
            return np.full_like(residuals, np.nan)
