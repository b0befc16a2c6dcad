"""Does the law of propagation hold here? Its interval beside that of Monte Carlo (GUM-S1 clause 8)."""

from __future__ import annotations

import math
from dataclasses import dataclass

from jialiang.science.coverage import Coverage
from jialiang.science.errors import ParameterNotAllowed
from jialiang.science.montecarlo import Interval, IntervalKind, Simulation, numerical_tolerance
from jialiang.science.propagation import Propagation


@dataclass(frozen=True, slots=True)
class Validation:
    """The verdict: ``ok`` if both ends differ by no more than ``delta``, at ``digits`` digits of u.

    ``delta`` is 0 and the verdict no where the law gives u = 0 at a stationary point of the model.
    """

    ok: bool
    d_low: float
    d_high: float
    delta: float
    digits: int
    interval_kind: IntervalKind
    propagated_interval: Interval
    simulated_interval: Interval
    draws: int
    seed: int
    engine_version: str


def validate(
    propagation: Propagation,
    coverage: Coverage,
    simulation: Simulation,
    *,
    digits: int = 1,
    interval_kind: IntervalKind = "symmetric",
) -> Validation:
    """Compare y ± U with the simulated interval of the same coverage probability.

    The number of draws should be such that chance moves the ends by much less than δ.
    """
    wanted, given = coverage.coverage_probability, simulation.coverage_probability
    if not math.isclose(wanted, given, abs_tol=1e-9):
        raise ParameterNotAllowed(parameter="p", given=given, allowed=f"= {wanted}")
    propagated = coverage.interval(propagation.estimate)
    simulated = simulation.interval(interval_kind)
    d_low, d_high = (abs(a - b) for a, b in zip(propagated, simulated, strict=True))
    delta = numerical_tolerance(propagation.combined_standard_uncertainty, digits)
    return Validation(
        ok=delta > 0 and d_low <= delta and d_high <= delta,
        d_low=d_low,
        d_high=d_high,
        delta=delta,
        digits=digits,
        interval_kind=interval_kind,
        propagated_interval=propagated,
        simulated_interval=simulated,
        draws=simulation.draws,
        seed=simulation.seed,
        engine_version=simulation.engine_version,
    )
