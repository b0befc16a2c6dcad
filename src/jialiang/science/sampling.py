"""Draws of the inputs of a budget: seeded, the same for any chunk size and any order of the inputs.

Every input has a random stream of its own (PCG64, seeded by the run's seed and the symbol), so adding an input
leaves the draws of the others as they were. Correlated normal and t inputs are drawn together.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jialiang.science.budget import Budget, InputQuantity
from jialiang.science.distributions import Draws, Normal, StudentT
from jialiang.science.errors import CorrelationNotExpressible

ENGINE_VERSION = f"jialiang.science/2 numpy/{np.__version__} PCG64"
"""What has to be the same, besides seed and budget, for the same bits."""


class Sampler:
    """Draws the inputs of a budget, going on where the last call ended."""

    def __init__(self, budget: Budget, seed: int) -> None:
        """Open one stream an input; ``seed`` is any non-negative integer and belongs in the record."""
        self._seed = seed
        together = {position for members in budget.correlated_sets() for position in members}
        self._alone = [
            (item, self._stream(f"input:{item.symbol}"))
            for position, item in enumerate(budget.inputs)
            if position not in together
        ]
        self._sets = [self._correlated(budget, members) for members in budget.correlated_sets()]

    def draw(self, count: int) -> dict[str, Draws]:
        """Return the next ``count`` draws of every input, by symbol."""
        drawn = {item.symbol: _values(item, rng, count) for item, rng in self._alone}
        for correlated in self._sets:
            drawn |= correlated.draw(count)
        return drawn

    def _stream(self, label: str) -> np.random.Generator:
        digest = hashlib.blake2b(label.encode(), digest_size=16).digest()
        entropy = [self._seed, int.from_bytes(digest, "big")]
        return np.random.Generator(np.random.PCG64(np.random.SeedSequence(entropy)))

    def _correlated(self, budget: Budget, members: Iterable[int]) -> _CorrelatedSet:
        ordered = sorted(members, key=lambda position: budget.inputs[position].symbol)
        chosen = np.array(ordered)
        inputs = tuple(budget.inputs[position] for position in ordered)
        factor = semidefinite_factor(budget.correlation_matrix()[np.ix_(chosen, chosen)])
        normal = tuple(self._stream(f"input:{item.symbol}") for item in inputs)
        labels = {
            item.symbol: _scatter_label(item) for item in inputs if isinstance(item.distribution, StudentT)
        }
        scatter = {label: self._stream(label) for label in sorted(set(labels.values()))}
        for item in inputs:
            if not isinstance(item.distribution, Normal | StudentT):
                raise CorrelationNotExpressible(symbol=item.symbol, kind=item.distribution.kind)
        return _CorrelatedSet(inputs, factor, normal, scatter)


@dataclass(frozen=True, slots=True)
class _CorrelatedSet:
    """Inputs drawn together: correlated normal variables, each divided by the scatter of its own or its group's s.

    Members of a group share one estimate of their scatter (multivariate t); other t inputs have one each.
    """

    inputs: tuple[InputQuantity, ...]
    factor: NDArray[np.float64]
    normal_streams: tuple[np.random.Generator, ...]
    scatter_streams: dict[str, np.random.Generator]

    def draw(self, count: int) -> dict[str, Draws]:
        independent = [rng.standard_normal(count) for rng in self.normal_streams]
        scatter = self._scatter(count)
        drawn = {}
        for row, item in enumerate(self.inputs):
            deviations = np.zeros(count)
            for column in range(row + 1):
                if self.factor[row, column]:
                    deviations += self.factor[row, column] * independent[column]
            if isinstance(item.distribution, StudentT):
                deviations *= item.distribution.scale * scatter[_scatter_label(item)]
            else:
                deviations *= item.standard_uncertainty
            drawn[item.symbol] = item.estimate + deviations
        return drawn

    def _scatter(self, count: int) -> dict[str, Draws]:
        degrees = {_scatter_label(item): item.degrees_of_freedom for item in self.inputs}
        return {
            label: np.sqrt(degrees[label] / rng.chisquare(degrees[label], count))
            for label, rng in self.scatter_streams.items()
        }


def semidefinite_factor(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return lower triangular L with L Lᵀ = matrix; zero pivots (r = ±1) are allowed, unlike in Cholesky's."""
    size = len(matrix)
    factor = np.zeros((size, size))
    for column in range(size):
        pivot = matrix[column, column] - math.fsum(factor[column, :column] ** 2)
        if pivot <= 1e-12:
            continue
        factor[column, column] = math.sqrt(pivot)
        for row in range(column + 1, size):
            rest = matrix[row, column] - math.fsum(factor[row, :column] * factor[column, :column])
            factor[row, column] = rest / factor[column, column]
    return factor


def _values(item: InputQuantity, rng: np.random.Generator, count: int) -> Draws:
    drawn = item.distribution.sample(rng, count)
    if not getattr(item.distribution, "is_located", False):
        drawn += item.estimate
    return drawn


def _scatter_label(item: InputQuantity) -> str:
    return f"scatter:group:{item.group}" if item.group is not None else f"scatter:input:{item.symbol}"
