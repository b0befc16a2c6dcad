"""Coverage regions for several outputs from their joint draws (GUM-S2 7.7): ellipsoidal, rectangular, smallest."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_CELLS = 4096  # of the smallest region, all together


@dataclass(frozen=True, slots=True)
class Ellipsoid:
    """(y - ŷ)ᵀ V⁻¹ (y - ŷ) ≤ k_p²."""

    factor: float
    centre: tuple[float, ...]
    covariance: tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True)
class Box:
    """ŷ ± k_q u of every output at once."""

    factor: float
    low: tuple[float, ...]
    high: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class SmallestRegion:
    """The fewest cells of a grid that hold the probability: edges by output, numbers of the cells, and their volume."""

    edges: tuple[tuple[float, ...], ...]
    cells: tuple[tuple[int, ...], ...]
    volume: float
    probability: float


@dataclass(frozen=True, slots=True)
class Regions:
    """All three regions of the same outputs; a region that cannot be made (certain outputs) is None."""

    outputs: tuple[str, ...]
    ellipsoid: Ellipsoid | None
    box: Box | None
    smallest: SmallestRegion | None


def regions_of(names: Sequence[str], draws: NDArray[np.float64], coverage_probability: float) -> Regions:
    """Return the regions of joint draws, a row for each output."""
    centre, spread = draws.mean(axis=1), draws.std(axis=1, ddof=1)
    if not np.all(spread > 0):
        return Regions(tuple(names), None, None, None)
    standardized = (draws - centre[:, None]) / spread[:, None]
    ellipsoid = _ellipsoid(standardized, centre, spread, coverage_probability)
    box_factor = float(np.quantile(np.abs(standardized).max(axis=0), coverage_probability, method="higher"))
    reach = box_factor * spread
    box = Box(box_factor, _plain(centre - reach), _plain(centre + reach))
    smallest = _smallest(draws, coverage_probability) if len(names) <= 4 else None
    return Regions(tuple(names), ellipsoid, box, smallest)


def _ellipsoid(
    standardized: NDArray[np.float64],
    centre: NDArray[np.float64],
    spread: NDArray[np.float64],
    coverage_probability: float,
) -> Ellipsoid | None:
    correlation = np.atleast_2d(np.corrcoef(standardized))
    if float(np.linalg.eigvalsh(correlation)[0]) < 1e-10:
        return None  # outputs that follow from one another leave no volume
    whitened = np.linalg.solve(np.linalg.cholesky(correlation), standardized)
    distance = np.sqrt((whitened**2).sum(axis=0))
    factor = float(np.quantile(distance, coverage_probability, method="higher"))
    covariance = correlation * np.outer(spread, spread)
    return Ellipsoid(factor, _plain(centre), tuple(_plain(row) for row in covariance))


def _smallest(draws: NDArray[np.float64], coverage_probability: float) -> SmallestRegion:
    """Count the draws in cells and take the fullest ones until they hold the probability."""
    count = max(4, math.floor(_CELLS ** (1 / len(draws))))
    edges = [np.linspace(row.min(), row.max(), count + 1) for row in draws]
    places = [
        np.clip(np.searchsorted(e, row, side="right") - 1, 0, count - 1)
        for e, row in zip(edges, draws, strict=True)
    ]
    flat = np.ravel_multi_index(tuple(places), (count,) * len(draws))
    filled = np.bincount(flat, minlength=count ** len(draws))
    order = np.argsort(filled, kind="stable")[::-1]
    held = np.cumsum(filled[order])
    needed = int(np.searchsorted(held, coverage_probability * draws.shape[1])) + 1
    chosen = order[:needed]
    cell = math.prod(float(e[1] - e[0]) for e in edges)
    cells = np.stack(np.unravel_index(np.sort(chosen), (count,) * len(draws)), axis=1)
    return SmallestRegion(
        edges=tuple(_plain(e) for e in edges),
        cells=tuple(tuple(int(k) for k in row) for row in cells),
        volume=cell * needed,
        probability=float(held[needed - 1] / draws.shape[1]),
    )


def _plain(numbers: NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(float(number) for number in numbers)
