"""Least squares with a model of one's own: parameters, their covariance and their common degrees of freedom.

Gauss–Newton with exact derivatives; a model that is linear in its parameters (a calibration line) is solved in one
step from anywhere. Without stated uncertainties of the ordinates the residuals tell their scatter (GUM H.3).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jialiang.science.errors import LengthsDiffer, ModelNotFinite, PointsCoincide, TooFewObservations
from jialiang.science.expression.errors import EquationNotSolved
from jialiang.science.models.model import MeasurementModel, ModelText, read_model

_STEPS = 100
_CLOSE = 1e-14
_NAME = "fit"


@dataclass(frozen=True, slots=True)
class FitTask:
    """What to fit: ordinate = ``expression`` of the columns, the constants and the ``parameters``.

    ``starts`` are needed for a model that is not linear; ``uncertainties`` are those of the ordinates, if known.
    """

    expression: str
    parameters: tuple[str, ...]
    columns: Mapping[str, Sequence[float]]
    ordinates: Sequence[float]
    constants: Mapping[str, float]
    starts: Mapping[str, float]
    uncertainties: Sequence[float] | None = None


@dataclass(frozen=True, slots=True)
class FittedModel:
    """Parameters in order, their standard uncertainties and correlation; ν is infinite where u was stated.

    ``residual_standard_deviation`` is s of the residuals, weighted ones where uncertainties were stated.
    """

    parameters: tuple[str, ...]
    estimates: tuple[float, ...]
    standard_uncertainties: tuple[float, ...]
    correlation: NDArray[np.float64]
    residual_standard_deviation: float
    degrees_of_freedom: float
    residuals: tuple[float, ...]


def fit(task: FitTask) -> FittedModel:
    """Fit. Raises TooFewObservations, LengthsDiffer, PointsCoincide (the points do not determine the parameters)."""
    count = len(task.ordinates)
    for column in task.columns.values():
        if len(column) != count:
            raise LengthsDiffer(first=len(column), second=count)
    fewest = len(task.parameters) + (task.uncertainties is None)
    if count < fewest:
        raise TooFewObservations(needed=fewest, given=count)
    model = read_model(
        ModelText({_NAME: task.expression}, [*task.columns, *task.constants, *task.parameters])
    )
    weights = _weights(task)
    estimates = np.array([task.starts.get(name, 0.0) for name in task.parameters], dtype=np.float64)
    for _ in range(_STEPS):
        residuals, slopes = _linearized(model, task, estimates)
        step, kept = _step(slopes * weights[:, None], residuals * weights, task)
        estimates, size = _moved(model, task, (estimates, float(np.linalg.norm(residuals * weights))), step)
        if np.all(np.abs(size) <= _CLOSE * np.maximum(np.abs(estimates), np.finfo(float).tiny)):
            break
    residuals, slopes = _linearized(model, task, estimates)
    last, kept = _step(slopes * weights[:, None], residuals * weights, task)
    if not np.all(np.abs(last) <= 1e-8 * np.abs(estimates) + 1e-9 * np.sqrt(np.diag(kept)) + 1e-300):
        raise EquationNotSolved(unknowns=", ".join(task.parameters))
    return _fitted(task, estimates, residuals * weights, kept)


def _fitted(
    task: FitTask, estimates: NDArray[np.float64], weighted: NDArray[np.float64], inverse: NDArray[np.float64]
) -> FittedModel:
    degrees = len(task.ordinates) - len(task.parameters)
    scatter = math.sqrt(math.fsum(weighted**2) / degrees) if degrees else 0.0
    known = task.uncertainties is not None
    with np.errstate(all="ignore"):
        deviations = np.sqrt(np.diag(inverse)) * (1.0 if known else scatter)
        spread = np.sqrt(np.diag(inverse))
    if not np.isfinite([*estimates, *deviations]).all():
        raise ModelNotFinite(symbol=_NAME)
    return FittedModel(
        parameters=task.parameters,
        estimates=tuple(float(x) for x in estimates),
        standard_uncertainties=tuple(float(u) for u in deviations),
        correlation=inverse / np.outer(spread, spread),
        residual_standard_deviation=scatter,
        degrees_of_freedom=math.inf if known else float(degrees),
        residuals=tuple(float(r) for r in weighted),
    )


def _weights(task: FitTask) -> NDArray[np.float64]:
    if task.uncertainties is None:
        return np.ones(len(task.ordinates))
    if len(task.uncertainties) != len(task.ordinates):
        raise LengthsDiffer(first=len(task.uncertainties), second=len(task.ordinates))
    stated = np.asarray(task.uncertainties, dtype=np.float64)
    if not np.all(stated > 0):
        raise ModelNotFinite(symbol=_NAME)
    return 1 / stated


def _linearized(
    model: MeasurementModel, task: FitTask, estimates: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return residuals and the matrix of derivatives by the parameters, a row for each observation."""
    given = dict(task.constants) | dict(zip(task.parameters, map(float, estimates), strict=True))
    residuals, rows = [], []
    for k, ordinate in enumerate(task.ordinates):
        point = given | {name: float(column[k]) for name, column in task.columns.items()}
        value, slopes = model.gradient(_NAME, point)
        residuals.append(ordinate - value)
        rows.append([slopes[name] for name in task.parameters])
    return np.array(residuals), np.array(rows)


def _step(
    slopes: NDArray[np.float64], residuals: NDArray[np.float64], task: FitTask
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the Gauss–Newton step and (JᵀJ)⁻¹, by QR of columns scaled to one length."""
    scale = np.linalg.norm(slopes, axis=0)
    if not np.all(scale > 0):
        raise PointsCoincide(abscissa=next(iter(task.columns.values()))[0] if task.columns else 0.0)
    q, r = np.linalg.qr(slopes / scale)
    if np.abs(np.diag(r)).min() < 1e-12:
        raise PointsCoincide(abscissa=next(iter(task.columns.values()))[0] if task.columns else 0.0)
    inverse = np.linalg.inv(r)
    return inverse @ (q.T @ residuals) / scale, inverse @ inverse.T / np.outer(scale, scale)


def _moved(
    model: MeasurementModel,
    task: FitTask,
    now: tuple[NDArray[np.float64], float],
    step: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Take the step, halved while it makes the residuals larger."""
    estimates, size = now
    weights = _weights(task)
    for halving in range(30):
        length = 0.5**halving
        try:
            residuals, _ = _linearized(model, task, estimates + length * step)
        except ModelNotFinite:
            continue
        if float(np.linalg.norm(residuals * weights)) <= size * (1 + 1e-12):
            return estimates + length * step, length * step
    return estimates, np.zeros_like(step)
