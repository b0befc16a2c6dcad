"""Robust mean and standard deviation: Algorithm A (ISO 13528 Annex C.3.1, AMC), median and scaled MAD."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from jialiang.science.errors import TooFewObservations
from jialiang.science.solving import NotConverged

SCALE_OF_MAD = 1.483
REACH = 1.5
SCALE_OF_WINSORIZED = 1.134
OF_ASSIGNED_VALUE = 1.25  # the price of robustness for the mean
_SETTLED = 1e-14
_MOST_STEPS = 100_000


@dataclass(frozen=True, slots=True)
class RobustStatistics:
    """x*, s* and how they were reached; ``steps`` are the pairs of every iteration, the start first.

    ``replaced`` are the positions (from 0) of values that were drawn in to the edge.
    """

    mean: float
    standard_deviation: float
    count: int
    steps: tuple[tuple[float, float], ...]
    replaced: tuple[int, ...]

    @property
    def standard_uncertainty(self) -> float:
        """u of x* as assigned value, 1.25 s*/√p."""
        return OF_ASSIGNED_VALUE * self.standard_deviation / math.sqrt(self.count)


def algorithm_a(results: Sequence[float]) -> RobustStatistics:
    """Iterate x* and s* until they stand still in double precision; at least two results.

    Where more than half of the results agree, s* is 0 and x* is their common value.
    """
    if len(results) < 2:
        raise TooFewObservations(needed=2, given=len(results))
    pivot = median(results)
    shifted = [x - pivot for x in results]  # small numbers about zero: nothing cancels
    centre, scatter = 0.0, scaled_mad(results)
    steps = [(pivot, scatter)]
    for _ in range(_MOST_STEPS):
        drawn = winsorized(shifted, centre, REACH * scatter)
        new_centre = math.fsum(drawn) / len(drawn)
        squares = math.fsum((x - new_centre) ** 2 for x in drawn)
        new_scatter = SCALE_OF_WINSORIZED * math.sqrt(squares / (len(drawn) - 1))
        moved = max(abs(new_centre - centre), abs(new_scatter - scatter))
        centre, scatter = new_centre, new_scatter
        steps.append((pivot + centre, scatter))
        if moved <= _SETTLED * scatter:
            return RobustStatistics(
                pivot + centre, scatter, len(results), tuple(steps), _beyond(shifted, centre, scatter)
            )
    raise NotConverged(sought="s*", steps=_MOST_STEPS)


def scaled_mad(results: Sequence[float]) -> float:
    """Return 1.483 times the median distance from the median."""
    if not results:
        raise TooFewObservations(needed=1, given=0)
    centre = median(results)
    return SCALE_OF_MAD * median([abs(x - centre) for x in results])


def winsorized(results: Sequence[float], centre: float, reach: float) -> list[float]:
    """Return the results with those beyond centre ± reach drawn in to that edge."""
    return [min(max(x, centre - reach), centre + reach) for x in results]


def _beyond(results: Sequence[float], centre: float, scatter: float) -> tuple[int, ...]:
    return tuple(place for place, x in enumerate(results) if abs(x - centre) > REACH * scatter)
