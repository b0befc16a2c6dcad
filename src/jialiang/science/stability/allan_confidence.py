"""How well a deviation of the Allan family is known: the noise of the record, equivalent ν, and its interval.

Noise is told from the lag-1 autocorrelation (Riley and Greenhall 2004), ν from sums over the finite differences
(Greenhall and Riley 2003), the interval from χ². α is the power of frequency in S_y: 2 white phase, 1 flicker
phase, 0 white frequency, -1 flicker frequency, -2 random walk of frequency, -3, -4.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import chdtri

from jialiang.science.errors import ParameterNotAllowed
from jialiang.science.solving import Floats
from jialiang.science.stability.allan import PhaseRecord, averaging_factor

FEWEST_FOR_NOISE = 30
_ORDERS = {"adev": 2, "oadev": 2, "mdev": 2, "tdev": 2, "totdev": 2, "hdev": 3, "ohdev": 3, "htotdev": 3}
_OVERLAPPING = frozenset(["oadev", "mdev", "tdev", "totdev", "ohdev", "htotdev"])
_MODIFIED = frozenset(["mdev", "tdev"])
_TOTAL = {0: (1.5, 0.0), -1: (1.16832, 0.222), -2: (0.92715, 0.358)}
_DIFFERENCE = {1: (2.0, -1.0), 2: (6.0, -4.0, 1.0), 3: (20.0, -15.0, 6.0, -1.0)}
_LARGE_FACTOR = 1000


@dataclass(frozen=True, slots=True)
class Confidence:
    """The noise type taken, equivalent degrees of freedom, and the interval of the deviation."""

    alpha: int
    degrees_of_freedom: float
    low: float
    high: float


def confidence(
    record: PhaseRecord,
    kind: str,
    tau: float,
    found: float,
    *,
    alpha: int | None = None,
    probability: float = 0.683,
) -> Confidence:
    """Return the interval of a deviation found at τ; the noise type is told from the record unless given."""
    if not 0 < probability < 1:
        raise ParameterNotAllowed(parameter="p", given=probability, allowed="0 < p < 1")
    m = averaging_factor(tau, record.tau0)
    noise = noise_type(record.phase, m, lowest=1 - _ORDERS[kind] * 2 + 1) if alpha is None else alpha
    nu = equivalent_degrees(kind, noise, m, record.count)
    tail = (1 - probability) / 2
    low, high = (found * math.sqrt(nu / float(chdtri(nu, point))) for point in (tail, 1 - tail))
    return Confidence(noise, nu, low, high)


def noise_type(phase: Floats, m: int, *, lowest: int = -2) -> int:
    """Return α of the noise that dominates at averaging factor m, between 2 and ``lowest``.

    Where fewer than 30 averaged values are left the noise of the largest m that leaves 30 is taken.
    """
    usable = max(1, min(m, phase.size // FEWEST_FOR_NOISE))
    x = _without_trend(phase[::usable])
    for differenced in range(4):
        r1 = _lag_one(x)
        delta = r1 / (1 + r1)
        if delta < 0.25 or differenced == 3:
            break
        x = np.diff(x)
    power = -2 * (delta + differenced)
    return max(lowest, min(2, math.floor(power + 2 + 0.5)))


def equivalent_degrees(kind: str, alpha: int, m: int, count: int) -> float:
    """Return ν for ``count`` phase values at averaging factor m; at least 1."""
    if kind not in _ORDERS:
        raise ParameterNotAllowed(parameter="deviation", given=kind, allowed=", ".join(_ORDERS))
    order = _ORDERS[kind]
    if not 1 - 2 * order < alpha <= 2:
        raise ParameterNotAllowed(parameter="alpha", given=alpha, allowed=f"{2 - 2 * order} … 2")
    if kind == "totdev" and alpha in _TOTAL:
        slope, shift = _TOTAL[alpha]
        return max(1.0, slope * (count - 1) / m - shift)
    overlapping, modified = kind in _OVERLAPPING, kind in _MODIFIED
    used, scale = min(m, _LARGE_FACTOR), 1.0
    if m > used:  # ν depends on count/m alone, but for white phase noise where every overlap counts
        count = round(count * used / m)
        scale = m / used if alpha == 2 and overlapping and not modified else 1.0
    found = _finite_differences(alpha, order, (used, count), overlapping=overlapping, modified=modified)
    return max(1.0, scale * found)


def _finite_differences(
    alpha: int, order: int, size: tuple[int, int], *, overlapping: bool, modified: bool
) -> float:
    m, count = size
    filter_factor: float = 1.0 if modified else float(m)
    stride = m if overlapping else 1
    length = m / filter_factor + m * order
    terms = 1 + math.floor(stride * (count - length) / m)
    if terms < 1:
        return 1.0
    used = min(terms, (order + 1) * stride)
    lags = np.arange(used) / stride
    correlation = _covariance(lags, filter_factor, alpha, order)
    shares = 2 * (1 - np.arange(used) / terms)
    shares[0] = 1.0
    total = float(np.sum(shares * correlation**2)) / correlation[0] ** 2
    if used < terms:  # the sum breaks off where the covariance has died away; its last term counts once
        edge = _covariance(np.asarray([used / stride]), filter_factor, alpha, order)[0]
        total += (1 - used / terms) * float(edge / correlation[0]) ** 2
    return float(terms / total)


def _covariance(lags: Floats, factor: float, alpha: int, order: int) -> Floats:
    """The generalized autocovariance of the differences, up to a common factor."""
    shares = _DIFFERENCE[order]
    found = shares[0] * _filtered(lags, factor, alpha)
    for shift, share in enumerate(shares[1:], 1):
        found = found + share * (
            _filtered(lags - shift, factor, alpha) + _filtered(lags + shift, factor, alpha)
        )
    return found


def _filtered(t: Floats, factor: float, alpha: int) -> Floats:
    step = 1 / factor
    found: Floats = factor**2 * (2 * _kernel(t, alpha) - _kernel(t - step, alpha) - _kernel(t + step, alpha))
    return found


def _kernel(t: Floats, alpha: int) -> Floats:
    """s_w(t, α): powers of |t|, with a logarithm for flicker noises."""
    size = np.abs(t)
    power = 3 - alpha
    sign = 1.0 if (alpha % 4) in (0, 1) else -1.0
    if alpha % 2 == 0:
        return np.asarray(sign * size**power)
    logarithm = np.log(np.where(size > 0, size, 1.0))
    return np.asarray(sign * size**power * logarithm)


def _without_trend(x: Floats) -> Floats:
    t = np.linspace(-1.0, 1.0, x.size)
    square = t * t - np.dot(t, t) / t.size
    flat: Floats = x - x.mean()
    for term in (t, square):
        length = float(np.dot(term, term))
        flat = flat - term * (float(np.dot(term, flat)) / length if length else 0.0)
    return flat


def _lag_one(x: Floats) -> float:
    centred = x - x.mean()
    square = float(np.dot(centred, centred))
    return float(np.dot(centred[1:], centred[:-1])) / square if square else 0.0
