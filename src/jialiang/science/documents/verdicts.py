"""Does the law of propagation hold for this output? Both ends of its interval beside those of the draws (GUM-S1 8)."""

from __future__ import annotations

from dataclasses import dataclass

from jialiang.science.coverage import Coverage
from jialiang.science.coverage_intervals import Interval, IntervalKind, shortest_interval, symmetric_interval
from jialiang.science.distributions import Draws
from jialiang.science.documents.digits import digits_for
from jialiang.science.documents.settings import DocumentSettings
from jialiang.science.montecarlo import Simulation
from jialiang.science.propagation import Propagation
from jialiang.science.stopping import Doubt, numerical_tolerance


@dataclass(frozen=True, slots=True)
class Comparison:
    """The ends of one kind of interval: how far apart, and whether within δ."""

    kind: IntervalKind
    d_low: float
    d_high: float
    validated: bool


@dataclass(frozen=True, slots=True)
class LawVerdict:
    """The verdict at ``digits`` digits of u, for the interval that was asked for, and beside it for both kinds.

    ``certain`` is False where more draws could still change the verdict; None where the number of draws was given.
    ``by_digits`` tells the verdict at one and at two digits. δ is 0 and the verdict no where the law gives u = 0.
    """

    validated: bool
    kind: IntervalKind
    d_low: float
    d_high: float
    delta: float
    digits: int
    comparisons: tuple[Comparison, ...]
    by_digits: dict[int, bool]
    simulated_u: float
    draws: int
    certain: bool | None


def verdict_of(
    standard_uncertainty: float,
    propagated: Interval,
    simulation: Simulation,
    doubt: Doubt | None,
    settings: DocumentSettings,
) -> LawVerdict:
    """Compare the interval of the law with the simulated ones."""
    digits = settings.digits or digits_for(standard_uncertainty)
    delta = numerical_tolerance(standard_uncertainty, digits)
    kinds: tuple[IntervalKind, ...] = ("symmetric", "shortest")
    comparisons = tuple(_compared(kind, propagated, simulation.interval(kind), delta) for kind in kinds)
    chosen = next(c for c in comparisons if c.kind == settings.interval_kind)
    farthest = max(chosen.d_low, chosen.d_high)
    by_digits = {n: _holds(farthest, numerical_tolerance(standard_uncertainty, n)) for n in (1, 2)}
    certain = None if doubt is None else abs(farthest - delta) > doubt.of(settings.interval_kind)
    return LawVerdict(
        validated=chosen.validated,
        kind=chosen.kind,
        d_low=chosen.d_low,
        d_high=chosen.d_high,
        delta=delta,
        digits=digits,
        comparisons=comparisons,
        by_digits=by_digits,
        simulated_u=simulation.standard_uncertainty,
        draws=simulation.draws,
        certain=True if delta == 0 and certain is not None else certain,
    )


def verdict_is_clear(
    found: Propagation, coverage: Coverage, ordered: Draws, doubt: Doubt, settings: DocumentSettings
) -> bool:
    """Whether δ lies farther from the larger difference than the draws leave in doubt."""
    u = found.combined_standard_uncertainty
    delta = numerical_tolerance(u, settings.digits or digits_for(u))
    interval = shortest_interval if settings.interval_kind == "shortest" else symmetric_interval
    compared = _ends(coverage.interval(found.estimate), interval(ordered, settings.probability))
    return abs(max(compared) - delta) > doubt.of(settings.interval_kind)


def _compared(kind: IntervalKind, propagated: Interval, simulated: Interval, delta: float) -> Comparison:
    d_low, d_high = _ends(propagated, simulated)
    return Comparison(kind, d_low, d_high, _holds(max(d_low, d_high), delta))


def _ends(propagated: Interval, simulated: Interval) -> tuple[float, float]:
    return abs(propagated[0] - simulated[0]), abs(propagated[1] - simulated[1])


def _holds(farthest: float, delta: float) -> bool:
    return delta > 0 and farthest <= delta
