"""Errors of calculations that may have no answer, and exact quadrature for those that do.

InvalidInput
├── NoSolution          the equation has no answer in the domain
├── NotConverged        an iteration did not settle
└── ModelUnsuitable     the data cannot carry the model
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from jialiang.kernel.errors import InvalidInput

Floats = npt.NDArray[np.float64]
_NODES = 40


class NoSolution(InvalidInput):
    """The equation has no answer in the domain; facts: ``sought``, ``reason``."""

    code = "JL-MET-001"


class NotConverged(InvalidInput):
    """An iteration did not settle; facts: ``sought``, ``steps``."""

    code = "JL-MET-002"


class ModelUnsuitable(InvalidInput):
    """The data cannot carry the model; facts: ``model``, ``reason``."""

    code = "JL-MET-003"


@cache
def gauss_legendre(count: int) -> tuple[Floats, Floats]:
    """Return nodes and weights on [-1, 1]."""
    nodes, weights = np.polynomial.legendre.leggauss(count)
    return nodes, weights


def integral(function: Callable[[Floats], Any], breaks: Iterable[float]) -> float:
    """Integrate over [first, last] in panels between the breaks, 40 Gauss–Legendre nodes each.

    The caller puts breaks where the function changes within its own scale; then the error is that of a float.
    """
    edges = np.unique(np.asarray(tuple(breaks), dtype=float))
    if edges.size < 2:
        return 0.0
    nodes, weights = gauss_legendre(_NODES)
    half = np.diff(edges)[:, None] / 2
    points = edges[:-1, None] + half * (1 + nodes)
    return float(np.sum(function(points) * weights * half))
