"""Repeatability, stability and verification of a measurement standard as JJF 1033 asks for them.

The criteria are recalled from the 2016 edition and its guide, not re-read. Figures are compared as decimals.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from jialiang.science.distributions import require_positive
from jialiang.science.errors import ParameterNotAllowed, TooFewObservations
from jialiang.science.exact_decimals import difference, size
from jialiang.science.rounding import Number, as_decimal

NEW_STANDARD_GROUPS = 4  # at least, a month or more apart


@dataclass(frozen=True, slots=True)
class Stability:
    """The change found, its criterion, and whether it is met (None where no criterion was given)."""

    change: Decimal
    limit: Decimal | None
    holds: bool | None


def stability_of_new(group_means: Sequence[Number]) -> Decimal:
    """Return the largest minus the smallest of at least four group means of a check standard."""
    if len(group_means) < NEW_STANDARD_GROUPS:
        raise TooFewObservations(needed=NEW_STANDARD_GROUPS, given=len(group_means))
    means = [as_decimal(mean) for mean in group_means]
    return difference(max(means), min(means))


def stability_in_use(yearly_means: Sequence[Number]) -> Decimal:
    """Return |this year - last year| of the last two of at least two yearly means."""
    if len(yearly_means) < 2:
        raise TooFewObservations(needed=2, given=len(yearly_means))
    return size(difference(as_decimal(yearly_means[-1]), as_decimal(yearly_means[-2])))


def judged_by_mpe(change: Decimal, maximum_permissible_error: Number) -> Stability:
    """Judge a standard used at its nominal value: the change is less than |MPE|."""
    limit = size(as_decimal(maximum_permissible_error))
    return Stability(change, limit, change < limit)


def judged_by_correction(change: Decimal, expanded_uncertainty: Number) -> Stability:
    """Judge a standard used with its correction: the change is less than U (k = 2) of that correction."""
    limit = as_decimal(expanded_uncertainty)
    if limit <= 0:
        raise ParameterNotAllowed(parameter="U", given=limit, allowed="> 0")
    return Stability(change, limit, change < limit)


@dataclass(frozen=True, slots=True)
class Verification:
    """|difference|, what it may be, and whether it is."""

    difference: float
    limit: float

    @property
    def holds(self) -> bool:
        """Whether the difference does not exceed the limit; both as computed, so a tie is settled in 15 digits."""
        return self.difference <= self.limit * (1 + 1e-15)


def verified_by_transfer(y: Number, expanded: float, y0: Number, expanded0: float) -> Verification:
    """Compare with a higher standard: |y - y0| ≤ √(U² + U0²)."""
    require_positive("U", math.hypot(expanded, expanded0))
    return Verification(
        abs(float(difference(as_decimal(y), as_decimal(y0)))), math.hypot(expanded, expanded0)
    )


def verified_by_comparison(y: Number, expanded: float, mean: Number, laboratories: int) -> Verification:
    """Compare with the mean of n laboratories of like uncertainty, one's own included: |y - ȳ| ≤ √((n-1)/n) U."""
    require_positive("U", expanded)
    if laboratories < 2:
        raise ParameterNotAllowed(parameter="n", given=laboratories, allowed="≥ 2")
    limit = math.sqrt((laboratories - 1) / laboratories) * expanded
    return Verification(abs(float(difference(as_decimal(y), as_decimal(mean)))), limit)
