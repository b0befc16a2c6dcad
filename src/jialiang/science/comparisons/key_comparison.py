"""The reference value of a key comparison and degrees of equivalence (CIPM MRA; Cox, Metrologia 39 and 44).

Procedure A: weighted mean of the contributing results, χ² test at 5 %. If it fails: the largest consistent
subset, or the median by Monte Carlo (procedure B), or a mean with a between-laboratory variance.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np

from jialiang.science.comparisons.consistent_mean import (
    RandomEffects,
    WeightedMean,
    check_columns,
    dersimonian_laird,
    mandel_paule,
    weighted_mean,
)
from jialiang.science.errors import ParameterNotAllowed
from jialiang.science.solving import ModelUnsuitable

Method = Literal["weighted-mean", "largest-consistent-subset", "median", "mandel-paule", "dersimonian-laird"]
METHODS: tuple[Method, ...] = (
    "weighted-mean",
    "largest-consistent-subset",
    "median",
    "mandel-paule",
    "dersimonian-laird",
)
_MOST_SUBSETS = 200_000
_CHUNK = 50_000


@dataclass(frozen=True, slots=True)
class Degree:
    """A degree of equivalence: the difference and its expanded uncertainty (k = 2)."""

    difference: float
    expanded_uncertainty: float


@dataclass(frozen=True, slots=True)
class KeyComparison:
    """The reference value with u, who contributed, the test of the contributing results, and all degrees.

    ``pairs[i][j]`` is the degree of equivalence of laboratory i with respect to j.
    """

    method: Method
    reference_value: float
    standard_uncertainty: float
    contributing: tuple[int, ...]
    consistency: WeightedMean
    degrees: tuple[Degree, ...]
    pairs: tuple[tuple[Degree, ...], ...]


@dataclass(frozen=True, slots=True)
class _Reference:
    value: float
    u: float
    weights: dict[int, float]
    between: float = 0.0


def key_comparison(
    results: Sequence[float],
    uncertainties: Sequence[float],
    *,
    method: Method = "weighted-mean",
    contributing: Sequence[int] | None = None,
    seed: int = 1,
    draws: int = 1_000_000,
) -> KeyComparison:
    """Evaluate a comparison of independent results; ``contributing`` are positions, all by default.

    u² of a difference from the reference is u_i² (1 - 2 w_i) + u²(ref): for a contributing laboratory of the
    weighted mean that is u_i² - u²(ref), for the others u_i² + u²(ref). With a between-laboratory variance τ² the
    u_i² are u_i² + τ². The median takes it from the draws.
    """
    check_columns(results, uncertainties, needed=2)
    chosen = _positions(contributing, len(results))
    if method == "largest-consistent-subset":
        chosen = largest_consistent_subset(results, uncertainties, chosen)
    x, u = [results[i] for i in chosen], [uncertainties[i] for i in chosen]
    if method == "median":
        reference, degrees = _by_median(results, uncertainties, chosen, seed=seed, draws=draws)
    else:
        reference = _REFERENCES.get(method, _by_weights)(x, u, chosen)
        degrees = tuple(_degree(i, results, uncertainties, reference) for i in range(len(results)))
    return KeyComparison(
        method,
        reference.value,
        reference.u,
        chosen,
        weighted_mean(x, u),
        degrees,
        _pairs(results, uncertainties),
    )


def largest_consistent_subset(
    results: Sequence[float], uncertainties: Sequence[float], among: Sequence[int]
) -> tuple[int, ...]:
    """Return the positions of the largest subset that passes the χ² test; of several, that of smallest χ²."""
    seen = 0
    for size in range(len(among), 1, -1):
        seen += math.comb(len(among), size)
        if seen > _MOST_SUBSETS:
            raise ModelUnsuitable(model="largest-consistent-subset", reason=f"> {_MOST_SUBSETS} subsets")
        passing = []
        for subset in combinations(among, size):
            found = weighted_mean([results[i] for i in subset], [uncertainties[i] for i in subset])
            if found.is_consistent:
                passing.append((found.chi_squared, subset))
        if passing:
            return min(passing)[1]
    raise ModelUnsuitable(model="largest-consistent-subset", reason="no two results agree")


def _positions(contributing: Sequence[int] | None, count: int) -> tuple[int, ...]:
    if contributing is None:
        return tuple(range(count))
    chosen = tuple(sorted(set(contributing)))
    if len(chosen) < 2 or not all(0 <= i < count for i in chosen):
        raise ParameterNotAllowed(parameter="contributing", given=list(contributing), allowed=f"2 … {count}")
    return chosen


def _by_weights(x: list[float], u: list[float], chosen: tuple[int, ...]) -> _Reference:
    found = weighted_mean(x, u)
    return _Reference(found.mean, found.standard_uncertainty, dict(zip(chosen, found.weights, strict=True)))


def _by_mandel_paule(x: list[float], u: list[float], chosen: tuple[int, ...]) -> _Reference:
    return _random_effects(mandel_paule(x, u), chosen)


def _by_dersimonian_laird(x: list[float], u: list[float], chosen: tuple[int, ...]) -> _Reference:
    return _random_effects(dersimonian_laird(x, u), chosen)


def _random_effects(found: RandomEffects, chosen: tuple[int, ...]) -> _Reference:
    weights = dict(zip(chosen, found.weights, strict=True))
    return _Reference(found.mean, found.standard_uncertainty, weights, found.between)


_REFERENCES: dict[str, Callable[[list[float], list[float], tuple[int, ...]], _Reference]] = {
    "mandel-paule": _by_mandel_paule,
    "dersimonian-laird": _by_dersimonian_laird,
}


def _degree(
    i: int, results: Sequence[float], uncertainties: Sequence[float], reference: _Reference
) -> Degree:
    weight = reference.weights.get(i, 0.0)
    own = uncertainties[i] ** 2 + reference.between**2
    square = own * (1 - 2 * weight) + reference.u**2
    return Degree(results[i] - reference.value, 2 * math.sqrt(max(square, 0.0)))


def _pairs(results: Sequence[float], uncertainties: Sequence[float]) -> tuple[tuple[Degree, ...], ...]:
    places = range(len(results))
    return tuple(tuple(_pair(i, j, results, uncertainties) for j in places) for i in places)


def _pair(i: int, j: int, results: Sequence[float], uncertainties: Sequence[float]) -> Degree:
    width = 0.0 if i == j else 2 * math.hypot(uncertainties[i], uncertainties[j])
    return Degree(results[i] - results[j], width)


def _by_median(
    results: Sequence[float],
    uncertainties: Sequence[float],
    chosen: tuple[int, ...],
    *,
    seed: int,
    draws: int,
) -> tuple[_Reference, tuple[Degree, ...]]:
    """Draw every result from its normal distribution; the reference value is the mean of the medians drawn."""
    if draws < 1000:
        raise ParameterNotAllowed(parameter="draws", given=draws, allowed="≥ 1000")
    rng = np.random.default_rng(seed)
    x, u = np.asarray(results, dtype=float), np.asarray(uncertainties, dtype=float)
    pivot = float(np.median(x[list(chosen)]))
    first, second = np.zeros(x.size + 1), np.zeros(x.size + 1)
    for start in range(0, draws, _CHUNK):
        drawn = (x - pivot) + u * rng.standard_normal((min(_CHUNK, draws - start), x.size))
        medians = np.median(drawn[:, list(chosen)], axis=1)
        columns = np.column_stack([medians, drawn - medians[:, None]])
        first += columns.sum(axis=0)
        second += (columns**2).sum(axis=0)
    means = first / draws
    spreads = np.sqrt(np.maximum(second / draws - means**2, 0.0) * draws / (draws - 1))
    value = pivot + float(means[0])
    degrees = (Degree(results[i] - value, 2 * float(spreads[i + 1])) for i in range(x.size))
    return _Reference(value, float(spreads[0]), {}), tuple(degrees)
