"""Propagation of distributions by Monte Carlo (GUM-S1), with a fixed or an adaptive number of draws.

The adaptive rule is our own, because the printed one stops when batch averages happen to agree: it stops when
the statistical doubt about mean, u and both ends of the wanted interval, at about 99 %, is within the numerical
tolerance δ. The doubt about the ends of the symmetric interval comes from order statistics; that of the shortest
one, whose ends converge with the cube root of the number of draws only, from sixteen blocks.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import numpy as np

from jialiang.science.budget import Budget
from jialiang.science.derivatives import Model
from jialiang.science.distributions import Draws
from jialiang.science.errors import ModelNotFinite, ParameterNotAllowed, UncertaintyNotPositive
from jialiang.science.rounding import rounded_expanded_uncertainty
from jialiang.science.sampling import ENGINE_VERSION, Sampler

IntervalKind = Literal["symmetric", "shortest"]
Interval = tuple[float, float]

_CHUNK = 1 << 15
_BLOCKS = 16
_FIRST_LOOK = 1 << 16
_DOUBT = 2.6  # standard deviations: 99 %
_CUBE_ROOT_GAIN = math.pow(_BLOCKS, -1 / 3)


@dataclass(frozen=True, slots=True)
class MonteCarloSettings:
    """How to draw. ``draws`` None means adaptive, at most ``largest_draws``.

    The adaptive rule keeps ``digits`` digits of u for the ends of the interval named by ``interval_kind``.
    """

    seed: int
    coverage_probability: float = 0.95
    draws: int | None = 1_000_000
    digits: int = 2
    interval_kind: IntervalKind = "symmetric"
    largest_draws: int = 1 << 24

    def __post_init__(self) -> None:
        if not 0 < self.coverage_probability < 1:
            raise ParameterNotAllowed(parameter="p", given=self.coverage_probability, allowed="0 < p < 1")
        smallest = fewest_draws(self.coverage_probability)
        if self.draws is not None and self.draws < smallest:
            raise ParameterNotAllowed(parameter="draws", given=self.draws, allowed=f"≥ {smallest}")
        first = _first_look(self.coverage_probability)
        if self.largest_draws < first:
            raise ParameterNotAllowed(
                parameter="largest_draws", given=self.largest_draws, allowed=f"≥ {first}"
            )
        if self.seed < 0:
            raise ParameterNotAllowed(parameter="seed", given=self.seed, allowed="≥ 0")


@dataclass(frozen=True, slots=True)
class Simulation:
    """What the draws say, and everything needed to draw them again.

    ``converged`` is None for a fixed number of draws, else whether the adaptive rule was met before the limit.
    """

    estimate: float
    standard_uncertainty: float
    coverage_probability: float
    symmetric_interval: Interval
    shortest_interval: Interval
    draws: int
    seed: int
    converged: bool | None = None
    engine_version: str = ENGINE_VERSION

    def interval(self, kind: IntervalKind) -> Interval:
        """Return the interval by its kind; a report has to name which one it is."""
        return self.symmetric_interval if kind == "symmetric" else self.shortest_interval

    def coverage_factor(self, kind: IntervalKind = "symmetric") -> float:
        """Return half the length of the interval over u, the k to report where ν_eff is undefined."""
        low, high = self.interval(kind)
        if self.standard_uncertainty == 0:
            raise UncertaintyNotPositive(uncertainty=0)
        return (high - low) / 2 / self.standard_uncertainty


def simulate(budget: Budget, model: Model, settings: MonteCarloSettings) -> Simulation:
    """Draw, evaluate, sort, summarize. The model is called with arrays and must return one number a draw."""
    run = _Run(budget, model, settings.seed)
    if settings.draws is not None:
        draws = run.more(settings.draws)
        draws.sort()
        return _summary(draws, settings, None)
    return _adaptive(run, settings)


def numerical_tolerance(standard_uncertainty: float, digits: int) -> float:
    """Return δ of GUM-S1 7.9.2: half a unit of the last of ``digits`` significant digits of u; 0 for u = 0."""
    if standard_uncertainty == 0:
        return 0.0
    rounded = rounded_expanded_uncertainty(standard_uncertainty, digits)
    return float(Decimal(5).scaleb(rounded.adjusted() - digits))


def fewest_draws(coverage_probability: float) -> int:
    """Return the fewest draws that a coverage interval may rest on: 10⁴, more for p close to 1 (GUM-S1 7.9.4)."""
    return max(10_000, math.ceil(100 / (1 - coverage_probability)))


class _Run:
    """The draws of one output, in chunks so that only the output is kept."""

    def __init__(self, budget: Budget, model: Model, seed: int) -> None:
        self._sampler = Sampler(budget, seed)
        self._model = model
        self._symbol = budget.symbol

    def more(self, count: int) -> Draws:
        values = np.empty(count)
        for start in range(0, count, _CHUNK):
            part = values[start : start + _CHUNK]
            with np.errstate(all="ignore"):
                part[:] = self._model(**self._sampler.draw(len(part)))
            if not np.isfinite(part).all():
                raise ModelNotFinite(symbol=self._symbol)
        return values


def _adaptive(run: _Run, settings: MonteCarloSettings) -> Simulation:
    values = run.more(_first_look(settings.coverage_probability))
    while True:
        ordered = np.sort(values)
        found = _summary(ordered, settings, True)
        tolerance = numerical_tolerance(found.standard_uncertainty, settings.digits)
        if _doubt(values, ordered, settings) <= tolerance:
            return found
        if 2 * len(values) > settings.largest_draws:
            return _summary(ordered, settings, False)
        values = np.concatenate([values, run.more(len(values))])


def _first_look(coverage_probability: float) -> int:
    count = _FIRST_LOOK
    while count < fewest_draws(coverage_probability) * _BLOCKS:
        count *= 2
    return count


def _doubt(values: Draws, ordered: Draws, settings: MonteCarloSettings) -> float:
    """Return the largest doubt about mean, u and the ends of the wanted interval."""
    blocks = values.reshape(_BLOCKS, -1)
    of_mean = _DOUBT * float(values.std()) / math.sqrt(len(values))
    of_uncertainty = _DOUBT * float(blocks.std(axis=1).std(ddof=1)) / math.sqrt(_BLOCKS)
    p = settings.coverage_probability
    if settings.interval_kind == "shortest":
        ends = np.array([shortest_interval(block, p) for block in np.sort(blocks, axis=1)])
        of_ends = _DOUBT * float(ends.std(axis=0, ddof=1).max()) * _CUBE_ROOT_GAIN
    else:
        of_ends = max(_quantile_doubt(ordered, (1 - p) / 2), _quantile_doubt(ordered, (1 + p) / 2))
    return max(of_mean, of_uncertainty, of_ends)


def _quantile_doubt(ordered: Draws, level: float) -> float:
    count = len(ordered)
    reach = _DOUBT * math.sqrt(count * level * (1 - level))
    low, high = max(0, math.floor(level * count - reach)), min(count - 1, math.ceil(level * count + reach))
    return float(ordered[high] - ordered[low]) / 2


def _summary(ordered: Draws, settings: MonteCarloSettings, converged: bool | None) -> Simulation:
    mean, deviation = _moments(ordered)
    return Simulation(
        estimate=mean,
        standard_uncertainty=deviation,
        coverage_probability=settings.coverage_probability,
        symmetric_interval=symmetric_interval(ordered, settings.coverage_probability),
        shortest_interval=shortest_interval(ordered, settings.coverage_probability),
        draws=len(ordered),
        seed=settings.seed,
        converged=converged,
    )


def symmetric_interval(ordered: Draws, coverage_probability: float) -> Interval:
    """Return the probabilistically symmetric interval of sorted draws (GUM-S1 7.7.2)."""
    inside = _inside(len(ordered), coverage_probability)
    first = (len(ordered) - inside + 1) // 2
    return float(ordered[first - 1]), float(ordered[first + inside - 1])


def shortest_interval(ordered: Draws, coverage_probability: float) -> Interval:
    """Return the shortest interval of sorted draws that holds the probability."""
    inside = _inside(len(ordered), coverage_probability)
    first = int(np.argmin(ordered[inside:] - ordered[:-inside]))
    return float(ordered[first]), float(ordered[first + inside])


def _inside(count: int, coverage_probability: float) -> int:
    return min(round(coverage_probability * count), count - 1)


def _moments(values: Draws) -> Interval:
    """Return mean and standard deviation, in chunks, without a second array of the size of the first."""
    chunks = [values[start : start + _CHUNK] for start in range(0, len(values), _CHUNK)]
    mean = math.fsum(float(chunk.sum()) for chunk in chunks) / len(values)
    squares = math.fsum(float(np.square(chunk - mean).sum()) for chunk in chunks)
    return mean, math.sqrt(squares / (len(values) - 1))
