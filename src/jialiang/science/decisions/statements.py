"""Statements of conformity: simple acceptance, guard bands, four outcomes, JJF 1094, and the risk of one item.

Limits are compared in decimal arithmetic: 0.2 ≤ 0.3 - 0.1 holds, although it does not in binary floats. Outcomes
carry the names of the DCC. The rule is agreed before the work starts; this module only applies it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from scipy.special import ndtr, stdtr

from jialiang.science.distributions import require_positive
from jialiang.science.errors import LimitsInconsistent
from jialiang.science.exact_decimals import difference, halved, opposite, product, size
from jialiang.science.rounding import Number, as_decimal

Outcome = Literal["pass", "conditionalPass", "undecided", "conditionalFail", "fail"]
DecisionRule = Literal["simple", "guarded", "non_binary", "jjf1094"]

_WORST_LAST: tuple[Outcome, ...] = ("pass", "conditionalPass", "undecided", "conditionalFail", "fail")
JJF1094_RATIO = 3  # U95 may be neglected up to a third of MPEV


@dataclass(frozen=True, slots=True)
class Limits:
    """The tolerance limits; one of them may be missing. Both belong to the tolerance."""

    lower: Decimal | None = None
    upper: Decimal | None = None

    def __post_init__(self) -> None:
        crossed = self.lower is not None and self.upper is not None and self.lower >= self.upper
        if crossed or (self.lower is None and self.upper is None):
            raise LimitsInconsistent(limits=f"{self.lower} … {self.upper}")

    @classmethod
    def symmetric(cls, maximum_permissible_error: Number) -> Limits:
        """Return ± the maximum permissible error."""
        half = size(as_decimal(maximum_permissible_error))
        return cls(opposite(half), half)

    def distance_inside(self, measured: Decimal) -> Decimal:
        """Return how far the value lies inside the nearer limit; negative outside."""
        below = [] if self.upper is None else [difference(self.upper, measured)]
        above = [] if self.lower is None else [difference(measured, self.lower)]
        return min(below + above)

    @property
    def half_width(self) -> Decimal:
        """Half the distance of the two limits, MPEV for ± MPE. Raises LimitsInconsistent if one is missing."""
        if self.lower is None or self.upper is None:
            raise LimitsInconsistent(limits=f"{self.lower} … {self.upper}")
        return halved(difference(self.upper, self.lower))


@dataclass(frozen=True, slots=True)
class Decision:
    """An outcome, the rule that led to it and the probability that the true value conforms.

    ``guard_band`` is w; ``conformance_probability`` is None where no standard uncertainty was given.
    """

    outcome: Outcome
    rule: DecisionRule
    guard_band: Decimal
    conformance_probability: float | None = None

    @property
    def specific_risk(self) -> float | None:
        """The probability that accepting, or rejecting, this very item is wrong; None where neither was done."""
        if self.conformance_probability is None:
            return None
        if self.outcome == "undecided":
            return None
        accepted = self.outcome in ("pass", "conditionalPass")
        return 1 - self.conformance_probability if accepted else self.conformance_probability


def decide(
    measured: Number,
    limits: Limits,
    *,
    rule: DecisionRule,
    guard_band: Number = 0,
    standard_uncertainty: float | None = None,
) -> Decision:
    """Apply a decision rule to a measured value as reported.

    ``simple`` passes on the limit. ``guarded`` passes no nearer to a limit than w (a negative w accepts beyond
    it, for uncritical uses). ``non_binary`` (ILAC-G8 4.2.3) has four outcomes in bands of width w, usually w = U.
    ``jjf1094`` takes w as U of about 95 %, see :func:`decide_by_jjf1094`.
    """
    if rule == "jjf1094":
        return decide_by_jjf1094(
            measured, limits, expanded_uncertainty=guard_band, standard_uncertainty=standard_uncertainty
        )
    width = as_decimal(guard_band)
    exact = as_decimal(measured)
    if rule == "non_binary" and width < 0:
        raise LimitsInconsistent(limits=f"w = {width}")
    applied = Decimal(0) if rule == "simple" else width
    inside = limits.distance_inside(exact)
    outcome = _four_outcomes(inside, applied) if rule == "non_binary" else _two_outcomes(inside, applied)
    probability = None
    if standard_uncertainty is not None:
        probability = conformance_probability(float(exact), standard_uncertainty, limits)
    return Decision(outcome, rule, applied, probability)


def decide_by_jjf1094(
    measured: Number,
    limits: Limits,
    *,
    expanded_uncertainty: Number,
    standard_uncertainty: float | None = None,
) -> Decision:
    """Apply the rule of JJF 1094 to two limits with U of about 95 %.

    U ≤ MPEV/3: pass within ± MPEV, else fail. Otherwise pass within ± (MPEV - U), fail from MPEV + U on, and
    between them undecided (待定). The rule is recalled, not re-read from the specification.
    """
    width = as_decimal(expanded_uncertainty)
    if width < 0:
        raise LimitsInconsistent(limits=f"U = {width}")
    exact = as_decimal(measured)
    inside = limits.distance_inside(exact)
    neglected = product(width, Decimal(JJF1094_RATIO)) <= limits.half_width
    applied = Decimal(0) if neglected else width
    outcome = _two_outcomes(inside, applied) if neglected else _three_outcomes(inside, applied)
    probability = None
    if standard_uncertainty is not None:
        probability = conformance_probability(float(exact), standard_uncertainty, limits)
    return Decision(outcome, "jjf1094", applied, probability)


def conformance_probability(
    measured: float, standard_uncertainty: float, limits: Limits, *, degrees_of_freedom: float = math.inf
) -> float:
    """Return the probability that the true value lies within the limits, normal or t about the measured value."""
    return 1 - math.fsum(nonconformance(measured, standard_uncertainty, limits, degrees_of_freedom))


def nonconformance(
    measured: float, standard_uncertainty: float, limits: Limits, degrees_of_freedom: float = math.inf
) -> tuple[float, float]:
    """Return the probabilities of a true value below the lower and above the upper limit, small ones kept exact."""
    require_positive("u", standard_uncertainty)
    below = -math.inf if limits.lower is None else (float(limits.lower) - measured) / standard_uncertainty
    above = -math.inf if limits.upper is None else (measured - float(limits.upper)) / standard_uncertainty
    return _lower_tail(below, degrees_of_freedom), _lower_tail(above, degrees_of_freedom)


def guard_band_width(expanded_uncertainty: Number, multiple: Number = 1) -> Decimal:
    """Return w = r U: r = 1 for ILAC-G8, 0.83 for ISO 14253-1, 0 for simple acceptance."""
    return product(as_decimal(multiple), as_decimal(expanded_uncertainty))


def worst(outcomes: tuple[Outcome, ...]) -> Outcome:
    """Return the worst outcome of several points: an instrument passes if every point passes."""
    if not outcomes:
        raise LimitsInconsistent(limits="–")
    return max(outcomes, key=_WORST_LAST.index)


def _two_outcomes(inside: Decimal, width: Decimal) -> Outcome:
    return "pass" if inside >= width else "fail"


def _three_outcomes(inside: Decimal, width: Decimal) -> Outcome:
    if inside >= width:
        return "pass"
    return "fail" if inside <= opposite(width) else "undecided"


def _four_outcomes(inside: Decimal, width: Decimal) -> Outcome:
    if inside >= width:
        return "pass"
    if inside >= 0:
        return "conditionalPass"
    return "conditionalFail" if inside >= opposite(width) else "fail"


def _lower_tail(distance: float, degrees_of_freedom: float) -> float:
    return float(ndtr(distance) if math.isinf(degrees_of_freedom) else stdtr(degrees_of_freedom, distance))
