"""Method A3 of NCSLI RP-1: change the interval when the observed reliability contradicts the target.

The formulas are those given with the published results of the 2019 NCSLI tutorial, which they reproduce.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import comb

from scipy.special import bdtr, betaincinv

from jialiang.science.distributions import require_positive
from jialiang.science.errors import ParameterNotAllowed
from jialiang.science.intervals.proposal import UNBOUNDED, Bounds, Proposal, propose


@dataclass(frozen=True, slots=True)
class AttributesHistory:
    """``in_tolerance`` of ``count`` calibrations were found in tolerance at one interval, in days."""

    in_tolerance: int
    count: int
    interval_days: float

    def __post_init__(self) -> None:
        require_positive("interval_days", self.interval_days)
        if not (self.count >= 1 and 0 <= self.in_tolerance <= self.count):
            raise ParameterNotAllowed(
                parameter="in_tolerance", given=f"{self.in_tolerance}/{self.count}", allowed="0 … n, n ≥ 1"
            )

    @property
    def observed_reliability(self) -> float:
        """R0 = g/n."""
        return self.in_tolerance / self.count


@dataclass(frozen=True, slots=True)
class A3Result:
    """The interval, how surely the present one is rejected, and the range of the true reliability."""

    interval_days: float
    rejection_confidence: float
    rejected: bool
    reliability_range: tuple[float, float]
    proposal: Proposal


def method_a3(
    history: AttributesHistory,
    *,
    target: float,
    confidence: float = 0.5,
    max_change: float = 2.0,
    two_sided: bool = False,
    bounds: Bounds = UNBOUNDED,
) -> A3Result:
    """Return I0·10^((R0-Rt)Q) below the target, I0·10^((R0-Rt)/(1-Q)) above it, at most ``max_change`` times.

    Q is the confidence that the present interval misses the target; up to ``confidence`` nothing changes.
    """
    _require_settings(target, confidence, max_change)
    rejection = rejection_confidence(history, target, two_sided=two_sided)
    rejected = rejection > confidence
    found = _changed(history, target, rejection, max_change) if rejected else history.interval_days
    evidence = {"observed_reliability": history.observed_reliability, "n": history.count, "target": target}
    proposal = propose("A3", float(history.interval_days), found, bounds, evidence)
    interval = reliability_range(history, confidence)
    return A3Result(float(proposal.proposed), rejection, rejected, interval, proposal)


def rejection_confidence(history: AttributesHistory, target: float, *, two_sided: bool = False) -> float:
    """Return Q: 1 - 2 B(g; n, Rt) below the target, 1 - b(g) for none or all, else 0 (nothing contradicted).

    B and b are the binomial distribution and its single term. As the method is handed down, a reliability above
    the target is contradicted only if all were in tolerance; ``two_sided`` tests it alike, 2 B(g; n, Rt) - 1.
    """
    g, n = history.in_tolerance, history.count
    if g in (0, n):
        return 1 - comb(n, g) * target**g * (1 - target) ** (n - g)
    below = float(bdtr(g, n, target))
    if history.observed_reliability <= target:
        return max(0.0, 1 - 2 * below)
    return max(0.0, 2 * below - 1) if two_sided else 0.0


def reliability_range(history: AttributesHistory, confidence: float) -> tuple[float, float]:
    """Return the two-sided range of the true reliability from quantiles of the beta distribution."""
    g, n = history.in_tolerance, history.count
    tail = (1 - confidence) / 2
    low = 0.0 if g == 0 else float(betaincinv(g, n - g + 1, tail))
    high = 1.0 if g == n else float(betaincinv(g + 1, n - g, 1 - tail))
    return low, high


def _require_settings(target: float, confidence: float, max_change: float) -> None:
    for name, share in (("target", target), ("confidence", confidence)):
        if not 0 < share < 1:
            raise ParameterNotAllowed(parameter=name, given=share, allowed=f"0 < {name} < 1")
    if not 1 <= max_change < float("inf"):
        raise ParameterNotAllowed(parameter="max_change", given=max_change, allowed="≥ 1")


def _changed(history: AttributesHistory, target: float, rejection: float, most: float) -> float:
    away = history.observed_reliability - target
    if away <= 0:
        factor = 10 ** (away * rejection)
        return history.interval_days * max(factor, 1 / most)
    exponent = away / (1 - rejection) if rejection < 1 else float("inf")
    factor = most if exponent > 300 else 10**exponent
    return history.interval_days * min(factor, most)
