"""Factors of control charts for any subgroup size, from the distribution of the normal range and of s.

Computed, not tabled: c4 by the gamma function, d2 and d3 as moments of the range,
f(r) = n(n-1) ∫ φ(x) φ(x+r) (Φ(x+r) - Φ(x))^(n-2) dx. The tables of GB/T 17989.2 are these figures, rounded.
"""

from __future__ import annotations

import math
from functools import cache

import numpy as np
from scipy.special import gammaln, ndtr

from jialiang.science.errors import ParameterNotAllowed
from jialiang.science.solving import Floats, gauss_legendre

_NODES = 200
_FARTHEST = 9.5
LARGEST_SUBGROUP = 1000


def c4(size: int) -> float:
    """Return E(s)/σ = √(2/(n-1)) Γ(n/2)/Γ((n-1)/2)."""
    _require_size(size)
    return math.sqrt(2 / (size - 1)) * math.exp(float(gammaln(size / 2) - gammaln((size - 1) / 2)))


def d2(size: int) -> float:
    """Return E(R)/σ, the mean range of n standard normal values."""
    return _moments_of_range(size)[0]


def d3(size: int) -> float:
    """Return the standard deviation of the range over σ."""
    return _moments_of_range(size)[1]


@cache
def _moments_of_range(size: int) -> tuple[float, float]:
    _require_size(size)
    nodes, weights = gauss_legendre(_NODES)
    x = (_FARTHEST * nodes)[:, None]
    r = (_FARTHEST * (1 + nodes))[None, :]
    density: Floats = _normal(x) * _normal(x + r) * (ndtr(x + r) - ndtr(x)) ** (size - 2)
    share = size * (size - 1) * _FARTHEST**2 * weights[:, None] * weights[None, :] * density
    mean = float(np.sum(share * r))
    return mean, math.sqrt(float(np.sum(share * (r - mean) ** 2)))


def _normal(x: Floats) -> Floats:
    density: Floats = np.exp(-0.5 * x**2) / math.sqrt(2 * math.pi)
    return density


def _require_size(size: int) -> None:
    if not 2 <= size <= LARGEST_SUBGROUP:
        raise ParameterNotAllowed(parameter="subgroup", given=size, allowed=f"2 … {LARGEST_SUBGROUP}")
