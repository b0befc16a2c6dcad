"""Propagation of distributions by Monte Carlo (GUM-S1), with a fixed or an adaptive number of draws.

One output or several from the same draws. Only the outputs are kept, 8 bytes for each draw; inputs are drawn in
chunks. The same seed gives the same bits with the same engine version.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jialiang.science.budget import Budget
from jialiang.science.coverage_intervals import Interval, IntervalKind, shortest_interval, symmetric_interval
from jialiang.science.derivatives import Model
from jialiang.science.distributions import Draws
from jialiang.science.errors import ModelNotFinite, ParameterNotAllowed, UncertaintyNotPositive
from jialiang.science.sampling import ENGINE_VERSION, Sampler
from jialiang.science.stopping import (
    BLOCKS,
    Doubt,
    PrintedRule,
    StoppingRule,
    doubt,
    fewest_draws,
    numerical_tolerance,
)

__all__ = [
    "Interval",
    "IntervalKind",
    "JointSimulation",
    "MonteCarloSettings",
    "Simulation",
    "Watch",
    "fewest_draws",
    "numerical_tolerance",
    "shortest_interval",
    "simulate",
    "simulate_jointly",
    "symmetric_interval",
]

MOST_DRAWS = 100_000_000
"""The most draws of one evaluation: 800 MB; the ends of a normal 95 % interval are then sure within 0.03 % of u."""

_CHUNK = 1 << 14
_FIRST_LOOK = 1 << 16


@dataclass(frozen=True, slots=True)
class MonteCarloSettings:
    """How to draw. ``draws`` None means adaptive, at most ``largest_draws``; neither exceeds :data:`MOST_DRAWS`.

    The adaptive ``rule`` keeps ``digits`` digits of u: our own for the ends of both intervals, the printed one
    (``s1``) for the interval named by ``interval_kind``. ``tolerance_share`` asks for a part of δ.
    """

    seed: int
    coverage_probability: float = 0.95
    draws: int | None = 1_000_000
    digits: int = 2
    interval_kind: IntervalKind = "symmetric"
    largest_draws: int = 1 << 24
    rule: StoppingRule = "jialiang"
    tolerance_share: float = 1.0

    def __post_init__(self) -> None:
        if not 0 < self.coverage_probability < 1:
            raise ParameterNotAllowed(parameter="p", given=self.coverage_probability, allowed="0 < p < 1")
        smallest = fewest_draws(self.coverage_probability)
        if self.draws is not None and self.draws < smallest:
            raise ParameterNotAllowed(parameter="draws", given=self.draws, allowed=f"≥ {smallest}")
        require_affordable(self.draws)
        require_affordable(self.largest_draws, "largest_draws")
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


@dataclass(frozen=True, slots=True)
class JointSimulation:
    """Several outputs of the same draws: each of them, the correlation of every pair, and how sure the figures are.

    ``doubts`` is empty for a fixed number of draws.
    """

    outputs: Mapping[str, Simulation]
    correlation: Mapping[tuple[str, str], float]
    doubts: Mapping[str, Doubt]


Outputs = Callable[[Mapping[str, Any]], Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Watch:
    """Who looks at the draws: ``keep`` sees all outputs, a row each, in the order of drawing, before they are sorted.

    ``enough`` takes the place of our stopping rule: it gets the name, the sorted draws and the doubt of an output.
    """

    keep: Callable[[NDArray[np.float64]], None] | None = None
    enough: Callable[[str, Draws, Doubt], bool] | None = None


def simulate(budget: Budget, model: Model, settings: MonteCarloSettings) -> Simulation:
    """Draw, evaluate, sort, summarize. The model is called with arrays and must return one number a draw."""
    joint = simulate_jointly(budget, (budget.symbol,), lambda values: (model(**values),), settings)
    return joint.outputs[budget.symbol]


def simulate_jointly(
    budget: Budget,
    names: Sequence[str],
    outputs: Outputs,
    settings: MonteCarloSettings,
    watch: Watch | None = None,
) -> JointSimulation:
    """Draw for several outputs; ``outputs`` gets arrays by symbol and returns one array or number for each name."""
    watch = watch or Watch()
    run = _Run(budget, names, outputs, settings.seed)
    if settings.draws is not None:
        values = run.more(settings.draws)
        return _summary(names, values, settings, watch)
    if settings.rule == "s1" and watch.enough is None:
        return _printed(run, names, settings, watch)
    return _adaptive(run, names, settings, watch)


def require_affordable(draws: int | None, parameter: str = "draws") -> None:
    """Raise ParameterNotAllowed for more than :data:`MOST_DRAWS`; None (adaptive) has its own limit."""
    if draws is not None and draws > MOST_DRAWS:
        raise ParameterNotAllowed(parameter=parameter, given=draws, allowed=f"≤ {MOST_DRAWS}")


class _Run:
    """The draws of the outputs, in chunks so that only the outputs are kept."""

    def __init__(self, budget: Budget, names: Sequence[str], outputs: Outputs, seed: int) -> None:
        self._sampler = Sampler(budget, seed)
        self._outputs = outputs
        self._names = names

    def more(self, count: int) -> NDArray[np.float64]:
        values = np.empty((len(self._names), count))
        for start in range(0, count, _CHUNK):
            part = values[:, start : start + _CHUNK]
            with np.errstate(all="ignore"):
                found = self._outputs(self._sampler.draw(part.shape[1]))
            for row, name, result in zip(part, self._names, found, strict=True):
                row[:] = result
                if not np.isfinite(row).all():
                    raise ModelNotFinite(symbol=name)
        return values


def _adaptive(run: _Run, names: Sequence[str], settings: MonteCarloSettings, watch: Watch) -> JointSimulation:
    p = settings.coverage_probability
    values = run.more(_first_look(p))
    while True:
        doubts = {}
        met = True
        for name, row in zip(names, values, strict=True):
            ordered = np.sort(row)
            doubts[name] = doubt(row, ordered, p)
            met = met and (watch.enough or _within(settings))(name, ordered, doubts[name])
        if met or 2 * values.shape[1] > settings.largest_draws:
            found = _summary(names, values, settings, watch, met)
            return JointSimulation(found.outputs, found.correlation, doubts)
        values = np.concatenate([values, run.more(values.shape[1])], axis=1)


def _within(settings: MonteCarloSettings) -> Callable[[str, Draws, Doubt], bool]:
    """Return our stopping rule: every doubt within δ, or the share of it that was asked for."""

    def rule(name: str, ordered: Draws, doubts: Doubt) -> bool:
        delta = numerical_tolerance(float(ordered.std()), settings.digits)
        return doubts.largest <= delta * settings.tolerance_share

    return rule


def _printed(run: _Run, names: Sequence[str], settings: MonteCarloSettings, watch: Watch) -> JointSimulation:
    rules = [
        PrintedRule(settings.coverage_probability, settings.digits, settings.interval_kind) for _ in names
    ]
    batches: list[NDArray[np.float64]] = []
    while True:
        batches.append(run.more(rules[0].batch))
        for rule, row in zip(rules, batches[-1], strict=True):
            rule.add(row)
        spread = [_pooled_deviation([batch[k] for batch in batches]) for k in range(len(names))]
        met = all(rule.is_met(u) for rule, u in zip(rules, spread, strict=True))
        if met or (len(batches) + 1) * rules[0].batch > settings.largest_draws:
            return _summary(names, np.concatenate(batches, axis=1), settings, watch, met)


def _pooled_deviation(batches: Sequence[Draws]) -> float:
    count = sum(len(batch) for batch in batches)
    mean = math.fsum(float(batch.sum()) for batch in batches) / count
    squares = math.fsum(
        float(batch.var()) * len(batch) + (float(batch.mean()) - mean) ** 2 * len(batch) for batch in batches
    )
    return math.sqrt(squares / (count - 1))


def _first_look(coverage_probability: float) -> int:
    count = _FIRST_LOOK
    while count < fewest_draws(coverage_probability) * BLOCKS:
        count *= 2
    return count


def _summary(
    names: Sequence[str],
    values: NDArray[np.float64],
    settings: MonteCarloSettings,
    watch: Watch,
    converged: bool | None = None,
) -> JointSimulation:
    """Return the figures; the draws are sorted in place, after their correlation is known."""
    if watch.keep is not None:
        watch.keep(values)
    moments = [_moments(row) for row in values]
    correlation = _correlation(names, values, moments)
    found = {}
    for name, row, (mean, deviation) in zip(names, values, moments, strict=True):
        row.sort()
        p = settings.coverage_probability
        symmetric, shortest = symmetric_interval(row, p), shortest_interval(row, p)
        found[name] = Simulation(mean, deviation, p, symmetric, shortest, len(row), settings.seed, converged)
    return JointSimulation(found, correlation, {})


def _correlation(
    names: Sequence[str], values: NDArray[np.float64], moments: Sequence[tuple[float, float]]
) -> dict[tuple[str, str], float]:
    count = values.shape[1]
    found = {}
    for a, first in enumerate(names):
        for b, second in enumerate(names):
            scale = moments[a][1] * moments[b][1] * (count - 1)
            found[first, second] = float(a == b) if a >= b else 0.0
            if a < b and scale > 0:
                found[first, second] = _product(values[a], values[b], moments[a][0], moments[b][0]) / scale
            if a > b:
                found[first, second] = found[second, first]
    return found


def _product(a: Draws, b: Draws, mean_a: float, mean_b: float) -> float:
    starts = range(0, len(a), _CHUNK)
    return math.fsum(float(np.dot(a[s : s + _CHUNK] - mean_a, b[s : s + _CHUNK] - mean_b)) for s in starts)


def _moments(values: Draws) -> tuple[float, float]:
    """Return mean and standard deviation, in chunks, without a second array of the size of the first."""
    chunks = [values[start : start + _CHUNK] for start in range(0, len(values), _CHUNK)]
    mean = math.fsum(float(chunk.sum()) for chunk in chunks) / len(values)
    squares = math.fsum(float(np.square(chunk - mean).sum()) for chunk in chunks)
    return mean, math.sqrt(squares / (len(values) - 1))
