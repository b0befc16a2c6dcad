"""Sensitivity coefficients by central differences, extrapolated until rounding noise takes over (Ridders).

The first step is at least the input's own uncertainty, so linear and bilinear models come out exact; steps that
leave the domain of the model are shortened.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from jialiang.science.errors import ModelNotFinite

Model = Callable[..., Any]
"""A measurement model: called with the inputs by symbol, as floats or as arrays of draws."""

_SHRINK = 1.6
_ROWS = 12
_RELATIVE_STEP = 1e-3
_SHORTENINGS = 12


def model_value(model: Model, estimates: Mapping[str, float]) -> float:
    """Evaluate a model at one point; what is undefined there is NaN, never an exception."""
    try:
        with np.errstate(all="ignore"):
            return float(model(**estimates))
    except (ArithmeticError, ValueError):
        return math.nan


def sensitivity(model: Model, estimates: Mapping[str, float], symbol: str, scale: float) -> float:
    """Return ∂f/∂x at the estimates; ``scale`` is u(x). Raises ModelNotFinite."""
    point = estimates[symbol]
    step = max(scale, _RELATIVE_STEP * abs(point)) or 1.0
    for _ in range(_SHORTENINGS):
        slope = _difference(model, estimates, symbol, step)
        if math.isfinite(slope):
            return _extrapolated(model, estimates, symbol, (step, slope))
        step /= 10
    raise ModelNotFinite(symbol=symbol)


def _difference(model: Model, estimates: Mapping[str, float], symbol: str, step: float) -> float:
    above, below = estimates[symbol] + step, estimates[symbol] - step
    upper = model_value(model, {**estimates, symbol: above})
    lower = model_value(model, {**estimates, symbol: below})
    return (upper - lower) / (above - below) if above != below else math.nan


def _extrapolated(
    model: Model, estimates: Mapping[str, float], symbol: str, start: tuple[float, float]
) -> float:
    step, best = start
    previous, smallest = [best], math.inf
    for _ in range(_ROWS):
        step /= _SHRINK
        row = [_difference(model, estimates, symbol, step)]
        for order, coarser in enumerate(previous, start=1):
            weight = _SHRINK ** (2 * order)
            row.append((weight * row[-1] - coarser) / (weight - 1))
            doubt = max(abs(row[-1] - row[-2]), abs(row[-1] - coarser))
            if doubt < smallest:
                smallest, best = doubt, row[-1]
        if smallest == 0 or not abs(row[-1] - previous[-1]) < 2 * smallest:
            break
        previous = row
    return best
