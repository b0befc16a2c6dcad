"""When did a record change its level? Optimal partition of a series into stretches of constant mean."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from jialiang.science.errors import ParameterNotAllowed, TooFewObservations
from jialiang.science.solving import Floats

MOST_POINTS = 20_000


@dataclass(frozen=True, slots=True)
class Stretch:
    """Positions [first, last] of a stretch with its mean and standard uncertainty of the mean."""

    first: int
    last: int
    mean: float
    standard_uncertainty: float


@dataclass(frozen=True, slots=True)
class Partition:
    """The stretches, the σ of one observation that was used, and the penalty for each new stretch (in σ²)."""

    stretches: tuple[Stretch, ...]
    sd: float
    penalty: float

    @property
    def change_points(self) -> tuple[int, ...]:
        """The position (from 0) of the first observation after each change."""
        return tuple(stretch.first for stretch in self.stretches[1:])


def change_points(
    series: Sequence[float], *, sd: float | None = None, penalty: float | None = None, shortest: int = 2
) -> Partition:
    """Return the partition of least Σ(x - mean)²/σ² + penalty · changes; exact, by dynamic programming.

    σ comes from the differences of neighbours (their median size), which changes of level do not spoil; the
    penalty is 3 ln n unless given. Time is of order n² for n observations.
    """
    count = len(series)
    if shortest < 1:
        raise ParameterNotAllowed(parameter="shortest", given=shortest, allowed="≥ 1")
    if count < max(4, 2 * shortest):
        raise TooFewObservations(needed=max(4, 2 * shortest), given=count)
    if count > MOST_POINTS:
        raise ParameterNotAllowed(parameter="n", given=count, allowed=f"≤ {MOST_POINTS}")
    x = np.asarray(series, dtype=float)
    x = x - x[0]
    sigma = _noise(x) if sd is None else sd
    price = 3 * math.log(count) if penalty is None else penalty
    if not (sigma >= 0 and price >= 0):
        raise ParameterNotAllowed(parameter="sd, penalty", given=(sigma, price), allowed="≥ 0")
    starts = _best_starts(x, price * sigma**2, shortest)
    return Partition(tuple(_stretch(series, a, b, sigma) for a, b in starts), sigma, price)


def _best_starts(x: Floats, price: float, shortest: int) -> list[tuple[int, int]]:
    count = x.size
    sums, squares = np.concatenate([[0.0], np.cumsum(x)]), np.concatenate([[0.0], np.cumsum(x * x)])
    best, previous = np.full(count + 1, np.inf), np.zeros(count + 1, dtype=int)
    best[0] = -price
    for end in range(shortest, count + 1):
        begins = np.arange(0, end - shortest + 1)
        cost = squares[end] - squares[begins] - (sums[end] - sums[begins]) ** 2 / (end - begins)
        total = best[begins] + np.maximum(cost, 0.0) + price
        previous[end] = int(np.argmin(total))
        best[end] = total[previous[end]]
    pieces, end = [], count
    while end > 0:
        pieces.append((int(previous[end]), end - 1))
        end = int(previous[end])
    return pieces[::-1]


def _noise(x: Floats) -> float:
    """σ from the interquartile range of neighbouring differences, which spread by √2 σ."""
    steps = np.diff(x)
    low, high = np.percentile(steps, [25, 75])
    return float(high - low) / 1.3489795 / math.sqrt(2)


def _stretch(series: Sequence[float], first: int, last: int, sigma: float) -> Stretch:
    inside = series[first : last + 1]
    return Stretch(first, last, math.fsum(inside) / len(inside), sigma / math.sqrt(len(inside)))
