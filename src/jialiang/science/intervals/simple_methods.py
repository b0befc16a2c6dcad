"""The methods of ILAC-G24 / OIML D 10 that need no statistics: staircase, in-use time, black box.

The guide fixes no factors: they are the laboratory's, with defaults that are only examples. Comparisons with
limits are made in decimal arithmetic.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from jialiang.science.errors import LimitsInconsistent, ParameterNotAllowed, TooFewObservations
from jialiang.science.exact_decimals import product, size
from jialiang.science.intervals.proposal import UNBOUNDED, Bounds, Proposal, propose
from jialiang.science.rounding import Number, as_decimal

Step = Literal["extend", "keep", "reduce"]


@dataclass(frozen=True, slots=True)
class StaircaseRule:
    """Extend within ``inner_fraction`` of the MPE, reduce beyond the MPE, else keep."""

    inner_fraction: Decimal = Decimal("0.8")
    extend_factor: Decimal = Decimal("1.1")
    reduce_factor: Decimal = Decimal("0.5")

    def __post_init__(self) -> None:
        fits = 0 < self.inner_fraction <= 1 <= self.extend_factor and 0 < self.reduce_factor <= 1
        if not fits:
            given = f"{self.inner_fraction}, {self.extend_factor}, {self.reduce_factor}"
            raise ParameterNotAllowed(
                parameter="rule", given=given, allowed="0 < inner ≤ 1 ≤ extend, 0 < reduce ≤ 1"
            )

    def step(self, error: Number, maximum_permissible_error: Number) -> Step:
        """Return what one calibration says; a value on either limit is inside it."""
        found, allowed = size(as_decimal(error)), size(as_decimal(maximum_permissible_error))
        if allowed == 0:
            raise LimitsInconsistent(limits="MPE = 0")
        if found > allowed:
            return "reduce"
        return "extend" if found <= product(self.inner_fraction, allowed) else "keep"


DEFAULT_RULE = StaircaseRule()


def staircase(
    interval: Number,
    error: Number,
    maximum_permissible_error: Number,
    *,
    rule: StaircaseRule = DEFAULT_RULE,
    bounds: Bounds = UNBOUNDED,
) -> Proposal:
    """Return the next interval after one calibration (6.2); the error found is the largest of all points."""
    current = _positive("interval", interval)
    step = rule.step(error, maximum_permissible_error)
    factor = {"extend": rule.extend_factor, "keep": Decimal(1), "reduce": rule.reduce_factor}[step]
    return propose("staircase", current, current * factor, bounds, {"step": step})


def in_use_time(
    hours_allowed: Number, hours_used: Number, days_observed: Number, *, bounds: Bounds = UNBOUNDED
) -> Proposal:
    """Return the interval in days for an instrument that is due after so many hours of use (6.4).

    The rate of use is that of the days observed; without use the bounds alone decide, and must exist.
    """
    allowed, days = _positive("hours_allowed", hours_allowed), _positive("days_observed", days_observed)
    used = as_decimal(hours_used)
    if used < 0:
        raise ParameterNotAllowed(parameter="hours_used", given=used, allowed="≥ 0")
    evidence = {"hours_per_day": float(used / days), "hours_left": float(allowed - used)}
    if used:
        return propose("in-use-time", None, allowed * days / used, bounds, evidence)
    longest = [bound for bound in (bounds.maximum, bounds.legal_maximum) if bound is not None]
    if not longest:
        raise ParameterNotAllowed(parameter="hours_used", given=0, allowed="> 0")
    return propose("in-use-time", None, min(longest), bounds, evidence)


@dataclass(frozen=True, slots=True)
class BlackBoxCheck:
    """One in-service check of one critical parameter: the deviation and what it may be."""

    parameter: str
    deviation: Decimal
    limit: Decimal


def black_box(
    interval: Number,
    checks: Sequence[BlackBoxCheck],
    *,
    share: Number = "0.8",
    extend_factor: Number = "1.1",
    bounds: Bounds = UNBOUNDED,
) -> tuple[Proposal, bool]:
    """Return the proposal and whether a full calibration is due now (6.5): any parameter beyond its limit.

    All checks within ``share`` of their limits extend the interval; a parameter between keeps it.
    """
    current = _positive("interval", interval)
    if not checks:
        raise TooFewObservations(needed=1, given=0)
    for check in checks:
        _positive(f"limit ({check.parameter})", check.limit)
    failed = [check.parameter for check in checks if size(check.deviation) > check.limit]
    near = [c.parameter for c in checks if size(c.deviation) > product(as_decimal(share), c.limit)]
    factor = Decimal(1) if near else as_decimal(extend_factor)
    evidence = {
        "beyond": failed,
        "near": [name for name in near if name not in failed],
        "checks": len(checks),
    }
    return propose("black-box", current, current * factor, bounds, evidence), bool(failed)


def _positive(name: str, number: Number) -> Decimal:
    exact = as_decimal(number)
    if exact <= 0:
        raise ParameterNotAllowed(parameter=name, given=exact, allowed="> 0")
    return exact
