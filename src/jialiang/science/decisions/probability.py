"""What one measured value says about conformity (JCGM 106, clause 7): probabilities and indices."""

from __future__ import annotations

import math
from dataclasses import dataclass

from jialiang.science.decisions.statements import Limits, nonconformance
from jialiang.science.distributions import require_positive


@dataclass(frozen=True, slots=True)
class Conformance:
    """Probabilities that the true value lies below, within and above the limits."""

    below: float
    above: float

    @property
    def outside(self) -> float:
        """The probability of not conforming, small ones kept exact."""
        return self.below + self.above

    @property
    def inside(self) -> float:
        """The conformance probability."""
        return 1 - self.outside


def conformance(
    measured: float, standard_uncertainty: float, limits: Limits, *, degrees_of_freedom: float = math.inf
) -> Conformance:
    """Return the probabilities for one value with a normal, or scaled t, state of knowledge about it."""
    return Conformance(*nonconformance(measured, standard_uncertainty, limits, degrees_of_freedom))


def process_capability(measured: float, standard_uncertainty: float, limits: Limits) -> float:
    """Return C_pk, the distance to the nearer limit over 3u; negative outside."""
    require_positive("u", standard_uncertainty)
    ends = (limits.lower, limits.upper)
    distances = [
        sign * (float(limit) - measured)
        for limit, sign in zip(ends, (-1, 1), strict=True)
        if limit is not None
    ]
    return min(distances) / (3 * standard_uncertainty)


def tolerance_ratio(limits: Limits, expanded_uncertainty: float) -> float:
    """Return TUR, half the tolerance over U; for U = 2u also the measurement capability index C_m of JCGM 106."""
    require_positive("U", expanded_uncertainty)
    return float(limits.half_width) / expanded_uncertainty
