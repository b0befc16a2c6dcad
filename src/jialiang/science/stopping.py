"""When are there enough draws? Two rules: the one printed in GUM-S1 7.9, and our own, which keeps its promise.

Both work towards a numerical tolerance δ. The printed rule stops when averages over batches happen to agree to
within δ, which they do by chance before the ends are there. Our rule estimates how far mean, u and the four ends of
both coverage intervals may still be away, at about 99 % each, and stops when all of it is within δ.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import numpy as np

from jialiang.science.coverage_intervals import IntervalKind, shortest_interval, symmetric_interval
from jialiang.science.distributions import Draws
from jialiang.science.rounding import rounded_expanded_uncertainty

StoppingRule = Literal["jialiang", "s1"]

BLOCKS = 16
_QUANTILE = 2.6  # 99 % of a normal variable
_BLOCK_QUANTILE = 2.95  # 99 % of t with 15 degrees of freedom
_BLOCK_GAIN = math.pow(BLOCKS, -0.4)  # between the square root and the cube root


@dataclass(frozen=True, slots=True)
class Doubt:
    """How far the figures of draws may be from those of endless draws, at about 99 % each."""

    estimate: float
    standard_uncertainty: float
    symmetric_ends: float
    shortest_ends: float

    @property
    def largest(self) -> float:
        """The largest of the four."""
        return max(self.estimate, self.standard_uncertainty, self.symmetric_ends, self.shortest_ends)

    def of(self, kind: IntervalKind) -> float:
        """Return the doubt about the ends of one kind of interval."""
        return self.symmetric_ends if kind == "symmetric" else self.shortest_ends


def numerical_tolerance(standard_uncertainty: float, digits: int) -> float:
    """Return δ of GUM-S1 7.9.2: half a unit of the last of ``digits`` significant digits of u; 0 for u = 0."""
    if standard_uncertainty == 0:
        return 0.0
    rounded = rounded_expanded_uncertainty(standard_uncertainty, digits)
    return float(Decimal(5).scaleb(rounded.adjusted() - digits))


def fewest_draws(coverage_probability: float) -> int:
    """Return the fewest draws that a coverage interval may rest on: 10⁴, more for p close to 1 (GUM-S1 7.9.4)."""
    return max(10_000, math.ceil(100 / (1 - coverage_probability)))


def doubt(values: Draws, ordered: Draws, coverage_probability: float) -> Doubt:
    """Return the doubt about the figures of ``values`` (in the order of drawing) and ``ordered`` (sorted).

    Symmetric ends: from order statistics. Shortest ends and u: from the scatter of sixteen blocks.
    """
    count = len(values) // BLOCKS * BLOCKS
    blocks = values[:count].reshape(BLOCKS, -1)
    of_mean = _QUANTILE * float(values.std()) / math.sqrt(len(values))
    of_uncertainty = _BLOCK_QUANTILE * float(blocks.std(axis=1).std(ddof=1)) / math.sqrt(BLOCKS)
    p = coverage_probability
    symmetric = max(_quantile_doubt(ordered, level) for level in ((1 - p) / 2, (1 + p) / 2))
    ends = np.array([shortest_interval(np.sort(block), p) for block in blocks])
    shortest = _BLOCK_QUANTILE * float(ends.std(axis=0, ddof=1).max()) * _BLOCK_GAIN
    return Doubt(of_mean, of_uncertainty, symmetric, shortest)


def _quantile_doubt(ordered: Draws, level: float) -> float:
    count = len(ordered)
    reach = _QUANTILE * math.sqrt(count * level * (1 - level))
    low, high = max(0, math.floor(level * count - reach)), min(count - 1, math.ceil(level * count + reach))
    return float(ordered[high] - ordered[low]) / 2


class PrintedRule:
    """The rule of GUM-S1 7.9.4: batches, until twice the standard deviation of each average is within δ."""

    def __init__(self, coverage_probability: float, digits: int, kind: IntervalKind) -> None:
        """Start with no batches."""
        self._p, self._digits, self._kind = coverage_probability, digits, kind
        self._figures: list[tuple[float, float, float, float]] = []

    @property
    def batch(self) -> int:
        """The number of draws of one batch."""
        return fewest_draws(self._p)

    def add(self, values: Draws) -> None:
        """Take a batch of draws."""
        ordered = np.sort(values)
        interval = shortest_interval if self._kind == "shortest" else symmetric_interval
        self._figures.append((float(values.mean()), float(values.std(ddof=1)), *interval(ordered, self._p)))

    def is_met(self, standard_uncertainty: float) -> bool:
        """Whether the averages over the batches agree to within δ of the u of all draws."""
        batches = len(self._figures)
        if batches < 2:
            return False
        scatter = np.array(self._figures).std(axis=0, ddof=1) / math.sqrt(batches)
        return bool(np.all(2 * scatter <= numerical_tolerance(standard_uncertainty, self._digits)))
