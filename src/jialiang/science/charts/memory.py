"""Charts with a memory: the EWMA and the tabular CUSUM, for small shifts that Shewhart charts see late."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from jialiang.science.distributions import require_positive
from jialiang.science.errors import ParameterNotAllowed, TooFewObservations


@dataclass(frozen=True, slots=True)
class EwmaChart:
    """The statistic before the first value and after each, limits for each value, and positions beyond them."""

    centre: float
    statistic: tuple[float, ...]
    limits: tuple[tuple[float, float], ...]
    outside: tuple[int, ...]

    @property
    def asymptotic_limits(self) -> tuple[float, float]:
        """The limits of the last value, towards which exact ones grow."""
        return self.limits[-1]


@dataclass(frozen=True, slots=True)
class EwmaDesign:
    """λ, the multiple L of the limits, and whether they widen from the first value on (exact) or stand still."""

    smoothing: float = 0.2
    multiple: float = 3.0
    exact: bool = False

    def __post_init__(self) -> None:
        if not 0 < self.smoothing <= 1:
            raise ParameterNotAllowed(parameter="lambda", given=self.smoothing, allowed="0 < λ ≤ 1")
        require_positive("multiple", self.multiple)


def ewma_chart(data: Sequence[float], *, centre: float, sd: float, design: EwmaDesign) -> EwmaChart:
    """Return z_i = λ x_i + (1 - λ) z_{i-1}, z_0 = centre; limits L σ √(λ/(2-λ) [1 - (1-λ)^{2i}])."""
    require_positive("sd", sd)
    if not data:
        raise TooFewObservations(needed=1, given=0)
    kept = 1 - design.smoothing
    widest = design.multiple * sd * math.sqrt(design.smoothing / (2 - design.smoothing))
    statistic, limits = [centre], []
    for place, x in enumerate(data, 1):
        statistic.append(design.smoothing * x + kept * statistic[-1])
        reach = widest * math.sqrt(1 - kept ** (2 * place)) if design.exact else widest
        limits.append((centre - reach, centre + reach))
    outside = tuple(
        i
        for i, (z, (low, high)) in enumerate(zip(statistic[1:], limits, strict=True))
        if not low <= z <= high
    )
    return EwmaChart(centre, tuple(statistic), tuple(limits), outside)


@dataclass(frozen=True, slots=True)
class CusumSignal:
    """A sum beyond the decision interval at ``index``; the shift is thought to have begun at ``since``."""

    index: int
    side: Literal["upper", "lower"]
    since: int


@dataclass(frozen=True, slots=True)
class CusumChart:
    """The two one-sided sums in units of σ, the decision interval h, and the signals."""

    upper: tuple[float, ...]
    lower: tuple[float, ...]
    decision_interval: float
    signals: tuple[CusumSignal, ...]


@dataclass(frozen=True, slots=True)
class CusumDesign:
    """Slack k and decision interval h in σ (0.5 and 5 see a shift of 1 σ), and a head start (FIR) in σ."""

    slack: float = 0.5
    decision_interval: float = 5.0
    head_start: float = 0.0

    def __post_init__(self) -> None:
        require_positive("h", self.decision_interval)
        if not 0 <= self.slack < math.inf:
            raise ParameterNotAllowed(parameter="k", given=self.slack, allowed="≥ 0")
        if not 0 <= self.head_start < self.decision_interval:
            raise ParameterNotAllowed(parameter="head_start", given=self.head_start, allowed="0 ≤ … < h")


def cusum_chart(
    data: Sequence[float], *, centre: float, sd: float, design: CusumDesign | None = None
) -> CusumChart:
    """Return C⁺_i = max(0, C⁺_{i-1} + z_i - k) and C⁻_i = max(0, C⁻_{i-1} - z_i - k), z = (x - centre)/σ."""
    require_positive("sd", sd)
    chosen = design or CusumDesign()
    distances = [(x - centre) / sd for x in data]
    upper, high = _sums(distances, chosen, "upper")
    lower, low = _sums([-z for z in distances], chosen, "lower")
    found = sorted((*high, *low), key=lambda signal: (signal.index, signal.side))
    return CusumChart(upper, lower, chosen.decision_interval, tuple(found))


def _sums(
    distances: Sequence[float], design: CusumDesign, side: Literal["upper", "lower"]
) -> tuple[tuple[float, ...], list[CusumSignal]]:
    total, since = design.head_start, 0
    sums, found = [], []
    for place, z in enumerate(distances):
        if total == 0:
            since = place
        total = max(0.0, total + z - design.slack)
        sums.append(total)
        if total > design.decision_interval:
            found.append(CusumSignal(place, side, since))
    return tuple(sums), found
